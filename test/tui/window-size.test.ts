// The size that screens draw for the size that a terminal reports.
import { expect, it } from 'vitest';
import { windowSize } from '../../src/tui/frame.ts';

it.each([
  [80, 24, 80, 24],
  [12, 1, 12, 1],
  [0, 0, 80, 24],
  [0, 10, 80, 10],
  [65_535, 65_535, 1_000, 301],
])('draws for %i x %i as for %i x %i', (columns, rows, drawnColumns, drawnRows) => {
  expect(windowSize({ columns, rows })).toEqual({ columns: drawnColumns, rows: drawnRows });
});

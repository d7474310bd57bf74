// The content of the window. All of it passes through closeFrame(). Pure. Entry points:
// withFooter(), closeFrame().

import { escapeLine } from '../output/escape.ts';
import { cut, type Line } from './layout.ts';

/**
 * Max size of a frame. `stty` can set 65,535 rows and columns, for which Ink needs minutes and does
 * not hear keys or signals meanwhile.
 */
const maxColumns = 1_000;
const maxRows = 300;

export interface WindowSize {
  readonly columns: number;
  readonly rows: number;
}

/**
 * Returns the size to draw for a terminal. A terminal whose size was never set has 0 columns and
 * rows, as under `script` and in some containers: then the size is 80x24. For 0 columns, Ink would
 * open the terminal again for each frame.
 */
export function windowSize({ columns, rows }: WindowSize): WindowSize {
  return {
    columns: columns > 0 ? Math.min(columns, maxColumns) : 80,
    rows: rows > 0 ? Math.min(rows, maxRows + 1) : 24,
  };
}

/** The lines of the window, from its top. */
export type Frame = readonly Line[];

/** Returns the lines with a footer in the last row. */
export function withFooter(lines: readonly Line[], footer: Line, rows: number): Line[] {
  const body = lines.slice(0, Math.max(0, rows - 1));
  while (body.length < rows - 1) body.push([]);
  return [...body, footer];
}

/**
 * Escapes control characters and cuts the lines at the right edge. No text of a server reaches the
 * terminal unescaped, and no line wraps, which would push the frame out of the window.
 */
export function closeFrame(lines: readonly Line[], columns: number, rows: number): Frame {
  return lines
    .slice(0, rows)
    .map((line) => line.map(({ text, style }) => ({ text: escapeLine(text), style })))
    .map((line) => cut(line, columns));
}

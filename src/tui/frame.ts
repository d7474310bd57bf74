// The content of the window. All of it passes through closeFrame(). Pure. Entry points:
// withFooter(), closeFrame().

import { escapeLine } from '../output/escape.ts';
import { cut, type Line } from './layout.ts';

/**
 * Max size of a frame. `stty` can set 65,535 rows and columns, for which Ink needs minutes and does
 * not hear keys or signals meanwhile.
 */
export const maxColumns = 1_000;
export const maxRows = 300;

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

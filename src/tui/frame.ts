// What the window shows, and the door through which all of it goes. Pure. Entry points:
// withFooter(), closeFrame().

import { escapeLine } from '../output/escape.ts';
import { cut, type Line } from './layout.ts';

/** The lines of the window, from its top. */
export type Frame = readonly Line[];

/** The lines with a footer in the last row. */
export function withFooter(lines: readonly Line[], footer: Line, rows: number): Line[] {
  const body = lines.slice(0, Math.max(0, rows - 1));
  while (body.length < rows - 1) body.push([]);
  return [...body, footer];
}

/**
 * Makes control characters visible and cuts the lines at the right edge. Nothing of a server passes
 * raw, whatever was done to it before, and no line wraps, which would push the frame out of the
 * window.
 */
export function closeFrame(lines: readonly Line[], columns: number, rows: number): Frame {
  return lines
    .slice(0, rows)
    .map((line) => line.map(({ text, style }) => ({ text: escapeLine(text), style })))
    .map((line) => cut(line, columns));
}

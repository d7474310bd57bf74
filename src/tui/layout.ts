// Lays out text in terminal columns: padding, and lines that end at the right edge. Pure.

import { displayWidth } from '../output/display-width.ts';
import type { Style } from './style.ts';

/** One piece of a line in one style. */
export interface Segment {
  readonly text: string;
  readonly style: Style;
}

export const gap = '   ';

/** Joins texts padded to the widths, except the last. */
export function align(texts: readonly string[], widths: readonly number[]): string {
  return texts.map((text, at) => (at === texts.length - 1 ? text : pad(text, widths[at] ?? 0))).join(gap);
}

/** Pads a text with spaces to a width in terminal columns. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** Cuts a line at the right edge: a line that wraps would push the frame out of the window. */
export function cut(line: readonly Segment[], columns: number): Segment[] {
  const kept: Segment[] = [];
  let left = columns;
  for (const { text, style } of line) {
    const fitting = displayWidth(text) <= left ? text : fit(text, left);
    if (fitting !== '') kept.push({ text: fitting, style });
    left -= displayWidth(fitting);
    if (left <= 0) break;
  }
  return kept;
}

function fit(text: string, columns: number): string {
  let fitting = '';
  let width = 0;
  for (const character of text) {
    width += displayWidth(character);
    if (width > columns) break;
    fitting += character;
  }
  return fitting;
}

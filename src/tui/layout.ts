// Lays out text in terminal columns: padding, lines that end at the right edge, and the visible
// part of a line. Pure.

import { displayWidth } from '../output/display-width.ts';
import { printableAscii } from '../output/escape.ts';
import type { Style } from './style.ts';

/** One piece of a line in one style. */
export interface Segment {
  readonly text: string;
  readonly style: Style;
}

/** A line of a frame. */
export type Line = readonly Segment[];

export const gap = '   ';

/** Marks at the edges of a line that is only partly visible. */
export const hiddenLeft = '‹';
export const hiddenRight = '›';

/** Pads a text with spaces to a width in terminal columns. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** Shortens a text to `columns` columns, with `…` at its end if something is missing. */
export function shorten(text: string, columns: number): string {
  if (text.length <= columns && printableAscii.test(text)) return text;
  return displayWidth(text) <= columns ? text : `${fit(text, columns - 1)}…`;
}

/**
 * Cuts a line to `columns` columns, with {@link hiddenRight} at its end if something is missing.
 */
export function cut(line: Line, columns: number): Segment[] {
  const total = line.reduce((sum, { text }) => sum + displayWidth(text), 0);
  if (total <= columns) return [...line];
  if (columns <= 0) return [];
  const kept: Segment[] = [];
  let left = columns - 1;
  for (const { text, style } of line) {
    const fitting = displayWidth(text) <= left ? text : fit(text, left);
    if (fitting !== '') kept.push({ text: fitting, style });
    left -= displayWidth(fitting);
    if (fitting.length < text.length || left <= 0) break;
  }
  const last = kept.at(-1);
  return last?.style === 'selected'
    ? [
        ...kept.slice(0, -1),
        { text: pad(last.text, displayWidth(last.text) + left) + hiddenRight, style: 'selected' },
      ]
    : [...kept, { text: hiddenRight, style: 'faint' }];
}

/** Returns a line without its first `offset` columns, which {@link hiddenLeft} replaces. */
export function scrolled(line: Line, offset: number): Segment[] {
  if (offset <= 0) return [...line];
  const kept: Segment[] = [{ text: hiddenLeft, style: 'faint' }];
  let skip = offset + 1;
  for (const { text, style } of line) {
    const width = displayWidth(text);
    if (width <= skip) skip -= width;
    else {
      kept.push({ text: skip === 0 ? text : rest(text, skip), style });
      skip = 0;
    }
  }
  return kept.length === 1 ? [] : kept;
}

function fit(text: string, columns: number): string {
  if (printableAscii.test(text)) return text.slice(0, Math.max(0, columns));
  let fitting = '';
  let width = 0;
  for (const character of text) {
    width += displayWidth(character);
    if (width > columns) break;
    fitting += character;
  }
  return fitting;
}

function rest(text: string, skip: number): string {
  if (printableAscii.test(text)) return text.slice(skip);
  let width = 0;
  let at = 0;
  for (const character of text) {
    if (width >= skip) break;
    width += displayWidth(character);
    at += character.length;
  }
  // Half a wide character becomes a blank.
  return ' '.repeat(width - skip) + text.slice(at);
}

/** A visible column of a table. */
export interface ShownColumn {
  readonly index: number;
  readonly width: number;
}

/** The visible columns of a table. */
export interface ColumnWindow {
  readonly columns: readonly ShownColumn[];
  /** Number of columns scrolled away, at most up to the last column. */
  readonly offset: number;
  readonly isCutLeft: boolean;
  readonly isCutRight: boolean;
}

/**
 * Max width of a cell next to others. A wider one is shown whole once the table is scrolled to it.
 */
const maxCell = 48;
/** Min width at which a part of a cell is shown. */
const minPart = 20;

/**
 * Selects the columns that fit. The first `pinned` ones stay, unless they fill most of the window;
 * the next `offset` ones are scrolled away. The first step gives a long column its whole width
 * instead.
 * @param widths widths of all columns
 * @param columns width of the window
 */
export function windowOf(
  widths: readonly number[],
  wantedPinned: number,
  wantedOffset: number,
  columns: number,
): ColumnWindow {
  const fixed = widths.slice(0, wantedPinned).reduce((sum, width) => sum + width + gap.length, 0);
  const pinned = fixed > columns / 2 ? 0 : wantedPinned;
  const first = (widths[pinned] ?? 0) > maxCell ? 1 : 0;
  const offset = Math.max(0, Math.min(wantedOffset, widths.length - pinned - 1 + first));
  const skipped = Math.max(0, offset - first);
  const shown: { index: number; width: number }[] = [];
  let left = columns;
  let isCutRight = false;
  for (const [index, width] of widths.entries()) {
    if (index >= pinned && index < pinned + skipped) continue;
    const room = left - (shown.length === 0 ? 0 : gap.length);
    const isFirst = offset > 0 && index === pinned + skipped;
    const wanted = isFirst ? width : Math.min(width, maxCell);
    const isPart = wanted > room;
    isCutRight ||= isPart && !isFirst;
    if (isPart && (room <= 0 || (index >= pinned && !isFirst && room < minPart))) break;
    const given = Math.min(wanted, room);
    shown.push({ index, width: given });
    left = room - given;
    if (isPart) break;
  }
  // Shortened cells get the remaining width.
  for (const column of shown) {
    const more = Math.min(left, (widths[column.index] ?? 0) - column.width);
    column.width += more;
    left -= more;
    const isWhole = offset > 0 && column.index === pinned + skipped;
    isCutRight ||= column.width < (widths[column.index] ?? 0) && column.index >= pinned && !isWhole;
  }
  return { columns: shown, offset, isCutLeft: skipped > 0, isCutRight };
}

/** Returns the visible cells of a row. */
export function alignWindow(texts: readonly string[], { columns }: ColumnWindow): string[] {
  return columns.map(({ index, width }, at) => {
    const text = shorten(texts[index] ?? '', width);
    return at === columns.length - 1 ? text : pad(text, width) + gap;
  });
}

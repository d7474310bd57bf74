// Cells to aligned lines, as the tab writer of kubectl aligns them. Entry point: Columns. What the cells say is others'.

import { displayWidth } from './display-width.ts';

const minWidth = 6;
const gap = 3;
/** By their length: a table needs the same few over and over. */
const paddings: string[] = [];
/** Longer ones, beside one cell that is very long, are not kept: there may be as many of them as lines. */
const maxKeptLength = 256;

/** Lines after which whoever takes the pieces of a long text may let the loop turn: some ten milliseconds of work. */
export const pieceLength = 4_096;

/** Puts colour around the text of a cell; the padding is added outside. */
export type PaintCell = (text: string, column: number, line: number) => string;

/**
 * Aligns lines batch by batch. A column is at least 6 wide, 3 spaces included; the last cell of a line is not padded and
 * belongs to no column; a column ends at the first line that does not have it. Widths are remembered from batch to batch
 * and only grow.
 */
export class Columns {
  #remembered: number[] = [];
  readonly #maxWidth: number;

  /** @param maxWidth cells wider than this stand alone and do not widen their column; default: none do */
  constructor(maxWidth = Infinity) {
    this.#maxWidth = maxWidth;
  }

  /** Begins anew with widths, for the next table. */
  forget(): void {
    this.#remembered = [];
  }

  /** The lines as text, each ended by a newline. */
  format(lines: readonly (readonly string[])[], paint?: PaintCell): string {
    return [...this.pieces(lines, paint)].join('');
  }

  /** The same text in pieces, some of them empty, for tables so long that a signal should be heard while they are made. */
  *pieces(lines: readonly (readonly string[])[], paint?: PaintCell): Generator<string, void, undefined> {
    // Of all padded cells, line after line: one long array is made more quickly than a short one for each line.
    const widths: number[] = [];
    const columnsOf: (readonly Column[])[] = [];
    let open: readonly Column[] = [];
    for (const line of lines) {
      const padded = Math.max(line.length - 1, 0);
      if (padded !== open.length) open = this.#open(open, padded);
      measure(line, open, widths, this.#maxWidth);
      if (columnsOf.push(open) % pieceLength === 0) yield '';
    }
    this.#open(open, 0);

    // Joined once, in a list of its whole size from the start: each `+=` would make an object, and a list that grows is copied.
    let parts: string[] = [];
    let filled = 0;
    let measured = 0;
    const put = (at: number): void => {
      const line = lines[at] ?? [];
      const columns = columnsOf[at] ?? [];
      for (let index = 0; index <= columns.length; index++) {
        const cell = line[index] ?? '';
        parts[filled++] = paint === undefined ? cell : paint(cell, index, at);
        const column = columns[index];
        parts[filled++] =
          column === undefined ? '\n' : padding(Math.max(gap, column.width - (widths[measured++] ?? 0)));
      }
    };
    for (let from = 0; from < lines.length; from += pieceLength) {
      const to = Math.min(from + pieceLength, lines.length);
      let size = 0;
      for (let at = from; at < to; at++) size += 2 * ((columnsOf[at]?.length ?? 0) + 1);
      parts = new Array<string>(size);
      filled = 0;
      for (let at = from; at < to; at++) put(at);
      yield parts.join('');
    }
  }

  /** From the columns of one line to those of the next: the first ones go on, the others end, new ones begin. */
  #open(before: readonly Column[], count: number): readonly Column[] {
    for (let index = count; index < before.length; index++) {
      this.#remembered[index] = before[index]?.width ?? minWidth;
    }
    const columns = before.slice(0, count);
    while (columns.length < count) {
      columns.push({ width: this.#remembered[columns.length] ?? minWidth });
    }
    return columns;
  }
}

/** Lines one after the other that share a column share this; it grows while they are looked at. */
interface Column {
  width: number;
}

function measure(
  line: readonly string[],
  columns: readonly Column[],
  widths: number[],
  maxWidth: number,
): void {
  for (let index = 0; index < columns.length; index++) {
    const width = displayWidth(line[index] ?? '');
    widths.push(width);
    const column = columns[index];
    if (column !== undefined && width <= maxWidth && column.width < width + gap) column.width = width + gap;
  }
}

function padding(length: number): string {
  return length > maxKeptLength ? ' '.repeat(length) : (paddings[length] ??= ' '.repeat(length));
}

// Aligns cells to lines, as the tab writer of kubectl does. Entry point: Columns.

import { displayWidth } from './display-width.ts';

const minWidth = 6;
const gap = 3;
/** Cached paddings by length: a table needs the same few repeatedly. */
const paddings: string[] = [];
/**
 * Max length of a cached padding. Next to one very long cell there can be as many lengths as lines.
 */
const maxKeptLength = 256;

/** Lines after which a caller can let the event loop run: about ten milliseconds of work. */
export const pieceLength = 4_096;

/** Colours the text of a cell. The padding is added outside. */
export type PaintCell = (text: string, column: number, line: number) => string;

/** Returns where {@link Columns} begins the last column of a table, in columns of a terminal. */
export function lastColumnStart(lines: readonly (readonly string[])[]): number {
  const widths: number[] = [];
  for (const line of lines) {
    for (const [at, cell] of line.slice(0, -1).entries()) {
      widths[at] = Math.max(widths[at] ?? minWidth, displayWidth(cell) + gap);
    }
  }
  return widths.reduce((sum, width) => sum + width, 0);
}

/**
 * Aligns lines batch by batch. A column is at least 6 wide, including 3 spaces. The last cell of a
 * line is not padded and belongs to no column. A column ends at the first line that does not have
 * it. Widths are kept from batch to batch and only grow.
 */
export class Columns {
  #remembered: number[] = [];
  readonly #maxWidth: number;

  /** @param maxWidth wider cells do not widen their column. Default: no limit */
  constructor(maxWidth = Infinity) {
    this.#maxWidth = maxWidth;
  }

  /** Forgets the widths, before the next table. */
  forget(): void {
    this.#remembered = [];
  }

  /** Returns the lines as text, each with a newline. */
  format(lines: readonly (readonly string[])[], paint?: PaintCell): string {
    return [...this.pieces(lines, paint)].join('');
  }

  /**
   * Returns the same text in pieces, some of them empty, so that signals are handled while a long
   * table is made.
   */
  *pieces(lines: readonly (readonly string[])[], paint?: PaintCell): Generator<string, void, undefined> {
    // Cell widths, flattened row by row: one array is cheaper than one per row.
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

    // Joined once, in an array that has its final size from the start: each `+=` would create an
    // object, and a growing array is copied.
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

  /**
   * Updates the columns from one line to the next: common columns continue, others end, new ones
   * begin.
   */
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

/** A column that consecutive lines share. Its width grows while they are scanned. */
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

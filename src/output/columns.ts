// Cells to aligned lines, as the tab writer of kubectl aligns them. Entry point: Columns. What the cells say is others'.

import { displayWidth } from './display-width.ts';

const leastWidth = 6;
const gap = 3;
const spaces = ' '.repeat(256);

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
    const widths: number[][] = [];
    for (const line of lines) {
      if (widths.push(line.map(displayWidth)) % pieceLength === 0) yield '';
    }
    const block: Block = { lines, widths, runs: [] };
    this.#align(block, 0, lines.length, []);
    let text = '';
    for (const { from, to, columnWidths } of block.runs) {
      for (let at = from; at < to; at++) {
        text += lineText(block, at, columnWidths, paint);
        if (at % pieceLength !== pieceLength - 1) continue;
        yield text;
        text = '';
      }
    }
    if (text !== '') yield text;
  }

  /** Aligns the column that follows those whose width is known, one run of lines after the other. */
  #align(block: Block, from: number, to: number, known: readonly number[]): void {
    const column = known.length;
    let start = from;
    let at = from;
    while (at < to) {
      if (!hasColumn(block, at, column)) {
        at += 1;
        continue;
      }
      addRun(block, start, at, known);
      start = at;
      let width = Math.max(leastWidth, this.#remembered[column] ?? 0);
      for (; at < to && hasColumn(block, at, column); at++) {
        width = Math.max(width, (block.widths[at]?.[column] ?? 0) + gap);
      }
      this.#remembered[column] = width;
      this.#align(block, start, at, [...known, width]);
      start = at;
    }
    addRun(block, start, to, known);
  }
}

interface Block {
  readonly lines: readonly (readonly string[])[];
  readonly widths: readonly (readonly number[])[];
  /** All lines, in their order. */
  readonly runs: Run[];
}

/** Lines with the same columns. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly columnWidths: readonly number[];
}

function hasColumn(block: Block, line: number, column: number): boolean {
  return column < (block.lines[line]?.length ?? 0) - 1;
}

function addRun({ runs }: Block, from: number, to: number, columnWidths: readonly number[]): void {
  if (from < to) runs.push({ from, to, columnWidths });
}

function lineText(
  block: Block,
  at: number,
  columnWidths: readonly number[],
  paint: PaintCell | undefined,
): string {
  const line = block.lines[at] ?? [];
  const widths = block.widths[at] ?? [];
  let text = '';
  for (let column = 0; column < line.length; column++) {
    const cell = line[column] ?? '';
    text += paint === undefined ? cell : paint(cell, column, at);
    const missing = (columnWidths[column] ?? 0) - (widths[column] ?? 0);
    if (column < line.length - 1 && missing > 0) {
      text += missing <= spaces.length ? spaces.slice(0, missing) : ' '.repeat(missing);
    }
  }
  return text + '\n';
}

// Small tables of kapi's own: groups, resources, configuration, identity. Boxed on a terminal, plain aligned columns in a
// pipe. Entry point: printRows. Tables of objects are table.ts's.

import type { Painted, Sink } from '../io/io.ts';
import { openPalette, withColours } from './colour.ts';
import { Columns } from './columns.ts';
import { escapeControl, escapeLine } from './escape.ts';

export interface Rows {
  /** Titles, printed as they are. */
  readonly columns: readonly string[];
  /** Cells may hold line breaks: a box keeps them, a pipe shows them as `\n`. */
  readonly rows: readonly (readonly string[])[];
  readonly noHeaders: boolean;
  /** Boxes on a terminal; without, plain columns there too. Default true. */
  readonly boxed?: boolean;
  /** In plain columns: cells wider than this do not widen their column for all other lines. Default: all do. */
  readonly maxWidth?: number;
}

/** Prints a table that is complete in memory. Control characters in cells are made visible. */
export async function printRows(out: Sink, table: Rows): Promise<void> {
  const boxed = out.isTTY && (table.boxed ?? true) && fits(table, out.columns);
  await out.write(boxed ? await boxedText(table, out) : await plainText(table, out));
}

async function plainText(table: Rows, out: Sink): Promise<string | Painted> {
  const palette = await openPalette(out.color);
  const lines = table.rows.map((row) => row.map(escapeLine));
  if (!table.noHeaders) lines.unshift([...table.columns]);
  const header = table.noHeaders ? undefined : palette?.header;
  const text = new Columns(table.maxWidth).format(lines, (cell, _column, line) =>
    header !== undefined && line === 0 ? header(cell) : cell,
  );
  return withColours(palette, text);
}

async function boxedText(table: Rows, out: Sink): Promise<string | Painted> {
  const palette = await openPalette(out.color);
  const { default: Table } = await import('cli-table3');
  const header = palette?.header ?? ((text: string): string => text);
  const box = new Table({
    head: table.noHeaders ? [] : table.columns.map((column) => header(column)),
    // Its own colours are another package's and ignore the level of this terminal.
    style: { head: [], border: [], compact: true },
  });
  box.push(...table.rows.map((row) => row.map(escapeControl)));
  return withColours(palette, `${box.toString()}\n`);
}

/** A box broken over lines is unreadable: where the window is too narrow, plain columns are better. */
function fits(table: Rows, columns: number | undefined): boolean {
  if (columns === undefined) return true;
  const widths = table.columns.map((title, index) =>
    Math.max(title.length, ...table.rows.map((row) => longestLine(row[index] ?? ''))),
  );
  return widths.reduce((sum, width) => sum + width + 3, 1) <= columns;
}

function longestLine(text: string): number {
  return Math.max(...text.split('\n').map((line) => line.length));
}

// Prints small tables of kapi itself: groups, resources, configuration, identity. Boxes on a
// terminal, plain aligned columns in a pipe. Entry point: printRows. table.ts prints tables of
// objects.

import type { Painted, Sink } from '../io/io.ts';
import { openPalette, withColours } from './colour.ts';
import { Columns, lastColumnStart } from './columns.ts';
import { isContextSink } from './context-output.ts';
import { escapeControl, escapeLine } from './escape.ts';
import type { Rows } from './format.ts';
import { wrapLine } from './wrap.ts';

/** Prints a table. Escapes control characters in cells. */
export async function printRows(out: Sink, table: Rows): Promise<void> {
  if (isContextSink(out)) return out.part.rows(table);
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
  return withColours(
    palette,
    table.maxWidth === undefined ? wrapLastColumn(text, lines, { out, from: table.noHeaders ? 0 : 1 }) : text,
  );
}

/**
 * Wraps the last column to the width of a terminal, where there is room for it.
 * @param from the first line to wrap: titles are short, and have colours
 */
function wrapLastColumn(
  text: string,
  lines: readonly (readonly string[])[],
  { out, from }: { readonly out: Sink; readonly from: number },
): string {
  if (!out.isTTY) return text;
  const indent = lastColumnStart(lines);
  return text
    .split('\n')
    .map((line, at) => (at < from ? line : wrapLine(line, out.columns, indent)))
    .join('\n');
}

async function boxedText(table: Rows, out: Sink): Promise<string | Painted> {
  const palette = await openPalette(out.color);
  const { default: Table } = await import('cli-table3');
  const header = palette?.header ?? ((text: string): string => text);
  const box = new Table({
    head: table.noHeaders ? [] : table.columns.map((column) => header(column)),
    // cli-table3 would add its own colours, which ignore the colour level of this terminal.
    style: { head: [], border: [], compact: true },
  });
  box.push(...table.rows.map((row) => row.map(escapeControl)));
  return withColours(palette, `${box.toString()}\n`);
}

/** True if no line of the table is wider than a terminal. Undefined columns: any line fits. */
export function fitsLine(table: Rows, columns: number | undefined): boolean {
  const between = 3 * (table.columns.length - 1);
  return columns === undefined || widthOf(table) + between < columns;
}

/**
 * True if the table fits. A wrapped box is unreadable: plain columns are better in a narrow window.
 */
function fits(table: Rows, columns: number | undefined): boolean {
  if (columns === undefined) return true;
  return widthOf(table) + 3 * table.columns.length + 1 <= columns;
}

/** Returns the sum of the widths of all columns, without what is between them. */
function widthOf(table: Rows): number {
  const widths = table.columns.map((title, index) =>
    Math.max(title.length, ...table.rows.map((row) => longestLine(row[index] ?? ''))),
  );
  return widths.reduce((sum, width) => sum + width, 0);
}

function longestLine(text: string): number {
  return Math.max(...text.split('\n').map((line) => line.length));
}

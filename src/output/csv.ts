// `-o csv`: the server's columns as comma-separated values. Entry point: openCsvPrinter().
// See https://www.rfc-editor.org/rfc/rfc4180

import type { Sink } from '../io/io.ts';
import { objectAt, stringAt, type Json } from '../model/object.ts';
import type { ObjectPage, Page } from '../model/page.ts';
import { groupResourceOf, type ResourceType } from '../model/resource.ts';
import type { Table, TableColumn, TableRow } from '../model/table.ts';
import { escapeControl } from './escape.ts';
import type { Printer, PrintOptions } from './format.ts';
import { goValue } from './go-text.ts';
import { kindPrefix } from './name.ts';
import { labelsText, plainCells, plainColumns } from './table.ts';

export type CsvOptions = Pick<
  PrintOptions,
  'noHeaders' | 'showLabels' | 'labelColumns' | 'showKind' | 'withContext' | 'withNamespace' | 'now'
>;

/** Number of records after which they are written, and the event loop can run. */
const batchLength = 2_000;

/** Formats one record. The format requires CR LF as line end. */
export function csvRecord(fields: readonly string[]): string {
  return `${fields.map(csvField).join(',')}\r\n`;
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Prints the columns that a table has without `-o wide`, with a header for each type. Cells are
 * complete, as the server sends them.
 */
export function openCsvPrinter(options: CsvOptions, out: Sink): Printer {
  let type = '';
  let columns: readonly TableColumn[] = [];
  let headerDue = false;
  let lastHeader = '';
  async function write(lines: readonly string[]): Promise<void> {
    const text = lines.join('');
    // On a terminal, data of the server must not move the cursor. The breaks between records stay.
    const shown = out.isTTY ? text.split('\r\n').map(escapeControl).join('\r\n') : text;
    if (shown !== '') await out.write(shown);
  }
  return {
    async page(page: Page): Promise<void> {
      const isNew = groupResourceOf(page.type) !== type;
      const table = page.kind === 'table' ? page.table : tableOfObjects(page, options.now);
      if (table.columns.length > 0) columns = table.columns;
      const lines: string[] = [];
      if (isNew && table.rows.length > 0) {
        if (type !== '' && !options.noHeaders) lines.push('\r\n');
        type = groupResourceOf(page.type);
        headerDue = true;
      }
      const header = csvRecord(headerOf(page.type, columns, options));
      // Servers of other versions may have other columns.
      headerDue ||= header !== lastHeader && table.rows.length > 0;
      if (headerDue && !options.noHeaders) lines.push(header);
      if (headerDue) lastHeader = header;
      headerDue = false;
      for (const [at, row] of table.rows.entries()) {
        const context = page.contexts === undefined ? [] : [page.contexts[at] ?? ''];
        lines.push(csvRecord([...context, ...fieldsOf(row, page.type, columns, options)]));
        if (lines.length >= batchLength) await write(lines.splice(0));
      }
      await write(lines);
    },
    end: () => Promise.resolve(),
  };
}

/** Returns the columns NAME and AGE, for a server that answers with objects instead of a table. */
function tableOfObjects({ objects }: ObjectPage, now: Date): Pick<Table, 'columns' | 'rows'> {
  return {
    columns: plainColumns,
    rows: objects.map((object) => ({ cells: plainCells(object.metadata, now), object })),
  };
}

function headerOf(
  type: ResourceType,
  columns: readonly TableColumn[],
  { withContext, withNamespace, labelColumns, showLabels }: CsvOptions,
): readonly string[] {
  return [
    ...(withContext === true ? ['CONTEXT'] : []),
    ...(withNamespace && type.namespaced ? ['NAMESPACE'] : []),
    ...columns.filter(({ priority }) => priority === 0).map(({ name }) => name.toUpperCase()),
    ...labelColumns.map((key) => key.slice(key.lastIndexOf('/') + 1).toUpperCase()),
    ...(showLabels ? ['LABELS'] : []),
  ];
}

function fieldsOf(
  { cells, object }: TableRow,
  type: ResourceType,
  columns: readonly TableColumn[],
  { withNamespace, labelColumns, showLabels, showKind }: CsvOptions,
): readonly string[] {
  const metadata = objectAt(object, 'metadata');
  const labels = objectAt(metadata, 'labels');
  const own = columns.flatMap(({ priority, format, type: kind }, at) => {
    if (priority !== 0) return [];
    const text = textOf(cells[at]);
    const isName = format === 'name' && kind === 'string';
    return [showKind && isName ? `${kindPrefix(type)}/${text}` : text];
  });
  return [
    ...(withNamespace && type.namespaced ? [stringAt(metadata, 'namespace')] : []),
    ...own,
    ...labelColumns.map((key) => stringAt(labels, key)),
    ...(showLabels ? [labels === undefined ? '' : labelsText(labels)] : []),
  ];
}

function textOf(cell: Json | undefined): string {
  if (cell === undefined || cell === null) return '';
  return typeof cell === 'string' ? cell : goValue(cell);
}

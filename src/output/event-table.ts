// Prints changes of a watch as rows: the server's tables and custom columns, after EVENT and TIME.
// Entry points: openEventTablePrinter, openEventColumnsPrinter. Widths only grow. The header is
// repeated when the type changes.

import type { Sink } from '../io/io.ts';
import type { Change } from '../model/change.ts';
import type { Page } from '../model/page.ts';
import { groupResourceOf } from '../model/resource.ts';
import { openPalette, withColours } from './colour.ts';
import { Columns } from './columns.ts';
import { customColumnsRow, parseCustomColumns, parseCustomColumnsFile } from './custom-columns.ts';
import type { OutputFormat } from './format.ts';
import {
  fieldLines,
  leadingWords,
  wholeObjectOf,
  type EventPrinter,
  type EventPrintOptions,
  type PrintedChange,
} from './printed-change.ts';
import { TableText, type TableOptions } from './table.ts';
import { linesOf } from './templates.ts';

/** Opens `-o table` and `wide`. */
export async function openEventTablePrinter(
  options: EventPrintOptions & TableOptions,
  out: Sink,
): Promise<EventPrinter> {
  const palette = await openPalette(out.color);
  // Rows of several types alternate: each type keeps its own widths.
  const tables = new Map<string, TableText>();
  const headers = leadingHeaders(options);
  let written = false;
  let lastKey: string | undefined;

  function textOf(changes: readonly PrintedChange[]): string {
    const page = pageOf(changes);
    if (page === undefined) return '';
    const key = groupResourceOf(page.type);
    let table = tables.get(key);
    const isOther = key !== lastKey;
    lastKey = key;
    if (table === undefined) {
      table = new TableText(options, palette);
      tables.set(key, table);
    } else if (isOther) {
      // Repeats the header, so that no row is below the header of another type.
      table.repeatHeader();
    }
    const before = isOther && written && !options.noHeaders ? '\n' : '';
    written = true;
    const cells = changes.map((change) => leadingWords(change, options));
    const text = table.page(page, { headers, cells });
    return before + withFields(text, changes);
  }

  return {
    async print(changes): Promise<void> {
      let text = '';
      for (const run of runsOf(changes)) text += textOf(run);
      if (text !== '') await out.write(withColours(palette, text));
    },
  };
}

/** Opens `-o custom-columns`. */
export async function openEventColumnsPrinter(
  options: EventPrintOptions & {
    readonly format: Extract<OutputFormat, { readonly kind: 'custom-columns' }>;
  },
  out: Sink,
): Promise<EventPrinter> {
  const { spec, source } = options.format;
  const columns = source === 'file' ? parseCustomColumnsFile(spec) : parseCustomColumns(spec);
  const headers = [...leadingHeaders(options), ...columns.headers];
  const palette = await openPalette(out.color);
  const aligned = new Columns();
  let headerDue = !options.noHeaders;
  return {
    async print(changes): Promise<void> {
      const withHeader = headerDue;
      headerDue = false;
      const lines = withHeader ? linesOf(headers) : [];
      const ends = changes.map((printed) => {
        const row = customColumnsRow(columns, wholeObjectOf(printed.change));
        return lines.push(...linesOf([...leadingWords(printed, options), ...row]));
      });
      const text = aligned.format(
        lines,
        palette && ((cell, _column, line) => (withHeader && line === 0 ? palette.header(cell) : cell)),
      );
      const hasFields = changes.some(({ fields }) => fields !== undefined);
      await out.write(withColours(palette, hasFields ? insertFieldLines(text, ends, changes) : text));
    },
  };
}

function leadingHeaders({
  withContext,
  events,
  timestamps,
}: Pick<EventPrintOptions, 'withContext' | 'events' | 'timestamps'>): string[] {
  return [
    ...(withContext === true ? ['CONTEXT'] : []),
    ...(timestamps ? ['TIME'] : []),
    ...(events ? ['EVENT'] : []),
  ];
}

/** Groups consecutive changes of one table, so that a burst of events is aligned together. */
function* runsOf(changes: readonly PrintedChange[]): Generator<readonly PrintedChange[]> {
  let from = 0;
  for (let at = 1; at <= changes.length; at++) {
    const [first, next] = [changes[from], changes[at]];
    if (first !== undefined && next !== undefined && isOneTable(first.change, next.change)) continue;
    yield changes.slice(from, at);
    from = at;
  }
}

function isOneTable(a: Change, b: Change): boolean {
  if (a.type !== b.type && groupResourceOf(a.type) !== groupResourceOf(b.type)) return false;
  return a.entry.kind === 'row' && b.entry.kind === 'row'
    ? a.entry.columns === b.entry.columns
    : a.entry.kind === b.entry.kind;
}

/**
 * Makes a page of changes.
 * @param changes at least one, all of one type and one layout
 */
function pageOf([first, ...others]: readonly PrintedChange[]): Page | undefined {
  if (first === undefined) return undefined;
  const { type, entry } = first.change;
  const changes = [first, ...others].map(({ change }) => change);
  if (entry.kind === 'object') return { kind: 'objects', type, objects: changes.map(wholeObjectOf) };
  const rows = changes.flatMap((change) => (change.entry.kind === 'row' ? [change.entry.row] : []));
  const table = { columns: entry.columns, rows, resourceVersion: '', continue: '' };
  return { kind: 'table', type, table };
}

function withFields(text: string, changes: readonly PrintedChange[]): string {
  if (!changes.some(({ fields }) => fields !== undefined)) return text;
  const lineCount = text.split('\n').length - 1;
  return insertFieldLines(
    text,
    changes.map((_, index) => lineCount - changes.length + index + 1),
    changes,
  );
}

/**
 * Inserts the changed fields below their rows.
 * @param ends for each change the number of lines up to the end of its row
 */
function insertFieldLines(text: string, ends: readonly number[], changes: readonly PrintedChange[]): string {
  const lines = text.split('\n');
  let from = 0;
  let result = '';
  changes.forEach((printed, index) => {
    const end = ends[index] ?? from;
    for (; from < end; from++) result += `${lines[from] ?? ''}\n`;
    result += fieldLines(printed);
  });
  return result;
}

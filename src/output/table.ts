// Prints tables of objects, byte for byte like kubectl. Entry point: openTablePrinter. columns.ts
// aligns, colour.ts colours. Prints pages as they arrive: kubectl reads everything before it knows
// the widths, so lists of more than one page can be aligned differently.

import type { Sink } from '../io/io.ts';
import { type Json, type JsonObject, objectAt, stringAt } from '../model/object.ts';
import type { ObjectPage, Page, TablePage } from '../model/page.ts';
import type { ResourceType } from '../model/resource.ts';
import { isSameLayout, type TableColumn } from '../model/table.ts';
import { openPalette, type Paint, type Palette, paintOfCell, withColours } from './colour.ts';
import { Columns, pieceLength, type PaintCell } from './columns.ts';
import { displayWidth } from './display-width.ts';
import { escapeLine, printableAscii } from './escape.ts';
import type { Printer, PrintOptions } from './format.ts';
import { goValue } from './go-text.ts';
import { ageOf } from '../model/age.ts';
import { compareBytes } from './key-order.ts';
import { kindPrefix } from './name.ts';

/** Options of a table. */
export type TableOptions = Pick<
  PrintOptions,
  'noHeaders' | 'showLabels' | 'labelColumns' | 'showKind' | 'contextWidth' | 'withNamespace' | 'now'
> & {
  readonly wide: boolean;
};

/** One row with its page's columns. */
interface Row {
  readonly cells: readonly Json[];
  readonly object?: JsonObject | undefined;
}

/** Columns of objects without a table. */
export const plainColumns: readonly TableColumn[] = [
  { name: 'Name', type: 'string', format: 'name', description: '', priority: 0 },
  { name: 'Age', type: 'string', format: '', description: '', priority: 0 },
];

/**
 * Opens a printer of tables: one for each resource type, separated by an empty line, each with its
 * header.
 */
export async function openTablePrinter(options: TableOptions, out: Sink): Promise<Printer> {
  const palette = await openPalette(out.color);
  const tables = new TableText(options, palette);
  return {
    async page(page): Promise<void> {
      // Every write, even an empty one, lets the event loop run: a page can contain all objects.
      for (const text of tables.pieces(page)) await out.write(withColours(palette, text));
    },
    end: () => Promise.resolve(),
  };
}

/** Cells before those of the server. */
export interface LeadingCells {
  readonly headers: readonly string[];
  /** One list for each row of the page. */
  readonly cells: readonly (readonly string[])[];
}

const noLead: LeadingCells = { headers: [], cells: [] };

function leadOf({ contexts }: Page, { contextWidth }: TableOptions): LeadingCells {
  if (contexts === undefined) return noLead;
  return { headers: ['CONTEXT'], cells: contexts.map((name) => [contextCell(name, contextWidth)]) };
}

/** Formats the name of a context as wide as its column. */
export function contextCell(name: string, width = 0): string {
  const text = escapeLine(name);
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** Formats one cell: cut at its first line break, control characters escaped, numbers as in Go. */
export function cellText(cell: Json | undefined): string {
  if (cell === undefined || cell === null) return '';
  const text = typeof cell === 'string' ? cell : goValue(cell);
  if (printableAscii.test(text)) return text;
  const end = text.search(/[\n\r\f]/);
  return end < 0 ? escapeLine(text) : `${escapeLine(text.slice(0, end))}...`;
}

/**
 * Formats labels as `app=web,tier=front`, or `<none>`. kubectl sorts the pairs, not the keys, which
 * puts `app.kubernetes.io/name=web` before `app=web`.
 */
export function labelsText(labels: JsonObject | undefined): string {
  const pairs = Object.keys(labels ?? {}).map((key) => `${key}=${stringAt(labels, key)}`);
  return pairs.length === 0 ? '<none>' : pairs.sort(compareBytes).join(',');
}

/** Formats pages, and keeps the state from page to page: widths, headers, the type before. */
export class TableText {
  readonly #options: TableOptions;
  readonly #palette: Palette | undefined;
  readonly #columns = new Columns();
  #type: ResourceType | undefined;
  /** The columns of the current table: those of the last page that had some. */
  #layout: readonly TableColumn[] = [];
  #headerDue = true;
  #separatorDue = false;
  #written = false;
  /**
   * As in kubectl, the NAMESPACE column, once shown, stays for cluster-scoped types that follow.
   */
  #namespaceShown = false;

  /** @param palette undefined: no colours */
  constructor(options: TableOptions, palette: Palette | undefined) {
    this.#options = options;
    this.#palette = palette;
  }

  /**
   * Returns the lines of a page, with the empty line and the header before them if needed. Each row
   * is one line.
   */
  page(page: Page, lead: LeadingCells = leadOf(page, this.#options)): string {
    return [...this.pieces(page, lead)].join('');
  }

  /**
   * Returns the same text in pieces, some of them empty if a page is long. The caller must consume
   * all of them.
   */
  *pieces(page: Page, lead: LeadingCells = leadOf(page, this.#options)): Generator<string, void, undefined> {
    if (this.#type === undefined || !isSameType(this.#type, page.type)) this.#beginType(page.type);
    if (page.kind === 'table') {
      this.#setLayout(page.table.columns);
      yield* this.#rows(page.table.rows, page, lead);
      return;
    }
    this.#setLayout(plainColumns);
    const rows = page.objects.map((object) => ({
      cells: plainCells(object.metadata, this.#options.now),
      object,
    }));
    yield* this.#rows(rows, page, lead);
  }

  #beginType(type: ResourceType): void {
    this.#type = type;
    this.#layout = [];
    this.#headerDue = true;
    this.#columns.forget();
    this.#separatorDue = this.#written && !this.#options.noHeaders;
  }

  /** Repeats the header before the next row. The widths stay. */
  repeatHeader(): void {
    this.#headerDue = true;
  }

  /**
   * Sets the columns. Later watch events and pages can have none; different columns get a header of
   * their own.
   */
  #setLayout(columns: readonly TableColumn[]): void {
    if (columns.length === 0 || columns === this.#layout) return;
    if (!isSameLayout(columns, this.#layout)) this.#headerDue = true;
    this.#layout = columns;
  }

  *#rows(
    rows: readonly Row[],
    page: TablePage | ObjectPage,
    lead: LeadingCells,
  ): Generator<string, void, undefined> {
    if (rows.length === 0) return;
    const view = this.#view(page.type, lead.headers);
    const withHeader = this.#headerDue && !this.#options.noHeaders;
    const lines = withHeader ? [view.header] : [];
    let row: Row = { cells: [] };
    // One function for all rows, because a page has thousands of them.
    const cellAt = (index: number): string => {
      const text = cellText(row.cells[index]);
      return index === view.nameAt ? `${view.prefix}/${text}` : text;
    };
    for (let index = 0; index < rows.length; index++) {
      row = rows[index] ?? row;
      const cells = view.shown.map(cellAt);
      if (lines.push(lineOf(row, cells, view, lead.cells[index])) % pieceLength === 0) yield '';
    }
    this.#headerDue = false;
    let before = this.#separatorDue ? '\n' : '';
    this.#separatorDue = false;
    this.#written = true;
    for (const text of this.#columns.pieces(lines, this.#paint(view, withHeader, lines))) {
      yield before + text;
      before = '';
    }
  }

  #view(type: ResourceType, leading: readonly string[]): View {
    const { wide, withNamespace, showKind, showLabels, labelColumns } = this.#options;
    const layout = this.#layout;
    this.#namespaceShown ||= withNamespace && type.namespaced;
    const shown = layout.flatMap((column, index) => (wide || column.priority === 0 ? [index] : []));
    const nameAt = layout.findIndex((column) => column.format === 'name' && column.type === 'string');
    return {
      width: layout.length,
      shown,
      nameAt: showKind ? nameAt : -1,
      prefix: kindPrefix(type),
      withNamespace: this.#namespaceShown,
      labelColumns,
      showLabels,
      header: [
        ...leading,
        ...(this.#namespaceShown ? ['NAMESPACE'] : []),
        ...shown.map((index) => escapeLine(layout[index]?.name ?? '').toUpperCase()),
        ...labelColumns.map((key) => escapeLine(key.slice(key.lastIndexOf('/') + 1)).toUpperCase()),
        ...(showLabels ? ['LABELS'] : []),
      ],
    };
  }

  #paint(view: View, withHeader: boolean, lines: readonly string[][]): PaintCell | undefined {
    const palette = this.#palette;
    if (palette === undefined) return undefined;
    return (text, column, line) => {
      let paint: Paint | undefined;
      if (withHeader && line === 0) paint = palette.header;
      else paint = paintOfCell(palette, view.header[column] ?? '', text, lines[line]);
      return paint === undefined || text === '' ? text : paint(text);
    };
  }
}

/** Which cells of a type's rows are shown. */
interface View {
  /** Number of columns that the server described. Further cells are ignored. */
  readonly width: number;
  /** Indexes of the visible cells. */
  readonly shown: readonly number[];
  /** Index of the cell with the kind before the name, or -1. */
  readonly nameAt: number;
  readonly prefix: string;
  readonly withNamespace: boolean;
  readonly labelColumns: readonly string[];
  readonly showLabels: boolean;
  readonly header: string[];
}

function lineOf(row: Row, cells: string[], view: View, lead: readonly string[] = []): string[] {
  const { withNamespace, labelColumns, showLabels } = view;
  const showsMetadata = withNamespace || showLabels || labelColumns.length > 0;
  if (!showsMetadata) return lead.length === 0 ? cells : [...lead, ...cells];
  const metadata = objectAt(row.object, 'metadata');
  const labels = objectAt(metadata, 'labels');
  const line = [...lead];
  if (withNamespace) line.push(escapeLine(stringAt(metadata, 'namespace')));
  line.push(...cells);
  for (const key of labelColumns) line.push(escapeLine(stringAt(labels, key)));
  // Without the object its labels are not known. kubectl also leaves the cell empty.
  if (showLabels) line.push(metadata === undefined ? '' : escapeLine(labelsText(labels)));
  return line;
}

/** Returns the cells of {@link plainColumns} for an object. */
export function plainCells(metadata: JsonObject, now: Date): readonly Json[] {
  return [stringAt(metadata, 'name'), ageOf(stringAt(metadata, 'creationTimestamp'), now)];
}

function isSameType(a: ResourceType, b: ResourceType): boolean {
  return a === b || (a.group === b.group && a.version === b.version && a.resource === b.resource);
}

// One standard output for several contexts. Entry point: MergedOutput. Tables, lines and events of
// all contexts go into one printer, with the context in each row; documents go into a wrapper, one
// entry for each context. turns.ts decides the order.

import type { Painted, Sink } from '../io/io.ts';
import type { Json, JsonObject } from '../model/object.ts';
import type { Page } from '../model/page.ts';
import { groupResourceOf } from '../model/resource.ts';
import { isSameLayout, type TableColumn } from '../model/table.ts';
import { openPalette, paintOfCell, withColours } from './colour.ts';
import { Columns } from './columns.ts';
import type { ContextPart, ContextSink } from './context-output.ts';
import { openDocumentWrapper, type DocumentWrapper, type WrapperSyntax } from './document-wrapper.ts';
import { displayWidth } from './display-width.ts';
import { escapeLine } from './escape.ts';
import type { Printer, PrintOptions, Rows } from './format.ts';
import { compactJson } from './json.ts';
import type { EventPrinter } from './printed-change.ts';
import { printStructured } from './structured.ts';
import { contextCell } from './table.ts';
import { overtakeMs, Turns, type Entry, type Taken, type TurnsOptions } from './turns.ts';

export interface MergedOptions extends Pick<TurnsOptions<Entry>, 'isUnordered' | 'clock' | 'sleep'> {
  /** Names of the contexts, in the order of the output. */
  readonly contexts: readonly string[];
  /**
   * The prefix of text without columns: the name of the context before each line, followed by
   * spaces or a tab; or a comment with the name before the text of each context.
   */
  readonly text: 'columns' | 'tabs' | 'headings';
  /** True to count objects and print nothing. */
  readonly isQuiet: boolean;
  /** Prints one line on stderr that applies to no single context. */
  readonly warn: (text: string) => void;
}

/** The reason why a context printed nothing, or only a part. */
export interface PartFailure {
  readonly code: string;
  readonly exitCode: number;
  readonly message: string;
}

type Chunk = string | Painted | Uint8Array;

type OutputEntry = Entry &
  (
    | { readonly kind: 'page'; readonly page: Page }
    | { readonly kind: 'rows'; readonly table: Rows }
    | { readonly kind: 'text' | 'raw'; readonly chunk: Chunk }
    | { readonly kind: 'document'; readonly syntax: WrapperSyntax; readonly chunk: Chunk }
    | { readonly kind: 'end'; readonly failure: PartFailure | undefined }
  );

/** Returns the number of rows or objects of a page. */
function lengthOf(page: Page): number {
  return page.kind === 'table' ? page.table.rows.length : page.objects.length;
}

/** A printer that all contexts share. */
interface SharedPrinter {
  readonly printer: Printer;
  isEnded: boolean;
}

/** Merges the output of all contexts. Each context writes to its own sink. */
export class MergedOutput {
  readonly #options: MergedOptions;
  readonly #out: Sink;
  readonly #turns: Turns<OutputEntry>;
  readonly #counts: number[];
  #opening: Promise<SharedPrinter> | undefined;
  #shared: SharedPrinter | undefined;
  #tally: SharedPrinter | undefined;
  #events: Promise<EventPrinter> | undefined;
  #printing: Promise<void> = Promise.resolve();
  #held: Promise<unknown> = Promise.resolve();
  #wrapper: DocumentWrapper | undefined;
  /**
   * Contexts that failed before anything was printed: entries of a wrapper, if there is one later.
   */
  #early: { readonly context: string; readonly failure: PartFailure | undefined }[] = [];
  #text: ContextText | undefined;
  #rows: RowsText | undefined;
  #hasPrinted: () => void = () => undefined;

  /** @param out the destination of the merged output */
  constructor(options: MergedOptions, out: Sink) {
    this.#options = options;
    this.#out = options.isQuiet ? { ...sinkFacts(out), write: () => undefined } : out;
    this.#counts = options.contexts.map(() => 0);
    this.#turns = new Turns<OutputEntry>({
      ...options,
      count: options.contexts.length,
      deliver: (entries) => this.#deliver(entries),
      overtaken: (index) => {
        const name = escapeLine(options.contexts[index] ?? '');
        options.warn(
          `note: nothing has come from ${name} for ${overtakeMs / 1_000}s: the other contexts go on without it`,
        );
      },
    });
  }

  /**
   * The error of a write, for example because the reader is gone. It applies to no single context.
   */
  get failure(): { readonly thrown: unknown } | undefined {
    return this.#turns.failure;
  }

  /** Returns the number of objects that a context has printed or counted. */
  countOf(index: number): number {
    return this.#counts[index] ?? 0;
  }

  /** Sets a listener. @param listener called at the first output */
  onFirst(listener: () => void): void {
    this.#hasPrinted = listener;
  }

  /**
   * Prints nothing until the promise settles, for instance while a plugin prompts on the terminal.
   */
  holdWhile(done: Promise<unknown>): void {
    const before = this.#held;
    this.#held = Promise.allSettled([before, done]);
  }

  /** Returns the standard output of one context. */
  sinkOf(index: number): ContextSink {
    const write = (chunk: Chunk): Promise<void> =>
      this.#turns.push(index, { ...this.#textEntry(), kind: 'text', chunk: copyOf(chunk) });
    return { ...sinkFacts(this.#out), write, part: this.#partOf(index) };
  }

  /** Marks a context as finished. @param failure the reason if it failed */
  finish(index: number, failure: PartFailure | undefined): void {
    // The error of a failed push was already thrown to the context.
    this.#turns
      .push(index, { kind: 'end', section: '', weight: 0, failure })
      .catch(() => undefined)
      .finally(() => {
        this.#turns.finish(index);
      });
  }

  /** Prints the rest. Every context must be finished. */
  async end(): Promise<void> {
    await this.#turns.end();
    await this.#wrapper?.end();
    for (const shared of [this.#tally, this.#shared]) {
      if (shared === undefined) continue;
      if (shared.isEnded) await shared.printer.end();
      else await shared.printer.abandon?.();
    }
  }

  #textEntry(): Pick<OutputEntry, 'section' | 'weight' | 'isExclusive'> {
    return { section: '', weight: 20, isExclusive: true };
  }

  #withContext(): { readonly withContext: true; readonly contextWidth: number } {
    return { withContext: true, contextWidth: widthOf(this.#options.contexts) };
  }

  #partOf(index: number): ContextPart {
    const context = this.#options.contexts[index] ?? '';
    return {
      printer: (options, open) => this.#printer(index, options, open),
      tally: (open) => {
        const tally = (this.#tally ??= { printer: open(this.#out, this.#options.warn), isEnded: false });
        return this.#counting(index, tally, (page) => tally.printer.page(page));
      },
      events: async (options, open) => {
        this.#events ??= open({ ...options, ...this.#withContext() }, this.#out);
        const printer = await this.#events;
        return {
          print: (changes) =>
            this.#inTurn(() => printer.print(changes.map((change) => ({ ...change, context })))),
        };
      },
      rows: (table) => {
        if (table.isStream === true) return this.#inTurn(() => this.#writeRows([{ context, table }]));
        return this.#turns.push(index, {
          kind: 'rows',
          section: table.columns.join('\0'),
          weight: table.rows.length,
          table,
        });
      },
      structured: async (format, document, items) => {
        if (format === 'ndjson') {
          const lines = items.map((item) => `${compactJson(withContext(item, context))}\n`);
          const weight = lines.length;
          await this.#turns.push(index, { kind: 'raw', section: '', weight, chunk: lines.join('') });
          return;
        }
        await printStructured(this.#documentSink(index, format), format, document, items);
      },
    };
  }

  /** Prints events of one context without mixing them with those of another. */
  async #inTurn(print: () => Promise<void>): Promise<void> {
    this.#hasPrinted();
    const printed = this.#printing.then(() => this.#held).then(print);
    this.#printing = printed.catch(() => undefined);
    await printed;
  }

  #documentSink(index: number, syntax: WrapperSyntax): Sink {
    return {
      ...sinkFacts(this.#out),
      write: (chunk) =>
        chunk === ''
          ? undefined
          : this.#turns.push(index, {
              ...{ kind: 'document', syntax, chunk: copyOf(chunk), section: '' },
              ...{ weight: Math.ceil(lengthInBytes(chunk) / 4_096), isExclusive: true },
            }),
    };
  }

  async #printer(
    index: number,
    options: PrintOptions,
    open: (options: PrintOptions, out: Sink) => Promise<Printer>,
  ): Promise<Printer> {
    switch (options.format.kind) {
      case 'json':
      case 'yaml':
      case 'kyaml':
      case 'jsonpath-as-json': {
        const syntax = options.format.kind === 'jsonpath-as-json' ? 'json' : options.format.kind;
        const printer = await open(options, this.#documentSink(index, syntax));
        return {
          page: async (page) => {
            this.#counts[index] = this.countOf(index) + lengthOf(page);
            await printer.page(page);
          },
          end: () => printer.end(),
          // The entry of the context says that the list is incomplete; without its end the entry
          // would be invalid.
          abandon: () => printer.end(),
        };
      }
      case 'jsonpath': {
        const printer = await open(options, this.sinkOf(index));
        return {
          ...printer,
          page: async (page) => {
            this.#counts[index] = this.countOf(index) + lengthOf(page);
            await printer.page(page);
          },
        };
      }
      default: {
        const { warn } = this.#options;
        this.#opening ??= open({ ...options, ...this.#withContext(), warn }, this.#out).then(
          (printer) => (this.#shared = { printer, isEnded: false }),
        );
        const shared = await this.#opening;
        // A sorted list is kept as a whole anyway: reading it later saves nothing.
        const isHeld = options.sortBy !== undefined;
        const columns = new Map<string, readonly TableColumn[]>();
        return this.#counting(index, shared, (given) => {
          const page = withColumns(given, columns);
          const section = groupResourceOf(page.type);
          const weight = isHeld ? 0 : weightOf(page);
          return this.#turns.push(index, { kind: 'page', section, weight, page });
        });
      }
    }
  }

  #counting(index: number, shared: SharedPrinter, take: (page: Page) => Promise<void>): Printer {
    const context = this.#options.contexts[index] ?? '';
    return {
      page: async (page) => {
        const count = lengthOf(page);
        this.#counts[index] = this.countOf(index) + count;
        await take({ ...page, contexts: new Array<string>(count).fill(context) });
      },
      end: () => {
        shared.isEnded = true;
        return Promise.resolve();
      },
    };
  }

  async #deliver(taken: readonly Taken<OutputEntry>[]): Promise<void> {
    await this.#held;
    let pages: Page[] = [];
    let rows: { readonly context: string; readonly table: Rows }[] = [];
    const flush = async (): Promise<void> => {
      const joined = joinPages(pages);
      const tables = rows;
      pages = [];
      rows = [];
      for (const page of joined) await this.#shared?.printer.page(page);
      if (tables.length > 0) await this.#writeRows(tables);
    };
    for (const { index, entry } of taken) {
      const context = this.#options.contexts[index] ?? '';
      if (entry.kind !== 'end') this.#hasPrinted();
      if (entry.kind === 'page') pages.push(entry.page);
      else if (entry.kind === 'rows') rows.push({ context, table: entry.table });
      else {
        if (entry.kind !== 'end') await flush();
        await this.#write(entry, context);
      }
    }
    await flush();
  }

  async #write(
    entry: Exclude<OutputEntry, { readonly kind: 'page' | 'rows' }>,
    context: string,
  ): Promise<void> {
    switch (entry.kind) {
      case 'raw':
        await this.#out.write(entry.chunk);
        return;
      case 'text':
        this.#text ??= await ContextText.open(this.#options, this.#out);
        await this.#text.write(context, entry.chunk);
        return;
      case 'document':
        if (this.#wrapper === undefined) {
          this.#wrapper = await openDocumentWrapper(entry.syntax, this.#out);
          for (const each of this.#early) await this.#wrapper.finish(each.context, each.failure);
          this.#early = [];
        }
        await this.#wrapper.write(context, entry.chunk);
        return;
      case 'end':
        await this.#text?.finish(context);
        if (this.#wrapper === undefined) this.#early.push({ context, failure: entry.failure });
        else await this.#wrapper.finish(context, entry.failure);
        return;
    }
  }

  async #writeRows(tables: readonly { readonly context: string; readonly table: Rows }[]): Promise<void> {
    this.#rows ??= new RowsText(widthOf(this.#options.contexts));
    await this.#rows.write(tables, this.#out);
  }
}

function widthOf(contexts: readonly string[]): number {
  return Math.max(...contexts.map((name) => displayWidth(escapeLine(name))));
}

function sinkFacts({ isTTY, columns, color }: Sink): Omit<Sink, 'write'> {
  return { isTTY, columns, color };
}

/** Copies a chunk: an entry can wait, and printers reuse their buffers. */
function copyOf(chunk: Chunk): Chunk {
  return chunk instanceof Uint8Array ? Uint8Array.from(chunk) : chunk;
}

function lengthInBytes(chunk: Chunk): number {
  return typeof chunk === 'object' && 'painted' in chunk ? chunk.painted.length : chunk.length;
}

/** Returns the weight of a page: objects weigh more than rows, and whole ones the most. */
function weightOf(page: Page): number {
  const each = page.kind === 'objects' ? 20 : page.table.rows[0]?.object === undefined ? 1 : 4;
  return lengthOf(page) * each;
}

/** Adds the field `context` to an object. Wraps any other value. */
export function withContext(item: Json, context: string): JsonObject {
  const isObject = typeof item === 'object' && item !== null && !Array.isArray(item);
  return isObject ? { ...(item as JsonObject), context } : { context, value: item };
}

/**
 * Adds the columns of an earlier page. Later pages of a list have no columns, and need them between
 * pages of other contexts.
 */
function withColumns(page: Page, known: Map<string, readonly TableColumn[]>): Page {
  if (page.kind !== 'table') return page;
  const type = groupResourceOf(page.type);
  if (page.table.columns.length > 0) {
    known.set(type, page.table.columns);
    return page;
  }
  return { ...page, table: { ...page.table, columns: known.get(type) ?? [] } };
}

/** Joins pages of one table, so that they are aligned together. */
function joinPages(pages: readonly Page[]): Page[] {
  const joined: Page[] = [];
  for (const page of pages) {
    const last = joined.at(-1);
    const both = last === undefined ? undefined : join(last, page);
    if (both === undefined) joined.push(page);
    else joined[joined.length - 1] = both;
  }
  return joined;
}

function join(a: Page, b: Page): Page | undefined {
  if (groupResourceOf(a.type) !== groupResourceOf(b.type) || a.type.version !== b.type.version)
    return undefined;
  const contexts = [...(a.contexts ?? []), ...(b.contexts ?? [])];
  if (a.kind === 'objects') {
    return b.kind === 'objects' ? { ...a, objects: [...a.objects, ...b.objects], contexts } : undefined;
  }
  if (b.kind !== 'table') return undefined;
  // An empty list can have no columns.
  const [one, other] = [a.table.columns, b.table.columns];
  const columns = one.length === 0 ? other : one;
  if (other.length > 0 && !isSameLayout(columns, other)) return undefined;
  return { ...a, table: { ...a.table, columns, rows: [...a.table.rows, ...b.table.rows] }, contexts };
}

/** Joins small tables of all contexts, with the context before each row. */
class RowsText {
  readonly #columns = new Columns();
  readonly #contextWidth: number;
  #header: string | undefined;

  constructor(contextWidth: number) {
    this.#contextWidth = contextWidth;
  }

  async write(
    tables: readonly { readonly context: string; readonly table: Rows }[],
    out: Sink,
  ): Promise<void> {
    const palette = await openPalette(out.color);
    const lines: string[][] = [];
    const headers = new Set<number>();
    for (const { context, table } of tables) {
      const header = ['CONTEXT', ...table.columns];
      if (!table.noHeaders && header.join('\0') !== this.#header) {
        headers.add(lines.length);
        lines.push(header);
        this.#header = header.join('\0');
      }
      lines.push(
        ...table.rows.map((row) => [contextCell(context, this.#contextWidth), ...row.map(escapeLine)]),
      );
    }
    const titles = this.#header?.split('\0') ?? [];
    const text = this.#columns.format(lines, (cell, column, line) => {
      if (palette === undefined || cell === '') return cell;
      const paint = headers.has(line)
        ? palette.header
        : paintOfCell(palette, titles[column]?.trimEnd() ?? '', cell);
      return paint === undefined ? cell : paint(cell);
    });
    await out.write(withColours(palette, text));
  }
}

/** Writes text of contexts, one after the other, each line with its context. */
class ContextText {
  readonly #out: Sink;
  readonly #leadOf: (context: string) => string;
  readonly #heading: boolean;
  readonly #repaint: (text: string) => string | Painted;
  #current: string | undefined;
  #isLineStart = true;

  static async open({ contexts, text }: MergedOptions, out: Sink): Promise<ContextText> {
    const palette = await openPalette(out.color);
    const width = widthOf(contexts) + 3;
    const leadOf = (context: string): string =>
      text === 'tabs' ? `${escapeLine(context)}\t` : contextCell(context, width);
    return new ContextText(out, leadOf, text === 'headings', (painted) => withColours(palette, painted));
  }

  private constructor(
    out: Sink,
    leadOf: (context: string) => string,
    heading: boolean,
    repaint: (text: string) => string | Painted,
  ) {
    this.#out = out;
    this.#leadOf = leadOf;
    this.#heading = heading;
    this.#repaint = repaint;
  }

  async write(context: string, chunk: Chunk): Promise<void> {
    if (lengthInBytes(chunk) === 0) return;
    if (this.#heading && this.#current !== context)
      await this.#out.write(`# context ${escapeLine(context)}\n`);
    this.#current = context;
    await this.#out.write(this.#heading ? chunk : this.#led(chunk, this.#leadOf(context)));
  }

  /** Ends an unfinished line. */
  async finish(context: string): Promise<void> {
    if (this.#current !== context) return;
    if (!this.#isLineStart) await this.#out.write('\n');
    this.#isLineStart = true;
    this.#current = undefined;
  }

  #led(chunk: Chunk, lead: string): Chunk {
    if (typeof chunk === 'string') return this.#withLead(chunk, lead);
    if (!(chunk instanceof Uint8Array)) return this.#repaint(this.#withLead(chunk.painted, lead));
    // Byte for byte: a piece can end within a character.
    const text = this.#withLead(Buffer.from(chunk).toString('latin1'), Buffer.from(lead).toString('latin1'));
    return Buffer.from(text, 'latin1');
  }

  #withLead(text: string, lead: string): string {
    const isWhole = text.endsWith('\n');
    const led = (isWhole ? text.slice(0, -1) : text).replaceAll('\n', `\n${lead}`);
    const first = this.#isLineStart ? lead : '';
    this.#isLineStart = isWhole;
    return `${first}${led}${isWhole ? '\n' : ''}`;
  }
}

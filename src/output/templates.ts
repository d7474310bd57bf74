// Prints objects with templates: jsonpath and custom columns. Entry points: openTemplatePrinter,
// openCustomColumnsPrinter. jsonpath.ts has the dialect, custom-columns.ts the columns; this file
// decides when to print.

import { BugError } from '../errors.ts';
import type { Sink } from '../io/io.ts';
import type { KubeObject } from '../model/object.ts';
import type { Page, PageContexts } from '../model/page.ts';
import { openPalette } from './colour.ts';
import { Columns } from './columns.ts';
import { customColumnsRow, parseCustomColumns, parseCustomColumnsFile } from './custom-columns.ts';
import { escapeControl } from './escape.ts';
import type { OutputFormat, Printer, PrintOptions } from './format.ts';
import { evaluateJsonPath, type JsonPathOptions, parseJsonPath } from './jsonpath.ts';
import { streamJsonPath } from './jsonpath-stream.ts';
import { contextCell } from './table.ts';

/**
 * Number of objects after which the event loop runs. A shorter list is evaluated as a whole, so
 * that one that fails prints nothing.
 */
const batchLength = 500;
/** Number of characters after which text is written. */
const batchCharacters = 65_536;

type TemplateFormat = Extract<OutputFormat, { readonly kind: 'jsonpath' | 'jsonpath-as-json' }>;
type ColumnsFormat = Extract<OutputFormat, { readonly kind: 'custom-columns' }>;

/**
 * Opens `-o jsonpath`: evaluates a template on each requested object, or on the `v1 List` of all.
 * Adds nothing at the end. Unlike in kubectl, control characters do not reach a terminal.
 * @throws UsageError `BadJsonPath`
 */
export function openTemplatePrinter(
  options: Pick<PrintOptions, 'shape' | 'allowMissingTemplateKeys'> & { readonly format: TemplateFormat },
  out: Sink,
): Printer {
  const template = parseJsonPath(options.format.template);
  const how: JsonPathOptions = {
    allowMissingKeys: options.allowMissingTemplateKeys,
    as: options.format.kind === 'jsonpath' ? 'text' : 'json',
  };
  async function write(text: string): Promise<void> {
    if (text !== '') await out.write(out.isTTY ? escapeControl(text) : text);
  }
  if (options.shape === 'object') {
    return {
      async page(page): Promise<void> {
        for (const object of objectsOf(page)) await write(evaluateJsonPath(template, object, how));
      },
      end: () => Promise.resolve(),
    };
  }
  const stream = streamJsonPath(template, how);
  return {
    async page(page): Promise<void> {
      const objects = objectsOf(page);
      await write(stream.page(objects.slice(0, batchLength)));
      for (let at = batchLength; at < objects.length; at += batchLength) {
        // An empty write lets the event loop run, too.
        await out.write('');
        await write(stream.page(objects.slice(at, at + batchLength)));
      }
    },
    async end(): Promise<void> {
      let text = '';
      for (const piece of stream.end()) {
        text += piece;
        if (text.length < batchCharacters) continue;
        await write(text);
        text = '';
      }
      await write(text);
    },
  };
}

/**
 * Opens `-o custom-columns`: a header and a line for each object, aligned like tables. Several
 * types are aligned together.
 * @throws UsageError `BadCustomColumns` or `BadJsonPath`
 */
export async function openCustomColumnsPrinter(
  options: Pick<PrintOptions, 'noHeaders' | 'severalTypes' | 'withContext' | 'contextWidth'> & {
    readonly format: ColumnsFormat;
  },
  out: Sink,
): Promise<Printer> {
  const { spec, source } = options.format;
  const columns = source === 'file' ? parseCustomColumnsFile(spec) : parseCustomColumns(spec);
  const palette = await openPalette(out.color);
  const aligned = new Columns();
  let headerDue = !options.noHeaders;
  const lead = options.withContext === true ? ['CONTEXT'] : [];
  async function write(objects: readonly KubeObject[], contexts: PageContexts): Promise<void> {
    const lines: string[][] = [];
    for (const [at, object] of objects.entries()) {
      const context = contexts === undefined ? [] : [contextCell(contexts[at] ?? '', options.contextWidth)];
      lines.push(...linesOf([...context, ...customColumnsRow(columns, object)]));
      // Lets the event loop run.
      if (at % batchLength === batchLength - 1) await out.write('');
    }
    const withHeader = headerDue;
    if (withHeader) lines.unshift(...linesOf([...lead, ...columns.headers]));
    headerDue = false;
    if (lines.length === 0) return;
    const pieces = aligned.pieces(
      lines,
      palette && ((text, _column, line) => (withHeader && line === 0 ? palette.header(text) : text)),
    );
    for (const text of pieces) await out.write(text);
  }
  if (options.severalTypes === true) {
    const held: KubeObject[] = [];
    const names: string[] = [];
    const writeHeld = (): Promise<void> => write(held, options.withContext === true ? names : undefined);
    return {
      page(page): Promise<void> {
        held.push(...objectsOf(page));
        names.push(...(page.contexts ?? []));
        return Promise.resolve();
      },
      end: writeHeld,
      abandon: writeHeld,
    };
  }
  return {
    page: (page) => write(objectsOf(page), page.contexts),
    // Prints the header even without objects.
    end: () => (headerDue ? write([], undefined) : Promise.resolve()),
  };
}

/**
 * Splits cells into lines: line feeds and tabs in a value start new lines and columns, as in
 * kubectl.
 */
export function linesOf(cells: readonly string[]): string[][] {
  return escapeControl(cells.join('\t'))
    .split('\n')
    .map((line) => line.split('\t'));
}

function objectsOf(page: Page): readonly KubeObject[] {
  if (page.kind === 'objects') return page.objects;
  throw new BugError('templates need whole objects, but rows of a table came', { code: 'RowsForObjects' });
}

// Selects the printer for a format. Entry point: openPrinter, which loads only what the format
// needs.

import type { Sink } from '../io/io.ts';
import { isContextSink } from './context-output.ts';
import type { ObjectPage, Page, PageContexts, TablePage } from '../model/page.ts';
import { groupResourceOf } from '../model/resource.ts';
import type { Printer, PrintOptions } from './format.ts';
import type { Sorted, Steps } from './sort-by.ts';

/**
 * Opens the printer of a format. Prints pages as they arrive, in constant memory, unless `sortBy`
 * requires the whole list first. Writes nothing before the first page, so that a list that fails
 * leaves no partial document.
 * @throws UsageError if a template, the columns or the sort path are invalid
 */
export async function openPrinter(options: PrintOptions, out: Sink): Promise<Printer> {
  if (isContextSink(out)) return out.part.printer(options, openPlain);
  return openPlain(options, out);
}

async function openPlain(options: PrintOptions, out: Sink): Promise<Printer> {
  const printer = await openUnsorted(options, out);
  return options.sortBy === undefined ? printer : openSorted(printer, options.sortBy, options, out);
}

async function openUnsorted(options: PrintOptions, out: Sink): Promise<Printer> {
  const { format } = options;
  switch (format.kind) {
    case 'table': {
      const { openTablePrinter } = await import('./table.ts');
      return openTablePrinter({ ...options, wide: format.wide }, out);
    }
    case 'name': {
      const { openNamePrinter } = await import('./name.ts');
      return openNamePrinter(out);
    }
    case 'json': {
      const { openJsonPrinter } = await import('./documents.ts');
      return openJsonPrinter(options, out);
    }
    case 'yaml': {
      const { openYamlPrinter } = await import('./documents.ts');
      return openYamlPrinter(options, out);
    }
    case 'kyaml': {
      const { openKyamlPrinter } = await import('./documents.ts');
      return openKyamlPrinter(options, out);
    }
    case 'csv': {
      const { openCsvPrinter } = await import('./csv.ts');
      return openCsvPrinter(options, out);
    }
    case 'ndjson': {
      const { openNdjsonPrinter } = await import('./documents.ts');
      return openNdjsonPrinter(options, out);
    }
    case 'jsonpath':
    case 'jsonpath-as-json': {
      const { openTemplatePrinter } = await import('./templates.ts');
      return openTemplatePrinter({ ...options, format }, out);
    }
    case 'custom-columns': {
      const { openCustomColumnsPrinter } = await import('./templates.ts');
      return openCustomColumnsPrinter({ ...options, format }, out);
    }
  }
}

/**
 * Keeps everything until the end, then prints it in the order of a field: objects all together,
 * rows of tables type by type, because each type has its own columns. With a limit, prints only the
 * first items.
 */
async function openSorted(
  printer: Printer,
  sortBy: string,
  { limit = 0, warn }: Pick<PrintOptions, 'limit' | 'warn'>,
  out: Sink,
): Promise<Printer> {
  const { parseSortBy, sortObjects, sortRows, sortWarning } = await import('./sort-by.ts');
  const by = parseSortBy(sortBy);
  const objects: ObjectPage[] = [];
  const tables = new Map<string, TablePage[]>();
  const contexts = new Map<unknown, string>();
  return {
    page(page): Promise<void> {
      const items = page.kind === 'objects' ? page.objects : page.table.rows;
      for (const [at, name] of page.contexts?.entries() ?? []) contexts.set(items[at], name);
      if (page.kind === 'objects') {
        objects.push(page);
      } else {
        // Servers of other versions may have other columns.
        const layout = page.contexts && page.table.columns.map((column) => column.name).join('\0');
        const type = `${groupResourceOf(page.type)}\0${layout ?? ''}`;
        const pages = tables.get(type);
        if (pages === undefined) tables.set(type, [page]);
        else pages.push(page);
      }
      return Promise.resolve();
    },
    async end(): Promise<void> {
      let left = limit === 0 ? Infinity : limit;
      const firstOf = <Item>(items: readonly Item[]): readonly Item[] => {
        const chosen = left < items.length ? items.slice(0, left) : items;
        left -= chosen.length;
        return chosen;
      };
      const namesOf = (items: readonly unknown[], page: Page): PageContexts =>
        page.contexts && items.map((item) => contexts.get(item) ?? '');
      const results: Sorted<unknown>[] = [];
      const take = async <Item>(steps: Steps<Sorted<Item>>): Promise<readonly Item[]> => {
        const result = await done(steps, out);
        results.push(result);
        return result.items;
      };
      for (const pages of tables.values()) {
        const [first] = pages;
        if (first === undefined) continue;
        const rows = firstOf(
          await take(
            sortRows(
              pages.flatMap((page) => page.table.rows),
              by,
            ),
          ),
        );
        if (rows.length > 0 || left > 0)
          await printer.page({ ...first, table: { ...first.table, rows }, contexts: namesOf(rows, first) });
      }
      const [first] = objects;
      if (first !== undefined) {
        const all = objects.flatMap((page) => page.objects);
        const sortedObjects = firstOf(await take(sortObjects(all, by)));
        await printer.page({ ...first, objects: sortedObjects, contexts: namesOf(sortedObjects, first) });
      }
      const warning = sortWarning(by, results);
      if (warning !== undefined) warn?.(warning);
      await printer.end();
    },
  };
}

/**
 * Runs the steps. Empty writes to the sink let the event loop run, and throw if a signal arrived.
 */
async function done<Result>(steps: Steps<Result>, out: Sink): Promise<Result> {
  for (;;) {
    await out.write('');
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

// The way from a format to its printer. Entry point: openPrinter, which loads no more than the format needs.

import type { Sink } from '../io/io.ts';
import type { KubeObject } from '../model/object.ts';
import type { Page } from '../model/page.ts';
import type { TableRow } from '../model/table.ts';
import type { Printer, PrintOptions } from './format.ts';

/**
 * Opens the printer of a format. Pages are printed as they come and memory stays flat, unless `sortBy` asks for the whole
 * list first. Nothing is written before the first page, so that a list that fails leaves no half document behind.
 * @throws UsageError where a template, the columns or the sort path cannot be understood
 */
export async function openPrinter(options: PrintOptions, out: Sink): Promise<Printer> {
  const printer = await openUnsorted(options, out);
  return options.sortBy === undefined ? printer : sorted(printer, options.sortBy);
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

/** Holds everything back until the end, then prints it in the order of a field. */
async function sorted(printer: Printer, sortBy: string): Promise<Printer> {
  const { parseSortBy, sortObjects, sortRows } = await import('./sort-by.ts');
  const by = parseSortBy(sortBy);
  const pages: Page[] = [];
  return {
    page(page): Promise<void> {
      pages.push(page);
      return Promise.resolve();
    },
    async end(): Promise<void> {
      const [first] = pages;
      if (first?.kind === 'objects') {
        const objects: KubeObject[] = pages.flatMap((page) => (page.kind === 'objects' ? page.objects : []));
        await printer.page({ ...first, objects: sortObjects(objects, by) });
      } else if (first !== undefined) {
        const rows: TableRow[] = pages.flatMap((page) => (page.kind === 'table' ? page.table.rows : []));
        await printer.page({ ...first, table: { ...first.table, rows: sortRows(rows, by) } });
      }
      await printer.end();
    },
  };
}

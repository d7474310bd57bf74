// Prints the response of a path with the printers of -o: what kubectl would print for the same
// object or list.

import { documentPage } from '../../api/document.ts';
import { buildRawRequest, getRaw } from '../../api/get.ts';
import { tableAccept } from '../../api/object-request.ts';
import type { Page } from '../../model/page.ts';
import { openPrinter } from '../../output/printer.ts';
import type { Deps } from '../deps.ts';
import { checkCount } from '../expect-count.ts';
import { readOutputFormat } from '../output-format.ts';
import { checkLabelColumns, type ReadFlags } from '../read-flags.ts';

/**
 * Prints the response.
 * @throws UsageError for a bad format; RefusedError, ServerError, ConnectionError; NegativeAnswer
 *   for `--expect-count`
 */
export async function printPath(
  path: string,
  flags: ReadFlags & { readonly output: string },
  deps: Deps,
): Promise<void> {
  const format = await readOutputFormat(flags.output);
  checkLabelColumns(flags, format, flags.output);
  // Names need objects: neither the rows of a table nor a path contain the kind.
  const as = format.kind === 'table' || format.kind === 'csv' ? 'table' : 'objects';
  const accept = as === 'table' ? tableAccept : 'application/json';
  const response = await getRaw(await deps.send(), path, { signal: deps.signal, accept });
  const { page: received, shape } = await documentPage(buildRawRequest(path, accept), response, as);
  const page = shape === 'list' ? await selectObjects(received, path, flags, deps) : received;
  const printer = await openPrinter(
    {
      format,
      shape,
      noHeaders: flags.noHeaders,
      showLabels: flags.showLabels,
      labelColumns: flags.labelColumns,
      showKind: flags.showKind,
      showManagedFields: flags.showManagedFields,
      withNamespace: flags.allNamespaces,
      sortBy: flags.sortBy,
      allowMissingTemplateKeys: flags.allowMissingTemplateKeys,
      now: deps.now(),
      warn: deps.warn,
    },
    deps.io.out,
  );
  await printer.page(page);
  await printer.end();
  checkCount(page.kind === 'table' ? page.table.rows.length : page.objects.length, flags.expectCount);
}

/** Removes what the selectors in the query of the path do not select. */
async function selectObjects(page: Page, path: string, flags: ReadFlags, deps: Deps): Promise<Page> {
  const query = new URL(path, 'http://server').searchParams;
  const labelSelector = query.get('labelSelector') ?? '';
  const fieldSelector = query.get('fieldSelector') ?? '';
  if (labelSelector === '' && fieldSelector === '') return page;
  const { openSelection } = await import('../selection-check.ts');
  const view = { as: page.kind === 'table' ? 'table' : 'objects', includeObject: 'Metadata' } as const;
  const { select } = openSelection(view, { ...flags, labelSelector, fieldSelector }, deps);
  return select === undefined ? page : select(page);
}

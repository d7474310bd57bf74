// Objects read and printed: what `get` and `list` do once they know their targets. Entry point: readObjects().

import type { Discovery } from '../api/open-discovery.ts';
import { getPage } from '../api/get.ts';
import { listPages } from '../api/list.ts';
import type { IncludeObject } from '../api/object-request.ts';
import type { NamedTarget, Targets } from '../api/targets.ts';
import { wellKnownType } from '../api/well-known.ts';
import { KapiError, NotSent, PartialFailure, RefusedError, ServerError, UsageError } from '../errors.ts';
import type { Page } from '../model/page.ts';
import type { Send } from '../model/request.ts';
import { groupResourceOf, type ResourceType } from '../model/resource.ts';
import type { OutputFormat } from '../output/format.ts';
import { openPrinter } from '../output/printer.ts';
import type { Deps } from './deps.ts';
import { checkCount } from './expect-count.ts';
import { inOrder } from './in-order.ts';
import { readOutputFormat } from './output-format.ts';
import { checkLabelColumns, type ReadFlags } from './read-flags.ts';

/** Requests under way at once where several types or names are asked for. */
const requestsAtOnce = 6;

interface Reading {
  readonly send: Send;
  readonly discovery: Discovery;
  readonly deps: Deps;
  readonly flags: ReadFlags;
  readonly as: 'table' | 'objects';
  readonly includeObject: IncludeObject;
  /** undefined: all namespaces. */
  readonly namespace: string | undefined;
}

/** What came of one type or name: its pages, or why there are none. */
type Outcome = { readonly pages: AsyncIterable<Page> } | { readonly failure: KapiError };

/**
 * Reads the targets and prints them in the order in which they were named. What cannot be had is reported at the end,
 * after everything else has been printed.
 * @param defaultFormat of `-o`
 * @throws UsageError, ConfigError, ConnectionError; RefusedError or ServerError for one target; PartialFailure for several
 * @throws NegativeAnswer when `--expect-count` or `--require-nonempty` is not met
 */
export async function readObjects(
  targets: Targets,
  flags: ReadFlags,
  defaultFormat: string,
  deps: Deps,
): Promise<void> {
  const output = flags.output ?? defaultFormat;
  const format = await readOutputFormat(output);
  checkLabelColumns(flags, format, output);
  const discovery = await deps.discovery();
  const types = await resolveTypes(targets, discovery);
  const shape = targets.kind === 'objects' && targets.objects.length === 1 ? 'object' : 'list';
  const printer = await openPrinter(
    {
      format,
      shape,
      noHeaders: flags.noHeaders,
      showLabels: flags.showLabels,
      labelColumns: flags.labelColumns,
      showKind: flags.showKind || types.length > 1,
      showManagedFields: flags.showManagedFields,
      withNamespace: flags.allNamespaces,
      sortBy: flags.sortBy,
      limit: flags.limit,
      allowMissingTemplateKeys: flags.allowMissingTemplateKeys,
      now: deps.now(),
    },
    deps.io.out,
  );
  const namespace = flags.allNamespaces ? undefined : (await deps.config()).namespace.value;
  const reading: Reading = {
    send: await deps.send(),
    discovery,
    deps,
    flags,
    ...viewOf(format, flags),
    namespace,
  };

  let count = 0;
  const failures: KapiError[] = [];
  for await (const outcome of outcomesOf(targets, types, reading)) {
    if ('failure' in outcome) {
      failures.push(outcome.failure);
      continue;
    }
    let isFirst = true;
    try {
      for await (const page of outcome.pages) {
        if (!isFirst) await deps.runsLong();
        isFirst = false;
        count += page.kind === 'table' ? page.table.rows.length : page.objects.length;
        await printer.page(page);
      }
    } catch (thrown) {
      // A failure in the middle of a list: what was printed stays unfinished, so that nobody takes it for the whole.
      await printer.abandon?.().catch(() => undefined);
      throw thrown;
    }
  }
  const [first, ...others] = failures;
  const nothingToPrint = count === 0 && (first !== undefined || shape === 'object');
  if (!nothingToPrint) await printer.end();
  if (first !== undefined) throw others.length === 0 ? first : new PartialFailure([first, ...others]);
  if (count === 0 && format.kind === 'table' && targets.kind === 'types')
    deps.warn(emptyNotice(types, namespace));
  checkCount(count, flags.expectCount);
}

async function resolveTypes(targets: Targets, discovery: Discovery): Promise<readonly ResourceType[]> {
  const names = targets.kind === 'types' ? targets.types : targets.objects.map(({ type }) => type).join(',');
  return discovery.resolve(names);
}

/**
 * The cheapest representation that holds what the format shows: rows without metadata are a fifteenth of rows with it.
 */
function viewOf(format: OutputFormat, flags: ReadFlags): Pick<Reading, 'as' | 'includeObject'> {
  // Names of several types are sorted together, so each has to say what it is.
  if (format.kind === 'name' && flags.sortBy === undefined) return { as: 'table', includeObject: 'None' };
  if (format.kind !== 'table') return { as: 'objects', includeObject: 'None' };
  if (flags.sortBy !== undefined) return { as: 'table', includeObject: 'Object' };
  const needsMetadata = flags.allNamespaces || flags.showLabels || flags.labelColumns.length > 0;
  return { as: 'table', includeObject: needsMetadata ? 'Metadata' : 'None' };
}

async function* outcomesOf(
  targets: Targets,
  types: readonly ResourceType[],
  reading: Reading,
): AsyncGenerator<Outcome, void, undefined> {
  if (targets.kind === 'objects') {
    yield* inOrder(targets.objects, requestsAtOnce, (target) => readOne(target, reading));
    return;
  }
  const { limit, sortBy } = reading.flags;
  // The first of a sorted list are known when all of it has been read; the printer counts them.
  let left = limit === 0 || sortBy !== undefined ? undefined : limit;
  // What the next type may still give is only known when the one before is through.
  const atOnce = left === undefined ? requestsAtOnce : 1;
  for await (const outcome of inOrder(types, atOnce, (type) => openList(type, left, reading))) {
    if ('failure' in outcome || left === undefined) {
      yield outcome;
      continue;
    }
    let given = 0;
    const counting = counted(outcome.pages, (count) => (given += count));
    yield { pages: counting };
    left -= given;
    if (left <= 0) return;
  }
}

async function* counted(pages: AsyncIterable<Page>, add: (count: number) => void): AsyncGenerator<Page> {
  for await (const page of pages) {
    add(page.kind === 'table' ? page.table.rows.length : page.objects.length);
    yield page;
  }
}

/** Asks for the first page; a type that gives none is a failure of its own, others go on. */
async function openList(type: ResourceType, limit: number | undefined, reading: Reading): Promise<Outcome> {
  const { send, discovery, deps, flags, as, namespace } = reading;
  const { labelSelector, fieldSelector } = flags;
  // The scope of a type that was kept is believed when the objects confirm it.
  const confirms = !type.namespaced && as === 'table' && wellKnownType(groupResourceOf(type)) !== type;
  const includeObject = confirms && reading.includeObject === 'None' ? 'Metadata' : reading.includeObject;
  // One printed command (--curl) cannot follow pages: it asks for all of them in one answer.
  const chunkSize = flags.chunkSize ?? (deps.globals.curl ? 0 : undefined);
  const pages = listPages(
    send,
    { type, namespace, labelSelector, fieldSelector, limit, chunkSize, as, includeObject },
    {
      signal: deps.signal,
      now: deps.now,
      warn: deps.warn,
      rediscover: (missing) => discovery.rediscover(missing),
    },
  );
  return settle(async () => {
    const first = await pages.next();
    return first.done === true ? pages : prepended(first.value, pages);
  });
}

async function* prepended(first: Page, rest: AsyncIterable<Page>): AsyncGenerator<Page> {
  yield first;
  yield* rest;
}

async function readOne({ type: typeName, name }: NamedTarget, reading: Reading): Promise<Outcome> {
  const { send, discovery, deps, flags, as, includeObject, namespace } = reading;
  const { subresource } = flags;
  return settle(async () => {
    const [type] = await discovery.resolve(typeName);
    if (type === undefined) return [];
    try {
      const page = await getPage(
        send,
        { type, namespace, name, subresource, as, includeObject },
        { signal: deps.signal, now: deps.now, rediscover: (missing) => discovery.rediscover(missing) },
      );
      return [page];
    } catch (thrown) {
      if (flags.ignoreNotFound && thrown instanceof RefusedError && thrown.facts.httpStatus === 404)
        return [];
      throw thrown;
    }
  });
}

/** Refusals concern one target, as does a selector that this type cannot be asked with; anything else (no connection, no credentials, an interrupt) concerns all of them. */
async function settle(open: () => Promise<AsyncIterable<Page> | readonly Page[]>): Promise<Outcome> {
  try {
    const pages = await open();
    return { pages: Symbol.asyncIterator in pages ? pages : given(pages) };
  } catch (thrown) {
    const concernsOne = [RefusedError, ServerError, UsageError, NotSent].some(
      (kind) => thrown instanceof kind,
    );
    if (concernsOne && thrown instanceof KapiError) return { failure: thrown };
    throw thrown;
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- an async iterable of what is there already
async function* given(pages: readonly Page[]): AsyncGenerator<Page> {
  yield* pages;
}

/** kubectl's words. */
export function emptyNotice(types: readonly ResourceType[], namespace: string | undefined): string {
  const inOne = namespace !== undefined && types.every(({ namespaced }) => namespaced);
  return inOne ? `No resources found in ${namespace} namespace.` : 'No resources found';
}

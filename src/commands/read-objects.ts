// Reads and prints objects: the common part of `get` and `list` once their targets are known. Entry
// point: readObjects().

import type { Discovery } from '../api/open-discovery.ts';
import { getPage } from '../api/get.ts';
import { listPages } from '../api/list.ts';
import type { IncludeObject } from '../api/object-request.ts';
import type { NamedTarget, Targets } from '../api/targets.ts';
import { wellKnownType } from '../api/well-known.ts';
import { type KapiError, PartialFailure, RefusedError, UsageError } from '../errors.ts';
import type { Page } from '../model/page.ts';
import type { Send } from '../model/request.ts';
import { isMissingType } from '../api/status.ts';
import { groupResourceOf, type ResourceType } from '../model/resource.ts';
import { namesakesText } from './namesakes.ts';
import { isContextSink } from '../output/context-output.ts';
import type { OutputFormat, Printer } from '../output/format.ts';
import { openPrinter } from '../output/printer.ts';
import type { Deps } from './deps.ts';
import type { WhereFilter } from './where-filter.ts';
import { checkCount } from './expect-count.ts';
import { mapInOrder } from './map-in-order.ts';
import { readOutputFormat } from './output-format.ts';
import { partialFailure } from './partial-failure.ts';
import { checkLabelColumns, isTally, type ReadFlags } from './read-flags.ts';

/** Max parallel requests for several types or names. */
const maxParallelRequests = 6;

interface Reading {
  readonly send: Send;
  readonly discovery: Discovery;
  readonly deps: Deps;
  readonly flags: ReadFlags;
  readonly as: 'table' | 'objects';
  readonly includeObject: IncludeObject;
  /** True if the server can omit `metadata.managedFields`. */
  readonly asksForUnmanaged: boolean;
  /** Undefined: all namespaces. */
  readonly namespace: string | undefined;
  /** Undefined: now. */
  readonly resourceVersion: string | undefined;
  /** `--where`. */
  readonly filter: WhereFilter | undefined;
  /** Removes what the selectors do not select from a page. Undefined: kapi cannot judge it. */
  readonly select: ((page: Page) => Page) | undefined;
  /** Called when --limit leaves objects out. @param remaining their number, if it is known */
  readonly more: (remaining: number | undefined) => void;
}

/** The objects that --limit left out, with their number if it is known. */
interface Unread {
  readonly remaining: number | undefined;
}

/** The result for one type or name: its pages, or its failure. */
type Outcome = { readonly pages: AsyncIterable<Page> } | { readonly failure: KapiError };

/**
 * Reads the targets and prints them in the given order. Reports failures at the end, after
 * everything else has been printed.
 * @param defaultFormat default of `-o`
 * @throws UsageError, ConfigError, ConnectionError; RefusedError or ServerError for one target;
 *   PartialFailure for several
 * @throws NegativeAnswer if `--expect-count` or `--require-nonempty` is not met
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
  if (targets.kind === 'objects' && flags.allNamespaces && types.some(({ namespaced }) => namespaced)) {
    throw new UsageError('a resource cannot be retrieved by name across all namespaces', {
      code: 'ConflictingFlags',
    });
  }
  const filter = flags.where === undefined ? undefined : await openFilter(flags.where, types, deps);
  const shape = targets.kind === 'objects' && targets.objects.length === 1 ? 'object' : 'list';
  const printer = isTally(flags)
    ? await openCounts(format, flags, deps)
    : flags.owners
      ? await (await import('./owned-fields.ts')).openOwnedPrinter(format, flags, deps)
      : await openPrinter(
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
            warn: deps.warn,
            severalTypes: types.length > 1,
          },
          deps.io.out,
        );
  const namespace = flags.allNamespaces ? undefined : (await deps.config()).namespace.value;
  let unread: Unread | undefined;
  const send = await deps.send();
  const reading: Reading = {
    send,
    resourceVersion:
      flags.at === undefined
        ? undefined
        : await (await import('./read-past.ts')).versionAt(flags.at, targets, types, namespace, flags, deps),
    discovery,
    deps,
    flags,
    ...(await withSelection(viewOf(format, flags), flags, deps)),
    asksForUnmanaged: hidesManagedFields(format, flags) && filter?.cutsManagedFields(false) !== false,
    namespace,
    filter,
    more: (remaining) => (unread = { remaining }),
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
        if (!isFirst) await deps.noteLongRunning();
        isFirst = false;
        count += page.kind === 'table' ? page.table.rows.length : page.objects.length;
        await printer.page(page);
      }
    } catch (thrown) {
      // A failure in the middle of a list: the output stays unfinished, so that it does not look
      // complete.
      await printer.abandon?.().catch(() => undefined);
      throw thrown;
    }
  }
  const [first, ...others] = failures;
  const nothingToPrint = count === 0 && (first !== undefined || shape === 'object');
  if (!nothingToPrint) await printer.end();
  if (first !== undefined) throw others.length === 0 ? first : new PartialFailure([first, ...others]);
  if (targets.kind === 'types') {
    filter?.printNotes(deps.warn);
    if (count === 0 && filter?.hasSeen !== true)
      await noteEmpty(types, namespace, { format, discovery }, deps);
    // With --sort-by, the rows of all contexts are cut together.
    const isCutLater = flags.sortBy !== undefined && isContextSink(deps.io.out);
    if (flags.limit > 0 && format.kind === 'table' && !isCutLater)
      noteLimit(flags.limit, count, unread, deps);
  }
  checkCount(count, flags.expectCount);
}

async function openCounts(format: OutputFormat, flags: ReadFlags, deps: Deps): Promise<Printer> {
  const { openTally } = await import('./tally.ts');
  const { countBy, sum, noHeaders } = flags;
  return openTally({ format, countBy, sum, noHeaders, warn: deps.warn }, deps.io.out);
}

async function openFilter(where: string, types: readonly ResourceType[], deps: Deps): Promise<WhereFilter> {
  const { openWhereFilter } = await import('./where-filter.ts');
  return openWhereFilter(where, types, deps);
}

async function resolveTypes(targets: Targets, discovery: Discovery): Promise<readonly ResourceType[]> {
  const names = targets.kind === 'types' ? targets.types : targets.objects.map(({ type }) => type).join(',');
  return discovery.resolve(names);
}

/**
 * Returns the cheapest representation that contains what the format shows: rows without metadata
 * are a fifteenth of rows with it.
 */
function viewOf(format: OutputFormat, flags: ReadFlags): Pick<Reading, 'as' | 'includeObject'> {
  // Names of several types are sorted together, so each needs its type. The name of a subresource
  // has the kind in the response.
  const isPlain = flags.sortBy === undefined && flags.subresource === undefined && flags.where === undefined;
  if (format.kind === 'name' && isPlain) return { as: 'table', includeObject: 'None' };
  const isRows = format.kind === 'table' || format.kind === 'csv';
  if (!isRows || isTally(flags)) return { as: 'objects', includeObject: 'None' };
  if (flags.sortBy !== undefined || flags.where !== undefined)
    return { as: 'table', includeObject: 'Object' };
  const needsMetadata = flags.allNamespaces || flags.showLabels || flags.labelColumns.length > 0;
  return { as: 'table', includeObject: needsMetadata ? 'Metadata' : 'None' };
}

/**
 * Adds a check of the selectors to the view, for servers that ignore selectors: always where the
 * view shows enough of the objects, and with a larger view where the exit code depends on their
 * number.
 */
async function withSelection(
  view: Pick<Reading, 'as' | 'includeObject'>,
  flags: ReadFlags,
  deps: Deps,
): Promise<Pick<Reading, 'as' | 'includeObject' | 'select'>> {
  const { labelSelector = '', fieldSelector = '', isCounted } = flags;
  const isBare = view.as === 'table' && view.includeObject === 'None';
  if ((labelSelector === '' && fieldSelector === '') || (isBare && !isCounted)) {
    return { ...view, select: undefined };
  }
  const { openSelection } = await import('./selection-check.ts');
  return openSelection(view, flags, deps);
}

/** True if neither the output nor the order of the objects depends on `metadata.managedFields`. */
function hidesManagedFields(format: OutputFormat, flags: ReadFlags): boolean {
  const hides = ['json', 'yaml', 'kyaml', 'ndjson', 'name'].includes(format.kind);
  return hides && !flags.showManagedFields && flags.sortBy === undefined && !isTally(flags);
}

async function* outcomesOf(
  targets: Targets,
  types: readonly ResourceType[],
  reading: Reading,
): AsyncGenerator<Outcome, void, undefined> {
  if (targets.kind === 'objects') {
    yield* mapInOrder(targets.objects, maxParallelRequests, (target) => readOne(target, reading));
    return;
  }
  const { limit, sortBy } = reading.flags;
  // The first objects of a sorted list are known only after all of it has been read; the printer
  // counts them.
  let left = limit === 0 || sortBy !== undefined ? undefined : limit;
  // The limit for the next type is known only when the one before is complete.
  const atOnce = left === undefined ? maxParallelRequests : 1;
  let asked = 0;
  for await (const outcome of mapInOrder(types, atOnce, (type) => openList(type, left, reading))) {
    if ('failure' in outcome || left === undefined) {
      asked++;
      yield outcome;
      continue;
    }
    asked++;
    let given = 0;
    const counting = counted(outcome.pages, (count) => (given += count));
    yield { pages: counting };
    left -= given;
    if (left > 0) continue;
    // The remaining types were not requested.
    if (asked < types.length) reading.more(undefined);
    return;
  }
}

async function* counted(pages: AsyncIterable<Page>, add: (count: number) => void): AsyncGenerator<Page> {
  for await (const page of pages) {
    add(page.kind === 'table' ? page.table.rows.length : page.objects.length);
    yield page;
  }
}

/** Requests the first page. A type that fails is a failure of its own, and the others continue. */
async function openList(type: ResourceType, limit: number | undefined, reading: Reading): Promise<Outcome> {
  const { send, discovery, deps, flags, as, filter, resourceVersion, asksForUnmanaged } = reading;
  const { labelSelector } = flags;
  const { namespace, fieldSelector } = filter?.narrow(type, reading.namespace, flags.fieldSelector) ?? {
    namespace: reading.namespace,
    fieldSelector: flags.fieldSelector,
  };
  // The cached scope of a type is used only if the objects confirm it.
  const confirms = !type.namespaced && as === 'table' && wellKnownType(groupResourceOf(type)) !== type;
  const includeObject = confirms && reading.includeObject === 'None' ? 'Metadata' : reading.includeObject;
  // One printed command (--curl) cannot follow pages: it requests everything in one response.
  const chunkSize = flags.chunkSize ?? (deps.globals.curl ? 0 : undefined);
  const pages = listPages(
    send,
    {
      ...{ type, namespace, labelSelector, fieldSelector, chunkSize, as, includeObject, asksForUnmanaged },
      // The filter can remove everything that the server sends.
      limit: filter === undefined ? limit : undefined,
      withoutManagedFields: filter?.cutsManagedFields(flags.showManagedFields),
      ...{ resourceVersion, resourceVersionMatch: resourceVersion === undefined ? undefined : 'Exact' },
    },
    {
      signal: deps.signal,
      now: deps.now,
      warn: deps.warn,
      rediscover: (missing) => discovery.rediscover(missing),
      more: reading.more,
      select: reading.select,
    },
  );
  const chosen = filter === undefined ? pages : filter.pages(pages, limit, reading.more);
  return settle(async () => {
    const first =
      resourceVersion === undefined
        ? await chosen.next()
        : await (await import('./read-past.ts')).explained(chosen.next(), resourceVersion, type);
    return first.done === true ? chosen : prepended(first.value, chosen);
  });
}

async function* prepended(first: Page, rest: AsyncIterable<Page>): AsyncGenerator<Page> {
  yield first;
  yield* rest;
}

async function readOne({ type: typeName, name }: NamedTarget, reading: Reading): Promise<Outcome> {
  const { send, discovery, deps, flags, as, includeObject, namespace, asksForUnmanaged } = reading;
  const { subresource } = flags;
  return settle(async () => {
    const [type] = await discovery.resolve(typeName);
    if (type === undefined) return [];
    try {
      if (reading.resourceVersion !== undefined) {
        const { pastPages } = await import('./read-past.ts');
        return await pastPages({ ...reading, type, name, resourceVersion: reading.resourceVersion });
      }
      const page = await getPage(
        send,
        { type, namespace, name, subresource, as, includeObject, asksForUnmanaged },
        { signal: deps.signal, now: deps.now, rediscover: (missing) => discovery.rediscover(missing) },
      );
      return [page];
    } catch (thrown) {
      if (!(thrown instanceof RefusedError) || thrown.facts.httpStatus !== 404) throw thrown;
      if (flags.ignoreNotFound) return [];
      const inNamespace = type.namespaced && !isMissingType(thrown) ? namespace : undefined;
      throw withHints(thrown, [await missingNamespace(inNamespace, deps), namesakesHint(type, discovery)]);
    }
  });
}

/** Returns the result of one target. @throws errors that concern all targets */
async function settle(open: () => Promise<AsyncIterable<Page> | readonly Page[]>): Promise<Outcome> {
  try {
    const pages = await open();
    return { pages: Symbol.asyncIterator in pages ? pages : given(pages) };
  } catch (thrown) {
    return { failure: partialFailure(thrown) };
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- an async iterable of what is there already
async function* given(pages: readonly Page[]): AsyncGenerator<Page> {
  yield* pages;
}

/** Reports that nothing was found, and possible reasons. */
async function noteEmpty(
  types: readonly ResourceType[],
  namespace: string | undefined,
  { format, discovery }: { readonly format: OutputFormat; readonly discovery: Discovery },
  deps: Deps,
): Promise<void> {
  if (format.kind === 'table') deps.warn(emptyNotice(types, namespace));
  const hints = [
    await missingNamespace(types.some(({ namespaced }) => namespaced) ? namespace : undefined, deps),
    ...types.map((type) => namesakesHint(type, discovery)),
  ];
  for (const hint of hints) if (hint !== undefined) deps.warn(`hint: ${hint}`);
}

async function missingNamespace(namespace: string | undefined, deps: Deps): Promise<string | undefined> {
  if (namespace === undefined) return undefined;
  const { missingNamespaceHint } = await import('./missing-namespace.ts');
  return missingNamespaceHint(namespace, deps);
}

/**
 * Reports what --limit left out.
 * @param count number of objects read; --sort-by reads all of them
 */
function noteLimit(limit: number, count: number, unread: Unread | undefined, deps: Deps): void {
  const total = unread === undefined ? count : unread.remaining && limit + unread.remaining;
  if (total === undefined) deps.warn(`there are more than these ${limit} (--limit ${limit})`);
  else if (total > limit) deps.warn(`${limit} of ${total} are shown (--limit ${limit})`);
}

/** Lists the types of other groups that the name can refer to: the objects can be there. */
function namesakesHint(type: ResourceType, discovery: Discovery): string | undefined {
  return namesakesText(type, discovery.namesakesOf(type));
}

/**
 * Adds hints before the error's own.
 * @param hints undefined ones are skipped
 */
function withHints(error: RefusedError, hints: readonly (string | undefined)[]): RefusedError {
  const given = [...hints, error.hint].filter((hint) => hint !== undefined);
  const { message, code, prefix, causes, facts } = error;
  return new RefusedError(message, { code, prefix, causes, facts, hint: given.join('\n'), cause: error });
}

/** Returns kubectl's words. */
export function emptyNotice(types: readonly ResourceType[], namespace: string | undefined): string {
  const inOne = namespace !== undefined && types.every(({ namespaced }) => namespaced);
  return inOne ? `No resources found in ${namespace} namespace.` : 'No resources found';
}

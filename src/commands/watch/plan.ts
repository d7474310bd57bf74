// The queries of kapi watch: one for each type or name. Entry points: planQueries(), watchNeeds().

import type { Discovery } from '../../api/open-discovery.ts';
import type { WatchQuery } from '../../api/watch-event.ts';
import type { WatchTypesOptions } from '../../api/watch-types.ts';
import type { ResourceType } from '../../model/resource.ts';
import type { OutputFormat } from '../../output/format.ts';
import type { Deps } from '../deps.ts';
import type { Condition } from '../where.ts';
import { narrow } from '../narrow.ts';
import { needsObject } from './goal.ts';
import type { WatchOptions } from './options.ts';
import type { Subject } from './wait.ts';

/**
 * Plans the queries.
 * @param live true if the rows are for the live table
 * @param condition condition of `--where`, of which the server selects what it can
 * @throws UsageError for types that do not exist, and errors of {@link Discovery.resolve}
 */
export async function planQueries(
  options: WatchOptions,
  format: OutputFormat,
  live: boolean,
  { discovery, condition }: { readonly discovery: Discovery; readonly condition: Condition | undefined },
  deps: Deps,
): Promise<readonly WatchQuery[]> {
  const { targets, labelSelector, fieldSelector, allNamespaces, showLabels, labelColumns } = options;
  const remembersLabels = showLabels || labelColumns.length > 0;
  const chosen: { readonly type: ResourceType; readonly name: string | undefined }[] = [];
  if (targets.kind === 'types') {
    for (const type of await discovery.resolve(targets.types)) chosen.push({ type, name: undefined });
  } else {
    for (const { type: word, name } of targets.objects) {
      for (const type of await discovery.resolve(word)) chosen.push({ type, name });
    }
  }
  const namespace = allNamespaces ? undefined : (await deps.config()).namespace.value;
  const view = viewOf(format, live, options);
  return chosen.map(({ type, name }) => ({
    ...{ type, name, labelSelector, remembersLabels, replays: options.replay },
    ...(condition === undefined
      ? { namespace, fieldSelector }
      : narrow(condition, type, namespace, fieldSelector)),
    ...view,
  }));
}

/** Returns the dependencies of a watch, without its signal. */
export function watchNeeds(
  { now, warn, random, sleep, clock }: Deps,
  discovery: Discovery,
): Omit<WatchTypesOptions, 'signal'> {
  return { now, warn, random, sleep, clock, rediscover: (missing) => discovery.rediscover(missing) };
}

/** Returns the named objects. */
export function subjectsOf(queries: readonly WatchQuery[]): readonly Subject[] {
  return queries.flatMap(({ type, namespace = '', name }) =>
    name === undefined ? [] : [{ type, namespace: type.namespaced ? namespace : '', name }],
  );
}

/**
 * Returns the representation. Rows of lists need metadata: nothing else shows which version of an
 * object they contain. A row of an event is in its own table, which has the version, so it needs
 * metadata only if the output or a goal does.
 */
function viewOf(
  format: OutputFormat,
  live: boolean,
  options: WatchOptions,
): Pick<WatchQuery, 'as' | 'includeObject' | 'includeInEvents' | 'asksForUnmanaged'> {
  const { diff, goals, where, labelSelector, fieldSelector, allNamespaces, showLabels, labelColumns } =
    options;
  if (format.kind !== 'table' && format.kind !== 'name') {
    return { as: 'objects', asksForUnmanaged: asksForUnmanaged(format, options) };
  }
  const all = [...goals.all, ...goals.any, ...goals.failOn, ...goals.inTurn];
  if (diff || where !== undefined || all.some(needsObject)) return { as: 'table', includeObject: 'Object' };
  // An object that left the selection is looked up by its UID.
  const isChosen = labelSelector !== undefined || fieldSelector !== undefined;
  const needsMetadata =
    live || all.length > 0 || isChosen || allNamespaces || showLabels || labelColumns.length > 0;
  return {
    as: 'table',
    includeObject: 'Metadata',
    ...(needsMetadata ? {} : { includeInEvents: 'None' as const }),
  };
}

/** True if neither output, `--where` nor a goal depends on `metadata.managedFields`. */
function asksForUnmanaged(format: OutputFormat, { goals, where, showManagedFields }: WatchOptions): boolean {
  const hides = ['json', 'yaml', 'kyaml', 'ndjson'].includes(format.kind) && !showManagedFields;
  const all = [...goals.all, ...goals.any, ...goals.failOn, ...goals.inTurn];
  return hides && where === undefined && all.length === 0;
}

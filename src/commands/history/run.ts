// Runs kapi history.

import { readHistory } from '../../api/history.ts';
import { readLeases, type ApiServers } from '../../api/lease-clock.ts';
import { VersionClock } from '../../api/version-clock.ts';
import type { Floor } from '../../api/memory-floor.ts';
import type { WatchQuery } from '../../api/watch-event.ts';
import { UsageError } from '../../errors.ts';
import type { Discovery } from '../../api/open-discovery.ts';
import type { Targets } from '../../api/targets.ts';
import type { Json, KubeObject } from '../../model/object.ts';
import type { PastChange, TimeRange } from '../../model/past-change.ts';
import { groupResourceOf, type ResourceType } from '../../model/resource.ts';
import { isSecretType, measureSecretChanges, measureSecretValues } from '../../model/secret-values.ts';
import { suggested } from '../../model/suggestion.ts';
import { openEventPrinter } from '../../output/event-printer.ts';
import type { OutputFormat } from '../../output/format.ts';
import { openHistoryTable, timeText } from '../../output/history-table.ts';
import type { Deps } from '../deps.ts';
import { narrow } from '../narrow.ts';
import { readOutputFormat } from '../output-format.ts';
import type { Condition, MissingNote } from '../where.ts';
import type { HistoryOptions } from './options.ts';
import type { SelectedChange, WhereChanges } from './where-changes.ts';

/** Max changes without a time that wait for the next one with a time, which limits their times. */
const maxWaiting = 500;

/**
 * Prints the history.
 * @throws UsageError, ConfigError; RefusedError, ServerError, ConnectionError
 */
export async function runHistory(options: HistoryOptions, deps: Deps): Promise<void> {
  const isOne = options.targets.kind === 'objects' && options.targets.objects.length === 1;
  const format = await readOutputFormat(
    options.output ?? (options.at !== undefined && isOne ? 'json' : 'table'),
  );
  const condition = await openWhere(options, deps);
  const queries = await planHistory(options, condition, await deps.discovery(), deps);
  if (deps.globals.curl) {
    const { printProcedure } = await import('../replay-procedure.ts');
    await printProcedure(queries, deps);
    return;
  }
  await condition?.checkFields(
    queries.map(({ type }) => type),
    deps,
  );
  if (options.at !== undefined) {
    const { showPast } = await import('./show-past.ts');
    await showPast(queries, options.at, { ...options, format, isOne, condition }, deps);
    return;
  }
  await showChanges(queries, { ...options, format, diff: options.diff ?? isOne, condition }, deps);
}

/** Compiles the condition of --where. @throws UsageError for an invalid condition */
async function openWhere({ where }: HistoryOptions, deps: Deps): Promise<Condition | undefined> {
  if (where === undefined) return undefined;
  const { openCondition } = await import('../where.ts');
  return openCondition(where, '--where', deps.now);
}

/** Makes one query for each type or name. @throws UsageError for types that cannot be watched */
async function planHistory(
  { targets, labelSelector, fieldSelector, allNamespaces }: HistoryOptions,
  condition: Condition | undefined,
  discovery: Discovery,
  deps: Pick<Deps, 'config'>,
): Promise<readonly WatchQuery[]> {
  const chosen = await resolveTargets(targets, discovery);
  if (targets.kind === 'objects' && allNamespaces && chosen.some(({ type }) => type.namespaced)) {
    throw new UsageError('a resource cannot be retrieved by name across all namespaces', {
      code: 'ConflictingFlags',
    });
  }
  const namespace = allNamespaces ? undefined : (await deps.config()).namespace.value;
  for (const { type } of chosen) {
    if (type.verbs.length === 0 || type.verbs.includes('watch')) continue;
    throw new UsageError(
      `${groupResourceOf(type)} cannot be watched, so the server keeps no changes of them`,
      {
        code: 'NotWatchable',
        hint: `${suggested('resources', '--verbs=watch')} lists the types that can`,
      },
    );
  }
  // A pod gets its node by a change. With a selector the server would report that change as ADDED.
  const { name: ofName, namespace: ofNamespace } = condition?.terms ?? {};
  const terms = {
    ...(ofName === undefined ? {} : { name: ofName }),
    ...(ofNamespace === undefined ? {} : { namespace: ofNamespace }),
  };
  return chosen.map(({ type, name }) => ({
    ...{ type, name, labelSelector, as: 'objects' },
    ...narrow({ terms }, type, type.namespaced ? namespace : undefined, fieldSelector),
  }));
}

async function resolveTargets(
  targets: Targets,
  discovery: Discovery,
): Promise<readonly { readonly type: ResourceType; readonly name: string | undefined }[]> {
  if (targets.kind === 'types') {
    return (await discovery.resolve(targets.types)).map((type) => ({ type, name: undefined }));
  }
  const chosen: { readonly type: ResourceType; readonly name: string }[] = [];
  for (const { type: word, name } of targets.objects) {
    for (const type of await discovery.resolve(word)) chosen.push({ type, name });
  }
  return chosen;
}

interface View extends Omit<HistoryOptions, 'diff'> {
  readonly format: OutputFormat;
  readonly diff: boolean;
  readonly condition: Condition | undefined;
}

/** What was read of a query. */
interface ReadResult {
  /** The version that the first change was read from. */
  floor?: Floor;
  last?: PastChange | undefined;
  count: number;
  /** True if the version that one request found was refused by the next one. */
  differ: boolean;
}

async function showChanges(queries: readonly WatchQuery[], view: View, deps: Deps): Promise<void> {
  const print = await openPrinter(queries, view, deps);
  const send = await deps.send();
  const times = new VersionClock();
  const leases = readLeases(send, times, deps);
  // Its failure is reported where it is awaited.
  leases.catch(() => undefined);
  const since = view.sinceMs === undefined ? undefined : deps.now().getTime() - view.sinceMs;
  const selection = await openSelection(view);
  for (const query of queries) {
    const where = selection?.open();
    let waiting: SelectedChange[] = [];
    const told: ReadResult = { count: 0, differ: false };
    const flush = async (isEnd = false): Promise<void> => {
      if (waiting.length === 0) return;
      if (waiting.some(({ past }) => past.author?.at === undefined)) await leases;
      const rows = waiting.map((selected) => ({
        ...selected,
        time: timeOf(selected.past, times, isEnd ? deps.now() : undefined),
      }));
      waiting = [];
      await print(rows.filter(({ time }) => since === undefined || (time.from ?? time.to ?? since) >= since));
    };
    const onBase = where && ((object: KubeObject, type: ResourceType): void => where.takeBase(object, type));
    const options = { ...deps, times, keepsStates: view.diff, onBase };
    for await (const item of readHistory(send, query, options)) {
      if (item.kind === 'floor') {
        told.differ ||= told.floor !== undefined && told.count === 0;
        if (told.count === 0) told.floor = item.floor;
      }
      if (item.kind === 'gap') {
        await flush();
        deps.warn(
          `Warning: changes of ${groupResourceOf(query.type)} after resourceVersion ${item.after} and up to ${item.until} are missing: the server dropped them, or another API server answered`,
        );
      }
      if (item.kind !== 'changes') continue;
      told.count += item.changes.length;
      told.last = item.changes.at(-1);
      const chosen = where?.take(item.changes) ?? item.changes.map((past) => ({ past, hasLeft: false }));
      for (const change of chosen) waiting.push(change);
      if (waiting.at(-1)?.past.author?.at !== undefined || waiting.length > maxWaiting) await flush();
      await deps.noteLongRunning();
    }
    await flush(true);
    const servers = await leases;
    noteFloor(query, told, servers, times, deps);
    noteRestoreCommand(query, told.last, deps);
  }
  selection?.note.printNotes(deps.warn);
}

/** Opens the selection of --where. Undefined: all changes are shown. */
async function openSelection({ condition }: View): Promise<
  | {
      /** Opens the selection for one query. */
      open(): WhereChanges;
      /** Counts the states of all queries. */
      readonly note: MissingNote;
    }
  | undefined
> {
  if (condition === undefined) return undefined;
  const [{ MissingNote }, { WhereChanges }] = await Promise.all([
    import('../where.ts'),
    import('./where-changes.ts'),
  ]);
  const note = new MissingNote('state', 'change');
  return { open: () => new WhereChanges(condition, note), note };
}

type Print = (rows: readonly (SelectedChange & { readonly time: TimeRange })[]) => Promise<void>;

async function openPrinter(queries: readonly WatchQuery[], view: View, deps: Deps): Promise<Print> {
  const { format, diff } = view;
  const isHidden = (past: PastChange): boolean => isSecretType(past.change.type) && !deps.globals.showSecrets;
  const fieldsOf = (past: PastChange): PastChange['fields'] =>
    past.fields !== undefined && isHidden(past) ? measureSecretChanges(past.fields) : past.fields;
  if (format.kind === 'table') {
    const table = await openHistoryTable(
      {
        ...{ noHeaders: view.noHeaders, wide: format.wide, diff, now: deps.now() },
        withName: queries.length > 1 || queries[0]?.name === undefined,
        showKind: new Set(queries.map(({ type }) => groupResourceOf(type))).size > 1,
        withNamespace: view.allNamespaces,
      },
      deps.io.out,
    );
    return async (rows) => {
      if (rows.length > 0) await table.print(rows.map((row) => ({ ...row, fields: fieldsOf(row.past) })));
    };
  }
  const printer = await openEventPrinter(
    {
      ...view,
      format,
      events: true,
      namesLeft: true,
      timestamps: false,
      withNamespace: false,
      now: deps.now(),
    },
    deps.io.out,
  );
  return async (rows) => {
    const printed = rows.map(({ past, time, hasLeft }) => ({
      change: isHidden(past) ? withoutValues(past) : past.change,
      hasLeft,
      ...{ time: deps.now(), facts: factsOf(past, time), fields: diff ? fieldsOf(past) : undefined },
    }));
    if (printed.length > 0) await printer.print(printed);
  };
}

function withoutValues({ change }: PastChange): PastChange['change'] {
  const { entry } = change;
  if (entry.kind !== 'object') return change;
  return { ...change, entry: { kind: 'object', object: measureSecretValues(entry.object) } };
}

/**
 * Returns the facts of a change in addition to the object: its time or time range, and its author.
 */
function factsOf({ author }: PastChange, { from, to }: TimeRange): readonly (readonly [string, Json])[] {
  const text = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z');
  return [
    ...(from !== undefined && from === to ? [['time', text(from)] as const] : []),
    ...(from !== undefined && from !== to ? [['notBefore', text(from)] as const] : []),
    ...(to !== undefined && from !== to ? [['notAfter', text(to)] as const] : []),
    ...(author === undefined ? [] : [['manager', author.manager] as const]),
  ];
}

/**
 * Returns the time range of a change.
 * @param now upper limit of the last change; undefined: something later is known
 */
function timeOf({ change, author }: PastChange, times: VersionClock, now: Date | undefined): TimeRange {
  if (author?.at !== undefined) return { from: author.at, to: author.at };
  const { from, to } = times.timeOf(change.resourceVersion);
  if (to !== undefined || now === undefined) return { from, to };
  const latest = Math.floor(now.getTime() / 1_000) * 1_000;
  // If the local clock is behind the server's, it is not a limit.
  return { from, to: from !== undefined && latest < from ? undefined : latest };
}

/** Reports how far back the server remembers, and what limits that. */
function noteFloor(
  query: WatchQuery,
  { floor, count, differ }: Readonly<ReadResult>,
  { alive }: ApiServers,
  times: VersionClock,
  deps: Deps,
): void {
  if (floor === undefined) return;
  const type = groupResourceOf(query.type);
  if (count === 0) deps.warn(`No changes of ${nameOf(query)} are remembered.`);
  const { from, to } = times.timeOf(floor.resourceVersion);
  const at = to;
  const since =
    floor.source === 'start'
      ? 'since its store was created'
      : `since ${at === undefined ? 'an unknown time' : timeText({ from: at, to: at }, deps.now())}${from === to ? '' : ' or earlier'} (resourceVersion ${floor.resourceVersion}), none from before its start`;
  const others =
    alive.length > 1
      ? `${alive.length} API servers serve this cluster (${alive.join(', ')}), and each remembers other changes`
      : alive.length === 1
        ? `it is the only API server (${alive.join().replace(/_.*/, '')})`
        : differ
          ? 'an earlier response began before that: another replica remembers more, or the server dropped changes meanwhile'
          : 'another replica can remember less';
  deps.warn(
    floor.source === 'start'
      ? `note: this API server remembers all changes of ${type} ${since}; ${others}`
      : `note: this API server remembers changes of ${type} ${since}; ${others}`,
  );
}

/** Says how to restore a deleted object. */
function noteRestoreCommand(query: WatchQuery, last: PastChange | undefined, deps: Deps): void {
  if (query.name === undefined || last?.change.change !== 'DELETED') return;
  const { namespace, name, resourceVersion } = last.change;
  if (!/^\d+$/.test(resourceVersion)) return;
  const before = String(BigInt(resourceVersion) - 1n);
  const where = namespace === '' ? [] : ['-n', namespace];
  deps.warn(
    `hint: for its state before the deletion: ${suggested('get', groupResourceOf(query.type), name, ...where, '--at', before, '-o', 'yaml')}`,
  );
}

function nameOf({ type, name, namespace }: WatchQuery): string {
  const what = name === undefined ? groupResourceOf(type) : `${groupResourceOf(type)} "${name}"`;
  return namespace === undefined ? what : `${what} in namespace ${namespace}`;
}

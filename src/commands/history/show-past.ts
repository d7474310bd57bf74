// kapi history --at: computes the objects at a moment from the remembered changes. Entry point:
// showPast().

import { readHistory } from '../../api/history.ts';
import { VersionClock } from '../../api/version-clock.ts';
import type { WatchQuery } from '../../api/watch-event.ts';
import { RefusedError, UsageError } from '../../errors.ts';
import { stringAt, type KubeObject } from '../../model/object.ts';
import type { PastChange } from '../../model/past-change.ts';
import type { Send } from '../../model/request.ts';
import { compareResourceVersions } from '../../model/resource-version.ts';
import { groupResourceOf, resourcePath, type ResourceType } from '../../model/resource.ts';
import { isSecretType, measureSecretValues } from '../../model/secret-values.ts';
import { suggested } from '../../model/suggestion.ts';
import type { OutputFormat } from '../../output/format.ts';
import { openHistoryTable } from '../../output/history-table.ts';
import { openPrinter } from '../../output/printer.ts';
import type { Deps } from '../deps.ts';
import type { Moment } from '../moment.ts';
import { resolveMoment } from '../past-version.ts';
import type { Condition } from '../where.ts';
import type { HistoryOptions } from './options.ts';

export interface PastView extends HistoryOptions {
  readonly format: OutputFormat;
  /** True if the user named one object. */
  readonly isOne: boolean;
  readonly condition: Condition | undefined;
}

/**
 * Prints the objects at a moment.
 * @throws RefusedError 404 if a named object did not exist, 410 if the server does not remember the
 *   moment
 * @throws UsageError for a version that does not exist yet
 */
export async function showPast(
  queries: readonly WatchQuery[],
  moment: Moment,
  view: PastView,
  deps: Deps,
): Promise<void> {
  const send = await deps.send();
  const version = await resolveMoment(moment, queries, send, deps);
  const states: State[] = [];
  for (const query of queries) {
    const known = await statesAt(version, query, send, deps);
    const hasNone = known.states.length === 0;
    if (query.name !== undefined && known.unknown > 0) throw notKnown(query, version);
    if (query.name !== undefined && hasNone) throw notFound(query, version);
    if (known.unknown > 0) {
      deps.warn(
        `Warning: ${known.unknown} ${groupResourceOf(query.type)} that changed later are missing: their states before are not known`,
      );
    }
    if (!known.isComplete) {
      deps.warn(
        `Warning: ${groupResourceOf(query.type)} that existed at resourceVersion ${version} and were not changed since may be missing: they could not be listed`,
      );
    }
    states.push(...known.states);
  }
  await print(await filterStates(states, view, deps), queries, view, deps);
}

/** Returns the states that meet --where, and prints its notes. */
async function filterStates(
  states: readonly State[],
  { condition }: PastView,
  { warn }: Deps,
): Promise<readonly State[]> {
  if (condition === undefined) return states;
  const [{ MissingNote }, { withKind }] = await Promise.all([
    import('../where.ts'),
    import('../where-filter.ts'),
  ]);
  const note = new MissingNote();
  const chosen = states.filter(({ object, type }) => note.take(condition.judge(withKind(object, type))));
  note.printNotes(warn);
  return chosen;
}

/** A past state of an object, with the change that produced it if the server remembers it. */
interface State {
  readonly object: KubeObject;
  readonly type: ResourceType;
  readonly past: PastChange | undefined;
}

interface KnownStates {
  readonly states: readonly State[];
  /** Number of objects that existed in an unknown state. */
  readonly unknown: number;
  readonly isComplete: boolean;
}

async function statesAt(version: string, query: WatchQuery, send: Send, deps: Deps): Promise<KnownStates> {
  const states = new Map<string, State>();
  const seen = new Set<string>();
  let unknown = 0;
  let isComplete = true;
  const onBase = (object: KubeObject, type: ResourceType): void => {
    states.set(keyOf(object), { object, type, past: undefined });
    seen.add(keyOf(object));
  };
  const options = { ...deps, times: new VersionClock(), keepsStates: false, onBase };
  for await (const item of readHistory(send, query, options)) {
    if (item.kind === 'base') isComplete = item.isKnown;
    if (item.kind === 'floor') checkVersion(version, item.floor.resourceVersion, item.newest, query);
    if (item.kind !== 'changes') continue;
    for (const past of item.changes) {
      const { change } = past;
      if (change.entry.kind !== 'object') continue;
      const { object } = change.entry;
      const key = keyOf(object);
      const isLater = (compareResourceVersions(change.resourceVersion, version) ?? 1) > 0;
      if (isLater) {
        // If an object had no change before, its deletion contains its state.
        if (!seen.has(key) && change.change === 'DELETED') {
          states.set(key, { object, type: change.type, past: undefined });
        }
        if (!seen.has(key) && change.change === 'MODIFIED') unknown++;
      } else if (change.change === 'DELETED') states.delete(key);
      else states.set(key, { object, type: change.type, past });
      seen.add(key);
    }
    await deps.noteLongRunning();
  }
  return { states: [...states.values()], unknown, isComplete };
}

function checkVersion(version: string, floor: string, newest: string | undefined, query: WatchQuery): void {
  if ((compareResourceVersions(version, floor) ?? 0) < 0) {
    throw refusedAs(
      410,
      'Expired',
      `resourceVersion ${version} is older than what the API server remembers of ${groupResourceOf(query.type)}: it begins with ${floor}`,
      query,
    );
  }
  if (newest !== undefined && (compareResourceVersions(version, newest) ?? 0) > 0) {
    throw new UsageError(`resourceVersion ${version} does not exist yet: the newest one is ${newest}`, {
      code: 'VersionTooLarge',
    });
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${stringAt(metadata, 'namespace')}/${stringAt(metadata, 'name')}`;
}

function notFound(query: WatchQuery, version: string): RefusedError {
  const what = `${groupResourceOf(query.type)} "${query.name ?? ''}"`;
  return refusedAs(404, 'NotFound', `${what} did not exist at resourceVersion ${version}`, query);
}

function notKnown(query: WatchQuery, version: string): RefusedError {
  const what = `${groupResourceOf(query.type)} "${query.name ?? ''}"`;
  return refusedAs(
    410,
    'Expired',
    `the state of ${what} at resourceVersion ${version} is not known: the server remembers only later changes of it`,
    query,
  );
}

function refusedAs(httpStatus: number, reason: string, message: string, query: WatchQuery): RefusedError {
  const path = resourcePath(query.type, { namespace: query.namespace });
  const hint =
    httpStatus === 404
      ? undefined
      : `${suggested('history', groupResourceOf(query.type), query.name ?? '', '-o', 'wide')} shows the versions that it remembers`;
  return new RefusedError(message, {
    code: reason,
    hint,
    facts: { httpStatus, reason, method: 'GET', path },
  });
}

async function print(
  states: readonly State[],
  queries: readonly WatchQuery[],
  view: PastView,
  deps: Deps,
): Promise<void> {
  const { format } = view;
  const severalTypes = new Set(queries.map(({ type }) => groupResourceOf(type))).size > 1;
  if (format.kind === 'table') {
    const times = new VersionClock();
    const table = await openHistoryTable(
      {
        ...{ noHeaders: view.noHeaders, wide: format.wide, diff: false, now: deps.now() },
        ...{ withName: true, showKind: severalTypes, withNamespace: view.allNamespaces },
      },
      deps.io.out,
    );
    const rows = states.map((state) => ({ past: state.past ?? unknownChange(state), fields: undefined }));
    await table.print(
      rows.map((row) => {
        const { author, change } = row.past;
        const at = author?.at;
        return {
          ...row,
          time: at === undefined ? times.timeOf(change.resourceVersion) : { from: at, to: at },
        };
      }),
    );
    return;
  }
  const printer = await openPrinter(
    {
      ...view,
      ...{ format, severalTypes, shape: view.isOne ? 'object' : 'list', showKind: severalTypes },
      ...{ withNamespace: view.allNamespaces, now: deps.now(), warn: deps.warn },
    },
    deps.io.out,
  );
  for (const { object, type } of states) {
    const isHidden = isSecretType(type) && !deps.globals.showSecrets;
    await printer.page({
      ...{ kind: 'objects', type, resourceVersion: '' },
      objects: [isHidden ? measureSecretValues(object) : object],
    });
  }
  await printer.end();
}

/**
 * Makes a change for an object that has not changed since the start of the server's memory: its
 * author is not known.
 */
function unknownChange({ object, type }: State): PastChange {
  const [namespace, name, uid, resourceVersion] = ['namespace', 'name', 'uid', 'resourceVersion'].map(
    (field) => stringAt(object.metadata, field),
  );
  return {
    change: {
      ...{ change: 'ADDED', type, entry: { kind: 'object', object } },
      ...{ namespace: namespace ?? '', name: name ?? '', uid: uid ?? '' },
      resourceVersion: resourceVersion ?? '',
    },
    author: undefined,
    fields: undefined,
  };
}

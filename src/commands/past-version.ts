// `--at DURATION`: finds the resource version of a time in the past. Entry point: resolveMoment().
// The server stores no times of versions; the times of remembered changes and of leases limit them.

import { readHistory } from '../api/history.ts';
import { readLeases } from '../api/lease-clock.ts';
import { VersionClock, type VersionTime } from '../api/version-clock.ts';
import type { WatchQuery } from '../api/watch-event.ts';
import { RefusedError } from '../errors.ts';
import type { Send } from '../model/request.ts';
import { compareResourceVersions } from '../model/resource-version.ts';
import { groupResourceOf, resourcePath } from '../model/resource.ts';
import { timeText } from '../output/history-table.ts';
import type { Deps } from './deps.ts';
import type { Moment } from './moment.ts';

/** What is known about the versions around a moment. */
export interface NeighbouringChanges {
  /** The last change that is certainly not later. */
  readonly before: VersionTime | undefined;
  /** The first change that is certainly later. */
  readonly after: VersionTime | undefined;
  /** Versions of changes between the two that have no time. */
  readonly untimed: readonly string[];
  /** The current version. Undefined: unknown. */
  readonly newest: string | undefined;
}

/**
 * Returns the version of a moment. All versions between two changes show the same objects; returns
 * the last one, because a store drops the oldest first.
 * @returns undefined if nothing old enough is known
 */
export function versionOf({ before, after, untimed, newest }: NeighbouringChanges): string | undefined {
  if (before === undefined) return undefined;
  if (untimed.length > 0) return before.version;
  if (after !== undefined) return String(BigInt(after.version) - 1n);
  return newest ?? before.version;
}

/**
 * Returns the version of a moment. For a duration, prints on stderr which version it is, and how
 * exact that is.
 * @throws RefusedError 410 if the server remembers nothing so old
 * @throws RefusedError, ServerError, ConnectionError while reading
 */
export async function resolveMoment(
  moment: Moment,
  queries: readonly WatchQuery[],
  send: Send,
  deps: Deps,
): Promise<string> {
  if (moment.kind === 'version') return moment.version;
  const now = deps.now();
  const at = now.getTime() - moment.ms;
  const times = new VersionClock();
  const leases = readLeases(send, times, deps);
  leases.catch(() => undefined);
  const untimed: string[] = [];
  let newest: string | undefined;
  for (const query of queries) {
    for await (const item of readHistory(send, query, { ...deps, times, keepsStates: false })) {
      if (item.kind === 'floor') newest = item.newest ?? newest;
      if (item.kind !== 'changes') continue;
      for (const { change, author } of item.changes) {
        if (author?.at === undefined) untimed.push(change.resourceVersion);
      }
      await deps.noteLongRunning();
    }
  }
  await leases;
  const before = times.lastBefore(at);
  const after = times.firstAfter(at);
  const between = untimed.filter((version) => isBetween(version, before, after));
  const version = versionOf({ before, after, untimed: between, newest });
  if (before === undefined || version === undefined) throw tooLongAgo(moment.text, at, after, queries, now);
  deps.warn(noteOf({ moment: moment.text, at, before, after, untimed: between.length, version, now }));
  return version;
}

function isBetween(
  version: string,
  before: VersionTime | undefined,
  after: VersionTime | undefined,
): boolean {
  const isLater = before === undefined || (compareResourceVersions(version, before.version) ?? 1) > 0;
  return isLater && (after === undefined || (compareResourceVersions(version, after.version) ?? -1) < 0);
}

function noteOf(known: {
  readonly moment: string;
  readonly at: number;
  readonly before: VersionTime;
  readonly after: VersionTime | undefined;
  readonly untimed: number;
  readonly version: string;
  readonly now: Date;
}): string {
  const { before, after, untimed, now } = known;
  const clock = (at: number): string => timeText({ from: at, to: at }, now);
  const next = after === undefined ? 'and no later one is known' : `the next one at ${clock(after.at)}`;
  const unsure =
    untimed === 0
      ? ''
      : `; ${untimed === 1 ? 'a change' : `${untimed} changes`} with an unknown time between them ${untimed === 1 ? 'is' : 'are'} left out`;
  return `note: ${known.moment} ago, ${clock(known.at)}, is resourceVersion ${known.version}: the last change with a known time before it was at ${clock(before.at)}, ${next}${unsure}`;
}

function tooLongAgo(
  text: string,
  at: number,
  oldest: VersionTime | undefined,
  [query]: readonly WatchQuery[],
  now: Date,
): RefusedError {
  const clock = (ms: number): string => timeText({ from: ms, to: ms }, now);
  const known =
    oldest === undefined
      ? 'it remembers no change with a known time'
      : `the oldest change with a known time is of ${clock(oldest.at)} (resourceVersion ${oldest.version})`;
  const type = query === undefined ? 'objects' : groupResourceOf(query.type);
  return new RefusedError(
    `the API server does not remember the ${type} of ${text} ago (${clock(at)}): ${known}`,
    {
      code: 'Expired',
      facts: {
        httpStatus: 410,
        reason: 'Expired',
        method: 'GET',
        path: query === undefined ? '/' : resourcePath(query.type, { namespace: query.namespace }),
      },
    },
  );
}

// Prints events of a watch as lines, until the follower ends. Entry points: openLinePrinter(),
// printEvents().

import type { WatchQuery } from '../../api/watch-event.ts';
import { watchTypes } from '../../api/watch-types.ts';
import { groupResourceOf } from '../../model/resource.ts';
import { openEventPrinter } from '../../output/event-printer.ts';
import type { OutputFormat } from '../../output/format.ts';
import type { EventPrinter } from '../../output/printed-change.ts';
import type { Deps } from '../deps.ts';
import { openDepartures } from './departures.ts';
import type { Follower, Step } from './follower.ts';
import type { WatchOptions } from './options.ts';
import { watchNeeds } from './plan.ts';
import type { Wait } from './wait.ts';
import { withLeft, type WhereWatch } from './where-watch.ts';

/** Opens the printer. */
export function openLinePrinter(
  queries: readonly WatchQuery[],
  options: WatchOptions,
  format: OutputFormat,
  deps: Deps,
): Promise<EventPrinter> {
  const types = new Set(queries.map(({ type }) => groupResourceOf(type)));
  return openEventPrinter(
    {
      ...options,
      format,
      showKind: options.showKind || types.size > 1,
      withNamespace: options.allNamespaces,
      now: deps.now(),
    },
    deps.io.out,
  );
}

interface Following {
  readonly wait: Wait | undefined;
  readonly follower: Follower;
  readonly printer: EventPrinter;
  /** `--where`. */
  readonly where: WhereWatch | undefined;
  readonly signal: AbortSignal;
}

/**
 * Prints changes until the follower ends, and returns the reason.
 * @throws as {@link watchTypes}
 */
export async function printEvents(
  queries: readonly WatchQuery[],
  options: WatchOptions,
  { wait, follower, printer, where, signal }: Following,
  deps: Deps,
): Promise<Step['end']> {
  const [send, discovery] = await Promise.all([deps.send(), deps.discovery()]);
  const departures = openDepartures(options, wait !== undefined, send, { now: deps.now, signal });
  const batches = watchTypes(send, queries, {
    ...watchNeeds(deps, discovery),
    signal,
    joining: () => follower.takeJoining(),
    // A goal applies to all requested types: it cannot be judged without one of them.
    refused:
      wait === undefined
        ? (query, error) => {
            follower.dropQuery(query, error);
          }
        : undefined,
  });
  for await (const batch of batches) {
    const { items, left } = where?.take(batch) ?? { items: batch, left: undefined };
    const deletions = await departures.classifyDeletions(items);
    const { changes, end } = follower.take(items, left === undefined ? deletions : withLeft(deletions, left));
    const note = where?.noteOf(batch);
    if (note !== undefined) deps.warn(note);
    if (changes.length > 0) await printer.print(changes);
    // Not earlier: V8 has compiled the start of a watch by now.
    await deps.noteLongRunning();
    if (end !== undefined) return end;
  }
  return undefined;
}

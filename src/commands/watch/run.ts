// kapi watch: the running part. Events as lines of text; how a watch stays alive is the api's.

import { buildWatchRequest, type WatchQuery } from '../../api/watch-event.ts';
import { watchTypes } from '../../api/watch-types.ts';
import { groupResourceOf } from '../../model/resource.ts';
import { openEventPrinter } from '../../output/event-printer.ts';
import type { OutputFormat } from '../../output/format.ts';
import type { Deps } from '../deps.ts';
import { readOutputFormat } from '../output-format.ts';
import { checkLabelColumns } from '../read-flags.ts';
import { openDepartures } from './departures.ts';
import { Follower } from './follower.ts';
import type { WatchOptions } from './options.ts';
import { planQueries, subjectsOf } from './plan.ts';
import type { Wait } from './wait.ts';

/**
 * @throws NegativeAnswer when `--timeout` comes before what was waited for, or when it failed
 * @throws ConnectionError `NotAnswered` when `--timeout` comes before the first answer; `WatchLost`
 * @throws UsageError, ConfigError; RefusedError, ServerError, ConnectionError of the start
 */
export async function runWatch(options: WatchOptions, deps: Deps): Promise<void> {
  const output = options.output ?? 'table';
  const format = await readOutputFormat(output);
  checkLabelColumns(options, format, output);
  warnOfItems(format, deps);
  const limit = startLimit(options.timeoutMs, deps);
  let follower: Follower | undefined;
  let wait: Wait | undefined;
  try {
    const discovery = await deps.discovery();
    const terminal = options.live && format.kind === 'table' ? await deps.terminal() : undefined;
    const queries = await limit.within(planQueries(options, format, terminal !== undefined, discovery, deps));
    wait = await waitOf(options, queries);
    if (deps.globals.curl) {
      await printRequests(queries, deps);
      return;
    }
    if (terminal !== undefined && format.kind === 'table') {
      const { runLive } = await import('./live.ts');
      await runLive(queries, { ...options, wide: format.wide }, terminal, deps);
      return;
    }
    const types = new Set(queries.map(({ type }) => groupResourceOf(type)));
    const printer = await openEventPrinter(
      {
        ...options,
        format,
        showKind: options.showKind || types.size > 1,
        withNamespace: options.allNamespaces,
        now: deps.now(),
      },
      deps.io.out,
    );
    const following = new Follower(options, queries, wait, deps);
    follower = following;
    const send = await deps.send();
    const departures = openDepartures(options, wait !== undefined, send, { ...deps, signal: limit.signal });
    const batches = watchTypes(send, queries, {
      ...deps,
      signal: limit.signal,
      rediscover: (missing) => discovery.rediscover(missing),
      joining: () => following.takeJoining(),
      // A goal concerns all that was asked for: without one of them it could not be judged.
      refused:
        wait === undefined
          ? (query, error) => {
              following.goOnWithout(query, error);
            }
          : undefined,
    });
    for await (const items of batches) {
      const { changes, end } = following.take(items, await departures.fatesOf(items));
      if (changes.length > 0) await printer.print(changes);
      // Not before: what the start of a watch needs has been compiled now.
      await deps.runsLong();
      if (end === 'time-up') throw limit.timeUp;
      if (end !== undefined) break;
    }
    if (wait === undefined) return;
    const { sayMet, waitFailed } = await import('./outcome.ts');
    if (wait.failure !== undefined) throw waitFailed(wait.failure);
    if (options.forCount === undefined) sayMet(wait, deps);
  } catch (thrown) {
    if (thrown !== limit.timeUp) throw thrown;
    await endInTime(options, follower, wait);
  } finally {
    limit.end();
  }
}

/** What a time limit means: nothing where nothing was waited for. */
async function endInTime(
  options: WatchOptions,
  follower: Follower | undefined,
  wait: Wait | undefined,
): Promise<void> {
  const { notAnswered, timedOut } = await import('./outcome.ts');
  const unanswered = follower?.unanswered ?? [];
  if (follower === undefined || unanswered.length > 0) {
    throw notAnswered((options.timeoutMs ?? 0) / 1_000, unanswered, follower?.hasListedSome === true);
  }
  const { all, any, inTurn } = options.goals;
  const isAwaited = options.forCount !== undefined || [...all, ...any, ...inTurn].length > 0;
  if (isAwaited) throw timedOut(wait, follower, options);
}

/** @throws UsageError for goals that cannot be understood, or that the types do not have */
async function waitOf({ goals }: WatchOptions, queries: readonly WatchQuery[]): Promise<Wait | undefined> {
  const { all, any, failOn, inTurn } = goals;
  const every = [...all, ...any, ...failOn, ...inTurn];
  if (every.length === 0) return undefined;
  const { checkGoals, openGoal } = await import('./goal.ts');
  checkGoals(
    every,
    queries.map(({ type }) => type),
  );
  const asked = subjectsOf(queries);
  if (inTurn.length > 0) {
    const { openKubectlWait } = await import('./kubectl-wait.ts');
    return openKubectlWait(inTurn.map(openGoal), asked);
  }
  const { openWait } = await import('./wait.ts');
  return openWait({ all: all.map(openGoal), any: any.map(openGoal), failOn: failOn.map(openGoal) }, asked);
}

/** With --curl one request for each type: a watch from 0 begins with what is there. */
async function printRequests(queries: readonly WatchQuery[], deps: Deps): Promise<void> {
  const send = await deps.send();
  const printed = await Promise.allSettled(
    queries.map((query) => send(buildWatchRequest(query, '0', false))),
  );
  for (const each of printed) if (each.status === 'rejected') throw each.reason;
}

interface Limit {
  /** Of the command, or aborted with `timeUp`. */
  readonly signal: AbortSignal;
  readonly timeUp: Error;
  /** What comes in time. @throws timeUp */
  within<Value>(promise: Promise<Value>): Promise<Value>;
  end(): void;
}

/** Longest time that timers hold, some 24 days. */
const longestMs = 2 ** 31 - 1;

function startLimit(timeoutMs: number | undefined, deps: Deps): Limit {
  const timeUp = new Error('the time of --timeout is over');
  const time = new AbortController();
  const end = new AbortController();
  const over = new Promise<never>((_, reject) => {
    time.signal.addEventListener('abort', () => {
      reject(timeUp);
    });
  });
  // Met in within(), or not needed.
  over.catch(() => undefined);
  // 0 looks once: the end is when the lists have come.
  if (timeoutMs !== undefined && timeoutMs > 0) {
    deps.sleep(Math.min(timeoutMs, longestMs), end.signal).then(
      () => {
        time.abort(timeUp);
      },
      () => undefined,
    );
  }
  return {
    signal: AbortSignal.any([deps.signal, time.signal]),
    timeUp,
    within: (promise) => Promise.race([promise, over]),
    end: () => {
      end.abort();
    },
  };
}

/** kubectl passes a List to the template first, so that people are used to `.items`. */
function warnOfItems(format: OutputFormat, deps: Deps): void {
  if (format.kind !== 'jsonpath' && format.kind !== 'jsonpath-as-json') return;
  if (!/\.items\b/.test(format.template)) return;
  deps.warn(
    'Warning: in a watch the template is given one object after the other, not a list: leave .items out',
  );
}

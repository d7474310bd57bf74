// Runs kapi watch: chooses between lines, the live table and printed requests, and reports how a
// wait ended. lines.ts prints; api/watch.ts keeps a watch alive.

import { buildWatchRequest, type WatchQuery } from '../../api/watch-event.ts';
import type { OutputFormat } from '../../output/format.ts';
import type { Deps } from '../deps.ts';
import { readOutputFormat } from '../output-format.ts';
import { checkLabelColumns } from '../read-flags.ts';
import { withoutOutput } from '../without-output.ts';
import { chooseWait } from './choose-wait.ts';
import { Follower } from './follower.ts';
import { openLinePrinter, printEvents } from './lines.ts';
import type { WatchOptions } from './options.ts';
import { planQueries } from './plan.ts';
import { startTimeLimit } from './time-limit.ts';
import type { Wait } from './wait.ts';
import type { Condition } from '../where.ts';
import type { WhereWatch } from './where-watch.ts';

/**
 * Runs the watch.
 * @throws NegativeAnswer if `--timeout` passes before the goals are met, or if a goal failed
 * @throws ConnectionError `NotAnswered` if `--timeout` passes before the first response;
 *   `WatchLost`
 * @throws UsageError, ConfigError; RefusedError, ServerError, ConnectionError of the start
 */
export async function runWatch(options: WatchOptions, given: Deps): Promise<void> {
  const deps = options.quiet ? withoutOutput(given) : given;
  const output = options.output ?? 'table';
  const format = await readOutputFormat(output);
  checkLabelColumns(options, format, output);
  warnOfItems(format, deps);
  const limit = startTimeLimit(options.timeoutMs, deps);
  let follower: Follower | undefined;
  let wait: Wait | undefined;
  try {
    const discovery = await deps.discovery();
    const terminal = options.live && format.kind === 'table' ? await deps.terminal() : undefined;
    const condition = await openWhere(options, deps);
    const queries = await limit.within(
      planQueries(options, format, terminal !== undefined, { discovery, condition }, deps),
    );
    const where = await limit.within(watchWhere(condition, queries, deps));
    wait = await chooseWait(options.goals, queries, deps);
    if (deps.globals.curl && options.replay) {
      const { printProcedure } = await import('../replay-procedure.ts');
      await printProcedure(queries, deps, true);
      return;
    }
    if (deps.globals.curl) {
      await printRequests(queries, deps);
      return;
    }
    if (terminal !== undefined && format.kind === 'table') {
      const { runLive } = await import('./live.ts');
      await runLive(queries, { ...options, wide: format.wide, condition: where }, terminal, deps);
      return;
    }
    const printer = await openLinePrinter(queries, options, format, deps);
    follower = new Follower(options, queries, wait, deps);
    const end = await printEvents(
      queries,
      options,
      { wait, follower, printer, where, signal: limit.signal },
      deps,
    );
    if (end === 'time-up') throw limit.timeUp;
    if (wait === undefined) return;
    const { printMet, waitFailed } = await import('./outcome.ts');
    if (wait.failure !== undefined) throw waitFailed(wait.failure);
    if (options.forCount === undefined) printMet(wait, deps);
  } catch (thrown) {
    if (thrown !== limit.timeUp) throw thrown;
    await endInTime(options, follower, wait);
  } finally {
    limit.end();
  }
}

/** Compiles the condition. @throws UsageError for an invalid condition */
async function openWhere({ where }: WatchOptions, deps: Deps): Promise<Condition | undefined> {
  if (where === undefined) return undefined;
  const { openCondition } = await import('../where.ts');
  return openCondition(where, '--where', deps.now);
}

async function watchWhere(
  condition: Condition | undefined,
  queries: readonly WatchQuery[],
  deps: Deps,
): Promise<WhereWatch | undefined> {
  if (condition === undefined) return undefined;
  if (!deps.globals.curl) {
    await condition.checkFields(
      queries.map(({ type }) => type),
      deps,
    );
  }
  const { WhereWatch } = await import('./where-watch.ts');
  return new WhereWatch(condition);
}

/** Ends at the time limit. Without goals it is not a failure. */
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

/**
 * Prints the requests for --curl, one for each type: a watch from 0 begins with the existing
 * objects.
 */
async function printRequests(queries: readonly WatchQuery[], deps: Deps): Promise<void> {
  const send = await deps.send();
  const printed = await Promise.allSettled(
    queries.map((query) => send(buildWatchRequest(query, '0', false))),
  );
  for (const each of printed) if (each.status === 'rejected') throw each.reason;
}

/** Warns about `.items`: kubectl passes a List to the template first, so users are used to it. */
function warnOfItems(format: OutputFormat, deps: Deps): void {
  if (format.kind !== 'jsonpath' && format.kind !== 'jsonpath-as-json') return;
  if (!/\.items\b/.test(format.template)) return;
  deps.warn(
    'Warning: in a watch the template is given one object after the other, not a list: leave .items out',
  );
}

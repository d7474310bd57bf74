// kapi watch: the running part. Events as lines of text; how a watch stays alive is the api's.

import type { Discovery } from '../../api/open-discovery.ts';
import type { WatchItem } from '../../api/watch.ts';
import { buildWatchRequest, type WatchQuery } from '../../api/watch-event.ts';
import { watchTypes } from '../../api/watch-types.ts';
import { NegativeAnswer, type RefusedError } from '../../errors.ts';
import { objectOf, type Change } from '../../model/change.ts';
import { objectAt, type JsonObject } from '../../model/object.ts';
import { diffObjects, type FieldChange } from '../../model/object-diff.ts';
import { groupResourceOf, type ResourceType } from '../../model/resource.ts';
import { openEventPrinter, type PrintedChange } from '../../output/event-printer.ts';
import type { OutputFormat } from '../../output/format.ts';
import type { Deps } from '../deps.ts';
import { readOutputFormat } from '../output-format.ts';
import { checkLabelColumns } from '../read-flags.ts';
import { emptyNotice } from '../read-objects.ts';
import type { GoalTracker } from './goal.ts';
import type { WatchOptions } from './options.ts';

/**
 * @throws NegativeAnswer when `--timeout` comes before what was waited for
 * @throws UsageError, ConfigError; RefusedError, ServerError, ConnectionError of the start; ConnectionError `WatchLost`
 */
export async function runWatch(options: WatchOptions, deps: Deps): Promise<void> {
  const output = options.output ?? 'table';
  const format = await readOutputFormat(output);
  checkLabelColumns(options, format, output);
  warnOfItems(format, deps);
  const goal = options.until && (await import('./goal.ts')).openGoal(options.until);
  const limit = startLimit(options.timeoutMs, deps);
  try {
    const discovery = await deps.discovery();
    const terminal = options.live && format.kind === 'table' ? await deps.terminal() : undefined;
    const queries = await queriesOf(options, format, terminal !== undefined, discovery, deps);
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
    const follower = new Follower(options, queries, goal, deps);
    const batches = watchTypes(await deps.send(), queries, {
      ...deps,
      signal: limit.signal,
      rediscover: (missing) => discovery.rediscover(missing),
      // A goal concerns all that was asked for: without one of them it could not be judged.
      refused:
        goal === undefined
          ? (query, error) => {
              follower.goOnWithout(query, error);
            }
          : undefined,
    });
    for await (const items of batches) {
      const { changes, end } = follower.take(items);
      if (changes.length > 0) await printer.print(changes);
      // Not before: what the start of a watch needs has been compiled now.
      await deps.runsLong();
      if (end === 'time-up') throw limit.timeUp;
      if (end === 'reached') {
        if (goal !== undefined) sayMet(goal, deps);
        return;
      }
    }
  } catch (thrown) {
    if (thrown !== limit.timeUp) throw thrown;
    if (goal !== undefined || options.forCount !== undefined) throw notReached(goal, options);
  } finally {
    limit.end();
  }
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
  end(): void;
}

/** Longest time that timers hold, some 24 days. */
const longestMs = 2 ** 31 - 1;

function startLimit(timeoutMs: number | undefined, deps: Deps): Limit {
  const timeUp = new Error('the time of --timeout is over');
  const time = new AbortController();
  const end = new AbortController();
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
    end: () => {
      end.abort();
    },
  };
}

async function queriesOf(
  options: WatchOptions,
  format: OutputFormat,
  live: boolean,
  discovery: Discovery,
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
    ...{ type, name, namespace, labelSelector, fieldSelector, remembersLabels },
    ...view,
  }));
}

/**
 * Rows of lists need metadata: which state of an object they show is said nowhere else. A row of an event comes in a table
 * of its own, which has the version; it needs metadata only for what is shown or asked of it.
 */
function viewOf(
  format: OutputFormat,
  live: boolean,
  { diff, until, allNamespaces, showLabels, labelColumns }: WatchOptions,
): Pick<WatchQuery, 'as' | 'includeObject' | 'includeInEvents'> {
  if (format.kind !== 'table' && format.kind !== 'name') return { as: 'objects' };
  if (diff || until?.kind === 'condition' || until?.kind === 'jsonpath') {
    return { as: 'table', includeObject: 'Object' };
  }
  const needsMetadata = live || until !== undefined || allNamespaces || showLabels || labelColumns.length > 0;
  return {
    as: 'table',
    includeObject: 'Metadata',
    ...(needsMetadata ? {} : { includeInEvents: 'None' as const }),
  };
}

/** Follows what the watches bring: chooses what is printed, and knows when it is enough. */
class Follower {
  readonly #options: WatchOptions;
  readonly #goal: GoalTracker | undefined;
  readonly #deps: Deps;
  /** The last state of each object, for `--diff`. */
  readonly #states = new Map<string, JsonObject>();
  /** Those whose lists are still to come, in the order in which they come. */
  #listing: readonly WatchQuery[];
  readonly #queries: readonly WatchQuery[];
  #objects = 0;
  #printed = 0;

  constructor(
    options: WatchOptions,
    queries: readonly WatchQuery[],
    goal: GoalTracker | undefined,
    deps: Deps,
  ) {
    this.#options = options;
    this.#queries = queries;
    this.#listing = queries;
    this.#goal = goal;
    this.#deps = deps;
  }

  /** @returns what is to be printed, and why nothing shall follow it */
  take(items: readonly WatchItem[]): {
    readonly changes: readonly PrintedChange[];
    readonly end: 'reached' | 'time-up' | undefined;
  } {
    const changes: PrintedChange[] = [];
    const { diff, watchOnly, timeoutMs } = this.#options;
    const time = this.#deps.now();
    for (const item of items) {
      if (item.kind === 'notice') this.#deps.warn(item.text);
      if (item.kind === 'synced') this.#synced(item.count);
      if (item.kind === 'change') {
        const { change, initial } = item;
        const fields = diff ? this.#fieldsOf(change) : undefined;
        this.#goal?.take(change, initial);
        if (!initial || !watchOnly) {
          changes.push({ change, time, fields });
          this.#printed++;
        }
      }
      if (this.#isReached()) return { changes, end: 'reached' };
    }
    return { changes, end: timeoutMs === 0 && this.#listing.length === 0 ? 'time-up' : undefined };
  }

  /** One of several types is refused; the others go on. */
  goOnWithout(query: WatchQuery, error: RefusedError): void {
    this.#listing = this.#listing.filter((one) => one !== query);
    this.#deps.warn(`Warning: ${groupResourceOf(query.type)} cannot be watched: ${error.message}`);
  }

  #isReached(): boolean {
    const { forCount } = this.#options;
    if (forCount !== undefined) return this.#printed >= forCount;
    return this.#goal !== undefined && this.#listing.length === 0 && this.#goal.reached();
  }

  #synced(count: number): void {
    const [query, ...others] = this.#listing;
    this.#listing = others;
    this.#objects += count;
    if (query === undefined || this.#options.until?.kind === 'delete') return;
    if (query.name !== undefined) {
      // Most names that do not exist are misspelt, and this waits for ever.
      if (count === 0) this.#deps.warn(`${groupResourceOf(query.type)} "${query.name}" is not there yet`);
    } else if (others.length === 0 && this.#objects === 0) {
      const types = this.#queries.map(({ type }) => type);
      this.#deps.warn(emptyNotice(types, query.namespace));
    }
  }

  #fieldsOf(change: Change): readonly FieldChange[] | undefined {
    const key = `${groupResourceOf(change.type)}/${change.namespace}/${change.name}`;
    const after = objectOf(change);
    const before = this.#states.get(key);
    if (change.change === 'DELETED' || after === undefined) {
      this.#states.delete(key);
      return undefined;
    }
    this.#states.set(key, slim(after));
    return change.change === 'MODIFIED' && before !== undefined ? diffObjects(before, after) : undefined;
  }
}

/** An object as it is kept: without the field managers, which are half of it and never shown. */
function slim(object: JsonObject): JsonObject {
  const { managedFields, ...metadata } = objectAt(object, 'metadata') ?? {};
  return managedFields === undefined ? object : { ...object, metadata };
}

/** kubectl passes a List to the template first, so that people are used to `.items`. */
function warnOfItems(format: OutputFormat, deps: Deps): void {
  if (format.kind !== 'jsonpath' && format.kind !== 'jsonpath-as-json') return;
  if (!/\.items\b/.test(format.template)) return;
  deps.warn(
    'Warning: in a watch the template is given one object after the other, not a list: leave .items out',
  );
}

/** More names than this are only counted. */
const mostNames = 10;

function sayMet(goal: GoalTracker, deps: Deps): void {
  const names = goal.met();
  if (names.length > mostNames) deps.warn(`${names.length} objects: condition met`);
  else for (const name of names) deps.warn(`${name} condition met`);
}

/** kubectl's words. */
function notReached(goal: GoalTracker | undefined, { forCount }: WatchOptions): NegativeAnswer {
  const code = 'NotReached';
  if (goal === undefined)
    return new NegativeAnswer(`timed out waiting for ${forCount ?? 0} events`, { code });
  const names = goal.missing();
  if (names.length === 0) {
    return new NegativeAnswer('timed out waiting for the condition: no matching object is there', { code });
  }
  const more = names.length - mostNames;
  const shown = names.slice(0, mostNames).join(', ');
  return new NegativeAnswer(
    `timed out waiting for the condition on ${shown}${more > 0 ? ` and ${more} more` : ''}`,
    { code },
  );
}

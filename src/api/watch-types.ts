// Merges several watches into one sequence. Entry point: watchTypes(). watch.ts watches a single
// type.

import { setMaxListeners } from 'node:events';
import { BugError, RefusedError } from '../errors.ts';
import { forwardAbort } from '../model/abort.ts';
import type { Send } from '../model/request.ts';
import type { WatchQuery } from './watch-event.ts';
import { watchType, type WatchItem, type WatchOptions } from './watch.ts';

export interface WatchTypesOptions extends WatchOptions {
  /**
   * Called when the server refuses one of several types; the other watches continue. If absent, or
   * if all types are refused, the refusal is thrown.
   */
  readonly refused?: ((query: WatchQuery, error: RefusedError) => void) | undefined;
  /**
   * Called after each batch. Returns queries to watch in addition from now on; other watches do not
   * wait for their lists.
   */
  readonly joining?: (() => readonly WatchQuery[]) | undefined;
}

interface Source {
  readonly query: WatchQuery;
  readonly watch: AsyncGenerator<readonly WatchItem[], void, undefined>;
  /** True while a batch is pending, or has arrived and was not yielded yet. */
  asked: boolean;
  synced: boolean;
}

type Arrival = { readonly from: Source } & (
  { readonly items: readonly WatchItem[] } | { readonly thrown: unknown }
);

/**
 * Watches each query over its own connection. Yields the first lists one after another in the order
 * of the queries, even if a later one responds first. Yields everything else in the order of
 * arrival. Each watch is at most one batch ahead of the reader.
 * @throws what {@link watchType} throws, for the first watch that ends
 */
export async function* watchTypes(
  send: Send,
  queries: readonly WatchQuery[],
  options: WatchTypesOptions,
): AsyncGenerator<readonly WatchItem[], void, undefined> {
  const leaving = new AbortController();
  // One listener for each watch is not a leak.
  setMaxListeners(0, leaving.signal);
  const release = forwardAbort(options.signal, leaving);
  const arrived: Arrival[] = [];
  let wake: (() => void) | undefined;
  const open = (query: WatchQuery, synced: boolean): Source => {
    const watch = watchType(send, query, { ...options, signal: leaving.signal });
    return { query, watch, asked: false, synced };
  };
  let sources = queries.map((query) => open(query, false));

  function arrive(arrival: Arrival): void {
    arrived.push(arrival);
    wake?.();
  }

  // Promise.race() would add a reaction to the pending promise of a quiet watch for every batch of
  // a busy watch.
  function ask(from: Source): void {
    if (from.asked) return;
    from.asked = true;
    from.watch.next().then(
      ({ value, done }) => {
        const bug = new BugError('a watch ended without a reason', { code: 'WatchEnded' });
        arrive(done === true ? { from, thrown: bug } : { from, items: value });
      },
      (thrown: unknown) => {
        arrive({ from, thrown });
      },
    );
  }

  /**
   * Returns the next arrival: that of the first watch whose list is incomplete, or else the oldest.
   * A failure also waits for its turn.
   */
  async function next(): Promise<Arrival> {
    const listing = sources.find(({ synced }) => !synced);
    for (;;) {
      const at = listing === undefined ? 0 : arrived.findIndex(({ from }) => from === listing);
      const [arrival] = at < 0 ? [] : arrived.splice(at, 1);
      if (arrival !== undefined) return arrival;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  try {
    while (sources.length > 0) {
      sources.forEach(ask);
      const arrival = await next();
      const { from } = arrival;
      from.asked = false;
      if ('items' in arrival) {
        from.synced ||= arrival.items.some(({ kind }) => kind === 'synced');
        yield arrival.items;
        for (const query of options.joining?.() ?? []) sources = [...sources, open(query, true)];
        continue;
      }
      const { thrown } = arrival;
      const others = sources.filter((source) => source !== from);
      const isRefused = thrown instanceof RefusedError && !from.synced;
      if (!isRefused || options.refused === undefined || others.length === 0) throw thrown;
      options.refused(from.query, thrown);
      sources = others;
    }
  } finally {
    release();
    // Ends the running watches. Later arrivals are ignored.
    leaving.abort();
    for (const { watch } of sources) void watch.return();
  }
}

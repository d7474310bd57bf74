// Several watches in one order. Entry point: watchTypes(). One type alone is watch.ts.

import { setMaxListeners } from 'node:events';
import { BugError, RefusedError } from '../errors.ts';
import { forwardAbort } from '../model/abort.ts';
import type { Send } from '../model/request.ts';
import type { WatchQuery } from './watch-event.ts';
import { watchType, type WatchItem, type WatchOptions } from './watch.ts';

export interface WatchTypesOptions extends WatchOptions {
  /**
   * Takes the refusal of one of several types, and the others go on. Absent, or when all are refused: it is thrown.
   */
  readonly refused?: ((query: WatchQuery, error: RefusedError) => void) | undefined;
  /** Asked after each batch for queries to be watched besides from then on; nothing waits for their lists. */
  readonly joining?: (() => readonly WatchQuery[]) | undefined;
}

interface Source {
  readonly query: WatchQuery;
  readonly watch: AsyncGenerator<readonly WatchItem[], void, undefined>;
  /** A batch of it is on its way, or has arrived and was not taken yet. */
  asked: boolean;
  synced: boolean;
}

type Arrival = { readonly from: Source } & (
  { readonly items: readonly WatchItem[] } | { readonly thrown: unknown }
);

/**
 * Watches each query over a connection of its own. Their first lists come one after the other in the order of the
 * queries, whichever answers first; after them everything in the order in which it arrives. No watch is more than one
 * batch ahead of the reader.
 * @throws what {@link watchType} throws, for the first that ends
 */
export async function* watchTypes(
  send: Send,
  queries: readonly WatchQuery[],
  options: WatchTypesOptions,
): AsyncGenerator<readonly WatchItem[], void, undefined> {
  const leaving = new AbortController();
  // One for each watch is no leak.
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

  // No Promise.race: it would leave a reaction at the promise of a quiet watch for every batch of a busy one.
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

  /** The next in order: of the first that still lists, or of whichever came first. A failure waits for its turn too. */
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
    // Ends what is under way; what then still arrives is nobody's concern.
    leaving.abort();
    for (const { watch } of sources) void watch.return();
  }
}

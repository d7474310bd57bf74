// Time that passes only while nothing else happens: waits of minutes take milliseconds, in their right order. Entry
// point: virtualTime().

export interface VirtualTime {
  /** Milliseconds since the beginning, monotonic. */
  readonly clock: () => number;
  /** Resolves when the clock has come so far; rejects with the signal's reason. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** The lengths of all waits that were begun, in order. */
  readonly waits: readonly number[];
}

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

/**
 * @param quietMs real time without a look at the clock after which everything is taken to wait for the next sleeper
 */
export function virtualTime(quietMs = 10): VirtualTime {
  let nowMs = 0;
  let lastLook = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const sleepers = new Set<Sleeper>();
  const waits: number[] = [];

  function advance(): void {
    timer = undefined;
    const [first] = [...sleepers].sort((a, b) => a.dueMs - b.dueMs);
    if (first === undefined) return;
    if (performance.now() - lastLook >= quietMs) {
      nowMs = Math.max(nowMs, first.dueMs);
      sleepers.delete(first);
      lastLook = performance.now();
      first.wake();
    }
    wind();
  }

  function wind(): void {
    timer ??= setTimeout(advance, quietMs);
  }

  return {
    waits,
    clock: () => {
      lastLook = performance.now();
      return nowMs;
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        lastLook = performance.now();
        waits.push(ms);
        const abort = (): void => {
          sleepers.delete(sleeper);
          reject(signal.reason as Error);
        };
        const sleeper: Sleeper = {
          dueMs: nowMs + ms,
          wake: () => {
            signal.removeEventListener('abort', abort);
            resolve();
          },
        };
        if (signal.aborted) {
          abort();
          return;
        }
        signal.addEventListener('abort', abort, { once: true });
        sleepers.add(sleeper);
        wind();
      }),
  };
}

// Virtual time that advances only while everything is idle: waits of minutes take milliseconds, in
// the right order. Entry points: virtualTime(), frozenTime(), whenIdle(). Idleness is measured in
// turns of the event loop and module loads, never in real time, so that a busy machine gives the
// same result.
import { vi } from 'vitest';

export interface VirtualTime {
  /** Milliseconds since the start, monotonic. */
  readonly clock: () => number;
  /** Resolves when the clock has reached the time; rejects with the signal's reason. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** The lengths of all started waits, in order. */
  readonly waits: readonly number[];
}

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** Turns of the loop without work, after which only time can trigger something. */
const idleTurns = 25;

/**
 * Work of the system that a turn of the loop does not wait for. Sockets on loopback are ready in
 * the next turn.
 */
const pendingWork = /^(FSReq|GetAddrInfo|ProcessWrap|TCPConnect|Zlib|Worker|FileHandleCloseReq)/i;

/**
 * Waits until only time can trigger something: no module is being loaded, no file read, no program
 * run, and `isBusy` was false for some turns of the loop.
 * @param isBusy called once each turn; true if something has happened since the last call
 */
export async function whenIdle(isBusy: () => boolean = () => false): Promise<void> {
  for (let quiet = 0; quiet < idleTurns; quiet++) {
    // Uses a real timer of 1 ms: a part of the turns is enough.
    if (quiet === 0 || quiet === idleTurns - 1) await vi.dynamicImportSettled();
    await new Promise((resolve) => setImmediate(resolve));
    if (isBusy() || process.getActiveResourcesInfo().some((name) => pendingWork.test(name))) quiet = -1;
  }
}

/** Returns a clock that advances while everything is idle. */
export function virtualTime(): VirtualTime {
  let nowMs = 0;
  let wasLookedAt = false;
  let isWinding = false;
  const sleepers = new Set<Sleeper>();
  const waits: number[] = [];

  function isBusy(): boolean {
    const was = wasLookedAt;
    wasLookedAt = false;
    return was;
  }

  async function wind(): Promise<void> {
    if (isWinding) return;
    isWinding = true;
    while (sleepers.size > 0) {
      await whenIdle(isBusy);
      const [first] = [...sleepers].sort((a, b) => a.dueMs - b.dueMs);
      if (first === undefined) break;
      nowMs = Math.max(nowMs, first.dueMs);
      sleepers.delete(first);
      first.wake();
    }
    isWinding = false;
  }

  return {
    waits,
    clock: () => {
      wasLookedAt = true;
      return nowMs;
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        wasLookedAt = true;
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
        void wind();
      }),
  };
}

/** Returns a clock that never advances: a sleep ends only when its signal aborts. */
export function frozenTime(): VirtualTime {
  const waits: number[] = [];
  return {
    waits,
    clock: () => 0,
    sleep: (ms, signal) => {
      waits.push(ms);
      return new Promise((_, reject) => {
        const abort = (): void => {
          reject(signal.reason as Error);
        };
        if (signal.aborted) abort();
        else signal.addEventListener('abort', abort, { once: true });
      });
    },
  };
}

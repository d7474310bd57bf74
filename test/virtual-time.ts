// Time that passes only while nothing else happens: waits of minutes take milliseconds, in their right order. Entry
// points: virtualTime(), frozenTime(), whenIdle(). What happens is counted in turns of the event loop and in loads of
// modules, never in real time, so that a busy machine decides the same.
import { vi } from 'vitest';

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

/** Turns of the loop without a sign of work, after which only time can make something happen. */
const idleTurns = 25;

/** Work of the system that a turn of the loop does not wait for. Sockets on loopback are ready in the next turn. */
const pendingWork = /^(FSReq|GetAddrInfo|ProcessWrap|TCPConnect|Zlib|Worker|FileHandleCloseReq)/i;

/**
 * Waits until nothing but time can make anything happen: no module is being loaded, no file read and no program run, and
 * the loop has turned without `isBusy`.
 * @param isBusy asked once each turn: whether something has happened since it was last asked
 */
export async function whenIdle(isBusy: () => boolean = () => false): Promise<void> {
  for (let quiet = 0; quiet < idleTurns; quiet++) {
    // It takes a real timer of 1 ms: a part of the turns is enough.
    if (quiet === 0 || quiet === idleTurns - 1) await vi.dynamicImportSettled();
    await new Promise((resolve) => setImmediate(resolve));
    if (isBusy() || process.getActiveResourcesInfo().some((name) => pendingWork.test(name))) quiet = -1;
  }
}

/** Time that passes while everything is idle. */
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

/** Time that never passes: what sleeps is awake only when its signal aborts. */
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

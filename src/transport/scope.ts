// The life of one call: it ends by a signal of its caller or the process, or by its time limit.

import { forwardAbort } from '../model/abort.ts';

/** Aborts when the first of its causes does. */
export interface Scope {
  readonly signal: AbortSignal;
  /** Milliseconds until the time limit; Infinity without one. */
  remainingMs(): number;
  /** Lifts the time limit and keeps the signals: a stream has begun. */
  stopClock(): void;
  /** Lets go of all signals and the clock. */
  end(): void;
}

/**
 * @param parents signals that end the scope; it lets go of them at its end, unlike AbortSignal.any, which on Node 20
 *   stays attached to a long-lived signal until that is collected
 * @param timeoutMs 0: no limit
 * @param timedOut makes the reason at the moment of the time limit
 * @param clock a monotonic clock in milliseconds
 */
export function openScope(
  parents: readonly (AbortSignal | undefined)[],
  timeoutMs: number,
  timedOut: () => Error,
  clock: () => number = () => performance.now(),
): Scope {
  const controller = new AbortController();
  const begun = clock();
  const releases: (() => void)[] = [];
  for (const parent of parents) if (parent !== undefined) releases.push(forwardAbort(parent, controller));
  let timer: NodeJS.Timeout | undefined;
  if (timeoutMs > 0) {
    // Timers hold 31 bits; a longer limit is none in practice.
    timer = setTimeout(
      () => {
        controller.abort(timedOut());
      },
      Math.min(timeoutMs, 2 ** 31 - 1),
    );
    // Whatever is waited for holds the process itself; an answer that nobody reads must not.
    timer.unref();
  }
  return {
    signal: controller.signal,
    remainingMs: () => (timer === undefined ? Infinity : timeoutMs - (clock() - begun)),
    stopClock: () => {
      clearTimeout(timer);
      timer = undefined;
    },
    end: () => {
      clearTimeout(timer);
      for (const release of releases) release();
    },
  };
}

// The lifetime of one call: a signal of the caller or of the process ends it, or its time limit.

import { forwardAbort } from '../model/abort.ts';

/** A signal that aborts on the first of several causes. */
export interface Scope {
  readonly signal: AbortSignal;
  /** Returns the milliseconds until the time limit; Infinity without a limit. */
  remainingMs(): number;
  /** Removes the time limit and keeps the signals, when a stream begins. */
  stopClock(): void;
  /** Removes all listeners and the timer. */
  end(): void;
}

/**
 * Opens the scope of a call.
 * @param parents signals that end the scope. Its end removes the listeners, unlike AbortSignal.any,
 *   which on Node 20 stays attached to a long-lived signal until it is garbage-collected.
 * @param timeoutMs time limit in milliseconds; 0: no limit
 * @param timedOut makes the abort reason when the time limit passes
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
    // Node's timers hold 31 bits. A longer limit ends after 2^31 - 1 ms, which is 24 days.
    timer = setTimeout(
      () => {
        controller.abort(timedOut());
      },
      Math.min(timeoutMs, 2 ** 31 - 1),
    );
    // Pending I/O keeps the process alive. A response that is not read must not.
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

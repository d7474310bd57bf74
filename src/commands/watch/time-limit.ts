// The time limit of --timeout. Entry point: startTimeLimit().

import type { Deps } from '../deps.ts';

export interface TimeLimit {
  /** The signal of the command, which is also aborted with `timeUp`. */
  readonly signal: AbortSignal;
  readonly timeUp: Error;
  /** Returns the value of the promise if it resolves in time. @throws timeUp */
  within<Value>(promise: Promise<Value>): Promise<Value>;
  end(): void;
}

/** Max delay of a timer in milliseconds, about 24 days. */
const maxTimerMs = 2 ** 31 - 1;

/**
 * Starts the limit.
 * @param timeoutMs undefined: no limit; 0 checks once: ends when the lists are complete
 */
export function startTimeLimit(
  timeoutMs: number | undefined,
  { sleep, signal }: Pick<Deps, 'sleep' | 'signal'>,
): TimeLimit {
  const timeUp = new Error('the time of --timeout is over');
  const time = new AbortController();
  const end = new AbortController();
  const over = new Promise<never>((_, reject) => {
    time.signal.addEventListener('abort', () => {
      reject(timeUp);
    });
  });
  // within() reports it, or the command ends without it.
  over.catch(() => undefined);
  if (timeoutMs !== undefined && timeoutMs > 0) {
    sleep(Math.min(timeoutMs, maxTimerMs), end.signal).then(
      () => {
        time.abort(timeUp);
      },
      () => undefined,
    );
  }
  return {
    signal: AbortSignal.any([signal, time.signal]),
    timeUp,
    within: (promise) => Promise.race([promise, over]),
    end: () => {
      end.abort();
    },
  };
}

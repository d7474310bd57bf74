// Helpers for work that ends early because a signal aborts. Entry points: forwardAbort(),
// unlessAborted(), waitForAbort(), reasonOf().

/**
 * Aborts a controller with the reason of a signal. Unlike AbortSignal.any, which leaks memory at a
 * long-lived signal on Node 20, it can be undone: a watch reconnects now and then for days. It also
 * loads less.
 * @returns a function that undoes it
 */
export function forwardAbort(parent: AbortSignal, controller: AbortController): () => void {
  const abort = (): void => {
    controller.abort(reasonOf(parent));
  };
  if (parent.aborted) abort();
  parent.addEventListener('abort', abort, { once: true });
  return () => {
    parent.removeEventListener('abort', abort);
  };
}

/** Returns why a signal was aborted, as something to throw. */
export function reasonOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}

/**
 * Waits for a promise until the signal aborts. Later settlement of the promise is ignored.
 * @param delayMs time that the promise still has after the signal. Default: none
 * @throws the signal's reason
 */
export function unlessAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal,
  delayMs?: number,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const giveUp = (): void => {
      reject(reasonOf(signal));
    };
    const aborted = (): void => {
      if (delayMs === undefined) giveUp();
      else timer = setTimeout(giveUp, delayMs);
    };
    if (signal.aborted) aborted();
    else signal.addEventListener('abort', aborted, { once: true });
    void promise.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
    });
  });
}

/** Resolves when the signal aborts, at once if it already has. */
export function waitForAbort(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

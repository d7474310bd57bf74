// A signal that another one aborts too. Entry point: forwardAbort().

/**
 * Aborts a controller with the reason of a signal. Unlike AbortSignal.any, which on Node 20 leaves something behind at a
 * signal that lives on, it can be undone: a watch makes an attempt every now and then for days. It also loads less.
 * @returns undoes it
 */
export function forwardAbort(parent: AbortSignal, controller: AbortController): () => void {
  const abort = (): void => {
    controller.abort(parent.reason);
  };
  if (parent.aborted) abort();
  parent.addEventListener('abort', abort, { once: true });
  return () => {
    parent.removeEventListener('abort', abort);
  };
}

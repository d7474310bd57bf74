// Separates failures that concern one target of a command from those that concern all of them.
// Entry point: partialFailure().

import { KapiError, NotSent, RefusedError, ServerError, UsageError } from '../errors.ts';

/**
 * Returns an error that concerns one type or object: the server refuses or fails it, the type does
 * not support what is asked, or `--curl` printed the request.
 * @throws any other error, which concerns all targets: no connection, no credentials, an interrupt
 */
export function partialFailure(thrown: unknown): KapiError {
  const isPartial = [RefusedError, ServerError, UsageError, NotSent].some((kind) => thrown instanceof kind);
  if (isPartial && thrown instanceof KapiError) return thrown;
  throw thrown;
}

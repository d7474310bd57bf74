// Reads the state of a server: version, clock and readiness checks. Entry points: askServerClock(),
// askReadiness(). For `kapi doctor`.

import { RefusedError, type ServerError } from '../errors.ts';
import type { RequestSpec, Send, SendOptions } from '../model/request.ts';
import { sourceOf } from './response-source.ts';
import { readJson, readStart } from './read.ts';
import { errorOf, errorOfResponse, isSuccess } from './status.ts';
import { decodeVersion, type ServerVersion } from './version.ts';

export interface ServerClock {
  /** Undefined if the user cannot read it. The response still tells the time. */
  readonly version: ServerVersion | undefined;
  /** The server's time of the response, in whole seconds. Undefined if the server sent none. */
  readonly date: Date | undefined;
}

/**
 * Reads `GET /version` and the Date header of the response.
 * @throws RefusedError for a refusal other than 401 and 403
 * @throws ServerError, ConnectionError
 */
export async function askServerClock(send: Send, options: SendOptions = {}): Promise<ServerClock> {
  const request: RequestSpec = { method: 'GET', path: '/version', headers: { accept: 'application/json' } };
  const response = await send(request, options);
  const time = Date.parse(response.headers['date'] ?? '');
  const date = Number.isNaN(time) ? undefined : new Date(time);
  if (isSuccess(response)) {
    const version = decodeVersion(await readJson(response, request), sourceOf(request, response));
    return { version, date };
  }
  if (response.status !== 401 && response.status !== 403) throw await errorOf(request, response);
  response.cancel();
  return { version: undefined, date };
}

/** The readiness, as far as the server tells. */
export type Readiness =
  | { readonly kind: 'ready'; readonly checks: number }
  /** `failing`: names of the failing checks. Empty if the server names none. */
  | {
      readonly kind: 'unready';
      readonly failing: readonly string[];
      readonly error: ServerError | RefusedError;
    }
  /** The server refuses the request, or does not have the path. */
  | { readonly kind: 'untold'; readonly error: RefusedError };

const maxListBytes = 64 * 1024;

/**
 * Reads the readiness checks.
 * @throws ConnectionError
 * @see https://kubernetes.io/docs/reference/using-api/health-checks/
 */
export async function askReadiness(send: Send, options: SendOptions = {}): Promise<Readiness> {
  // No retry: a 503 is a result here, not a temporary failure.
  const request: RequestSpec = { method: 'GET', path: '/readyz?verbose', retry: false };
  const response = await send(request, options);
  const text = await readStart(response, maxListBytes);
  if (isSuccess(response)) return { kind: 'ready', checks: namesOf(text, '+').length };
  const error = errorOfResponse(request, response, text);
  if (!(error instanceof RefusedError)) return { kind: 'unready', failing: namesOf(text, '-'), error };
  return { kind: 'untold', error };
}

/**
 * Returns the names of checks, from lines such as `[+]etcd ok` and
 * `[-]informer-sync failed: reason withheld`.
 */
function namesOf(text: string, sign: '+' | '-'): string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith(`[${sign}]`))
    .map((line) => line.slice(3).split(' ')[0] ?? '');
}

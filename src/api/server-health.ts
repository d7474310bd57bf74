// How the server is: its version and clock, and its readiness checks one by one. Entry points: askServerClock(),
// askReadiness(). For `kapi doctor`.

import { RefusedError, type ServerError } from '../errors.ts';
import type { RequestSpec, Send, SendOptions } from '../model/request.ts';
import { sourceOf } from './answer.ts';
import { readJson, readStart } from './read.ts';
import { errorOf, errorOfResponse, isSuccess } from './status.ts';
import { decodeVersion, type ServerVersion } from './version.ts';

export interface ServerClock {
  /** Undefined where the server does not tell this user: whoever is refused still learns its time. */
  readonly version: ServerVersion | undefined;
  /** The server's time when it answered, to the second; undefined where it sent none. */
  readonly date: Date | undefined;
}

/**
 * GET /version, with the Date of the answer.
 * @throws RefusedError for anything but 401 and 403; ServerError, ConnectionError
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

/** Readiness as far as it was told. */
export type Readiness =
  | { readonly kind: 'ready'; readonly checks: number }
  /** `failing`: names of the checks; empty where the server names none. */
  | {
      readonly kind: 'unready';
      readonly failing: readonly string[];
      readonly error: ServerError | RefusedError;
    }
  /** This user may not ask, or the server has no such path. */
  | { readonly kind: 'untold'; readonly error: RefusedError };

const longestList = 64 * 1024;

/**
 * @throws ConnectionError
 * @see https://kubernetes.io/docs/reference/using-api/health-checks/
 */
export async function askReadiness(send: Send, options: SendOptions = {}): Promise<Readiness> {
  // Asked once: a 503 is the answer here, not a reason to wait.
  const request: RequestSpec = { method: 'GET', path: '/readyz?verbose', retry: false };
  const response = await send(request, options);
  const text = await readStart(response, longestList);
  if (isSuccess(response)) return { kind: 'ready', checks: namesOf(text, '+').length };
  const error = errorOfResponse(request, response, text);
  if (!(error instanceof RefusedError)) return { kind: 'unready', failing: namesOf(text, '-'), error };
  return { kind: 'untold', error };
}

/** Lines read `[+]etcd ok` and `[-]informer-sync failed: reason withheld`. */
function namesOf(text: string, sign: '+' | '-'): string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith(`[${sign}]`))
    .map((line) => line.slice(3).split(' ')[0] ?? '');
}

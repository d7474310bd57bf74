// Asks whether the version that a watch goes on from exists in the server's store. Entry point: checkVersion().
// A store that was restored from a backup, or made anew behind the same address, grants a watch from a version that it has
// not reached yet, and sends nothing until it gets there.

import { RefusedError, ServerError } from '../errors.ts';
import { arrayAt, isJsonObject, objectAt, stringAt, type Json } from '../model/object.ts';
import type { RequestSpec, Send } from '../model/request.ts';
import { compareResourceVersions } from '../model/resource-version.ts';
import type { Ledger } from './ledger.ts';
import { buildListRequest } from './object-request.ts';
import { readJson } from './read.ts';
import { errorOf, isSuccess, statusOf } from './status.ts';
import type { WatchQuery } from './watch-event.ts';
import type { CheckVerdict } from './watch-machine.ts';

/**
 * The smallest list that has to be at least as new as a version. A server that has not reached the version answers 504 with
 * the cause ResourceVersionTooLarge.
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#semantics-for-get-and-list
 */
export function buildCheckRequest(query: WatchQuery, resourceVersion: string): RequestSpec {
  const request = buildListRequest(
    {
      ...query,
      as: 'table',
      includeObject: 'Metadata',
      resourceVersion,
      resourceVersionMatch: 'NotOlderThan',
    },
    { limit: 1 },
  );
  // A version that is too large is an answer, not a failure to repeat.
  return { ...request, retry: false };
}

/**
 * @param ledger what was told up to `resourceVersion`
 * @returns `unknown` when the server refuses the question or answers something else than a list
 * @throws ConnectionError
 */
export async function checkVersion(
  send: Send,
  query: WatchQuery,
  resourceVersion: string,
  ledger: Ledger,
  signal: AbortSignal,
): Promise<CheckVerdict> {
  const request = buildCheckRequest(query, resourceVersion);
  try {
    const response = await send(request, { signal });
    if (!isSuccess(response)) throw await errorOf(request, response);
    return judgeList(await readJson(response, request), resourceVersion, ledger);
  } catch (thrown) {
    if (!(thrown instanceof RefusedError || thrown instanceof ServerError)) throw thrown;
    return isTooLargeVersion(thrown) ? 'lost' : 'unknown';
  }
}

/** As client-go's reflector tells it, servers before 1.19 included. */
function isTooLargeVersion(error: RefusedError | ServerError): boolean {
  const status = statusOf(error);
  if (status === undefined) return false;
  const causes = status.details?.causes ?? [];
  return (
    causes.some(({ reason }) => reason === 'ResourceVersionTooLarge') ||
    (status.reason === 'Timeout' && /too large resource version/i.test(status.message))
  );
}

/**
 * Judges a list of at most one object: its version, and the object against what is known. An object that is no newer than
 * the version was told as it is, or the list is one of another store.
 */
export function judgeList(json: Json, resourceVersion: string, ledger: Ledger): CheckVerdict {
  const listed = isJsonObject(json) ? stringAt(objectAt(json, 'metadata'), 'resourceVersion') : '';
  const order = compareResourceVersions(listed, resourceVersion);
  if (!isJsonObject(json) || order === undefined) return 'unknown';
  if (order < 0) return 'lost';
  const [first] = json.kind === 'Table' ? arrayAt(json, 'rows') : arrayAt(json, 'items');
  const holder = json.kind === 'Table' && isJsonObject(first) ? first.object : first;
  const metadata = isJsonObject(holder) ? objectAt(holder, 'metadata') : undefined;
  if (first === undefined && order === 0 && ledger.size > 0) return 'lost';
  if (metadata !== undefined && ledger.contradicts(metadata, resourceVersion)) return 'lost';
  return order === 0 ? 'same' : 'known';
}

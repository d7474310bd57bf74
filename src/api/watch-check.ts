// Checks whether the server's store has the resource version that a watch resumes from. Entry
// point: checkVersion(). A store that was restored from a backup, or recreated behind the same
// address, grants a watch from a version that it has not reached, and sends nothing until it
// reaches that version.

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
 * Builds the smallest list that is at least as new as a version. A server that has not reached the
 * version responds with 504 and the cause ResourceVersionTooLarge.
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
  // No retry: a version that is too large is a result and not a temporary failure.
  return { ...request, retry: false };
}

/**
 * Asks the server whether its store has a version.
 * @param ledger what the watch reported up to `resourceVersion`
 * @returns `unknown` if the server refuses the list or responds with something else
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

/**
 * True for a version that is too large. Follows client-go's reflector, including servers before
 * 1.19.
 */
export function isTooLargeVersion(error: RefusedError | ServerError): boolean {
  const status = statusOf(error);
  if (status === undefined) return false;
  const causes = status.details?.causes ?? [];
  return (
    causes.some(({ reason }) => reason === 'ResourceVersionTooLarge') ||
    (status.reason === 'Timeout' && /too large resource version/i.test(status.message))
  );
}

/**
 * Judges a list of at most one object: its version, and the object against the ledger. An object
 * that is not newer than the version was reported in this state, or else the list comes from
 * another store.
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

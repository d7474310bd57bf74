// Reads the paths of a server: the list at `/`, or one assembled from discovery if `/` is
// forbidden. Entry point: readPaths().

import { RefusedError } from '../errors.ts';
import { isJsonObject, sliceAt, type Json } from '../model/object.ts';
import type { RequestSpec, Send, SendOptions } from '../model/request.ts';
import { apiVersionOf } from '../model/resource.ts';
import { sourceOf, unexpectedResponse, type ResponseSource } from './response-source.ts';
import type { ApiGroup } from './groups.ts';
import { readJson } from './read.ts';
import { errorOf, isSuccess } from './status.ts';

export interface ServerPaths {
  /** In server order, or sorted if assembled. */
  readonly paths: readonly string[];
  /**
   * True if `/` was forbidden. The list then comes from discovery and from paths that every server
   * has, and can be incomplete.
   */
  readonly assembled: boolean;
  /**
   * Set if the paths of API groups are missing because discovery was forbidden too, as for
   * anonymous users.
   */
  readonly groupsRefused?: RefusedError | undefined;
}

/**
 * Paths outside the API groups that kube-apiserver serves, whether or not the user can read them.
 */
const wellKnownPaths = [
  '/.well-known/openid-configuration',
  '/healthz',
  '/livez',
  '/logs',
  '/metrics',
  '/openapi/v2',
  '/openapi/v3',
  '/openid/v1/jwks',
  '/readyz',
  '/version',
] as const;

/**
 * Reads the paths of a server.
 * @param groups called only if `/` is forbidden
 * @throws RefusedError for a refusal other than 403
 * @throws ServerError, ConnectionError
 */
export async function readPaths(
  send: Send,
  groups: () => Promise<readonly ApiGroup[]>,
  options: SendOptions = {},
): Promise<ServerPaths> {
  const request: RequestSpec = { method: 'GET', path: '/', headers: { accept: 'application/json' } };
  const response = await send(request, options);
  if (isSuccess(response)) {
    const json = await readJson(response, request);
    return { paths: decodePaths(json, sourceOf(request, response)), assembled: false };
  }
  const error = await errorOf(request, response);
  if (!isForbidden(error)) throw error;
  try {
    return { paths: assemblePaths(await groups()), assembled: true };
  } catch (thrown) {
    if (!isForbidden(thrown)) throw thrown;
    return { paths: assemblePaths([]), assembled: true, groupsRefused: thrown };
  }
}

function isForbidden(error: unknown): error is RefusedError {
  return error instanceof RefusedError && error.facts.httpStatus === 403;
}

/**
 * Decodes the list of paths at `/`.
 * @throws ServerError `UnexpectedAnswer`
 */
export function decodePaths(json: Json, source: ResponseSource): string[] {
  const paths = isJsonObject(json) ? sliceAt(json, 'paths') : undefined;
  if (paths === undefined) throw unexpectedResponse(source, 'no list of paths');
  return paths.filter((path) => typeof path === 'string');
}

/**
 * Returns the paths that follow from the groups, and the well-known ones. Sorts them as the server
 * sorts `/`.
 */
export function assemblePaths(groups: readonly ApiGroup[]): string[] {
  const paths = new Set<string>(['/api', '/apis', ...wellKnownPaths]);
  for (const group of groups) {
    if (group.name !== '') paths.add(`/apis/${group.name}`);
    for (const { version } of group.versions) {
      paths.add(`${group.name === '' ? '/api' : '/apis'}/${apiVersionOf({ group: group.name, version })}`);
    }
  }
  return [...paths].sort((a, b) => (a < b ? -1 : 1));
}

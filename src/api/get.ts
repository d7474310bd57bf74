// Reads single objects, as JSON or as a table row from the server, and any other path. Entry
// points: getPage(), getObject(), getRaw(). list.ts reads lists.

import { BugError } from '../errors.ts';
import type { KubeObject } from '../model/object.ts';
import type { Page } from '../model/page.ts';
import type { ApiResponse, RequestSpec, Send } from '../model/request.ts';
import type { ResourceType } from '../model/resource.ts';
import { sourceOf, unexpectedResponse } from './response-source.ts';
import { decodeObject, decodeTable, isTable } from './decode.ts';
import { nameAgeTable } from './name-age-table.ts';
import { buildGetRequest, type GetQuery } from './object-request.ts';
import { readJson } from './read.ts';
import { isEndless, requestInfoOf } from '../model/request-info.ts';
import { errorOf, isMissingType, isSuccess } from './status.ts';

export interface GetOptions {
  readonly signal?: AbortSignal | undefined;
  /** Clock for the AGE column of tables that kapi makes itself. */
  readonly now: () => Date;
  /** Called when the server does not have the type. See {@link Discovery.rediscover}. */
  readonly rediscover?: ((type: ResourceType) => Promise<ResourceType | undefined>) | undefined;
}

/**
 * Returns one object or subresource as a page. With `as: 'objects'` the page has exactly one
 * object.
 * @throws RefusedError for a 4xx response, such as 404
 * @throws ServerError for a 5xx response, or one that is not what the API defines
 * @throws ConnectionError
 */
export async function getPage(send: Send, query: GetQuery, options: GetOptions): Promise<Page> {
  try {
    return await fetchObject(send, query, options);
  } catch (thrown) {
    if (options.rediscover === undefined || !isMissingType(thrown)) throw thrown;
    const type = await options.rediscover(query.type);
    if (type === undefined) throw thrown;
    return fetchObject(send, { ...query, type }, options);
  }
}

/**
 * Returns one object.
 * @throws RefusedError, ServerError, ConnectionError as {@link getPage}
 */
export async function getObject(
  send: Send,
  { type, namespace, name }: Pick<GetQuery, 'type' | 'namespace' | 'name'>,
  options: GetOptions,
): Promise<KubeObject> {
  const page = await getPage(send, { type, namespace, name, as: 'objects' }, options);
  const object = page.kind === 'objects' ? page.objects[0] : undefined;
  if (object === undefined) throw new BugError('a page without its object', { code: 'EmptyPage' });
  return object;
}

async function fetchObject(send: Send, query: GetQuery, { signal, now }: GetOptions): Promise<Page> {
  const { type, name } = query;
  const request = buildGetRequest(query);
  const response = await send(request, { signal });
  if (!isSuccess(response)) throw await errorOf(request, response, { type, name });
  const json = await readJson(response, request);
  const source = sourceOf(request, response);
  if (isTable(json)) {
    if (query.as === 'objects') throw unexpectedResponse(source, 'a Table instead of an object');
    return { kind: 'table', type, table: decodeTable(json, source) };
  }
  const object = decodeObject(json, type, source);
  if (query.as === 'objects') return { kind: 'objects', type, objects: [object] };
  const list = { resourceVersion: '', continue: '' };
  return { kind: 'table', type, table: nameAgeTable([object], list, now()) };
}

export interface RawOptions {
  readonly signal?: AbortSignal | undefined;
  /**
   * The Accept header. Default: `application/json, *\/*`, so that the server sends JSON if it can.
   */
  readonly accept?: string;
}

/**
 * Sends a GET of any path with its query. Resolves with the response, its body unread, if it is a
 * success.
 * @param path path on the API server, percent-encoded, beginning with `/`
 * @throws RefusedError, ServerError, ConnectionError
 */
export async function getRaw(send: Send, path: string, options: RawOptions = {}): Promise<ApiResponse> {
  const request = buildRawRequest(path, options.accept);
  const response = await send(request, { signal: options.signal });
  if (!isSuccess(response)) throw await errorOf(request, response);
  return response;
}

/**
 * Paths that answer with an object only if its own media type is asked for, without a slash, and
 * its kind.
 */
const zPages: Readonly<Record<string, string | undefined>> = { statusz: 'Statusz', flagz: 'Flagz' };

/**
 * Returns the Accept header that makes `/statusz` and `/flagz`, of the API server or of another
 * component behind a proxy path, answer with an object. Servers before Kubernetes 1.35 have text
 * only.
 * @see https://kubernetes.io/docs/reference/instrumentation/zpages/
 */
function zPageAccept(path: string): string | undefined {
  const info = requestInfoOf({ method: 'GET', path });
  const kind = zPages[info.kind === 'path' ? info.path.slice(1) : info.rest];
  if (kind === undefined) return undefined;
  const versions = ['v1', 'v1beta1', 'v1alpha1'];
  return versions.map((version) => `application/json;v=${version};g=config.k8s.io;as=${kind}`).join(',');
}

/**
 * Builds the GET of any path. Marks watches and followed logs as streaming: they have no natural
 * end.
 */
export function buildRawRequest(path: string, accept = 'application/json, */*'): RequestSpec {
  const streaming = isEndless({ method: 'GET', path });
  const own = zPageAccept(path);
  return {
    method: 'GET',
    path,
    headers: { accept: own === undefined ? accept : `${own},${accept}` },
    ...(streaming ? { streaming } : {}),
  };
}

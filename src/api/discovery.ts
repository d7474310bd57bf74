// Asks a server what it offers: aggregated discovery in two parallel requests, revalidated by ETag, with the older
// documents where the server knows no better. Entry point: fetchSurface(). Keeping the result is discovery-cache.ts.

import { RefusedError, ServerError, messageOf } from '../errors.ts';
import type { Json } from '../model/object.ts';
import type { RequestSpec, Send, SendOptions } from '../model/request.ts';
import { apiVersionOf, type ResourceType } from '../model/resource.ts';
import { sourceOf } from './answer.ts';
import {
  decodeAggregated,
  decodeApiVersions,
  decodeGroupList,
  decodeResourceList,
  type ListedGroup,
} from './decode-discovery.ts';
import { staleProblemsOf, type ApiGroup, type ApiSurface, type DiscoveryProblem } from './groups.ts';
import { readJson } from './read.ts';
import { errorOf, isSuccess } from './status.ts';

/** What one of the two documents said, with the ETag to ask again. */
export interface DiscoveryPart {
  /** Empty where the server gave none: the part cannot be revalidated then. */
  readonly etag: string;
  readonly groups: readonly ApiGroup[];
}

/** The two documents of a server. `/api` holds the core group only. */
export interface DiscoveryParts {
  readonly api: DiscoveryPart;
  readonly apis: DiscoveryPart;
}

export interface FetchedSurface {
  readonly parts: DiscoveryParts;
  readonly surface: ApiSurface;
  /** No document is missing: worth keeping. Stale versions are part of what the server says and do not count. */
  readonly complete: boolean;
}

const accept = [
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList',
  'application/json',
].join(',');

/** Requests for old per-version documents at the same time; kubectl throttles itself far below. */
const parallel = 10;

/** GET of `/api` or `/apis` in the newest form the server has. */
export function buildDiscoveryRequest(path: '/api' | '/apis', etag = ''): RequestSpec {
  return {
    method: 'GET',
    path,
    headers: { accept, ...(etag === '' ? {} : { 'if-none-match': etag }) },
  };
}

/**
 * Everything the server offers. An API behind the server that does not answer becomes a problem of the result.
 * @param known what was found before; asked again by ETag
 * @throws RefusedError 401, 403
 * @throws ServerError
 * @throws ConnectionError
 */
export async function fetchSurface(
  send: Send,
  known?: DiscoveryParts,
  options: SendOptions = {},
): Promise<FetchedSurface> {
  const [api, apis] = await Promise.all([
    fetchDocument(send, '/api', known?.api, options),
    fetchDocument(send, '/apis', known?.apis, options),
  ]);
  const problems: DiscoveryProblem[] = [];
  const [apiPart, apisPart] = await Promise.all([
    completePart(send, api, problems, options),
    completePart(send, apis, problems, options),
  ]);
  const parts = { api: apiPart, apis: apisPart };
  const surface = surfaceOf(parts);
  return {
    parts,
    surface: { groups: surface.groups, problems: [...problems, ...surface.problems] },
    complete: problems.length === 0,
  };
}

/** Puts the two parts together: core first, then the order of `/apis`. */
export function surfaceOf(parts: DiscoveryParts): ApiSurface {
  const groups = [...parts.api.groups, ...parts.apis.groups];
  return { groups, problems: staleProblemsOf(groups) };
}

type Document =
  | { readonly kind: 'unchanged'; readonly part: DiscoveryPart }
  | { readonly kind: 'aggregated'; readonly part: DiscoveryPart }
  | { readonly kind: 'listed'; readonly groups: readonly ListedGroup[] };

async function fetchDocument(
  send: Send,
  path: '/api' | '/apis',
  known: DiscoveryPart | undefined,
  options: SendOptions,
): Promise<Document> {
  const request = buildDiscoveryRequest(path, known?.etag);
  const response = await send(request, options);
  if (response.status === 304 && known !== undefined) {
    response.cancel();
    return { kind: 'unchanged', part: known };
  }
  if (response.status === 404 && path === '/api') {
    // A server without the core group: an aggregated API server asked by itself.
    response.cancel();
    return { kind: 'aggregated', part: { etag: '', groups: [] } };
  }
  if (!isSuccess(response)) throw await errorOf(request, response);
  const json = await readJson(response, request);
  const source = sourceOf(request, response);
  if (isAggregated(json)) {
    const part = { etag: response.headers['etag'] ?? '', groups: decodeAggregated(json, source) };
    return { kind: 'aggregated', part };
  }
  if (path === '/apis') return { kind: 'listed', groups: decodeGroupList(json, source) };
  const versions = decodeApiVersions(json, source);
  return { kind: 'listed', groups: [{ name: '', preferredVersion: versions[0] ?? 'v1', versions }] };
}

/** By the document itself: proxies rewrite content types, and the document carries its kind. */
function isAggregated(json: Json): boolean {
  return typeof json === 'object' && json !== null && 'kind' in json && json.kind === 'APIGroupDiscoveryList';
}

/** Fetches the types of each group version where the document did not hold them. */
async function completePart(
  send: Send,
  document: Document,
  problems: DiscoveryProblem[],
  options: SendOptions,
): Promise<DiscoveryPart> {
  if (document.kind !== 'listed') return document.part;
  const wanted = document.groups.flatMap((group) =>
    group.versions.map((version) => ({ group: group.name, version })),
  );
  const found = new Map<string, readonly ResourceType[]>();
  let next = 0;
  async function work(): Promise<void> {
    for (let gv = wanted[next++]; gv !== undefined; gv = wanted[next++]) {
      const groupVersion = apiVersionOf(gv);
      const types = await fetchTypes(send, groupVersion, problems, options);
      if (types !== undefined) found.set(groupVersion, types);
    }
  }
  await Promise.all(Array.from({ length: Math.min(parallel, wanted.length) }, work));
  const groups = document.groups.map((group): ApiGroup => ({
    name: group.name,
    preferredVersion: group.preferredVersion,
    versions: group.versions.map((version) => {
      const types = found.get(apiVersionOf({ group: group.name, version }));
      return { version, stale: false, types: types ?? [] };
    }),
  }));
  return { etag: '', groups };
}

/**
 * Undefined after a problem. A server that refuses or fails for one group version still describes the others; only the
 * lack of a right or of a connection ends discovery, since it would be the same for all.
 */
async function fetchTypes(
  send: Send,
  groupVersion: string,
  problems: DiscoveryProblem[],
  options: SendOptions,
): Promise<readonly ResourceType[] | undefined> {
  const path = groupVersion.includes('/') ? `/apis/${groupVersion}` : `/api/${groupVersion}`;
  const request: RequestSpec = { method: 'GET', path, headers: { accept: 'application/json' } };
  const response = await send(request, options);
  try {
    if (!isSuccess(response)) throw await errorOf(request, response);
    return decodeResourceList(await readJson(response, request), groupVersion, sourceOf(request, response));
  } catch (thrown) {
    const endsAll = thrown instanceof RefusedError && [401, 403].includes(thrown.facts.httpStatus);
    if (endsAll || !(thrown instanceof RefusedError || thrown instanceof ServerError)) throw thrown;
    problems.push({ groupVersion, reason: messageOf(thrown) });
    return undefined;
  }
}

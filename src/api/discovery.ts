// Fetches the groups, versions and types of a server: with two parallel requests and ETags if the
// server supports aggregated discovery, otherwise with one more request for each version. Entry
// points: fetchDocuments() and completeSurface(). If a document cannot be read, the result has a
// problem instead. discovery-cache.ts stores the result.

import { ConnectionError, RefusedError, ServerError, messageOf } from '../errors.ts';
import { forwardAbort } from '../model/abort.ts';
import type { Json } from '../model/object.ts';
import type { RequestSpec, Send, SendOptions } from '../model/request.ts';
import { apiVersionOf } from '../model/resource.ts';
import { sourceOf } from './response-source.ts';
import {
  decodeAggregated,
  decodeApiVersions,
  decodeGroupList,
  decodeResourceList,
  type DescribedTypes,
  type ListedGroup,
} from './decode-discovery.ts';
import { staleProblemsOf, type ApiGroup, type ApiSurface, type DiscoveryProblem } from './groups.ts';
import { readJson } from './read.ts';
import { errorOf, isSuccess } from './status.ts';

/** The groups of one of the two documents, and its ETag for revalidation. */
export interface DiscoveryPart {
  /** Empty if the server sent no ETag. The part then cannot be revalidated. */
  readonly etag: string;
  readonly groups: readonly ApiGroup[];
}

/** The two documents of a server: `/api` with the core group, and `/apis` with the other groups. */
export interface DiscoveryParts {
  readonly api: DiscoveryPart;
  readonly apis: DiscoveryPart;
}

export interface FetchedSurface {
  readonly parts: DiscoveryParts;
  readonly surface: ApiSurface;
  /**
   * True if every document could be read, so that the result can be cached. A version that the
   * server reports as stale does not make the result incomplete.
   */
  readonly complete: boolean;
}

const accept = [
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList',
  'application/json',
].join(',');

/** Max parallel requests for the documents of versions, without aggregated discovery. */
const maxParallel = 10;

/**
 * Milliseconds after which a request no longer counts towards {@link maxParallel}, so that an API
 * that does not respond does not delay the requests for the others.
 */
const maxParallelWaitMs = 1_000;

/** Default time limit of each discovery request in milliseconds, as in client-go. */
const requestLimitMs = 32_000;

export interface FetchOptions extends SendOptions {
  /**
   * Time limit of each request in milliseconds. Default: 32,000. Infinity: no limit except that of
   * the transport.
   */
  readonly limitMs?: number | undefined;
  /**
   * True if the requests for the two documents can wait for an interactive login. Their time limit
   * then starts when the first of them has ended. Default: false.
   */
  readonly awaitsLogin?: boolean;
}

/**
 * Builds the GET of `/api` or `/apis`. Accepts every version of aggregated discovery and the older
 * form, and prefers the newest.
 * @param etag ETag of a known document; the server responds with 304 if it is current
 */
export function buildDiscoveryRequest(path: '/api' | '/apis', etag = ''): RequestSpec {
  return {
    method: 'GET',
    path,
    headers: { accept, ...(etag === '' ? {} : { 'if-none-match': etag }) },
  };
}

/** One of the two documents. */
type Document =
  /** The server confirmed the known part (304). */
  | { readonly kind: 'unchanged'; readonly part: DiscoveryPart }
  | { readonly kind: 'aggregated'; readonly part: DiscoveryPart }
  /** The older form: names of groups and versions, without types. */
  | { readonly kind: 'listed'; readonly groups: readonly ListedGroup[] }
  /** The document could not be read. */
  | { readonly kind: 'missing'; readonly problem: DiscoveryProblem };

/**
 * The two documents as the server sent them: with types, or only with names of groups and versions.
 */
export interface DiscoveryDocuments {
  readonly api: Document;
  readonly apis: Document;
}

/**
 * Fetches the two documents of a server. A document that cannot be read becomes a problem.
 * @param known earlier result, for revalidation by ETag
 * @throws RefusedError, ServerError, ConnectionError if neither document can be read
 */
export async function fetchDocuments(
  send: Send,
  known?: DiscoveryParts,
  options: FetchOptions = {},
): Promise<DiscoveryDocuments> {
  let endFirst = (): void => undefined;
  const firstEnd = new Promise<void>((resolve) => (endFirst = resolve));
  const begin = options.awaitsLogin === true ? firstEnd : Promise.resolve();
  const fetchEither = async (
    path: '/api' | '/apis',
    part?: DiscoveryPart,
  ): Promise<PartResult<Document | undefined>> => {
    const read = await readPart(path, (each) => fetchDocument(send, path, part, each), options, begin);
    endFirst();
    return read;
  };
  const [api, apis] = await Promise.all([fetchEither('/api', known?.api), fetchEither('/apis', known?.apis)]);
  // An extension API server that kapi accesses directly, without kube-apiserver, has no /api.
  const hasNoApi = !('failure' in api) && api.value === undefined;
  if ('failure' in apis && (hasNoApi || 'failure' in api)) {
    throw 'failure' in api ? api.failure : apis.failure;
  }
  return {
    api: documentOf('/api', api),
    apis: documentOf('/apis', apis),
  };
}

/** Returns groups and versions, with types only if the documents have them. */
export function listingOf({ api, apis }: DiscoveryDocuments): ApiSurface {
  const groupsOf = (document: Document): readonly ApiGroup[] =>
    document.kind === 'missing'
      ? []
      : document.kind === 'listed'
        ? document.groups.map((group) => groupOf(group, new Map()))
        : document.part.groups;
  const groups = [...groupsOf(api), ...groupsOf(apis)];
  return { groups, problems: [...missingOf([api, apis]), ...staleProblemsOf(groups)] };
}

/** True if the documents have the types. */
export function hasTypes({ api, apis }: DiscoveryDocuments): boolean {
  return api.kind !== 'listed' && apis.kind !== 'listed';
}

/**
 * Fetches the types that the documents do not have. If a group version cannot be read, the result
 * has a problem instead.
 */
export async function completeSurface(
  send: Send,
  { api, apis }: DiscoveryDocuments,
  options: FetchOptions = {},
): Promise<FetchedSurface> {
  const problems: DiscoveryProblem[] = missingOf([api, apis]);
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

/**
 * Fetches everything that the server offers: {@link fetchDocuments}, then {@link completeSurface}.
 * @throws RefusedError, ServerError, ConnectionError if neither document can be read
 */
export async function fetchSurface(
  send: Send,
  known?: DiscoveryParts,
  options: FetchOptions = {},
): Promise<FetchedSurface> {
  return completeSurface(send, await fetchDocuments(send, known, options), options);
}

/** Joins the two parts: the core group first, then the order of `/apis`. */
export function surfaceOf(parts: DiscoveryParts): ApiSurface {
  const groups = [...parts.api.groups, ...parts.apis.groups];
  return { groups, problems: staleProblemsOf(groups) };
}

function missingOf(documents: readonly Document[]): DiscoveryProblem[] {
  return documents.flatMap((document) => (document.kind === 'missing' ? [document.problem] : []));
}

/** The value of one document, or the error from reading it. */
type PartResult<Value> =
  { readonly value: Value } | { readonly failure: RefusedError | ServerError | ConnectionError };

/**
 * Reads one document within its own time limit.
 * @param begin the time limit starts when this promise settles. Default: immediately
 * @throws errors that concern more than this document: unusable credentials, an interrupt, a
 * request that was printed instead of sent
 */
async function readPart<Value>(
  path: string,
  read: (options: SendOptions) => Promise<Value>,
  { signal, limitMs = requestLimitMs }: FetchOptions,
  begin: Promise<void> = Promise.resolve(),
): Promise<PartResult<Value>> {
  const own = new AbortController();
  const release = signal === undefined ? undefined : forwardAbort(signal, own);
  let timer: NodeJS.Timeout | undefined;
  let done = false;
  const timeUp = new Promise<never>((_, reject) => {
    const startTimer = (): void => {
      if (done || limitMs === Infinity) return;
      timer = setTimeout(() => {
        const error = new ConnectionError(`GET ${path} had no complete answer within ${limitMs / 1_000} s`, {
          code: 'Timeout',
          hint: 'give it more time with --request-timeout',
        });
        own.abort(error);
        reject(error);
      }, limitMs);
    };
    begin.then(startTimer, startTimer);
  });
  try {
    return { value: await Promise.race([read({ signal: own.signal }), timeUp]) };
  } catch (thrown) {
    const isOfPart =
      thrown instanceof RefusedError || thrown instanceof ServerError || thrown instanceof ConnectionError;
    if (isOfPart && signal?.aborted !== true) return { failure: thrown };
    throw thrown;
  } finally {
    done = true;
    clearTimeout(timer);
    release?.();
  }
}

function documentOf(path: '/api' | '/apis', read: PartResult<Document | undefined>): Document {
  if ('failure' in read) return { kind: 'missing', problem: problemOf(path, read.failure) };
  return read.value ?? { kind: 'aggregated', part: { etag: '', groups: [] } };
}

function problemOf(
  groupVersion: string,
  error: RefusedError | ServerError | ConnectionError,
): DiscoveryProblem {
  return { groupVersion, reason: messageOf(error), error };
}

/** Fetches one document. Returns undefined if the server has no core group (404 for `/api`). */
async function fetchDocument(
  send: Send,
  path: '/api' | '/apis',
  known: DiscoveryPart | undefined,
  options: SendOptions,
): Promise<Document | undefined> {
  const request = buildDiscoveryRequest(path, known?.etag);
  const response = await send(request, options);
  if (response.status === 304 && known !== undefined) {
    response.cancel();
    return { kind: 'unchanged', part: known };
  }
  if (response.status === 404 && path === '/api') {
    response.cancel();
    return undefined;
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
  if (versions.length === 0) return { kind: 'listed', groups: [] };
  return { kind: 'listed', groups: [{ name: '', preferredVersion: versions[0] ?? 'v1', versions }] };
}

/**
 * True for an aggregated document. Checks the kind in the document, because proxies rewrite content
 * types.
 */
function isAggregated(json: Json): boolean {
  return typeof json === 'object' && json !== null && 'kind' in json && json.kind === 'APIGroupDiscoveryList';
}

/**
 * Returns the part of a document. Fetches the types of each group version if the document does not
 * have them.
 * @param problems receives a problem for each group version that could not be read
 */
async function completePart(
  send: Send,
  document: Document,
  problems: DiscoveryProblem[],
  options: FetchOptions,
): Promise<DiscoveryPart> {
  if (document.kind === 'missing') return { etag: '', groups: [] };
  if (document.kind !== 'listed') return document.part;
  const wanted = document.groups.flatMap((group) =>
    group.versions.map((version) => apiVersionOf({ group: group.name, version })),
  );
  const found = new Map<string, DescribedTypes>();
  const failed = new Map<string, DiscoveryProblem>();
  const fetches: Promise<void>[] = [];
  async function fetchOne(groupVersion: string): Promise<void> {
    const path = groupVersion.includes('/') ? `/apis/${groupVersion}` : `/api/${groupVersion}`;
    const read = await readPart(path, (each) => fetchTypes(send, path, groupVersion, each), options);
    if ('failure' in read) failed.set(groupVersion, problemOf(groupVersion, read.failure));
    else found.set(groupVersion, read.value);
  }
  async function work(): Promise<void> {
    for (let groupVersion = wanted.shift(); groupVersion !== undefined; groupVersion = wanted.shift()) {
      const fetching = fetchOne(groupVersion);
      fetches.push(fetching);
      await waitForFetch(fetching);
    }
  }
  // The workers empty `wanted`.
  const order = [...wanted];
  await Promise.all(Array.from({ length: Math.min(maxParallel, wanted.length) }, work));
  await Promise.all(fetches);
  problems.push(...order.flatMap((groupVersion) => failed.get(groupVersion) ?? []));
  return { etag: '', groups: document.groups.map((group) => groupOf(group, found)) };
}

/**
 * Waits for a request for at most {@link maxParallelWaitMs}. Also handles a later rejection, which
 * Node would otherwise report as unhandled.
 */
async function waitForFetch(fetching: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, maxParallelWaitMs);
  });
  try {
    await Promise.race([fetching, late]);
  } finally {
    clearTimeout(timer);
  }
}

function groupOf(group: ListedGroup, found: ReadonlyMap<string, DescribedTypes>): ApiGroup {
  return {
    name: group.name,
    preferredVersion: group.preferredVersion,
    versions: group.versions.map((version) => {
      const described = found.get(apiVersionOf({ group: group.name, version }));
      return { version, stale: false, ...(described ?? { types: [], parents: [] }) };
    }),
  };
}

async function fetchTypes(
  send: Send,
  path: string,
  groupVersion: string,
  options: SendOptions,
): Promise<DescribedTypes> {
  const request: RequestSpec = { method: 'GET', path, headers: { accept: 'application/json' } };
  const response = await send(request, options);
  if (!isSuccess(response)) throw await errorOf(request, response);
  return decodeResourceList(await readJson(response, request), groupVersion, sourceOf(request, response));
}

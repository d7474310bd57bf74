// Asks a server what it offers: aggregated discovery in two parallel requests, revalidated by ETag, with the older
// documents where the server knows no better. Entry points: fetchDocuments() and completeSurface(). A part that cannot be read
// is a problem of that part. Keeping the result is discovery-cache.ts.

import { ConnectionError, RefusedError, ServerError, messageOf } from '../errors.ts';
import { forwardAbort } from '../model/abort.ts';
import type { Json } from '../model/object.ts';
import type { RequestSpec, Send, SendOptions } from '../model/request.ts';
import { apiVersionOf } from '../model/resource.ts';
import { sourceOf } from './answer.ts';
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

/** A request that takes longer does not count among the parallel ones: servers that hang must not delay the others. */
const patienceMs = 1_000;

/** The time that each request of discovery has where the user set none, as in client-go. */
const requestLimitMs = 32_000;

export interface FetchOptions extends SendOptions {
  /** Time for each request, in milliseconds. Default: 32 s; Infinity: as long as the transport allows. */
  readonly limitMs?: number | undefined;
  /**
   * The first requests may have to wait for somebody to log in: their time begins when one of them has been answered.
   * Default: no.
   */
  readonly awaitsLogin?: boolean;
}

/** GET of `/api` or `/apis` in the newest form the server has. */
export function buildDiscoveryRequest(path: '/api' | '/apis', etag = ''): RequestSpec {
  return {
    method: 'GET',
    path,
    headers: { accept, ...(etag === '' ? {} : { 'if-none-match': etag }) },
  };
}

type Document =
  | { readonly kind: 'unchanged'; readonly part: DiscoveryPart }
  | { readonly kind: 'aggregated'; readonly part: DiscoveryPart }
  | { readonly kind: 'listed'; readonly groups: readonly ListedGroup[] }
  | { readonly kind: 'missing'; readonly problem: DiscoveryProblem };

/** The two documents as they came: with the types, or with the names of groups and versions alone. */
export interface DiscoveryDocuments {
  readonly api: Document;
  readonly apis: Document;
}

/**
 * Asks for the two documents of a server. One that cannot be read becomes a problem.
 * @param known what was found before; asked again by ETag
 * @throws RefusedError, ServerError, ConnectionError where neither document can be read
 */
export async function fetchDocuments(
  send: Send,
  known?: DiscoveryParts,
  options: FetchOptions = {},
): Promise<DiscoveryDocuments> {
  let answered = (): void => undefined;
  const firstAnswer = new Promise<void>((resolve) => (answered = resolve));
  const begin = options.awaitsLogin === true ? firstAnswer : Promise.resolve();
  const fetchEither = async (
    path: '/api' | '/apis',
    part?: DiscoveryPart,
  ): Promise<Attempt<Document | undefined>> => {
    const read = await attempt(path, (each) => fetchDocument(send, path, part, each), options, begin);
    answered();
    return read;
  };
  const [api, apis] = await Promise.all([fetchEither('/api', known?.api), fetchEither('/apis', known?.apis)]);
  // An aggregated API server that is asked by itself has no /api.
  const hasNoApi = !('failure' in api) && api.value === undefined;
  if ('failure' in apis && (hasNoApi || 'failure' in api)) {
    throw 'failure' in api ? api.failure : apis.failure;
  }
  return {
    api: documentOf('/api', api),
    apis: documentOf('/apis', apis),
  };
}

/** Names groups and versions, without types where these did not come along. */
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

/** Says whether the types came along with the documents. */
export function holdsTypes({ api, apis }: DiscoveryDocuments): boolean {
  return api.kind !== 'listed' && apis.kind !== 'listed';
}

/**
 * Completes the documents to everything the server offers: fetches the types where they did not come along. A group version
 * that cannot be read becomes a problem of the result.
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

/** Everything the server offers: {@link fetchDocuments}, then {@link completeSurface}. */
export async function fetchSurface(
  send: Send,
  known?: DiscoveryParts,
  options: FetchOptions = {},
): Promise<FetchedSurface> {
  return completeSurface(send, await fetchDocuments(send, known, options), options);
}

/** Puts the two parts together: core first, then the order of `/apis`. */
export function surfaceOf(parts: DiscoveryParts): ApiSurface {
  const groups = [...parts.api.groups, ...parts.apis.groups];
  return { groups, problems: staleProblemsOf(groups) };
}

function missingOf(documents: readonly Document[]): DiscoveryProblem[] {
  return documents.flatMap((document) => (document.kind === 'missing' ? [document.problem] : []));
}

/** What a part gave, or what reading it failed with. */
type Attempt<Value> =
  { readonly value: Value } | { readonly failure: RefusedError | ServerError | ConnectionError };

/**
 * Reads one part in a time of its own.
 * @param begin when the time begins; default: at once
 * @throws what concerns more than this part: unusable credentials, an interrupt, a request that was printed instead of sent
 */
async function attempt<Value>(
  path: string,
  read: (options: SendOptions) => Promise<Value>,
  { signal, limitMs = requestLimitMs }: FetchOptions,
  begin: Promise<void> = Promise.resolve(),
): Promise<Attempt<Value>> {
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

function documentOf(path: '/api' | '/apis', read: Attempt<Document | undefined>): Document {
  if ('failure' in read) return { kind: 'missing', problem: problemOf(path, read.failure) };
  return read.value ?? { kind: 'aggregated', part: { etag: '', groups: [] } };
}

function problemOf(
  groupVersion: string,
  error: RefusedError | ServerError | ConnectionError,
): DiscoveryProblem {
  return { groupVersion, reason: messageOf(error), error };
}

/** Undefined where a server does not have the core group. */
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

/** By the document itself: proxies rewrite content types, and the document carries its kind. */
function isAggregated(json: Json): boolean {
  return typeof json === 'object' && json !== null && 'kind' in json && json.kind === 'APIGroupDiscoveryList';
}

/** Fetches the types of each group version where the document did not hold them. */
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
    const read = await attempt(path, (each) => fetchTypes(send, path, groupVersion, each), options);
    if ('failure' in read) failed.set(groupVersion, problemOf(groupVersion, read.failure));
    else found.set(groupVersion, read.value);
  }
  async function work(): Promise<void> {
    for (let groupVersion = wanted.shift(); groupVersion !== undefined; groupVersion = wanted.shift()) {
      const fetching = fetchOne(groupVersion);
      fetches.push(fetching);
      await doneOrLate(fetching);
    }
  }
  const order = [...wanted];
  await Promise.all(Array.from({ length: Math.min(parallel, wanted.length) }, work));
  await Promise.all(fetches);
  problems.push(...order.flatMap((groupVersion) => failed.get(groupVersion) ?? []));
  return { etag: '', groups: document.groups.map((group) => groupOf(group, found)) };
}

/** Waits for a request, but not long. Its failure is met here, too. */
async function doneOrLate(fetching: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patienceMs);
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

// Provides what the server offers, with as few and as late requests as possible: well-known types
// need no request, then the cache is read, then the server is asked. Entry point: openDiscovery().

import { ConnectionError, RefusedError, ServerError } from '../errors.ts';
import type { Send } from '../model/request.ts';
import { groupResourceOf, type ResourceType } from '../model/resource.ts';
import { cacheLifetimeMs, type DiscoveryCache } from './discovery-cache.ts';
import {
  completeSurface,
  fetchDocuments,
  hasTypes,
  listingOf,
  surfaceOf,
  type DiscoveryDocuments,
  type DiscoveryParts,
  type FetchOptions,
} from './discovery.ts';
import { problemText, type ApiGroup, type ApiSurface } from './groups.ts';
import { resolveCategory, resolveName, shadowWarnings, unknownType } from './resolve.ts';
import { wellKnownType } from './well-known.ts';

export interface DiscoveryOptions extends Pick<FetchOptions, 'limitMs' | 'awaitsLogin'> {
  readonly send: Send;
  readonly cache: DiscoveryCache;
  readonly now: () => Date;
  /** Writes one line to stderr. */
  readonly warn: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Max age of a result. `cached`: up to six hours, as in kubectl. `current`: asks the server in this
 * run, with the ETag of a known result. `kept`: any cached result, however old, or an empty one;
 * does not ask the server.
 */
export type Freshness = 'cached' | 'current' | 'kept';

export interface Discovery {
  /**
   * Resolves comma-separated names (`pods,deploy.apps,all`) to types, each once, in the given
   * order. A category resolves to its types. Warns about ambiguous short names.
   * @throws UsageError `UnknownResourceType`, after asking the server in this run
   * @throws ServerError `TypesUnavailable` if the type can be in a group whose types could not be
   * read
   * @throws RefusedError, ServerError, ConnectionError if the server had to be asked and did not
   * tell
   */
  resolve(names: string): Promise<readonly ResourceType[]>;
  /**
   * Looks up the typed name of a type again on the server. For a response that contradicts the
   * known type: a 404 for its path ({@link isMissingType}), or objects with a namespace although
   * the type has none. Returns undefined if the type is unchanged, or if the server does not tell.
   * @throws UsageError `UnknownResourceType`, ServerError `TypesUnavailable`, as resolve()
   */
  rediscover(type: ResourceType): Promise<ResourceType | undefined>;
  /**
   * Returns the types of other groups that match the name from which `type` was resolved. The order
   * of groups on the server decided between them. Empty for well-known types.
   */
  namesakesOf(type: ResourceType): readonly ResourceType[];
  /**
   * Returns everything that the server offers. Parts that could not be read are in its problems.
   * Default freshness: `current`.
   */
  surface(freshness?: Freshness): Promise<ApiSurface>;
  /**
   * Returns groups and versions, fetched in this run. Has types only if the server sends them with
   * the documents.
   */
  listing(): Promise<ApiSurface>;
  /** Returns the groups in server order, core first. Default freshness: `current`. */
  groups(freshness?: Freshness): Promise<readonly ApiGroup[]>;
}

/** Milliseconds after which rediscover() asks the server again. A watch can run for days. */
const rediscoverAfterMs = 5_000;

/** Opens discovery for one server. Sends no request before a method needs one. */
export function openDiscovery({
  send,
  cache,
  now,
  warn,
  signal,
  limitMs,
  awaitsLogin = false,
}: DiscoveryOptions): Discovery {
  const fetching: FetchOptions = { signal, limitMs, awaitsLogin };
  let known: DiscoveryParts | undefined;
  let cached: Promise<ApiSurface> | undefined;
  let documents: Promise<DiscoveryDocuments> | undefined;
  let current: Promise<ApiSurface> | undefined;
  let currentSinceMs = 0;
  const warned = new Set<string>();
  /** The name that the user typed for a single type. */
  const typed = new WeakMap<ResourceType, string>();
  const namesakes = new WeakMap<ResourceType, readonly ResourceType[]>();

  async function readCached(): Promise<ApiSurface> {
    const found = await cache.read();
    known = found?.parts;
    const age = found === undefined ? undefined : now().getTime() - found.savedAtMs;
    // A negative age means that the clock was set back. Such a cache could otherwise live forever.
    const lives = age !== undefined && age >= 0 && age < cacheLifetimeMs;
    return found !== undefined && lives ? surfaceOf(found.parts) : loadCurrent();
  }

  async function askDocuments(): Promise<DiscoveryDocuments> {
    known ??= (await cache.read())?.parts;
    return fetchDocuments(send, known, fetching);
  }

  function loadDocuments(): Promise<DiscoveryDocuments> {
    documents ??= askDocuments();
    return documents;
  }

  async function askServer(): Promise<ApiSurface> {
    const fetched = await completeSurface(send, await loadDocuments(), fetching);
    // An incomplete result is not cached, so that the next run tries again.
    if (fetched.complete) {
      known = fetched.parts;
      await cache.write(fetched.parts, now().getTime());
    }
    return fetched.surface;
  }

  function loadCurrent(): Promise<ApiSurface> {
    if (current === undefined) currentSinceMs = now().getTime();
    current ??= askServer();
    return current;
  }

  function loadAnew(): Promise<ApiSurface> {
    if (now().getTime() - currentSinceMs > rediscoverAfterMs) documents = current = undefined;
    return loadCurrent();
  }

  /** True if the server can confirm the known result by two 304 responses. */
  function canRevalidate(): boolean {
    return known !== undefined && known.api.etag !== '' && known.apis.etag !== '';
  }

  function loadCached(): Promise<ApiSurface> {
    if (current !== undefined) return current;
    cached ??= readCached();
    return cached;
  }

  async function readKept(): Promise<ApiSurface> {
    const found = await cache.read();
    return found === undefined ? { groups: [], problems: [] } : surfaceOf(found.parts);
  }

  function warnOnce(text: string): void {
    if (warned.has(text)) return;
    warned.add(text);
    warn(text);
  }

  function find(name: string, { groups, problems }: ApiSurface): readonly ResourceType[] | undefined {
    // Categories first, as in kubectl: `all` is a category even if a type has that name.
    const members = resolveCategory(name, groups);
    if (members !== undefined) {
      // Users of a cluster with stale groups know about them already.
      for (const problem of problems.filter(({ error }) => error !== undefined)) {
        warnOnce(
          `Warning: ${problemText(problem)}; the category ${JSON.stringify(name)} may have types there`,
        );
      }
      return members;
    }
    const resolved = resolveName(name, groups);
    if (resolved === undefined) return undefined;
    shadowWarnings(name, resolved).forEach(warnOnce);
    typed.set(resolved.type, name);
    namesakes.set(resolved.type, resolved.namesakes);
    return [resolved.type];
  }

  /**
   * Resolves a name from the cache. Revalidates the cache unless the name is a plural with its
   * group: no request would fail if a category had a new member, or if a short name or the plural
   * of another group meant another type today.
   */
  async function findCached(name: string): Promise<readonly ResourceType[] | undefined> {
    const surface = await loadCached();
    if (isFullName(name, surface.groups) || !canRevalidate()) return find(name, surface);
    return find(name, await unlessServerFails(loadCurrent(), surface));
  }

  async function resolveOne(name: string): Promise<readonly ResourceType[]> {
    const builtIn = wellKnownType(name);
    if (builtIn !== undefined) return [builtIn];
    const found = await findCached(name);
    if (found !== undefined) return found;
    const surface = await loadCurrent();
    const foundNow = find(name, surface);
    if (foundNow === undefined) throw unknownType(name, surface);
    return foundNow;
  }

  function surface(freshness: Freshness = 'current'): Promise<ApiSurface> {
    if (freshness === 'kept') return readKept();
    return freshness === 'current' ? loadCurrent() : loadCached();
  }

  return {
    async resolve(names) {
      const types = new Map<string, ResourceType>();
      for (const name of names.split(',')) {
        for (const type of await resolveOne(name)) {
          const key = `${groupResourceOf(type)} ${type.version}`;
          if (!types.has(key)) types.set(key, type);
        }
      }
      return [...types.values()];
    },
    async rediscover(type) {
      const word = typed.get(type) ?? groupResourceOf(type);
      // The caller's response tells more than the failure of a second request.
      const surface = await unlessServerFails(loadAnew(), undefined);
      if (surface === undefined) return undefined;
      const { groups } = surface;
      // Old servers can have well-known types in another group. A user who typed a group needs
      // exactly that group.
      const found =
        resolveName(word, groups) ?? (typed.has(type) ? undefined : resolveName(type.resource, groups));
      if (found === undefined) throw unknownType(word, surface);
      typed.set(found.type, word);
      return isSameType(found.type, type) ? undefined : found.type;
    },
    namesakesOf: (type) => namesakes.get(type) ?? [],
    surface,
    async listing() {
      const found = await loadDocuments();
      return hasTypes(found) ? loadCurrent() : listingOf(found);
    },
    groups: async (freshness) => (await surface(freshness)).groups,
  };
}

/** True for `deployments.apps` and `deployments.v1.apps`. */
function isFullName(name: string, groups: readonly ApiGroup[]): boolean {
  if (!name.includes('.') || resolveCategory(name, groups) !== undefined) return false;
  const type = resolveName(name, groups)?.type;
  if (type === undefined) return false;
  const { resource, version, group } = type;
  return [`${resource}.${group}`, `${resource}.${version}.${group}`].includes(name);
}

/**
 * Returns the fallback if the server fails or refuses.
 * @throws errors that are not failures of the server: unusable credentials, an interrupt
 */
async function unlessServerFails<Fallback>(
  asked: Promise<ApiSurface>,
  fallback: Fallback,
): Promise<ApiSurface | Fallback> {
  try {
    return await asked;
  } catch (thrown) {
    if ([RefusedError, ServerError, ConnectionError].some((kind) => thrown instanceof kind)) return fallback;
    throw thrown;
  }
}

/** Compares all fields that a request or a printed line depends on. */
function isSameType(a: ResourceType, b: ResourceType): boolean {
  return (
    a.group === b.group &&
    a.version === b.version &&
    a.resource === b.resource &&
    a.kind === b.kind &&
    a.namespaced === b.namespaced
  );
}

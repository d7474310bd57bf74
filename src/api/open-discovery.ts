// Provides the groups, versions and types of a server. Sends as few requests as possible, and none
// before its result is needed: looks up a type in the well-known types, then in the cache, and asks
// the server last. Entry point: openDiscovery().

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
 * Max age of a result. `cached`: up to six hours, as in kubectl. `current`: fetched from the server
 * in this run, or confirmed by its ETag. `kept`: any age, from the cache only; the result is empty
 * if the cache is empty.
 */
export type Freshness = 'cached' | 'current' | 'kept';

export interface Discovery {
  /**
   * Resolves comma-separated names (`pods,deploy.apps,all`) to types, each once, in the given
   * order. A category resolves to its types. Warns about ambiguous short names.
   * @throws UsageError `UnknownResourceType`, after asking the server in this run
   * @throws ServerError `TypesUnavailable` if the type can be in a group whose types could not be
   * read
   * @throws RefusedError, ServerError, ConnectionError if kapi had to ask the server and the
   * request failed
   */
  resolve(names: string): Promise<readonly ResourceType[]>;
  /**
   * Asks the server again for the type with the name that the user typed. Callers use it when a
   * response contradicts the known type: a 404 for its path ({@link isMissingType}), or objects
   * with a namespace although the type has none. Returns undefined if the type is unchanged, or if
   * the request fails.
   * @throws UsageError `UnknownResourceType`, ServerError `TypesUnavailable`, as resolve()
   */
  rediscover(type: ResourceType): Promise<ResourceType | undefined>;
  /**
   * Returns the types of other groups that match the name from which `type` was resolved. `type`
   * was chosen because its group comes first on the server. Empty for well-known types.
   */
  namesakesOf(type: ResourceType): readonly ResourceType[];
  /**
   * Returns all groups, versions and types of the server. `problems` contains the parts that could
   * not be read.
   * Default freshness: `current`.
   */
  surface(freshness?: Freshness): Promise<ApiSurface>;
  /**
   * Returns groups and versions, fetched in this run. Includes types only if the server supports
   * aggregated discovery, because other servers need a request for each version.
   */
  listing(): Promise<ApiSurface>;
  /** Returns the groups in server order, core first. Default freshness: `current`. */
  groups(freshness?: Freshness): Promise<readonly ApiGroup[]>;
}

/**
 * Max age in milliseconds of a result that rediscover() reuses. It has to ask the server more than
 * once, because a watch can run for days.
 */
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
  /** The name that the user typed for a type. Not set for the types of a category. */
  const typed = new WeakMap<ResourceType, string>();
  const namesakes = new WeakMap<ResourceType, readonly ResourceType[]>();

  async function readCached(): Promise<ApiSurface> {
    const found = await cache.read();
    known = found?.parts;
    const age = found === undefined ? undefined : now().getTime() - found.savedAtMs;
    // A negative age means that the clock was set back. Without this check,
    // such a cache could be used for much longer than its lifetime.
    const isFresh = age !== undefined && age >= 0 && age < cacheLifetimeMs;
    return found !== undefined && isFresh ? surfaceOf(found.parts) : loadCurrent();
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

  /** Asks the server again if the current result is older than {@link rediscoverAfterMs}. */
  function loadAnew(): Promise<ApiSurface> {
    if (now().getTime() - currentSinceMs > rediscoverAfterMs) documents = current = undefined;
    return loadCurrent();
  }

  /** True if the server can confirm the known result with two 304 responses. */
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
    // A category takes precedence over a type of the same name, such as `all`, as in kubectl.
    const members = resolveCategory(name, groups);
    if (members !== undefined) {
      // Warns about failed requests only. Stale versions, which have no `error`, would cause a
      // warning in every run until someone repairs the API.
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
   * Resolves a name from the cache. Revalidates the cache first, also for a plural with its group:
   * with a stale cache such a type could have another kind or scope today, or not exist, and a
   * command without a request of its own, such as can-i, would not notice.
   */
  async function findCached(name: string): Promise<readonly ResourceType[] | undefined> {
    const surface = await loadCached();
    if (!canRevalidate()) return find(name, surface);
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
      // If this request fails, the caller reports its own response, which is more useful.
      const surface = await unlessServerFails(loadAnew(), undefined);
      if (surface === undefined) return undefined;
      const { groups } = surface;
      // Old servers can have a well-known type in another group. If the user typed the name, only
      // that name counts, because it can contain the group.
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

/**
 * Returns the fallback if the request fails: the server refuses it, answers with an error, or
 * cannot be reached.
 * @throws all other errors, such as unusable credentials or an interrupt
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

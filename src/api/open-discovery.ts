// What the server offers, asked for as late and as rarely as possible: well-known types need nothing, then the cache,
// then the server. Entry point: openDiscovery().

import { ConnectionError, RefusedError, ServerError } from '../errors.ts';
import type { Send } from '../model/request.ts';
import { groupResourceOf, type ResourceType } from '../model/resource.ts';
import { cacheLifetimeMs, type DiscoveryCache } from './discovery-cache.ts';
import {
  completeSurface,
  fetchDocuments,
  holdsTypes,
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
  /** Takes one line for stderr. */
  readonly warn: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * How new an answer must be. `cached`: what the server said within the last six hours will do, as for kubectl.
 * `current`: the server is asked in this run, by ETag where something is known. `kept`: whatever was kept, however old,
 * or nothing; the server is not asked.
 */
export type Freshness = 'cached' | 'current' | 'kept';

export interface Discovery {
  /**
   * The types that names separated by commas mean (`pods,deploy.apps,all`), each once, in the order given; categories
   * become their types. Warns of ambiguous short names.
   * @throws UsageError `UnknownResourceType`, after the server has been asked in this run
   * @throws ServerError `TypesUnavailable` when the type may be one of a group whose types could not be read
   * @throws RefusedError, ServerError, ConnectionError when the server had to be asked and did not tell
   */
  resolve(names: string): Promise<readonly ResourceType[]>;
  /**
   * After an answer that a type as it was known cannot have given (a 404 of its path, {@link isMissingType}; objects with
   * a namespace where the type has none): what the server of today has under the name that was typed. Undefined when that
   * is the same type as before, or when the server does not tell.
   * @throws UsageError `UnknownResourceType`, ServerError `TypesUnavailable` as resolve()
   */
  rediscover(type: ResourceType): Promise<ResourceType | undefined>;
  /**
   * Types of other groups that the name also means which a type was resolved from; the server's order decided between them.
   * None for well-known types.
   */
  namesakesOf(type: ResourceType): readonly ResourceType[];
  /** All that the server offers. What could not be read is in its problems. Default freshness: `current`. */
  surface(freshness?: Freshness): Promise<ApiSurface>;
  /** Groups and versions, asked in this run; types only where the server sends them along. */
  listing(): Promise<ApiSurface>;
  /** Groups in server order, core first. */
  groups(freshness?: Freshness): Promise<readonly ApiGroup[]>;
}

/** What was found in this run is asked for again after this time: a watch lives long. */
const rediscoverAfterMs = 5_000;

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
  /** The words that single types were typed as. */
  const typed = new WeakMap<ResourceType, string>();
  const namesakes = new WeakMap<ResourceType, readonly ResourceType[]>();

  async function readCached(): Promise<ApiSurface> {
    const found = await cache.read();
    known = found?.parts;
    const age = found === undefined ? undefined : now().getTime() - found.savedAtMs;
    // A negative age is a clock that was set back: such a cache could otherwise live for ever.
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
    // What has holes is not kept: the next run shall try them again.
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

  /** Says whether the server can confirm what is known in two short answers. */
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
    // Categories first, as in kubectl: `all` is one even where a type is called so.
    const members = resolveCategory(name, groups);
    if (members !== undefined) {
      // Stale groups are nothing new to those who have them.
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

  /** A category that is known may have members that are not: nothing would fail without them. */
  async function findCached(name: string): Promise<readonly ResourceType[] | undefined> {
    const surface = await loadCached();
    if (resolveCategory(name, surface.groups) === undefined || !canRevalidate()) return find(name, surface);
    return find(name, await unlessServerFails(loadCurrent(), surface)) ?? find(name, surface);
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
      // The answer that led here says more than the failure of a second question.
      const surface = await unlessServerFails(loadAnew(), undefined);
      if (surface === undefined) return undefined;
      const { groups } = surface;
      // Well-known types may be in another group on old servers; who typed a group wants that one.
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
      return holdsTypes(found) ? loadCurrent() : listingOf(found);
    },
    groups: async (freshness) => (await surface(freshness)).groups,
  };
}

/** @throws what is no failure of the server: unusable credentials, an interrupt */
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

/** Compares all that a request or a printed line depends on. */
function isSameType(a: ResourceType, b: ResourceType): boolean {
  return (
    a.group === b.group &&
    a.version === b.version &&
    a.resource === b.resource &&
    a.kind === b.kind &&
    a.namespaced === b.namespaced
  );
}

// What the server offers, asked for as late and as rarely as possible: well-known types need nothing, then the cache,
// then the server. Entry point: openDiscovery().

import type { Send } from '../model/request.ts';
import { groupResourceOf, type ResourceType } from '../model/resource.ts';
import { cacheLifetimeMs, type DiscoveryCache } from './discovery-cache.ts';
import { fetchSurface, surfaceOf, type DiscoveryParts } from './discovery.ts';
import { typesByPriority, type ApiGroup, type ApiSurface } from './groups.ts';
import { resolveCategory, resolveName, shadowWarnings, unknownType } from './resolve.ts';
import { wellKnownType } from './well-known.ts';

export interface DiscoveryOptions {
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
   * @throws RefusedError, ServerError, ConnectionError when the server had to be asked and did not tell
   */
  resolve(names: string): Promise<readonly ResourceType[]>;
  /**
   * After a 404 of a type's path ({@link isMissingType}): what the server of today has under the type's name, or
   * undefined when that is nothing else than before.
   */
  rediscover(type: ResourceType): Promise<ResourceType | undefined>;
  /** All that the server offers; problems have been warned of. Default freshness: `current`. */
  surface(freshness?: Freshness): Promise<ApiSurface>;
  /** Groups in server order, core first. */
  groups(freshness?: Freshness): Promise<readonly ApiGroup[]>;
  /** All types of all versions, in the order in which names are matched. */
  types(freshness?: Freshness): Promise<readonly ResourceType[]>;
}

export function openDiscovery({ send, cache, now, warn, signal }: DiscoveryOptions): Discovery {
  let known: DiscoveryParts | undefined;
  let cached: Promise<ApiSurface> | undefined;
  let current: Promise<ApiSurface> | undefined;
  const warned = new Set<string>();

  async function readCached(): Promise<ApiSurface> {
    const found = await cache.read();
    known = found?.parts;
    const age = found === undefined ? undefined : now().getTime() - found.savedAtMs;
    // A negative age is a clock that was set back: such a cache could otherwise live for ever.
    const lives = age !== undefined && age >= 0 && age < cacheLifetimeMs;
    return found !== undefined && lives ? surfaceOf(found.parts) : loadCurrent();
  }

  async function askServer(): Promise<ApiSurface> {
    if (cached === undefined) known = (await cache.read())?.parts;
    const fetched = await fetchSurface(send, known, { signal });
    known = fetched.parts;
    // What has holes is not kept: the next run shall try them again.
    if (fetched.complete) await cache.write(fetched.parts, now().getTime());
    return fetched.surface;
  }

  function loadCurrent(): Promise<ApiSurface> {
    current ??= askServer();
    return current;
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

  function find(name: string, { groups }: ApiSurface): readonly ResourceType[] | undefined {
    // Categories first, as in kubectl: `all` is one even where a type is called so.
    const members = resolveCategory(name, groups);
    if (members !== undefined) return members;
    const resolved = resolveName(name, groups);
    if (resolved === undefined) return undefined;
    shadowWarnings(name, resolved).forEach(warnOnce);
    return [resolved.type];
  }

  async function resolveOne(name: string): Promise<readonly ResourceType[]> {
    const builtIn = wellKnownType(name);
    if (builtIn !== undefined) return [builtIn];
    const found = find(name, await loadCached());
    if (found !== undefined) return found;
    const surface = await loadCurrent();
    const foundNow = find(name, surface);
    if (foundNow === undefined) throw unknownType(name, surface);
    return foundNow;
  }

  async function surface(freshness: Freshness = 'current'): Promise<ApiSurface> {
    if (freshness === 'kept') return readKept();
    const loaded = await (freshness === 'current' ? loadCurrent() : loadCached());
    for (const { groupVersion, reason } of loaded.problems) {
      warnOnce(`Warning: the types of ${groupVersion} could not be read: ${reason}`);
    }
    return loaded;
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
      const { groups } = await loadCurrent();
      const found = resolveName(groupResourceOf(type), groups) ?? resolveName(type.resource, groups);
      const same = found?.type.group === type.group && found.type.version === type.version;
      return same ? undefined : found?.type;
    },
    surface,
    groups: async (freshness) => (await surface(freshness)).groups,
    types: async (freshness) => typesByPriority((await surface(freshness)).groups),
  };
}

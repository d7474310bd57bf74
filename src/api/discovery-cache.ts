// Stores discovery results on disk, one small JSON file per server. Entry point:
// openDiscoveryCache(). A cache that cannot be read or written is never an error: it only costs two
// requests.

import { join } from 'node:path';
import type { ResourceType, Subresource } from '../model/resource.ts';
import type { DiscoveryPart, DiscoveryParts } from './discovery.ts';
import type { ApiGroup, ApiVersion } from './groups.ts';
import { readOwnFile } from './own-file.ts';

/** A stored discovery result. */
export interface CachedDiscovery {
  readonly parts: DiscoveryParts;
  /** When the server last confirmed the result, in milliseconds since the epoch. */
  readonly savedAtMs: number;
}

export interface DiscoveryCache {
  /** Returns undefined if the file is missing or cannot be decoded. */
  read(): Promise<CachedDiscovery | undefined>;
  /** Writes the file. Has no effect, and does not fail, if the file cannot be written. */
  write(parts: DiscoveryParts, nowMs: number): Promise<void>;
}

/** Milliseconds for which a cache is valid without asking the server (6 hours), as in kubectl. */
export const cacheLifetimeMs = 6 * 60 * 60 * 1_000;

/** Version of the file format. Files with another version are ignored and overwritten. */
const formVersion = 2;

const fileName = 'discovery.json';

/**
 * Returns the directory name of a server's cache: host, port and path prefix, with an underscore
 * for each other character. kubectl replaces the colon of the port the same way. The key includes
 * the path prefix because two clusters can share a host (Rancher).
 * @param server `https://10.0.0.1:6443/k8s/c-1`
 */
export function cacheKeyOf(server: string): string {
  const rest = server.replace(/^[A-Za-z]+:\/\//, '').replace(/\/+$/, '');
  const key = rest.replaceAll(/[^A-Za-z0-9._-]/g, '_');
  // `.` and `..` are not directories of their own.
  return /^\.*$/.test(key) ? `_${key}` : key;
}

/**
 * Opens the cache of one server.
 * @param directory absolute path of a directory for this server alone, created by the first write;
 * undefined: nothing is stored
 * @param uid id of the user; ignores a cache that neither this user nor root owns; undefined:
 * owners are not compared
 */
export function openDiscoveryCache(directory: string | undefined, uid?: number): DiscoveryCache {
  if (directory === undefined)
    return { read: () => Promise.resolve(undefined), write: () => Promise.resolve() };
  const file = join(directory, fileName);
  return {
    read() {
      const text = readOwnFile(file, uid);
      return Promise.resolve(text === undefined ? undefined : decodeCache(text));
    },
    async write(parts, nowMs) {
      const { writeAtomically } = await import('./atomic-file.ts');
      writeAtomically(file, encodeCache({ parts, savedAtMs: nowMs }), uid);
    },
  };
}

// The file format: positions instead of field names, and each list of verbs once, referred to by
// number. For 200 custom resources the file is a tenth of the discovery document.

type Row = readonly [
  resource: string,
  kind: string,
  singular: string,
  shortNames: string,
  categories: string,
  namespaced: 0 | 1,
  verbs: number,
  subresources: readonly SubresourceRow[],
];
type SubresourceRow = readonly [name: string, group: string, version: string, kind: string, verbs: number];

/** Encodes a result as the text of the file. */
export function encodeCache({ parts, savedAtMs }: CachedDiscovery): string {
  const verbLists = new Map<string, number>();
  function verbsNumber(verbs: readonly string[]): number {
    const text = verbs.join(',');
    const known = verbLists.get(text) ?? verbLists.size;
    verbLists.set(text, known);
    return known;
  }
  function encodePart(part: DiscoveryPart): unknown {
    return [
      part.etag,
      part.groups.map((group) => [
        group.name,
        group.preferredVersion,
        group.versions.map(({ version, stale, types, parents }) => [
          version,
          stale ? 1 : 0,
          [...types, ...parents].map(encodeType),
        ]),
      ]),
    ];
  }
  function encodeType(type: ResourceType): Row {
    return [
      type.resource,
      type.kind,
      type.singular,
      type.shortNames.join(','),
      type.categories.join(','),
      type.namespaced ? 1 : 0,
      verbsNumber(type.verbs),
      type.subresources.map((sub): SubresourceRow => [
        sub.name,
        sub.group,
        sub.version,
        sub.kind,
        verbsNumber(sub.verbs),
      ]),
    ];
  }
  const [api, apis] = [encodePart(parts.api), encodePart(parts.apis)];
  return JSON.stringify({ form: formVersion, savedAtMs, verbs: [...verbLists.keys()], api, apis });
}

/**
 * Decodes the text of the file. Returns undefined for text that another format version wrote, or
 * that is damaged.
 */
export function decodeCache(text: string): CachedDiscovery | undefined {
  try {
    return decode(JSON.parse(text));
  } catch (thrown) {
    // Another version wrote the file, a full disk truncated it, or a user edited it. Discovery
    // writes it again.
    if (thrown instanceof SyntaxError || thrown instanceof TypeError) return undefined;
    throw thrown;
  }
}

function decode(json: unknown): CachedDiscovery | undefined {
  const file = record(json);
  if (file['form'] !== formVersion) return undefined;
  const savedAtMs = file['savedAtMs'];
  if (typeof savedAtMs !== 'number') return undefined;
  const verbLists = list(file['verbs']).map((text) => splitList(requireString(text)));
  function verbsAt(index: unknown): readonly string[] {
    const verbs = typeof index === 'number' ? verbLists[index] : undefined;
    if (verbs === undefined) throw new TypeError('no such list of verbs');
    return verbs;
  }
  // Indexes instead of destructuring: this code runs once and uncompiled, and there iterators cost
  // twice as much.
  function decodePart(json: unknown): DiscoveryPart {
    const part = list(json);
    return { etag: requireString(part[0]), groups: list(part[1]).map(decodeGroup) };
  }
  function decodeGroup(json: unknown): ApiGroup {
    const group = list(json);
    const name = requireString(group[0]);
    return {
      name,
      preferredVersion: requireString(group[1]),
      versions: list(group[2]).map((version) => decodeVersion(name, version)),
    };
  }
  function decodeVersion(group: string, json: unknown): ApiVersion {
    const row = list(json);
    const version = requireString(row[0]);
    const types: ResourceType[] = [];
    const parents: ResourceType[] = [];
    for (const each of list(row[2])) {
      const type = decodeType(group, version, each);
      if (type.kind === '') parents.push(type);
      else types.push(type);
    }
    return { version, stale: row[1] === 1, types, parents };
  }
  function decodeType(group: string, version: string, json: unknown): ResourceType {
    const row = list(json);
    return {
      group,
      version,
      resource: requireString(row[0]),
      kind: requireString(row[1]),
      singular: requireString(row[2]),
      shortNames: splitList(requireString(row[3])),
      categories: splitList(requireString(row[4])),
      namespaced: row[5] === 1,
      verbs: verbsAt(row[6]),
      subresources: list(row[7]).map(decodeSubresource),
    };
  }
  function decodeSubresource(json: unknown): Subresource {
    const row = list(json);
    return {
      name: requireString(row[0]),
      group: requireString(row[1]),
      version: requireString(row[2]),
      kind: requireString(row[3]),
      verbs: verbsAt(row[4]),
    };
  }
  return { savedAtMs, parts: { api: decodePart(file['api']), apis: decodePart(file['apis']) } };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new TypeError('no object');
  return value as Readonly<Record<string, unknown>>;
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError('no list');
  return value;
}

function requireString(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('no string');
  return value;
}

function splitList(text: string): readonly string[] {
  return text === '' ? [] : text.split(',');
}

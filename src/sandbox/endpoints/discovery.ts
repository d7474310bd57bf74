// Discovery documents: the legacy ones for each group version, and the aggregated ones (KEP-3352)
// with their ETag. Pure functions of the served types.

import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '../../model/object.ts';
import { apiVersionOf, type Subresource } from '../../model/resource.ts';
import type { ServedType } from '../types/types.ts';

/** A group version of an aggregated API server that does not respond: see `--fault unavailable`. */
export interface UnavailableApi {
  readonly group: string;
  readonly version: string;
}

/** Returns the document of `GET /api`. */
export function coreVersions(serverAddress: string): JsonObject {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
  };
}

/** Returns the document of `GET /apis`. */
export function groupList(types: readonly ServedType[], unavailable: readonly UnavailableApi[]): JsonObject {
  const served = groupNames(types).map((group) => groupBody(group, versionsOf(types, group)));
  const broken = unavailable.map(({ group, version }) => groupBody(group, [version]));
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: [...served, ...broken] };
}

/** Returns the document of `GET /apis/GROUP`. Undefined for a group that is not served. */
export function groupDocument(
  types: readonly ServedType[],
  unavailable: readonly UnavailableApi[],
  group: string,
): JsonObject | undefined {
  const versions = [
    ...versionsOf(types, group),
    ...unavailable.filter((api) => api.group === group).map((api) => api.version),
  ];
  if (group === '' || versions.length === 0) return undefined;
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupBody(group, versions) };
}

function groupBody(group: string, versions: readonly string[]): JsonObject {
  const entries = versions.map((version) => ({ groupVersion: apiVersionOf({ group, version }), version }));
  return { name: group, versions: entries, preferredVersion: entries[0] };
}

/** Returns the document of `GET /api/v1` and `GET /apis/GROUP/VERSION`. */
export function resourceList(types: readonly ServedType[], group: string, version: string): JsonObject {
  const resources = types
    .filter((type) => type.group === group && type.version === version)
    .flatMap((type) => [
      legacyResource(type),
      ...type.subresources.map((sub) => legacySubresource(type, sub)),
    ]);
  return {
    kind: 'APIResourceList',
    // The core group's list has no apiVersion, because it is older than the apiVersion of lists.
    apiVersion: group === '' ? undefined : 'v1',
    groupVersion: apiVersionOf({ group, version }),
    resources,
  };
}

function legacyResource(type: ServedType): JsonObject {
  return {
    name: type.resource,
    singularName: type.singular,
    namespaced: type.namespaced,
    kind: type.kind,
    verbs: type.verbs,
    shortNames: optional(type.shortNames),
    categories: optional(type.categories),
    storageVersionHash: type.storageVersionHash === '' ? undefined : type.storageVersionHash,
  };
}

function legacySubresource(type: ServedType, sub: Subresource): JsonObject {
  const foreign = sub.group !== type.group || sub.version !== type.version;
  return {
    name: `${type.resource}/${sub.name}`,
    singularName: '',
    namespaced: type.namespaced,
    group: foreign ? sub.group : undefined,
    version: foreign ? sub.version : undefined,
    kind: sub.kind,
    verbs: sub.verbs,
  };
}

/** Media type parameters of the aggregated form, newest first. */
export const aggregatedVersions = ['v2', 'v2beta1'] as const;

/**
 * Returns the document of `GET /api` or `/apis` as an `APIGroupDiscoveryList`.
 * @param core only the core group (for `/api`), or everything else
 * @see https://github.com/kubernetes/enhancements/tree/master/keps/sig-api-machinery/3352-aggregated-discovery
 */
export function aggregatedDiscovery(
  types: readonly ServedType[],
  unavailable: readonly UnavailableApi[],
  core: boolean,
  version: (typeof aggregatedVersions)[number],
): JsonObject {
  const groups = core ? [''] : groupNames(types);
  const items: Json[] = groups.map((group) => ({
    metadata: group === '' ? {} : { name: group },
    versions: versionsOf(types, group).map((served) => ({
      version: served,
      resources: types
        .filter((type) => type.group === group && type.version === served)
        .map(aggregatedResource),
      freshness: 'Current',
    })),
  }));
  if (!core) {
    for (const api of unavailable) {
      items.push({
        metadata: { name: api.group },
        versions: [{ version: api.version, freshness: 'Stale' }],
      });
    }
  }
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items,
  };
}

function aggregatedResource(type: ServedType): JsonObject {
  return {
    resource: type.resource,
    responseKind: responseKind(type, type),
    scope: type.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: type.singular,
    verbs: type.verbs,
    shortNames: optional(type.shortNames),
    categories: optional(type.categories),
    subresources:
      type.subresources.length === 0
        ? undefined
        : type.subresources.map((sub) => ({
            subresource: sub.name,
            responseKind: responseKind(type, sub),
            verbs: sub.verbs,
          })),
  };
}

/**
 * Returns the response kind. Built-in types leave group and version empty if they are the type's
 * own; custom types always set them.
 */
function responseKind(
  type: ServedType,
  answer: { readonly group: string; readonly version: string; readonly kind: string },
): JsonObject {
  const own = type.custom === undefined && answer.group === type.group && answer.version === type.version;
  return {
    group: own ? '' : answer.group,
    version: own ? '' : answer.version,
    kind: answer.kind,
  };
}

/** Returns a strong ETag of a document, computed as in the real server. */
export function etagOf(body: string): string {
  return `"${createHash('sha512').update(body).digest('hex').toUpperCase()}"`;
}

function groupNames(types: readonly ServedType[]): readonly string[] {
  return [...new Set(types.map((type) => type.group))].filter((group) => group !== '');
}

function versionsOf(types: readonly ServedType[], group: string): readonly string[] {
  return [...new Set(types.filter((type) => type.group === group).map((type) => type.version))];
}

function optional(values: readonly string[]): readonly string[] | undefined {
  return values.length === 0 ? undefined : values;
}

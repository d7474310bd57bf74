// Decodes discovery documents, new (apidiscovery.k8s.io) and old (APIGroupList, APIResourceList),
// to groups. Pure.

import {
  stringsAt,
  arrayAt,
  isJsonObject,
  objectAt,
  sliceAt,
  stringAt,
  type Json,
  type JsonObject,
} from '../model/object.ts';
import { parseApiVersion, type ResourceType, type Subresource } from '../model/resource.ts';
import { unexpectedResponse, type ResponseSource } from './response-source.ts';
import type { ApiGroup, ApiVersion } from './groups.ts';

/**
 * Decodes an aggregated document. Versions v2 and v2beta1 have the same shape.
 * @throws ServerError `UnexpectedAnswer`
 * @see https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery
 */
export function decodeAggregated(json: Json, source: ResponseSource): ApiGroup[] {
  const items =
    isJsonObject(json) && json.kind === 'APIGroupDiscoveryList' ? sliceAt(json, 'items') : undefined;
  if (items === undefined) throw unexpectedResponse(source, 'no APIGroupDiscoveryList');
  return items
    .filter(isJsonObject)
    .map((item) => {
      const name = stringAt(objectAt(item, 'metadata'), 'name');
      const versions = arrayAt(item, 'versions')
        .filter(isJsonObject)
        .map((version) => decodeVersion(name, version))
        .filter(({ version }) => version !== '');
      // The first version that is not stale, as in kubectl. The document has no field for the
      // preferred version.
      const preferred = versions.find(({ stale }) => !stale) ?? versions[0];
      return { name, preferredVersion: preferred?.version ?? '', versions };
    })
    .filter(({ versions }) => versions.length > 0);
}

function decodeVersion(group: string, json: JsonObject): ApiVersion {
  const version = stringAt(json, 'version');
  const resources = arrayAt(json, 'resources')
    .filter(isJsonObject)
    .map((resource): ResourceType => {
      return {
        group,
        version,
        resource: stringAt(resource, 'resource'),
        kind: stringAt(objectAt(resource, 'responseKind'), 'kind'),
        singular: stringAt(resource, 'singularResource'),
        shortNames: stringsAt(resource, 'shortNames'),
        categories: stringsAt(resource, 'categories'),
        namespaced: resource.scope === 'Namespaced',
        verbs: stringsAt(resource, 'verbs'),
        subresources: arrayAt(resource, 'subresources')
          .filter(isJsonObject)
          .map((subresource) =>
            decodeSubresource(group, version, stringAt(subresource, 'subresource'), subresource),
          ),
      };
    })
    .filter(({ resource }) => resource !== '');
  return { version, stale: json.freshness === 'Stale', ...typesAndParentsOf(resources) };
}

/**
 * Separates types from parents. A parent without a kind exists only for its subresources: the
 * aggregator adds it.
 */
function typesAndParentsOf(resources: readonly ResourceType[]): DescribedTypes {
  return {
    types: resources.filter(({ kind }) => kind !== ''),
    parents: resources.filter(({ kind, subresources }) => kind === '' && subresources.length > 0),
  };
}

function decodeSubresource(group: string, version: string, name: string, json: JsonObject): Subresource {
  const kind = objectAt(json, 'responseKind');
  return {
    name,
    // Empty group and version mean those of the parent.
    ...gvOr(group, version, kind),
    kind: stringAt(kind, 'kind'),
    verbs: stringsAt(json, 'verbs'),
  };
}

/**
 * Decodes `/api`: the versions of the core group.
 * @throws ServerError `UnexpectedAnswer`
 */
export function decodeApiVersions(json: Json, source: ResponseSource): string[] {
  if (!isJsonObject(json) || sliceAt(json, 'versions') === undefined) {
    throw unexpectedResponse(source, 'no APIVersions');
  }
  return stringsAt(json, 'versions');
}

/** A group of the old `/apis` document. Its types are not known yet. */
export interface ListedGroup {
  readonly name: string;
  readonly preferredVersion: string;
  readonly versions: readonly string[];
}

/**
 * Decodes the old `/apis` document. The preferred version is the first one if the document names
 * none.
 * @throws ServerError `UnexpectedAnswer`
 */
export function decodeGroupList(json: Json, source: ResponseSource): ListedGroup[] {
  const groups = isJsonObject(json) ? sliceAt(json, 'groups') : undefined;
  if (groups === undefined) throw unexpectedResponse(source, 'no APIGroupList');
  return groups
    .filter(isJsonObject)
    .map((group) => {
      const versions = arrayAt(group, 'versions')
        .filter(isJsonObject)
        .map((version) => stringAt(version, 'version'))
        .filter((version) => version !== '');
      const preferred = stringAt(objectAt(group, 'preferredVersion'), 'version');
      return { name: stringAt(group, 'name'), preferredVersion: preferred || (versions[0] ?? ''), versions };
    })
    .filter(({ name, versions }) => name !== '' && versions.length > 0);
}

/** Types of a group version, and parents of subresources. */
export type DescribedTypes = Pick<ApiVersion, 'types' | 'parents'>;

/**
 * Decodes the types of one group version from its APIResourceList, which lists subresources as
 * types named `pods/log`.
 * @throws ServerError `UnexpectedAnswer`
 * @see https://kubernetes.io/docs/reference/kubernetes-api/definitions/api-resource-list-v1-meta/
 */
export function decodeResourceList(json: Json, groupVersion: string, source: ResponseSource): DescribedTypes {
  const listed = isJsonObject(json) ? sliceAt(json, 'resources') : undefined;
  if (listed === undefined) throw unexpectedResponse(source, 'no APIResourceList');
  const { group, version } = parseApiVersion(groupVersion);
  const resources = listed.filter(isJsonObject);
  const names = new Set(resources.map((resource) => stringAt(resource, 'name')));
  /** Parents that the document lists only through their subresources. */
  const unlisted: JsonObject[] = [];
  const subresources = new Map<string, Subresource[]>();
  for (const resource of resources) {
    const [parent = '', ...rest] = stringAt(resource, 'name').split('/');
    if (rest.length === 0) continue;
    const found = subresources.get(parent) ?? [];
    found.push({
      name: rest.join('/'),
      ...gvOr(group, version, resource),
      kind: stringAt(resource, 'kind'),
      verbs: stringsAt(resource, 'verbs'),
    });
    subresources.set(parent, found);
    if (names.has(parent) || parent === '') continue;
    names.add(parent);
    unlisted.push({ name: parent, namespaced: resource.namespaced });
  }
  const described = [...resources, ...unlisted]
    .map((resource): ResourceType => {
      const name = stringAt(resource, 'name');
      return {
        group,
        version,
        resource: name,
        kind: stringAt(resource, 'kind'),
        singular: stringAt(resource, 'singularName'),
        shortNames: stringsAt(resource, 'shortNames'),
        categories: stringsAt(resource, 'categories'),
        namespaced: resource.namespaced === true,
        verbs: stringsAt(resource, 'verbs'),
        subresources: subresources.get(name) ?? [],
      };
    })
    .filter(({ resource }) => resource !== '' && !resource.includes('/'));
  return typesAndParentsOf(described);
}

function gvOr(
  group: string,
  version: string,
  kind: JsonObject | undefined,
): { group: string; version: string } {
  const ownVersion = stringAt(kind, 'version');
  return ownVersion === '' ? { group, version } : { group: stringAt(kind, 'group'), version: ownVersion };
}

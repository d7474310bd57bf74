// Go writes a nil slice or map as null. Every decoder reads it as an empty one, wherever it is.
import { describe, expect, it } from 'vitest';
import {
  decodeAggregated,
  decodeApiVersions,
  decodeGroupList,
  decodeResourceList,
} from '../../../src/api/decode-discovery.ts';
import { decodeDocument, decodeIndex } from '../../../src/api/decode-openapi.ts';
import { decodeList, decodeTable } from '../../../src/api/decode.ts';
import { decodePaths } from '../../../src/api/paths.ts';
import { wellKnownType } from '../../../src/api/well-known.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../src/model/object.ts';
import { decodeStatus } from '../../../src/model/status.ts';

const source = { server: 'https://api.test', method: 'GET', path: '/' };
const pods = wellKnownType('pods');
if (pods === undefined) throw new Error('pods are well-known');

const resource = {
  ...{ name: 'pods', resource: 'pods', kind: 'Pod', verbs: ['get'], shortNames: ['po'], categories: ['all'] },
  responseKind: { kind: 'Pod' },
  subresources: [{ subresource: 'log', responseKind: { kind: 'Pod' }, verbs: ['get'] }],
};
const metadata = {
  name: 'a',
  labels: { a: 'b' },
  annotations: { a: 'b' },
  finalizers: ['f'],
  managedFields: [{}],
};

/** Documents with something in each list and map that the API defines, and who reads them. */
const documents: readonly (readonly [string, JsonObject, (json: Json) => unknown])[] = [
  ['APIVersions', { versions: ['v1'] }, (json) => decodeApiVersions(json, source)],
  [
    'APIGroupList',
    { groups: [{ name: 'apps', versions: [{ version: 'v1' }] }] },
    (json) => decodeGroupList(json, source),
  ],
  [
    'APIResourceList',
    { resources: [resource, { ...resource, name: 'pods/log' }] },
    (json) => decodeResourceList(json, 'v1', source),
  ],
  [
    'APIGroupDiscoveryList',
    {
      kind: 'APIGroupDiscoveryList',
      items: [{ metadata: { name: 'apps' }, versions: [{ version: 'v1', resources: [resource] }] }],
    },
    (json) => decodeAggregated(json, source),
  ],
  [
    'Table',
    {
      kind: 'Table',
      columnDefinitions: [{ name: 'Name' }],
      rows: [{ cells: ['a'], conditions: [{}], object: { metadata } }],
    },
    (json) => decodeTable(json, source),
  ],
  ['PodList', { kind: 'PodList', items: [{ metadata }] }, (json) => decodeList(json, pods, source)],
  ['RootPaths', { paths: ['/api'] }, (json) => decodePaths(json, source)],
  [
    'index of OpenAPI',
    { paths: { 'api/v1': { serverRelativeURL: '/x' } } },
    (json) => decodeIndex(json, source),
  ],
  [
    'OpenAPI 3',
    { components: { schemas: { a: {} } }, paths: { '/api/v1/pods': { get: {} } } },
    (json) => decodeDocument(json, '/api/v1', source),
  ],
  [
    'OpenAPI 2',
    { definitions: { a: {} }, paths: { '/api/v1/pods': { get: {} } } },
    (json) => decodeDocument(json, '/api/v1', source),
  ],
  ['Status', { kind: 'Status', details: { causes: [{ field: 'a' }] } }, (json) => decodeStatus(json)],
];

/** Maps that people fill; other objects are structures, which Go never writes as null. */
const maps = new Set(['paths', 'schemas', 'definitions', 'labels', 'annotations']);

/** The document once for each list and map in it, with null in its place. */
function withNulls(json: Json): { readonly at: string; readonly json: Json }[] {
  const found: { readonly at: string; readonly json: Json }[] = [];
  function walk(value: Json, at: string, put: (changed: Json) => Json): void {
    if (Array.isArray(value)) {
      const list = value as readonly Json[];
      found.push({ at, json: put(null) });
      list.forEach((item, index) => {
        walk(item, `${at}[${index}]`, (changed) => put(list.with(index, changed)));
      });
    } else if (isJsonObject(value)) {
      for (const [key, inner] of Object.entries(value)) {
        const place = `${at}.${key}`;
        const putInner = (changed: Json): Json => put({ ...value, [key]: changed });
        if (maps.has(key) && isJsonObject(inner)) found.push({ at: place, json: putInner(null) });
        if (inner !== undefined) walk(inner, place, putInner);
      }
    }
  }
  walk(json, '', (changed) => changed);
  return found;
}

describe.each(documents)('%s', (_kind, document, decode) => {
  it.each(withNulls(document))('null at $at is nothing', ({ json }) => {
    expect(() => decode(json)).not.toThrow();
  });
});

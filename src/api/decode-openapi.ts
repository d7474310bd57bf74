// Decodes OpenAPI documents to schemas and the kinds of resource types. Entry points:
// decodeIndex(), decodeDocument().

import { isJsonObject, objectAt, stringAt, type Json, type JsonObject } from '../model/object.ts';
import type { SchemaDocument, SchemaKind } from '../model/schema.ts';
import { unexpectedResponse, type ResponseSource } from './response-source.ts';

/** The location of the document of a group version. */
export interface DocumentPlace {
  /** Path, with the hash in its query. */
  readonly path: string;
  /** Empty if the server sends none. */
  readonly hash: string;
}

/**
 * Decodes the index of `/openapi/v3`. The keys are paths without a leading slash: `api/v1`,
 * `apis/apps/v1`.
 * @throws ServerError `UnexpectedAnswer`
 */
export function decodeIndex(json: Json, source: ResponseSource): ReadonlyMap<string, DocumentPlace> {
  // Go encodes a nil map as null.
  const paths = isJsonObject(json) && json.paths === null ? {} : objectOf(json, 'paths');
  if (paths === undefined) throw unexpectedResponse(source, 'paths is not an object');
  return new Map(
    Object.entries(paths).map(([key, value]) => {
      const url = isJsonObject(value) ? stringAt(value, 'serverRelativeURL') : '';
      // Accepts only a path of this server: another URL could send the credentials elsewhere.
      const path = /^\/(?!\/)/.test(url) ? url : `/openapi/v3/${key}`;
      return [key, { path, hash: /[?&]hash=([^&#]+)/.exec(path)?.[1] ?? '' }];
    }),
  );
}

/**
 * Decodes a document of OpenAPI 3 (`components.schemas`) or 2 (`definitions`). A document of
 * OpenAPI 2 has the types of all groups, and `prefix` selects one group version.
 * @param prefix `/api/v1`, `/apis/apps/v1`
 * @throws ServerError `UnexpectedAnswer`
 */
export function decodeDocument(json: Json, prefix: string, source: ResponseSource): SchemaDocument {
  const root = isJsonObject(json) ? json : undefined;
  const components = objectAt(root, 'components');
  const isEmpty = components?.schemas === null || root?.definitions === null;
  const schemas =
    objectAt(components, 'schemas') ?? objectAt(root, 'definitions') ?? (isEmpty ? {} : undefined);
  if (schemas === undefined)
    throw unexpectedResponse(source, 'it has neither components.schemas nor definitions');
  return { schemas, kinds: kindsOf(objectAt(root, 'paths') ?? {}, prefix) };
}

function objectOf(json: Json, key: string): JsonObject | undefined {
  return isJsonObject(json) ? objectAt(json, key) : undefined;
}

const methods = ['get', 'post', 'put', 'patch', 'delete'];

/**
 * Returns the kinds by resource, from the paths of collections and objects, in namespaces or not.
 * Some types have only one of these paths.
 */
function kindsOf(paths: JsonObject, prefix: string): Record<string, SchemaKind> {
  const found: [string, SchemaKind][] = [];
  for (const [path, item] of Object.entries(paths)) {
    if (!path.startsWith(`${prefix}/`) || !isJsonObject(item)) continue;
    const resource = /^(?:namespaces\/\{namespace\}\/)?([^/{}]+)(?:\/\{name\})?$/.exec(
      path.slice(prefix.length + 1),
    )?.[1];
    if (resource === undefined) continue;
    const kind = methods
      .map((method) => objectAt(objectAt(item, method), 'x-kubernetes-group-version-kind'))
      .find((one) => one !== undefined);
    if (kind !== undefined) found.push([resource, decodeKind(kind)]);
  }
  return Object.fromEntries(found);
}

/** Decodes the kinds of a document in the cache. */
export function decodeKinds(json: Json | undefined): Record<string, SchemaKind> {
  const entries = isJsonObject(json) ? Object.entries(json) : [];
  return Object.fromEntries(
    entries.flatMap(([resource, kind]) => (isJsonObject(kind) ? [[resource, decodeKind(kind)]] : [])),
  );
}

function decodeKind(json: JsonObject): SchemaKind {
  return {
    group: stringAt(json, 'group'),
    version: stringAt(json, 'version'),
    kind: stringAt(json, 'kind'),
  };
}

// OpenAPI documents, reduced to schemas and the kinds of resource types. Entry points: decodeIndex(), decodeDocument().

import { isJsonObject, objectAt, stringAt, type Json, type JsonObject } from '../model/object.ts';
import type { SchemaDocument, SchemaKind } from '../model/schema.ts';
import { unexpectedAnswer, type AnswerSource } from './answer.ts';

/** Where the document of a group version stands. */
export interface DocumentPlace {
  /** Path with the hash in its query. */
  readonly path: string;
  /** Empty where the server gives none. */
  readonly hash: string;
}

/**
 * The index of `/openapi/v3`, by path without leading slash: `api/v1`, `apis/apps/v1`.
 * @throws ServerError `UnexpectedAnswer`
 */
export function decodeIndex(json: Json, source: AnswerSource): ReadonlyMap<string, DocumentPlace> {
  // Go writes a map that nobody made as null.
  const paths = isJsonObject(json) && json.paths === null ? {} : objectOf(json, 'paths');
  if (paths === undefined) throw unexpectedAnswer(source, 'paths is not an object');
  return new Map(
    Object.entries(paths).map(([key, value]) => {
      const url = isJsonObject(value) ? stringAt(value, 'serverRelativeURL') : '';
      // Only a path of this server: anything else could lead the credentials elsewhere.
      const path = /^\/(?!\/)/.test(url) ? url : `/openapi/v3/${key}`;
      return [key, { path, hash: /[?&]hash=([^&#]+)/.exec(path)?.[1] ?? '' }];
    }),
  );
}

/**
 * A document of OpenAPI 3 (`components.schemas`) or 2 (`definitions`). The latter names the types of all groups:
 * `prefix` says which ones are meant.
 * @param prefix `/api/v1`, `/apis/apps/v1`
 * @throws ServerError `UnexpectedAnswer`
 */
export function decodeDocument(json: Json, prefix: string, source: AnswerSource): SchemaDocument {
  const root = isJsonObject(json) ? json : undefined;
  const components = objectAt(root, 'components');
  const isEmpty = components?.schemas === null || root?.definitions === null;
  const schemas =
    objectAt(components, 'schemas') ?? objectAt(root, 'definitions') ?? (isEmpty ? {} : undefined);
  if (schemas === undefined)
    throw unexpectedAnswer(source, 'it has neither components.schemas nor definitions');
  return { schemas, kinds: kindsOf(objectAt(root, 'paths') ?? {}, prefix) };
}

function objectOf(json: Json, key: string): JsonObject | undefined {
  return isJsonObject(json) ? objectAt(json, key) : undefined;
}

const methods = ['get', 'post', 'put', 'patch', 'delete'];

/** Collections and objects, within namespaces or not, say of which kind they are; some types have only one of the paths. */
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

/** The kinds of a document as the cache keeps them. */
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

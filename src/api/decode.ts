// Decodes responses that contain objects: tables, lists, single objects. Rejects a response that
// could be mistaken for an empty list. Accepts the other differences between servers. Pure.

import {
  arrayAt,
  isJsonObject,
  objectAt,
  sliceAt,
  stringAt,
  type Json,
  type JsonObject,
  type KubeObject,
} from '../model/object.ts';
import { apiVersionOf, type ResourceType } from '../model/resource.ts';
import type { Table, TableColumn, TableRow } from '../model/table.ts';
import { unexpectedResponse, type ResponseSource } from './response-source.ts';

/** One page of a list of objects. */
export interface ObjectList {
  readonly objects: readonly KubeObject[];
  readonly resourceVersion: string;
  /** Token of the next page; empty on the last page. */
  readonly continue: string;
  readonly remainingItemCount: number | undefined;
}

/** True if the JSON is a Table of the API, and not a custom resource of the kind `Table`. */
export function isTable(json: Json): json is JsonObject {
  if (!isJsonObject(json) || json.kind !== 'Table') return false;
  const { apiVersion } = json;
  return typeof apiVersion !== 'string' || apiVersion.startsWith('meta.k8s.io/');
}

/**
 * Decodes a Table.
 * @throws ServerError `UnexpectedAnswer`
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables
 */
export function decodeTable(json: Json, source: ResponseSource): Table {
  if (!isTable(json)) throw unexpectedResponse(source, `${describe(json)} instead of a Table`);
  const rows = sliceAt(json, 'rows');
  if (rows === undefined) throw unexpectedResponse(source, 'a Table without rows');
  const metadata = objectAt(json, 'metadata');
  return {
    columns: arrayAt(json, 'columnDefinitions').filter(isJsonObject).map(decodeColumn),
    rows: rows.map((row) => decodeRow(row, source)),
    resourceVersion: stringAt(metadata, 'resourceVersion'),
    continue: stringAt(metadata, 'continue'),
    remainingItemCount: countAt(metadata),
  };
}

function decodeColumn(column: JsonObject): TableColumn {
  return {
    name: stringAt(column, 'name'),
    type: stringAt(column, 'type'),
    format: stringAt(column, 'format'),
    description: stringAt(column, 'description'),
    priority: typeof column.priority === 'number' ? column.priority : 0,
  };
}

function decodeRow(row: Json, source: ResponseSource): TableRow {
  if (!isJsonObject(row)) throw unexpectedResponse(source, 'a row of the Table is not an object');
  const cells = sliceAt(row, 'cells');
  if (cells === undefined) throw unexpectedResponse(source, 'a row of the Table has no cells');
  const object = objectAt(row, 'object');
  return object === undefined ? { cells } : { cells, object };
}

/**
 * Decodes a list of any kind. The server omits `apiVersion` and `kind` in the items of a list such
 * as PodList. These items get `apiVersion` and `kind` from the list, as their first fields.
 * @param type source of `apiVersion` and `kind` if the list has no kind, or only the kind `List`
 * @throws ServerError `UnexpectedAnswer`
 */
export function decodeList(json: Json, type: ResourceType, source: ResponseSource): ObjectList {
  if (!isJsonObject(json)) throw unexpectedResponse(source, `${describe(json)} instead of a list`);
  const listKind = stringAt(json, 'kind');
  if (!Array.isArray(json.items) && !(json.items === null && listKind.endsWith('List'))) {
    throw unexpectedResponse(source, `${describe(json)} instead of a list`);
  }
  // Kind and version of the list take precedence over discovery, as in kubectl: the server can
  // respond in another version.
  const listed = listKind.endsWith('List') ? listKind.slice(0, -'List'.length) : '';
  const kind = listed === '' ? type.kind : listed;
  const apiVersion = listed === '' ? apiVersionOf(type) : stringAt(json, 'apiVersion') || apiVersionOf(type);
  const metadata = objectAt(json, 'metadata');
  return {
    objects: arrayAt(json, 'items').map((item) => {
      if (!isJsonObject(item)) throw unexpectedResponse(source, 'an item of the list is not an object');
      return completeObject(item, apiVersion, kind);
    }),
    resourceVersion: stringAt(metadata, 'resourceVersion'),
    continue: stringAt(metadata, 'continue'),
    remainingItemCount: countAt(metadata),
  };
}

/**
 * Decodes one object. Takes `apiVersion` and `kind` from the type if the object has none.
 * @throws ServerError `UnexpectedAnswer`
 */
export function decodeObject(json: Json, type: ResourceType, source: ResponseSource): KubeObject {
  if (!isJsonObject(json)) throw unexpectedResponse(source, `${describe(json)} instead of an object`);
  return completeObject(json, apiVersionOf(type), type.kind);
}

function completeObject(object: JsonObject, apiVersion: string, kind: string): KubeObject {
  const own = { apiVersion: object.apiVersion, kind: object.kind, metadata: object.metadata };
  if (typeof own.apiVersion === 'string' && typeof own.kind === 'string' && isJsonObject(own.metadata)) {
    return object as KubeObject;
  }
  // Fast path for the items of a list such as PodList. It takes a twentieth of the time of the
  // general case below.
  if (own.apiVersion === undefined && own.kind === undefined && isJsonObject(own.metadata)) {
    return { apiVersion, kind, ...object } as unknown as KubeObject;
  }
  const names = {
    apiVersion: stringAt(object, 'apiVersion') || apiVersion,
    kind: stringAt(object, 'kind') || kind,
  };
  // `names` appears twice: the first spread puts the names in front, the second sets their values.
  return { ...names, ...object, ...names, metadata: objectAt(object, 'metadata') ?? {} };
}

/** Describes a JSON value that is not what kapi requested, in a few words. */
function describe(json: Json): string {
  if (json === null) return 'null';
  if (Array.isArray(json)) return 'a bare array';
  if (!isJsonObject(json)) return `a bare ${typeof json}`;
  const kind = stringAt(json, 'kind');
  return kind === '' ? 'an object without a kind' : `a ${JSON.stringify(kind.slice(0, 60))}`;
}

function countAt(metadata: JsonObject | undefined): number | undefined {
  const count = metadata?.remainingItemCount;
  return typeof count === 'number' ? count : undefined;
}

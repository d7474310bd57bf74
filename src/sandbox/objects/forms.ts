// Objects in the forms that Accept can ask for: themselves, PartialObjectMetadata, rows of a Table.
// Pure; which form is wanted was settled in negotiation.ts.

import { isJsonObject, type Json, type JsonObject, type KubeObject } from '../../model/object.ts';
import { without, sortedObject } from '../../model/json.ts';
import { badRequest } from '../http/status.ts';
import { rowConditions, tableCells, tableColumns } from '../tables/tables.ts';
import type { ServedType } from '../types/types.ts';

/** What a table row carries besides its cells. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** @throws StatusError 400 */
export function includeObjectOf(query: URLSearchParams): IncludeObject {
  const value = query.get('includeObject') ?? '';
  if (value === '') return 'Metadata';
  if (value === 'None' || value === 'Metadata' || value === 'Object') return value;
  throw badRequest(`unrecognized includeObject value: ${JSON.stringify(value)}`);
}

/** `metadata` of lists and tables. */
export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string | undefined;
  readonly remainingItemCount?: number | undefined;
}

export function listMetaToJson(meta: ListMeta): JsonObject {
  return {
    resourceVersion: meta.resourceVersion,
    continue: meta.continue,
    remainingItemCount: meta.remainingItemCount,
  };
}

/** @see https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches */
export function partialMetadata(object: KubeObject): JsonObject {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}

export function tableRow(
  type: ServedType,
  object: KubeObject,
  include: IncludeObject,
  now: Date,
): JsonObject {
  const conditions = rowConditions(type, object);
  return {
    cells: tableCells(type, object, now),
    conditions: conditions.length === 0 ? undefined : conditions,
    object: include === 'None' ? null : include === 'Metadata' ? partialMetadata(object) : object,
  };
}

/** A whole table; `withColumns` is false for every watch event but the first. */
export function tableOf(
  type: ServedType,
  objects: readonly KubeObject[],
  meta: ListMeta,
  include: IncludeObject,
  now: Date,
  withColumns = true,
): JsonObject {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: listMetaToJson(meta),
    columnDefinitions: withColumns ? columnsToJson(type) : null,
    rows: objects.map((object) => tableRow(type, object, include, now)),
  };
}

export function columnsToJson(type: ServedType): Json {
  return tableColumns(type).map(({ name, type: columnType, format, description, priority }) => ({
    name,
    type: columnType,
    format,
    description,
    priority,
  }));
}

/** An item of a typed list: `apiVersion` and `kind` stand on the list only, except for custom resources. */
export function listItem(type: ServedType, object: KubeObject): JsonObject {
  return type.custom === undefined ? without(object, 'apiVersion', 'kind') : sortedObject(object);
}

/** `kind` of the type's lists. */
export function listKindOf(type: ServedType): string {
  return type.custom?.listKind ?? `${type.kind}List`;
}

/** An object with the keys in the order in which the real server prints them: Go structs for built-in types, sorted for custom ones. */
export function printed(type: ServedType, object: KubeObject): JsonObject {
  if (type.custom !== undefined) return sortedObject(object);
  const { kind, apiVersion, metadata, ...rest } = object;
  return { kind, apiVersion, metadata, ...rest };
}

/** Whether a value from a request body is an object with the three parts of every API object. */
export function isKubeObject(value: Json | undefined): value is KubeObject {
  return (
    isJsonObject(value) &&
    typeof value['apiVersion'] === 'string' &&
    typeof value['kind'] === 'string' &&
    isJsonObject(value['metadata'])
  );
}

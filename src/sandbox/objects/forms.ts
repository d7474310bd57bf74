// Converts objects to the forms of Accept: the object itself, PartialObjectMetadata, rows of a
// Table. Pure; negotiation.ts decides the form.

import { isJsonObject, type Json, type JsonObject, type KubeObject } from '../../model/object.ts';
import { without, sortedObject } from '../../model/json.ts';
import { badRequest } from '../http/status.ts';
import { rowConditions, tableCells, tableColumns } from '../tables/tables.ts';
import type { ServedType } from '../types/types.ts';

/** The content of a table row in addition to its cells. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

/**
 * Reads `includeObject` of a query.
 * @throws StatusError 400
 */
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

/** Converts list metadata to JSON. */
export function listMetaToJson(meta: ListMeta): JsonObject {
  return {
    resourceVersion: meta.resourceVersion,
    continue: meta.continue,
    remainingItemCount: meta.remainingItemCount,
  };
}

/**
 * Returns the PartialObjectMetadata of an object.
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches
 */
export function partialMetadata(object: KubeObject): JsonObject {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}

/** Returns the table row of an object. */
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

/** Returns a whole table. `withColumns` is false for every watch event except the first. */
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

/** Converts the columns of a type to JSON. */
export function columnsToJson(type: ServedType): Json {
  return tableColumns(type).map(({ name, type: columnType, format, description, priority }) => ({
    name,
    type: columnType,
    format,
    description,
    priority,
  }));
}

/**
 * Returns an item of a list. In typed lists only the list has `apiVersion` and `kind`, except for
 * custom resources.
 */
export function listItem(type: ServedType, object: KubeObject): JsonObject {
  return type.custom === undefined ? without(object, 'apiVersion', 'kind') : sortedObject(object);
}

/** Returns the `kind` of the type's lists. */
export function listKindOf(type: ServedType): string {
  return type.custom?.listKind ?? `${type.kind}List`;
}

/**
 * Returns an object with keys in the real server's order: that of the Go struct for built-in types,
 * sorted for custom ones.
 */
export function printed(type: ServedType, object: KubeObject): JsonObject {
  if (type.custom !== undefined) return sortedObject(object);
  const { kind, apiVersion, metadata, ...rest } = object;
  return { kind, apiVersion, metadata, ...rest };
}

/** True for an object with the three parts of every API object. */
export function isKubeObject(value: Json | undefined): value is KubeObject {
  return (
    isJsonObject(value) &&
    typeof value['apiVersion'] === 'string' &&
    typeof value['kind'] === 'string' &&
    isJsonObject(value['metadata'])
  );
}

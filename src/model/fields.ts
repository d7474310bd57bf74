// Reading the fields that most objects have, without trusting that they are there: metadata, spec and status, numbers,
// lists of objects. Strings, objects and arrays by key are in object.ts.

import { arrayAt, isJsonObject, objectAt, stringAt, type JsonObject } from './object.ts';

export function metadataOf(object: JsonObject): JsonObject {
  return objectAt(object, 'metadata') ?? {};
}

export function nameOf(object: JsonObject): string {
  return stringAt(metadataOf(object), 'name');
}

/** Empty for cluster-scoped objects. */
export function namespaceOf(object: JsonObject): string {
  return stringAt(metadataOf(object), 'namespace');
}

export function uidOf(object: JsonObject): string {
  return stringAt(metadataOf(object), 'uid');
}

export function specOf(object: JsonObject): JsonObject {
  return objectAt(object, 'spec') ?? {};
}

export function statusOf(object: JsonObject): JsonObject {
  return objectAt(object, 'status') ?? {};
}

/** An object without apiVersion, kind and metadata: what its own type is about. */
export function contentOf(object: JsonObject): JsonObject {
  const common = ['apiVersion', 'kind', 'metadata'];
  return Object.fromEntries(Object.entries(object).filter(([key]) => !common.includes(key)));
}

export function isBeingDeleted(object: JsonObject): boolean {
  return stringAt(metadataOf(object), 'deletionTimestamp') !== '';
}

/** The number at a key, or the fallback where there is none. */
export function numberAt(object: JsonObject | undefined, key: string, fallback = 0): number {
  const value = object?.[key];
  return typeof value === 'number' ? value : typeof value === 'bigint' ? Number(value) : fallback;
}

export function booleanAt(object: JsonObject | undefined, key: string, fallback = false): boolean {
  const value = object?.[key];
  return typeof value === 'boolean' ? value : fallback;
}

/** The string at a key, or the fallback where it is absent or empty. */
export function textAt(object: JsonObject | undefined, key: string, fallback: string): string {
  const value = stringAt(object, key);
  return value === '' ? fallback : value;
}

/** The objects in a list; entries that are none are left out. */
export function objectsAt(object: JsonObject | undefined, key: string): readonly JsonObject[] {
  const list = arrayAt(object, key);
  return list.every(isJsonObject) ? list : list.filter(isJsonObject);
}

export function sizeAt(object: JsonObject | undefined, key: string): number {
  return Object.keys(objectAt(object, key) ?? {}).length;
}

/** A quantity as it is written; numbers are quantities too. Empty where it is absent. */
export function quantityTextAt(object: JsonObject | undefined, key: string): string {
  const value = object?.[key];
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : stringAt(object, key);
}

/** The entry of a list of conditions that has the type. */
export function conditionOf(conditions: readonly JsonObject[], type: string): JsonObject | undefined {
  return conditions.find((condition) => condition.type === type);
}

/** The entries of a map of strings, sorted by key. */
export function stringEntries(
  map: JsonObject | undefined,
): readonly (readonly [key: string, value: string])[] {
  return Object.keys(map ?? {})
    .sort()
    .map((key) => [key, stringAt(map, key)] as const);
}

// Reads the fields that most objects have, and checks their types: metadata, spec and status,
// numbers, lists of objects. object.ts reads strings, objects and arrays by key.

import { arrayAt, isJsonObject, objectAt, stringAt, type JsonObject } from './object.ts';

/** Annotation with a copy of the object that `kubectl apply` has sent. */
export const lastAppliedKey = 'kubectl.kubernetes.io/last-applied-configuration';

/** Returns the metadata, or an empty object. */
export function metadataOf(object: JsonObject): JsonObject {
  return objectAt(object, 'metadata') ?? {};
}

/** Returns the name, or an empty string. */
export function nameOf(object: JsonObject): string {
  return stringAt(metadataOf(object), 'name');
}

/** Returns the namespace. Empty for cluster-scoped objects. */
export function namespaceOf(object: JsonObject): string {
  return stringAt(metadataOf(object), 'namespace');
}

/** Returns the uid, or an empty string. */
export function uidOf(object: JsonObject): string {
  return stringAt(metadataOf(object), 'uid');
}

/** Returns the spec, or an empty object. */
export function specOf(object: JsonObject): JsonObject {
  return objectAt(object, 'spec') ?? {};
}

/** Returns the status, or an empty object. */
export function statusOf(object: JsonObject): JsonObject {
  return objectAt(object, 'status') ?? {};
}

/** Returns the object without apiVersion, kind and metadata: the fields of its own type. */
export function contentOf(object: JsonObject): JsonObject {
  const common = ['apiVersion', 'kind', 'metadata'];
  return Object.fromEntries(Object.entries(object).filter(([key]) => !common.includes(key)));
}

/** True if the object has a deletionTimestamp. */
export function isBeingDeleted(object: JsonObject): boolean {
  return stringAt(metadataOf(object), 'deletionTimestamp') !== '';
}

/** Returns the number at a key, or the fallback if there is none. */
export function numberAt(object: JsonObject | undefined, key: string, fallback = 0): number {
  const value = object?.[key];
  return typeof value === 'number' ? value : typeof value === 'bigint' ? Number(value) : fallback;
}

/** Returns the boolean at a key, or the fallback if there is none. */
export function booleanAt(object: JsonObject | undefined, key: string, fallback = false): boolean {
  const value = object?.[key];
  return typeof value === 'boolean' ? value : fallback;
}

/** Returns the string at a key, or the fallback if it is absent or empty. */
export function textAt(object: JsonObject | undefined, key: string, fallback: string): string {
  const value = stringAt(object, key);
  return value === '' ? fallback : value;
}

/** Returns the objects of a list, without entries that are not objects. */
export function objectsAt(object: JsonObject | undefined, key: string): readonly JsonObject[] {
  const list = arrayAt(object, key);
  return list.every(isJsonObject) ? list : list.filter(isJsonObject);
}

/** Returns the number of keys of the object at a key. */
export function sizeAt(object: JsonObject | undefined, key: string): number {
  return Object.keys(objectAt(object, key) ?? {}).length;
}

/** Returns a quantity as written. Numbers are quantities too. Empty if it is absent. */
export function quantityTextAt(object: JsonObject | undefined, key: string): string {
  const value = object?.[key];
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : stringAt(object, key);
}

/** Returns the condition of a type. */
export function conditionOf(conditions: readonly JsonObject[], type: string): JsonObject | undefined {
  return conditions.find((condition) => condition.type === type);
}

/** Returns the entries of a map of strings, sorted by key. */
export function stringEntries(
  map: JsonObject | undefined,
): readonly (readonly [key: string, value: string])[] {
  return Object.keys(map ?? {})
    .sort()
    .map((key) => [key, stringAt(map, key)] as const);
}

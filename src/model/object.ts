// Objects of the API as JSON values, and their metadata.

/** Any JSON value. Integers beyond ±(2^53-1) come as bigint, so that they are printed as they were sent. */
export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/**
 * An object with `apiVersion`, `kind` and `metadata`. Decoders guarantee that `metadata` is an object.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/
 */
export interface KubeObject extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: JsonObject;
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Says whether a value is a list; `Array.isArray` forgets that its items are JSON and that it is read-only. */
export function isJsonArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The string at a key, or the empty string where it is absent or something else. */
export function stringAt(object: JsonObject | undefined, key: string): string {
  const value = object?.[key];
  return typeof value === 'string' ? value : '';
}

export function objectAt(object: JsonObject | undefined, key: string): JsonObject | undefined {
  const value = object?.[key];
  return isJsonObject(value) ? value : undefined;
}

/**
 * Returns the elements of a list that the API defines for a key; Go writes an empty one as null. Undefined where something
 * else is there, or nothing: then the document is not what it was taken for.
 */
export function sliceAt(object: JsonObject, key: string): readonly Json[] | undefined {
  return object[key] === null || Array.isArray(object[key]) ? arrayAt(object, key) : undefined;
}

export function arrayAt(object: JsonObject | undefined, key: string): readonly Json[] {
  const value = object?.[key];
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** Returns the strings of the list at a key; items of other types are left out. */
export function stringsAt(object: JsonObject | undefined, key: string): string[] {
  return arrayAt(object, key).filter((entry) => typeof entry === 'string');
}

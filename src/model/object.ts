// API objects as JSON values, and their metadata.

/** Any JSON value. Integers beyond ±(2^53-1) are bigints, so that they are printed as received. */
export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/**
 * An object with `apiVersion`, `kind` and `metadata`. Decoders guarantee that `metadata` is an
 * object.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/
 */
export interface KubeObject extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: JsonObject;
}

/** True for a JSON object, not for an array or null. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for a list. `Array.isArray` would lose the types of the items and readonly. */
export function isJsonArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Returns the string at a key. Empty if it is absent or another type. */
export function stringAt(object: JsonObject | undefined, key: string): string {
  const value = object?.[key];
  return typeof value === 'string' ? value : '';
}

/** Returns the object at a key. Undefined if it is absent or another type. */
export function objectAt(object: JsonObject | undefined, key: string): JsonObject | undefined {
  const value = object?.[key];
  return isJsonObject(value) ? value : undefined;
}

/**
 * Returns the list at a key that the API defines as a list; Go writes an empty one as null.
 * Undefined if it is absent or another type: the document is not of the expected type then.
 */
export function sliceAt(object: JsonObject, key: string): readonly Json[] | undefined {
  return object[key] === null || Array.isArray(object[key]) ? arrayAt(object, key) : undefined;
}

/** Returns the list at a key. Empty if it is absent or another type. */
export function arrayAt(object: JsonObject | undefined, key: string): readonly Json[] {
  const value = object?.[key];
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** Returns the strings of the list at a key, without items of other types. */
export function stringsAt(object: JsonObject | undefined, key: string): string[] {
  return arrayAt(object, key).filter((entry) => typeof entry === 'string');
}

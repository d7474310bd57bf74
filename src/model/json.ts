// JSON helpers that the standard library lacks: typed parsing, sorted keys, equality, objects
// without some keys.

import { isJsonArray, isJsonObject, type Json, type JsonObject, type KubeObject } from './object.ts';

/**
 * Parses JSON.
 * @throws SyntaxError
 */
export function parseJson(text: string): Json {
  const value: Json = JSON.parse(text) as Json;
  return value;
}

/** Returns the object without some of its keys. */
export function without(object: JsonObject, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/**
 * Like {@link without}, for a KubeObject. The three keys that every KubeObject has cannot be
 * removed.
 */
export function withoutField(object: KubeObject, key: string): KubeObject {
  const { apiVersion, kind, metadata } = object;
  return { ...without(object, key), apiVersion, kind, metadata };
}

/** Returns the strings of a list and ignores its other items. */
export function stringsOf(value: Json | undefined): readonly string[] {
  return isJsonArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

/** Returns a scalar as text, and lists and objects as JSON. */
export function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Returns the same value with the keys of every object sorted. Drops undefined values. */
export function sorted(value: Json): Json {
  if (isJsonArray(value)) return value.map(sorted);
  return isJsonObject(value) ? sortedObject(value) : value;
}

/** Like {@link sorted}, for an object. */
export function sortedObject(object: JsonObject): JsonObject {
  const result: Record<string, Json> = {};
  for (const key of Object.keys(object).sort()) {
    const value = object[key];
    if (value !== undefined) result[key] = sorted(value);
  }
  return result;
}

/** True if two JSON values are equal, whatever the order of keys. */
export function deepEqual(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isJsonArray(a) && isJsonArray(b)) {
    return a.length === b.length && a.every((item, index) => deepEqual(item, b[index]));
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const keys = Object.keys(a).filter((key) => a[key] !== undefined);
  const others = Object.keys(b).filter((key) => b[key] !== undefined);
  return keys.length === others.length && keys.every((key) => deepEqual(a[key], b[key]));
}

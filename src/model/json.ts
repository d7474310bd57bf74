// JSON helpers that the standard library lacks: typed parsing, sorted keys, equality, objects without some keys.

import { isJsonArray, isJsonObject, type Json, type JsonObject, type KubeObject } from './object.ts';

/** @throws SyntaxError */
export function parseJson(text: string): Json {
  const value: Json = JSON.parse(text) as Json;
  return value;
}

/** The object without some of its keys. */
export function without(object: JsonObject, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/** {@link without} for an object that stays one; the three keys that make it one cannot be taken. */
export function withoutField(object: KubeObject, key: string): KubeObject {
  const { apiVersion, kind, metadata } = object;
  return { ...without(object, key), apiVersion, kind, metadata };
}

/** The strings of a list; everything else in it is left out. */
export function stringsOf(value: Json | undefined): readonly string[] {
  return isJsonArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

/** A scalar as text; lists and objects as JSON. */
export function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The same value with the keys of every object in order; undefined values are left out. */
export function sorted(value: Json): Json {
  if (isJsonArray(value)) return value.map(sorted);
  return isJsonObject(value) ? sortedObject(value) : value;
}

/** {@link sorted} for what is known to be an object. */
export function sortedObject(object: JsonObject): JsonObject {
  const result: Record<string, Json> = {};
  for (const key of Object.keys(object).sort()) {
    const value = object[key];
    if (value !== undefined) result[key] = sorted(value);
  }
  return result;
}

/** Whether two JSON values are the same, the order of keys aside. */
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

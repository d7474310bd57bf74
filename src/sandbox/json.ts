// Small operations on JSON values that TypeScript's own narrowing has no words for.

import type { Json, JsonObject, KubeObject } from '../model/object.ts';

/** `Array.isArray` for readonly arrays of JSON. */
export function isJsonArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

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

// JSON and YAML as the API server writes them: Go's escapes, two-space indentation for people, sorted YAML keys.

import { stringify } from 'yaml';
import type { Json, JsonObject } from '../model/object.ts';

/** One line of JSON, `<`, `>` and `&` escaped as Go's encoder does; without the final line end. */
export function encodeJson(value: Json, pretty = false): string {
  const text = JSON.stringify(value, bigintAsNumber, pretty ? 2 : undefined);
  return needsEscape.test(text) ? text.replaceAll(escaped, escapeOf) : text;
}

const needsEscape = /[<>&\u2028\u2029]/;
const escaped = /[<>&\u2028\u2029]/g;

function escapeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function bigintAsNumber(_key: string, value: unknown): unknown {
  // JSON of the API knows 64-bit integers; those beyond 2^53 lose digits here, which the README says.
  return typeof value === 'bigint' ? Number(value) : value;
}

/** YAML with sorted keys. */
export function encodeYaml(value: Json): string {
  return stringify(sorted(value), { lineWidth: 0, indentSeq: false, aliasDuplicateObjects: false });
}

/** The same value with the keys of every object in order; undefined values are left out. */
export function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => sorted(item));
  if (typeof value !== 'object' || value === null) return value;
  return sortedObject(value as JsonObject);
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

// JSON and YAML as the API server writes them: Go's escapes, two-space indentation for people, sorted YAML keys.

import { stringify } from 'yaml';
import type { Json, JsonObject } from '../model/object.ts';

/** JSON, `<`, `>` and `&` escaped as Go's encoder does; without the final line end. No bigint may be in it. */
export function encodeJson(value: Json, pretty = false): string {
  // Without a replacer: with one, V8 is three times slower, and lists of 50,000 objects show it.
  const text = JSON.stringify(value, undefined, pretty ? 2 : undefined);
  // Most texts have none of them, and looking for one character is much faster than a pattern.
  const hasAny = escapedCharacters.some((character) => text.includes(character));
  return hasAny ? text.replaceAll(/[<>&\u2028\u2029]/g, escapeOf) : text;
}

const escapedCharacters = ['<', '>', '&', '\u2028', '\u2029'];

function escapeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
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

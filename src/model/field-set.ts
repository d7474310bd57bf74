// Reads the field sets of managedFields (fieldsV1). Entry points: fieldPathsOf(),
// parseElementKey(). Pure.

import { isJsonObject, type Json, type JsonObject } from './object.ts';

/**
 * A key of a field set: a field by name, a list element by the values of its keys, an element of a
 * set by its value, an element by its index, or the object or element itself (`.`).
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/ `fieldsV1`
 */
export type ElementKey =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'keys'; readonly keys: JsonObject }
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'self' };

/** Parses a key of a field set. Returns undefined for a key of another form. */
export function parseElementKey(key: string): ElementKey | undefined {
  if (key === '.') return { kind: 'self' };
  const [prefix, rest] = [key.slice(0, 2), key.slice(2)];
  if (prefix === 'f:') return { kind: 'field', name: rest };
  if (prefix === 'i:') return /^\d+$/.test(rest) ? { kind: 'index', index: Number(rest) } : undefined;
  if (prefix !== 'k:' && prefix !== 'v:') return undefined;
  let value: Json;
  try {
    value = JSON.parse(rest) as Json;
  } catch {
    return undefined;
  }
  if (prefix === 'v:') return { kind: 'value', value };
  return isJsonObject(value) ? { kind: 'keys', keys: value } : undefined;
}

/** Returns the paths of the leaves of a field set: `spec.containers[name=app].image`. */
export function fieldPathsOf(fields: JsonObject): readonly string[] {
  const paths: string[] = [];
  const walk = (node: JsonObject, path: string): void => {
    for (const [key, inner] of Object.entries(node)) {
      const parsed = parseElementKey(key);
      if (parsed === undefined || parsed.kind === 'self') continue;
      const here = `${path}${segmentText(parsed, path === '')}`;
      const below = isJsonObject(inner) ? Object.keys(inner).filter((one) => one !== '.') : [];
      if (below.length === 0) paths.push(here);
      else if (isJsonObject(inner)) walk(inner, here);
    }
  };
  walk(fields, '');
  return paths;
}

function segmentText(key: Exclude<ElementKey, { readonly kind: 'self' }>, isFirst: boolean): string {
  switch (key.kind) {
    case 'field':
      return /^[A-Za-z_][\w-]*$/.test(key.name)
        ? `${isFirst ? '' : '.'}${key.name}`
        : `[${JSON.stringify(key.name)}]`;
    case 'keys':
      return `[${Object.entries(key.keys)
        .map(([name, value]) => `${name}=${plain(value)}`)
        .join(',')}]`;
    case 'value':
      return `[${JSON.stringify(key.value)}]`;
    case 'index':
      return `[${key.index}]`;
  }
}

function plain(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

// Tells who set a field: the managers whose managedFields have it. Entry point: ownersOf(). Pure.

import type { PathStep } from '../model/field-path.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../model/object.ts';
import { managersOf, type Manager } from './change-author.ts';

/**
 * Returns the managers that own the field, or that own it as part of a field around it.
 * @param path from the object; empty: none
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
export function ownersOf(object: JsonObject, path: readonly PathStep[]): readonly Manager[] {
  if (path.length === 0) return [];
  return managersOf(object).filter(({ fields }) => owns(fields, object, path));
}

function owns(fields: JsonObject | undefined, object: JsonObject, path: readonly PathStep[]): boolean {
  let set: Json | undefined = fields;
  let value: Json | undefined = object;
  for (const step of path) {
    if (!isJsonObject(set)) return false;
    const inner: Json | undefined = valueAt(value, step);
    const key: string | undefined = typeof step === 'string' ? `f:${step}` : elementKey(set, inner, step);
    if (key === undefined || !Object.hasOwn(set, key)) return false;
    set = set[key];
    value = inner;
    // A leaf: its owner also owns everything below it.
    if (isJsonObject(set) && Object.keys(set).length === 0) return true;
  }
  return isJsonObject(set);
}

function valueAt(value: Json | undefined, step: PathStep): Json | undefined {
  if (typeof step === 'number') return isJsonArray(value) ? value[step] : undefined;
  return isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

/** The key of a list element in fieldsV1: by its merge keys, by its value, or by its index. */
function elementKey(set: JsonObject, element: Json | undefined, index: number): string | undefined {
  return Object.keys(set).find((key) => {
    const text = key.slice(2);
    if (key.startsWith('i:')) return text === String(index);
    try {
      const wanted = JSON.parse(text) as Json;
      if (key.startsWith('v:')) return wanted === element;
      if (!key.startsWith('k:') || !isJsonObject(wanted) || !isJsonObject(element)) return false;
      return Object.entries(wanted).every(([name, value]) => element[name] === value);
    } catch {
      return false;
    }
  });
}

// Sorts the fields of built-in objects as the real server writes them: the fields of a struct as in
// Go, the keys of a map by name. Entry point: inStructOrder().

import {
  isJsonArray,
  isJsonObject,
  objectAt,
  type Json,
  type JsonObject,
  type KubeObject,
} from '../../model/object.ts';
import type { ServedType } from '../types/types.ts';
import { structNamed, structOfType, type FieldType, type StructSchema } from './schema.ts';

/**
 * Returns an object with its fields in the order of its Go struct. Fields that the struct does not
 * have come last. Objects of custom types are unchanged.
 */
export function inStructOrder(type: ServedType, object: KubeObject): KubeObject {
  const struct = structOfType(type);
  if (struct === undefined) return object;
  const ordered = structInOrder(struct, object);
  const { apiVersion, kind } = object;
  return { ...ordered, apiVersion, kind, metadata: objectAt(ordered, 'metadata') ?? object.metadata };
}

function structInOrder(struct: StructSchema, object: JsonObject): JsonObject {
  const names = [...(struct.isKind ? ['kind'] : []), ...struct.fields.keys(), ...Object.keys(object)];
  const ordered = new Map<string, Json | undefined>();
  for (const name of names) {
    const field = struct.fields.get(name);
    if (!Object.hasOwn(object, name) || ordered.has(name)) continue;
    ordered.set(name, field === undefined ? object[name] : inOrder(field.type, object[name]));
  }
  return Object.fromEntries(ordered);
}

function inOrder(type: FieldType, value: Json | undefined): Json | undefined {
  switch (type.kind) {
    case 'list':
      return isJsonArray(value) ? value.map((item) => inOrder(type.of, item) ?? null) : value;
    case 'map':
      if (!isJsonObject(value)) return value;
      return Object.fromEntries(
        Object.keys(value)
          .sort()
          .map((key) => [key, inOrder(type.of, value[key])]),
      );
    case 'struct': {
      const struct = structNamed(type.name);
      return struct?.takes === 'fields' && isJsonObject(value) ? structInOrder(struct, value) : value;
    }
    default:
      return value;
  }
}

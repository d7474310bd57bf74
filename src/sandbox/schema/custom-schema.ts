// Applies the structural schema of a CRD to an object: removes unknown fields and adds defaults.
// Entry point: conform.

import {
  isJsonObject,
  objectAt,
  type Json,
  type JsonObject,
  type KubeObject,
  isJsonArray,
} from '../../model/object.ts';
import { without } from '../../model/json.ts';

/**
 * Returns a custom object, pruned and with defaults. Unchanged if the version has no schema.
 * @see
 *   https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#field-pruning
 */
export function conform(schema: JsonObject | undefined, object: KubeObject): KubeObject {
  if (schema === undefined || schema['x-kubernetes-preserve-unknown-fields'] === true) return object;
  const { apiVersion, kind, metadata, ...content } = object;
  const properties = without(objectAt(schema, 'properties') ?? {}, 'apiVersion', 'kind', 'metadata');
  const conformed = conformObject({ ...schema, properties }, content);
  return { apiVersion, kind, metadata, ...conformed };
}

function conformValue(schema: JsonObject, value: Json): Json {
  if (isJsonArray(value)) {
    const items = objectAt(schema, 'items');
    return items === undefined ? value : value.map((item) => conformValue(items, item));
  }
  return isJsonObject(value) ? conformObject(schema, value) : value;
}

function conformObject(schema: JsonObject, value: JsonObject): JsonObject {
  const properties = objectAt(schema, 'properties');
  const additional = schema['additionalProperties'];
  const keepUnknown =
    schema['x-kubernetes-preserve-unknown-fields'] === true ||
    additional === true ||
    (properties === undefined && additional === undefined);
  const result: Record<string, Json | undefined> = {};
  for (const [key, entry] of Object.entries(value)) {
    const property = objectAt(properties, key);
    if (entry === undefined) continue;
    if (property !== undefined) {
      // A null counts as absent if the schema has a default and is not nullable.
      if (entry === null && property['nullable'] !== true && property['default'] !== undefined) continue;
      result[key] = conformValue(property, entry);
    } else if (isJsonObject(additional)) result[key] = conformValue(additional, entry);
    else if (keepUnknown || schema['x-kubernetes-embedded-resource'] === true) result[key] = entry;
  }
  for (const [key, property] of Object.entries(properties ?? {})) {
    if (!isJsonObject(property) || result[key] !== undefined) continue;
    const fallback = property['default'];
    if (fallback !== undefined) result[key] = conformValue(property, fallback);
  }
  return result;
}

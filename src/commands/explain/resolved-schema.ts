// Inlines the references of a schema. Entry point: resolvedSchema(), a pure function.

import { isJsonObject, objectAt, type Json, type JsonObject } from '../../model/object.ts';
import { alternativesOf, countStep, refName, resolveRef, type SchemaDocument } from '../../model/schema.ts';

/** Keywords whose values are maps of schemas, lists of schemas, and schemas. */
const byName = ['properties', 'patternProperties', 'definitions'];
const lists = ['allOf', 'anyOf', 'oneOf'];
const single = ['items', 'additionalProperties', 'not'];

/**
 * Returns the schema as one document. Keywords next to a reference (`description`, `default`) win
 * over those of its target. An `allOf` of one schema, the form in which documents write such a
 * reference, is merged into its parent. Keeps cyclic references, and those below `depth` levels of
 * fields.
 * @throws SchemaTooLarge
 */
export function resolvedSchema(
  schema: JsonObject,
  document: SchemaDocument,
  depth = Infinity,
  seen: ReadonlySet<string> = new Set(),
): JsonObject {
  countStep(document);
  const alternatives = alternativesOf(schema);
  const [only] = alternatives;
  if (only !== undefined && alternatives.length === 1 && refName(only) !== '') {
    return resolvedSchema({ ...only, ...without(schema, 'allOf') }, document, depth, seen);
  }
  const ref = refName(schema);
  if (ref !== '') {
    const target = resolveRef(schema, document);
    if (seen.has(ref) || target === schema || (depth <= 0 && objectAt(target, 'properties') !== undefined)) {
      return schema;
    }
    const merged = { ...target, ...without(schema, '$ref') };
    return resolvedSchema(merged, document, depth, new Set([...seen, ref]));
  }
  const inner = (value: Json | undefined, levels = depth): Json | undefined =>
    isJsonObject(value) ? resolvedSchema(value, document, levels, seen) : value;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]): [string, Json | undefined] => {
      if (byName.includes(key) && isJsonObject(value)) {
        const entries = Object.entries(value).map(([name, one]) => [name, inner(one, depth - 1)]);
        return [key, Object.fromEntries(entries) as JsonObject];
      }
      if (lists.includes(key) && Array.isArray(value)) {
        return [key, value.map((one: Json) => inner(one) ?? null)];
      }
      return [key, single.includes(key) ? inner(value) : value];
    }),
  );
}

function without(schema: JsonObject, key: string): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== key));
}

// Schemas of an OpenAPI document and the few questions asked of them. Pure. Entry points: resolveRef, propertiesOf, typeName,
// fieldSchema, fieldNames. Schemas stay JSON: servers put into them what they like, and -o json shows it.

import { arrayAt, isJsonObject, objectAt, stringAt, type Json, type JsonObject } from './object.ts';

/** The schemas that one document describes, and which of them each resource type has. */
export interface SchemaDocument {
  /** By name without its path: `io.k8s.api.core.v1.Pod`. */
  readonly schemas: JsonObject;
  /** By plural: `pods`. */
  readonly kinds: Readonly<Record<string, SchemaKind>>;
}

/** What documents write as `x-kubernetes-group-version-kind`. */
export interface SchemaKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** Questions about a document that a run may ask. The largest custom resources of known operators need a tenth. */
const maxSteps = 200_000;
const steps = new WeakMap<SchemaDocument, number>();

/**
 * Thrown where schemas refer to each other so often that a walk through them would not end in time: 12 schemas with 8 references
 * each to one another make billions of fields.
 */
export class SchemaTooLarge extends Error {
  constructor() {
    super(`the schema has more than ${maxSteps} fields`);
    this.name = 'SchemaTooLarge';
  }
}

/** Counts one question about a document. @throws SchemaTooLarge */
export function countStep(document: SchemaDocument): void {
  const count = (steps.get(document) ?? 0) + 1;
  if (count > maxSteps) throw new SchemaTooLarge();
  steps.set(document, count);
}

/**
 * Runs a walk through schemas. Those nested deeper than the stack is are too large, too: what is thrown out of pure functions has
 * left nothing half done.
 * @throws SchemaTooLarge
 */
export function walkSchemas<Result>(walk: () => Result): Result {
  try {
    return walk();
  } catch (error) {
    if (error instanceof RangeError) throw new SchemaTooLarge();
    throw error;
  }
}

/** The schema of a kind: the first by name of those that say they are of it. */
export function schemaOfKind(kind: SchemaKind, { schemas }: SchemaDocument): JsonObject | undefined {
  return Object.keys(schemas)
    .sort()
    .map((name) => schemas[name])
    .filter(isJsonObject)
    .find((schema) =>
      arrayAt(schema, 'x-kubernetes-group-version-kind')
        .filter(isJsonObject)
        .some(
          (one) =>
            stringAt(one, 'group') === kind.group &&
            stringAt(one, 'version') === kind.version &&
            stringAt(one, 'kind') === kind.kind,
        ),
    );
}

/** The name that a reference leads to, empty where there is none; in OpenAPI 2 it stands below `definitions`. */
export function refName(schema: JsonObject): string {
  const ref = stringAt(schema, '$ref');
  const match = /^#\/(?:components\/schemas|definitions)\/([^/]+)$/.exec(ref);
  return match?.[1]?.replaceAll('~1', '/').replaceAll('~0', '~') ?? '';
}

/** What a reference leads to; the schema itself where it is none, or leads nowhere. */
export function resolveRef(schema: JsonObject, { schemas }: SchemaDocument): JsonObject {
  const name = refName(schema);
  return (name === '' ? undefined : objectAt(schemas, name)) ?? schema;
}

/** Properties by name, sorted by its bytes as Go sorts the keys of a map. */
export function propertiesOf(schema: JsonObject): [string, JsonObject][] {
  return Object.entries(objectAt(schema, 'properties') ?? {})
    .filter((entry): entry is [string, JsonObject] => isJsonObject(entry[1]))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** What an array holds. */
export function itemsOf(schema: JsonObject): JsonObject | undefined {
  return filled(schema['items']);
}

/** What a map holds; undefined where additional properties are only allowed or forbidden. */
export function valuesOf(schema: JsonObject): JsonObject | undefined {
  return filled(schema['additionalProperties']);
}

export function alternativesOf(schema: JsonObject): JsonObject[] {
  return arrayAt(schema, 'allOf').filter(isJsonObject);
}

export function isRequired(schema: JsonObject, name: string): boolean {
  return arrayAt(schema, 'required').includes(name);
}

/** A short name of a type as kubectl has it: `string`, `Object`, `[]Container`, `map[string]string`. */
export function typeName(schema: JsonObject, document: SchemaDocument): string {
  countStep(document);
  const items = itemsOf(schema);
  if (items !== undefined) return `[]${typeName(items, document)}`;
  const values = valuesOf(schema);
  if (values !== undefined) return `map[string]${typeName(values, document)}`;
  const alternatives = alternativesOf(schema);
  const [only] = alternatives;
  if (only !== undefined && alternatives.length === 1 && propertiesOf(schema).length === 0) {
    return typeName(only, document);
  }
  const ref = stringAt(schema, '$ref');
  if (ref === '') return plainType(schema);
  const target = resolveRef(schema, document);
  const type = target === schema ? '' : stringAt(target, 'type');
  if (type !== '' && type !== 'object') return type;
  const name = ref.slice(Math.max(ref.lastIndexOf('/'), ref.lastIndexOf('.')) + 1);
  return name === '' ? 'Object' : name;
}

function plainType(schema: JsonObject): string {
  const type = stringAt(schema, 'type');
  return type === '' || type === 'object' ? 'Object' : type;
}

/** A field that was found, with the object that has it. */
export interface FoundField {
  readonly name: string;
  /** As it stands there, not resolved. */
  readonly schema: JsonObject;
}

/**
 * The field of a name in an object, in the items of an array, in the values of a map or in one of the alternatives,
 * whichever comes first. References that lead back to themselves end the search.
 */
export function fieldSchema(
  schema: JsonObject,
  name: string,
  document: SchemaDocument,
  seen: ReadonlySet<string> = new Set(),
): JsonObject | undefined {
  countStep(document);
  const ref = refName(schema);
  if (ref !== '' && seen.has(ref)) return undefined;
  const known = ref === '' ? seen : new Set([...seen, ref]);
  const resolved = resolveRef(schema, document);
  const properties = objectAt(resolved, 'properties');
  if (properties !== undefined && Object.hasOwn(properties, name)) return objectAt(properties, name);
  const inner = itemsOf(resolved) ?? valuesOf(resolved);
  if (inner !== undefined) return fieldSchema(inner, name, document, known);
  for (const alternative of alternativesOf(resolved)) {
    const found = fieldSchema(alternative, name, document, known);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** One field in a listing of fields. */
export interface Field {
  readonly name: string;
  /** As it stands there, not resolved. */
  readonly schema: JsonObject;
  readonly required: boolean;
  /** References on the way to it, so that a listing of what is below can end at a cycle. */
  readonly seen: ReadonlySet<string>;
}

/**
 * The fields directly below a schema: of the object, then of its alternatives, of the items of an array, of the values
 * of a map.
 * @param seen references that were followed on the way here
 */
export function fieldsOf(
  schema: JsonObject,
  document: SchemaDocument,
  seen: ReadonlySet<string> = new Set(),
): Field[] {
  countStep(document);
  const ref = refName(schema);
  if (ref !== '' && seen.has(ref)) return [];
  const known = ref === '' ? seen : new Set([...seen, ref]);
  const resolved = resolveRef(schema, document);
  const inner = [...alternativesOf(resolved), itemsOf(resolved), valuesOf(resolved)];
  return [
    ...propertiesOf(resolved).map(([name, property]) => ({
      name,
      schema: property,
      required: isRequired(resolved, name),
      seen: known,
    })),
    ...inner.flatMap((one) => (one === undefined ? [] : fieldsOf(one, document, known))),
  ];
}

/** The description of a schema and of everything that it is made of, a line each. */
export function descriptionOf(
  schema: JsonObject,
  document: SchemaDocument,
  seen: ReadonlySet<string> = new Set(),
): string {
  countStep(document);
  const ref = refName(schema);
  if (ref !== '' && seen.has(ref)) return '';
  const known = ref === '' ? seen : new Set([...seen, ref]);
  const resolved = resolveRef(schema, document);
  const own = stringAt(resolved, 'description');
  const inner = [...alternativesOf(resolved), itemsOf(resolved), valuesOf(resolved)];
  return (
    (own === '' ? '' : `${own}\n`) +
    inner.map((one) => (one === undefined ? '' : descriptionOf(one, document, known))).join('')
  );
}

/**
 * What holds where a field is absent, if it says something: servers write the zero value of every Go field as its default.
 */
export function defaultOf(schema: JsonObject): Json | undefined {
  const value = schema['default'];
  if (value === undefined || value === '' || value === null) return undefined;
  return isJsonObject(value) && Object.keys(value).length === 0 ? undefined : value;
}

/** An empty schema says nothing, and kubectl takes it as absent. */
function filled(schema: Json | undefined): JsonObject | undefined {
  return isJsonObject(schema) && Object.keys(schema).length > 0 ? schema : undefined;
}

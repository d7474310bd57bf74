// Queries on the schemas of an OpenAPI document. Pure. Entry points: resolveRef, propertiesOf,
// typeName, fieldSchema, fieldNames. Schemas stay JSON, because servers add arbitrary fields and -o
// json shows them.

import { arrayAt, isJsonObject, objectAt, stringAt, type Json, type JsonObject } from './object.ts';

/** The schemas of one document, and the schema of each resource type. */
export interface SchemaDocument {
  /** Schemas by name without path: `io.k8s.api.core.v1.Pod`. */
  readonly schemas: JsonObject;
  /** Kinds by plural: `pods`. */
  readonly kinds: Readonly<Record<string, SchemaKind>>;
}

/** The value of `x-kubernetes-group-version-kind` in documents. */
export interface SchemaKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/**
 * Max number of queries on one document in a run. The largest custom resources of known operators
 * need a tenth.
 */
const maxSteps = 200_000;
const steps = new WeakMap<SchemaDocument, number>();

/**
 * Thrown if schemas refer to each other so often that a walk through them would not end in time: 12
 * schemas with 8 references each to one another make billions of fields.
 */
export class SchemaTooLarge extends Error {
  constructor() {
    super(`the schema has more than ${maxSteps} fields`);
    this.name = 'SchemaTooLarge';
  }
}

/**
 * Counts one query on a document.
 * @throws SchemaTooLarge
 */
export function countStep(document: SchemaDocument): void {
  const count = (steps.get(document) ?? 0) + 1;
  if (count > maxSteps) throw new SchemaTooLarge();
  steps.set(document, count);
}

/**
 * Runs a walk through schemas. A stack overflow also means too large: pure functions leave no
 * inconsistent state behind.
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

/** Returns the schema of a kind: the first by name of those that declare the kind. */
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

/**
 * Returns the name that a reference refers to, or an empty string. In OpenAPI 2 it is below
 * `definitions`.
 */
export function refName(schema: JsonObject): string {
  const ref = stringAt(schema, '$ref');
  const match = /^#\/(?:components\/schemas|definitions)\/([^/]+)$/.exec(ref);
  return match?.[1]?.replaceAll('~1', '/').replaceAll('~0', '~') ?? '';
}

/**
 * Returns the target of a reference, or the schema itself if it is not a reference or refers to
 * nothing.
 */
export function resolveRef(schema: JsonObject, { schemas }: SchemaDocument): JsonObject {
  const name = refName(schema);
  return (name === '' ? undefined : objectAt(schemas, name)) ?? schema;
}

/** Returns the properties by name, sorted by bytes as Go sorts the keys of a map. */
export function propertiesOf(schema: JsonObject): [string, JsonObject][] {
  return Object.entries(objectAt(schema, 'properties') ?? {})
    .filter((entry): entry is [string, JsonObject] => isJsonObject(entry[1]))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Returns the schema of an array's items. */
export function itemsOf(schema: JsonObject): JsonObject | undefined {
  return nonEmptySchema(schema['items']);
}

/**
 * Returns the schema of a map's values. Undefined if additional properties are only allowed or
 * forbidden.
 */
export function valuesOf(schema: JsonObject): JsonObject | undefined {
  return nonEmptySchema(schema['additionalProperties']);
}

/** Returns the schemas of `allOf`. */
export function alternativesOf(schema: JsonObject): JsonObject[] {
  return arrayAt(schema, 'allOf').filter(isJsonObject);
}

/** True if the schema requires a property. */
export function isRequired(schema: JsonObject, name: string): boolean {
  return arrayAt(schema, 'required').includes(name);
}

/**
 * Returns the short name of a type as in kubectl: `string`, `Object`, `[]Container`,
 * `map[string]string`.
 */
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

/**
 * Finds a field by name in an object, the items of an array, the values of a map or one of the
 * alternatives, whichever comes first. Cyclic references end the search.
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

/** One field of a listing. */
export interface Field {
  readonly name: string;
  /** The schema in the document, not resolved. */
  readonly schema: JsonObject;
  readonly required: boolean;
  /** References on the way to the field, so that a listing of its fields can stop at a cycle. */
  readonly seen: ReadonlySet<string>;
}

/**
 * Returns the fields directly below a schema: of the object, then of its alternatives, of the items
 * of an array, of the values of a map.
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

/** Returns the descriptions of a schema and of the schemas it consists of, one a line. */
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
 * Returns the default of a field if it means something: servers write the zero value of every Go
 * field as its default.
 */
export function defaultOf(schema: JsonObject): Json | undefined {
  const value = schema['default'];
  if (value === undefined || value === '' || value === null) return undefined;
  return isJsonObject(value) && Object.keys(value).length === 0 ? undefined : value;
}

/** Returns a schema that has content. kubectl treats an empty schema as absent. */
function nonEmptySchema(schema: Json | undefined): JsonObject | undefined {
  return isJsonObject(schema) && Object.keys(schema).length > 0 ? schema : undefined;
}

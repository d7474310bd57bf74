// Converts the fields of types to OpenAPI schemas, version 3 and 2. Entry points: `schemasOf` for
// built-in types, `customSchemasOf` for custom ones. openapi.ts makes the documents.

import { objectAt } from '../../model/object.ts';
import type { Json, JsonObject } from '../../model/object.ts';
import { objectsAt } from '../../model/fields.ts';
import { descriptionOf } from '../schema/descriptions.ts';
import { defaultOf, metaPackage, structNamed, structOfKind, structOfType } from '../schema/schema.ts';
import type { FieldSchema, FieldType, ScalarName, StructSchema } from '../schema/schema.ts';
import type { ServedType } from '../types/types.ts';

/** The two versions. They differ in the location of schemas and in the form of references. */
export type OpenApiVersion = 2 | 3;

/** Schemas by their qualified names. */
export type Schemas = Record<string, JsonObject>;

const meta = `${metaPackage}.`;

/** Scalars with a schema of their own, by the name of that schema in the real server. */
const namedScalars: Readonly<Partial<Record<ScalarName, string>>> = {
  Time: `${meta}Time`,
  MicroTime: `${meta}MicroTime`,
  Quantity: 'io.k8s.apimachinery.pkg.api.resource.Quantity',
  IntOrString: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
};

const plainScalars: Readonly<Partial<Record<ScalarName, JsonObject>>> = {
  string: { type: 'string' },
  bytes: { type: 'string', format: 'byte' },
  int: { type: 'integer', format: 'int32' },
  long: { type: 'integer', format: 'int64' },
  double: { type: 'number', format: 'double' },
  bool: { type: 'boolean' },
};

/** Returns the schema of a named scalar. Version 2 has no `oneOf`. */
function scalarSchema(name: string, version: OpenApiVersion): JsonObject | undefined {
  const either = (types: readonly string[]): JsonObject =>
    version === 2 ? { type: 'string' } : { oneOf: types.map((type) => ({ type })) };
  switch (name) {
    case namedScalars.Time:
      return { description: 'A moment, as RFC 3339 writes it.', type: 'string', format: 'date-time' };
    case namedScalars.MicroTime:
      return {
        description: 'A moment with microseconds, as RFC 3339 writes it.',
        type: 'string',
        format: 'date-time',
      };
    case namedScalars.Quantity:
      return {
        description: 'An amount with an optional suffix: 500m, 2, 64Mi, 1G.',
        ...either(['string', 'number']),
      };
    case namedScalars.IntOrString:
      return {
        description: 'A number, or a text such as a name or a percentage.',
        ...either(['integer', 'string']),
        format: 'int-or-string',
      };
    default:
      return undefined;
  }
}

/** Returns the name of a kind's schema. */
export function schemaNameOf(type: ServedType): string {
  if (type.custom === undefined) return structOfType(type)?.name ?? '';
  const reversed = type.group.split('.').toReversed().join('.');
  return `${reversed}.${type.version}.${type.kind}`;
}

/** Returns the name of the schema of a kind's list. */
export function listSchemaNameOf(type: ServedType): string {
  return schemaNameOf(type).replace(/[^.]+$/, type.custom?.listKind ?? `${type.kind}List`);
}

/** Returns a reference to a schema. */
export function schemaRef(name: string, version: OpenApiVersion): JsonObject {
  return { $ref: `#/${version === 3 ? 'components/schemas' : 'definitions'}/${name}` };
}

/** Returns the schemas of built-in types, their lists and everything they refer to. */
export function schemasOf(types: readonly ServedType[], version: OpenApiVersion): Schemas {
  const schemas: Schemas = {};
  for (const type of types) {
    const struct = structOfType(type);
    if (struct === undefined) continue;
    addStruct(schemas, struct, version);
    markKind(schemas, struct.name, type);
    if (type.verbs.includes('list')) addList(schemas, struct.name, type, version);
    for (const { group, version: subVersion, kind } of type.subresources) {
      const answer = structOfKind(group, subVersion, kind);
      if (answer !== undefined && answer.name !== struct.name) {
        addStruct(schemas, answer, version);
        markKind(schemas, answer.name, { group, version: subVersion, kind });
      }
    }
  }
  return schemas;
}

/**
 * Returns the schema of a custom type as in its CRD, with the metadata of all objects, and the
 * schema of its list.
 */
export function customSchemasOf(type: ServedType, version: OpenApiVersion): Schemas {
  const schemas: Schemas = {};
  const name = schemaNameOf(type);
  const own = type.custom?.schema ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const common = structNamed(`${meta}ObjectMeta`);
  if (common !== undefined) addStruct(schemas, common, version);
  schemas[name] = {
    ...own,
    properties: {
      apiVersion: { description: 'Group and version of the object.', type: 'string' },
      kind: { description: `What the object is: ${type.kind}.`, type: 'string' },
      ...objectAt(own, 'properties'),
      metadata: {
        description: 'Name, labels and other data about the object.',
        ...reference(`${meta}ObjectMeta`, version),
      },
    },
  };
  markKind(schemas, name, type);
  addList(schemas, name, type, version);
  return schemas;
}

function addStruct(schemas: Schemas, struct: StructSchema, version: OpenApiVersion): void {
  if (schemas[struct.name] !== undefined) return;
  const fields = [...struct.fields.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const required = fields.filter((field) => field.isRequired).map((field) => field.name);
  // Added before its fields are visited, so that structs that contain themselves end the recursion.
  const properties: Record<string, Json> = {};
  schemas[struct.name] = {
    description: descriptionOf(struct.name),
    ...(struct.takes === 'any' ? {} : { type: 'object' }),
    ...(required.length === 0 ? {} : { required }),
    ...(struct.takes === 'fields' ? { properties } : {}),
    ...(struct.isAtomic ? { 'x-kubernetes-map-type': 'atomic' } : {}),
  };
  for (const field of fields) properties[field.name] = fieldSchema(schemas, struct, field, version);
}

function fieldSchema(
  schemas: Schemas,
  struct: StructSchema,
  field: FieldSchema,
  version: OpenApiVersion,
): JsonObject {
  const { type, listKeys, patchStrategy, patchMergeKey } = field;
  const listType =
    listKeys !== undefined ? 'map' : field.isSet ? 'set' : field.isAtomic ? 'atomic' : undefined;
  const byDefault = field.isByValue ? {} : defaultOf(field);
  return {
    description: fieldDescription(struct, field.name),
    ...typeSchema(schemas, type, version),
    ...(byDefault === undefined || version === 2 ? {} : { default: byDefault }),
    ...(listKeys === undefined ? {} : { 'x-kubernetes-list-map-keys': listKeys }),
    ...(type.kind === 'list' && listType !== undefined ? { 'x-kubernetes-list-type': listType } : {}),
    ...(type.kind !== 'list' && field.isAtomic ? { 'x-kubernetes-map-type': 'atomic' } : {}),
    ...(patchMergeKey === undefined ? {} : { 'x-kubernetes-patch-merge-key': patchMergeKey }),
    ...(patchStrategy === undefined ? {} : { 'x-kubernetes-patch-strategy': patchStrategy }),
  };
}

/** Returns the description of a field. The fields that every kind has share one description. */
function fieldDescription(struct: StructSchema, field: string): string {
  const own = descriptionOf(struct.name, field);
  if (own !== '') return own;
  if (field === 'apiVersion') return 'Group and version of the object: v1, apps/v1.';
  if (field === 'kind') return `What the object is: ${struct.name.slice(struct.name.lastIndexOf('.') + 1)}.`;
  return field === 'metadata' ? 'Name, labels and other data about the object.' : '';
}

function typeSchema(schemas: Schemas, type: FieldType, version: OpenApiVersion): JsonObject {
  switch (type.kind) {
    case 'enum':
      return { type: 'string', enum: type.values };
    case 'list':
      return { type: 'array', items: typeSchema(schemas, type.of, version) };
    case 'map':
      return { type: 'object', additionalProperties: withoutAllOf(typeSchema(schemas, type.of, version)) };
    case 'struct': {
      const struct = structNamed(type.name);
      if (struct !== undefined) addStruct(schemas, struct, version);
      return reference(type.name, version);
    }
    case 'scalar': {
      const name = namedScalars[type.name];
      if (name === undefined) return plainScalars[type.name] ?? { type: 'object' };
      const schema = scalarSchema(name, version);
      if (schema !== undefined) schemas[name] = schema;
      return reference(name, version);
    }
  }
}

/**
 * Makes a reference. In version 3 it is inside `allOf`, so that a description can be next to it.
 */
function reference(name: string, version: OpenApiVersion): JsonObject {
  return version === 3 ? { allOf: [schemaRef(name, 3)] } : schemaRef(name, 2);
}

/** Returns a reference without `allOf`, for values of a map, which have no description. */
function withoutAllOf(schema: JsonObject): JsonObject {
  const [only] = objectsAt(schema, 'allOf');
  return only ?? schema;
}

function addList(schemas: Schemas, itemName: string, type: ServedType, version: OpenApiVersion): void {
  const listName = listSchemaNameOf(type);
  const listKind = type.custom?.listKind ?? `${type.kind}List`;
  const listMeta = structNamed(`${meta}ListMeta`);
  if (listMeta !== undefined) addStruct(schemas, listMeta, version);
  schemas[listName] = {
    description: `A list of objects of kind ${type.kind}.`,
    type: 'object',
    required: ['items'],
    properties: {
      apiVersion: { description: 'Group and version of the list.', type: 'string' },
      items: { description: 'The objects.', type: 'array', items: reference(itemName, version) },
      kind: { description: `What the object is: ${listKind}.`, type: 'string' },
      metadata: { description: 'Data about the list.', ...reference(`${meta}ListMeta`, version) },
    },
  };
  markKind(schemas, listName, { group: type.group, version: type.version, kind: listKind });
}

function markKind(
  schemas: Schemas,
  name: string,
  { group, version, kind }: { readonly group: string; readonly version: string; readonly kind: string },
): void {
  const schema = schemas[name];
  if (schema === undefined) return;
  schemas[name] = { ...schema, 'x-kubernetes-group-version-kind': [{ group, kind, version }] };
}

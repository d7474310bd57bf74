// Looks up the fields of objects, from a schema or, if there is none, from a real object. Entry
// points: schemaTree(), objectTree(), listTree(), treeAt(). Pure.

import { isJsonObject, type Json, type JsonObject } from '../model/object.ts';
import {
  alternativesOf,
  fieldSchema,
  fieldsOf,
  itemsOf,
  propertiesOf,
  resolveRef,
  typeName,
  valuesOf,
  type SchemaDocument,
} from '../model/schema.ts';

/** One node of an object. */
export interface FieldTree {
  /** True for a list: its fields are those of its items. */
  readonly isList: boolean;
  /**
   * Returns the fields below the node. Empty for plain values and for maps whose keys the user
   * chooses.
   */
  readonly fields: () => readonly NamedField[];
  readonly field: (name: string) => FieldTree | undefined;
}

export interface NamedField {
  readonly name: string;
  /** `string`, `[]Container`. */
  readonly type: string;
}

/** Makes a tree from a schema. */
export function schemaTree(schema: JsonObject, document: SchemaDocument): FieldTree {
  const resolved = unwrapSchema(schema, document);
  const isMap = valuesOf(resolved) !== undefined;
  return {
    isList: itemsOf(resolved) !== undefined,
    fields: () =>
      isMap
        ? []
        : fieldsOf(resolved, document).map((field) => ({
            name: field.name,
            type: typeName(field.schema, document),
          })),
    field: (name) => {
      const found = isMap ? undefined : fieldSchema(resolved, name, document);
      return found === undefined ? undefined : schemaTree(found, document);
    },
  };
}

/** Resolves references and the wrappers that servers put around them to add a description. */
function unwrapSchema(schema: JsonObject, document: SchemaDocument): JsonObject {
  let current = schema;
  // Max depth of wrappers, which also ends a cycle.
  for (let step = 0; step < 8; step++) {
    const next = resolveRef(current, document);
    const [only, other] = alternativesOf(next);
    const isWrapper = only !== undefined && other === undefined && propertiesOf(next).length === 0;
    if (!isWrapper && next === current) break;
    current = isWrapper ? only : next;
  }
  return current;
}

/** Makes a tree from an object. A list has the fields of its items. */
export function objectTree(value: Json | undefined): FieldTree {
  const isList = Array.isArray(value);
  const holders: readonly JsonObject[] = (isList ? (value as readonly Json[]) : [value]).filter(isJsonObject);
  const names = [...new Set(holders.flatMap((holder) => Object.keys(holder)))];
  const valueOf = (name: string): Json | undefined =>
    holders.find((holder) => Object.hasOwn(holder, name))?.[name];
  return {
    isList,
    // Keys that jsonpath has no plain form for are map keys, such as labels.
    fields: () =>
      names
        .filter((name) => /^[A-Za-z_][\w-]*$/.test(name))
        .map((name) => ({ name, type: typeOfValue(valueOf(name)) })),
    field: (name) => (names.includes(name) ? objectTree(valueOf(name)) : undefined),
  };
}

function typeOfValue(value: Json | undefined): string {
  if (Array.isArray(value)) return 'list';
  return value === null ? 'null' : typeof value;
}

/** Makes the tree of the List that several objects are printed as. */
export function listTree(item: FieldTree): FieldTree {
  const leaf: FieldTree = { isList: false, fields: () => [], field: () => undefined };
  return {
    isList: false,
    fields: () => [
      { name: 'apiVersion', type: 'string' },
      { name: 'items', type: 'list' },
      { name: 'kind', type: 'string' },
      { name: 'metadata', type: 'object' },
    ],
    field: (name) => (name === 'items' ? { ...item, isList: true } : leaf),
  };
}

/** Returns the node at a path of names. */
export function treeAt(root: FieldTree, path: readonly string[]): FieldTree | undefined {
  let place: FieldTree | undefined = root;
  for (const name of path) place = place?.field(name);
  return place;
}

// Finds the field managers of each place in an object. Entry point: rootPlace(). Pure.

import { parseElementKey } from './field-set.ts';
import { isJsonObject, objectAt, stringAt, type Json, type JsonObject } from './object.ts';
import { alternativesOf, itemsOf, resolveRef, valuesOf, type SchemaDocument } from './schema.ts';

/** A field set of one manager. */
export interface FieldSet<Manager> {
  readonly manager: Manager;
  readonly fields: JsonObject;
}

/** A place in an object: who owns it, and the places below. */
export interface OwnedPlace<Manager> {
  /** The managers that own the field itself, or the atomic list or map that it is in. */
  readonly owners: readonly Manager[];
  field(name: string): OwnedPlace<Manager>;
  /** @param element of the list, which its keys or its value name in field sets */
  element(element: Json, index: number): OwnedPlace<Manager>;
}

/** The schema of a place, with the document that its references lead into. */
export interface PlaceSchema {
  readonly schema: JsonObject;
  readonly document: SchemaDocument;
}

/**
 * What a field set says of a place. `isOwned`: the place is in the set, or in an atomic one above.
 */
interface Cursor<Manager> {
  readonly manager: Manager;
  readonly isOwned: boolean;
  /** The members below. Undefined: the set has none. */
  readonly below: JsonObject | undefined;
}

/**
 * Returns the place of a whole object. An owner of an atomic list or map owns everything in it. A
 * granular map or list that a set names without members, such as `emptyDir: {}`, is owned as it is,
 * and its fields are not.
 * @param schema tells what is atomic. Undefined: what no set looks into counts as atomic
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
export function rootPlace<Manager>(
  sets: readonly FieldSet<Manager>[],
  schema: PlaceSchema | undefined,
): OwnedPlace<Manager> {
  return placeOf(
    sets.map(({ manager, fields }) => ({ manager, isOwned: false, below: fields })),
    schema,
    false,
  );
}

function placeOf<Manager>(
  cursors: readonly Cursor<Manager>[],
  schema: PlaceSchema | undefined,
  isInsideAtomic: boolean,
): OwnedPlace<Manager> {
  const owners = cursors.filter(({ isOwned }) => isOwned).map(({ manager }) => manager);
  const isLooked = cursors.some(({ below }) => below !== undefined);
  const isAtomic = (isList: boolean): boolean =>
    isInsideAtomic || (!isLooked && (schema === undefined || isAtomicSchema(schema, isList)));
  const step = (
    isList: boolean,
    find: (below: JsonObject) => Json | undefined,
    next: PlaceSchema | undefined,
  ): OwnedPlace<Manager> => {
    if (isAtomic(isList)) return placeOf(cursors, next, true);
    const steps = cursors.flatMap(({ manager, below }): Cursor<Manager>[] => {
      const node = below === undefined ? undefined : find(below);
      if (!isJsonObject(node)) return [];
      const members = Object.keys(node).filter((key) => key !== '.');
      const isOwned = '.' in node || members.length === 0;
      return [{ manager, isOwned, below: members.length === 0 ? undefined : node }];
    });
    return placeOf(steps, next, false);
  };
  return {
    owners,
    field: (name) => step(false, (below) => below[`f:${name}`], schema && propertyOf(schema, name)),
    element: (element, index) =>
      step(true, (below) => memberOf(below, element, index), schema && elementOf(schema)),
  };
}

function memberOf(below: JsonObject, element: Json, index: number): Json | undefined {
  for (const [key, node] of Object.entries(below)) {
    const parsed = parseElementKey(key);
    if (parsed?.kind === 'index' && parsed.index === index) return node;
    if (parsed?.kind === 'value' && isSame(parsed.value, element)) return node;
    if (parsed?.kind !== 'keys' || !isJsonObject(element)) continue;
    const isIt = Object.entries(parsed.keys).every(
      ([name, value]) => value !== undefined && isSame(value, element[name] ?? null),
    );
    if (isIt) return node;
  }
  return undefined;
}

/** Keys and elements of sets are scalars; integers may be bigints on one side. */
function isSame(a: Json, b: Json): boolean {
  if (typeof a === 'object' || typeof b === 'object')
    return JSON.stringify(a, plain) === JSON.stringify(b, plain);
  return a === b || String(a) === String(b);
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

/**
 * True if the schema makes a list or map atomic. A list is atomic unless its schema says otherwise,
 * a map and a struct are granular unless it says so.
 */
function isAtomicSchema({ schema, document }: PlaceSchema, isList: boolean): boolean {
  const marks = isList ? ['x-kubernetes-list-type'] : ['x-kubernetes-map-type', 'x-kubernetes-struct-type'];
  const values = partsOf(schema, document).flatMap((part) =>
    marks.map((mark) => stringAt(part, mark)).filter((value) => value !== ''),
  );
  const [own] = values;
  return own === undefined ? isList : own === 'atomic';
}

/** A schema, what its reference leads to, and its alternatives. */
function partsOf(schema: JsonObject, document: SchemaDocument, depth = 0): readonly JsonObject[] {
  if (depth > 8) return [schema];
  const target = resolveRef(schema, document);
  const own = target === schema ? [schema] : [schema, target];
  return own.flatMap((part) => [
    part,
    ...alternativesOf(part).flatMap((inner) => partsOf(inner, document, depth + 1)),
  ]);
}

function propertyOf({ schema, document }: PlaceSchema, name: string): PlaceSchema | undefined {
  for (const part of partsOf(schema, document)) {
    const property = objectAt(objectAt(part, 'properties'), name);
    if (property !== undefined) return { schema: property, document };
  }
  const values = partsOf(schema, document)
    .map(valuesOf)
    .find((value) => value !== undefined);
  return values === undefined ? undefined : { schema: values, document };
}

function elementOf({ schema, document }: PlaceSchema): PlaceSchema | undefined {
  const items = partsOf(schema, document)
    .map(itemsOf)
    .find((value) => value !== undefined);
  return items === undefined ? undefined : { schema: items, document };
}

// What is known about a field of an object: type and documentation from the schema, owners from
// managedFields. Entry point: factsOf(). Pure.

import { ownersOf } from '../../api/field-owners.ts';
import type { PathStep } from '../../model/field-path.ts';
import { arrayAt, isJsonObject, objectAt, stringAt, type Json, type JsonObject } from '../../model/object.ts';
import {
  alternativesOf,
  defaultOf,
  descriptionOf,
  isRequired,
  itemsOf,
  refName,
  resolveRef,
  schemaOfKind,
  SchemaTooLarge,
  typeName,
  valuesOf,
  type SchemaDocument,
} from '../../model/schema.ts';
import type { FieldFacts } from '../../tui/field-pane.ts';

/** Where the schema of an object is. */
export interface SchemaPlace {
  readonly document: SchemaDocument;
  readonly schema: JsonObject;
}

/** Returns the schema of a resource, or undefined if the document has none. */
export function schemaPlaceOf(
  document: SchemaDocument | undefined,
  resource: string,
): SchemaPlace | undefined {
  if (document === undefined || !Object.hasOwn(document.kinds, resource)) return undefined;
  const kind = document.kinds[resource];
  const schema = kind === undefined ? undefined : schemaOfKind(kind, document);
  return schema === undefined ? undefined : { document, schema };
}

/**
 * Returns what is known about the field of a path.
 * @param problem why there is no schema
 */
export function factsOf(
  object: JsonObject,
  place: SchemaPlace | undefined,
  problem: string,
): (path: readonly PathStep[]) => FieldFacts {
  return (path) => {
    const owners = ownersOf(object, path).map(({ manager, operation, subresource, time }) =>
      [manager, subresource === '' ? operation : `${operation} of ${subresource}`, time]
        .filter((part) => part !== '')
        .join(', '),
    );
    const unknown = { type: '', isRequired: false, fallback: '', values: [], description: '', owners };
    if (place === undefined) return { ...unknown, problem };
    try {
      return { ...unknown, ...fromSchema(place, path), problem: '' };
    } catch (error) {
      if (!(error instanceof SchemaTooLarge)) throw error;
      return { ...unknown, problem: error.message };
    }
  };
}

/** What an object is. */
export interface ObjectKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** An object inside a document. */
interface InnerObject extends ObjectKind {
  readonly object: JsonObject;
  /** Steps of a path that lead to the object. */
  readonly steps: number;
}

/** The objects of a document that have a name: itself, its `items`, or the elements of an array. */
export function* objectsIn(document: Json): Generator<ObjectKind, void, undefined> {
  const items = isJsonObject(document) ? document['items'] : document;
  if (Array.isArray(items)) {
    for (const index of items.keys()) {
      const inner = innerObject(document, isJsonObject(document) ? ['items', index] : [index]);
      if (inner !== undefined) yield inner;
    }
  } else {
    const inner = innerObject(document, []);
    if (inner !== undefined) yield inner;
  }
}

/**
 * Returns what is known about the field of a path in a document of objects.
 * @param schemaOf schema of a kind, if it is known
 * @param problem why there is no schema
 */
export function factsOfDocument(
  document: Json,
  schemaOf: (kind: ObjectKind) => SchemaPlace | undefined,
  problem: string,
): (path: readonly PathStep[]) => FieldFacts {
  return (path) => {
    const inner = innerObject(document, path);
    if (inner === undefined) return factsOf({}, undefined, problem)([]);
    return factsOf(inner.object, schemaOf(inner), problem)(path.slice(inner.steps));
  };
}

/** The object of a document that has the field of a path. */
function innerObject(document: Json, path: readonly PathStep[]): InnerObject | undefined {
  const list = isJsonObject(document) ? document : {};
  const [first, second] = path;
  const isItem = first === 'items' && typeof second === 'number';
  const items = isItem ? list['items'] : document;
  const index = isItem ? second : first;
  const isInside = typeof index === 'number' && Array.isArray(items);
  const object = isInside ? (items as readonly Json[])[index] : document;
  if (!isJsonObject(object) || stringAt(objectAt(object, 'metadata') ?? {}, 'name') === '') return undefined;
  // The items of a list of one type have neither.
  const ofList = isItem ? list : {};
  return {
    object,
    steps: isInside ? (isItem ? 2 : 1) : 0,
    apiVersion: stringAt(object, 'apiVersion') || stringAt(ofList, 'apiVersion'),
    kind: stringAt(object, 'kind') || stringAt(ofList, 'kind').replace(/List$/, ''),
  };
}

function fromSchema({ document, schema }: SchemaPlace, path: readonly PathStep[]): Partial<FieldFacts> {
  let parent: JsonObject | undefined;
  let at: JsonObject | undefined = schema;
  for (const step of path) {
    parent = at === undefined ? undefined : whole(at, document);
    at = parent === undefined ? undefined : below(parent, step);
  }
  if (at === undefined) return {};
  const last = path.at(-1);
  const resolved = whole(at, document);
  const fallback = defaultOf(at);
  return {
    type: typeName(at, document),
    isRequired: parent !== undefined && typeof last === 'string' && isRequired(parent, last),
    fallback: fallback === undefined ? '' : textOf(fallback),
    values: arrayAt(resolved, 'enum').map(textOf),
    description: stringAt(at, 'description') || descriptionOf(at, document),
  };
}

/**
 * The schema with its references resolved, and an `allOf` of one schema, which stands for a
 * reference.
 */
function whole(schema: JsonObject, document: SchemaDocument): JsonObject {
  let at = schema;
  const seen = new Set<string>();
  for (;;) {
    const [only, ...more] = alternativesOf(at);
    const next =
      only !== undefined && more.length === 0 && objectAt(at, 'properties') === undefined ? only : at;
    const ref = refName(next);
    if (ref === '' || seen.has(ref)) return next;
    seen.add(ref);
    at = resolveRef(next, document);
  }
}

function below(schema: JsonObject, step: PathStep): JsonObject | undefined {
  if (typeof step === 'number') return itemsOf(schema);
  const properties = objectAt(schema, 'properties');
  if (properties !== undefined && Object.hasOwn(properties, step)) return objectAt(properties, step);
  return valuesOf(schema);
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

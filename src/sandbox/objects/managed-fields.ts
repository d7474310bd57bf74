// Field ownership: `metadata.managedFields` as sets of paths in the FieldsV1 form. Entry points:
// recordUpdate for ordinary writes, fieldsOf and the set operations for server-side apply
// (apply.ts).

import {
  arrayAt,
  isJsonObject,
  objectAt,
  stringAt,
  type Json,
  type JsonObject,
  type KubeObject,
  isJsonArray,
} from '../../model/object.ts';
import { apiVersionOf } from '../../model/resource.ts';
import { formatTime } from '../../model/timestamp.ts';
import { without, deepEqual, sortedObject } from '../../model/json.ts';
import { placeOfType, type Place } from '../schema/places.ts';
import type { ServedType } from '../types/types.ts';

/**
 * A set of paths: `f:` fields, `k:` list items by key, `v:` set items by value, `.` for the node
 * itself.
 */
export interface FieldTree {
  readonly [element: string]: FieldTree;
}

/** One entry of `managedFields` with its decoded set. */
export interface Manager {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly time: string;
  readonly subresource: string;
  readonly fields: FieldTree;
}

const leaf: FieldTree = {};

/** Fields of metadata that the server sets and that have no owner. */
const unowned = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
]);

/** The identity of a manager. */
export interface Writer {
  readonly manager: string;
  /** `status`, `scale` or empty. */
  readonly subresource: string;
  readonly now: Date;
}

/**
 * Returns the object with the writer as the owner of all fields that differ from before. `old` is
 * undefined for a new object.
 */
export function recordUpdate(
  type: ServedType,
  old: KubeObject | undefined,
  next: KubeObject,
  writer: Writer,
): KubeObject {
  const managers = old === undefined ? [] : managersOf(old);
  const given = next.metadata['managedFields'];
  const reset = isJsonArray(given) && old !== undefined && given.every((entry) => deepEqual(entry, {}));
  const before = old === undefined ? {} : writtenPart(type, old, writer);
  const after = writtenPart(type, next, writer);
  const place = placeOfType(type);
  const changed = changedFields(place, before, after);
  const removed = changedFields(place, after, before, true);
  const gone = union(changed, removed);
  const apiVersion = apiVersionOf(type);
  const isWriter = (entry: Manager): boolean =>
    entry.manager === writer.manager &&
    entry.operation === 'Update' &&
    entry.apiVersion === apiVersion &&
    entry.subresource === writer.subresource;

  const previous = managers.find(isWriter);
  const others = managers
    .filter((entry) => !isWriter(entry))
    .map((entry) => ({ ...entry, fields: subtract(entry.fields, gone) }));
  const fields = union(subtract(previous?.fields ?? leaf, removed), changed);
  const time = isEmpty(gone) && previous !== undefined ? previous.time : formatTime(writer.now);
  const entries = [
    ...(reset ? [] : others),
    {
      manager: writer.manager,
      operation: 'Update' as const,
      apiVersion,
      time,
      subresource: writer.subresource,
      fields,
    },
  ].filter((entry) => !isEmpty(entry.fields));
  return withManagers(next, entries);
}

/** Returns the managers of an object. */
export function managersOf(object: KubeObject): readonly Manager[] {
  return arrayAt(object.metadata, 'managedFields')
    .filter(isJsonObject)
    .map((entry) => ({
      manager: stringAt(entry, 'manager'),
      operation: entry['operation'] === 'Apply' ? 'Apply' : 'Update',
      apiVersion: stringAt(entry, 'apiVersion'),
      time: stringAt(entry, 'time'),
      subresource: stringAt(entry, 'subresource'),
      fields: treeOf(objectAt(entry, 'fieldsV1') ?? {}),
    }));
}

/** Sets the managers, sorted as the server sorts them: appliers first, then by time. */
export function withManagers(object: KubeObject, managers: readonly Manager[]): KubeObject {
  const order = (entry: Manager): string => `${entry.operation === 'Apply' ? 0 : 1} ${entry.time}`;
  const managedFields = [...managers]
    .sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0))
    .map((entry): JsonObject => ({
      manager: entry.manager,
      operation: entry.operation,
      apiVersion: entry.apiVersion,
      time: entry.time,
      fieldsType: 'FieldsV1',
      fieldsV1: sortedObject(entry.fields),
      ...(entry.subresource === '' ? {} : { subresource: entry.subresource }),
    }));
  const metadata = without(object.metadata, 'managedFields');
  return { ...object, metadata: managedFields.length === 0 ? metadata : { ...metadata, managedFields } };
}

/**
 * Returns the part that a write can change: only the status through the status subresource,
 * everything except the status otherwise.
 */
function writtenPart(type: ServedType, object: KubeObject, { subresource }: Writer): JsonObject {
  const owned = ownedPart(object);
  if (subresource === 'status') return { status: owned['status'] };
  const hasStatus = type.subresources.some(({ name }) => name === 'status');
  return hasStatus ? without(owned, 'status') : owned;
}

/** Returns the object without the fields that have no owner. */
export function ownedPart(object: JsonObject): JsonObject {
  const metadata = objectAt(object, 'metadata') ?? {};
  const owned = Object.fromEntries(Object.entries(metadata).filter(([key]) => !unowned.has(key)));
  const rest = without(object, 'apiVersion', 'kind', 'metadata');
  return Object.keys(owned).length === 0 ? rest : { ...rest, metadata: owned };
}

/** Returns all paths of a configuration, as an applier owns them. */
export function fieldsOf(place: Place, value: JsonObject): FieldTree {
  const tree: Record<string, FieldTree> = {};
  for (const [key, entry] of Object.entries(value)) {
    if (entry === undefined) continue;
    const child = place.child(key);
    const below = fieldsBelow(child, entry);
    const isEmptyObject = isJsonObject(entry) && Object.keys(entry).length === 0;
    const subtree = !child.isField || entry === null || isEmptyObject ? withSelf(below ?? leaf) : below;
    if (subtree !== undefined) tree[`f:${key}`] = subtree;
  }
  return tree;
}

/**
 * Returns the paths of a value. Undefined if it has none: objects and lists are identified by their
 * content.
 */
function fieldsBelow(place: Place, value: Json): FieldTree | undefined {
  if (isJsonObject(value) && !place.isAtomic) return nonEmpty(fieldsOf(place, value));
  if (!isJsonArray(value) || place.list === 'atomic') return leaf;
  const tree: Record<string, FieldTree> = {};
  for (const item of value) {
    const element = elementOf(place, item);
    if (element !== undefined) tree[element] = withSelf(fieldsBelow(place.item, item) ?? leaf);
  }
  return nonEmpty(tree);
}

/** Adds a node itself to the set, in addition to its content. */
function withSelf(tree: FieldTree): FieldTree {
  return isEmpty(tree) ? leaf : { '.': leaf, ...tree };
}

function nonEmpty(tree: FieldTree): FieldTree | undefined {
  return isEmpty(tree) ? undefined : tree;
}

/**
 * Returns `k:{"name":"main"}` or `v:"x"` for an item of a list that is merged. Undefined for an
 * item without its keys.
 */
export function elementOf(place: Place, item: Json): string | undefined {
  if (place.list === 'set') return `v:${JSON.stringify(item)}`;
  if (place.list === 'atomic' || !isJsonObject(item)) return undefined;
  const given = place.keys.filter((key) => (item[key] ?? place.keyDefaults[key]) !== undefined);
  const id = given.map((key) => [key, item[key] ?? place.keyDefaults[key]] as const);
  return id.length === 0 ? undefined : `k:${JSON.stringify(Object.fromEntries(id))}`;
}

/**
 * Returns the paths whose value in `after` differs from that in `before`: added or changed ones.
 * With `onlyMissing`, only those that `before` does not have.
 */
export function changedFields(
  place: Place,
  before: JsonObject | undefined,
  after: JsonObject,
  onlyMissing = false,
): FieldTree {
  const tree: Record<string, FieldTree> = {};
  for (const [key, value] of Object.entries(after)) {
    if (value === undefined) continue;
    const child = place.child(key);
    const empty = isJsonArray(value) ? [] : isJsonObject(value) ? {} : undefined;
    // A field that always exists existed before if its parent did.
    const old = before?.[key] ?? (before !== undefined && child.isAlwaysThere ? empty : undefined);
    const change = changeOf(child, old, value, onlyMissing);
    if (change !== undefined) tree[`f:${key}`] = change;
  }
  return tree;
}

/**
 * Compares one value.
 * @see https://pkg.go.dev/sigs.k8s.io/structured-merge-diff/v6/typed#TypedValue.Compare
 */
function changeOf(
  place: Place,
  before: Json | undefined,
  after: Json,
  onlyMissing: boolean,
): FieldTree | undefined {
  // Go writes null for an absent field without `omitempty`.
  if (after === null && !place.isCustom) return undefined;
  const below = changesBelow(place, before, after, onlyMissing);
  return before === undefined ? withSelf(below ?? leaf) : below;
}

function changesBelow(
  place: Place,
  before: Json | undefined,
  after: Json,
  onlyMissing: boolean,
): FieldTree | undefined {
  if (isJsonObject(after) && (before === undefined || isJsonObject(before)) && !place.isAtomic) {
    return nonEmpty(changedFields(place, before, after, onlyMissing));
  }
  if (isJsonArray(after) && (before === undefined || isJsonArray(before)) && place.list !== 'atomic') {
    return nonEmpty(changedItems(place, before ?? [], after, onlyMissing));
  }
  return before === undefined || onlyMissing || deepEqual(before, after) ? undefined : leaf;
}

function changedItems(
  place: Place,
  before: readonly Json[],
  after: readonly Json[],
  onlyMissing: boolean,
): FieldTree {
  const old = new Map(before.map((item) => [elementOf(place, item), item]));
  const tree: Record<string, FieldTree> = {};
  for (const item of after) {
    const element = elementOf(place, item);
    if (element === undefined) continue;
    const change = changeOf(place.item, old.get(element), item, onlyMissing);
    if (change !== undefined) tree[element] = change;
  }
  return tree;
}

/** True for an empty set. */
export function isEmpty(tree: FieldTree): boolean {
  return Object.keys(tree).length === 0;
}

/** Returns the union of two sets. */
export function union(a: FieldTree, b: FieldTree): FieldTree {
  const result: Record<string, FieldTree> = { ...a };
  for (const [element, subtree] of Object.entries(b)) {
    const own = result[element];
    result[element] = own === undefined ? subtree : union(own, subtree);
  }
  return result;
}

/** Returns the paths of `a` that are not in `b`. */
export function subtract(a: FieldTree, b: FieldTree): FieldTree {
  const result: Record<string, FieldTree> = {};
  for (const [element, subtree] of Object.entries(a)) {
    const other = b[element];
    if (other === undefined) result[element] = subtree;
    else if (!isEmpty(other) && !isEmpty(subtree)) {
      const rest = subtract(subtree, other);
      if (!isEmpty(rest)) result[element] = rest;
    }
  }
  return result;
}

/** Returns the paths that are in both sets. */
export function intersect(a: FieldTree, b: FieldTree): FieldTree {
  const result: Record<string, FieldTree> = {};
  for (const [element, subtree] of Object.entries(a)) {
    const other = b[element];
    if (other === undefined) continue;
    if (isEmpty(subtree) || isEmpty(other)) result[element] = leaf;
    else {
      const both = intersect(subtree, other);
      if (!isEmpty(both)) result[element] = both;
    }
  }
  return result;
}

function treeOf(value: JsonObject): FieldTree {
  const tree: Record<string, FieldTree> = {};
  for (const [element, subtree] of Object.entries(value)) {
    tree[element] = isJsonObject(subtree) ? treeOf(subtree) : leaf;
  }
  return tree;
}

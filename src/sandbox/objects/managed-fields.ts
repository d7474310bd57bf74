// Who owns which field: `metadata.managedFields` as sets of paths in the FieldsV1 form. Entry points: recordUpdate for
// ordinary writes, fieldsOf and the set operations for server-side apply (apply.ts).

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
import { listStrategyOf } from '../schema/list-keys.ts';
import type { ServedType } from '../types/types.ts';

/** A set of paths: `f:` fields, `k:` list items by key, `v:` set items by value, `.` for the node itself. */
export interface FieldTree {
  readonly [element: string]: FieldTree;
}

/** One entry of `managedFields`, its set decoded. */
export interface Manager {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly time: string;
  readonly subresource: string;
  readonly fields: FieldTree;
}

const leaf: FieldTree = {};

/** Fields of metadata that the server sets and that nobody owns. */
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

/** Structs that are always there in Go, so that nobody can be the one who added them. */
const alwaysThere = new Set([
  'metadata',
  'spec',
  'status',
  'template',
  'names',
  'strategy',
  'updateStrategy',
  'jobTemplate',
]);

/** Maps that count as one value. */
const atomicMaps = new Set([
  'selector',
  'nodeSelector',
  'fieldRef',
  'resourceFieldRef',
  'configMapKeyRef',
  'secretKeyRef',
  'involvedObject',
  'roleRef',
  'claimRef',
  'scaleTargetRef',
  'securityContext.capabilities',
]);

/** What a manager is told apart by. */
export interface Writer {
  readonly manager: string;
  /** `status`, `scale` or empty. */
  readonly subresource: string;
  readonly now: Date;
}

/** The object with the writer recorded as the owner of all that differs from before; `old` is undefined on create. */
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
  const changed = changedFields(type, [], before, after);
  const removed = changedFields(type, [], after, before, true);
  const gone = union(changed, removed);
  const apiVersion = apiVersionOf(type);
  const isWriter = (entry: Manager): boolean =>
    entry.manager === writer.manager &&
    entry.operation === 'Update' &&
    entry.apiVersion === apiVersion &&
    entry.subresource === writer.subresource;

  const mine = managers.find(isWriter);
  const others = managers
    .filter((entry) => !isWriter(entry))
    .map((entry) => ({ ...entry, fields: subtract(entry.fields, gone) }));
  const fields = union(subtract(mine?.fields ?? leaf, removed), changed);
  const time = isEmpty(gone) && mine !== undefined ? mine.time : formatTime(writer.now);
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

/** Appliers first, then by time, as the server sorts them. */
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

/** What a write can have changed: through the status only that, through the object all but that. */
function writtenPart(type: ServedType, object: KubeObject, { subresource }: Writer): JsonObject {
  const owned = ownedPart(object);
  if (subresource === 'status') return { status: owned['status'] };
  const hasStatus = type.subresources.some(({ name }) => name === 'status');
  return hasStatus ? without(owned, 'status') : owned;
}

/** The object without what nobody owns. */
export function ownedPart(object: JsonObject): JsonObject {
  const metadata = objectAt(object, 'metadata') ?? {};
  const owned = Object.fromEntries(Object.entries(metadata).filter(([key]) => !unowned.has(key)));
  return { ...without(object, 'apiVersion', 'kind'), metadata: owned };
}

/** All paths of a configuration, as an applier owns them. */
export function fieldsOf(type: ServedType, path: readonly string[], value: JsonObject): FieldTree {
  const tree: Record<string, FieldTree> = {};
  for (const [key, entry] of Object.entries(value)) {
    if (entry === undefined) continue;
    const subtree = treeOfValue(type, [...path, key], entry, false);
    // An empty section is nothing that can be owned.
    if (!(isJsonObject(entry) && isEmpty(subtree) && alwaysThere.has(key))) tree[`f:${key}`] = subtree;
  }
  return tree;
}

function treeOfValue(type: ServedType, path: readonly string[], value: Json, withSelf: boolean): FieldTree {
  if (isJsonObject(value)) {
    if (isAtomicMap(type, path)) return leaf;
    const tree: Record<string, FieldTree> = {};
    for (const [key, entry] of Object.entries(value)) {
      if (entry !== undefined) tree[`f:${key}`] = treeOfValue(type, [...path, key], entry, withSelf);
    }
    const self = withSelf && !isEmpty(tree) && !isAlwaysThere(type, path);
    return self ? { '.': leaf, ...tree } : tree;
  }
  if (!isJsonArray(value)) return leaf;
  const strategy = listStrategyOf(type, path);
  if (strategy.kind === 'atomic' || value.length === 0) return leaf;
  const tree: Record<string, FieldTree> = withSelf ? { '.': leaf } : {};
  for (const item of value) {
    const element = elementOf(type, path, item);
    if (element === undefined) continue;
    tree[element] =
      strategy.kind === 'map' ? { '.': leaf, ...treeOfValue(type, path, item, withSelf) } : leaf;
  }
  // Lists of structs are known to Go by their items, sets and lists by key alone carry themselves.
  if (strategy.kind === 'map' && isPodList(path)) delete tree['.'];
  return tree;
}

function isPodList(path: readonly string[]): boolean {
  const name = path.at(-1) ?? '';
  return name === 'containers';
}

function isAtomicMap(type: ServedType, path: readonly string[]): boolean {
  return type.custom === undefined && path.length > 1 && atomicMaps.has(path.at(-1) ?? '');
}

function isAlwaysThere(type: ServedType, path: readonly string[]): boolean {
  const name = path.at(-1) ?? '';
  return type.custom === undefined ? alwaysThere.has(name) : path.length === 1 && name === 'metadata';
}

/** `k:{"name":"main"}` or `v:"x"` for an item of a list that is merged; undefined for an item without its keys. */
export function elementOf(type: ServedType, path: readonly string[], item: Json): string | undefined {
  const strategy = listStrategyOf(type, path);
  if (strategy.kind === 'set') return `v:${JSON.stringify(item)}`;
  if (strategy.kind !== 'map' || !isJsonObject(item)) return undefined;
  const id: Record<string, Json> = {};
  for (const key of [...strategy.keys].sort()) {
    const value = item[key] ?? strategy.defaults?.[key];
    if (value === undefined) return undefined;
    id[key] = value;
  }
  return `k:${JSON.stringify(id)}`;
}

/**
 * Paths whose value in `after` is not that in `before`: added or changed; with `onlyMissing` only those that
 * `before` has not got at all.
 */
export function changedFields(
  type: ServedType,
  path: readonly string[],
  before: JsonObject,
  after: JsonObject,
  onlyMissing = false,
): FieldTree {
  const tree: Record<string, FieldTree> = {};
  for (const [key, value] of Object.entries(after)) {
    if (value === undefined) continue;
    const at = [...path, key];
    const change = changeOf(type, at, before[key], value, onlyMissing);
    if (change === undefined || (isEmpty(change) && isJsonObject(value) && alwaysThere.has(key))) continue;
    tree[`f:${key}`] = change;
  }
  return tree;
}

function changeOf(
  type: ServedType,
  path: readonly string[],
  before: Json | undefined,
  after: Json,
  onlyMissing: boolean,
): FieldTree | undefined {
  if (before === undefined) return treeOfValue(type, path, after, true);
  if (isJsonObject(before) && isJsonObject(after) && !isAtomicMap(type, path)) {
    if (Object.keys(before).length === 0 && Object.keys(after).length > 0 && !onlyMissing) {
      return treeOfValue(type, path, after, !isAlwaysThere(type, path));
    }
    const tree = changedFields(type, path, before, after, onlyMissing);
    return isEmpty(tree) ? undefined : tree;
  }
  if (isJsonArray(before) && isJsonArray(after) && listStrategyOf(type, path).kind !== 'atomic') {
    return changedItems(type, path, before, after, onlyMissing);
  }
  return onlyMissing || deepEqual(before, after) ? undefined : leaf;
}

function changedItems(
  type: ServedType,
  path: readonly string[],
  before: readonly Json[],
  after: readonly Json[],
  onlyMissing: boolean,
): FieldTree | undefined {
  const old = new Map(before.map((item) => [elementOf(type, path, item), item]));
  const tree: Record<string, FieldTree> = {};
  for (const item of after) {
    const element = elementOf(type, path, item);
    if (element === undefined) continue;
    const previous = old.get(element);
    if (previous === undefined) {
      tree[element] = isJsonObject(item) ? { '.': leaf, ...treeOfValue(type, path, item, true) } : leaf;
    } else if (isJsonObject(item) && isJsonObject(previous)) {
      const change = changedFields(type, path, previous, item, onlyMissing);
      if (!isEmpty(change)) tree[element] = change;
    }
  }
  return isEmpty(tree) ? undefined : tree;
}

export function isEmpty(tree: FieldTree): boolean {
  return Object.keys(tree).length === 0;
}

export function union(a: FieldTree, b: FieldTree): FieldTree {
  const result: Record<string, FieldTree> = { ...a };
  for (const [element, subtree] of Object.entries(b)) {
    const own = result[element];
    result[element] = own === undefined ? subtree : union(own, subtree);
  }
  return result;
}

/** What is in `a` and not in `b`. */
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

/** What is in both. */
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

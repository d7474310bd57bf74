// Server-side apply: merges an applied configuration into an object and makes the applier the owner
// of its fields. Entry point: applyConfiguration. Sets of fields: managed-fields.ts.

import {
  isJsonObject,
  objectAt,
  type Json,
  type JsonObject,
  type KubeObject,
  isJsonArray,
} from '../../model/object.ts';
import { apiVersionOf } from '../../model/resource.ts';
import { formatTime } from '../../model/timestamp.ts';
import { parseJson, deepEqual } from '../../model/json.ts';
import { placeOfType, type Place } from '../schema/places.ts';
import {
  elementOf,
  fieldsOf,
  intersect,
  isEmpty,
  managersOf,
  ownedPart,
  subtract,
  union,
  withManagers,
  type FieldTree,
  type Manager,
  type Writer,
} from './managed-fields.ts';
import { StatusError } from '../http/status.ts';
import type { ServedType } from '../types/types.ts';

/** A field that two managers set to different values. */
interface Conflict {
  readonly owner: Manager;
  /** `.spec.replicas` */
  readonly field: string;
}

/**
 * Returns the object after the apply, with updated owners.
 * @param live undefined if the object does not exist yet
 * @throws StatusError 409 with one cause for every conflicting field, unless `force`
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
export function applyConfiguration(
  type: ServedType,
  live: KubeObject | undefined,
  config: KubeObject,
  writer: Writer,
  force: boolean,
): KubeObject {
  const managers = live === undefined ? [] : managersOf(live);
  const apiVersion = apiVersionOf(type);
  const isWriter = (entry: Manager): boolean =>
    entry.manager === writer.manager &&
    entry.operation === 'Apply' &&
    entry.subresource === writer.subresource;
  const previous = managers.find(isWriter);
  const others = managers.filter((entry) => !isWriter(entry));
  const place = placeOfType(type);
  const wanted = fieldsOf(place, ownedPart(config));

  const conflicts =
    live === undefined
      ? []
      : others.flatMap((owner) =>
          differences(place, '', intersect(owner.fields, wanted), live, config).map((field): Conflict => ({
            owner,
            field,
          })),
        );
  if (conflicts.length > 0 && !force) throw applyConflict(conflicts);

  const merged = mergeApplied(place, live, config);
  const ownedByOthers = others.reduce<FieldTree>((all, entry) => union(all, entry.fields), {});
  const released = subtract(subtract(previous?.fields ?? {}, wanted), ownedByOthers);
  const pruned = removeFields(place, merged, released);

  const overruled = conflicts.length === 0 ? [] : [...new Set(conflicts.map(({ owner }) => owner))];
  const remaining = others.map((entry) =>
    overruled.includes(entry)
      ? { ...entry, fields: withoutConflicts(place, entry, wanted, live, config) }
      : entry,
  );
  const unchanged = previous !== undefined && deepEqual(previous.fields, wanted) && deepEqual(pruned, live);
  const own: Manager = {
    manager: writer.manager,
    operation: 'Apply',
    apiVersion,
    time: unchanged ? previous.time : formatTime(writer.now),
    subresource: writer.subresource,
    fields: wanted,
  };
  const object: KubeObject = {
    ...pruned,
    apiVersion: config.apiVersion,
    kind: config.kind,
    metadata: objectAt(pruned, 'metadata') ?? {},
  };
  return withManagers(
    object,
    [...remaining, own].filter((entry) => !isEmpty(entry.fields)),
  );
}

/** Returns the other manager's fields without those whose value the apply changes. */
function withoutConflicts(
  place: Place,
  entry: Manager,
  wanted: FieldTree,
  live: KubeObject | undefined,
  config: KubeObject,
): FieldTree {
  const shared = intersect(entry.fields, wanted);
  return live === undefined
    ? entry.fields
    : subtract(entry.fields, selectDifferences(place, shared, live, config));
}

/**
 * Returns the paths of a set whose values differ between two objects, as
 * `.spec.containers[name="main"].image`.
 */
function differences(
  place: Place,
  text: string,
  tree: FieldTree,
  live: Json | undefined,
  config: Json | undefined,
): readonly string[] {
  return Object.entries(tree).flatMap(([element, subtree]) => {
    if (element === '.') return [];
    const step = stepInto(place, element, live, config);
    const at = text + step.text;
    if (!isEmpty(subtree)) return differences(step.place, at, subtree, step.live, step.config);
    return deepEqual(step.live, step.config) ? [] : [at];
  });
}

/** Returns the same paths as a set. */
function selectDifferences(
  place: Place,
  tree: FieldTree,
  live: Json | undefined,
  config: Json | undefined,
): FieldTree {
  const result: Record<string, FieldTree> = {};
  for (const [element, subtree] of Object.entries(tree)) {
    if (element === '.') continue;
    const step = stepInto(place, element, live, config);
    if (isEmpty(subtree)) {
      if (!deepEqual(step.live, step.config)) result[element] = {};
    } else {
      const below = selectDifferences(step.place, subtree, step.live, step.config);
      if (!isEmpty(below)) result[element] = below;
    }
  }
  return result;
}

interface Step {
  readonly place: Place;
  readonly text: string;
  readonly live: Json | undefined;
  readonly config: Json | undefined;
}

function stepInto(place: Place, element: string, live: Json | undefined, config: Json | undefined): Step {
  if (element.startsWith('f:')) {
    const key = element.slice(2);
    const from = (value: Json | undefined): Json | undefined =>
      isJsonObject(value) ? value[key] : undefined;
    return { place: place.child(key), text: `.${key}`, live: from(live), config: from(config) };
  }
  const from = (value: Json | undefined): Json | undefined =>
    isJsonArray(value) ? value.find((item) => elementOf(place, item) === element) : undefined;
  return { place: place.item, text: elementText(element), live: from(live), config: from(config) };
}

/** Formats `[name="main",protocol="TCP"]` or `[="x"]`. */
function elementText(element: string): string {
  const value = parseJson(element.slice(2));
  if (!element.startsWith('k:') || !isJsonObject(value)) return `[=${element.slice(2)}]`;
  const pairs = Object.entries(value).map(([key, entry]) => `${key}=${JSON.stringify(entry)}`);
  return `[${pairs.join(',')}]`;
}

function applyConflict(conflicts: readonly Conflict[]): StatusError {
  const describe = ({ owner }: Conflict): string =>
    `${JSON.stringify(owner.manager)}${owner.subresource === '' ? '' : ` with subresource ${JSON.stringify(owner.subresource)}`} using ${owner.apiVersion}`;
  const [first] = conflicts;
  const groups = new Map<string, string[]>();
  for (const conflict of conflicts) {
    const owner = describe(conflict);
    groups.set(owner, [...(groups.get(owner) ?? []), conflict.field]);
  }
  const text =
    conflicts.length === 1 && first !== undefined
      ? `conflict with ${describe(first)}: ${first.field}`
      : [...groups]
          .map(
            ([owner, fields]) =>
              `conflicts with ${owner}:\n${fields.map((field) => `- ${field}`).join('\n')}`,
          )
          .join('\n');
  return new StatusError(
    409,
    'Conflict',
    `Apply failed with ${conflicts.length} conflict${conflicts.length === 1 ? '' : 's'}: ${text}`,
    {
      causes: conflicts.map((conflict) => ({
        reason: 'FieldManagerConflict',
        message: `conflict with ${describe(conflict)}`,
        field: conflict.field,
      })),
    },
  );
}

/**
 * Overlays live values with the applied ones: merges maps and keyed lists, replaces everything
 * else.
 */
function mergeApplied(place: Place, live: JsonObject | undefined, config: JsonObject): JsonObject {
  const result: Record<string, Json | undefined> = { ...live };
  for (const [key, value] of Object.entries(config)) {
    if (value !== undefined) result[key] = mergeValue(place.child(key), result[key], value);
  }
  return result;
}

function mergeValue(place: Place, live: Json | undefined, config: Json): Json {
  if (isJsonObject(config) && isJsonObject(live) && !place.isAtomic) return mergeApplied(place, live, config);
  return isJsonArray(config) && isJsonArray(live) ? mergeItems(place, live, config) : config;
}

function mergeItems(place: Place, live: readonly Json[], config: readonly Json[]): readonly Json[] {
  if (place.list === 'atomic') return config;
  const result = [...live];
  for (const item of config) {
    const element = elementOf(place, item);
    const index = result.findIndex((candidate) => elementOf(place, candidate) === element);
    if (index < 0) result.push(item);
    else result[index] = mergeValue(place.item, result[index], item);
  }
  return result;
}

/** Returns the object without the fields that the applier gave up and no other manager owns. */
function removeFields(place: Place, value: JsonObject, tree: FieldTree): JsonObject {
  const result = new Map(Object.entries(value));
  for (const [element, subtree] of Object.entries(tree)) {
    if (!element.startsWith('f:')) continue;
    const key = element.slice(2);
    const current = result.get(key);
    if (isEmpty(subtree)) result.delete(key);
    else if (isJsonObject(current)) {
      const child = place.child(key);
      const rest = removeFields(child, current, subtree);
      if (Object.keys(rest).length === 0 && !child.isAlwaysThere) result.delete(key);
      else result.set(key, rest);
    } else if (isJsonArray(current)) result.set(key, removeItems(place.child(key), current, subtree));
  }
  return Object.fromEntries(result);
}

function removeItems(place: Place, list: readonly Json[], tree: FieldTree): readonly Json[] {
  return list.flatMap((item) => {
    const subtree = tree[elementOf(place, item) ?? ''];
    if (subtree === undefined) return [item];
    if (isEmpty(subtree) || subtree['.'] !== undefined || !isJsonObject(item)) return [];
    return [removeFields(place.item, item, subtree)];
  });
}

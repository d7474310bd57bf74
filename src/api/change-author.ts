// Determines who made a change, and when, from the object itself. Entry points: managersOf(),
// authorOf(). Pure.

import { arrayAt, isJsonObject, objectAt, stringAt, type Json, type JsonObject } from '../model/object.ts';
import type { FieldChange } from '../model/object-diff.ts';
import type { Author } from '../model/past-change.ts';

/** An entry of `metadata.managedFields`. */
export interface Manager {
  readonly manager: string;
  readonly operation: string;
  readonly apiVersion: string;
  readonly subresource: string;
  /** RFC 3339, with seconds. Empty if the entry has no time, as entries of `scale`. */
  readonly time: string;
  readonly fields: JsonObject | undefined;
}

/**
 * Returns the field managers of an object.
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
export function managersOf(object: JsonObject | undefined): readonly Manager[] {
  return arrayAt(objectAt(object, 'metadata'), 'managedFields')
    .filter(isJsonObject)
    .map((entry) => ({
      manager: stringAt(entry, 'manager'),
      operation: stringAt(entry, 'operation'),
      apiVersion: stringAt(entry, 'apiVersion'),
      subresource: stringAt(entry, 'subresource'),
      time: stringAt(entry, 'time'),
      fields: objectAt(entry, 'fieldsV1'),
    }));
}

/**
 * Returns the manager whose managedFields entry this change added or renewed. The server renews the
 * time of an entry when its manager sets a field. The time has only seconds, so several changes by
 * one manager within a second leave its entry unchanged. In this case the author is the manager
 * that wrote last, if it owns every changed field. Returns undefined for changes that no entry
 * records: removed fields, a second `scale`, the binding of a pod.
 * @param before the object before the change; undefined: unknown, or the object was created
 * @param fields the changed fields; undefined: unknown
 */
export function authorOf(
  before: JsonObject | undefined,
  after: JsonObject,
  fields: readonly FieldChange[] | undefined,
): Author | undefined {
  const now = managersOf(after);
  if (before === undefined) return creatorOf(now, stringAt(objectAt(after, 'metadata'), 'creationTimestamp'));
  const old = new Map(managersOf(before).map((entry) => [keyOf(entry), entry]));
  // An entry without a time is the same as no entry.
  const renewed = now.filter((entry) => old.get(keyOf(entry))?.time !== entry.time);
  if (renewed.length > 0) return newestOf(renewed);
  const last = newestOf(now);
  const entries = now.filter(({ manager, time }) => manager === last?.manager && timeOf(time) === last.at);
  if (last?.at === undefined || fields === undefined || fields.length === 0) return undefined;
  const owns = fields.every(({ path }) => entries.some((entry) => ownsPath(entry.fields, path)));
  return owns ? last : undefined;
}

/**
 * Returns the creator of a new object: the manager of the entries whose time is the creation time.
 * An object created as a copy can also bring older entries of other managers.
 */
function creatorOf(managers: readonly Manager[], created: string): Author | undefined {
  return newestOf(managers.filter(({ time }) => time === created && created !== ''));
}

/** Returns the manager of the newest entry. Undefined if two managers are equally new. */
function newestOf(managers: readonly Manager[]): Author | undefined {
  const newest = Math.max(...managers.map(({ time }) => timeOf(time) ?? -Infinity));
  const names = new Set(
    managers.filter(({ time }) => (timeOf(time) ?? -Infinity) === newest).map(({ manager }) => manager),
  );
  const [manager = ''] = names;
  if (names.size !== 1 || manager === '') return undefined;
  return { manager, at: newest === -Infinity ? undefined : newest };
}

function keyOf({ manager, operation, apiVersion, subresource }: Manager): string {
  return JSON.stringify([manager, operation, apiVersion, subresource]);
}

/** Parses a time to milliseconds since 1970. Undefined if the text is not a time. */
export function timeOf(text: string): number | undefined {
  const at = text === '' ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

/**
 * True if a field, or a field that contains it, is in a set of fields.
 * @param path a path as diffObjects() writes it
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
 * `fieldsV1`
 */
function ownsPath(fields: JsonObject | undefined, path: string): boolean {
  let node: Json | undefined = fields;
  for (const { name, isElement } of segmentsOf(path)) {
    if (!isJsonObject(node)) return false;
    const key: string | undefined = isElement ? elementKey(node, name) : `f:${name}`;
    if (key === undefined || !(key in node)) return false;
    node = node[key];
    // A leaf: its owner also owns everything below it.
    if (isJsonObject(node) && Object.keys(node).length === 0) return true;
  }
  return isJsonObject(node);
}

interface Segment {
  readonly name: string;
  /** True for a list element. `name` is then the value of its key. */
  readonly isElement: boolean;
}

function* segmentsOf(path: string): Generator<Segment> {
  for (const [, key, quoted, element] of path.matchAll(
    /(?:^|\.)([^.[\]]+)|\[("(?:[^"\\]|\\.)*")\]|\[([^\]]*)\]/g,
  )) {
    if (quoted !== undefined) yield { name: String(JSON.parse(quoted)), isElement: false };
    else yield { name: key ?? element ?? '', isElement: key === undefined };
  }
}

function elementKey(node: JsonObject, name: string): string | undefined {
  return Object.keys(node).find((key) => {
    if (!key.startsWith('k:')) return false;
    try {
      const values = JSON.parse(key.slice(2)) as unknown;
      return (
        typeof values === 'object' && values !== null && Object.values(values).map(String).includes(name)
      );
    } catch {
      return false;
    }
  });
}

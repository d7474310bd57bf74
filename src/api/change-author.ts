// Determines who made a change, and when, from the object itself. Entry points: managersOf(),
// creatorOf(), authorOf(). Pure.

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

/** An entry of `metadata.managedFields` without its fields. */
export type ManagerEntry = Omit<Manager, 'fields'>;

/** Returns entries as one line of text, for {@link decodeEntries}. */
export function encodeEntries(entries: readonly ManagerEntry[]): string {
  return JSON.stringify(
    entries.map(({ manager, operation, apiVersion, subresource, time }) => [
      manager,
      operation,
      apiVersion,
      subresource,
      time,
    ]),
  );
}

/** Returns the entries that {@link encodeEntries} encoded. */
export function decodeEntries(text: string): readonly ManagerEntry[] {
  const rows = JSON.parse(text) as readonly (readonly [string, string, string, string, string])[];
  return rows.map(([manager, operation, apiVersion, subresource, time]) => ({
    manager,
    operation,
    apiVersion,
    subresource,
    time,
  }));
}

/**
 * Returns the creator of a new object: the manager of the entries whose time is the creation time.
 * An object created as a copy can also bring older entries of other managers.
 * @param entries the entries of the object
 */
export function creatorOf(object: JsonObject, entries: readonly ManagerEntry[]): Author | undefined {
  const created = stringAt(objectAt(object, 'metadata'), 'creationTimestamp');
  return created === '' ? undefined : newestOf(entries.filter(({ time }) => time === created));
}

/**
 * Returns the manager whose managedFields entry this change added or renewed. The server renews the
 * time of an entry when its manager sets a field. The time has only seconds, so several changes by
 * one manager within a second leave its entry unchanged. In this case the author is the manager
 * that wrote last, if it owns every changed field. Returns undefined for changes that no entry
 * records: removed fields, a second `scale`, the binding of a pod.
 * @param old the entries of the object before the change
 * @param now the entries of the object after it
 * @param fieldsOf returns the changed fields; called only if no entry was added or renewed
 */
export function authorOf(
  old: readonly ManagerEntry[],
  now: readonly Manager[],
  fieldsOf: () => readonly FieldChange[],
): Author | undefined {
  // An entry without a time is the same as no entry.
  const renewed = now.filter((entry) => old.findLast((one) => isSameEntry(one, entry))?.time !== entry.time);
  if (renewed.length > 0) return newestOf(renewed);
  const last = newestOf(now);
  if (last?.at === undefined) return undefined;
  const fields = fieldsOf();
  if (fields.length === 0) return undefined;
  const entries = now.filter(({ manager, time }) => manager === last.manager && timeOf(time) === last.at);
  const owns = fields.every(({ path }) => entries.some((entry) => ownsPath(entry.fields, path)));
  return owns ? last : undefined;
}

/** Returns the manager of the newest entry. Undefined if two managers are equally new. */
function newestOf(entries: readonly ManagerEntry[]): Author | undefined {
  let newest = -Infinity;
  const names = new Set<string>();
  for (const { manager, time } of entries) {
    const at = timeOf(time) ?? -Infinity;
    if (at > newest) names.clear();
    newest = Math.max(newest, at);
    if (at === newest) names.add(manager);
  }
  const [manager = ''] = names;
  if (names.size !== 1 || manager === '') return undefined;
  return { manager, at: newest === -Infinity ? undefined : newest };
}

function isSameEntry(a: ManagerEntry, b: ManagerEntry): boolean {
  return (
    a.manager === b.manager &&
    a.operation === b.operation &&
    a.apiVersion === b.apiVersion &&
    a.subresource === b.subresource
  );
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

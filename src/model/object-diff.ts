// Compares two states of an object field by field. Entry point: diffObjects().

import { isJsonObject, type Json, type JsonObject } from './object.ts';

/** One field that differs. Undefined: the field is absent in that state. */
export interface FieldChange {
  /**
   * `status.phase`, `status.conditions[Ready].status`, `metadata.labels["app.kubernetes.io/name"]`.
   */
  readonly path: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  /** True if the values are secret: show only that they changed. */
  readonly isHidden?: boolean;
}

/**
 * Fields that differ in every update and carry no information: who wrote which field, and that
 * there was an update.
 */
const bookkeeping = new Set(['metadata.managedFields', 'metadata.resourceVersion']);

/**
 * Returns the fields that differ, in the order of the new state, with removed fields after their
 * siblings. Matches elements of lists by a naming field (`name`, `type`, …) if they have one, so
 * that a new condition does not make all others look changed. Compares lists of plain values as a
 * whole.
 * @param ignored paths that are not compared
 */
export function diffObjects(
  before: JsonObject,
  after: JsonObject,
  ignored: ReadonlySet<string> = bookkeeping,
): FieldChange[] {
  const changes: FieldChange[] = [];
  compareObjects(before, after, '', { ignored, add: (change) => changes.push(change) });
  return changes;
}

interface Comparison {
  readonly ignored: ReadonlySet<string>;
  readonly add: (change: FieldChange) => void;
}

/**
 * Max characters of a path. Everything below is one change: such a path is unreadable, and the
 * recursion has to end.
 */
const maxPath = 2_000;

function compare(
  before: Json | undefined,
  after: Json | undefined,
  path: string,
  comparison: Comparison,
): void {
  if (before === after || comparison.ignored.has(path)) return;
  if (path.length > maxPath) {
    if (!isSame(before, after)) comparison.add({ path, before, after });
  } else if (isJsonObject(before) && isJsonObject(after)) {
    compareObjects(before, after, path, comparison);
  } else if (isListOfObjects(before) && isListOfObjects(after)) {
    compareLists(before, after, path, comparison);
  } else if (!isSame(before, after)) {
    comparison.add({ path, before, after });
  }
}

function compareObjects(before: JsonObject, after: JsonObject, path: string, comparison: Comparison): void {
  for (const key of Object.keys(after)) compare(before[key], after[key], joined(path, key), comparison);
  for (const key of Object.keys(before)) {
    if (!(key in after)) compare(before[key], undefined, joined(path, key), comparison);
  }
}

function compareLists(
  before: readonly JsonObject[],
  after: readonly JsonObject[],
  path: string,
  comparison: Comparison,
): void {
  const field = namingField(before, after);
  const keyOf = (item: JsonObject, index: number): string => {
    const name = field === undefined ? index : item[field];
    return typeof name === 'string' ? name : String(Number(name));
  };
  const old = new Map(before.map((item, index) => [keyOf(item, index), item]));
  after.forEach((item, index) => {
    const key = keyOf(item, index);
    compare(old.get(key), item, `${path}[${key}]`, comparison);
    old.delete(key);
  });
  for (const [key, item] of old) compare(item, undefined, `${path}[${key}]`, comparison);
}

/**
 * The merge keys of the API's lists, the most specific first.
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
const namingFields = [
  'name',
  'type',
  'uid',
  'key',
  'containerPort',
  'port',
  'mountPath',
  'devicePath',
  'ip',
  'topologyKey',
];

/**
 * Returns the field that names the elements of both lists. Undefined: no field does.
 */
export function namingField(before: readonly JsonObject[], after: readonly JsonObject[]): string | undefined {
  return namingFields.find((field) => names(field, before) && names(field, after));
}

function names(field: string, items: readonly JsonObject[]): boolean {
  const values = items.map((item) => item[field]);
  return (
    values.every((value) => typeof value === 'string' || typeof value === 'number') &&
    new Set(values).size === values.length
  );
}

function isListOfObjects(value: Json | undefined): value is readonly JsonObject[] {
  return Array.isArray(value) && value.length > 0 && value.every(isJsonObject);
}

/** Deep equality with a stack instead of recursion, because objects can be arbitrarily deep. */
export function isSame(a: Json | undefined, b: Json | undefined): boolean {
  const pairs: [Json | undefined, Json | undefined][] = [[a, b]];
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [left, right] = pair;
    if (left === right) continue;
    if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null)
      return false;
    if (Array.isArray(left) !== Array.isArray(right)) return false;
    const [before, after] = [left as JsonObject, right as JsonObject];
    const keys = Object.keys(before);
    if (keys.length !== Object.keys(after).length || !keys.every((key) => key in after)) return false;
    for (const key of keys) pairs.push([before[key], after[key]]);
  }
  return true;
}

const plainKey = /^[A-Za-z_][\w-]*$/;

function joined(path: string, key: string): string {
  if (!plainKey.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

// How a table is described: its columns and the function that fills a row, and the texts that several tables share.
// The tables themselves stand in table-*.ts, the way to them is tables.ts.

import { arrayAt, isJsonObject, objectAt, stringAt } from '../model/object.ts';
import type { Json, JsonObject } from '../model/object.ts';
import type { TableColumn } from '../model/table.ts';
import { ageOf } from './age.ts';
import { canonicalQuantity } from './quantity.ts';

/** Columns and cells of one type; `cells` gives as many values as there are columns, in their order. */
export interface TableLayout {
  readonly columns: readonly TableColumn[];
  readonly cells: (object: JsonObject, now: Date) => readonly Json[];
}

/** A column that is always shown. */
export function column(name: string, description: string, type = 'string', format = ''): TableColumn {
  return { name, type, format, description, priority: 0 };
}

/** A column that only `-o wide` shows. */
export function wideColumn(name: string, description: string, format = ''): TableColumn {
  return { name, type: 'string', format, description, priority: 1 };
}

export const nameColumn = column('Name', 'Name of the object, unique within its namespace', 'string', 'name');
export const ageColumn = column('Age', 'Time since the object was created');
export const containersColumn = wideColumn('Containers', 'Names of the containers of the template');
export const imagesColumn = wideColumn('Images', 'Images of the containers of the template');
export const selectorColumn = wideColumn('Selector', 'Labels that the pods belonging to it carry');

export function metadataOf(object: JsonObject): JsonObject {
  return objectAt(object, 'metadata') ?? {};
}

export function nameOf(object: JsonObject): string {
  return stringAt(metadataOf(object), 'name');
}

export function creationAge(object: JsonObject, now: Date): string {
  return ageOf(stringAt(metadataOf(object), 'creationTimestamp'), now);
}

export function specOf(object: JsonObject): JsonObject {
  return objectAt(object, 'spec') ?? {};
}

export function statusOf(object: JsonObject): JsonObject {
  return objectAt(object, 'status') ?? {};
}

export function isBeingDeleted(object: JsonObject): boolean {
  return stringAt(metadataOf(object), 'deletionTimestamp') !== '';
}

/** The number at a key, or the fallback where there is none. */
export function numberAt(object: JsonObject | undefined, key: string, fallback = 0): number {
  const value = object?.[key];
  return typeof value === 'number' ? value : typeof value === 'bigint' ? Number(value) : fallback;
}

export function booleanAt(object: JsonObject | undefined, key: string, fallback = false): boolean {
  const value = object?.[key];
  return typeof value === 'boolean' ? value : fallback;
}

/** The string at a key, or the fallback where it is absent or empty. */
export function textAt(object: JsonObject | undefined, key: string, fallback: string): string {
  const value = stringAt(object, key);
  return value === '' ? fallback : value;
}

/** The objects in a list; entries that are none are left out. */
export function objectsAt(object: JsonObject | undefined, key: string): readonly JsonObject[] {
  const list = arrayAt(object, key);
  return list.every(isJsonObject) ? list : list.filter(isJsonObject);
}

export function stringsAt(object: JsonObject | undefined, key: string): readonly string[] {
  return arrayAt(object, key).filter((entry) => typeof entry === 'string');
}

export function sizeAt(object: JsonObject | undefined, key: string): number {
  return Object.keys(objectAt(object, key) ?? {}).length;
}

/** The entry of a list of conditions that has the type. */
export function conditionOf(conditions: readonly JsonObject[], type: string): JsonObject | undefined {
  return conditions.find((condition) => condition.type === type);
}

/** A quantity in its canonical spelling; `0` where it is absent, since that is its zero value. */
export function quantityAt(object: JsonObject | undefined, key: string): string {
  const value = object?.[key];
  const text = typeof value === 'number' || typeof value === 'bigint' ? String(value) : stringAt(object, key);
  return text === '' ? '0' : (canonicalQuantity(text) ?? text);
}

/** Names and images of containers, each joined by commas. */
export function containerCells(podSpec: JsonObject | undefined): readonly [names: string, images: string] {
  const containers = objectsAt(podSpec, 'containers');
  return [
    containers.map((container) => stringAt(container, 'name')).join(','),
    containers.map((container) => stringAt(container, 'image')).join(','),
  ];
}

/** The pod spec of a workload's template. */
export function templateSpecOf(workloadSpec: JsonObject): JsonObject {
  return objectAt(objectAt(workloadSpec, 'template'), 'spec') ?? {};
}

/** The entries of a map of strings, sorted by key. */
export function stringEntries(
  map: JsonObject | undefined,
): readonly (readonly [key: string, value: string])[] {
  return Object.keys(map ?? {})
    .sort()
    .map((key) => [key, stringAt(map, key)] as const);
}

/** A map of labels as `a=b,c=d`, sorted; `<none>` where it is empty. */
export function labelsText(labels: JsonObject | undefined): string {
  const pairs = stringEntries(labels).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? '<none>' : pairs.sort().join(',');
}

/**
 * A LabelSelector in the text form of `-l`; empty where it selects everything or is absent, undefined where an
 * operator is unknown.
 */
export function selectorText(selector: JsonObject | undefined): string | undefined {
  const parts: [key: string, text: string][] = [];
  for (const [key, value] of stringEntries(objectAt(selector, 'matchLabels'))) {
    parts.push([key, `${key}=${value}`]);
  }
  for (const expression of objectsAt(selector, 'matchExpressions')) {
    const key = stringAt(expression, 'key');
    const values = [...stringsAt(expression, 'values')].sort().join(',');
    switch (expression.operator) {
      case 'In':
        parts.push([key, `${key} in (${values})`]);
        break;
      case 'NotIn':
        parts.push([key, `${key} notin (${values})`]);
        break;
      case 'Exists':
        parts.push([key, key]);
        break;
      case 'DoesNotExist':
        parts.push([key, `!${key}`]);
        break;
      default:
        return undefined;
    }
  }
  return parts
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, text]) => text)
    .join(',');
}

/** As {@link selectorText}, with the words most tables use where there is nothing to show. */
export function selectorCell(selector: JsonObject | undefined): string {
  const text = selectorText(selector);
  return text === undefined ? '<error>' : text === '' ? '<none>' : text;
}

/** The first `max` entries and how many more there are. */
export function firstFew(entries: readonly string[], max: number, count = entries.length): string {
  const shown = entries.slice(0, max).join(',');
  return entries.length > max ? `${shown} + ${count - max} more...` : shown;
}

// The type TableLayout, and columns and cells that several tables share. The other files of this
// directory define the tables, and tables.ts chooses one for a type.

import { objectAt, stringAt, stringsAt } from '../../model/object.ts';
import type { Json, JsonObject } from '../../model/object.ts';
import type { TableColumn } from '../../model/table.ts';
import { ageOf } from '../../model/age.ts';
import { metadataOf, objectsAt, stringEntries, quantityTextAt } from '../../model/fields.ts';
import { canonicalQuantity } from '../../model/canonical-quantity.ts';

/** Columns and cells of one type. `cells` returns one value for each column, in their order. */
export interface TableLayout {
  readonly columns: readonly TableColumn[];
  readonly cells: (object: JsonObject, now: Date) => readonly Json[];
}

/** Returns a column that is always shown. */
export function column(name: string, description: string, type = 'string', format = ''): TableColumn {
  return { name, type, format, description, priority: 0 };
}

/** Returns a column that only `-o wide` shows. */
export function wideColumn(name: string, description: string, format = ''): TableColumn {
  return { name, type: 'string', format, description, priority: 1 };
}

export const nameColumn = column('Name', 'Name of the object, unique within its namespace', 'string', 'name');
export const ageColumn = column('Age', 'Time since the object was created');
export const containersColumn = wideColumn('Containers', 'Names of the containers of the template');
export const imagesColumn = wideColumn('Images', 'Images of the containers of the template');
export const selectorColumn = wideColumn('Selector', 'Labels that the pods belonging to it carry');

/** Returns the time since an object was created, as text. */
export function creationAge(object: JsonObject, now: Date): string {
  return ageOf(stringAt(metadataOf(object), 'creationTimestamp'), now);
}

/** Returns a quantity in canonical form, or `0` (the zero value) if it is absent. */
export function quantityAt(object: JsonObject | undefined, key: string): string {
  const text = quantityTextAt(object, key);
  return text === '' ? '0' : (canonicalQuantity(text) ?? text);
}

/** Returns names and images of containers, each joined by commas. */
export function containerCells(podSpec: JsonObject | undefined): readonly [names: string, images: string] {
  const containers = objectsAt(podSpec, 'containers');
  return [
    containers.map((container) => stringAt(container, 'name')).join(','),
    containers.map((container) => stringAt(container, 'image')).join(','),
  ];
}

/** Returns the pod spec in the template of a workload. Empty if it is absent. */
export function templateSpecOf(workloadSpec: JsonObject): JsonObject {
  return objectAt(objectAt(workloadSpec, 'template'), 'spec') ?? {};
}

/** Formats labels as `a=b,c=d`, sorted, or `<none>`. */
export function labelsText(labels: JsonObject | undefined): string {
  const pairs = stringEntries(labels).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? '<none>' : pairs.sort().join(',');
}

/**
 * Formats a LabelSelector in the syntax of `kubectl get -l`. Empty if the selector is absent or
 * selects everything. Undefined if an operator is unknown.
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

/**
 * Formats a LabelSelector as most tables do: like {@link selectorText}, but `<none>` instead of
 * empty and `<error>` instead of undefined.
 */
export function selectorCell(selector: JsonObject | undefined): string {
  const text = selectorText(selector);
  return text === undefined ? '<error>' : text === '' ? '<none>' : text;
}

/**
 * Formats the first `max` entries, joined by commas, and the number of the remaining ones:
 * `a,b,c + 2 more...`.
 */
export function firstFew(entries: readonly string[], max: number): string {
  const shown = entries.slice(0, max).join(',');
  return entries.length > max ? `${shown} + ${entries.length - max} more...` : shown;
}

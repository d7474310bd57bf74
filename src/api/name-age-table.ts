// Builds a table with NAME and AGE for servers without tables. Pure.

import { ageOf } from '../model/age.ts';
import { stringAt, type KubeObject } from '../model/object.ts';
import type { Table, TableColumn } from '../model/table.ts';

const columns: readonly TableColumn[] = [
  { name: 'Name', type: 'string', format: 'name', description: 'Name of the object', priority: 0 },
  { name: 'Age', type: 'string', format: '', description: 'Time since its creation', priority: 0 },
];

/**
 * Builds the table that kubectl shows in the same case. Rows include their objects, so that
 * namespaces and labels can be shown.
 */
export function nameAgeTable(
  objects: readonly KubeObject[],
  list: Pick<Table, 'resourceVersion' | 'continue' | 'remainingItemCount'>,
  now: Date,
): Table {
  return {
    columns,
    rows: objects.map((object) => ({
      cells: [stringAt(object.metadata, 'name'), ageOf(stringAt(object.metadata, 'creationTimestamp'), now)],
      object,
    })),
    resourceVersion: list.resourceVersion,
    continue: list.continue,
    remainingItemCount: list.remainingItemCount,
  };
}

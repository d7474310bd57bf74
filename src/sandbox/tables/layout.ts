// The type TableLayout, and the columns that most tables have.

import { stringAt } from '../../model/object.ts';
import type { Json, JsonObject } from '../../model/object.ts';
import type { TableColumn } from '../../model/table.ts';
import { ageOf } from '../../model/age.ts';
import { metadataOf } from '../../model/fields.ts';

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
/** Returns the time since an object was created, as text. */
export function creationAge(object: JsonObject, now: Date): string {
  return ageOf(stringAt(metadataOf(object), 'creationTimestamp'), now);
}

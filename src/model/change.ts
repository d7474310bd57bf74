// One change of one object, as a watch tells it.

import type { JsonObject, KubeObject } from './object.ts';
import type { ResourceType } from './resource.ts';
import type { TableColumn, TableRow } from './table.ts';

/** What happened to an object. @see https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes */
export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** The object as it came: a row with the columns it belongs to, or whole. */
export type ChangeEntry =
  | {
      readonly kind: 'row';
      /** The same array for every row of one layout, so that identity tells a new layout. */
      readonly columns: readonly TableColumn[];
      readonly row: TableRow;
    }
  | { readonly kind: 'object'; readonly object: KubeObject };

/**
 * One change. Of an object that vanished while nobody was listening (a deletion found by a new list) only what was
 * remembered is there: its last row, or an object of nothing but `apiVersion`, `kind` and `metadata`.
 */
export interface Change {
  readonly change: ChangeType;
  readonly type: ResourceType;
  /** Empty for cluster-scoped types. */
  readonly namespace: string;
  readonly name: string;
  /** Empty where the server does not say. */
  readonly uid: string;
  readonly resourceVersion: string;
  readonly entry: ChangeEntry;
}

/** What is known of the object: all of it, its metadata only (rows), or undefined for a bare row. */
export function objectOf({ entry }: Change): JsonObject | undefined {
  return entry.kind === 'row' ? entry.row.object : entry.object;
}

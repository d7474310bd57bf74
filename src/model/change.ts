// One change of one object, as a watch reports it.

import type { JsonObject, KubeObject } from './object.ts';
import type { ResourceType } from './resource.ts';
import type { TableColumn, TableRow } from './table.ts';

/**
 * The type of a change.
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** The object as received: a table row with its columns, or a whole object. */
export type ChangeEntry =
  | {
      readonly kind: 'row';
      /** The same array for every row of one layout: another array means a new layout. */
      readonly columns: readonly TableColumn[];
      readonly row: TableRow;
    }
  | { readonly kind: 'object'; readonly object: KubeObject };

/**
 * One change. For an object whose deletion no watch saw (a new list revealed it), the entry has
 * only what kapi remembers: its last row, or an object with only `apiVersion`, `kind` and
 * `metadata`.
 */
export interface Change {
  /** The name of the context, if several are watched together. */
  readonly context?: string | undefined;
  readonly change: ChangeType;
  readonly type: ResourceType;
  /** Empty for cluster-scoped types. */
  readonly namespace: string;
  readonly name: string;
  /** Empty if the server does not send it. */
  readonly uid: string;
  readonly resourceVersion: string;
  readonly entry: ChangeEntry;
}

/**
 * Returns what is known of the object: all of it, only its metadata (rows), or undefined for a row
 * without an object.
 */
export function objectOf({ entry }: Change): JsonObject | undefined {
  return entry.kind === 'row' ? entry.row.object : entry.object;
}

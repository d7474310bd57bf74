// The server-side table of meta.k8s.io/v1.

import type { Json, JsonObject } from './object.ts';

/** @see https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  /** 0 is always shown; anything higher only with `-o wide`. */
  readonly priority: number;
}

export interface TableRow {
  readonly cells: readonly Json[];
  /** PartialObjectMetadata, a whole object, or absent, as `includeObject` asked. */
  readonly object?: JsonObject | undefined;
}

export interface Table {
  /** Empty in later watch events: the first ones stay valid then. */
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
  readonly resourceVersion: string;
  /** Token of the next page, empty on the last. */
  readonly continue: string;
  readonly remainingItemCount?: number | undefined;
}

/** Whether rows of both can stand in one table. */
export function isSameLayout(a: readonly TableColumn[], b: readonly TableColumn[]): boolean {
  return (
    a.length === b.length &&
    a.every((column, index) => {
      const other = b[index];
      return column.name === other?.name && column.priority === other.priority && column.type === other.type;
    })
  );
}

// The server-side table of meta.k8s.io/v1.

import type { Json, JsonObject } from './object.ts';

/**
 * One column of a table.
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables
 */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  /** 0: always shown. Higher values: only with `-o wide`. */
  readonly priority: number;
}

export interface TableRow {
  readonly cells: readonly Json[];
  /** PartialObjectMetadata, a whole object, or absent, depending on `includeObject`. */
  readonly object?: JsonObject | undefined;
}

export interface Table {
  /** Empty in later watch events, where the first columns stay valid. */
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
  readonly resourceVersion: string;
  /** Token of the next page. Empty on the last page. */
  readonly continue: string;
  readonly remainingItemCount?: number | undefined;
}

/** True if rows of both layouts can be in one table. */
export function isSameLayout(a: readonly TableColumn[], b: readonly TableColumn[]): boolean {
  return (
    a.length === b.length &&
    a.every((column, index) => {
      const other = b[index];
      return column.name === other?.name && column.priority === other.priority && column.type === other.type;
    })
  );
}

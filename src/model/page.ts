// The pages of a list between the API client and the printers, in the order received.

import type { KubeObject } from './object.ts';
import type { ResourceType } from './resource.ts';
import type { Table } from './table.ts';

/** With `--contexts`, the name of the context of each row or object. */
export type PageContexts = readonly string[] | undefined;

/** A page of rows in the server's layout. */
export interface TablePage {
  readonly kind: 'table';
  readonly type: ResourceType;
  /** The first page of a type contains the columns; later ones can omit them. */
  readonly table: Table;
  readonly contexts?: PageContexts;
}

/**
 * A page of whole objects, each with `apiVersion` and `kind` (typed lists omit them, and the
 * decoder adds them).
 */
export interface ObjectPage {
  readonly kind: 'objects';
  readonly type: ResourceType;
  readonly objects: readonly KubeObject[];
  /**
   * The resource version of the list, where a watch can continue. Undefined if the page is not part
   * of a list.
   */
  readonly resourceVersion?: string | undefined;
  readonly contexts?: PageContexts;
}

export type Page = TablePage | ObjectPage;

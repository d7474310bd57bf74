// What lists are made of on their way from the api to the printers: pages, in the order they came.

import type { KubeObject } from './object.ts';
import type { ResourceType } from './resource.ts';
import type { Table } from './table.ts';

/** Rows as the server lays them out. */
export interface TablePage {
  readonly kind: 'table';
  readonly type: ResourceType;
  /** The first page of a type carries the columns; later ones may come without. */
  readonly table: Table;
}

/** Whole objects; each has its own `apiVersion` and `kind` (typed lists leave them out, the decoder puts them back). */
export interface ObjectPage {
  readonly kind: 'objects';
  readonly type: ResourceType;
  readonly objects: readonly KubeObject[];
  /** Of the list, where the page is part of one: the moment a watch can go on from. */
  readonly resourceVersion?: string | undefined;
}

export type Page = TablePage | ObjectPage;

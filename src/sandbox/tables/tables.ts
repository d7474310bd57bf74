// Rows in the server's layout: the columns of a type and the cells of an object. Entry points:
// `tableColumns`, `tableCells`, `rowConditions`. The layouts are in the other files of this
// directory.

import { stringAt } from '../../model/object.ts';
import type { Json, JsonObject, KubeObject } from '../../model/object.ts';
import { groupResourceOf } from '../../model/resource.ts';
import type { TableColumn } from '../../model/table.ts';
import { accessTables } from './access.ts';
import { clusterTables } from './cluster.ts';
import { customTable } from './custom.ts';
import { metadataOf, nameOf } from '../../model/fields.ts';
import { column, nameColumn } from './layout.ts';
import type { TableLayout } from './layout.ts';
import { networkTables } from './network.ts';
import { podRowConditions, podTable } from './pods.ts';
import { workloadTables } from './workloads.ts';
import type { ServedType } from '../types/types.ts';

const layouts: Readonly<Record<string, TableLayout>> = {
  pods: podTable,
  ...workloadTables,
  ...clusterTables,
  ...networkTables,
  ...accessTables,
};

/** The layout of types without their own: roles, CRDs, limit ranges and a few more. */
const plainLayout: TableLayout = {
  columns: [nameColumn, column('Created At', 'Time at which the object was created', 'date')],
  cells: (object) => [nameOf(object), stringAt(metadataOf(object), 'creationTimestamp')],
};

/** Cached layouts of custom types, whose paths have to be parsed. */
const customLayouts = new WeakMap<ServedType, TableLayout>();

/**
 * Returns the `columnDefinitions` of the type's Table. Names, types, formats and priorities are
 * those of the real server.
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables
 */
export function tableColumns(type: ServedType): readonly TableColumn[] {
  return layoutOf(type).columns;
}

/** Returns the cells of an object's row, in the order of {@link tableColumns}. */
export function tableCells(type: ServedType, object: KubeObject, now: Date): readonly Json[] {
  return layoutOf(type).cells(object, now);
}

/** Returns the `conditions` of an object's row. Only finished pods have one. */
export function rowConditions(type: ServedType, object: KubeObject): readonly JsonObject[] {
  return type.storedAs === 'pods' ? podRowConditions(object) : [];
}

function layoutOf(type: ServedType): TableLayout {
  if (type.custom === undefined) return layouts[groupResourceOf(type)] ?? plainLayout;
  let layout = customLayouts.get(type);
  if (layout === undefined) {
    layout = customTable(type.custom);
    customLayouts.set(type, layout);
  }
  return layout;
}

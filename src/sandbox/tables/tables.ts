// Rows in the server's layout: the columns of a type and the cells of an object. Entry points:
// `tableColumns`, `tableCells`, `rowConditions`. The layouts are in tables.txt, pods.ts and
// custom.ts.

import { stringAt } from '../../model/object.ts';
import type { Json, JsonObject, KubeObject } from '../../model/object.ts';
import { groupResourceOf } from '../../model/resource.ts';
import type { TableColumn } from '../../model/table.ts';
import { accessCells } from './access.ts';
import { readCell, type Cell } from './cells.ts';
import { clusterCells } from './cluster.ts';
import { customTable } from './custom.ts';
import { metadataOf, nameOf } from '../../model/fields.ts';
import { ageColumn, column, creationAge, nameColumn } from './layout.ts';
import type { TableLayout } from './layout.ts';
import { networkCells } from './network.ts';
import { podRowConditions, podTable } from './pods.ts';
import text from './tables.txt';
import { workloadCells } from './workloads.ts';
import type { ServedType } from '../types/types.ts';

const cellFunctions = { ...workloadCells, ...clusterCells, ...networkCells, ...accessCells };

/** The tables of tables.txt as text, by group and resource: `deployments.apps`. */
const tableTexts: ReadonlyMap<string, string> = new Map(
  text
    .trimEnd()
    .split(/\n+(?=[^ #\n])/)
    .slice(1)
    .flatMap((table) => {
      const [head = '', ...columns] = table.split('\n  ');
      return head.split(' ').map((type): [string, string] => [type, columns.join('\n')]);
    }),
);

/** The layouts by group and resource that a request has needed. */
const layouts = new Map<string, TableLayout>([['pods', podTable]]);

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
  if (type.custom === undefined) return builtInLayout(groupResourceOf(type));
  let layout = customLayouts.get(type);
  if (layout === undefined) {
    layout = customTable(type.custom);
    customLayouts.set(type, layout);
  }
  return layout;
}

function builtInLayout(type: string): TableLayout {
  let layout = layouts.get(type);
  if (layout === undefined) {
    const table = tableTexts.get(type);
    layout = table === undefined ? plainLayout : readTable(table);
    layouts.set(type, layout);
  }
  return layout;
}

function readTable(table: string): TableLayout {
  const columns: TableColumn[] = [];
  const cells: Cell[] = [];
  for (const line of table.split('\n')) {
    const [, name = line, traits = '', cell, description = ''] =
      /^(.+?)(?: \[(.*)\])? += (.+?) +# (.*)$/.exec(line) ?? [];
    if (cell === undefined) {
      columns.push(name === 'Age' ? ageColumn : nameColumn);
      cells.push(name === 'Age' ? creationAge : nameOf);
      continue;
    }
    cells.push(readCell(cell, cellFunctions));
    if (name === '-') continue;
    const words = traits.split(' ');
    columns.push({
      name,
      type: words.find((word) => word === 'integer' || word === 'boolean') ?? 'string',
      format: words.includes('name') ? 'name' : '',
      description,
      priority: words.includes('wide') ? 1 : 0,
    });
  }
  return { columns, cells: (object, now) => cells.map((cell) => cell(object, now)) };
}

// Resource types, objects and pages to print.

import type { Json, KubeObject } from '../../../src/model/object.ts';
import type { ObjectPage, TablePage } from '../../../src/model/page.ts';
import { apiVersionOf, type ResourceType } from '../../../src/model/resource.ts';
import type { TableColumn, TableRow } from '../../../src/model/table.ts';
import type { PrintOptions } from '../../../src/output/format.ts';

function type(
  group: string,
  version: string,
  resource: string,
  kind: string,
  namespaced = true,
): ResourceType {
  return {
    ...{ group, version, resource, kind, namespaced, singular: kind.toLowerCase() },
    ...{ shortNames: [], categories: [], verbs: [], subresources: [] },
  };
}

export const pods = type('', 'v1', 'pods', 'Pod');
export const nodes = type('', 'v1', 'nodes', 'Node', false);
export const deployments = type('apps', 'v1', 'deployments', 'Deployment');

export function column(name: string, priority = 0): TableColumn {
  return { name, type: 'string', format: name === 'Name' ? 'name' : '', description: '', priority };
}

export function tablePage(
  of: ResourceType,
  columns: readonly TableColumn[],
  rows: readonly (readonly Json[] | TableRow)[],
): TablePage {
  return {
    kind: 'table',
    type: of,
    table: {
      columns,
      rows: rows.map((row) => ('cells' in row ? row : { cells: row })),
      resourceVersion: '1',
      continue: '',
    },
  };
}

export function objectPage(of: ResourceType, ...objects: readonly Partial<KubeObject>[]): ObjectPage {
  return {
    kind: 'objects',
    type: of,
    objects: objects.map((object) => ({
      apiVersion: apiVersionOf(of),
      kind: of.kind,
      metadata: {},
      ...object,
    })),
  };
}

export const plainOptions: PrintOptions = {
  format: { kind: 'table', wide: false },
  shape: 'list',
  noHeaders: false,
  showLabels: false,
  labelColumns: [],
  showKind: false,
  showManagedFields: false,
  withNamespace: false,
  allowMissingTemplateKeys: true,
  now: new Date('2026-08-20T12:00:00Z'),
};

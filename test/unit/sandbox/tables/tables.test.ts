import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stringAt, type Json, type JsonObject, type KubeObject } from '../../../../src/model/object.ts';
import { resourcePath } from '../../../../src/model/resource.ts';
import { servedTypes } from '../../../../src/sandbox/types/served-types.ts';
import { rowConditions, tableCells, tableColumns } from '../../../../src/sandbox/tables/tables.ts';
import type { CustomTypeFacts, PrinterColumn, ServedType } from '../../../../src/sandbox/types/types.ts';

/** Tables of a real v1.36.3 server: the columns of every type, and rows with their objects. */
interface ServerTables {
  readonly columns: Readonly<Record<string, readonly Json[]>>;
  readonly rows: readonly {
    readonly path: string;
    readonly now: string;
    readonly cells: readonly Json[];
    readonly conditions?: readonly JsonObject[];
    readonly object: KubeObject;
  }[];
}

const url = new URL('../../../fixtures/server-tables.json', import.meta.url);
const real = JSON.parse(readFileSync(url, 'utf8')) as ServerTables;

function typeAt(path: string): ServedType {
  const type = servedTypes.find((candidate) => resourcePath(candidate) === path);
  if (type === undefined) throw new Error(`no type at ${path}`);
  return type;
}

describe('tableColumns', () => {
  it.each(Object.entries(real.columns))('of %s are the real ones', (path, columns) => {
    const ours = tableColumns(typeAt(path)).map(({ name, type, format, priority }) => [
      name,
      type,
      format,
      priority,
    ]);
    expect(ours).toEqual(columns);
  });

  it('each have a description', () => {
    for (const type of servedTypes) {
      for (const { description } of tableColumns(type)) expect(description).not.toBe('');
    }
  });
});

describe('tableCells', () => {
  it('cover every type that can be listed', () => {
    const paths = new Set(real.rows.map(({ path }) => path));
    const listed = servedTypes
      .filter(({ verbs }) => verbs.includes('list'))
      .map((type) => resourcePath(type));
    expect(listed.filter((path) => !paths.has(path))).toEqual([]);
  });

  it.each(real.rows.map((row) => [`${row.path} ${stringAt(row.object.metadata, 'name')}`, row] as const))(
    'of %s are the real ones',
    (_title, { path, now, cells, conditions, object }) => {
      const type = typeAt(path);
      // The response's Date header has whole seconds; its ages were computed a moment earlier or
      // later.
      const candidates = [0, -1_000, 1_000].map((offset) =>
        tableCells(type, object, new Date(Date.parse(now) + offset)),
      );
      expect(candidates).toContainEqual(cells);
      expect(rowConditions(type, object)).toEqual(conditions ?? []);
    },
  );
});

describe('the table of pods', () => {
  const pods = typeAt('/api/v1/pods');
  const now = new Date('2026-01-01T01:00:00Z');
  const created = '2026-01-01T00:00:00Z';
  const pod = (spec: JsonObject, status: JsonObject, metadata: JsonObject = {}): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', creationTimestamp: created, ...metadata },
    spec,
    status,
  });
  const two = { containers: [{ name: 'a' }, { name: 'b' }] };
  const running = { state: { running: {} }, ready: true, restartCount: 0 };
  const ended = (exitCode: number, more: JsonObject = {}): JsonObject => ({
    state: { terminated: { exitCode, ...more } },
    ready: false,
    restartCount: 0,
  });
  const row = (object: KubeObject): readonly Json[] => tableCells(pods, object, now).slice(1, 4);

  it('shows why containers wait or how they ended', () => {
    expect(row(pod(two, { phase: 'Running', containerStatuses: [running, running] }))).toEqual([
      '2/2',
      'Running',
      '0',
    ]);
    expect(row(pod(two, { phase: 'Running', containerStatuses: [running, ended(1)] }))).toEqual([
      '1/2',
      'ExitCode:1',
      '0',
    ]);
    expect(
      row(pod(two, { phase: 'Failed', containerStatuses: [ended(137, { signal: 9 }), ended(0)] })),
    ).toEqual(['0/2', 'Signal:9', '0']);
    const completed = ended(0, { reason: 'Completed' });
    expect(row(pod(two, { phase: 'Running', containerStatuses: [completed, running] }))).toEqual([
      '1/2',
      'NotReady',
      '0',
    ]);
    const conditions = [{ type: 'Ready', status: 'True' }];
    expect(row(pod(two, { phase: 'Running', conditions, containerStatuses: [completed, running] }))).toEqual([
      '1/2',
      'Running',
      '0',
    ]);
    expect(row(pod(two, { phase: 'Failed', reason: 'Evicted' }))).toEqual(['0/2', 'Evicted', '0']);
  });

  it('shows the number of restarts, and the last one', () => {
    const last = (finishedAt: string): JsonObject => ({ lastState: { terminated: { finishedAt } } });
    const statuses = [
      { ...running, restartCount: 2, ...last('2026-01-01T00:50:00Z') },
      { ...running, restartCount: 1, ...last('2026-01-01T00:55:00Z') },
    ];
    expect(row(pod(two, { phase: 'Running', containerStatuses: statuses }))).toEqual([
      '2/2',
      'Running',
      '3 (5m ago)',
    ]);
  });

  it('shows how far initialization is', () => {
    const spec = { ...two, initContainers: [{ name: 'x' }, { name: 'y' }] };
    const status = (...initContainerStatuses: JsonObject[]): JsonObject => ({
      phase: 'Pending',
      initContainerStatuses,
    });
    expect(row(pod(spec, status(ended(0), { state: { running: {} } })))).toEqual(['0/2', 'Init:1/2', '0']);
    expect(row(pod(spec, status(ended(3))))).toEqual(['0/2', 'Init:ExitCode:3', '0']);
    expect(row(pod(spec, status(ended(1, { reason: 'Error' }))))).toEqual(['0/2', 'Init:Error', '0']);
    const waiting = { state: { waiting: { reason: 'ImagePullBackOff' } } };
    expect(row(pod(spec, status(waiting)))).toEqual(['0/2', 'Init:ImagePullBackOff', '0']);
    const initializing = { state: { waiting: { reason: 'PodInitializing' } } };
    expect(row(pod(spec, status(initializing)))).toEqual(['0/2', 'Init:0/2', '0']);
  });

  it('counts init containers that keep running with the others', () => {
    const spec = { ...two, initContainers: [{ name: 'proxy', restartPolicy: 'Always' }] };
    const proxy = { name: 'proxy', started: true, ready: true, restartCount: 4, state: { running: {} } };
    const status = {
      phase: 'Running',
      initContainerStatuses: [proxy],
      containerStatuses: [running, running],
    };
    expect(row(pod(spec, status))).toEqual(['3/3', 'Running', '4']);
  });

  it('shows pods that are deleted, gated or lost', () => {
    const deletionTimestamp = '2026-01-01T00:59:00Z';
    expect(row(pod(two, { phase: 'Running' }, { deletionTimestamp }))).toEqual(['0/2', 'Terminating', '0']);
    expect(row(pod(two, { phase: 'Succeeded' }, { deletionTimestamp }))).toEqual(['0/2', 'Succeeded', '0']);
    expect(row(pod(two, { phase: 'Running', reason: 'NodeLost' }, { deletionTimestamp }))).toEqual([
      '0/2',
      'Unknown',
      '0',
    ]);
    const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }];
    expect(row(pod(two, { phase: 'Pending', conditions }))).toEqual(['0/2', 'SchedulingGated', '0']);
  });

  it('tolerates malformed objects', () => {
    expect(tableCells(pods, { apiVersion: 'v1', kind: 'Pod', metadata: {} }, now)).toEqual([
      '',
      '0/0',
      '',
      '0',
      '<unknown>',
      '<none>',
      '<none>',
      '<none>',
      '<none>',
    ]);
    const odd = pod({ containers: 'x', nodeName: 3 }, { containerStatuses: [null, 'x'], conditions: {} });
    expect(tableCells(pods, odd, now).slice(0, 3)).toEqual(['p', '0/0', '']);
  });
});

describe('tables of custom resources', () => {
  const base = typeAt('/apis/apps/v1/deployments');
  const custom = (printerColumns: readonly Partial<PrinterColumn>[]): ServedType => {
    const facts: CustomTypeFacts = {
      listKind: 'CronTabList',
      schema: undefined,
      printerColumns: printerColumns.map((column) => ({
        ...{ name: 'X', type: 'string', format: '', description: '', priority: 0, jsonPath: '.' },
        ...column,
      })),
    };
    return { ...base, group: 'stable.example.com', resource: 'crontabs', kind: 'CronTab', custom: facts };
  };
  const now = new Date('2026-01-01T01:00:00Z');
  const object: KubeObject = {
    apiVersion: 'stable.example.com/v1',
    kind: 'CronTab',
    metadata: { name: 'c', creationTimestamp: '2026-01-01T00:00:00Z', labels: { 'a.b/c': 'label' } },
    spec: {
      text: '* *',
      count: 2,
      ratio: 1.5,
      on: true,
      when: 'never',
      since: '2025-12-31T23:00:00Z',
      list: [
        { n: 'x', v: 1 },
        { n: 'y', v: 2 },
      ],
      map: { b: 1 },
    },
  };
  const cell = (jsonPath: string, type = 'string'): Json | undefined =>
    tableCells(custom([{ jsonPath, type }]), object, now)[1];

  it('show name and age if the definition has no columns', () => {
    expect(tableColumns(custom([])).map(({ name, type }) => [name, type])).toEqual([
      ['Name', 'string'],
      ['Age', 'date'],
    ]);
    expect(tableCells(custom([]), object, now)).toEqual(['c', '60m']);
  });

  it('show the values at the paths in the format of the column', () => {
    expect(cell('.spec.text')).toBe('* *');
    expect(cell('.spec.count')).toBe('2');
    expect(cell('.spec.count', 'integer')).toBe(2);
    expect(cell('.spec.ratio', 'integer')).toBe(1);
    expect(cell('.spec.ratio', 'number')).toBe(1.5);
    expect(cell('.spec.on', 'boolean')).toBe(true);
    expect(cell('.spec.text', 'integer')).toBe(null);
    expect(cell('.spec.since', 'date')).toBe('120m');
    expect(cell('.spec.when', 'date')).toBe('<invalid>');
    expect(cell('.spec.missing')).toBe(null);
    expect(cell('.spec.map')).toBe('{"b":1}');
    expect(cell('.spec.list[1].n')).toBe('y');
    expect(cell('.spec.list[-1].v', 'integer')).toBe(2);
    expect(cell('.spec.list[*].n')).toBe('x');
    expect(cell('.spec.list[?(@.n=="y")].v', 'integer')).toBe(2);
    expect(cell('.spec.list[?(@.v>1)].n')).toBe('y');
    expect(cell(String.raw`.metadata.labels.a\.b/c`)).toBe('label');
    expect(cell(".metadata.labels['a.b/c']")).toBe('label');
    expect(cell('.spec[')).toBe(null);
  });

  it('describe columns by their path if the definition does not', () => {
    const [, column] = tableColumns(custom([{ name: 'Spec', jsonPath: '.spec.text', priority: 1 }]));
    expect(column).toEqual({
      name: 'Spec',
      type: 'string',
      format: '',
      priority: 1,
      description: 'Custom resource definition column (in JSONPath format): .spec.text',
    });
  });
});

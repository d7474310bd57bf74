import { describe, expect, it } from 'vitest';
import { decodeList, decodeObject, decodeTable } from '../../../src/api/decode.ts';
import { parseJson } from '../../../src/api/exact-json.ts';
import { wellKnownType } from '../../../src/api/well-known.ts';
import type { Json } from '../../../src/model/object.ts';
import { recorded } from '../../recorded.ts';

const source = { server: 'https://api.test', method: 'GET', path: '/api/v1/pods?continue=secret' };
const pods = wellKnownType('pods');
const jobs = wellKnownType('jobs');
if (pods === undefined || jobs === undefined) throw new Error('not well-known');

function bodyOf(name: string): Json {
  return parseJson(JSON.stringify(recorded(name).response.body));
}

describe('decodeTable', () => {
  it('reads a page of a real server', () => {
    const table = decodeTable(bodyOf('table/pods-limit-2'), source);
    expect(table.columns.map(({ name, priority }) => `${name}:${priority}`)).toEqual([
      'Name:0',
      'Ready:0',
      'Status:0',
      'Restarts:0',
      'Age:0',
      'IP:1',
      'Node:1',
      'Nominated Node:1',
      'Readiness Gates:1',
    ]);
    expect(table.rows.length).toBe(2);
    expect(table.rows[0]?.cells[0]).toBe('curl');
    expect(table.rows[0]?.object?.kind).toBe('PartialObjectMetadata');
    expect(table.continue).toMatch(/^eyJ/);
    expect(table.remainingItemCount).toBeGreaterThan(0);
    expect(table.resourceVersion).toBe('396');
  });

  it('reads null as no rows and no columns', () => {
    const table = decodeTable({ kind: 'Table', rows: null, columnDefinitions: null }, source);
    expect(table).toEqual({
      columns: [],
      rows: [],
      resourceVersion: '',
      continue: '',
      remainingItemCount: undefined,
    });
  });

  it.each<[Json, string]>([
    [{ kind: 'Table' }, 'a Table without rows'],
    [{ kind: 'Table', rows: {} }, 'a Table without rows'],
    [{ kind: 'Table', rows: [1] }, 'a row of the Table is not an object'],
    [{ kind: 'Table', rows: [{}] }, 'a row of the Table has no cells'],
    [[], 'a bare array instead of a Table'],
    [{ kind: 'PodList' }, 'a "PodList" instead of a Table'],
  ])('refuses %j', (json, problem) => {
    expect(() => decodeTable(json, source)).toThrow(
      `unexpected answer of https://api.test to GET /api/v1/pods: ${problem}`,
    );
  });
});

describe('decodeList', () => {
  it('puts kind and version back, first in order', () => {
    const [job] = decodeList(bodyOf('list/jobs'), jobs, source).objects;
    expect(Object.keys(job ?? {})).toEqual(['apiVersion', 'kind', 'metadata', 'spec', 'status']);
    expect([job?.apiVersion, job?.kind]).toEqual(['batch/v1', 'Job']);
  });

  it('does not change items that have them, also in mixed lists', () => {
    const items = [
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } },
      { kind: 'ConfigMap', metadata: { name: 'b' } },
    ];
    const list = decodeList({ kind: 'List', apiVersion: 'v1', items }, pods, source);
    expect(list.objects[0]).toBe(items[0]);
    expect(list.objects.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)).toEqual([
      'v1 Secret',
      'v1 ConfigMap',
    ]);
  });

  it('takes version and kind from the list, and from the type if the list has none', () => {
    expect(
      decodeList({ kind: 'JobList', apiVersion: 'batch/v2', items: [{}] }, jobs, source).objects,
    ).toEqual([{ apiVersion: 'batch/v2', kind: 'Job', metadata: {} }]);
    expect(decodeList({ items: [{ metadata: null }] }, jobs, source).objects).toEqual([
      { apiVersion: 'batch/v1', kind: 'Job', metadata: {} },
    ]);
  });

  it('reads the coordinates of a page', () => {
    const metadata = { resourceVersion: '7', continue: 'abc', remainingItemCount: 3 };
    expect(decodeList({ kind: 'PodList', items: null, metadata }, pods, source)).toEqual({
      objects: [],
      resourceVersion: '7',
      continue: 'abc',
      remainingItemCount: 3,
    });
  });

  it.each<[Json, string]>([
    [{ kind: 'Pod', metadata: {} }, 'a "Pod" instead of a list'],
    [{ kind: 'Pod', items: null }, 'a "Pod" instead of a list'],
    [{}, 'an object without a kind instead of a list'],
    [null, 'null instead of a list'],
    ['x', 'a bare string instead of a list'],
    [{ items: ['x'] }, 'an item of the list is not an object'],
  ])('refuses %j', (json, problem) => {
    expect(() => decodeList(json, pods, source)).toThrow(problem);
  });
});

describe('decodeObject', () => {
  it('fills in what is missing', () => {
    expect(decodeObject({ spec: 1 }, pods, source)).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      spec: 1,
      metadata: {},
    });
    expect(() => decodeObject('ok', pods, source)).toThrow('a bare string instead of an object');
  });
});

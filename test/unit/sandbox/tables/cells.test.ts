import { describe, expect, it } from 'vitest';
import { groupResourceOf } from '../../../../src/model/resource.ts';
import { readCell } from '../../../../src/sandbox/tables/cells.ts';
import tables from '../../../../src/sandbox/tables/tables.txt';
import { servedTypes } from '../../../../src/sandbox/types/served-types.ts';

const now = new Date('2026-11-30T12:00:00Z');

describe('readCell', () => {
  const object = {
    kind: 'Example',
    zero: 0,
    no: false,
    empty: '',
    size: '1024Mi',
    created: '2026-11-30T11:00:00Z',
    reference: { kind: 'Role', name: 'reader' },
    labels: { b: '2', a: '1' },
    items: [{ type: 'Ready', name: 'a', status: 'True' }, { name: 'b' }, 'no object'],
    words: ['x', 'y'],
  };
  it.each([
    ['.kind', 'Example'],
    ['.missing', ''],
    ['.missing || <none>', '<none>'],
    ['.empty || .kind', 'Example'],
    ['.empty || .missing.deeper || <none>', '<none>'],
    ['.reference.name', 'reader'],
    ['.kind.name', ''],
    ['.reference{kind/name}', 'Role/reader'],
    ['.missing{kind/name} || <unset>', '<unset>'],
    ['.items[Ready].status', 'True'],
    ['.items[Failed].status || ?', '?'],
    ['number .zero || 1', 0],
    ['number .missing || 1', 1],
    ['number .kind', 0],
    ['boolean .no || true', false],
    ['boolean .missing || true', true],
    ['boolean .missing', false],
    ['count .items', 2],
    ['count .missing', 0],
    ['list .words', 'x,y'],
    ['list .items[].name', 'a,b'],
    ['list .missing || <none>', '<none>'],
    ['age .created', '60m'],
    ['age .missing', '<unknown>'],
    ['age .missing || <none>', '<none>'],
    ['quantity .size', '1Gi'],
    ['quantity .missing', '0'],
    ['labels .labels', 'a=1,b=2'],
    ['selector .missing', '<none>'],
  ])('%s is %j', (text, expected) => {
    expect(readCell(text, {})(object, now)).toBe(expected);
  });

  it('returns a function by its name', () => {
    expect(readCell('own()', { own: () => 'mine' })(object, now)).toBe('mine');
  });

  it.each(['unknown()', 'sum .kind', 'kind', '', 'number'])('refuses %j', (text) => {
    expect(() => readCell(text, { own: () => 'mine' })).toThrow('not in the notation');
  });
});

describe('tables.txt', () => {
  it('has one table for a type, and tables of served types only', () => {
    const types = tables
      .split('\n')
      .filter((line) => /^[^ #]/.test(line))
      .flatMap((line) => line.split(' '));
    const served = new Set(servedTypes.map(groupResourceOf));
    expect(types.filter((type) => !served.has(type))).toEqual([]);
    expect(new Set(types).size).toBe(types.length);
  });
});

// Which fields of an object changed.
import { describe, expect, it } from 'vitest';
import { diffObjects } from '../../../src/model/object-diff.ts';
import type { JsonObject } from '../../../src/model/object.ts';
import { fieldChangeText } from '../../../src/output/field-change.ts';

const lines = (before: JsonObject, after: JsonObject): string[] =>
  diffObjects(before, after).map(fieldChangeText);

describe('diffObjects', () => {
  it('names a field by its path', () => {
    expect(lines({ status: { phase: 'Pending' } }, { status: { phase: 'Running' } })).toEqual([
      'status.phase: Pending -> Running',
    ]);
  });

  it('is empty if nothing changed', () => {
    const object = { a: { b: [1, { name: 'x' }, null] }, c: 'd' };
    expect(diffObjects(object, structuredClone(object))).toEqual([]);
  });

  it('leaves out fields that change with every update', () => {
    expect(
      lines(
        { metadata: { resourceVersion: '1', managedFields: [{ time: 'a' }], generation: 1 } },
        { metadata: { resourceVersion: '2', managedFields: [{ time: 'b' }], generation: 2 } },
      ),
    ).toEqual(['metadata.generation: 1 -> 2']);
  });

  it('shows added and removed fields', () => {
    expect(lines({ old: 1, both: 1 }, { both: 1, new: { deep: true } })).toEqual([
      'new: <none> -> {"deep":true}',
      'old: 1 -> <none>',
    ]);
  });

  it('quotes keys that are not plain words, and ambiguous values', () => {
    expect(
      lines(
        { metadata: { labels: { 'app.kubernetes.io/name': 'a', x: '' } } },
        { metadata: { labels: { 'app.kubernetes.io/name': 'b c', x: ' y ' } } },
      ),
    ).toEqual(['metadata.labels["app.kubernetes.io/name"]: a -> b c', 'metadata.labels.x: "" -> " y "']);
  });

  it('identifies elements of lists by their names', () => {
    const before = {
      conditions: [
        { type: 'A', status: 'True' },
        { type: 'B', status: 'False' },
      ],
    };
    const after = {
      conditions: [
        { type: 'New', status: 'True' },
        { type: 'A', status: 'True' },
        { type: 'B', status: 'True' },
      ],
    };
    expect(lines(before, after)).toEqual([
      'conditions[New]: <none> -> {"status":"True","type":"New"}',
      'conditions[B].status: False -> True',
    ]);
    expect(lines(after, before)).toEqual([
      'conditions[B].status: True -> False',
      'conditions[New]: {"status":"True","type":"New"} -> <none>',
    ]);
  });

  it('identifies elements without names by their index', () => {
    expect(lines({ l: [{ v: 1 }, { v: 2 }] }, { l: [{ v: 1 }, { v: 3 }, { v: 4 }] })).toEqual([
      'l[1].v: 2 -> 3',
      'l[2]: <none> -> {"v":4}',
    ]);
    expect(
      lines(
        { l: [{ name: 'x', v: 1 }] },
        {
          l: [
            { name: 'x', v: 1 },
            { name: 'x', v: 2 },
          ],
        },
      ),
    ).toEqual(['l[1]: <none> -> {"name":"x","v":2}']);
  });

  it('compares lists of plain values as a whole', () => {
    expect(lines({ args: ['a', 'b'] }, { args: ['a', 'c'] })).toEqual(['args: ["a","b"] -> ["a","c"]']);
    expect(lines({ args: ['a'] }, { args: [] })).toEqual(['args: ["a"] -> []']);
    expect(lines({ args: [['a']] }, { args: [['a']] })).toEqual([]);
  });

  it('keeps null, large integers and changes of type as they are', () => {
    expect(lines({ a: null, b: 9007199254740993n, c: {} }, { a: 0, b: 9007199254740995n, c: [] })).toEqual([
      'a: null -> 0',
      'b: 9007199254740993 -> 9007199254740995',
      'c: {} -> []',
    ]);
  });

  it('escapes control characters and shortens long values', () => {
    expect(lines({ a: 'x' }, { a: '\u001b[31m\nred' })).toEqual(['a: x -> "\\u001b[31m\\nred"']);
    const [line = ''] = lines({ a: 'x' }, { a: 'y'.repeat(1_000) });
    expect(line.length).toBeLessThan(200);
    expect(line.endsWith('y…')).toBe(true);
  });
});

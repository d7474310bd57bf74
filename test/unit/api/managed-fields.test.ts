import { describe, expect, it } from 'vitest';
import { cutManagedFields, ManagedFieldsCutter } from '../../../src/api/managed-fields.ts';

const cut = (json: string): string => cutManagedFields(Buffer.from(json)).toString();

/** The same in pieces of `size` bytes, each appended to what is left of those before. */
function cutInPieces(json: string, size: number): { kept: string; unfinished: number } {
  const bytes = Buffer.from(json);
  const cutter = new ManagedFieldsCutter();
  let kept = Buffer.alloc(0);
  for (let at = 0; at < bytes.length; at += size) {
    const all = Buffer.concat([kept, bytes.subarray(at, at + size)]);
    kept = all.subarray(0, cutter.cut(all));
  }
  return { kept: kept.toString(), unfinished: cutter.unfinished };
}

describe('cutManagedFields', () => {
  it.each([
    ['nothing to cut', '{"rows":[{"cells":["a"]}]}', '{"rows":[{"cells":["a"]}]}'],
    ['the last member', '{"name":"a","managedFields":[{"manager":"x"}]}', '{"name":"a"}'],
    ['the first member', '{"managedFields":[],"name":"a"}', '{"name":"a"}'],
    ['the only member', '{"managedFields":[]}', '{}'],
    ['a member in the middle', '{"a":1,"managedFields":[[1],[2]],"b":2}', '{"a":1,"b":2}'],
    [
      'several objects',
      '[{"a":"é","managedFields":[1]},{"b":2,"managedFields":[2]},{"c":3}]',
      '[{"a":"é"},{"b":2},{"c":3}]',
    ],
    [
      'brackets and quotes in strings',
      String.raw`{"a":1,"managedFields":[{"f:x":{"k:{\"type\":\"]\\\"}":{}}}],"b":"]"}`,
      '{"a":1,"b":"]"}',
    ],
    ['no array', '{"managedFields":null}', '{"managedFields":null}'],
    [
      'a text that reads like it',
      String.raw`{"a":"x,\"managedFields\":[1]"}`,
      String.raw`{"a":"x,\"managedFields\":[1]"}`,
    ],
    ['a longer key', String.raw`{"my\"managedFields":[1]}`, String.raw`{"my\"managedFields":[1]}`],
    ['indented JSON', '{\n "managedFields":[1]}', '{\n "managedFields":[1]}'],
    ['JSON that breaks off', '{"a":1,"managedFields":[{"x":"]', '{"a":1,"managedFields":[{"x":"]'],
    [
      'one whole and one that breaks off',
      '[{"a":1,"managedFields":[1]},{"managedFields":[2',
      '[{"a":1},{"managedFields":[2',
    ],
    ['one after the other', '{"managedFields":[1],"managedFields":[2],"b":2}', '{"b":2}'],
    ['one after the other at the end', '{"a":1,"managedFields":[1],"managedFields":[2]}', '{"a":1}'],
  ])('%s', (_, json, expected) => {
    expect(cut(json)).toBe(expected);
    for (let size = 1; size <= json.length; size++) {
      const { kept, unfinished } = cutInPieces(json, size);
      if (unfinished === 0) expect(kept, `in pieces of ${size}`).toBe(expected);
      else expect(expected.startsWith(kept), `in pieces of ${size}`).toBe(true);
    }
  });

  it('leaves what JSON.parse would give without the field', () => {
    const object = (index: number): object => ({
      metadata: {
        name: `pod-${index}`,
        labels: { app: '"],}' },
        managedFields: [{ 'f:a': { '.': {} }, x: '\\"]' }],
      },
    });
    const page = {
      rows: Array.from({ length: 50 }, (_, index) => ({ cells: [index], object: object(index) })),
    };
    const expected = JSON.parse(JSON.stringify(page)) as {
      rows: { object: { metadata: { managedFields?: unknown } } }[];
    };
    for (const { object: row } of expected.rows) delete row.metadata.managedFields;
    expect(JSON.parse(cut(JSON.stringify(page)))).toEqual(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { JsonIndenter } from '../../../src/output/reindent.ts';

function indent(text: string, chunkSize = Infinity): string {
  const indenter = new JsonIndenter();
  const bytes = Buffer.from(text);
  let out = '';
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += Math.min(chunkSize, bytes.length)) {
    parts.push(Buffer.from(indenter.push(bytes.subarray(at, at + Math.min(chunkSize, bytes.length)))));
  }
  out = Buffer.concat(parts).toString();
  return out;
}

describe('JsonIndenter', () => {
  const values: unknown[] = [
    {},
    [],
    { a: {} },
    [[], [{}]],
    { b: 1, a: [1, 2, { c: 'x, y: {z} [w]' }] },
    'text with "quotes" and \\ and \u00e9 \u{1f600}',
    { 'key with "': '\\"', n: -1.5e10, t: true, f: false, z: null },
  ];

  it.each(values.map((value) => [JSON.stringify(value), value]))(
    'indents %s as JSON.stringify does',
    (text, value) => {
      expect(indent(text)).toBe(JSON.stringify(value, null, 2));
    },
  );

  it.each([1, 2, 3, 7])('returns the same when the bytes come %i at a time', (size) => {
    const text = JSON.stringify(values);
    expect(indent(text, size)).toBe(JSON.stringify(values, null, 2));
  });

  it('drops existing white space and keeps it within strings', () => {
    expect(indent('{\n\t"a" :  [ 1 ,2 ] , "b": " x \\n y "}')).toBe(
      '{\n  "a": [\n    1,\n    2\n  ],\n  "b": " x \\n y "\n}',
    );
  });

  it('keeps the text of numbers that a double cannot represent', () => {
    expect(indent('[9007199254740993,1.0,1e400]')).toBe('[\n  9007199254740993,\n  1.0,\n  1e400\n]');
  });

  it('keeps the order of keys', () => {
    expect(indent('{"b":1,"10":2,"2":3}')).toBe('{\n  "b": 1,\n  "10": 2,\n  "2": 3\n}');
  });

  it('passes on what is not JSON', () => {
    expect(indent(']]}"unended')).toBe('\n]\n]\n}"unended');
  });

  it('limits the indentation of hostile nesting', () => {
    const deep = indent('['.repeat(5_000));
    expect(deep.length).toBeLessThan(5_000 * 1_002);
  });
});

import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/model/object.ts';
import { compactJson, prettyJson, quoteJson } from '../../../src/output/json.ts';

describe('prettyJson', () => {
  it('sorts keys by bytes, indents by four and keeps empty collections on one line', () => {
    const value = { b: [1, { d: null, c: true }, [], {}], a: {}, B: 'x', _: 1, '10': 1, '9': 1 };
    expect(prettyJson(value)).toBe(
      [
        '{',
        '    "10": 1,',
        '    "9": 1,',
        '    "B": "x",',
        '    "_": 1,',
        '    "a": {},',
        '    "b": [',
        '        1,',
        '        {',
        '            "c": true,',
        '            "d": null',
        '        },',
        '        [],',
        '        {}',
        '    ]',
        '}',
      ].join('\n'),
    );
  });

  it('indents further lines when asked', () => {
    expect(prettyJson([1], 8)).toBe('[\n            1\n        ]');
  });

  it('orders keys beyond the basic plane after all others, as their bytes are', () => {
    expect(compactJson({ '\u{1F600}': 1, '\uff01': 2, é: 3 })).toBe('{"é":3,"！":2,"😀":1}');
  });

  it('leaves out what is undefined', () => {
    expect(prettyJson({ a: undefined, b: 1 })).toBe('{\n    "b": 1\n}');
    expect(prettyJson({ a: undefined })).toBe('{}');
    expect(compactJson({ a: undefined, b: 1, c: undefined })).toBe('{"b":1}');
  });

  it('does not use a cached key order for another shape', () => {
    const shapes: Json[] = [
      { b: 1, a: 2 },
      { a: 2, b: 1 },
      { b: 1 },
      { b: 1, a: 2, c: 3 },
      { b: 1, a: 2 },
      {},
    ];
    expect(shapes.map(compactJson)).toEqual([
      '{"a":2,"b":1}',
      '{"a":2,"b":1}',
      '{"b":1}',
      '{"a":2,"b":1,"c":3}',
      '{"a":2,"b":1}',
      '{}',
    ]);
  });

  it('stays correct with more shapes than the cache keeps', () => {
    const wrong = Array.from({ length: 30_000 }, (_, index) => `k${index}`).filter(
      (key) => compactJson({ [key]: 1, a: 2 }) !== `{"a":2,"${key}":1}`,
    );
    expect(wrong).toEqual([]);
  });

  it('prints a key named __proto__', () => {
    const value: Json = JSON.parse('{"__proto__":{"a":1},"constructor":2}');
    expect(compactJson(value)).toBe('{"__proto__":{"a":1},"constructor":2}');
  });
});

describe('strings', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['plain', '"plain"'],
    ['a<b>&c', String.raw`"a\u003cb\u003e\u0026c"`],
    ['\u2028\u2029', String.raw`"\u2028\u2029"`],
    ['"\\/', String.raw`"\"\\/"`],
    ['\b\f\n\r\t\u0000\u001b', String.raw`"\b\f\n\r\t\u0000\u001b"`],
    ['\u007f\u009b', '"\u007f\u009b"'],
    ['Grüße 日本 😀', '"Grüße 日本 😀"'],
    ['ü<', String.raw`"ü\u003c"`],
    ['a\ud800b', '"a\ufffdb"'],
  ];
  it.each(cases)('%j', (text, expected) => {
    expect(quoteJson(text)).toBe(expected);
    expect(prettyJson({ k: text })).toBe(`{\n    "k": ${expected}\n}`);
    expect(compactJson([text])).toBe(`[${expected}]`);
  });

  it('escapes keys too', () => {
    expect(compactJson({ 'a<"': 1 })).toBe(String.raw`{"a\u003c\"":1}`);
  });
});

describe('numbers', () => {
  const cases: readonly (readonly [number | bigint, string])[] = [
    [0, '0'],
    [-0, '0'],
    [1.5, '1.5'],
    [1e20, '100000000000000000000'],
    [1e21, '1e+21'],
    [1e-6, '0.000001'],
    [1e-7, '1e-7'],
    [123456789.125, '123456789.125'],
    [9007199254740993n, '9007199254740993'],
    [123456789012345678901234567890n, '123456789012345678901234567890'],
  ];
  it.each(cases)('%s', (value, expected) => {
    expect(compactJson(value)).toBe(expected);
    expect(prettyJson(value)).toBe(expected);
  });
});

it.each([0, 1, 2, 3])(
  'a string of many pieces is quoted like a short one, with no pair split: offset %i',
  (offset) => {
    const text = 'x'.repeat(offset) + '<😀"\n\u2028é\ud800'.repeat(30_000);
    expect(compactJson(text)).toBe(quoteJson(text));
    expect(JSON.parse(compactJson([text]))).toEqual([text.replaceAll('\ud800', '\ufffd')]);
  },
);

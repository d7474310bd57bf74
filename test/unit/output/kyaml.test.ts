// KYAML: the bytes of kubectl 1.36 (the e2e suite `formats` compares 200 documents with kubectl
// itself).

import { describe, expect, it } from 'vitest';
import { kyamlText } from '../../../src/output/kyaml.ts';

describe('kyamlText', () => {
  it('writes braces around everything and quotes every string', () => {
    const value = { kind: 'Pod', apiVersion: 'v1', n: 1, f: 1e-7, t: true, z: null, e: {}, l: [] };
    expect(kyamlText(value)).toBe(`{
  apiVersion: "v1",
  e: {},
  "f": 1e-7,
  kind: "Pod",
  l: [],
  "n": 1,
  "t": true,
  z: null,
}`);
  });

  it('joins brackets of lists of mappings, others are on their own lines', () => {
    expect(kyamlText({ a: [{ b: 1 }, { b: 2 }], c: ['x', {}] })).toBe(`{
  a: [{
    b: 1,
  }, {
    b: 2,
  }],
  c: [
    "x",
    {},
  ],
}`);
  });

  it('folds strings of several lines and keeps their spaces', () => {
    expect(kyamlText({ a: 'one\n  two\n' })).toBe('{\n  a: "\\\n     one\\n\\\n    \\  two\\n\\\n    ",\n}');
  });

  it.each([
    '',
    'no',
    '1',
    '1_0',
    '0x1F',
    '1e3',
    '.inf',
    'null',
    '~',
    '2024-01-02',
    '11:00',
    '-a',
    'a b',
    'y',
    '08',
  ])('quotes the ambiguous key %j', (key) => {
    expect(kyamlText({ [key]: 1 })).toBe(`{\n  "${key}": 1,\n}`);
  });

  it.each(['a', 'a-b', 'app.kubernetes.io/name', '_', 'é', '1e999', '2024-13-02'])(
    'does not quote the key %j',
    (key) => {
      expect(kyamlText({ [key]: 1 })).toBe(`{\n  ${key}: 1,\n}`);
    },
  );

  it('escapes everything that moves the cursor of a terminal', () => {
    expect(kyamlText({ a: '\u001b[31m\u202e\u0085\u2028' })).toBe('{\n  a: "\\e[31m\\u202e\\N\\L",\n}');
  });
});

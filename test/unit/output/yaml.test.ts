import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/model/object.ts';
import { ByteText } from '../../../src/output/byte-text.ts';
import { compareNatural, writeYamlItem, yamlText } from '../../../src/output/yaml.ts';
import { yamlCases } from './yaml-cases.ts';

describe('like the YAML library of kubectl', () => {
  it.each(yamlCases)('%s', (json, expected) => {
    const value: Json = JSON.parse(json);
    expect(yamlText(value)).toBe(expected);
  });
});

describe('if kubectl fails or loses data', () => {
  it('escapes control characters', () => {
    expect(yamlText({ a: 'x\u007fy', b: '\u009b31m', c: 'a\u0085b' })).toBe(
      String.raw`a: "x\x7Fy"` + '\n' + String.raw`b: "\x9B31m"` + '\n' + String.raw`c: "a\Nb"` + '\n',
    );
  });

  it('prints integers of any size', () => {
    const value = {
      a: 9007199254740993n,
      b: 18446744073709551615n,
      c: 123456789012345678901234567890n,
      d: 100000000000000000000n,
    };
    expect(yamlText(value)).toBe(
      'a: 9007199254740993\nb: 18446744073709551615\nc: 123456789012345678901234567890\nd: 1e+20\n',
    );
  });

  it('escapes bidirectional controls for a terminal only', () => {
    expect(yamlText({ a: 'x\u202ey' })).toBe('a: x\u202ey\n');
    expect(yamlText({ 'k\u2066': 'x\u202ey' }, { escapeBidi: true })).toBe(
      String.raw`"k\u2066": "x\u202Ey"` + '\n',
    );
  });

  it('replaces a lone surrogate with U+FFFD', () => {
    expect(yamlText({ a: 'x\ud800' })).toBe('a: x\ufffd\n');
  });
});

describe('writeYamlItem', () => {
  it('writes items one by one as a sequence', () => {
    const out = new ByteText();
    for (const item of [{ b: 1, a: ['x'] }, 'text', {}, ['p', 'q'], 'l1\nl2\n']) writeYamlItem(out, item);
    expect(out.toString()).toBe('- a:\n  - x\n  b: 1\n- text\n- {}\n- - p\n  - q\n- |\n  l1\n  l2\n');
  });
});

it('leaves out what is undefined', () => {
  expect(yamlText({ a: { b: undefined }, c: undefined, d: 1 })).toBe('a: {}\nd: 1\n');
});

describe('compareNatural', () => {
  it('sorts letters last and runs of digits by value', () => {
    const keys = ['b', 'a10', 'a2', 'a', 'B', '_', '-x', '10', '9', 'é', '日', 'a-b', 'a.b', 'x100', 'x99'];
    expect(keys.sort(compareNatural)).toEqual(
      // prettier-ignore
      ['-x', '_', '9', '10', 'B', 'a', 'a-b', 'a.b', 'a2', 'a10', 'b', 'x99', 'x100', 'é', '日'],
    );
  });

  it('counts digits of other scripts and zeros within numbers', () => {
    expect(compareNatural('a100', 'a101')).toBeLessThan(0);
    expect(compareNatural('a10', 'a1x')).toBeLessThan(0);
    expect(compareNatural('a٢', 'a٣')).toBeLessThan(0);
    expect(compareNatural('same', 'same')).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { JsonSyntaxError, canContainLongInteger, parseJson } from '../../../src/api/exact-json.ts';

function faultOf(text: string): JsonSyntaxError {
  try {
    parseJson(text);
  } catch (thrown) {
    if (thrown instanceof JsonSyntaxError) return thrown;
  }
  throw new Error(`no JsonSyntaxError for ${text}`);
}

/** Long enough to send any document through the exact parser. */
const long = '12345678901234567890';

describe('parseJson', () => {
  it.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['-9007199254740991', -9007199254740991],
    ['-9007199254740993', -9007199254740993n],
    ['[1,18446744073709551615]', [1, 18446744073709551615n]],
    ['{"a":{"b": \n-12345678901234567890 }}', { a: { b: -12345678901234567890n } }],
    ['1234567890123456.5', 1234567890123456.5],
    ['12345678901234560000e2', 1.234567890123456e21],
    ['"12345678901234567890"', '12345678901234567890'],
    ['{"a":": 12345678901234567890"}', { a: ': 12345678901234567890' }],
  ])('reads %s exactly', (text, value) => {
    expect(parseJson(text)).toStrictEqual(value);
  });

  it.each([
    '{"a":[1,2.5,-3e-2,true,false,null,"x",{},[]],"b":""}',
    '  [ { } , [ ] , "\\u00e9\\n\\"\\\\\\/" , "\u2028" ]\n',
    '{"__proto__":{"x":1},"constructor":2,"":3}',
    '{"a":1,"a":2}',
    '"\\ud83d\\ude00 😀 \\ud800"',
    '0.1234567890123456789',
  ])('agrees with JSON.parse on %s', (text) => {
    const platform: unknown = JSON.parse(text);
    expect(parseJson(text)).toStrictEqual(platform);
    expect(parseJson(`[${long},${text}]`)).toStrictEqual([BigInt(long), platform]);
  });

  it('does not treat a key as a prototype', () => {
    const parsed = parseJson(`{"__proto__":{"polluted":${long}}}`);
    expect(Object.keys(parsed ?? {})).toEqual(['__proto__']);
    expect('polluted' in {}).toBe(false);
  });

  it.each([
    ['', 'breaks off after 0 characters', true],
    ['{"items":[{"a":1},', 'breaks off after 18 characters', true],
    ['{"a":"unfinished', 'breaks off after 16 characters', true],
    ['{"a":tru', 'breaks off after 8 characters', true],
    ['{"a":1,}', 'unexpected "}" at character 8', false],
    ['{"a" 1}', 'unexpected "1" at character 6', false],
    ['[1,]', 'unexpected "]" at character 4', false],
    ['[1] 2', 'unexpected "2" at character 5', false],
    ['{a:1}', 'unexpected "a" at character 2', false],
    ['[01]', 'unexpected "1" at character 3', false],
    ['<html>', 'unexpected "<" at character 1', false],
    ['["a\tb"]', 'unexpected "\\t" at character 4', false],
    ['["a\\xb"]', 'unexpected "\\\\" at character 4', false],
    [`${'['.repeat(10_001)}${long}`, 'nests deeper than 10000 levels at character 10001', false],
  ])('reports where %j stops being JSON', (text, message, truncated) => {
    const fault = faultOf(text);
    expect([fault.message, fault.truncated]).toEqual([message, truncated]);
  });
});

describe('canContainLongInteger', () => {
  it('finds a run of 16 digits at any offset from the characters that it checks', () => {
    for (let indent = 0; indent < 40; indent++) {
      const before = ' '.repeat(indent);
      expect(canContainLongInteger(`{"a":${before}1234567890123456}`)).toBe(true);
      expect(canContainLongInteger(`{"a":${before}-1234567890123456}`)).toBe(true);
      expect(canContainLongInteger(`{"a":${before}123456789012345}`)).toBe(false);
      expect(canContainLongInteger(`{"a":${before}"x1234567890123456"}`)).toBe(false);
    }
  });

  it('continues after a run that is too short', () => {
    expect(canContainLongInteger(`["sha256:x${'1'.repeat(40)}",12345678901234567]`)).toBe(true);
    expect(canContainLongInteger(`[0.${'1'.repeat(40)}]`)).toBe(false);
  });
});

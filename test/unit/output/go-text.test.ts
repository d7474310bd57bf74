import { describe, expect, it } from 'vitest';
import { goNumber, goValue } from '../../../src/output/go-text.ts';

describe('goNumber', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [42, '42'],
    [-9007199254740991, '-9007199254740991'],
    [9223372036854775807n, '9223372036854775807'],
    [9223372036854775808n, '9.223372036854776e+18'],
    [0.5, '0.5'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [-123456.5, '-123456.5'],
    [1234567.5, '1.2345675e+06'],
    [1e21, '1e+21'],
    [5e-324, '5e-324'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
  ])('%s', (value, text) => {
    expect(goNumber(value)).toBe(text);
  });
});

describe('goValue', () => {
  it('writes maps sorted by key, lists with spaces, strings without quotes', () => {
    expect(goValue({ b: [1, 'x y', null, true], a: { c: 2.5 }, '\u{1f600}': [], '\uffee': {} })).toBe(
      'map[a:map[c:2.5] b:[1 x y <nil> true] \uffee:map[] \u{1f600}:[]]',
    );
  });
});

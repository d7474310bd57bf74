import { describe, expect, it } from 'vitest';

import { resolvePlainScalar } from '../../../src/config/plain-scalar.ts';

describe('resolvePlainScalar', () => {
  it.each([
    ['', null],
    ['~', null],
    ['NULL', null],
    ['nULL', 'nULL'],
    ['yes', true],
    ['On', true],
    ['y', true],
    ['n', false],
    ['off', false],
    ['oFF', 'oFF'],
    ['12', 12],
    ['+12', 12],
    ['-0', 0],
    ['0', 0],
    ['+0x10', 16],
    ['0O17', 15],
    ['0_7', 7],
    ['9007199254740993', 9007199254740993n],
    ['-9223372036854775808', -9223372036854775808n],
    ['18446744073709551615', 18446744073709551615n],
    ['18446744073709551616', 18446744073709551616],
    ['0777777777777777777777777', 7.777777777777778e23],
    ['0xFFFFFFFFFFFFFFFFF', '0xFFFFFFFFFFFFFFFFF'],
    ['5e1234567', '5e1234567'],
    ['-12e4567', '-12e4567'],
    ['1e309', '1e309'],
    ['1e-400', 0],
    ['.5e400', '.5e400'],
    ['.5__0', '.5__0'],
    ['0x', '0x'],
    ['0xG', '0xG'],
    ['1e', '1e'],
    ['+', '+'],
    ['1_000', 1000],
    ['010', 8],
    ['08', 8],
    ['09_1', 91],
    ['0o17', 15],
    ['0x1F', 31],
    ['-0x10', -16],
    ['0b101', 5],
    ['0b102', '0b102'],
    ['1.5', 1.5],
    ['1.', 1],
    ['.5', 0.5],
    ['.5_0', 0.5],
    ['1e3', 1000],
    ['.inf', Infinity],
    ['-.INF', -Infinity],
    ['1:30', '1:30'],
    ['2001-01-01', '2001-01-01'],
    ['1.2.3', '1.2.3'],
    ['-', '-'],
    ['.', '.'],
    ['--flag', '--flag'],
    ['12a', '12a'],
    ['LS0tLS1CRUdJTg==', 'LS0tLS1CRUdJTg=='],
  ])('takes "%s" for %s', (text, value) => {
    expect(resolvePlainScalar(text)).toBe(value);
  });

  it('takes .nan for not a number', () => {
    expect(resolvePlainScalar('.NaN')).toBeNaN();
  });
});

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
    ['-0', -0],
    ['1_000', 1000],
    ['010', 8],
    ['08', 8],
    ['0o17', 15],
    ['0x1F', 31],
    ['-0x10', -16],
    ['0b101', 5],
    ['0b102', '0b102'],
    ['1.5', 1.5],
    ['1.', 1],
    ['.5', 0.5],
    ['.5_0', '.5_0'],
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
  ])('takes %j for %j', (text, value) => {
    expect(resolvePlainScalar(text)).toBe(value);
  });

  it('takes .nan for not a number', () => {
    expect(resolvePlainScalar('.NaN')).toBeNaN();
  });
});

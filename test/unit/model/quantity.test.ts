import { describe, expect, it } from 'vitest';
import { compareQuantities, parseQuantity } from '../../../src/model/quantity.ts';

/** -1, 0 or 1 for two texts that are quantities. */
function compare(a: string, b: string): number {
  return Math.sign(compareQuantities(parseQuantity(a)!, parseQuantity(b)!));
}

describe('quantities', () => {
  // Checked against resource.ParseQuantity and Cmp of apimachinery 0.36.3.
  it.each([
    ['100m', '0.1', 0],
    ['1', '1000m', 0],
    ['1k', '1Ki', -1],
    ['1024Mi', '1Gi', 0],
    ['1e3', '1k', 0],
    ['1E3', '1E', -1],
    ['1E', '1000P', 0],
    ['9Ei', '10Ei', 0],
    ['-9Ei', '-10Ei', 0],
    ['10E', '9E', 1],
    ['-1', '1n', -1],
    ['-2Gi', '-1Gi', -1],
    ['+5', '5', 0],
    ['0', '-0', 0],
    ['0', '0Gi', 0],
    ['.5', '0.5', 0],
    ['5.', '5', 0],
    ['0.1n', '1n', 0],
    ['-0.1n', '-1n', 0],
    ['1.0000000001', '1.000000001', 0],
    ['1e-999999999', '1n', 0],
    ['1e999999999', '1E', 1],
    ['1e999999999', '2e999999999', -1],
    ['123456789012345678901234567890', '123456789012345678901234567891', -1],
    ['007', '7', 0],
    ['1.5Gi', '1536Mi', 0],
    ['1.1Ki', '1126400m', 0],
  ])('%s against %s', (a, b, expected) => {
    expect(compare(a, b)).toBe(expected);
    expect(compare(b, a)).toBe(expected === 0 ? 0 : -expected);
  });

  it.each([
    '',
    ' 1',
    '1 ',
    '1..2',
    '0x1',
    '1_0',
    '1K',
    '1kk',
    '1e',
    '1e1.5',
    '1Kim',
    'Infinity',
    '--1',
    '٣',
    '1\n',
    'abc',
  ])('%j is invalid', (text) => {
    expect(parseQuantity(text)).toBeUndefined();
  });

  it('does not read a text without a digit as zero, as Go', () => {
    for (const text of ['k', 'm', 'E', 'e5', 'Ki', '-', '+', '.', '.Gi']) {
      expect(parseQuantity(text)).toBeUndefined();
    }
  });
});

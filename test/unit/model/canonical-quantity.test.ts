import { describe, expect, it } from 'vitest';
import { canonicalQuantity, isMore } from '../../../src/model/canonical-quantity.ts';

describe('canonicalQuantity', () => {
  it.each([
    ['1', '1'],
    ['1000', '1k'],
    ['1024', '1024'],
    ['1024Mi', '1Gi'],
    ['1.5Gi', '1536Mi'],
    ['0.5', '500m'],
    ['1500m', '1500m'],
    ['1000m', '1'],
    ['100Mi', '100Mi'],
    ['0.5Ki', '512'],
    ['2097152', '2097152'],
    ['2Gi', '2Gi'],
    ['1e3', '1e3'],
    ['12E', '12E'],
    ['1e-3', '1e-3'],
    ['-1', '-1'],
    ['-0', '0'],
    ['.5', '500m'],
    ['0.0000000001', '1n'],
    ['0', '0'],
    ['0Mi', '0'],
  ])('writes %s as %s', (text, canonical) => {
    expect(canonicalQuantity(text)).toBe(canonical);
  });

  it.each(['', '.', 'abc', '1 Gi', '1gi', '1e999', 'Gi', '1.2.3'])('refuses %j', (text) => {
    expect(canonicalQuantity(text)).toBeUndefined();
  });
});

describe('isMore', () => {
  it('compares across suffixes', () => {
    expect(isMore('1Gi', '1G')).toBe(true);
    expect(isMore('1000m', '1')).toBe(false);
    expect(isMore('0', '-1')).toBe(true);
    expect(isMore('many', '1')).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { median, medianDeviation, medianRatio } from '../../../bench/statistics.ts';

describe('median', () => {
  it.each([
    [[5], 5],
    [[9, 1, 5], 5],
    [[10, 2, 4, 8], 6],
    // As numbers, not as text.
    [[100, 9, 20], 20],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('keeps the order of the values', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it('of an empty list is an error, not a number', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('medianRatio', () => {
  it('compares within the pairs: a slow phase of the machine cancels out', () => {
    // The ratio of the medians would be 20 / 200.
    expect(medianRatio([10, 20, 3_000], [20, 40, 200])).toBe(0.5);
    expect(medianRatio([10, 1_000, 30], [40, 4_000, 120])).toBe(0.25);
  });

  it('refuses unpaired values', () => {
    expect(() => medianRatio([1, 2], [1])).toThrow(RangeError);
  });
});

describe('medianDeviation', () => {
  it('is not moved by one value far away', () => {
    expect(medianDeviation([10, 11, 9, 10, 500])).toBe(1);
  });
});

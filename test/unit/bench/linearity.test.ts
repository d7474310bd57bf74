import { describe, expect, it } from 'vitest';
import { growthOf, type SizeCost } from '../../../bench/linearity.ts';

const sizes = [500, 5_000, 50_000];
const costs = (cpuOf: (size: number) => number, memoryOf: (size: number) => number): SizeCost[] =>
  sizes.map((size) => ({ size, cpu: cpuOf(size), memory: memoryOf(size) }));

describe('growthOf', () => {
  it('is 1 for a start-up time and a constant cost of each object', () => {
    const growth = growthOf(
      costs(
        (size) => 200 + size * 0.04,
        () => 100_000,
      ),
    );
    const [first, second, third] = growth;
    expect(first?.map(({ metric, isMet }) => [metric, isMet])).toEqual([
      ['cpuPerObject', undefined],
      ['memory', undefined],
    ]);
    expect(second?.every(({ isMet }) => isMet === undefined)).toBe(true);
    expect(third?.map(({ metric, isMet }) => [metric, isMet])).toEqual([
      ['cpuPerObject', undefined],
      ['cpuPerFurtherObject', true],
      ['memory', true],
    ]);
    expect(third?.[1]?.ours).toBeCloseTo(40);
  });

  it('detects a quadratic cost, which the start-up time hides in the cost of each object', () => {
    const [, , third] = growthOf(
      costs(
        (size) => 2_000 + size * 0.04 + size * size * 1e-6,
        () => 100_000,
      ),
    );
    expect(third?.[0]?.ours).toBeLessThan(140);
    expect(third?.[1]).toMatchObject({ metric: 'cpuPerFurtherObject', isMet: false });
  });

  it('detects memory that grows', () => {
    const [, , third] = growthOf(
      costs(
        (size) => 200 + size * 0.04,
        (size) => 60_000 + size * 6,
      ),
    );
    expect(third?.[2]).toMatchObject({ metric: 'memory', isMet: false });
  });
});

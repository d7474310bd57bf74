import { describe, expect, it } from 'vitest';
import { planNamespaces } from '../../../bench/layout.ts';

const sum = (plan: ReturnType<typeof planNamespaces>): number =>
  plan.reduce((all, { pods }) => all + pods, 0);

describe('planNamespaces', () => {
  it.each([
    [50_000, 50],
    [6_520, 4],
    [7_001, 6],
    [20, 3],
    [1, 1],
  ])('spreads exactly %d pods over exactly %d namespaces', (pods, namespaces) => {
    const plan = planNamespaces(pods, namespaces);
    expect(sum(plan)).toBe(pods);
    expect(plan).toHaveLength(namespaces);
    expect(new Set(plan.map(({ name }) => name)).size).toBe(namespaces);
  });

  it('makes the sizes that cases need', () => {
    const plan = planNamespaces(50_000, 50);
    for (const size of [20, 500, 1_000, 5_000]) {
      expect(plan).toContainEqual({ name: `kapi-bench-${size}`, pods: size });
    }
  });

  it('distributes the rest evenly', () => {
    const rest = planNamespaces(50_000, 50).slice(4);
    expect(
      Math.max(...rest.map(({ pods }) => pods)) - Math.min(...rest.map(({ pods }) => pods)),
    ).toBeLessThan(2);
  });

  it('drops the largest sizes first', () => {
    expect(planNamespaces(1_100, 3).map(({ name, pods }) => [name, pods])).toEqual([
      ['kapi-bench-20', 20],
      ['kapi-bench-1000', 1_000],
      ['kapi-bench-rest-01', 80],
    ]);
  });

  it('says how many namespaces it takes', () => {
    expect(() => planNamespaces(50_000, 4)).toThrow('50000 pods need at least 5 namespaces');
    expect(() => planNamespaces(6_520, 3)).toThrow('6520 pods need at least 4 namespaces');
  });
});

import { describe, expect, it } from 'vitest';
import { VersionClock } from '../../../src/api/version-clock.ts';

function clockOf(
  ...points: readonly (readonly [source: string, version: number, at: number])[]
): VersionClock {
  const clock = new VersionClock();
  for (const [source, version, at] of points) clock.add(source, String(version), at);
  return clock;
}

describe('VersionClock', () => {
  it('bounds a version by its neighbours, whichever source they come from', () => {
    const clock = clockOf(
      ['own', 10, 1_000],
      ['own', 40, 9_000],
      ['leases', 20, 4_000],
      ['leases', 30, 6_000],
    );
    expect(clock.timeOf('25')).toEqual({ from: 4_000, to: 6_000 });
    expect(clock.timeOf('15')).toEqual({ from: 1_000, to: 4_000 });
    expect(clock.timeOf('20')).toEqual({ from: 4_000, to: 4_000 });
    expect(clock.timeOf('5')).toEqual({ from: undefined, to: 1_000 });
    expect(clock.timeOf('50')).toEqual({ from: 9_000, to: undefined });
  });

  it('takes times in any order, and compares versions as numbers', () => {
    const clock = clockOf(['own', 1000, 7_000], ['own', 99, 2_000], ['own', 500, 5_000]);
    expect(clock.timeOf('100')).toEqual({ from: 2_000, to: 5_000 });
    expect(clock.lastBefore(6_000)?.version).toBe('500');
    expect(clock.firstAfter(2_000)?.version).toBe('500');
    expect(clock.lastBefore(1_000)).toBeUndefined();
    expect(clock.firstAfter(7_000)).toBeUndefined();
  });

  it('ignores versions that are not numbers', () => {
    const clock = clockOf(['own', 10, 1_000]);
    clock.add('own', 'abc', 5_000);
    expect(clock.timeOf('abc')).toEqual({ from: undefined, to: undefined });
    expect(clock.lastBefore(9_000)?.version).toBe('10');
  });

  it('swaps bounds if the clocks of two servers contradict each other', () => {
    expect(clockOf(['own', 10, 5_000], ['leases', 20, 4_000]).timeOf('15')).toEqual({
      from: 4_000,
      to: 5_000,
    });
  });

  it('stays small with any number of times, and keeps the last one', () => {
    const clock = new VersionClock();
    for (let version = 1; version <= 100_000; version++) clock.add('own', String(version), version * 1_000);
    expect(clock.timeOf('100000')).toEqual({ from: 100_000_000, to: 100_000_000 });
    const { from = 0, to = 0 } = clock.timeOf('50000');
    expect(from).toBeLessThanOrEqual(50_000_000);
    expect(to).toBeGreaterThanOrEqual(50_000_000);
    expect(to - from).toBeLessThan(100_000);
  });
});

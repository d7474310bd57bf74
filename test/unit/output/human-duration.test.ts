import { describe, expect, it } from 'vitest';
import { ageOf, humanDuration } from '../../../src/output/human-duration.ts';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

describe('humanDuration', () => {
  const cases: readonly (readonly [number, string])[] = [
    [-2, '<invalid>'],
    [-1.999, '0s'],
    [-1, '0s'],
    [0, '0s'],
    [119.9, '119s'],
    [120, '2m'],
    [243, '4m3s'],
    [10 * minute - 1, '9m59s'],
    [10 * minute + 30, '10m'],
    [3 * hour - 1, '179m'],
    [3 * hour, '3h'],
    [5 * hour + 30 * minute, '5h30m'],
    [8 * hour - 1, '7h59m'],
    [8 * hour + 59 * minute, '8h'],
    [2 * day - 1, '47h'],
    [2 * day, '2d'],
    [3 * day + 4 * hour, '3d4h'],
    [8 * day - 1, '7d23h'],
    [8 * day + 5 * hour, '8d'],
    [2 * year - 1, '729d'],
    [2 * year, '2y'],
    [3 * year + 45 * day, '3y45d'],
    [8 * year - 1, '7y364d'],
    [9 * year + 100 * day, '9y'],
  ];
  it.each(cases)('%d s: %s', (seconds, expected) => {
    expect(humanDuration(seconds * 1000)).toBe(expected);
  });
});

describe('ageOf', () => {
  const now = new Date('2026-08-20T12:00:00Z');
  it('counts from the timestamp', () => {
    expect(ageOf('2026-08-20T11:55:57Z', now)).toBe('4m3s');
    expect(ageOf('2026-08-20T12:01:00Z', now)).toBe('<invalid>');
  });
  it('does not know the age of what has no timestamp', () => {
    expect(ageOf('', now)).toBe('<unknown>');
    expect(ageOf('yesterday', now)).toBe('<unknown>');
  });
});

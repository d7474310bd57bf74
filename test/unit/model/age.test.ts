import { describe, expect, it } from 'vitest';
import { ageOf, humanDuration } from '../../../src/model/age.ts';

const [s, m, h, d] = [1_000, 60_000, 3_600_000, 86_400_000];

describe('humanDuration', () => {
  it.each([
    [-2 * s, '<invalid>'],
    [-1_999, '0s'],
    [0, '0s'],
    [119_999, '119s'],
    [2 * m, '2m'],
    [4 * m + 3 * s, '4m3s'],
    [10 * m + 59 * s, '10m'],
    [179 * m, '179m'],
    [3 * h, '3h'],
    [5 * h + 30 * m, '5h30m'],
    [8 * h + 30 * m, '8h'],
    [47 * h, '47h'],
    [2 * d, '2d'],
    [3 * d + 4 * h, '3d4h'],
    [8 * d + 5 * h, '8d'],
    [729 * d, '729d'],
    [730 * d, '2y'],
    [3 * 365 * d + 45 * d, '3y45d'],
    [8 * 365 * d + 45 * d, '8y'],
    [3_000 * d, '8y'],
  ])('%i ms is %s', (ms, text) => {
    expect(humanDuration(ms)).toBe(text);
  });
});

describe('ageOf', () => {
  it.each([
    ['2026-11-22T03:59:00Z', '60s'],
    ['', '<unknown>'],
    ['yesterday', '<unknown>'],
    ['0001-01-01T00:00:00Z', '<unknown>'],
  ])('%j is %s', (timestamp, age) => {
    expect(ageOf(timestamp, new Date('2026-11-22T04:00:00Z'))).toBe(age);
  });
});

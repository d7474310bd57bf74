import { describe, expect, it } from 'vitest';
import { spanText, stateOf, warningOf, type Lifetime } from '../../../src/commands/credential-facts.ts';

const now = new Date('2026-01-02T03:04:05Z');

function life(begins: string | undefined, ends: string | undefined, renewable = false): Lifetime {
  return {
    what: 'the token',
    begins: begins === undefined ? undefined : new Date(begins),
    ends: ends === undefined ? undefined : new Date(ends),
    renewable,
  };
}

describe('stateOf', () => {
  it.each([
    ['never ends', life(undefined, undefined), 'valid'],
    ['a year, 30 days left', life('2025-02-01T00:00:00Z', '2026-02-01T00:00:00Z'), 'valid'],
    ['a year, 13 days left', life('2025-01-15T00:00:00Z', '2026-01-15T00:00:00Z'), 'ending'],
    ['an hour, half left', life('2026-01-02T02:34:05Z', '2026-01-02T03:34:05Z'), 'valid'],
    ['an hour, five minutes left', life('2026-01-02T02:09:05Z', '2026-01-02T03:09:05Z'), 'ending'],
    ['the same, renewed by itself', life('2026-01-02T02:09:05Z', '2026-01-02T03:09:05Z', true), 'valid'],
    ['of unknown age, half an hour left', life(undefined, '2026-01-02T03:34:05Z'), 'ending'],
    ['of unknown age, two hours left', life(undefined, '2026-01-02T05:04:05Z'), 'valid'],
    ['over this second', life('2025-01-01T00:00:00Z', '2026-01-02T03:04:05Z'), 'over'],
    ['over though it is renewed', life('2025-01-01T00:00:00Z', '2026-01-01T00:00:00Z', true), 'over'],
    ['begins tomorrow', life('2026-01-03T00:00:00Z', '2026-02-01T00:00:00Z'), 'not-yet'],
  ])('%s', (_, lifetime, state) => {
    expect(stateOf(lifetime, now)).toBe(state);
    expect(warningOf(lifetime, now) === undefined).toBe(state === 'valid');
  });
});

describe('spanText', () => {
  it.each([
    ['2026-01-02T05:04:05Z', '2026-01-02T05:04:05Z, in 120m'],
    ['2024-01-02T03:04:05Z', '2024-01-02T03:04:05Z, 2y1d ago'],
    [undefined, 'never'],
  ])('of %s is %s', (time, text) => {
    expect(spanText(time === undefined ? undefined : new Date(time), now)).toBe(text);
  });

  it('does not fail on an invalid date', () => {
    expect(spanText(new Date(Number.NaN), now)).toContain('an unreadable date');
  });
});

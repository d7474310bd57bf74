import { describe, expect, test } from 'vitest';
import { decideRetry, parseRetryAfter, type Outcome, type RetryFacts } from '../../../src/transport/retry.ts';

const now = new Date('2026-11-22T10:00:00Z');
const facts: RetryFacts = {
  method: 'GET',
  retry: undefined,
  repeatable: true,
  attempt: 1,
  waitedMs: 0,
  outcome: { kind: 'status', status: 429, retryAfter: '1' },
  now,
  random: 0,
};
const status = (code: number, retryAfter?: string): Outcome => ({ kind: 'status', status: code, retryAfter });
const broken = (reused = false): Outcome => ({ kind: 'broken', reused });

describe('decideRetry', () => {
  test.each([
    [{}, 1_000],
    [{ random: 1 }, 1_100],
    [{ outcome: status(429) }, 1_000],
    [{ outcome: status(503, '2') }, 2_000],
    [{ outcome: status(429, '0') }, 0],
    [{ outcome: status(429, 'Sun, 22 Nov 2026 10:00:05 GMT') }, 5_000],
    [{ attempt: 10 }, 1_000],
    [{ outcome: status(500, '1') }, 1_000],
    [{ outcome: status(502, '1') }, 1_000],
    [{ outcome: status(504, '3') }, 3_000],
    [{ outcome: status(599, '0') }, 0],
    [{ method: 'POST', retry: true, outcome: status(504, '1') }, 1_000],
    [{ retry: 'not-504' }, 1_000],
    [{ retry: 'not-504', outcome: status(503, '1') }, 1_000],
    [{ method: 'HEAD' }, 1_000],
    [{ method: 'OPTIONS' }, 1_000],
    [{ outcome: status(429, '30') }, 30_000],
    [{ outcome: status(429, '20'), waitedMs: 100_000 }, 20_000],
    [{ method: 'POST', retry: true }, 1_000],
    [{ outcome: broken() }, 100],
    [{ outcome: broken(), attempt: 2 }, 300],
    [{ outcome: broken(), attempt: 2, random: 1 }, 600],
    [{ outcome: broken(true), attempt: 9 }, 0],
  ] as const)('%j waits %d ms', (more, waitMs) => {
    expect(decideRetry({ ...facts, ...more })).toEqual({ kind: 'retry', waitMs });
  });

  test.each([
    [{ outcome: status(200) }, 'final'],
    [{ outcome: status(500) }, 'final'],
    [{ outcome: status(404, '1') }, 'final'],
    [{ method: 'POST', outcome: status(504, '1') }, 'not-idempotent'],
    [{ outcome: status(503) }, 'final'],
    [{ outcome: status(600, '1') }, 'final'],
    [{ method: 'POST' }, 'not-idempotent'],
    [{ method: 'DELETE', outcome: broken(true) }, 'not-idempotent'],
    [{ retry: false }, 'not-idempotent'],
    [{ retry: 'not-504', outcome: status(504, '3') }, 'final'],
    [{ retry: 'not-504', method: 'POST' }, 'not-idempotent'],
    [{ repeatable: false }, 'not-idempotent'],
    [{ attempt: 11 }, 'attempts'],
    [{ outcome: broken(), attempt: 3 }, 'attempts'],
    [{ outcome: status(429, '31') }, 'wait-too-long'],
    [{ outcome: status(429, '20'), waitedMs: 105_000 }, 'wait-too-long'],
  ] as const)('%j gives up: %s', (more, because) => {
    expect(decideRetry({ ...facts, ...more })).toEqual({ kind: 'give-up', because });
  });
});

test.each([
  [undefined, undefined],
  ['5', 5_000],
  [' 5 ', 5_000],
  ['Sun, 22 Nov 2026 10:01:00 GMT', 60_000],
  ['Sunday, 22-Nov-26 10:01:00 GMT', 60_000],
  ['Sun Nov 22 10:01:00 2026 GMT', 60_000],
  ['Sun, 22 Nov 2026 09:00:00 GMT', 0],
  ['-1', undefined],
  ['1.5', undefined],
  ['soon', undefined],
  ['2026', 2_026_000],
  ['9999999999', undefined],
])('parseRetryAfter(%j)', (value, ms) => {
  expect(parseRetryAfter(value, now)).toBe(ms);
});

// The time limits of a request of a watch.
import { expect, test } from 'vitest';
import { Attempt, Idle } from '../../../src/api/watch-attempt.ts';
import { frozenTime, virtualTime } from '../../virtual-time.ts';

function whenAborted(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(signal.reason), { once: true });
  });
}

test.each([
  ['one limit', [30_000], 30_000],
  ['a shorter limit after a longer one', [30_000, 250], 250],
  ['a longer limit after a shorter one', [250, 30_000], 30_000],
  ['ever shorter limits', [30_000, 1_000, 250], 250],
  ['a limit after none', [Infinity, 250], 250],
])('%s: the last one decides when the attempt is idle', async (_, limits, dueMs) => {
  const time = virtualTime();
  const attempt = new Attempt(new AbortController().signal, time);
  const aborted = whenAborted(attempt.signal);
  for (const limit of limits) attempt.expect(limit);
  expect(await aborted).toBeInstanceOf(Idle);
  expect(time.clock()).toBe(dueMs);
});

test('a pause suspends the limit, and the next expect() restarts it', async () => {
  const time = virtualTime();
  const attempt = new Attempt(new AbortController().signal, time);
  const aborted = whenAborted(attempt.signal);
  attempt.expect(1_000);
  attempt.pause();
  await time.sleep(5_500, new AbortController().signal);
  expect(attempt.signal.aborted).toBe(false);
  attempt.expect(250);
  expect(await aborted).toBeInstanceOf(Idle);
  expect(time.clock()).toBe(5_750);
});

test('many expect() with the same limit start one timer', () => {
  const time = frozenTime();
  const attempt = new Attempt(new AbortController().signal, time);
  for (let chunk = 0; chunk < 1_000; chunk++) attempt.expect(1_000);
  attempt.end();
  expect(time.waits).toEqual([1_000]);
});

test('the end and an abort of the caller end the timer', async () => {
  const parent = new AbortController();
  for (const stop of [(attempt: Attempt) => attempt.end(), () => parent.abort(new Error('enough'))]) {
    const time = frozenTime();
    const attempt = new Attempt(parent.signal, time);
    attempt.expect(1_000);
    stop(attempt);
    await new Promise((resolve) => setImmediate(resolve));
    expect(attempt.signal.aborted).toBe(true);
    expect(attempt.signal.reason).not.toBeInstanceOf(Idle);
    expect(time.waits).toHaveLength(1);
  }
});

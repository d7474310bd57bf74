import { describe, expect, test } from 'vitest';
import { openScope } from '../../../src/transport/scope.ts';

const never = (): Error => new Error('not now');

describe('openScope', () => {
  test('ends with the reason of the first parent that aborts', () => {
    const [a, b] = [new AbortController(), new AbortController()];
    const scope = openScope([a.signal, undefined, b.signal], 0, never);
    expect(scope.remainingMs()).toBe(Infinity);
    const reason = new Error('b');
    b.abort(reason);
    a.abort(new Error('a'));
    expect(scope.signal.reason).toBe(reason);
  });

  test('a parent that is aborted already', () => {
    const reason = new Error('early');
    expect(openScope([AbortSignal.abort(reason)], 0, never).signal.reason).toBe(reason);
  });

  test('releases its parents at the end', () => {
    const parent = new AbortController();
    const scope = openScope([parent.signal], 10, never);
    scope.end();
    parent.abort();
    expect(scope.signal.aborted).toBe(false);
  });

  test('the clock ends it, unless stopped', async () => {
    const late = new Error('late');
    const timed = openScope([], 5, () => late);
    const stopped = openScope([], 5, never);
    expect(stopped.remainingMs()).toBeLessThanOrEqual(5);
    stopped.stopClock();
    expect(stopped.remainingMs()).toBe(Infinity);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(timed.signal.reason).toBe(late);
    expect(stopped.signal.aborted).toBe(false);
  });
});

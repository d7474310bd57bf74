import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { StartQueue } from '../../../src/transport/start-queue.ts';

/** A queue whose starts are recorded by number, with the function that ends each of them. */
function record(max: number, tickMs = 50) {
  const started: number[] = [];
  const ends: (() => void)[] = [];
  let added = 0;
  let free = 0;
  const queue = new StartQueue(max, tickMs, () => free > 0);
  return {
    queue,
    started,
    ends,
    add: (count: number): void => {
      for (let index = 0; index < count; index++) {
        const number = added++;
        queue.add((done) => {
          started.push(number);
          ends[number] = done;
          if (free > 0) free -= 1;
        });
      }
    },
    setFree: (count: number): void => {
      free = count;
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('StartQueue', () => {
  test('starts as many as may open a connection, and the next one for each that has one', () => {
    const { add, started, ends } = record(3);
    add(5);
    expect(started).toEqual([0, 1, 2]);
    ends[1]?.();
    expect(started).toEqual([0, 1, 2, 3]);
    ends[1]?.();
    ends[1]?.();
    expect(started).toEqual([0, 1, 2, 3]);
    ends[0]?.();
    expect(started).toEqual([0, 1, 2, 3, 4]);
  });

  test('a connection that becomes free takes the request that waits longest', () => {
    const { add, started, queue, setFree } = record(1);
    add(4);
    expect(started).toEqual([0]);
    setFree(2);
    queue.go();
    expect(started).toEqual([0, 1, 2]);
  });

  test('a request that is slow to get its connection holds up the others for one turn only', () => {
    const { add, started, ends } = record(2, 50);
    add(5);
    vi.advanceTimersByTime(999);
    expect(started).toEqual([0, 1]);
    vi.advanceTimersByTime(1);
    expect(started).toEqual([0, 1, 2, 3]);
    // These two no longer count.
    ends[0]?.();
    ends[1]?.();
    expect(started).toEqual([0, 1, 2, 3]);
    ends[2]?.();
    expect(started).toEqual([0, 1, 2, 3, 4]);
  });

  test('flush starts all of them, once', () => {
    const { add, started, queue, ends } = record(1);
    add(3);
    queue.flush();
    expect(started).toEqual([0, 1, 2]);
    for (const end of ends) end();
    queue.go();
    expect(started).toEqual([0, 1, 2]);
  });

  test('a start that ends at once starts the next', () => {
    const started: number[] = [];
    const queue = new StartQueue(1, 50, () => false);
    for (let index = 0; index < 1_000; index++) {
      queue.add((done) => {
        started.push(index);
        done();
      });
    }
    expect(started).toHaveLength(1_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

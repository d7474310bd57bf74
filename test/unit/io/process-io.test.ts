// The sinks of the process: they wait for slow readers, and let the event loop turn between writes.
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { StreamSink } from '../../../src/io/process-io.ts';

afterEach(() => vi.restoreAllMocks());

/** A stream that takes everything at once. */
function fastStream(): PassThrough {
  return new PassThrough().resume();
}

describe('a sink whose reader takes everything', () => {
  it('lets the loop turn after 30 ms of writes, so that a signal is heard', async () => {
    let now = 1_000;
    vi.spyOn(Date, 'now').mockImplementation(() => now);
    const sink = new StreamSink(fastStream(), 0);
    expect(sink.write('a')).toBeUndefined();
    now += 30;
    expect(sink.write('b')).toBeUndefined();
    now += 1;
    let hasTurned = false;
    setImmediate(() => (hasTurned = true));
    const turn = sink.write('c');
    expect(turn).toBeInstanceOf(Promise);
    await turn;
    expect(hasTurned).toBe(true);
    // The count begins again.
    expect(sink.write('d')).toBeUndefined();
  });

  it('ends the writes when the command was interrupted', async () => {
    let now = 1_000;
    vi.spyOn(Date, 'now').mockImplementation(() => now);
    const interrupt = new AbortController();
    const sink = new StreamSink(fastStream(), 0, interrupt.signal);
    expect(sink.write('a')).toBeUndefined();
    interrupt.abort(new Error('interrupted'));
    now += 31;
    await expect(sink.write('b')).rejects.toThrow('interrupted');
  });
});

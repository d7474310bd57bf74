// Splits the bytes of a stream into lines, however the network cut them.
import { describe, expect, it } from 'vitest';
import { EndlessLine, EventLines } from '../../../src/api/event-lines.ts';

function linesOf(chunks: readonly (string | Uint8Array)[], lines = new EventLines()): string[] {
  return chunks.flatMap((chunk) => lines.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk));
}

describe('EventLines', () => {
  it('returns whole lines, several from one piece', () => {
    expect(linesOf(['{"a":1}\n{"b":2}\n{"c"', ':3}\n'])).toEqual(['{"a":1}', '{"b":2}', '{"c":3}']);
  });

  it('returns the same lines at whatever byte the stream is cut', () => {
    const text = '{"name":"grüße-世界-🎉"}\n{"b":"é"}\n';
    const bytes = Buffer.from(text);
    for (let at = 1; at < bytes.length; at++) {
      expect(linesOf([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(text.split('\n').slice(0, 2));
    }
    expect(linesOf([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(text.split('\n').slice(0, 2));
  });

  it('joins a line of 10 MB from a thousand pieces', () => {
    const piece = 'x'.repeat(10_000);
    const pieces = Array.from({ length: 1_000 }, () => piece);
    const [line, ...more] = linesOf([...pieces, '\n{}\n']);
    expect(line?.length).toBe(10_000_000);
    expect(more).toEqual(['{}']);
  });

  it('leaves out blank lines, which some proxies send to keep a connection', () => {
    expect(linesOf(['\n\r\n{"a":1}\r\n \n', '\n'])).toEqual(['{"a":1}\r']);
  });

  it('knows the length of an unfinished line', () => {
    const lines = new EventLines();
    lines.push(Buffer.from('{}\n{"a'));
    expect(lines.rest).toBe(3);
    lines.push(Buffer.from('":1}\n'));
    expect(lines.rest).toBe(0);
  });

  it('gives up on an endless line', () => {
    const lines = new EventLines(undefined, 100);
    expect(lines.push(Buffer.alloc(100, 'a'))).toEqual([]);
    expect(() => lines.push(Buffer.from('a'))).toThrow(EndlessLine);
  });
});

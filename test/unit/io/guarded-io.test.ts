// Output to the terminal: errors by stream, escaped text, unchanged bytes.
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { guardIo } from '../../../src/io/guarded-io.ts';
import type { Io, RawSink } from '../../../src/io/io.ts';
import { openPalette, withColours } from '../../../src/output/colour.ts';
import { escapeForTerminal } from '../../../src/output/escape.ts';

function sink(isTTY: boolean, color: 0 | 1, write: RawSink['write']): RawSink {
  return { isTTY, color, columns: undefined, write };
}

function io(isTTY: boolean, color: 0 | 1): { io: Io; written: (string | Uint8Array)[] } {
  const written: (string | Uint8Array)[] = [];
  const collect = sink(isTTY, color, (chunk) => void written.push(chunk));
  const input = Object.assign(Readable.from([]), { isTTY: false });
  return { io: guardIo({ in: input, out: collect, err: collect }, escapeForTerminal), written };
}

const hostile = [
  '\u001b]0;title\u0007',
  '\u001b[2J',
  '\u001b[?1049h',
  '\u009b31m',
  'a\rb',
  '\b\b',
  '\u202e',
  '\u2066',
  '\u200b',
  '\u00ad',
  '\ufeff',
  '\u2028',
  '\u2029',
  '\u2060',
  '\u{e0041}',
  '\u001b[31',
  '\u001b[>1u',
  '\u001bP$q"p\u001b\\',
];

describe('text on a terminal', () => {
  it.each(hostile)('%j is made visible on both streams, with and without colours', (text) => {
    for (const color of [0, 1] as const) {
      const { io: guarded, written } = io(true, color);
      void guarded.out.write(`x${text}y\n`);
      void guarded.err.write(`x${text}y\n`);
      expect(written).toHaveLength(2);
      for (const chunk of written) {
        expect(chunk).not.toContain(text);
        expect(chunk).toMatch(/^x[^\u0000-\u0009\u000b-\u001f\u007f-\u009f]+y\n$/);
      }
    }
  });

  it.each(['\u001b[31m', '\u001b[8m', '\u001b[38;5;1mred\u001b[0m'])(
    "shows colours of a plain string, %j, which are not known to be kapi's own",
    (text) => {
      const { io: guarded, written } = io(true, 1);
      void guarded.out.write(text);
      expect(written).toEqual([text.replaceAll('\u001b', '^[')]);
    },
  );

  it('keeps the colours of painted text if the terminal has colours, and removes them if not', async () => {
    const palette = await openPalette(1);
    const coloured = '\u001b[1m\u001b[38;5;12mbold\u001b[39m\u001b[22m\tand\n';
    for (const [color, expected] of [
      [1, coloured],
      [0, '^[[1m^[[38;5;12mbold^[[39m^[[22m\tand\n'],
    ] as const) {
      const { io: guarded, written } = io(true, color);
      void guarded.out.write(withColours(palette, coloured));
      expect(written).toEqual([expected]);
    }
  });

  it('does not change bytes, nor text in a pipe', () => {
    const bytes = Buffer.from(hostile.join(''));
    const terminal = io(true, 1);
    void terminal.io.out.write(bytes);
    expect(terminal.written).toEqual([bytes]);
    const pipe = io(false, 0);
    void pipe.io.out.write(hostile.join(''));
    expect(pipe.written).toEqual([hostile.join('')]);
  });
});

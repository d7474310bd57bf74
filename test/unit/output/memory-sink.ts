// A sink that records what printers write.

import type { ColorLevel, Sink } from '../../../src/io/io.ts';

export interface MemorySink extends Sink {
  /** Everything written so far. */
  text(): string;
  /** Each write separately. */
  readonly writes: string[];
}

/** @param terminal `pipe`, or a terminal with so many colours */
export function memorySink(terminal: 'pipe' | ColorLevel = 'pipe', columns = 120): MemorySink {
  const writes: string[] = [];
  return {
    writes,
    text: () => writes.join(''),
    write(chunk) {
      if (chunk instanceof Uint8Array) writes.push(new TextDecoder().decode(chunk));
      else writes.push(typeof chunk === 'string' ? chunk : chunk.painted);
    },
    isTTY: terminal !== 'pipe',
    columns: terminal === 'pipe' ? undefined : columns,
    color: terminal === 'pipe' ? 0 : terminal,
  };
}

/** Returns text without terminal colours. */
export function uncoloured(text: string): string {
  return text.replaceAll(/\x1b\[\d+m/g, '');
}

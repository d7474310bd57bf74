// --view: shows a response on the screen of kapi explore. Entry points: openViewer(), collected().

import { UsageError } from '../errors.ts';
import type { Sink } from '../io/io.ts';
import type { Place } from '../tui/place.ts';
import type { Deps } from './deps.ts';

export interface Viewer {
  /**
   * Shows a response until the user quits.
   * @param place what it is the response of
   * @param language `any`: YAML becomes a tree too
   */
  readonly show: (place: Place, text: string, language?: 'json' | 'any') => Promise<void>;
}

/**
 * Opens the terminal, before anything is sent.
 * @param instead command between backticks that prints the same
 * @throws UsageError without a terminal
 */
export async function openViewer(deps: Deps, instead: string): Promise<Viewer> {
  const terminal = await deps.terminal('anywhere');
  if (terminal === undefined) {
    throw new UsageError('--view needs a terminal on standard output, and keys from a terminal', {
      code: 'NoTerminal',
      hint: deps.completeCommands(`${instead} prints the same without one`),
    });
  }
  return {
    async show(place, text, language = 'json') {
      const { readDocument } = await import('./read-document.ts');
      const document = await readDocument(text, language, deps);
      await deps.explore(terminal, { place, document, hasServer: true, allNamespaces: false });
    },
  };
}

/** A sink that keeps what is written to it. */
export function collected(): { readonly sink: Sink; readonly text: () => string } {
  const chunks: Buffer[] = [];
  return {
    sink: {
      isTTY: false,
      columns: undefined,
      color: 0,
      write(chunk) {
        // A chunk of bytes is only valid until the next one.
        const part = typeof chunk === 'object' && 'painted' in chunk ? chunk.painted : chunk;
        chunks.push(typeof part === 'string' ? Buffer.from(part) : Buffer.from(Uint8Array.from(part)));
      },
    },
    text: () => Buffer.concat(chunks).toString('utf8'),
  };
}

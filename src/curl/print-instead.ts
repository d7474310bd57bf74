// A Send that sends nothing: it prints each request as a curl command and gives no answer. Entry point: openPrintingSend().

import { NotSent } from '../errors.ts';
import type { RequestSpec, Send } from '../model/request.ts';
import { curlCommand } from './curl-command.ts';
import type { CurlFacts } from './curl-facts.ts';

export interface PrintingOptions {
  /** Asked once, at the first request. */
  readonly facts: () => Promise<CurlFacts>;
  /** Takes one command with its line end. */
  readonly print: (text: string) => Promise<void> | void;
  /** Takes what a command cannot say; each sentence once. */
  readonly warn: (text: string) => void;
  /** Width of the terminal that a command is broken to; undefined: one line each, for scripts. */
  readonly columns: number | undefined;
}

/**
 * Every call rejects with {@link NotSent} after its command has been printed, in the order of the calls. Commands that
 * collect the refusals of several targets collect it, too, so that all their requests are printed.
 */
export function openPrintingSend({ facts, print, warn, columns }: PrintingOptions): Send {
  let known: Promise<CurlFacts> | undefined;
  let before: Promise<void> = Promise.resolve();
  const warned = new Set<string>();

  async function printOne(request: RequestSpec): Promise<void> {
    const { lines, warnings } = curlCommand(request, await (known ??= facts()));
    await print(`${layOut(lines, columns)}\n`);
    for (const text of warnings) {
      if (!warned.has(text)) warn(text);
      warned.add(text);
    }
  }

  return async (request) => {
    const printed = before.then(() => printOne(request));
    // Whether one could be printed is no matter of the next.
    before = printed.catch(() => undefined);
    await printed;
    throw new NotSent(request);
  };
}

/** One line, or one for each group where the terminal is too narrow for that. */
export function layOut(lines: readonly string[], columns: number | undefined): string {
  const single = lines.join(' ');
  return columns === undefined || single.length <= columns ? single : lines.join(' \\\n  ');
}

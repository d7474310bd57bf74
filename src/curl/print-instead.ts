// Makes a Send that sends nothing: it prints each request as a curl command and returns no
// response. Entry point: openPrintingSend().

import { NotSent } from '../errors.ts';
import type { RequestSpec, Send } from '../model/request.ts';
import { curlCommand } from './curl-command.ts';
import type { CurlFacts } from './curl-facts.ts';

export interface PrintingOptions {
  /** Called once, at the first request. */
  readonly facts: () => Promise<CurlFacts>;
  /** Prints one command with its line end. */
  readonly print: (text: string) => Promise<void> | void;
  /** Prints what a command cannot express, each sentence once. */
  readonly warn: (text: string) => void;
  /** Width of the terminal, to wrap a command. Undefined: one line each, for scripts. */
  readonly columns: number | undefined;
}

/**
 * Makes the Send. Every call prints its command, in the order of the calls, and rejects with {@link
 * NotSent}. Commands that collect the errors of several targets collect NotSent too, so that all
 * their requests are printed.
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
    // A failure to print one command does not affect the next.
    before = printed.catch(() => undefined);
    await printed;
    throw new NotSent(request);
  };
}

/** Returns one line, or one line for each group if the terminal is too narrow. */
export function layOut(lines: readonly string[], columns: number | undefined): string {
  const single = lines.join(' ');
  return columns === undefined || single.length <= columns ? single : lines.join(' \\\n  ');
}

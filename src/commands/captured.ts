// A command's output as text, for a screen that shows what another command prints. Entry point:
// capture().

import type { Sink } from '../io/io.ts';
import type { Deps } from './deps.ts';
import type { RawFlags } from './raw-flags.ts';

/** What differs from the run itself. */
export interface CaptureOptions {
  /** Undefined: the namespace of the configuration. */
  readonly namespace: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Runs a command and returns what it prints, followed by its notices.
 * @throws what the command throws
 */
export async function capture(
  command: string,
  words: readonly string[],
  flags: RawFlags,
  deps: Deps,
  { namespace, signal }: CaptureOptions,
): Promise<string> {
  const printed: string[] = [];
  const said: string[] = [];
  const sink = (lines: string[]): Sink => ({
    isTTY: false,
    columns: undefined,
    color: 0,
    write(chunk) {
      if (typeof chunk === 'string') lines.push(chunk);
      else lines.push('painted' in chunk ? chunk.painted : Buffer.from(chunk).toString());
    },
  });
  await deps.runCommand(command, words, flags, {
    signal,
    globals: deps.globals,
    io: { ...deps.io, out: sink(printed), err: sink(said) },
    warn: (text) => said.push(`${deps.completeCommands(text)}\n`),
    config: async () => {
      const config = await deps.config();
      return namespace === undefined
        ? config
        : { ...config, namespace: { ...config.namespace, value: namespace } };
    },
  });
  return [printed.join(''), said.join('')].filter((text) => text !== '').join('\n');
}

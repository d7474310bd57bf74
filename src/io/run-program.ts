// Runs another program on the terminal of kapi, as a shell does. Entry point: runProgram.

import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { ConfigError, fileProblemOf, Interrupted, systemCodeOf, type EndingSignal } from '../errors.ts';

export interface RunProgramOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Its abort is passed on to the program as the signal that caused it. */
  readonly signal: AbortSignal;
  /** True if standard input is a terminal, which sends SIGINT to all its programs itself. */
  readonly stdinIsTTY: boolean;
}

/**
 * Runs a program. Resolves to its exit code, or 128 + N if signal N ended it.
 * @throws ConfigError if it cannot be started
 */
export function runProgram(
  program: string,
  args: readonly string[],
  { env, signal, stdinIsTTY }: RunProgramOptions,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...env }, stdio: 'inherit' });
    const passOn = (): void => {
      const name = signalOf(signal.reason);
      if (name !== 'SIGINT' || !stdinIsTTY) child.kill(name);
    };
    child.once('error', (error) => {
      signal.removeEventListener('abort', passOn);
      const why = systemCodeOf(error) === 'ENOENT' ? 'there is no such program' : fileProblemOf(error);
      reject(
        new ConfigError(`cannot run ${JSON.stringify(program)}: ${why}`, {
          code: 'ProgramNotStarted',
          cause: error,
        }),
      );
    });
    child.once('exit', (code, name) => {
      signal.removeEventListener('abort', passOn);
      resolve(code ?? 128 + (name === null ? 0 : constants.signals[name]));
    });
    signal.addEventListener('abort', passOn, { once: true });
    if (signal.aborted) passOn();
  });
}

function signalOf(reason: unknown): EndingSignal {
  return reason instanceof Interrupted ? reason.signal : 'SIGTERM';
}

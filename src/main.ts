// The composition root: the real terminal, clock and environment, one command, one exit code.

import { setMaxListeners } from 'node:events';
import { version } from '../package.json';
import { commands } from './cli/command-list.ts';
import { describeFailure } from './cli/fail.ts';
import { parseCommandLine, type Invocation } from './cli/program.ts';
import type { Deps } from './commands/deps.ts';
import type { GlobalOptions } from './commands/global-options.ts';
import { ExitCode, Interrupted, KapiError, PartialFailure, RefusedError } from './errors.ts';
import { ClosedPipe } from './io/closed-pipe.ts';
import type { Io } from './io/io.ts';
import { processIo } from './io/process-io.ts';
import { makeDeps } from './make-deps.ts';
import type { World } from './world.ts';

const defaultColumns = 80;

/**
 * Runs one command line.
 * @param argv without interpreter and program name
 * @returns the exit code of the table in errors.ts; everything that went wrong has been written to stderr
 */
export async function main(argv: readonly string[], world: World): Promise<number> {
  let io = world.io('auto');
  let globals: GlobalOptions | undefined;
  try {
    const invocation = parseCommandLine(argv, commands);
    globals = invocation.globals;
    if (globals.color !== 'auto') io = world.io(globals.color);
    return await run(invocation, io, world);
  } catch (thrown) {
    if (thrown instanceof ClosedPipe) return ExitCode.ok;
    const failure = describeFailure(
      thrown,
      globals?.errorFormat ?? errorFormatIn(argv),
      globals?.verbose ?? 0,
    );
    try {
      await io.err.write(failure.text);
    } catch (unwritable) {
      // stderr is closed as well: the exit code is all that can still be said.
      if (!(unwritable instanceof ClosedPipe)) throw unwritable;
    }
    return failure.exitCode;
  }
}

async function run(invocation: Invocation, io: Io, world: World): Promise<number> {
  if (invocation.kind === 'client-version') {
    await io.out.write(`kapi ${version}\n`);
    return ExitCode.ok;
  }
  if (invocation.kind === 'help') {
    const { helpText } = await import('./cli/help.ts');
    await io.out.write(helpText(invocation.topic, commands, io.out.columns ?? defaultColumns));
    return ExitCode.ok;
  }
  // What a command leaves behind unread (a page asked for ahead, a body nobody wants) must not hold the process.
  const over = new AbortController();
  const signal = AbortSignal.any([world.signal, over.signal]);
  // Every request under way listens: many of them are no leak.
  setMaxListeners(0, signal);
  const deps = makeDeps(invocation.globals, io, { ...world, signal });
  try {
    return (await invocation.prepared.run(deps)) ?? ExitCode.ok;
  } catch (thrown) {
    throw await afterRefusal(thrown, invocation.spec.name, deps);
  } finally {
    over.abort();
  }
}

/** What is said and done besides where the server refused. @returns what to throw */
async function afterRefusal(thrown: unknown, command: string, deps: Deps): Promise<unknown> {
  if (!(thrown instanceof RefusedError || thrown instanceof PartialFailure)) return thrown;
  const { isRefusedWith, suggestForRefusal, withLocalFacts } = await import('./commands/refused.ts');
  if (deps.globals.suggestRbac && isRefusedWith(thrown, 403)) {
    try {
      await suggestForRefusal(thrown, command, deps);
    } catch (failure) {
      // The refusal is what the command ends with, whatever came of the suggestion.
      if (!(failure instanceof KapiError)) throw failure;
      deps.warn(`no role can be suggested: ${failure.message}`);
    }
  }
  return isRefusedWith(thrown, 401) ? withLocalFacts(thrown, deps) : thrown;
}

/** The error format of a command line that could not be parsed. */
function errorFormatIn(argv: readonly string[]): 'text' | 'json' {
  const at = argv.findIndex((word) => word === '--error-format' || word === '--error-format=json');
  return at >= 0 && (argv[at]?.endsWith('=json') === true || argv[at + 1] === 'json') ? 'json' : 'text';
}

/** Runs the process's own command line and sets its exit code; the event loop then ends by itself. */
export function start(process: NodeJS.Process): void {
  const interrupt = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    // Once: a second signal ends the process at once, should something not heed the first.
    process.once(name, () => {
      interrupt.abort(new Interrupted(name));
    });
  }
  const world: World = {
    io: (color) => processIo(process, process.env, color),
    env: process.env,
    home: process.env['HOME'],
    cwd: process.cwd(),
    platform: process.platform,
    nodeVersion: process.versions.node,
    now: () => new Date(),
    // Not performance.now(): before Node 22 `performance` loads a module of its own when it is first touched.
    clock: () => {
      const [seconds, nanoseconds] = process.hrtime();
      return seconds * 1e3 + nanoseconds / 1e6;
    },
    random: Math.random,
    signal: interrupt.signal,
    terminal: () =>
      process.stdout.isTTY && process.stdin.isTTY
        ? { stdin: process.stdin, stdout: process.stdout }
        : undefined,
  };
  void main(process.argv.slice(2), world).then((code) => {
    process.exitCode = code;
  });
}

// The composition root: runs one command with the real terminal, clock and environment, and returns
// its exit code.

import { setMaxListeners } from 'node:events';
import { version } from '../package.json';
import { describeFailure } from './cli/fail.ts';
import { completeCommands, readOwnLine } from './cli/own-line.ts';
import { parseCommandLine, type CommandInvocation, type Invocation } from './cli/program.ts';
import type { Deps } from './commands/deps.ts';
import { describeCommand } from './commands/describe/index.ts';
import { listCommand } from './commands/list/index.ts';
import { resourcesCommand } from './commands/resources/index.ts';
import type { GlobalOptions } from './commands/global-options.ts';
import type { AnyCommand, FlagSpec } from './commands/spec.ts';
import {
  ExitCode,
  Interrupted,
  KapiError,
  NegativeAnswer,
  PartialFailure,
  RefusedError,
  UsageError,
  type EndingSignal,
} from './errors.ts';
import { ClosedPipe } from './io/closed-pipe.ts';
import { guardIo } from './io/guarded-io.ts';
import type { Io } from './io/io.ts';
import { processIo } from './io/process-io.ts';
import { userHome } from './io/user-home.ts';
import { makeDeps } from './make-deps.ts';
import { forwardAbort, unlessAborted } from './model/abort.ts';
import { escapeForTerminal, escapeMessage } from './output/escape.ts';
import { wrapMessage } from './output/wrap.ts';
import type { World } from './world.ts';

/**
 * Runs one command line.
 * @param typed without interpreter and program name
 * @returns an exit code of the table in errors.ts; the errors have been written to stderr
 */
export async function main(typed: readonly string[], world: World): Promise<number> {
  if (typed[0] === completionWord) return completeQuietly(typed.slice(1), world);
  let argv = typed;
  let io = guardIo(world.io('auto'), escapeForTerminal);
  let globals: GlobalOptions | undefined;
  let flags: readonly FlagSpec[] = [];
  try {
    if (world.isKubectlPlugin === true) argv = await preferredLine(typed, world, io);
    const invocation = await readLine(argv, io);
    globals = invocation.globals;
    if (invocation.kind === 'command') flags = invocation.spec.flags;
    if (globals.color !== 'auto') io = guardIo(world.io(globals.color), escapeForTerminal);
    const running = run(invocation, argv, io, world);
    const endsItself = invocation.kind === 'command' && invocation.spec.handlesShutdown === true;
    return await (endsItself ? running : unlessAborted(running, world.signal, gracePeriodMs));
  } catch (thrown) {
    if (thrown instanceof ClosedPipe) return ExitCode.ok;
    const format = globals?.errorFormat ?? errorFormatIn(argv);
    const failure = describeFailure(thrown, format, globals?.verbose ?? 0, (hint) =>
      completeCommands(hint, readOwnLine(argv, flags)),
    );
    const text = format === 'json' ? failure.text : wrapMessage(failure.text, io.err.columns);
    if (text !== '') await writeErrorText(text, io, world.signal);
    return failure.exitCode;
  }
}

/**
 * Returns the command line with the aliases and defaults of the kuberc file.
 * @throws ConfigError
 */
async function preferredLine(typed: readonly string[], world: World, io: Io): Promise<readonly string[]> {
  const [{ readPreferences }, { applyPreferences, kubercIn }, commands] = await Promise.all([
    import('./config/preferences.ts'),
    import('./cli/preferences-line.ts'),
    allCommands(),
  ]);
  const warnings: string[] = [];
  const { env, home, cwd } = world;
  const input = { overrides: { kuberc: kubercIn(typed) }, env, home, cwd };
  const preferences = await readPreferences(input, (text) => warnings.push(text));
  const line =
    preferences === undefined
      ? { argv: typed, warnings: [] }
      : applyPreferences(typed, preferences, commands);
  for (const warning of [...warnings, ...line.warnings]) await io.err.write(`${escapeMessage(warning)}\n`);
  return line.argv;
}

/** Writes to stderr, and waits for a slow reader until a signal arrives. */
async function writeErrorText(text: string, io: Io, signal: AbortSignal): Promise<void> {
  try {
    await unlessAborted(Promise.resolve(io.err.write(text)), signal, gracePeriodMs);
  } catch {
    // The exit code of the failure counts, not that of the signal that ended the wait.
  }
}

/** Name that completion scripts call instead of a command. Not in the help. */
const completionWord = '__complete';

/**
 * Completes a line. Prints only the answer: errors on the way to a server are not shown at a TAB.
 */
async function completeQuietly(argv: readonly string[], world: World): Promise<number> {
  const io = guardIo(world.io('never'), escapeForTerminal);
  const silent = { isTTY: false, columns: undefined, color: 0, write: () => undefined } as const;
  const nobody: Io = { in: Object.assign(noInput(), { isTTY: false }), out: silent, err: silent };
  const over = new AbortController();
  const { complete } = await import('./completion/complete.ts');
  try {
    await complete(argv, {
      commands: await allCommands(),
      env: world.env,
      clock: world.clock,
      sleep: world.sleep ?? (await import('./transport/sleep.ts')).sleep,
      write: (text) => io.out.write(text),
      open: (globals, until) => {
        const signal = AbortSignal.any([world.signal, until, over.signal]);
        setMaxListeners(0, signal);
        return makeDeps(globals, nobody, { ...world, signal, unattended: true });
      },
    });
    return ExitCode.ok;
  } catch (thrown) {
    if (thrown instanceof ClosedPipe) return ExitCode.ok;
    const failure = describeFailure(thrown, 'text', 0);
    await io.err.write(failure.text);
    return failure.exitCode;
  } finally {
    over.abort();
  }
}

async function* noInput(): AsyncGenerator<Uint8Array> {
  // An empty answer.
}

/**
 * Commands that every run knows. The specs of the others are large, and loaded only for lines that
 * are not about these.
 */
const preloadedCommands = [listCommand, resourcesCommand, describeCommand];

async function allCommands(): Promise<readonly AnyCommand[]> {
  return (await import('./cli/command-list.ts')).commands;
}

function mentionsPreloadedCommand(argv: readonly string[]): boolean {
  const names = preloadedCommands.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  return argv.some((word) => word === '--version' || names.includes(word));
}

/** Parses the line. If kapi does not accept it, tries to read it as a line of kubectl or curl. */
async function readLine(argv: readonly string[], io: Io): Promise<Invocation> {
  if (mentionsPreloadedCommand(argv)) {
    try {
      return parseCommandLine(argv, preloadedCommands);
    } catch (thrown) {
      // Once all commands are known, the line can be valid, or have a more specific error.
      if (!(thrown instanceof UsageError)) throw thrown;
    }
  }
  const commands = await allCommands();
  try {
    return parseCommandLine(argv, commands);
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    const { reinterpret } = await import('./cli/second-reading.ts');
    const { invocation, note } = reinterpret(argv, thrown, commands);
    if (note !== undefined && io.err.isTTY) await io.err.write(`${note}\n`);
    return invocation;
  }
}

/** Runs a command once. @returns its exit code */
async function runCommand({ spec, prepared, globals }: CommandInvocation, deps: Deps): Promise<number> {
  try {
    const code = (await prepared.run(deps)) ?? ExitCode.ok;
    if (code === ExitCode.ok && globals.warningsAsErrors) refuseWarnings(deps.countServerWarnings());
    return code;
  } catch (thrown) {
    throw await afterRefusal(thrown, spec.name, deps);
  }
}

async function run(invocation: Invocation, argv: readonly string[], io: Io, world: World): Promise<number> {
  if (invocation.kind === 'client-version') {
    await io.out.write(`kapi ${version}\n`);
    return ExitCode.ok;
  }
  if (invocation.kind === 'help') {
    const [{ helpText }, commands] = await Promise.all([import('./cli/help.ts'), allCommands()]);
    await io.out.write(await helpText(invocation, commands, io.out));
    return ExitCode.ok;
  }
  if (invocation.contextsFlags !== undefined) {
    const { runInContexts } = await import('./run-in-contexts.ts');
    return runInContexts({ invocation, argv, io, world, runCommand });
  }
  // A response that a command leaves unread (a page fetched ahead, an unused body) must not keep
  // the process alive.
  const over = new AbortController();
  const { signal } = over;
  // AbortSignal.any loads more code, which a short run does not need.
  const release = forwardAbort(world.signal, over);
  // Every pending request listens, so many listeners are not a leak.
  setMaxListeners(0, signal);
  const { flags, comparesContexts } = invocation.spec;
  const own: World =
    comparesContexts === true
      ? { ...world, signal, shared: (await import('./shared-by-contexts.ts')).shareBetweenContexts() }
      : { ...world, signal };
  const deps = makeDeps(invocation.globals, io, own, (hint) =>
    hint.includes('`kapi ') ? completeCommands(hint, readOwnLine(argv, flags)) : hint,
  );
  try {
    return await runCommand(invocation, deps);
  } finally {
    release();
    // In the next turn of the loop: a process that has written everything exits before that,
    // without closing connections.
    setImmediate(() => {
      over.abort('the command is over');
    });
  }
}

/**
 * Fails a successful run of `--warnings-as-errors`, as kubectl does.
 * @throws NegativeAnswer if there is a warning
 */
function refuseWarnings(count: number): void {
  if (count === 0) return;
  throw new NegativeAnswer(`${count} warning${count === 1 ? '' : 's'} received`, {
    code: 'WarningsReceived',
    hint: 'the output is complete; --warnings-as-errors makes each warning of the server a failure',
  });
}

/**
 * Milliseconds that a command has after a signal to end by itself. Most commands need none of it.
 * After that the signal ends blocked work: a read of a file that never ends, or a write that no
 * reader takes.
 */
const gracePeriodMs = 40;

/**
 * Adds hints and suggestions to a refusal of the server.
 * @returns the error to throw
 */
async function afterRefusal(thrown: unknown, command: string, deps: Deps): Promise<unknown> {
  if (!(thrown instanceof RefusedError || thrown instanceof PartialFailure)) return thrown;
  const { isRefusedWith, suggestForRefusal, withLocalFacts } = await import('./commands/refused.ts');
  if (deps.globals.suggestRbac && isRefusedWith(thrown, 403)) {
    try {
      await suggestForRefusal(thrown, command, deps);
    } catch (failure) {
      // The command ends with the refusal, whatever the result of the suggestion is.
      if (!(failure instanceof KapiError)) throw failure;
      deps.warn(`no role can be suggested: ${failure.message}`);
    }
  }
  // Programs that read errors as JSON read no hints.
  if (isRefusedWith(thrown, 404) && deps.globals.errorFormat === 'text') {
    const { withNearNames } = await import('./commands/absent-name.ts');
    return withNearNames(thrown, deps);
  }
  return isRefusedWith(thrown, 401) ? withLocalFacts(thrown, deps) : thrown;
}

/** The error format of a command line that could not be parsed. */
function errorFormatIn(argv: readonly string[]): 'text' | 'json' {
  const at = argv.findIndex((word) => word === '--error-format' || word === '--error-format=json');
  return at >= 0 && (argv[at]?.endsWith('=json') === true || argv[at + 1] === 'json') ? 'json' : 'text';
}

/**
 * Ends the process if a blocked thread keeps it alive. A pending DNS lookup or an open() of a FIFO
 * blocks a libuv thread that cannot be cancelled. All output has been written.
 */
function exitIfBlocked(process: NodeJS.Process, by: RegExp): void {
  if (process.getActiveResourcesInfo().some((name) => by.test(name))) process.kill(process.pid, 'SIGKILL');
}

/** Functions that bin/kapi.js provides. */
export interface Launcher {
  /** Loads the live table, an ES module next to the program. */
  readonly liveTable: World['liveTable'];
  /**
   * Writes the code cache now, because V8 compiles different code once its flags change. Absent if
   * there is no cache.
   */
  readonly keepCode?: () => void;
  /** True if kubectl runs the program as its plugin. */
  readonly isKubectlPlugin?: boolean;
}

/**
 * Runs the command line of the process and sets its exit code. The event loop then ends by itself.
 * @returns true if the process can exit before that, once everything has been written
 */
export function start(
  process: NodeJS.Process,
  { liveTable, keepCode, isKubectlPlugin = false }: Launcher,
): Promise<boolean> {
  const interrupt = new AbortController();
  for (const name of endingSignals) {
    process.on(name, () => {
      interrupt.abort(new Interrupted(name));
      // Runs after the other listeners of this signal (Ink has one). A second signal then has its
      // default action, which ends even a process that is too busy to listen.
      process.nextTick(() => {
        for (const each of endingSignals) process.removeAllListeners(each);
      });
    });
  }
  // An uncaught error ends the command like a signal, so that it cleans up and reports the error.
  // Node would print a stack trace and exit with 1, which means "no".
  let isOver = false;
  process.on('uncaughtException', (thrown) => {
    interrupt.abort(thrown);
    if (isOver) process.exitCode = ExitCode.bug;
  });
  process.once('exit', () => {
    leaveLostTerminal(process, interrupt.signal.reason);
  });
  const world: World = {
    io: (color) => processIo(process, process.env, color, interrupt.signal),
    env: process.env,
    isKubectlPlugin,
    home: userHome(process),
    get cwd() {
      return workingDirectory(process);
    },
    umask: (mask) => process.umask(mask),
    surviveHangup: async () => {
      const { isatty } = await import('node:tty');
      if ([0, 1, 2].some((stream) => isatty(stream))) return;
      process.removeAllListeners('SIGHUP');
      process.on('SIGHUP', () => undefined);
    },
    uid: process.geteuid?.(),
    platform: process.platform,
    nodeVersion: process.versions.node,
    now: () => new Date(),
    // Not performance.now(): `performance` loads modules at its first use.
    clock: () => process.uptime() * 1e3,
    random: Math.random,
    signal: interrupt.signal,
    runsLong: async () => {
      const { keepYoungGenerationSmall } = await import('./io/young-generation.ts');
      keepCode?.();
      keepYoungGenerationSmall(process.versions.node);
    },
    liveTable,
    terminal: async (keys) => {
      if (!process.stdout.isTTY || (keys !== 'anywhere' && !process.stdin.isTTY)) return undefined;
      const { canDraw, openKeys, openTerminal } = await import('./io/terminal.ts');
      if (!canDraw(process.env)) return undefined;
      const stdin = process.stdin.isTTY ? process.stdin : openKeys();
      return stdin === undefined ? undefined : openTerminal(process, stdin);
    },
  };
  const argv = process.argv.slice(2);
  return main(argv, world).then((code) => {
    isOver = true;
    process.exitCode = code;
    if (argv[0] === completionWord) {
      setTimeout(() => exitIfBlocked(process, /^GetAddrInfoReq/), 25).unref();
      // Most file reads end within that time.
      setTimeout(() => exitIfBlocked(process, /^FSReq/), 250).unref();
    }
    const reason: unknown = interrupt.signal.reason;
    if (reason instanceof Interrupted) leave(process, reason.signal);
    return argv[0] !== completionWord && !(reason instanceof Interrupted);
  });
}

/** The signals that end a command with cleanup: Ctrl-C, kill, a closed terminal, Ctrl-\\. */
const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const satisfies readonly EndingSignal[];

/**
 * Returns the working directory. If it was deleted, returns a path that contains nothing: absolute
 * paths still work.
 */
function workingDirectory(process: NodeJS.Process): string {
  try {
    return process.cwd();
  } catch {
    return '/proc/self/cwd';
  }
}

/**
 * Ends the process by SIGHUP if its terminal has closed. Node restores the modes of its terminals
 * last, and aborts with a core file if that fails.
 */
function leaveLostTerminal(process: NodeJS.Process, reason: unknown): void {
  const isHungUp = reason instanceof Interrupted && reason.signal === 'SIGHUP';
  if (!isHungUp && !(process.stdout.isTTY && !process.getBuiltinModule('node:tty').isatty(1))) return;
  process.removeAllListeners('SIGHUP');
  process.kill(process.pid, 'SIGHUP');
}

/** Milliseconds that the event loop has after a signal to end. */
const loopDrainMs = 20;

/**
 * Ends the process after a signal. A pending DNS lookup, a blocked open() and unwritten bytes keep
 * the event loop alive, and the first two block even process.exit(): kapi sends itself the signal.
 * A shell sees the same exit code.
 */
function leave(process: NodeJS.Process, name: EndingSignal): void {
  process.stdin.destroy();
  setTimeout(() => {
    process.removeAllListeners(name);
    process.kill(process.pid, name);
  }, loopDrainMs).unref();
}

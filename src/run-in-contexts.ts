// --contexts: runs a command once for each context in parallel, each run with its own Deps, and
// merges their output. Entry point: runInContexts(). output/merged-output.ts merges what they
// print; commands do not know about it.

import { setMaxListeners } from 'node:events';
import { describeFailure } from './cli/fail.ts';
import { completeCommands, readOwnLine, type OwnLine } from './cli/own-line.ts';
import type { CommandInvocation } from './cli/program.ts';
import { checkContextsFlags, chooseContexts, type ContextsChoice } from './commands/choose-contexts.ts';
import { shareLiveTable } from './commands/contexts/shared-live-table.ts';
import type { Deps } from './commands/deps.ts';
import { checkCount } from './commands/expect-count.ts';
import { ExitCode, Interrupted, KapiError, messageOf, NegativeAnswer, UsageError } from './errors.ts';
import { ClosedPipe } from './io/closed-pipe.ts';
import type { Io, Sink } from './io/io.ts';
import { makeDeps } from './make-deps.ts';
import { forwardAbort } from './model/abort.ts';
import { once } from './model/once.ts';
import { withoutLogins } from './model/secret.ts';
import { lineWord } from './model/suggestion.ts';
import { escapeLine } from './output/escape.ts';
import { MergedOutput } from './output/merged-output.ts';
import { sleep } from './transport/sleep.ts';
import { shareBetweenContexts } from './shared-by-contexts.ts';
import type { World } from './world.ts';

export interface ContextsRun {
  readonly invocation: CommandInvocation;
  readonly argv: readonly string[];
  readonly io: Io;
  readonly world: World;
  /** Runs the command once. @returns its exit code. @throws the error to report */
  readonly runCommand: (invocation: CommandInvocation, deps: Deps) => Promise<number>;
}

/** The end of the run for one context. */
interface Outcome {
  readonly exitCode: number;
}

/**
 * Milliseconds that errors in the command line wait for those of other contexts: an error that all
 * of them have is printed once.
 */
const usageHoldMs = 500;

/**
 * Runs the command for every context of `--contexts`.
 * @returns the exit code: of the first context, in their order, that failed; else 1 if one of them
 *   has a negative answer
 * @throws UsageError for flags that exclude each other; ConfigError if a glob matches no context
 * @throws ClosedPipe, Interrupted, LocalError if the output fails, and a failure that all contexts
 *   have in common
 */
export async function runInContexts(run: ContextsRun): Promise<number> {
  const { invocation, io, world } = run;
  const { globals, contextsFlags = {} } = invocation;
  const choice = checkContextsFlags(contextsFlags, globals);
  const stop = new AbortController();
  // All requests of all contexts listen, so many listeners are not a leak.
  setMaxListeners(0, stop.signal);
  const release = forwardAbort(world.signal, stop);
  let holdOutput: (done: Promise<unknown>) => void = () => undefined;
  const shared = shareBetweenContexts((done) => {
    holdOutput(done);
  });
  const runsLong = once(async () => world.runsLong?.());
  const inWorld: World = { ...world, signal: stop.signal, shared, runsLong };
  try {
    const all = await makeDeps(globals, io, inWorld).contexts();
    const names = chooseContexts(
      choice.patterns,
      all.map(({ name }) => name),
    );
    return await runSideBySide(names, choice, { ...run, world: inWorld }, stop, (merged) => {
      holdOutput = (done) => {
        merged.holdWhile(done);
      };
    });
  } finally {
    release();
    stop.abort(new Error('the command is over'));
  }
}

async function runSideBySide(
  names: readonly string[],
  choice: ContextsChoice,
  run: ContextsRun,
  stop: AbortController,
  isOpen: (merged: MergedOutput) => void,
): Promise<number> {
  const { io, invocation, world } = run;
  const { globals } = invocation;
  const live = shareLiveTable(
    world.liveTable,
    () => world.now().getTime(),
    () => {
      stop.abort(hasQuit);
    },
  );
  const warn = (text: string): void => {
    live.say(() => void io.err.write(`${text}\n`), text);
  };
  const merged = new MergedOutput(
    {
      contexts: names,
      isUnordered: choice.isUnordered,
      isQuiet: choice.isQuiet,
      text:
        globals.curl || globals.suggestRbac
          ? 'headings'
          : /^(name|jsonpath)/.test(choice.output ?? '')
            ? 'tabs'
            : 'columns',
      clock: world.clock,
      sleep: (ms) => (world.sleep ?? sleep)(ms, stop.signal),
      warn,
    },
    io.out,
  );
  isOpen(merged);
  const input = sharedInput(io.in);
  const line = readOwnLine(run.argv, invocation.spec.flags);
  const reports = new Reports(names, run, (write, text) => {
    live.say(write, text);
  });
  merged.onFirst(() => {
    reports.flush();
  });
  const terminal = once(world.terminal);

  async function runOne(name: string, index: number): Promise<Outcome> {
    const err = prefixed(io.err, name, (write, text) => {
      live.say(write, text);
    });
    const complete = (hint: string): string => completeCommands(hint, inContext(line, name));
    const made = makeDeps(
      { ...globals, context: name },
      { in: input, out: merged.sinkOf(index), err },
      world,
      complete,
    );
    const explorer: Deps['explorer'] = () =>
      Promise.reject(
        new UsageError('kapi explore shows one cluster: name it with --context', { code: 'SeveralContexts' }),
      );
    const deps: Deps = { ...made, terminal, liveTable: () => live.of(name), explorer };
    try {
      const exitCode = await run.runCommand(invocation, deps);
      merged.finish(index, undefined);
      return { exitCode };
    } catch (thrown) {
      if (endsAll(thrown) || merged.failure !== undefined || stop.signal.aborted) {
        stop.abort(merged.failure?.thrown ?? thrown);
        merged.finish(index, undefined);
        throw thrown;
      }
      const exitCode = reports.add(index, thrown, complete);
      if (exitCode === ExitCode.ok) merged.finish(index, undefined);
      else {
        const code = thrown instanceof KapiError ? thrown.code : 'Bug';
        merged.finish(index, { code, exitCode, message: withoutLogins(messageOf(thrown)) });
      }
      // A failed goal in one cluster ends the watches of all clusters.
      if (thrown instanceof NegativeAnswer && thrown.code === 'WaitFailed') stop.abort(hasFailed);
      return { exitCode };
    } finally {
      err.end();
    }
  }

  const settled = await Promise.allSettled(names.map(runOne));
  const reason: unknown = stop.signal.aborted ? stop.signal.reason : undefined;
  const rejected = settled.find((each) => each.status === 'rejected');
  live.end();
  if (rejected !== undefined && reason !== hasFailed && reason !== hasQuit) throw reason ?? rejected.reason;
  await merged.end();
  reports.throwCommon();
  reports.flush();
  const codes = settled.map((each) => (each.status === 'fulfilled' ? each.value.exitCode : ExitCode.ok));
  const total = names.reduce((sum, _name, index) => sum + merged.countOf(index), 0);
  const exitCode = codes.find((code) => code > ExitCode.no) ?? codes.find((code) => code !== ExitCode.ok);
  // The number of objects is unknown for contexts that could not be read.
  if (exitCode === undefined || exitCode === ExitCode.no) checkTotal(total, choice, names.length);
  return exitCode ?? ExitCode.ok;
}

/** The reason with which the other watches end after `--fail-on` in one context. */
const hasFailed = new Error('a goal of --fail-on is met in another context');

/** The reason with which watches end that have not drawn yet when `q` is pressed. */
const hasQuit = new Error('the live table was closed');

function checkTotal(total: number, { expectTotal }: ContextsChoice, contexts: number): void {
  checkCount(total, expectTotal, `in all ${contexts} contexts together`);
}

/**
 * True for an error that ends all contexts: the reader of the output is gone, or a signal arrived.
 */
function endsAll(thrown: unknown): boolean {
  return thrown instanceof ClosedPipe || thrown instanceof Interrupted;
}

function inContext(line: OwnLine, name: string): OwnLine {
  return { ...line, flags: [{ name: 'context', words: `--context ${lineWord(name)}` }, ...line.flags] };
}

interface Report {
  readonly index: number;
  readonly thrown: unknown;
  readonly text: string;
}

/**
 * Prints failures of contexts on stderr: as they occur, and once if all contexts fail with the same
 * error in the command line.
 */
class Reports {
  readonly #names: readonly string[];
  readonly #run: ContextsRun;
  readonly #say: (write: () => void, text: string) => void;
  #held: Report[] = [];
  #isFlushed = false;

  constructor(names: readonly string[], run: ContextsRun, say: (write: () => void, text: string) => void) {
    this.#names = names;
    this.#run = run;
    this.#say = say;
  }

  /** Reports a failure. @returns its exit code */
  add(index: number, thrown: unknown, complete: (hint: string) => string): number {
    const { errorFormat, verbose } = this.#run.invocation.globals;
    const name = this.#names[index] ?? '';
    const { text, exitCode } = describeFailure(thrown, errorFormat, verbose, complete, name);
    if (text === '') return exitCode;
    const report = { index, thrown, text };
    if (!(thrown instanceof UsageError) || this.#isFlushed) this.#write(report);
    else {
      this.#held.push(report);
      if (this.#held.length === 1) setTimeout(() => this.flush(), usageHoldMs).unref();
    }
    return exitCode;
  }

  flush(): void {
    const held = this.#held;
    this.#held = [];
    this.#isFlushed = true;
    for (const report of held) this.#write(report);
  }

  /** @throws UsageError that every context has */
  throwCommon(): void {
    const [first] = this.#held;
    if (this.#held.length < this.#names.length || first === undefined) return;
    const messages = new Set(this.#held.map(({ thrown }) => messageOf(thrown)));
    if (messages.size > 1) return;
    this.#held = [];
    throw first.thrown;
  }

  #write({ text }: Report): void {
    const { err } = this.#run.io;
    this.#say(() => void err.write(text), text.split('\n')[0] ?? '');
  }
}

/** Makes a standard input for several readers. It is read once. */
function sharedInput(input: Io['in']): Io['in'] {
  const whole = once(async () => (await import('./commands/read-file.ts')).readStdin(input));
  return {
    get isTTY() {
      return input.isTTY;
    },
    async *[Symbol.asyncIterator]() {
      yield* await whole();
    },
  };
}

/** Makes the standard error of one context: each line begins with its name. */
function prefixed(
  err: Sink,
  name: string,
  say: (write: () => void, text: string) => void,
): Sink & { readonly end: () => void } {
  const lead = `${escapeLine(name)}: `;
  let begun = '';
  const write: Sink['write'] = (chunk) => {
    const text =
      chunk instanceof Uint8Array
        ? Buffer.from(chunk).toString('utf8')
        : typeof chunk === 'string'
          ? chunk
          : chunk.painted;
    const lines = (begun + text).split('\n');
    begun = lines.pop() ?? '';
    const [first] = lines;
    if (first === undefined) return;
    say(() => void err.write(lines.map((line) => `${lead}${line}\n`).join('')), `${lead}${first}`);
  };
  return {
    write,
    end: () => {
      if (begun !== '') void err.write(`${lead}${begun}\n`);
      begun = '';
    },
    get isTTY() {
      return err.isTTY;
    },
    get columns() {
      return err.columns;
    },
    color: 0,
  };
}

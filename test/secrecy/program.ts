// Runs the commands of the secrecy suite by a program instead of in this process: the standalone
// file, with KAPI_E2E_STANDALONE=FILE. Entry points: programUnderTest, runProgram.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

const file = process.env['KAPI_E2E_STANDALONE'] ?? '';

/** The path of the program to test. Undefined: the commands run in this process. */
export const programUnderTest = file === '' ? undefined : resolve(file);

export interface ProgramRun {
  readonly program: string;
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Working directory and home. */
  readonly folder: string;
  /** How many requests have come to the server since the start. */
  readonly asked: () => number;
  /** Called while it runs; it is interrupted afterwards. */
  readonly meanwhile?: ((stdout: () => string) => Promise<void>) | undefined;
  /** The command draws on a terminal of 200x100, and these keys end it. */
  readonly steps?: readonly Step[] | undefined;
}

/** Keys, and what the terminal must have got since the keys before. */
export type Step = readonly [seen: RegExp, keys: string];

/** Milliseconds without a request after which an endless command is interrupted. */
const idleMs = 2_000;

/** Max milliseconds until a screen is drawn. */
const screenMs = 20_000;

/**
 * Runs a command to its end. Interrupts it when its server has had requests and gets no more.
 * `config` gets a terminal, so that it refuses to print secrets, and so does a command that draws:
 * its stderr is then in stdout.
 */
export async function runProgram(run: ProgramRun): Promise<{ stdout: string; stderr: string; code: number }> {
  const { program, words, env, folder, asked, meanwhile, steps } = run;
  const quoted = [program, ...words].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const line = steps === undefined ? quoted : `stty cols 200 rows 100; exec ${quoted}`;
  const [command, ...args] =
    words.includes('config') || steps !== undefined
      ? ['script', '-qefc', line, '/dev/null']
      : [program, ...words];
  const child = spawn(command, args, {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, SHELL: '/bin/sh', ...env },
    stdio: [steps === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  const text = { out: '', err: '' };
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (text.out += chunk));
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (text.err += chunk));
  const ended = new Promise<number>((settle, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      settle(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
  const isLeftAlone = meanwhile === undefined && steps === undefined;
  let [last, since] = [0, Date.now()];
  const timer = setInterval(() => {
    if (asked() !== last) [last, since] = [asked(), Date.now()];
    else if (isLeftAlone && last > 0 && Date.now() - since > idleMs) child.kill('SIGINT');
  }, 50);
  try {
    await press(steps ?? [], () => text.out, child.stdin);
    await meanwhile?.(() => text.out).finally(() => child.kill('SIGINT'));
    const code = await ended;
    return { stdout: text.out, stderr: text.err, code };
  } finally {
    clearInterval(timer);
    child.kill('SIGKILL');
  }
}

/** @throws Error with what the terminal got when a screen is not drawn */
async function press(steps: readonly Step[], shown: () => string, keyboard: Writable | null): Promise<void> {
  let from = 0;
  for (const [seen, keys] of steps) {
    const deadline = Date.now() + screenMs;
    while (!seen.test(shown().slice(from))) {
      if (Date.now() > deadline) throw new Error(`never saw ${String(seen)} in:\n${shown().slice(from)}`);
      await sleep(20);
    }
    from = shown().length;
    keyboard?.write(keys);
  }
}

// Runs the commands of the secrecy suite by a program instead of in this process: the standalone file, with
// KAPI_E2E_STANDALONE=FILE. Entry points: programUnderTest, runProgram.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { resolve } from 'node:path';

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
}

/** Milliseconds without a request after which an endless command is interrupted. */
const idleMs = 2_000;

/**
 * Runs a command to its end. Interrupts it when its server has had requests and gets no more.
 * `config` gets a terminal, so that it refuses to print secrets: its stderr is then in stdout.
 */
export async function runProgram(run: ProgramRun): Promise<{ stdout: string; stderr: string; code: number }> {
  const { program, words, env, folder, asked, meanwhile } = run;
  const quoted = [program, ...words].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const [command, ...args] = words.includes('config')
    ? ['script', '-qefc', quoted, '/dev/null']
    : [program, ...words];
  const child = spawn(command, args, {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, SHELL: '/bin/sh', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text.out += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text.err += chunk));
  const ended = new Promise<number>((settle, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      settle(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
  let [last, since] = [0, Date.now()];
  const timer = setInterval(() => {
    if (asked() !== last) [last, since] = [asked(), Date.now()];
    else if (meanwhile === undefined && last > 0 && Date.now() - since > idleMs) child.kill('SIGINT');
  }, 50);
  try {
    await meanwhile?.(() => text.out).finally(() => child.kill('SIGINT'));
    const code = await ended;
    return { stdout: text.out, stderr: text.err, code };
  } finally {
    clearInterval(timer);
  }
}

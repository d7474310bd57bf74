// Runs one process and measures it: wall time, processor time, peak memory, time to the first row.
// Entry points: measure, and start for a process that the caller ends. The figures come from
// launcher.pl.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const launcher = fileURLToPath(new URL('launcher.pl', import.meta.url));

/** What is run. */
export interface Command {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** The cost of one process, including its child processes. */
export interface Sample {
  readonly wallMs: number;
  readonly userMs: number;
  readonly systemMs: number;
  readonly peakKb: number;
  readonly exitCode: number;
  /** Number of the signal that ended it; 0 for none. */
  readonly signal: number;
  /** Lines of stdout, if it was read. */
  readonly bytes: number;
  readonly lines: number;
  /** Time from the start to the line of the first row. */
  readonly firstRowMs: number | null;
}

/** What to do with stdout. */
export type Stdout =
  /** Discarded by the operating system, at no cost. */
  | { readonly to: 'null' }
  /** Read by the launcher, which records when the line with this number arrived. */
  | { readonly to: 'launcher'; readonly firstRow: number };

/** No case takes longer; a process that does has hung. */
const timeoutMs = 15 * 60_000;

/** @throws Error with the end of stderr when the process fails */
export async function measure(command: Command, stdout: Stdout): Promise<Sample> {
  const words = stdout.to === 'null' ? ['null', '0'] : ['pipe', String(stdout.firstRow)];
  const running = launch(command, words);
  const sample = await running.ended;
  if (sample.exitCode !== 0 || sample.signal !== 0) throw failure(command, sample, running.stderr());
  return sample;
}

/** A process that runs until it is stopped. */
export interface Running {
  readonly stdout: Readable;
  /** The stderr so far, or the end of it if it is long. */
  stderr(): string;
  interrupt(): void;
  readonly ended: Promise<Sample>;
}

/** Starts a process whose stdout the caller reads. */
export function start(command: Command): Running {
  return launch(command, ['pass', '0']);
}

function launch(command: Command, words: readonly string[]): Running {
  const child = spawn('perl', [launcher, ...words, ...command.argv], {
    env: { ...command.environment },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const timer = setTimeout(() => child.kill('SIGTERM'), timeoutMs);
  let said = '';
  textOf(child.stderr, (text) => (said = (said + text).slice(-2_000)));
  let report = '';
  textOf(child.stdio[3] as Readable | null, (text) => (report += text));
  const ended = once(child, 'close').then((): Sample => {
    clearTimeout(timer);
    if (report === '') throw new Error(`${command.argv.join(' ')}: not measured: ${said.trim()}`);
    return JSON.parse(report) as Sample;
  });
  if (child.stdout === null) throw new Error('perl was started without a stdout');
  return { stdout: child.stdout, stderr: () => said, interrupt: () => child.kill('SIGINT'), ended };
}

function textOf(stream: Readable | null, take: (text: string) => void): void {
  stream?.setEncoding('utf8').on('data', take);
}

function failure({ argv }: Command, { exitCode, signal }: Sample, stderr: string): Error {
  const how = signal === 0 ? `exit code ${exitCode}` : `signal ${signal}`;
  return new Error(`${argv.join(' ')}: ${how}: ${stderr.trim().split('\n').slice(-5).join('\n')}`);
}

/** @throws Error that says what to install if processes cannot be measured here */
export async function assertCanMeasure(environment: Readonly<Record<string, string>>): Promise<void> {
  if (process.platform !== 'linux') throw new Error('processes can be measured on Linux only');
  try {
    await measure({ argv: ['true'], environment }, { to: 'null' });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `processes are measured by a Perl script (Debian: perl-base), which does not run: ${why}`,
    );
  }
}

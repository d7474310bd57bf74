// Runs programs for the e2e tests: the built bin/kapi.js, kubectl and curl as child processes with
// a clean environment. Entry points: describeOnServer, kapi, kubectl, curl, expectSame.
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, it } from 'vitest';

import { isCi } from './server/ci.ts';
import type { TestServer } from './server/test-server.ts';

/** The result of a child process. */
export interface Result {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit code. Undefined if a signal ended the process. */
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
}

export interface RunOptions {
  /** Path of the kubeconfig. Default: the administrator's. `null`: none. */
  readonly kubeconfig?: string | null;
  /** Added to the clean environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input. Default: empty. */
  readonly input?: string;
  readonly cwd?: string;
  /** Milliseconds after which the child process is killed; the test sees the signal. */
  readonly timeoutMs?: number;
}

/** The program under test. */
export const kapiFile = fileURLToPath(new URL('../../bin/kapi.js', import.meta.url));

/**
 * Returns the environment of every child process: nothing of the developer's machine except PATH.
 */
export function cleanEnvironment(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: testServer().home, LANG: 'C.UTF-8', TZ: 'UTC' };
}

/** Makes a new directory that is removed with the server. */
export function makeFolder(): string {
  return mkdtempSync(join(testServer().directory, 'test-'));
}

/**
 * A `describe` for tests that need the server. Without a server a single skipped test replaces
 * them; the setup has printed the reason, and in CI it has failed the run.
 */
export function describeOnServer(name: string, tests: () => void): void {
  const server = inject('server');
  if ('missing' in server) describe(name, () => skipped('no API server'));
  else describe(name, tests);
}

/**
 * Like {@link describeOnServer}, for tests that compare with kubectl. Prints a warning if there is
 * no kubectl.
 */
export function describeAgainstKubectl(name: string, tests: () => void): void {
  const server = inject('server');
  if ('missing' in server || !('missing' in server.kubectl)) {
    describeOnServer(name, tests);
    return;
  }
  const reason = server.kubectl.missing;
  if (isCi(process.env)) throw new Error(`no kubectl to compare with: ${reason}`);
  console.error(`NO KUBECTL: "${name}" is SKIPPED. ${reason}`);
  describe(name, () => skipped('no kubectl'));
}

function skipped(reason: string): void {
  it.skipIf(true)(reason, () => undefined);
}

/**
 * Returns the server of this run. Only valid inside {@link describeOnServer} and {@link
 * describeAgainstKubectl}.
 */
export function testServer(): TestServer {
  const server = inject('server');
  if ('missing' in server) throw new Error(server.missing);
  return server;
}

/**
 * Max milliseconds for a program or a change of the server: enough for a machine that is busy and
 * slow. Only a test that fails waits so long.
 */
export const patienceMs = 120_000;

/** Runs the built kapi. */
export function kapi(args: readonly string[], options: RunOptions = {}): Promise<Result> {
  return run(process.execPath, [kapiFile, ...args], withKubeconfig(options));
}

/** Runs the kubectl that was found for this run. */
export function kubectl(args: readonly string[], options: RunOptions = {}): Promise<Result> {
  const found = testServer().kubectl;
  if ('missing' in found) throw new Error(found.missing);
  return run(found.path, args, withKubeconfig(options));
}

/**
 * Runs curl with the administrator's token and the server's authority. `path` begins with a slash.
 */
export function curl(path: string, ...args: readonly string[]): Promise<Result> {
  const server = testServer();
  const common = ['-sS', '--cacert', server.caFile, '-H', `Authorization: Bearer ${server.tokens.admin}`];
  return run('curl', [...common, ...args, `${server.url}${path}`], { kubeconfig: null });
}

/** Runs any program in the clean environment. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd ?? testServer().home,
      env: { ...cleanEnvironment(), ...options.env },
      timeout: options.timeoutMs ?? patienceMs,
      killSignal: 'SIGKILL',
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve({
        stdout: Buffer.concat(stdout).toString('utf8'),
        stderr: Buffer.concat(stderr).toString('utf8'),
        code: code ?? undefined,
        signal: signal ?? undefined,
      });
    });
    // If a child process exits without reading, the write fails; the test checks its output.
    child.stdin.once('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

/**
 * Repeats a check until it is true, for what takes a server some time.
 * @throws Error naming `what` after two minutes
 */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`not within ${patienceMs} ms: ${what}`);
    await sleep(200);
  }
}

/** A question to kapi, and to kubectl if its words differ. */
export interface Question {
  readonly kapi: readonly string[];
  readonly kubectl: readonly string[];
  readonly options?: RunOptions;
}

/**
 * Runs both at the same time and compares standard output byte for byte. Ages can differ by some
 * seconds, but not in their width. Runs both again if the width changed (`9s`, `10s`).
 * @returns both results, to check stderr and codes; kapi's stdout equals kubectl's then
 */
export async function expectSame(question: Question): Promise<{ ours: Result; theirs: Result }> {
  for (let attempt = 1; ; attempt++) {
    const [ours, theirs] = await Promise.all([
      kapi(question.kapi, question.options),
      kubectl(question.kubectl, question.options),
    ]);
    const stdout = withAgesOf(theirs.stdout, ours.stdout);
    if (stdout === theirs.stdout) return { ours: { ...ours, stdout }, theirs };
    if (attempt === 4) expect(stdout, `kapi ${question.kapi.join(' ')}\n${ours.stderr}`).toBe(theirs.stdout);
  }
}

const ages = /(?<![\w"])(?:\d+[smhdy])+\b/g;

/** Max difference between two ages in seconds. */
const tickSeconds = 20;

/**
 * Returns `text` with the ages of `other`, one by one, where they have the same width and are
 * nearly equal.
 */
function withAgesOf(other: string, text: string): string {
  const wanted = other.match(ages) ?? [];
  if (wanted.length !== (text.match(ages) ?? []).length) return text;
  let index = 0;
  return text.replaceAll(ages, (age) => {
    const theirs = wanted[index++] ?? age;
    const isTick =
      theirs.length === age.length && Math.abs(secondsOf(theirs) - secondsOf(age)) <= tickSeconds;
    return isTick ? theirs : age;
  });
}

/** Returns the seconds of an age such as `3m12s`. */
function secondsOf(age: string): number {
  const units: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, y: 31_536_000 };
  let seconds = 0;
  for (const [, count, unit] of age.matchAll(/(\d+)([smhdy])/g))
    seconds += Number(count) * (units[unit ?? ''] ?? 0);
  return seconds;
}

function withKubeconfig(options: RunOptions): RunOptions {
  if (options.kubeconfig === null) return options;
  const file = options.kubeconfig ?? testServer().kubeconfigs.admin;
  return { ...options, env: { KUBECONFIG: file, ...options.env } };
}

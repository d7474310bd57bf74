// How the e2e tests run programs: the built bin/kapi.js, kubectl and curl as children with a clean environment.
// Entry points: describeOnServer, kapi, kubectl, curl, expectSame.
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, it } from 'vitest';

import { isCi } from './server/ci.ts';
import type { TestServer } from './server/test-server.ts';

/** What a child left behind. */
export interface Result {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit code; undefined when a signal ended it. */
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
}

export interface RunOptions {
  /** Path of the kubeconfig; the administrator's when absent, none for `null`. */
  readonly kubeconfig?: string | null;
  /** Added to the clean environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input; empty when absent. */
  readonly input?: string;
  readonly cwd?: string;
  /** Ends the child after so long, which the test then sees as its signal. Milliseconds. */
  readonly timeoutMs?: number;
}

/** The file under test. */
export const kapiFile = fileURLToPath(new URL('../../bin/kapi.js', import.meta.url));

/** The environment of every child: nothing of the developer's machine but the way to programs. */
export function cleanEnvironment(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: testServer().home, LANG: 'C.UTF-8', TZ: 'UTC' };
}

/** A fresh, empty folder that is removed with the server. */
export function makeFolder(): string {
  return mkdtempSync(join(testServer().directory, 'test-'));
}

/**
 * A `describe` for tests that need the server. Without one a single skipped test stands for them; the setup has said
 * why, and in CI it has failed the run.
 */
export function describeOnServer(name: string, tests: () => void): void {
  const server = inject('server');
  if ('missing' in server) describe(name, () => skipped('no API server'));
  else describe(name, tests);
}

/** Like {@link describeOnServer}, for tests that compare with kubectl: says loudly when there is none. */
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

/** The server of this run; only inside {@link describeOnServer} and its like. */
export function testServer(): TestServer {
  const server = inject('server');
  if ('missing' in server) throw new Error(server.missing);
  return server;
}

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

/** Runs curl with the administrator's token and the server's authority; `path` begins with a slash. */
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
      timeout: options.timeoutMs ?? 45_000,
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
    // A child that exits without reading makes the write fail; what it said is what the test looks at.
    child.stdin.once('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

/**
 * Asks again until the answer is yes, for what a server does in its own time.
 * @throws Error naming `what` after `withinMs`
 */
export async function until(what: string, isSo: () => Promise<boolean>, withinMs = 50_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await sleep(200);
  }
}

/** A question to kapi, and to kubectl where its words differ. */
export interface Question {
  readonly kapi: readonly string[];
  readonly kubectl: readonly string[];
  readonly options?: RunOptions;
}

/**
 * Asks both at the same moment and compares standard output byte for byte, but for an age that ticked between the two
 * answers: it may differ by seconds, never in its width. Where the width changed (`9s`, `10s`), both are asked again.
 * @returns both answers, for what the test wants to say about stderr and codes; our stdout is theirs then
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

/** How far apart two answers to one question may lie. */
const tickSeconds = 20;

/** `text` with the ages of `other`, one by one, where they are of one width and nearly the same. */
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

/** Seconds of an age such as `3m12s`. */
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

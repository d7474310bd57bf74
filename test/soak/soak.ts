// A soak test of `kapi watch`: followers behind a proxy with faults, a writer, and a real
// kube-apiserver that is killed and compacted. At the end the state of each follower must equal
// that of the server. Entry point: main.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { Follower } from '../e2e/follower.ts';
import { findServerBinaries } from '../e2e/server/binaries.ts';
import { startControlPlane, type ControlPlane } from '../e2e/server/control-plane.ts';
import { startFaultProxy, type FaultProxy, type WatchFault } from '../e2e/server/fault-proxy.ts';

const usage = `npm run soak -- [--minutes N] [--followers N] [--seed N]

Follows ConfigMaps through faults and restarts of a real kube-apiserver and prints counts. Exit code 1: a follower lost,
doubled or invented something, ended by itself, or its memory grew.
  --minutes N     how long to write; default 3
  --followers N   watches side by side, each behind a proxy of its own; default 3
  --seed N        of the faults; default 1
`;

const namespace = 'soak';
const collection = `/api/v1/namespaces/${namespace}/configmaps`;
const kapi = fileURLToPath(new URL('../../bin/kapi.js', import.meta.url));

/** Max factor between a follower's memory at the end and after a quarter of the time. */
const maxMemoryGrowth = 1.5;

/** Runs the test. @returns the exit code */
export async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      minutes: { type: 'string', default: '3' },
      followers: { type: 'string', default: '3' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) {
    console.log(usage);
    return 0;
  }
  const random = seededRandom(Number(values.seed));
  const server = await startControlPlane(await findServerBinaries((line) => console.error(`soak: ${line}`)));
  const home = await mkdtemp(join(tmpdir(), 'kapi-soak-'));
  const watches: Watch[] = [];
  try {
    await server.admin.must('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
    for (let count = 0; count < Number(values.followers); count++)
      watches.push(await startWatch(server, home, random));
    return await soak(server, watches, random, Number(values.minutes) * 60_000);
  } finally {
    for (const { child, proxy } of watches) {
      child.kill('SIGINT');
      proxy.stop();
    }
    await server.stop();
    await rm(home, { recursive: true, force: true });
  }
}

interface Watch {
  readonly child: ChildProcess;
  readonly proxy: FaultProxy;
  readonly follower: Follower;
  /** Number of lines that kapi wrote to stderr. */
  notices: number;
}

async function startWatch(server: ControlPlane, home: string, random: () => number): Promise<Watch> {
  const ca = await readFile(server.caFile, 'utf8');
  const proxy = await startFaultProxy({ url: server.url, ca, token: server.tokens.admin }, () =>
    chooseFault(random),
  );
  const words = ['watch', 'configmaps', '-n', namespace, '-o', 'ndjson', '-s', proxy.url];
  const child = spawn(process.execPath, [kapi, ...words], {
    env: { PATH: process.env['PATH'], HOME: home, KUBECONFIG: join(home, 'none') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const watch: Watch = { child, proxy, follower: new Follower(), notices: 0 };
  watch.follower.follow(child.stdout);
  child.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (watch.notices += text.split('\n').length - 1));
  return watch;
}

function chooseFault(random: () => number): WatchFault | undefined {
  const afterBytes = 1 + Math.floor(random() * 60_000);
  const afterMs = 1 + Math.floor(random() * 6_000);
  const faults: readonly (WatchFault | undefined)[] = [
    undefined,
    { kind: 'cut', afterBytes },
    { kind: 'cut', afterBytes: 1 + (afterBytes % 300) },
    { kind: 'end', afterMs },
    { kind: 'garbage', afterBytes },
    { kind: 'split', afterMs },
    { kind: 'stall', afterBytes, forMs: afterMs },
    { kind: 'repeat', afterBytes },
    { kind: 'status', status: 429, retryAfterSeconds: 1 },
    { kind: 'status', status: 410 },
    { kind: 'status', status: 500 },
    { kind: 'status', status: 504 },
    { kind: 'error-event', code: 410, afterMs },
    { kind: 'error-event', code: 500, afterMs },
  ];
  return faults[Math.floor(random() * faults.length)];
}

async function soak(
  server: ControlPlane,
  watches: readonly Watch[],
  random: () => number,
  durationMs: number,
): Promise<number> {
  const startedAt = Date.now();
  const writer = new Writer(server, random);
  let restarts = 0;
  let compactions = 0;
  let early: readonly number[] | undefined;
  const elapsed = (): number => Date.now() - startedAt;
  while (elapsed() < durationMs) {
    await writer.write();
    early ??= elapsed() > durationMs / 4 ? await Promise.all(watches.map(residentBytes)) : undefined;
    const pace = durationMs / 5;
    if (elapsed() > (compactions + 1) * pace) {
      compactions += 1;
      await server.compact();
    }
    if (elapsed() > (restarts + 0.5) * 2 * pace) {
      restarts += 1;
      server.signal('SIGKILL');
      await server.start();
    }
  }
  const problems: string[] = [];
  await settle(server, watches).catch((error: unknown) => problems.push(String(error)));
  const late = await Promise.all(watches.map(residentBytes));
  for (const [index, { child, follower }] of watches.entries()) {
    const say = (text: string): number => problems.push(`follower ${index}: ${text}`);
    if (child.exitCode !== null) say(`ended by itself with ${child.exitCode}`);
    follower.contradictions.forEach(say);
    const before = early?.[index] ?? 0;
    if (before > 0 && (late[index] ?? 0) > maxMemoryGrowth * before)
      say(`memory grew from ${megabytes(before)} to ${megabytes(late[index] ?? 0)}`);
  }
  report(writer, watches, late, { restarts, compactions, seconds: Math.round(elapsed() / 1000) });
  for (const problem of problems.slice(0, 50)) console.log(`soak: ${problem}`);
  console.log(
    `${watches.length - new Set(problems.map((line) => line.split(':')[0])).size} passed, ${problems.length} failed`,
  );
  return problems.length === 0 ? 0 : 1;
}

/** Creates, updates and deletes ConfigMaps with an increasing number `n`. */
class Writer {
  readonly counts = { created: 0, updated: 0, deleted: 0, failed: 0 };
  readonly #server: ControlPlane;
  readonly #random: () => number;
  readonly #names = new Set<string>();
  #number = 0;

  constructor(server: ControlPlane, random: () => number) {
    this.#server = server;
    this.#random = random;
  }

  async write(): Promise<void> {
    const name = `c${Math.floor(this.#random() * 40)}`;
    this.#number += 1;
    const data = { n: String(this.#number), padding: 'x'.repeat(Math.floor(this.#random() * 2_000)) };
    const { admin } = this.#server;
    try {
      if (!this.#names.has(name)) {
        const answer = await admin.send('POST', collection, { metadata: { name }, data });
        this.#note(answer.status, 'created');
        if (answer.status < 300 || answer.status === 409) this.#names.add(name);
      } else if (this.#random() < 0.2) {
        const answer = await admin.send('DELETE', `${collection}/${name}`);
        this.#note(answer.status, 'deleted');
        if (answer.status < 300 || answer.status === 404) this.#names.delete(name);
      } else {
        const type = 'application/merge-patch+json';
        const answer = await admin.send('PATCH', `${collection}/${name}`, { data }, type);
        this.#note(answer.status, 'updated');
        if (answer.status === 404) this.#names.delete(name);
      }
    } catch {
      // The server is down or restarts: its state is compared at the end.
      this.counts.failed += 1;
      await sleep(200);
    }
    await sleep(5 + this.#random() * 20);
  }

  #note(status: number, what: 'created' | 'updated' | 'deleted'): void {
    this.counts[status < 300 ? what : 'failed'] += 1;
  }
}

/**
 * Waits until the state of every follower equals that of the server.
 * @throws Error with the remaining differences
 */
async function settle(server: ControlPlane, watches: readonly Watch[]): Promise<void> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const list = (await server.admin.must('GET', collection)) as { readonly items: readonly unknown[] };
    const differences = watches.flatMap(({ follower }, index) =>
      follower.differencesTo(list.items).map((text) => `follower ${index}: ${text}`),
    );
    if (differences.length === 0) return;
    if (Date.now() > deadline) throw new Error(differences.slice(0, 10).join('\n'));
    await sleep(500);
  }
}

async function residentBytes({ child }: Watch): Promise<number> {
  const text = await readFile(`/proc/${child.pid ?? 0}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+) kB/.exec(text)?.[1] ?? 0) * 1024;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MB`;
}

function report(
  writer: Writer,
  watches: readonly Watch[],
  memory: readonly number[],
  made: { readonly restarts: number; readonly compactions: number; readonly seconds: number },
): void {
  const { created, updated, deleted, failed } = writer.counts;
  console.log(
    `soak: ${made.seconds} s, ${created} created, ${updated} updated, ${deleted} deleted, ${failed} writes refused; ` +
      `${made.restarts} restarts after SIGKILL, ${made.compactions} compactions`,
  );
  for (const [index, { follower, proxy, notices }] of watches.entries()) {
    const { ADDED, MODIFIED, DELETED } = follower.counts;
    console.log(
      `soak: follower ${index}: ${ADDED} ADDED, ${MODIFIED} MODIFIED, ${DELETED} DELETED; ${proxy.made.length} faults, ` +
        `${notices} notices, ${megabytes(memory[index] ?? 0)}`,
    );
  }
}

/** Returns a generator with the same numbers for the same seed: mulberry32. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

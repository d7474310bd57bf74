// The built program over a slow link (50 ms each way, 10 Mbit/s): rows appear with the first page,
// continue to appear, and the next page is requested before the last one is printed. The limits are
// generous, because machines are busy; KAPI_TEST_TIMES=1 prints the measured times.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openSlowLink, type SlowLink } from '../shaping-proxy.ts';
import { makeCast, serve, serveHttpProxy, type Served } from '../transport/harness.ts';

const kapiFile = fileURLToPath(new URL('../../bin/kapi.js', import.meta.url));
const cast = makeCast();
const times: string[] = [];
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kapi-slow-'));
  writeFileSync(join(folder, 'ca.crt'), cast.ca.certificate);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  if ((process.env['KAPI_TEST_TIMES'] ?? '') !== '') process.stderr.write(`${times.join('\n')}\n`);
});

const podCount = 3_000;

/** Returns a row as large as those of a real server, nine tenths of it managedFields. */
function row(index: number): object {
  const fields = Object.fromEntries(
    Array.from({ length: 30 }, (_, at) => [
      `f:field-${at}-of-the-status`,
      { 'f:type': {}, 'f:lastProbeTime': {} },
    ]),
  );
  return {
    cells: [`pod-${index}`, '1/1', 'Running', '0', '5d'],
    object: {
      kind: 'PartialObjectMetadata',
      apiVersion: 'meta.k8s.io/v1',
      metadata: {
        name: `pod-${index}`,
        namespace: `team-${index % 50}`,
        uid: `${index}-0c9d3a1e-5f53-4c63-9f0b-8d3c62c1a111`,
        managedFields: [
          { manager: 'kubelet', operation: 'Update', apiVersion: 'v1', fieldsV1: { 'f:status': fields } },
        ],
      },
    },
  };
}

const columnDefinitions = ['Name', 'Ready', 'Status', 'Restarts', 'Age'].map((name) => ({
  name,
  type: 'string',
  format: name === 'Name' ? 'name' : '',
  description: '',
  priority: 0,
}));

function page(from: number, count: number): string {
  const to = Math.min(podCount, from + count);
  return JSON.stringify({
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion: '1', ...(to < podCount ? { continue: String(to) } : {}) },
    ...(from === 0 ? { columnDefinitions } : { columnDefinitions: null }),
    rows: Array.from({ length: to - from }, (_, index) => row(from + index)),
  });
}

interface PageServer extends Served {
  /** When each page was requested. */
  readonly asked: number[];
  readonly events: (response: ServerResponse) => void;
}

/** Starts a server with a list of pods in pages, and a watch with events on request. */
async function podServer(onWatch: (response: ServerResponse) => void = () => undefined): Promise<PageServer> {
  const asked: number[] = [];
  const served = await serve(
    (request, response) => {
      const url = new URL(request.url ?? '/', 'http://x');
      response.setHeader('content-type', 'application/json');
      if (url.searchParams.has('watch')) {
        response.flushHeaders();
        onWatch(response);
        return;
      }
      asked.push(performance.now());
      const text = url.pathname.endsWith('/large')
        ? JSON.stringify({
            kind: 'Pod',
            apiVersion: 'v1',
            metadata: { name: 'large' },
            data: 'x'.repeat(2_000_000),
          })
        : page(
            Number(url.searchParams.get('continue') ?? 0),
            Number(url.searchParams.get('limit') ?? podCount),
          );
      // Like the API server, compresses nothing below 128 KB.
      if (request.headers['accept-encoding'] !== 'gzip' || text.length < 128 * 1024) {
        response.end(text);
        return;
      }
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync(text, { level: 1 }));
    },
    { identity: cast.server },
  );
  return { ...served, asked, events: onWatch };
}

interface Watched {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  /** Milliseconds from the start to each piece of standard output. */
  readonly pieces: readonly number[];
  /** Waits for a successful end. @returns milliseconds since the start */
  readonly ended: () => Promise<number>;
}

function start(args: readonly string[], env: Record<string, string> = {}): Watched {
  const begun = performance.now();
  const child = spawn(process.execPath, [kapiFile, ...args, '--certificate-authority', 'ca.crt'], {
    env: { PATH: process.env['PATH'], HOME: folder, ...env },
    cwd: folder,
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let stdout = '';
  let stderr = '';
  const pieces: number[] = [];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    pieces.push(performance.now() - begun);
  });
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const closed = once(child, 'close').then(([code]) => ({
    code: Number(code),
    atMs: performance.now() - begun,
  }));
  const ended = async (): Promise<number> => {
    const { code, atMs } = await closed;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return atMs;
  };
  return { child, stdout: () => stdout, pieces, ended };
}

/** The same link, in the ways that kapi can use it. */
const ways = {
  'through a proxy to a far server': async (served: Served) => {
    const proxy = await serveHttpProxy({});
    const link = await openLink(proxy.port);
    const args = ['--server', `https://kubernetes:${served.port}`];
    return { link, args, env: { HTTPS_PROXY: `http://127.0.0.1:${link.port}` } };
  },
  'through a tunnel that ends on loopback': async (served: Served) => {
    const link = await openLink(served.port);
    return { link, args: ['--server', `https://127.0.0.1:${link.port}`], env: {} };
  },
  'without compression': async (served: Served) => {
    const link = await openLink(served.port);
    return { link, args: ['--server', `https://127.0.0.1:${link.port}`, '--disable-compression'], env: {} };
  },
} as const;

async function openLink(port: number): Promise<SlowLink> {
  const link = await openSlowLink(port);
  onTestFinished(() => link.close());
  return link;
}

describe.each(Object.entries(ways))('%s', (name, way) => {
  it(
    'rows appear with the first page and continue, over at most two connections',
    { timeout: 60_000 },
    async () => {
      const served = await podServer();
      const { link, args, env } = await way(served);
      const { stdout, pieces, ended } = start(['list', 'pods', '-A', ...args], env);
      const tookMs = await ended();
      const [firstMs = Infinity] = pieces;
      const gaps = pieces.map((at, index) => at - (pieces[index - 1] ?? 0)).slice(1);
      times.push(
        `${name}: first row ${firstMs.toFixed(0)} ms, all ${tookMs.toFixed(0)} ms, longest gap ${Math.max(0, ...gaps).toFixed(0)} ms, ` +
          `${served.asked.length} pages, ${(link.received() / 1e6).toFixed(2)} MB on the link`,
      );
      expect(stdout().trimEnd().split('\n')).toHaveLength(podCount + 1);
      // The next page is requested while this one arrives.
      expect(link.connections()).toBeLessThanOrEqual(2);
      expect(served.asked.length).toBeGreaterThan(2);
      expect(firstMs).toBeLessThan(tookMs * 0.75);
      const whole = page(0, podCount).length;
      if (name === 'without compression') expect(link.received()).toBeGreaterThan(whole);
      // Through the tunnel the first page was not compressed.
      else expect(link.received()).toBeLessThan(whole * 0.35);
    },
  );
});

it(
  'the next page is requested when this one has arrived, not when it is printed',
  { timeout: 60_000 },
  async () => {
    const served = await podServer();
    const link = await openLink(served.port);
    const args = ['--server', `https://127.0.0.1:${link.port}`];
    const running = start(['list', 'pods', '-A', '--chunk-size', '500', ...args]);
    running.child.stdout?.pause();
    // The test does not read the rows of the first page; a page is a few dozen kilobytes of rows,
    // less than the buffer of a pipe.
    await sleep(200);
    for (let waited = 0; served.asked.length < 2 && waited < 20_000; waited += 20) await sleep(20);
    expect(served.asked.length).toBeGreaterThan(1);
    running.child.stdout?.resume();
    await running.ended();
    expect(running.stdout().trimEnd().split('\n')).toHaveLength(podCount + 1);
  },
);

it('an event of a watch is shown when it arrives', { timeout: 60_000 }, async () => {
  let watch: ServerResponse | undefined;
  const served = await podServer((response) => {
    watch = response;
  });
  const link = await openLink(served.port);
  const { child, stdout, pieces } = start([
    'watch',
    'pods',
    '-A',
    '--server',
    `https://127.0.0.1:${link.port}`,
  ]);
  for (let waited = 0; watch === undefined && waited < 20_000; waited += 20) await sleep(20);
  await sleep(500);
  const before = pieces.length;
  const sent = performance.now();
  const object = {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: {},
    columnDefinitions,
    rows: [row(9_999)],
  };
  watch?.write(`${JSON.stringify({ type: 'ADDED', object })}\n`);
  for (let waited = 0; pieces.length === before && waited < 20_000; waited += 1) await sleep(1);
  const tookMs = performance.now() - sent;
  times.push(`an event of a watch: ${tookMs.toFixed(0)} ms, of which 50 ms on the link`);
  expect(stdout()).toContain('pod-9999');
  expect(tookMs).toBeLessThan(1_000);
  child.kill('SIGKILL');
});

it('a large object is printed as it arrives', { timeout: 60_000 }, async () => {
  const served = await podServer();
  const link = await openLink(served.port);
  const { stdout, pieces, ended } = start([
    'get',
    '/api/v1/namespaces/default/pods/large',
    '--disable-compression',
    '--server',
    `https://127.0.0.1:${link.port}`,
  ]);
  const tookMs = await ended();
  times.push(`a path of 2 MB: first byte ${(pieces[0] ?? 0).toFixed(0)} ms, all ${tookMs.toFixed(0)} ms`);
  expect(stdout().length).toBeGreaterThan(2_000_000);
  expect(pieces[0]).toBeLessThan(tookMs * 0.6);
});

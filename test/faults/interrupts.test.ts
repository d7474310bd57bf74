// Ctrl-C and SIGTERM in every phase of a command: stops the built program while it waits or works,
// and measures how long it takes to end. The limit is generous, because machines are busy;
// KAPI_TEST_TIMES=1 prints the measured times.

import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { makeCast, serve, serveRaw, type Served } from '../transport/harness.ts';

const kapiFile = fileURLToPath(new URL('../../bin/kapi.js', import.meta.url));
if (!existsSync(new URL('../../dist/main.cjs', import.meta.url))) {
  throw new Error('kapi is not built: run npm run build (npm test does)');
}

/**
 * kapi's goal is 100 ms. A busy machine gets more time, and code that ignores a signal would take
 * forever.
 */
const boundMs = 5_000;
const times: string[] = [];
const cast = makeCast();
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kapi-interrupts-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  if ((process.env['KAPI_TEST_TIMES'] ?? '') !== '') process.stderr.write(`${times.join('\n')}\n`);
});

interface Running {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
}

/** Starts kapi. Reads its output unless `stdio` says otherwise. */
function start(args: readonly string[], options: SpawnOptions = {}, before: readonly string[] = []): Running {
  const [program = '', ...words] = [...before, process.execPath, kapiFile, ...args];
  const child = spawn(program, words, {
    env: { PATH: process.env['PATH'], HOME: folder },
    cwd: folder,
    ...options,
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let stdout = '';
  let stderr = '';
  if (options.stdio === undefined) {
    child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  }
  return { child, stdout: () => stdout, stderr: () => stderr };
}

/** Kills what a plugin or a script has left running. */
function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

async function until(what: string, holds: () => boolean, withinMs = 60_000): Promise<void> {
  const begun = performance.now();
  while (!holds()) {
    if (performance.now() - begun > withinMs) throw new Error(`never: ${what}`);
    await sleep(5);
  }
}

/** Sends the signal and waits for the end. `$?` of a shell must be the code of the signal. */
async function interrupted(
  name: string,
  { child, stdout, stderr }: Running,
  signal: 'SIGINT' | 'SIGTERM' = 'SIGINT',
  withinMs = boundMs,
): Promise<number> {
  expect(child.exitCode, `it ended too early: ${stdout()}${stderr()}`).toBeNull();
  const begun = performance.now();
  const exit = once(child, 'exit');
  child.kill(signal);
  const [code, killedBy] = (await exit) as [number | null, NodeJS.Signals | null];
  const tookMs = performance.now() - begun;
  times.push(
    `${tookMs.toFixed(0).padStart(5)} ms  ${signal}  ${name}${killedBy === null ? '' : ' (by the signal itself)'}`,
  );
  expect(code ?? 128 + constants.signals[killedBy ?? 'SIGKILL']).toBe(signal === 'SIGINT' ? 130 : 143);
  expect(tookMs).toBeLessThan(withinMs);
  return tookMs;
}

const bothSignals = ['SIGINT', 'SIGTERM'] as const;

/** Responses by path. Other requests are never answered. */
type Answers = Readonly<Record<string, (response: ServerResponse, request: IncomingMessage) => void>>;

async function server(answers: Answers = {}): Promise<Served> {
  return serve((request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    answers[path]?.(response, request);
  });
}

function json(value: unknown): (response: ServerResponse) => void {
  const text = JSON.stringify(value);
  return (response) => {
    response.setHeader('content-type', 'application/json');
    response.end(text);
  };
}

/** Cached. */
let longList: string | undefined;

/** Serves a list of 10 MB as one page, whatever the limit, and no Table. */
async function longListServer(): Promise<{ url: string; isSent: () => boolean }> {
  longList ??= JSON.stringify(
    podList(Array.from({ length: 16_000 }, (_, index) => `pod-${'x'.repeat(60)}-${index}`)),
  );
  const text = longList;
  let sent = false;
  const notFound = (response: ServerResponse): void => {
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end('{}');
  };
  const { url } = await server({
    [podsOfDefault]: (response) => {
      response.setHeader('content-type', 'application/json');
      response.end(text, () => (sent = true));
    },
    '/openapi/v3': notFound,
    '/openapi/v2': notFound,
  });
  return { url, isSent: () => sent };
}

/** Formats and flags that make a second of work of a long list, and a megabyte of output. */
const longWork: readonly (readonly [string, readonly string[]])[] = [
  ...['json', 'yaml', 'kyaml', 'ndjson', 'csv'].map((format) => [format, ['-o', format]] as const),
  ['a table in order', ['--sort-by', '.metadata.name']],
  ['custom columns', ['-o', 'custom-columns=N:.metadata.name,I:.spec..image']],
  ['jsonpath over each object', ['-o', 'jsonpath={range .items[?(@.spec)]}{..name}{end}']],
  ['jsonpath over the whole list', ['-o', 'jsonpath={.items}']],
  ['jsonpath as JSON', ['-o', 'jsonpath-as-json={..name}']],
  [
    'CEL',
    ['-o', 'name', '--where', "metadata.name.matches('o.*d') && spec.containers.all(c, c.image != '')"],
  ],
];

const podsOfDefault = '/api/v1/namespaces/default/pods';

function podList(names: readonly string[], more = ''): object {
  return {
    kind: 'PodList',
    apiVersion: 'v1',
    metadata: { resourceVersion: '1', continue: more },
    items: names.map((name) => ({
      metadata: {
        name,
        namespace: 'default',
        creationTimestamp: '2026-01-01T00:00:00Z',
        annotations: { note: 'x'.repeat(300) },
      },
      spec: {
        containers: [{ name: 'c', image: 'registry.example/image:1', env: [{ name: 'A', value: 'b' }] }],
      },
      status: { phase: 'Running', podIP: '10.0.0.1' },
    })),
  };
}

/** Writes a kubeconfig whose user has an exec plugin. */
function withPlugin(url: string, script: string): string {
  const plugin = join(folder, `plugin-${Math.random().toString(36).slice(2)}`);
  writeFileSync(plugin, `#!/bin/sh\n${script}\n`);
  chmodSync(plugin, 0o755);
  const file = `${plugin}.kubeconfig`;
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
    users: [
      {
        name: 'u',
        user: {
          exec: { apiVersion: 'client.authentication.k8s.io/v1', command: plugin, interactiveMode: 'Never' },
        },
      },
    ],
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

describe('a reader that goes', () => {
  it.each(longWork)(
    'ends the printing of a list of 10 MB with 0: %s',
    { timeout: 180_000 },
    async (name, args) => {
      const { url } = await longListServer();
      const { child } = start(['list', 'pods', '--chunk-size', '0', ...args, '--server', url], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let stderr = '';
      child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      const closed = once(child, 'close');
      await once(child.stdout!, 'readable');
      const begun = performance.now();
      child.stdout?.destroy();
      const [code, killedBy] = (await closed) as [number | null, NodeJS.Signals | null];
      const tookMs = performance.now() - begun;
      times.push(`${tookMs.toFixed(0).padStart(5)} ms  closed pipe  10 MB as ${name}`);
      expect([code, killedBy, stderr]).toEqual([0, null, '']);
      expect(tookMs).toBeLessThan(3 * boundMs);
    },
  );
});

describe.each(bothSignals)('%s', (signal) => {
  it('while a connection is being made to a port whose queue is full', async () => {
    const listener = spawn(
      process.execPath,
      [
        '-e',
        `const server = require('node:net').createServer();
         server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
           require('node:fs').writeSync(1, String(server.address().port));
           Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
         });`,
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const [text] = (await once(listener.stdout, 'data')) as [Buffer];
    const port = Number(text.toString());
    const fillers: Socket[] = Array.from({ length: 4 }, () =>
      connect(port, '127.0.0.1').on('error', () => undefined),
    );
    onTestFinished(() => {
      for (const filler of fillers) filler.destroy();
      listener.kill('SIGKILL');
    });
    await sleep(100);
    const running = start(['list', 'pods', '-v', '--server', `http://127.0.0.1:${port}`]);
    await until('it tries to connect', () => running.stderr().includes('127.0.0.1'));
    await sleep(50);
    expect(running.stderr()).not.toContain('GET ');
    await interrupted('TCP connect that hangs', running, signal);
  });

  it('during the TLS handshake', async () => {
    let connected = 0;
    const silent = await serveRaw((socket) => {
      socket.on('data', () => (connected += 1));
    });
    const running = start(['list', 'pods', '--server', `https://127.0.0.1:${silent.port}`]);
    await until('it has begun a handshake', () => connected > 0);
    await interrupted('TLS handshake that stalls', running, signal);
  });

  it('while a proxy opens its tunnel', async () => {
    let asked = 0;
    const silent = await serveRaw((socket) => {
      socket.on('data', () => (asked += 1));
    });
    const running = start(['list', 'pods', '--server', 'https://far.example:6443'], {
      env: { PATH: process.env['PATH'], HOME: folder, HTTPS_PROXY: `http://127.0.0.1:${silent.port}` },
    });
    await until('it has asked the proxy', () => asked > 0);
    await interrupted('proxy that does not answer CONNECT', running, signal);
  });

  it('while it waits for a response', async () => {
    const { url, seen } = await server();
    const running = start(['list', 'pods', '--server', url]);
    await until('it has asked', () => seen.length > 0);
    await interrupted('waiting for headers', running, signal);
    expect(running.stdout() + running.stderr()).toBe('');
  });

  it('in the middle of a body', async () => {
    let begun = false;
    const { url } = await server({
      [podsOfDefault]: (response) => {
        response.setHeader('content-type', 'application/json');
        response.write('{"kind":"PodList","apiVersion":"v1","items":[', () => (begun = true));
      },
    });
    const running = start(['list', 'pods', '-o', 'json', '--server', url]);
    await until('a part of the body was sent', () => begun);
    await sleep(50);
    await interrupted('in the middle of a body', running, signal);
    expect(running.stdout()).toBe('');
  });

  it('between the pages of a list', async () => {
    const { url, seen } = await server({
      [podsOfDefault]: (response, request) => {
        if (!(request.url ?? '').includes('continue=')) json(podList(['a', 'b'], 'more'))(response);
      },
    });
    const running = start(['list', 'pods', '-o', 'name', '--server', url]);
    await until('it has asked for the second page', () => seen.length > 1 && running.stdout() !== '');
    await interrupted('between pages', running, signal);
    expect(running.stdout()).toBe('pod/a\npod/b\n');
  });

  it('while it waits before a retry', async () => {
    const { url } = await server({
      [podsOfDefault]: (response) => {
        response.writeHead(429, { 'retry-after': '20' });
        response.end();
      },
    });
    const running = start(['list', 'pods', '-v', '--server', url]);
    await until('it waits', () => running.stderr().includes('trying again in'));
    await interrupted('waiting to try again (429)', running, signal);
  });

  it('while an exec plugin runs that ignores signals and has child processes', async () => {
    const { url } = await serve(undefined, { identity: cast.server });
    const file = withPlugin(url, 'trap "" TERM INT\nsleep 8 &\necho begun >&2\nwhile :; do sleep 1; done');
    const running = start(['list', 'pods', '--kubeconfig', file], { detached: true });
    const group = running.child.pid ?? 0;
    onTestFinished(() => {
      killGroup(group);
    });
    await until('the plugin runs', () => running.stderr().includes('begun'));
    await interrupted('exec plugin that heeds no signal', running, signal);
  });

  it.each(['json', 'yaml', 'name'])('while %s output is not read', async (format) => {
    let pages = 0;
    const names = Array.from({ length: 2_000 }, (_, index) => `pod-${index}`);
    const { url } = await server({
      [podsOfDefault]: (response) => {
        json(podList(names, `page-${(pages += 1)}`))(response);
      },
    });
    const running = start(['list', 'pods', '-o', format, '--chunk-size', '2000', '--server', url], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    running.child.stdout?.pause();
    let before = -1;
    // It requests no more pages: it is blocked.
    await until('it has stopped asking', () => pages > 1);
    while (before !== pages) {
      before = pages;
      await sleep(400);
    }
    await interrupted(`standard output that nobody reads (${format})`, running, signal);
  });

  it('while a large raw response is not read', async () => {
    const { url } = await server({
      '/large': (response) => {
        response.setHeader('content-type', 'text/plain');
        const more = (): void => {
          while (response.write('x'.repeat(65_536)));
          response.once('drain', more);
        };
        more();
      },
    });
    const running = start(['curl', '/large', '--server', url], { stdio: ['ignore', 'pipe', 'ignore'] });
    running.child.stdout?.pause();
    await sleep(700);
    await interrupted('standard output that nobody reads (curl)', running, signal);
  });

  it.each([
    ['curl', ['curl', '-X', 'POST', '-d', '@-', '/api']],
    ['curl -T', ['curl', '-T', '-', '/api']],
    ['can-i', ['can-i', '-f', '-']],
  ])('while %s reads standard input', async (name, args) => {
    const { url } = await server();
    const running = start([...args, '--server', url]);
    await sleep(300);
    await interrupted(`reading standard input (${name})`, running, signal);
  });

  it('while it reads a kubeconfig from a pipe without a writer', async () => {
    const fifo = join(folder, `fifo-${signal}`);
    await once(spawn('mkfifo', [fifo]), 'exit');
    const running = start(['list', 'pods', '--kubeconfig', fifo]);
    await sleep(300);
    await interrupted('kubeconfig that is a pipe nobody writes to', running, signal);
  });

  it('while a watch waits before a retry', async () => {
    const { url } = await server({
      [podsOfDefault]: (response, request) => {
        if ((request.url ?? '').includes('watch=')) {
          response.writeHead(500, { 'content-type': 'text/plain' });
          response.end('no');
          return;
        }
        json(podList(['a']))(response);
      },
    });
    const running = start(['watch', 'pods', '--server', url]);
    await until('it was refused', () => running.stderr().includes('refused'));
    await interrupted('watch that waits to ask again', running, signal);
  });

  it('in the middle of a watch', async () => {
    const { url, seen } = await server({
      [podsOfDefault]: (response, request) => {
        if ((request.url ?? '').includes('watch=')) response.flushHeaders();
        else json(podList(['a']))(response);
      },
    });
    const running = start(['watch', 'pods', '--server', url]);
    await until('it watches', () => seen.some(({ url: asked }) => asked.includes('watch=')));
    await sleep(50);
    await interrupted('watch', running, signal);
  });

  it('while a proxy has open streams', async () => {
    const { url } = await server({
      [podsOfDefault]: (response) => {
        response.write('{"type":"BOOKMARK"}\n');
      },
    });
    const running = start(['proxy', '--port', '0', '--server', url]);
    await until('it serves', () => running.stdout().includes('Starting'));
    const port = Number(/:(\d+)\n/.exec(running.stdout())?.[1]);
    const watcher = connect(port, '127.0.0.1').on('error', () => undefined);
    let heard = '';
    watcher.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    watcher.write(`GET ${podsOfDefault}?watch=true HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`);
    await until('the stream runs', () => heard.includes('BOOKMARK'));
    await interrupted('proxy with an open watch', running, signal);
  });

  it('while a sandbox serves', async () => {
    const running = start(['sandbox']);
    await until('it serves', () => running.stdout().includes('Ctrl-C'));
    await interrupted('sandbox', running, signal);
  });

  it('while doctor checks a silent server', async () => {
    const silent = await serveRaw(() => undefined);
    const running = start(['doctor', '--server', `https://127.0.0.1:${silent.port}`]);
    await until('it is connected', () => silent.connections() > 0);
    await interrupted('doctor', running, signal);
  });

  it.each([
    ['explain', ['explain', 'pods.spec']],
    ['resources', ['resources']],
    ['can-i --list', ['can-i', '--list']],
    ['can-i', ['can-i', 'get', 'pods']],
    ['whoami', ['whoami']],
    ['downward --write', ['downward', 'web', '--write', 'volumes']],
    ['discover', ['get', 'widgets']],
  ])('while %s waits for the server', async (name, args) => {
    const { url, seen } = await server();
    const running = start([...args, '--server', url]);
    await until('it has asked', () => seen.length > 0);
    await interrupted(`${name} that waits`, running, signal);
  });

  it.each(longWork)(
    'while a list of 10 MB is read and printed for a reader that has stopped: %s',
    { timeout: 180_000 },
    async (name, args) => {
      const { url, isSent } = await longListServer();
      const running = start(['list', 'pods', '--chunk-size', '0', ...args, '--server', url], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      // The output is larger than the pipe, so kapi works or waits until the signal, however fast
      // the machine is: after the last byte of the list, or after the first byte of the output.
      if (signal === 'SIGINT') await until('the list was sent', isSent, 80_000);
      else await once(running.child.stdout!, 'readable');
      await interrupted(`10 MB as ${name}`, running, signal, 3 * boundMs);
    },
  );

  it('while a name is being resolved', async ({ skip }) => {
    // A name server in a separate network that receives queries and answers none.
    const script = `ip link set lo up && printf 'nameserver 127.0.0.1\noptions timeout:30 attempts:1\n' > resolv.conf &&
      printf 'hosts: files dns\n' > nsswitch.conf && mount --bind resolv.conf /etc/resolv.conf &&
      mount --bind nsswitch.conf /etc/nsswitch.conf && {
        "$1" -e 'const server = require("node:dgram").createSocket("udp4");
          server.on("message", () => process.stderr.write("asked\n"));
          server.bind(53, () => process.stderr.write("ready\n"));' & } &&
      sleep 0.3 && exec "$@"`;
    const running = start(['list', 'pods', '--server', 'https://far.example:6443'], { detached: true }, [
      'unshare',
      '--map-root-user',
      '--mount',
      '--net',
      'sh',
      '-c',
      script,
      'sh',
    ]);
    const group = running.child.pid ?? 0;
    onTestFinished(() => {
      killGroup(group);
    });
    await until(
      'it asks or cannot',
      () => running.stderr().includes('asked') || running.child.exitCode !== null,
    );
    if (!running.stderr().includes('asked')) {
      console.error(`SKIPPED: no name server of the test's own: ${running.stderr()}`);
      skip();
    }
    await interrupted('name resolution that hangs', running, signal);
  });
});

// `kapi proxy` as a process with many clients: 500 clients, slow, half-closed and disappearing
// ones, requests that two parsers read differently, DNS rebinding, upgrades. Prints figures. Only
// checked requests reach the server, and all descriptors are closed.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { Agent, createServer, get, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const kapiFile = fileURLToPath(new URL('../../bin/kapi.js', import.meta.url));
const isLinux = process.platform === 'linux';
if (!isLinux) console.error('SKIPPED: descriptors are counted in /proc, which only Linux has');

let backend: Server;
let proxy: ChildProcess;
let port = 0;
let log = '';
/** Requests that reached the server: `METHOD /path`. */
let asked: string[] = [];

beforeAll(async () => {
  backend = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    if (request.url?.includes('watch=1') === true) {
      response.write('{"type":"ADDED"}\n');
      return;
    }
    response.end(
      request.url?.includes('large') === true ? Buffer.alloc(2_000_000, 'x') : '{"kind":"PodList"}',
    );
  });
  backend.on('upgrade', (request, socket) => {
    asked.push(`UPGRADE ${request.url ?? ''}`);
    socket.end('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n');
  });
  await once(backend.listen(0, '127.0.0.1'), 'listening');
  const address = backend.address();
  const server = `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
  proxy = spawn(process.execPath, [kapiFile, 'proxy', '--port', '0', '--server', server], {
    env: { PATH: process.env['PATH'], HOME: mkdtempSync(join(tmpdir(), 'kapi-crowd-')) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  proxy.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const [line] = (await once(proxy.stdout!, 'data')) as [Buffer];
  port = Number(/:(\d+)\n/.exec(line.toString())?.[1]);
});

afterAll(() => {
  proxy.kill('SIGKILL');
  backend.closeAllConnections();
  backend.close();
});

const descriptors = (): number => readdirSync(`/proc/${proxy.pid ?? 0}/fd`).length;
const memoryMb = (): number =>
  Math.round(
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${proxy.pid ?? 0}/status`, 'utf8'))?.[1]) / 1024,
  );

/** Returns the status and length of a response. */
function ask(path: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', path, agent }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => (bytes += chunk.length));
      response.on('end', () => resolve(`${response.statusCode ?? 0} ${bytes}`));
      response.on('error', reject);
    }).on('error', reject);
  });
}

/** Sends bytes and returns everything that comes back. */
async function raw(bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  socket.on('error', () => undefined);
  socket.write(Buffer.from(bytes, 'latin1'));
  // The proxy closes a refused connection; an accepted request gets a response, and then the test
  // closes.
  const answered = new Promise<void>((resolve) => {
    socket.on('data', () => setTimeout(resolve, 100));
    socket.on('close', () => resolve());
  });
  await answered;
  socket.destroy();
  return text;
}

async function untilDescriptors(atMost: number): Promise<number> {
  const deadline = Date.now() + 30_000;
  while (descriptors() > atMost && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 100));
  return descriptors();
}

describe.skipIf(!isLinux)('kapi proxy under a crowd', () => {
  it('answers 500 parallel clients, and closes all descriptors', async () => {
    const before = descriptors();
    const agent = new Agent({ keepAlive: true });
    const startedAt = Date.now();
    const answers = await Promise.all(Array.from({ length: 500 }, () => ask('/api/v1/pods', agent)));
    const ms = Date.now() - startedAt;
    expect(new Set(answers)).toEqual(new Set(['200 18']));
    agent.destroy();
    const after = await untilDescriptors(before + 30);
    console.log(
      `proxy: 500 clients in ${ms} ms, ${memoryMb()} MB, descriptors ${before} before, ${after} after`,
    );
    expect(after).toBeLessThanOrEqual(before + 30);
  });

  it('serves others while 100 clients do not read, 300 disappear and 200 watches are open', async () => {
    const before = descriptors();
    const request = (path: string): string => `GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`;
    const open: Socket[] = [];
    const start = (path: string, vanishes: boolean): void => {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      socket.write(request(path));
      if (vanishes) socket.on('connect', () => socket.resetAndDestroy());
      else open.push(socket.pause());
    };
    for (let count = 0; count < 100; count++) start('/api/v1/large', false);
    for (let count = 0; count < 300; count++) start('/api/v1/large', true);
    for (let count = 0; count < 200; count++) start('/api/v1/pods?watch=1', false);
    const agent = new Agent();
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask('/api/v1/pods', agent)));
    expect(new Set(answers)).toEqual(new Set(['200 18']));
    const busy = descriptors();
    const memory = memoryMb();
    for (const socket of open) socket.destroy();
    const after = await untilDescriptors(before + 30);
    console.log(
      `proxy: 300 open, 300 vanished: ${busy} descriptors, ${memory} MB; ${after} descriptors after`,
    );
    expect(after).toBeLessThanOrEqual(before + 30);
    expect(proxy.exitCode).toBeNull();
  });

  it('ends the watches of clients that close their half, as the server of Go does: most of them have gone', async () => {
    const before = descriptors();
    const watch = 'GET /api/v1/pods?watch=1 HTTP/1.1\r\nhost: localhost\r\n\r\n';
    const clients = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }).on('error', () => undefined);
        socket.write(watch);
        await once(socket, 'data');
        return socket;
      }),
    );
    expect(descriptors()).toBeGreaterThan(before + 50);
    for (const socket of clients) socket.end();
    expect(await untilDescriptors(before + 30)).toBeLessThanOrEqual(before + 30);
    for (const socket of clients) socket.destroy();
  });

  const secret = '/api/v1/namespaces/x/pods/y/exec?command=id';
  const inner = `GET ${secret} HTTP/1.1\r\nhost: localhost\r\n\r\n`;
  const head = 'POST /api/v1/pods HTTP/1.1\r\nhost: localhost\r\n';
  const inBody = `${inner.length.toString(16)}\r\n${inner}\r\n0\r\n\r\n`;
  it.each([
    ['length and chunks', `${head}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n${inBody}`],
    ['chunks and length', `${head}transfer-encoding: chunked\r\ncontent-length: 4\r\n\r\n0\r\n\r\n${inner}`],
    ['two lengths', `${head}content-length: 0\r\ncontent-length: ${inner.length}\r\n\r\n${inner}`],
    ['a list of lengths', `${head}content-length: 0, ${inner.length}\r\n\r\n${inner}`],
    ['a signed length', `${head}content-length: +0\r\n\r\n${inner}`],
    ['a hexadecimal length', `${head}content-length: 0x0\r\n\r\n${inner}`],
    ['a name with a blank', `${head}content-length : 0\r\n\r\n${inner}`],
    ['an unknown coding', `${head}transfer-encoding: xchunked\r\n\r\n${inner}`],
    ['chunked twice', `${head}transfer-encoding: chunked, chunked\r\n\r\n${inBody}`],
    ['chunked but not last', `${head}transfer-encoding: chunked, identity\r\n\r\n${inBody}`],
    ['a vertical tab in the coding', `${head}transfer-encoding: \u000bchunked\r\n\r\n${inBody}`],
    ['a folded line', `${head}transfer-encoding:\r\n chunked\r\ncontent-length: 0\r\n\r\n${inner}`],
    ['a bare line feed', `${head}x: a\ntransfer-encoding: chunked\r\ncontent-length: 0\r\n\r\n${inner}`],
    [
      'a bare carriage return',
      `${head}x: a\rtransfer-encoding: chunked\r\ncontent-length: 0\r\n\r\n${inner}`,
    ],
    ['a NUL', `${head}x: a\u0000b\r\ncontent-length: 0\r\n\r\n${inner}`],
    ['a bad size of a chunk', `${head}transfer-encoding: chunked\r\n\r\n0x${inBody}`],
    [
      'a GET with a body',
      `GET /api/v1/pods HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${inner.length}\r\n\r\n${inner}`,
    ],
    ['a version that is none', `GET /api/v1/pods HTTP/3.0\r\nhost: localhost\r\n\r\n${inner}`],
    ['no host', `GET ${secret} HTTP/1.1\r\n\r\n`],
    ['two hosts', `GET ${secret} HTTP/1.1\r\nhost: localhost\r\nhost: evil.example\r\n\r\n`],
    ['pipelined behind a read', `GET /api/v1/pods HTTP/1.1\r\nhost: localhost\r\n\r\n${inner}`],
  ])('forwards no unchecked request: %s', async (_, bytes) => {
    asked = [];
    const answer = await raw(bytes);
    expect(asked.filter((line) => line.includes('exec') || line.startsWith('POST'))).toEqual([]);
    expect(answer).not.toContain('HTTP/1.1 5');
    expect(proxy.exitCode).toBeNull();
  });

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.nip.io',
    'a@localhost',
    '0x7f.1',
    '[::ffff:7f00:1]',
    'localhost:1@evil',
  ])('answers no request for the host %s, which a page can have rebound to this address', async (host) => {
    asked = [];
    const answer = await raw(`GET /api/v1/secrets HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(asked).toEqual([]);
  });

  it('opens none of 24 upgraded connections that write, in any spelling', async () => {
    asked = [];
    const paths = [
      'exec?command=id',
      'exec?watch=1',
      'portforward?watch=true',
      'attach?watch=',
      'exec/?watch=1',
      'proxy/x?watch=1',
    ];
    const tokens = ['websocket', 'SPDY/3.1', 'h2c', 'websocket, h2c'];
    const answers = await Promise.all(
      paths.flatMap((path) =>
        tokens.map((token) =>
          raw(
            `GET /api/v1/namespaces/x/pods/y/${path} HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\nupgrade: ${token}\r\n\r\n`,
          ),
        ),
      ),
    );
    expect(answers.filter((answer) => answer.startsWith('HTTP/1.1 101'))).toEqual([]);
    expect(asked.filter((line) => line.startsWith('UPGRADE'))).toEqual([]);
    expect(log).not.toMatch(/a bug in kapi|^ +at /m);
  });
});

// The proxy between real sockets: streams, slow readers, clients that go, upgrades, broken servers, and its own end.

import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { describeRequest } from '../../src/commands/proxy/describe.ts';
import { parseProxyOptions } from '../../src/commands/proxy/options.ts';
import type { RawFlags } from '../../src/commands/spec.ts';
import { logLine } from '../../src/proxy/log-line.ts';
import { openProxy } from '../../src/proxy/proxy.ts';
import { openSend } from '../../src/transport/send.ts';
import { openUpgrade } from '../../src/transport/upgrade.ts';
import {
  authenticator,
  configFor,
  freePort,
  makeCast,
  optionsFor,
  caOf,
  serve,
  serveRaw,
  type Handler,
} from '../transport/harness.ts';

interface Started {
  readonly port: number;
  /** Log lines without their durations. */
  readonly log: string[];
  readonly stop: (graceMs: number) => Promise<void>;
}

async function startProxy(
  server: string,
  flags: RawFlags = {},
  more: { requestTimeoutMs?: number; ca?: string } = {},
): Promise<Started> {
  const log: string[] = [];
  const { ca, ...config } = more;
  const cluster = configFor(server, ca === undefined ? config : { ...config, ca: caOf({ certificate: ca }) });
  const credentials = authenticator({ authorization: () => Promise.resolve('Bearer of-kapi') });
  const options = optionsFor('undici', { load: 'many' });
  const proxy = await openProxy({
    ...parseProxyOptions([], { port: '0', ...flags }),
    send: openSend(cluster, credentials, options),
    upgrade: openUpgrade(cluster, credentials, options),
    describe: describeRequest,
    log: (entry) => log.push(logLine(entry).replace(/\d+ ms/, 'T')),
    clock: () => performance.now(),
  });
  onTestFinished(() => proxy.stop(0));
  return { port: Number(proxy.address.split(':').at(-1)), log, stop: proxy.stop };
}

function ask(
  { port }: Started,
  path: string,
  options: http.RequestOptions = {},
  body?: string,
): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, path, agent: false, ...options }, resolve);
    request.on('error', reject);
    request.end(body);
  });
}

async function textOf(answer: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) if (chunk instanceof Buffer) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Everything that a server says to some bytes until it closes. */
async function say({ port }: Started, bytes: string): Promise<string> {
  const socket = net.connect(port, '127.0.0.1');
  socket.write(bytes);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => undefined);
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(5);
}

const megabyte = Buffer.alloc(1024 * 1024, 'x');

/** Sends so many megabytes as fast as they are taken. `sent` counts those given to the socket. */
function flood(megabytes: number): { handler: Handler; sent: () => number; closed: () => boolean } {
  let sent = 0;
  let closed = false;
  return {
    sent: () => sent,
    closed: () => closed,
    handler: (_request, response) => {
      response.once('close', () => (closed = true));
      const more = (): void => {
        while (sent < megabytes) {
          sent += 1;
          if (!response.write(megabyte)) {
            response.once('drain', more);
            return;
          }
        }
        response.end();
      };
      more();
    },
  };
}

test('the credentials are kapi’s, the answer has none, lines stay as they are', async () => {
  const { ca, server: identity } = makeCast();
  const server = await serve(
    (_request, response) => {
      response.writeHead(418, ['Warning', '299 - "old"', 'Warning', '299 - "a"', 'X-Case', 'Kept']);
      response.end('short and stout');
    },
    { identity },
  );
  const proxy = await startProxy(server.url, {}, { ca: ca.certificate });
  const answer = await ask(proxy, '/api/v1/p%6fds?x=%2e', {
    headers: {
      authorization: 'Bearer mine',
      'impersonate-user': 'root',
      'user-agent': 'me',
      connection: 'close',
    },
  });
  expect(answer.statusCode).toBe(418);
  expect(answer.rawHeaders.slice(0, 6)).toEqual([
    ...['Warning', '299 - "old"', 'Warning', '299 - "a"', 'X-Case', 'Kept'],
  ]);
  expect(await textOf(answer)).toBe('short and stout');
  const [seen] = server.seen;
  expect(seen?.url).toBe('/api/v1/pods?x=%2e');
  expect(seen?.headers).toMatchObject({ authorization: 'Bearer of-kapi', 'user-agent': 'me' });
  expect(seen?.headers).not.toHaveProperty('impersonate-user');
  expect(seen?.headers.host).toBe(`127.0.0.1:${server.port}`);
  expect(JSON.stringify(answer.rawHeaders)).not.toContain('of-kapi');
  expect(proxy.log).toEqual(['GET /api/v1/pods (list pods) 418 T']);
});

test('a slow reader slows the server down; 100 MB pass without being held', async () => {
  const { handler, sent } = flood(100);
  const server = await serve(handler);
  const proxy = await startProxy(server.url);
  const answer = await ask(proxy, '/api/v1/pods');
  answer.pause();
  await sleep(300);
  const early = sent();
  // What kernels buffer for three sockets of loopback; not the list.
  expect(early).toBeLessThan(40);
  let size = 0;
  for await (const chunk of answer) size += (chunk as Buffer).length;
  expect(size).toBe(100 * megabyte.length);
  expect(sent()).toBe(100);
});

test('a client that goes takes its request along', async () => {
  const { handler, closed } = flood(1_000);
  const server = await serve(handler);
  const proxy = await startProxy(server.url);
  const answer = await ask(proxy, '/api/v1/pods');
  answer.on('error', () => undefined);
  answer.destroy();
  await until(closed);
  await until(() => proxy.log.length > 0);
  expect(proxy.log).toEqual(['GET /api/v1/pods (list pods) 200 T, client gone']);
});

test('a client that goes before the answer does so too', async () => {
  let closed = false;
  const server = await serve((_request, response) => response.once('close', () => (closed = true)));
  const proxy = await startProxy(server.url);
  const socket = net.connect(proxy.port, '127.0.0.1');
  socket.write('GET /api HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await until(() => server.seen.length > 0);
  socket.destroy();
  await until(() => closed);
  await until(() => proxy.log.length > 0);
  expect(proxy.log).toEqual(['GET /api (get /api) - T, client gone']);
});

test('429 and redirects are the client’s business', async () => {
  const server = await serve((request, response) => {
    if (request.url === '/busy') response.writeHead(429, { 'retry-after': '1' }).end('later');
    else response.writeHead(302, { location: `${server.url}/api/` }).end();
  });
  const proxy = await startProxy(server.url, { 'api-prefix': '/k8s/' });
  const busy = await ask(proxy, '/k8s/busy');
  expect([busy.statusCode, await textOf(busy)]).toEqual([429, 'later']);
  const moved = await ask(proxy, '/k8s/old');
  expect([moved.statusCode, moved.headers.location]).toEqual([302, '/k8s/api/']);
  moved.resume();
  expect(server.seen.map(({ url }) => url)).toEqual(['/busy', '/old']);
});

test('bodies reach the server, long ones as they come', async () => {
  const server = await serve((_request, response, { body }) => response.end(String(body.length)));
  const proxy = await startProxy(server.url, { 'allow-writes': true });
  for (const length of [3, 1_000_000]) {
    const answer = await ask(proxy, '/api/v1/pods', { method: 'POST' }, 'x'.repeat(length));
    expect(await textOf(answer)).toBe(String(length));
  }
  const chunked = { method: 'PATCH', headers: { 'transfer-encoding': 'chunked' } };
  expect(await textOf(await ask(proxy, '/api/v1/pods', chunked, 'four'))).toBe('4');
});

test('a server that cannot be reached, is late or breaks off', async () => {
  const away = await startProxy(`http://127.0.0.1:${await freePort()}`);
  const refused = await ask(away, '/api');
  expect(refused.statusCode).toBe(502);
  expect(JSON.parse(await textOf(refused))).toMatchObject({
    kind: 'Status',
    reason: 'BadGateway',
    code: 502,
  });
  expect(away.log).toEqual(['GET /api (get /api) 502 T, failed: ConnectionRefused']);

  const silent = await serve(() => undefined);
  const late = await ask(await startProxy(silent.url, {}, { requestTimeoutMs: 50 }), '/api');
  expect(late.statusCode).toBe(504);
  expect(JSON.parse(await textOf(late))).toMatchObject({ kind: 'Status', reason: 'Timeout', code: 504 });

  const cut = await serve((_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('short', () => response.destroy());
  });
  const broken = await startProxy(cut.url);
  await expect(ask(broken, '/api').then(textOf)).rejects.toThrow('aborted');
  await until(() => broken.log.length > 0);
  expect(broken.log).toEqual(['GET /api (get /api) 200 T, failed: TruncatedBody']);
});

test.each([
  ['both framings', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\nGET /x'],
  ['two lengths', 'Content-Length: 5\r\nContent-Length: 6\r\n', 'abcdef'],
  ['a coding that is none', 'Transfer-Encoding: xchunked\r\n', 'abc'],
  ['a space before the colon', 'Content-Length : 5\r\n', 'abcde'],
  ['a folded line', 'X: a\r\n b\r\n', ''],
  ['no host', '', ''],
])('%s is no request', async (what, headers, body) => {
  const server = await serve();
  const proxy = await startProxy(server.url, { 'allow-writes': true });
  const host = what === 'no host' ? '' : 'Host: localhost\r\n';
  const answer = await say(proxy, `POST /api HTTP/1.1\r\n${host}${headers}Connection: close\r\n\r\n${body}`);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  expect(server.seen).toEqual([]);
});

test('who is refused is not asked for the body first', async () => {
  const server = await serve();
  const proxy = await startProxy(server.url);
  const expecting = 'Host: localhost\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n';
  expect(await say(proxy, `POST /api HTTP/1.1\r\n${expecting}`)).toMatch(/^HTTP\/1\.1 403 /);
  const open = await startProxy(server.url, { 'allow-writes': true });
  const request = `POST /api HTTP/1.1\r\nConnection: close\r\n${expecting}123456789`;
  expect(await say(open, request)).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
  expect(server.seen.map(({ body }) => body)).toEqual(['123456789']);
});

const upgrading = 'Host: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n';

test('an upgraded connection carries bytes both ways, first ones and ends included', async () => {
  let head = '';
  const server = await serveRaw((socket) => {
    let upgraded = false;
    socket.on('data', (chunk: Buffer) => {
      if (upgraded) socket.write(chunk.toString().toUpperCase());
      else {
        upgraded = true;
        head = chunk.toString();
        socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-A: 1\r\n\r\nhi ',
        );
      }
    });
    socket.on('end', () => socket.end(' bye'));
  });
  const proxy = await startProxy(server.url, { 'allow-writes': true, 'reject-paths': '^$' });
  const socket = net.connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true });
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(`GET /api/v1/namespaces/a/pods/p/exec?command=ls HTTP/1.1\r\n${upgrading}\r\n`);
  await until(() => Buffer.concat(chunks).toString().endsWith('hi '));
  socket.write('there');
  await until(() => Buffer.concat(chunks).toString().endsWith('THERE'));
  socket.end();
  await once(socket, 'end');
  expect(Buffer.concat(chunks).toString()).toBe(
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nx-a: 1\r\n\r\nhi THERE bye',
  );
  expect(head).toContain('GET /api/v1/namespaces/a/pods/p/exec?command=ls HTTP/1.1');
  expect(head.toLowerCase()).toContain('upgrade: websocket');
  await until(() => proxy.log.length > 0);
  expect(proxy.log).toEqual(['GET /api/v1/namespaces/a/pods/p/exec (get pods/exec p in a) 101 T']);
});

test('an upgrade that is refused here or there ends its connection', async () => {
  const server = await serve((_request, response) => response.writeHead(403).end('no exec today'));
  const proxy = await startProxy(server.url, { 'allow-writes': true, 'reject-paths': '^/api/.*/attach' });
  const exec = `GET /api/v1/namespaces/a/pods/p/exec HTTP/1.1\r\n${upgrading}\r\n`;
  const there = await say(proxy, `${exec}GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  expect(there).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
  expect(there).toContain('no exec today');
  const here = await say(proxy, exec.replace('/exec', '/attach'));
  expect(here).toContain('is rejected by --reject-paths');
  // h2c is not asked for: the request is an ordinary one.
  const plain = await say(proxy, `GET /api HTTP/1.1\r\n${upgrading.replace('websocket', 'h2c')}\r\n`);
  expect(plain).toContain('no exec today');
  expect(server.seen.map(({ url }) => url)).toEqual(['/api/v1/namespaces/a/pods/p/exec', '/api']);
  expect(server.seen[1]?.headers).not.toHaveProperty('upgrade');
  expect(await say(proxy, 'CONNECT localhost:443 HTTP/1.1\r\nHost: localhost\r\n\r\n')).toMatch(
    /^HTTP\/1\.1 400 /,
  );
});

test('at its end watches end whole, requests under way are finished, and nothing new is taken', async () => {
  const server = await serve((request, response) => {
    response.writeHead(200);
    response.write('first ');
    if (request.url?.includes('watch') !== true) setTimeout(() => response.end('last'), 150);
  });
  const proxy = await startProxy(server.url);
  const [watch, list] = await Promise.all([ask(proxy, '/api/v1/pods?watch=1'), ask(proxy, '/api/v1/pods')]);
  const begun = performance.now();
  const [, watched, listed] = await Promise.all([proxy.stop(5_000), textOf(watch), textOf(list)]);
  expect([watched, listed]).toEqual(['first ', 'first last']);
  expect(performance.now() - begun).toBeLessThan(2_000);
  await expect(ask(proxy, '/api')).rejects.toThrow('ECONNREFUSED');
  expect(proxy.log).toEqual([
    'GET /api/v1/pods (watch pods) 200 T, stopped',
    'GET /api/v1/pods (list pods) 200 T',
  ]);
});

test('what does not end in time is cut off, and does not look complete', async () => {
  const server = await serve((_request, response) => response.writeHead(200).write('first'));
  const proxy = await startProxy(server.url);
  const list = await ask(proxy, '/api/v1/pods');
  const [, outcome] = await Promise.all([
    proxy.stop(50),
    textOf(list).catch((error: unknown) => String(error)),
  ]);
  expect(outcome).toBe('Error: aborted');
});

test('an upgraded connection whose server has gone ends, whatever its client still says', async () => {
  const { ca, server: identity } = makeCast();
  // Over TLS a connection does not stay half open: the server's end is its close.
  const server = await serveRaw((socket) => {
    socket.once('data', () => {
      socket.end(
        'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nlast words',
      );
    });
  }, identity);
  const proxy = await startProxy(server.url, { 'allow-writes': true }, { ca: ca.certificate });
  const socket = net.connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(`GET /api/v1/namespaces/a/pods/p/portforward HTTP/1.1\r\n${upgrading}\r\n`);
  await once(socket, 'end');
  expect(Buffer.concat(chunks).toString()).toMatch(/\r\n\r\nlast words$/);
  socket.write('and one more thing');
  await until(() => proxy.log.length > 0);
  expect(proxy.log).toEqual([
    'GET /api/v1/namespaces/a/pods/p/portforward (get pods/portforward p in a) 101 T',
  ]);
});

// The proxy with real sockets: streams, slow readers, clients that disconnect, upgrades, broken
// servers, and its own end.

import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { describeRequest } from '../../src/commands/proxy/describe.ts';
import { parseProxyOptions } from '../../src/commands/proxy/options.ts';
import type { RawFlags } from '../../src/commands/raw-flags.ts';
import { readRules } from '../../src/proxy/filters.ts';
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
  const { listen, prefix, filters } = parseProxyOptions([], { port: '0', ...flags });
  const proxy = await openProxy({
    listen,
    prefix,
    rules: readRules(filters),
    privately: (make) => make(),
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

/** Sends bytes to a server and returns everything it sends until it closes. */
async function say(
  { port }: Started,
  bytes: string | Buffer,
  encoding: BufferEncoding = 'utf8',
  ends = false,
): Promise<string> {
  const socket = net.connect(port, '127.0.0.1');
  if (ends) socket.end(bytes);
  else socket.write(bytes);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => undefined);
  await once(socket, 'close');
  return Buffer.concat(chunks).toString(encoding);
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(5);
}

const megabyte = Buffer.alloc(1024 * 1024, 'x');

/**
 * Sends a number of megabytes as fast as the client reads. `sent` counts those given to the socket.
 */
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

test('the credentials are kapi’s, the response has none, header lines are unchanged', async () => {
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

test('a slow reader slows the server down; 100 MB pass without being buffered', async () => {
  const { handler, sent } = flood(100);
  const server = await serve(handler);
  const proxy = await startProxy(server.url);
  const answer = await ask(proxy, '/api/v1/pods');
  answer.pause();
  await sleep(300);
  const early = sent();
  // The kernel's buffers of three loopback sockets; not the list.
  expect(early).toBeLessThan(40);
  let size = 0;
  for await (const chunk of answer) size += (chunk as Buffer).length;
  expect(size).toBe(100 * megabyte.length);
  expect(sent()).toBe(100);
});

test('the request of a client that disconnects is aborted', async () => {
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

test('so is that of a client that disconnects before the response', async () => {
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

/**
 * Sends a request, closes the writing side after some time or the first bytes, and reads to the
 * end.
 */
async function halfClosed(proxy: Started, path: string, afterMs: number | 'first bytes'): Promise<string> {
  const socket = net.connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true });
  let text = '';
  socket.on('data', (chunk) => (text += String(chunk)));
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  if (afterMs === 'first bytes') socket.once('data', () => socket.end());
  else setTimeout(() => socket.end(), afterMs);
  await once(socket, 'close');
  return text;
}

test('a client that has closed its side gets the whole response, and the connection ends', async () => {
  const body = 'x'.repeat(3_000_000);
  const server = await serve((_request, response) => {
    response.write(body.slice(0, 1_000));
    setTimeout(() => response.end(body.slice(1_000)), 100);
  });
  const proxy = await startProxy(server.url);
  const texts = await Promise.all([0, 1, 50, 300].map((ms) => halfClosed(proxy, '/api/v1/pods', ms)));
  for (const text of texts) {
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(text.match(/x+/g)?.join('').length).toBe(body.length);
  }
  await until(() => proxy.log.length === 4);
  expect(new Set(proxy.log)).toEqual(new Set(['GET /api/v1/pods (list pods) 200 T']));
});

test('a watch ends when its client closes its side', async () => {
  let closed = 0;
  const server = await serve((_request, response) => {
    response.write('{}\n');
    response.once('close', () => (closed += 1));
  });
  const proxy = await startProxy(server.url);
  const text = await halfClosed(proxy, '/api/v1/pods?watch=1', 'first bytes');
  expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  await until(() => closed === 1);
  await until(() => proxy.log.length > 0);
  expect(proxy.log).toEqual(['GET /api/v1/pods (watch pods) 200 T, client gone']);
});

test('429 and redirects are passed to the client', async () => {
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

test('bodies reach the server, long ones as they arrive', async () => {
  const server = await serve((_request, response, { body }) => response.end(String(body.length)));
  const proxy = await startProxy(server.url, { 'allow-writes': true });
  for (const length of [3, 1_000_000]) {
    const answer = await ask(proxy, '/api/v1/pods', { method: 'POST' }, 'x'.repeat(length));
    expect(await textOf(answer)).toBe(String(length));
  }
  const chunked = { method: 'PATCH', headers: { 'transfer-encoding': 'chunked' } };
  expect(await textOf(await ask(proxy, '/api/v1/pods', chunked, 'four'))).toBe('4');
});

test('a server that is unreachable, late or breaks off', async () => {
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
])('%s is not a request', async (what, headers, body) => {
  const server = await serve();
  const proxy = await startProxy(server.url, { 'allow-writes': true });
  const host = what === 'no host' ? '' : 'Host: localhost\r\n';
  const answer = await say(proxy, `POST /api HTTP/1.1\r\n${host}${headers}Connection: close\r\n\r\n${body}`);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  expect(server.seen).toEqual([]);
});

test('a refused client is not asked for the body first', async () => {
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
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-A: 1\r\n\r\nhi THERE bye',
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
  // h2c is not forwarded: the request is an ordinary one.
  const plain = await say(proxy, `GET /api HTTP/1.1\r\n${upgrading.replace('websocket', 'h2c')}\r\n`);
  expect(plain).toContain('no exec today');
  expect(server.seen.map(({ url }) => url)).toEqual(['/api/v1/namespaces/a/pods/p/exec', '/api']);
  expect(server.seen[1]?.headers).not.toHaveProperty('upgrade');
  expect(await say(proxy, 'CONNECT localhost:443 HTTP/1.1\r\nHost: localhost\r\n\r\n')).toMatch(
    /^HTTP\/1\.1 400 /,
  );
});

test('at its end watches end completely, requests in flight are finished, and no new one is accepted', async () => {
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

test('a response that does not end in time is cut off, and does not look complete', async () => {
  const server = await serve((_request, response) => response.writeHead(200).write('first'));
  const proxy = await startProxy(server.url);
  const list = await ask(proxy, '/api/v1/pods');
  const [, outcome] = await Promise.all([
    proxy.stop(50),
    textOf(list).catch((error: unknown) => String(error)),
  ]);
  expect(outcome).toBe('Error: aborted');
});

test('an upgraded connection ends with its server, whatever its client still sends', async () => {
  const { ca, server: identity } = makeCast();
  // Over TLS a connection cannot stay half open: the server's end closes it.
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

/** Starts a proxy for a server that answers each connection with these bytes and closes it. */
async function startBefore(bytes: Buffer | string, flags: RawFlags = {}): Promise<Started> {
  const server = await serveRaw((socket) => {
    socket.once('data', () => socket.end(bytes));
  });
  return startProxy(server.url, flags);
}

const plainRequest = 'GET /api HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

test('no byte of a reason phrase ends the proxy or spoils the answer', async () => {
  let byte = 0;
  const server = await serveRaw((socket) => {
    socket.once('data', () => {
      const phrase = Buffer.concat([Buffer.from('caf'), Buffer.from([byte]), Buffer.from('!')]);
      const head = Buffer.concat([Buffer.from('HTTP/1.1 200 '), phrase]);
      socket.end(Buffer.concat([head, Buffer.from('\r\nContent-Length: 2\r\n\r\nok')]));
    });
  });
  const proxy = await startProxy(server.url);
  const statuses = new Map<number, string>();
  for (byte = 0; byte < 256; byte += 1) {
    const answer = await say(proxy, plainRequest);
    statuses.set(byte, answer.slice(9, 12));
    if (answer.startsWith('HTTP/1.1 200')) expect(answer).toMatch(/\r\n\r\nok$/);
  }
  expect([...statuses].filter(([, status]) => status !== '200' && status !== '502')).toEqual([]);
  for (const allowed of [0x20, 0x41, 0x7e, 0x80, 0xe9, 0xff])
    expect([allowed, statuses.get(allowed)]).toEqual([allowed, '200']);
  expect((await say(proxy, plainRequest)).slice(9, 12)).toMatch(/200|502/);
});

test('the bytes of header values pass as they are, both ways, watches and upgrades included', async () => {
  const value = Buffer.from([0x41, 0x09, 0x42, 0xc3, 0xa4, 0xe9, 0x80, 0xff, 0x21]).toString('latin1');
  let seen = '';
  const server = await serveRaw((socket) => {
    socket.once('data', (chunk: Buffer) => {
      seen = chunk.toString('latin1');
      const upgrades = /\r\nupgrade: /i.test(seen);
      const head = upgrades
        ? '101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket'
        : '200 caf\xc3\xa4\r\nContent-Length: 2';
      socket.end(`HTTP/1.1 ${head}\r\nX-Bytes: ${value}\r\n\r\nok`, 'latin1');
    });
  });
  const proxy = await startProxy(server.url, { 'allow-writes': true });
  for (const [method, more, body] of [
    ['GET', 'Connection: close\r\n', ''],
    ['HEAD', 'Connection: close\r\n', ''],
    ['POST', 'Connection: close\r\nContent-Length: 2\r\n', 'hi'],
    ['GET', 'Connection: Upgrade\r\nUpgrade: websocket\r\n', ''],
  ] as const) {
    const head = `${method} /api/v1/pods?watch=1 HTTP/1.1\r\nHost: localhost\r\nX-Mine: ${value}\r\n${more}\r\n`;
    const answer = await say(proxy, Buffer.from(head + body, 'latin1'), 'latin1');
    expect(answer).toContain(`X-Bytes: ${value}\r\n`);
    expect(seen.toLowerCase()).toContain(`x-mine: ${value.toLowerCase()}\r\n`);
    if (!more.includes('Upgrade')) expect(answer).toMatch(/^HTTP\/1\.1 200 caf\xc3\xa4\r\n/);
  }
});

test.each([
  ['no HTTP', 'hello'],
  ['nothing', ''],
  ['a name that is none', 'HTTP/1.1 200 OK\r\nX Y: 1\r\n\r\n'],
  ['an empty name', 'HTTP/1.1 200 OK\r\n: 1\r\n\r\n'],
  ['a NUL in a value', 'HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n'],
  ['a bell in a value', 'HTTP/1.1 200 OK\r\nX: a\x07b\r\nContent-Length: 0\r\n\r\n'],
  ['a folded line', 'HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n'],
  ['both framings', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd'],
  ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n'],
  ['status 0', 'HTTP/1.1 000 OK\r\nContent-Length: 0\r\n\r\n'],
  ['status 99', 'HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n'],
  ['status 999', 'HTTP/1.1 999 OK\r\nContent-Length: 0\r\n\r\n'],
  [
    'a switch that was not asked for',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
  ],
  ['headers without end', `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(50_000)}`],
  ['a huge header', `HTTP/1.1 200 OK\r\nX: ${'y'.repeat(2_000_000)}\r\n\r\n`],
  ['a Location that is none', 'HTTP/1.1 302 Found\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n'],
  ['half a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc'],
  ['a chunk size that is none', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc'],
])('%s of the server fails only its own request', async (_what, bytes) => {
  const proxy = await startBefore(bytes);
  for (const request of [plainRequest, plainRequest.replace('Connection: close', upgradeLines)]) {
    await say(proxy, request.replace('/api', '/api/v1/pods?watch=1'));
    await say(proxy, request.replace('GET', 'HEAD'));
  }
  await until(() => proxy.log.length === 4);
  expect(
    (await say(proxy, 'TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')).slice(9, 12),
  ).toBe('405');
});

const upgradeLines = 'Connection: Upgrade\r\nUpgrade: websocket';

test.each([
  ['GET // HTTP/1.1', 400],
  ['GET //[ HTTP/1.1', 400],
  ['GET http://[ HTTP/1.1', 400],
  ['GET http:// HTTP/1.1', 400],
  ['GET http://localhost/api HTTP/1.1', 400],
  ['GET /%ff HTTP/1.1', 400],
  ['GET /%zz HTTP/1.1', 400],
  ['GET * HTTP/1.1', 400],
  ['OPTIONS * HTTP/1.1', 400],
  ['GET \\ HTTP/1.1', 400],
  ['GET /\xff HTTP/1.1', 400],
  ['GET  HTTP/1.1', 400],
  ['CONNECT //[:1 HTTP/1.1', 400],
  ['GET / HTTP/9.9', 400],
  ['PRI * HTTP/2.0', 400],
  [`GET /${'a/'.repeat(4_000)}b HTTP/1.1`, 200],
  [`GET /${'a'.repeat(9_000)} HTTP/1.1`, 414],
  [`GET /?${'a'.repeat(70_000)} HTTP/1.1`, 431],
])('%.40s is answered and ends nothing', async (line, status) => {
  const server = await serve();
  const proxy = await startProxy(server.url);
  for (const more of ['Connection: close', upgradeLines]) {
    const answer = await say(proxy, Buffer.from(`${line}\r\nHost: localhost\r\n${more}\r\n\r\n`, 'latin1'));
    const isPlain = more === 'Connection: close';
    expect([answer.slice(9, 12), isPlain]).toEqual([
      isPlain || status !== 200 ? String(status) : '403',
      isPlain,
    ]);
  }
  expect(await say(proxy, plainRequest)).toMatch(/^HTTP\/1\.1 200 /);
});

test('bodies that are not JSON, or too deep, pass as bytes', async () => {
  const server = await serve((_request, response, { body }) => response.end(String(body.length)));
  const proxy = await startProxy(server.url, { 'allow-writes': true });
  for (const body of ['{', '\0\0', '[', '{"a":'].map((text) => text.repeat(100_000))) {
    const headers = { 'content-length': body.length };
    const answer = await ask(proxy, '/api/v1/pods', { method: 'DELETE', headers }, body);
    expect(await textOf(answer)).toBe(String(body.length));
  }
});

test('a failing log loses only its line', async () => {
  const server = await serve();
  const { listen, prefix, filters } = parseProxyOptions([], { port: '0' });
  const cluster = configFor(server.url);
  const options = optionsFor('undici', { load: 'many' });
  const proxy = await openProxy({
    listen,
    prefix,
    rules: readRules(filters),
    privately: (make) => make(),
    send: openSend(cluster, authenticator({}), options),
    upgrade: openUpgrade(cluster, authenticator({}), options),
    describe: describeRequest,
    log: () => {
      throw new Error('stderr is gone');
    },
    clock: () => performance.now(),
  });
  onTestFinished(() => proxy.stop(0));
  const port = Number(proxy.address.split(':').at(-1));
  for (let count = 0; count < 3; count += 1) {
    const answer = await ask({ port, log: [], stop: proxy.stop }, '/api');
    expect(answer.statusCode).toBe(200);
    answer.resume();
  }
});

test('clients that disconnect in any phase leave nothing behind', async () => {
  const server = await serve((_request, response) => {
    response.writeHead(200);
    response.write('first');
    setTimeout(() => response.end('last'), 20);
  });
  const proxy = await startProxy(server.url, { 'allow-writes': true });
  const post = 'POST /api/v1/pods HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n123456789';
  await Promise.all(
    Array.from({ length: post.length }, async (_, length) => {
      const socket = net.connect(proxy.port, '127.0.0.1');
      socket.on('error', () => undefined);
      await new Promise<void>((resolve) => socket.write(post.slice(0, length) || 'P', () => resolve()));
      await sleep(length % 30);
      if (length % 2 === 0) socket.resetAndDestroy();
      else socket.destroy();
    }),
  );
  expect(await textOf(await ask(proxy, '/api'))).toBe('firstlast');
});

test('500 parallel clients, including slow and half-closed ones, each get a response', async () => {
  const server = await serve((_request, response) => {
    setTimeout(() => response.end('x'.repeat(1_000)), 50);
  });
  const proxy = await startProxy(server.url);
  const request = 'GET /api/v1/pods HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
  const answers = await Promise.all(
    Array.from({ length: 500 }, async (_, index) => {
      const socket = net.connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true });
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
      const closed = once(socket, 'close');
      if (index % 10 === 0) {
        for (const piece of request.match(/[^]{1,24}/g) ?? []) {
          socket.write(piece);
          await sleep(2);
        }
      } else socket.write(request);
      if (index % 10 === 1) socket.end();
      await once(socket, 'end');
      socket.end();
      await closed;
      return text;
    }),
  );
  const isWhole = (answer: string): boolean => /^HTTP\/1\.1 200 [^]*x{1000}/.test(answer);
  expect(answers.filter((answer) => !isWhole(answer))).toEqual([]);
  await until(() => proxy.log.length === 500);
});

test.each([
  ['CL and TE', 'Content-Length: 6\r\nTransfer-Encoding: chunked', '0\r\n\r\nG'],
  ['TE and CL', 'Transfer-Encoding: chunked\r\nContent-Length: 3', '8\r\nSMUGGLED\r\n0\r\n\r\n'],
  ['TE twice', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity', '0\r\n\r\n'],
  ['TE with a tab', 'Transfer-Encoding:\tchunked\r\nContent-Length: 4', '0\r\n\r\n'],
  ['TE after a folded line', 'X: y\r\n Transfer-Encoding: chunked', ''],
  ['a list that ends otherwise', 'Transfer-Encoding: chunked, identity', '0\r\n\r\n'],
  ['equal lengths', 'Content-Length: 3\r\nContent-Length: 3', 'abc'],
  ['a list of lengths', 'Content-Length: 3, 3', 'abc'],
  ['a length with a sign', 'Content-Length: +3', 'abc'],
  ['a length in hex', 'Content-Length: 0x3', 'abc'],
  ['a negative length', 'Content-Length: -1', ''],
  ['a bare line feed', 'X: a\nTransfer-Encoding: chunked', '0\r\n\r\n'],
  ['a NUL in a name', 'Content-Length\0: 3', 'abc'],
  ['a chunk size with a sign', 'Transfer-Encoding: chunked', '+3\r\nabc\r\n0\r\n\r\n'],
  ['a chunk that is longer than it says', 'Transfer-Encoding: chunked', '1\r\nabc\r\n0\r\n\r\n'],
  ['a huge chunk size', 'Transfer-Encoding: chunked', `${'f'.repeat(20)}\r\nabc\r\n0\r\n\r\n`],
])('no request is smuggled behind %s', async (_what, headers, body) => {
  const server = await serve();
  const proxy = await startProxy(server.url, { 'allow-writes': true });
  const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
  const text = await say(
    proxy,
    `POST /api HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n\r\n${body}${smuggled}`,
    'utf8',
    true,
  );
  expect(server.seen.map(({ url }) => url)).not.toContain('/smuggled');
  expect(server.seen.map(({ url }) => url).filter((url) => url !== '/api')).toEqual([]);
  expect(text.match(/HTTP\/1\.1 200/g) ?? []).toEqual([]);
});

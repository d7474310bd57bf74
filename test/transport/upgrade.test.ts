// Upgrades: the raw connection after 101, the ordinary response otherwise.

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import type { ClusterConfig } from '../../src/config/cluster-config.ts';
import type { OpenUpgrade, UpgradeAnswer } from '../../src/model/upgrade.ts';
import { openUpgrade } from '../../src/transport/upgrade.ts';
import {
  authenticator,
  caOf,
  configFor,
  failureOf,
  makeCast,
  optionsFor,
  proxyTo,
  serve,
  serveHttpProxy,
  serveRaw,
  serveSocks,
  textOf,
  type Served,
} from './harness.ts';

const { ca, otherCa, server, client } = makeCast();

const exec = {
  method: 'GET',
  path: '/api/v1/namespaces/default/pods/p/exec?command=sh',
  headers: { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-key': 'abc' },
} as const;

function upgradeTo(
  url: string,
  config: Partial<ClusterConfig> = {},
  credentials: Parameters<typeof authenticator>[0] = {},
  signal = new AbortController().signal,
): OpenUpgrade {
  return openUpgrade(configFor(url, config), authenticator(credentials), optionsFor('node', { signal }));
}

/**
 * A server that upgrades to an echo; each line is prefixed with the first line that it received.
 */
async function serveEcho(): Promise<Served & { upgrades: IncomingMessage[] }> {
  const upgrades: IncomingMessage[] = [];
  const served = await serve(
    (_request, response) => {
      response.writeHead(403, { 'content-type': 'application/json' }).end('{"kind":"Status"}');
    },
    { identity: server, requestCert: true, rejectUnauthorized: false, ca: ca.certificate },
  );
  served.server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    upgrades.push(request);
    if (request.headers.authorization === 'Bearer old') {
      socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello',
    );
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  return { ...served, upgrades };
}

async function talk(answer: UpgradeAnswer): Promise<string> {
  if (answer.kind !== 'upgraded') throw new Error('not upgraded');
  answer.socket.on('error', () => undefined);
  let text = Buffer.from(answer.head).toString();
  answer.socket.write('ping');
  answer.socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await expect.poll(() => text).toBe('helloping');
  answer.socket.destroy();
  return text;
}

test('after 101 the connection is the caller’s, with the same trust and credentials', async () => {
  const served = await serveEcho();
  const answer = await upgradeTo(
    `${served.url}/prefix`,
    { ca: caOf(ca) },
    {
      authorization: () => Promise.resolve('Bearer abc'),
      clientCertificate: () => Promise.resolve({ certificate: client.certificate, key: client.key }),
    },
  )(exec);
  await talk(answer);
  const [request] = served.upgrades;
  expect(request?.url).toBe(`/prefix${exec.path}`);
  expect(request?.headers).toMatchObject({
    authorization: 'Bearer abc',
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-key': 'abc',
    'user-agent': 'kapi/test',
  });
  expect(answer.kind === 'upgraded' && answer.headers['upgrade']).toBe('websocket');
});

test('through each kind of proxy', async () => {
  const served = await serveEcho();
  const proxy = await serveHttpProxy({});
  const secure = await serveHttpProxy({ identity: server });
  const socks = await serveSocks();
  for (const url of [`http://${proxy.host}`, `https://${secure.host}`, `socks5://${socks.host}`]) {
    await talk(await upgradeTo(served.url, { ca: caOf(ca), proxy: proxyTo(url) })(exec));
  }
});

test('an ordinary response is returned completely', async () => {
  const served = await serveEcho();
  const answer = await upgradeTo(served.url, { ca: caOf(ca) })({
    method: 'POST',
    path: '/exec',
    headers: {},
  });
  expect(answer.kind).toBe('answered');
  if (answer.kind !== 'answered') return;
  expect(answer.response.status).toBe(403);
  expect(await textOf(answer.response)).toBe('{"kind":"Status"}');
});

test('a 401 renews the credentials once', async () => {
  const served = await serveEcho();
  let token = 'old';
  const answer = await upgradeTo(
    served.url,
    { ca: caOf(ca) },
    {
      authorization: () => Promise.resolve(`Bearer ${token}`),
      renew: () => {
        token = 'new';
        return Promise.resolve(true);
      },
    },
  )(exec);
  await talk(answer);
  expect(served.upgrades.map((one) => one.headers.authorization)).toEqual(['Bearer old', 'Bearer new']);
});

test('failures are reported as for other requests; time limit and abort apply until 101, the abort after it too', async () => {
  const served = await serveEcho();
  expect((await failureOf(upgradeTo(served.url, { ca: caOf(otherCa) })(exec))).code).toBe('UnknownAuthority');
  const mute = await serveRaw(() => undefined);
  expect((await failureOf(upgradeTo(mute.url, { requestTimeoutMs: 40 })(exec))).code).toBe('RequestTimeout');
  const controller = new AbortController();
  const answer = await upgradeTo(
    served.url,
    { ca: caOf(ca), requestTimeoutMs: 2_000 },
    {},
    controller.signal,
  )(exec);
  if (answer.kind !== 'upgraded') throw new Error('not upgraded');
  const ended = new Promise((resolve) => answer.socket.once('error', resolve));
  const reason = new Error('enough');
  controller.abort(reason);
  expect(await ended).toBe(reason);
});

// Servers, proxies and configurations for tests of the transport. All on loopback, on free ports,
// closed after each test.

import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { onTestFinished } from 'vitest';
import type { Authenticator } from '../../src/auth/authenticator.ts';
import type { CaSource, ClusterConfig, Origin } from '../../src/config/cluster-config.ts';
import type { ApiResponse, Send } from '../../src/model/request.ts';
import { Secret } from '../../src/model/secret.ts';
import { openSend } from '../../src/transport/send.ts';
import { sleep } from '../../src/transport/sleep.ts';
import type { TransportOptions } from '../../src/transport/link.ts';
import { remoteSend, sendsOnBun } from './bun/remote-send.ts';
import { makeIdentity, type Identity } from './certificates.ts';

export const carriers = ['node', 'undici'] as const;
export type CarrierName = (typeof carriers)[number];

/** The usual identities, made once per file. */
export function makeCast(): {
  ca: Identity;
  otherCa: Identity;
  server: Identity;
  client: Identity;
} {
  const ca = makeIdentity({ subject: [['CN', 'test-ca']], ca: true });
  const otherCa = makeIdentity({ subject: [['CN', 'other-ca']], ca: true });
  return {
    ca,
    otherCa,
    server: makeIdentity({
      subject: [['CN', 'kube-apiserver']],
      issuer: ca,
      names: ['kubernetes', 'localhost', '127.0.0.1', '::1'],
      usage: 'server',
    }),
    client: makeIdentity({
      subject: [
        ['O', 'dev'],
        ['CN', 'jane'],
      ],
      issuer: ca,
      usage: 'client',
    }),
  };
}

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: string;
  readonly client: string | undefined;
}

export interface Served {
  readonly url: string;
  readonly port: number;
  /** Requests with bodies that were read. */
  readonly seen: Seen[];
  /** Number of connections, with or without TLS. */
  readonly connections: () => number;
  readonly server: net.Server;
}

export type Handler = (request: http.IncomingMessage, response: http.ServerResponse, seen: Seen) => void;

const ok: Handler = (_request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end('{"ok":true}');
};

/** An HTTP server, over TLS when `identity` is given. */
export async function serve(
  handler: Handler = ok,
  secure?: tls.TlsOptions & { identity: Identity; chain?: readonly Identity[] },
): Promise<Served> {
  const seen: Seen[] = [];
  const listener = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const peer = request.socket instanceof tls.TLSSocket ? request.socket.getPeerCertificate() : undefined;
      const cn: unknown = (peer as { subject?: { CN?: unknown } } | undefined)?.subject?.CN;
      const entry: Seen = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        rawHeaders: request.rawHeaders,
        body: Buffer.concat(chunks).toString(),
        client: typeof cn === 'string' ? cn : undefined,
      };
      seen.push(entry);
      handler(request, response, entry);
    });
  };
  const server =
    secure === undefined
      ? http.createServer(listener)
      : https.createServer(
          {
            cert: [secure.identity, ...(secure.chain ?? [])].map((one) => one.certificate).join(''),
            key: secure.identity.key,
            ...secure,
          },
          listener,
        );
  const { port, connections } = await listen(server);
  return {
    url: `${secure === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    seen,
    connections,
    server,
  };
}

/** A TCP server with a handler for each connection. */
export async function serveRaw(
  onSocket: (socket: net.Socket) => void,
  identity?: Identity,
): Promise<{ url: string; port: number; connections: () => number }> {
  const quiet = (socket: net.Socket): void => {
    socket.on('error', () => undefined);
    onSocket(socket);
  };
  const server =
    identity === undefined
      ? net.createServer(quiet)
      : tls.createServer({ cert: identity.certificate, key: identity.key }, quiet);
  const { port, connections } = await listen(server);
  return { url: `${identity === undefined ? 'http' : 'https'}://127.0.0.1:${port}`, port, connections };
}

/** Answers each request on a raw connection with the same bytes, then does what `then` says. */
export function answering(bytes: string | Buffer, then: 'keep' | 'end' | 'reset' = 'keep') {
  return (socket: net.Socket): void => {
    socket.on('data', () => {
      socket.write(bytes, () => {
        if (then === 'end') socket.end();
        if (then === 'reset') socket.resetAndDestroy();
      });
    });
  };
}

async function listen(server: net.Server): Promise<{ port: number; connections: () => number }> {
  let count = 0;
  const open = new Set<net.Socket>();
  server.on('connection', (socket: net.Socket) => {
    count += 1;
    open.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => open.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, connections: () => count };
}

/** A port without a listener. */
export async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** An HTTP proxy that tunnels and forwards. `connects`: the targets of CONNECT. */
export async function serveHttpProxy(options: {
  readonly identity?: Identity;
  readonly credentials?: string;
}): Promise<{ host: string; port: number; connects: string[]; forwarded: string[]; clients: string[] }> {
  const connects: string[] = [];
  const forwarded: string[] = [];
  const clients: string[] = [];
  const wanted = options.credentials && `Basic ${Buffer.from(options.credentials).toString('base64')}`;
  const forward = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    forwarded.push(request.url ?? '');
    if (wanted !== undefined && request.headers['proxy-authorization'] !== wanted) {
      response.writeHead(407).end();
      return;
    }
    delete request.headers['proxy-authorization'];
    const { method, headers } = request;
    const onward = http.request(request.url ?? '', { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  };
  const { identity } = options;
  const server =
    identity === undefined
      ? http.createServer(forward)
      : https.createServer(
          { cert: identity.certificate, key: identity.key, requestCert: true, rejectUnauthorized: false },
          forward,
        );
  server.on('connect', (request: http.IncomingMessage, socket: net.Socket) => {
    connects.push(request.url ?? '');
    const cn: unknown =
      socket instanceof tls.TLSSocket
        ? (socket.getPeerCertificate() as { subject?: { CN?: unknown } }).subject?.CN
        : undefined;
    if (typeof cn === 'string') clients.push(cn);
    if (wanted !== undefined && request.headers['proxy-authorization'] !== wanted) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    const url = new URL(`http://${request.url ?? ''}`);
    const onward = net.connect(Number(url.port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket);
      socket.pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
    socket.on('close', () => onward.destroy());
  });
  const { port } = await listen(server);
  return { host: `127.0.0.1:${port}`, port, connects, forwarded, clients };
}

/**
 * A SOCKS5 proxy; every name resolves to 127.0.0.1. `asked`: the requested type and name or
 * address.
 */
export async function serveSocks(credentials?: {
  username: string;
  password: string;
}): Promise<{ host: string; asked: string[] }> {
  const asked: string[] = [];
  const { port } = await serveRaw((socket) => {
    let stage: 'greeting' | 'password' | 'request' = 'greeting';
    const onData = (data: Buffer): void => {
      if (stage === 'greeting') {
        const methods = [...data.subarray(2)];
        const method = credentials === undefined ? 0 : 2;
        stage = credentials === undefined ? 'request' : 'password';
        // In two pieces, as a network can deliver it.
        socket.write(Buffer.from([5]));
        setTimeout(() => socket.write(Buffer.from([methods.includes(method) ? method : 0xff])), 5);
      } else if (stage === 'password') {
        const userLength = data[1] ?? 0;
        const user = data.subarray(2, 2 + userLength).toString();
        const password = data.subarray(3 + userLength).toString();
        stage = 'request';
        const right = user === credentials?.username && password === credentials.password;
        socket.write(Buffer.from([1, right ? 0 : 1]));
      } else {
        const type = data[3] ?? 0;
        const host =
          type === 1
            ? data.subarray(4, 8).join('.')
            : type === 3
              ? data.subarray(5, 5 + (data[4] ?? 0)).toString()
              : data.subarray(4, 20).toString('hex');
        asked.push(`${type}:${host}`);
        if (host === 'forbidden.example') {
          socket.write(Buffer.from([5, 2, 0, 1, 0, 0, 0, 0, 0, 0]));
          return;
        }
        socket.off('data', onData);
        const onward = net.connect(data.readUInt16BE(data.length - 2), '127.0.0.1', () => {
          socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 80]));
          onward.pipe(socket);
          socket.pipe(onward);
        });
        onward.on('error', () => socket.destroy());
        socket.on('close', () => onward.destroy());
      }
    };
    socket.on('data', onData);
  });
  return { host: `127.0.0.1:${port}`, asked };
}

const flag: Origin = { kind: 'flag', text: '--server' };

export function origin(text: string): Origin {
  return { kind: 'kubeconfig', text };
}

export function caOf(...identities: readonly { certificate: string }[]): CaSource {
  return {
    pem: identities.map((one) => one.certificate).join(''),
    path: '/home/jane/ca.crt',
    origin: origin('/home/jane/.kube/config, cluster "test"'),
  };
}

export function proxyTo(url: string): { value: Secret; origin: Origin } {
  return { value: new Secret(url), origin: { kind: 'env', text: 'HTTPS_PROXY' } };
}

/** A configuration with only a server. */
export function configFor(server: string, more: Partial<ClusterConfig> = {}): ClusterConfig {
  return {
    server: { value: server, origin: flag },
    insecureSkipTlsVerify: { value: false, origin: { kind: 'default', text: "kapi's default" } },
    disableCompression: false,
    authorization: { kind: 'none' },
    namespace: { value: 'default', origin: { kind: 'default', text: "kapi's default" } },
    requestTimeoutMs: 0,
    inPod: false,
    ...more,
  };
}

/** Credentials that never change, unless `renew` is given. */
export function authenticator(parts: Partial<Authenticator> = {}): Authenticator {
  return {
    authorization: () => Promise.resolve(undefined),
    clientCertificate: () => Promise.resolve(undefined),
    renew: () => Promise.resolve(false),
    ...parts,
  };
}

export function optionsFor(carrier: CarrierName, more: Partial<TransportOptions> = {}): TransportOptions {
  return {
    userAgent: 'kapi/test',
    signal: new AbortController().signal,
    warn: () => undefined,
    now: () => new Date(),
    clock: () => performance.now(),
    random: () => 0,
    sleep,
    env: {},
    platform: 'linux',
    nodeVersion: process.versions.node,
    carrier,
    ...more,
  };
}

export function sendTo(
  server: string,
  carrier: CarrierName,
  config: Partial<ClusterConfig> = {},
  options: Partial<TransportOptions> = {},
  credentials: Partial<Authenticator> = {},
): Send {
  if (sendsOnBun)
    return remoteSend(configFor(server, config), authenticator(credentials), { ...options, carrier });
  return openSend(configFor(server, config), authenticator(credentials), optionsFor(carrier, options));
}

export async function textOf(response: ApiResponse): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Returns the rejection of a promise. */
export async function failureOf(promise: Promise<unknown>): Promise<{
  name: string;
  code: string;
  message: string;
  causes: readonly string[];
  hint: string | undefined;
  cause: unknown;
}> {
  try {
    await promise;
  } catch (error) {
    return error as never;
  }
  throw new Error('it did not fail');
}

export const get = { method: 'GET', path: '/version' } as const;

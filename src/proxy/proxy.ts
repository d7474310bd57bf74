// The local server of kapi proxy: checks each request, forwards it, and streams the response back.
// Entry point: openProxy(). exchange.ts handles one request, upgrade.ts handles upgraded
// connections.

import http from 'node:http';
import { Socket, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { BugError } from '../errors.ts';
import type { Send } from '../model/request.ts';
import type { OpenUpgrade } from '../model/upgrade.ts';
import { Exchange, type Upstream } from './exchange.ts';
import { canAnswerHalfClosed } from './half-closed.ts';
import type { Described, LogEntry } from './log-line.ts';
import { answerOf } from './refusal.ts';
import type { Rules } from './rules.ts';

export interface ProxyOptions {
  readonly send: Send;
  readonly upgrade: OpenUpgrade;
  readonly rules: Rules;
  /** Segments of the path prefix that the proxy serves the API under. Empty for the root. */
  readonly prefix: readonly string[];
  /** Where to listen. Port 0 selects a free one. */
  readonly listen: { readonly port: number; readonly host: string } | { readonly path: string };
  /**
   * Runs a function so that only the owner can access the files it creates: other users can never
   * open the socket.
   */
  readonly privately: <Value>(make: () => Value) => Value;
  /** Describes a request in terms of the API. */
  readonly describe: (request: { readonly method: string; readonly path: string }) => Described;
  /** Called once for each request, when it has ended. */
  readonly log: (entry: LogEntry) => void;
  /** A monotonic clock in milliseconds. */
  readonly clock: () => number;
}

export interface RunningProxy {
  /** `127.0.0.1:8001`, `[::1]:8001`, or the path of the socket. */
  readonly address: string;
  /**
   * Accepts no more requests, ends watches and upgraded connections, and lets other requests
   * finish.
   * @param graceMs time after which the remaining requests are cut off
   */
  readonly stop: (graceMs: number) => Promise<void>;
}

/**
 * Max bytes of a request's headers. More than the API server's own URLs need, far less than Go's 1
 * MiB.
 */
const headerBytes = 64 * 1024;

/**
 * Milliseconds that an idle connection stays open, as with load balancers. Node's default of five
 * seconds races with clients that reuse a connection.
 */
const keepAliveMs = 90_000;

/**
 * Max connections that wait to be accepted. The kernel may lower it, and drops what exceeds it, so
 * that a client waits a second or a minute for its next attempt. Node's default is 511; Go uses the
 * max of the kernel, which is 4096 on Linux.
 */
const backlog = 4096;

/**
 * Starts the proxy.
 * @throws the system's error if kapi cannot listen on the address (`EADDRINUSE`, `EACCES`,
 *   `EADDRNOTAVAIL`)
 */
export async function openProxy(options: ProxyOptions): Promise<RunningProxy> {
  const upstream: Upstream = options;
  const running = new Set<Exchange>();
  let stopping = false;
  const server = http.createServer({
    // Strict parsing: two parsers that disagree make request smuggling possible.
    insecureHTTPParser: false,
    maxHeaderSize: headerBytes,
    keepAliveTimeout: keepAliveMs,
    // A large upload can take long; headers cannot.
    requestTimeout: 0,
    headersTimeout: 60_000,
  });
  // A client that closes its side can still read (`printf … | nc -N`). Exchange decides how long.
  Object.assign(server, { httpAllowHalfOpen: canAnswerHalfClosed });

  const take = (request: http.IncomingMessage, response: http.ServerResponse, tunnel?: Tunnel): void => {
    if (stopping) response.shouldKeepAlive = false;
    const exchange = new Exchange(request, response, upstream, tunnel);
    running.add(exchange);
    void exchange.ended
      .then((entry) => {
        running.delete(exchange);
        // Node keeps a connection open that becomes idle after close().
        if (stopping) setImmediate(() => server.closeIdleConnections());
        options.log(entry);
      })
      // A log that cannot be written must not end other requests.
      .catch(() => undefined);
  };
  /** Limits an unexpected error to the connection that caused it. */
  const guarded = (request: http.IncomingMessage, begin: () => void): void => {
    try {
      begin();
    } catch {
      request.socket.destroy();
    }
  };
  server.on('request', (request, response) => {
    guarded(request, () => take(request, response));
  });
  // Checks the request before it asks the client for the body.
  server.on('checkContinue', (request, response) => {
    guarded(request, () => take(request, response));
  });
  server.on('upgrade', (request: http.IncomingMessage, socket: Duplex, head: Buffer) => {
    guarded(request, () => take(request, responseOver(request, socket), { socket, head }));
  });
  server.on('connect', (request: http.IncomingMessage, socket: Duplex) => {
    guarded(request, () => take(request, responseOver(request, socket)));
  });
  // What the parser refuses is not a request and gets no line in the log.
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (!socket.writable || error.code === 'ECONNRESET' || !(socket instanceof Socket)) socket.destroy();
    // After a response, the client would read another one as the answer to a request that kapi
    // never read.
    else if (socket.bytesWritten > 0) socket.destroySoon();
    else socket.end(plainAnswer(error.code));
  });
  await listen(server, options);

  return {
    address: addressOf(server),
    stop: async (graceMs) => {
      stopping = true;
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      for (const exchange of running) exchange.stop('endless');
      const timer = setTimeout(() => {
        for (const exchange of running) exchange.stop('any');
        server.closeAllConnections();
      }, graceMs);
      await Promise.all([...running].map(({ ended }) => ended));
      clearTimeout(timer);
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A client's connection that left HTTP, and the bytes it already sent. */
export interface Tunnel {
  readonly socket: Duplex;
  readonly head: Uint8Array;
}

/**
 * Makes an ordinary response on a connection that Node no longer parses as HTTP. It is the last
 * response there: nothing after the request is parsed.
 */
function responseOver(request: http.IncomingMessage, socket: Duplex): http.ServerResponse {
  const response = new http.ServerResponse(request);
  response.shouldKeepAlive = false;
  if (!(socket instanceof Socket)) throw new BugError('a client without a socket', { code: 'NoSocket' });
  response.assignSocket(socket);
  socket.on('error', () => response.destroy());
  // Node removed its own listener when the connection left HTTP.
  socket.on('drain', () => response.emit('drain'));
  // The client can keep its side open indefinitely, and kapi needs nothing more from it.
  response.once('finish', () => socket.end(() => socket.destroy()));
  return response;
}

function plainAnswer(code: string | undefined): string {
  const status =
    code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request';
  const { headers, body } = answerOf({
    status: 400,
    rule: 'no HTTP',
    message: status.slice(4),
    form: 'text',
  });
  const lines = Object.entries({ ...headers, 'content-length': String(body.length), connection: 'close' });
  return `HTTP/1.1 ${status}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}

function listen(
  server: http.Server,
  { listen: where, privately }: Pick<ProxyOptions, 'listen' | 'privately'>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // Node binds before listen() returns.
    privately(() =>
      server.listen({ ...where, backlog }, () => {
        server.off('error', reject);
        // A connection that could not be accepted (too few file descriptors) is lost and affects
        // nothing else.
        server.on('error', () => undefined);
        resolve();
      }),
    );
  });
}

function addressOf(server: http.Server): string {
  const address: string | AddressInfo | null = server.address();
  if (address === null) throw new BugError('the proxy listens nowhere', { code: 'NotListening' });
  if (typeof address === 'string') return address;
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `${host}:${address.port}`;
}

// The local server of kapi proxy: judges each request, sends it on, streams the answer back. Entry point: openProxy().
// How an answer travels is exchange.ts's, upgraded connections are upgrade.ts's.

import http from 'node:http';
import { Socket, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { BugError } from '../errors.ts';
import type { Send } from '../model/request.ts';
import type { OpenUpgrade } from '../model/upgrade.ts';
import { Exchange, type Upstream } from './exchange.ts';
import type { Described, LogEntry } from './log-line.ts';
import { answerOf } from './refusal.ts';
import type { Rules } from './rules.ts';

export interface ProxyOptions {
  readonly send: Send;
  readonly upgrade: OpenUpgrade;
  readonly rules: Rules;
  /** Segments under which the API is served; none for the root. */
  readonly prefix: readonly string[];
  /** Where to listen; port 0 takes a free one. */
  readonly listen: { readonly port: number; readonly host: string } | { readonly path: string };
  /** Makes something while the files that it creates are for their owner only: the socket is never open to others. */
  readonly privately: <Value>(make: () => Value) => Value;
  /** What a request asks for, in the API's terms. */
  readonly describe: (request: { readonly method: string; readonly path: string }) => Described;
  /** Called once for each request, when it has ended. */
  readonly log: (entry: LogEntry) => void;
  /** Only goes forward. Milliseconds. */
  readonly clock: () => number;
}

export interface RunningProxy {
  /** `127.0.0.1:8001`, `[::1]:8001`, or the path of the socket. */
  readonly address: string;
  /**
   * Takes no more requests, ends watches and upgraded connections, and gives other requests some time to end.
   * @param graceMs after it they are cut off
   */
  readonly stop: (graceMs: number) => Promise<void>;
}

/** Larger than what the API server's own URLs need, far below Go's 1 MiB. */
const headerBytes = 64 * 1024;

/** As long as load balancers keep idle connections; Node's five seconds make clients race. */
const keepAliveMs = 90_000;

/**
 * Starts to listen.
 * @throws the system's error when the address cannot be had (`EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL`)
 */
export async function openProxy(options: ProxyOptions): Promise<RunningProxy> {
  const upstream: Upstream = options;
  const running = new Set<Exchange>();
  let stopping = false;
  const server = http.createServer({
    // Never lenient: two readers of one request are how requests are smuggled.
    insecureHTTPParser: false,
    maxHeaderSize: headerBytes,
    keepAliveTimeout: keepAliveMs,
    // A large upload may take its time; headers may not.
    requestTimeout: 0,
    headersTimeout: 60_000,
  });

  const take = (request: http.IncomingMessage, response: http.ServerResponse, tunnel?: Tunnel): void => {
    if (stopping) response.shouldKeepAlive = false;
    const exchange = new Exchange(request, response, upstream, tunnel);
    running.add(exchange);
    void exchange.ended
      .then((entry) => {
        running.delete(exchange);
        // Node lets an idle connection of a closing server live on when it became idle after close().
        if (stopping) setImmediate(() => server.closeIdleConnections());
        options.log(entry);
      })
      // A log that cannot be written is no reason to end the others.
      .catch(() => undefined);
  };
  /** A surprise of one connection ends that connection. */
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
  // Judged before the client is asked for the body.
  server.on('checkContinue', (request, response) => {
    guarded(request, () => take(request, response));
  });
  server.on('upgrade', (request: http.IncomingMessage, socket: Duplex, head: Buffer) => {
    guarded(request, () => take(request, responseOver(request, socket), { socket, head }));
  });
  server.on('connect', (request: http.IncomingMessage, socket: Duplex) => {
    guarded(request, () => take(request, responseOver(request, socket)));
  });
  // What the parser refuses is no request and has no line in the log.
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (!socket.writable || error.code === 'ECONNRESET' || !(socket instanceof Socket)) socket.destroy();
    // After an answer another one would be taken for that to a request which was never read.
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

/** A client's connection that has left HTTP's hands, and what it said already. */
export interface Tunnel {
  readonly socket: Duplex;
  readonly head: Uint8Array;
}

/**
 * An ordinary response on a connection that Node has given up as one of HTTP. It is the last one there: what follows the
 * request has not been read as one and never is.
 */
function responseOver(request: http.IncomingMessage, socket: Duplex): http.ServerResponse {
  const response = new http.ServerResponse(request);
  response.shouldKeepAlive = false;
  if (!(socket instanceof Socket)) throw new BugError('a client without a socket', { code: 'NoSocket' });
  response.assignSocket(socket);
  socket.on('error', () => response.destroy());
  // Node's own listener went when the connection left its hands.
  socket.on('drain', () => response.emit('drain'));
  // The client may keep its side open for as long as it likes; nothing of it is wanted any more.
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
      server.listen(where, () => {
        server.off('error', reject);
        // A connection that could not be accepted (too few file descriptors) is lost, and no more than that.
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

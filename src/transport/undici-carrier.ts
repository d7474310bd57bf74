// The carrier over undici's Pool, for proxies and for many parallel requests. Its sockets come from
// connect.ts. Entry point: openUndiciCarrier().

import { Readable, type Duplex } from 'node:stream';
import v8 from 'node:v8';
import type { Dispatcher, Pool as UndiciPool } from 'undici';
import { messageOf } from '../errors.ts';
import { reasonOf } from '../model/abort.ts';
import type { Carrier, CarrierAnswer, CarrierRequest, OpenSocket } from './carrier.ts';
import { Fault } from './fault.ts';
import { mutableHeaders } from './headers.ts';
import type { Limits } from './limits.ts';
import { pairsOf } from './node-carrier.ts';
import { goneAlready, requestFault } from './request-fault.ts';
import { StartQueue } from './start-queue.ts';

/**
 * Opens a carrier over undici's Pool.
 * @param openSocket opens every connection of the carrier
 * @param nodeVersion version of the running Node, without `v`
 */
export async function openUndiciCarrier(
  openSocket: OpenSocket,
  limits: Limits,
  nodeVersion: string,
): Promise<Carrier> {
  const { default: Pool } = await import('undici/lib/dispatcher/pool.js');
  preferBaselineCompiler(nodeVersion);
  let pool = new Line(Pool, openSocket, limits);
  return {
    send: (request) => pool.send(request),
    renew: () => {
      pool.retire();
      pool = new Line(Pool, openSocket, limits);
    },
    close: () => {
      pool.retire();
    },
  };
}

/**
 * Makes Node 20 compile undici's parser, a WebAssembly module, with the baseline compiler, in 2 ms.
 * The default there, the optimizing compiler, takes 50 ms before the first use. Later versions of
 * V8 compile one function at a time, and the flag makes them slower.
 */
function preferBaselineCompiler(nodeVersion: string): void {
  if (nodeVersion.startsWith('20.')) v8.setFlagsFromString('--liftoff-only');
}

/** One pool and the connections that it is opening. */
class Line {
  readonly #pool: UndiciPool;
  readonly #limits: Limits;
  readonly #queue: StartQueue;
  /** Number of requests without an answer. */
  #waiting = 0;
  /** Whose data undici is parsing, while it calls a handler. */
  #parsed: Inflow | undefined;
  /** Connections that are being opened. undici has no way to cancel them. */
  readonly #opening = new Set<AbortController>();

  constructor(Pool: typeof UndiciPool, openSocket: OpenSocket, limits: Limits) {
    this.#limits = limits;
    // undici sees every server as plain http, because its sockets already speak TLS. The host name
    // here is only a key.
    this.#pool = new Pool('http://server', {
      connect: (_options, callback) => {
        // After an abort undici opens another connection for the aborted request, which would keep
        // the process alive.
        if (this.#waiting === 0) {
          callback(new Error('no request waits for a connection'), null);
          return;
        }
        const controller = new AbortController();
        this.#opening.add(controller);
        openSocket(controller.signal)
          .finally(() => this.#opening.delete(controller))
          .then(
            (socket) => {
              const failure = goneAlready(socket);
              if (failure !== undefined) {
                callback(failure, null);
                return;
              }
              const inflow = new Inflow(socket, () => (this.#parsed = inflow));
              callback(null, socket);
            },
            (error: unknown) => {
              callback(error instanceof Error ? error : new Error(messageOf(error)), null);
            },
          );
      },
      pipelining: 1,
      // kapi applies its own time limits, the same for both carriers.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: limits.idleMs,
      keepAliveMaxTimeout: limits.idleMs,
      maxHeaderSize: limits.headerBytes,
    });
    this.#queue = new StartQueue(limits.openings, limits.openingTickMs, () => this.#pool.stats.free > 0);
  }

  retire(): void {
    // A pool takes no requests after close().
    this.#queue.flush();
    this.#pool.close(() => undefined);
  }

  send(request: CarrierRequest): Promise<CarrierAnswer> {
    const { signal } = request;
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(reasonOf(signal));
        return;
      }
      let controller: Dispatcher.DispatchController | undefined;
      let body: Readable | undefined;
      let inflow: Inflow | undefined;
      let waiting = true;
      let started = (): void => undefined;
      this.#waiting += 1;
      const answered = (): void => {
        if (!waiting) return;
        waiting = false;
        this.#waiting -= 1;
      };
      const abort = (): void => {
        const reason = reasonOf(signal);
        answered();
        reject(reason);
        controller?.abort(reason);
        body?.destroy(reason);
        // No request needs a connection now. An open attempt would only keep the process alive.
        if (this.#waiting === 0) for (const opening of this.#opening) opening.abort(reason);
      };
      const release = (): void => {
        started();
        answered();
        signal.removeEventListener('abort', abort);
      };
      signal.addEventListener('abort', abort, { once: true });
      let informational = 0;
      const handler: Dispatcher.DispatchHandler = {
        onRequestStart: (control) => {
          controller = control;
          if (signal.aborted) control.abort(reasonOf(signal));
          else request.onSent?.();
          started();
        },
        onResponseStart: (control, status, _headers, statusText = '') => {
          // An informational answer (1xx): the real answer follows.
          if (status < 200) {
            informational += 1;
            if (informational <= this.#limits.informational) return;
            control.abort(new Fault({ phase: 'request', party: 'server', code: 'TOO_MANY_1XX' }));
            return;
          }
          answered();
          inflow = this.#parsed;
          body = bodyOf(control, inflow);
          body.once('close', release);
          resolve({ status, statusText, headers: rawHeaders(control.rawHeaders), body });
        },
        onResponseData: (_control, chunk) => {
          if (body?.push(chunk) === false) inflow?.stop();
        },
        onResponseEnd: () => {
          inflow?.release();
          // undici frees its connection in the next turn of the event loop. A reader that sends its
          // next request at once would get a second connection.
          setImmediate(() =>
            setImmediate(() => {
              body?.push(null);
              this.#queue.go();
            }),
          );
        },
        onResponseError: (_control, error) => {
          release();
          reject(requestFault(error, false));
          body?.destroy(error);
        },
      };
      this.#queue.add((done) => {
        started = done;
        if (signal.aborted) {
          release();
          return;
        }
        try {
          this.#pool.dispatch(
            {
              method: request.method,
              path: request.target,
              headers: mutableHeaders(request.headers),
              body: bodyFor(request.body, reject),
            },
            handler,
          );
        } catch (error) {
          release();
          reject(error instanceof Error ? error : new Error(messageOf(error)));
        }
      });
    });
  }
}

/**
 * Stops what undici reads from a socket while the reader of a response is slow. undici's own pause
 * ends the process if the server closes the connection meanwhile; here the end of the connection
 * waits behind the data.
 * @see https://github.com/nodejs/undici/issues/5360
 */
class Inflow {
  readonly #socket: Duplex;
  #isStopped = false;

  /** @param onRead called before undici parses data of the socket */
  constructor(socket: Duplex, onRead: () => void) {
    this.#socket = socket;
    const read = socket.read.bind(socket);
    socket.read = (size?: number): unknown => {
      if (this.#isStopped) return null;
      onRead();
      return read(size);
    };
  }

  stop(): void {
    this.#isStopped = true;
  }

  go(): void {
    if (!this.#isStopped) return;
    this.#isStopped = false;
    this.#socket.emit('readable');
  }

  /** For a call by undici, which then reads more without being asked. */
  release(): void {
    this.#isStopped = false;
  }
}

function bodyOf(control: Dispatcher.DispatchController, inflow: Inflow | undefined): Readable {
  const body = new Readable({
    read: () => {
      inflow?.go();
    },
    destroy: (error, callback) => {
      // Does nothing after the answer is complete.
      if (!body.readableEnded) control.abort(error ?? new Error('the rest of the answer is not wanted'));
      callback(error);
    },
  });
  // The reader of the body gets its errors. Without a reader an error must not end the process.
  body.on('error', () => undefined);
  return body;
}

function rawHeaders(raw: Dispatcher.DispatchController['rawHeaders']): (readonly [string, string])[] {
  if (!Array.isArray(raw)) return [];
  return pairsOf(
    raw.map((part: Buffer | string) => (typeof part === 'string' ? part : part.toString('latin1'))),
  );
}

function bodyFor(
  body: CarrierRequest['body'],
  failed: (error: Error) => void,
): string | Buffer | Readable | null {
  if (body === undefined || typeof body === 'string') return body ?? null;
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const source = Readable.from(body);
  // An error of the caller's stream (a file that cannot be read), not of the connection.
  source.once('error', failed);
  return source;
}

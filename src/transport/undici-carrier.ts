// The carrier over undici's Pool: for proxies and for many requests at a time. Connections are connect.ts's.

import { Readable } from 'node:stream';
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

/**
 * @param openSocket makes every connection
 * @param nodeVersion of the running Node, without `v`
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
 * Node 20 compiles undici's parser, a WebAssembly module, with the optimising compiler before its first use: 50 ms.
 * The baseline compiler does it in 2 ms. Later versions of V8 compile function by function by themselves, and the
 * flag slows them down.
 */
function preferBaselineCompiler(nodeVersion: string): void {
  if (nodeVersion.startsWith('20.')) v8.setFlagsFromString('--liftoff-only');
}

/** One pool with the connections that it is about to open. */
class Line {
  readonly #pool: UndiciPool;
  readonly #limits: Limits;
  /** Requests without an answer yet. */
  #waiting = 0;
  /** Connections being opened; undici cannot be asked to stop. */
  readonly #opening = new Set<AbortController>();

  constructor(Pool: typeof UndiciPool, openSocket: OpenSocket, limits: Limits) {
    this.#limits = limits;
    // To undici every server is plain http: the sockets it gets speak TLS already. Its name is only a key.
    this.#pool = new Pool('http://server', {
      connect: (_options, callback) => {
        // After an abort undici opens a connection for the aborted request once more, which would hold the process.
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
              if (failure === undefined) callback(null, socket);
              else callback(failure, null);
            },
            (error: unknown) => {
              callback(error instanceof Error ? error : new Error(messageOf(error)), null);
            },
          );
      },
      pipelining: 1,
      // Time limits are the transport's own, the same for both carriers.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: limits.idleMs,
      keepAliveMaxTimeout: limits.idleMs,
      maxHeaderSize: limits.headerBytes,
    });
  }

  retire(): void {
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
      let waiting = true;
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
        // Nobody waits for a connection any more: an attempt at one would only hold the process.
        if (this.#waiting === 0) for (const opening of this.#opening) opening.abort(reason);
      };
      const release = (): void => {
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
        },
        onResponseStart: (control, status, _headers, statusText = '') => {
          // 1xx: the answer itself is still to come.
          if (status < 200) {
            informational += 1;
            if (informational <= this.#limits.informational) return;
            control.abort(new Fault({ phase: 'request', party: 'server', code: 'TOO_MANY_1XX' }));
            return;
          }
          answered();
          body = bodyOf(control);
          body.once('close', release);
          resolve({ status, statusText, headers: rawHeaders(control.rawHeaders), body });
        },
        onResponseData: (control, chunk) => {
          if (body?.push(chunk) === false) control.pause();
        },
        onResponseEnd: () => {
          // undici takes its connection back in the next turn of the loop; a reader that asks again at once would
          // be given a second one.
          setImmediate(() => setImmediate(() => body?.push(null)));
        },
        onResponseError: (_control, error) => {
          release();
          reject(requestFault(error, false));
          body?.destroy(error);
        },
      };
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
  }
}

function bodyOf(control: Dispatcher.DispatchController): Readable {
  const body = new Readable({
    read: () => {
      control.resume();
    },
    destroy: (error, callback) => {
      // Does nothing once the answer is complete.
      if (!body.readableEnded) control.abort(error ?? new Error('the rest of the answer is not wanted'));
      callback(error);
    },
  });
  // Whoever reads the body sees its error; without a reader it must not end the process.
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
  // The caller's own failure (a file that cannot be read), not the connection's.
  source.once('error', failed);
  return source;
}

// The carrier over node:http: quick to start. TLS and proxies are connect.ts's, so plain node:http serves https too.

import http from 'node:http';
import { pipeline, Readable, type Duplex } from 'node:stream';
import type { Carrier, CarrierAnswer, CarrierRequest, OpenSocket } from './carrier.ts';
import { mutableHeaders } from './headers.ts';
import { goneAlready, requestFault } from './request-fault.ts';
import type { Limits } from './limits.ts';
import { reasonOf } from './scope.ts';

/** @param openSocket makes every connection */
export function openNodeCarrier(openSocket: OpenSocket, limits: Limits): Carrier {
  let agent = new SocketAgent(openSocket, limits);
  return {
    send: (request) => send(request, agent, limits),
    renew: () => {
      agent.retire();
      agent = new SocketAgent(openSocket, limits);
    },
    close: () => {
      agent.retire();
    },
  };
}

/** Keeps connections alive between requests and lets connect.ts open them. */
class SocketAgent extends http.Agent {
  readonly #openSocket: OpenSocket;
  #retired = false;

  constructor(openSocket: OpenSocket, limits: Limits) {
    super({ keepAlive: true, timeout: limits.idleMs });
    this.#openSocket = openSocket;
  }

  override createConnection(
    options: http.ClientRequestArgs,
    callback: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    // Node hands the options of the request that waits for the connection to us, its signal among them.
    const signal = options.signal ?? new AbortController().signal;
    const fail = (error: unknown): void => {
      // In Node's own callers the stream is absent beside an error, which its types cannot say.
      Reflect.apply(callback, undefined, [error]);
    };
    this.#openSocket(signal).then((socket) => {
      const failure = goneAlready(socket);
      if (failure === undefined) callback(null, socket);
      else fail(failure);
    }, fail);
  }

  override keepSocketAlive(socket: Duplex): boolean {
    if (this.#retired) return false;
    super.keepSocketAlive(socket);
    return true;
  }

  /** Ends idle connections; busy ones end with their answer. */
  retire(): void {
    this.#retired = true;
    for (const sockets of Object.values(this.freeSockets)) {
      for (const socket of sockets ?? []) socket.destroy();
    }
  }
}

function send(request: CarrierRequest, agent: http.Agent, limits: Limits): Promise<CarrierAnswer> {
  const { signal, body } = request;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(reasonOf(signal));
      return;
    }
    const outgoing = http.request({
      agent,
      method: request.method,
      path: request.target,
      headers: { ...mutableHeaders(request.headers), ...framing(body) },
      setHost: false,
      signal,
      maxHeaderSize: limits.headerBytes,
    });
    // Node drops headers above its own limit in silence; send.ts counts them.
    outgoing.maxHeadersCount = 0;
    let answer: http.IncomingMessage | undefined;
    outgoing.once('socket', () => request.onSent?.());
    outgoing.once('response', (response) => {
      answer = response;
      resolve({
        status: response.statusCode ?? 0,
        statusText: response.statusMessage ?? '',
        headers: pairsOf(response.rawHeaders),
        body: response,
      });
    });
    outgoing.on('error', (error) => {
      if (signal.aborted) reject(reasonOf(signal));
      else reject(requestFault(error, outgoing.reusedSocket));
      // A parse error in the middle of the body is reported here, and the body would only say "aborted".
      answer?.destroy(error);
    });
    outgoing.once('close', () => {
      reject(requestFault(undefined, outgoing.reusedSocket));
    });
    if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) {
      outgoing.end(body);
    } else {
      pipeline(Readable.from(body), outgoing, (error) => {
        if (error instanceof Error && answer === undefined) outgoing.destroy(error);
      });
    }
  });
}

function framing(body: CarrierRequest['body']): Record<string, string> {
  if (body === undefined) return {};
  if (typeof body === 'string' || body instanceof Uint8Array) {
    return { 'content-length': String(Buffer.byteLength(body)) };
  }
  return { 'transfer-encoding': 'chunked' };
}

/** A flat list of names and values as pairs. */
export function pairsOf(flat: readonly string[]): (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  for (let index = 0; index + 1 < flat.length; index += 2)
    pairs.push([flat[index] ?? '', flat[index + 1] ?? '']);
  return pairs;
}

// The carrier over node:http, which starts fast. Its sockets come from connect.ts with TLS and
// proxies done, so plain node:http serves https too. Entry point: openNodeCarrier().

import { Agent, request as openRequest, type ClientRequestArgs, type IncomingMessage } from 'node:http';
import type { ClientRequest, RequestOptions } from 'node:http';
import { Readable, type Duplex } from 'node:stream';
import { reasonOf } from '../model/abort.ts';
import type { Carrier, CarrierAnswer, CarrierRequest, OpenSocket } from './carrier.ts';
import { Fault } from './fault.ts';
import { mutableHeaders } from './headers.ts';
import type { Limits } from './limits.ts';
import { goneAlready, requestFault } from './request-fault.ts';

/**
 * Opens a carrier over node:http.
 * @param openSocket opens every connection of the carrier
 */
export function openNodeCarrier(openSocket: OpenSocket, limits: Limits): Carrier {
  let agent = new SocketAgent(openSocket, limits);
  const answers = new Set<IncomingMessage>();
  return {
    send: async (request) => {
      // A reader sees the end of a body when it is complete (body.ts). Its connection becomes free
      // a few ticks later.
      if ([...answers].some(({ complete }) => complete)) await new Promise(setImmediate);
      return send(request, agent, limits, answers);
    },
    renew: () => {
      agent.retire();
      agent = new SocketAgent(openSocket, limits);
    },
    close: () => {
      agent.retire();
    },
  };
}

/** Destroys a connection on which bytes arrive while no request uses it. */
function endIdle(this: Duplex): void {
  this.destroy();
}

/** Key of the request option that holds the signal for opening a connection. */
const connectSignal = Symbol('connectSignal');

/** Keeps connections alive between requests, and opens them with connect.ts. */
class SocketAgent extends Agent {
  readonly #openSocket: OpenSocket;
  #retired = false;

  constructor(openSocket: OpenSocket, { idleMs }: Limits) {
    super({ keepAlive: true, timeout: idleMs });
    this.#openSocket = openSocket;
  }

  override createConnection(
    options: ClientRequestArgs,
    callback: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    // Node passes the options of the request that needs this connection, except its `signal`.
    const given: unknown = Reflect.get(options, connectSignal);
    const signal = given instanceof AbortSignal ? given : new AbortController().signal;
    const fail = (error: unknown): void => {
      // Node's own callers omit the stream when there is an error. The types of Node do not allow
      // that.
      Reflect.apply(callback, undefined, [error]);
    };
    this.#openSocket(signal).then((socket) => {
      const failure = goneAlready(socket);
      if (failure === undefined) callback(null, socket);
      else fail(failure);
    }, fail);
  }

  override keepSocketAlive(socket: Duplex): boolean {
    // Bytes after the end of an answer belong to no request. They would be read as the answer to
    // the next one.
    if (this.#retired || socket.readableLength > 0) return false;
    super.keepSocketAlive(socket);
    socket.once('data', endIdle);
    return true;
  }

  override reuseSocket(socket: Duplex, request: ClientRequest): void {
    socket.off('data', endIdle);
    super.reuseSocket(socket, request);
  }

  /** Ends idle connections now, and busy ones when their answers end. */
  retire(): void {
    this.#retired = true;
    for (const sockets of Object.values(this.freeSockets)) {
      for (const socket of sockets ?? []) socket.destroy();
    }
  }
}

function send(
  request: CarrierRequest,
  agent: Agent,
  limits: Limits,
  answers: Set<IncomingMessage>,
): Promise<CarrierAnswer> {
  const { signal, body } = request;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(reasonOf(signal));
      return;
    }
    const options: RequestOptions = {
      agent,
      method: request.method,
      path: request.target,
      headers: { ...mutableHeaders(request.headers), ...framingHeader(body) },
      setHost: false,
      maxHeaderSize: limits.headerBytes,
    };
    const outgoing = openRequest(Object.assign(options, { [connectSignal]: signal }));
    // Node silently drops headers above its own limit. send.ts enforces kapi's limit.
    outgoing.maxHeadersCount = 0;
    let answer: IncomingMessage | undefined;
    // Handled here because Node's own handling of a signal waits for the connection before it
    // reports the abort.
    const abort = (): void => {
      const reason = reasonOf(signal);
      reject(reason);
      answer?.destroy(reason);
      outgoing.destroy(reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    outgoing.once('socket', () => request.onSent?.());
    outgoing.once('response', (response) => {
      answer = response;
      answers.add(response);
      response.once('close', () => answers.delete(response));
      resolve({
        status: response.statusCode ?? 0,
        statusText: response.statusMessage ?? '',
        headers: pairsOf(response.rawHeaders),
        body: response,
      });
    });
    let informational = 0;
    outgoing.on('information', () => {
      informational += 1;
      if (informational <= limits.informational) return;
      outgoing.destroy(new Fault({ phase: 'request', party: 'server', code: 'TOO_MANY_1XX' }));
    });
    outgoing.on('error', (error) => {
      reject(requestFault(error, outgoing.reusedSocket));
      // Node reports a parse error in the middle of a body here, and the body itself would only say
      // "aborted". Bytes that follow a complete body are ignored.
      if (answer?.complete === false) answer.destroy(error);
    });
    outgoing.once('close', () => {
      signal.removeEventListener('abort', abort);
      reject(requestFault(undefined, outgoing.reusedSocket));
    });
    if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) {
      // Write bytes: Node sends a text body and the head before it as one UTF-8 string, which would
      // encode header values twice.
      outgoing.end(typeof body === 'string' ? Buffer.from(body) : body);
      return;
    }
    const source = Readable.from(body);
    source.once('error', (error) => {
      // An error of the caller's stream (a file that cannot be read), not of the connection.
      reject(error);
      outgoing.destroy(error);
    });
    outgoing.once('close', () => source.destroy());
    source.pipe(outgoing);
  });
}

/** Returns the header that frames the body: its length, or chunked encoding for a stream. */
function framingHeader(body: CarrierRequest['body']): Record<string, string> {
  if (body === undefined) return {};
  if (typeof body === 'string' || body instanceof Uint8Array) {
    return { 'content-length': String(Buffer.byteLength(body)) };
  }
  return { 'transfer-encoding': 'chunked' };
}

/** Returns a flat list of names and values as pairs. */
export function pairsOf(flat: readonly string[]): (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  for (let index = 0; index + 1 < flat.length; index += 2)
    pairs.push([flat[index] ?? '', flat[index + 1] ?? '']);
  return pairs;
}

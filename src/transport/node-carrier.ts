// The carrier over node:http: quick to start. TLS and proxies are connect.ts's, so plain node:http serves https too.

import { Agent, request as openRequest, type ClientRequestArgs, type IncomingMessage } from 'node:http';
import type { ClientRequest, RequestOptions } from 'node:http';
import { Readable, type Duplex } from 'node:stream';
import { reasonOf } from '../model/abort.ts';
import type { Carrier, CarrierAnswer, CarrierRequest, OpenSocket } from './carrier.ts';
import { Fault } from './fault.ts';
import { mutableHeaders } from './headers.ts';
import type { Limits } from './limits.ts';
import { goneAlready, requestFault } from './request-fault.ts';

/** @param openSocket makes every connection */
export function openNodeCarrier(openSocket: OpenSocket, limits: Limits): Carrier {
  let agent = new SocketAgent(openSocket, limits);
  const answers = new Set<IncomingMessage>();
  return {
    send: async (request) => {
      // The body of an answer ends for its reader when it is complete (body.ts); its connection is free a few ticks later.
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

/** For bytes on a connection that no request uses. */
function endIdle(this: Duplex): void {
  this.destroy();
}

/** Where a request's options carry the signal that ends its connecting. */
const connectSignal = Symbol('connectSignal');

/** Keeps connections alive between requests and lets connect.ts open them. */
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
    // Node hands over the options of the request that waits for this connection, all but its `signal`.
    const given: unknown = Reflect.get(options, connectSignal);
    const signal = given instanceof AbortSignal ? given : new AbortController().signal;
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
    // What has come after an answer was not asked for, and would be taken for the answer to the next request.
    if (this.#retired || socket.readableLength > 0) return false;
    super.keepSocketAlive(socket);
    socket.once('data', endIdle);
    return true;
  }

  override reuseSocket(socket: Duplex, request: ClientRequest): void {
    socket.off('data', endIdle);
    super.reuseSocket(socket, request);
  }

  /** Ends idle connections; busy ones end with their answer. */
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
      headers: { ...mutableHeaders(request.headers), ...framing(body) },
      setHost: false,
      maxHeaderSize: limits.headerBytes,
    };
    const outgoing = openRequest(Object.assign(options, { [connectSignal]: signal }));
    // Node drops headers above its own limit in silence; send.ts counts them.
    outgoing.maxHeadersCount = 0;
    let answer: IncomingMessage | undefined;
    // Not left to Node: its own handling of a signal waits for the connection before it says anything.
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
      // A parse error in the middle of the body is reported here, and the body would only say "aborted". Once the
      // body is complete, what follows it is of no interest.
      if (answer?.complete === false) answer.destroy(error);
    });
    outgoing.once('close', () => {
      signal.removeEventListener('abort', abort);
      reject(requestFault(undefined, outgoing.reusedSocket));
    });
    if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) {
      // As bytes: Node writes a text body and the head before it as one UTF-8 string, and would encode header values twice.
      outgoing.end(typeof body === 'string' ? Buffer.from(body) : body);
      return;
    }
    const source = Readable.from(body);
    source.once('error', (error) => {
      // The caller's own failure (a file that cannot be read), not the connection's.
      reject(error);
      outgoing.destroy(error);
    });
    outgoing.once('close', () => source.destroy());
    source.pipe(outgoing);
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

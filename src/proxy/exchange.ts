// Handles one request of the proxy, from the check of the request to the last byte of the response.
// Entry point: Exchange.

import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { ConnectionError, KapiError, messageOf } from '../errors.ts';
import type { ApiResponse, RequestSpec, Send } from '../model/request.ts';
import type { OpenUpgrade } from '../model/upgrade.ts';
import { headersToClient, headersToServer, isFramedTwice, placeOf } from './headers.ts';
import type { Described, LogEntry } from './log-line.ts';
import { answerOf, refusalOf, type Refusal } from './refusal.ts';
import { judgeCaller, judgeRequest, type Rules } from './rules.ts';
import { readTarget, type Target, type TargetReading } from './target.ts';
import { join, protocolOf } from './upgrade.ts';

/** The parts of the proxy that an exchange needs. */
export interface Upstream {
  readonly send: Send;
  readonly upgrade: OpenUpgrade;
  readonly rules: Rules;
  readonly prefix: readonly string[];
  readonly describe: (request: { readonly method: string; readonly path: string }) => Described;
  readonly clock: () => number;
}

/**
 * Max bytes of a request body that kapi buffers before it sends the request. It can repeat such a
 * request after it renews the credentials.
 */
const heldBodyBytes = 256 * 1024;

/**
 * Milliseconds that a client that has closed its side of the connection can wait for the head of
 * its response. It can be one that sent everything and still reads, or one that has gone: only a
 * write tells. Go's proxy answers 500 unless the response has already come. An endless response
 * ends at once, as in Go.
 */
const halfClosedMs = 5_000;

/** Errors of a kept connection that the server closed at the moment kapi sent a request on it. */
const brokenEarly = new Set(['ConnectionReset', 'ConnectionClosed']);

/** Abort reason: the client closed its connection. Never leaves this file. */
class ClientGone extends Error {}

/** Abort reason: the proxy stops. */
class Stopping extends Error {}

/**
 * One request and its response. Starts at once and reports its log entry in {@link endResponse}.
 */
export class Exchange {
  /** Resolves at the end of the exchange, however it ends. */
  readonly ended: Promise<LogEntry>;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #upstream: Upstream;
  readonly #tunnel: { readonly socket: Duplex; readonly head: Uint8Array } | undefined;
  readonly #protocol: string | undefined;
  readonly #controller = new AbortController();
  readonly #method: string;
  #described: Described | undefined;
  #path: string;
  #status: number | undefined;
  #note: string | undefined;

  /** @param tunnel the connection of a client that asks for another protocol */
  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    upstream: Upstream,
    tunnel?: { readonly socket: Duplex; readonly head: Uint8Array },
  ) {
    this.#request = request;
    this.#response = response;
    this.#upstream = upstream;
    this.#tunnel = tunnel;
    this.#protocol = tunnel === undefined ? undefined : protocolOf(request.headers.upgrade);
    this.#method = request.method ?? '';
    this.#path = request.url ?? '';
    const begun = upstream.clock();
    const gone = (): void => {
      this.#controller.abort(new ClientGone());
    };
    response.once('close', () => {
      if (!response.writableFinished) gone();
    });
    response.on('error', gone);
    request.on('error', gone);
    const { socket } = request;
    let timer: NodeJS.Timeout | undefined;
    const halfClosed = (): void => {
      if (this.#isEndless()) gone();
      else
        timer = setTimeout(() => {
          if (!response.headersSent) gone();
        }, halfClosedMs);
    };
    if (tunnel === undefined) socket.once('end', halfClosed);
    this.ended = this.#runToEnd().then(() => {
      socket.off('end', halfClosed);
      clearTimeout(timer);
      return {
        method: this.#method,
        path: this.#path,
        words: this.#described?.words,
        status: this.#status,
        durationMs: upstream.clock() - begun,
        note: this.#note,
      };
    });
  }

  /**
   * Ends the exchange because the proxy stops.
   * @param which `endless`: only if the exchange would not end by itself
   */
  stop(which: 'endless' | 'any'): void {
    if (which === 'any' || this.#isEndless()) this.#controller.abort(new Stopping());
  }

  #isEndless(): boolean {
    return this.#described?.endless === true || this.#protocol !== undefined;
  }

  /**
   * Runs the exchange. Never rejects: an error while kapi writes an error response affects only
   * this connection.
   */
  async #runToEnd(): Promise<void> {
    try {
      await this.#run();
    } catch (error) {
      this.#note = `failed: ${messageOf(error)}`;
      this.#response.destroy();
      this.#tunnel?.socket.destroy();
    }
  }

  async #run(): Promise<void> {
    try {
      const reading = readTarget(this.#request.url ?? '', this.#upstream.prefix);
      if (reading.kind === 'target') {
        const { path, wire } = reading.target;
        this.#path = path;
        this.#described = this.#upstream.describe({ method: this.#method, path: wire });
      }
      // A page of another origin learns only that its origin is forbidden.
      const refusal = judgeCaller(this.#request.rawHeaders, this.#upstream.rules) ?? this.#judge(reading);
      if (refusal !== undefined) await this.#refuse(refusal);
      else if (reading.kind === 'target') await this.#forward(reading.target);
    } catch (error) {
      await this.#fail(error);
    }
  }

  #judge(reading: TargetReading): Refusal | undefined {
    if (reading.kind === 'refused') return reading.refusal;
    const { path, wire } = reading.target;
    const { rawHeaders } = this.#request;
    if (isFramedTwice(rawHeaders)) {
      return badRequest('ambiguous body', 'the length of the body could be read in two ways');
    }
    if (this.#tunnel !== undefined && hasBody(this.#request)) {
      return badRequest('body with Upgrade', 'a request that changes the protocol has no body');
    }
    return judgeRequest({ method: this.#method, path, wire, upgrade: this.#protocol }, this.#upstream.rules);
  }

  async #forward({ wire }: Target): Promise<void> {
    const headers = headersToServer(this.#request.rawHeaders, this.#protocol);
    const { signal } = this.#controller;
    if (this.#protocol !== undefined && this.#tunnel !== undefined) {
      const answer = await this.#upstream.upgrade(
        { method: this.#method, path: wire, headers, headersAreBytes: true },
        { signal },
      );
      if (answer.kind === 'answered') {
        await this.#pass(answer.response);
        return;
      }
      this.#status = 101;
      // Detached, so that the response object does not treat the end of the connection as its own
      // end.
      const { socket } = this.#response;
      if (socket !== null) this.#response.detachSocket(socket);
      await join(this.#tunnel, answer);
      if (signal.reason instanceof Stopping) this.#note = 'stopped';
      return;
    }
    const body = await this.#body();
    const spec: RequestSpec = {
      method: this.#method,
      path: wire,
      headers,
      headersAreBytes: true,
      // A proxy cannot know which responses end. The time limit covers only the wait for the
      // response head.
      streaming: true,
      // The client handles 429 and redirects itself.
      retry: false,
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
    };
    await this.#pass(await this.#send(spec));
  }

  /**
   * Sends the request. Sends a read-only request a second time if the server closed a kept
   * connection before it answered.
   */
  async #send(spec: RequestSpec): Promise<ApiResponse> {
    const { signal } = this.#controller;
    try {
      return await this.#upstream.send(spec, { signal });
    } catch (error) {
      const again =
        error instanceof ConnectionError &&
        brokenEarly.has(error.code) &&
        spec.body === undefined &&
        (spec.method === 'GET' || spec.method === 'HEAD');
      if (!again || signal.aborted) throw error;
      return this.#upstream.send(spec, { signal });
    }
  }

  async #body(): Promise<RequestSpec['body']> {
    const request = this.#request;
    if (!hasBody(request)) return undefined;
    if (request.headers.expect !== undefined) this.#response.writeContinue();
    if (Number(request.headers['content-length'] ?? Infinity) > heldBodyBytes) return request;
    const chunks: Buffer[] = [];
    for await (const chunk of request) if (chunk instanceof Buffer) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async #pass(answer: ApiResponse): Promise<void> {
    const response = this.#response;
    try {
      const lines = answer.exchange?.headerLines ?? Object.entries(answer.headers);
      const place = (location: string): string => placeOf(location, answer.server, this.#upstream.prefix);
      response.writeHead(answer.status, reasonPhraseOf(answer.statusText), headersToClient(lines, place));
      this.#status = answer.status;
      // Sends the head at once: a watch can be silent for long, and its client waits for the head.
      // flushHeaders() would encode the header bytes a second time.
      response.write(noBytes);
      for await (const chunk of answer.body) {
        if (!response.write(chunk)) await this.#drained();
      }
      await endResponse(response);
    } finally {
      answer.cancel();
    }
  }

  /** Resolves when the client has read what was written to it, or has closed the connection. */
  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const response = this.#response;
      const go = (): void => {
        response.off('drain', go).off('close', go);
        this.#controller.signal.removeEventListener('abort', go);
        resolve();
      };
      response.on('drain', go).on('close', go);
      this.#controller.signal.addEventListener('abort', go, { once: true });
    });
  }

  #refuse(refusal: Refusal): Promise<void> {
    this.#note = `refused: ${refusal.rule}`;
    return this.#answer(refusal);
  }

  async #fail(error: unknown): Promise<void> {
    const reason: unknown = this.#controller.signal.reason;
    if (reason instanceof ClientGone) {
      this.#note = 'client gone';
      this.#response.destroy();
      return;
    }
    const stopped = reason instanceof Stopping;
    const refusal: Refusal = stopped
      ? { status: 503, rule: 'stopped', message: 'the proxy stops', form: 'status' }
      : refusalOf(error);
    this.#note = stopped ? 'stopped' : `failed: ${refusal.rule}`;
    if (!(error instanceof KapiError) && !stopped) this.#note = `failed: ${refusal.rule} (${String(error)})`;
    if (!this.#response.headersSent) return this.#answer(refusal);
    // Clients expect that a watch ends. Any other truncated response must not look complete.
    if (stopped && this.#described?.endless === true) await endResponse(this.#response);
    else this.#response.destroy();
  }

  async #answer(refusal: Refusal): Promise<void> {
    const { status, headers, body } = answerOf(refusal);
    const response = this.#response;
    this.#status = status;
    // Closes the connection after the response: an unread request body must not be parsed as the
    // next request, and kapi does not wait for it.
    if (hasBody(this.#request)) response.shouldKeepAlive = false;
    const length = Buffer.byteLength(body);
    // Passes the reason phrase explicitly: a failed attempt to write the server's head leaves its
    // phrase in the response.
    response.writeHead(status, STATUS_CODES[status] ?? '', { ...headers, 'content-length': length });
    await endResponse(response, body);
  }
}

const noBytes = Buffer.alloc(0);

/**
 * Returns a reason phrase that is valid in a status line (RFC 9112 section 4), as UTF-8 read as
 * Latin-1. The protocol does not depend on the phrase.
 */
function reasonPhraseOf(text: string): string {
  return Buffer.from(text.replaceAll(/[\0-\x08\x0a-\x1f\x7f\ufffd]/g, '?')).toString('latin1');
}

function hasBody({ headers }: IncomingMessage): boolean {
  return (
    headers['transfer-encoding'] !== undefined ||
    (headers['content-length'] !== undefined && headers['content-length'] !== '0')
  );
}

/**
 * Ends a response. Resolves when all of it has been sent, or the client has closed the connection.
 */
function endResponse(response: ServerResponse, body?: string): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed || response.writableFinished) resolve();
    response.once('finish', resolve).once('close', resolve);
    response.end(body);
  });
}

function badRequest(rule: string, message: string): Refusal {
  return { status: 400, rule, message, form: 'status' };
}

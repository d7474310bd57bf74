// One request through the proxy, from the judgement to the last byte of the answer. Entry point: Exchange.

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

/** What an exchange needs of the proxy. */
export interface Upstream {
  readonly send: Send;
  readonly upgrade: OpenUpgrade;
  readonly rules: Rules;
  readonly prefix: readonly string[];
  readonly describe: (request: { readonly method: string; readonly path: string }) => Described;
  readonly clock: () => number;
}

/** Bodies up to this size are read before they are sent: they can then be sent again after renewed credentials. */
const heldBodyBytes = 256 * 1024;

/** Connections that the server closed just when a request was put on them. */
const brokenEarly = new Set(['ConnectionReset', 'ConnectionClosed']);

/** The client went away; never seen by anybody. */
class ClientGone extends Error {}

/** The proxy stops. */
class Stopping extends Error {}

export class Exchange {
  /** Resolves at the end, whatever that was. */
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

  /** @param tunnel the client's connection, where it asks for another protocol */
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
    this.ended = this.#runToEnd().then(() => ({
      method: this.#method,
      path: this.#path,
      words: this.#described?.words,
      status: this.#status,
      durationMs: upstream.clock() - begun,
      note: this.#note,
    }));
  }

  /** Ends the exchange for the sake of the proxy's own end. @param which `endless`: only what would not end by itself */
  stop(which: 'endless' | 'any'): void {
    const endless = this.#described?.endless === true || this.#protocol !== undefined;
    if (which === 'any' || endless) this.#controller.abort(new Stopping());
  }

  /** Never rejects: what even a failure's own answer meets costs this connection and no other. */
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
      // A foreign page learns nothing but that it is one.
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
      // The response object must not take the connection's end for its own.
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
      // A proxy cannot know what has an end; the time limit covers the wait for an answer.
      streaming: true,
      // 429 and redirects are the client's business.
      retry: false,
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
    };
    await this.#pass(await this.#send(spec));
  }

  /** Sends once, or twice where a kept connection was closed before a request that changes nothing was answered. */
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
      // A watch may have nothing to say for long; its client waits for the head. Not flushHeaders(), which would encode
      // the bytes of the lines a second time.
      response.write(noBytes);
      for await (const chunk of answer.body) {
        if (!response.write(chunk)) await this.#drained();
      }
      await ended(response);
    } finally {
      answer.cancel();
    }
  }

  /** Resolves when the client has taken what it was given, or is gone. */
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
    // The end of a watch is nothing unusual to its client. Any other answer must not look complete.
    if (stopped && this.#described?.endless === true) await ended(this.#response);
    else this.#response.destroy();
  }

  async #answer(refusal: Refusal): Promise<void> {
    const { status, headers, body } = answerOf(refusal);
    const response = this.#response;
    this.#status = status;
    // A body that nobody reads must not be taken for the next request, nor be waited for.
    if (hasBody(this.#request)) response.shouldKeepAlive = false;
    const length = Buffer.byteLength(body);
    // With its own phrase: a head of the server's that could not be written has left one behind.
    response.writeHead(status, STATUS_CODES[status] ?? '', { ...headers, 'content-length': length });
    await ended(response, body);
  }
}

const noBytes = Buffer.alloc(0);

/** A reason phrase that may stand in a status line (RFC 9112 section 4), as UTF-8 read as Latin-1. Nothing depends on it. */
function reasonPhraseOf(text: string): string {
  return Buffer.from(text.replaceAll(/[\0-\x08\x0a-\x1f\x7f\ufffd]/g, '?')).toString('latin1');
}

function hasBody({ headers }: IncomingMessage): boolean {
  return (
    headers['transfer-encoding'] !== undefined ||
    (headers['content-length'] !== undefined && headers['content-length'] !== '0')
  );
}

/** Ends a response. Resolves when all of it has gone, or its client has. */
function ended(response: ServerResponse, body?: string): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed || response.writableFinished) resolve();
    response.once('finish', resolve).once('close', resolve);
    response.end(body);
  });
}

function badRequest(rule: string, message: string): Refusal {
  return { status: 400, rule, message, form: 'status' };
}

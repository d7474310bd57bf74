// A Send that plays a script: it answers known requests and fails the test at any other. Entry
// point: scriptedSend(); call verify() at the end of the test. Uses no network and knows nothing of
// Kubernetes.

import { AssertionError } from 'node:assert';
import type { ApiResponse, Headers, RequestSpec, Send } from '../src/model/request.ts';

/** A scripted response. */
export interface Reply {
  /** Default: 200. */
  readonly status?: number;
  readonly statusText?: string;
  /**
   * Names in lower case. JSON bodies have `content-type: application/json` unless it is set here.
   */
  readonly headers?: Headers;
  /**
   * A string or bytes are sent unchanged; an array of those chunk by chunk; an async iterable as it
   * arrives (for streams that wait or break); any other value as JSON. Absent: an empty body.
   */
  readonly body?: unknown;
  /** Thrown after the chunks of `body`, for a connection that breaks in the middle. */
  readonly breaksWith?: Error;
}

/** One expected request with its response. */
export interface Exchange {
  /** Method and path with query: `GET /api/v1/pods?limit=500`. */
  readonly request: string;
  /** Headers that the request must have with exactly these values. It can have others. */
  readonly headers?: Headers;
  /** The required body: text is compared unchanged, any other value as JSON. */
  readonly body?: unknown;
  /** The response, or the error that Send rejects with. */
  readonly reply: Reply | Error;
}

export interface ScriptOptions {
  /**
   * `any` (default): a request uses the first unused exchange with its method and path, so parallel
   * requests need no order. `strict`: requests must arrive in the order of the script.
   */
  readonly order?: 'any' | 'strict';
  /** The server in responses. Default: `https://api.test:6443`. */
  readonly server?: string;
}

export interface ScriptedSend {
  readonly send: Send;
  /** Every request in order, including unexpected ones. */
  readonly requests: readonly RequestSpec[];
  /** `GET /path` of every request, in order. */
  readonly lines: () => readonly string[];
  /**
   * @throws AssertionError on unused replies, on unexpected requests, and on bodies that were
   *   neither read nor cancelled
   */
  verify(): void;
}

/** Makes a Send from a script. */
export function scriptedSend(exchanges: readonly Exchange[], options: ScriptOptions = {}): ScriptedSend {
  const unused = [...exchanges];
  const requests: RequestSpec[] = [];
  const complaints: string[] = [];
  const openBodies = new Set<string>();
  const server = options.server ?? 'https://api.test:6443';

  function complain(text: string): AssertionError {
    complaints.push(text);
    return new AssertionError({ message: text });
  }

  function take(line: string): Exchange {
    const at = options.order === 'strict' ? 0 : unused.findIndex((exchange) => exchange.request === line);
    const found = unused[at];
    if (found?.request !== line) {
      const waiting = unused.map((exchange) => `  ${exchange.request}`).join('\n') || '  (nothing)';
      throw complain(`unexpected request: ${line}\nstill expected:\n${waiting}`);
    }
    unused.splice(at, 1);
    return found;
  }

  async function checkRequest(line: string, expected: Exchange, request: RequestSpec): Promise<void> {
    for (const [name, value] of Object.entries(expected.headers ?? {})) {
      const sent = request.headers?.[name];
      if (sent !== value) throw complain(`${line}: header ${name} is ${String(sent)}, expected ${value}`);
    }
    if (expected.body === undefined) return;
    const sent = await textOf(request.body);
    const same =
      typeof expected.body === 'string'
        ? sent === expected.body
        : sent !== undefined && canonical(JSON.parse(sent)) === canonical(expected.body);
    if (!same) throw complain(`${line}: body is ${String(sent)}, expected ${canonical(expected.body)}`);
  }

  const send: Send = async (request, { signal } = {}) => {
    requests.push(request);
    const line = `${request.method} ${request.path}`;
    if (signal?.aborted === true) throw signal.reason;
    const exchange = take(line);
    await checkRequest(line, exchange, request);
    // A real Send never responds in the same turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    if (exchange.reply instanceof Error) throw exchange.reply;
    return respond(line, exchange.reply, signal);
  };

  function respond(line: string, reply: Reply, signal: AbortSignal | undefined): ApiResponse {
    const token = `${line} #${requests.length}`;
    openBodies.add(token);
    const json = isJsonBody(reply.body);
    async function* body(): AsyncGenerator<Uint8Array> {
      try {
        for await (const chunk of endedBy(signal, chunksOf(reply.body))) yield chunk;
        if (reply.breaksWith !== undefined) throw reply.breaksWith;
      } finally {
        openBodies.delete(token);
      }
    }
    return {
      status: reply.status ?? 200,
      statusText: reply.statusText ?? '',
      headers: { ...(json ? { 'content-type': 'application/json' } : {}), ...reply.headers },
      body: body(),
      cancel: () => openBodies.delete(token),
      server,
    };
  }

  return {
    send,
    requests,
    lines: () => requests.map((request) => `${request.method} ${request.path}`),
    verify() {
      if (complaints.length > 0) throw new AssertionError({ message: complaints.join('\n') });
      if (unused.length > 0) {
        const list = unused.map((exchange) => `  ${exchange.request}`).join('\n');
        throw new AssertionError({ message: `replies never asked for:\n${list}` });
      }
      if (openBodies.size > 0) {
        const list = [...openBodies].map((token) => `  ${token}`).join('\n');
        throw new AssertionError({ message: `bodies neither read to the end nor cancelled:\n${list}` });
      }
    },
  };
}

function isJsonBody(body: unknown): boolean {
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) return false;
  return !isChunkArray(body) && !isAsyncIterable(body);
}

function isChunkArray(body: unknown): body is readonly (string | Uint8Array)[] {
  return (
    Array.isArray(body) &&
    body.length > 0 &&
    body.every((chunk) => typeof chunk === 'string' || chunk instanceof Uint8Array)
  );
}

function isAsyncIterable(body: unknown): body is AsyncIterable<string | Uint8Array> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

async function* chunksOf(body: unknown): AsyncGenerator<Uint8Array> {
  if (body === undefined) return;
  if (isAsyncIterable(body)) for await (const chunk of body) yield bytesOf(chunk);
  else if (isChunkArray(body)) for (const chunk of body) yield bytesOf(chunk);
  else if (typeof body === 'string' || body instanceof Uint8Array) yield bytesOf(body);
  else yield Buffer.from(JSON.stringify(body));
}

/** Ends a waiting body at once when the signal aborts, as a real one does. */
async function* endedBy<Chunk>(
  signal: AbortSignal | undefined,
  chunks: AsyncIterable<Chunk>,
): AsyncGenerator<Chunk> {
  const aborted = new Promise<never>((_, reject) => {
    const abort = (): void => {
      reject(signal?.reason as Error);
    };
    if (signal?.aborted === true) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
  // Handled below, or ignored if the body ends first.
  aborted.catch(() => undefined);
  const iterator = chunks[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await Promise.race([iterator.next(), aborted]);
    if (done === true) return;
    yield value;
  }
}

function bytesOf(chunk: string | Uint8Array): Uint8Array {
  return typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

async function textOf(body: RequestSpec['body']): Promise<string | undefined> {
  if (body === undefined || typeof body === 'string') return body;
  if (body instanceof Uint8Array) return Buffer.from(body).toString();
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** Makes a body whose rest is sent on request. @param at number of bytes that are sent at once */
export function gatedBody(
  bytes: Uint8Array,
  at: number,
): { readonly body: AsyncIterable<Uint8Array>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  async function* body(): AsyncGenerator<Uint8Array> {
    yield bytes.subarray(0, at);
    await opened;
    yield bytes.subarray(at);
  }
  return { body: body(), open };
}

// The HTTPS server of the sandbox: connections, and each request's way through authentication,
// impersonation and authorization to its handler. Entry point: listen. Handlers: resources.ts and
// paths.ts.

import type { SandboxState } from './store/state.ts';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  accessDenied,
  authenticate,
  impersonate,
  impersonationHeadersOf,
  peerCertificateOf,
} from './access/authenticate.ts';
import type { Answer, Call } from './http/call.ts';
import type { CertifiedKey } from './access/certificates.ts';
import { listenerFor } from './listener.ts';
import { messageOf } from '../errors.ts';
import { planFaults, type Fault, type FaultPlan } from './faults.ts';
import { answerPath, unavailableAnswer } from './endpoints/paths.ts';
import { authorize } from './access/rbac.ts';
import { requestInfoOf } from '../model/request-info.ts';
import { answerResource } from './objects/resources.ts';
import { answerOfError, writeAnswer } from './http/respond.ts';
import { badRequest, StatusError, tooLarge } from './http/status.ts';

/** Max bytes of a request body, as in the real server. */
const maxBodyBytes = 3 * 1024 * 1024;

/** A listening server. */
export interface Listener {
  readonly port: number;
  /** Closes every connection, including watches. */
  close(): Promise<void>;
}

export interface ListenOptions {
  /** 0: any free port. */
  readonly port: number;
  readonly certificate: CertifiedKey;
  /** The authority of client certificates, PEM. */
  readonly authority: string;
  readonly faults: readonly Fault[];
}

/** Serves the state on 127.0.0.1. @throws the system's error if the port is not available */
export async function listen(state: SandboxState, options: ListenOptions): Promise<Listener> {
  const plan = planFaults(options.faults);
  const http = createHttpServer((request, response) => {
    // An unexpected error of one request closes only its connection.
    serve(state, plan, request, response).catch(() => response.destroy());
  });
  http.keepAliveTimeout = 60_000;
  http.requestTimeout = 0;
  // Not node:https: Bun's shows no client certificates.
  const tls = createTlsServer(
    {
      cert: options.certificate.certificate,
      key: options.certificate.key,
      ca: options.authority,
      // A client certificate is requested but optional, because tokens are accepted too.
      requestCert: true,
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
    },
    (socket) => http.emit('connection', socket),
  );
  tls.on('tlsClientError', (_, socket) => socket.destroy());
  const listener = listenerFor(tls);
  const sockets = new Set<Socket>();
  listener.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(options.port, '127.0.0.1', resolve);
  });
  // A connection that could not be accepted (too few file descriptors) is lost and affects nothing
  // else.
  listener.on('error', () => undefined);
  const every = (ms: number | undefined, act: () => void): NodeJS.Timeout | undefined =>
    ms === undefined ? undefined : setInterval(act, ms);
  const compaction = every(plan.compactEveryMs, () => state.store.compact());
  const forgetting = every(plan.forgetEveryMs, () => state.store.forget());
  return {
    port: portOf(listener.address()),
    close: () =>
      new Promise((resolve) => {
        clearInterval(compaction);
        clearInterval(forgetting);
        listener.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function portOf(address: AddressInfo | string | null): number {
  return address === null || typeof address === 'string' ? 0 : address.port;
}

async function serve(
  state: SandboxState,
  plan: FaultPlan,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  response.on('error', () => gone.abort());
  const header = (name: string): string => {
    const value = request.headers[name];
    return Array.isArray(value) ? value.join(', ') : (value ?? '');
  };
  const url = targetOf(request.url ?? '/');
  const query = url?.searchParams ?? new URLSearchParams();
  const form = { accept: header('accept'), userAgent: header('user-agent'), query };
  const warnings: string[] = [];
  const fault = plan.decide(url?.pathname ?? '/');
  let answer: Answer;
  try {
    if (fault.latencyMs > 0) await sleep(fault.latencyMs, undefined, { signal: gone.signal });
    if (fault.refuse !== undefined) throw injectedError(fault.refuse);
    if (url === undefined) throw badRequest('the target of the request is neither a path nor a URL');
    answer = await answerRequest(state, plan, request, url, header, gone.signal, warnings);
  } catch (error) {
    if (gone.signal.aborted) return;
    answer = answerOfError(clientError(error), form);
  }
  if (answer.kind === 'stream' && answer.live && plan.dropWatchAfterMs !== undefined) {
    const timer = setTimeout(() => response.destroy(), plan.dropWatchAfterMs);
    response.on('close', () => clearTimeout(timer));
  }
  try {
    await writeAnswer(response, answer, {
      acceptEncoding: header('accept-encoding'),
      warnings,
      truncateAt: fault.truncateAt,
    });
  } catch {
    // Headers are sent: the only way to report a broken response is to close the connection.
    response.destroy();
  }
}

/**
 * Parses the target of a request line, including absolute URLs (RFC 9112 section 3.2.2). Undefined
 * for anything else.
 */
function targetOf(target: string): URL | undefined {
  // URL() would read the text after two leading slashes as a host.
  const text = target.startsWith('/') ? `https://sandbox${target}` : target;
  return /^https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
}

/**
 * Converts an error of a parser to a client error: text that is not valid JSON, YAML or encoding,
 * or that is deeper than the stack. Returns other errors unchanged, which are bugs of the sandbox.
 */
function clientError(error: unknown): unknown {
  const isClientError =
    error instanceof SyntaxError || error instanceof URIError || error instanceof RangeError;
  return isClientError ? badRequest(messageOf(error)) : error;
}

async function answerRequest(
  state: SandboxState,
  plan: FaultPlan,
  request: IncomingMessage,
  url: URL,
  header: (name: string) => string,
  signal: AbortSignal,
  warnings: string[],
): Promise<Answer> {
  const method = request.method ?? 'GET';
  const certificate = request.socket instanceof TLSSocket ? peerCertificateOf(request.socket) : undefined;
  const real = authenticate(state, { certificate, authorization: header('authorization') });
  const user = impersonate(state, real, impersonationHeadersOf(request.headersDistinct));
  const path = url.pathname;
  const info = requestInfoOf({ method, path: path + url.search });
  const decision = authorize(state.rbac, user, info);
  if (!decision.allowed) throw accessDenied(user, info, decision.reason);

  const broken = plan.unavailable.some(({ group, version }) =>
    `${path}/`.startsWith(`/apis/${group}/${version}/`),
  );
  if (broken) return unavailableAnswer();
  const call: Call = {
    method,
    path,
    query: url.searchParams,
    header,
    info,
    user,
    body: () => readBody(request),
    signal,
    warnings,
  };
  return info.kind === 'resource'
    ? answerResource(state, call, info)
    : answerPath(state, call, plan.unavailable);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk as Uint8Array);
    length += bytes.length;
    if (length > maxBodyBytes) throw tooLarge(maxBodyBytes);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function injectedError(refuse: {
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;
}): StatusError {
  const { status, retryAfterSeconds } = refuse;
  if (status === 429) {
    return new StatusError(429, 'TooManyRequests', 'Too many requests, please try again later.', {
      retryAfterSeconds: retryAfterSeconds ?? 1,
    });
  }
  if (status === 503) {
    return new StatusError(503, 'ServiceUnavailable', 'the server is currently unable to handle the request');
  }
  return new StatusError(
    status,
    status >= 500 ? 'InternalError' : 'BadRequest',
    `a fault of the kapi sandbox: ${status}`,
  );
}

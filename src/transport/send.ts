// Turns a request into an answer: credentials, retries, redirects, time limits. `openSend` is the entry point; what a
// connection is and what went wrong with it is link.ts's, how bytes travel the carriers'.

import type { Socket } from 'node:net';
import type { Authenticator } from '../auth/authenticator.ts';
import type { ClusterConfig } from '../config/cluster-config.ts';
import { ConnectionError, KapiError } from '../errors.ts';
import type { ApiResponse, Exchange, RequestSpec, Send, SendOptions } from '../model/request.ts';
import { once } from '../model/once.ts';
import { decideCoding, openBody } from './body.ts';
import { decideCarrier, type Carrier, type CarrierAnswer } from './carrier.ts';
import type { Connection, ConnectTimes } from './connect.ts';
import { Fault, isBroken } from './fault.ts';
import { joinHeaders, type WireHeaders } from './headers.ts';
import { bringsOwnAuthorization, openLink, type Link, type TransportOptions } from './link.ts';
import { decideRedirect } from './redirect.ts';
import { decideRetry, type Outcome, type RetryDecision } from './retry.ts';
import { alertBehind } from './request-fault.ts';
import { checkPath } from './request-path.ts';
import { openScope, reasonOf, unlessAborted, type Scope } from './scope.ts';
import { answerLines, bodyLines, requestLines, timingLine, type VerboseLog } from './verbose.ts';

/**
 * Opens the way to a cluster. Nothing is connected before the first request; connections are kept for later ones and
 * hold no process.
 * @throws ConfigError when server, proxy or CA cannot be used
 */
export function openSend(
  config: ClusterConfig,
  authenticator: Authenticator,
  options: TransportOptions,
): Send {
  const link = openLink(config, authenticator, options);
  const carrier = once(() => openCarrier(link, options));
  return async (spec, sendOptions = {}) => {
    checkPath(spec.path);
    const call = new Call(link, carrier, config, options, spec, sendOptions);
    return call.run();
  };
}

type Phase = 'credentials' | 'exchange' | 'wait' | 'body';

/** The connection that was opened last: that of the call in progress, unless many are. */
interface LastConnection {
  forget(): void;
  get(): Connection | undefined;
}

async function openCarrier(
  link: Link,
  options: TransportOptions,
): Promise<{ carrier: Carrier; opened: LastConnection }> {
  let connection: Connection | undefined;
  const opened: LastConnection = {
    forget: () => {
      connection = undefined;
    },
    get: () => connection,
  };
  const openSocket = async (signal: AbortSignal, waiting?: () => void): Promise<Socket> => {
    connection = await link.connect(signal, waiting);
    return connection.socket;
  };
  const kind = decideCarrier({ route: link.route, load: options.load ?? 'few', wanted: options.carrier });
  if (kind === 'node') {
    const { openNodeCarrier } = await import('./node-carrier.ts');
    return { opened, carrier: openNodeCarrier(openSocket, link.limits) };
  }
  const { openUndiciCarrier } = await import('./undici-carrier.ts');
  return { opened, carrier: await openUndiciCarrier(openSocket, link.limits, options.nodeVersion) };
}

/** The request as it stands after redirects. */
interface Current {
  method: string;
  path: string;
  body: RequestSpec['body'];
}

/** One call of `Send`. */
class Call {
  readonly #link: Link;
  readonly #carrier: () => Promise<{ carrier: Carrier; opened: LastConnection }>;
  readonly #options: TransportOptions;
  readonly #spec: RequestSpec;
  readonly #onSent: (() => void) | undefined;
  readonly #scope: Scope;
  readonly #verbose: VerboseLog | undefined;
  readonly #begun: number;
  readonly #current: Current;
  #phase: Phase = 'credentials';
  #attempt = 0;
  #waitedMs = 0;
  #redirects = 0;
  #renewed = false;
  /** When the last exchange began, in milliseconds since the call did. */
  #exchangeMs = 0;

  constructor(
    link: Link,
    carrier: () => Promise<{ carrier: Carrier; opened: LastConnection }>,
    config: ClusterConfig,
    options: TransportOptions,
    spec: RequestSpec,
    { signal, onSent }: SendOptions,
  ) {
    this.#link = link;
    this.#carrier = carrier;
    this.#options = options;
    this.#begun = options.clock();
    this.#spec = spec;
    this.#onSent = onSent;
    this.#verbose = options.verbose;
    this.#current = { method: spec.method, path: `${link.server.prefix}${spec.path}`, body: spec.body };
    this.#scope = openScope(
      [options.signal, signal],
      config.requestTimeoutMs,
      () => this.#timedOut(config.requestTimeoutMs),
      options.clock,
    );
  }

  async run(): Promise<ApiResponse> {
    try {
      for (;;) {
        const response = await this.#attemptOnce();
        if (response !== undefined) return response;
      }
    } catch (error) {
      this.#scope.end();
      if (this.#scope.signal.aborted) throw reasonOf(this.#scope.signal);
      if (error instanceof Fault) throw await this.#explain(error);
      throw error;
    }
  }

  /** @returns undefined when the request is to be sent again, changed or not */
  async #attemptOnce(): Promise<ApiResponse | undefined> {
    const { signal } = this.#scope;
    signal.throwIfAborted();
    this.#attempt += 1;
    this.#phase = 'credentials';
    const current = { ...this.#current };
    const headers = await this.#link.headers(this.#headersOf(current), signal, false);
    const target = this.#link.target(current.path);
    const { carrier, opened } = await unlessAborted(this.#carrier(), signal);
    this.#phase = 'exchange';
    this.#exchangeMs = this.#options.clock() - this.#begun;
    opened.forget();
    let answer: CarrierAnswer;
    try {
      answer = await carrier.send({
        ...current,
        target,
        headers,
        signal,
        onSent: () => {
          this.#onSent?.();
          this.#log(requestLines(current.method, target, headers));
          this.#logBody(current);
        },
      });
    } catch (error) {
      if (signal.aborted || !(error instanceof Fault) || !isBroken(error)) throw error;
      const alerted = await alertBehind(opened.get());
      if (alerted !== undefined) throw alerted;
      const again = this.#decideRetry({ kind: 'broken', reused: error.reused });
      if (again.kind === 'give-up') throw error;
      if (error.reused) this.#attempt -= 1;
      await this.#wait(again.waitMs, `the connection broke before an answer`);
      return undefined;
    }
    this.#log(answerLines(answer.status, answer.statusText, answer.headers));
    try {
      return await this.#judge(answer, current, headers, carrier, opened.get()?.times);
    } catch (error) {
      answer.body.destroy();
      throw error;
    }
  }

  async #judge(
    answer: CarrierAnswer,
    current: Current,
    sent: WireHeaders,
    carrier: Carrier,
    times: ConnectTimes | undefined,
  ): Promise<ApiResponse | undefined> {
    if (answer.headers.length > this.#link.limits.headerCount) {
      throw new Fault({ phase: 'request', party: 'server', code: 'TOO_MANY_HEADERS' });
    }
    const headers = joinHeaders(answer.headers);
    this.#link.warn(
      answer.headers.flatMap(([name, value]) =>
        name.toLowerCase() === 'warning' ? [joinHeaders([['warning', value]])['warning'] ?? ''] : [],
      ),
    );
    if (answer.status === 407 && this.#link.route.kind === 'forward') {
      const detail = `${answer.status} ${answer.statusText}`.trim();
      throw new Fault({ phase: 'proxy', party: 'proxy', code: 'PROXY_STATUS', detail });
    }
    if (!this.#link.server.secure && (await isTlsPort(answer))) {
      throw new Fault({ phase: 'request', party: 'server', code: 'TLS_PORT' });
    }
    if (await this.#renewAfter(answer, current, sent, carrier)) return undefined;
    if (await this.#retryAfter(answer, headers['retry-after'])) return undefined;
    if (await this.#redirectAfter(answer, headers['location'], current)) return undefined;
    return this.#respond(answer, headers, current, times);
  }

  async #renewAfter(
    answer: CarrierAnswer,
    current: Current,
    sent: WireHeaders,
    carrier: Carrier,
  ): Promise<boolean> {
    // kubectl runs the plugin again after a 401 but leaves the repetition to the user.
    if (answer.status !== 401 || this.#renewed || !isRepeatable(current.body)) return false;
    if (bringsOwnAuthorization(this.#spec)) return false;
    this.#renewed = true;
    const change = await this.#link.renewCredentials(sent, this.#scope.signal);
    if (change === 'same') return false;
    if (change === 'connection') carrier.renew();
    await this.#discard(answer);
    this.#log(['* The credentials were renewed after the 401; sending the request again']);
    return true;
  }

  async #retryAfter(answer: CarrierAnswer, retryAfter: string | undefined): Promise<boolean> {
    const again = this.#decideRetry({ kind: 'status', status: answer.status, retryAfter });
    if (again.kind === 'give-up' || again.waitMs > this.#scope.remainingMs()) return false;
    await this.#discard(answer);
    await this.#wait(again.waitMs, `the server answered ${answer.status}`);
    return true;
  }

  async #redirectAfter(
    answer: CarrierAnswer,
    location: string | undefined,
    current: Current,
  ): Promise<boolean> {
    if (this.#spec.redirect === 'manual') return false;
    const decision = decideRedirect({
      status: answer.status,
      location,
      method: current.method,
      from: `${this.#link.server.origin}${current.path}`,
      followed: this.#redirects,
    });
    if (decision.kind === 'answer') return false;
    if (decision.kind === 'refuse') throw this.#redirectError(answer.status, decision.why, decision.to);
    if (decision.withBody && !isRepeatable(current.body)) {
      throw this.#redirectError(answer.status, 'body', decision.path);
    }
    this.#redirects += 1;
    this.#attempt = 0;
    Object.assign(this.#current, {
      method: decision.method,
      path: decision.path,
      body: decision.withBody ? current.body : undefined,
    });
    await this.#discard(answer);
    return true;
  }

  #respond(
    answer: CarrierAnswer,
    headers: Record<string, string>,
    current: Current,
    times: ConnectTimes | undefined,
  ): ApiResponse {
    const scope = this.#scope;
    const firstByteMs = this.#options.clock() - this.#begun;
    this.#phase = 'body';
    if (this.#spec.streaming === true) scope.stopClock();
    const hasBody = current.method !== 'HEAD' && answer.status !== 204 && answer.status !== 304;
    // A caller that asks for an encoding itself wants the bytes as they are (a proxy passes them on).
    const undo = hasBody && this.#spec.headers?.['accept-encoding'] === undefined;
    const coding = undo ? decideCoding(headers['content-encoding']) : 'identity';
    if (coding === undefined) {
      const detail = headers['content-encoding'];
      throw new Fault({ phase: 'body', party: 'server', code: 'UNKNOWN_ENCODING', detail });
    }
    if (coding !== 'identity') {
      // They describe the bytes on the wire, not those that are handed out.
      delete headers['content-encoding'];
      delete headers['content-length'];
    }
    const opened = openBody(
      answer.body,
      coding,
      scope,
      (fault) => this.#explain(fault),
      () => {
        scope.end();
        if (this.#verbose?.level === 2)
          this.#log([
            timingLine({ ...steps(times), firstByteMs, totalMs: this.#options.clock() - this.#begun }),
          ]);
      },
    );
    return {
      status: answer.status,
      statusText: answer.statusText,
      headers,
      body: opened.body,
      cancel: () => {
        opened.cancel();
      },
      server: this.#link.serverUrl,
      exchange: this.#exchangeOf(answer, current, times, firstByteMs),
    };
  }

  #exchangeOf(
    answer: CarrierAnswer,
    current: Current,
    times: ConnectTimes | undefined,
    firstByteMs: number,
  ): Exchange {
    const { resolvedMs, connectedMs, securedMs } = times ?? {};
    const since = (ms: number): number => this.#exchangeMs + ms;
    return {
      url: `${this.#link.server.origin}${current.path}`,
      redirects: this.#redirects,
      headerLines: answer.headers,
      ...(resolvedMs === undefined ? {} : { resolvedMs: since(resolvedMs) }),
      ...(connectedMs === undefined ? {} : { connectedMs: since(connectedMs) }),
      ...(securedMs === undefined ? {} : { securedMs: since(securedMs) }),
      firstByteMs,
    };
  }

  #headersOf(current: Current): RequestSpec {
    if (current.body !== undefined || this.#spec.body === undefined) return this.#spec;
    // A redirect has turned the request into a GET: headers about the body went with the body.
    const headers = Object.fromEntries(
      Object.entries(this.#spec.headers ?? {}).filter(([name]) => !name.startsWith('content-')),
    );
    return { ...this.#spec, headers };
  }

  #decideRetry(outcome: Outcome): RetryDecision {
    return decideRetry({
      method: this.#current.method,
      retry: this.#spec.retry,
      repeatable: isRepeatable(this.#current.body),
      attempt: this.#attempt,
      waitedMs: this.#waitedMs,
      outcome,
      now: this.#options.now(),
      random: this.#options.random(),
    });
  }

  async #wait(ms: number, why: string): Promise<void> {
    this.#phase = 'wait';
    this.#log([`* ${why}; trying again in ${ms} ms`]);
    this.#waitedMs += ms;
    if (ms > 0) await this.#options.sleep(ms, this.#scope.signal);
  }

  /** Lets a short body run out, so that its connection can be used again; anything else ends the connection. */
  async #discard({ body }: CarrierAnswer): Promise<void> {
    let bytes = 0;
    const closed = new Promise<void>((resolve) => {
      body.once('close', resolve);
    });
    const timer = setTimeout(() => body.destroy(), 250);
    body.on('error', () => undefined);
    body.on('data', (chunk: Uint8Array) => {
      bytes += chunk.length;
      if (bytes > 64 * 1024) body.destroy();
    });
    try {
      await unlessAborted(closed, this.#scope.signal);
    } finally {
      clearTimeout(timer);
      body.destroy();
    }
  }

  async #explain(fault: Fault | KapiError): Promise<KapiError> {
    if (fault instanceof KapiError) return fault;
    return this.#link.explain(fault, this.#current);
  }

  #redirectError(status: number, why: string, to: string): ConnectionError {
    const { serverUrl } = this.#link;
    const messages: Record<string, string> = {
      'other-origin': `the server redirects to ${to}, which is another origin than ${this.#link.server.origin}`,
      'too-many': `the server redirects again and again, last to ${to}`,
      unreadable: `the server redirects to something that is no URL: ${to}`,
      body: `the server redirects to ${to}, but the body of the request was a stream and is gone`,
    };
    return new ConnectionError(`${messages[why] ?? ''} (status ${status})`, {
      code: why === 'too-many' ? 'TooManyRedirects' : 'RedirectRefused',
      hint:
        why === 'other-origin'
          ? `credentials do not follow to another origin; if that is the API server, name it in the place of ${serverUrl}`
          : undefined,
    });
  }

  #timedOut(limitMs: number): ConnectionError {
    const exceeded = 'Client.Timeout exceeded while awaiting headers';
    const connecting = this.#link.connecting() > 0;
    const words =
      this.#phase === 'body'
        ? 'context deadline exceeded (Client.Timeout or context cancellation while reading body)'
        : `net/http: request canceled${connecting ? ' while waiting for connection' : ''} (${exceeded})`;
    const doing: Record<Phase, string> = {
      credentials: 'while the credentials were being fetched',
      exchange: connecting ? 'while the connection was being opened' : "before the answer's headers came",
      wait: 'while waiting to try again',
      body: "before the answer's body was complete",
    };
    return new ConnectionError(`Unable to connect to the server: ${words}`, {
      code: 'RequestTimeout',
      prefix: '',
      causes: [`the time limit of ${limitMs / 1_000} s passed ${doing[this.#phase]}`],
      hint: 'give it more time with --request-timeout',
    });
  }

  #log(lines: readonly string[]): void {
    for (const line of lines) this.#verbose?.line(line);
  }

  #logBody({ path, body }: Current): void {
    if (this.#verbose?.level !== 2) return;
    const whole = typeof body === 'string' || body instanceof Uint8Array ? body : undefined;
    this.#log(bodyLines(path, whole, body !== undefined && whole === undefined));
  }
}

/** Go's answer to clear text on a TLS port: HTTP/1.0, status 400, no header at all, and this sentence. */
async function isTlsPort({ status, headers, body }: CarrierAnswer): Promise<boolean> {
  if (status !== 400 || headers.length > 0) return false;
  await new Promise((resolve) => {
    for (const event of ['readable', 'end', 'error', 'close']) body.once(event, resolve);
  });
  const start: unknown = body.read();
  if (!(start instanceof Buffer)) return false;
  body.unshift(start);
  return start.toString('latin1').startsWith('Client sent an HTTP request to an HTTPS server.');
}

function isRepeatable(body: RequestSpec['body']): boolean {
  return body === undefined || typeof body === 'string' || body instanceof Uint8Array;
}

/** Points in time as lengths of steps. */
function steps(times: ConnectTimes | undefined): {
  dnsMs?: number;
  tcpMs?: number;
  proxyMs?: number;
  tlsMs?: number;
} {
  if (times === undefined) return {};
  const { resolvedMs = 0, connectedMs = 0, tunnelledMs = connectedMs, securedMs } = times;
  return {
    ...(times.resolvedMs === undefined ? {} : { dnsMs: resolvedMs }),
    tcpMs: connectedMs - resolvedMs,
    ...(times.tunnelledMs === undefined ? {} : { proxyMs: tunnelledMs - connectedMs }),
    ...(securedMs === undefined ? {} : { tlsMs: securedMs - tunnelledMs }),
  };
}

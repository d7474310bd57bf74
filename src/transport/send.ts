// Sends a request and returns its response. Handles credentials, retries, redirects and time
// limits. Entry point: openSend(). link.ts opens connections and describes their failures. A
// carrier (carrier.ts: node:http or undici) sends one request over a connection.

import type { Socket } from 'node:net';
import type { Authenticator } from '../auth/authenticator.ts';
import type { ClusterConfig } from '../config/cluster-config.ts';
import { KapiError } from '../errors.ts';
import { reasonOf, unlessAborted } from '../model/abort.ts';
import type { ApiResponse, RequestSpec, Send, SendOptions } from '../model/request.ts';
import { once } from '../model/once.ts';
import { discardBody } from './body.ts';
import { decideCarrier, type Carrier, type CarrierAnswer } from './carrier.ts';
import type { Connection, ConnectTimes } from './connect.ts';
import { Fault, isBroken } from './fault.ts';
import { joinHeaders, type WireHeaders } from './headers.ts';
import { bringsOwnAuthorization, openLink, type Link, type TransportOptions } from './link.ts';
import { decideRedirect } from './redirect.ts';
import { decideRetry, type Outcome, type RetryDecision } from './retry.ts';
import { redirectRefused, requestTimedOut, type Phase } from './request-errors.ts';
import { alertBehind, isTlsPort } from './request-fault.ts';
import { checkPath } from './request-path.ts';
import { responseOf } from './respond.ts';
import { openScope, type Scope } from './scope.ts';
import { answerLines, bodyLines, requestLines, type VerboseLog } from './verbose.ts';

/**
 * Returns the function that sends requests to a cluster. The first request opens the first
 * connection. Idle connections are reused, and do not keep the process alive.
 * @throws ConfigError when the server address, the proxy or the CA cannot be used
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

/**
 * The connection that was opened last, for its times and its TLS alerts. It is the connection of
 * the current request, unless requests run in parallel.
 */
interface LastConnection {
  forget(): void;
  /** Returns undefined if no connection was opened since forget(). */
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
  const openSocket = async (signal: AbortSignal): Promise<Socket> => {
    connection = await link.connect(signal);
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

/** The parts of the request that a redirect can change, after the redirects so far. */
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
  /** Start of the last exchange, in milliseconds since the start of the call. */
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
      () => requestTimedOut(config.requestTimeoutMs, this.#phase, link.connecting() > 0),
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

  /**
   * Sends the request once.
   * @returns undefined when the request must be sent again, with or without changes
   */
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
          this.#log(() => requestLines(current.method, target, headers));
          this.#logBody(current);
        },
      });
    } catch (error) {
      if (signal.aborted || !(error instanceof Fault) || !isBroken(error)) throw error;
      const alerted = await alertBehind(opened.get());
      if (alerted !== undefined) throw alerted;
      const again = this.#decideRetry({ kind: 'broken', reused: error.reused });
      if (again.kind === 'give-up') throw error;
      // The server most likely closed the connection while it was idle, so the attempt does not
      // count.
      if (error.reused) this.#attempt -= 1;
      await this.#wait(again.waitMs, `the connection broke before an answer`);
      return undefined;
    }
    this.#log(() => answerLines(answer.status, answer.statusText, answer.headers));
    try {
      return await this.#handleAnswer(answer, current, headers, carrier, opened.get()?.times);
    } catch (error) {
      answer.body.destroy();
      throw error;
    }
  }

  /**
   * Checks an answer, and returns it as a response.
   * @returns undefined when the request must be sent again
   */
  async #handleAnswer(
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
      const asksFor = headers['proxy-authenticate'];
      throw new Fault({ phase: 'proxy', party: 'proxy', code: 'PROXY_STATUS', detail, asksFor });
    }
    if (!this.#link.server.secure && (await isTlsPort(answer))) {
      throw new Fault({ phase: 'request', party: 'server', code: 'TLS_PORT' });
    }
    if (await this.#renewAfter401(answer, current, sent, carrier)) return undefined;
    if (await this.#waitForRetry(answer, headers['retry-after'])) return undefined;
    if (await this.#followRedirect(answer, headers['location'], current)) return undefined;
    this.#phase = 'body';
    if (this.#spec.streaming === true) this.#scope.stopClock();
    return responseOf({
      answer,
      headers,
      request: { ...current, acceptEncoding: this.#spec.headers?.['accept-encoding'] },
      times,
      clock: { ms: () => this.#options.clock() - this.#begun, exchangeMs: this.#exchangeMs },
      redirects: this.#redirects,
      link: this.#link,
      scope: this.#scope,
      verbose: this.#verbose,
    });
  }

  /** Renews the credentials after a 401. Returns true when the request must be sent again. */
  async #renewAfter401(
    answer: CarrierAnswer,
    current: Current,
    sent: WireHeaders,
    carrier: Carrier,
  ): Promise<boolean> {
    // kubectl runs the credential plugin again after a 401, too, but the user must repeat the
    // request.
    if (answer.status !== 401 || this.#renewed || !isRepeatable(current.body)) return false;
    if (bringsOwnAuthorization(this.#spec)) return false;
    this.#renewed = true;
    const change = await this.#link.renewCredentials(sent, this.#scope.signal);
    if (change === 'same') return false;
    if (change === 'connection') carrier.renew();
    await discardBody(answer.body, this.#scope.signal);
    this.#log(() => ['* The credentials were renewed after the 401; sending the request again']);
    return true;
  }

  /**
   * Decides about a retry by the status, and waits for it. Returns true when the request must be
   * sent again.
   */
  async #waitForRetry(answer: CarrierAnswer, retryAfter: string | undefined): Promise<boolean> {
    const again = this.#decideRetry({ kind: 'status', status: answer.status, retryAfter });
    if (again.kind === 'give-up' || again.waitMs > this.#scope.remainingMs()) return false;
    await discardBody(answer.body, this.#scope.signal);
    await this.#wait(again.waitMs, `the server answered ${answer.status}`);
    return true;
  }

  /**
   * Changes the current request to the target of a redirect. Returns true when the request must be
   * sent again.
   */
  async #followRedirect(
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
    if (decision.kind === 'refuse')
      throw redirectRefused(answer.status, decision.why, decision.to, this.#link);
    if (decision.withBody && !isRepeatable(current.body)) {
      throw redirectRefused(answer.status, 'body', decision.path, this.#link);
    }
    this.#redirects += 1;
    this.#attempt = 0;
    Object.assign(this.#current, {
      method: decision.method,
      path: decision.path,
      body: decision.withBody ? current.body : undefined,
    });
    await discardBody(answer.body, this.#scope.signal);
    return true;
  }

  /** Returns the request with the headers that apply after the redirects so far. */
  #headersOf(current: Current): RequestSpec {
    if (current.body !== undefined || this.#spec.body === undefined) return this.#spec;
    // A redirect changed the request to one without a body, so the headers of the body are omitted,
    // too.
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
    this.#log(() => [`* ${why}; trying again in ${ms} ms`]);
    this.#waitedMs += ms;
    if (ms > 0) await this.#options.sleep(ms, this.#scope.signal);
  }

  async #explain(fault: Fault | KapiError): Promise<KapiError> {
    if (fault instanceof KapiError) return fault;
    return this.#link.explain(fault, this.#current);
  }

  /** Writes lines for `-v`. Without `-v` they are not made. */
  #log(linesOf: () => readonly string[]): void {
    if (this.#verbose === undefined) return;
    for (const line of linesOf()) this.#verbose.line(line);
  }

  #logBody({ path, body }: Current): void {
    if (this.#verbose?.level !== 2) return;
    const whole = typeof body === 'string' || body instanceof Uint8Array ? body : undefined;
    this.#log(() => bodyLines(path, whole, body !== undefined && whole === undefined));
  }
}

/** Returns true if the body can be sent a second time, which a stream cannot. */
function isRepeatable(body: RequestSpec['body']): boolean {
  return body === undefined || typeof body === 'string' || body instanceof Uint8Array;
}

// Builds the response that a caller of Send gets: a decoded body, timings, and nothing read ahead.
// Entry point: responseOf().

import { KapiError } from '../errors.ts';
import type { ApiResponse, Exchange } from '../model/request.ts';
import { decideCoding, openBody } from './body.ts';
import type { CarrierAnswer } from './carrier.ts';
import type { ConnectTimes } from './connect.ts';
import { Fault } from './fault.ts';
import type { Link } from './link.ts';
import type { Scope } from './scope.ts';
import { timingLine, type VerboseLog } from './verbose.ts';

/** An answer and the facts of its exchange. */
export interface AnswerFacts {
  readonly answer: CarrierAnswer;
  /**
   * Headers of the answer, one value per name. The response omits those about an encoding that kapi
   * decodes.
   */
  readonly headers: Readonly<Record<string, string>>;
  readonly request: {
    readonly method: string;
    readonly path: string;
    /** Accept-Encoding as the caller set it. */
    readonly acceptEncoding: string | readonly string[] | undefined;
  };
  /** Times of the connection. Undefined if an existing one was reused. */
  readonly times: ConnectTimes | undefined;
  /** Milliseconds since the call began: now, and at the start of the last exchange. */
  readonly clock: { readonly ms: () => number; readonly exchangeMs: number };
  readonly redirects: number;
  readonly link: Pick<Link, 'server' | 'serverUrl' | 'explain'>;
  readonly scope: Scope;
  readonly verbose: VerboseLog | undefined;
}

/**
 * Builds the response.
 * @throws Fault `UNKNOWN_ENCODING` for a content encoding that kapi did not ask for and cannot
 *   decode
 */
export function responseOf(facts: AnswerFacts): ApiResponse {
  const { answer, request, times, clock, link, scope, verbose } = facts;
  const { method, path, acceptEncoding } = request;
  const firstByteMs = clock.ms();
  const hasBody = method !== 'HEAD' && answer.status !== 204 && answer.status !== 304;
  // A caller that sets Accept-Encoding gets the encoded bytes (a proxy passes them on).
  const isDecoded = hasBody && acceptEncoding === undefined;
  const encoding = facts.headers['content-encoding'];
  const coding = isDecoded ? decideCoding(encoding) : 'identity';
  if (coding === undefined) {
    throw new Fault({ phase: 'body', party: 'server', code: 'UNKNOWN_ENCODING', detail: encoding });
  }
  const explain = async (fault: Fault | KapiError): Promise<KapiError> =>
    fault instanceof KapiError ? fault : link.explain(fault, { method, path });
  const opened = openBody(answer.body, coding, scope, explain, () => {
    scope.end();
    if (verbose?.level !== 2) return;
    verbose.line(timingLine({ ...stepsOf(times), firstByteMs, totalMs: clock.ms() }));
  });
  return {
    status: answer.status,
    statusText: answer.statusText,
    // Content-Length and Content-Encoding describe the bytes on the wire, not the decoded body.
    headers: coding === 'identity' ? facts.headers : withoutWireFacts(facts.headers),
    body: opened.body,
    cancel: () => {
      opened.cancel();
    },
    server: link.serverUrl,
    exchange: exchangeOf(facts, firstByteMs),
  };
}

function withoutWireFacts(headers: AnswerFacts['headers']): AnswerFacts['headers'] {
  const wireFacts = ['content-encoding', 'content-length'];
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !wireFacts.includes(name)));
}

function exchangeOf(
  { answer, request, times = {}, clock, redirects, link }: AnswerFacts,
  firstByteMs: number,
): Exchange {
  const { resolvedMs, connectedMs, securedMs } = times;
  const since = (ms: number): number => clock.exchangeMs + ms;
  return {
    url: `${link.server.origin}${request.path}`,
    redirects,
    headerLines: answer.headers,
    ...(resolvedMs === undefined ? {} : { resolvedMs: since(resolvedMs) }),
    ...(connectedMs === undefined ? {} : { connectedMs: since(connectedMs) }),
    ...(securedMs === undefined ? {} : { securedMs: since(securedMs) }),
    firstByteMs,
  };
}

/** Converts points in time to durations of steps. */
function stepsOf(times: ConnectTimes | undefined): {
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

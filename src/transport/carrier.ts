// A carrier sends one request over a connection and returns the head of the answer. decideCarrier()
// chooses one of the two carriers. No other module depends on the choice.

import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { RequestSpec } from '../model/request.ts';
import type { WireHeaders } from './headers.ts';
import type { Route } from './route.ts';

/** A request that is ready to send. */
export interface CarrierRequest {
  readonly method: string;
  /** The request target: path and query, or a whole URL for a forwarding proxy. */
  readonly target: string;
  /** Headers without those for the framing of the body, which the carrier adds. */
  readonly headers: WireHeaders;
  readonly body: RequestSpec['body'];
  /** Ends the request at any time until its body has been read. */
  readonly signal: AbortSignal;
  /** Called when the request has a connection, just before it is sent. */
  readonly onSent?: (() => void) | undefined;
}

/** The head of an answer, and its body as it is on the wire. */
export interface CarrierAnswer {
  readonly status: number;
  readonly statusText: string;
  /** Names and values in the order of arrival, as bytes read as Latin-1. */
  readonly headers: readonly (readonly [string, string])[];
  /**
   * Fails with the carrier's own error when the body is cut short. Destroying the stream ends the
   * request and frees its resources.
   */
  readonly body: Readable;
}

/** Sends requests over connections that it keeps for reuse. */
export interface Carrier {
  /**
   * Sends a request and resolves with the head of its answer.
   * @throws Fault when there is no answer; the signal's reason when it aborts
   */
  send(request: CarrierRequest): Promise<CarrierAnswer>;
  /**
   * Stops reusing the existing connections. Call it when the credentials that opened them have
   * changed.
   */
  renew(): void;
  /** Ends idle connections now, and busy ones when their answers have been read. */
  close(): void;
}

/** Opens a connection that is ready for HTTP. */
export type OpenSocket = (signal: AbortSignal) => Promise<Socket>;

export type CarrierKind = 'node' | 'undici';

/**
 * Chooses the carrier. node:http starts in half the time of undici (on Node 20 in a third), which
 * matters for the few requests of a command. undici carries requests through proxies, and many
 * requests that share a pool (`kapi proxy`).
 * docs/decisions/007-carriers.md has the figures.
 */
export function decideCarrier(facts: {
  readonly route: Route;
  readonly load: 'few' | 'many';
  readonly wanted?: CarrierKind | undefined;
}): CarrierKind {
  if (facts.wanted !== undefined) return facts.wanted;
  return facts.route.kind === 'direct' && facts.load === 'few' ? 'node' : 'undici';
}

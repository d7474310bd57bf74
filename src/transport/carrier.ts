// What a carrier is: it puts one request on a connection and brings the head of the answer. decideCarrier() chooses between the
// two, and no other module knows which one carries.

import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { RequestSpec } from '../model/request.ts';
import type { WireHeaders } from './headers.ts';
import type { Route } from './route.ts';

/** A request with all its decisions made. */
export interface CarrierRequest {
  readonly method: string;
  /** The request target: path and query, or a whole URL for a forwarding proxy. */
  readonly target: string;
  /** Framing of the body is added by the carrier. */
  readonly headers: WireHeaders;
  readonly body: RequestSpec['body'];
  /** Ends the request at any moment until its body has been read. */
  readonly signal: AbortSignal;
  /** Called when a connection has been found and the request goes over it. */
  readonly onSent?: (() => void) | undefined;
}

/** The head of an answer, and its body as it comes off the wire. */
export interface CarrierAnswer {
  readonly status: number;
  readonly statusText: string;
  /** Names and values in the order and with the bytes in which they came (Latin-1). */
  readonly headers: readonly (readonly [string, string])[];
  /** Fails with the carrier's own error when the body is cut short. Destroying it frees the connection. */
  readonly body: Readable;
}

export interface Carrier {
  /** @throws Fault when there is no answer; the signal's reason when it was aborted */
  send(request: CarrierRequest): Promise<CarrierAnswer>;
  /** Uses no connection again that exists now: the credentials that opened it have changed. */
  renew(): void;
  /** Ends idle connections now and others when their answers have been read. */
  close(): void;
}

/**
 * Opens a connection that is ready for HTTP.
 */
export type OpenSocket = (signal: AbortSignal) => Promise<Socket>;

export type CarrierKind = 'node' | 'undici';

/**
 * Decides who carries. node:http starts in half the time of undici (on Node 20 in a third), which decides for the few requests
 * of a command. undici carries through proxies, and where many requests share a pool (`kapi proxy`).
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

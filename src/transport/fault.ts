// A failure of a connection or request, before it has a message: phase, party and the code of the
// system. connect.ts and the carriers throw it. describe-fault.ts turns it into a KapiError.

import { systemCodeOf } from '../errors.ts';
import type { Refusal } from './verify-chain.ts';

/** The step that failed. */
export type Phase = 'resolve' | 'connect' | 'proxy' | 'tls' | 'request' | 'body';

/** The peer of that step. */
export type Party = 'server' | 'proxy';

/** Codes of failures that no system call reports. All other codes are Node's or OpenSSL's own. */
export type OwnCode =
  | 'CERTIFICATE'
  | 'CLOSED'
  | 'NOT_HTTP'
  | 'PROXY_STATUS'
  | 'SOCKS_REPLY'
  | 'TIMEOUT'
  | 'TLS_PORT'
  | 'TOO_MANY_1XX'
  | 'TOO_MANY_HEADERS'
  | 'UNKNOWN_ENCODING';

/** The fields of a {@link Fault}. */
export interface FaultDetails {
  readonly phase: Phase;
  readonly party: Party;
  /** Default: the code of `cause`. */
  readonly code?: OwnCode | undefined;
  readonly cause?: unknown;
  /** What the proxy answered, or the unknown content encoding. */
  readonly detail?: string | undefined;
  /** The value of the header Proxy-Authenticate of a 407. */
  readonly asksFor?: string | undefined;
  /** For `CERTIFICATE`: why the peer's certificates are not trusted. */
  readonly refusal?: Refusal | undefined;
  /** The certificates that the peer sent, as DER, the peer's own certificate first. */
  readonly shown?: readonly Buffer[] | undefined;
  /** True if the connection carried an earlier request. */
  readonly reused?: boolean | undefined;
}

/** A failure of a connection or request. Modules outside of transport/ get a KapiError instead. */
export class Fault extends Error {
  readonly phase: Phase;
  readonly party: Party;
  /** Not named `code`, because undici treats some values of `code` specially. */
  readonly faultCode: string;
  readonly detail: string | undefined;
  readonly asksFor: string | undefined;
  readonly refusal: Refusal | undefined;
  readonly shown: readonly Buffer[];
  readonly reused: boolean;

  constructor(details: FaultDetails) {
    const code = details.code ?? systemCodeOf(details.cause) ?? 'UNKNOWN';
    super(`${details.phase} ${details.party}: ${details.detail ?? code}`, { cause: details.cause });
    this.name = 'Fault';
    this.phase = details.phase;
    this.party = details.party;
    this.faultCode = code;
    this.detail = details.detail;
    this.asksFor = details.asksFor;
    this.refusal = details.refusal;
    this.shown = details.shown ?? [];
    this.reused = details.reused ?? false;
  }

  /** Returns a copy of the fault with some fields replaced. */
  with(further: Partial<FaultDetails>): Fault {
    const { phase, party, detail, asksFor, refusal, shown, reused, cause } = this;
    const fault = new Fault({ phase, party, detail, asksFor, refusal, shown, reused, cause, ...further });
    return Object.assign(fault, { faultCode: further.code ?? this.faultCode });
  }
}

/**
 * Returns true if the connection broke without giving a reason, so that another attempt can
 * succeed.
 */
export function isBroken(fault: Fault): boolean {
  return fault.phase === 'request' && broken.has(fault.faultCode);
}

const broken = new Set(['CLOSED', 'ECONNRESET', 'EPIPE', 'ECONNABORTED']);

// What went wrong on the way to an answer, before it has words: phase, party and the system's code.
// describe-fault.ts makes a ConnectionError of it; carriers and connect.ts throw it.

import { systemCodeOf } from '../errors.ts';
import type { Refusal } from './verify-chain.ts';

/** How far the conversation had come. */
export type Phase = 'resolve' | 'connect' | 'proxy' | 'tls' | 'request' | 'body';

/** With whom it was held at that moment. */
export type Party = 'server' | 'proxy';

/** Codes of faults that no system call reports; others are Node's and OpenSSL's own. */
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

export interface FaultDetails {
  readonly phase: Phase;
  readonly party: Party;
  /** Default: the code of `cause`. */
  readonly code?: OwnCode | undefined;
  readonly cause?: unknown;
  /** What the proxy said. */
  readonly detail?: string | undefined;
  /** Why the other side's certificates are not trusted: of `CERTIFICATE`. */
  readonly refusal?: Refusal | undefined;
  /** The certificates that the other side showed, as DER, its own first. */
  readonly shown?: readonly Buffer[] | undefined;
  /** The connection had carried a request before. */
  readonly reused?: boolean | undefined;
}

/** Never leaves this folder. */
export class Fault extends Error {
  readonly phase: Phase;
  readonly party: Party;
  /** Named apart from `code`: undici treats some values of `code` specially. */
  readonly faultCode: string;
  readonly detail: string | undefined;
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
    this.refusal = details.refusal;
    this.shown = details.shown ?? [];
    this.reused = details.reused ?? false;
  }

  /** The same fault with what became known later. */
  with(further: Partial<FaultDetails>): Fault {
    const { phase, party, detail, refusal, shown, reused, cause } = this;
    const fault = new Fault({ phase, party, detail, refusal, shown, reused, cause, ...further });
    return Object.assign(fault, { faultCode: further.code ?? this.faultCode });
  }
}

/** The connection broke without a word; a second attempt may have more luck. */
export function isBroken(fault: Fault): boolean {
  return fault.phase === 'request' && broken.has(fault.faultCode);
}

const broken = new Set(['CLOSED', 'ECONNRESET', 'EPIPE', 'ECONNABORTED']);

// Decides whether and when to send a request again. Entry point: decideRetry(). Pure.

import type { RequestSpec } from '../model/request.ts';

/** How an attempt ended. */
export type Outcome =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter: string | undefined }
  /**
   * The connection broke before the headers of the answer were complete.
   * `reused`: the connection carried an earlier request, so the server most likely closed it while
   * it was idle.
   */
  | { readonly kind: 'broken'; readonly reused: boolean };

/** What decides about a retry. */
export interface RetryFacts {
  readonly method: string;
  /** `RequestSpec.retry`. */
  readonly retry: RequestSpec['retry'];
  /** True if the body can be sent again, which a stream cannot. */
  readonly repeatable: boolean;
  /** Number of the attempt, from 1. Attempts on reused connections that broke do not count. */
  readonly attempt: number;
  /** Milliseconds of all waits so far. */
  readonly waitedMs: number;
  readonly outcome: Outcome;
  readonly now: Date;
  /** Random number from 0 to 1. It spreads the retries of many clients. */
  readonly random: number;
}

export type RetryDecision =
  | { readonly kind: 'retry'; readonly waitMs: number }
  | {
      readonly kind: 'give-up';
      readonly because: 'not-idempotent' | 'final' | 'attempts' | 'wait-too-long';
    };

/** The first attempt and ten retries, as in client-go. */
const maxAttempts = 11;
/** A connection that breaks repeatedly is unlikely to recover soon. */
const maxBrokenConnections = 3;
const maxWaitMs = 30_000;
const maxTotalWaitMs = 120_000;
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Decides about 429, 5xx and connections that broke before an answer. Other statuses are final.
 *
 * A 429 without Retry-After waits for a second. A 5xx without Retry-After is final, because nothing
 * indicates that it is temporary. `retry` true repeats any method, false repeats none, and
 * `not-504` nothing after a 504. By default only GET, HEAD and OPTIONS are repeated. client-go
 * repeats any method on 429 and 5xx, but a server or a proxy can send these (504 above all) after
 * the request has been carried out.
 * @see https://kubernetes.io/docs/concepts/cluster-administration/flow-control/
 * @see https://github.com/kubernetes/client-go/blob/master/rest/with_retry.go
 */
export function decideRetry(facts: RetryFacts): RetryDecision {
  const { outcome, attempt } = facts;
  if (outcome.kind === 'status' && !isTransient(outcome)) return { kind: 'give-up', because: 'final' };
  const is504 = outcome.kind === 'status' && outcome.status === 504;
  if (is504 && facts.retry === 'not-504') return { kind: 'give-up', because: 'final' };
  const allowed = facts.retry === true || (facts.retry !== false && safeMethods.has(facts.method));
  if (!allowed || !facts.repeatable) return { kind: 'give-up', because: 'not-idempotent' };
  if (outcome.kind === 'broken') {
    if (outcome.reused) return { kind: 'retry', waitMs: 0 };
    if (attempt >= maxBrokenConnections) return { kind: 'give-up', because: 'attempts' };
    return { kind: 'retry', waitMs: Math.round(100 * 3 ** (attempt - 1) * (1 + facts.random)) };
  }
  if (attempt >= maxAttempts) return { kind: 'give-up', because: 'attempts' };
  const asked = parseRetryAfter(outcome.retryAfter, facts.now) ?? 1_000;
  // Waits up to a tenth longer than the server asks for, never shorter.
  const waitMs = Math.round(asked * (1 + facts.random / 10));
  if (asked > maxWaitMs || facts.waitedMs + asked > maxTotalWaitMs) {
    return { kind: 'give-up', because: 'wait-too-long' };
  }
  return { kind: 'retry', waitMs };
}

function isTransient({ status, retryAfter }: { status: number; retryAfter: string | undefined }): boolean {
  return status === 429 || (status >= 500 && status <= 599 && retryAfter !== undefined);
}

/**
 * Parses the value of Retry-After, in seconds or as a date (RFC 9110 section 10.2.3).
 * @returns milliseconds from now, 0 for a date in the past; undefined for an invalid value
 */
export function parseRetryAfter(value: string | undefined, now: Date): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  // Date.parse accepts more than HTTP dates, for example bare numbers. HTTP dates begin with the
  // name of a day.
  const at = /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime());
}

// Whether to send a request again, and when. Pure.

/** How an attempt ended without an answer that could be handed on. */
export type Outcome =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter: string | undefined }
  /**
   * The connection broke before an answer's headers were complete.
   * `reused`: it had carried a request before, so most likely the server had closed it while it was idle.
   */
  | { readonly kind: 'broken'; readonly reused: boolean };

export interface RetryFacts {
  readonly method: string;
  /** `RequestSpec.retry`. */
  readonly retry: boolean | undefined;
  /** The body can be sent a second time: it is no stream. */
  readonly repeatable: boolean;
  /** 1 for the first. Attempts over reused connections that broke do not count. */
  readonly attempt: number;
  /** Milliseconds spent waiting in earlier rounds. */
  readonly waitedMs: number;
  readonly outcome: Outcome;
  readonly now: Date;
  /** 0 to 1, so that many clients do not come back in the same instant. */
  readonly random: number;
}

export type RetryDecision =
  | { readonly kind: 'retry'; readonly waitMs: number }
  | {
      readonly kind: 'give-up';
      readonly because: 'not-idempotent' | 'final' | 'attempts' | 'wait-too-long';
    };

/** The first and ten more, as client-go does. */
const maxAttempts = 11;
/** A connection that breaks again and again is not going to get better soon. */
const maxBrokenConnections = 3;
const maxWaitMs = 30_000;
const maxTotalWaitMs = 120_000;
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Decides about 429, 5xx and connections that broke before an answer. Other statuses are final.
 *
 * A 429 without Retry-After waits a second; a 5xx without it is final, since nobody said that it will pass.
 * Methods other than GET, HEAD and OPTIONS are repeated only where `retry` is true: client-go repeats any method on
 * 429 and 5xx, but a server or a proxy may answer so (504 most of all) after the request has been carried out.
 * @see https://kubernetes.io/docs/concepts/cluster-administration/flow-control/
 * @see https://github.com/kubernetes/client-go/blob/master/rest/with_retry.go
 */
export function decideRetry(facts: RetryFacts): RetryDecision {
  const { outcome, attempt } = facts;
  if (outcome.kind === 'status' && !mayPass(outcome)) return { kind: 'give-up', because: 'final' };
  const allowed = facts.retry ?? safeMethods.has(facts.method);
  if (!allowed || !facts.repeatable) return { kind: 'give-up', because: 'not-idempotent' };
  if (outcome.kind === 'broken') {
    if (outcome.reused) return { kind: 'retry', waitMs: 0 };
    if (attempt >= maxBrokenConnections) return { kind: 'give-up', because: 'attempts' };
    return { kind: 'retry', waitMs: Math.round(100 * 3 ** (attempt - 1) * (1 + facts.random)) };
  }
  if (attempt >= maxAttempts) return { kind: 'give-up', because: 'attempts' };
  const asked = parseRetryAfter(outcome.retryAfter, facts.now) ?? 1_000;
  // Up to a tenth longer than asked, never shorter.
  const waitMs = Math.round(asked * (1 + facts.random / 10));
  if (asked > maxWaitMs || facts.waitedMs + asked > maxTotalWaitMs) {
    return { kind: 'give-up', because: 'wait-too-long' };
  }
  return { kind: 'retry', waitMs };
}

function mayPass({ status, retryAfter }: { status: number; retryAfter: string | undefined }): boolean {
  return status === 429 || (status >= 500 && status <= 599 && retryAfter !== undefined);
}

/**
 * The value of Retry-After, in seconds or as a date (RFC 9110 section 10.2.3).
 * @returns milliseconds from now, 0 for a date that has passed; undefined where it is neither
 */
export function parseRetryAfter(value: string | undefined, now: Date): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  // Date.parse takes more than HTTP dates, bare numbers for instance; those begin with a day's name.
  const at = /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime());
}

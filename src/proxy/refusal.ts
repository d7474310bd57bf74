// Answers that kapi proxy gives by itself, as plain data. Pure.

import { ConnectionError, KapiError, UsageError } from '../errors.ts';

/** Why a request is not sent on. */
export interface Refusal {
  readonly status: number;
  /** What is wrong with it and what would be right. */
  readonly message: string;
  /** A word or two for the log. */
  readonly rule: string;
  /**
   * `text` where the caller is no client of the API (a foreign web page), `status` where kubectl shall be able to show it.
   */
  readonly form: 'text' | 'status';
}

/** What is said in the place of an answer. */
export interface OwnAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const reasons: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  414: 'RequestURITooLong',
  502: 'BadGateway',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

const timeouts = new Set(['RequestTimeout', 'ConnectTimeout', 'TlsTimeout', 'ProxyTimeout']);

/** Puts a refusal into words for the client. */
export function answerOf({ status, message, form }: Refusal): OwnAnswer {
  // A browser must take neither for anything but what its Content-Type says.
  const common = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
  if (form === 'text') {
    return {
      status,
      headers: { 'content-type': 'text/plain; charset=utf-8', ...common },
      body: `${message}\n`,
    };
  }
  const body = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `kapi proxy: ${message}`,
    reason: reasons[status] ?? 'Unknown',
    code: status,
  };
  return {
    status,
    headers: { 'content-type': 'application/json', ...common },
    body: `${JSON.stringify(body)}\n`,
  };
}

/**
 * What a client is told where the API server could not be asked: 504 for time that ran out, 400 for a request that
 * cannot be sent, else 502 (RFC 9110 section 15.6). Messages of KapiErrors hold no secret; anything else is a bug of kapi,
 * of which a client learns nothing.
 */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof KapiError)) {
    return { status: 500, message: 'a bug in kapi', rule: 'a bug in kapi', form: 'status' };
  }
  const status =
    error instanceof UsageError
      ? 400
      : error instanceof ConnectionError && timeouts.has(error.code)
        ? 504
        : 502;
  const message = [error.message, ...error.causes].join('; ');
  return { status, message, rule: error.code, form: 'status' };
}

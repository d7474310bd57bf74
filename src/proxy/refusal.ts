// Responses that kapi proxy makes itself, as plain data. Pure.

import { ConnectionError, KapiError, UsageError } from '../errors.ts';

/** The reason why a request is not forwarded. */
export interface Refusal {
  readonly status: number;
  /** Says what is wrong with the request and how to correct it. */
  readonly message: string;
  /** One or two words for the log. */
  readonly rule: string;
  /**
   * `text` if the caller is not an API client (a page of another origin), `status` for a Status
   * object that kubectl can show.
   */
  readonly form: 'text' | 'status';
}

/** A response that the proxy makes itself. */
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

/** Formats a refusal as a response. */
export function answerOf({ status, message, form }: Refusal): OwnAnswer {
  // Browsers must not guess another type than Content-Type.
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
 * Returns the response for a request that did not reach the API server: 504 for a timeout, 400 for
 * a request that cannot be sent, else 502 (RFC 9110 section 15.6). Messages of KapiErrors contain
 * no secrets. Any other error is a bug of kapi, and the client gets no details of it.
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

// Errors for requests that kapi itself ends: the time limit, and redirects that it does not follow.
// Failures of the connection are Faults, which describe-fault.ts describes. Pure.

import { ConnectionError } from '../errors.ts';
import type { RedirectDecision } from './redirect.ts';

/** What a call is doing. */
export type Phase = 'credentials' | 'exchange' | 'wait' | 'body' | 'upgrade';

/**
 * Makes the error for an exceeded `--request-timeout`, with kubectl's message.
 * @param limitMs the limit in milliseconds
 * @param isConnecting true if a connection is being opened
 */
export function requestTimedOut(limitMs: number, phase: Phase, isConnecting: boolean): ConnectionError {
  const exceeded = 'Client.Timeout exceeded while awaiting headers';
  const words =
    phase === 'body'
      ? 'context deadline exceeded (Client.Timeout or context cancellation while reading body)'
      : `net/http: request canceled${isConnecting ? ' while waiting for connection' : ''} (${exceeded})`;
  const doing: Record<Phase, string> = {
    credentials: 'while the credentials were being fetched',
    exchange: isConnecting ? 'while the connection was being opened' : "before the answer's headers came",
    wait: 'while waiting to try again',
    body: "before the answer's body was complete",
    upgrade: 'before the server switched protocols',
  };
  return new ConnectionError(`Unable to connect to the server: ${words}`, {
    code: 'RequestTimeout',
    prefix: '',
    causes: [`the time limit of ${limitMs / 1_000} s passed ${doing[phase]}`],
    hint: 'give it more time with --request-timeout',
  });
}

type Refusal = Extract<RedirectDecision, { readonly kind: 'refuse' }>['why'];

/**
 * Makes the error for a redirect that kapi does not follow.
 * @param why `body`: the body was a stream and cannot be sent again
 * @param to the target of the redirect
 */
export function redirectRefused(
  status: number,
  why: Refusal | 'body',
  to: string,
  { server, serverUrl }: { readonly server: { readonly origin: string }; readonly serverUrl: string },
): ConnectionError {
  const messages: Record<Refusal | 'body', string> = {
    'other-origin': `the server redirects to ${to}, which is another origin than ${server.origin}`,
    'too-many': `the server redirects again and again, last to ${to}`,
    unreadable: `the server redirects to an invalid URL: ${to}`,
    body: `the server redirects to ${to}, but the body of the request was a stream and is gone`,
  };
  return new ConnectionError(`${messages[why]} (status ${status})`, {
    code: why === 'too-many' ? 'TooManyRedirects' : 'RedirectRefused',
    hint:
      why === 'other-origin'
        ? `kapi does not send credentials to another origin; if that is the API server, use it instead of ${serverUrl}`
        : undefined,
  });
}

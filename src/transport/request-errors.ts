// Errors of a request that kapi gives up by itself: its time limit, a redirect that is not followed. What the connection does
// wrong is a Fault, and describe-fault.ts has its words. Pure.

import { ConnectionError } from '../errors.ts';
import type { RedirectDecision } from './redirect.ts';

/** What a call does at a moment. */
export type Phase = 'credentials' | 'exchange' | 'wait' | 'body' | 'upgrade';

/** @param isConnecting a connection is being opened */
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
 * @param why `body`: the body was a stream, so that it cannot be sent again
 * @param to where the server wanted to send the request
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

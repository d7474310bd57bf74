// Names the source of a response in messages, and builds the error for an unexpected response.

import { ServerError } from '../errors.ts';
import { pathnameOf, type ApiResponse, type RequestSpec } from '../model/request.ts';

/** The source of a response, for messages: the server and the request. */
export interface ResponseSource {
  /** Scheme, host, port and path prefix of the server. */
  readonly server: string;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
}

/** Returns the source of the response to a request. */
export function sourceOf(request: RequestSpec, response: Pick<ApiResponse, 'server'>): ResponseSource {
  return { server: response.server, method: request.method, path: request.path };
}

/**
 * Returns method and path, such as `GET /api/v1/pods`. Leaves out the query, which can be long
 * (continue tokens).
 */
export function requestLineOf(request: { readonly method: string; readonly path: string }): string {
  return `${request.method} ${pathnameOf(request.path)}`;
}

/**
 * Returns the error for JSON that is not what the API defines for this request.
 * @param problem what is wrong, as the text after a colon: `a Table without rows`
 */
export function unexpectedResponse(source: ResponseSource, problem: string): ServerError {
  return new ServerError(`unexpected answer of ${source.server} to ${requestLineOf(source)}: ${problem}`, {
    code: 'UnexpectedAnswer',
    hint: 'is this a Kubernetes API server? -v shows the exchange',
  });
}

/**
 * Returns the start of a body for a message. Removes markup (tags, scripts, styles), and replaces
 * each run of control characters and white space by one space.
 * @param maxLength max characters (Unicode code points)
 */
export function excerptOf(body: string, maxLength = 120): string {
  const start = body.slice(0, 8_192);
  const text = /^\s*</.test(start)
    ? start.replaceAll(/<(script|style)\b[\s\S]*?<\/\1>/gi, ' ').replaceAll(/<[^>]*>?/g, ' ')
    : start;
  const words = text
    // Cc and Cf: C0, C1, DEL, bidirectional controls and other invisible characters.
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
  const letters = Array.from(words);
  return letters.length <= maxLength ? words : `${letters.slice(0, maxLength).join('').trimEnd()}…`;
}

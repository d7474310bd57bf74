// Where an answer came from, and the one way to say that it is not what it should be.

import { ServerError } from '../errors.ts';
import { pathnameOf, type ApiResponse, type RequestSpec } from '../model/request.ts';

/** Names an answer in messages. */
export interface AnswerSource {
  /** Scheme, host, port and prefix of the server. */
  readonly server: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
}

export function sourceOf(request: RequestSpec, response: Pick<ApiResponse, 'server'>): AnswerSource {
  return { server: response.server, method: request.method, path: request.path };
}

/** `GET /api/v1/pods`: method and path without the query, which may be long (continue tokens). */
export function requestLineOf(request: { readonly method: string; readonly path: string }): string {
  return `${request.method} ${pathnameOf(request.path)}`;
}

/**
 * JSON came, but not what the API defines for this place.
 * @param problem what is wrong, to follow a colon: `items is no array`
 */
export function unexpectedAnswer(source: AnswerSource, problem: string): ServerError {
  return new ServerError(`unexpected answer of ${source.server} to ${requestLineOf(source)}: ${problem}`, {
    code: 'UnexpectedAnswer',
    hint: 'is this a Kubernetes API server? -v shows the exchange',
  });
}

/**
 * The first words of a body for a message: markup and control characters taken out, white space made one blank.
 * @param maxLength characters
 */
export function firstWordsOf(body: string, maxLength = 120): string {
  const start = body.slice(0, 8_192);
  const text = /^\s*</.test(start)
    ? start.replaceAll(/<(script|style)\b[\s\S]*?<\/\1>/gi, ' ').replaceAll(/<[^>]*>?/g, ' ')
    : start;
  const words = text
    // C0, C1, DEL, bidirectional controls and other invisible characters have no business in a message.
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
  const letters = Array.from(words);
  return letters.length <= maxLength ? words : `${letters.slice(0, maxLength).join('').trimEnd()}…`;
}

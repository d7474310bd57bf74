// What handlers work with: one request as they see it, and the answers they may give.
// Types, and the two ways to make the commonest answers. How an answer reaches the wire: respond.ts.

import type { JsonObject } from '../../model/object.ts';
import type { OutputForm } from './negotiation.ts';
import type { PathRequest, ResourcePath } from '../../model/request-info.ts';
import type { UserInfo } from '../types/types.ts';

/** A request after authentication. */
export interface Call {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly header: (name: string) => string;
  readonly info: ResourcePath | PathRequest;
  readonly user: UserInfo;
  /**
   * The whole body.
   * @throws StatusError 413
   */
  readonly body: () => Promise<Buffer>;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  /** Texts for `Warning` headers of the answer. */
  readonly warnings: string[];
}

/** What a handler gives back. */
export type Answer =
  | {
      readonly kind: 'object';
      readonly status: number;
      readonly body: JsonObject;
      readonly form: OutputForm;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'text';
      readonly status: number;
      readonly contentType: string;
      readonly text: string | Buffer;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | {
      /** A body that is written piece by piece: long lists, and watches with `live`. */
      readonly kind: 'stream';
      readonly status: number;
      readonly contentType: string;
      readonly chunks: Iterable<string> | AsyncIterable<string>;
      /** Send headers at once and every piece as it comes. */
      readonly live: boolean;
    };

export function objectAnswer(form: OutputForm, body: JsonObject, status = 200): Answer {
  return { kind: 'object', status, body, form };
}

export function textAnswer(status: number, text: string, contentType = 'text/plain; charset=utf-8'): Answer {
  return {
    kind: 'text',
    status,
    contentType,
    text,
    headers: { 'x-content-type-options': 'nosniff' },
  };
}

/** Go's own answer for a path that no handler has. */
export function pageNotFound(): Answer {
  return textAnswer(404, '404 page not found\n');
}

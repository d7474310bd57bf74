// A request as handlers see it, and the responses that they can return. Types, and the two
// functions for the most common responses. respond.ts writes responses.

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
  /** Returns the value of a header, by its name in lower case. */
  readonly header: (name: string) => string;
  readonly info: ResourcePath | PathRequest;
  readonly user: UserInfo;
  /**
   * Reads the whole body.
   * @throws StatusError 413
   */
  readonly body: () => Promise<Buffer>;
  /** Aborted when the client closes the connection. */
  readonly signal: AbortSignal;
  /** Texts for `Warning` headers of the response. */
  readonly warnings: string[];
}

/** The response of a handler. */
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
      /** A body that is written in pieces: long lists, and watches with `live`. */
      readonly kind: 'stream';
      readonly status: number;
      readonly contentType: string;
      readonly chunks: Iterable<string> | AsyncIterable<string>;
      /** True to send headers at once and every piece as it arrives. */
      readonly live: boolean;
    };

/** Makes a response with one object. */
export function objectAnswer(form: OutputForm, body: JsonObject, status = 200): Answer {
  return { kind: 'object', status, body, form };
}

/** Makes a response with text. */
export function textAnswer(status: number, text: string, contentType = 'text/plain; charset=utf-8'): Answer {
  return {
    kind: 'text',
    status,
    contentType,
    text,
    headers: { 'x-content-type-options': 'nosniff' },
  };
}

/** Makes Go's response for a path without a handler. */
export function pageNotFound(): Answer {
  return textAnswer(404, '404 page not found\n');
}

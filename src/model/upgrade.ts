// Requests that turn their connection into something else: what is asked, and what comes of it. The transport sends them, the
// proxy joins what it gets.

import type { Duplex } from 'node:stream';
import type { ApiResponse, Headers, RequestSpec, SendOptions } from './request.ts';

/** Method, path and headers, `connection` and `upgrade` among them; no body. */
export type UpgradeSpec = Pick<RequestSpec, 'method' | 'path' | 'headers' | 'headersAreBytes'>;

export type UpgradeAnswer =
  | {
      readonly kind: 'upgraded';
      /** Names in lower case. */
      readonly headers: Headers;
      /** Header lines in their order and as bytes read as Latin-1. */
      readonly headerLines: readonly (readonly [name: string, value: string])[];
      /** The connection from now on; whoever takes it must listen to `error` and end it. */
      readonly socket: Duplex;
      /** What the server said right after the head of its answer: comes before all that `socket` gives. */
      readonly head: Uint8Array;
    }
  /** The server answered in the ordinary way: 403, 404, 400 for a missing query, … */
  | { readonly kind: 'answered'; readonly response: ApiResponse };

/**
 * @throws ConnectionError, ServerError and ConfigError as `Send` does; `options.signal` also ends an upgraded
 *   connection
 */
export type OpenUpgrade = (spec: UpgradeSpec, options?: SendOptions) => Promise<UpgradeAnswer>;

// Requests that upgrade their connection, and their responses. The transport sends them, the proxy
// joins the connections.

import type { Duplex } from 'node:stream';
import type { ApiResponse, Headers, RequestSpec, SendOptions } from './request.ts';

/** Method, path and headers, including `connection` and `upgrade`. No body. */
export type UpgradeSpec = Pick<RequestSpec, 'method' | 'path' | 'headers' | 'headersAreBytes'>;

export type UpgradeAnswer =
  | {
      readonly kind: 'upgraded';
      /** Names in lower case. */
      readonly headers: Headers;
      /** Header lines, in order, as bytes read as Latin-1. */
      readonly headerLines: readonly (readonly [name: string, value: string])[];
      /** The connection after the upgrade. The caller must listen to `error` and end it. */
      readonly socket: Duplex;
      /**
       * Bytes that the server sent right after the response head. They precede the data of
       * `socket`.
       */
      readonly head: Uint8Array;
    }
  /** The server sent an ordinary response: 403, 404, 400 for a missing query, … */
  | { readonly kind: 'answered'; readonly response: ApiResponse };

/**
 * Sends an upgrade request.
 * @throws ConnectionError, ServerError and ConfigError as `Send` does; `options.signal` also ends
 *   an upgraded connection
 */
export type OpenUpgrade = (spec: UpgradeSpec, options?: SendOptions) => Promise<UpgradeAnswer>;

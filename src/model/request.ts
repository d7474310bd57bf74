// A request to the API server as plain data, its answer, and the one function type that turns one into the other.

/** Header names in lower case, as HTTP/2 and Node write them. */
export type Headers = Readonly<Record<string, string>>;

/** A request before the cluster, its credentials and a connection are known. */
export interface RequestSpec {
  /** HTTP method in upper case. */
  readonly method: string;
  /**
   * Path and query as the API knows them (`/api/v1/pods?limit=500`), already percent-encoded, beginning with `/`.
   * The path prefix of the cluster's `server` is put before it by the transport.
   */
  readonly path: string;
  /**
   * Further headers, names in lower case. Authorization, User-Agent, Accept-Encoding and impersonation are the
   * transport's; given here they replace its own. With an Accept-Encoding of the caller the body stays encoded.
   */
  readonly headers?: Headers;
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  /**
   * The answer has no natural end (watch, log follow): `--request-timeout` covers the time to the answer's headers
   * only. Otherwise it covers the whole answer.
   */
  readonly streaming?: boolean;
  /** Send it once: neither 429 nor a reset connection is answered by a retry. Default: GET, HEAD, OPTIONS are retried. */
  readonly retry?: boolean;
  /**
   * `manual`: a 3xx answer is handed over as it is. Default: redirects within the server's origin are followed, others
   * are an error.
   */
  readonly redirect?: 'follow' | 'manual';
}

/** An answer whose headers are there and whose body is still to be read. */
export interface ApiResponse {
  readonly status: number;
  /** The reason phrase of the status line, empty where there was none. */
  readonly statusText: string;
  /** Names in lower case; values of repeated headers joined by `, `. */
  readonly headers: Headers;
  /**
   * The body, content encoding (gzip) undone, in the chunks it came in. Read it to the end or call
   * {@link ApiResponse.cancel}; a broken connection, a truncated body or an abort throws here.
   */
  readonly body: AsyncIterable<Uint8Array>;
  /** Gives up on the rest of the body and frees the connection. */
  cancel(): void;
  /** Scheme, host, port and prefix of the server that answered, for messages. */
  readonly server: string;
}

export interface SendOptions {
  /** Ends the request and the reading of its body. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends a request and resolves when the answer's headers are there, whatever its status.
 * @throws ConnectionError when there was no answer (name resolution, refused, TLS, timeout, broken connection), or one
 *   that sends the request to another origin
 * @throws ServerError when the answer cannot be understood (no HTTP, headers too large, bad encoding)
 * @throws ConfigError when credentials could not be had (exec plugin failed, token file missing)
 * @throws Interrupted when `signal` aborted because of a signal to the process
 */
export type Send = (request: RequestSpec, options?: SendOptions) => Promise<ApiResponse>;

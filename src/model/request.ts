// A request to the API server as plain data, its response, and the type of the function that sends
// it.

/** Header names in lower case, as HTTP/2 and Node write them. */
export type Headers = Readonly<Record<string, string>>;

/**
 * Headers of a request, names in lower case. An array is one header line for each value
 * (`impersonate-group`).
 */
export type RequestHeaders = Readonly<Record<string, string | readonly string[]>>;

/** A request before the cluster, its credentials and a connection are known. */
export interface RequestSpec {
  /** HTTP method in upper case. */
  readonly method: string;
  /**
   * Path and query as the API defines them (`/api/v1/pods?limit=500`), percent-encoded, beginning
   * with `/`. The transport adds the path prefix of the cluster's `server`.
   */
  readonly path: string;
  /**
   * Additional headers, names in lower case. The transport sets Authorization, User-Agent,
   * Accept-Encoding and impersonation; values here replace its own. With an Accept-Encoding here
   * the body stays encoded.
   */
  readonly headers?: RequestHeaders;
  /**
   * True if the values of `headers` are bytes read as Latin-1, to be sent unchanged. Default: text,
   * sent as UTF-8.
   */
  readonly headersAreBytes?: boolean;
  /** Names, in lower case, of headers that the transport must not add (`authorization`). */
  readonly omitHeaders?: readonly string[];
  /**
   * True to send the request with the caller's own rights, without the impersonation of `--as` and
   * of the kubeconfig. Default: false.
   */
  readonly asCaller?: boolean;
  /** True to ask for a compressed response. Default: the transport decides. */
  readonly compress?: boolean;
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  /**
   * True if the response has no natural end (watch, log follow): `--request-timeout` then covers
   * the time to the response headers only. Otherwise it covers the whole response.
   */
  readonly streaming?: boolean;
  /**
   * False to send the request once, without a retry after 429 or a connection reset. `not-504`: a
   * 504 is final, other failures are retried. Default: GET, HEAD and OPTIONS are retried.
   */
  readonly retry?: boolean | 'not-504';
  /**
   * `manual`: returns a 3xx response unchanged. Default: follows redirects within the server's
   * origin; others are an error.
   */
  readonly redirect?: 'follow' | 'manual';
  /** For `--curl`: the words of the command line that a printed command repeats. */
  readonly words?: RequestWords;
}

/** Parts of a curl command that the request itself does not show. */
export interface RequestWords {
  /** Flags about the output (`-i`, `-o FILE`), one word each, not quoted. */
  readonly flags?: readonly string[];
  /** Flags that provide the body without repeating it, such as `--data-binary` and `@pod.yaml`. */
  readonly body?: readonly string[];
}

/** A response whose headers have arrived and whose body is not read yet. */
export interface ApiResponse {
  readonly status: number;
  /** The reason phrase of the status line. Empty if there is none. */
  readonly statusText: string;
  /** Names in lower case; values of repeated headers joined by `, `. */
  readonly headers: Headers;
  /**
   * The body, decompressed (gzip), in chunks as received. Read it to the end or call {@link
   * ApiResponse.cancel}. Throws after a broken connection, a truncated body or an abort.
   */
  readonly body: AsyncIterable<Uint8Array>;
  /** Discards the rest of the body and frees the connection. */
  cancel(): void;
  /** Scheme, host, port and prefix of the responding server, for messages. */
  readonly server: string;
  /** Details of the exchange. Absent in responses of tests. */
  readonly exchange?: Exchange;
}

/** The data that `kapi curl -i` and `-w` show in addition to status and body. */
export interface Exchange {
  /** The last requested URL after redirects: scheme, host, port, path and query. */
  readonly url: string;
  /** Number of redirects followed. */
  readonly redirects: number;
  /** Header lines of the response, in order, as bytes read as Latin-1. */
  readonly headerLines: readonly (readonly [name: string, value: string])[];
  /**
   * Milliseconds from the call of {@link Send} to each step. Absent steps did not happen (a
   * kept-alive connection).
   */
  readonly resolvedMs?: number;
  readonly connectedMs?: number;
  readonly securedMs?: number;
  readonly firstByteMs: number;
}

export interface SendOptions {
  /** Aborting it ends the request and the reading of its body. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Called each time a connection is open and the request is sent on it, so once more for each
   * retry.
   */
  readonly onSent?: (() => void) | undefined;
}

/**
 * Sends a request. Resolves when the response headers have arrived, whatever the status.
 * @throws ConnectionError if there was no response (name resolution, refused, TLS, timeout, broken
 *   connection), or one that redirects to another origin
 * @throws ServerError if the response cannot be parsed (not HTTP, headers too large, bad encoding)
 * @throws ConfigError if credentials are not available (exec plugin failed, token file missing)
 * @throws Interrupted if `signal` aborted because of a signal to the process
 */
export type Send = (request: RequestSpec, options?: SendOptions) => Promise<ApiResponse>;

/** Returns the path without its query. */
export function pathnameOf(path: string): string {
  const query = path.indexOf('?');
  return query < 0 ? path : path.slice(0, query);
}

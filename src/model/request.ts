// A request to the API server as plain data, its answer, and the one function type that turns one into the other.

/** Header names in lower case, as HTTP/2 and Node write them. */
export type Headers = Readonly<Record<string, string>>;

/** Headers of a request, names in lower case; an array is one line for each value (`impersonate-group`). */
export type RequestHeaders = Readonly<Record<string, string | readonly string[]>>;

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
  readonly headers?: RequestHeaders;
  /** The values of `headers` are bytes read as Latin-1, and go out as they are. Default: text, sent as UTF-8. */
  readonly headersAreBytes?: boolean;
  /** Names, in lower case, of headers that the transport would add by itself and shall leave out (`authorization`). */
  readonly omitHeaders?: readonly string[];
  /** Whether to ask for a compressed answer. Default: the transport's own choice. */
  readonly compress?: boolean;
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
  /** For `--curl`: how the command line said it, where a printed command shall say it in the same words. */
  readonly words?: RequestWords;
}

/** Parts of a curl command that cannot be told from the request itself. */
export interface RequestWords {
  /** Flags about the output (`-i`, `-o FILE`), one word each, not quoted. */
  readonly flags?: readonly string[];
  /** Flags that give the body without repeating it, such as `--data-binary` and `@pod.yaml`. */
  readonly body?: readonly string[];
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
  /** How the answer came about; absent where a test answers. */
  readonly exchange?: Exchange;
}

/** What `kapi curl -i` and `-w` show of an answer beside its status and body. */
export interface Exchange {
  /** Scheme, host, port, path and query that were asked last, redirects followed. */
  readonly url: string;
  /** Redirects that were followed. */
  readonly redirects: number;
  /** Header lines of the answer in their order and as bytes read as Latin-1. */
  readonly headerLines: readonly (readonly [name: string, value: string])[];
  /** Milliseconds from the call of {@link Send} to each step; absent ones did not happen (a kept-alive connection). */
  readonly resolvedMs?: number;
  readonly connectedMs?: number;
  readonly securedMs?: number;
  readonly firstByteMs: number;
}

export interface SendOptions {
  /** Ends the request and the reading of its body. */
  readonly signal?: AbortSignal | undefined;
  /** Called when a connection is there and the request goes over it; again for each repetition. */
  readonly onSent?: (() => void) | undefined;
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

/** The path without its query. */
export function pathnameOf(path: string): string {
  const query = path.indexOf('?');
  return query < 0 ? path : path.slice(0, query);
}

// Formats one log line for each request: the HTTP request, what it means in the API, and the
// result. Pure.

/** A request in terms of the API. */
export interface Described {
  /** Verb and resource: `list pods in dev`. */
  readonly words: string;
  /** True if the response has no natural end: a watch, or a log that is followed. */
  readonly endless: boolean;
}

export interface LogEntry {
  readonly method: string;
  /**
   * The path without its query, which can contain secrets. As received if kapi could not parse it.
   */
  readonly path: string;
  /** Undefined if kapi could not parse the path. */
  readonly words: string | undefined;
  /** Undefined if the client closed the connection before it got a status. */
  readonly status: number | undefined;
  readonly durationMs: number;
  /** A remark about an unusual result: `refused: --reject-paths`, `client gone`. */
  readonly note: string | undefined;
}

/** Formats an entry, without a line end. */
export function logLine({ method, path, words, status, durationMs, note }: LogEntry): string {
  const asked = words === undefined ? '' : ` (${words})`;
  const came = note === undefined ? '' : `, ${note}`;
  return `${method} ${path}${asked} ${status ?? '-'} ${Math.round(durationMs)} ms${came}`;
}

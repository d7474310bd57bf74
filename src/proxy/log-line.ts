// One line for one request: what was asked, in HTTP's terms and in the API's, and what came of it. Pure.

/** A request in the API's terms. */
export interface Described {
  /** Verb and resource: `list pods in dev`. */
  readonly words: string;
  /** It has no natural end: a watch, a log that is followed. */
  readonly endless: boolean;
}

export interface LogEntry {
  readonly method: string;
  /** Without its query, which may hold what a log shall not; as it came where it could not be read. */
  readonly path: string;
  /** Undefined where the path could not be read. */
  readonly words: string | undefined;
  /** Undefined where the client went before it was told one. */
  readonly status: number | undefined;
  readonly durationMs: number;
  /** What was out of the ordinary: `refused: --reject-paths`, `client gone`. */
  readonly note: string | undefined;
}

/** Without a line end. */
export function logLine({ method, path, words, status, durationMs, note }: LogEntry): string {
  const asked = words === undefined ? '' : ` (${words})`;
  const came = note === undefined ? '' : `, ${note}`;
  return `${method} ${path}${asked} ${status ?? '-'} ${Math.round(durationMs)} ms${came}`;
}

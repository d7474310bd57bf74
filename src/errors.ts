// The KapiError family and the exit-code table: what a failure is called, what it says, how the process ends.
// Thrown anywhere; turned into text and an exit code in one place, src/cli/fail.ts. Imports nothing.

/** Exit codes of every command, also `kapi help exit-codes`. Stable: scripts depend on them. */
export const ExitCode = {
  /** Success; an empty list included. */
  ok: 0,
  /** A negative answer and only that: `can-i` said no, `--until` not reached, `--expect-count` not met. */
  no: 1,
  /** Usage: unknown flag, bad selector or template, unknown resource type. */
  usage: 2,
  /** Configuration or credentials unusable: no cluster, bad file, missing context, exec plugin failed. */
  config: 3,
  /** The server refused: a 4xx answer. */
  refused: 4,
  /** The server failed: a 5xx answer, 429 after retries, an answer that cannot be understood. */
  server: 5,
  /** Could not talk: name resolution, connection refused, TLS, timeout, watch lost for good. */
  connection: 6,
  /** A bug in kapi. */
  bug: 70,
  /** Interrupted by SIGINT. */
  interrupted: 130,
  /** Ended by SIGTERM. */
  terminated: 143,
} as const;

/** One number of the exit-code table. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** What every KapiError may carry besides its message. */
export interface ErrorDetails {
  /** Stable machine name of the failure, such as `ContextNotFound`; printed by `--error-format json`. */
  readonly code: string;
  /** What to do next, one line or several; printed after `hint: `. */
  readonly hint?: string | undefined;
  /** Further facts, one a line, printed below the message (the causes of a Status, for instance). */
  readonly causes?: readonly string[] | undefined;
  /** What was thrown below, kept for `-vv`. */
  readonly cause?: unknown;
  /**
   * What stands before the message as text. Empty where kubectl puts nothing (`Error from server (NotFound): …`,
   * `The connection to the server …`). Default: `error: `.
   */
  readonly prefix?: '' | 'error: ';
}

/** Base of all failures a user can cause or meet. Never constructed itself: take the class of the exit code. */
export abstract class KapiError extends Error {
  abstract readonly exitCode: ExitCode;
  readonly code: string;
  readonly hint: string | undefined;
  readonly causes: readonly string[];
  readonly prefix: '' | 'error: ';

  /**
   * @param message what happened and where it came from; without a trailing full stop or the word "error", and
   *   never with a secret in it
   */
  constructor(message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = details.code;
    this.hint = details.hint;
    this.causes = details.causes ?? [];
    this.prefix = details.prefix ?? 'error: ';
  }
}

/** A negative answer, exit code 1. */
export class NegativeAnswer extends KapiError {
  override readonly exitCode = ExitCode.no;
}

/** The command line asks for something that cannot be, exit code 2. */
export class UsageError extends KapiError {
  override readonly exitCode = ExitCode.usage;
}

/** Configuration or credentials cannot be used, exit code 3. */
export class ConfigError extends KapiError {
  override readonly exitCode = ExitCode.config;
}

/**
 * The part of a `Status` body that errors keep.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
 */
export interface StatusFacts {
  /** HTTP status code of the answer. */
  readonly httpStatus: number;
  /** `reason` of the Status (`NotFound`, `Forbidden`, …), empty where the server gave none. */
  readonly reason: string;
  /** The Status body as the server sent it, for `--error-format json` and hints; undefined where there was none. */
  readonly status?: unknown;
  /** Where no Status came: what the answer says of whoever gave it, its Server and Content-Type. */
  readonly answeredBy?: string;
  /** Method and path of the refused request. */
  readonly method: string;
  readonly path: string;
  /** Seconds after which the server invites a retry, from `Retry-After` or the Status details. */
  readonly retryAfterSeconds?: number | undefined;
}

/** The server answered 4xx, exit code 4. */
export class RefusedError extends KapiError {
  override readonly exitCode = ExitCode.refused;
  readonly facts: StatusFacts;
  constructor(message: string, details: ErrorDetails & { readonly facts: StatusFacts }) {
    super(message, details);
    this.facts = details.facts;
  }
}

/** The server answered 5xx or 429 to the end, or with something that is no answer, exit code 5. */
export class ServerError extends KapiError {
  override readonly exitCode = ExitCode.server;
  readonly facts: StatusFacts | undefined;
  constructor(message: string, details: ErrorDetails & { readonly facts?: StatusFacts }) {
    super(message, details);
    this.facts = details.facts;
  }
}

/** No conversation with the server came about or it broke, exit code 6. */
export class ConnectionError extends KapiError {
  override readonly exitCode = ExitCode.connection;
}

/** A state kapi's own code rules out, exit code 70. */
export class BugError extends KapiError {
  override readonly exitCode = ExitCode.bug;
}

/** The user or the system ended the command; nothing is printed. */
export class Interrupted extends KapiError {
  override readonly exitCode: ExitCode;
  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`interrupted by ${signal}`, { code: 'Interrupted' });
    this.exitCode = signal === 'SIGINT' ? ExitCode.interrupted : ExitCode.terminated;
  }
}

/**
 * A request was printed as a curl command in the place of being sent (`--curl`), so there is no answer to go on with.
 * Not a failure: nothing is said about it and the command ends with 0.
 */
export class NotSent extends KapiError {
  override readonly exitCode = ExitCode.ok;
  constructor(request: { readonly method: string; readonly path: string }) {
    super(`${request.method} ${request.path} was printed, not sent`, { code: 'NotSent' });
  }
}

/**
 * Several failures of one command whose other parts succeeded (`get pod/a pod/missing`): each is printed as if it
 * stood alone, and the exit code is the first one's.
 */
export class PartialFailure extends KapiError {
  override readonly exitCode: ExitCode;
  readonly failures: readonly KapiError[];
  constructor(failures: readonly [KapiError, ...KapiError[]]) {
    super(failures.map((failure) => failure.message).join('; '), { code: 'PartialFailure' });
    this.failures = failures;
    this.exitCode = failures[0].exitCode;
  }
}

/** The system's own code of a failure (`ENOENT`, `ECONNREFUSED`, `CERT_HAS_EXPIRED`), or undefined. */
export function systemCodeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The message of whatever was thrown, on one line. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.replaceAll(/\s*\n\s*/g, ' ');
}

/** Why a file could not be read, in the system's words and without its path. */
export function fileProblemOf(error: unknown): string {
  const code = systemCodeOf(error);
  return code === undefined ? 'it cannot be read' : (fileProblems[code] ?? code);
}

const fileProblems: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  ENOTDIR: 'a part of the path is not a directory',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EISDIR: 'it is a directory',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
};

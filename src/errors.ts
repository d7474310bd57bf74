// The KapiError family and the exit-code table: what a failure is called, what it says, how the process ends.
// Thrown anywhere; turned into text and an exit code in one place, src/cli/fail.ts. Imports nothing of kapi.

import { getSystemErrorMap } from 'node:util';

/** Exit codes of every command, also `kapi help exit-codes`. Stable: scripts depend on them. */
export const ExitCode = {
  /** Success; an empty list included. */
  ok: 0,
  /** A negative answer and only that: `can-i` said no, `--until` not reached, `--expect-count` not met. */
  no: 1,
  /** Usage: unknown flag, bad selector or template, unknown resource type. */
  usage: 2,
  /**
   * Something on this machine cannot be used: no cluster, missing context, failed exec plugin, a file that cannot be read or
   * written, a full disk, no file descriptor left.
   */
  config: 3,
  /** The server refused: a 4xx answer. */
  refused: 4,
  /** The server failed: a 5xx answer, 429 after retries, an answer that cannot be understood. */
  server: 5,
  /** Could not talk: name resolution, connection refused, TLS, timeout, watch lost for good. */
  connection: 6,
  /** A bug in kapi. */
  bug: 70,
  /** Ended by SIGHUP. */
  hangup: 129,
  /** Interrupted by SIGINT. */
  interrupted: 130,
  /** Ended by SIGQUIT. */
  quit: 131,
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

/** The operating system refuses a local operation (a file, a stream, a descriptor), exit code 3. */
export class LocalError extends KapiError {
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

/** The signals that end a command, and the exit code that a shell gives each. */
const exitCodeOfSignal = {
  SIGHUP: ExitCode.hangup,
  SIGINT: ExitCode.interrupted,
  SIGQUIT: ExitCode.quit,
  SIGTERM: ExitCode.terminated,
} as const;

/** A signal that ends a command. */
export type EndingSignal = keyof typeof exitCodeOfSignal;

/** The user or the system ended the command; nothing is printed. */
export class Interrupted extends KapiError {
  override readonly exitCode: ExitCode;
  readonly signal: EndingSignal;
  constructor(signal: EndingSignal) {
    super(`interrupted by ${signal}`, { code: 'Interrupted' });
    this.exitCode = exitCodeOfSignal[signal];
    this.signal = signal;
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

/**
 * Why the system refuses a file or another local operation, in the system's words and without the path. Together with
 * {@link localError} this is the one place that turns an errno into words.
 * @param error what Node threw
 */
export function fileProblemOf(error: unknown): string {
  const code = systemCodeOf(error);
  if (code === undefined) return 'it cannot be read';
  const errno = errnoOf(error);
  const known = fileProblems[code] ?? (errno === undefined ? undefined : unnamedErrnos[errno]);
  if (known !== undefined) return known;
  for (const [name, text] of getSystemErrorMap().values()) if (name === code) return text;
  return code;
}

/** Words that say more than the system's own; for all other codes the system's are taken. */
const fileProblems: Readonly<Record<string, string>> = {
  ENOTDIR: 'a part of the path is not a directory',
  EISDIR: 'it is a directory',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  EROFS: 'the file system is read-only',
  EFBIG: 'the file would be larger than the limit of the file system or of the shell (ulimit -f)',
  EDQUOT: 'disk quota exceeded',
  ESTALE: 'the file on the server of the network file system is gone (stale file handle)',
  ENOTSUP: 'operation not supported',
  ERR_FS_FILE_TOO_LARGE: 'the file is too large',
  ERR_STRING_TOO_LONG: 'the file is too large',
};

/** Linux has them, Node has no name for them: it writes "Unknown system error -122". */
const unnamedErrnos: Readonly<Record<number, string>> = {
  [-5]: 'input/output error',
  [-107]: 'not connected',
  [-116]: fileProblems['ESTALE'] ?? '',
  [-122]: fileProblems['EDQUOT'] ?? '',
  [-123]: 'no medium found',
  [-126]: 'the key of the encrypted file is not available',
};

function errnoOf(error: unknown): number | undefined {
  return typeof error === 'object' && error !== null && 'errno' in error && typeof error.errno === 'number'
    ? error.errno
    : undefined;
}

/** Whether Node threw it for something that the system refuses: a system call, or a file that is too large for Node. */
export function isSystemError(error: unknown): boolean {
  const code = systemCodeOf(error);
  if (code === undefined) return false;
  return (
    errnoOf(error) !== undefined ||
    /^E(?!RR_)[A-Z0-9]+$/.test(code) ||
    /^ERR_(FS_FILE|STRING)_TOO_L/.test(code)
  );
}

/**
 * What the system refuses, as the error that a user sees; anything else comes back as it is, to be thrown on.
 * @param what what cannot be done and with which file or stream: `cannot read /etc/x of --load`
 * @param code machine name of the failure
 */
export function localError(what: string, error: unknown, code = 'LocalFailure'): unknown {
  if (error instanceof KapiError || !isSystemError(error)) return error;
  return new LocalError(`${what}: ${fileProblemOf(error)}`, { code, cause: error, hint: hintOf(error) });
}

function hintOf(error: unknown): string | undefined {
  switch (systemCodeOf(error)) {
    case 'EMFILE':
      return 'ulimit -n shows how many files this shell lets a process open; ulimit -n 1024 raises the limit';
    case 'ENFILE':
      return 'the whole system has too many files open: close other programs';
    case 'ENOSPC':
      return 'df -h shows which file system is full';
    default:
      return undefined;
  }
}

// The KapiError family and the exit-code table: name, message and exit code of a failure. Thrown
// anywhere; src/cli/fail.ts turns errors into text and an exit code. Imports nothing from kapi.

import { getSystemErrorMap } from 'node:util';

/** Exit codes of every command, as in `kapi help exit-codes`. Stable: scripts depend on them. */
export const ExitCode = {
  /** Success, including an empty list. */
  ok: 0,
  /**
   * A negative answer and nothing else: `can-i` said no, `--until` not reached, `--expect-count`
   * not met.
   */
  no: 1,
  /** Usage: unknown flag, bad selector or template, unknown resource type. */
  usage: 2,
  /**
   * Something on this machine cannot be used: no cluster, missing context, failed exec plugin, a
   * file that cannot be read or written, a full disk, no file descriptor left.
   */
  config: 3,
  /** The server refused: a 4xx answer. */
  refused: 4,
  /** The server failed: a 5xx answer, 429 after retries, an answer that cannot be understood. */
  server: 5,
  /** No communication: name resolution, connection refused, TLS, timeout, watch lost for good. */
  connection: 6,
  /** A bug of kapi. */
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

/** Details of a KapiError in addition to its message. */
export interface ErrorDetails {
  /**
   * Stable machine name of the failure, such as `ContextNotFound`; printed by `--error-format
   * json`.
   */
  readonly code: string;
  /** What to do next, in one or more lines. Printed after `hint: `. */
  readonly hint?: string | undefined;
  /** More facts, one a line, printed below the message (for example the causes of a Status). */
  readonly causes?: readonly string[] | undefined;
  /** The original error, for `-vv`. */
  readonly cause?: unknown;
  /**
   * Text before the message. Empty where kubectl prints none (`Error from server (NotFound): …`,
   * `The connection to the server …`). Default: `error: `.
   */
  readonly prefix?: '' | 'error: ';
}

/**
 * Base class of all failures that a user can cause or see. Abstract: use the subclass with the
 * right exit code.
 */
export abstract class KapiError extends Error {
  abstract readonly exitCode: ExitCode;
  readonly code: string;
  readonly hint: string | undefined;
  readonly causes: readonly string[];
  readonly prefix: '' | 'error: ';

  /**
   * @param message what happened and where it came from; without a trailing full stop, the word
   *   "error" or a secret
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

/** The command line asks for something impossible, exit code 2. */
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
  /** `reason` of the Status (`NotFound`, `Forbidden`, …). Empty if the server sent none. */
  readonly reason: string;
  /**
   * The Status body as the server sent it, for `--error-format json` and hints. Undefined if there
   * was none.
   */
  readonly status?: unknown;
  /**
   * For a response without a Status: its Server and Content-Type headers, which show what answered.
   */
  readonly answeredBy?: string;
  /** Method and path of the refused request. */
  readonly method: string;
  readonly path: string;
  /** Seconds after which the server asks for a retry, from `Retry-After` or the Status details. */
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

/** The server answered 5xx, 429 after all retries, or with an invalid response, exit code 5. */
export class ServerError extends KapiError {
  override readonly exitCode = ExitCode.server;
  readonly facts: StatusFacts | undefined;
  constructor(message: string, details: ErrorDetails & { readonly facts?: StatusFacts }) {
    super(message, details);
    this.facts = details.facts;
  }
}

/** The connection failed or broke, exit code 6. */
export class ConnectionError extends KapiError {
  override readonly exitCode = ExitCode.connection;
}

/** A state that kapi's code should make impossible, exit code 70. */
export class BugError extends KapiError {
  override readonly exitCode = ExitCode.bug;
}

/** The signals that end a command, with the exit codes that a shell reports for them. */
const exitCodeOfSignal = {
  SIGHUP: ExitCode.hangup,
  SIGINT: ExitCode.interrupted,
  SIGQUIT: ExitCode.quit,
  SIGTERM: ExitCode.terminated,
} as const;

/** A signal that ends a command. */
export type EndingSignal = keyof typeof exitCodeOfSignal;

/** The user or the system ended the command. kapi prints nothing. */
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
 * A request was printed as a curl command instead of sent (`--curl`), so there is no response. Not
 * a failure: kapi prints nothing and the command ends with 0.
 */
export class NotSent extends KapiError {
  override readonly exitCode = ExitCode.ok;
  constructor(request: { readonly method: string; readonly path: string }) {
    super(`${request.method} ${request.path} was printed, not sent`, { code: 'NotSent' });
  }
}

/**
 * Several failures of one command whose other parts succeeded (`get pod/a pod/missing`). Each is
 * printed like a single failure, and the exit code is that of the first.
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

/**
 * Returns the system's code of an error (`ENOENT`, `ECONNREFUSED`, `CERT_HAS_EXPIRED`), or
 * undefined.
 */
export function systemCodeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Returns the message of a thrown value on one line. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.replaceAll(/(?<!\s)\s*\n\s*/g, ' ');
}

/**
 * Returns why the system refuses a file or another local operation, in the system's words and
 * without the path. Only this function and {@link localError} turn an errno into words.
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

/** Words that say more than the system's own. All other codes use the system's words. */
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

/** Errnos of Linux that Node has no name for: it prints "Unknown system error -122". */
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

/**
 * True if the system refused an operation: a system call failed, or a file is too large for Node.
 */
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
 * Converts a refusal of the system to a LocalError for the user. Returns any other error unchanged,
 * to be rethrown.
 * @param what the failed action with its file or stream: `cannot read /etc/x of --load`
 * @param code machine name of the failure. Default: `LocalFailure`
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

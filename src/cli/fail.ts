// Converts a failure to text and an exit code. The only place that does so.

import {
  ConnectionError,
  ExitCode,
  KapiError,
  NotSent,
  PartialFailure,
  fileProblemOf,
  isSystemError,
  localError,
  messageOf,
  systemCodeOf,
} from '../errors.ts';
import { describePath } from '../model/path-value.ts';
import { withoutLogins } from '../model/secret.ts';
import { escapeControl, escapeJsonControl, escapeMessage } from '../output/escape.ts';

/** The text for stderr, and the exit code. */
export interface Failure {
  readonly text: string;
  readonly exitCode: ExitCode;
}

/**
 * Formats a failure.
 * @param format `json`: one line `{"error":{…}}` for each failure instead of text
 * @param complete adds the user's flags to the commands of a hint, see own-line.ts
 * @param context with `--contexts`, the one that failed: each line of text begins with its name,
 *   and JSON has it as a field
 * @param verbose 2: also prints the chain of causes, and the stack of a bug
 */
export function describeFailure(
  thrown: unknown,
  format: 'text' | 'json',
  verbose: 0 | 1 | 2,
  complete: (hint: string) => string = (hint) => hint,
  context?: string,
): Failure {
  if (context !== undefined) {
    const { text, exitCode } = describeFailure(thrown, format, verbose, complete);
    return { text: format === 'json' ? namedInJson(text, context) : namedInText(text, context), exitCode };
  }
  if (thrown instanceof PartialFailure) {
    const each = thrown.failures.map((failure) => describeFailure(failure, format, verbose, complete).text);
    // If some requests were only printed, the first real failure decides.
    const [first] = thrown.failures.filter((failure) => !(failure instanceof NotSent));
    return { text: each.join(''), exitCode: first?.exitCode ?? ExitCode.ok };
  }
  if (!(thrown instanceof KapiError)) {
    const failure = systemFailureOf(thrown);
    return failure === undefined
      ? describeBug(thrown, format, verbose)
      : describeFailure(failure, format, verbose);
  }
  if (thrown instanceof NotSent || thrown.code === 'Interrupted')
    return { text: '', exitCode: thrown.exitCode };
  const text =
    format === 'json'
      ? jsonLine(thrown, complete)
      : `${textOf(thrown, complete)}${verbose === 2 ? causesOf(thrown) : ''}`;
  // The text can repeat any word of the command line, and a URL can contain a login.
  return { text: withoutLogins(text), exitCode: thrown.exitCode };
}

function namedInText(text: string, context: string): string {
  return text.replaceAll(/^(?=.)/gm, `${escapeControl(context)}: `);
}

function namedInJson(text: string, context: string): string {
  const name = escapeJsonControl(JSON.stringify(context));
  return text.replaceAll(/^\{"error":\{/gm, `{"error":{"context":${name},`);
}

/**
 * Converts an unexpected refusal of the system to an error of exit code 3: it is not a bug.
 * Undefined for other errors.
 */
function systemFailureOf(thrown: unknown): KapiError | undefined {
  if (!isSystemError(thrown)) return undefined;
  const { syscall, path, dest } = thrown as NodeJS.ErrnoException & { readonly dest?: string };
  const paths = [path, dest].filter((one) => one !== undefined).map(describePath);
  const what = ['the system refuses', syscall ?? 'an operation', ...paths];
  const isNetwork = /^(ECONN|ENET|EHOST|ETIMEDOUT|EAI_|ENOTFOUND|EPIPE|EADDRNOTAVAIL|EPROTO)/.test(
    systemCodeOf(thrown) ?? '',
  );
  if (isNetwork) {
    return new ConnectionError(`${what.join(' ')}: ${fileProblemOf(thrown)}`, {
      code: 'ConnectionFailed',
      cause: thrown,
    });
  }
  const failure = localError(what.join(' '), thrown);
  return failure instanceof KapiError ? failure : undefined;
}

function textOf(error: KapiError, complete: (hint: string) => string): string {
  const hint = error.hint === undefined ? '' : complete(error.hint);
  const lines = [escapeMessage(`${error.prefix}${error.message}`), ...error.causes.map(escapeCause)];
  const hints =
    hint === '' ? [] : hint.split('\n').map((line, at) => (at === 0 ? `hint: ${line}` : `      ${line}`));
  return [...lines, ...hints.map(escapeControl)].map((line) => `${line}\n`).join('');
}

/** Escapes a cause, which comes from a server from its first character on. */
function escapeCause(cause: string): string {
  return escapeMessage(`\n${cause}`).slice(1);
}

function jsonLine(error: KapiError, complete: (hint: string) => string): string {
  const facts = 'facts' in error ? error.facts : undefined;
  const hint = error.hint === undefined ? '' : complete(error.hint);
  const line = {
    error: {
      code: error.code,
      exitCode: error.exitCode,
      message: error.message,
      ...(error.causes.length > 0 ? { causes: error.causes } : {}),
      ...(hint === '' ? {} : { hint }),
      ...(typeof facts === 'object' && facts !== null ? facts : {}),
    },
  };
  return `${escapeJsonControl(JSON.stringify(line))}\n`;
}

function causesOf(error: Error): string {
  const lines: string[] = [];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
    lines.push(`* caused by ${escapeControl(`${cause.name}: ${messageOf(cause)}`)}\n`);
  }
  return lines.join('');
}

/** Formats an unexpected error, which is a bug of kapi. The stack is for its developers. */
function describeBug(thrown: unknown, format: 'text' | 'json', verbose: 0 | 1 | 2): Failure {
  const message = withoutLogins(`a bug in kapi: ${messageOf(thrown)}`);
  if (format === 'json') {
    const line = { error: { code: 'Bug', exitCode: ExitCode.bug, message } };
    return { text: `${escapeJsonControl(JSON.stringify(line))}\n`, exitCode: ExitCode.bug };
  }
  const stack = verbose === 2 && thrown instanceof Error ? withoutLogins(thrown.stack ?? '') : '';
  const shown = stack.split('\n').map((line) => (line === '' ? '' : `${escapeControl(line)}\n`));
  return {
    text: `error: ${escapeControl(message)}\nhint: please report it with the output of the same command under -vv\n${shown.join('')}`,
    exitCode: ExitCode.bug,
  };
}

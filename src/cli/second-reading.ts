// Parses a line that kapi does not accept once more: as a line of kubectl or curl, or to add a
// hint. Entry point: reinterpret(). Pure. Loaded only after the first parse failed, so that other
// runs do not pay for it.

import { suggested } from '../model/suggestion.ts';
import type { AnyCommand } from '../commands/spec.ts';
import { UsageError } from '../errors.ts';
import { describeWords } from '../model/path-value.ts';
import { withoutLogins } from '../model/secret.ts';
import { escapeControl } from '../output/escape.ts';
import { lookupOf, splitCommand, tokensOf, type FlagLookup, type Token } from './argv.ts';
import { globalFlags } from './global-flags.ts';
import { equivalentLine, quoted, translate } from './kubectl-line.ts';
import { findKubectlWord, type FoundWord } from './kubectl-words.ts';
import { UnknownWordError } from './unknown-word.ts';
import { parseCommandLine, type Invocation } from './program.ts';
import { hintFor } from './suggest.ts';

export interface SecondReading {
  readonly invocation: Invocation;
  /** A line that says how kapi understood the words. Undefined if that is obvious. */
  readonly note: string | undefined;
}

/**
 * Parses the line again.
 * @param failure the error of the first parse
 * @throws UsageError the failure with a hint, or the error of the translated line
 */
export function reinterpret(
  argv: readonly string[],
  failure: UsageError,
  commands: readonly AnyCommand[],
): SecondReading {
  const globals = lookupOf(globalFlags);
  const { name = '', before, after } = splitCommand(argv, globals);
  const next = splitCommand(after, globals);
  const theirs = rowOf(name, after, next.name);
  if (theirs !== undefined && theirs.row.how !== 'same') {
    const isTwoWords = theirs.word.includes(' ') && theirs.row.adapt !== 'raw';
    const args = [...before, ...(isTwoWords ? [...next.before, ...next.after] : after)];
    return asKubectl(theirs, args, globals, commands);
  }
  const curl = asCurl(argv, name, commands);
  if (curl !== undefined) return { invocation: curl, note: undefined };
  throw withHint(failure, after, commands);
}

function rowOf(name: string, after: readonly string[], second: string | undefined): FoundWord | undefined {
  if (name === 'get' && after.some((word) => /^--raw(=|$)/.test(word)))
    return findKubectlWord(['get', '--raw']);
  return findKubectlWord([name, second ?? '']);
}

function asKubectl(
  { row, word }: FoundWord,
  args: readonly string[],
  globals: FlagLookup,
  commands: readonly AnyCommand[],
): SecondReading {
  if (row.how === 'points') {
    throw new UsageError(`kapi does not have "${word}", a kubectl command`, {
      code: 'UnknownCommand',
      hint: equivalentLine(row, args, globals),
    });
  }
  const words = translate(row, args, globals);
  if (words === undefined) {
    throw new UsageError(`kapi cannot do this form of kubectl ${word}`, {
      code: 'UnknownCommand',
      hint: `see ${suggested(row.kapi.split(' ')[0] ?? '', '--help')}`,
    });
  }
  const invocation = tryParse(words, commands);
  const line = describeWords(withoutSecrets(words)).map(quoted).join(' ');
  return { invocation, note: escapeControl(withoutLogins(`note: kubectl ${word}: kapi ${line}`)) };
}

function withoutSecrets(words: readonly string[]): string[] {
  return words.map((word, at) =>
    /^--(?:token|password)$/.test(words[at - 1] ?? '')
      ? '…'
      : word.replace(/^(--(?:token|password)=).*$/s, '$1…'),
  );
}

function tryParse(words: readonly string[], commands: readonly AnyCommand[]): Invocation {
  try {
    return parseCommandLine(words, commands);
  } catch (thrown) {
    throw thrown instanceof UnknownWordError ? withHint(thrown, [], commands) : thrown;
  }
}

/**
 * Parses a line with a path or URL instead of a command, or with curl's flags before a command, as
 * curl users type it.
 * @param name the first word that is not a flag, as kapi reads the line; curl's flags can make it
 *   another one
 * @returns undefined for any other line
 * @throws UsageError for what curl does not accept either
 */
function asCurl(
  argv: readonly string[],
  name: string,
  commands: readonly AnyCommand[],
): Invocation | undefined {
  const flags = lookupOf([...(commands.find((spec) => spec.name === 'curl')?.flags ?? []), ...globalFlags]);
  const path = splitCommand(argv, flags).name ?? '';
  if (!isPath(path)) return undefined;
  let invocation: Invocation;
  try {
    invocation = parseCommandLine(['curl', ...argv], commands);
  } catch (thrown) {
    if (!isPath(name)) return undefined;
    throw thrown instanceof UnknownWordError ? withHint(thrown, [], commands) : thrown;
  }
  const format = formatIn(tokensOf(argv, flags));
  if (format === undefined) return invocation;
  throw new UsageError(`-o ${format} may be a format or the name of a file`, {
    code: 'AmbiguousOutput',
    hint: `${suggested('get', path, '-o', format)} prints the format, ${suggested('curl', path, '-o', `./${format}`)} writes the file`,
  });
}

/** Matches values of -o that are formats in kubectl, and file names in curl. */
const formats = /^(?:json|yaml|ndjson|name|wide|table|jsonpath.*|custom-columns.*)$/;

function formatIn(tokens: readonly Token[]): string | undefined {
  const values = tokens.flatMap((token) =>
    token.kind === 'flag' && token.flag.name === 'output' ? (token.value ?? []) : [],
  );
  return values.find((value) => formats.test(value));
}

function isPath(word: string): boolean {
  return /^(?:\/|https?:\/\/)/.test(word);
}

function withHint(failure: UsageError, rest: readonly string[], commands: readonly AnyCommand[]): UsageError {
  if (!(failure instanceof UnknownWordError)) return failure;
  const hint = hintFor(failure.what, rest, commands);
  const { message, code } = failure;
  return new UsageError(message, { code, cause: failure.cause, ...(hint === '' ? {} : { hint }) });
}

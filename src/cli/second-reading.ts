// A command line that is none of kapi's, read once more: as kubectl's, as curl's, or with a hint at what may have been meant.
// Entry point: readAgain(). Pure; loaded after a first reading has failed, so that other runs do not pay for it.

import { suggested } from '../model/suggestion.ts';
import type { AnyCommand } from '../commands/spec.ts';
import { UsageError } from '../errors.ts';
import { describeWords } from '../model/path-value.ts';
import { withoutLogins } from '../model/secret.ts';
import { escapeControl } from '../output/escape.ts';
import { lookupOf, splitCommand, type FlagLookup } from './argv.ts';
import { globalFlags } from './global-flags.ts';
import { pointTo, quoted, translate } from './kubectl-line.ts';
import { findKubectlWord, type FoundWord } from './kubectl-words.ts';
import { NotUnderstood } from './not-understood.ts';
import { parseCommandLine, type Invocation } from './program.ts';
import { hintFor } from './suggest.ts';

export interface SecondReading {
  readonly invocation: Invocation;
  /** What was understood, a line for people; undefined where it goes without saying. */
  readonly note: string | undefined;
}

/**
 * @param failure what the first reading ended with
 * @throws UsageError the failure with a hint, or what the line says in kapi's words when it says something wrong there
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
    throw new UsageError(`kapi has no ${word}, which is kubectl's`, {
      code: 'UnknownCommand',
      hint: pointTo(row, args, globals),
    });
  }
  const words = translate(row, args, globals);
  if (words === undefined) {
    throw new UsageError(`kapi cannot do this form of kubectl ${word}`, {
      code: 'UnknownCommand',
      hint: `see ${suggested(row.kapi.split(' ')[0] ?? '', '--help')}`,
    });
  }
  const invocation = parsed(words, commands);
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

function parsed(words: readonly string[], commands: readonly AnyCommand[]): Invocation {
  try {
    return parseCommandLine(words, commands);
  } catch (thrown) {
    throw thrown instanceof NotUnderstood ? withHint(thrown, [], commands) : thrown;
  }
}

/**
 * A path or URL where a command should be, or curl's flags before one: what curl's users type.
 * @param name the first word that is no flag, as kapi reads the line; curl's flags may say that it is another
 * @returns undefined where it is not that
 * @throws UsageError for what curl does not take either
 */
function asCurl(
  argv: readonly string[],
  name: string,
  commands: readonly AnyCommand[],
): Invocation | undefined {
  const flags = commands.find((spec) => spec.name === 'curl')?.flags ?? [];
  const path = splitCommand(argv, lookupOf([...flags, ...globalFlags])).name ?? '';
  if (!isPath(path)) return undefined;
  let invocation: Invocation;
  try {
    invocation = parseCommandLine(['curl', ...argv], commands);
  } catch (thrown) {
    if (!isPath(name)) return undefined;
    throw thrown instanceof NotUnderstood ? withHint(thrown, [], commands) : thrown;
  }
  const format = formatIn(argv);
  if (format === undefined) return invocation;
  throw new UsageError(`-o ${format} may be a format or the name of a file`, {
    code: 'AmbiguousOutput',
    hint: `${suggested('get', path, '-o', format)} prints the format, ${suggested('curl', path, '-o', `./${format}`)} writes the file`,
  });
}

/** Values of -o that are formats to everybody who knows kubectl, and names of files to curl. */
const formats = /^(?:json|yaml|ndjson|name|wide|table|jsonpath.*|custom-columns.*)$/;

function formatIn(argv: readonly string[]): string | undefined {
  const values = argv.flatMap((word, at) => {
    const glued = /^(?:-o=?|--output=)(.+)$/.exec(word)?.[1];
    return glued ?? (/^(?:-o|--output)$/.test(word) ? (argv[at + 1] ?? []) : []);
  });
  return values.find((value) => formats.test(value));
}

function isPath(word: string): boolean {
  return /^(?:\/|https?:\/\/)/.test(word);
}

function withHint(failure: UsageError, rest: readonly string[], commands: readonly AnyCommand[]): UsageError {
  if (!(failure instanceof NotUnderstood)) return failure;
  const hint = hintFor(failure.what, rest, commands);
  const { message, code } = failure;
  return new UsageError(message, { code, cause: failure.cause, ...(hint === '' ? {} : { hint }) });
}

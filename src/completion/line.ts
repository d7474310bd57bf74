// Reads the tokens of an unfinished command line: its command, the flags so far, and what to
// complete at the cursor. Entry point: readLine(). Pure; never reports an error.

import { lookupOf, splitCommand, tokensAround, tokensOf, type SplitWords, type Token } from '../cli/argv.ts';
import { globalFlags, parseGlobalOptions } from '../cli/global-flags.ts';
import type { GlobalOptions } from '../commands/global-options.ts';
import type { RawFlags } from '../commands/raw-flags.ts';
import type { AnyCommand, ArgumentSpec, FlagSpec } from '../commands/spec.ts';
import { UsageError } from '../errors.ts';

/** The kind of the word at the cursor. */
export type Wanted =
  | { readonly kind: 'command' }
  | { readonly kind: 'topic' }
  | { readonly kind: 'flag' }
  | { readonly kind: 'argument'; readonly argument: ArgumentSpec }
  | { readonly kind: 'value'; readonly flag: FlagSpec }
  | { readonly kind: 'nothing' };

export interface Line {
  /** Undefined if the line names no command yet, or an unknown one. */
  readonly spec: AnyCommand | undefined;
  /** Arguments before the cursor. */
  readonly words: readonly string[];
  /** Flags before the cursor. */
  readonly flags: RawFlags;
  readonly globals: GlobalOptions;
  /** Flags that are allowed on the line. */
  readonly known: readonly FlagSpec[];
  readonly wanted: Wanted;
  /** Start of the word at the cursor that is not completed: `--namespace=`, `-n`. */
  readonly prefix: string;
  /** The text to complete. */
  readonly text: string;
}

const otherFlags: readonly FlagSpec[] = [{ name: 'help', short: 'h', description: 'show help' }];
/** Flags before the command's name. */
const ownFlags = lookupOf([...globalFlags, ...otherFlags]);

/**
 * Parses the words of a line.
 * @param typed words after the program's name, unquoted. The last one is the word at the cursor up
 *   to the cursor, or empty if a new word begins.
 */
export function readLine(typed: readonly string[], commands: readonly AnyCommand[]): Line {
  const current = typed.at(-1) ?? '';
  const split = splitCommand(typed.slice(0, -1), ownFlags);
  const { name } = split;
  const spec = commands.find(
    (one) => one.name === name || (name !== undefined && one.aliases?.includes(name)),
  );
  const line = readWith(spec, split, current);
  const { becomes } = spec ?? {};
  const other = commands.find((one) => one.name === becomes?.command);
  return other !== undefined && becomes?.flags.some((flag) => line.flags[flag] === true) === true
    ? readWith(other, split, current)
    : line;
}

function readWith(spec: AnyCommand | undefined, split: SplitWords, current: string): Line {
  const known = [...(spec?.flags ?? []), ...globalFlags, ...otherFlags];
  const lookup = lookupOf(known);
  const tokens = tokensAround(split, ownFlags, lookup);
  const flags = flagsOf(tokens);
  const words = tokens.flatMap((token) => (token.kind === 'operand' ? [token.word] : []));
  const base = { spec, words, flags, globals: globalsOf(flags), known };
  const whole = (wanted: Wanted): Line => ({ ...base, wanted, prefix: '', text: current });
  const last = tokens.at(-1);
  if (last?.kind === 'flag' && last.isOpen) return whole({ kind: 'value', flag: last.flag });
  if (tokens.some(({ kind }) => kind === 'dashes'))
    return whole(spec?.passThrough === true ? { kind: 'nothing' } : argumentAt(spec, words));
  if (current.startsWith('-')) {
    const token = tokensOf([current], lookup).at(-1);
    if (token?.kind !== 'flag' || token.value === undefined)
      return whole(/^--[^=]*$|^-$|^-[^-]$/.test(current) ? { kind: 'flag' } : { kind: 'nothing' });
    const prefix = current.slice(0, current.length - token.value.length);
    return { ...base, wanted: { kind: 'value', flag: token.flag }, prefix, text: token.value };
  }
  if (split.name === undefined) return whole({ kind: 'command' });
  if (split.name === 'help') return whole(words.length === 0 ? { kind: 'topic' } : { kind: 'nothing' });
  return whole(argumentAt(spec, words));
}

function argumentAt(spec: AnyCommand | undefined, words: readonly string[]): Wanted {
  const last = spec?.arguments.at(-1);
  const argument = spec?.arguments[words.length] ?? (last?.variadic === true ? last : undefined);
  return argument === undefined ? { kind: 'nothing' } : { kind: 'argument', argument };
}

/** Returns the flags with their values. A value can be wrong here, and a flag can be repeated. */
function flagsOf(tokens: readonly Token[]): RawFlags {
  const flags: Record<string, string | boolean | readonly string[] | undefined> = {};
  for (const token of tokens) {
    if (token.kind !== 'flag' || token.isOpen) continue;
    const { flag, value } = token;
    if (flag.value === undefined) flags[flag.name] = value === undefined || /^(true|t|1)$/i.test(value);
    else if (flag.repeated === 'all' || flag.into !== undefined) {
      const list = flag.into ?? flag.name;
      const given = flags[list];
      flags[list] = [...(typeof given === 'object' ? given : []), value ?? ''];
    } else flags[flag.name] = value ?? 'true';
  }
  return flags;
}

/**
 * Returns the global options without those that only show or explain: TAB sends what the command
 * would send, silently.
 */
function globalsOf(flags: RawFlags): GlobalOptions {
  const others = { ...flags, 'request-timeout': undefined };
  const quiet = { curl: false, showSecrets: false, suggestRbac: false } as const;
  try {
    return { ...parseGlobalOptions(others, 0), ...quiet };
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    return { ...parseGlobalOptions({}, 0), ...quiet };
  }
}

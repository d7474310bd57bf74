// Parses an unfinished command line as the parser would parse the finished one: its command, the
// flags so far, and what to complete at the cursor. Entry point: readLine(). Pure; never reports an
// error.

import { lookupOf, splitCommand, type FlagLookup } from '../cli/argv.ts';
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

/**
 * Parses the words of a line.
 * @param typed words after the program's name, unquoted. The last one is the word at the cursor up
 *   to the cursor, or empty if a new word begins.
 */
export function readLine(typed: readonly string[], commands: readonly AnyCommand[]): Line {
  const current = typed.at(-1) ?? '';
  const { name, before, after } = splitCommand(typed.slice(0, -1), lookupOf([...globalFlags, ...otherFlags]));
  const spec = commands.find(
    (one) => one.name === name || (name !== undefined && one.aliases?.includes(name)),
  );
  const words = [...before, ...after];
  const line = readWith(spec, words, current, name);
  const { becomes } = spec ?? {};
  const other = commands.find((one) => one.name === becomes?.command);
  return other !== undefined && becomes?.flags.some((flag) => line.flags[flag] === true) === true
    ? readWith(other, words, current, other.name)
    : line;
}

function readWith(
  spec: AnyCommand | undefined,
  earlier: readonly string[],
  current: string,
  name: string | undefined,
): Line {
  const known = [...(spec?.flags ?? []), ...globalFlags, ...otherFlags];
  const lookup = lookupOf(known);
  const read = readEarlier(earlier, lookup);
  const base = { spec, words: read.words, flags: read.flags, globals: globalsOf(read.flags), known };
  const whole = (wanted: Wanted): Line => ({ ...base, wanted, prefix: '', text: current });
  if (read.awaits !== undefined) return whole({ kind: 'value', flag: read.awaits });
  if (read.dashes)
    return whole(spec?.passThrough === true ? { kind: 'nothing' } : argumentAt(spec, read.words));
  if (current.startsWith('-')) {
    const value = attachedValue(current, lookup);
    if (value === undefined) {
      return whole(/^--[^=]*$|^-$|^-[^-]$/.test(current) ? { kind: 'flag' } : { kind: 'nothing' });
    }
    const { flag, prefix } = value;
    return { ...base, wanted: { kind: 'value', flag }, prefix, text: current.slice(prefix.length) };
  }
  if (name === undefined) return whole({ kind: 'command' });
  if (name === 'help') return whole(read.words.length === 0 ? { kind: 'topic' } : { kind: 'nothing' });
  return whole(argumentAt(spec, read.words));
}

function argumentAt(spec: AnyCommand | undefined, words: readonly string[]): Wanted {
  const last = spec?.arguments.at(-1);
  const argument = spec?.arguments[words.length] ?? (last?.variadic === true ? last : undefined);
  return argument === undefined ? { kind: 'nothing' } : { kind: 'argument', argument };
}

interface Earlier {
  readonly words: readonly string[];
  readonly flags: RawFlags;
  /** The flag of the last word, if its value comes next. */
  readonly awaits: FlagSpec | undefined;
  /** True if a `--` has ended the flags. */
  readonly dashes: boolean;
}

function readEarlier(earlier: readonly string[], lookup: FlagLookup): Earlier {
  const words: string[] = [];
  const flags: Record<string, string | boolean | readonly string[] | undefined> = {};
  const give = (flag: FlagSpec, value: string | undefined): void => {
    if (flag.value === undefined) flags[flag.name] = value === undefined || /^(true|t|1)$/i.test(value);
    else if (flag.repeated === 'all' || flag.into !== undefined) {
      const list = flag.into ?? flag.name;
      const given = flags[list];
      flags[list] = [...(typeof given === 'object' ? given : []), value ?? ''];
    } else flags[flag.name] = value ?? 'true';
  };
  for (let at = 0; at < earlier.length; at++) {
    const word = earlier[at] ?? '';
    if (word === '--') {
      words.push(...earlier.slice(at + 1));
      return { words, flags, awaits: undefined, dashes: true };
    }
    if (!word.startsWith('-') || word === '-') {
      words.push(word);
      continue;
    }
    const attached = attachedValue(word, lookup);
    if (attached !== undefined) {
      give(attached.flag, word.slice(attached.prefix.length));
      for (const letter of attached.switches) give(letter, undefined);
      continue;
    }
    for (const flag of flagsIn(word, lookup)) {
      if (flag.value === undefined || flag.optionalValue === true) give(flag, undefined);
      else if (at + 1 < earlier.length) give(flag, earlier[++at]);
      else return { words, flags, awaits: flag, dashes: false };
    }
  }
  return { words, flags, awaits: undefined, dashes: false };
}

/** Splits a flag with its value in one word: `--namespace=dev`, `-n=dev`, `-ndev`, `-Andev`. */
function attachedValue(
  word: string,
  lookup: FlagLookup,
): { flag: FlagSpec; prefix: string; switches: readonly FlagSpec[] } | undefined {
  if (word.startsWith('--')) {
    const equals = word.indexOf('=');
    const flag = equals < 0 ? undefined : lookup.get(word.slice(0, equals));
    return flag === undefined ? undefined : { flag, prefix: word.slice(0, equals + 1), switches: [] };
  }
  const switches: FlagSpec[] = [];
  for (let at = 1; at < word.length; at++) {
    const flag = lookup.get(`-${word.charAt(at)}`);
    if (flag === undefined) return undefined;
    if (flag.value === undefined) {
      switches.push(flag);
      continue;
    }
    const start = word.charAt(at + 1) === '=' ? at + 2 : at + 1;
    return start < word.length || word.endsWith('=')
      ? { flag, prefix: word.slice(0, start), switches }
      : undefined;
  }
  return undefined;
}

/** Returns the flags of a word without a value: `--all-namespaces`, `-A`, `-An`. */
function flagsIn(word: string, lookup: FlagLookup): FlagSpec[] {
  const names = word.startsWith('--') ? [word] : Array.from(word.slice(1), (letter) => `-${letter}`);
  return names.flatMap((name) => lookup.get(name) ?? []);
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

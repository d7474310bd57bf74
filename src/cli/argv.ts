// Converts the words of a command line from the forms that kubectl accepts to those of commander.
// Pure.

import type { FlagSpec } from '../commands/spec.ts';
import { UsageError } from '../errors.ts';

/** Flags by every form of their name: `--namespace`, `-n`, `--cacert`. */
export interface FlagLookup {
  get(word: string): FlagSpec | undefined;
}

/**
 * Makes a lookup.
 * @param flags in order of precedence: if two flags have the same name or letter, the first one has
 *   it, so that in `kapi curl` curl's short flags win over kapi's own
 */
export function lookupOf(flags: readonly FlagSpec[]): FlagLookup {
  // Linear search: about sixty flags per command and a few per line are not worth a map.
  return { get: (word) => flags.find((flag) => isWordFor(flag, word)) };
}

function isWordFor({ name, aliases, short }: FlagSpec, word: string): boolean {
  if (!word.startsWith('--')) return short !== undefined && word === `-${short}`;
  const long = word.slice('--'.length);
  return long === name || aliases?.includes(long) === true;
}

/** The command's name and the words around it. `name` is undefined if there are only flags. */
export interface SplitWords {
  readonly name: string | undefined;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Finds the command's name: the first word that is neither a global flag nor the value of one. */
export function splitCommand(argv: readonly string[], globals: FlagLookup): SplitWords {
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? '';
    if (word === '--') break;
    if (!isFlag(word)) return { name: word, before: argv.slice(0, index), after: argv.slice(index + 1) };
    if (takesNextWord(word, globals)) index++;
  }
  return { name: undefined, before: argv, after: [] };
}

/**
 * Replaces the names of global flags before the command's name by their long names: after it a
 * letter can be a flag of the command (`kapi -s URL curl -s /version`).
 */
export function withLongNames(words: readonly string[], globals: FlagLookup): string[] {
  const long: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    const flag = /^-[^-]/.test(word) ? globals.get(word.slice(0, 2)) : undefined;
    const rest = word.slice(2);
    if (flag?.value === undefined) long.push(word);
    else if (rest === '') long.push(`--${flag.name}`);
    else long.push(`--${flag.name}=${rest.replace(/^=/, '')}`);
    if (takesNextWord(word, globals) && index + 1 < words.length) long.push(words[++index] ?? '');
  }
  return long;
}

/**
 * Suffix of a switch that is turned off (`--no-headers=false`), which can revert an earlier one.
 */
export const switchedOff = ':false';

/** Words for commander, and the level of `-v`. */
export interface NormalWords {
  readonly words: readonly string[];
  readonly verbose: number;
}

/**
 * Converts forms that pflag (kubectl) accepts and commander does not: `-n=dev`,
 * `--no-headers=false`, `-v=6`, `-v 6`. Does not change words after `--` and values of flags.
 * @throws UsageError for a switch with a value that is neither true nor false
 * @see https://pkg.go.dev/github.com/spf13/pflag#hdr-Command_line_flag_syntax
 */
export function normaliseWords(argv: readonly string[], flags: FlagLookup): NormalWords {
  const words: string[] = [];
  let verbose = 0;
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? '';
    if (word === '--') {
      words.push(...argv.slice(index));
      break;
    }
    const { flag, name, value } = takeApart(word, flags);
    if (flag?.name === 'verbose') {
      const next = argv[index + 1] ?? '';
      if (value !== undefined) verbose = verbosityOf(value);
      else if (/^-v+$/.test(word) && word.length > 2) verbose += word.length - 1;
      else if (/^\d$/.test(next)) {
        verbose = verbosityOf(next);
        index++;
      } else verbose++;
    } else if (flag !== undefined && flag.value === undefined && value !== undefined) {
      words.push(isTrue(name, value) ? name : `--${flag.name}${switchedOff}`);
    } else if (flag?.optionalValue === true && value === undefined) {
      // commander would use the next word as the value.
      words.push(`${name}=true`);
    } else if (flag?.value !== undefined && value !== undefined && !name.startsWith('--')) {
      words.push(name, value);
    } else {
      words.push(word);
      if (takesNextWord(word, flags) && index + 1 < argv.length) words.push(argv[++index] ?? '');
    }
  }
  return { words, verbose };
}

function isFlag(word: string): boolean {
  return word.startsWith('-') && word !== '-';
}

/**
 * True if the word after this flag is its value: for `-n dev` and `-An dev`, but not for `-ndev`,
 * `-n=dev` or `--namespace=dev`.
 */
export function takesNextWord(word: string, flags: FlagLookup): boolean {
  if (!isFlag(word)) return false;
  if (word.startsWith('--')) {
    const flag = flags.get(word);
    return flag?.value !== undefined && flag.optionalValue !== true;
  }
  for (let at = 1; at < word.length; at++) {
    const flag = flags.get(`-${word.charAt(at)}`);
    if (flag?.value !== undefined) return at === word.length - 1 && flag.optionalValue !== true;
  }
  return false;
}

function takeApart(
  word: string,
  flags: FlagLookup,
): { flag: FlagSpec | undefined; name: string; value: string | undefined } {
  if (/^-v+$/.test(word)) return { flag: flags.get('-v'), name: '-v', value: undefined };
  const equals = word.indexOf('=');
  const name = equals < 0 ? word : word.slice(0, equals);
  const isWhole = name.startsWith('--') || name.length === 2;
  // kubectl's `--v=6` is the long form of its -v.
  const flag = isWhole ? flags.get(name === '--v' ? '--verbose' : name) : undefined;
  return { flag, name, value: equals < 0 ? undefined : word.slice(equals + 1) };
}

/** Maps kubectl's levels up to 9 to kapi's two: the exchange from 6 on, everything from 8 on. */
function verbosityOf(text: string): number {
  const level = Number(text);
  if (!/^\d+$/.test(text)) {
    throw new UsageError(`invalid value "${text}" of -v: it takes a number`, { code: 'BadFlagValue' });
  }
  return level >= 8 ? 2 : level >= 3 ? 1 : level;
}

function isTrue(name: string, value: string): boolean {
  if (/^(true|t|1)$/i.test(value)) return true;
  if (/^(false|f|0)$/i.test(value)) return false;
  throw new UsageError(`invalid value "${value}" of ${name}: it is a switch and takes true or false`, {
    code: 'BadFlagValue',
  });
}

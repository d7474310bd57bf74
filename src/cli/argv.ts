// Splits a command line into tokens, by the rules that kubectl (pflag) and curl have in common. The
// only reader of words: the parser, the second reading, suggested commands, kubectl's preferences
// and completion use its tokens. Entry points: tokensOf(), splitCommand(), plainWords(). Pure.

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

/** The place of a token: the words `from` to `to`, without `to`. `-An dev` is two tokens. */
interface Place {
  readonly from: number;
  readonly to: number;
}

/** A flag with its value. */
export interface FlagToken extends Place {
  readonly kind: 'flag';
  readonly flag: FlagSpec;
  /** Long name without dashes: as typed, or that of a typed letter. */
  readonly typed: string;
  /** The first word up to the value: `--namespace`, `-n`, `-An`. */
  readonly spelled: string;
  /** Undefined for a switch without a value, and if the value is missing. */
  readonly value: string | undefined;
  /** True if the flag needs a value and the line ends before it. */
  readonly isOpen: boolean;
}

/** A flag, an argument, the `--` that ends the flags, or a flag that is not in the lookup. */
export type Token =
  FlagToken | (Place & { readonly kind: 'operand' | 'dashes' | 'unknown'; readonly word: string });

/**
 * Splits words into tokens. Accepts `--namespace dev`, `--namespace=dev`, `-n dev`, `-n=dev`,
 * `-ndev`, `-An dev`, `--no-headers=false`, `-v=6` and `-v 6`. Never reports an error.
 * @param words without the program's name
 * @see https://pkg.go.dev/github.com/spf13/pflag#hdr-Command_line_flag_syntax
 */
export function tokensOf(words: readonly string[], flags: FlagLookup): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < words.length; at = tokens.at(-1)?.to ?? at + 1) {
    const word = words[at] ?? '';
    if (word === '--') {
      tokens.push({ kind: 'dashes', word, from: at, to: at + 1 });
      const rest = words.slice(at + 1);
      return [...tokens, ...rest.map((operand, index) => operandAt(operand, at + 1 + index))];
    }
    if (!word.startsWith('-') || word === '-') tokens.push(operandAt(word, at));
    else if (word.startsWith('--')) tokens.push(longFlag(word, at, words[at + 1], flags));
    else tokens.push(...letters(word, at, words[at + 1], flags));
  }
  return tokens;
}

function operandAt(word: string, at: number): Token {
  return { kind: 'operand', word, from: at, to: at + 1 };
}

function longFlag(word: string, at: number, next: string | undefined, flags: FlagLookup): Token {
  const equals = word.indexOf('=');
  const spelled = equals < 0 ? word : word.slice(0, equals);
  // kubectl's `--v=6` is the long form of its -v.
  const flag = flags.get(spelled === '--v' ? '--verbose' : spelled);
  if (flag === undefined) return { kind: 'unknown', word, from: at, to: at + 1 };
  const typed = spelled === '--v' ? flag.name : spelled.slice('--'.length);
  const attached = equals < 0 ? undefined : word.slice(equals + 1);
  return flagAt({ flag, typed, spelled, attached, next, at });
}

/** Returns the flags of a word such as `-A`, `-n`, `-ndev`, `-n=dev` or `-An`. */
function letters(word: string, at: number, next: string | undefined, flags: FlagLookup): Token[] {
  const tokens: Token[] = [];
  for (let end = 2; end <= word.length; end++) {
    const flag = flags.get(`-${word.charAt(end - 1)}`);
    if (flag === undefined) {
      return [...tokens, { kind: 'unknown', word: `-${word.slice(end - 1)}`, from: at, to: at + 1 }];
    }
    const spelled = word.slice(0, end);
    const rest = word.slice(end);
    const isValue = flag.name === 'verbose' ? /^\d+$/.test(rest) : flag.value !== undefined && rest !== '';
    const attached = rest.startsWith('=')
      ? rest.slice(1)
      : isValue && flag.optionalValue !== true
        ? rest
        : undefined;
    const isLast = rest === '' || attached !== undefined;
    const following = rest === '' && (tokens.length === 0 || flag.value !== undefined) ? next : undefined;
    tokens.push(flagAt({ flag, typed: flag.name, spelled, attached, next: following, at }));
    if (isLast) break;
  }
  return tokens;
}

function flagAt(given: {
  readonly flag: FlagSpec;
  readonly typed: string;
  readonly spelled: string;
  readonly attached: string | undefined;
  /** The word after it, if it can be the value. */
  readonly next: string | undefined;
  readonly at: number;
}): FlagToken {
  const { flag, typed, spelled, attached, next, at } = given;
  const needsValue = flag.value !== undefined && flag.optionalValue !== true;
  const isLevel = flag.name === 'verbose' && next !== undefined && /^\d$/.test(next);
  const takesNext = attached === undefined && next !== undefined && (needsValue || isLevel);
  return {
    kind: 'flag',
    flag,
    typed,
    spelled,
    value: takesNext ? next : attached,
    isOpen: needsValue && attached === undefined && !takesNext,
    from: at,
    to: takesNext ? at + 2 : at + 1,
  };
}

/** The command's name and the words around it. `name` is undefined if there are only flags. */
export interface SplitWords {
  readonly name: string | undefined;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Finds the command's name: the first word that is neither a global flag nor the value of one. */
export function splitCommand(argv: readonly string[], globals: FlagLookup): SplitWords {
  // A letter of the command can be in front of it: `kapi -An dev list pods`.
  const get = (word: string): FlagSpec | undefined =>
    globals.get(word) ?? (word.startsWith('--') ? undefined : unknownSwitch);
  const first = tokensOf(argv, { get }).find(({ kind }) => kind === 'operand' || kind === 'dashes');
  if (first?.kind !== 'operand') return { name: undefined, before: argv, after: [] };
  return { name: first.word, before: argv.slice(0, first.from), after: argv.slice(first.to) };
}

const unknownSwitch: FlagSpec = { name: '', description: '' };

/**
 * Returns the tokens of a line without the command's name. Before the name a letter is a global
 * flag if there is one; after it, it can be a flag of the command (`kapi -s URL curl -s /version`).
 * @param flags of the command and global
 */
export function tokensAround(
  { before, after }: Pick<SplitWords, 'before' | 'after'>,
  globals: FlagLookup,
  flags: FlagLookup,
): Token[] {
  const get = (word: string): FlagSpec | undefined =>
    word.startsWith('--') ? flags.get(word) : (globals.get(word) ?? flags.get(word));
  const shift = before.length;
  return [
    ...tokensOf(before, { get }),
    ...tokensOf(after, flags).map((token) => ({ ...token, from: token.from + shift, to: token.to + shift })),
  ];
}

/** Suffix of a switch that is turned off, which can revert an earlier one: `--no-headers:false`. */
export const switchedOff = ':false';

/**
 * Returns a flag in the form that commander reads the same way: `--namespace=dev`, `--no-headers`.
 * @throws UsageError for a switch with a value that is neither true nor false
 */
export function plainWord({ flag, typed, spelled, value }: FlagToken): string {
  if (flag.optionalValue === true) return `--${typed}=${value ?? 'true'}`;
  if (flag.value !== undefined) return value === undefined ? `--${typed}` : `--${typed}=${value}`;
  return value === undefined || isTrue(spelled, value) ? `--${typed}` : `--${typed}${switchedOff}`;
}

/**
 * Returns the level of `-v`: 0 to 2. Maps kubectl's levels up to 9 to kapi's two: the exchange from
 * 3 on, everything from 8 on.
 * @throws UsageError for a level that is not a number
 */
export function verbosityOf(tokens: readonly Token[]): number {
  let verbose = 0;
  for (const token of tokens) {
    if (token.kind !== 'flag' || token.flag.name !== 'verbose') continue;
    verbose = token.value === undefined ? verbose + 1 : levelOf(token.value);
  }
  return verbose;
}

function levelOf(text: string): number {
  const level = Number(text);
  if (!/^\d+$/.test(text)) {
    throw new UsageError(`invalid value "${text}" of -v: it takes a number`, { code: 'BadFlagValue' });
  }
  return level >= 8 ? 2 : level >= 3 ? 1 : level;
}

/** True if the value of a switch turns it on. @throws UsageError if it is neither true nor false */
function isTrue(spelled: string, value: string): boolean {
  if (/^(true|t|1)$/i.test(value)) return true;
  if (/^(false|f|0)$/i.test(value)) return false;
  throw new UsageError(`invalid value "${value}" of ${spelled}: it is a switch and takes true or false`, {
    code: 'BadFlagValue',
  });
}

// Parses the words of the command line to a command with its options: declares the command and the
// flags of the line to commander, and gives it the tokens of argv.ts in one plain form.

import { suggested } from '../model/suggestion.ts';
import { Command, CommanderError, Option } from 'commander';
import type { GlobalOptions } from '../commands/global-options.ts';
import type { RawFlags } from '../commands/raw-flags.ts';
import type { AnyCommand, ArgumentSpec, FlagSpec, PreparedCommand } from '../commands/spec.ts';
import { UsageError } from '../errors.ts';
import {
  lookupOf,
  plainWord,
  splitCommand,
  switchedOff,
  tokensAround,
  verbosityOf,
  type SplitWords,
  type Token,
} from './argv.ts';
import { GivenFlags } from './given-flags.ts';
import { globalFlags, parseGlobalOptions } from './global-flags.ts';
import { UnknownWordError } from './unknown-word.ts';

/** A command with its options. */
export type CommandInvocation = Extract<Invocation, { readonly kind: 'command' }>;

/** The result of parsing a command line. */
export type Invocation =
  | {
      readonly kind: 'command';
      readonly spec: AnyCommand;
      readonly prepared: PreparedCommand;
      readonly globals: GlobalOptions;
      /**
       * The flags as typed, if `--contexts` is among them and the command runs once for each
       * context.
       */
      readonly contextsFlags?: RawFlags | undefined;
    }
  /**
   * `words`: the command or topic to explain; empty for the overview. `brief`: true for `--help`,
   * false for `kapi help`.
   */
  | {
      readonly kind: 'help';
      readonly words: readonly string[];
      readonly brief: boolean;
      readonly globals: GlobalOptions;
    }
  | { readonly kind: 'client-version'; readonly globals: GlobalOptions };

/** Flags next to the global ones that do not run a command. */
const otherFlags: readonly FlagSpec[] = [
  { name: 'help', short: 'h', description: 'show help' },
  { name: 'version', description: "print kapi's own version" },
];

const ownFlags: readonly FlagSpec[] = [...globalFlags, ...otherFlags];

/**
 * Parses a command line.
 * @param argv without the program's name
 * @throws UsageError for a line that no command accepts
 */
export function parseCommandLine(argv: readonly string[], commands: readonly AnyCommand[]): Invocation {
  const line = splitCommand(argv, lookupOf(ownFlags));
  const { name } = line;
  if (name === undefined) {
    const { flags, words } = readFlags(line, ownFlags);
    const globals = parseGlobalOptions(flags.raw, flags.verbose);
    if (words.length > 0) throw unknownCommand(words[0] ?? '');
    if (globals.curl && flags.raw['help'] !== true) throw nothingToPrint('');
    if (flags.raw['version'] === true) return { kind: 'client-version', globals };
    return { kind: 'help', words: [], brief: false, globals };
  }
  if (name === 'help') {
    const { flags, words } = readFlags(line, ownFlags);
    if (flags.raw['curl'] === true) throw nothingToPrint('help');
    return { kind: 'help', words, brief: false, globals: parseGlobalOptions(flags.raw, flags.verbose) };
  }
  const spec = commands.find((one) => one.name === name || one.aliases?.includes(name));
  if (spec === undefined) throw unknownCommand(name);

  const { flags, words } = readFlags(line, [...spec.flags, ...ownFlags], spec.name);
  const globals = parseGlobalOptions(flags.raw, flags.verbose);
  if (flags.raw['help'] === true) return { kind: 'help', words: [spec.name], brief: true, globals };
  const { becomes } = spec;
  if (becomes?.flags.some((flag) => flags.raw[flag] === true) === true) {
    return parseCommandLine([becomes.command, ...line.before, ...line.after], commands);
  }
  if (spec.sendsNothing === true && globals.curl) throw nothingToPrint(spec.name);
  checkMissing(spec, words);
  // The command's own message about an excess argument is better, so it comes first.
  const prepared = spec.prepare(words, flags.raw);
  checkExcess(spec, words);
  const isMerged = flags.raw['contexts'] !== undefined && spec.comparesContexts !== true;
  const contextsFlags = isMerged ? flags.raw : undefined;
  if (contextsFlags === undefined) checkContextsOnlyFlags(flags.raw);
  return { kind: 'command', spec, prepared, globals, contextsFlags };
}

/** @throws UsageError for flags that have a meaning with `--contexts` only */
function checkContextsOnlyFlags(flags: RawFlags): void {
  const misplaced = ['unordered', 'expect-total'].find((name) => flags[name] !== undefined);
  if (misplaced === undefined || flags[misplaced] === false) return;
  throw new UsageError(`--${misplaced} is about several contexts: add --contexts or leave it out`, {
    code: 'ConflictingFlags',
  });
}

function nothingToPrint(name: string): UsageError {
  const command = ['kapi', name].filter((word) => word !== '').join(' ');
  return new UsageError(`${command} sends no request that --curl could print`, {
    code: 'ConflictingFlags',
    hint: `${suggested('curl', 'PATH', '--curl')} prints the command for a request of your own`,
  });
}

interface ReadFlags {
  readonly flags: { readonly raw: RawFlags; readonly verbose: number };
  readonly words: readonly string[];
}

function readFlags(line: SplitWords, known: readonly FlagSpec[], commandName = ''): ReadFlags {
  const tokens = tokensAround(line, lookupOf(ownFlags), lookupOf(known));
  const given = new GivenFlags();
  const verbose = verbosityOf(tokens);
  const words = parseTokens(tokens, commandName, (flag, typed, value) => {
    if (flag.choices !== undefined && typeof value === 'string' && !flag.choices.includes(value)) {
      throw new UnknownWordError(
        `invalid value "${value}" of --${flag.name}: it takes ${flag.choices.join(', ')}`,
        { code: 'BadFlagValue', what: { kind: 'value', word: value, choices: flag.choices } },
      );
    }
    given.add(flag, typed, value);
  });
  const unknown = tokens.find(({ kind }) => kind === 'unknown');
  if (unknown?.kind === 'unknown')
    throw unknownFlag(unknown.word, known, commandName === '' ? undefined : commandName);
  return { flags: { raw: given.raw, verbose }, words };
}

type OnFlag = (flag: FlagSpec, typed: string, value: string | boolean) => void;

/**
 * Lets commander parse the tokens of a line: calls `onFlag` for each flag.
 * @param commandName empty if the line names no command
 * @returns the arguments
 * @throws UsageError for a flag without its value
 */
function parseTokens(tokens: readonly Token[], commandName: string, onFlag: OnFlag): readonly string[] {
  let operands: readonly string[] = [];
  const program = new Command('kapi').exitOverride().helpOption(false).helpCommand(false);
  program.configureOutput({ writeErr: () => undefined, outputError: () => undefined });
  const command = commandName === '' ? program : program.command(commandName);
  declareFlags(command, tokens, onFlag);
  command.argument('[words...]').action((words: readonly string[]) => {
    operands = words;
  });
  try {
    program.parse([...(commandName === '' ? [] : [commandName]), ...plainWords(tokens)], { from: 'user' });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    const [, missing] = /option '(.*) <(.*)>' argument missing/.exec(thrown.message) ?? [];
    const message =
      missing === undefined ? thrown.message.replace(/^error: /, '') : `${missing} needs a value`;
    throw new UsageError(message, {
      code: 'BadFlag',
      cause: thrown,
      hint: `see ${suggested(commandName, '--help')}`,
    });
  }
  return operands;
}

/** Returns the words for commander. `-v` has levels, which commander does not know. */
function plainWords(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token) => {
    if (token.kind === 'unknown') return [];
    if (token.kind !== 'flag') return [token.word];
    return token.flag.name === 'verbose' ? [] : [plainWord(token)];
  });
}

/**
 * Declares the flags of the line: commander creates an object for every flag, a command has about
 * sixty, and a line uses a few. Values arrive through commander's option events, not through
 * `opts()`, in which commander would treat kubectl's `--no-headers` as the negation of a flag
 * `--headers`.
 */
function declareFlags(command: Command, tokens: readonly Token[], onFlag: OnFlag): void {
  const declared = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== 'flag' || declared.has(token.typed)) continue;
    const { flag, typed } = token;
    // In `kapi curl` a letter of curl can be one of kapi as well.
    const letter = typed === flag.name && !declared.has(`-${flag.short ?? ''}`) ? flag.short : undefined;
    declared.add(typed);
    if (letter !== undefined) declared.add(`-${letter}`);
    const short = letter === undefined ? '' : `-${letter}, `;
    const value =
      flag.value === undefined ? '' : flag.optionalValue === true ? ` [${flag.value}]` : ` <${flag.value}>`;
    command.addOption(new Option(`${short}--${typed}${value}`, flag.description));
    command.on(`option:${typed}`, (given: string | undefined | null) => {
      onFlag(flag, typed, given ?? true);
    });
    if (flag.value !== undefined) continue;
    command.addOption(new Option(`--${typed}${switchedOff}`));
    command.on(`option:${typed}${switchedOff}`, () => {
      onFlag(flag, typed, false);
    });
  }
}

// suggest.ts computes suggestions when the error is printed.
function unknownFlag(word: string, known: readonly FlagSpec[], command: string | undefined): UsageError {
  const name = word.replace(/=.*$/s, '');
  const shown = name.startsWith('--')
    ? `unknown flag: ${name}`
    : `unknown shorthand flag: '${name.slice(1, 2)}' in ${name}`;
  return new UnknownWordError(shown, {
    code: 'UnknownFlag',
    what: { kind: 'flag', word: name, known, command },
  });
}

function unknownCommand(word: string): UsageError {
  // This can be a header whose flag is unknown, and can contain a secret.
  const shown = word.replace(/\s.*$/s, ' …');
  return new UnknownWordError(`unknown command "${shown}" for "kapi"`, {
    code: 'UnknownCommand',
    what: { kind: 'command', word },
  });
}

function checkMissing(spec: AnyCommand, words: readonly string[]): void {
  const needed = spec.arguments.filter((argument) => argument.optional !== true);
  const missing = needed[words.length];
  if (missing === undefined) return;
  throw new UsageError(`${missing.name} is missing: ${missing.description}`, {
    code: 'MissingArgument',
    hint: `usage: ${usageOf(spec)}`,
  });
}

function checkExcess(spec: AnyCommand, words: readonly string[]): void {
  const takesMore = spec.arguments.at(-1)?.variadic === true;
  const excess = takesMore ? undefined : words[spec.arguments.length];
  if (excess === undefined) return;
  throw new UsageError(`unexpected argument "${excess}"`, {
    code: 'ExcessArgument',
    hint: `usage: ${usageOf(spec)}`,
  });
}

/** Returns `kapi list TYPE[,TYPE...] [flags]`. */
export function usageOf(spec: AnyCommand): string {
  const argument = (one: ArgumentSpec): string => {
    const name = one.variadic === true ? `${one.name}...` : one.name;
    return one.optional === true ? `[${name}]` : name;
  };
  return ['kapi', spec.name, ...spec.arguments.map(argument), '[flags]'].join(' ');
}

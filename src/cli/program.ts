// Parses the words of the command line to a command with its options: connects command specs and
// commander.

import { suggested } from '../model/suggestion.ts';
import { Command, CommanderError, Option } from 'commander';
import type { GlobalOptions } from '../commands/global-options.ts';
import type { RawFlags } from '../commands/raw-flags.ts';
import type { AnyCommand, ArgumentSpec, FlagSpec, PreparedCommand } from '../commands/spec.ts';
import { UsageError } from '../errors.ts';
import { lookupOf, normaliseWords, splitCommand, switchedOff, withLongNames } from './argv.ts';

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
       * The flags as typed, if `--contexts` is among them: the command runs once for each context.
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

/**
 * Parses a command line.
 * @param argv without the program's name
 * @throws UsageError for a line that no command accepts
 */
export function parseCommandLine(argv: readonly string[], commands: readonly AnyCommand[]): Invocation {
  const ownFlags = [...globalFlags, ...otherFlags];
  const { name, before: first, after } = splitCommand(argv, lookupOf(ownFlags));
  const before = withLongNames(first, lookupOf(ownFlags));
  if (name === undefined) {
    const { flags, words } = readFlags(before, ownFlags);
    const globals = parseGlobalOptions(flags.raw, flags.verbose);
    if (words.length > 0) throw unknownCommand(words[0] ?? '');
    if (globals.curl && flags.raw['help'] !== true) throw nothingToPrint('');
    if (flags.raw['version'] === true) return { kind: 'client-version', globals };
    return { kind: 'help', words: [], brief: false, globals };
  }
  if (name === 'help') {
    const { flags, words } = readFlags([...before, ...after], ownFlags);
    if (flags.raw['curl'] === true) throw nothingToPrint('help');
    return { kind: 'help', words, brief: false, globals: parseGlobalOptions(flags.raw, flags.verbose) };
  }
  const spec = commands.find((one) => one.name === name || one.aliases?.includes(name));
  if (spec === undefined) throw unknownCommand(name);

  const known = [...spec.flags, ...ownFlags];
  const { flags, words } = readFlags([...before, ...after], known, spec.name);
  const globals = parseGlobalOptions(flags.raw, flags.verbose);
  if (flags.raw['help'] === true) return { kind: 'help', words: [spec.name], brief: true, globals };
  const { becomes } = spec;
  if (becomes?.flags.some((flag) => flags.raw[flag] === true) === true) {
    return parseCommandLine([becomes.command, ...before, ...after], commands);
  }
  if (spec.sendsNothing === true && globals.curl) throw nothingToPrint(spec.name);
  checkMissing(spec, words);
  // The command's own message about an excess argument is better, so it comes first.
  const prepared = spec.prepare(words, flags.raw);
  checkExcess(spec, words);
  const contextsFlags = flags.raw['contexts'] === undefined ? undefined : flags.raw;
  if (contextsFlags === undefined) checkOfContexts(flags.raw);
  return { kind: 'command', spec, prepared, globals, contextsFlags };
}

/** @throws UsageError for flags that have a meaning with `--contexts` only */
function checkOfContexts(flags: RawFlags): void {
  const needless = ['unordered', 'expect-total'].find((name) => flags[name] !== undefined);
  if (needless === undefined || flags[needless] === false) return;
  throw new UsageError(`--${needless} is about several contexts: add --contexts or leave it out`, {
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

function readFlags(argv: readonly string[], known: readonly FlagSpec[], commandName?: string): ReadFlags {
  const { words: normalised, verbose } = normaliseWords(argv, lookupOf(known));
  const given = new GivenFlags();
  const command = commanderOf(mentioned(known, normalised), (flag, typed, value) => {
    if (flag.choices !== undefined && typeof value === 'string' && !flag.choices.includes(value)) {
      throw new UnknownWordError(
        `invalid value "${value}" of --${flag.name}: it takes ${flag.choices.join(', ')}`,
        { code: 'BadFlagValue', what: { kind: 'value', word: value, choices: flag.choices } },
      );
    }
    given.add(flag, typed, value);
  });
  const { operands, unknown } = parseOptions(command, normalised, commandName);
  if (unknown[0] !== undefined) throw unknownFlag(unknown[0], known, commandName);
  return { flags: { raw: given.raw, verbose }, words: operands };
}

/**
 * Returns the flags that the words can refer to. commander creates an object for every flag; a
 * command has about sixty, and a line uses a few.
 */
function mentioned(flags: readonly FlagSpec[], words: readonly string[]): readonly FlagSpec[] {
  const names = new Set<string>();
  for (const word of words) {
    if (word.startsWith('--')) names.add(word.slice(2).replace(/[=:].*$/s, ''));
    else if (word.startsWith('-')) for (const letter of word.slice(1)) names.add(letter);
  }
  return flags.filter(
    ({ name, aliases, short }) =>
      names.has(name) || (short !== undefined && names.has(short)) || aliases?.some((one) => names.has(one)),
  );
}

/**
 * Makes a commander command with these flags. Values arrive through its option events, not through
 * `opts()`, because there commander treats `--no-headers` as the negation of `--headers`, which
 * kubectl's flag is not.
 */
function commanderOf(
  flags: readonly FlagSpec[],
  onFlag: (flag: FlagSpec, typed: string, value: string | boolean) => void,
): Command {
  const command = new Command().exitOverride().helpOption(false).allowUnknownOption();
  command.configureOutput({ writeErr: () => undefined, outputError: () => undefined });
  const taken = new Set<string>();
  for (const flag of flags) {
    const short = flag.short !== undefined && !taken.has(`-${flag.short}`) ? `-${flag.short}` : undefined;
    for (const name of [flag.name, ...(flag.aliases ?? [])]) {
      if (taken.has(`--${name}`)) continue;
      taken.add(`--${name}`);
      const words = short !== undefined && name === flag.name ? `${short}, --${name}` : `--${name}`;
      const value =
        flag.value === undefined ? '' : flag.optionalValue === true ? ` [${flag.value}]` : ` <${flag.value}>`;
      command.addOption(new Option(words + value, flag.description));
      command.on(`option:${name}`, (given: string | undefined | null) => {
        onFlag(flag, name, given ?? true);
      });
      if (flag.value !== undefined) continue;
      command.addOption(new Option(`--${name}${switchedOff}`));
      command.on(`option:${name}${switchedOff}`, () => {
        onFlag(flag, name, false);
      });
    }
    if (short !== undefined) taken.add(short);
  }
  return command;
}

function parseOptions(
  command: Command,
  words: readonly string[],
  commandName: string | undefined,
): { operands: string[]; unknown: string[] } {
  try {
    return command.parseOptions([...words]);
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    const [, missing] = /option '(.*) <(.*)>' argument missing/.exec(thrown.message) ?? [];
    const message =
      missing === undefined ? thrown.message.replace(/^error: /, '') : `${missing} needs a value`;
    throw new UsageError(message, {
      code: 'BadFlag',
      cause: thrown,
      hint: `see ${suggested(commandName ?? '', '--help')}`,
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

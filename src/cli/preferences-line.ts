// Applies the aliases and defaults of a kuberc file to the command line of `kubectl kapi`. Entry
// point: applyPreferences(). Pure. `kapi` itself does not load it.

import type { AnyCommand } from '../commands/spec.ts';
import { ConfigError } from '../errors.ts';
import type { Alias, CommandDefaults, FlagDefault, Preferences } from '../model/preferences.ts';
import { lookupOf, splitCommand, tokensOf, type FlagLookup } from './argv.ts';
import { globalFlags } from './global-flags.ts';
import { findKubectlWord } from './kubectl-words.ts';

/** A command line, and what to say about it. */
export interface PreferredLine {
  readonly argv: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Expands an alias, or adds the defaults of the command. As in kubectl, a command of kapi wins over
 * an alias with its name, a flag of the user wins over a default, and the defaults of a command do
 * not apply to its aliases.
 * @throws ConfigError `KubercInvalid` for an alias with a flag that its command does not have
 * @see https://pkg.go.dev/k8s.io/kubectl/pkg/kuberc#Preferences.Apply
 */
export function applyPreferences(
  argv: readonly string[],
  preferences: Preferences,
  commands: readonly AnyCommand[],
): PreferredLine {
  const { name, before, after } = splitCommand(argv, lookupOf(globalFlags));
  if (name === undefined) return { argv, warnings: [] };
  const alias = preferences.aliases.find((one) => one.name === name);
  if (alias !== undefined && !isCommand(name, commands)) {
    return { argv: expandAlias(alias, { before, after }, preferences.path, commands), warnings: [] };
  }
  return withDefaults({ name, before, after }, preferences, commands);
}

/** Returns the value of `--kuberc` in a line, as kubectl finds it before it knows the command. */
export function kubercIn(argv: readonly string[]): string | undefined {
  const end = argv.indexOf('--');
  const words = end < 0 ? argv : argv.slice(0, end);
  const at = words.findIndex((word) => word === '--kuberc' || word.startsWith('--kuberc='));
  const word = words[at];
  if (word === undefined) return undefined;
  return word === '--kuberc' ? words[at + 1] : word.slice('--kuberc='.length);
}

interface SplitLine {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** True for commands of kapi and words of kubectl, which an alias cannot replace. */
export function isCommand(name: string, commands: readonly AnyCommand[]): boolean {
  return name === 'help' || specOf([name], commands) !== undefined || findKubectlWord([name]) !== undefined;
}

function expandAlias(
  { name, command, prependArgs, appendArgs, options }: Alias,
  { before, after }: SplitLine,
  path: string,
  commands: readonly AnyCommand[],
): string[] {
  const words = command.split(/\s+/).filter((word) => word !== '');
  const spec = specOf(words, commands);
  const lookup = lookupOf([...(spec?.flags ?? []), ...globalFlags]);
  const given = namesIn([...before, ...after], lookup);
  const flags = options.flatMap((option) => {
    const flag = lookup.get(`--${option.name}`);
    if (flag === undefined && spec !== undefined) {
      throw new ConfigError(
        `the alias ${name} of ${path} sets --${option.name}, which kapi ${spec.name} does not have`,
        { code: 'KubercInvalid', hint: 'KUBERC=off turns the file off' },
      );
    }
    return given.has(flag?.name ?? option.name) ? [] : [flagWord(option)];
  });
  return [...before, ...words, ...flags, ...prependArgs, ...after, ...appendArgs];
}

function withDefaults(
  { name, before, after }: SplitLine & { readonly name: string },
  { path, defaults }: Preferences,
  commands: readonly AnyCommand[],
): PreferredLine {
  const second = splitCommand(after, lookupOf(globalFlags));
  const words = second.name === undefined ? [name] : [name, second.name];
  const spec = specOf(words, commands);
  if (spec === undefined) return { argv: [...before, name, ...after], warnings: [] };
  const lookup = lookupOf([...spec.flags, ...globalFlags]);
  const given = namesIn([...before, ...after], lookup);
  const warnings: string[] = [];
  const chosen = new Map<string, FlagDefault>();
  for (const option of defaultsOf(spec, defaults, commands)) {
    const flag = lookup.get(`--${option.name}`);
    if (flag === undefined) {
      warnings.push(
        `Warning: ${path}: kapi ${spec.name} has no flag --${option.name}; its default is not used`,
      );
    } else if (!given.has(flag.name)) {
      chosen.set(flag.repeated === 'all' ? `${flag.name}=${option.value}` : flag.name, option);
    }
  }
  // A command of two words stays together.
  const isTwoWords = specOf([name], commands) === undefined && second.name !== undefined;
  const at = isTwoWords ? second.before.length + 1 : 0;
  const flags = [...chosen.values()].map(flagWord);
  return { argv: [...before, name, ...after.slice(0, at), ...flags, ...after.slice(at)], warnings };
}

/** Returns the defaults of a command, under kapi's name or kubectl's. */
export function defaultsOf(
  spec: AnyCommand,
  defaults: readonly CommandDefaults[],
  commands: readonly AnyCommand[],
): readonly FlagDefault[] {
  return defaults.flatMap(({ command, options }) =>
    specOf(
      command.split(/\s+/).filter((word) => word !== ''),
      commands,
    ) === spec
      ? options
      : [],
  );
}

/** Returns the command of kapi that the words name: kapi's own name, or kubectl's for it. */
export function specOf(words: readonly string[], commands: readonly AnyCommand[]): AnyCommand | undefined {
  const [first = ''] = words;
  const named = (word: string): AnyCommand | undefined =>
    commands.find(({ name, aliases }) => name === word || aliases?.includes(word) === true);
  const own = named(first);
  if (own !== undefined) return own;
  const row = findKubectlWord(words)?.row;
  return row === undefined || row.how === 'points' ? undefined : named(row.kapi.split(' ')[0] ?? '');
}

/** Long names of the flags in a line. */
function namesIn(words: readonly string[], lookup: FlagLookup): ReadonlySet<string> {
  return new Set(
    tokensOf(words, lookup).flatMap((token) => {
      if (token.kind === 'flag') return [token.flag.name];
      const long = token.kind === 'unknown' ? /^--([^=]+)/.exec(token.word)?.[1] : undefined;
      return long ?? [];
    }),
  );
}

function flagWord({ name, value }: FlagDefault): string {
  return `--${name}=${value}`;
}

// `kapi __complete SHELL …`: the scripts of `kapi completion` and kubectl's plugin call it at each
// TAB. Entry point: complete().

import { suggested } from '../model/suggestion.ts';
import { settingsOfLine } from '../commands/curl/identity.ts';
import type { Deps, Env } from '../commands/deps.ts';
import type { GlobalOptions } from '../commands/global-options.ts';
import type { AnyCommand } from '../commands/spec.ts';
import { ConfigError, ConnectionError, UsageError } from '../errors.ts';
import { printBash, readBash } from './bash.ts';
import type { Offer } from './candidates.ts';
import type { Alias, Preferences } from '../model/preferences.ts';
import { readLine, type Line } from './line.ts';
import { offerFor } from './offer.ts';
import { printCobra, printFish, printPowerShell, printZsh, readFish, readPowerShell } from './shells.ts';
import { inTime, openSources } from './sources.ts';

export interface CompletionWorld {
  readonly commands: readonly AnyCommand[];
  readonly env: Env;
  /** Milliseconds since the process started. */
  readonly clock: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly write: (text: string) => Promise<void> | void;
  /**
   * Makes the dependencies of a command with these options. They must not write to the terminal.
   */
  readonly open: (globals: GlobalOptions, signal: AbortSignal) => Deps;
}

/** Time limit in milliseconds, from the start of the process to its end. */
const defaultLimit = 300;
/**
 * Milliseconds reserved for printing and exit: answers of the server must arrive before the first
 * limit, files before the second.
 */
const forAnswer = 40;
const forLeaving = 30;

/**
 * Completes a line. A missing server or configuration is not an error: kapi offers only what it
 * knows.
 * @param argv the shell, then the arguments of its script
 * @throws UsageError for a shell without a script
 */
export async function complete(argv: readonly string[], world: CompletionWorld): Promise<void> {
  const { words, print } = question(argv, world.env);
  const typed = readLine(words, world.commands);
  const end = new AbortController();
  const limit = limitOf(world.env);
  const after = (reserve: number): Promise<void> => {
    const passed = world.sleep(Math.max(0, limit - reserve - world.clock()), end.signal);
    // Aborted early, because the answer is complete.
    return passed.catch(() => undefined);
  };
  const requests = new AbortController();
  const late = after(forAnswer);
  const over = after(forLeaving);
  void late.then(() => requests.abort(new ConnectionError('time is over', { code: 'CompletionTimeout' })));
  const preferences =
    argv[0] === 'kubectl'
      ? await inTime(world.open(typed.globals, requests.signal).preferences, over)
      : undefined;
  const { line, aliases } =
    preferences === undefined
      ? { line: typed, aliases: [] }
      : await withPreferences(words, typed, preferences, world.commands);
  const deps = world.open(line.globals, requests.signal);
  if (line.spec?.name === 'curl') deps.forRequests(settingsOfLine(line.flags));
  const sources = openSources(deps, { late, over });
  try {
    await world.write(print(await offerFor(line, world.commands, sources, aliases)));
  } finally {
    end.abort();
  }
}

/**
 * Returns the aliases that can be used, and reads a line of `kubectl kapi` with the aliases and
 * defaults of the kuberc file. Leaves out the defaults if the cursor is at a flag: they would count
 * as given.
 */
async function withPreferences(
  words: readonly string[],
  typed: Line,
  { path, aliases, defaults }: Preferences,
  commands: readonly AnyCommand[],
): Promise<{ readonly line: Line; readonly aliases: readonly Alias[] }> {
  const { applyPreferences, isCommand } = await import('../cli/preferences-line.ts');
  const cursor = words.at(-1) ?? '';
  const isFlag = cursor.startsWith('-');
  const known = {
    path,
    // What an alias appends comes after the cursor.
    aliases: aliases.map((alias) => ({ ...alias, appendArgs: [], options: isFlag ? [] : alias.options })),
    defaults: isFlag ? [] : defaults,
  };
  const usable = aliases.filter(({ name }) => !isCommand(name, commands));
  try {
    const { argv } = applyPreferences(words.slice(0, -1), known, commands);
    return { line: readLine([...argv, cursor], commands), aliases: usable };
  } catch (thrown) {
    // The command itself reports what is wrong with an alias.
    if (thrown instanceof ConfigError) return { line: typed, aliases: usable };
    throw thrown;
  }
}

interface Question {
  /** The words without the program name. The last one is at the cursor. */
  readonly words: readonly string[];
  readonly print: (offer: Offer) => string;
}

function question([shell = '', ...given]: readonly string[], env: Env): Question {
  switch (shell) {
    case 'bash': {
      const [line = '', breaks = '', type = '', columns = ''] = given;
      const place = readBash(line, breaks);
      const answer = { type, columns: Number(columns) > 0 ? Number(columns) : 80 };
      return { words: place.words.slice(1), print: (offer) => printBash(offer, place, answer) };
    }
    case 'zsh':
      return { words: given, print: printZsh };
    case 'fish':
      return { words: [...given.slice(0, -1), readFish(given.at(-1) ?? '')], print: printFish };
    case 'powershell':
      return {
        words: readPowerShell(env['KAPI_COMPLETE_LINE'] ?? '').slice(1),
        print: printPowerShell,
      };
    case 'kubectl':
      return { words: given, print: printCobra };
    default:
      throw new UsageError('__complete is for the scripts that kapi completion prints', {
        code: 'UnknownShell',
        hint: `${suggested('completion', '--help')} says how to install them`,
      });
  }
}

function limitOf(env: Env): number {
  const given = env['KAPI_COMPLETION_TIMEOUT_MS'] ?? '';
  return /^\d{1,5}$/.test(given) ? Number(given) : defaultLimit;
}

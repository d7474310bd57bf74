// `kapi __complete SHELL …`: what the scripts of `kapi completion` and kubectl's plugin call at each TAB. Entry point:
// complete().

import { suggested } from '../model/suggestion.ts';
import { settingsOfLine } from '../commands/curl/identity.ts';
import type { Deps, Env } from '../commands/deps.ts';
import type { GlobalOptions } from '../commands/global-options.ts';
import type { AnyCommand } from '../commands/spec.ts';
import { ConnectionError, UsageError } from '../errors.ts';
import { printBash, readBash } from './bash.ts';
import type { Offer } from './candidates.ts';
import { readLine } from './line.ts';
import { offerFor } from './offer.ts';
import { printCobra, printFish, printPowerShell, printZsh, readFish, readPowerShell } from './shells.ts';
import { openSources } from './sources.ts';

export interface CompletionWorld {
  readonly commands: readonly AnyCommand[];
  readonly env: Env;
  /** Milliseconds since the process began. */
  readonly clock: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly write: (text: string) => Promise<void> | void;
  /** What a command with these options would work with; nothing of it may talk. */
  readonly open: (globals: GlobalOptions, signal: AbortSignal) => Deps;
}

/** For everything from the start of the process to its end, in milliseconds. */
const defaultLimit = 300;
/** Printing the answer and leaving take their time too; files get more of it than the server. */
const forAnswer = 40;
const forLeaving = 30;

/**
 * Never fails for want of a server or a configuration: what is not known is not offered.
 * @param argv the shell, then what its script hands over
 * @throws UsageError for a shell that there is no script for
 */
export async function complete(argv: readonly string[], world: CompletionWorld): Promise<void> {
  const { words, print } = question(argv, world.env);
  const line = readLine(words, world.commands);
  const end = new AbortController();
  const limit = limitOf(world.env);
  const after = (reserve: number): Promise<void> => {
    const passed = world.sleep(Math.max(0, limit - reserve - world.clock()), end.signal);
    // Ended early, because everything is there.
    return passed.catch(() => undefined);
  };
  const requests = new AbortController();
  const late = after(forAnswer);
  const over = after(forLeaving);
  void late.then(() => requests.abort(new ConnectionError('time is over', { code: 'CompletionTimeout' })));
  const deps = world.open(line.globals, requests.signal);
  if (line.spec?.name === 'curl') deps.forRequests(settingsOfLine(line.flags));
  const sources = openSources(deps, { late, over });
  try {
    await world.write(print(await offerFor(line, world.commands, sources)));
  } finally {
    end.abort();
  }
}

interface Question {
  /** Without the program; the last one is at the cursor. */
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

// Whether the commands that kapi suggests can be pasted: a dry parse of each. Entry point: notPasteable().
import { commands } from '../src/cli/command-list.ts';
import { parseCommandLine } from '../src/cli/program.ts';
import { wordsOf } from './e2e/words.ts';

/** A command that stands for others: it has a placeholder that no shell can fill. */
const isTemplate = (text: string): boolean => text.includes('…') || text.includes('...');

/** The commands of kapi in backticks, quotes and backticks in quotes included. */
export function suggestedIn(text: string): readonly string[] {
  const commands = /`(kapi (?:\\.|[^`'"\\\n]|'[^']*'|"(?:[^"\\]|\\.)*")+)`/g;
  return [...text.matchAll(commands)].map(([, command = '']) => command);
}

/**
 * The commands of kapi in backticks that kapi itself would not understand, each with the reason.
 * @param text what kapi wrote to stderr
 */
export function notPasteable(text: string): readonly string[] {
  return suggestedIn(text)
    .filter((command) => !isTemplate(command))
    .flatMap((command) => {
      // What comes behind a pipe or a redirection is another program's.
      const words = wordsOf(command.split(/ (?:\||>|<|&&|;) /)[0] ?? '');
      // `kapi curl` alone is the name of a command.
      const line = words.length === 2 ? [...words.slice(1), '--help'] : words.slice(1);
      try {
        parseCommandLine(line, commands);
        return [];
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        // "did you mean `kapi list --context a`?": the user left the rest out as well.
        return reason.includes(' is missing') ? [] : [`${command}: ${reason}`];
      }
    });
}

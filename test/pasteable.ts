// Checks whether the commands that kapi suggests can be pasted, by parsing each. Entry point:
// notPasteable().
import { commands } from '../src/cli/command-list.ts';
import { parseCommandLine } from '../src/cli/program.ts';
import { wordsOf } from './e2e/words.ts';

/** A template: it has a placeholder that no shell can fill. */
const isTemplate = (text: string): boolean => text.includes('…') || text.includes('...');

/** Returns the commands of kapi in backticks, including quotes and quoted backticks. */
export function suggestedIn(text: string): readonly string[] {
  const commands = /`(kapi (?:\\.|[^`'"\\\n]|'[^']*'|"(?:[^"\\]|\\.)*")+)`/g;
  return [...text.matchAll(commands)].map(([, command = '']) => command);
}

/**
 * Returns the commands of kapi in backticks that kapi itself would not accept, each with the
 * reason.
 * @param text what kapi wrote to stderr
 */
export function notPasteable(text: string): readonly string[] {
  return suggestedIn(text)
    .filter((command) => !isTemplate(command))
    .flatMap((command) => {
      // The text after a pipe or a redirection is for another program.
      const words = wordsOf(command.split(/ (?:\||>|<|&&|;) /)[0] ?? '');
      // `kapi curl` alone is the name of a command.
      const line = words.length === 2 ? [...words.slice(1), '--help'] : words.slice(1);
      try {
        parseCommandLine(line, commands);
        return [];
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        // "did you mean `kapi list --context a`?": the user omitted the rest as well.
        return reason.includes(' is missing') ? [] : [`${command}: ${reason}`];
      }
    });
}

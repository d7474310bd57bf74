// Wraps messages for a terminal: between words, with a hanging indent. Entry points: wrapMessage(),
// wrapLine(). Pure.

import { displayWidth } from './display-width.ts';

/** Narrower terminals wrap by themselves: the indentation would leave little space. */
const minColumns = 40;

/** A word, or a command between backticks, which a user copies as a whole. */
const unit = /(?:`[^`]*`|[^\s`]|`)+/g;

/** The label of a line. The lines that continue it are indented by its width. */
const label = /^ *(?:error|hint|note|Warning): /;

/** Words that begin a line of kapi's own. Foreign text must not get such a line by wrapping. */
const ownStart = /^(?:error|hint|warning|note)\b/i;

/**
 * Wraps each line of a message to the width of a terminal. Never breaks a word, a path, a command
 * between backticks, or a line that is a command, so that they can be copied.
 * @param columns width of the terminal. Undefined: no terminal, and the text is not changed
 */
export function wrapMessage(text: string, columns: number | undefined): string {
  if (columns === undefined || columns < minColumns) return text;
  return text
    .split('\n')
    .map((line) => wrapLine(line, columns, label.exec(line)?.[0].length ?? /^ */.exec(line)?.[0].length ?? 0))
    .join('\n');
}

/**
 * Wraps one line.
 * @param indent spaces before the lines that continue it
 * @param used columns that are in use before the line. Default: 0
 */
export function wrapLine(line: string, columns: number | undefined, indent: number, used = 0): string {
  if (columns === undefined || columns < indent + minColumns / 2) return line;
  // The last column stays free: some terminals wrap as soon as it is used.
  const room = columns - 1;
  if (used + displayWidth(line) <= room || isCommand(line)) return line;
  let wrapped = '';
  let width = used;
  let end = 0;
  for (const { 0: word, index } of line.matchAll(unit)) {
    const space = line.slice(end, index);
    const wordWidth = displayWidth(word);
    const fits = width + space.length + wordWidth <= room || end === 0 || ownStart.test(word);
    wrapped += fits ? `${space}${word}` : `\n${' '.repeat(indent)}${word}`;
    width = fits ? width + space.length + wordWidth : indent + wordWidth;
    end = index + word.length;
  }
  return wrapped;
}

/** Hints can be a command alone, without backticks. */
function isCommand(line: string): boolean {
  return /^(?: *hint:)? *kapi [a-z]/.test(line);
}

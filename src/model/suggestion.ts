// Formats commands of kapi for hints and notes. Entry point: suggested(). Pure. The words name what
// the command is about; src/cli/own-line.ts adds the flags that selected cluster, user and
// namespace of this run.

import { shellWord } from './shell-words.ts';

/**
 * Formats one command for pasting: `` `kapi list pods -n dev` ``, each word quoted for a shell.
 * @param words without `kapi`; empty words are omitted
 */
export function suggested(...words: readonly string[]): string {
  return `\`${['kapi', ...words.filter((word) => word !== '').map(lineWord)].join(' ')}\``;
}

/** Quotes a word for a shell on one line, even if it contains line ends. */
export function lineWord(text: string): string {
  if (!text.includes('\n')) return shellWord(text);
  const format = text
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('%', '%%')
    .replaceAll('\n', String.raw`\n`)
    .replaceAll("'", String.raw`'\''`);
  return `"$(printf '${format}')"`;
}

/**
 * Suggests the user's own line with one more flag: `` `kapi … --suggest-rbac` ``, which
 * src/cli/own-line.ts completes.
 */
export function suggestedAgain(flag: string): string {
  return `\`kapi … ${flag}\``;
}

/**
 * Suggests the user's own line with one word replaced: `` `kapi … name crul => curl` ``, which
 * src/cli/own-line.ts completes. Names only the new word if the line does not contain the old one,
 * or is not repeated.
 * @param what a `type` is searched from the start of the line, a `name` from its end
 */
export function suggestedInstead(what: 'type' | 'name', word: string, instead: string): string {
  return `\`kapi … ${what} ${encodeWord(word)} => ${encodeWord(instead)}\``;
}

/** Parses {@link suggestedInstead}. Undefined for other commands. */
export function readInstead(
  command: string,
): { readonly what: string; readonly word: string; readonly instead: string } | undefined {
  const [, what, word, instead] = /^kapi … (type|name) (\S*) => (\S*)$/.exec(command) ?? [];
  if (what === undefined || word === undefined || instead === undefined) return undefined;
  return { what, word: decodeURIComponent(word), instead: decodeURIComponent(instead) };
}

/** Encodes a word without blanks, quotes and backticks, so that the end of the command is found. */
function encodeWord(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\ufffd')).replaceAll("'", '%27');
}

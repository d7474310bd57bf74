// Commands of kapi in hints and notes. Entry point: suggested(). Pure. The words name what the command is about; where the
// text is shown, src/cli/own-line.ts adds the flags that chose cluster, user and namespace of this run.

import { shellWord } from './shell-words.ts';

/**
 * One command as people paste it: `` `kapi list pods -n dev` ``, each word quoted for a shell.
 * @param words without `kapi`; an empty word is left out
 */
export function suggested(...words: readonly string[]): string {
  return `\`${['kapi', ...words.filter((word) => word !== '').map(lineWord)].join(' ')}\``;
}

/** A word of a shell on one line, whatever it holds. */
export function lineWord(text: string): string {
  if (!text.includes('\n')) return shellWord(text);
  const format = text
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('%', '%%')
    .replaceAll('\n', String.raw`\n`)
    .replaceAll("'", String.raw`'\''`);
  return `"$(printf '${format}')"`;
}

/** The user's own line with one more flag: `` `kapi … --suggest-rbac` ``, which src/cli/own-line.ts fills in. */
export function suggestedAgain(flag: string): string {
  return `\`kapi … ${flag}\``;
}

/**
 * The user's own line with one word replaced: `` `kapi … name crul => curl` ``, which src/cli/own-line.ts fills in. Where the
 * line does not have the word, or is not repeated, only the new word is named.
 * @param what a `type` is looked for from the beginning of the line, a `name` from its end
 */
export function suggestedInstead(what: 'type' | 'name', word: string, instead: string): string {
  return `\`kapi … ${what} ${encoded(word)} => ${encoded(instead)}\``;
}

/** Takes {@link suggestedInstead} apart; undefined for other commands. */
export function readInstead(
  command: string,
): { readonly what: string; readonly word: string; readonly instead: string } | undefined {
  const [, what, word, instead] = /^kapi … (type|name) (\S*) => (\S*)$/.exec(command) ?? [];
  if (what === undefined || word === undefined || instead === undefined) return undefined;
  return { what, word: decodeURIComponent(word), instead: decodeURIComponent(instead) };
}

/** Without blanks, quotes and backticks, so that the end of the command is found. */
function encoded(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\ufffd')).replaceAll("'", '%27');
}

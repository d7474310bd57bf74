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

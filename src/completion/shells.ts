// Parses the input and formats the output of each shell except bash (bash.ts). Entry points:
// readFish(), readPowerShell(), printZsh(), printFish(), printPowerShell(), printCobra(). Pure.

import type { Candidate, Offer } from './candidates.ts';
import { isSpaceFollowing } from './spacing.ts';

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}

/**
 * Returns `files 13`: what the shell itself should offer, and how many characters of the word come
 * before it.
 */
function shellLine({ shell, before = 0 }: Offer): string {
  return shell === undefined ? '' : `${shell} ${before}`;
}

/**
 * Formats for zsh: the shell's part on the first line, then one candidate a line: `+` if a space
 * follows or `-` if not, the value, a tab, the text of the list. kapi sets the order.
 */
export function printZsh(offer: Offer): string {
  const candidates = sortCandidates(offer);
  const width = Math.max(0, ...candidates.map(({ value }) => value.length));
  return lines([
    shellLine(offer),
    ...candidates.map(({ value, description, isPartial }) => {
      const shown = description === undefined ? value : `${value.padEnd(width)}  -- ${description}`;
      return `${isPartial === true ? '-' : '+'}${value}\t${shown}`;
    }),
  ]);
}

/** Unquotes a fish token as written on the line, possibly with an open quote. */
export function readFish(token: string): string {
  let word = '';
  let quote = '';
  for (let at = 0; at < token.length; at++) {
    const character = token.charAt(at);
    const next = token.charAt(at + 1);
    const escapes = quote === '' || (quote === "'" ? /['\\]/ : /["$\\]/).test(next);
    if (character === '\\' && escapes) {
      word += next;
      at++;
    } else if (quote === '' && (character === "'" || character === '"')) quote = character;
    else if (character === quote) quote = '';
    else word += character;
  }
  return word;
}

/** fish adds no space after these characters. */
const fishWaitsAfter = /[/=@:.,-]$/;

/** Formats for fish: the shell's part on the first line, then values and descriptions. */
export function printFish(offer: Offer): string {
  const candidates = sortCandidates(offer);
  const [only] = candidates;
  const waits = only?.isPartial === true && candidates.length === 1 && !fishWaitsAfter.test(only.value);
  return lines([
    shellLine(offer),
    ...candidates.map(({ value, description }) => `${value}\t${description ?? ''}`),
    // The only way to tell fish not to add a space is a second candidate with the same beginning.
    ...(waits ? [`${only.value}.\t${only.description ?? ''}`] : []),
  ]);
}

/** Splits a PowerShell command up to the cursor, the program first. */
export function readPowerShell(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  const add = (text: string): void => {
    word = (word ?? '') + text;
  };
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    const next = line.charAt(at + 1);
    if (character === quote && next === quote) {
      add(character);
      at++;
    } else if (character === quote) quote = '';
    else if (character === '`' && quote !== "'") {
      add(next);
      at++;
    } else if (quote === '' && (character === "'" || character === '"')) {
      quote = character;
      add('');
    } else if (quote === '' && /\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else add(character);
  }
  return [...words, word ?? ''];
}

/**
 * Formats for PowerShell: the shell's part on the first line, then the text to insert, the text of
 * the list, and the tool tip, separated by tabs.
 */
export function printPowerShell(offer: Offer): string {
  const quote = (value: string): string =>
    /^[\w./:=+-]+$/.test(value) ? value : `'${value.replaceAll("'", "''")}'`;
  return lines([
    shellLine(offer),
    ...sortCandidates(offer).map(({ value, description }) =>
      [quote(value), value, description === undefined || description === '' ? value : description].join('\t'),
    ),
  ]);
}

/** @see https://pkg.go.dev/github.com/spf13/cobra#ShellCompDirective */
const directives = { noSpace: 2, noFiles: 4, onlyDirectories: 16, keepOrder: 32 } as const;

/**
 * Formats for kubectl, which calls its plugins: candidates, a tab, descriptions, and a last line
 * with the sum of the directives.
 */
export function printCobra(offer: Offer): string {
  const { candidates } = offer;
  const directive =
    offer.shell === 'files'
      ? 0
      : offer.shell === 'directories'
        ? directives.onlyDirectories
        : directives.noFiles +
          (candidates.length > 0 && !isSpaceFollowing(candidates) ? directives.noSpace : 0) +
          (offer.ordered === true ? directives.keepOrder : 0);
  return lines([
    ...sortCandidates(offer).map(({ value, description }) =>
      description === undefined || description === '' ? value : `${value}\t${description}`,
    ),
    `:${directive}`,
  ]);
}

function sortCandidates({ candidates, ordered }: Offer): readonly Candidate[] {
  return ordered === true ? candidates : [...candidates].sort((a, b) => (a.value < b.value ? -1 : 1));
}

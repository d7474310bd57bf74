// What each shell hands over and wants back; bash, which needs more, is bash.ts. Entry points: readFish(), readPowerShell(),
// printZsh(), printFish(), printPowerShell(), printCobra(). Pure.

import type { Candidate, Offer } from './candidates.ts';
import { isSpaceFollowing } from './spacing.ts';

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}

/** `files 13`: what the shell itself shall offer, and how much of the word comes before it. */
function shellLine({ shell, before = 0 }: Offer): string {
  return shell === undefined ? '' : `${shell} ${before}`;
}

/**
 * The shell's part on the first line, then one candidate a line: `+` where a space follows and `-` where not, the value,
 * a tab, what the list shows. The order is kapi's.
 */
export function printZsh(offer: Offer): string {
  const candidates = inOrder(offer);
  const width = Math.max(0, ...candidates.map(({ value }) => value.length));
  return lines([
    shellLine(offer),
    ...candidates.map(({ value, description, goesOn }) => {
      const shown = description === undefined ? value : `${value.padEnd(width)}  -- ${description}`;
      return `${goesOn === true ? '-' : '+'}${value}\t${shown}`;
    }),
  ]);
}

/** A fish token as it stands on the line, quotes perhaps not yet closed. */
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

/** fish puts no space after these of its own accord. */
const fishWaitsAfter = /[/=@:.,-]$/;

/** The shell's part on the first line, then values and descriptions. */
export function printFish(offer: Offer): string {
  const candidates = inOrder(offer);
  const [only] = candidates;
  const waits = only?.goesOn === true && candidates.length === 1 && !fishWaitsAfter.test(only.value);
  return lines([
    shellLine(offer),
    ...candidates.map(({ value, description }) => `${value}\t${description ?? ''}`),
    // fish has no other way to be told than a second candidate that begins like the first.
    ...(waits ? [`${only.value}.\t${only.description ?? ''}`] : []),
  ]);
}

/** The words of a PowerShell command as far as the cursor, the program first. */
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

/** The shell's part on the first line, then the text to insert, what the list shows, and the tip, separated by tabs. */
export function printPowerShell(offer: Offer): string {
  const quote = (value: string): string =>
    /^[\w./:=+-]+$/.test(value) ? value : `'${value.replaceAll("'", "''")}'`;
  return lines([
    shellLine(offer),
    ...inOrder(offer).map(({ value, description }) =>
      [quote(value), value, description === undefined || description === '' ? value : description].join('\t'),
    ),
  ]);
}

/** @see https://pkg.go.dev/github.com/spf13/cobra#ShellCompDirective */
const directives = { noSpace: 2, noFiles: 4, onlyDirectories: 16, keepOrder: 32 } as const;

/** What kubectl reads of its plugins: candidates, a tab, descriptions, and a last line with the sum of directives. */
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
    ...inOrder(offer).map(({ value, description }) =>
      description === undefined || description === '' ? value : `${value}\t${description}`,
    ),
    `:${directive}`,
  ]);
}

function inOrder({ candidates, ordered }: Offer): readonly Candidate[] {
  return ordered === true ? candidates : [...candidates].sort((a, b) => (a.value < b.value ? -1 : 1));
}

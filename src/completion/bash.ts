// Splits a line into words as bash does, and formats candidates for bash. Entry points: readBash(),
// printBash(). Pure.

import type { Candidate, Offer } from './candidates.ts';
import { isSpaceFollowing } from './spacing.ts';

/** The position of the cursor in a line, as bash sees it. */
export interface BashPlace {
  /** All words, the program first and the one at the cursor last, unquoted. */
  readonly words: readonly string[];
  /** The quote that is open at the cursor. */
  readonly quote: '' | "'" | '"';
  /**
   * Number of characters of the word at the cursor, unquoted, that readline does not replace: its
   * own word begins after an open quote and after each of COMP_WORDBREAKS.
   */
  readonly kept: number;
}

/**
 * Splits a line.
 * @param line COMP_LINE up to the cursor
 * @param breaks COMP_WORDBREAKS
 */
export function readBash(line: string, breaks: string): BashPlace {
  const words: string[] = [];
  let word: string | undefined;
  let quote: BashPlace['quote'] = '';
  let kept = 0;
  const add = (text: string): void => {
    word = (word ?? '') + text;
  };
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    const next = line.charAt(at + 1);
    if (quote === "'") {
      if (character !== "'") add(character);
      else {
        quote = '';
        kept = word?.length ?? 0;
      }
    } else if (quote === '"') {
      if (character === '"') {
        quote = '';
        kept = word?.length ?? 0;
      } else if (character === '\\' && /["$`\\]/.test(next)) {
        add(next);
        at++;
      } else add(character);
    } else if (character === '\\') {
      add(next);
      at++;
    } else if (character === "'" || character === '"') {
      quote = character;
      add('');
      kept = word?.length ?? 0;
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      kept = 0;
    } else {
      add(character);
      if (breaks.includes(character)) kept = word?.length ?? 0;
    }
  }
  return { words: [...words, word ?? ''], quote, kept };
}

/** Values of COMP_TYPE (the key pressed) for which bash shows a list of candidates. */
const listing = new Set(['63', '33', '64']);

export interface BashAnswer {
  /** COMP_TYPE. */
  readonly type: string;
  /** Width of the terminal. */
  readonly columns: number;
}

/** Formats the answer: options of compopt on the first line, then elements of COMPREPLY. */
export function printBash(offer: Offer, place: BashPlace, { type, columns }: BashAnswer): string {
  const { candidates } = offer;
  const options = [
    ...(offer.shell === 'files' ? ['default'] : []),
    ...(offer.shell === 'directories' ? ['dirnames'] : []),
    ...(candidates.length > 0 && !isSpaceFollowing(candidates) ? ['nospace'] : []),
    ...(offer.ordered === true ? ['nosort'] : []),
  ];
  return [options.join(' '), ...replies(candidates, place, listing.has(type) ? columns : 0)]
    .map((line) => `${line}\n`)
    .join('');
}

function replies(candidates: readonly Candidate[], place: BashPlace, columns: number): string[] {
  const texts = candidates.map(({ value }) => quoteFor(value.slice(place.kept), place));
  const [only] = texts;
  if (only !== undefined && texts.length === 1) {
    // readline closes an open quote after a single candidate. With two candidates it waits for
    // more.
    return place.quote !== '' && candidates[0]?.isPartial === true ? [only, `${only} `] : [only];
  }
  if (columns === 0 || candidates.every(({ description }) => description === undefined)) return texts;
  const width = Math.max(...texts.map((text) => text.length));
  return candidates.map(({ description = '' }, at) => {
    const text = (texts[at] ?? '').padEnd(width);
    const line = description === '' ? text : `${text}  (${description})`;
    // Wider than half of the terminal: readline then prints one candidate on each line.
    return Array.from(line.padEnd(Math.floor(columns / 2) + 1))
      .slice(0, Math.max(width, columns - 2))
      .join('');
  });
}

function quoteFor(text: string, { quote, kept }: BashPlace): string {
  switch (quote) {
    case "'":
      return text.replaceAll("'", "'\\''");
    case '"':
      // An exclamation mark expands history even inside double quotes, and a backslash before it
      // would stay in the word.
      return text.replaceAll(/["$`\\]/g, '\\$&').replaceAll('!', `"'!'"`);
    case '': {
      // bash expands braces only if they contain a comma or two dots.
      const braces = /\{.*(?:,|\.\.).*\}?/.test(text) ? '' : '{}';
      const special = new RegExp(`[^\\w@%+:,./=^~\\u0080-\\u{10ffff}${braces}-]`, 'gu');
      const escaped = text.replaceAll(special, '\\$&');
      return kept === 0 ? escaped.replace(/^~/, '\\~') : escaped;
    }
  }
}

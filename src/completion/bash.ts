// The words of a line as bash reads them, and candidates as bash takes them. Entry points: readBash(), printBash(). Pure.

import type { Candidate, Offer } from './candidates.ts';
import { isSpaceFollowing } from './spacing.ts';

/** Where in a line the cursor is, in the eyes of bash. */
export interface BashPlace {
  /** All words, the program first and the one at the cursor last, unquoted. */
  readonly words: readonly string[];
  /** The quote that is open at the cursor. */
  readonly quote: '' | "'" | '"';
  /**
   * Characters of the word at the cursor, unquoted, that readline leaves alone: it begins its own word after an open quote
   * and after each of COMP_WORDBREAKS.
   */
  readonly kept: number;
}

/**
 * @param line COMP_LINE as far as the cursor
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

/** The key that was pressed, as COMP_TYPE: only these show a list of candidates. */
const listing = new Set(['63', '33', '64']);

export interface BashAnswer {
  /** COMP_TYPE. */
  readonly type: string;
  /** Width of the terminal. */
  readonly columns: number;
}

/** Options of compopt on the first line, then elements of COMPREPLY. */
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
  const texts = candidates.map(({ value }) => quoted(value.slice(place.kept), place));
  const [only] = texts;
  if (only !== undefined && texts.length === 1) {
    // readline closes an open quote behind a single candidate; with two it waits for more.
    return place.quote !== '' && candidates[0]?.goesOn === true ? [only, `${only} `] : [only];
  }
  if (columns === 0 || candidates.every(({ description }) => description === undefined)) return texts;
  const width = Math.max(...texts.map((text) => text.length));
  return candidates.map(({ description = '' }, at) => {
    const text = (texts[at] ?? '').padEnd(width);
    const line = description === '' ? text : `${text}  (${description})`;
    // Wider than half of the terminal: readline then puts one on each line.
    return Array.from(line.padEnd(Math.floor(columns / 2) + 1))
      .slice(0, Math.max(width, columns - 2))
      .join('');
  });
}

function quoted(text: string, { quote, kept }: BashPlace): string {
  switch (quote) {
    case "'":
      return text.replaceAll("'", "'\\''");
    case '"':
      // An exclamation mark recalls history even here, and a backslash before it would stay.
      return text.replaceAll(/["$`\\]/g, '\\$&').replaceAll('!', `"'!'"`);
    case '': {
      // Braces mean something to bash only with a comma or two dots inside.
      const braces = /\{.*(?:,|\.\.).*\}?/.test(text) ? '' : '{}';
      const special = new RegExp(`[^\\w@%+:,./=^~\\u0080-\\u{10ffff}${braces}-]`, 'gu');
      const escaped = text.replaceAll(special, '\\$&');
      return kept === 0 ? escaped.replace(/^~/, '\\~') : escaped;
    }
  }
}

// A text over the screen that scrolls both ways and can be searched. Pure. Entry point: TextView.

import { displayWidth } from '../output/display-width.ts';
import { escapeLine } from '../output/escape.ts';
import { actionOf, type Key, type Keymap } from './keymap.ts';
import { scrolled, type Line, type Segment } from './layout.ts';
import { SearchBox } from './search-box.ts';
import { colouredJson, colouredYaml } from './structured-line.ts';

export type TextAction =
  | 'up'
  | 'down'
  | 'pageUp'
  | 'pageDown'
  | 'home'
  | 'end'
  | 'left'
  | 'right'
  | 'search'
  | 'next'
  | 'previous'
  | 'help'
  | 'close';

export const textKeys: Keymap<TextAction> = [
  { action: 'up', keys: ['up', 'k'], label: '↑ k', help: 'Scroll up one line' },
  {
    action: 'down',
    keys: ['down', 'j', 'enter'],
    label: '↓ j',
    short: 'scroll',
    help: 'Scroll down one line',
  },
  { action: 'pageUp', keys: ['pageUp', 'b'], label: 'PgUp b', help: 'Scroll up one page' },
  { action: 'pageDown', keys: ['pageDown', ' '], label: 'PgDn Space', help: 'Scroll down one page' },
  { action: 'home', keys: ['home', 'g'], label: 'Home g', help: 'Go to the first line' },
  { action: 'end', keys: ['end', 'G'], label: 'End G', help: 'Go to the last line' },
  { action: 'left', keys: ['left'], label: '←', help: 'Scroll left' },
  { action: 'right', keys: ['right'], label: '→', short: 'sideways', help: 'Scroll right' },
  { action: 'search', keys: ['/'], label: '/', short: 'search', help: 'Search; Enter starts, Esc cancels' },
  { action: 'next', keys: ['n'], label: 'n', help: 'Go to the next match' },
  { action: 'previous', keys: ['N'], label: 'N', help: 'Go to the previous match' },
  { action: 'help', keys: ['?'], label: '?', short: 'keys', help: 'Show the keys' },
  { action: 'close', keys: ['q', 'escape'], label: 'q Esc', short: 'close', help: 'Close the text' },
];

/** The action that a key requests from the screen. */
type Asked = 'close' | 'help' | undefined;

/** How lines are coloured. */
export type TextLanguage = 'plain' | 'yaml' | 'json';

const sidewaysStep = 16;

/** One text, its visible part, and the last search. */
export class TextView {
  readonly title: string;
  readonly #lines: readonly Line[];
  readonly #search = new SearchBox();
  #widest: number | undefined;
  #top = 0;
  #left = 0;
  #height = 10;
  #found: number | undefined;
  #isMissing = false;

  constructor(title: string, lines: readonly Line[]) {
    this.title = escapeLine(title);
    this.#lines = lines;
  }

  static of(title: string, text: string, language: TextLanguage = 'plain'): TextView {
    const paint = { plain: plainLine, yaml: colouredYaml, json: colouredJson }[language];
    return new TextView(
      title,
      text
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => paint(escapeLine(line.replaceAll('\t', '        ')))),
    );
  }

  get search(): SearchBox {
    return this.#search;
  }

  /** Returns `12-30 of 200`, with the result of the last search. */
  get position(): string {
    const { length } = this.#lines;
    const last = Math.min(length, this.#top + this.#height);
    const missing = this.#isMissing ? `no line has "${this.#search.word}"   ` : '';
    return `${missing}${Math.min(length, this.#top + 1)}-${last} of ${length}`;
  }

  /** Handles a key. @returns the action for the screen: close the text or show its keys */
  key(key: Key): Asked {
    const typed = this.#search.key(key);
    if (typed !== 'not-typing') {
      if (typed === 'search') this.#find(1, this.#top);
      return undefined;
    }
    const action = actionOf(textKeys, key);
    const page = Math.max(1, this.#height - 1);
    switch (action) {
      case 'up':
        return this.#move(-1);
      case 'down':
        return this.#move(1);
      case 'pageUp':
        return this.#move(-page);
      case 'pageDown':
        return this.#move(page);
      case 'home':
        return this.#move(-Infinity);
      case 'end':
        return this.#move(Infinity);
      case 'left':
        this.#left = Math.max(0, this.#left - sidewaysStep);
        return undefined;
      case 'right':
        this.#left += sidewaysStep;
        return undefined;
      case 'search':
        this.#search.open();
        return undefined;
      case 'next':
        return this.#find(1, (this.#found ?? this.#top - 1) + 1);
      case 'previous':
        return this.#find(-1, (this.#found ?? this.#top) - 1);
      default:
        return action;
    }
  }

  #move(by: number): Asked {
    const last = Math.max(0, this.#lines.length - this.#height);
    this.#top = Math.min(last, Math.max(0, this.#top + by));
    return undefined;
  }

  /** Moves to the next line that contains the word. Wraps around at the end. */
  #find(step: 1 | -1, from: number): Asked {
    const wanted = this.#search.word.toLowerCase();
    const { length } = this.#lines;
    this.#isMissing = false;
    if (wanted === '' || length === 0) return undefined;
    for (let tried = 0; tried < length; tried++) {
      const at = (((from + step * tried) % length) + length) % length;
      if (
        !textOf(this.#lines[at] ?? [])
          .toLowerCase()
          .includes(wanted)
      )
        continue;
      this.#found = at;
      this.#top = Math.max(0, Math.min(at, length - this.#height));
      return undefined;
    }
    this.#isMissing = true;
    this.#found = undefined;
    return undefined;
  }

  #width(): number {
    this.#widest ??= this.#lines.reduce((widest, line) => Math.max(widest, displayWidth(textOf(line))), 0);
    return this.#widest;
  }

  /** Returns the part of the text that is visible in a window of this size. */
  lines(columns: number, height: number): Line[] {
    this.#height = Math.max(1, height);
    this.#move(0);
    // The mark at the left edge occupies a column.
    if (this.#left > 0) this.#left = Math.max(0, Math.min(this.#left, this.#width() + 1 - columns));
    return this.#lines.slice(this.#top, this.#top + this.#height).map((line, at) => {
      const shown = scrolled(line, this.#left);
      const isFound = this.#top + at === this.#found;
      return isFound ? [{ text: textOf(shown), style: 'found' }] : shown;
    });
  }
}

function plainLine(text: string): Segment[] {
  return [{ text, style: 'plain' }];
}

function textOf(line: Line): string {
  return line.map(({ text }) => text).join('');
}

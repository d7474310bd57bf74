// The input line of a search or a filter. Pure.

import { escapeLine } from '../output/escape.ts';
import type { Key } from './keymap.ts';
import type { Segment } from './layout.ts';

/** The effect of a key on the box. */
export type Typed = 'not-typing' | 'changed' | 'search' | 'cancelled';

/** Holds the word, and whether the user is typing it. */
export class SearchBox {
  #word = '';
  #isOpen = false;

  get word(): string {
    return this.#word;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  open(): void {
    this.#isOpen = true;
    this.#word = '';
  }

  clear(): void {
    this.#isOpen = false;
    this.#word = '';
  }

  key(key: Key): Typed {
    if (!this.#isOpen) return 'not-typing';
    if (key === 'enter') {
      this.#isOpen = false;
      return 'search';
    }
    if (key === 'escape') {
      this.clear();
      return 'cancelled';
    }
    if (key === 'backspace') this.#word = Array.from(this.#word).slice(0, -1).join('');
    else if (typeof key === 'object') this.#word += key.character;
    return 'changed';
  }

  /** Returns the box as a footer. @param hint what Enter and Esc do */
  line(hint: string): Segment[] {
    return [
      { text: `/${escapeLine(this.#word)}`, style: 'header' },
      { text: `   ${hint}`, style: 'faint' },
    ];
  }
}

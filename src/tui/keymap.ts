// Keys as data: their actions, and the footer and the help made from them. Pure. Entry points:
// actionOf(), footerOf(), helpOf().

import { displayWidth } from '../output/display-width.ts';
import type { Segment } from './layout.ts';

/** Keys that have a name. */
export type NamedKey =
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'pageUp'
  | 'pageDown'
  | 'home'
  | 'end'
  | 'enter'
  | 'escape'
  | 'backspace';

/** A key from the terminal: a name, or the character itself. */
export type Key = NamedKey | { readonly character: string };

/** One line of a keymap. */
export interface Binding<Action extends string = string> {
  readonly action: Action;
  /** Names of keys, or single characters. */
  readonly keys: readonly string[];
  /** The keys as users write them: `↑ ↓`, `Enter`. */
  readonly label: string;
  /** The keys in the footer, if they differ from `label`: one entry for a pair of keys. */
  readonly footer?: string;
  /** One or two words for the footer. Absent: only the help shows the keys. */
  readonly short?: string;
  /** What it does, in the imperative, without a full stop. */
  readonly help: string;
}

/** The keys of one view, the most important first: a narrow footer drops the last ones. */
export type Keymap<Action extends string = string> = readonly Binding<Action>[];

/** Returns the action of a key, or undefined if it has none here. */
export function actionOf<Action extends string>(keymap: Keymap<Action>, key: Key): Action | undefined {
  const name = typeof key === 'string' ? key : key.character;
  // The characters of a pasted word such as `up` arrive one at a time, so they are not the name of
  // a key.
  return keymap.find(({ keys }) => keys.includes(name))?.action;
}

const between = '  ';

/**
 * Returns the keys that fit on one line. Drops the least important keys first, and keeps the last
 * two entries of the keymap (help and quit).
 * @param columns width of the line
 */
export function footerOf(keymap: Keymap, columns: number): Segment[] {
  const shown = keymap.filter(({ short }) => short !== undefined);
  const last = shown.slice(-2);
  for (let count = shown.length - last.length; count >= 0; count--) {
    const segments = entries([...shown.slice(0, count), ...last]);
    if (widthOf(segments) <= columns) return segments;
  }
  return entries(last);
}

function entries(bindings: Keymap): Segment[] {
  return bindings.flatMap(({ label, footer = label, short = '' }, at): Segment[] => [
    { text: footer, style: 'hotkey' },
    { text: ` ${short}${at === bindings.length - 1 ? '' : between}`, style: 'faint' },
  ]);
}

/** Returns the width of a line in terminal columns. */
export function widthOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, { text }) => sum + displayWidth(text), 0);
}

/** Returns the help: one line for each binding, keys first. */
export function helpOf(keymap: Keymap): Segment[][] {
  const width = Math.max(...keymap.map(({ label }) => displayWidth(label)));
  return keymap.map(({ label, help }) => [
    { text: label + ' '.repeat(width - displayWidth(label)), style: 'hotkey' },
    { text: `   ${help}`, style: 'plain' },
  ]);
}

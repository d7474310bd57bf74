// The last line of the screen. Pure. Entry points: footerWith(), footerOfText().

import { displayWidth } from '../output/display-width.ts';
import { footerOf, widthOf, type Keymap } from './keymap.ts';
import { gap, type Line } from './layout.ts';
import { textKeys, type TextView } from './text-view.ts';

/** Returns facts, the keys that fit, and the position at the right edge. */
export function footerWith(facts: Line, keymap: Keymap, position: string, columns: number): Line {
  const room = columns - widthOf(facts) - (position === '' ? 0 : displayWidth(position) + gap.length);
  const keys = footerOf(keymap, room);
  const left = columns - widthOf([...facts, ...keys]) - displayWidth(position);
  return [
    ...facts,
    ...keys,
    ...(left < 1 || position === '' ? [] : [{ text: ' '.repeat(left) + position, style: 'faint' } as const]),
  ];
}

/** Returns the footer of a text: its search box, or its title, keys and position. */
export function footerOfText(text: TextView, columns: number): Line {
  if (text.search.isOpen) return text.search.line('Enter searches, Esc cancels');
  return footerWith([{ text: `${text.title}   `, style: 'header' }], textKeys, text.position, columns);
}

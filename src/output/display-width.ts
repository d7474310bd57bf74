// Computes how many terminal columns a text occupies. Entry point: displayWidth.

import { printableAscii } from './escape.ts';

const emojiSelector = '\ufe0f';

/**
 * Blocks whose characters occupy two columns (East Asian Width W and F): first and last code point.
 * Emoji are recognized by their property.
 * @see https://www.unicode.org/reports/tr11/
 */
const wideBlocks: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0x3247],
  [0x3250, 0x4dbf],
  [0x4e00, 0xa4c6],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6b],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18cff],
  [0x1aff0, 0x1b2fb],
  [0x1f200, 0x1f265],
  [0x20000, 0x3fffd],
];

/**
 * Text of characters that occupy one column each: printable ASCII and Latin letters, and the signs
 * that kapi draws. Segmenting a text takes a hundred times as long.
 */
const narrow = /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff…‹›←-↓─│▸▾]*$/;

let graphemes: Intl.Segmenter | undefined;

/** Returns the width of a text without line breaks and control characters. */
export function displayWidth(text: string): number {
  if (printableAscii.test(text) || narrow.test(text)) return text.length;
  graphemes ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += graphemeWidth(segment);
  return width;
}

function graphemeWidth(grapheme: string): number {
  // Created here and not at start: looking up a Unicode property takes a millisecond, and most
  // tables are ASCII.
  if (/^[\p{Emoji_Presentation}\p{Regional_Indicator}]/u.test(grapheme) || grapheme.includes(emojiSelector))
    return 2;
  for (const character of grapheme) {
    if (/^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]$/u.test(character)) continue;
    const point = character.codePointAt(0) ?? 0;
    return wideBlocks.some(([first, last]) => point >= first && point <= last) ? 2 : 1;
  }
  return 0;
}

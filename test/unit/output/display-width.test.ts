import { expect, it } from 'vitest';
import { displayWidth } from '../../../src/output/display-width.ts';

const cases: readonly (readonly [string, number])[] = [
  ['', 0],
  ['ascii', 5],
  ['Grüße', 5],
  ['e\u0301', 1],
  ['日本', 4],
  ['한국어', 6],
  ['ｆｕｌｌ', 8],
  ['ﾊﾝｶｸ', 4],
  ['😀', 2],
  ['👩‍👩‍👧‍👦', 2],
  ['👋🏽', 2],
  ['🇩🇪', 2],
  ['❤️', 2],
  ['❤', 1],
  ['a\u200bb', 2],
  ['Привет', 6],
  ['│', 1],
];
it.each(cases)('%s takes %d columns', (text, width) => {
  expect(displayWidth(text)).toBe(width);
});

it('is the same for a narrow character alone and next to a wide one', () => {
  const latin = Array.from({ length: 0x300 - 0x20 }, (_, at) => String.fromCharCode(0x20 + at));
  for (const character of [...latin.filter((one) => /[^\p{Cc}]/u.test(one)), ...Array.from('…‹›←↑→↓─│▸▾')])
    expect([character, displayWidth(`${character}한`) - 2]).toEqual([character, displayWidth(character)]);
});

import { describe, expect, it } from 'vitest';
import {
  escapeControl,
  escapeForTerminal,
  escapeJsonControl,
  escapeLine,
  escapeMessage,
} from '../../../src/output/escape.ts';

describe('escapeControl', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['plain text', 'plain text'],
    ['two\nlines\tand a tab', 'two\nlines\tand a tab'],
    ['\u001b[31mred\u001b[0m', '^[[31mred^[[0m'],
    ['\u001b]0;title\u0007', '^[]0;title^G'],
    ['safe\rhidden', String.raw`safe\rhidden`],
    ['\u0000\u0008\u000b\u001f', '^@^H^K^_'],
    ['\u007f', '^?'],
    ['\u0080\u009b31m', String.raw`\u0080\u009b31m`],
    ['abc\u202edef\u202c', String.raw`abc\u202edef\u202c`],
    ['\u2066x\u2069\u200e\u200f\u061c', String.raw`\u2066x\u2069\u200e\u200f\u061c`],
    ['a\u200bb\ufeffc\u00add\u2060', String.raw`a\u200bb\ufeffc\u00add\u2060`],
    ['a\u2028b\u2029c', String.raw`a\u2028b\u2029c`],
    ['\u{e0041}', String.raw`\udb40\udc41`],
    ['Grüße 日本 👩‍👩‍👧 é', 'Grüße 日本 👩‍👩‍👧 é'],
  ];
  it.each(cases)('%j', (text, expected) => {
    expect(escapeControl(text)).toBe(expected);
  });
});

it('escapeLine keeps a text on one line', () => {
  expect(escapeLine('a\nb\tc\u2028d\u001b')).toBe(String.raw`a\nb\tc\u2028d^[`);
});

it.each([
  ['no\nhint: run this', 'no\n| hint: run this'],
  ['no\n  Hint : run this\nmore', 'no\n|   Hint : run this\nmore'],
  ['no\nerror: x\nWarning: y\nnote: z', 'no\n| error: x\n| Warning: y\n| note: z'],
  ['no\r\nhint: x', 'no\\r\n| hint: x'],
  ['error: one\nhints are: two', 'error: one\nhints are: two'],
])('escapeMessage: no later line of %j looks like one of kapi', (text, expected) => {
  expect(escapeMessage(text)).toBe(expected);
});

it('escapeJsonControl gives the same JSON without raw controls', () => {
  const json = JSON.stringify({ k: '\u007f\u009b\u202e\u0001\n' });
  const escaped = escapeJsonControl(json);
  expect(escaped).toBe(String.raw`{"k":"\u007f\u009b\u202e\u0001\n"}`);
  expect(JSON.parse(escaped)).toEqual(JSON.parse(json));
});

describe('escapeForTerminal', () => {
  it.each([
    ['plain', 'plain', 'plain'],
    ['\u001b[31mred\u001b[39m', '^[[31mred^[[39m', '\u001b[31mred\u001b[39m'],
    [
      '\u001b[1m\u001b[38;5;4mx\u001b[0m\r',
      '^[[1m^[[38;5;4mx^[[0m\\r',
      '\u001b[1m\u001b[38;5;4mx\u001b[0m\\r',
    ],
    ['\u001b[31m\u001b]0;title\u0007', '^[[31m^[]0;title^G', '\u001b[31m^[]0;title^G'],
    ['\u001b[2J\u001b[H', '^[[2J^[[H', '^[[2J^[[H'],
    ['a\u202eb\nc\td', 'a\\u202eb\nc\td', 'a\\u202eb\nc\td'],
  ])('%j: plain text keeps no control characters, painted text keeps its colours', (text, plain, painted) => {
    expect(escapeForTerminal(text, false)).toBe(plain);
    expect(escapeForTerminal(text, true)).toBe(painted);
  });
});

/** Computed once, because it checks every character. */
const controls = Array.from({ length: 0x110000 }, (_, point) => String.fromCodePoint(point)).filter((text) =>
  /\p{Bidi_Control}/u.test(text),
);

it.each([
  ['escapeControl', escapeControl],
  ['escapeLine', escapeLine],
  ['escapeJsonControl', escapeJsonControl],
])('%s shows every character that this version of Unicode has as reordering text', (_name, escape) => {
  expect(controls.length).toBeGreaterThanOrEqual(12);
  expect(controls.filter((character) => escape(character) === character)).toEqual([]);
});

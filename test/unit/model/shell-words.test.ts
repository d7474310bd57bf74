// Quoting, checked with the real shells.
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { expandingWord, isPrintable, printfCommand, shellWord } from '../../../src/model/shell-words.ts';

const nasty = [
  'plain',
  '',
  'two words',
  "it's",
  "''",
  'a"b',
  '$HOME `id` $(id)',
  'back\\slash \\n \\\\',
  'ends in a backslash\\',
  'line one\nline two\n',
  'tab\there',
  'wow! !! !$',
  '*?[a-z]{b,c}',
  '~root',
  '=ls',
  '-n',
  '-d',
  'a;b&c|d>e<f(g)#h',
  'über 日本語 😀',
  'esc\u001b[31m bell\u0007',
  'cr\r\nlf',
  'c1 \u009b bidi \u202e end',
  '100% %s %d \\x41',
  '-leading \u0001 control',
  "quote ' and \u0001 control",
];

describe('shellWord', () => {
  it.each(['sh', 'bash'])('means the text itself to %s', (shell) => {
    const script = nasty.map((text) => `printf '%s\\0' ${shellWord(text)}`).join('\n');
    expect(execFileSync(shell, ['-c', script]).toString().split('\0').slice(0, -1)).toEqual(nasty);
  });

  it.each([
    ['/api/v1/pods', '/api/v1/pods'],
    ['https://10.0.0.1:6443/version', 'https://10.0.0.1:6443/version'],
    ['/pods?watch=1', "'/pods?watch=1'"],
    ['Accept: text/plain', "'Accept: text/plain'"],
    ["it's", "'it'\\''s'"],
    ['', "''"],
    ['=cmd', "'=cmd'"],
    ['\u001b[2J', `"$(printf '\\033[2J')"`],
  ])('writes %j as %s', (text, word) => {
    expect(shellWord(text)).toBe(word);
  });
});

describe('printfCommand', () => {
  it.each(['sh', 'bash'])('writes texts and bytes exactly, through %s', (shell) => {
    const script = nasty.map((text) => `${printfCommand(text)}; printf '\\0'`).join('\n');
    expect(execFileSync(shell, ['-c', script]).toString().split('\0').slice(0, -1)).toEqual(nasty);
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(Uint8Array.from(execFileSync(shell, ['-c', printfCommand(bytes)]))).toEqual(bytes);
  });

  it('contains no byte that acts on a terminal', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(printfCommand(bytes)).toMatch(/^[\x20-\x7e\n]*$/);
    expect(printfCommand('\u001b]0;x\u0007\u009b\u202e')).toMatch(/^[\x20-\x7e]*$/);
  });
});

describe('expandingWord', () => {
  it.each(['sh', 'bash'])('expands the marked parts and nothing else, in %s', (shell) => {
    const word = expandingWord('a "b" $HOME ', { shell: "$(printf %s 'x y')" }, ' `id`!');
    expect(execFileSync(shell, ['-c', `printf %s ${word}`]).toString()).toBe('a "b" $HOME x y `id`!');
  });

  it('is what a person would type, if that is possible', () => {
    expect(expandingWord('Authorization: Bearer ', { shell: '$(cat token)' })).toBe(
      '"Authorization: Bearer $(cat token)"',
    );
    expect(expandingWord('wow!:', { shell: '$PASSWORD' })).toBe(`'wow!:'"$PASSWORD"`);
  });
});

describe('isPrintable', () => {
  it('is false for control characters and for all that reorder text, and for nothing else', () => {
    const characters = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code));
    const unprintable = characters.filter((character) => !isPrintable(character));
    expect(unprintable).toEqual(
      characters.filter(
        (character) => !'\t\n'.includes(character) && /[\p{Cc}\p{Bidi_Control}]/u.test(character),
      ),
    );
  });
});

// Expected lines are those of github.com/mitchellh/go-wordwrap.
import { describe, expect, it } from 'vitest';
import { wordWrap } from '../../../../src/commands/explain/word-wrap.ts';

describe('wordWrap', () => {
  it.each([
    ['foo bar baz', 5, 'foo\nbar\nbaz'],
    ['foo  bar', 5, 'foo\nbar'],
    ['foo bar', 7, 'foo bar'],
    ['a longwordthatdoesnotfit b', 8, 'a\nlongwordthatdoesnotfit\nb'],
    ['foo\nbar  \nbaz', 20, 'foo\nbar  \nbaz'],
    ['foo    ', 5, 'foo'],
    ['  foo', 10, '  foo'],
    ['one\u00a0two three', 8, 'one\u00a0two\nthree'],
    ['é é é é', 3, 'é é\né é'],
    ['', 5, ''],
  ])('%j at %i', (text, limit, wrapped) => {
    expect(wordWrap(text, limit)).toBe(wrapped);
  });
});

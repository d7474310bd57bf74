import { describe, expect, it } from 'vitest';

import { decodeText } from '../../../src/model/decode-text.ts';
import { parseDocument } from '../../../src/config/document.ts';

describe('parseDocument', () => {
  it.each([
    ['JSON', '{"a": [1, "b"]}', { a: [1, 'b'] }],
    ['JSON with duplicate keys: the last wins', '{"a": 1, "a": 2}', { a: 2 }],
    ['flow YAML', '{a: b, c: yes}', { a: 'b', c: true }],
    ['plain YAML', 'a: b\n', { a: 'b' }],
    ['duplicate keys: the last wins', 'a: b\na: c\n', { a: 'c' }],
    [
      'anchors and merge keys',
      'a: &x {b: c}\nd:\n  <<: *x\n  e: f\n',
      { a: { b: 'c' }, d: { b: 'c', e: 'f' } },
    ],
    ['explicit tags', 'a: !!str 12\nb: !!int "12"\n', { a: '12', b: 12 }],
    ['a literal', 'a: |\n  b\n  c\n', { a: 'b\nc\n' }],
    [
      'quoted scalars, which are always text',
      'a: "yes"\nb: \'12\'\nc: yes\n',
      { a: 'yes', b: '12', c: true },
    ],
    ['the first document only', 'a: b\n---\n: [bad\n', { a: 'b' }],
    ['nothing', '', null],
    ['comments', '# nothing\n', null],
    ['carriage returns', 'a: b\r\nc: d\r\n', { a: 'b', c: 'd' }],
  ])('reads %s', async (_, text, value) => {
    expect(await parseDocument(text)).toEqual({ value });
  });

  it.each([
    ['a tab', 'a:\n\tb: SECRET\n', 'line 2, column 1: a tab used for indentation'],
    ['an open bracket', 'a: [SECRET\n', 'line 2, column 1: a list in brackets lacks a comma or its ]'],
    ['an unknown alias', 'a: *SECRET\n', 'line 1, column 4: an alias without an anchor before it'],
    ['bad JSON', '{"a": "SECRET" "b"}', 'line 1, column 16: a mapping in braces lacks a comma or its }'],
    [
      'a bad escape',
      'a: "\\q SECRET"\n',
      'line 1, column 4: an escape that does not exist in a double-quoted string',
    ],
  ])('reports where %s is and quotes no content', async (_, text, problem) => {
    expect(await parseDocument(text)).toEqual({ problem });
  });

  const text = 'a: one # Z\u00fcrich\n';
  it.each([
    ['UTF-16 without a mark', Buffer.from(text, 'utf16le'), /UTF-16/],
    ['gzip', Buffer.from('1f8b0800', 'hex'), /gzip/],
    ['HTML', Buffer.from('<!DOCTYPE html>'), /HTML/],
    ['Latin-1', Buffer.from(text, 'latin1'), /^it is not UTF-8 text$/],
    [
      'Latin-1 with a mark',
      Buffer.concat([Buffer.from('efbbbf', 'hex'), Buffer.from(text, 'latin1')]),
      /UTF-8/,
    ],
  ])('says what a text is that is not YAML: %s', async (_, bytes, problem) => {
    expect(await parseDocument(decodeText(bytes))).toEqual({
      problem: expect.stringMatching(problem) as string,
    });
  });

  it('reads U+FFFD, which another program can have written', async () => {
    const bytes = Buffer.from('a: "\ufffd" # Z\ufffdrich\n');
    expect(await parseDocument(decodeText(bytes))).toEqual({ value: { a: '\ufffd' } });
  });

  it('limits aliases that multiply', async () => {
    const levels = Array.from(
      { length: 12 },
      (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at},`.repeat(9)}*a${at}]\n`,
    );
    const parsed = await parseDocument(`a0: &a0 [lol]\n${levels.join('')}`);
    expect(parsed).toEqual({ problem: 'aliases multiply what there is beyond all bounds' });
  });

  it.each([
    ['brackets', '['.repeat(100_000)],
    ['braces', '{a: '.repeat(100_000)],
    ['JSON', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['dashes', `${'- '.repeat(100_000)}a`],
    ['question marks', `${'? '.repeat(100_000)}a`],
    ['indentation', Array.from({ length: 1000 }, (_, at) => `${' '.repeat(at)}a:\n`).join('')],
  ])('refuses endless nesting: %s', async (_, text) => {
    expect(await parseDocument(text)).toEqual({ problem: 'nested too deeply' });
  });
});

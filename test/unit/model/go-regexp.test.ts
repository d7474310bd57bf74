// Go's dialect of regular expressions.
import { expect, test } from 'vitest';
import { canMatchText, compileGoRegExp, GoRegExpError } from '../../../src/model/go-regexp.ts';

test.each([
  ['(?i)abc', 'xABCx', true],
  ['\\Aabc\\z', 'abc', true],
  ['\\Aabc\\z', 'abcd', false],
  ['(?P<name>a)b', 'ab', true],
  ['^[[:alpha:]]+$', 'abc', true],
  ['^[[:alpha:]]+$', 'ab1', false],
  ['\\Qa.b\\E', 'a.b', true],
  ['\\Qa.b\\E', 'axb', false],
  ['^\\pL$', 'é', true],
  ['^.$', '\u{1f600}', true],
  ['b', 'abc', true],
  ['', '', true],
])('%s on %j: %s', (pattern, text, expected) => {
  expect(compileGoRegExp(pattern).test(text)).toBe(expected);
});

test.each(['(?=a)', '(?!a)', '(?<=a)', '\\1', '(', '[a', 'a**', 'a{1001}', '\\Z', '\\u0041', '[b-a]', '*'])(
  'refuses %s as Go does',
  (pattern) => {
    expect(() => compileGoRegExp(pattern)).toThrow(GoRegExpError);
    expect(() => compileGoRegExp(pattern)).toThrow('error parsing regexp: ');
  },
);

test.each(['^(a+)+$', '^(a|a)*$', '^(a*)*b', '(.*a){20}$', '(x+x+)+y'])(
  '%s takes linear time over a text for which backtracking never ends',
  (pattern) => {
    const text = `${'a'.repeat(4_000)}${'x'.repeat(4_000)}!`;
    expect(compileGoRegExp(pattern).test(text)).toBe(false);
  },
);

const paths = { first: 0x2f, rest: [[0x21, 0x3e] as const, [0x40, 0x7e] as const] };

test.each([
  ['^/api', true],
  ['secrets$', true],
  ['', true],
  ['/$', true],
  ['^/\\z', true],
  ['^api', false],
  ['^$', false],
  ['$^', false],
  ['^.api', true],
  ['^[^/]', false],
  ['a^b', false],
  ['a$b', false],
  ['(a$)?/b', true],
  ['\\?watch=', false],
  ['^(?:api|/apis)', true],
  ['(?i)^API', false],
  ['[^\\x00-\\x{10ffff}]', false],
  ['\\bapi\\b', true],
])('whether a path can match %s: %s', (pattern, expected) => {
  expect(canMatchText(compileGoRegExp(pattern), paths)).toBe(expected);
});

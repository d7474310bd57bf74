import { describe, expect, test } from 'vitest';
import { parseWarnings, warnOnce } from '../../../src/transport/warnings.ts';

describe('parseWarnings', () => {
  test.each([
    ['299 - "a"', [[299, '-', 'a']]],
    ['299 kube-apiserver "a, \\"b\\" \\\\ c"', [[299, 'kube-apiserver', 'a, "b" \\ c']]],
    [
      '299 - "a" "Sun, 22 Nov 2026 10:00:00 GMT", 199 x "b"',
      [
        [299, '-', 'a'],
        [199, 'x', 'b'],
      ],
    ],
    ['299 - ""', [[299, '-', '']]],
    ['299 - "a", nonsense, 299 - "b"', [[299, '-', 'a']]],
    ['299 - "unfinished', []],
    ['', []],
  ])('%j', (value, expected) => {
    expect(parseWarnings(value).map(({ code, agent, text }) => [code, agent, text])).toEqual(expected);
  });

  test('a value designed to be slow is not slow', () => {
    const begun = performance.now();
    expect(parseWarnings(`299 - "${'\\"'.repeat(50_000)}`)).toEqual([]);
    expect(performance.now() - begun).toBeLessThan(500);
  });
});

test('warnOnce lets each text through once, a hundred in all', () => {
  const shown: string[] = [];
  const warn = warnOnce((text) => shown.push(text));
  warn(['299 - "a"', '299 - "a"', '199 - "cache"', '299 - ""']);
  warn(['299 - "a", 299 - "b\tc"']);
  expect(shown).toEqual(['a', 'b\tc']);
  warn(Array.from({ length: 1_000 }, (_, index) => `299 - "w${index}"`));
  expect(shown.length).toBe(100);
});

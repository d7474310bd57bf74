// How go-yaml v2 (in kubectl 1.36) reads a text: values and errors recorded with sigs.k8s.io/yaml
// v1.6.0.

import { describe, expect, it } from 'vitest';

import { readYaml } from '../../../src/config/go-yaml.ts';
import { readPlainYaml } from '../../../src/config/plain-yaml.ts';

const clusters = (count: number, each: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => each(at)).join('');

describe('readYaml reads as go-yaml does', () => {
  it.each<[name: string, text: string, value: unknown]>([
    ['nothing', '', null],
    ['a comment', '# nothing\n', null],
    ['only ---', '---\n', null],
    ['a comment right behind a quote', 'a: "x"#c\n', { a: 'x' }],
    ['CR as the line end', 'a: b\rc: d\r', { a: 'b', c: 'd' }],
    ['CR CR LF', 'a: b\r\r\nc: d\r\r\n', { a: 'b', c: 'd' }],
    ['NEL as the line end', 'a: b\u0085c: d\n', { a: 'b', c: 'd' }],
    ['a line separator', 'a: |\n  b\u2028  c\n', { a: 'b\u2028c\n' }],
    ['two JSON documents', '{"a": 1}\n{"b": 2}\n', { a: 1 }],
    ['what is no YAML behind the first document', 'a: b\n---\n}: [', { a: 'b' }],
    ['what is behind ...', 'a: b\n...\n]\n', { a: 'b' }],
    ['tabs after a colon', 'a:\tb\n', { a: 'b' }],
    ['a JSON document with tabs', '{\n\t"a": "b"\n}\n', { a: 'b' }],
    ['braces that are less deep than their key', 'a:\n  b: {\nc: d\n}\n', { a: { b: { c: 'd' } } }],
    ['pairs without a blank behind the colon', '{"a":b,c:d}', { a: 'b', 'c:d': null }],
    ['keys without values in braces', '{a, b: , ? c}', { a: null, b: null, c: null }],
    ['a pair in brackets', '[a: b, c]', [{ a: 'b' }, 'c']],
    ['a list as deep as its key', 'a:\n- b\n-\n- c\nd: e\n', { a: ['b', null, 'c'], d: 'e' }],
    ['a key with a question mark', '? a\n: b\n? c\n', { a: 'b', c: null }],
    ['folded text', 'a: b\n  c\n\n  d\n', { a: 'b c\nd' }],
    ['a folded block', 'a: >-\n  b\n  c\n\n  d\n   e\n', { a: 'b c\nd\n e' }],
    ['a kept block', 'a: |+\n  b\n\nc: d\n', { a: 'b\n\n', c: 'd' }],
    ['a block of a given depth', 'a: |1\n  b\n', { a: ' b\n' }],
    ['escaped line ends', 'a: "b\\\n   c\n\n  d"\n', { a: 'bc\nd' }],
    ['escapes', 'a: "\\x41\\u00e9\\U0001F600\\N\\e"\n', { a: 'Aé😀\u0085\u001b' }],
    ['pairs of surrogates, as JSON writes them', '{"a": "\\ud83d\\ude00"}', { a: '😀' }],
    ['doubled keys: the last wins', 'a: b\na: c\n', { a: 'c' }],
    ['keys that are no text', '1: a\nyes: b\n1.5: c\n', { '1': 'a', true: 'b', '1.5': 'c' }],
    [
      'merge keys',
      'a: &x {b: c, d: e}\nf:\n  <<: *x\n  b: g\n',
      { a: { b: 'c', d: 'e' }, f: { b: 'g', d: 'e' } },
    ],
    [
      'a merge behind the key it sets: the merge wins',
      'a: &x {b: c}\nf:\n  b: g\n  <<: *x\n',
      { a: { b: 'c' }, f: { b: 'c' } },
    ],
    ['a list of merges: the first wins', 'f:\n  <<: [{b: c}, {b: d, e: f}]\n', { f: { b: 'c', e: 'f' } }],
    ['a quoted <<, which is a key', 'f:\n  "<<": {b: c}\n', { f: { '<<': { b: 'c' } } }],
    ['an anchor used twice means the last one', 'a: &x b\nc: &x d\ne: *x\n', { a: 'b', c: 'd', e: 'd' }],
    ['an alias as a key', 'a: &x b\n*x : c\n', { a: 'b', b: 'c' }],
    [
      'tags',
      'a: !!str 12\nb: !!int "12"\nc: !!float 1\nd: !foo 12\ne: ! 12\n',
      { a: '12', b: 12, c: 1, d: '12', e: '12' },
    ],
    ['binary', 'a: !!binary aGk=\n', { a: 'hi' }],
    ['a tag of its own handle', '%TAG !y! tag:yaml.org,2002:\n---\na: !y!str 1\n', { a: '1' }],
    ['%YAML 1.1', '%YAML 1.1\n---\na: b\n', { a: 'b' }],
    ['integers of 64 bits', 'a: 12345678901234567890\n', { a: 12345678901234567890n }],
    [
      'dates, which stay text',
      'a: 2001-01-01\nb: 2001-12-14t21:59:43.10-05:00\n',
      { a: '2001-01-01', b: '2001-12-14t21:59:43.10-05:00' },
    ],
    ['what begins with an indicator and more text', 'a: -b\nc: ?d\ne: :f\n', { a: '-b', c: '?d', e: ':f' }],
    ['a number too large, replaced later', 'a: .inf\na: b\n', { a: 'b' }],
    ['__proto__ as a key', '__proto__: {a: b}\n', Object.fromEntries([['__proto__', { a: 'b' }]])],
  ])('%s', (_, text, value) => {
    expect(readYaml(text)).toEqual({ value });
  });

  it.each<[name: string, text: string, problem: string]>([
    [
      '.inf',
      'a:\n- .inf\n',
      'line 2, column 1: .inf and .nan are not allowed here; quote them to use them as text',
    ],
    ['a control character', 'a: b\nc: d\x07\n', 'line 2, column 5: a control character'],
    [
      'half of a character',
      '{"a": "\\ud800"}',
      'line 1, column 7: an escape that is not a character in a double-quoted string',
    ],
    ['%YAML 1.2', '%YAML 1.2\n---\na: b\n', 'line 1, column 1: a version of YAML other than 1.1'],
    ['a merge of text', '<<: a\n', 'line 1, column 1: << needs a mapping or a list of mappings'],
    [
      'a merge of a list of lists',
      '<<: [[a]]\n',
      'line 1, column 1: << needs a mapping or a list of mappings',
    ],
    ['an alias inside of its anchor', 'a: &x [*x]\n', 'line 1, column 1: an alias inside of its own anchor'],
    ['a key that is a list', '? [a]\n: b\n', 'line 1, column 1: a key that is a list or a mapping'],
    ['a null key', '~: b\n', 'line 1, column 1: a key that is neither text nor a number'],
    [
      'a key over several lines',
      'a\nb: c\n',
      'line 2, column 2: a mapping where a value was expected (a missing line break or quotes)',
    ],
    [
      'a second colon',
      'a: b: c\n',
      'line 1, column 5: a mapping where a value was expected (a missing line break or quotes)',
    ],
    ['a tab as indentation', 'a:\n\tb: c\n', 'line 2, column 1: a tab used for indentation'],
    ['an unknown tag', 'a: !x!y b\n', 'line 1, column 4: a tag that is not known'],
    [
      'a value that does not fit its tag',
      'a: !!int b\n',
      'line 1, column 1: a value that does not fit its tag',
    ],
    ['a backtick', 'a: `b`\n', 'line 1, column 4: a character that must be quoted at the start of a value'],
    ['a quote that is not closed', 'a: "b\n', 'line 1, column 4: a quote that is not closed'],
  ])('refuses %s and reports the position', (_, text, problem) => {
    expect(readYaml(text)).toEqual({ problem });
  });

  it('accepts any number of aliases of one anchor', () => {
    const text = `x: &ca QUJD\nclusters:\n${clusters(3_000, () => '- {ca: *ca}\n')}`;
    expect(readYaml(text)).toMatchObject({ value: { x: 'QUJD' } });
    const merged = `x: &cl {ca: QUJD}\nclusters:\n${clusters(3_000, (at) => `- {<<: *cl, server: h${at}}\n`)}`;
    expect(readYaml(merged)).toMatchObject({ value: { x: { ca: 'QUJD' } } });
  });

  it('limits the expansion of aliases by their share, as go-yaml does', () => {
    const big = `a: &a [${'b,'.repeat(999)}b]\n`;
    expect(readYaml(`${big}c: [${'*a,'.repeat(90)}*a]\n`)).toMatchObject({ value: {} });
    expect(readYaml(`${big}c: [${'*a,'.repeat(150)}*a]\n`)).toEqual({
      problem: 'aliases multiply what there is beyond all bounds',
    });
  });

  it('limits nesting through aliases', () => {
    const filler = `z: [${'b,'.repeat(8_000)}]\n`;
    const text = filler + clusters(600, (at) => `a${at}: &a${at} [${at === 0 ? '' : `*a${at - 1}`}]\n`);
    expect(readYaml(text)).toEqual({ problem: 'nested too deeply' });
  });
});

/** Small pseudo-random numbers from a seed, the same in every run. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}

const values = [
  ...[
    'b',
    '"q"',
    "'s'",
    '12',
    '5e1234567',
    '1_000',
    '~',
    'yes',
    '',
    'https://x:6443',
    "it's",
    'a#b',
    'a #c',
    '-x',
  ],
  ...[
    '{}',
    '[]',
    '.inf',
    '.5_0',
    '12345678901234567890',
    'b c',
    '"a" ',
    "''",
    '- x',
    '-',
    'a: b',
    '<<',
    'null',
    '2001-01-01',
  ],
];
const keys = ['a', 'b', 'name', 'y', '1', '"k"', 'k-k', 'a b', 'null', '<<', 'key #c'];

function randomBlock(roll: (sides: number) => number, indent: number, depth: number): string {
  const pick = <Item>(items: readonly Item[], fallback: Item): Item => items[roll(items.length)] ?? fallback;
  const pad = ' '.repeat(indent);
  const isList = roll(3) === 0;
  return clusters(1 + roll(3), () => {
    const head = isList ? `${pad}-` : `${pad}${pick(keys, 'a')}:`;
    const end = pick(['\n', '\n', '\n', ' \n', '\n\n', '\n# c\n', ' # c\n'], '\n');
    if (depth === 0 || roll(2) === 0) return `${head} ${pick(values, 'b')}${end}`;
    const below = randomBlock(roll, indent + pick([0, 1, 2, 2, 2, 4], 2), depth - 1);
    return isList ? `${head} ${below.trimStart()}` : `${head}${end}${below}`;
  });
}

it('the fast reader agrees with the slow one unless it declines', () => {
  const roll = dice(7);
  let answered = 0;
  for (let at = 0; at < 6_000; at++) {
    const text = randomBlock(roll, 0, roll(4));
    const fast = readPlainYaml(text);
    if (fast === undefined) continue;
    answered++;
    expect(readYaml(text), text).toEqual({ value: fast });
  }
  expect(answered).toBeGreaterThan(500);
});

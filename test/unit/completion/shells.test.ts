import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { printBash, readBash } from '../../../src/completion/bash.ts';
import { matching, type Candidate, type Offer } from '../../../src/completion/candidates.ts';
import {
  printCobra,
  printFish,
  printPowerShell,
  printZsh,
  readFish,
  readPowerShell,
} from '../../../src/completion/shells.ts';

/** The defaults of bash. */
const breaks = ' \t\n"\'@><=;|&(:';

function offer(values: readonly (string | Candidate)[], more: Partial<Offer> = {}): Offer {
  return { candidates: values.map((one) => (typeof one === 'string' ? { value: one } : one)), ...more };
}

describe('the words of bash', () => {
  it.each([
    ['kapi list po', ['kapi', 'list', 'po'], '', 0],
    ['kapi list ', ['kapi', 'list', ''], '', 0],
    ["kapi 'a b", ['kapi', 'a b'], "'", 0],
    [`kapi -o 'jsonpath={.a`, ['kapi', '-o', 'jsonpath={.a'], "'", 0],
    [`kapi -o jsonpath='{.a`, ['kapi', '-o', 'jsonpath={.a'], "'", 9],
    ['kapi --namespace=d', ['kapi', '--namespace=d'], '', 12],
    ['kapi get system:no', ['kapi', 'get', 'system:no'], '', 7],
    ['kapi get system\\:no', ['kapi', 'get', 'system:no'], '', 0],
    [`kapi "a'b\\"c\\d$(x)`, ['kapi', `a'b"c\\d$(x)`], '"', 0],
    [`kapi a\\ b'c'd`, ['kapi', 'a bcd'], '', 4],
    [`kapi ''`, ['kapi', ''], '', 0],
  ])('%s', (line, words, quote, kept) => {
    expect(readBash(line, breaks)).toEqual({ words, quote, kept });
  });
});

describe('what bash inserts', () => {
  const hostile = [
    'a$(touch x)',
    'b`touch x`',
    "c d'e",
    'f"g\\h',
    '~i',
    '#j',
    'k*?[l]{m,n}',
    'o;p|q&r<s>t!u',
    'jsonpath={.a[*].b}',
    'grüße',
  ];

  it.each(['', "'", '"'].flatMap((quote) => hostile.map((value) => [quote, value] as const)))(
    'after %s is the one word %s for bash itself',
    (quote, value) => {
      const place = readBash(`kapi ${quote}`, breaks);
      const [, text = ''] = printBash(offer([value]), place, { type: '9', columns: 80 }).split('\n');
      // Without history expansion, which scripts do not have: `!` is tested separately.
      const said = execFileSync('bash', ['--norc', '-c', `printf '<%s>' ${quote}${text}${quote}`], {
        env: {},
      });
      expect(said.toString()).toBe(`<${value}>`);
      if (quote !== "'") expect(text).not.toMatch(/(^|[^\\'])!/);
    },
  );

  it('begins at the word break of readline', () => {
    const print = (line: string, value: string): string =>
      printBash(offer([value]), readBash(line, breaks), { type: '9', columns: 80 });
    expect(print('kapi --namespace=d', '--namespace=dev')).toBe('\ndev\n');
    expect(print('kapi get system:no', 'system:node')).toBe('\nnode\n');
    expect(print("kapi -o jsonpath='{.a", 'jsonpath={.abc}')).toBe('\n{.abc}\n');
  });

  it('shows descriptions only in a list', () => {
    const both = offer([
      { value: 'pods', description: 'Pod v1' },
      { value: 'podtemplates', description: 'PodTemplate v1' },
    ]);
    const place = readBash('kapi list po', breaks);
    expect(printBash(both, place, { type: '9', columns: 60 })).toBe('\npods\npodtemplates\n');
    expect(printBash(both, place, { type: '37', columns: 60 })).toBe('\npods\npodtemplates\n');
    expect(printBash(both, place, { type: '63', columns: 60 })).toBe(
      '\npods          (Pod v1)         \npodtemplates  (PodTemplate v1) \n',
    );
  });

  it('leaves the quote open if the word continues', () => {
    const open = offer([{ value: 'jsonpath={.status', isPartial: true }]);
    const place = readBash("kapi -o 'jsonpath={.st", breaks);
    expect(printBash(open, place, { type: '9', columns: 60 })).toBe(
      'nospace\njsonpath={.status\njsonpath={.status \n',
    );
  });

  it('leaves files to bash', () => {
    const place = readBash('kapi --kubeconfig=/et', breaks);
    expect(printBash(offer([], { shell: 'files' }), place, { type: '9', columns: 60 })).toBe('default\n');
    expect(printBash(offer([], { shell: 'directories' }), place, { type: '9', columns: 60 })).toBe(
      'dirnames\n',
    );
  });
});

describe('the other shells', () => {
  const two = offer(
    [
      { value: 'b', description: 'second' },
      { value: 'a=', isPartial: true },
    ],
    { before: 3 },
  );

  it('get their forms', () => {
    expect(printZsh(two)).toBe('\n-a=\ta=\n+b\tb   -- second\n');
    expect(printFish(two)).toBe('\na=\t\nb\tsecond\n');
    expect(printPowerShell(two)).toBe('\na=\ta=\ta=\nb\tb\tsecond\n');
    expect(printCobra(two)).toBe('a=\nb\tsecond\n:4\n');
    expect(printCobra(offer([{ value: 'a=', isPartial: true }], { ordered: true }))).toBe('a=\n:38\n');
  });

  it('complete files themselves', () => {
    const files = offer([], { shell: 'files', before: 13 });
    expect([printZsh(files), printFish(files), printPowerShell(files)]).toEqual(Array(3).fill('files 13\n'));
    expect(printCobra(files)).toBe(':0\n');
    expect(printCobra({ ...files, shell: 'directories' })).toBe(':16\n');
  });

  it('tells fish in its only way that no space follows', () => {
    expect(printFish(offer([{ value: '{.status', isPartial: true }]))).toBe('\n{.status\t\n{.status.\t\n');
    expect(printFish(offer([{ value: 'jsonpath=', isPartial: true }]))).toBe('\njsonpath=\t\n');
  });

  it('quotes for PowerShell', () => {
    expect(printPowerShell(offer([`a$(x)'b`]))).toBe(`\n'a$(x)''b'\ta$(x)'b\ta$(x)'b\n`);
    expect(printPowerShell(offer(['pods,services']))).toContain(`'pods,services'`);
  });

  it.each([
    ['po', 'po'],
    [`'a b`, 'a b'],
    [`"a\\"b$`, 'a"b$'],
    [`a\\ b'c\\'d`, `a bc'd`],
    [`'a\\b`, 'a\\b'],
  ])('reads %s of fish', (token, word) => {
    expect(readFish(token)).toBe(word);
  });

  it.each([
    ['kapi get pods ', ['kapi', 'get', 'pods', '']],
    [`kapi 'a''b c' "d\`"e""f`, ['kapi', "a'b c", 'd"e"f']],
    ['kapi a` b', ['kapi', 'a b']],
  ])('reads %s of PowerShell', (line, words) => {
    expect(readPowerShell(line)).toEqual(words);
  });
});

describe('candidates', () => {
  it('that cannot be typed, or are not names, are not offered', () => {
    const values = [
      'a\u001b[31m',
      'a\nb',
      'a\u202eb',
      'a\u0085b',
      'a\ud800b',
      `a${'x'.repeat(500)}`,
      'b',
      'ab',
      'ab',
    ];
    expect(
      matching(
        values.map((value) => ({ value })),
        'a',
      ),
    ).toEqual([{ value: 'ab' }]);
  });

  it('have descriptions of one short line without control characters', () => {
    const [found] = matching([{ value: 'a', description: `x\ny\u001b[2J${'z'.repeat(200)}` }], '');
    expect(found?.description).toMatch(/^x y\^\[\[2Jz+…$/);
    expect(found?.description).toHaveLength(72);
  });
});

import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../src/api/exact-json.ts';
import { UsageError } from '../../../src/errors.ts';
import type { Json, KubeObject } from '../../../src/model/object.ts';
import { arrayAt, isJsonObject } from '../../../src/model/object.ts';
import { evaluateJsonPath, parseJsonPath } from '../../../src/output/jsonpath.ts';
import { listOf, streamJsonPath } from '../../../src/output/jsonpath-stream.ts';
import { documents, jsonPathCases } from './jsonpath-cases.ts';

const lenient = { allowMissingKeys: true } as const;

function nodes(...names: string[]): KubeObject[] {
  return names.map((name, index) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { zone: `z${index % 2}` } },
    list: Array.from({ length: index % 3 }, (_, at) => at),
  }));
}

/** Returns the text of every page and of the end. */
function run(
  template: string,
  pages: readonly (readonly KubeObject[])[],
  as: 'text' | 'json' = 'text',
): string[] {
  const stream = streamJsonPath(parseJsonPath(template), { ...lenient, as });
  return [...pages.map((page) => stream.page(page)), [...stream.end()].join('')];
}

describe('the text that each page prints', () => {
  const pages = [nodes('a', 'b'), [], nodes('c')];

  it.each<[string, string[]]>([
    ['{.items[*].metadata.name}', ['a b', '', ' c', '']],
    ['{range .items[*]}{.metadata.name}{"\\n"}{end}', ['a\nb\n', '', 'c\n', '']],
    ['{.kind}: {.items[*].metadata.name}!', ['List: a b', '', ' c', '!']],
    ['{.items[?(@.metadata.name!="b")].metadata.name}', ['a', '', ' c', '']],
    // The second node waits as text.
    ['{.items[*].metadata.name}/{.items[*].kind}', ['a b', '', ' c', '/Node Node Node']],
    // A union finds all of its first branch first.
    ["{.items[*]['metadata.name','kind']}", ['a b', '', ' c', ' Node Node Node']],
    ["{range .items[*]['metadata.name','kind']}{@},{end}", ['a,b,', '', 'c,', 'Node,Node,Node,']],
    ['{.items[0].metadata.name}', ['', '', '', 'a']],
    ['{.items[-1].metadata.name}', ['', '', '', 'c']],
    ['{.items[1:3].metadata.name}', ['', '', '', 'b c']],
    ['{.kind}', ['', '', '', 'List']],
    ['{..name}', ['a b', '', ' c', '']],
    ['{..labels.zone}', ['z0 z1', '', ' z0', '']],
    ['{range ..labels}{.zone},{end}', ['z0,z1,', '', 'z0,', '']],
    ['{.items.metadata.name}|', ['', '', '', '|']],
    ['{range .items[:2]}{.metadata.name}{end}', ['', '', '', 'ab']],
    ['', ['', '', '', '']],
  ])('%s', (template, texts) => {
    const stream = streamJsonPath(parseJsonPath(template), lenient);
    expect(stream.collects).toBeUndefined();
    expect(run(template, pages)).toEqual(texts);
  });

  it('opens and closes the arrays of jsonpath-as-json', () => {
    expect(run('{.items[*].metadata.name}', pages, 'json')).toEqual([
      '[\n    "a",\n    "b"',
      '',
      ',\n    "c"',
      '\n]\n',
    ]);
    expect(run('{.items[*].nope}', pages, 'json')).toEqual(['', '', '', '[]\n']);
  });

  it('explains why it keeps all objects', () => {
    const reasonFor = (template: string) => streamJsonPath(parseJsonPath(template), lenient).collects;
    expect(reasonFor('{.items}')).toBe('it takes .items as a whole');
    expect(reasonFor('{}')).toBe('it takes the list as a whole');
    expect(reasonFor('{..kind}')).toBe('it takes the list as a whole');
    expect(reasonFor('{.items[1:]}')).toBe('it has a slice of .items that is open to one side');
    expect(reasonFor("{.items[*]['a','b'].c}")).toBe(
      'it has a union or a text behind .items that puts the findings of all objects in another order',
    );
    expect(reasonFor('{range .items[*]}{.a}')).toBe('a range has no end of its own');
    expect(reasonFor('{end}')).toBe('range or end stand where a stream cannot follow them');
    const template = parseJsonPath('{.items[*].a}');
    expect(streamJsonPath(template, { allowMissingKeys: false }).collects).toBe('missing keys are errors');
  });

  it('fails as the whole list does', () => {
    const failure = (template: string, items: readonly KubeObject[]) => () => run(template, [items]);
    expect(failure('{.items[0].x}', [])).toThrow(
      'error executing jsonpath "{.items[0].x}": Error executing template: array index out of bounds: index 0, length 0',
    );
    expect(failure('{.items[5].x}', nodes('a', 'b'))).toThrow('index out of bounds: index 5, length 2');
    expect(failure('{range .items[*]}{[?(@.x)]}{end}', [])).toThrow(
      '<invalid reflect.Value> is not array or slice and cannot be filtered',
    );
    expect(failure('{.kind[0]}{.items[*].x}', [])).toThrow(UsageError);
  });
});

describe('streaming equals evaluating the whole', () => {
  const fields = [
    '.metadata.name',
    '.a',
    '.b',
    '.list',
    '.list[*]',
    '.list[0]',
    '.list[:1]',
    '.*',
    '..a',
    '',
  ];
  const heads = [
    '[*]',
    '.*',
    '[:]',
    '[?(@.a)]',
    '[?(@.a=="x")]',
    '[?(@.b!=1)]',
    '[0]',
    '[-1]',
    '[:2]',
    '[-2:]',
    '[1:]',
  ];
  const random = randomFrom(20260501);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const upTo = (most: number): number => Math.floor(random() * (most + 1));

  function path(): string {
    const tail = pick(["['a','b']", '[?(@>0)]', '', '', '', '']);
    if (random() < 0.15) return `..${pick(['a', 'b', 'list', 'name'])}${pick(fields)}${tail}`;
    return `.items${pick(heads)}${pick(fields)}${random() < 0.3 ? pick(fields) : ''}${tail}`;
  }
  function node(): string {
    const kind = random();
    if (kind < 0.4) return `{${path()}}`;
    if (kind < 0.5)
      return pick([' ', '\n', 'text', '{.kind}', '{.metadata}', '{"\\n"}', '{.items}', '{..a}']);
    const body = pick([
      '{.a}',
      '{.metadata.name}',
      '{@}',
      '{range .list[*]}<{@}>{end}',
      '{range .b}{.a}{end}',
    ]);
    return `{range ${path()}}${body}${pick([',', '{"\\n"}', ''])}{end}`;
  }
  function object(): KubeObject {
    const value = (): Json => pick<Json>(['x', 'y', '', 0, 1, 2.5, true, null, { a: 'deep' }, [], [1, 2]]);
    const entries: [string, Json][] = [];
    if (random() < 0.7) entries.push(['a', value()]);
    if (random() < 0.7) entries.push(['b', value()]);
    if (random() < 0.8) entries.push(['list', Array.from({ length: upTo(3) }, value)]);
    const known = { apiVersion: 'v1', kind: 'Thing', metadata: { name: `n${upTo(99)}` } };
    return { ...known, ...Object.fromEntries(entries) };
  }
  function outcome(evaluate: () => string): string | undefined {
    try {
      return evaluate();
    } catch (error) {
      // Which of several failures comes first depends on the order of evaluation.
      if (error instanceof UsageError && error.code === 'JsonPathFailed') return undefined;
      throw error;
    }
  }
  function streamed(template: string, items: readonly KubeObject[], as: 'text' | 'json'): string | undefined {
    const pages: KubeObject[][] = [];
    for (let at = 0; at < items.length || random() < 0.2;) {
      const size = upTo(4);
      pages.push(items.slice(at, at + size));
      at += size;
    }
    return outcome(() => run(template, pages, as).join(''));
  }

  it('for 4000 made-up templates, lists and divisions into pages', () => {
    const outcomes = { streamed: 0, printed: 0, failed: 0 };
    for (let turn = 0; turn < 4000; turn++) {
      const template = Array.from({ length: 1 + upTo(2) }, node).join('');
      const items = Array.from({ length: upTo(7) }, object);
      const as = random() < 0.8 ? 'text' : 'json';
      const compiled = parseJsonPath(template);
      const whole = outcome(() => evaluateJsonPath(compiled, listOf(items), { ...lenient, as }));
      expect([template, streamed(template, items, as)]).toEqual([template, whole]);
      if (streamJsonPath(compiled, { ...lenient, as }).collects === undefined) outcomes.streamed++;
      if (whole === undefined) outcomes.failed++;
      else if (whole !== '') outcomes.printed++;
    }
    expect(outcomes.streamed).toBeGreaterThan(1500);
    expect(outcomes.printed).toBeGreaterThan(1000);
    expect(outcomes.failed).toBeGreaterThan(200);
  });

  it('for every template recorded with kubectl', () => {
    const list = parseJson(documents.list);
    const items = arrayAt(isJsonObject(list) ? list : {}, 'items') as readonly KubeObject[];
    for (const { template, on, prints, strict, as = 'text' } of jsonPathCases) {
      if (on !== 'list' || prints === undefined || strict) continue;
      expect([template, streamed(template, items, as)]).toEqual([template, prints]);
    }
  });
});

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

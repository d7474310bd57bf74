import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../src/api/exact-json.ts';
import { UsageError } from '../../../src/errors.ts';
import {
  evaluateJsonPath,
  findJsonPath,
  parseJsonPath,
  parseRelaxedJsonPath,
} from '../../../src/output/jsonpath.ts';
import { documents, jsonPathCases } from './jsonpath-cases.ts';

const parsed = Object.fromEntries(Object.entries(documents).map(([name, text]) => [name, parseJson(text)]));

/** Returns the thrown error as code and message. */
function failureOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof UsageError) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('the results of kubectl', () => {
  it.each(jsonPathCases)('$on $template', ({ on, template, strict, as, prints, fails, rejected }) => {
    const root = parsed[on]!;
    if (rejected !== undefined) {
      expect(failureOf(() => parseJsonPath(template))).toBe(
        `BadJsonPath: error parsing jsonpath ${template}, ${rejected}`,
      );
      return;
    }
    const evaluate = () =>
      evaluateJsonPath(parseJsonPath(template), root, {
        allowMissingKeys: strict !== true,
        as: as ?? 'text',
      });
    if (fails !== undefined) expect(failureOf(evaluate)).toMatch(new RegExp(`: ${escapeRegExp(fails)}$`));
    else expect(evaluate()).toBe(prints);
  });

  it('has more than 200 templates, of every outcome', () => {
    const count = (key: 'prints' | 'fails' | 'rejected') => jsonPathCases.filter((it) => key in it).length;
    expect(count('prints')).toBeGreaterThan(200);
    expect(count('fails')).toBeGreaterThan(40);
    expect(count('rejected')).toBeGreaterThan(40);
  });
});

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

describe('evaluateJsonPath', () => {
  it('names the failed template, quoted as kubectl quotes it, and shows nothing of the document', () => {
    const template = parseJsonPath('{.data.nope}{"\\n"}é\u0007');
    expect(
      failureOf(() =>
        evaluateJsonPath(template, { data: { secret: 's3cret' } }, { allowMissingKeys: false }),
      ),
    ).toBe(
      'JsonPathFailed: error executing jsonpath "{.data.nope}{\\"\\\\n\\"}é\\a": Error executing template: nope is not found',
    );
  });

  it('finds nothing if kubectl panics: a list step on the result of an empty range', () => {
    const template = parseJsonPath('{range .nope[*]}{[0]}{end}{range .list[*]}{[0]}{end}|');
    expect(evaluateJsonPath(template, { list: [null, ['x']] }, { allowMissingKeys: true })).toBe('x|');
  });

  it('can be used again: kubectl forgets the text before a range', () => {
    const template = parseJsonPath('a {range .list[*]}{@}{end}');
    for (const list of [[1, 2], [3]]) {
      expect(evaluateJsonPath(template, { list }, { allowMissingKeys: true })).toBe(`a ${list.join('')}`);
    }
  });

  it('descends into a document of any depth', () => {
    let document: Record<string, unknown> = { leaf: 'x' };
    for (let depth = 0; depth < 50_000; depth++) document = { down: document };
    const template = parseJsonPath('{..leaf}');
    expect(evaluateJsonPath(template, document as never, { allowMissingKeys: true })).toBe('x');
  });

  it('hints at unsupported syntax', () => {
    const hintOf = (template: string) => {
      try {
        parseJsonPath(template);
      } catch (error) {
        return (error as UsageError).hint;
      }
      return undefined;
    };
    expect(hintOf('{.items[?(@.name=~"x")].a}')).toBe(
      'jsonpath has no regular expressions; print JSON and filter it with jq',
    );
    expect(hintOf('{.items[?(@.a==1 && @.b==2)].a}')).toBe(
      'a filter can contain only one comparison; print JSON and filter it with jq',
    );
    expect(hintOf('{.items')).toBeUndefined();
  });
});

describe('findJsonPath', () => {
  it('returns a list for every node and every iteration of a range', () => {
    const template = parseJsonPath('x{.list[*].n}{range .list[*]}{.n}{.nope}{end}');
    expect(findJsonPath(template, { list: [{ n: 1 }, { n: null }] })).toEqual([
      ['x'],
      [1, null],
      [1],
      [],
      [null],
      [],
    ]);
  });
});

describe('parseRelaxedJsonPath', () => {
  it.each([
    ['metadata.name', '{.metadata.name}'],
    ['.metadata.name', '{.metadata.name}'],
    ['{metadata.name}', '{.metadata.name}'],
    ['{.metadata.name}', '{.metadata.name}'],
    ['..name', '{..name}'],
    ['.items[0]', '{.items[0]}'],
    ['.', '{..}'],
    ['', ''],
  ])('reads %j as %j', (path, template) => {
    expect(parseRelaxedJsonPath(path).text).toBe(template);
  });

  it.each(['{', '{}', '{.a}{.b}', '{.a', 'a}', '{range .items[*]}{.x}{end}'])('rejects %j', (path) => {
    expect(failureOf(() => parseRelaxedJsonPath(path))).toBe(
      "BadJsonPath: unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
    );
  });
});

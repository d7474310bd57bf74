import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.ts';
import type { Json, JsonObject } from '../../../src/model/object.ts';
import type { TableRow } from '../../../src/model/table.ts';
import * as sortBy from '../../../src/output/sort-by.ts';

const { parseSortBy } = sortBy;

/** Returns the value at the steps. */
function resultOf<T>(steps: sortBy.Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

const sortObjects = <T extends JsonObject>(objects: readonly T[], by: sortBy.SortBy): readonly T[] =>
  resultOf(sortBy.sortObjects(objects, by)).items;
const sortRows = (rows: readonly TableRow[], by: sortBy.SortBy): readonly TableRow[] =>
  resultOf(sortBy.sortRows(rows, by)).items;

function thing(value: Json | undefined, name = ''): JsonObject {
  return { metadata: { name }, ...(value === undefined ? {} : { value }) };
}

function sortedValues(...values: (Json | undefined)[]): (Json | undefined)[] {
  const objects = values.map((value) => thing(value));
  return sortObjects(objects, parseSortBy('.value')).map((object) => object['value']);
}

function failureOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof UsageError) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('sortObjects', () => {
  // Without equal values, this is the order of get.SortObjects in kubectl 0.36.3.
  it.each<[string, Json[], Json[]]>([
    ['names', ['web-10', 'web-9', 'Web', 'api'], ['Web', 'api', 'web-10', 'web-9']],
    ['text beyond the basic plane', ['\u{1f600}', '\uffee', 'é', 'z'], ['z', 'é', '\uffee', '\u{1f600}']],
    [
      'times',
      ['2024-05-01T10:00:00Z', '2023-12-31T23:59:59Z'],
      ['2023-12-31T23:59:59Z', '2024-05-01T10:00:00Z'],
    ],
    ['numbers', [10, 9, -1, 2n ** 60n, 0], [-1, 0, 9, 10, 2n ** 60n]],
    ['fractions', [0.5, 10.25, 9.75], [0.5, 9.75, 10.25]],
    ['quantities', ['1Gi', '900Mi', '1500m', '2k'], ['1500m', '2k', '900Mi', '1Gi']],
    ['numerals', ['10', '9', '100'], ['9', '10', '100']],
    ['addresses', ['10.0.0.10', '10.0.0.9'], ['10.0.0.10', '10.0.0.9']],
  ])('orders %s', (_what, values, order) => {
    expect(sortedValues(...values)).toEqual(order);
  });

  it('orders values for which kubectl gives up', () => {
    expect(sortedValues('text', 3, true, '10Mi', null, 1.5, undefined, false, '9')).toEqual([
      undefined,
      null,
      false,
      true,
      1.5,
      3,
      '9',
      '10Mi',
      'text',
    ]);
  });

  it('keeps the order of equal objects and of those without the field, which come first', () => {
    const objects = [
      thing(1, 'a'),
      thing(undefined, 'b'),
      thing(1, 'c'),
      thing(undefined, 'd'),
      thing(0, 'e'),
    ];
    const names = sortObjects(objects, parseSortBy('value')).map(
      (it) => (it['metadata'] as JsonObject)['name'],
    );
    expect(names).toEqual(['b', 'd', 'e', 'a', 'c']);
    expect(sortedValues('1000m', '1', '1.0')).toEqual(['1000m', '1', '1.0']);
  });

  it('counts the first of several findings', () => {
    const objects = [{ list: [{ n: 2 }, { n: 0 }] }, { list: [{ n: 1 }] }, { list: [] }];
    expect(sortObjects(objects, parseSortBy('.list[*].n'))).toEqual([objects[2], objects[1], objects[0]]);
  });

  it('does not change the given array', () => {
    const objects = [thing(2), thing(1)];
    sortObjects(objects, parseSortBy('.value'));
    expect(objects[0]).toEqual(thing(2));
  });

  it('keeps the order if no object has the field, and warns once', () => {
    const by = parseSortBy('.status.foo');
    const sorted = resultOf(sortBy.sortObjects([thing(2), thing(1)], by));
    expect(sorted).toEqual({ items: [thing(2), thing(1)], withField: 0, unsortable: undefined });
    expect(sortBy.sortWarning(by, [sorted])).toBe(
      "Warning: --sort-by {.status.foo}: no object has this field, so the order is the server's",
    );
    const other = resultOf(sortBy.sortObjects([{ status: { foo: 1 } }], by));
    expect(sortBy.sortWarning(by, [sorted, other])).toBeUndefined();
    expect(sortBy.sortWarning(by, [resultOf(sortBy.sortObjects([], by))])).toBeUndefined();
    expect(sortedValues(null, null)).toEqual([null, null]);
  });

  it.each<[string, Json]>([
    ['an object', { a: 1 }],
    ['a list', [1]],
  ])('treats %s as missing, because it has no order, and warns', (what, value) => {
    const by = parseSortBy('.value');
    const sorted = resultOf(sortBy.sortObjects([thing(2), thing(value), thing(1)], by));
    expect(sorted.items).toEqual([thing(value), thing(1), thing(2)]);
    expect(sortBy.sortWarning(by, [sorted])).toBe(
      `Warning: --sort-by {.value}: ${what} has no order; name a field that is a string, a number or a boolean`,
    );
  });

  it.each(['.list[0]', '.list[-1]', '.list[5].x', '.list[?(@.a>1)].b', '.text[0]'])(
    'treats values as missing if the path fits only some objects: %s',
    (path) => {
      const objects: JsonObject[] = [{ list: [] }, {}, { list: [{ a: 'text' }], text: 'a' }];
      expect(sortObjects(objects, parseSortBy(path)).length).toBe(3);
    },
  );

  it('throws an error of the path whatever the objects contain', () => {
    expect(failureOf(() => sortObjects([{ list: [] }], parseSortBy('nope nope')))).toMatch(
      /^JsonPathFailed: .*unrecognized identifier/,
    );
  });
});

it('yields regularly if there are many, so that a signal can arrive', () => {
  const objects = Array.from({ length: 30_000 }, (_, index) => thing(30_000 - index));
  const steps = sortBy.sortObjects(objects, parseSortBy('.value'));
  let stops = 0;
  for (let step = steps.next(); step.done !== true; step = steps.next()) stops++;
  expect(stops).toBe(3);
  expect(sortObjects(objects, parseSortBy('.value'))).toEqual(objects.toReversed());
});

describe('sortRows', () => {
  it('sorts by the objects of the rows, not by the cells', () => {
    const rows = [
      { cells: ['a'], object: thing('z') },
      { cells: ['b'] },
      { cells: ['c'], object: thing('y') },
    ];
    expect(sortRows(rows, parseSortBy('.value')).map((row) => row.cells[0])).toEqual(['b', 'c', 'a']);
  });
});

describe('parseSortBy', () => {
  it('accepts one path in any of four forms', () => {
    for (const path of ['a.b', '.a.b', '{a.b}', '{.a.b}']) expect(parseSortBy(path).path.text).toBe('{.a.b}');
  });

  it('rejects anything else', () => {
    expect(failureOf(() => parseSortBy('{.a}{.b}'))).toMatch(
      /^BadJsonPath: unexpected path string, expected a 'name1/,
    );
    expect(failureOf(() => parseSortBy('.a['))).toBe(
      'BadJsonPath: error parsing jsonpath {.a[}, unterminated array',
    );
  });
});

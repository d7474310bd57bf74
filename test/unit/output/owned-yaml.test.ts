// Lines of YAML with their owners: every line of the text, and the right field for each.
import { describe, expect, it } from 'vitest';
import { rootPlace, type OwnedPlace, type PlaceSchema } from '../../../src/model/field-owners.ts';
import type { Json, JsonObject } from '../../../src/model/object.ts';
import { ownedYamlLines } from '../../../src/output/owned-yaml.ts';
import { yamlText } from '../../../src/output/yaml.ts';

/** Owns every field by its path. */
function pathPlace(path: string): OwnedPlace<string> {
  return {
    owners: [path],
    field: (name) => pathPlace(`${path}.${name}`),
    element: (_, index) => pathPlace(`${path}[${index}]`),
  };
}

const texts = [
  'plain',
  '',
  'a: b',
  ' - x',
  '- item',
  'two\nlines',
  'two\n  indented\n\nlines\n',
  '\n\nlate\n\n\n',
  'x'.repeat(200),
  `${'word '.repeat(40)}end`,
  '? q',
  '# no comment',
  'tab\there',
  'it\'s "quoted"',
  '\u2028line separator',
];

function pick<Item>(items: readonly Item[], random: () => number): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('there is nothing to pick from');
  return item;
}

function generate(random: () => number, depth: number): Json {
  const kind = depth > 4 ? 0 : random();
  if (kind < 0.4) return pick<Json>([...texts, 1, true, null, 2.5, 10n ** 18n], random);
  const count = Math.floor(random() * 4);
  if (kind < 0.65) return Array.from({ length: count }, () => generate(random, depth + 1));
  const keys = ['a', 'b2', 'b10', 'x-y', 'long'.repeat(40), 'with\nbreak', '? k', 'é'];
  return Object.fromEntries(
    Array.from({ length: count }, () => [pick(keys, random), generate(random, depth + 1)]),
  );
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

it('keeps every line of 400 generated documents and finds the path of each scalar', () => {
  for (let seed = 1; seed <= 400; seed++) {
    const object = { root: generate(seeded(seed), 0), tail: 'last' };
    const lines = ownedYamlLines(object, pathPlace(''), false);
    expect(`${lines.map(({ text }) => text).join('\n')}\n`).toBe(yamlText(object));
    expect(lines.at(-1)).toEqual({ text: 'tail: last', owners: ['.tail'] });
    const paths = new Set(lines.flatMap(({ owners }) => owners));
    for (const path of leavesOf(object, '')) expect(paths, `seed ${seed}`).toContain(path);
  }
});

/**
 * Paths of fields with their own line: everything but the first key of an element, which shares the
 * line of the element.
 */
function leavesOf(value: Json | undefined, path: string): string[] {
  if (Array.isArray(value))
    return (value as Json[]).flatMap((item, index) => leavesOf(item, `${path}[${index}]`));
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value as JsonObject);
    return entries.length === 0 ? [path] : entries.flatMap(([key, item]) => leavesOf(item, `${path}.${key}`));
  }
  return Array.isArray(value) && value.length === 0 ? [] : [path];
}

function ownersIn(
  object: JsonObject,
  sets: readonly (readonly [string, JsonObject])[],
  schema?: JsonObject,
): string[] {
  const place: PlaceSchema | undefined = schema && { schema, document: { schemas: {}, kinds: {} } };
  const root = rootPlace(
    sets.map(([manager, fields]) => ({ manager, fields })),
    place,
  );
  return ownedYamlLines(object, root, false).map(({ text, owners }) => `${owners.join('+')}|${text}`);
}

describe('owners of lines', () => {
  it('finds elements of keyed lists by their keys, wherever they are', () => {
    const object = {
      ports: [
        { name: 'a', port: 80 },
        { name: 'b', port: 443 },
      ],
    };
    const sets = [
      ['one', { 'f:ports': { '.': {}, 'k:{"name":"b"}': { '.': {}, 'f:name': {}, 'f:port': {} } } }],
      ['two', { 'f:ports': { 'k:{"name":"a"}': { '.': {}, 'f:port': {} } } }],
    ] as const;
    expect(ownersIn(object, sets)).toEqual([
      'one|ports:',
      '|- name: a',
      'two|  port: 80',
      'one|- name: b',
      'one|  port: 443',
    ]);
  });

  it('finds elements of sets by value, and numbers in keys', () => {
    const object = { finalizers: ['x', 'y'], ports: [{ port: 80 }] };
    const sets = [
      ['one', { 'f:finalizers': { 'v:"y"': {} }, 'f:ports': { 'k:{"port":80}': { 'f:port': {} } } }],
    ] as const;
    expect(ownersIn(object, sets)).toEqual([
      '|finalizers:',
      '|- x',
      'one|- "y"',
      '|ports:',
      'one|- port: 80',
    ]);
  });

  it('assigns all of an atomic list or map to its owners, and several owners to a shared field', () => {
    const object = { args: ['a', { b: 1 }], shared: 'x', selector: { app: 'web' } };
    const sets = [
      ['one', { 'f:args': {}, 'f:shared': {} }],
      ['two', { 'f:shared': {}, 'f:selector': {} }],
    ] as const;
    expect(ownersIn(object, sets)).toEqual([
      'one|args:',
      'one|- a',
      'one|- b: 1',
      'two|selector:',
      'two|  app: web',
      'one+two|shared: x',
    ]);
  });

  it('assigns the fields of a granular map to no owner if a set names only the map', () => {
    const object = { strategy: { type: 'RollingUpdate' }, selector: { app: 'web' } };
    const schema = {
      properties: {
        strategy: { type: 'object', properties: { type: { type: 'string' } } },
        selector: { 'x-kubernetes-map-type': 'atomic', additionalProperties: { type: 'string' } },
      },
    };
    expect(ownersIn(object, [['one', { 'f:strategy': {}, 'f:selector': {} }]], schema)).toEqual([
      'one|selector:',
      'one|  app: web',
      'one|strategy:',
      '|  type: RollingUpdate',
    ]);
  });
});

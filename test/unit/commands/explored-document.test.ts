// Texts that kapi explore - and --view show, and what is known about their fields.
import { describe, expect, it } from 'vitest';
import { factsOfDocument, objectsIn } from '../../../src/commands/explore/field-facts.ts';
import { readDocument } from '../../../src/commands/read-document.ts';
import { parseDocument } from '../../../src/config/document.ts';
import type { Json } from '../../../src/model/object.ts';

const deps = { parseDocument };

describe('a text', () => {
  it.each<[string, Json]>([
    ['{"a":1}', { a: 1 }],
    ['[1,2]', [1, 2]],
    ['12345678901234567890', 12345678901234567890n],
    ['a: 1\nb: [x]\n', { a: 1, b: ['x'] }],
    ['---\na: 1\n', { a: 1 }],
    ['# first\n---\na: 1\n--- # second\nb: 2\n---\n', [{ a: 1 }, { b: 2 }]],
    ['--- {a: 1}\n--- {b: 2}\n', [{ a: 1 }, { b: 2 }]],
    ['{"a":1}\n{"b":2}\n\n', [{ a: 1 }, { b: 2 }]],
    ['text: |\n  ---\n  no document\n', { text: '---\nno document\n' }],
  ])('%j becomes a tree', async (text, value) => {
    expect(await readDocument(text, 'any', deps)).toEqual({ value });
  });

  it.each(['', 'ok', 'a: [', '{"a":1} x', '{"a":1}\nx\n', 'a: 1\n---\nplain\n', '\u001b[31mred'])(
    '%j stays a text',
    async (text) => {
      expect(await readDocument(text, 'any', deps)).toEqual({ text });
    },
  );

  it('of a response with colons is not taken for YAML', async () => {
    expect(await readDocument('error: none', 'json', deps)).toEqual({ text: 'error: none' });
  });
});

const managed = (name: string, manager: string): Record<string, Json> => ({
  metadata: {
    name,
    managedFields: [
      { manager, operation: 'Update', fieldsType: 'FieldsV1', fieldsV1: { 'f:data': { 'f:a': {} } } },
    ],
  },
  data: { a: 'b' },
});

describe('the facts of a field', () => {
  const one = { apiVersion: 'v1', kind: 'ConfigMap', ...managed('x', 'one') };
  const two = { apiVersion: 'v1', kind: 'ConfigMap', ...managed('y', 'two') };
  const schema = {
    document: { schemas: {}, kinds: {} },
    schema: { properties: { data: { additionalProperties: { type: 'string', description: 'A value.' } } } },
  };

  it.each<[string, Json, (string | number)[]]>([
    ['an object', two, ['data', 'a']],
    ['a List', { apiVersion: 'v1', kind: 'List', items: [one, two] }, ['items', 1, 'data', 'a']],
    [
      'a list of one type',
      { apiVersion: 'v1', kind: 'ConfigMapList', items: [managed('x', 'one'), managed('y', 'two')] },
      ['items', 1, 'data', 'a'],
    ],
    ['several documents', [one, two], [1, 'data', 'a']],
  ])('in %s are those of its object', (_, document, path) => {
    const seen: string[] = [];
    const facts = factsOfDocument(
      document,
      ({ apiVersion, kind }) => {
        seen.push(`${apiVersion} ${kind}`);
        return schema;
      },
      '',
    )(path);
    expect(facts).toMatchObject({ description: 'A value.', owners: ['two, Update'] });
    expect(seen).toEqual(['v1 ConfigMap']);
    expect([...objectsIn(document)].at(-1)).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' });
  });

  it.each<[Json, (string | number)[]]>([
    [{ kind: 'List', items: [one] }, ['kind']],
    [{ kind: 'List', items: 'x' }, ['items', 0, 'a']],
    [{ items: [null, 3] }, ['items', 1]],
    [[], [4, 'a']],
    ['text', []],
    [{ kind: 'Status', metadata: {} }, ['kind']],
  ])('of %j at %j are unknown', (document, path) => {
    expect(factsOfDocument(document, () => schema, '')(path)).toMatchObject({ type: '', owners: [] });
  });
});

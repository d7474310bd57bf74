// `kapi explain --example`: manifests made from schemas, as objects and as YAML with comments.
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { exampleObject, exampleText, type ExampleInput } from '../../../../src/commands/explain/example.ts';
import type { JsonObject } from '../../../../src/model/object.ts';

function input(spec: JsonObject, schemas: JsonObject = {}): ExampleInput {
  return {
    type: {
      ...{ group: 'example.com', version: 'v1', resource: 'widgets', kind: 'Widget', singular: 'widget' },
      ...{ shortNames: [], categories: [], namespaced: true, verbs: ['create'], subresources: [] },
    },
    kind: 'Widget',
    schema: {
      type: 'object',
      properties: { apiVersion: {}, kind: {}, metadata: {}, spec, status: { type: 'object' } },
    },
    document: { schemas, kinds: {} },
  };
}

function specOf(spec: JsonObject, schemas?: JsonObject): unknown {
  return exampleObject(input(spec, schemas))['spec'];
}

const one = (property: JsonObject): unknown =>
  (specOf({ type: 'object', required: ['x'], properties: { x: property } }) as { x: unknown }).x;

describe('values of required fields', () => {
  it.each<[JsonObject, unknown]>([
    [{ type: 'string' }, 'example'],
    [{ type: 'string', enum: ['B', 'A'] }, 'B'],
    [{ type: 'string', default: 'd' }, 'd'],
    [{ type: 'string', format: 'date-time' }, '2026-01-01T00:00:00Z'],
    [{ type: 'string', pattern: '^[0-9]+(ms|s|m)$' }, '1s'],
    [{ type: 'string', pattern: '^https://' }, 'https://example.com'],
    [{ type: 'string', minLength: 12 }, 'example.com/example'],
    [{ type: 'string', maxLength: 3 }, 'a'],
    [{ type: 'integer' }, 1],
    [{ type: 'integer', minimum: 5 }, 5],
    [{ type: 'integer', minimum: 5, exclusiveMinimum: true }, 6],
    [{ type: 'integer', maximum: 0 }, 0],
    [{ 'x-kubernetes-int-or-string': true }, 1],
    [{ type: 'boolean' }, true],
    [{ type: 'array', minItems: 2, items: { type: 'string' } }, ['example', 'example-1']],
    [{ type: 'object', minProperties: 1, additionalProperties: { type: 'string' } }, { example: 'example' }],
    [
      {
        type: 'object',
        properties: { a: { type: 'integer' }, b: { type: 'string' } },
        oneOf: [{ required: ['b'] }, { required: ['a'] }],
      },
      { b: 'example' },
    ],
    [
      { type: 'array', items: { type: 'object', required: ['n'], properties: { n: { type: 'number' } } } },
      [{ n: 1 }],
    ],
  ])('%j', (property, expected) => {
    expect(one(property)).toEqual(expected);
  });

  it('are found through references and alternatives, and optional fields are left out', () => {
    const schemas = {
      Part: {
        type: 'object',
        required: ['size'],
        properties: { size: { type: 'integer' }, colour: { type: 'string' } },
      },
    };
    const reference = { $ref: '#/components/schemas/Part' };
    expect(specOf({ allOf: [reference], default: {} }, schemas)).toEqual({ size: 1 });
  });

  it('end where a schema requires itself', () => {
    const schemas = {
      Self: {
        type: 'object',
        required: ['self'],
        properties: { self: { $ref: '#/components/schemas/Self' } },
      },
    };
    expect(specOf({ $ref: '#/components/schemas/Self' }, schemas)).toHaveProperty('self.self.self');
  });
});

it('writes YAML that reads back as the object, with a comment from each description', () => {
  const spec: JsonObject = {
    type: 'object',
    required: ['items', 'text'],
    properties: {
      items: {
        ...{ type: 'array', description: 'The items. More of them.' },
        items: {
          ...{ type: 'object', required: ['a', 'b'] },
          properties: {
            a: { type: 'string' },
            b: { type: 'object', required: ['c'], properties: { c: { type: 'string' } } },
          },
        },
      },
      text: { type: 'string', default: 'two\nlines: #', description: 'A text: # with\nbreaks and \u0007.' },
    },
  };
  const text = exampleText(input(spec));
  expect(parse(text)).toEqual(exampleObject(input(spec)));
  expect(text).toContain('  # The items.\n  items:\n');
  expect(text).toContain('  # A text: # with breaks and ^G');
});

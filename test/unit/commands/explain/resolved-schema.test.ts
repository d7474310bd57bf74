import { describe, expect, it } from 'vitest';
import { resolvedSchema } from '../../../../src/commands/explain/resolved-schema.ts';
import type { JsonObject } from '../../../../src/model/object.ts';
import type { SchemaDocument } from '../../../../src/model/schema.ts';

const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });
const document: SchemaDocument = {
  kinds: {},
  schemas: {
    Node: { type: 'object', description: 'A node.', properties: { next: ref('Node'), leaf: ref('Leaf') } },
    Leaf: { type: 'string', description: 'A leaf.' },
    Self: ref('Self'),
  },
};
const leaf = { type: 'string', description: 'A leaf.' };

describe('resolvedSchema', () => {
  it('replaces references by their targets, own fields first, and keeps recursive references', () => {
    const schema = { description: 'The first.', default: {}, allOf: [ref('Node')] };
    expect(resolvedSchema(schema, document)).toEqual({
      type: 'object',
      description: 'The first.',
      default: {},
      properties: { next: ref('Node'), leaf },
    });
  });

  it('descends into lists, maps and alternatives', () => {
    const schema = {
      items: ref('Leaf'),
      additionalProperties: ref('Leaf'),
      anyOf: [ref('Leaf'), { type: 'integer' }],
      enum: ['x'],
    };
    expect(resolvedSchema(schema, document)).toEqual({
      items: leaf,
      additionalProperties: leaf,
      anyOf: [leaf, { type: 'integer' }],
      enum: ['x'],
    });
  });

  it('cuts off below the given depth, and keeps dangling references', () => {
    const schema = { properties: { a: { properties: { b: ref('Node') } }, c: ref('Leaf'), d: ref('None') } };
    expect(resolvedSchema(schema, document, 1)).toEqual({
      properties: { a: { properties: { b: ref('Node') } }, c: leaf, d: ref('None') },
    });
    expect(resolvedSchema(ref('Self'), document)).toEqual(ref('Self'));
  });
});

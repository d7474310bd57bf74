// Type names of fields and their references, as in kubectl explain.
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/model/object.ts';
import {
  defaultOf,
  descriptionOf,
  fieldSchema,
  fieldsOf,
  refName,
  typeName,
  type SchemaDocument,
} from '../../../src/model/schema.ts';

const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

const document: SchemaDocument = {
  kinds: {},
  schemas: {
    'io.k8s.Spec': {
      description: 'A spec.',
      type: 'object',
      required: ['size'],
      properties: { size: { type: 'integer', description: 'How big.' }, again: ref('io.k8s.Spec') },
    },
    'io.k8s.Quantity': { type: 'string', description: 'A quantity.' },
    'io.k8s.Any': { description: 'No type at all.' },
    loop: ref('loop'),
  },
};

describe('typeName', () => {
  it.each([
    [{ type: 'string' }, 'string'],
    [{ type: 'object' }, 'Object'],
    [{}, 'Object'],
    [{ type: 'array', items: { type: 'string' } }, '[]string'],
    [
      { type: 'object', additionalProperties: { type: 'array', items: { type: 'integer' } } },
      'map[string][]integer',
    ],
    [{ type: 'object', additionalProperties: true }, 'Object'],
    [ref('io.k8s.Spec'), 'Spec'],
    [ref('io.k8s.Quantity'), 'string'],
    [ref('io.k8s.Any'), 'Any'],
    [ref('io.k8s.Missing'), 'Missing'],
    [{ default: {}, allOf: [ref('io.k8s.Spec')] }, 'Spec'],
    [{ type: 'object', allOf: [ref('io.k8s.Spec'), ref('io.k8s.Any')] }, 'Object'],
    [{ type: 'array', items: { default: {}, allOf: [ref('io.k8s.Spec')] } }, '[]Spec'],
    [{ $ref: '#/definitions/io.k8s.Spec' }, 'Spec'],
  ])('%j is %s', (schema, name) => {
    expect(typeName(schema, document)).toBe(name);
  });
});

describe('refName', () => {
  it('reads references within the document only', () => {
    expect(refName(ref('a~1b~0c'))).toBe('a/b~c');
    expect(refName({ $ref: 'https://elsewhere.test/schemas/Spec' })).toBe('');
    expect(refName({ $ref: '#/components/parameters/x' })).toBe('');
  });
});

describe('fieldSchema', () => {
  it('descends through references, lists, maps and allOf', () => {
    for (const schema of [
      ref('io.k8s.Spec'),
      { items: ref('io.k8s.Spec') },
      { additionalProperties: { items: ref('io.k8s.Spec') } },
      { allOf: [ref('io.k8s.Quantity'), ref('io.k8s.Spec')] },
    ]) {
      expect(fieldSchema(schema, 'size', document)).toEqual({ type: 'integer', description: 'How big.' });
    }
  });

  it('finds nothing for inherited property names, and ends at a reference to itself', () => {
    expect(fieldSchema(ref('io.k8s.Spec'), 'constructor', document)).toBeUndefined();
    expect(fieldSchema(ref('loop'), 'x', document)).toBeUndefined();
    expect(fieldSchema({ items: ref('loop') }, 'x', document)).toBeUndefined();
  });
});

describe('fieldsOf', () => {
  it('is sorted, marks what is required, and stops at a recursive type', () => {
    const fields = fieldsOf(ref('io.k8s.Spec'), document);
    expect(fields.map(({ name, required }) => `${name} ${String(required)}`)).toEqual([
      'again false',
      'size true',
    ]);
    const [again] = fields;
    expect(again && fieldsOf(again.schema, document, again.seen)).toEqual([]);
  });
});

describe('descriptionOf', () => {
  it('has a paragraph for each part of a schema', () => {
    const schema = { description: 'A list.', items: { allOf: [ref('io.k8s.Spec')] } };
    expect(descriptionOf(schema, document)).toBe('A list.\nA spec.\n');
    expect(descriptionOf({ type: 'string' }, document)).toBe('');
  });
});

describe('defaultOf', () => {
  it('is a value with content', () => {
    expect(['TCP', 0, false, [], { a: 1 }].map((value) => defaultOf({ default: value }))).toEqual([
      'TCP',
      0,
      false,
      [],
      { a: 1 },
    ]);
    expect(['', {}, null].map((value) => defaultOf({ default: value }))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(defaultOf({})).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { listTree, objectTree, schemaTree, treeAt } from '../../../src/completion/field-tree.ts';

const document = {
  kinds: {},
  schemas: {
    Pod: {
      type: 'object',
      properties: {
        spec: { description: 'wrapped', allOf: [{ $ref: '#/components/schemas/Spec' }], default: {} },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
        self: { $ref: '#/components/schemas/Pod' },
      },
    },
    Spec: {
      type: 'object',
      properties: { containers: { type: 'array', items: { $ref: '#/components/schemas/Container' } } },
    },
    Container: { type: 'object', properties: { name: { type: 'string' } } },
    Circle: { allOf: [{ $ref: '#/components/schemas/Circle' }] },
  },
};

describe('fields of a schema', () => {
  const pod = schemaTree({ $ref: '#/components/schemas/Pod' }, document);

  it('are found through references, wrappers and lists', () => {
    expect(pod.fields().map(({ name, type }) => `${name} ${type}`)).toEqual([
      'labels map[string]string',
      'self Pod',
      'spec Spec',
    ]);
    const containers = treeAt(pod, ['spec', 'containers']);
    expect(containers?.isList).toBe(true);
    expect(containers?.fields()).toEqual([{ name: 'name', type: 'string' }]);
    expect(treeAt(pod, ['self', 'self', 'spec'])?.isList).toBe(false);
  });

  it('end at maps, at unknown names and in cycles', () => {
    expect(treeAt(pod, ['labels'])?.fields()).toEqual([]);
    expect(treeAt(pod, ['labels', 'app'])).toBeUndefined();
    expect(treeAt(pod, ['nonsense', 'x'])).toBeUndefined();
    expect(schemaTree({ $ref: '#/components/schemas/Circle' }, document).fields()).toEqual([]);
  });
});

describe('fields of an object', () => {
  it('are its own, those of all items of a list, but not keys that are data', () => {
    const tree = objectTree({ list: [{ a: 1 }, { b: [true] }], data: { 'x.y': 'z', x: 'z' }, none: null });
    expect(tree.fields().map(({ name, type }) => `${name} ${type}`)).toEqual([
      'list list',
      'data object',
      'none null',
    ]);
    expect(treeAt(tree, ['list'])?.fields()).toHaveLength(2);
    expect(treeAt(tree, ['data'])?.fields()).toEqual([{ name: 'x', type: 'string' }]);
    expect(treeAt(tree, ['none'])?.fields()).toEqual([]);
  });

  it('are in items if several objects are printed', () => {
    const list = listTree(objectTree({ a: 1 }));
    expect(treeAt(list, ['items'])).toMatchObject({ isList: true });
    expect(treeAt(list, ['items'])?.fields()).toEqual([{ name: 'a', type: 'number' }]);
    expect(treeAt(list, ['kind'])?.fields()).toEqual([]);
  });
});

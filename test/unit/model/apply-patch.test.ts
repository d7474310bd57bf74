// The patch of kubectl apply: what the file has, what was applied before and is gone, and the
// directives for lists with merge keys and for unions.
import { describe, expect, it } from 'vitest';
import { buildApplyPatch, overlay, type PatchSchema } from '../../../src/model/apply-patch.ts';
import type { JsonObject } from '../../../src/model/object.ts';

const merged = (key: string, items: JsonObject, strategy = 'merge'): JsonObject => ({
  ...{ type: 'array', items, 'x-kubernetes-patch-strategy': strategy },
  ...(key === '' ? {} : { 'x-kubernetes-patch-merge-key': key }),
});
const text: JsonObject = { type: 'string' };
const root: JsonObject = {
  properties: {
    spec: {
      allOf: [{ $ref: '#/components/schemas/Spec' }],
    },
  },
};
const schema: PatchSchema = {
  root,
  document: {
    kinds: {},
    schemas: {
      Spec: {
        properties: {
          strategy: { properties: { type: text }, 'x-kubernetes-patch-strategy': 'retainKeys' },
          containers: merged('name', {
            properties: { name: text, env: merged('name', {}), args: { type: 'array' } },
          }),
          volumes: merged('name', { properties: { name: text } }, 'merge,retainKeys'),
          finalizers: merged('', text),
        },
      },
    },
  },
};

const patch = (file: JsonObject, lastApplied: JsonObject | undefined, live: JsonObject = {}): JsonObject =>
  buildApplyPatch({
    file: { spec: file },
    lastApplied: lastApplied && { spec: lastApplied },
    live: { spec: live },
    schema,
  })['spec'] as JsonObject;

describe('buildApplyPatch', () => {
  it('has the fields of the file, and null for what was applied and is gone', () => {
    expect(patch({ a: 1, map: { x: '1' } }, { a: 2, b: 3, map: { y: '2' } })).toEqual({
      ...{ a: 1, b: null, map: { x: '1', y: null } },
    });
    expect(patch({ a: 1 }, undefined, { b: 3 })).toEqual({ a: 1 });
  });

  it('deletes items of lists with a merge key by the key, and says the order', () => {
    const file = { containers: [{ name: 'a', env: [{ name: 'X', value: '1' }], args: ['1'] }] };
    const before = {
      containers: [{ name: 'gone' }, { name: 'a', env: [{ name: 'Y' }], args: ['1', '2'], image: 'i' }],
    };
    expect(patch(file, before)).toEqual({
      containers: [
        {
          ...{ name: 'a', args: ['1'], image: null },
          env: [
            { name: 'X', value: '1' },
            { $patch: 'delete', name: 'Y' },
          ],
          '$setElementOrder/env': [{ name: 'X' }],
        },
        { $patch: 'delete', name: 'gone' },
      ],
      '$setElementOrder/containers': [{ name: 'a' }],
    });
  });

  it('deletes values of sets', () => {
    expect(patch({ finalizers: ['a'] }, { finalizers: ['a', 'b'] })).toEqual({
      finalizers: ['a'],
      '$deleteFromPrimitiveList/finalizers': ['b'],
      '$setElementOrder/finalizers': ['a'],
    });
  });

  it('keeps only the keys of the file in a union that changes, and all keys in one that does not', () => {
    const live = { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } };
    expect(patch({ strategy: { type: 'Recreate' } }, undefined, live)).toEqual({
      strategy: { type: 'Recreate', $retainKeys: ['type'] },
    });
    expect(patch({ strategy: { type: 'RollingUpdate' } }, undefined, live)).toEqual({
      strategy: { type: 'RollingUpdate' },
    });
    const volumes = [{ name: 'v', configMap: { name: 'c' } }];
    const before = { volumes: [{ name: 'v', emptyDir: {} }] };
    expect(patch({ volumes }, undefined, before)).toMatchObject({
      volumes: [{ name: 'v', configMap: { name: 'c' }, $retainKeys: ['configMap', 'name'] }],
    });
  });

  it('replaces lists without a schema, as a JSON merge patch does', () => {
    const file = { spec: { containers: [{ name: 'a' }] } };
    const lastApplied = { spec: { containers: [{ name: 'b' }], paused: true } };
    expect(buildApplyPatch({ file, lastApplied, live: {}, schema: undefined })['spec']).toEqual({
      ...{ containers: [{ name: 'a' }], paused: null },
    });
  });

  it('removes no annotations of others, and not the one of kubectl', () => {
    const key = 'kubectl.kubernetes.io/last-applied-configuration';
    const lastApplied = { metadata: { annotations: { mine: '1' } } };
    const file = { metadata: { name: 'a', annotations: { [key]: '{}' } } };
    expect(buildApplyPatch({ file, lastApplied, live: {}, schema: undefined })).toEqual({
      metadata: { name: 'a', annotations: { mine: null } },
    });
    expect(buildApplyPatch({ file: {}, lastApplied, live: {}, schema: undefined })).toEqual({
      metadata: { annotations: { mine: null } },
    });
  });
});

describe('overlay', () => {
  it('lays the fields of a file over an object, and merges lists by names', () => {
    const live = {
      a: 1,
      list: [{ name: 'x', image: 'i', policy: 'Always' }, { name: 'y' }],
      set: [1, 2],
      gone: 'g',
    };
    const file = { b: 2, list: [{ name: 'x', image: 'j' }], set: [3], gone: null };
    expect(overlay(live, file)).toEqual({
      ...{ a: 1, b: 2, set: [3] },
      list: [{ name: 'x', image: 'j', policy: 'Always' }],
    });
  });
});

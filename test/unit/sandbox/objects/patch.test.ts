// JSON Patch, merge patch and strategic merge patch on plain documents.

import { deepEqual } from '../../../../src/model/json.ts';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/model/object.ts';
import { jsonPatch, mergePatch, strategicMergePatch } from '../../../../src/sandbox/objects/patch.ts';
import { servedTypes } from '../../../../src/sandbox/types/served-types.ts';
import type { ServedType } from '../../../../src/sandbox/types/types.ts';

const typeOf = (storedAs: string): ServedType => {
  const type = servedTypes.find((candidate) => candidate.storedAs === storedAs);
  if (type === undefined) throw new Error(storedAs);
  return type;
};

test('a merge patch removes with null and replaces lists', () => {
  expect(mergePatch({ a: 1, b: { c: 2, d: 3 }, e: [1] }, { a: null, b: { c: 4 }, e: [2, 3] })).toEqual({
    b: { c: 4, d: 3 },
    e: [2, 3],
  });
});

describe('JSON Patch', () => {
  const document = { a: { b: [1, 2, 3] }, 'x/y': 1 };
  test.each([
    [[{ op: 'add', path: '/a/b/1', value: 9 }], { a: { b: [1, 9, 2, 3] }, 'x/y': 1 }],
    [[{ op: 'add', path: '/a/b/-', value: 9 }], { a: { b: [1, 2, 3, 9] }, 'x/y': 1 }],
    [[{ op: 'remove', path: '/x~1y' }], { a: { b: [1, 2, 3] } }],
    [[{ op: 'replace', path: '/a', value: 7 }], { a: 7, 'x/y': 1 }],
    [[{ op: 'move', from: '/x~1y', path: '/a/z' }], { a: { b: [1, 2, 3], z: 1 } }],
    [[{ op: 'copy', from: '/a/b/0', path: '/c' }], { a: { b: [1, 2, 3] }, 'x/y': 1, c: 1 }],
    [[{ op: 'test', path: '/a/b/2', value: 3 }], document],
  ])('%j', (operations, result) => {
    expect(jsonPatch(document, operations)).toEqual(result);
  });

  test.each([
    [{ op: 'test', path: '/a/b/2', value: 4 }],
    [{ op: 'remove', path: '/nope' }],
    [{ op: 'add', path: '/a/b/9', value: 1 }],
    [{ op: 'sing', path: '/a' }],
    [{ op: 'add', path: 'a', value: 1 }],
  ])('%j fails', (operation) => {
    expect(() => jsonPatch(document, [operation])).toThrow(
      'the server rejected our request due to an error in our request',
    );
  });
});

describe('strategic merge patch', () => {
  const pods = typeOf('pods');
  const pod = (...containers: JsonObject[]): JsonObject => ({ spec: { containers } });
  const base = pod({ name: 'a', image: '1', env: [{ name: 'X', value: '1' }] }, { name: 'b', image: '1' });

  test.each<[string, JsonObject, JsonObject]>([
    [
      'merges items by their key',
      pod({ name: 'b', image: '2' }),
      pod({ name: 'a', image: '1', env: [{ name: 'X', value: '1' }] }, { name: 'b', image: '2' }),
    ],
    [
      'puts new items before',
      pod({ name: 'a', env: [{ name: 'Y', value: '2' }] }),
      pod(
        {
          name: 'a',
          image: '1',
          env: [
            { name: 'Y', value: '2' },
            { name: 'X', value: '1' },
          ],
        },
        { name: 'b', image: '1' },
      ),
    ],
    ['deletes an item', pod({ name: 'a', $patch: 'delete' }), pod({ name: 'b', image: '1' })],
    ['replaces a list', { spec: { containers: [{ $patch: 'replace' }, { name: 'c' }] } }, pod({ name: 'c' })],
    [
      'orders items',
      { spec: { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] } },
      pod({ name: 'b', image: '1' }, { name: 'a', image: '1', env: [{ name: 'X', value: '1' }] }),
    ],
    ['keeps only what it is told to', { spec: { $retainKeys: ['x'], x: 1 } }, { spec: { x: 1 } }],
    ['replaces an object', { spec: { $patch: 'replace', x: 1 } }, { spec: { x: 1 } }],
  ])('%s', (_name, patch, result) => {
    expect(strategicMergePatch(pods, base, patch)).toEqual(result);
  });

  test('an item without its key', () => {
    expect(() => strategicMergePatch(pods, base, pod({ image: 'x' }))).toThrow(
      'map: map[image:x] does not contain declared merge key: name',
    );
  });

  test('lists without a key are replaced', () => {
    const tolerations = { spec: { tolerations: [{ key: 'a' }] } };
    expect(strategicMergePatch(pods, tolerations, { spec: { tolerations: [{ key: 'b' }] } })).toEqual({
      spec: { tolerations: [{ key: 'b' }] },
    });
  });
});

test('equality ignores the order of keys, and undefined counts as absent', () => {
  expect(deepEqual({ a: 1, b: [{ c: 2, d: undefined }] }, { b: [{ c: 2 }], a: 1 })).toBe(true);
  expect(deepEqual({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
});

test.each(['mutating', 'validating'])('webhooks of a %s configuration are merged by their names', (kind) => {
  const type = typeOf(`${kind}webhookconfigurations.admissionregistration.k8s.io`);
  const object = { webhooks: [{ name: 'a', timeoutSeconds: 1 }, { name: 'b' }] };
  const patch = { webhooks: [{ name: 'a', timeoutSeconds: 9 }] };
  expect(strategicMergePatch(type, object, patch)).toEqual({
    webhooks: [{ name: 'a', timeoutSeconds: 9 }, { name: 'b' }],
  });
});

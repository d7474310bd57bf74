import { expect, it } from 'vitest';
import { isJsonArray, isJsonObject } from '../../../../src/model/object.ts';
import type { Json, KubeObject } from '../../../../src/model/object.ts';
import { isKubeObject } from '../../../../src/sandbox/objects/forms.ts';
import { inStructOrder } from '../../../../src/sandbox/schema/order.ts';
import { TypeRegistry } from '../../../../src/sandbox/types/registry.ts';
import type { ServedType } from '../../../../src/sandbox/types/types.ts';
import { recorded } from '../../../recorded.ts';

function typeOf(object: KubeObject): ServedType {
  const type = new TypeRegistry().findKind(object.apiVersion, object.kind);
  if (type === undefined) throw new Error(`no type ${object.kind}`);
  return type;
}

function kubeObject(value: Json): KubeObject {
  if (!isKubeObject(value)) throw new Error('not an object of the API');
  return value;
}

/** Reverses the keys of every object. */
function reversed(value: Json): Json {
  if (isJsonArray(value)) return value.map(reversed);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      // The server does not know the fields of a set.
      .map(([key, entry]) => [key, key === 'fieldsV1' ? entry : reversed(entry ?? null)]),
  );
}

it('gives the fields and keys of an object the order of the real server', () => {
  const object = kubeObject(recorded('object/job').response.body as Json);
  const mixed = kubeObject(reversed(object));
  expect(JSON.stringify(mixed)).not.toBe(JSON.stringify(object));
  expect(JSON.stringify(inStructOrder(typeOf(object), mixed))).toBe(JSON.stringify(object));
});

it('puts fields that the type does not have last, and keeps the order of lists', () => {
  const pod = { nope: 1, apiVersion: 'v1', kind: 'Pod', spec: { containers: ['b', 'a'] }, metadata: {} };
  const text = '{"kind":"Pod","apiVersion":"v1","metadata":{},"spec":{"containers":["b","a"]},"nope":1}';
  expect(JSON.stringify(inStructOrder(typeOf(pod), pod))).toBe(text);
});

const strange = JSON.parse('{"__proto__":{"a":2},"constructor":1}') as Json;

it.each<[Json]>([[null], ['text'], [5], [[]], [strange]])(
  'keeps %j in the position of a struct or a map',
  (value) => {
    const pod = { kind: 'Pod', apiVersion: 'v1', metadata: { labels: value }, spec: value };
    expect(JSON.stringify(inStructOrder(typeOf(pod), pod))).toBe(JSON.stringify(pod));
  },
);

// Owners of fields: what an ordinary write takes and removes, and what an apply gives up.

import { describe, expect, test } from 'vitest';
import type { JsonObject, KubeObject } from '../../../../src/model/object.ts';
import { applyConfiguration } from '../../../../src/sandbox/objects/apply.ts';
import {
  intersect,
  managersOf,
  recordUpdate,
  subtract,
  union,
} from '../../../../src/sandbox/objects/managed-fields.ts';
import { servedTypes } from '../../../../src/sandbox/types/served-types.ts';
import type { ServedType } from '../../../../src/sandbox/types/types.ts';

const typeOf = (storedAs: string): ServedType => {
  const type = servedTypes.find((candidate) => candidate.storedAs === storedAs);
  if (type === undefined) throw new Error(storedAs);
  return type;
};
const now = new Date('2026-01-02T03:04:05Z');
const by = (manager: string, subresource = ''): { manager: string; subresource: string; now: Date } => ({
  manager,
  subresource,
  now,
});
const deployment = (spec: JsonObject): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd' },
  spec,
});
const containers = (...items: JsonObject[]): JsonObject => ({ template: { spec: { containers: items } } });
const fieldsOf = (object: KubeObject): readonly unknown[] =>
  managersOf(object).map(({ manager, fields }) => [manager, fields]);

describe('an ordinary write', () => {
  const type = typeOf('deployments.apps');
  const made = recordUpdate(
    type,
    undefined,
    deployment({ replicas: 1, ...containers({ name: 'a', image: '1', resources: {} }) }),
    by('maker'),
  );

  test('owns everything that it created', () => {
    expect(fieldsOf(made)).toEqual([
      [
        'maker',
        {
          'f:spec': {
            'f:replicas': {},
            'f:template': {
              'f:spec': {
                'f:containers': {
                  'k:{"name":"a"}': { '.': {}, 'f:image': {}, 'f:name': {}, 'f:resources': {} },
                },
              },
            },
          },
        },
      ],
    ]);
  });

  test('takes over what it changes and nothing else', () => {
    const next = { ...deployment({ replicas: 3, ...containers({ name: 'a', image: '1', resources: {} }) }) };
    const changed = recordUpdate(type, made, { ...next, metadata: made.metadata }, by('scaler', 'scale'));
    expect(managersOf(changed).map(({ manager, subresource }) => [manager, subresource])).toEqual([
      ['maker', ''],
      ['scaler', 'scale'],
    ]);
    expect(managersOf(changed)[1]?.fields).toEqual({ 'f:spec': { 'f:replicas': {} } });
    expect(managersOf(changed)[0]?.fields).not.toHaveProperty(['f:spec', 'f:replicas']);
  });

  test('through the status subresource owns only the status', () => {
    const next = { ...made, spec: { replicas: 9 }, status: { replicas: 1 } };
    const changed = recordUpdate(type, made, next, by('kubelet', 'status'));
    expect(managersOf(changed)[1]?.fields).toEqual({ 'f:status': { 'f:replicas': {} } });
  });
});

describe('an apply', () => {
  const type = typeOf('deployments.apps');
  test('keeps what others added to a keyed list and removes what it gave up', () => {
    const first = applyConfiguration(
      type,
      undefined,
      deployment(containers({ name: 'a', image: '1' }, { name: 'b', image: '1' })),
      by('ap'),
      false,
    );
    const extended: KubeObject = {
      ...first,
      spec: containers(
        { name: 'a', image: '1', tty: true },
        { name: 'b', image: '1' },
        { name: 'c', image: '1' },
      ),
    };
    const live = recordUpdate(type, first, extended, by('other'));
    const second = applyConfiguration(
      type,
      live,
      deployment(containers({ name: 'a', image: '2' })),
      by('ap'),
      false,
    );
    expect(second['spec']).toEqual(
      containers({ name: 'a', image: '2', tty: true }, { name: 'c', image: '1' }),
    );
  });

  test('names the field in conflict by its path', () => {
    const live = recordUpdate(
      type,
      undefined,
      deployment(containers({ name: 'a', image: '1' })),
      by('other'),
    );
    const config = deployment(containers({ name: 'a', image: '2' }));
    expect(() => applyConfiguration(type, live, config, by('ap'), false)).toThrow(
      'Apply failed with 1 conflict: conflict with "other" using apps/v1: .spec.template.spec.containers[name="a"].image',
    );
  });
});

test('sets of fields', () => {
  const a = { 'f:x': { 'f:y': {}, 'f:z': {} } };
  const b = { 'f:x': { 'f:z': {}, 'f:q': {} } };
  expect(union(a, b)).toEqual({ 'f:x': { 'f:y': {}, 'f:z': {}, 'f:q': {} } });
  expect(subtract(a, b)).toEqual({ 'f:x': { 'f:y': {} } });
  expect(intersect(a, b)).toEqual({ 'f:x': { 'f:z': {} } });
});

test('the reference of a binding has one owner as a whole', () => {
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' };
  const binding: KubeObject = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'b', namespace: 'n' },
    roleRef,
  };
  const type = typeOf('rolebindings.rbac.authorization.k8s.io');
  expect(fieldsOf(recordUpdate(type, undefined, binding, by('maker')))).toEqual([
    ['maker', { 'f:roleRef': {} }],
  ]);
});

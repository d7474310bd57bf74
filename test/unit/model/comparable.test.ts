// What a comparison leaves out.
import { describe, expect, it } from 'vitest';
import { comparable } from '../../../src/model/comparable.ts';
import type { KubeObject } from '../../../src/model/object.ts';

const object: KubeObject = {
  ...{ apiVersion: 'v1', kind: 'Pod', spec: { a: 1 }, status: { phase: 'Running' } },
  metadata: {
    ...{ name: 'web', namespace: 'dev', labels: { a: 'b' }, uid: 'u', resourceVersion: '1', generation: 2 },
    ...{ creationTimestamp: '2026-01-01T00:00:00Z', selfLink: '/x', managedFields: [{}] },
    ownerReferences: [{ kind: 'ReplicaSet', name: 'web-1', uid: 'other' }],
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
  },
};
const plain = { all: false, managedFields: false, namespace: true };

describe('comparable', () => {
  it('leaves out what the server sets', () => {
    expect(comparable(object, plain)).toEqual({
      ...{ apiVersion: 'v1', kind: 'Pod', spec: { a: 1 } },
      metadata: {
        ...{ name: 'web', namespace: 'dev', labels: { a: 'b' } },
        ownerReferences: [{ kind: 'ReplicaSet', name: 'web-1' }],
      },
    });
  });

  it('keeps it on request, managedFields only on their own request', () => {
    const { managedFields, ...metadata } = object.metadata;
    expect(comparable(object, { ...plain, all: true })).toEqual({ ...object, metadata });
    expect(comparable(object, { ...plain, managedFields: true }).metadata['managedFields']).toEqual(
      managedFields,
    );
    expect(comparable(object, { ...plain, namespace: false }).metadata).not.toHaveProperty('namespace');
  });
});

// What a comparison leaves out, and how Secrets look in it.
import { describe, expect, it } from 'vitest';
import { comparable, maskSecrets } from '../../../src/model/comparable.ts';
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

describe('maskSecrets', () => {
  const secret = (data: Record<string, string>, more: object = {}): KubeObject => ({
    ...{
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', annotations: { copy: Object.values(data).join('') } },
    },
    ...{ data, ...more },
  });

  it('shows that values differ, and no value', () => {
    const [before, after] = maskSecrets(
      secret({ same: 'cw==', changed: 'MQ==', gone: 'Zw==' }),
      secret({ same: 'cw==', changed: 'Mg==', fresh: 'Zg==' }),
    );
    expect(before?.['data']).toEqual({ same: '***', changed: '*** (before)', gone: '***' });
    expect(after?.['data']).toEqual({ same: '***', changed: '*** (after)', fresh: '***' });
    expect(before?.metadata['annotations']).toEqual({ copy: '*** (before)' });
    expect(JSON.stringify([before, after])).not.toContain('==');
  });

  it('masks one side alone, and data that is no map', () => {
    expect(maskSecrets(undefined, secret({ a: 'MQ==' }))[1]?.['data']).toEqual({ a: '***' });
    const [before, after] = maskSecrets(secret({ a: 'MQ==' }), secret({}, { data: 'MQ==' }));
    expect([before?.['data'], after?.['data']]).toEqual(['*** (before)', '*** (after)']);
  });
});

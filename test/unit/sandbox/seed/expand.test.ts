import { expect, it } from 'vitest';
import { objectAt, stringAt, type JsonObject, type KubeObject } from '../../../../src/model/object.ts';
import { objectsAt, specOf, statusOf, uidOf } from '../../../../src/model/fields.ts';
import { expandManifests } from '../../../../src/sandbox/seed/expand.ts';

const now = new Date('2026-11-22T12:00:00Z');

function only(manifest: JsonObject): KubeObject {
  const [object, ...others] = expandManifests([manifest], now);
  if (object === undefined || others.length > 0) throw new Error('not one object');
  return object;
}

it.each([
  ['5h', '2026-11-22T07:00:00Z'],
  ['95m', '2026-11-22T10:25:00Z'],
  ['12d', '2026-11-10T12:00:00Z'],
  ['3m58s', '2026-11-22T11:56:02Z'],
])(
  'turns an age of %s into the time of creation, and the same in front of "ago" into a time',
  (age, time) => {
    const object = only({
      apiVersion: 'example.com/v1',
      kind: 'Thing',
      metadata: { name: 'one', age },
      spec: { at: `${age} ago`, list: [{ at: `${age} ago` }], words: 'a year ago', count: 5 },
    });
    expect(object.metadata['creationTimestamp']).toBe(time);
    expect(object.metadata['age']).toBeUndefined();
    expect(object['spec']).toEqual({ at: time, list: [{ at: time }], words: 'a year ago', count: 5 });
  },
);

it('gives an object without an age that of the cluster', () => {
  const object = only({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one' } });
  expect(object.metadata['creationTimestamp']).toBe('2026-11-10T12:00:00Z');
});

it('gives an owner reference the uid of the object it names', () => {
  const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { namespace: 'dev', name: 'db' } };
  const reference = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db' };
  const [set, pod] = expandManifests(
    [
      owner,
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { namespace: 'dev', name: 'db-0', ownerReferences: [reference] },
        spec: { containers: [{ name: 'db', image: 'db:1' }] },
      },
    ],
    now,
  );
  expect(objectsAt(pod?.metadata, 'ownerReferences')).toMatchObject([
    { ...reference, uid: uidOf(set ?? {}), controller: true },
  ]);
});

it('makes the replica set of a deployment, and the endpoints of a service from its pods', () => {
  const labels = { app: 'web' };
  const containers = [{ name: 'web', image: 'web:1', ports: [{ name: 'http', containerPort: 8080 }] }];
  const pod = (name: string, ip: string): JsonObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'dev', name, labels },
    spec: { nodeName: 'sandbox-worker', containers },
    status: { podIP: ip },
  });
  const objects = expandManifests(
    [
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { namespace: 'dev', name: 'web', labels },
        spec: {
          replicas: 2,
          template: { metadata: { labels: { ...labels, 'pod-template-hash': 'abc' } }, spec: { containers } },
        },
        status: { readyReplicas: 1 },
      },
      pod('web-1', '10.0.0.1'),
      { ...pod('other', '10.0.0.9'), metadata: { namespace: 'dev', name: 'other' } },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { namespace: 'dev', name: 'web' },
        spec: {
          clusterIP: '10.96.0.9',
          ports: [{ name: 'http', port: 80, targetPort: 'http' }],
          selector: labels,
        },
      },
    ],
    now,
  );
  expect(objects.map(({ kind }) => kind)).toEqual([
    ...['Deployment', 'ReplicaSet', 'Pod', 'Pod', 'Service', 'Endpoints', 'EndpointSlice'],
  ]);
  const [deployment = {}, replicaSet = {}] = objects;
  expect(statusOf(deployment)).toMatchObject({ replicas: 2, readyReplicas: 1, unavailableReplicas: 1 });
  expect(objectAt(specOf(deployment), 'selector')).toEqual({ matchLabels: labels });
  expect(stringAt(objectAt(replicaSet, 'metadata'), 'name')).toBe('web-abc');
  const [subset] = objectsAt(objects[5], 'subsets');
  expect(objectsAt(subset, 'addresses').map(({ ip }) => ip)).toEqual(['10.0.0.1']);
  expect(objectsAt(subset, 'ports')).toEqual([{ name: 'http', port: 8080, protocol: 'TCP' }]);
});

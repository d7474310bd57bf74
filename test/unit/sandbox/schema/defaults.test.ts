import { expect, it } from 'vitest';
import type { JsonObject, KubeObject } from '../../../../src/model/object.ts';
import { withDefaults } from '../../../../src/sandbox/schema/defaults.ts';
import { TypeRegistry } from '../../../../src/sandbox/types/registry.ts';

function defaulted(apiVersion: string, kind: string, content: JsonObject): KubeObject {
  const type = new TypeRegistry().findKind(apiVersion, kind);
  if (type === undefined) throw new Error(`no type ${kind}`);
  return withDefaults(type, { apiVersion, kind, metadata: { name: 'one' }, ...content });
}

it('adds the defaults that the schema declares, at any depth', () => {
  const container = {
    name: 'main',
    image: 'web:1',
    ports: [{ containerPort: 80 }, { containerPort: 53, protocol: 'UDP' }],
    env: [{ name: 'A', valueFrom: { fileKeyRef: { volumeName: 'files', path: 'a', key: 'a' } } }],
    livenessProbe: { grpc: { port: 9000 } },
  };
  const volumes = [
    { name: 'disk', azureDisk: { diskName: 'd', diskURI: 'u' } },
    { name: 'iscsi', iscsi: { targetPortal: 't', iqn: 'i', lun: 0 } },
    { name: 'rbd', rbd: { monitors: ['m'], image: 'i', pool: 'own' } },
  ];
  const pod = defaulted('v1', 'Pod', { spec: { containers: [container], volumes } });
  expect(pod['spec']).toMatchObject({
    containers: [
      {
        ports: [
          { containerPort: 80, protocol: 'TCP' },
          { containerPort: 53, protocol: 'UDP' },
        ],
        env: [{ valueFrom: { fileKeyRef: { optional: false } } }],
        livenessProbe: { grpc: { port: 9000, service: '' } },
      },
    ],
    volumes: [
      { azureDisk: { cachingMode: 'ReadWrite', fsType: 'ext4', readOnly: false, kind: 'Shared' } },
      { iscsi: { iscsiInterface: 'default' } },
      { rbd: { pool: 'own', user: 'admin', keyring: '/etc/ceph/keyring' } },
    ],
  });
});

it('adds none for the zero value of a field that is not a pointer', () => {
  const budget = defaulted('policy/v1', 'PodDisruptionBudget', { spec: {}, status: {} });
  expect(budget['status']).toEqual({});
});

it('treats null as absent, and keeps values of another type', () => {
  const controller = defaulted('v1', 'ReplicationController', { spec: { replicas: null } });
  expect(controller['spec']).toMatchObject({ replicas: 1 });
  const strange = { ports: 'none', clusterIP: 'None' };
  expect(defaulted('v1', 'Service', { spec: strange })['spec']).toMatchObject({ ports: 'none' });
});

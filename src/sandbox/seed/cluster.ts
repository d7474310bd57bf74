// The objects of every cluster: namespaces, nodes, service accounts, API services, and what is in
// cluster.yaml and default-rbac.yaml. Entry point: `seedCluster`.

import type { JsonObject, KubeObject } from '../../model/object.ts';
import { defaultRbac } from './default-rbac.ts';
import { metadataOf } from '../../model/fields.ts';
import manifests from './cluster.yaml';
import { expandManifests } from './expand.ts';
import { clusterAge, controlPlane, secondWorker, seedNodes, worker, type SeedNode } from './nodes.ts';
import { ago, buildObject, day, minute, seedUid } from './objects.ts';
import { apiServicePriorities } from '../types/served-types.ts';

/** All namespaces, including one for user workloads (`dev`). */
export const seedNamespaces = ['default', 'dev', 'kube-node-lease', 'kube-public', 'kube-system'];

/**
 * Returns the objects.
 * @param now all times are relative to it
 */
export function seedCluster(now: Date): readonly KubeObject[] {
  const created = ago(now, clusterAge);
  return [
    ...seedNamespaces.flatMap((name) => namespaceObjects(name, name === 'dev' ? ago(now, 5 * day) : created)),
    ...expandManifests([...defaultRbac, ...manifests], now),
    buildNode(controlPlane, now, { 'node-role.kubernetes.io/control-plane': '' }),
    buildNode(worker, now, {}),
    buildNode(secondWorker, now, {}),
    ...seedNodes.map((node) => nodeLease(node, now)),
    ...apiServicePriorities
      .filter(({ group }) => group !== 'apiregistration.k8s.io')
      .map(({ group, version, groupPriority, versionPriority }) =>
        apiService(group, version, groupPriority, versionPriority, created),
      ),
  ];
}

function namespaceObjects(name: string, created: string): readonly KubeObject[] {
  return [
    buildObject('v1', 'Namespace', { name, created }),
    buildObject('v1', 'ServiceAccount', { namespace: name, name: 'default', created }),
    // The server fills in its CA, which it creates at its start.
    buildObject(
      'v1',
      'ConfigMap',
      {
        namespace: name,
        name: 'kube-root-ca.crt',
        created,
        annotations: {
          'kubernetes.io/description':
            'The CA bundle with which the certificate of this API server can be checked from within pods.',
        },
      },
      { data: { 'ca.crt': '' } },
    ),
  ];
}

function buildNode(node: SeedNode, now: Date, roles: JsonObject): KubeObject {
  const created = ago(now, clusterAge);
  const isControlPlane = node === controlPlane;
  const heartbeat = ago(now, 2 * minute);
  const resources = { cpu: '4', 'ephemeral-storage': '101430960Ki', memory: '8129836Ki', pods: '110' };
  const condition = (type: string, status: string, reason: string, message: string): JsonObject => ({
    type,
    status,
    lastHeartbeatTime: heartbeat,
    lastTransitionTime: created,
    reason,
    message,
  });
  return buildObject(
    'v1',
    'Node',
    {
      name: node.name,
      created,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': node.name,
        'kubernetes.io/os': 'linux',
        ...roles,
      },
    },
    {
      spec: {
        podCIDR: podRange(node),
        podCIDRs: [podRange(node)],
        providerID: `sandbox://${node.name}`,
        ...(isControlPlane
          ? { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] }
          : {}),
      },
      status: {
        capacity: resources,
        allocatable: resources,
        conditions: [
          condition(
            'MemoryPressure',
            'False',
            'KubeletHasSufficientMemory',
            'kubelet has sufficient memory available',
          ),
          condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
          condition(
            'PIDPressure',
            'False',
            'KubeletHasSufficientPID',
            'kubelet has sufficient PID available',
          ),
          condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
        ],
        addresses: [
          { type: 'InternalIP', address: node.ip },
          { type: 'Hostname', address: node.name },
        ],
        daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
        nodeInfo: {
          machineID: seedUid('Node', 'machine', node.name).replaceAll('-', ''),
          systemUUID: seedUid('Node', 'system', node.name),
          bootID: seedUid('Node', 'boot', node.name),
          kernelVersion: '6.12.0-sandbox',
          osImage: 'kapi sandbox (no real machine)',
          containerRuntimeVersion: 'containerd://2.1.4',
          kubeletVersion: 'v1.36.3',
          kubeProxyVersion: '',
          operatingSystem: 'linux',
          architecture: 'amd64',
        },
      },
    },
  );
}

function podRange(node: SeedNode): string {
  return `10.244.${seedNodes.indexOf(node)}.0/24`;
}

function nodeLease(node: SeedNode, now: Date): KubeObject {
  const owner = buildObject('v1', 'Node', { name: node.name, created: '' });
  const lease = buildObject(
    'coordination.k8s.io/v1',
    'Lease',
    { namespace: 'kube-node-lease', name: node.name, created: ago(now, clusterAge) },
    {
      spec: {
        holderIdentity: node.name,
        leaseDurationSeconds: 40,
        renewTime: ago(now, 0).replace('Z', '.000000Z'),
      },
    },
  );
  const reference = { apiVersion: 'v1', kind: 'Node', name: node.name, uid: metadataOf(owner).uid };
  return { ...lease, metadata: { ...lease.metadata, ownerReferences: [reference] } };
}

function apiService(
  group: string,
  version: string,
  groupPriority: number,
  versionPriority: number,
  created: string,
): KubeObject {
  return buildObject(
    'apiregistration.k8s.io/v1',
    'APIService',
    {
      name: `${version}.${group}`,
      created,
      labels: { 'kube-aggregator.kubernetes.io/automanaged': 'onstart' },
    },
    {
      spec: {
        ...(group === '' ? {} : { group }),
        version,
        groupPriorityMinimum: groupPriority,
        versionPriority,
      },
      status: {
        conditions: [
          {
            type: 'Available',
            status: 'True',
            lastTransitionTime: created,
            reason: 'Local',
            message: 'Local APIServices are always available',
          },
        ],
      },
    },
  );
}

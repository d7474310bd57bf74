// The objects of every cluster: namespaces, nodes, service accounts, API services, default roles,
// and jane's right to read pods in `dev`. Entry point: `seedCluster`.

import type { JsonObject, KubeObject } from '../../model/object.ts';
import { defaultRbac } from './default-rbac.ts';
import { metadataOf, nameOf } from '../../model/fields.ts';
import { ago, buildObject, day, minute, seedUid } from './objects.ts';
import { apiServicePriorities } from '../types/served-types.ts';

/** A node of the simulated cluster. */
export interface SeedNode {
  readonly name: string;
  readonly ip: string;
}

export const controlPlane: SeedNode = { name: 'sandbox-control-plane', ip: '172.18.0.2' };
export const worker: SeedNode = { name: 'sandbox-worker', ip: '172.18.0.3' };
export const secondWorker: SeedNode = { name: 'sandbox-worker2', ip: '172.18.0.4' };

/** All namespaces, including one for user workloads (`dev`). */
export const seedNamespaces = ['default', 'dev', 'kube-node-lease', 'kube-public', 'kube-system'];

/** Age of the simulated cluster. */
const clusterAge = 12 * day;

/**
 * Returns the objects.
 * @param now all times are relative to it
 */
export function seedCluster(now: Date): readonly KubeObject[] {
  const created = ago(now, clusterAge);
  return [
    ...seedNamespaces.flatMap((name) => namespaceObjects(name, name === 'dev' ? ago(now, 5 * day) : created)),
    ...defaultRbac.map((object) => withServerFields(object, created)),
    ...rbacOfJane(ago(now, 5 * day)),
    buildNode(controlPlane, now, { 'node-role.kubernetes.io/control-plane': '' }),
    buildNode(worker, now, {}),
    buildNode(secondWorker, now, {}),
    ...[controlPlane, worker, secondWorker].map((node) => nodeLease(node, now)),
    ...apiServicePriorities
      .filter(({ group }) => group !== 'apiregistration.k8s.io')
      .map(({ group, version, groupPriority, versionPriority }) =>
        apiService(group, version, groupPriority, versionPriority, created),
      ),
    priorityClass('system-cluster-critical', 2_000_000_000, created),
    priorityClass('system-node-critical', 2_000_001_000, created),
    buildObject(
      'networking.k8s.io/v1',
      'ServiceCIDR',
      { name: 'kubernetes', created, finalizers: ['networking.k8s.io/service-cidr-finalizer'] },
      {
        spec: { cidrs: ['10.96.0.0/16'] },
        status: {
          conditions: [
            {
              type: 'Ready',
              status: 'True',
              lastTransitionTime: created,
              reason: '',
              message: 'Kubernetes Service CIDR is ready',
            },
          ],
        },
      },
    ),
  ];
}

/** Fills in the fields that the server sets when it creates an object. */
function withServerFields(object: KubeObject, created: string): KubeObject {
  const metadata = metadataOf(object);
  const uid = seedUid(object.kind, '', nameOf(object));
  return { ...object, metadata: { name: metadata.name, uid, creationTimestamp: created, ...metadata } };
}

function namespaceObjects(name: string, created: string): readonly KubeObject[] {
  return [
    buildObject(
      'v1',
      'Namespace',
      { name, created, labels: { 'kubernetes.io/metadata.name': name } },
      { spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } },
    ),
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

function rbacOfJane(created: string): readonly KubeObject[] {
  const apiGroup = 'rbac.authorization.k8s.io';
  return [
    buildObject(
      `${apiGroup}/v1`,
      'Role',
      { namespace: 'dev', name: 'pod-reader', created },
      { rules: [{ verbs: ['get', 'list', 'watch'], apiGroups: [''], resources: ['pods', 'pods/log'] }] },
    ),
    buildObject(
      `${apiGroup}/v1`,
      'RoleBinding',
      { namespace: 'dev', name: 'jane-reads-pods', created },
      {
        subjects: [{ kind: 'User', apiGroup, name: 'jane' }],
        roleRef: { apiGroup, kind: 'Role', name: 'pod-reader' },
      },
    ),
  ];
}

function buildNode(node: SeedNode, now: Date, roles: JsonObject): KubeObject {
  const created = ago(now, clusterAge);
  const isControlPlane = node === controlPlane;
  const beat = ago(now, 2 * minute);
  const resources = { cpu: '4', 'ephemeral-storage': '101430960Ki', memory: '8129836Ki', pods: '110' };
  const condition = (type: string, status: string, reason: string, message: string): JsonObject => ({
    type,
    status,
    lastHeartbeatTime: beat,
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
  return `10.244.${[controlPlane, worker, secondWorker].indexOf(node)}.0/24`;
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

function priorityClass(name: string, value: number, created: string): KubeObject {
  return buildObject(
    'scheduling.k8s.io/v1',
    'PriorityClass',
    { name, created, generation: 1 },
    {
      value,
      description:
        name === 'system-node-critical'
          ? 'For pods that a node cannot do without.'
          : 'For pods that the cluster needs, on whatever node.',
      preemptionPolicy: 'PreemptLowerPriority',
    },
  );
}

// The objects of every cluster: namespaces, nodes, API services, and what is in cluster.yaml and
// default-rbac.yaml. Entry point: `seedCluster`.

import { objectAt, type JsonObject, type KubeObject } from '../../model/object.ts';
import { defaultRbac } from './default-rbac.ts';
import { metadataOf, specOf } from '../../model/fields.ts';
import manifests from './cluster.yaml';
import { expandManifests } from './expand.ts';
import namespaceTemplates from './namespace.yaml';
import nodeTemplates from './node.yaml';
import { clusterAge, controlPlane, seedNodes, type SeedNode } from './nodes.ts';
import { ago, buildObject, seedUid } from './objects.ts';
import { apiServicePriorities, type ApiServicePriority } from '../types/served-types.ts';

/** All namespaces, including one for user workloads (`dev`). */
export const seedNamespaces = ['default', 'dev', 'kube-node-lease', 'kube-public', 'kube-system'];

/**
 * Returns the objects.
 * @param now all times are relative to it
 */
export function seedCluster(now: Date): readonly KubeObject[] {
  const namespaces = seedNamespaces.flatMap((name) =>
    fill(namespaceTemplates, { name, age: name === 'dev' ? '5d' : '12d' }),
  );
  return [
    ...expandManifests([...namespaces, ...defaultRbac, ...manifests], now),
    ...seedNodes.flatMap((node) => nodeObjects(node, now)),
    ...apiServicePriorities
      .filter(({ group }) => group !== 'apiregistration.k8s.io')
      .map((priority) => apiService(priority, ago(now, clusterAge))),
  ];
}

/** Replaces `$name` in the texts of templates by the value of that name. */
function fill(templates: readonly JsonObject[], values: Readonly<Record<string, string>>): JsonObject[] {
  const filled = (_: string, name: string): string => values[name] ?? '';
  return templates.map((template) => {
    const text = JSON.stringify(template).replaceAll(/\$(\w+)/g, filled);
    return JSON.parse(text) as JsonObject;
  });
}

/** Makes the node, and its Lease, which the node owns without being its controller. */
function nodeObjects(node: SeedNode, now: Date): readonly KubeObject[] {
  const { name, ip } = node;
  const podRange = `10.244.${seedNodes.indexOf(node)}.0/24`;
  const manifests = fill(nodeTemplates, {
    name,
    ip,
    podRange,
    machineID: seedUid('Node', 'machine', name).replaceAll('-', ''),
    systemUUID: seedUid('Node', 'system', name),
    bootID: seedUid('Node', 'boot', name),
    renewTime: ago(now, 0).replace('Z', '.000000Z'),
  });
  return expandManifests(node === controlPlane ? manifests.map(withControlPlaneRole) : manifests, now).map(
    (object) => {
      if (object.kind !== 'Lease') return object;
      const reference = { apiVersion: 'v1', kind: 'Node', name, uid: seedUid('Node', '', name) };
      return { ...object, metadata: { ...object.metadata, ownerReferences: [reference] } };
    },
  );
}

function withControlPlaneRole(manifest: JsonObject): JsonObject {
  if (manifest['kind'] !== 'Node') return manifest;
  const role = 'node-role.kubernetes.io/control-plane';
  const metadata = metadataOf(manifest);
  return {
    ...manifest,
    metadata: { ...metadata, labels: { ...objectAt(metadata, 'labels'), [role]: '' } },
    spec: { ...specOf(manifest), taints: [{ key: role, effect: 'NoSchedule' }] },
  };
}

function apiService(priority: ApiServicePriority, created: string): KubeObject {
  const { group, version, groupPriority, versionPriority } = priority;
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

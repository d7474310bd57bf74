// How lists inside objects are merged: by key, as a set, or as one value. listStrategyOf answers for a path in a type.
// Built-in types from a table of what their Go types declare, custom ones from their schema.

import { arrayAt, objectAt, stringAt, type JsonObject } from '../../model/object.ts';
import type { ServedType } from '../types/types.ts';

/** `keys`: items are told apart by these fields. `set`: scalar items, each once. `atomic`: the list is one value. */
export type ListStrategy =
  | { readonly kind: 'map'; readonly keys: readonly string[]; readonly defaults?: JsonObject }
  | { readonly kind: 'set' }
  | { readonly kind: 'atomic' };

const atomic: ListStrategy = { kind: 'atomic' };
const set: ListStrategy = { kind: 'set' };

function by(...keys: string[]): ListStrategy {
  return { kind: 'map', keys };
}

const ports: ListStrategy = {
  kind: 'map',
  keys: ['containerPort', 'protocol'],
  defaults: { protocol: 'TCP' },
};

const containerLists: Readonly<Record<string, ListStrategy>> = {
  env: by('name'),
  ports,
  volumeMounts: by('mountPath'),
  volumeDevices: by('devicePath'),
  'resources.claims': by('name'),
};

const podSpecLists: Readonly<Record<string, ListStrategy>> = {
  containers: by('name'),
  initContainers: by('name'),
  ephemeralContainers: by('name'),
  volumes: by('name'),
  imagePullSecrets: by('name'),
  hostAliases: by('ip'),
  topologySpreadConstraints: by('topologyKey', 'whenUnsatisfiable'),
  schedulingGates: by('name'),
  resourceClaims: by('name'),
  ...Object.fromEntries(
    ['containers', 'initContainers', 'ephemeralContainers'].flatMap((list) =>
      Object.entries(containerLists).map(([name, strategy]) => [`${list}.${name}`, strategy]),
    ),
  ),
};

/** Where a pod's spec stands in the types that have one. */
const podSpecPaths: Readonly<Record<string, string>> = {
  pods: 'spec',
  podtemplates: 'template.spec',
  replicationcontrollers: 'spec.template.spec',
  'deployments.apps': 'spec.template.spec',
  'replicasets.apps': 'spec.template.spec',
  'statefulsets.apps': 'spec.template.spec',
  'daemonsets.apps': 'spec.template.spec',
  'jobs.batch': 'spec.template.spec',
  'cronjobs.batch': 'spec.jobTemplate.spec.template.spec',
};

const commonLists: Readonly<Record<string, ListStrategy>> = {
  'metadata.ownerReferences': by('uid'),
  'metadata.finalizers': set,
  'status.conditions': by('type'),
};

const typeLists: Readonly<Record<string, Readonly<Record<string, ListStrategy>>>> = {
  pods: { 'status.podIPs': by('ip'), 'status.hostIPs': atomic },
  services: { 'spec.ports': { kind: 'map', keys: ['port', 'protocol'], defaults: { protocol: 'TCP' } } },
  serviceaccounts: { secrets: by('name') },
  nodes: { 'status.addresses': by('type'), 'spec.podCIDRs': set },
  namespaces: { 'spec.finalizers': atomic },
  'horizontalpodautoscalers.autoscaling': { 'spec.metrics': atomic },
  'validatingwebhookconfigurations.admissionregistration.k8s.io': { webhooks: by('name') },
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': { webhooks: by('name') },
  'endpointslices.discovery.k8s.io': { endpoints: atomic, ports: atomic },
  'customresourcedefinitions.apiextensions.k8s.io': { 'spec.versions': atomic },
};

/**
 * @param path field names from the top, lists passed through without an index: `spec.containers.env`
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
export function listStrategyOf(type: ServedType, path: readonly string[]): ListStrategy {
  const dotted = path.join('.');
  const common = commonLists[dotted];
  if (type.custom !== undefined) {
    return path[0] === 'metadata' ? (common ?? atomic) : schemaStrategy(type.custom.schema, path);
  }
  const own = typeLists[type.storedAs]?.[dotted];
  if (own !== undefined) return own;
  const podSpec = podSpecPaths[type.storedAs];
  if (podSpec !== undefined && dotted.startsWith(`${podSpec}.`)) {
    const inPod = podSpecLists[dotted.slice(podSpec.length + 1)];
    if (inPod !== undefined) return inPod;
  }
  return common ?? atomic;
}

/** Strategic merge goes by a single key, which for ports and constraints is the first of the two. */
export function mergeKeyOf(type: ServedType, path: readonly string[]): string | undefined {
  const strategy = listStrategyOf(type, path);
  return strategy.kind === 'map' ? strategy.keys[0] : undefined;
}

function schemaStrategy(schema: JsonObject | undefined, path: readonly string[]): ListStrategy {
  let at = schema;
  for (const step of path) {
    if (stringAt(at, 'type') === 'array') at = objectAt(at, 'items');
    at = objectAt(objectAt(at, 'properties'), step) ?? objectAt(at, 'additionalProperties');
  }
  const kind = stringAt(at, 'x-kubernetes-list-type');
  if (kind === 'set') return set;
  if (kind !== 'map') return atomic;
  return by(...arrayAt(at, 'x-kubernetes-list-map-keys').filter((key) => typeof key === 'string'));
}

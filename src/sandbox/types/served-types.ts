// The built-in resource types of a v1.36 API server in discovery order, with the behaviour of their
// strategies. Entry point: `servedTypes`. crd.ts makes types from CustomResourceDefinitions.

import { createHash } from 'node:crypto';
import { apiVersionOf, groupResourceOf, parseApiVersion } from '../../model/resource.ts';
import type { Subresource } from '../../model/resource.ts';
import type { ServedType } from './types.ts';

/**
 * Differences from the usual type, which is namespaced, has all verbs and no subresource, and is
 * stored in the served version.
 */
interface Traits {
  readonly short?: readonly string[];
  readonly categories?: readonly string[];
  readonly cluster?: boolean;
  readonly verbs?: readonly string[];
  readonly sub?: readonly SubresourceTraits[];
  readonly generation?: boolean;
  readonly selectors?: readonly string[];
  readonly createOnUpdate?: boolean;
  readonly unconditionalUpdate?: boolean;
  readonly virtual?: boolean;
  readonly storedAs?: string;
  readonly storedVersion?: string;
  /** The version for the storage hash, if it is neither the served nor the stored one. */
  readonly hashVersion?: string;
}

interface SubresourceTraits {
  readonly name: string;
  readonly verbs: readonly string[];
  /** Default: the parent's. */
  readonly apiVersion?: string;
  readonly kind?: string;
}

const everyVerb = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const changing = ['get', 'patch', 'update'];
const proxying = ['create', 'delete', 'get', 'patch', 'update'];

const status: SubresourceTraits = { name: 'status', verbs: changing };
const scale: SubresourceTraits = {
  name: 'scale',
  verbs: changing,
  apiVersion: 'autoscaling/v1',
  kind: 'Scale',
};

const all = ['all'];
const extensions = ['api-extensions'];
/** Traits of a type that is not stored, so it supports only POST. */
const review: Traits = { verbs: ['create'], virtual: true };
const clusterReview: Traits = { ...review, cluster: true };
/**
 * Traits of a cluster configuration object that has a generation and requires a resourceVersion for
 * updates.
 */
const guarded: Traits = { cluster: true, generation: true, unconditionalUpdate: false };

/**
 * Returns the StorageVersionHash of discovery: the first eight bytes of SHA-256 over group, version
 * and kind in storage.
 * @see https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.36/#apiresource-v1-meta
 */
export function storageVersionHash(group: string, version: string, kind: string): string {
  return createHash('sha256')
    .update(`${group}/${version}/${kind}`)
    .digest()
    .subarray(0, 8)
    .toString('base64');
}

/**
 * The built-in types in the order of `/api` and `/apis`, and within a group version in discovery
 * order.
 */
export const servedTypes: readonly ServedType[] = [
  ...groupVersion('v1', [
    ['bindings', 'Binding', review],
    [
      'componentstatuses',
      'ComponentStatus',
      { short: ['cs'], cluster: true, verbs: ['get', 'list'], virtual: true },
    ],
    ['configmaps', 'ConfigMap', { short: ['cm'] }],
    ['endpoints', 'Endpoints', { short: ['ep'], createOnUpdate: true }],
    [
      'events',
      'Event',
      {
        short: ['ev'],
        createOnUpdate: true,
        selectors: [
          'involvedObject.kind',
          'involvedObject.namespace',
          'involvedObject.name',
          'involvedObject.uid',
          'involvedObject.apiVersion',
          'involvedObject.resourceVersion',
          'involvedObject.fieldPath',
          'reason',
          'reportingComponent',
          'source',
          'type',
        ],
      },
    ],
    ['limitranges', 'LimitRange', { short: ['limits'], createOnUpdate: true }],
    [
      'namespaces',
      'Namespace',
      {
        short: ['ns'],
        cluster: true,
        verbs: everyVerb.filter((verb) => verb !== 'deletecollection'),
        sub: [{ name: 'finalize', verbs: ['update'] }, status],
        selectors: ['status.phase'],
      },
    ],
    [
      'nodes',
      'Node',
      {
        short: ['no'],
        cluster: true,
        sub: [{ name: 'proxy', verbs: proxying, kind: 'NodeProxyOptions' }, status],
        selectors: ['spec.unschedulable'],
      },
    ],
    ['persistentvolumeclaims', 'PersistentVolumeClaim', { short: ['pvc'], sub: [status] }],
    ['persistentvolumes', 'PersistentVolume', { short: ['pv'], cluster: true, sub: [status] }],
    [
      'pods',
      'Pod',
      {
        short: ['po'],
        categories: all,
        generation: true,
        sub: [
          { name: 'attach', verbs: ['create', 'get'], kind: 'PodAttachOptions' },
          { name: 'binding', verbs: ['create'], kind: 'Binding' },
          { name: 'ephemeralcontainers', verbs: changing },
          { name: 'eviction', verbs: ['create'], apiVersion: 'policy/v1', kind: 'Eviction' },
          { name: 'exec', verbs: ['create', 'get'], kind: 'PodExecOptions' },
          { name: 'log', verbs: ['get'] },
          { name: 'portforward', verbs: ['create', 'get'], kind: 'PodPortForwardOptions' },
          { name: 'proxy', verbs: proxying, kind: 'PodProxyOptions' },
          { name: 'resize', verbs: changing },
          status,
        ],
        selectors: [
          'spec.nodeName',
          'spec.restartPolicy',
          'spec.schedulerName',
          'spec.serviceAccountName',
          'spec.hostNetwork',
          'status.phase',
          'status.podIP',
          'status.podIPs',
          'status.nominatedNodeName',
        ],
      },
    ],
    ['podtemplates', 'PodTemplate', { generation: true }],
    [
      'replicationcontrollers',
      'ReplicationController',
      {
        short: ['rc'],
        categories: all,
        sub: [scale, status],
        generation: true,
        selectors: ['status.replicas'],
      },
    ],
    ['resourcequotas', 'ResourceQuota', { short: ['quota'], sub: [status] }],
    ['secrets', 'Secret', { selectors: ['type'] }],
    [
      'serviceaccounts',
      'ServiceAccount',
      {
        short: ['sa'],
        sub: [
          { name: 'token', verbs: ['create'], apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest' },
        ],
      },
    ],
    [
      'services',
      'Service',
      {
        short: ['svc'],
        categories: all,
        createOnUpdate: true,
        sub: [{ name: 'proxy', verbs: proxying, kind: 'ServiceProxyOptions' }, status],
        selectors: ['spec.clusterIP', 'spec.type'],
      },
    ],
  ]),
  ...groupVersion('apiregistration.k8s.io/v1', [
    [
      'apiservices',
      'APIService',
      { cluster: true, categories: extensions, sub: [status], unconditionalUpdate: false },
    ],
  ]),
  ...groupVersion('apps/v1', [
    ['controllerrevisions', 'ControllerRevision', {}],
    ['daemonsets', 'DaemonSet', { short: ['ds'], categories: all, sub: [status], generation: true }],
    [
      'deployments',
      'Deployment',
      { short: ['deploy'], categories: all, sub: [scale, status], generation: true },
    ],
    ['replicasets', 'ReplicaSet', { short: ['rs'], categories: all, sub: [scale, status], generation: true }],
    [
      'statefulsets',
      'StatefulSet',
      { short: ['sts'], categories: all, sub: [scale, status], generation: true },
    ],
  ]),
  ...groupVersion('events.k8s.io/v1', [
    [
      'events',
      'Event',
      {
        short: ['ev'],
        createOnUpdate: true,
        storedAs: 'events',
        storedVersion: 'v1',
        selectors: [
          'reason',
          'regarding.kind',
          'regarding.namespace',
          'regarding.name',
          'regarding.uid',
          'regarding.apiVersion',
          'regarding.resourceVersion',
          'regarding.fieldPath',
          'reportingController',
          'type',
        ],
      },
    ],
  ]),
  ...groupVersion('authentication.k8s.io/v1', [
    ['selfsubjectreviews', 'SelfSubjectReview', clusterReview],
    ['tokenreviews', 'TokenReview', clusterReview],
  ]),
  ...groupVersion('authorization.k8s.io/v1', [
    ['localsubjectaccessreviews', 'LocalSubjectAccessReview', review],
    ['selfsubjectaccessreviews', 'SelfSubjectAccessReview', clusterReview],
    ['selfsubjectrulesreviews', 'SelfSubjectRulesReview', clusterReview],
    ['subjectaccessreviews', 'SubjectAccessReview', clusterReview],
  ]),
  ...groupVersion('autoscaling/v2', [
    [
      'horizontalpodautoscalers',
      'HorizontalPodAutoscaler',
      { short: ['hpa'], categories: all, sub: [status] },
    ],
  ]),
  ...groupVersion('autoscaling/v1', [
    [
      'horizontalpodautoscalers',
      'HorizontalPodAutoscaler',
      { short: ['hpa'], categories: all, sub: [status], storedVersion: 'autoscaling/v2' },
    ],
  ]),
  ...groupVersion('batch/v1', [
    ['cronjobs', 'CronJob', { short: ['cj'], categories: all, sub: [status], generation: true }],
    ['jobs', 'Job', { categories: all, sub: [status], generation: true, selectors: ['status.successful'] }],
  ]),
  ...groupVersion('certificates.k8s.io/v1', [
    [
      'certificatesigningrequests',
      'CertificateSigningRequest',
      {
        short: ['csr'],
        cluster: true,
        sub: [{ name: 'approval', verbs: changing }, status],
        selectors: ['spec.signerName'],
      },
    ],
  ]),
  ...groupVersion('networking.k8s.io/v1', [
    ['ingressclasses', 'IngressClass', { cluster: true, generation: true }],
    ['ingresses', 'Ingress', { short: ['ing'], sub: [status], generation: true }],
    ['ipaddresses', 'IPAddress', { short: ['ip'], cluster: true }],
    ['networkpolicies', 'NetworkPolicy', { short: ['netpol'], generation: true }],
    ['servicecidrs', 'ServiceCIDR', { cluster: true, sub: [status] }],
  ]),
  ...groupVersion('policy/v1', [
    [
      'poddisruptionbudgets',
      'PodDisruptionBudget',
      { short: ['pdb'], sub: [status], generation: true, unconditionalUpdate: false },
    ],
  ]),
  ...groupVersion('rbac.authorization.k8s.io/v1', [
    ['clusterrolebindings', 'ClusterRoleBinding', { cluster: true, createOnUpdate: true }],
    ['clusterroles', 'ClusterRole', { cluster: true, createOnUpdate: true }],
    ['rolebindings', 'RoleBinding', { createOnUpdate: true }],
    ['roles', 'Role', { createOnUpdate: true }],
  ]),
  ...groupVersion('storage.k8s.io/v1', [
    ['csidrivers', 'CSIDriver', { cluster: true, unconditionalUpdate: false }],
    ['csinodes', 'CSINode', { cluster: true, unconditionalUpdate: false }],
    ['csistoragecapacities', 'CSIStorageCapacity', { unconditionalUpdate: false }],
    ['storageclasses', 'StorageClass', { short: ['sc'], cluster: true }],
    ['volumeattachments', 'VolumeAttachment', { cluster: true, sub: [status], unconditionalUpdate: false }],
    ['volumeattributesclasses', 'VolumeAttributesClass', { short: ['vac'], cluster: true }],
  ]),
  ...groupVersion('admissionregistration.k8s.io/v1', [
    [
      'mutatingadmissionpolicies',
      'MutatingAdmissionPolicy',
      {
        ...guarded,

        categories: extensions,
        hashVersion: 'admissionregistration.k8s.io/v1beta1',
      },
    ],
    [
      'mutatingadmissionpolicybindings',
      'MutatingAdmissionPolicyBinding',
      { ...guarded, categories: extensions, hashVersion: 'admissionregistration.k8s.io/v1beta1' },
    ],
    ['mutatingwebhookconfigurations', 'MutatingWebhookConfiguration', { ...guarded, categories: extensions }],
    [
      'validatingadmissionpolicies',
      'ValidatingAdmissionPolicy',
      { ...guarded, categories: extensions, sub: [status] },
    ],
    [
      'validatingadmissionpolicybindings',
      'ValidatingAdmissionPolicyBinding',
      { ...guarded, categories: extensions },
    ],
    [
      'validatingwebhookconfigurations',
      'ValidatingWebhookConfiguration',
      { ...guarded, categories: extensions },
    ],
  ]),
  ...groupVersion('apiextensions.k8s.io/v1', [
    [
      'customresourcedefinitions',
      'CustomResourceDefinition',
      {
        ...guarded,
        short: ['crd', 'crds'],
        categories: extensions,
        sub: [status],
        hashVersion: 'apiextensions.k8s.io/v1beta1',
      },
    ],
  ]),
  ...groupVersion('scheduling.k8s.io/v1', [
    ['priorityclasses', 'PriorityClass', { short: ['pc'], cluster: true, generation: true }],
  ]),
  ...groupVersion('coordination.k8s.io/v1', [
    ['leases', 'Lease', { createOnUpdate: true, unconditionalUpdate: false }],
  ]),
  ...groupVersion('node.k8s.io/v1', [
    ['runtimeclasses', 'RuntimeClass', { cluster: true, createOnUpdate: true, unconditionalUpdate: false }],
  ]),
  ...groupVersion('discovery.k8s.io/v1', [['endpointslices', 'EndpointSlice', { generation: true }]]),
  ...groupVersion('resource.k8s.io/v1', [
    ['deviceclasses', 'DeviceClass', { cluster: true, generation: true }],
    ['resourceclaims', 'ResourceClaim', { sub: [status] }],
    ['resourceclaimtemplates', 'ResourceClaimTemplate', {}],
    [
      'resourceslices',
      'ResourceSlice',
      { cluster: true, generation: true, selectors: ['spec.nodeName', 'spec.driver'] },
    ],
  ]),
  ...groupVersion('flowcontrol.apiserver.k8s.io/v1', [
    ['flowschemas', 'FlowSchema', { cluster: true, sub: [status], generation: true }],
    [
      'prioritylevelconfigurations',
      'PriorityLevelConfiguration',
      { cluster: true, sub: [status], generation: true },
    ],
  ]),
];

/** `spec.groupPriorityMinimum` and `spec.versionPriority` of an APIService. */
export interface ApiServicePriority {
  readonly group: string;
  readonly version: string;
  readonly groupPriority: number;
  readonly versionPriority: number;
}

/**
 * The aggregator's priorities of built-in group versions: the higher group comes first in `/apis`,
 * and within a group the higher version is preferred.
 */
export const apiServicePriorities: readonly ApiServicePriority[] = [
  rank('v1', 18000, 1),
  rank('apps/v1', 17800, 15),
  rank('events.k8s.io/v1', 17750, 15),
  rank('authentication.k8s.io/v1', 17700, 15),
  rank('authorization.k8s.io/v1', 17600, 15),
  rank('autoscaling/v2', 17500, 30),
  rank('autoscaling/v1', 17500, 15),
  rank('batch/v1', 17400, 15),
  rank('certificates.k8s.io/v1', 17300, 15),
  rank('networking.k8s.io/v1', 17200, 15),
  rank('policy/v1', 17100, 15),
  rank('rbac.authorization.k8s.io/v1', 17000, 15),
  rank('storage.k8s.io/v1', 16800, 15),
  rank('admissionregistration.k8s.io/v1', 16700, 15),
  rank('apiextensions.k8s.io/v1', 16700, 15),
  rank('scheduling.k8s.io/v1', 16600, 15),
  rank('coordination.k8s.io/v1', 16500, 15),
  rank('node.k8s.io/v1', 16300, 15),
  rank('discovery.k8s.io/v1', 16200, 15),
  rank('resource.k8s.io/v1', 16200, 21),
  rank('flowcontrol.apiserver.k8s.io/v1', 16100, 21),
];

function rank(apiVersion: string, groupPriority: number, versionPriority: number): ApiServicePriority {
  return { ...parseApiVersion(apiVersion), groupPriority, versionPriority };
}

function groupVersion(
  apiVersion: string,
  types: readonly (readonly [resource: string, kind: string, traits: Traits])[],
): readonly ServedType[] {
  return types.map(([resource, kind, traits]) => servedType(apiVersion, resource, kind, traits));
}

function servedType(apiVersion: string, resource: string, kind: string, traits: Traits): ServedType {
  const { group, version } = parseApiVersion(apiVersion);
  const storedVersion = traits.storedVersion ?? apiVersion;
  const hashed = parseApiVersion(traits.hashVersion ?? storedVersion);
  const virtual = traits.virtual ?? false;
  return {
    group,
    version,
    resource,
    kind,
    singular: kind.toLowerCase(),
    shortNames: traits.short ?? [],
    categories: traits.categories ?? [],
    namespaced: !(traits.cluster ?? false),
    verbs: traits.verbs ?? everyVerb,
    subresources: (traits.sub ?? []).map((sub) => subresource(sub, apiVersionOf({ group, version }), kind)),
    storedAs: traits.storedAs ?? groupResourceOf({ group, resource }),
    storedVersion,
    generation: traits.generation ?? false,
    fieldSelectors: traits.selectors ?? [],
    createOnUpdate: traits.createOnUpdate ?? false,
    unconditionalUpdate: traits.unconditionalUpdate ?? true,
    virtual,
    storageVersionHash: virtual ? '' : storageVersionHash(hashed.group, hashed.version, kind),
  };
}

function subresource(traits: SubresourceTraits, parentVersion: string, parentKind: string): Subresource {
  const { group, version } = parseApiVersion(traits.apiVersion ?? parentVersion);
  return { name: traits.name, group, version, kind: traits.kind ?? parentKind, verbs: traits.verbs };
}

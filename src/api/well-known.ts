// Built-in types whose names mean the same on every server of recent years, so that naming one
// needs no discovery request. Entry point: wellKnownType(). Callers must handle a 404 for the path
// of such a type ({@link Discovery.rediscover}).

import type { ResourceType, Subresource } from '../model/resource.ts';

/**
 * The types by group version. Each row is `plural kind shortnames|- scope categories|-`, followed
 * by the subresources as `name[:[group/version/]Kind]` (default: the kind of the parent).
 *
 * The table has only group versions that have been stable and preferred since Kubernetes 1.24 or
 * earlier. It leaves out on purpose: newer types (ValidatingAdmissionPolicy, DeviceClass,
 * ServiceCIDR, FlowSchema v1), `events` of events.k8s.io (the name means the core type), and types
 * that can only be created (reviews, bindings).
 */
const table: Readonly<Record<string, readonly string[]>> = {
  v1: [
    'configmaps ConfigMap cm N -',
    'endpoints Endpoints ep N -',
    'events Event ev N -',
    'limitranges LimitRange limits N -',
    'namespaces Namespace ns C - finalize status',
    'nodes Node no C - proxy:NodeProxyOptions status',
    'persistentvolumeclaims PersistentVolumeClaim pvc N - status',
    'persistentvolumes PersistentVolume pv C - status',
    'pods Pod po N all attach:PodAttachOptions binding:Binding ephemeralcontainers eviction:policy/v1/Eviction exec:PodExecOptions log portforward:PodPortForwardOptions proxy:PodProxyOptions status',
    'podtemplates PodTemplate - N -',
    'replicationcontrollers ReplicationController rc N all scale:autoscaling/v1/Scale status',
    'resourcequotas ResourceQuota quota N - status',
    'secrets Secret - N -',
    'serviceaccounts ServiceAccount sa N - token:authentication.k8s.io/v1/TokenRequest',
    'services Service svc N all proxy:ServiceProxyOptions status',
  ],
  'apiregistration.k8s.io/v1': ['apiservices APIService - C api-extensions status'],
  'apps/v1': [
    'controllerrevisions ControllerRevision - N -',
    'daemonsets DaemonSet ds N all status',
    'deployments Deployment deploy N all scale:autoscaling/v1/Scale status',
    'replicasets ReplicaSet rs N all scale:autoscaling/v1/Scale status',
    'statefulsets StatefulSet sts N all scale:autoscaling/v1/Scale status',
  ],
  'autoscaling/v2': ['horizontalpodautoscalers HorizontalPodAutoscaler hpa N all status'],
  'batch/v1': ['cronjobs CronJob cj N all status', 'jobs Job - N all status'],
  'certificates.k8s.io/v1': ['certificatesigningrequests CertificateSigningRequest csr C - approval status'],
  'networking.k8s.io/v1': [
    'ingressclasses IngressClass - C -',
    'ingresses Ingress ing N - status',
    'networkpolicies NetworkPolicy netpol N -',
  ],
  'policy/v1': ['poddisruptionbudgets PodDisruptionBudget pdb N - status'],
  'rbac.authorization.k8s.io/v1': [
    'clusterrolebindings ClusterRoleBinding - C -',
    'clusterroles ClusterRole - C -',
    'rolebindings RoleBinding - N -',
    'roles Role - N -',
  ],
  'storage.k8s.io/v1': [
    'csidrivers CSIDriver - C -',
    'csinodes CSINode - C -',
    'csistoragecapacities CSIStorageCapacity - N -',
    'storageclasses StorageClass sc C -',
    'volumeattachments VolumeAttachment - C - status',
  ],
  'admissionregistration.k8s.io/v1': [
    'mutatingwebhookconfigurations MutatingWebhookConfiguration - C api-extensions',
    'validatingwebhookconfigurations ValidatingWebhookConfiguration - C api-extensions',
  ],
  'apiextensions.k8s.io/v1': [
    'customresourcedefinitions CustomResourceDefinition crd,crds C api-extensions status',
  ],
  'scheduling.k8s.io/v1': ['priorityclasses PriorityClass pc C -'],
  'coordination.k8s.io/v1': ['leases Lease - N -'],
  'node.k8s.io/v1': ['runtimeclasses RuntimeClass - C -'],
  'discovery.k8s.io/v1': ['endpointslices EndpointSlice - N -'],
};

const allVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'] as const;
const streamVerbs = ['create', 'get'];

/**
 * Verbs of subresources that are actions rather than parts of the object. The other subresources
 * have `get`, `patch`, `update`.
 */
const subresourceVerbs: Readonly<Record<string, readonly string[]>> = {
  attach: streamVerbs,
  exec: streamVerbs,
  portforward: streamVerbs,
  proxy: ['create', 'delete', 'get', 'patch', 'update'],
  binding: ['create'],
  eviction: ['create'],
  token: ['create'],
  log: ['get'],
  finalize: ['update'],
};

/** Parsed types by row, so that a type is always the same object. */
const parsed = new Map<string, ResourceType>();

/**
 * Returns all well-known types: core group first, then in the order in which servers list their
 * groups.
 */
export function wellKnownTypes(): readonly ResourceType[] {
  return [...typesInRowsWith('')];
}

/**
 * Returns the type that a name means on any server: plural, singular, short name or kind; without a
 * group or with its exact group (`deployments.apps`); without a version or with exactly the version
 * of this table (`deployments.v1.apps`). Returns undefined if only the server can tell.
 */
export function wellKnownType(name: string): ResourceType | undefined {
  const [word = '', ...rest] = name.toLowerCase().split('.');
  const suffix = rest.join('.');
  for (const type of typesInRowsWith(word)) {
    if (isNamed(type, word) && (rest.length === 0 || isSuffixOf(type, suffix))) return type;
  }
  return undefined;
}

/**
 * Yields the types of the rows that contain a lower-case text. Does not parse other rows, because
 * most runs name one type.
 */
function* typesInRowsWith(text: string): Generator<ResourceType> {
  for (const [groupVersion, rows] of Object.entries(table)) {
    for (const row of rows) {
      if (!row.toLowerCase().includes(text)) continue;
      let type = parsed.get(row);
      if (type === undefined) {
        type = parseRow(groupVersion, row);
        parsed.set(row, type);
      }
      yield type;
    }
  }
}

function isNamed(type: ResourceType, word: string): boolean {
  return type.resource === word || type.singular === word || type.shortNames.includes(word);
}

function isSuffixOf({ group, version }: ResourceType, suffix: string): boolean {
  return (group !== '' && suffix === group) || suffix === `${version}.${group}`;
}

function parseRow(groupVersion: string, row: string): ResourceType {
  const [group, version] = splitGroupVersion(groupVersion);
  const [resource = '', kind = '', shortNames = '-', scope = 'N', categories = '-', ...subresources] =
    row.split(' ');
  return {
    group,
    version,
    resource,
    kind,
    singular: kind.toLowerCase(),
    shortNames: splitList(shortNames),
    categories: splitList(categories),
    namespaced: scope === 'N',
    verbs: resource === 'namespaces' ? allVerbs.filter((verb) => verb !== 'deletecollection') : allVerbs,
    subresources: subresources.map((text): Subresource => {
      const [name = '', target = kind] = text.split(':');
      const slash = target.lastIndexOf('/');
      const [ofGroup, ofVersion] = slash < 0 ? [group, version] : splitGroupVersion(target.slice(0, slash));
      return {
        name,
        group: ofGroup,
        version: ofVersion,
        kind: target.slice(slash + 1),
        verbs: subresourceVerbs[name] ?? ['get', 'patch', 'update'],
      };
    }),
  };
}

function splitGroupVersion(text: string): readonly [group: string, version: string] {
  const slash = text.indexOf('/');
  return slash < 0 ? ['', text] : [text.slice(0, slash), text.slice(slash + 1)];
}

function splitList(text: string): string[] {
  return text === '-' ? [] : text.split(',');
}

// The details of an object by type, in addition to its conditions, containers and events. Entry
// point: detailsOf(). Pure.

import { ageOf, humanDuration } from '../../model/age.ts';
import {
  booleanAt,
  contentOf,
  lastAppliedKey,
  nameOf,
  numberAt,
  objectsAt,
  quantityTextAt,
  specOf,
  statusOf,
  stringEntries,
} from '../../model/fields.ts';
import {
  arrayAt,
  isJsonArray,
  isJsonObject,
  objectAt,
  stringAt,
  stringsAt,
  type Json,
  type JsonObject,
  type KubeObject,
} from '../../model/object.ts';
import { groupResourceOf, type ResourceType } from '../../model/resource.ts';
import { quantitiesText, seccompText } from './containers.ts';
import { networkPolicyEntries } from './network-policy.ts';
import { podRequestText, requestedLines } from './pod-requests.ts';
import {
  claimText,
  mapText,
  selectorText,
  sourceText,
  spreadText,
  templateLines,
  tolerationText,
  volumeText,
} from './pod-template.ts';
import { replicasOf } from './problems.ts';
import type { Detail, Related } from './summary.ts';

interface DetailInput {
  readonly type: ResourceType;
  readonly object: KubeObject;
  readonly related: Related;
  /** The cells of the server's table, by the names of their columns. */
  readonly cells: ReadonlyMap<string, string>;
  readonly now: Date;
}

/** A name with its lines. Entries without lines are omitted. */
export type Entry = readonly [name: string, lines: string | readonly string[]];

const makers: Readonly<Record<string, (input: DetailInput) => readonly Entry[]>> = {
  pods: podDetails,
  nodes: nodeDetails,
  'deployments.apps': workloadDetails,
  'replicasets.apps': workloadDetails,
  'statefulsets.apps': workloadDetails,
  'daemonsets.apps': workloadDetails,
  replicationcontrollers: workloadDetails,
  'jobs.batch': jobDetails,
  'cronjobs.batch': cronJobDetails,
  services: serviceDetails,
  'ingresses.networking.k8s.io': ingressDetails,
  persistentvolumeclaims: claimDetails,
  persistentvolumes: volumeDetails,
  namespaces: namespaceDetails,
  resourcequotas: ({ object }) => quotaLines(object).map((line): Entry => ['Quota', line]),
  limitranges: ({ object }) => [['Limits', limitLines(object)]],
  'horizontalpodautoscalers.autoscaling': autoscalerDetails,
  configmaps: ({ object }) => dataLines(object).map((line): Entry => ['Data', line]),
  secrets: secretDetails,
  'networkpolicies.networking.k8s.io': ({ object }) => networkPolicyEntries(specOf(object)),
  serviceaccounts: ({ object }) => [
    ['Secrets', names(object, 'secrets')],
    ['Pull secrets', names(object, 'imagePullSecrets')],
  ],
  'roles.rbac.authorization.k8s.io': ({ object }) => [['Rules', ruleLines(object)]],
  'clusterroles.rbac.authorization.k8s.io': ({ object }) => [['Rules', ruleLines(object)]],
  'rolebindings.rbac.authorization.k8s.io': bindingDetails,
  'clusterrolebindings.rbac.authorization.k8s.io': bindingDetails,
};

/**
 * Returns the details of an object. Unknown types have the columns of the server's table and the
 * first fields of their content.
 */
export function detailsOf(input: DetailInput): readonly Detail[] {
  const { type, object, cells } = input;
  const make = Object.hasOwn(makers, groupResourceOf(type)) ? makers[groupResourceOf(type)] : undefined;
  const { metadata } = object;
  const isSecret = type.group === '' && type.resource === 'secrets';
  const entries: readonly Entry[] = [
    ...generationEntry(object),
    ...(make === undefined ? [...columnEntries(cells), ...contentEntries(object)] : make(input)),
    ['Labels', stringEntries(objectAt(metadata, 'labels')).map(([key, value]) => `${key}=${value}`)],
    [
      'Annotations',
      isSecret
        ? Object.keys(objectAt(metadata, 'annotations') ?? {})
        : stringEntries(objectAt(metadata, 'annotations'))
            .filter(([key]) => key !== lastAppliedKey)
            .map(([key, value]) => `${key}=${short(value)}`),
    ],
  ];
  const joined = new Map<string, string[]>();
  for (const [name, lines] of entries) {
    const filled = (typeof lines === 'string' ? [lines] : lines).filter((line) => line !== '');
    if (filled.length > 0) joined.set(name, [...(joined.get(name) ?? []), ...filled]);
  }
  return [...joined].map(([name, lines]) => ({ name, lines }));
}

function short(text: string, max = 100): string {
  const line = text.replaceAll(/\s*\n\s*/g, ' ');
  return line.length > max ? `${line.slice(0, max - 1)}…` : line;
}

function generationEntry(object: KubeObject): readonly Entry[] {
  const generation = numberAt(object.metadata, 'generation');
  const seen = numberAt(statusOf(object), 'observedGeneration', generation);
  if (seen >= generation) return [];
  return [
    ['Not up to date', `the status is for generation ${seen}, the specification is generation ${generation}`],
  ];
}

/** Returns the server's columns, without those that every summary has. */
function columnEntries(cells: ReadonlyMap<string, string>): readonly Entry[] {
  return [...cells]
    .filter(([name, value]) => !/^(?:Name|Namespace|Age)$/i.test(name) && value !== '' && value !== '<none>')
    .map(([name, value]): Entry => [name, short(value)]);
}

const maxContentLines = 100;
/** Deeper content is one line of JSON: a schema in a CustomResourceDefinition, for example. */
const maxContentDepth = 6;

/** Returns the scalar fields of an object as paths, without conditions. */
function contentEntries(object: KubeObject): readonly Entry[] {
  const lines: string[] = [];
  let left = 0;
  const walk = (value: Json | undefined, path: string, depth: number): void => {
    if (value === undefined || value === null || path === 'status.conditions') return;
    if (isJsonObject(value) && depth < maxContentDepth) {
      for (const [key, inner] of Object.entries(value))
        walk(inner, path === '' ? key : `${path}.${key}`, depth + 1);
      return;
    }
    if (isJsonArray(value) && !value.some((item) => typeof item === 'object')) {
      add(`${path}: ${short(value.map(String).join(', '))}`);
      return;
    }
    if (isJsonArray(value) && depth < maxContentDepth) {
      value.forEach((item, index) => walk(item, `${path}[${index}]`, depth + 1));
      return;
    }
    add(
      `${path}: ${typeof value === 'object' ? short(JSON.stringify(value, bigintText)) : short(String(value))}`,
    );
  };
  const add = (line: string): void => {
    if (lines.length < maxContentLines) lines.push(line);
    else left += 1;
  };
  walk(contentOf(object), '', 0);
  if (left > 0) lines.push(`and ${left} more ${left === 1 ? 'field' : 'fields'}`);
  return [['Fields', lines]];
}

function bigintText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

function podDetails({ object, now }: DetailInput): readonly Entry[] {
  const spec = specOf(object);
  const status = statusOf(object);
  const ips = objectsAt(status, 'podIPs').map((ip) => stringAt(ip, 'ip'));
  const owner = stringAt(status, 'nominatedNodeName');
  return [
    [
      'Node',
      [stringAt(spec, 'nodeName'), stringAt(status, 'hostIP')].filter((text) => text !== '').join(' '),
    ],
    ['Nominated node', owner],
    ['IP', ips.length > 0 ? ips.join(', ') : stringAt(status, 'podIP')],
    ['Started', agoText(stringAt(status, 'startTime'), now)],
    [
      'Reason',
      [stringAt(status, 'reason'), stringAt(status, 'message')].filter((text) => text !== '').join(': '),
    ],
    ['Service account', stringAt(spec, 'serviceAccountName')],
    ['Seccomp', seccompText(spec)],
    ['Requests', quantitiesText(objectAt(objectAt(spec, 'resources'), 'requests'))],
    ['Limits', quantitiesText(objectAt(objectAt(spec, 'resources'), 'limits'))],
    ['Scheduling group', stringAt(objectAt(spec, 'schedulingGroup'), 'podGroupName')],
    ['QoS class', stringAt(status, 'qosClass')],
    [
      'Priority',
      [stringAt(spec, 'priorityClassName'), quantityTextAt(spec, 'priority')]
        .filter((text) => text !== '')
        .join(' '),
    ],
    ['Runtime class', stringAt(spec, 'runtimeClassName')],
    ['Restart policy', stringAt(spec, 'restartPolicy')],
    [
      'Deadline',
      spec['activeDeadlineSeconds'] === undefined ? '' : `${numberAt(spec, 'activeDeadlineSeconds')}s`,
    ],
    ['Node selector', mapText(objectAt(spec, 'nodeSelector'))],
    ['Tolerations', objectsAt(spec, 'tolerations').map(tolerationText)],
    ['Topology spread', objectsAt(spec, 'topologySpreadConstraints').map(spreadText)],
    ['Scheduling gates', names(spec, 'schedulingGates')],
    ['Readiness gates', objectsAt(spec, 'readinessGates').map((gate) => stringAt(gate, 'conditionType'))],
    ['Pull secrets', names(spec, 'imagePullSecrets')],
    ['Volumes', objectsAt(spec, 'volumes').map(volumeText)],
  ];
}

function nodeDetails({ object, related, cells, now }: DetailInput): readonly Entry[] {
  const spec = specOf(object);
  const status = statusOf(object);
  const info = objectAt(status, 'nodeInfo');
  const pods = related.pods?.filter(
    (pod) => !/^(?:Succeeded|Failed)$/.test(stringAt(statusOf(pod), 'phase')),
  );
  const allocatable = objectAt(status, 'allocatable') ?? objectAt(status, 'capacity');
  const lease = related.lease === undefined ? '' : stringAt(specOf(related.lease), 'renewTime');
  return [
    ['Roles', cells.get('Roles') ?? ''],
    ['Unschedulable', booleanAt(spec, 'unschedulable') ? 'yes: new pods go elsewhere' : ''],
    [
      'Taints',
      objectsAt(spec, 'taints').map(
        (taint) => `${stringAt(taint, 'key')}=${stringAt(taint, 'value')}:${stringAt(taint, 'effect')}`,
      ),
    ],
    [
      'Addresses',
      objectsAt(status, 'addresses').map(
        (address) => `${stringAt(address, 'type')} ${stringAt(address, 'address')}`,
      ),
    ],
    ['Kubelet', stringAt(info, 'kubeletVersion')],
    [
      'System',
      ['osImage', 'operatingSystem', 'kernelVersion', 'architecture', 'containerRuntimeVersion']
        .map((key) => stringAt(info, key))
        .filter((text) => text !== '')
        .join(', '),
    ],
    [
      'IDs',
      [
        ['machine', 'machineID'],
        ['system', 'systemUUID'],
        ['boot', 'bootID'],
      ].flatMap(([name = '', key = '']) =>
        stringAt(info, key) === '' ? [] : [`${name} ${stringAt(info, key)}`],
      ),
    ],
    ['Pod CIDRs', stringsAt(spec, 'podCIDRs').join(', ')],
    ['Provider ID', stringAt(spec, 'providerID')],
    ['Lease renewed', agoText(lease, now)],
    ['Capacity', quantitiesText(objectAt(status, 'capacity'))],
    ['Allocatable', quantitiesText(allocatable)],
    ['Requested', pods === undefined ? '' : requestedLines(pods, allocatable)],
    [
      'Pods',
      pods === undefined
        ? ''
        : [
            `${pods.length} of ${quantityTextAt(allocatable, 'pods') || 'unknown'}`,
            ...pods.map((pod) => {
              const requests = podRequestText(pod);
              return `${stringAt(pod.metadata, 'namespace')}/${nameOf(pod)}${requests === '' ? '' : `: ${requests}`}`;
            }),
          ],
    ],
  ];
}

function workloadDetails({ object }: DetailInput): readonly Entry[] {
  const spec = specOf(object);
  const status = statusOf(object);
  const replicas = replicasOf(object);
  const strategy = objectAt(spec, 'strategy') ?? objectAt(spec, 'updateStrategy');
  const rolling = objectAt(strategy, 'rollingUpdate');
  const counts = (
    [
      ['updated', 'updatedReplicas'],
      ['updated', 'updatedNumberScheduled'],
      ['current', 'currentReplicas'],
      ['available', 'availableReplicas'],
      ['available', 'numberAvailable'],
      ['unavailable', 'unavailableReplicas'],
      ['unavailable', 'numberUnavailable'],
      ['misscheduled', 'numberMisscheduled'],
      ['terminating', 'terminatingReplicas'],
    ] as const
  )
    .filter(([, key]) => status[key] !== undefined)
    .map(([name, key]) => `${numberAt(status, key)} ${name}`);
  return [
    ['Replicas', [`${replicas?.wanted ?? 0} wanted`, `${replicas?.ready ?? 0} ready`, ...counts].join(', ')],
    ['Paused', booleanAt(spec, 'paused') ? 'yes: changes of the template wait' : ''],
    [
      'Strategy',
      [
        stringAt(strategy, 'type') || stringAt(spec, 'podManagementPolicy'),
        ...['maxUnavailable', 'maxSurge', 'partition']
          .filter((key) => quantityTextAt(rolling, key) !== '')
          .map((key) => `${key} ${quantityTextAt(rolling, key)}`),
      ]
        .filter((text) => text !== '')
        .join(', '),
    ],
    [
      'Progress deadline',
      spec['progressDeadlineSeconds'] === undefined ? '' : `${numberAt(spec, 'progressDeadlineSeconds')}s`,
    ],
    ['Min ready', numberAt(spec, 'minReadySeconds') === 0 ? '' : `${numberAt(spec, 'minReadySeconds')}s`],
    [
      'Revision',
      stringAt(objectAt(object.metadata, 'annotations'), 'deployment.kubernetes.io/revision') ||
        stringAt(status, 'updateRevision'),
    ],
    ['Service', stringAt(spec, 'serviceName')],
    ['Selector', selectorText(spec)],
    ['Template', templateLines(spec)],
    [
      'Volume claims',
      objectsAt(spec, 'volumeClaimTemplates').map(
        (claim) => `${stringAt(objectAt(claim, 'metadata'), 'name')}: ${claimText(specOf(claim))}`,
      ),
    ],
  ];
}

function jobDetails({ object, now }: DetailInput): readonly Entry[] {
  const spec = specOf(object);
  const status = statusOf(object);
  const [started, ended] = [stringAt(status, 'startTime'), stringAt(status, 'completionTime')];
  const took = Date.parse(ended) - Date.parse(started);
  return [
    [
      'Pods',
      ['active', 'ready', 'succeeded', 'failed', 'terminating']
        .filter((key) => status[key] !== undefined)
        .map((key) => `${numberAt(status, key)} ${key}`)
        .join(', '),
    ],
    ['Completions', `${numberAt(status, 'succeeded')} of ${numberAt(spec, 'completions', 1)}`],
    ['Completion mode', stringAt(spec, 'completionMode')],
    ['Completed indexes', stringAt(status, 'completedIndexes')],
    ['Failed indexes', stringAt(status, 'failedIndexes')],
    ['Parallelism', String(numberAt(spec, 'parallelism', 1))],
    ['Backoff limit', String(numberAt(spec, 'backoffLimit', 6))],
    [
      'Deadline',
      spec['activeDeadlineSeconds'] === undefined ? '' : `${numberAt(spec, 'activeDeadlineSeconds')}s`,
    ],
    [
      'Deleted after',
      spec['ttlSecondsAfterFinished'] === undefined
        ? ''
        : `${numberAt(spec, 'ttlSecondsAfterFinished')}s from the end`,
    ],
    ['Suspended', booleanAt(spec, 'suspend') ? 'yes' : ''],
    ['Started', agoText(started, now)],
    ['Completed', Number.isNaN(took) ? '' : `${agoText(ended, now)}, after ${humanDuration(took)}`],
    ['Selector', selectorText(spec)],
    ['Template', templateLines(spec)],
  ];
}

function cronJobDetails({ object, now }: DetailInput): readonly Entry[] {
  const spec = specOf(object);
  const job = objectAt(objectAt(spec, 'jobTemplate'), 'spec') ?? {};
  const status = statusOf(object);
  return [
    [
      'Schedule',
      [stringAt(spec, 'schedule'), stringAt(spec, 'timeZone')].filter((text) => text !== '').join(' '),
    ],
    ['Suspended', booleanAt(spec, 'suspend') ? 'yes' : ''],
    ['Concurrency', stringAt(spec, 'concurrencyPolicy')],
    [
      'Starting deadline',
      spec['startingDeadlineSeconds'] === undefined ? '' : `${numberAt(spec, 'startingDeadlineSeconds')}s`,
    ],
    [
      'History',
      `${numberAt(spec, 'successfulJobsHistoryLimit', 3)} successful, ${numberAt(spec, 'failedJobsHistoryLimit', 1)} failed`,
    ],
    ['Last schedule', agoText(stringAt(status, 'lastScheduleTime'), now) || 'never'],
    ['Last success', agoText(stringAt(status, 'lastSuccessfulTime'), now)],
    ['Active jobs', names(status, 'active')],
    [
      'Jobs',
      (
        [
          ['completions', 'completions'],
          ['parallelism', 'parallelism'],
          ['backoff limit', 'backoffLimit'],
          ['deadline in seconds', 'activeDeadlineSeconds'],
          ['seconds until deletion', 'ttlSecondsAfterFinished'],
        ] as const
      )
        .filter(([, key]) => job[key] !== undefined)
        .map(([name, key]) => `${name} ${numberAt(job, key)}`)
        .join(', '),
    ],
    ['Template', templateLines(job)],
  ];
}

function serviceDetails({ object, related }: DetailInput): readonly Entry[] {
  const spec = specOf(object);
  const clusterIps = stringsAt(spec, 'clusterIPs');
  return [
    ['Type', stringAt(spec, 'type')],
    ['Cluster IP', clusterIps.length > 0 ? clusterIps.join(', ') : stringAt(spec, 'clusterIP')],
    [
      'IP families',
      [stringsAt(spec, 'ipFamilies').join(', '), stringAt(spec, 'ipFamilyPolicy')]
        .filter((text) => text !== '')
        .join(', '),
    ],
    ['External name', stringAt(spec, 'externalName')],
    ['External IPs', stringsAt(spec, 'externalIPs').join(', ')],
    ['Load balancer', addressText(objectAt(statusOf(object), 'loadBalancer'))],
    ['Wanted load balancer IP', stringAt(spec, 'loadBalancerIP')],
    ['Load balancer sources', stringsAt(spec, 'loadBalancerSourceRanges').join(', ')],
    [
      'Health check port',
      numberAt(spec, 'healthCheckNodePort') !== 0 ? `${numberAt(spec, 'healthCheckNodePort')}` : '',
    ],
    ['Selector', mapText(objectAt(spec, 'selector'))],
    [
      'Ports',
      objectsAt(spec, 'ports').map((port) => {
        const [name, node] = [stringAt(port, 'name'), numberAt(port, 'nodePort')];
        const target = port['targetPort'];
        const to = typeof target === 'string' || typeof target === 'number' ? ` to ${target}` : '';
        return `${numberAt(port, 'port')}/${stringAt(port, 'protocol') || 'TCP'}${name === '' ? '' : ` (${name})`}${to}${node === 0 ? '' : `, node port ${node}`}${stringAt(port, 'appProtocol') === '' ? '' : `, ${stringAt(port, 'appProtocol')}`}`;
      }),
    ],
    [
      'Session affinity',
      stringAt(spec, 'sessionAffinity') === 'None' ? '' : stringAt(spec, 'sessionAffinity'),
    ],
    ['External traffic', stringAt(spec, 'externalTrafficPolicy')],
    ['Internal traffic', stringAt(spec, 'internalTrafficPolicy')],
    ['Endpoints', related.endpointSlices === undefined ? '' : endpointLines(related.endpointSlices)],
  ];
}

/** Returns the addresses of a Service, ready ones first. */
function endpointLines(slices: readonly KubeObject[]): readonly string[] {
  const groups = { ready: new Set<string>(), 'not ready': new Set<string>() };
  for (const slice of slices) {
    const ports = objectsAt(slice, 'ports').map((port) => numberAt(port, 'port'));
    for (const endpoint of objectsAt(slice, 'endpoints')) {
      // Without the condition an endpoint counts as ready.
      const isReady = objectAt(endpoint, 'conditions')?.['ready'] !== false;
      for (const address of stringsAt(endpoint, 'addresses')) {
        groups[isReady ? 'ready' : 'not ready'].add(
          ports.length === 0 ? address : ports.map((port) => `${address}:${port}`).join(' '),
        );
      }
    }
  }
  const lines = Object.entries(groups)
    .filter(([, addresses]) => addresses.size > 0)
    .map(([name, addresses]) => {
      const shown = [...addresses].slice(0, 8).join(', ');
      return `${addresses.size} ${name}: ${shown}${addresses.size > 8 ? ` and ${addresses.size - 8} more` : ''}`;
    });
  return lines.length === 0 ? ['none'] : lines;
}

function addressText(balancer: JsonObject | undefined): string {
  return objectsAt(balancer, 'ingress')
    .map((ingress) => {
      const mode = stringAt(ingress, 'ipMode');
      return `${stringAt(ingress, 'ip') || stringAt(ingress, 'hostname')}${mode === '' ? '' : ` (${mode})`}`;
    })
    .join(', ');
}

function ingressDetails({ object }: DetailInput): readonly Entry[] {
  const spec = specOf(object);
  return [
    ['Class', stringAt(spec, 'ingressClassName')],
    ['Address', addressText(objectAt(statusOf(object), 'loadBalancer'))],
    ['Default backend', backendText(objectAt(spec, 'defaultBackend'))],
    [
      'TLS',
      objectsAt(spec, 'tls').map(
        (tls) =>
          `Secret ${stringAt(tls, 'secretName')} for ${stringsAt(tls, 'hosts').join(', ') || 'all hosts'}`,
      ),
    ],
    [
      'Rules',
      objectsAt(spec, 'rules').flatMap((rule) =>
        objectsAt(objectAt(rule, 'http'), 'paths').map(
          (path) =>
            `${stringAt(rule, 'host') || '*'}${stringAt(path, 'path') || '/'} (${stringAt(path, 'pathType')}) to ${backendText(objectAt(path, 'backend'))}`,
        ),
      ),
    ],
  ];
}

function backendText(backend: JsonObject | undefined): string {
  const service = objectAt(backend, 'service');
  const port = objectAt(service, 'port');
  if (service !== undefined) {
    return `service ${stringAt(service, 'name')}:${stringAt(port, 'name') || String(numberAt(port, 'number'))}`;
  }
  const resource = objectAt(backend, 'resource');
  return resource === undefined ? '' : kindText(resource);
}

/** Formats a reference: `VolumeSnapshot.snapshot.storage.k8s.io yesterday`. */
function kindText(reference: JsonObject | undefined): string {
  const group = stringAt(reference, 'apiGroup');
  return `${stringAt(reference, 'kind')}${group === '' ? '' : `.${group}`} ${stringAt(reference, 'name')}`.trim();
}

function claimDetails({ object, related }: DetailInput): readonly Entry[] {
  const spec = specOf(object);
  const status = statusOf(object);
  const users = related.pods
    ?.filter((pod) =>
      objectsAt(specOf(pod), 'volumes').some(
        (volume) =>
          stringAt(objectAt(volume, 'persistentVolumeClaim'), 'claimName') === nameOf(object) ||
          (objectAt(volume, 'ephemeral') !== undefined &&
            `${nameOf(pod)}-${stringAt(volume, 'name')}` === nameOf(object)),
      ),
    )
    .map(nameOf);
  return [
    ['Volume', stringAt(spec, 'volumeName')],
    ['Storage class', stringAt(spec, 'storageClassName')],
    ['Requested', quantityTextAt(objectAt(objectAt(spec, 'resources'), 'requests'), 'storage')],
    ['Capacity', quantityTextAt(objectAt(status, 'capacity'), 'storage')],
    [
      'Access modes',
      stringsAt(status, 'accessModes').join(', ') || stringsAt(spec, 'accessModes').join(', '),
    ],
    ['Volume mode', stringAt(spec, 'volumeMode')],
    ['Data source', kindText(objectAt(spec, 'dataSource') ?? objectAt(spec, 'dataSourceRef'))],
    ['Used by pods', users === undefined ? '' : users.length === 0 ? 'none' : users.join(', ')],
  ];
}

function volumeDetails({ object }: DetailInput): readonly Entry[] {
  const spec = specOf(object);
  const status = statusOf(object);
  const claim = objectAt(spec, 'claimRef');
  const known =
    /^(?:accessModes|capacity|claimRef|mountOptions|nodeAffinity|persistentVolumeReclaimPolicy|storageClassName|volumeMode|volumeAttributesClassName)$/;
  const [source = ''] = Object.keys(spec).filter((key) => !known.test(key));
  return [
    ['Claim', claim === undefined ? '' : `${stringAt(claim, 'namespace')}/${stringAt(claim, 'name')}`],
    ['Storage class', stringAt(spec, 'storageClassName')],
    ['Capacity', quantityTextAt(objectAt(spec, 'capacity'), 'storage')],
    ['Access modes', stringsAt(spec, 'accessModes').join(', ')],
    ['Reclaim policy', stringAt(spec, 'persistentVolumeReclaimPolicy')],
    ['Volume mode', stringAt(spec, 'volumeMode')],
    ['Source', source === '' ? '' : `${source} ${sourceText(objectAt(spec, source))}`],
    ['Mount options', stringsAt(spec, 'mountOptions').join(', ')],
    ['Attributes class', stringAt(spec, 'volumeAttributesClassName')],
    [
      'Reason',
      [stringAt(status, 'reason'), stringAt(status, 'message')].filter((text) => text !== '').join(': '),
    ],
    [
      'Node affinity',
      objectsAt(objectAt(objectAt(spec, 'nodeAffinity'), 'required'), 'nodeSelectorTerms').map((term) =>
        selectorText({ selector: term }),
      ),
    ],
  ];
}

function namespaceDetails({ related }: DetailInput): readonly Entry[] {
  return [
    ...(related.quotas ?? []).flatMap((quota) =>
      quotaLines(quota).map((line): Entry => ['Quotas', `${nameOf(quota)}: ${line}`]),
    ),
    ...(related.limitRanges ?? []).flatMap((range) =>
      limitLines(range).map((line): Entry => ['Limits', `${nameOf(range)}: ${line}`]),
    ),
  ];
}

function quotaLines(quota: KubeObject): readonly string[] {
  const hard = objectAt(statusOf(quota), 'hard') ?? objectAt(specOf(quota), 'hard');
  const used = objectAt(statusOf(quota), 'used');
  const scopes = stringsAt(specOf(quota), 'scopes');
  return [
    ...Object.keys(hard ?? {})
      .sort()
      .map((name) => `${name} ${quantityTextAt(used, name) || '0'} of ${quantityTextAt(hard, name)}`),
    ...(scopes.length === 0 ? [] : [`scopes ${scopes.join(', ')}`]),
  ];
}

function limitLines(range: KubeObject): readonly string[] {
  return objectsAt(specOf(range), 'limits').map((limit) =>
    [
      stringAt(limit, 'type'),
      ...['min', 'max', 'default', 'defaultRequest', 'maxLimitRequestRatio']
        .filter((key) => objectAt(limit, key) !== undefined)
        .map((key) => `${key} ${quantitiesText(objectAt(limit, key))}`),
    ].join(', '),
  );
}

function autoscalerDetails({ object, now }: DetailInput): readonly Entry[] {
  const spec = specOf(object);
  const status = statusOf(object);
  const target = objectAt(spec, 'scaleTargetRef');
  const current = objectsAt(status, 'currentMetrics');
  return [
    ['Target', `${stringAt(target, 'kind')} ${stringAt(target, 'name')}`],
    [
      'Replicas',
      `${numberAt(status, 'currentReplicas')} now, ${numberAt(status, 'desiredReplicas')} desired, ${numberAt(spec, 'minReplicas', 1)} to ${numberAt(spec, 'maxReplicas')}`,
    ],
    ['Metrics', objectsAt(spec, 'metrics').map((metric, index) => metricLine(metric, current[index]))],
    ...(['scaleUp', 'scaleDown'] as const).map((field): Entry => [
      field === 'scaleUp' ? 'Scale up' : 'Scale down',
      scalingText(objectAt(objectAt(spec, 'behavior'), field)),
    ]),
    ['Last scaled', agoText(stringAt(status, 'lastScaleTime'), now) || 'never'],
  ];
}

function metricLine(metric: JsonObject, current: JsonObject | undefined): string {
  const kind = stringAt(metric, 'type');
  const field = kind.charAt(0).toLowerCase() + kind.slice(1);
  const source = objectAt(metric, field);
  const name = stringAt(source, 'name') || stringAt(objectAt(source, 'metric'), 'name');
  const container = stringAt(source, 'container');
  const about = objectAt(source, 'describedObject');
  const value = metricText(objectAt(objectAt(current, field), 'current'));
  const target = objectAt(source, 'target');
  const isAverage = target?.['averageValue'] !== undefined && kind !== 'Resource';
  return `${kind} ${name}${container === '' ? '' : ` of container ${container}`}${about === undefined ? '' : ` of ${stringAt(about, 'kind')} ${stringAt(about, 'name')}`}: ${value} of ${metricText(target)}${isAverage ? ' on average' : ''}`;
}

function metricText(value: JsonObject | undefined): string {
  const quantity = quantityTextAt(value, 'averageValue') || quantityTextAt(value, 'value');
  if (value?.['averageUtilization'] === undefined) return quantity || 'unknown';
  return `${numberAt(value, 'averageUtilization')}%${quantity === '' ? '' : ` (${quantity})`}`;
}

/** Formats the rules of one direction: `Max of Percent 55 in 16s; stabilization window 61s`. */
function scalingText(rules: JsonObject | undefined): string {
  if (rules === undefined) return '';
  const policies = objectsAt(rules, 'policies').map(
    (policy) =>
      `${stringAt(policy, 'type')} ${numberAt(policy, 'value')} in ${numberAt(policy, 'periodSeconds')}s`,
  );
  const select = stringAt(rules, 'selectPolicy');
  const parts = [
    policies.length === 0 ? select : `${select === '' ? '' : `${select} of `}${policies.join(', ')}`,
    rules['stabilizationWindowSeconds'] === undefined
      ? ''
      : `stabilization window ${numberAt(rules, 'stabilizationWindowSeconds')}s`,
    quantityTextAt(rules, 'tolerance') === '' ? '' : `tolerance ${quantityTextAt(rules, 'tolerance')}`,
  ];
  return parts.filter((text) => text !== '').join('; ');
}

/** Max lines of one value of a ConfigMap. */
const maxValueLines = 20;

/** Returns the keys of a ConfigMap with their values. Long values are cut. */
function dataLines(object: KubeObject): readonly string[] {
  return [
    ...stringEntries(objectAt(object, 'data')).flatMap(([key, value]) => {
      const lines = value.replace(/\r?\n$/, '').split(/\r?\n/);
      if (lines.length === 1) return [`${key}: ${short(value, 200)}`];
      const left = lines.length - maxValueLines;
      return [
        `${key}:`,
        ...lines.slice(0, maxValueLines).map((line) => `  ${short(line, 200)}`),
        ...(left > 0 ? [`  and ${left} more ${left === 1 ? 'line' : 'lines'}`] : []),
      ];
    }),
    ...stringEntries(objectAt(object, 'binaryData')).map(([key]) => `${key}: binary`),
    object['immutable'] === true ? 'immutable' : '',
  ];
}

/** @param object its values are already replaced by their lengths */
function secretDetails({ object }: DetailInput): readonly Entry[] {
  return [
    ['Type', stringAt(object, 'type')],
    ['Immutable', object['immutable'] === true ? 'yes' : ''],
    [
      'Data',
      stringEntries(objectAt(object, 'data')).map(
        ([key, value]) => `${key}: ${value.replace(/ \(hidden.*$/s, '')}`,
      ),
    ],
  ];
}

function ruleLines(object: KubeObject): readonly string[] {
  return objectsAt(object, 'rules').map((rule) => {
    const verbs = stringsAt(rule, 'verbs').join(', ');
    const groups = stringsAt(rule, 'apiGroups');
    const resources = stringsAt(rule, 'resources').flatMap((resource) =>
      groups.map((group) => (group === '' ? resource : `${resource}.${group}`)),
    );
    const only = stringsAt(rule, 'resourceNames');
    const what = [...resources, ...stringsAt(rule, 'nonResourceURLs')].join(', ');
    return `${verbs} on ${what}${only.length === 0 ? '' : ` named ${only.join(', ')}`}`;
  });
}

function bindingDetails({ object }: DetailInput): readonly Entry[] {
  const role = objectAt(object, 'roleRef');
  return [
    ['Role', `${stringAt(role, 'kind')} ${stringAt(role, 'name')}`],
    [
      'Subjects',
      objectsAt(object, 'subjects').map((subject) => {
        const namespace = stringAt(subject, 'namespace');
        return `${stringAt(subject, 'kind')} ${namespace === '' ? '' : `${namespace}/`}${stringAt(subject, 'name')}`;
      }),
    ],
  ];
}

function names(object: JsonObject, key: string): string {
  return arrayAt(object, key)
    .filter(isJsonObject)
    .map((one) => stringAt(one, 'name'))
    .join(', ');
}

/** Formats a time and how long ago it was. Empty if there is none. */
export function agoText(time: string, now: Date): string {
  return time === '' || Number.isNaN(Date.parse(time)) ? '' : `${ageOf(time, now)} ago (${time})`;
}

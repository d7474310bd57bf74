// The details of an object by type, in addition to its conditions, containers and events. Entry
// point: detailsOf(). Pure.

import { ageOf, humanDuration } from '../../model/age.ts';
import {
  booleanAt,
  contentOf,
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
import { addQuantities, parseQuantity, type Quantity } from '../../model/quantity.ts';
import { groupResourceOf, type ResourceType } from '../../model/resource.ts';
import { quantitiesText } from './containers.ts';
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
type Entry = readonly [name: string, lines: string | readonly string[]];

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
            .filter(([key]) => !longAnnotations.has(key))
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

/** Annotations that contain a copy of the whole object. */
const longAnnotations = new Set(['kubectl.kubernetes.io/last-applied-configuration']);

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

const maxContentLines = 24;

/** Returns the scalar fields of an object as paths, without conditions. */
function contentEntries(object: KubeObject): readonly Entry[] {
  const lines: string[] = [];
  let left = 0;
  const walk = (value: Json | undefined, path: string, depth: number): void => {
    if (value === undefined || value === null || path === 'status.conditions') return;
    if (isJsonObject(value) && depth < 4) {
      for (const [key, inner] of Object.entries(value))
        walk(inner, path === '' ? key : `${path}.${key}`, depth + 1);
      return;
    }
    if (isJsonArray(value) && !value.some((item) => typeof item === 'object')) {
      add(`${path}: ${short(value.map(String).join(', '))}`);
      return;
    }
    if (isJsonArray(value) && depth < 4) {
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
    ['Service account', stringAt(spec, 'serviceAccountName')],
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
    ['Scheduling gates', names(spec, 'schedulingGates')],
    ['Readiness gates', objectsAt(spec, 'readinessGates').map((gate) => stringAt(gate, 'conditionType'))],
    ['Pull secrets', names(spec, 'imagePullSecrets')],
    ['Volumes', objectsAt(spec, 'volumes').map(volumeText)],
  ];
}

/**
 * Formats a toleration. @see
 * https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
 */
function tolerationText(toleration: JsonObject): string {
  const key = stringAt(toleration, 'key');
  const value = stringAt(toleration, 'value');
  const effect = stringAt(toleration, 'effect');
  const seconds = toleration['tolerationSeconds'];
  const what = `${key === '' ? 'everything' : key}${value === '' ? '' : `=${value}`}${effect === '' ? '' : `:${effect}`}`;
  return seconds === undefined ? what : `${what} for ${numberAt(toleration, 'tolerationSeconds')}s`;
}

function volumeText(volume: JsonObject): string {
  const [kind = 'unknown'] = Object.keys(volume).filter((key) => key !== 'name');
  const source = objectAt(volume, kind);
  const from = ['claimName', 'secretName', 'name', 'path', 'driver', 'server', 'image', 'reference', 'medium']
    .map((key) => stringAt(source, key))
    .find((text) => text !== '');
  const parts = objectsAt(source, 'sources').map((one) => {
    const [part = ''] = Object.keys(one);
    const name = stringAt(objectAt(one, part), 'name');
    return name === '' ? part : `${part} ${name}`;
  });
  const optional = booleanAt(source, 'optional') ? ' (optional)' : '';
  return `${stringAt(volume, 'name')}: ${kind}${from === undefined ? '' : ` ${from}`}${parts.length === 0 ? '' : ` of ${parts.join(', ')}`}${optional}`;
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
      ['osImage', 'kernelVersion', 'architecture', 'containerRuntimeVersion']
        .map((key) => stringAt(info, key))
        .filter((text) => text !== '')
        .join(', '),
    ],
    ['Pod CIDRs', stringsAt(spec, 'podCIDRs').join(', ')],
    ['Provider ID', stringAt(spec, 'providerID')],
    ['Lease renewed', agoText(lease, now)],
    ['Capacity', quantitiesText(objectAt(status, 'capacity'))],
    ['Allocatable', quantitiesText(allocatable)],
    ['Requested', pods === undefined ? '' : requestedText(pods, allocatable)],
    [
      'Pods',
      pods === undefined
        ? ''
        : [
            `${pods.length} of ${quantityTextAt(allocatable, 'pods') || 'unknown'}`,
            ...pods.slice(0, 20).map((pod) => `${stringAt(pod.metadata, 'namespace')}/${nameOf(pod)}`),
            pods.length > 20 ? `and ${pods.length - 20} more` : '',
          ],
    ],
  ];
}

/** Returns the sums of the requests of some pods, as a share of what a node has. */
function requestedText(pods: readonly KubeObject[], allocatable: JsonObject | undefined): readonly string[] {
  return ['cpu', 'memory', 'ephemeral-storage'].flatMap((resource) => {
    const sums = (['requests', 'limits'] as const).map((kind) => {
      let sum: Quantity | undefined = parseQuantity('0');
      for (const pod of pods) sum = sum && addQuantities(sum, podQuantity(pod, kind, resource));
      return sum;
    });
    const has = parseQuantity(quantityTextAt(allocatable, resource));
    const [requests, limits] = sums.map((sum) => (sum === undefined ? undefined : valueOf(sum)));
    if (requests === undefined || (requests === 0 && (limits ?? 0) === 0)) return [];
    const all = has === undefined ? 0 : valueOf(has);
    const share = (value: number): string => (all === 0 ? '' : ` (${Math.round((value / all) * 100)}%)`);
    const text = (value: number): string =>
      resource === 'cpu' ? `${Math.round(value * 1_000)}m` : `${Math.ceil(value / 1_048_576)}Mi`;
    return [
      `${resource}: requests ${text(requests)}${share(requests)}, limits ${text(limits ?? 0)}${share(limits ?? 0)}`,
    ];
  });
}

/**
 * Returns the request of a pod: the sum of its containers and sidecars, or that of an init
 * container if it is larger.
 */
function podQuantity(pod: KubeObject, kind: 'requests' | 'limits', resource: string): Quantity {
  const zero: Quantity = { sign: 0, digits: 0n, exponent: 0 };
  const of = (container: JsonObject): Quantity =>
    parseQuantity(quantityTextAt(objectAt(objectAt(container, 'resources'), kind), resource)) ?? zero;
  const spec = specOf(pod);
  const inits = objectsAt(spec, 'initContainers');
  const running = [
    ...objectsAt(spec, 'containers'),
    ...inits.filter((container) => container['restartPolicy'] === 'Always'),
  ];
  const sum = [
    ...running.map(of),
    parseQuantity(quantityTextAt(objectAt(spec, 'overhead'), resource)) ?? zero,
  ].reduce((all, one) => addQuantities(all, one) ?? all, zero);
  return [sum, ...inits.map(of)].reduce((max, one) => (valueOf(one) > valueOf(max) ? one : max));
}

function valueOf({ sign, digits, exponent }: Quantity): number {
  return Number(`${sign < 0 ? '-' : ''}${digits}e${exponent}`);
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
        (claim) =>
          `${nameOf(claim)}: ${quantityTextAt(objectAt(objectAt(specOf(claim), 'resources'), 'requests'), 'storage')} ${stringAt(specOf(claim), 'storageClassName')}`,
      ),
    ],
  ];
}

/** Formats a selector in the form of `-l`. */
function selectorText(spec: JsonObject): string {
  const selector = objectAt(spec, 'selector');
  const labels = objectAt(selector, 'matchLabels') ?? selector;
  const expressions = objectsAt(selector, 'matchExpressions').map((expression) => {
    const [key, operator] = [stringAt(expression, 'key'), stringAt(expression, 'operator')];
    const values = stringsAt(expression, 'values').join(',');
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator === 'NotIn' ? 'notin' : 'in'} (${values})`;
  });
  return [mapText(labels), ...expressions].filter((text) => text !== '').join(',');
}

function mapText(map: JsonObject | undefined): string {
  return stringEntries(map)
    .filter(([key]) => typeof map?.[key] === 'string')
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

function templateLines(spec: JsonObject): readonly string[] {
  const pod = objectAt(objectAt(spec, 'template'), 'spec');
  const account = stringAt(pod, 'serviceAccountName');
  return [
    ...(['initContainers', 'containers'] as const).flatMap((list) =>
      objectsAt(pod, list).map((container) => {
        const ports = objectsAt(container, 'ports').map((port) => numberAt(port, 'containerPort'));
        const asks = quantitiesText(objectAt(objectAt(container, 'resources'), 'requests'));
        return `${list === 'containers' ? 'container' : 'init container'} ${stringAt(container, 'name')}: ${stringAt(container, 'image')}${ports.length === 0 ? '' : `, ports ${ports.join(' ')}`}${asks === '' ? '' : `, requests ${asks}`}`;
      }),
    ),
    account === '' ? '' : `service account ${account}`,
    ...objectsAt(pod, 'volumes').map((volume) => `volume ${volumeText(volume)}`),
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
    ['Suspended', booleanAt(spec, 'suspend') ? 'yes' : ''],
    ['Started', agoText(started, now)],
    ['Completed', Number.isNaN(took) ? '' : `${agoText(ended, now)}, after ${humanDuration(took)}`],
    ['Selector', selectorText(spec)],
    ['Template', templateLines(spec)],
  ];
}

function cronJobDetails({ object, now }: DetailInput): readonly Entry[] {
  const spec = specOf(object);
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
    ['Template', templateLines(objectAt(objectAt(spec, 'jobTemplate'), 'spec') ?? {})],
  ];
}

function serviceDetails({ object, related }: DetailInput): readonly Entry[] {
  const spec = specOf(object);
  const clusterIps = stringsAt(spec, 'clusterIPs');
  return [
    ['Type', stringAt(spec, 'type')],
    ['Cluster IP', clusterIps.length > 0 ? clusterIps.join(', ') : stringAt(spec, 'clusterIP')],
    ['External name', stringAt(spec, 'externalName')],
    ['External IPs', stringsAt(spec, 'externalIPs').join(', ')],
    ['Load balancer', addressText(objectAt(statusOf(object), 'loadBalancer'))],
    ['Selector', mapText(objectAt(spec, 'selector'))],
    [
      'Ports',
      objectsAt(spec, 'ports').map((port) => {
        const [name, node] = [stringAt(port, 'name'), numberAt(port, 'nodePort')];
        const target = port['targetPort'];
        const to = typeof target === 'string' || typeof target === 'number' ? ` to ${target}` : '';
        return `${numberAt(port, 'port')}/${stringAt(port, 'protocol') || 'TCP'}${name === '' ? '' : ` (${name})`}${to}${node === 0 ? '' : `, node port ${node}`}`;
      }),
    ],
    [
      'Session affinity',
      stringAt(spec, 'sessionAffinity') === 'None' ? '' : stringAt(spec, 'sessionAffinity'),
    ],
    ['Traffic policy', stringAt(spec, 'externalTrafficPolicy')],
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
    .map((ingress) => stringAt(ingress, 'ip') || stringAt(ingress, 'hostname'))
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
  return resource === undefined ? '' : `${stringAt(resource, 'kind')} ${stringAt(resource, 'name')}`;
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
    [
      'Data source',
      [stringAt(objectAt(spec, 'dataSource'), 'kind'), stringAt(objectAt(spec, 'dataSource'), 'name')]
        .join(' ')
        .trim(),
    ],
    ['Used by pods', users === undefined ? '' : users.length === 0 ? 'none' : users.join(', ')],
  ];
}

function volumeDetails({ object }: DetailInput): readonly Entry[] {
  const spec = specOf(object);
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
    [
      'Source',
      source === ''
        ? ''
        : `${source} ${Object.entries(objectAt(spec, source) ?? {})
            .flatMap(([key, value]) => (typeof value === 'string' ? [`${key}=${short(value)}`] : []))
            .join(', ')}`,
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
    [
      'Metrics',
      objectsAt(spec, 'metrics').map((metric, index) => {
        const kind = stringAt(metric, 'type');
        const field = kind.charAt(0).toLowerCase() + kind.slice(1);
        const source = objectAt(metric, field);
        const name = stringAt(source, 'name') || stringAt(objectAt(source, 'metric'), 'name');
        const now_ = objectAt(objectAt(current[index], field), 'current');
        return `${kind} ${name}: ${metricText(now_)} of ${metricText(objectAt(source, 'target'))}`;
      }),
    ],
    ['Last scaled', agoText(stringAt(status, 'lastScaleTime'), now) || 'never'],
  ];
}

function metricText(value: JsonObject | undefined): string {
  if (value?.['averageUtilization'] !== undefined) return `${numberAt(value, 'averageUtilization')}%`;
  return quantityTextAt(value, 'averageValue') || quantityTextAt(value, 'value') || 'unknown';
}

/** Returns the keys of a ConfigMap with the start of each value. */
function dataLines(object: KubeObject): readonly string[] {
  return [
    ...stringEntries(objectAt(object, 'data')).map(([key, value]) => `${key}: ${short(value)}`),
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

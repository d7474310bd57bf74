// Builds the parts of seeded objects: metadata, times, workloads and their pods with a status as a
// kubelet and the controllers write it. Entry points: the build functions. The objects are in the
// other files of this directory.

import { createHash } from 'node:crypto';
import { apiVersionOf, parseApiVersion } from '../../model/resource.ts';
import type { JsonObject, KubeObject } from '../../model/object.ts';
import { nameOf, metadataOf } from '../../model/fields.ts';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

/** Returns the time `ms` milliseconds before `now` as in objects: UTC, whole seconds. */
export function ago(now: Date, ms: number): string {
  return timeText(new Date(now.getTime() - ms));
}

/** Formats a time in UTC with whole seconds. */
export function timeText(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** Returns a uid that is the same for an object at every start, so that examples stay valid. */
export function seedUid(kind: string, namespace: string, name: string): string {
  const hex = createHash('sha256').update(`${kind}/${namespace}/${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Data of metadata. `created` is a time from {@link ago}. */
export interface SeedMetadata {
  readonly namespace?: string;
  readonly name: string;
  readonly created: string;
  readonly generation?: number;
  readonly labels?: JsonObject;
  readonly annotations?: JsonObject;
  readonly owner?: KubeObject;
  readonly finalizers?: readonly string[];
  readonly generateName?: string;
}

/** Makes an object of any kind: metadata, then the given rest. */
export function buildObject(
  apiVersion: string,
  kind: string,
  metadata: SeedMetadata,
  rest: JsonObject = {},
): KubeObject {
  const {
    namespace = '',
    name,
    created,
    generation,
    labels,
    annotations,
    owner,
    finalizers,
    generateName,
  } = metadata;
  return {
    kind,
    apiVersion,
    metadata: {
      name,
      ...(generateName === undefined ? {} : { generateName }),
      ...(namespace === '' ? {} : { namespace }),
      uid: seedUid(kind, namespace, name),
      ...(generation === undefined ? {} : { generation }),
      creationTimestamp: created,
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(owner === undefined ? {} : { ownerReferences: [ownerReference(owner)] }),
      ...(finalizers === undefined ? {} : { finalizers }),
    },
    ...rest,
  };
}

/** Makes the owner reference of a controller. */
export function ownerReference(owner: KubeObject): JsonObject {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: nameOf(owner),
    uid: metadataOf(owner).uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** A container and its state. */
export interface SeedContainer {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly ports?: readonly JsonObject[];
  readonly env?: readonly JsonObject[];
  readonly resources?: JsonObject;
  readonly mounts?: readonly JsonObject[];
  readonly restartPolicy?: string;
  readonly state?: SeedContainerState;
}

/** `since` and `until` are times. A state without `waiting` and `exitCode` is running. */
export interface SeedContainerState {
  readonly since?: string;
  readonly ready?: boolean;
  readonly waiting?: { readonly reason: string; readonly message?: string };
  readonly exitCode?: number;
  readonly until?: string;
  readonly restarts?: number;
  /** How the previous run ended. */
  readonly last?: {
    readonly exitCode: number;
    readonly reason: string;
    readonly since: string;
    readonly until: string;
  };
}

/** Data of a pod. Without a node it is pending, and its containers do not run. */
export interface SeedPod extends SeedMetadata {
  readonly namespace: string;
  readonly node?: { readonly name: string; readonly ip: string };
  readonly ip?: string;
  readonly containers: readonly SeedContainer[];
  readonly initContainers?: readonly SeedContainer[];
  readonly volumes?: readonly JsonObject[];
  readonly restartPolicy?: string;
  readonly serviceAccount?: string;
  readonly tolerations?: readonly JsonObject[];
  readonly priorityClass?: { readonly name: string; readonly value: number };
}

/** Makes a pod with everything that admission, scheduler and kubelet add. */
export function buildPod(pod: SeedPod): KubeObject {
  const serviceAccount = pod.serviceAccount ?? 'default';
  const tokenVolume = `kube-api-access-${shortHash(`${pod.namespace}/${pod.name}`)}`;
  const tokenMount = {
    name: tokenVolume,
    readOnly: true,
    mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
  };
  const spec = {
    volumes: [...(pod.volumes ?? []), serviceAccountVolume(tokenVolume)],
    ...(pod.initContainers === undefined
      ? {}
      : { initContainers: pod.initContainers.map((container) => containerSpec(container, [tokenMount])) }),
    containers: pod.containers.map((container) => containerSpec(container, [tokenMount])),
    restartPolicy: pod.restartPolicy ?? 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    serviceAccountName: serviceAccount,
    serviceAccount,
    ...(pod.node === undefined ? {} : { nodeName: pod.node.name }),
    securityContext: {},
    schedulerName: 'default-scheduler',
    tolerations: pod.tolerations ?? defaultTolerations,
    ...(pod.priorityClass === undefined ? {} : { priorityClassName: pod.priorityClass.name }),
    priority: pod.priorityClass?.value ?? 0,
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
  };
  return buildObject('v1', 'Pod', { generation: 1, ...pod }, { spec, status: podStatus(pod) });
}

/** Makes the spec of a pod template: a pod spec without the fields that only a running pod has. */
export function templateSpec(containers: readonly SeedContainer[], rest: JsonObject = {}): JsonObject {
  return {
    containers: containers.map((container) => containerSpec(container, [])),
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
    ...rest,
  };
}

/** Data of a deployment. */
export interface SeedDeployment extends SeedMetadata {
  readonly namespace: string;
  readonly replicas: number;
  readonly ready: number;
  readonly podLabels: JsonObject;
  readonly containers: readonly SeedContainer[];
  /** The hash in the name of its replica set. */
  readonly templateHash: string;
}

/** Makes a deployment and the replica set of its current template. */
export function buildDeployment(
  seed: SeedDeployment,
): readonly [deployment: KubeObject, replicaSet: KubeObject] {
  const revision = { 'deployment.kubernetes.io/revision': '1' };
  const setName = `${seed.name}-${seed.templateHash}`;
  const setLabels = { ...seed.podLabels, 'pod-template-hash': seed.templateHash };
  const spec = templateSpec(seed.containers);
  const isComplete = seed.ready === seed.replicas;
  const deployment = buildObject(
    'apps/v1',
    'Deployment',
    {
      generation: 1,
      ...seed,
      labels: seed.labels ?? seed.podLabels,
      annotations: { ...revision, ...seed.annotations },
    },
    {
      spec: {
        replicas: seed.replicas,
        selector: { matchLabels: seed.podLabels },
        template: { metadata: { labels: seed.podLabels }, spec },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
      },
      status: {
        observedGeneration: 1,
        replicas: seed.replicas,
        updatedReplicas: seed.replicas,
        ...replicaCounts(seed.ready),
        ...(isComplete ? {} : { unavailableReplicas: seed.replicas - seed.ready }),
        terminatingReplicas: 0,
        conditions: [
          {
            type: 'Progressing',
            status: 'True',
            lastUpdateTime: seed.created,
            lastTransitionTime: seed.created,
            reason: isComplete ? 'NewReplicaSetAvailable' : 'ReplicaSetUpdated',
            message: `ReplicaSet "${setName}" ${isComplete ? 'has successfully progressed' : 'is progressing'}.`,
          },
          availableCondition(isComplete, seed.created),
        ],
      },
    },
  );
  const replicaSet = buildObject(
    'apps/v1',
    'ReplicaSet',
    {
      namespace: seed.namespace,
      name: setName,
      created: seed.created,
      generation: 1,
      labels: setLabels,
      annotations: {
        'deployment.kubernetes.io/desired-replicas': String(seed.replicas),
        'deployment.kubernetes.io/max-replicas': String(seed.replicas + Math.ceil(seed.replicas / 4)),
        ...revision,
      },
      owner: deployment,
    },
    {
      spec: {
        replicas: seed.replicas,
        selector: { matchLabels: setLabels },
        template: { metadata: { labels: setLabels }, spec },
      },
      status: {
        replicas: seed.replicas,
        fullyLabeledReplicas: seed.replicas,
        ...replicaCounts(seed.ready),
        terminatingReplicas: 0,
        observedGeneration: 1,
      },
    },
  );
  return [deployment, replicaSet];
}

/** Returns the counts, which are omitted if they are zero. */
export function replicaCounts(ready: number): JsonObject {
  return ready === 0 ? {} : { readyReplicas: ready, availableReplicas: ready };
}

/** Makes the Available condition of a deployment. */
export function availableCondition(isAvailable: boolean, time: string): JsonObject {
  return {
    type: 'Available',
    status: isAvailable ? 'True' : 'False',
    lastUpdateTime: time,
    lastTransitionTime: time,
    reason: isAvailable ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: `Deployment ${isAvailable ? 'has' : 'does not have'} minimum availability.`,
  };
}

/** Data of an event. */
export interface SeedEvent {
  readonly about: KubeObject;
  readonly type?: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** The reporting component: `kubelet`. */
  readonly source: string;
  readonly host?: string;
  readonly fieldPath?: string;
  readonly first: string;
  readonly last?: string;
  readonly count?: number;
}

/** Makes an event in the namespace of its object (`default` for cluster-scoped objects). */
export function buildEvent(event: SeedEvent): KubeObject {
  const metadata = metadataOf(event.about);
  const namespace = typeof metadata.namespace === 'string' ? metadata.namespace : '';
  const name = nameOf(event.about);
  const suffix = shortHash(`${name}/${event.reason}/${event.message}/${event.first}`, 16, '0123456789abcdef');
  return buildObject(
    'v1',
    'Event',
    { namespace: namespace === '' ? 'default' : namespace, name: `${name}.${suffix}`, created: event.first },
    {
      involvedObject: {
        kind: event.about.kind,
        ...(namespace === '' ? {} : { namespace }),
        name,
        uid: metadata.uid,
        apiVersion: apiVersionOf(parseApiVersion(event.about.apiVersion)),
        ...(event.fieldPath === undefined ? {} : { fieldPath: event.fieldPath }),
      },
      reason: event.reason,
      message: event.message,
      source: { component: event.source, ...(event.host === undefined ? {} : { host: event.host }) },
      firstTimestamp: event.first,
      lastTimestamp: event.last ?? event.first,
      count: event.count ?? 1,
      type: event.type ?? 'Normal',
      eventTime: null,
      reportingComponent: event.source,
      reportingInstance: event.host ?? '',
    },
  );
}

/**
 * The alphabet of generated names: no vowels and no similar characters, so that names contain no
 * words.
 */
const nameAlphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** Returns a short word that depends only on the seed. */
export function shortHash(seed: string, length = 5, alphabet = nameAlphabet): string {
  const bytes = createHash('sha256').update(seed).digest();
  return Array.from(bytes.subarray(0, length), (byte) => alphabet.charAt(byte % alphabet.length)).join('');
}

const defaultTolerations: readonly JsonObject[] = ['not-ready', 'unreachable'].map((taint) => ({
  key: `node.kubernetes.io/${taint}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
}));

/** Makes the volume with token, CA and namespace. */
function serviceAccountVolume(name: string): JsonObject {
  return {
    name,
    projected: {
      sources: [
        { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        {
          downwardAPI: {
            items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
          },
        },
      ],
      defaultMode: 420,
    },
  };
}

function containerSpec(container: SeedContainer, moreMounts: readonly JsonObject[]): JsonObject {
  const { name, image, command, args, ports, env, resources, mounts = [], restartPolicy } = container;
  const volumeMounts = [...mounts, ...moreMounts];
  return {
    name,
    image,
    ...(command === undefined ? {} : { command }),
    ...(args === undefined ? {} : { args }),
    ...(ports === undefined ? {} : { ports }),
    ...(env === undefined ? {} : { env }),
    resources: resources ?? {},
    ...(restartPolicy === undefined ? {} : { restartPolicy }),
    ...(volumeMounts.length === 0 ? {} : { volumeMounts }),
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    // Images without a tag, and `latest`, are pulled at every start.
    imagePullPolicy: /:(?!latest$)[^/]+$/.test(image) ? 'IfNotPresent' : 'Always',
  };
}

function podStatus(pod: SeedPod): JsonObject {
  const qosClass = qosClassOf(pod.containers);
  if (pod.node === undefined) {
    return { observedGeneration: 1, phase: 'Pending', qosClass };
  }
  const statuses = pod.containers.map((container) => containerStatus(container, pod));
  const initStatuses = pod.initContainers?.map((container) => containerStatus(container, pod));
  const states = pod.containers.map((container) => container.state ?? {});
  const isReady = pod.containers.every((container) => isContainerReady(container));
  const isOver = states.every((state) => state.exitCode !== undefined) && pod.restartPolicy !== undefined;
  const hasFailed = states.some((state) => (state.exitCode ?? 0) !== 0);
  const isInitialized = (pod.initContainers ?? []).every(
    (container) => container.state?.exitCode === 0 || isContainerReady(container),
  );
  const hasStarted = states.some((state) => state.waiting === undefined || state.last !== undefined);
  const phase = isOver
    ? hasFailed
      ? 'Failed'
      : 'Succeeded'
    : isInitialized && hasStarted
      ? 'Running'
      : 'Pending';
  const condition = (type: string, isTrue: boolean, because: JsonObject = {}): JsonObject => ({
    type,
    observedGeneration: 1,
    status: isTrue ? 'True' : 'False',
    lastProbeTime: null,
    lastTransitionTime: pod.created,
    ...(isTrue ? {} : because),
  });
  const unready = {
    reason: phase === 'Succeeded' ? 'PodCompleted' : phase === 'Failed' ? 'PodFailed' : 'ContainersNotReady',
    ...(isOver ? {} : { message: unreadyMessage(pod.containers) }),
  };
  return {
    observedGeneration: 1,
    phase,
    conditions: [
      condition('PodReadyToStartContainers', pod.ip !== undefined && !isOver),
      condition('Initialized', isInitialized, {
        reason: 'ContainersNotInitialized',
        message: `containers with incomplete status: [${(pod.initContainers ?? []).map(({ name }) => name).join(' ')}]`,
      }),
      condition('Ready', isReady && isInitialized, unready),
      condition('ContainersReady', isReady && isInitialized, unready),
      condition('PodScheduled', true),
    ],
    hostIP: pod.node.ip,
    hostIPs: [{ ip: pod.node.ip }],
    ...(pod.ip === undefined ? {} : { podIP: pod.ip, podIPs: [{ ip: pod.ip }] }),
    startTime: pod.created,
    ...(initStatuses === undefined ? {} : { initContainerStatuses: initStatuses }),
    containerStatuses: statuses,
    qosClass,
  };
}

function isContainerReady({ state }: SeedContainer): boolean {
  return state?.waiting === undefined && state?.exitCode === undefined && (state?.ready ?? true);
}

function unreadyMessage(containers: readonly SeedContainer[]): string {
  const names = containers.filter((container) => !isContainerReady(container)).map(({ name }) => name);
  return `containers with unready status: [${names.join(' ')}]`;
}

function containerStatus(container: SeedContainer, pod: SeedPod): JsonObject {
  const { state = {}, name, image } = container;
  const containerID = `containerd://${createHash('sha256').update(`${pod.namespace}/${pod.name}/${name}`).digest('hex')}`;
  const hasRun = state.waiting === undefined || state.last !== undefined;
  const last = state.last;
  return {
    name,
    state: stateOf(state, pod.created, containerID),
    lastState:
      last === undefined
        ? {}
        : {
            terminated: {
              exitCode: last.exitCode,
              reason: last.reason,
              startedAt: last.since,
              finishedAt: last.until,
              containerID,
            },
          },
    ready: isContainerReady(container),
    restartCount: state.restarts ?? 0,
    image: hasRun ? fullImageName(image) : image,
    imageID: hasRun
      ? `${fullImageName(image).replace(/:[^/]*$/, '')}@sha256:${createHash('sha256').update(image).digest('hex')}`
      : '',
    ...(hasRun ? { containerID } : {}),
    started: state.waiting === undefined && state.exitCode === undefined,
  };
}

function stateOf(state: SeedContainerState, created: string, containerID: string): JsonObject {
  if (state.waiting !== undefined) return { waiting: { ...state.waiting } };
  const startedAt = state.since ?? created;
  if (state.exitCode === undefined) return { running: { startedAt } };
  return {
    terminated: {
      exitCode: state.exitCode,
      reason: state.exitCode === 0 ? 'Completed' : 'Error',
      startedAt,
      finishedAt: state.until ?? startedAt,
      containerID,
    },
  };
}

/** Adds the default registry and tag to the name of an image. */
function fullImageName(image: string): string {
  const tagged = /:[^/]+$/.test(image) ? image : `${image}:latest`;
  if (/^[^/]+\.[^/]+\//.test(tagged)) return tagged;
  return tagged.includes('/') ? `docker.io/${tagged}` : `docker.io/library/${tagged}`;
}

function qosClassOf(containers: readonly SeedContainer[]): string {
  const resources = containers.map((container) => container.resources ?? {});
  if (resources.every((entry) => Object.keys(entry).length === 0)) return 'BestEffort';
  const isGuaranteed = resources.every(
    ({ limits, requests }) =>
      limits !== undefined && (requests === undefined || JSON.stringify(limits) === JSON.stringify(requests)),
  );
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}

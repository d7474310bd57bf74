// Builds the parts of seeded objects: metadata, times, workloads and their pods with a status as a
// kubelet and the controllers write it. Entry points: the build functions. The objects are in the
// other files of this directory.

import { createHash } from 'node:crypto';
import { metadataOf, nameOf, numberAt, objectsAt, statusOf } from '../../model/fields.ts';
import { without } from '../../model/json.ts';
import { objectAt, stringAt } from '../../model/object.ts';
import type { Json, JsonObject, KubeObject } from '../../model/object.ts';
import { apiVersionOf, parseApiVersion } from '../../model/resource.ts';
import { formatTime } from '../../model/timestamp.ts';
import { withAdditions, withDefaults } from '../schema/defaults.ts';
import { inStructOrder } from '../schema/order.ts';
import { TypeRegistry } from '../types/registry.ts';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

/** Returns the time `ms` milliseconds before `now` as in objects: UTC, whole seconds. */
export function ago(now: Date, ms: number): string {
  return formatTime(new Date(now.getTime() - ms));
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

const types = new TypeRegistry();

/**
 * Makes an object of any kind as the server stores it: metadata and content with the server's
 * defaults and additions. A given status is kept.
 */
export function buildObject(
  apiVersion: string,
  kind: string,
  metadata: SeedMetadata,
  content: JsonObject = {},
): KubeObject {
  const { namespace = '', name, created, owner, generateName, generation } = metadata;
  const { labels, annotations, finalizers } = metadata;
  const object: KubeObject = {
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
    ...content,
  };
  const type = types.findKind(apiVersion, kind);
  if (type === undefined) return object;
  const complete = withAdditions(type, withDefaults(type, object), {
    suffix: () => shortHash(`${namespace}/${name}`),
    // The manifests name the addresses of their services.
    clusterIp: () => '',
    nodePort: () => 0,
  });
  const { status } = content;
  return inStructOrder(type, status === undefined ? complete : { ...complete, status });
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

/**
 * The state of a container. `since` and `until` are times. A state without `waiting` and `exitCode`
 * is running.
 */
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
  /** As in a manifest: without the server's defaults. */
  readonly spec: JsonObject;
  /** States by container. Default: runs since the creation of the pod. */
  readonly states?: Readonly<Record<string, SeedContainerState>>;
}

/** Makes a pod with everything that admission, scheduler and kubelet add. */
export function buildPod(seed: SeedPod): KubeObject {
  const nodeName = seed.node === undefined ? {} : { nodeName: seed.node.name };
  const pod = buildObject('v1', 'Pod', { generation: 1, ...seed }, { spec: { ...seed.spec, ...nodeName } });
  return { ...pod, status: podStatus(seed, statusOf(pod).qosClass) };
}

/**
 * Makes a deployment and the replica set of its current template, whose labels contain the
 * `pod-template-hash`.
 */
export function buildDeployment(
  metadata: SeedMetadata,
  manifest: JsonObject,
  ready: number,
): readonly [deployment: KubeObject, replicaSet: KubeObject] {
  const { name, namespace = '', created } = metadata;
  const revision = { 'deployment.kubernetes.io/revision': '1' };
  const replicas = numberAt(manifest, 'replicas');
  const template = objectAt(manifest, 'template') ?? {};
  const setLabels = objectAt(metadataOf(template), 'labels') ?? {};
  const podLabels = without(setLabels, 'pod-template-hash');
  const setName = `${name}-${stringAt(setLabels, 'pod-template-hash')}`;
  const isComplete = ready === replicas;
  const specWith = (labels: JsonObject): JsonObject => ({
    ...manifest,
    selector: { matchLabels: labels },
    template: { ...template, metadata: { labels } },
  });
  const counts = { observedGeneration: 1, replicas, ...replicaCounts(ready), terminatingReplicas: 0 };
  const deployment = buildObject(
    'apps/v1',
    'Deployment',
    {
      generation: 1,
      ...metadata,
      labels: metadata.labels ?? podLabels,
      annotations: { ...revision, ...metadata.annotations },
    },
    {
      spec: specWith(podLabels),
      status: {
        ...counts,
        updatedReplicas: replicas,
        ...(isComplete ? {} : { unavailableReplicas: replicas - ready }),
        conditions: [
          {
            type: 'Progressing',
            status: 'True',
            lastUpdateTime: created,
            lastTransitionTime: created,
            reason: isComplete ? 'NewReplicaSetAvailable' : 'ReplicaSetUpdated',
            message: `ReplicaSet "${setName}" ${isComplete ? 'has successfully progressed' : 'is progressing'}.`,
          },
          availableCondition(isComplete, created),
        ],
      },
    },
  );
  const replicaSet = buildObject(
    'apps/v1',
    'ReplicaSet',
    {
      namespace,
      name: setName,
      created,
      generation: 1,
      labels: setLabels,
      annotations: {
        'deployment.kubernetes.io/desired-replicas': String(replicas),
        'deployment.kubernetes.io/max-replicas': String(replicas + Math.ceil(replicas / 4)),
        ...revision,
      },
      owner: deployment,
    },
    { spec: specWith(setLabels), status: { ...counts, fullyLabeledReplicas: replicas } },
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

function podStatus(pod: SeedPod, qosClass: Json | undefined): JsonObject {
  if (pod.node === undefined) return { observedGeneration: 1, phase: 'Pending', qosClass };
  const containers = objectsAt(pod.spec, 'containers');
  const stateFor = (container: JsonObject): SeedContainerState => pod.states?.[nameAt(container)] ?? {};
  const states = containers.map(stateFor);
  const isReady = states.every(isContainerReady);
  const isOver = states.every((state) => state.exitCode !== undefined) && 'restartPolicy' in pod.spec;
  const hasFailed = states.some((state) => (state.exitCode ?? 0) !== 0);
  const hasStarted = states.some((state) => state.waiting === undefined || state.last !== undefined);
  const endPhase = hasFailed ? 'Failed' : 'Succeeded';
  const phase = isOver ? endPhase : hasStarted ? 'Running' : 'Pending';
  const condition = (type: string, isTrue: boolean, because: JsonObject = {}): JsonObject => ({
    type,
    observedGeneration: 1,
    status: isTrue ? 'True' : 'False',
    lastProbeTime: null,
    lastTransitionTime: pod.created,
    ...(isTrue ? {} : because),
  });
  const unreadyNames = containers.filter((one) => !isContainerReady(stateFor(one))).map(nameAt);
  const unready = {
    reason: phase === 'Succeeded' ? 'PodCompleted' : phase === 'Failed' ? 'PodFailed' : 'ContainersNotReady',
    ...(isOver ? {} : { message: `containers with unready status: [${unreadyNames.join(' ')}]` }),
  };
  return {
    observedGeneration: 1,
    phase,
    conditions: [
      condition('PodReadyToStartContainers', pod.ip !== undefined && !isOver),
      condition('Initialized', true),
      condition('Ready', isReady, unready),
      condition('ContainersReady', isReady, unready),
      condition('PodScheduled', true),
    ],
    hostIP: pod.node.ip,
    hostIPs: [{ ip: pod.node.ip }],
    ...(pod.ip === undefined ? {} : { podIP: pod.ip, podIPs: [{ ip: pod.ip }] }),
    startTime: pod.created,
    containerStatuses: containers.map((container) => containerStatus(container, stateFor(container), pod)),
    qosClass,
  };
}

function nameAt(container: JsonObject): string {
  return stringAt(container, 'name');
}

function isContainerReady({ waiting, exitCode, ready = true }: SeedContainerState): boolean {
  return waiting === undefined && exitCode === undefined && ready;
}

function containerStatus(container: JsonObject, state: SeedContainerState, pod: SeedPod): JsonObject {
  const [name, image] = [nameAt(container), stringAt(container, 'image')];
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
    ready: isContainerReady(state),
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

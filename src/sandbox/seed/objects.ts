// Builds the parts of seeded objects: metadata, times, workloads and their pods with a status as a
// kubelet and the controllers write it. Entry points: the build functions. The objects are in the
// other files of this directory.

import { createHash } from 'node:crypto';
import { metadataOf, nameOf, namespaceOf, numberAt, objectsAt, statusOf } from '../../model/fields.ts';
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
  readonly generation?: number | undefined;
  readonly labels?: JsonObject | undefined;
  readonly annotations?: JsonObject | undefined;
  readonly owner?: KubeObject | undefined;
  readonly finalizers?: readonly string[] | undefined;
  readonly generateName?: string | undefined;
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
    metadata: withoutUndefined({
      name,
      generateName,
      namespace: namespace || undefined,
      uid: seedUid(kind, namespace, name),
      generation,
      creationTimestamp: created,
      labels,
      annotations,
      ownerReferences: owner && [ownerReference(owner)],
      finalizers,
    }),
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

function withoutUndefined(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
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

/** Data of a pod. Without a node it is pending, and its containers do not run. */
export interface SeedPod extends SeedMetadata {
  readonly namespace: string;
  readonly node?: { readonly name: string; readonly ip: string };
  readonly ip?: string;
  /** As in a manifest: without the server's defaults. */
  readonly spec: JsonObject;
  /** Statuses of containers that do not simply run since the creation of the pod. */
  readonly containerStatuses?: readonly JsonObject[];
}

/** Makes a pod with everything that admission, scheduler and kubelet add. */
export function buildPod(seed: SeedPod): KubeObject {
  const nodeName = seed.node === undefined ? {} : { nodeName: seed.node.name };
  const pod = buildObject(
    'v1',
    'Pod',
    { ...seed, generation: seed.generation ?? 1 },
    { spec: { ...seed.spec, ...nodeName } },
  );
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
      ...metadata,
      generation: metadata.generation ?? 1,
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
  readonly type?: string;
  readonly reason: string;
  readonly message: string;
  /** The reporting component: `kubelet`. */
  readonly source: string;
  readonly host?: string | undefined;
  readonly fieldPath?: string | undefined;
  readonly first: string;
  readonly last?: string;
  readonly count?: number;
}

/** Makes an event in the namespace of its object (`default` for cluster-scoped objects). */
export function buildEvent(event: SeedEvent): KubeObject {
  const { about, host, fieldPath } = event;
  const [namespace, name] = [namespaceOf(about), nameOf(about)];
  const suffix = shortHash(`${name}/${event.reason}/${event.message}/${event.first}`, 16, '0123456789abcdef');
  return buildObject(
    'v1',
    'Event',
    { namespace: namespace || 'default', name: `${name}.${suffix}`, created: event.first },
    {
      involvedObject: withoutUndefined({
        kind: about.kind,
        namespace: namespace || undefined,
        name,
        uid: metadataOf(about).uid,
        apiVersion: apiVersionOf(parseApiVersion(about.apiVersion)),
        fieldPath,
      }),
      reason: event.reason,
      message: event.message,
      source: withoutUndefined({ component: event.source, host }),
      firstTimestamp: event.first,
      lastTimestamp: event.last ?? event.first,
      count: event.count ?? 1,
      type: event.type ?? 'Normal',
      eventTime: null,
      reportingComponent: event.source,
      reportingInstance: host ?? '',
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
  const statuses = containers.map((container) => containerStatus(container, pod));
  const isReady = statuses.every(({ ready }) => ready);
  const ends = statuses.map(({ state }) => objectAt(state, 'terminated'));
  const isOver = ends.every((end) => end !== undefined) && 'restartPolicy' in pod.spec;
  const hasStarted = statuses.some(({ containerID }) => containerID !== undefined);
  const endPhase = ends.some((end) => numberAt(end, 'exitCode') !== 0) ? 'Failed' : 'Succeeded';
  const phase = isOver ? endPhase : hasStarted ? 'Running' : 'Pending';
  const condition = (type: string, isTrue: boolean, because: JsonObject = {}): JsonObject => ({
    type,
    observedGeneration: 1,
    status: isTrue ? 'True' : 'False',
    lastProbeTime: null,
    lastTransitionTime: pod.created,
    ...(isTrue ? {} : because),
  });
  const unreadyNames = statuses.filter(({ ready }) => !ready).map(({ name }) => name);
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
    containerStatuses: statuses,
    qosClass,
  };
}

/** A status as the kubelet writes it. */
type ContainerStatus = JsonObject & {
  readonly name: string;
  readonly state: JsonObject;
  readonly ready: boolean;
};

/** Completes the given status of a container. */
function containerStatus(container: JsonObject, pod: SeedPod): ContainerStatus {
  const [name, image] = [stringAt(container, 'name'), stringAt(container, 'image')];
  const hash = createHash('sha256').update(`${pod.namespace}/${pod.name}/${name}`).digest('hex');
  const containerID = `containerd://${hash}`;
  const given = pod.containerStatuses?.find((status) => status.name === name);
  const state: JsonObject = objectAt(given, 'state') ?? { running: { startedAt: pod.created } };
  const last = objectAt(objectAt(given, 'lastState'), 'terminated');
  const end = objectAt(state, 'terminated');
  const isRunning = state.running !== undefined;
  const hasRun = state.waiting === undefined || last !== undefined;
  return {
    name,
    state: end === undefined ? state : { terminated: { ...end, containerID } },
    lastState: last === undefined ? {} : { terminated: { ...last, containerID } },
    ready: isRunning,
    restartCount: numberAt(given, 'restartCount'),
    image: hasRun ? fullImageName(image) : image,
    imageID: hasRun
      ? `${fullImageName(image).replace(/:[^/]*$/, '')}@sha256:${createHash('sha256').update(image).digest('hex')}`
      : '',
    ...(hasRun ? { containerID } : {}),
    started: isRunning,
  };
}

/** Adds the default registry and tag to the name of an image. */
function fullImageName(image: string): string {
  const tagged = /:[^/]+$/.test(image) ? image : `${image}:latest`;
  if (/^[^/]+\.[^/]+\//.test(tagged)) return tagged;
  return tagged.includes('/') ? `docker.io/${tagged}` : `docker.io/library/${tagged}`;
}

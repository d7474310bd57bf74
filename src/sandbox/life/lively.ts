// The changes of a lively sandbox: jobs run and complete, a deployment rolls out, a pod crashes and
// recovers, another one comes and goes. Entry point: `livelyChanges`, which only returns the
// changes.

import { objectAt, stringAt } from '../../model/object.ts';
import type { JsonObject, KubeObject } from '../../model/object.ts';
import {
  conditionOf,
  isBeingDeleted,
  metadataOf,
  nameOf,
  namespaceOf,
  numberAt,
  objectsAt,
  specOf,
  statusOf,
} from '../../model/fields.ts';
import { buildEndpoints, startEvents } from '../seed/services.ts';
import { secondWorker, worker } from '../seed/nodes.ts';
import { buildJob, buildJobPod } from '../seed/jobs.ts';
import type { SeedJob } from '../seed/jobs.ts';
import {
  ago,
  availableCondition,
  buildEvent,
  buildObject,
  buildPod,
  replicaCounts,
  shortHash,
} from '../seed/objects.ts';
import type { LivelyChange, ObjectReader } from '../types/types.ts';

/** Returns the next changes of some objects. Empty if an object it needs is gone. */
type Actor = (step: number, read: ObjectReader, now: Date) => readonly LivelyChange[];

/** The actors in turn. A rollout has many small steps, so it comes twice. */
const actors: readonly Actor[] = [runJobs, rollOut, crash, rollOut, changeBarePods];

/**
 * Returns the changes of one step, in the order to make them. They depend on the number of the step
 * and the existing objects, so users can interfere: what they deleted stays deleted, and what they
 * changed stays changed.
 */
export function livelyChanges(step: number, read: ObjectReader, now: Date): readonly LivelyChange[] {
  return actors[step % actors.length]?.(step, read, now) ?? [];
}

const create = (object: KubeObject): LivelyChange => ({ verb: 'create', object });
const update = (object: KubeObject): LivelyChange => ({ verb: 'update', object });
const remove = (object: KubeObject): LivelyChange => ({ verb: 'delete', object });

/** Creates a backup job if none runs, else completes the running one. Keeps the last three. */
function runJobs(step: number, read: ObjectReader, now: Date): readonly LivelyChange[] {
  const jobs = read
    .list('batch/v1', 'Job', 'default')
    .filter((job) => objectAt(metadataOf(job), 'labels')?.app === 'backup')
    .sort((a, b) =>
      stringAt(metadataOf(a), 'creationTimestamp').localeCompare(
        stringAt(metadataOf(b), 'creationTimestamp'),
      ),
    );
  const running = jobs.find(
    (job) => conditionOf(objectsAt(statusOf(job), 'conditions'), 'Complete') === undefined,
  );
  if (running !== undefined) return finishJob(running, read, now);
  const seed: SeedJob = {
    namespace: 'default',
    name: `backup-${shortHash(`backup/${step}/${ago(now, 0)}`)}`,
    image: 'registry.example.com/backup:5',
    app: 'backup',
    created: ago(now, 0),
  };
  const job = buildJob(seed);
  const pod = buildJobPod(seed, job);
  const outdated = jobs.slice(0, -2);
  return [
    ...outdated.flatMap((old) => podsOwnedBy(old, read).map(remove)),
    ...outdated.map(remove),
    create(job),
    create(pod),
    create(
      buildEvent({
        about: job,
        reason: 'SuccessfulCreate',
        message: `Created pod: ${nameOf(pod)}`,
        source: 'job-controller',
        first: seed.created,
      }),
    ),
  ];
}

function finishJob(job: KubeObject, read: ObjectReader, now: Date): readonly LivelyChange[] {
  const metadata = metadataOf(job);
  const end = ago(now, 0);
  const seed: SeedJob = {
    namespace: namespaceOf(job),
    name: nameOf(job),
    image: 'registry.example.com/backup:5',
    app: 'backup',
    created: stringAt(metadata, 'creationTimestamp'),
    end,
  };
  const finished = buildJob(seed);
  return [
    ...podsOwnedBy(job, read).map((pod) => update({ ...pod, status: statusOf(buildJobPod(seed, finished)) })),
    update({ ...job, status: statusOf(finished) }),
    create(
      buildEvent({
        about: job,
        reason: 'Completed',
        message: 'Job completed',
        source: 'job-controller',
        first: end,
      }),
    ),
  ];
}

/** Lets the crashing pod of `dev` start, and crash again at the next step. */
function crash(_step: number, read: ObjectReader, now: Date): readonly LivelyChange[] {
  const pod = read
    .list('v1', 'Pod', 'dev')
    .find((candidate) => objectAt(metadataOf(candidate), 'labels')?.app === 'payment');
  if (pod === undefined || isBeingDeleted(pod)) return [];
  const status = statusOf(pod);
  const [container] = objectsAt(status, 'containerStatuses');
  if (container === undefined) return [];
  const time = ago(now, 0);
  const running = objectAt(objectAt(container, 'state'), 'running');
  const name = stringAt(container, 'name');
  const changed =
    running === undefined
      ? {
          ...container,
          state: { running: { startedAt: time } },
          ready: true,
          started: true,
          restartCount: numberAt(container, 'restartCount') + 1,
        }
      : {
          ...container,
          state: {
            waiting: {
              reason: 'CrashLoopBackOff',
              message: `back-off 5m0s restarting failed container=${name}`,
            },
          },
          lastState: {
            terminated: {
              exitCode: 1,
              reason: 'Error',
              startedAt: stringAt(running, 'startedAt'),
              finishedAt: time,
              containerID: stringAt(container, 'containerID'),
            },
          },
          ready: false,
          started: false,
        };
  const isReady = running === undefined;
  const updated = withReadiness(
    { ...pod, status: { ...status, containerStatuses: [changed] } },
    isReady,
    time,
  );
  const event = isReady
    ? { reason: 'Started', message: 'Container started' }
    : {
        reason: 'BackOff',
        message: `Back-off restarting failed container ${name} in pod ${nameOf(pod)}_dev`,
        type: 'Warning' as const,
      };
  return [
    update(updated),
    create(
      buildEvent({
        about: pod,
        source: 'kubelet',
        host: stringAt(specOf(pod), 'nodeName'),
        fieldPath: `spec.containers{${name}}`,
        first: time,
        ...event,
      }),
    ),
  ];
}

/** Creates, terminates or removes a pod without a controller. */
function changeBarePods(step: number, read: ObjectReader, now: Date): readonly LivelyChange[] {
  const visitor = read
    .list('v1', 'Pod', 'default')
    .find((pod) => objectAt(metadataOf(pod), 'labels')?.app === 'visitor');
  if (visitor !== undefined) return isBeingDeleted(visitor) ? [remove(visitor)] : terminate(visitor, now);
  const time = ago(now, 0);
  const pod = buildPod({
    namespace: 'default',
    name: `visitor-${shortHash(`visitor/${step}/${time}`)}`,
    created: time,
    labels: { app: 'visitor' },
    node: step % 2 === 0 ? worker : secondWorker,
    ip: `10.244.${1 + (step % 2)}.${100 + (step % 100)}`,
    spec: { containers: [{ name: 'visitor', image: 'busybox:1.37', command: ['sleep', '60'] }] },
  });
  return [create(pod), ...startEvents(pod, 'visitor', 'busybox:1.37', time).map(create)];
}

/**
 * Makes one step of a rolling update of deployment `web`: creates a new pod, makes it ready,
 * terminates and removes an old one, until all are new. Then the next rollout begins.
 */
function rollOut(step: number, read: ObjectReader, now: Date): readonly LivelyChange[] {
  const deployment = read.get('apps/v1', 'Deployment', 'default', 'web');
  if (deployment === undefined) return [];
  const wanted = numberAt(specOf(deployment), 'replicas', 1);
  const sets = replicaSetsOf(deployment, read);
  const current = sets.at(-1);
  if (current === undefined) return [];
  const old = sets.slice(0, -1);
  const newPods = podsOwnedBy(current, read);
  const oldPods = old.flatMap((set) => podsOwnedBy(set, read));

  const ending = oldPods.find(isBeingDeleted);
  if (ending !== undefined) {
    const left = oldPods.filter((pod) => pod !== ending);
    return [remove(ending), ...settle(deployment, sets, [...left, ...newPods], read, now)];
  }
  const starting = newPods.find((pod) => !isReady(pod));
  if (starting !== undefined) {
    const started = startPod(starting, step, now);
    const others = [...oldPods, ...newPods].filter((pod) => pod !== starting);
    const events = startEvents(started, 'nginx', imageOf(deployment), ago(now, 0)).slice(1);
    return [
      update(started),
      ...events.map(create),
      ...settle(deployment, sets, [...others, started], read, now),
    ];
  }
  const surplus = oldPods.at(-1);
  if (surplus !== undefined && oldPods.length + newPods.length > wanted) return terminate(surplus, now);
  if (newPods.length < wanted) {
    const pod = newReplica(deployment, current, step, now);
    return [create(pod), ...settle(deployment, sets, [...oldPods, ...newPods, pod], read, now)];
  }
  return beginRollOut(deployment, sets, newPods, step, now);
}

function beginRollOut(
  deployment: KubeObject,
  sets: readonly KubeObject[],
  pods: readonly KubeObject[],
  step: number,
  now: Date,
): readonly LivelyChange[] {
  const time = ago(now, 0);
  const revision = String(Math.max(...sets.map(revisionOf)) + 1);
  const hash = shortHash(`web/${step}/${time}`, 10);
  const template = objectAt(specOf(deployment), 'template') ?? {};
  const templateMetadata = objectAt(template, 'metadata') ?? {};
  const restarted = {
    ...template,
    metadata: {
      ...templateMetadata,
      annotations: {
        ...objectAt(templateMetadata, 'annotations'),
        'kubectl.kubernetes.io/restartedAt': time,
      },
    },
  };
  const selector = objectAt(objectAt(specOf(deployment), 'selector'), 'matchLabels');
  const labels = { ...selector, 'pod-template-hash': hash };
  const replicaSet = buildObject(
    'apps/v1',
    'ReplicaSet',
    {
      namespace: namespaceOf(deployment),
      name: `${nameOf(deployment)}-${hash}`,
      created: time,
      generation: 1,
      labels,
      annotations: {
        'deployment.kubernetes.io/desired-replicas': String(numberAt(specOf(deployment), 'replicas', 1)),
        'deployment.kubernetes.io/revision': revision,
      },
      owner: deployment,
    },
    {
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { ...restarted, metadata: { ...restarted.metadata, labels } },
      },
      status: { replicas: 1, fullyLabeledReplicas: 1, observedGeneration: 1 },
    },
  );
  const pod = newReplica(deployment, replicaSet, step, now);
  const metadata = metadataOf(deployment);
  const annotations = { ...objectAt(metadata, 'annotations'), 'deployment.kubernetes.io/revision': revision };
  const changed: KubeObject = {
    ...deployment,
    metadata: { ...metadata, annotations },
    spec: { ...specOf(deployment), template: restarted },
  };
  // Keeps two old revisions.
  const outdated = sets.slice(0, -2);
  return [
    ...outdated.map(remove),
    create(replicaSet),
    create(pod),
    update(withDeploymentStatus(changed, replicaSet, [...pods, pod], now)),
    create(
      buildEvent({
        about: deployment,
        reason: 'ScalingReplicaSet',
        message: `Scaled up replica set ${nameOf(replicaSet)} from 0 to 1`,
        source: 'deployment-controller',
        first: time,
      }),
    ),
  ];
}

/** Updates replica sets, deployment and endpoints to match the existing pods. */
function settle(
  deployment: KubeObject,
  sets: readonly KubeObject[],
  pods: readonly KubeObject[],
  read: ObjectReader,
  now: Date,
): readonly LivelyChange[] {
  const current = sets.at(-1);
  const changedSets = sets.flatMap((set) => {
    const own = pods.filter((pod) => isOwnedBy(pod, set));
    const status = {
      replicas: own.length,
      ...(own.length === 0 ? {} : { fullyLabeledReplicas: own.length }),
      ...replicaCounts(own.filter(isReady).length),
      terminatingReplicas: 0,
      observedGeneration: numberAt(metadataOf(set), 'generation', 1),
    };
    const changed = { ...set, spec: { ...specOf(set), replicas: own.length }, status };
    return JSON.stringify(changed) === JSON.stringify(set) ? [] : [update(changed)];
  });
  const service = read.get('v1', 'Service', 'default', nameOf(deployment));
  const endpoints = service === undefined ? [] : updatedEndpoints(service, pods.filter(isReady), read, now);
  return [
    ...changedSets,
    ...(current === undefined ? [] : [update(withDeploymentStatus(deployment, current, pods, now))]),
    ...endpoints,
  ];
}

function withDeploymentStatus(
  deployment: KubeObject,
  current: KubeObject,
  pods: readonly KubeObject[],
  now: Date,
): KubeObject {
  const wanted = numberAt(specOf(deployment), 'replicas', 1);
  const ready = pods.filter(isReady).length;
  const updated = pods.filter((pod) => isOwnedBy(pod, current));
  const isComplete = updated.length === wanted && pods.length === wanted && ready === wanted;
  const time = ago(now, 0);
  const conditions = objectsAt(statusOf(deployment), 'conditions');
  const since = stringAt(conditionOf(conditions, 'Progressing'), 'lastTransitionTime');
  return {
    ...deployment,
    status: {
      observedGeneration: numberAt(metadataOf(deployment), 'generation', 1),
      replicas: pods.length,
      updatedReplicas: updated.length,
      ...replicaCounts(ready),
      ...(ready >= pods.length ? {} : { unavailableReplicas: pods.length - ready }),
      terminatingReplicas: 0,
      conditions: [
        conditionOf(conditions, 'Available') ?? availableCondition(true, time),
        {
          type: 'Progressing',
          status: 'True',
          lastUpdateTime: time,
          lastTransitionTime: since === '' ? time : since,
          reason: isComplete ? 'NewReplicaSetAvailable' : 'ReplicaSetUpdated',
          message: `ReplicaSet "${nameOf(current)}" ${isComplete ? 'has successfully progressed' : 'is progressing'}.`,
        },
      ],
    },
  };
}

/** Makes a pod of a replica set that is scheduled and whose container is being created. */
function newReplica(deployment: KubeObject, set: KubeObject, step: number, now: Date): KubeObject {
  const labels = objectAt(metadataOf(set), 'labels') ?? {};
  return buildPod({
    namespace: namespaceOf(deployment),
    name: `${nameOf(set)}-${shortHash(`${nameOf(set)}/${step}/${ago(now, 0)}`)}`,
    generateName: `${nameOf(set)}-`,
    created: ago(now, 0),
    labels,
    owner: set,
    node: step % 2 === 0 ? worker : secondWorker,
    spec: {
      containers: [
        { name: 'nginx', image: imageOf(deployment), ports: [{ containerPort: 80, protocol: 'TCP' }] },
      ],
    },
    containerStatuses: [{ name: 'nginx', state: { waiting: { reason: 'ContainerCreating' } } }],
  });
}

/** Returns the pod with a running container and an address. */
function startPod(pod: KubeObject, step: number, now: Date): KubeObject {
  const status = statusOf(pod);
  const ip = `10.244.${stringAt(specOf(pod), 'nodeName') === worker.name ? 1 : 2}.${20 + (step % 200)}`;
  const started = objectsAt(status, 'containerStatuses').map((container) => ({
    ...container,
    state: { running: { startedAt: ago(now, 0) } },
    ready: true,
    started: true,
    containerID: `containerd://${shortHash(nameOf(pod), 32, '0123456789abcdef')}`,
  }));
  const running = { ...status, phase: 'Running', podIP: ip, podIPs: [{ ip }], containerStatuses: started };
  return withReadiness({ ...pod, status: running }, true, ago(now, 0));
}

function withReadiness(pod: KubeObject, isTrue: boolean, time: string): KubeObject {
  const status = statusOf(pod);
  const names = objectsAt(status, 'containerStatuses').map((container) => stringAt(container, 'name'));
  const conditions = objectsAt(status, 'conditions').map(({ reason, message, ...condition }): JsonObject => {
    if (condition.type === 'PodReadyToStartContainers') return { ...condition, status: 'True' };
    if (condition.type !== 'Ready' && condition.type !== 'ContainersReady') {
      return {
        ...condition,
        ...(reason === undefined ? {} : { reason }),
        ...(message === undefined ? {} : { message }),
      };
    }
    const why = {
      reason: 'ContainersNotReady',
      message: `containers with unready status: [${names.join(' ')}]`,
    };
    return {
      ...condition,
      status: isTrue ? 'True' : 'False',
      lastTransitionTime: time,
      ...(isTrue ? {} : why),
    };
  });
  return { ...pod, status: { ...status, conditions } };
}

/** Makes the first step of a deletion: the pod is marked, and its containers get time to end. */
function terminate(pod: KubeObject, now: Date): readonly LivelyChange[] {
  const [container] = objectsAt(specOf(pod), 'containers');
  const name = stringAt(container, 'name');
  return [
    update({
      ...pod,
      metadata: { ...metadataOf(pod), deletionTimestamp: ago(now, -30_000), deletionGracePeriodSeconds: 30 },
    }),
    create(
      buildEvent({
        about: pod,
        reason: 'Killing',
        message: `Stopping container ${name}`,
        source: 'kubelet',
        host: stringAt(specOf(pod), 'nodeName'),
        fieldPath: `spec.containers{${name}}`,
        first: ago(now, 0),
      }),
    ),
  ];
}

function replicaSetsOf(deployment: KubeObject, read: ObjectReader): readonly KubeObject[] {
  return read
    .list('apps/v1', 'ReplicaSet', namespaceOf(deployment))
    .filter((set) => isOwnedBy(set, deployment))
    .sort((a, b) => revisionOf(a) - revisionOf(b));
}

function revisionOf(object: KubeObject): number {
  const annotations = objectAt(metadataOf(object), 'annotations');
  return Number(stringAt(annotations, 'deployment.kubernetes.io/revision')) || 0;
}

function podsOwnedBy(owner: KubeObject, read: ObjectReader): readonly KubeObject[] {
  return read.list('v1', 'Pod', namespaceOf(owner)).filter((pod) => isOwnedBy(pod, owner));
}

function isOwnedBy(object: KubeObject, owner: KubeObject): boolean {
  const uid = stringAt(metadataOf(owner), 'uid');
  return objectsAt(metadataOf(object), 'ownerReferences').some((reference) => reference.uid === uid);
}

function isReady(pod: KubeObject): boolean {
  const ready = conditionOf(objectsAt(statusOf(pod), 'conditions'), 'Ready');
  return ready?.status === 'True' && !isBeingDeleted(pod);
}

function imageOf(deployment: KubeObject): string {
  const spec = objectAt(objectAt(specOf(deployment), 'template'), 'spec');
  return stringAt(objectsAt(spec, 'containers')[0], 'image');
}

/**
 * Returns Endpoints and EndpointSlice with the addresses of the ready pods. Does not change their
 * metadata.
 */
function updatedEndpoints(
  service: KubeObject,
  pods: readonly KubeObject[],
  read: ObjectReader,
  now: Date,
): readonly LivelyChange[] {
  return buildEndpoints(service, pods, 80, ago(now, 0)).flatMap((wanted) => {
    const present = read.get(wanted.apiVersion, wanted.kind, namespaceOf(wanted), nameOf(wanted));
    if (present === undefined) return [];
    const changed = { ...wanted, metadata: present.metadata };
    return JSON.stringify(changed) === JSON.stringify(present) ? [] : [update(changed)];
  });
}

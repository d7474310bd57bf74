// Finds the problems of an object, causes before consequences. Entry point: problemsOf(). Pure.

import type { ObjectEvent } from '../../api/object-events.ts';
import {
  conditionOf,
  isBeingDeleted,
  nameOf,
  numberAt,
  objectsAt,
  quantityTextAt,
  specOf,
  statusOf,
} from '../../model/fields.ts';
import { arrayAt, objectAt, stringAt, stringsAt, type KubeObject } from '../../model/object.ts';
import { compareQuantities, parseQuantity } from '../../model/quantity.ts';
import { groupResourceOf, type ResourceType } from '../../model/resource.ts';
import { conditionsOf } from './conditions.ts';
import { containersOf, exitText } from './containers.ts';
import { objectLabel } from './object-label.ts';
import type { Condition, ContainerFacts, OwnedObject, Problem, Related } from './summary.ts';

/** Ranks: causes come before consequences. */
const rank = {
  /** Something that the object needs does not exist. */
  missing: 10,
  container: 20,
  scheduling: 30,
  /** A warning that explains a problem of the object. */
  explainingEvent: 35,
  failure: 40,
  deletion: 45,
  condition: 50,
  /** Restarts of a container that runs again. */
  restarts: 55,
  /** Counts and phases that are consequences of the causes above. */
  consequence: 60,
  event: 70,
} as const;

/** Milliseconds for which a restart or a warning still counts as a problem. */
const recentMs = 3_600_000;

/** Conditions that only report problems of other conditions or of the containers. */
const consequences = new Set([
  'Ready',
  'ContainersReady',
  'Initialized',
  'Available',
  'Progressing',
  'PodReadyToStartContainers',
  'FailureTarget',
]);

/** Waiting reasons of a container that is starting. */
const startingReasons = new Set(['ContainerCreating', 'PodInitializing', '']);

export interface ProblemInput {
  readonly type: ResourceType;
  readonly object: KubeObject;
  readonly related: Related;
  readonly owned: readonly OwnedObject[];
  /** Undefined: they could not be read. */
  readonly events: readonly ObjectEvent[] | undefined;
  readonly now: Date;
}

/**
 * Returns the problems of an object and of what it owns, causes first. Empty if nothing is wrong.
 */
export function problemsOf(input: ProblemInput): readonly Problem[] {
  const { type, object, owned, related, now } = input;
  const problems = [
    ...ownProblems(type, object, related, now),
    ...phaseProblems(type, object),
    ...ownedProblems(owned, now),
  ];
  // A stable sort: problems of one rank keep their order.
  return distinct([...problems, ...warningProblems(input, problems)]).sort((a, b) => a.rank - b.rank);
}

/** Returns the problems of owned objects, without consequences. */
function ownedProblems(owned: readonly OwnedObject[], now: Date): readonly Problem[] {
  return owned.flatMap(({ type, object, owned: inner }) => {
    const own = object === undefined ? [] : ownProblems(type, object, {}, now);
    return [...own.filter((problem) => problem.rank < rank.condition), ...ownedProblems(inner, now)];
  });
}

/**
 * Keeps one problem of each kind, with the number of the others, because pods of one workload fail
 * in the same way.
 */
function distinct(problems: readonly Problem[]): Problem[] {
  const groups = new Map<string, Problem[]>();
  for (const problem of problems) {
    const { part, reason, rank: level, object } = problem;
    const kind = object.split('/', 1)[0] ?? '';
    const key = JSON.stringify([kind, part, reason, level, level === rank.container ? '' : problem.message]);
    groups.set(key, [...(groups.get(key) ?? []), problem]);
  }
  return [...groups.values()].flatMap(([first, ...others]) => {
    const more = new Set(others.map(({ object }) => object).filter((object) => object !== first?.object))
      .size;
    if (first === undefined) return [];
    if (more === 0) return [first, ...others.filter(({ message }) => message !== first.message)];
    const also = `the same in ${more} more ${more === 1 ? 'object' : 'objects'}`;
    return [{ ...first, message: first.message === '' ? also : `${first.message} (${also})` }];
  });
}

function ownProblems(
  type: ResourceType,
  object: KubeObject,
  related: Related,
  now: Date,
): readonly Problem[] {
  const at = objectLabel(type, nameOf(object));
  const conditions = conditionsOf(object);
  return [
    ...missingProblems(at, object, related),
    ...(type.group === '' && type.resource === 'pods' ? podProblems(at, object, now) : []),
    ...quotaProblems(at, object),
    ...endpointProblems(at, object, related),
    ...deletionProblems(at, object, now),
    ...conditions
      .filter(({ judgement }) => judgement === 'bad')
      .map((condition) => conditionProblem(at, condition)),
    ...replicaProblems(at, object),
  ];
}

function problem(
  object: string,
  level: number,
  { part = '', reason = '', message = '', since = '' }: Partial<Omit<Problem, 'object' | 'rank'>>,
): Problem {
  return { object, part, reason, message: message.trim(), since, rank: level };
}

function conditionProblem(at: string, condition: Condition): Problem {
  const { type, status, reason, message, since } = condition;
  const level =
    type === 'PodScheduled' ? rank.scheduling : consequences.has(type) ? rank.consequence : rank.failure;
  return problem(at, type === 'Ready' && at.startsWith('node/') ? rank.failure : level, {
    part: `condition ${type} is ${status}`,
    ...{ reason, message, since },
  });
}

function podProblems(at: string, pod: KubeObject, now: Date): readonly Problem[] {
  const { phase } = statusOf(pod);
  if (phase === 'Succeeded') return [];
  const problems = containersOf(pod).flatMap((container) => containerProblems(at, container, now));
  const reason = stringAt(statusOf(pod), 'reason');
  if (phase === 'Failed' && (reason !== '' || problems.length === 0)) {
    const message = stringAt(statusOf(pod), 'message');
    problems.push(problem(at, rank.failure, { part: 'phase Failed', reason, message }));
  }
  return problems;
}

function containerProblems(at: string, container: ContainerFacts, now: Date): readonly Problem[] {
  const { name, kind, state, exit, lastExit, restarts, since, reason, message } = container;
  const part = kind === 'container' ? `container ${name}` : `${kind} container ${name}`;
  if (kind === 'ephemeral') return [];
  const times = restarts === 1 ? '1 restart' : `${restarts} restarts`;
  const last =
    lastExit === undefined
      ? []
      : [`last ended with ${exitText(lastExit)}; ${times}`, firstLine(lastExit.message)].filter(
          (text) => text !== '',
        );
  if (state === 'waiting') {
    if (startingReasons.has(reason) && (lastExit === undefined || lastExit.code === 0)) return [];
    return [
      problem(at, rank.container, {
        ...{ part, reason: reason === '' ? 'waiting' : reason },
        message: [...last, message].filter((text) => text !== '').join('; '),
        since: lastExit?.at ?? '',
      }),
    ];
  }
  if (state === 'terminated' && exit !== undefined && exit.code !== 0) {
    const why = [exitText(exit), firstLine(exit.message), restarts > 0 ? times : ''];
    return [
      problem(at, rank.container, {
        ...{ part, reason: exit.reason === '' ? 'Error' : exit.reason, since: exit.at },
        message: why.filter((text) => text !== '').join('; '),
      }),
    ];
  }
  if (state !== 'running') return [];
  const isRecent = lastExit !== undefined && isWithin(lastExit.at, now);
  if (lastExit !== undefined && isRecent && restarts > 0) {
    const level = container.ready ? rank.restarts : rank.container;
    return [
      problem(at, level, {
        ...{ part, reason: lastExit.reason === '' ? 'restarted' : lastExit.reason, since: lastExit.at },
        message: `${last.join('; ')}; it runs again`,
      }),
    ];
  }
  if (container.ready || kind === 'init') return [];
  const isProbed = container.details.some((detail) => /^(?:Readiness|Startup)$/.test(detail.name));
  return [
    problem(at, rank.container, {
      ...{ part, reason: 'NotReady', since },
      message: isProbed ? 'it runs, and its probe does not succeed' : 'it runs, and is not ready',
    }),
  ];
}

function firstLine(text: string): string {
  const [line = ''] = text.split('\n').filter((one) => one.trim() !== '');
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}

function isWithin(time: string, now: Date): boolean {
  const at = Date.parse(time);
  return !Number.isNaN(at) && now.getTime() - at < recentMs;
}

/** Returns the problems of references to missing objects. */
function missingProblems(at: string, object: KubeObject, related: Related): readonly Problem[] {
  const problems: Problem[] = [];
  if (related.storageClass === 'missing') {
    const name = stringAt(specOf(object), 'storageClassName');
    problems.push(
      problem(at, rank.missing, {
        part: `storage class ${name}`,
        reason: 'NotFound',
        message: 'it does not exist',
      }),
    );
  }
  for (const [name, claim] of related.claims ?? []) {
    if (claim === 'missing') {
      problems.push(
        problem(at, rank.missing, {
          part: `claim ${name}`,
          reason: 'NotFound',
          message: 'it does not exist',
        }),
      );
    } else if (stringAt(statusOf(claim), 'phase') !== 'Bound') {
      const phase = stringAt(statusOf(claim), 'phase') || 'without a phase';
      const since = stringAt(claim.metadata, 'creationTimestamp');
      problems.push(
        problem(`persistentvolumeclaim/${name}`, rank.missing, {
          ...{ part: 'phase', reason: phase, since },
          message: 'the pod waits for this claim',
        }),
      );
    }
  }
  for (const [name, service] of related.services ?? []) {
    if (service !== 'missing') continue;
    problems.push(
      problem(at, rank.missing, {
        part: `service ${name}`,
        reason: 'NotFound',
        message: 'it does not exist',
      }),
    );
  }
  if (related.scaleTarget === 'missing') {
    const target = objectAt(specOf(object), 'scaleTargetRef');
    problems.push(
      problem(at, rank.missing, {
        part: `target ${stringAt(target, 'kind')} ${stringAt(target, 'name')}`,
        ...{ reason: 'NotFound', message: 'it does not exist' },
      }),
    );
  }
  return problems;
}

function quotaProblems(at: string, object: KubeObject): readonly Problem[] {
  if (object.kind !== 'ResourceQuota') return [];
  const hard = objectAt(statusOf(object), 'hard') ?? objectAt(specOf(object), 'hard');
  const used = objectAt(statusOf(object), 'used');
  return Object.keys(hard ?? {}).flatMap((name) => {
    const [max, is] = [parseQuantity(quantityTextAt(hard, name)), parseQuantity(quantityTextAt(used, name))];
    // A quota of zero forbids something on purpose.
    if (max === undefined || is === undefined || max.sign === 0 || compareQuantities(is, max) < 0) return [];
    return [
      problem(at, rank.failure, {
        ...{ part: name, reason: 'QuotaUsedUp' },
        message: `${quantityTextAt(used, name)} of ${quantityTextAt(hard, name)} used: new objects that need more are refused`,
      }),
    ];
  });
}

/** Returns the problem of a Service with a selector and no ready endpoint. */
function endpointProblems(at: string, object: KubeObject, related: Related): readonly Problem[] {
  const slices = related.endpointSlices;
  if (slices === undefined || objectAt(specOf(object), 'selector') === undefined) return [];
  const endpoints = slices.flatMap((slice) => objectsAt(slice, 'endpoints'));
  const isReady = endpoints.some((endpoint) => objectAt(endpoint, 'conditions')?.['ready'] !== false);
  if (isReady) return [];
  return [
    problem(at, rank.consequence, {
      ...{ part: 'endpoints', reason: 'NoneReady' },
      message:
        endpoints.length === 0
          ? 'the EndpointSlices have no endpoints'
          : `none of ${endpoints.length} is ready`,
    }),
  ];
}

/** Returns the problem of an object whose deletion takes too long. */
function deletionProblems(at: string, object: KubeObject, now: Date): readonly Problem[] {
  if (!isBeingDeleted(object)) return [];
  const { metadata } = object;
  const due = Date.parse(stringAt(metadata, 'deletionTimestamp'));
  const grace = numberAt(metadata, 'deletionGracePeriodSeconds');
  const requested = Number.isNaN(due) ? '' : new Date(due - grace * 1_000).toISOString();
  const finalizers = [
    ...stringsAt(metadata, 'finalizers'),
    ...stringsAt(objectAt(object, 'spec'), 'finalizers'),
  ];
  if (finalizers.length > 0) {
    return [
      problem(at, rank.deletion, {
        ...{ part: 'deletion', reason: 'WaitsForFinalizers', since: requested },
        message: `it goes when ${finalizers.length === 1 ? 'this finalizer is' : 'these finalizers are'} removed: ${finalizers.join(', ')}`,
      }),
    ];
  }
  if (Number.isNaN(due) || due > now.getTime()) return [];
  return [
    problem(at, rank.deletion, {
      ...{ part: 'deletion', reason: 'NotGone', since: requested },
      message: `it should have been gone since ${stringAt(metadata, 'deletionTimestamp')}`,
    }),
  ];
}

/** Returns the problem of a workload with fewer ready pods than it should have. */
function replicaProblems(at: string, object: KubeObject): readonly Problem[] {
  const { wanted, ready } = replicasOf(object) ?? { wanted: 0, ready: 0 };
  if (ready >= wanted) return [];
  return [
    problem(at, rank.consequence, {
      ...{ part: 'pods', reason: 'NotReady' },
      message: `${ready} of ${wanted} ${wanted === 1 ? 'is' : 'are'} ready`,
    }),
  ];
}

/**
 * Returns how many pods a workload should have and how many are ready. Undefined for other types.
 */
export function replicasOf(
  object: KubeObject,
): { readonly wanted: number; readonly ready: number } | undefined {
  const spec = specOf(object);
  const status = statusOf(object);
  if (object.kind === 'DaemonSet' && object.apiVersion.startsWith('apps/')) {
    return { wanted: numberAt(status, 'desiredNumberScheduled'), ready: numberAt(status, 'numberReady') };
  }
  const scales = ['Deployment', 'ReplicaSet', 'StatefulSet'].includes(object.kind);
  const isBuiltIn = object.apiVersion.startsWith('apps/') || object.apiVersion === 'v1';
  if (!isBuiltIn || !(scales || object.kind === 'ReplicationController')) return undefined;
  return { wanted: numberAt(spec, 'replicas', 1), ready: numberAt(status, 'readyReplicas') };
}

/** Returns problems of phases of built-in types, and of other states without a condition. */
function phaseProblems(type: ResourceType, object: KubeObject): readonly Problem[] {
  const at = objectLabel(type, nameOf(object));
  const status = statusOf(object);
  const spec = specOf(object);
  const phase = stringAt(status, 'phase');
  const since = stringAt(object.metadata, 'creationTimestamp');
  const isOf = (name: string): boolean => groupResourceOf(type) === name;
  if (isOf('persistentvolumeclaims') && phase !== 'Bound' && phase !== '') {
    return [
      problem(at, rank.consequence, {
        ...{ part: 'phase', reason: phase, since },
        message: phase === 'Lost' ? 'its volume does not exist any more' : 'it is not bound to a volume',
      }),
    ];
  }
  if (isOf('persistentvolumes') && phase === 'Failed') {
    const [reason, message] = [stringAt(status, 'reason'), stringAt(status, 'message')];
    return [problem(at, rank.failure, { part: 'phase Failed', reason, message })];
  }
  if (
    isOf('pods') &&
    (phase === 'Pending' || phase === '' || phase === 'Unknown') &&
    !isBeingDeleted(object)
  ) {
    if (objectsAt(spec, 'schedulingGates').length > 0) {
      const gates = objectsAt(spec, 'schedulingGates').map((gate) => stringAt(gate, 'name'));
      return [
        problem(at, rank.scheduling, {
          ...{ part: 'scheduling', reason: 'SchedulingGated', since },
          message: `it waits for scheduling gates: ${gates.join(', ')}`,
        }),
      ];
    }
    const isScheduled = stringAt(spec, 'nodeName') !== '';
    const says = conditionOf(objectsAt(status, 'conditions'), 'PodScheduled') !== undefined;
    const message = isScheduled
      ? 'its containers have not all started'
      : says
        ? 'it has no node'
        : 'it has no node, and no scheduler has said why';
    return [problem(at, rank.consequence, { part: 'phase', reason: phase || 'Pending', since, message })];
  }
  if (isOf('services') && stringAt(spec, 'type') === 'LoadBalancer') {
    const ingress = arrayAt(objectAt(status, 'loadBalancer'), 'ingress');
    if (ingress.length > 0) return [];
    return [
      problem(at, rank.consequence, {
        ...{ part: 'load balancer', reason: 'Pending', since },
        message: 'it has no address yet',
      }),
    ];
  }
  return isOf('jobs.batch') ? jobProblems(at, object) : [];
}

function jobProblems(at: string, job: KubeObject): readonly Problem[] {
  const failed = numberAt(statusOf(job), 'failed');
  const conditions = conditionsOf(job);
  const isOver = conditions.some(
    ({ type, status }) => status === 'True' && ['Complete', 'Failed', 'SuccessCriteriaMet'].includes(type),
  );
  if (failed === 0 || isOver) return [];
  return [
    problem(at, rank.consequence, {
      ...{ part: 'pods', reason: 'Failed' },
      message: `${failed} failed so far, of at most ${numberAt(specOf(job), 'backoffLimit', 6) + 1} attempts`,
    }),
  ];
}

/**
 * Returns the recent warnings of an object. They explain other problems. If all conditions are
 * good, warnings are outdated and omitted.
 */
function warningProblems(input: ProblemInput, problems: readonly Problem[]): readonly Problem[] {
  const { type, object, events, now } = input;
  if (events === undefined) return [];
  const judged = conditionsOf(object).filter(({ judgement }) => judgement !== 'unknown');
  if (problems.length === 0 && judged.length > 0) return [];
  if (stringAt(statusOf(object), 'phase') === 'Succeeded') return [];
  const isExplained = problems.length > 0;
  const at = objectLabel(type, nameOf(object));
  const latest = new Map<string, ObjectEvent>();
  for (const event of events) {
    const explains = event.type === 'Warning' || (isExplained && explaining.has(event.reason));
    if (explains && isWithin(event.lastSeen, now)) latest.set(event.reason, event);
  }
  return [...latest.values()]
    .filter((event) => !problems.some(({ message }) => message !== '' && message.includes(event.message)))
    .map((event) =>
      problem(at, isExplained ? rank.explainingEvent : rank.event, {
        part: 'event',
        ...{ reason: event.reason, since: event.lastSeen },
        message: `${event.message}${event.count > 1 ? ` (${event.count} times)` : ''}`,
      }),
    );
}

/** Events of type Normal that explain why an object makes no progress. */
const explaining = new Set([
  'FailedBinding',
  'WaitForFirstConsumer',
  'ExternalProvisioning',
  'WaitForPodScheduled',
]);

// The table of pods: READY, STATUS and RESTARTS from the states of the containers. Entry points:
// `podTable` and `podRowConditions`.

import { objectAt, stringAt } from '../../model/object.ts';
import type { Json, JsonObject } from '../../model/object.ts';
import { ageOf } from '../../model/age.ts';
import {
  booleanAt,
  conditionOf,
  isBeingDeleted,
  nameOf,
  numberAt,
  objectsAt,
  specOf,
  statusOf,
  textAt,
} from '../../model/fields.ts';
import { ageColumn, column, creationAge, nameColumn, wideColumn } from './layout.ts';
import type { TableLayout } from './layout.ts';

export const podTable: TableLayout = {
  columns: [
    nameColumn,
    column('Ready', 'Containers that are ready, of all that keep running'),
    column('Status', 'Phase of the pod, or what its containers wait for or ended with'),
    column('Restarts', 'How often containers were restarted, and when last'),
    ageColumn,
    wideColumn('IP', 'Address of the pod'),
    wideColumn('Node', 'Node the pod runs on'),
    wideColumn('Nominated Node', 'Node being cleared by preemption for the pod'),
    wideColumn('Readiness Gates', 'Readiness gates that are fulfilled, of all'),
  ],
  cells: podCells,
};

/** Returns the `conditions` of a pod's row: a finished pod is marked as completed. */
export function podRowConditions(pod: JsonObject): readonly JsonObject[] {
  const phase = statusOf(pod).phase;
  if (phase !== 'Succeeded' && phase !== 'Failed') return [];
  const message = phase === 'Succeeded' ? 'The pod has completed successfully.' : 'The pod failed.';
  return [{ type: 'Completed', status: 'True', reason: phase, message }];
}

function podCells(pod: JsonObject, now: Date): readonly Json[] {
  const spec = specOf(pod);
  const status = statusOf(pod);
  const { ready, total, reason, restarts, lastRestart } = summarize(pod, spec, status);
  const ip = textAt(objectsAt(status, 'podIPs')[0], 'ip', stringAt(status, 'podIP'));
  return [
    nameOf(pod),
    `${ready}/${total}`,
    reason,
    restarts !== 0 && lastRestart !== '' ? `${restarts} (${ageOf(lastRestart, now)} ago)` : String(restarts),
    creationAge(pod, now),
    ip === '' ? '<none>' : ip,
    textAt(spec, 'nodeName', '<none>'),
    textAt(status, 'nominatedNodeName', '<none>'),
    readinessGates(spec, status),
  ];
}

/**
 * Number of restarts and the time of the last one. The RFC 3339 string in UTC sorts like the time.
 */
interface RestartCount {
  restarts: number;
  lastRestart: string;
}

function countRestarts(count: RestartCount, container: JsonObject): void {
  count.restarts += numberAt(container, 'restartCount');
  const finished = stringAt(objectAt(objectAt(container, 'lastState'), 'terminated'), 'finishedAt');
  if (finished > count.lastRestart) count.lastRestart = finished;
}

/** The values of the pod's own columns. */
interface PodSummary extends RestartCount {
  readonly ready: number;
  readonly total: number;
  readonly reason: string;
}

/**
 * The values from its init containers. `reason` is empty if initialization is complete or not
 * blocked.
 */
interface InitSummary {
  readonly all: RestartCount;
  readonly restartable: RestartCount;
  readonly total: number;
  readonly ready: number;
  readonly reason: string;
}

function summarize(pod: JsonObject, spec: JsonObject, status: JsonObject): PodSummary {
  const conditions = objectsAt(status, 'conditions');
  const phase = stringAt(status, 'phase');
  let reason = textAt(status, 'reason', phase);
  if (conditionOf(conditions, 'PodScheduled')?.reason === 'SchedulingGated') reason = 'SchedulingGated';

  const init = summarizeInit(spec, status);
  if (init.reason !== '') reason = init.reason;
  let { ready } = init;
  let count: RestartCount = init.all;
  // While init containers run, only they count. Afterwards only sidecars count.
  if (init.reason === '' || conditionOf(conditions, 'Initialized')?.status === 'True') {
    count = init.restartable;
    const main = summarizeMain(status, reason, conditions, count);
    ready += main.ready;
    reason = main.reason;
  }
  if (isBeingDeleted(pod)) {
    if (status.reason === 'NodeLost') reason = 'Unknown';
    else if (phase !== 'Failed' && phase !== 'Succeeded') reason = 'Terminating';
  }
  return { ready, total: objectsAt(spec, 'containers').length + init.total, reason, ...count };
}

function summarizeInit(spec: JsonObject, status: JsonObject): InitSummary {
  const initContainers = objectsAt(spec, 'initContainers');
  const restartableNames = new Set(
    initContainers
      .filter((container) => container.restartPolicy === 'Always')
      .map((container) => stringAt(container, 'name')),
  );
  const all: RestartCount = { restarts: 0, lastRestart: '' };
  const restartable: RestartCount = { restarts: 0, lastRestart: '' };
  const total = restartableNames.size;
  let ready = 0;
  for (const [index, container] of objectsAt(status, 'initContainerStatuses').entries()) {
    const keepsRunning = restartableNames.has(stringAt(container, 'name'));
    countRestarts(all, container);
    if (keepsRunning) countRestarts(restartable, container);
    const state = objectAt(container, 'state');
    const terminated = objectAt(state, 'terminated');
    if (terminated !== undefined && numberAt(terminated, 'exitCode') === 0) continue;
    if (keepsRunning && booleanAt(container, 'started')) {
      if (booleanAt(container, 'ready')) ready += 1;
      continue;
    }
    const waiting = stringAt(objectAt(state, 'waiting'), 'reason');
    let reason = `Init:${index}/${initContainers.length}`;
    if (terminated !== undefined) reason = `Init:${endOf(terminated)}`;
    else if (waiting !== '' && waiting !== 'PodInitializing') reason = `Init:${waiting}`;
    return { all, restartable, total, ready, reason };
  }
  return { all, restartable, total, ready, reason: '' };
}

function summarizeMain(
  status: JsonObject,
  reasonSoFar: string,
  conditions: readonly JsonObject[],
  count: RestartCount,
): { ready: number; reason: string } {
  let ready = 0;
  let reason = reasonSoFar;
  let failure = '';
  let isRunning = false;
  // From the last to the first, so that the reason of the first container wins.
  for (const container of objectsAt(status, 'containerStatuses').toReversed()) {
    countRestarts(count, container);
    const state = objectAt(container, 'state');
    const waiting = stringAt(objectAt(state, 'waiting'), 'reason');
    const terminated = objectAt(state, 'terminated');
    if (waiting !== '') {
      reason = waiting;
    } else if (terminated !== undefined) {
      reason = endOf(terminated);
      if (numberAt(terminated, 'exitCode') !== 0) failure = reason;
    } else if (booleanAt(container, 'ready') && objectAt(state, 'running') !== undefined) {
      isRunning = true;
      ready += 1;
    }
  }
  if (reason === 'Completed') {
    if (isRunning && conditionOf(conditions, 'Ready')?.status === 'True') reason = 'Running';
    else if (failure !== '') reason = failure;
    else if (isRunning) reason = 'NotReady';
  }
  return { ready, reason };
}

function endOf(terminated: JsonObject): string {
  const reason = stringAt(terminated, 'reason');
  if (reason !== '') return reason;
  const signal = numberAt(terminated, 'signal');
  return signal === 0 ? `ExitCode:${numberAt(terminated, 'exitCode')}` : `Signal:${signal}`;
}

function readinessGates(spec: JsonObject, status: JsonObject): string {
  const gates = objectsAt(spec, 'readinessGates');
  if (gates.length === 0) return '<none>';
  const conditions = objectsAt(status, 'conditions');
  const open = gates.filter(
    (gate) => conditionOf(conditions, stringAt(gate, 'conditionType'))?.status === 'True',
  );
  return `${open.length}/${gates.length}`;
}

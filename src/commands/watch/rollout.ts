// Judges whether a rollout is complete, as `kubectl rollout status` does. Entry point: rolloutOf().
// Pure.

import { arrayAt, isJsonObject, objectAt, stringAt, type JsonObject } from '../../model/object.ts';
import { groupResourceOf, type ResourceType } from '../../model/resource.ts';
import type { Finding } from './finding.ts';

/**
 * Types that have a rollout. Deployments and DaemonSets of `extensions` are for servers before
 * 1.16.
 */
export const rolloutTypes: ReadonlySet<string> = new Set([
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'deployments.extensions',
  'daemonsets.extensions',
]);

/**
 * Judges a Deployment, StatefulSet or DaemonSet. `failed` if kubectl ends with an error: the
 * progress deadline was exceeded, or the update strategy has no rollout.
 * @see https://github.com/kubernetes/kubectl/blob/master/pkg/polymorphichelpers/rollout_status.go
 */
export function rolloutOf(object: JsonObject, type: ResourceType): Finding {
  const [resource = ''] = groupResourceOf(type).split('.');
  const spec = objectAt(object, 'spec');
  const status = objectAt(object, 'status');
  const generation = numberAt(objectAt(object, 'metadata'), 'generation');
  const observed = numberAt(status, 'observedGeneration');
  if (resource !== 'deployments') {
    const strategy = stringAt(objectAt(spec, 'updateStrategy'), 'type');
    // An absent strategy is the server's default, which old servers omit.
    if (strategy !== 'RollingUpdate') {
      return failedFinding(
        `rollout status is only available for RollingUpdate strategy type, not for ${strategy || 'none'}`,
      );
    }
  }
  if (observed < generation || (resource === 'statefulsets' && observed === 0)) {
    return {
      verdict: 'unmet',
      saw: `the controller has not seen the change yet: status is for generation ${observed} of ${generation}`,
      facts: { generation, observedGeneration: observed },
    };
  }
  switch (resource) {
    case 'deployments':
      return deployment(spec, status);
    case 'daemonsets':
      return daemonSet(status);
    default:
      return statefulSet(spec, status);
  }
}

function deployment(spec: JsonObject | undefined, status: JsonObject | undefined): Finding {
  const progressing = arrayAt(status, 'conditions')
    .filter(isJsonObject)
    .find((condition) => stringAt(condition, 'type') === 'Progressing');
  if (stringAt(progressing, 'reason') === 'ProgressDeadlineExceeded') {
    return failedFinding('the rollout exceeded its progress deadline');
  }
  const [updated, current, available] = counts(status, 'updatedReplicas', 'replicas', 'availableReplicas');
  const wanted = spec?.['replicas'];
  if (typeof wanted === 'number' && updated < wanted) {
    return unmetFinding(`${updated} of ${wanted} new replicas are updated`);
  }
  if (current > updated) return unmetFinding(`${current - updated} old replicas are pending termination`);
  if (available < updated) return unmetFinding(`${available} of ${updated} updated replicas are available`);
  return done;
}

function daemonSet(status: JsonObject | undefined): Finding {
  const [updated, wanted, available] = counts(
    status,
    'updatedNumberScheduled',
    'desiredNumberScheduled',
    'numberAvailable',
  );
  if (updated < wanted) return unmetFinding(`${updated} of ${wanted} new pods are updated`);
  if (available < wanted) return unmetFinding(`${available} of ${wanted} updated pods are available`);
  return done;
}

function statefulSet(spec: JsonObject | undefined, status: JsonObject | undefined): Finding {
  const [ready, updated] = counts(status, 'readyReplicas', 'updatedReplicas');
  const wanted = spec?.['replicas'];
  if (typeof wanted === 'number' && ready < wanted)
    return unmetFinding(`${ready} of ${wanted} pods are ready`);
  const rolling = objectAt(objectAt(spec, 'updateStrategy'), 'rollingUpdate');
  if (rolling !== undefined) {
    const partition = rolling['partition'];
    if (typeof wanted === 'number' && typeof partition === 'number' && updated < wanted - partition) {
      return unmetFinding(`${updated} of ${wanted - partition} new pods of the partition are updated`);
    }
    return done;
  }
  const revision = stringAt(status, 'updateRevision');
  if (revision !== stringAt(status, 'currentRevision')) {
    return unmetFinding(`${updated} pods are at revision ${revision}`);
  }
  return done;
}

const done: Finding = { verdict: 'met', saw: 'the rollout is complete' };

function unmetFinding(saw: string): Finding {
  return { verdict: 'unmet', saw: `the rollout is not complete: ${saw}` };
}

function failedFinding(saw: string): Finding {
  return { verdict: 'failed', saw };
}

function counts<const Keys extends readonly string[]>(
  status: JsonObject | undefined,
  ...keys: Keys
): { [Index in keyof Keys]: number } {
  return keys.map((key) => numberAt(status, key)) as { [Index in keyof Keys]: number };
}

function numberAt(object: JsonObject | undefined, key: string): number {
  const value = object?.[key];
  return typeof value === 'number' ? value : 0;
}

// Cells of workloads: deployments, jobs, autoscalers and similar. Entry point: `workloadCells`.
// Pods: pods.ts.

import { objectAt, stringAt } from '../../model/object.ts';
import type { JsonObject } from '../../model/object.ts';
import { parseApiVersion } from '../../model/resource.ts';
import { humanDuration } from '../../model/age.ts';
import {
  booleanAt,
  conditionOf,
  isBeingDeleted,
  metadataOf,
  numberAt,
  objectsAt,
  specOf,
  statusOf,
} from '../../model/fields.ts';
import { quantityAt, selectorText } from './cells.ts';
import type { Cell } from './cells.ts';

/** Cells of workloads by their names in tables.txt. */
export const workloadCells: Readonly<Record<string, Cell>> = {
  readyOfWanted: (object) =>
    `${numberAt(statusOf(object), 'readyReplicas')}/${numberAt(specOf(object), 'replicas', 1)}`,
  deploymentSelector: (deployment) => selectorText(objectAt(specOf(deployment), 'selector')) ?? '<invalid>',
  controller,
  suspended: (cronJob) => (booleanAt(specOf(cronJob), 'suspend') ? 'True' : 'False'),
  jobState,
  completions,
  jobDuration,
  metricTargets,
  minPods: (autoscaler) => {
    const spec = specOf(autoscaler);
    return spec.minReplicas === undefined ? '<unset>' : String(numberAt(spec, 'minReplicas'));
  },
  minAvailable: (budget) => countOrShare(specOf(budget), 'minAvailable'),
  maxUnavailable: (budget) => countOrShare(specOf(budget), 'maxUnavailable'),
};

function controller(object: JsonObject): string {
  const owner = objectsAt(metadataOf(object), 'ownerReferences').find((reference) =>
    booleanAt(reference, 'controller'),
  );
  if (owner === undefined) return '<none>';
  const { group } = parseApiVersion(stringAt(owner, 'apiVersion'));
  const kind = stringAt(owner, 'kind');
  return `${(group === '' ? kind : `${kind}.${group}`).toLowerCase()}/${stringAt(owner, 'name')}`;
}

function jobState(job: JsonObject): string {
  const conditions = objectsAt(statusOf(job), 'conditions');
  const has = (type: string): boolean => conditionOf(conditions, type)?.status === 'True';
  if (has('Complete')) return 'Complete';
  if (has('Failed')) return 'Failed';
  if (isBeingDeleted(job)) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(has) ?? 'Running';
}

function completions(job: JsonObject): string {
  const spec = specOf(job);
  const succeeded = numberAt(statusOf(job), 'succeeded');
  if (spec.completions !== undefined) return `${succeeded}/${numberAt(spec, 'completions')}`;
  const parallelism = numberAt(spec, 'parallelism');
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function jobDuration(job: JsonObject, now: Date): string {
  const status = statusOf(job);
  const start = stringAt(status, 'startTime');
  if (start === '') return '';
  const end = stringAt(status, 'completionTime');
  return humanDuration((end === '' ? now.getTime() : Date.parse(end)) - Date.parse(start));
}

function countOrShare(spec: JsonObject, key: string): string {
  const value = spec[key];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : 'N/A';
}

/** The names of the metric sources of `autoscaling/v2` by `type`. */
const metricSources: Readonly<Record<string, string>> = {
  External: 'external',
  Pods: 'pods',
  Object: 'object',
  Resource: 'resource',
  ContainerResource: 'containerResource',
};

function metricTargets(autoscaler: JsonObject): string {
  const spec = specOf(autoscaler);
  const status = statusOf(autoscaler);
  // autoscaling/v1 has only one metric and writes it without a list.
  if (spec.targetCPUUtilizationPercentage !== undefined) {
    const current = status.currentCPUUtilizationPercentage;
    const measured =
      current === undefined ? '<unknown>' : `${numberAt(status, 'currentCPUUtilizationPercentage')}%`;
    return `cpu: ${measured}/${numberAt(spec, 'targetCPUUtilizationPercentage')}%`;
  }
  const metrics = objectsAt(spec, 'metrics');
  if (metrics.length === 0) return '<none>';
  const current = objectsAt(status, 'currentMetrics');
  const texts = metrics.map((metric, index) => metricText(metric, current[index]));
  const shown = texts.slice(0, 2).join(', ');
  return texts.length > 2 ? `${shown} + ${texts.length - 2} more...` : shown;
}

function metricText(metric: JsonObject, measured: JsonObject | undefined): string {
  const type = stringAt(metric, 'type');
  const source = metricSources[type];
  if (source === undefined) return '<unknown type>';
  const target = objectAt(objectAt(metric, source), 'target');
  const current = objectAt(objectAt(measured, source), 'current');
  const averageWanted = target?.averageValue !== undefined;
  const name = stringAt(objectAt(metric, source), 'name');
  if (type === 'Resource' || type === 'ContainerResource') {
    if (averageWanted) {
      const value = current === undefined ? '<unknown>' : quantityAt(current, 'averageValue');
      return `${name}: ${value}/${quantityAt(target, 'averageValue')}`;
    }
    return `${name}: ${percentage(current, '<unknown>')}/${percentage(target, '<auto>')}`;
  }
  if (type === 'Pods') {
    const value = current === undefined ? '<unknown>' : quantityAt(current, 'averageValue');
    return `${value}/${quantityAt(target, 'averageValue')}`;
  }
  if (averageWanted) {
    const value = current?.averageValue === undefined ? '<unknown>' : quantityAt(current, 'averageValue');
    return `${value}/${quantityAt(target, 'averageValue')} (avg)`;
  }
  return `${current === undefined ? '<unknown>' : quantityAt(current, 'value')}/${quantityAt(target, 'value')}`;
}

function percentage(value: JsonObject | undefined, fallback: string): string {
  return value?.averageUtilization === undefined ? fallback : `${numberAt(value, 'averageUtilization')}%`;
}

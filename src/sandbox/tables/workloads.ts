// Tables of workloads: deployments, jobs, autoscalers and similar. Entry point: `workloadTables`.
// Pods: pods.ts.

import { objectAt, stringAt } from '../../model/object.ts';
import type { Json, JsonObject } from '../../model/object.ts';
import { parseApiVersion } from '../../model/resource.ts';
import type { TableColumn } from '../../model/table.ts';
import { ageOf, humanDuration } from '../../model/age.ts';
import {
  booleanAt,
  conditionOf,
  isBeingDeleted,
  metadataOf,
  nameOf,
  numberAt,
  objectsAt,
  specOf,
  statusOf,
  textAt,
} from '../../model/fields.ts';
import {
  ageColumn,
  column,
  containerCells,
  containersColumn,
  creationAge,
  imagesColumn,
  labelsText,
  nameColumn,
  quantityAt,
  selectorCell,
  selectorColumn,
  selectorText,
  templateSpecOf,
} from './layout.ts';
import type { TableLayout } from './layout.ts';

/** Layouts by group and resource: `deployments.apps`. */
export const workloadTables: Readonly<Record<string, TableLayout>> = {
  podtemplates: {
    columns: [
      nameColumn,
      column('Containers', 'Names of the containers of the template'),
      column('Images', 'Images of the containers of the template'),
      column('Pod Labels', 'Labels that pods made from the template carry'),
    ],
    cells: (template) => [
      nameOf(template),
      ...containerCells(templateSpecOf(template)),
      labelsText(objectAt(objectAt(objectAt(template, 'template'), 'metadata'), 'labels')),
    ],
  },
  replicationcontrollers: {
    columns: replicaColumns(),
    cells: (controller, now) => [
      ...replicaCells(controller, now),
      labelsText(objectAt(specOf(controller), 'selector')),
    ],
  },
  'replicasets.apps': {
    columns: replicaColumns(),
    cells: (set, now) => [...replicaCells(set, now), selectorCell(objectAt(specOf(set), 'selector'))],
  },
  'deployments.apps': {
    columns: [
      nameColumn,
      column('Ready', 'Pods that are ready, of those wanted'),
      column('Up-to-date', 'Pods made from the present template'),
      column('Available', 'Pods ready for at least minReadySeconds'),
      ageColumn,
      containersColumn,
      imagesColumn,
      selectorColumn,
    ],
    cells: (deployment, now) => {
      const spec = specOf(deployment);
      const status = statusOf(deployment);
      return [
        nameOf(deployment),
        `${numberAt(status, 'readyReplicas')}/${numberAt(spec, 'replicas', 1)}`,
        numberAt(status, 'updatedReplicas'),
        numberAt(status, 'availableReplicas'),
        creationAge(deployment, now),
        ...containerCells(templateSpecOf(spec)),
        selectorText(objectAt(spec, 'selector')) ?? '<invalid>',
      ];
    },
  },
  'statefulsets.apps': {
    columns: [
      nameColumn,
      column('Ready', 'Pods that are ready, of those wanted'),
      ageColumn,
      containersColumn,
      imagesColumn,
    ],
    cells: (set, now) => [
      nameOf(set),
      `${numberAt(statusOf(set), 'readyReplicas')}/${numberAt(specOf(set), 'replicas', 1)}`,
      creationAge(set, now),
      ...containerCells(templateSpecOf(specOf(set))),
    ],
  },
  'daemonsets.apps': {
    columns: [
      nameColumn,
      column('Desired', 'Nodes that should run its pod', 'integer'),
      column('Current', 'Nodes that run its pod and should', 'integer'),
      column('Ready', 'Nodes whose pod is ready', 'integer'),
      column('Up-to-date', 'Nodes whose pod is made from the present template', 'integer'),
      column('Available', 'Nodes whose pod is ready for at least minReadySeconds', 'integer'),
      column('Node Selector', 'Labels that a node must carry'),
      ageColumn,
      containersColumn,
      imagesColumn,
      selectorColumn,
    ],
    cells: (set, now) => {
      const spec = specOf(set);
      const status = statusOf(set);
      return [
        nameOf(set),
        numberAt(status, 'desiredNumberScheduled'),
        numberAt(status, 'currentNumberScheduled'),
        numberAt(status, 'numberReady'),
        numberAt(status, 'updatedNumberScheduled'),
        numberAt(status, 'numberAvailable'),
        labelsText(objectAt(templateSpecOf(spec), 'nodeSelector')),
        creationAge(set, now),
        ...containerCells(templateSpecOf(spec)),
        selectorCell(objectAt(spec, 'selector')),
      ];
    },
  },
  'controllerrevisions.apps': {
    columns: [
      nameColumn,
      column('Controller', 'What the revision belongs to'),
      column('Revision', 'Number of the revision'),
      ageColumn,
    ],
    cells: (revision, now) => [
      nameOf(revision),
      controllerOf(revision),
      numberAt(revision, 'revision'),
      creationAge(revision, now),
    ],
  },
  'jobs.batch': {
    columns: [
      nameColumn,
      column('Status', 'Whether the job runs, is suspended, complete or failed'),
      column('Completions', 'Pods that succeeded, of those needed'),
      column('Duration', 'Time from its start to its end or now'),
      ageColumn,
      containersColumn,
      imagesColumn,
      selectorColumn,
    ],
    cells: (job, now) => [
      nameOf(job),
      jobState(job),
      completions(job),
      jobDuration(statusOf(job), now),
      creationAge(job, now),
      ...containerCells(templateSpecOf(specOf(job))),
      selectorCell(objectAt(specOf(job), 'selector')),
    ],
  },
  'cronjobs.batch': {
    columns: [
      nameColumn,
      column('Schedule', 'When jobs start, in cron notation'),
      column('Timezone', 'Time zone of the schedule'),
      column('Suspend', 'Whether no further jobs are started', 'boolean'),
      column('Active', 'Jobs that are running', 'integer'),
      column('Last Schedule', 'Time since the last job was started'),
      ageColumn,
      containersColumn,
      imagesColumn,
      selectorColumn,
    ],
    cells: (cronJob, now) => {
      const spec = specOf(cronJob);
      const jobSpec = objectAt(objectAt(spec, 'jobTemplate'), 'spec') ?? {};
      const lastSchedule = stringAt(statusOf(cronJob), 'lastScheduleTime');
      return [
        nameOf(cronJob),
        stringAt(spec, 'schedule'),
        textAt(spec, 'timeZone', '<none>'),
        booleanAt(spec, 'suspend') ? 'True' : 'False',
        objectsAt(statusOf(cronJob), 'active').length,
        lastSchedule === '' ? '<none>' : ageOf(lastSchedule, now),
        creationAge(cronJob, now),
        ...containerCells(templateSpecOf(jobSpec)),
        selectorCell(objectAt(jobSpec, 'selector')),
      ];
    },
  },
  'horizontalpodautoscalers.autoscaling': {
    columns: [
      nameColumn,
      column('Reference', 'What is scaled'),
      column('Targets', 'Measured values against those aimed at'),
      column('MinPods', 'Fewest pods'),
      column('MaxPods', 'Most pods'),
      column('Replicas', 'Pods there are'),
      ageColumn,
    ],
    cells: (autoscaler, now) => {
      const spec = specOf(autoscaler);
      const target = objectAt(spec, 'scaleTargetRef');
      return [
        nameOf(autoscaler),
        `${stringAt(target, 'kind')}/${stringAt(target, 'name')}`,
        metricTargets(spec, statusOf(autoscaler)),
        spec.minReplicas === undefined ? '<unset>' : String(numberAt(spec, 'minReplicas')),
        numberAt(spec, 'maxReplicas'),
        numberAt(statusOf(autoscaler), 'currentReplicas'),
        creationAge(autoscaler, now),
      ];
    },
  },
  'poddisruptionbudgets.policy': {
    columns: [
      nameColumn,
      column('Min Available', 'Pods that must stay available'),
      column('Max Unavailable', 'Pods that may be unavailable'),
      column('Allowed Disruptions', 'Pods that may be evicted now', 'integer'),
      ageColumn,
    ],
    cells: (budget, now) => [
      nameOf(budget),
      countOrShare(specOf(budget), 'minAvailable'),
      countOrShare(specOf(budget), 'maxUnavailable'),
      numberAt(statusOf(budget), 'disruptionsAllowed'),
      creationAge(budget, now),
    ],
  },
};

function replicaColumns(): readonly TableColumn[] {
  return [
    nameColumn,
    column('Desired', 'Pods wanted', 'integer'),
    column('Current', 'Pods there are', 'integer'),
    column('Ready', 'Pods that are ready', 'integer'),
    ageColumn,
    containersColumn,
    imagesColumn,
    selectorColumn,
  ];
}

function replicaCells(set: JsonObject, now: Date): readonly Json[] {
  const spec = specOf(set);
  const status = statusOf(set);
  return [
    nameOf(set),
    numberAt(spec, 'replicas', 1),
    numberAt(status, 'replicas'),
    numberAt(status, 'readyReplicas'),
    creationAge(set, now),
    ...containerCells(templateSpecOf(spec)),
  ];
}

function controllerOf(object: JsonObject): string {
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

function jobDuration(status: JsonObject, now: Date): string {
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

function metricTargets(spec: JsonObject, status: JsonObject): string {
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

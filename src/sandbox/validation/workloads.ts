// Validates deployments and similar workloads, jobs, autoscalers and disruption budgets. Entry
// point: `workloadChecks`.

import { deepEqual } from '../../model/json.ts';
import { objectAt, stringAt, stringsAt } from '../../model/object.ts';
import type { Json, JsonObject, KubeObject } from '../../model/object.ts';
import {
  forbiddenField,
  invalidFor,
  invalidValue,
  requiredValue,
  unsupportedValue,
} from '../types/field-errors.ts';
import { qualifiedNameProblems } from '../../model/label-names.ts';
import { labelErrors, notNegative } from './name-rules.ts';
import { nameOf, numberAt, objectsAt, specOf, stringEntries, textAt } from '../../model/fields.ts';
import { selectorMatches } from '../types/selector.ts';
import { enumErrors } from './enums.ts';
import type { FieldError } from '../types/types.ts';
import { podSpecErrors, podUpdateErrors } from './pod.ts';

/** Returns the errors of an object. `old` is the replaced object. */
export type Check = (object: KubeObject, old: KubeObject | undefined) => readonly FieldError[];

/** Checks by group and resource: `deployments.apps`. */
export const workloadChecks: Readonly<Record<string, Check>> = {
  pods: (pod, old) => [
    ...podSpecErrors(specOf(pod), 'spec'),
    ...(old === undefined ? [] : podUpdateErrors(pod, old)),
  ],
  podtemplates: (template) => templateErrors(objectAt(template, 'template'), 'template'),
  replicationcontrollers: (controller) => {
    const spec = specOf(controller);
    const selector = objectAt(spec, 'selector');
    return [
      ...notBelowZero(spec, ['minReadySeconds'], 'spec'),
      ...(stringEntries(selector).length === 0 ? [requiredValue('spec.selector')] : []),
      ...notBelowZero(spec, ['replicas'], 'spec'),
      ...mismatch({ matchLabels: selector }, spec, 'spec.template.metadata.labels'),
      ...alwaysRestarting(spec, 'spec.template'),
    ];
  },
  'deployments.apps': (deployment, old) => {
    const spec = specOf(deployment);
    return [
      ...notBelowZero(spec, ['replicas'], 'spec'),
      ...selectorErrors(spec, 'deployment'),
      ...alwaysRestarting(spec, 'spec.template'),
      ...strategyErrors(objectAt(spec, 'strategy')),
      ...notBelowZero(spec, ['minReadySeconds', 'revisionHistoryLimit', 'progressDeadlineSeconds'], 'spec'),
      ...immutableErrors(spec, old, 'selector'),
    ];
  },
  'replicasets.apps': (set, old) => {
    const spec = specOf(set);
    return [
      ...notBelowZero(spec, ['replicas', 'minReadySeconds'], 'spec'),
      ...selectorErrors(spec, 'replicaset'),
      ...alwaysRestarting(spec, 'spec.template'),
      ...immutableErrors(spec, old, 'selector'),
    ];
  },
  'statefulsets.apps': (set, old) => {
    const spec = specOf(set);
    return [
      ...notBelowZero(spec, ['replicas', 'minReadySeconds'], 'spec'),
      ...selectorErrors(spec, 'statefulset'),
      ...alwaysRestarting(spec, 'spec.template'),
      ...statefulSetUpdateErrors(spec, old),
    ];
  },
  'daemonsets.apps': (set, old) => {
    const spec = specOf(set);
    return [
      ...selectorErrors(spec, 'daemonset', { isRequired: false }),
      ...alwaysRestarting(spec, 'spec.template'),
      ...notBelowZero(spec, ['minReadySeconds'], 'spec'),
      ...immutableErrors(spec, old, 'selector'),
    ];
  },
  'jobs.batch': (job, old) => [
    ...jobErrors(specOf(job), 'spec'),
    ...immutableErrors(specOf(job), old, 'completions'),
    ...immutableErrors(specOf(job), old, 'selector'),
    ...immutableErrors(specOf(job), old, 'template'),
    ...immutableErrors(specOf(job), old, 'completionMode'),
  ],
  'cronjobs.batch': cronJobErrors,
  'horizontalpodautoscalers.autoscaling': autoscalerErrors,
  'poddisruptionbudgets.policy': (budget) => {
    const { minAvailable, maxUnavailable } = specOf(budget);
    if (minAvailable === undefined || maxUnavailable === undefined) return [];
    const shown = {
      MinAvailable: minAvailable,
      Selector: specOf(budget).selector ?? null,
      MaxUnavailable: maxUnavailable,
      UnhealthyPodEvictionPolicy: specOf(budget).unhealthyPodEvictionPolicy ?? null,
    };
    return [invalidValue('spec', shown, 'minAvailable and maxUnavailable cannot be both set')];
  },
};

function notBelowZero(spec: JsonObject, keys: readonly string[], field: string): readonly FieldError[] {
  return keys
    .filter((key) => numberAt(spec, key) < 0)
    .map((key) => invalidValue(`${field}.${key}`, numberAt(spec, key), notNegative));
}

function immutableErrors(spec: JsonObject, old: KubeObject | undefined, key: string): readonly FieldError[] {
  if (old === undefined || deepEqual(spec[key], specOf(old)[key])) return [];
  return [invalidValue(`spec.${key}`, spec[key], 'field is immutable')];
}

function selectorErrors(
  spec: JsonObject,
  kind: string,
  { isRequired = true }: { isRequired?: boolean } = {},
): readonly FieldError[] {
  const selector = objectAt(spec, 'selector');
  const labelsField = 'spec.template.metadata.labels';
  if (selector === undefined) {
    const labels = objectAt(objectAt(objectAt(spec, 'template'), 'metadata'), 'labels');
    const none = invalidValue(labelsField, labels, '`selector` does not match template `labels`');
    return isRequired ? [requiredValue('spec.selector'), none] : [none];
  }
  const matchLabels = objectAt(selector, 'matchLabels');
  const expressions = objectsAt(selector, 'matchExpressions');
  const errors = [
    ...labelErrors(matchLabels, 'spec.selector.matchLabels'),
    ...expressions.flatMap((expression, index) =>
      expressionErrors(expression, `spec.selector.matchExpressions[${index}]`),
    ),
  ];
  if (stringEntries(matchLabels).length + expressions.length === 0) {
    errors.push(invalidValue('spec.selector', selector, `empty selector is invalid for ${kind}`));
  } else if (errors.length > 0) {
    errors.push(invalidValue('spec.selector', selector, 'invalid label selector'));
  } else {
    errors.push(...mismatch(selector, spec, labelsField));
  }
  return errors;
}

function expressionErrors(expression: JsonObject, at: string): readonly FieldError[] {
  const operator = stringAt(expression, 'operator');
  const values = stringsAt(expression, 'values');
  const errors: FieldError[] = [];
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0) {
      errors.push(requiredValue(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
    }
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0) {
      errors.push(
        forbiddenField(`${at}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
      );
    }
  } else {
    errors.push(invalidValue(`${at}.operator`, operator, 'not a valid selector operator'));
  }
  const key = stringAt(expression, 'key');
  return [...errors, ...invalidFor(`${at}.key`, key, qualifiedNameProblems(key))];
}

/** Returns an error if the selector does not select the pods of the template. */
function mismatch(selector: JsonObject, spec: JsonObject, field: string): readonly FieldError[] {
  const labels = objectAt(objectAt(objectAt(spec, 'template'), 'metadata'), 'labels');
  if (selectorMatches(selector, labels)) return [];
  return [invalidValue(field, labels, '`selector` does not match template `labels`')];
}

function templateErrors(
  template: JsonObject | undefined,
  field: string,
  claims: readonly string[] = [],
): readonly FieldError[] {
  const metadata = objectAt(template, 'metadata');
  return [
    ...labelErrors(objectAt(metadata, 'labels'), `${field}.metadata.labels`),
    ...podSpecErrors(objectAt(template, 'spec') ?? {}, `${field}.spec`, claims),
  ];
}

/**
 * Returns errors for a template without restart policy Always, which workloads that never end
 * require.
 */
function alwaysRestarting(spec: JsonObject, field: string): readonly FieldError[] {
  const template = objectAt(spec, 'template');
  const policy = stringAt(objectAt(template, 'spec'), 'restartPolicy');
  const claims = objectsAt(spec, 'volumeClaimTemplates').map(nameOf);
  const errors = templateErrors(template, field, claims);
  if (policy === '' || policy === 'Always') return errors;
  return [...errors, unsupportedValue(`${field}.spec.restartPolicy`, policy, ['Always'])];
}

function strategyErrors(strategy: JsonObject | undefined): readonly FieldError[] {
  if (strategy === undefined) return [];
  const type = textAt(strategy, 'type', 'RollingUpdate');
  const rolling = objectAt(strategy, 'rollingUpdate');
  if (type === 'Recreate') {
    const detail = "may not be specified when strategy `type` is 'Recreate'";
    return rolling === undefined ? [] : [forbiddenField('spec.strategy.rollingUpdate', detail)];
  }
  if (type !== 'RollingUpdate') {
    const shown = { Type: type, RollingUpdate: null };
    return [unsupportedValue('spec.strategy', shown, ['Recreate', 'RollingUpdate'])];
  }
  const errors: FieldError[] = [];
  for (const key of ['maxUnavailable', 'maxSurge']) {
    errors.push(...countOrShareErrors(rolling?.[key], `spec.strategy.rollingUpdate.${key}`));
  }
  if (rolling !== undefined && isNothing(rolling.maxSurge) && isNothing(rolling.maxUnavailable)) {
    const detail = 'may not be 0 when `maxSurge` is 0';
    errors.push(invalidValue('spec.strategy.rollingUpdate.maxUnavailable', rolling.maxUnavailable, detail));
  }
  const share = rolling?.maxUnavailable;
  if (typeof share === 'string' && /^\d+%$/.test(share) && Number.parseInt(share, 10) > 100) {
    const detail = 'must not be greater than 100%';
    errors.push(invalidValue('spec.strategy.rollingUpdate.maxUnavailable', share, detail));
  }
  return errors;
}

function countOrShareErrors(value: Json | undefined, field: string): readonly FieldError[] {
  if (typeof value === 'string' && !/^\d+%$/.test(value)) {
    const detail =
      "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
    return [invalidValue(field, value, detail)];
  }
  return typeof value === 'number' && value < 0 ? [invalidValue(field, value, notNegative)] : [];
}

function isNothing(value: Json | undefined): boolean {
  return value === 0 || (typeof value === 'string' && /^0+%$/.test(value));
}

const changeableInStatefulSets = new Set([
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
]);

function statefulSetUpdateErrors(spec: JsonObject, old: KubeObject | undefined): readonly FieldError[] {
  if (old === undefined) return [];
  const oldSpec = specOf(old);
  const keys = new Set([...Object.keys(spec), ...Object.keys(oldSpec)]);
  const isChanged = [...keys].some(
    (key) => !changeableInStatefulSets.has(key) && !deepEqual(spec[key], oldSpec[key]),
  );
  if (!isChanged) return [];
  const names = [...changeableInStatefulSets].map((name) => `'${name}'`);
  const list = `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
  return [forbiddenField('spec', `updates to statefulset spec for fields other than ${list} are forbidden`)];
}

function jobErrors(spec: JsonObject, field: string): readonly FieldError[] {
  const template = objectAt(spec, 'template');
  const policy = stringAt(objectAt(template, 'spec'), 'restartPolicy');
  const policyField = `${field}.template.spec.restartPolicy`;
  const errors = [
    ...notBelowZero(
      spec,
      ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished'],
      field,
    ),
    ...templateErrors(template, `${field}.template`),
  ];
  // A job does not allow Always, the default of pods, so it must set a policy.
  if (policy === '' || policy === 'Always') {
    errors.push(requiredValue(policyField, 'valid values: "OnFailure", "Never"'));
  }
  return errors;
}

function cronJobErrors(cronJob: KubeObject): readonly FieldError[] {
  const spec = specOf(cronJob);
  const name = nameOf(cronJob);
  const schedule = stringAt(spec, 'schedule');
  const errors: FieldError[] = [];
  const problem = scheduleProblem(schedule);
  if (schedule === '') errors.push(requiredValue('spec.schedule'));
  else if (problem !== '') errors.push(invalidValue('spec.schedule', schedule, problem));
  errors.push(
    ...enumErrors('batch.v1.CronJobSpec', spec, 'concurrencyPolicy', 'spec'),
    ...notBelowZero(
      spec,
      ['startingDeadlineSeconds', 'successfulJobsHistoryLimit', 'failedJobsHistoryLimit'],
      'spec',
    ),
    ...jobErrors(objectAt(objectAt(spec, 'jobTemplate'), 'spec') ?? {}, 'spec.jobTemplate.spec'),
  );
  // The suffix of its jobs needs eleven characters.
  if (name.length > 52) {
    errors.push(invalidValue('metadata.name', name, 'must be no more than 52 characters'));
  }
  return errors;
}

/** Limits of the five fields of a schedule. */
const scheduleFields: readonly (readonly [min: number, max: number, names: string])[] = [
  [0, 59, ''],
  [0, 23, ''],
  [1, 31, ''],
  [1, 12, 'jan feb mar apr may jun jul aug sep oct nov dec'],
  [0, 6, 'sun mon tue wed thu fri sat'],
];

/** Returns the first error of a cron schedule. Empty if it is valid. */
function scheduleProblem(schedule: string): string {
  if (/^@(yearly|annually|monthly|weekly|daily|midnight|hourly|every \S+)$/.test(schedule)) return '';
  const fields = schedule.split(/\s+/).filter((field) => field !== '');
  if (fields.length !== 5) {
    return `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`;
  }
  for (const [index, field] of fields.entries()) {
    const [min, max, names] = scheduleFields[index] ?? [0, 0, ''];
    for (const range of field.split(',')) {
      const problem = rangeProblem(range, min, max, names.split(' '));
      if (problem !== '') return problem;
    }
  }
  return '';
}

function rangeProblem(range: string, min: number, max: number, names: readonly string[]): string {
  const [bounds = '', step] = range.split('/');
  const numbers: number[] = [];
  for (const text of [
    ...(bounds === '*' || bounds === '?' ? [] : bounds.split('-')),
    ...(step === undefined ? [] : [step]),
  ]) {
    if (names.includes(text.toLowerCase())) numbers.push(names.indexOf(text.toLowerCase()) + min);
    else if (/^\d+$/.test(text)) numbers.push(Number(text));
    else
      return `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
  }
  if (bounds === '*' || bounds === '?') return '';
  const [start = min, end = start] = bounds.includes('-') ? numbers : [numbers[0] ?? min];
  if (start < min) return `beginning of range (${start}) below minimum (${min}): ${range}`;
  if (end > max) return `end of range (${end}) above maximum (${max}): ${range}`;
  return start > end ? `beginning of range (${start}) beyond end of range (${end}): ${range}` : '';
}

function autoscalerErrors(autoscaler: KubeObject): readonly FieldError[] {
  const spec = specOf(autoscaler);
  const target = objectAt(spec, 'scaleTargetRef');
  const max = numberAt(spec, 'maxReplicas');
  const errors: FieldError[] = [];
  if (max < 1) errors.push(requiredValue('spec.maxReplicas', 'must be set and greater than 0'));
  if (max < numberAt(spec, 'minReplicas', 1)) {
    errors.push(invalidValue('spec.maxReplicas', max, 'must be greater than or equal to `minReplicas`'));
  }
  for (const key of ['kind', 'name']) {
    if (stringAt(target, key) === '') errors.push(requiredValue(`spec.scaleTargetRef.${key}`));
  }
  const apiVersion = stringAt(target, 'apiVersion');
  // The core group's ReplicationController is the only target without a group.
  if (!apiVersion.includes('/') && target?.kind !== 'ReplicationController') {
    errors.push(
      invalidValue('spec.scaleTargetRef.apiVersion', apiVersion, 'apiVersion must specify API group'),
    );
  }
  return errors;
}

// Cells of bindings, certificates, admission, flow control and API services. Entry point:
// `accessCells`.

import { objectAt, stringAt } from '../../model/object.ts';
import type { Json, JsonObject } from '../../model/object.ts';
import { humanDuration } from '../../model/age.ts';
import {
  conditionOf,
  numberAt,
  objectsAt,
  specOf,
  statusOf,
  stringEntries,
  textAt,
} from '../../model/fields.ts';
import type { Cell } from './cells.ts';

/** Cells of bindings, admission and API services by their names in tables.txt. */
export const accessCells: Readonly<Record<string, Cell>> = {
  boundUsers: (binding) => subjectNames(binding, 'User'),
  boundGroups: (binding) => subjectNames(binding, 'Group'),
  boundAccounts: (binding) => subjectNames(binding, 'ServiceAccount'),
  requestedDuration: (request) => {
    const spec = specOf(request);
    return spec.expirationSeconds === undefined
      ? '<none>'
      : humanDuration(numberAt(spec, 'expirationSeconds') * 1_000);
  },
  requestState,
  parameterReference,
  concurrencyShares: (level) => numberOrNone(limitedOf(level), 'nominalConcurrencyShares'),
  queues: (level) => numberOrNone(queuingOf(level), 'queues'),
  handSize: (level) => numberOrNone(queuingOf(level), 'handSize'),
  queueLengthLimit: (level) => numberOrNone(queuingOf(level), 'queueLengthLimit'),
  availability,
};

function subjectNames(binding: JsonObject, kind: string): string {
  const prefix = (subject: JsonObject): string =>
    kind === 'ServiceAccount' ? `${stringAt(subject, 'namespace')}/` : '';
  return objectsAt(binding, 'subjects')
    .filter((subject) => subject.kind === kind)
    .map((subject) => `${prefix(subject)}${stringAt(subject, 'name')}`)
    .join(', ');
}

function limitedOf(level: JsonObject): JsonObject | undefined {
  return objectAt(specOf(level), 'limited');
}

function queuingOf(level: JsonObject): JsonObject | undefined {
  return objectAt(objectAt(limitedOf(level), 'limitResponse'), 'queuing');
}

function numberOrNone(object: JsonObject | undefined, key: string): Json {
  return object === undefined ? '<none>' : numberAt(object, key);
}

function parameterReference(binding: JsonObject): string {
  const reference = objectAt(specOf(binding), 'paramRef');
  if (reference === undefined) return '<unset>';
  const name = stringAt(reference, 'name');
  if (name !== '') return `${textAt(reference, 'namespace', '*')}/${name}`;
  const selector = objectAt(reference, 'selector');
  return selector === undefined ? '<unset>' : goSelector(selector);
}

/** Formats a selector as Go prints the struct, for the one column that shows it so. */
function goSelector(selector: JsonObject): string {
  const labels = stringEntries(objectAt(selector, 'matchLabels'))
    .map(([key, value]) => `${key}: ${value},`)
    .join('');
  const expressions = objectsAt(selector, 'matchExpressions')
    .map((expression) => {
      const values = Array.isArray(expression.values) ? expression.values.join(' ') : '';
      const operator = stringAt(expression, 'operator');
      return `LabelSelectorRequirement{Key:${stringAt(expression, 'key')},Operator:${operator},Values:[${values}],},`;
    })
    .join('');
  return `&LabelSelector{MatchLabels:map[string]string{${labels}},MatchExpressions:[]LabelSelectorRequirement{${expressions}},}`;
}

function requestState(request: JsonObject): string {
  const status = statusOf(request);
  const conditions = objectsAt(status, 'conditions');
  const has = (type: string): boolean => conditionOf(conditions, type) !== undefined;
  let state = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending';
  if (has('Failed')) state += ',Failed';
  if (stringAt(status, 'certificate') !== '') state += ',Issued';
  return state;
}

function availability(apiService: JsonObject): string {
  const available = conditionOf(objectsAt(statusOf(apiService), 'conditions'), 'Available');
  const status = textAt(available, 'status', 'Unknown');
  const reason = stringAt(available, 'reason');
  return status === 'True' || reason === '' ? status : `${status} (${reason})`;
}

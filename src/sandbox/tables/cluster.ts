// Cells of nodes, events, configuration and storage. Entry point: `clusterCells`.

import { objectAt, stringAt, stringsAt } from '../../model/object.ts';
import type { JsonObject } from '../../model/object.ts';
import { ageOf } from '../../model/age.ts';
import {
  booleanAt,
  conditionOf,
  isBeingDeleted,
  metadataOf,
  nameOf,
  numberAt,
  objectsAt,
  sizeAt,
  specOf,
  statusOf,
  textAt,
} from '../../model/fields.ts';
import { quantityAt } from './cells.ts';
import type { Cell } from './cells.ts';

/** Cells of nodes, events and storage by their names in tables.txt. */
export const clusterCells: Readonly<Record<string, Cell>> = {
  health: (component) => {
    const healthy = conditionOf(objectsAt(component, 'conditions'), 'Healthy');
    return healthy === undefined ? 'Unknown' : healthy.status === 'True' ? 'Healthy' : 'Unhealthy';
  },
  dataSize: (object) => sizeAt(object, 'data') + sizeAt(object, 'binaryData'),
  lastSeen: (event, now) => {
    const series = objectAt(event, 'series');
    if (series !== undefined) return ageOf(stringAt(series, 'lastObservedTime'), now);
    const last = textAt(event, 'lastTimestamp', stringAt(event, 'deprecatedLastTimestamp'));
    return last === '' ? firstSeen(event, now) : ageOf(last, now);
  },
  eventObject: (event) => {
    const about = objectAt(event, 'involvedObject') ?? objectAt(event, 'regarding');
    const kind = stringAt(about, 'kind').toLowerCase();
    const name = stringAt(about, 'name');
    return name === '' ? kind : `${kind}/${name}`;
  },
  reporter,
  eventMessage: (event) => textAt(event, 'message', stringAt(event, 'note')).trim(),
  firstSeen,
  eventCount: (event) => {
    const series = objectAt(event, 'series');
    const count = numberAt(event, 'count', numberAt(event, 'deprecatedCount'));
    // Events that happened once have no count in the newer form.
    return series === undefined ? count || 1 : numberAt(series, 'count');
  },
  nodeState,
  nodeRoles,
  kernel: (node) => {
    const info = objectAt(statusOf(node), 'nodeInfo');
    const architecture = stringAt(info, 'architecture');
    const version = textAt(info, 'kernelVersion', '<unknown>');
    return architecture === '' ? version : `${version} (${architecture})`;
  },
  quotaRequests: (quota) => quotaText(quota, (resource) => !resource.startsWith('limits.')),
  quotaLimits: (quota) => quotaText(quota, (resource) => resource.startsWith('limits.')),
  volumePhase: (object) => (isBeingDeleted(object) ? 'Terminating' : stringAt(statusOf(object), 'phase')),
  accessModes: (volume) => accessModes(specOf(volume)),
  boundCapacity: (claim) =>
    isBound(claim) ? quantityAt(objectAt(statusOf(claim), 'capacity'), 'storage') : '',
  boundModes: (claim) => (isBound(claim) ? accessModes(statusOf(claim)) : ''),
  storageClass: (object) => {
    const beta = objectAt(metadataOf(object), 'annotations')?.['volume.beta.kubernetes.io/storage-class'];
    return typeof beta === 'string' ? beta : stringAt(specOf(object), 'storageClassName');
  },
  storageClassName: (object) =>
    markedName(object, [
      'storageclass.kubernetes.io/is-default-class',
      'storageclass.beta.kubernetes.io/is-default-class',
    ]),
  ingressClassName: (object) => markedName(object, ['ingressclass.kubernetes.io/is-default-class']),
  tokenAudiences: (driver) => {
    const spec = specOf(driver);
    const audiences = objectsAt(spec, 'tokenRequests').map((request) => stringAt(request, 'audience'));
    return spec.tokenRequests === undefined ? '<unset>' : audiences.join(',');
  },
  resourceClaimState,
};

/** Returns the age of an event of either API: events.k8s.io/v1 calls older fields `deprecated…`. */
function firstSeen(event: JsonObject, now: Date): string {
  const first = textAt(event, 'firstTimestamp', stringAt(event, 'deprecatedFirstTimestamp'));
  return ageOf(first === '' ? stringAt(event, 'eventTime') : first, now);
}

function reporter(event: JsonObject): string {
  const source = objectAt(event, 'source') ?? objectAt(event, 'deprecatedSource');
  const controller = textAt(event, 'reportingComponent', stringAt(event, 'reportingController'));
  const component = textAt(source, 'component', controller);
  const instance = textAt(source, 'host', stringAt(event, 'reportingInstance'));
  return instance === '' ? component : `${component}, ${instance}`;
}

function nodeState(node: JsonObject): string {
  const ready = conditionOf(objectsAt(statusOf(node), 'conditions'), 'Ready');
  const state = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return booleanAt(specOf(node), 'unschedulable') ? `${state},SchedulingDisabled` : state;
}

function nodeRoles(node: JsonObject): string {
  const prefix = 'node-role.kubernetes.io/';
  const roles = new Set<string>();
  for (const [key, value] of Object.entries(objectAt(metadataOf(node), 'labels') ?? {})) {
    if (key.startsWith(prefix)) roles.add(key.slice(prefix.length));
    else if (key === 'kubernetes.io/role' && typeof value === 'string') roles.add(value);
  }
  roles.delete('');
  return roles.size === 0 ? '<none>' : [...roles].sort().join(',');
}

/** Returns the use and the limit of each resource of a quota for which `isShown` returns true. */
function quotaText(quota: JsonObject, isShown: (resource: string) => boolean): string {
  const hard = objectAt(statusOf(quota), 'hard');
  const used = objectAt(statusOf(quota), 'used');
  return Object.keys(hard ?? {})
    .filter(isShown)
    .sort()
    .map((resource) => `${resource}: ${quantityAt(used, resource)}/${quantityAt(hard, resource)}`)
    .join(', ');
}

const accessModeNames: readonly (readonly [mode: string, short: string])[] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
];

function accessModes(specOrStatus: JsonObject): string {
  const modes = stringsAt(specOrStatus, 'accessModes');
  return accessModeNames
    .filter(([mode]) => modes.includes(mode))
    .map(([, short]) => short)
    .join(',');
}

function isBound(claim: JsonObject): boolean {
  return stringAt(specOf(claim), 'volumeName') !== '';
}

/** Returns the name of a class, marked if one of the annotations makes it the default. */
function markedName(object: JsonObject, annotations: readonly string[]): string {
  const present = objectAt(metadataOf(object), 'annotations');
  const isDefault = annotations.some((key) => present?.[key] === 'true');
  return isDefault ? `${nameOf(object)} (default)` : nameOf(object);
}

function resourceClaimState(claim: JsonObject): string {
  const isAllocated = objectAt(statusOf(claim), 'allocation') !== undefined;
  const isDeleted = isBeingDeleted(claim);
  const states = isDeleted ? ['deleted'] : [];
  if (isAllocated) {
    states.push('allocated');
    if (objectsAt(statusOf(claim), 'reservedFor').length > 0) states.push('reserved');
  } else if (!isDeleted) {
    states.push('pending');
  }
  return states.join(',');
}

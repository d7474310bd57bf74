// Converts objects of types with several versions: from the stored version to the served one and
// back. Entry points: toServed, toStored. Except for events and autoscalers, only `apiVersion`
// differs.

import {
  arrayAt,
  isJsonObject,
  objectAt,
  stringAt,
  type Json,
  type JsonObject,
  type KubeObject,
} from '../../model/object.ts';
import { apiVersionOf } from '../../model/resource.ts';
import { without } from '../../model/json.ts';
import type { ServedType } from '../types/types.ts';

/** Converts a stored object to the version of the type. */
export function toServed(type: ServedType, object: KubeObject): KubeObject {
  const apiVersion = apiVersionOf(type);
  if (object.apiVersion === apiVersion) return object;
  if (type.storedAs === 'events') return { ...newEvent(object), apiVersion, kind: type.kind };
  if (type.resource === 'horizontalpodautoscalers')
    return { ...oldAutoscaler(object), apiVersion, kind: type.kind };
  return { ...object, apiVersion };
}

/** Converts an object from the type's version to the stored one. */
export function toStored(type: ServedType, object: KubeObject): KubeObject {
  const { storedVersion } = type;
  if (object.apiVersion === storedVersion) return object;
  if (type.storedAs === 'events') return { ...coreEvent(object), apiVersion: storedVersion, kind: type.kind };
  if (type.resource === 'horizontalpodautoscalers') {
    return { ...newAutoscaler(object), apiVersion: storedVersion, kind: type.kind };
  }
  return { ...object, apiVersion: storedVersion };
}

/** Fields of core/v1 events and their names in events.k8s.io/v1. */
const eventFields: readonly (readonly [core: string, events: string])[] = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
  ['reportingComponent', 'reportingController'],
];

function newEvent(object: KubeObject): KubeObject {
  return renameFields(object, new Map(eventFields));
}

function coreEvent(object: KubeObject): KubeObject {
  return renameFields(object, new Map(eventFields.map(([core, events]) => [events, core])));
}

function renameFields(object: KubeObject, names: ReadonlyMap<string, string>): KubeObject {
  const { apiVersion, kind, metadata, ...fields } = object;
  const entries = Object.entries(fields).map(([key, value]): [string, Json | undefined] => [
    names.get(key) ?? key,
    value,
  ]);
  return { apiVersion, kind, metadata, ...Object.fromEntries(entries) };
}

/** Converts autoscaling/v2 to v1, which knows only the CPU utilization. Omits other targets. */
function oldAutoscaler(object: KubeObject): KubeObject {
  const spec = objectAt(object, 'spec') ?? {};
  const status = objectAt(object, 'status') ?? {};
  return {
    ...object,
    spec: {
      ...without(spec, 'metrics', 'behavior'),
      targetCPUUtilizationPercentage: cpuUtilization(spec, 'metrics', 'target'),
    },
    status: {
      ...without(status, 'currentMetrics', 'conditions'),
      currentCPUUtilizationPercentage: cpuUtilization(status, 'currentMetrics', 'current'),
    },
  };
}

function cpuUtilization(holder: JsonObject, list: string, part: string): Json | undefined {
  const cpu = arrayAt(holder, list)
    .filter(isJsonObject)
    .map((metric) => objectAt(metric, 'resource'))
    .find((resource) => stringAt(resource, 'name') === 'cpu');
  return objectAt(cpu, part)?.['averageUtilization'];
}

function newAutoscaler(object: KubeObject): KubeObject {
  const spec = objectAt(object, 'spec') ?? {};
  const averageUtilization = spec['targetCPUUtilizationPercentage'];
  const target = { type: 'Utilization', averageUtilization };
  return {
    ...object,
    spec: {
      ...without(spec, 'targetCPUUtilizationPercentage'),
      ...(averageUtilization === undefined
        ? {}
        : { metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }] }),
    },
    status: without(objectAt(object, 'status') ?? {}, 'currentCPUUtilizationPercentage'),
  };
}

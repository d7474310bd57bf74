// Objects that one type serves in several versions: from the stored one to the served one and back.
// Entry points: toServed, toStored. Everything but events and autoscalers differs in `apiVersion` only.

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

/** A stored object as the type serves it. */
export function toServed(type: ServedType, object: KubeObject): KubeObject {
  const apiVersion = apiVersionOf(type);
  if (object.apiVersion === apiVersion) return object;
  if (type.storedAs === 'events') return { ...newEvent(object), apiVersion, kind: type.kind };
  if (type.resource === 'horizontalpodautoscalers')
    return { ...oldAutoscaler(object), apiVersion, kind: type.kind };
  return { ...object, apiVersion };
}

/** An object as a client wrote it in the type's version, as it is stored. */
export function toStored(type: ServedType, object: KubeObject): KubeObject {
  const { storedVersion } = type;
  if (object.apiVersion === storedVersion) return object;
  if (type.storedAs === 'events') return { ...coreEvent(object), apiVersion: storedVersion, kind: type.kind };
  if (type.resource === 'horizontalpodautoscalers') {
    return { ...newAutoscaler(object), apiVersion: storedVersion, kind: type.kind };
  }
  return { ...object, apiVersion: storedVersion };
}

/** Fields of core/v1 events and what events.k8s.io/v1 calls them. */
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
  return renamed(object, new Map(eventFields));
}

function coreEvent(object: KubeObject): KubeObject {
  return renamed(object, new Map(eventFields.map(([core, events]) => [events, core])));
}

function renamed(object: KubeObject, names: ReadonlyMap<string, string>): KubeObject {
  const { apiVersion, kind, metadata, ...fields } = object;
  const entries = Object.entries(fields).map(([key, value]): [string, Json | undefined] => [
    names.get(key) ?? key,
    value,
  ]);
  return { apiVersion, kind, metadata, ...Object.fromEntries(entries) };
}

/** autoscaling/v2 to v1: the one target that v1 knows is the CPU utilization; the others stay away from it. */
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

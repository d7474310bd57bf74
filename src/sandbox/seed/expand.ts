// Makes objects of the manifests in this folder: adds what the server, the scheduler, the kubelet
// and the controllers add to an object. Entry point: expandManifests(). Pure.
//
// A manifest is written as for `kubectl apply`, with three differences: `metadata.age` is the age
// of the object (`5h`), a value such as `5h ago` is a time, and owner references have no uid. A
// status only contains what differs from a healthy object. A Deployment also makes its ReplicaSet,
// a Job its pod, and a Service with a selector its endpoints.

import { isJsonArray, isJsonObject, objectAt, stringAt, stringsAt } from '../../model/object.ts';
import type { Json, JsonObject, KubeObject } from '../../model/object.ts';
import {
  contentOf,
  metadataOf,
  namespaceOf,
  numberAt,
  objectsAt,
  specOf,
  statusOf,
  textAt,
} from '../../model/fields.ts';
import { buildJob, buildJobPod } from './jobs.ts';
import { clusterAge, seedNodes } from './nodes.ts';
import {
  ago,
  buildDeployment,
  buildEvent,
  buildObject,
  buildPod,
  day,
  hour,
  minute,
  type SeedMetadata,
} from './objects.ts';
import { buildEndpoints } from './services.ts';

/**
 * Makes the objects of manifests.
 * @param now all times are relative to it
 */
export function expandManifests(manifests: readonly JsonObject[], now: Date): readonly KubeObject[] {
  const objects = manifests.flatMap((manifest) => {
    const dated = objectWith(manifest, (value) => withTimes(value, now));
    return expand(dated, seedMetadata(dated, now));
  });
  return objects.flatMap((object) => [object, ...endpointsFor(object, objects)]);
}

function expand(manifest: JsonObject, metadata: SeedMetadata & { readonly namespace: string }): KubeObject[] {
  const kind = stringAt(manifest, 'kind');
  const [spec, status] = [specOf(manifest), statusOf(manifest)];
  switch (kind) {
    case 'Pod':
      return [expandPod(metadata, spec, status)];
    case 'Deployment':
      return [...buildDeployment(metadata, spec, numberAt(status, 'readyReplicas'))];
    case 'Job': {
      const [container] = objectsAt(specOf(objectAt(spec, 'template') ?? {}), 'containers');
      const [image, app] = [stringAt(container, 'image'), stringAt(metadata.labels, 'app')];
      const seed = { ...metadata, image, app, end: stringAt(status, 'completionTime') };
      const job = buildJob(seed);
      return [job, buildJobPod(seed, job)];
    }
    case 'Event':
      return [expandEvent(manifest)];
    default:
      return [buildObject(stringAt(manifest, 'apiVersion'), kind, metadata, contentOf(manifest))];
  }
}

function seedMetadata(manifest: JsonObject, now: Date): SeedMetadata & { readonly namespace: string } {
  const metadata = metadataOf(manifest);
  const [age, namespace] = [stringAt(metadata, 'age'), stringAt(metadata, 'namespace')];
  const finalizers = stringsAt(metadata, 'finalizers');
  const [owner] = objectsAt(metadata, 'ownerReferences');
  return {
    namespace,
    name: stringAt(metadata, 'name'),
    created: ago(now, age === '' ? clusterAge : durationOf(age)),
    generateName: stringAt(metadata, 'generateName') || undefined,
    generation: numberAt(metadata, 'generation') || undefined,
    labels: objectAt(metadata, 'labels'),
    annotations: objectAt(metadata, 'annotations'),
    owner: owner && referredObject({ ...owner, namespace }),
    finalizers: finalizers.length === 0 ? undefined : finalizers,
  };
}

/** Returns an object with the uid of the one that a reference names. */
function referredObject(reference: JsonObject): KubeObject {
  const [apiVersion, kind] = [stringAt(reference, 'apiVersion'), stringAt(reference, 'kind')];
  const [namespace, name] = [stringAt(reference, 'namespace'), stringAt(reference, 'name')];
  return buildObject(apiVersion, kind, { namespace, name, created: '' });
}

function expandPod(
  metadata: SeedMetadata & { readonly namespace: string },
  spec: JsonObject,
  status: JsonObject,
): KubeObject {
  const node = seedNodes.find(({ name }) => name === spec['nodeName']);
  return buildPod({
    ...metadata,
    ...(node === undefined ? {} : { node }),
    ip: stringAt(status, 'podIP'),
    spec,
    containerStatuses: objectsAt(status, 'containerStatuses'),
  });
}

function expandEvent(manifest: JsonObject): KubeObject {
  const about = objectAt(manifest, 'involvedObject') ?? {};
  const source = objectAt(manifest, 'source');
  const first = stringAt(manifest, 'firstTimestamp');
  return buildEvent({
    about: referredObject(about),
    type: textAt(manifest, 'type', 'Normal'),
    reason: stringAt(manifest, 'reason'),
    message: stringAt(manifest, 'message'),
    source: stringAt(source, 'component'),
    host: stringAt(source, 'host') || undefined,
    fieldPath: stringAt(about, 'fieldPath') || undefined,
    first,
    last: textAt(manifest, 'lastTimestamp', first),
    count: numberAt(manifest, 'count', 1),
  });
}

/** Returns Endpoints and EndpointSlice of a service with a selector. */
function endpointsFor(service: KubeObject, objects: readonly KubeObject[]): readonly KubeObject[] {
  const selector = Object.entries(objectAt(specOf(service), 'selector') ?? {});
  if (service.kind !== 'Service' || selector.length === 0) return [];
  const pods = objects.filter(
    (object) =>
      object.kind === 'Pod' &&
      namespaceOf(object) === namespaceOf(service) &&
      selector.every(([key, value]) => labelsOf(object)[key] === value),
  );
  const target = objectsAt(specOf(service), 'ports')[0]?.['targetPort'];
  const ports = objectsAt(specOf(pods[0] ?? {}), 'containers').flatMap((one) => objectsAt(one, 'ports'));
  const named = ports.find(({ name }) => name === target);
  const port = typeof target === 'number' ? target : numberAt(named, 'containerPort');
  return buildEndpoints(service, pods, port, stringAt(service.metadata, 'creationTimestamp'));
}

function labelsOf(object: JsonObject): JsonObject {
  return objectAt(metadataOf(object), 'labels') ?? {};
}

const unitsMs: Readonly<Record<string, number>> = { d: day, h: hour, m: minute, s: 1_000 };

/** Returns the milliseconds of a duration such as `5h` or `1h35m`. */
function durationOf(text: string): number {
  return [...text.matchAll(/(\d+)([dhms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (unitsMs[unit ?? ''] ?? 0),
    0,
  );
}

/** Replaces values such as `5h ago` by times. */
function withTimes(value: Json | undefined, now: Date): Json | undefined {
  if (typeof value === 'string')
    return /^(?:\d+[dhms])+ ago$/.test(value) ? ago(now, durationOf(value)) : value;
  if (isJsonArray(value)) return value.map((item) => withTimes(item, now) ?? null);
  return isJsonObject(value) ? objectWith(value, (inner) => withTimes(inner, now)) : value;
}

function objectWith(object: JsonObject, change: (value: Json | undefined) => Json | undefined): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

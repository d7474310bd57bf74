// Generates thousands of pods for measurements: as large as real ones (nearly 6 KB of JSON with
// managedFields), but with shared common parts, so that many fit in memory. Entry point:
// `generatePods`.

import { objectAt, type JsonObject, type KubeObject } from '../../model/object.ts';
import { metadataOf, objectsAt, specOf, statusOf, uidOf } from '../../model/fields.ts';
import manifests from './generated-pod.yaml';
import { controlPlane, secondWorker, worker } from './nodes.ts';
import { ago, buildPod, day, hour, minute, seedUid, shortHash } from './objects.ts';

const [template = {}] = manifests;
const podsPerSet = 20;
const nodes = [worker, secondWorker, controlPlane];

/** The common parts of all pods of one replica set. */
interface PodParts {
  readonly setName: string;
  readonly metadata: JsonObject;
  readonly spec: JsonObject;
  readonly status: JsonObject;
  readonly container: JsonObject;
}

/**
 * Generates running pods of made-up replica sets, spread evenly over the namespaces and the nodes.
 * The result is the same at every call with the same `now`.
 */
export function* generatePods(
  count: number,
  now: Date,
  namespaces: readonly string[] = ['default'],
): Generator<KubeObject> {
  for (let set = 0; set * podsPerSet < count; set += 1) {
    const namespace = namespaces[set % namespaces.length] ?? 'default';
    const parts = buildPodParts(set, namespace, now);
    const inSet = Math.min(podsPerSet, count - set * podsPerSet);
    for (let index = 0; index < inSet; index += 1)
      yield buildPodFrom(parts, namespace, set * podsPerSet + index);
  }
}

function buildPodParts(set: number, namespace: string, now: Date): PodParts {
  const app = `load-${String(set).padStart(5, '0')}`;
  const hash = shortHash(app, 10);
  const setName = `${app}-${hash}`;
  const created = ago(now, ((set * 37) % (30 * 24)) * hour + 5 * minute + day);
  const labels = {
    app,
    'app.kubernetes.io/instance': app,
    'app.kubernetes.io/managed-by': 'sandbox',
    'app.kubernetes.io/name': 'load',
    'pod-template-hash': hash,
    team: `team-${set % 7}`,
  };
  const owner: KubeObject = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: setName, uid: seedUid('ReplicaSet', namespace, setName) },
  };
  const pod = buildPod({
    namespace,
    name: setName,
    generateName: `${setName}-`,
    created,
    labels,
    annotations: { 'kubectl.kubernetes.io/restartedAt': created, 'prometheus.io/scrape': 'true' },
    owner,
    node: worker,
    ip: '10.244.1.0',
    spec: specOf(template),
  });
  const status = statusOf(pod);
  return {
    setName,
    metadata: { ...pod.metadata, managedFields: managedFields(created, uidOf(owner)) },
    spec: specOf(pod),
    status,
    container: objectsAt(status, 'containerStatuses')[0] ?? {},
  };
}

function buildPodFrom(parts: PodParts, namespace: string, number: number): KubeObject {
  const name = `${parts.setName}-${shortHash(`${namespace}/${number}`)}`;
  const node = nodes[number % nodes.length] ?? worker;
  const ip = `10.${100 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`;
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: { ...parts.metadata, name, uid: seedUid('Pod', namespace, name) },
    spec: { ...parts.spec, nodeName: node.name },
    status: {
      ...parts.status,
      hostIP: node.ip,
      hostIPs: [{ ip: node.ip }],
      podIP: ip,
      podIPs: [{ ip }],
      containerStatuses: [
        {
          ...parts.container,
          containerID: `containerd://${seedUid('c', '', name).replaceAll('-', '').repeat(2)}`,
        },
      ],
    },
  };
}

/** Returns the managers of the pods of a replica set, with the given uid. */
function managedFields(time: string, owner: string): readonly JsonObject[] {
  return objectsAt(metadataOf(template), 'managedFields').map((manager) => {
    const fields = objectAt(manager, 'fieldsV1') ?? {};
    const metadata = objectAt(fields, 'f:metadata');
    if (metadata === undefined) return { ...manager, time };
    const owners = { '.': {}, [`k:{"uid":"${owner}"}`]: {} };
    return {
      ...manager,
      time,
      fieldsV1: { ...fields, 'f:metadata': { ...metadata, 'f:ownerReferences': owners } },
    };
  });
}

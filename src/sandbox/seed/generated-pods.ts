// Generates thousands of pods for measurements: as large as real ones (nearly 6 KB of JSON with
// managedFields), but with shared common parts, so that many fit in memory. Entry point:
// `generatePods`.

import type { JsonObject, KubeObject } from '../../model/object.ts';
import { objectsAt, specOf, statusOf } from '../../model/fields.ts';
import { controlPlane, secondWorker, worker } from './nodes.ts';
import { ago, buildPod, day, hour, minute, seedUid, shortHash } from './objects.ts';

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
    spec: {
      containers: [
        {
          name: 'server',
          image: 'registry.example.com/load/server:1.14.2',
          args: ['--listen=:8080', '--log-format=json'],
          ports: [
            { name: 'http', containerPort: 8080, protocol: 'TCP' },
            { name: 'metrics', containerPort: 9090, protocol: 'TCP' },
          ],
          env: [
            { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
            { name: 'LOG_LEVEL', value: 'info' },
          ],
          resources: { limits: { memory: '256Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
        },
      ],
    },
  });
  const status = statusOf(pod);
  return {
    setName,
    metadata: {
      ...pod.metadata,
      managedFields: managedFields(created, seedUid('ReplicaSet', namespace, setName)),
    },
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

/** Returns the managers: the controller owns the spec, the kubelet the status. */
function managedFields(time: string, owner: string): readonly JsonObject[] {
  const set = {};
  const conditions = ['ContainersReady', 'Initialized', 'PodReadyToStartContainers', 'Ready'];
  return [
    {
      manager: 'kube-controller-manager',
      operation: 'Update',
      apiVersion: 'v1',
      time,
      fieldsType: 'FieldsV1',
      fieldsV1: {
        'f:metadata': {
          'f:annotations': {
            '.': set,
            'f:kubectl.kubernetes.io/restartedAt': set,
            'f:prometheus.io/scrape': set,
          },
          'f:generateName': set,
          'f:labels': {
            '.': set,
            'f:app': set,
            'f:app.kubernetes.io/instance': set,
            'f:app.kubernetes.io/managed-by': set,
            'f:app.kubernetes.io/name': set,
            'f:pod-template-hash': set,
            'f:team': set,
          },
          'f:ownerReferences': { '.': set, [`k:{"uid":"${owner}"}`]: set },
        },
        'f:spec': {
          'f:containers': {
            'k:{"name":"server"}': {
              '.': set,
              'f:args': set,
              'f:env': {
                '.': set,
                'k:{"name":"LOG_LEVEL"}': { '.': set, 'f:name': set, 'f:value': set },
                'k:{"name":"POD_NAME"}': {
                  '.': set,
                  'f:name': set,
                  'f:valueFrom': { '.': set, 'f:fieldRef': set },
                },
              },
              'f:image': set,
              'f:imagePullPolicy': set,
              'f:name': set,
              'f:ports': {
                '.': set,
                'k:{"containerPort":8080,"protocol":"TCP"}': {
                  '.': set,
                  'f:containerPort': set,
                  'f:name': set,
                  'f:protocol': set,
                },
                'k:{"containerPort":9090,"protocol":"TCP"}': {
                  '.': set,
                  'f:containerPort': set,
                  'f:name': set,
                  'f:protocol': set,
                },
              },
              'f:resources': {
                '.': set,
                'f:limits': { '.': set, 'f:memory': set },
                'f:requests': { '.': set, 'f:cpu': set, 'f:memory': set },
              },
              'f:terminationMessagePath': set,
              'f:terminationMessagePolicy': set,
            },
          },
          'f:dnsPolicy': set,
          'f:enableServiceLinks': set,
          'f:restartPolicy': set,
          'f:schedulerName': set,
          'f:securityContext': set,
          'f:terminationGracePeriodSeconds': set,
        },
      },
    },
    {
      manager: 'kubelet',
      operation: 'Update',
      apiVersion: 'v1',
      time,
      fieldsType: 'FieldsV1',
      fieldsV1: {
        'f:status': {
          'f:conditions': Object.fromEntries(
            conditions.map((type) => [
              `k:{"type":"${type}"}`,
              {
                '.': set,
                'f:lastProbeTime': set,
                'f:lastTransitionTime': set,
                'f:observedGeneration': set,
                'f:status': set,
                'f:type': set,
              },
            ]),
          ),
          'f:containerStatuses': set,
          'f:hostIP': set,
          'f:hostIPs': set,
          'f:observedGeneration': set,
          'f:phase': set,
          'f:podIP': set,
          'f:podIPs': set,
          'f:startTime': set,
        },
      },
      subresource: 'status',
    },
  ];
}

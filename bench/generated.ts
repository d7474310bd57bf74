// The generated objects: pods as large as real ones, and custom types. Pure; the same names at
// every call, so that filling twice adds nothing. No pod names a node or an owner: on a full
// cluster the scheduler, the garbage collector and the kubelets ignore them.
import { createHash } from 'node:crypto';
import { benchLabel, type FilledNamespace } from './layout.ts';

type Json = Readonly<Record<string, unknown>>;

/** A pod for its creation, and the status that is written afterwards. */
export interface GeneratedPod {
  readonly path: string;
  readonly name: string;
  readonly object: Json;
  readonly status: Json;
}

const podsPerSet = 20;
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** Returns letters as in generated names of Kubernetes, the same ones for the same text. */
function suffix(text: string, length: number): string {
  const digest = createHash('sha256').update(text).digest();
  return Array.from({ length }, (_, index) => alphabet[(digest[index] ?? 0) % alphabet.length]).join('');
}

/** Returns all pods of one namespace. */
export function* podsOf(namespace: FilledNamespace, now: Date): Generator<GeneratedPod> {
  for (let number = 0; number < namespace.pods; number += 1) yield podOf(namespace, number, now);
}

function podOf(namespace: FilledNamespace, number: number, now: Date): GeneratedPod {
  const set = Math.floor(number / podsPerSet);
  const app = `load-${String(set).padStart(4, '0')}`;
  const hash = suffix(`${namespace.name}/${app}`, 10);
  const name = `${app}-${hash}-${suffix(`${namespace.name}/${number}`, 5)}`;
  const started = new Date(now.getTime() - ((number * 37) % (30 * 24)) * 3_600_000).toISOString();
  const time = `${started.slice(0, 19)}Z`;
  return {
    path: `/api/v1/namespaces/${namespace.name}/pods`,
    name,
    object: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        namespace: namespace.name,
        generateName: `${app}-${hash}-`,
        labels: {
          app,
          'app.kubernetes.io/instance': app,
          'app.kubernetes.io/managed-by': 'kapi-bench',
          'app.kubernetes.io/name': 'load',
          'pod-template-hash': hash,
          team: `team-${set % 7}`,
          [benchLabel]: `${namespace.pods}`,
        },
        annotations: {
          'kubectl.kubernetes.io/restartedAt': time,
          'prometheus.io/scrape': 'true',
        },
      },
      spec: specOf(),
    },
    status: statusOf(name, number, time),
  };
}

function specOf(): Json {
  return {
    // No scheduler has this name, so the pod stays pending.
    schedulerName: 'kapi-bench',
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 30,
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
        readinessProbe: {
          httpGet: { path: '/ready', port: 'http', scheme: 'HTTP' },
          initialDelaySeconds: 5,
          timeoutSeconds: 1,
          periodSeconds: 10,
        },
      },
    ],
  };
}

function statusOf(name: string, number: number, time: string): Json {
  const podIp = `10.${100 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`;
  const id = createHash('sha256').update(`${name}/id`).digest('hex');
  const types = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'];
  return {
    phase: 'Running',
    conditions: types.map((type) => ({
      type,
      status: 'True',
      lastProbeTime: null,
      lastTransitionTime: time,
    })),
    hostIP: '192.0.2.11',
    hostIPs: [{ ip: '192.0.2.11' }],
    podIP: podIp,
    podIPs: [{ ip: podIp }],
    startTime: time,
    qosClass: 'Burstable',
    containerStatuses: [
      {
        name: 'server',
        image: 'registry.example.com/load/server:1.14.2',
        imageID: `registry.example.com/load/server@sha256:${'5e'.repeat(32)}`,
        containerID: `containerd://${id}`,
        ready: true,
        started: true,
        restartCount: number % 3,
        lastState: {},
        state: { running: { startedAt: time } },
      },
    ],
  };
}

const definitionsPerGroup = 10;

/** Custom types, ten in each group, as discovery has them on a cluster with a few operators. */
export function* definitionsOf(count: number): Generator<Json> {
  for (let number = 0; number < count; number += 1) {
    const group = `group-${Math.floor(number / definitionsPerGroup)}.${benchLabel}.example.com`;
    const kind = `Load${suffix(`kind ${number}`, 5).replaceAll(/\d/g, 'x')}${String.fromCharCode(97 + (number % 26))}`;
    const singular = `${kind.toLowerCase()}${number}`;
    yield {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${singular}s.${group}`, labels: { [benchLabel]: 'true' } },
      spec: {
        group,
        scope: number % 5 === 0 ? 'Cluster' : 'Namespaced',
        names: {
          plural: `${singular}s`,
          singular,
          kind: `${kind}${number}`,
          listKind: `${kind}${number}List`,
          shortNames: [`lb${number}`],
        },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            subresources: { status: {} },
            schema: {
              openAPIV3Schema: {
                type: 'object',
                properties: {
                  spec: {
                    type: 'object',
                    properties: { size: { type: 'integer' }, image: { type: 'string' } },
                  },
                  status: { type: 'object', properties: { ready: { type: 'boolean' } } },
                },
              },
            },
          },
        ],
      },
    };
  }
}

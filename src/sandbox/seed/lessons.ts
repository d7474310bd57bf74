// Objects of common Kubernetes lessons: a pod that gets its own data by the Downward API, pods to
// curl the API server from, a job, the CronTab custom resource. Entry point: `seedLessons`.

import type { JsonObject, KubeObject } from '../../model/object.ts';
import { nameOf } from '../../model/fields.ts';
import { secondWorker, worker } from './cluster.ts';
import {
  ago,
  buildEvent,
  buildObject,
  buildPod,
  hour,
  minute,
  seedUid,
  shortHash,
  templateSpec,
} from './objects.ts';

/**
 * Returns the objects.
 * @param now all times are relative to it
 */
export function seedLessons(now: Date): readonly KubeObject[] {
  return [...curlPods(now), downwardPod(now), ...batchJob(now), ...cronTabs(now)];
}

const sleeping = ['sleep', '9999999'];

function curlPods(now: Date): readonly KubeObject[] {
  const created = ago(now, 26 * hour);
  const started = ago(now, 26 * hour - 4_000);
  const curl = buildPod({
    namespace: 'default',
    name: 'curl',
    created,
    node: worker,
    ip: '10.244.1.5',
    containers: [{ name: 'main', image: 'curlimages/curl', command: sleeping, state: { since: started } }],
  });
  const withAmbassador = buildPod({
    namespace: 'default',
    name: 'curl-with-ambassador',
    created,
    node: secondWorker,
    ip: '10.244.2.6',
    containers: [
      { name: 'main', image: 'curlimages/curl', command: sleeping, state: { since: started } },
      { name: 'ambassador', image: 'luksa/kubectl-proxy:1.6.2', state: { since: started } },
    ],
  });
  return [curl, withAmbassador];
}

function downwardPod(now: Date): KubeObject {
  const fromField = (name: string, fieldPath: string): JsonObject => ({
    name,
    valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } },
  });
  const fileFromField = (path: string, fieldPath: string): JsonObject => ({
    path,
    fieldRef: { apiVersion: 'v1', fieldPath },
  });
  return buildPod({
    namespace: 'default',
    name: 'downward',
    created: ago(now, 3 * hour),
    labels: { foo: 'bar' },
    annotations: { key1: 'value1', key2: 'multi\nline\nvalue\n' },
    node: worker,
    ip: '10.244.1.7',
    containers: [
      {
        name: 'main',
        image: 'busybox',
        command: sleeping,
        env: [
          fromField('POD_NAME', 'metadata.name'),
          fromField('POD_NAMESPACE', 'metadata.namespace'),
          fromField('POD_IP', 'status.podIP'),
          fromField('NODE_NAME', 'spec.nodeName'),
          fromField('SERVICE_ACCOUNT', 'spec.serviceAccountName'),
          {
            name: 'CONTAINER_CPU_REQUEST_MILLICORES',
            valueFrom: { resourceFieldRef: { resource: 'requests.cpu', divisor: '1m' } },
          },
          {
            name: 'CONTAINER_MEMORY_LIMIT_KIBIBYTES',
            valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Ki' } },
          },
        ],
        resources: {
          limits: { cpu: '100m', memory: '4Mi' },
          requests: { cpu: '15m', memory: '100Ki' },
        },
        mounts: [{ name: 'downward', mountPath: '/etc/downward' }],
        state: { since: ago(now, 3 * hour - 3_000) },
      },
    ],
    volumes: [
      {
        name: 'downward',
        downwardAPI: {
          items: [
            fileFromField('podName', 'metadata.name'),
            fileFromField('podNamespace', 'metadata.namespace'),
            fileFromField('labels', 'metadata.labels'),
            fileFromField('annotations', 'metadata.annotations'),
            {
              path: 'containerCpuRequestMilliCores',
              resourceFieldRef: { containerName: 'main', resource: 'requests.cpu', divisor: '1m' },
            },
            {
              path: 'containerMemoryLimitBytes',
              resourceFieldRef: { containerName: 'main', resource: 'limits.memory', divisor: '1' },
            },
          ],
          defaultMode: 420,
        },
      },
    ],
  });
}

/** Data of a job and its pod. A job without an end is running. */
export interface SeedJob {
  readonly namespace: string;
  readonly name: string;
  readonly image: string;
  readonly app: string;
  readonly created: string;
  readonly end?: string;
}

/** Makes a job with the fields that its controller sets. */
export function buildJob(seed: SeedJob): KubeObject {
  const { namespace, name, created, end } = seed;
  const uid = seedUid('Job', namespace, name);
  const labels = jobLabels(seed);
  const done = (type: string): JsonObject => ({
    type,
    status: 'True',
    lastProbeTime: end,
    lastTransitionTime: end,
    reason: 'CompletionsReached',
    message: 'Reached expected number of succeeded pods',
  });
  const counts = { terminating: 0, uncountedTerminatedPods: {}, ready: end === undefined ? 1 : 0 };
  return buildObject(
    'batch/v1',
    'Job',
    { namespace, name, created, generation: 1, labels },
    {
      spec: {
        parallelism: 1,
        completions: 1,
        backoffLimit: 6,
        selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
        manualSelector: false,
        template: {
          metadata: { labels },
          spec: templateSpec([{ name: 'main', image: seed.image }], { restartPolicy: 'OnFailure' }),
        },
        completionMode: 'NonIndexed',
        suspend: false,
        podReplacementPolicy: 'TerminatingOrFailed',
      },
      status:
        end === undefined
          ? { startTime: created, active: 1, ...counts }
          : {
              conditions: [done('SuccessCriteriaMet'), done('Complete')],
              startTime: created,
              completionTime: end,
              succeeded: 1,
              ...counts,
            },
    },
  );
}

/** Makes the pod of a job. */
export function buildJobPod(seed: SeedJob, job: KubeObject): KubeObject {
  return buildPod({
    namespace: seed.namespace,
    name: `${seed.name}-${shortHash(`${seed.namespace}/${seed.name}`)}`,
    generateName: `${seed.name}-`,
    created: seed.created,
    labels: jobLabels(seed),
    owner: job,
    node: secondWorker,
    ip: '10.244.2.12',
    restartPolicy: 'OnFailure',
    containers: [
      {
        name: 'main',
        image: seed.image,
        state: {
          since: seed.created,
          ...(seed.end === undefined ? {} : { exitCode: 0, until: seed.end }),
        },
      },
    ],
  });
}

function jobLabels({ namespace, name, app }: SeedJob): JsonObject {
  const uid = seedUid('Job', namespace, name);
  return {
    app,
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
}

function batchJob(now: Date): readonly KubeObject[] {
  const seed: SeedJob = {
    namespace: 'default',
    name: 'my-job',
    image: 'luksa/batch-job',
    app: 'batch-job',
    created: ago(now, 50 * minute),
    end: ago(now, 48 * minute),
  };
  const job = buildJob(seed);
  const pod = buildJobPod(seed, job);
  return [
    job,
    pod,
    buildEvent({
      about: job,
      reason: 'SuccessfulCreate',
      message: `Created pod: ${nameOf(pod)}`,
      source: 'job-controller',
      first: seed.created,
    }),
    buildEvent({
      about: job,
      reason: 'Completed',
      message: 'Job completed',
      source: 'job-controller',
      first: ago(now, 48 * minute),
    }),
  ];
}

function cronTabs(now: Date): readonly KubeObject[] {
  const created = ago(now, 30 * hour);
  const names = {
    plural: 'crontabs',
    singular: 'crontab',
    shortNames: ['ct'],
    kind: 'CronTab',
    listKind: 'CronTabList',
    categories: ['all'],
  };
  const definition = buildObject(
    'apiextensions.k8s.io/v1',
    'CustomResourceDefinition',
    { name: 'crontabs.stable.example.com', created, generation: 1 },
    {
      spec: {
        group: 'stable.example.com',
        names,
        scope: 'Namespaced',
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: {
                description: 'Runs an image again and again, on a schedule.',
                type: 'object',
                properties: {
                  spec: {
                    description: 'What to run and when.',
                    type: 'object',
                    properties: {
                      cronSpec: { description: 'The schedule in cron notation.', type: 'string' },
                      image: { description: 'The image to run.', type: 'string' },
                      replicas: { description: 'How many pods run it at once.', type: 'integer', minimum: 1 },
                    },
                  },
                },
              },
            },
            additionalPrinterColumns: [
              { name: 'Spec', type: 'string', jsonPath: '.spec.cronSpec' },
              { name: 'Replicas', type: 'integer', jsonPath: '.spec.replicas' },
              { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
            ],
          },
        ],
        conversion: { strategy: 'None' },
      },
      status: {
        conditions: [
          crdCondition('NamesAccepted', created, 'NoConflicts', 'no conflicts found'),
          crdCondition(
            'Established',
            created,
            'InitialNamesAccepted',
            'the initial names have been accepted',
          ),
        ],
        acceptedNames: names,
        storedVersions: ['v1'],
      },
    },
  );
  const cronTab = (namespace: string, name: string, spec: JsonObject, createdAt: string): KubeObject =>
    buildObject(
      'stable.example.com/v1',
      'CronTab',
      { namespace, name, created: createdAt, generation: 1 },
      { spec },
    );
  return [
    definition,
    cronTab(
      'default',
      'my-new-cron-object',
      { cronSpec: '* * * * */5', image: 'my-awesome-cron-image', replicas: 2 },
      ago(now, 29 * hour),
    ),
    cronTab(
      'dev',
      'nightly-report',
      { cronSpec: '30 2 * * *', image: 'registry.example.com/report:3', replicas: 1 },
      ago(now, 8 * hour),
    ),
  ];
}

function crdCondition(type: string, time: string, reason: string, message: string): JsonObject {
  return { type, status: 'True', lastTransitionTime: time, reason, message };
}

// Builds a job and its pod.

import type { JsonObject, KubeObject } from '../../model/object.ts';
import { secondWorker } from './nodes.ts';
import { buildObject, buildPod, seedUid, shortHash } from './objects.ts';

/** Data of a job and its pod. */
export interface SeedJob {
  readonly namespace: string;
  readonly name: string;
  readonly image: string;
  readonly app: string;
  readonly created: string;
  /** Completion time. Undefined if the job is running. */
  readonly end?: string;
}

/** Builds a job, including the fields that the job controller sets. */
export function buildJob(seed: SeedJob): KubeObject {
  const { namespace, name, created, end } = seed;
  const labels = jobLabels(seed);
  const trueCondition = (type: string): JsonObject => ({
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
        manualSelector: false,
        template: {
          metadata: { labels: { app: seed.app } },
          spec: { containers: [{ name: 'main', image: seed.image }], restartPolicy: 'OnFailure' },
        },
      },
      status:
        end === undefined
          ? { startTime: created, active: 1, ...counts }
          : {
              conditions: [trueCondition('SuccessCriteriaMet'), trueCondition('Complete')],
              startTime: created,
              completionTime: end,
              succeeded: 1,
              ...counts,
            },
    },
  );
}

/** Builds the pod of a job. */
export function buildJobPod(seed: SeedJob, job: KubeObject): KubeObject {
  const terminated = { exitCode: 0, reason: 'Completed', startedAt: seed.created, finishedAt: seed.end };
  return buildPod({
    namespace: seed.namespace,
    name: `${seed.name}-${shortHash(`${seed.namespace}/${seed.name}`)}`,
    generateName: `${seed.name}-`,
    created: seed.created,
    labels: jobLabels(seed),
    owner: job,
    node: secondWorker,
    ip: '10.244.2.12',
    spec: { containers: [{ name: 'main', image: seed.image }], restartPolicy: 'OnFailure' },
    containerStatuses: seed.end === undefined ? [] : [{ name: 'main', state: { terminated } }],
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

// `kapi describe --problems` over seeded faults, with statuses as controllers and kubelets write
// them: the right cause comes first.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnServer, kapi, testServer } from './kapi.ts';
import { createAdminClient, type AdminClient } from './server/admin-client.ts';

const namespace = 'describe-e2e';
const core = `/api/v1/namespaces/${namespace}`;
const apps = `/apis/apps/v1/namespaces/${namespace}`;
const merge = 'application/merge-patch+json';

let admin: AdminClient;

interface Made {
  readonly metadata: { readonly name: string; readonly uid: string };
}

/** Creates an object, then writes its status. */
async function make(collection: string, object: object, status?: object): Promise<Made> {
  const made = (await admin.must('POST', collection, object)) as Made;
  if (status !== undefined) {
    await admin.must('PATCH', `${collection}/${made.metadata.name}/status`, { status }, merge);
  }
  return made;
}

function ownedBy(kind: string, apiVersion: string, { metadata }: Made): object {
  return {
    ownerReferences: [{ apiVersion, kind, ...metadata, controller: true }].map(({ name, uid, ...rest }) => ({
      ...{ apiVersion: rest.apiVersion, kind: rest.kind },
      name,
      uid,
      controller: true,
    })),
  };
}

const spec = { containers: [{ name: 'app', image: 'registry.invalid/none:1' }] };
const stamp = (): string => new Date().toISOString().replace(/\.\d+Z$/, 'Z');
const condition = (type: string, status: string, reason: string, message: string): object => ({
  ...{ type, status, reason, message, lastTransitionTime: stamp() },
});
const notReady = (): object[] => [
  condition('Ready', 'False', 'ContainersNotReady', 'containers with unready status: [app]'),
  condition('ContainersReady', 'False', 'ContainersNotReady', 'containers with unready status: [app]'),
  condition('PodScheduled', 'True', '', ''),
];
const containerStatus = (state: object, more: object = {}): object => ({
  ...{ name: 'app', image: 'x', imageID: '', ready: false, started: false, restartCount: 0, state, ...more },
});
const pullStatus = (): object => ({
  ...{ phase: 'Pending', conditions: notReady() },
  containerStatuses: [
    containerStatus({
      waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "registry.invalid/none:1"' },
    }),
  ],
});

async function deploymentOf(name: string, status: object): Promise<{ deployment: Made; replicaSet: Made }> {
  const labels = { app: name };
  const selector = { matchLabels: labels };
  const template = { metadata: { labels }, spec };
  const deployment = await make(
    `${apps}/deployments`,
    { metadata: { name }, spec: { replicas: 2, selector, template } },
    status,
  );
  const replicaSet = await make(`${apps}/replicasets`, {
    metadata: { name: `${name}-1`, labels, ...ownedBy('Deployment', 'apps/v1', deployment) },
    spec: { replicas: 2, selector, template },
  });
  return { deployment, replicaSet };
}

interface Fault {
  readonly name: string;
  readonly seed: () => Promise<unknown>;
  readonly target: string;
  /** The first line of --problems. */
  readonly first: RegExp;
}

const faults: readonly Fault[] = [
  {
    name: 'an image that cannot be pulled',
    seed: () => make(`${core}/pods`, { metadata: { name: 'pull' }, spec }, pullStatus()),
    target: 'pod/pull',
    first: /^pod\/pull: container app: ImagePullBackOff: Back-off pulling image/,
  },
  {
    name: 'a crash loop',
    seed: () =>
      make(
        `${core}/pods`,
        { metadata: { name: 'crash' }, spec },
        {
          ...{ phase: 'Running', conditions: notReady() },
          containerStatuses: [
            containerStatus(
              {
                waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container' },
              },
              {
                restartCount: 6,
                lastState: {
                  terminated: {
                    ...{ exitCode: 137, reason: 'OOMKilled', startedAt: stamp(), finishedAt: stamp() },
                    containerID: 'containerd://x',
                  },
                },
              },
            ),
          ],
        },
      ),
    target: 'pod/crash',
    first:
      /^pod\/crash: container app: CrashLoopBackOff: last ended with exit code 137 \(SIGKILL\), OOMKilled; 6 restarts/,
  },
  {
    name: 'a failed job whose pod is there',
    seed: async () => {
      const job = await make(`/apis/batch/v1/namespaces/${namespace}/jobs`, {
        metadata: { name: 'migrate' },
        spec: { backoffLimit: 0, template: { spec: { ...spec, restartPolicy: 'Never' } } },
      });
      const message = 'Job has reached the specified backoff limit';
      await admin.must(
        'PATCH',
        `/apis/batch/v1/namespaces/${namespace}/jobs/migrate/status`,
        {
          status: {
            ...{ failed: 1, startTime: stamp() },
            conditions: [
              condition('FailureTarget', 'True', 'BackoffLimitExceeded', message),
              condition('Failed', 'True', 'BackoffLimitExceeded', message),
            ],
          },
        },
        merge,
      );
      await make(
        `${core}/pods`,
        {
          metadata: {
            ...{ name: 'migrate-1', labels: { 'batch.kubernetes.io/controller-uid': job.metadata.uid } },
            ...ownedBy('Job', 'batch/v1', job),
          },
          spec: { ...spec, restartPolicy: 'Never' },
        },
        {
          phase: 'Failed',
          containerStatuses: [
            containerStatus({
              terminated: {
                exitCode: 3,
                reason: 'Error',
                message: 'no database',
                finishedAt: stamp(),
                startedAt: stamp(),
              },
            }),
          ],
        },
      );
    },
    target: 'job/migrate',
    first: /^pod\/migrate-1: container app: Error: exit code 3; no database/,
  },
  {
    name: 'a claim of a storage class that does not exist',
    seed: () =>
      make(`${core}/persistentvolumeclaims`, {
        metadata: { name: 'data' },
        spec: {
          ...{ accessModes: ['ReadWriteOnce'], storageClassName: 'fast-typo' },
          resources: { requests: { storage: '1Gi' } },
        },
      }),
    target: 'pvc/data',
    first: /^persistentvolumeclaim\/data: storage class fast-typo: NotFound/,
  },
  {
    name: 'a deletion that a finalizer holds',
    seed: async () => {
      await make(`${core}/configmaps`, { metadata: { name: 'held', finalizers: ['example.com/hold'] } });
      await admin.must('DELETE', `${core}/configmaps/held`);
    },
    target: 'cm/held',
    first: /^configmap\/held: deletion: WaitsForFinalizers: .*example\.com\/hold/,
  },
  {
    name: 'a quota that refuses pods',
    seed: () =>
      deploymentOf('quota', {
        conditions: [
          condition(
            'Available',
            'False',
            'MinimumReplicasUnavailable',
            'Deployment does not have minimum availability.',
          ),
          condition('ReplicaFailure', 'True', 'FailedCreate', 'pods "x" is forbidden: exceeded quota: few'),
          condition('Progressing', 'False', 'ProgressDeadlineExceeded', 'timed out progressing.'),
        ],
      }),
    target: 'deploy/quota',
    first: /^deployment\/quota: condition ReplicaFailure is True: FailedCreate: .*exceeded quota/,
  },
  {
    name: 'a deployment that is stuck because of its pods',
    seed: async () => {
      const { replicaSet } = await deploymentOf('stuck', {
        conditions: [
          condition(
            'Available',
            'False',
            'MinimumReplicasUnavailable',
            'Deployment does not have minimum availability.',
          ),
          condition('Progressing', 'False', 'ProgressDeadlineExceeded', 'timed out progressing.'),
        ],
      });
      const metadata = {
        name: 'stuck-1-a',
        labels: { app: 'stuck' },
        ...ownedBy('ReplicaSet', 'apps/v1', replicaSet),
      };
      await make(`${core}/pods`, { metadata, spec }, pullStatus());
    },
    target: 'deploy/stuck',
    first: /^pod\/stuck-1-a: container app: ImagePullBackOff/,
  },
  {
    name: 'a pod that no node can take',
    seed: () =>
      make(
        `${core}/pods`,
        { metadata: { name: 'homeless' }, spec },
        {
          phase: 'Pending',
          conditions: [
            condition(
              'PodScheduled',
              'False',
              'Unschedulable',
              '0/3 nodes are available: 3 Insufficient cpu.',
            ),
          ],
        },
      ),
    target: 'pod/homeless',
    first: /^pod\/homeless: condition PodScheduled is False: Unschedulable: 0\/3 nodes/,
  },
];

describeOnServer('kapi describe', () => {
  beforeAll(async () => {
    const { url, caFile, tokens } = testServer();
    admin = createAdminClient(url, readFileSync(caFile, 'utf8'), tokens.admin);
    await admin.must('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
    // The sandbox creates it itself; kube-apiserver leaves it to a controller.
    await admin.send('POST', `${core}/serviceaccounts`, { metadata: { name: 'default' } });
  });
  afterAll(async () => {
    await admin.send('PATCH', `${core}/configmaps/held`, { metadata: { finalizers: null } }, merge);
    await admin.send('DELETE', `/api/v1/namespaces/${namespace}`);
  });

  it.concurrent.each(faults)('names the right cause first: $name', async ({ seed, target, first }) => {
    await seed();
    const [problems, whole] = await Promise.all([
      kapi(['describe', target, '-n', namespace, '--problems']),
      kapi(['describe', target, '-n', namespace]),
    ]);
    expect(problems.stdout.split('\n')[0]).toMatch(first);
    expect(problems.code, problems.stderr).toBe(1);
    expect(whole.code, whole.stderr).toBe(0);
    expect(whole.stdout.split('\n')[2]?.trim()).toMatch(first);
  });

  it('searches owned objects of a custom type without a request for a deprecated version', async () => {
    const run = await kapi(['describe', 'widgets', '-n', 'default', '--owned', 'all']);
    expect(run.code).toBe(0);
    expect(run.stderr).not.toContain('deprecated');
  });

  it('describes every pod and node of the server, and says that a healthy object has no problems', async () => {
    const [all, nodes, none] = await Promise.all([
      kapi(['describe', 'pods', '-A', '-o', 'ndjson']),
      kapi(['describe', 'nodes']),
      kapi(['describe', 'cm/kube-root-ca.crt', '-n', 'default', '--problems']),
    ]);
    expect([all.code, nodes.code], all.stderr + nodes.stderr).toEqual([0, 0]);
    for (const line of all.stdout.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ kind: 'Pod' });
    expect(none.stdout).toBe('');
  });
});

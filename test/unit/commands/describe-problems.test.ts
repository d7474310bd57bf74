// What `kapi describe` reports as a problem, and in which order: pure functions over objects as
// controllers write them.
import { describe, expect, it } from 'vitest';
import { eventOf } from '../../../src/api/object-events.ts';
import { wellKnownType } from '../../../src/api/well-known.ts';
import { conditionsOf } from '../../../src/commands/describe/conditions.ts';
import { problemsOf, type ProblemInput } from '../../../src/commands/describe/problems.ts';
import type { Json, KubeObject } from '../../../src/model/object.ts';
import type { ResourceType } from '../../../src/model/resource.ts';

const now = new Date('2026-01-02T03:04:05Z');
const recent = '2026-01-02T03:00:00Z';
const old = '2026-01-01T03:00:00Z';

function typeOf(word: string): ResourceType {
  const type = wellKnownType(word);
  if (type === undefined) throw new Error(`${word} is not known`);
  return type;
}

function make(
  word: string,
  content: Record<string, unknown>,
  metadata: Record<string, Json> = {},
): KubeObject {
  const { group, version, kind } = typeOf(word);
  return {
    apiVersion: group === '' ? version : `${group}/${version}`,
    kind,
    metadata: { name: 'web', namespace: 'dev', uid: 'u1', ...metadata },
    ...content,
  };
}

function problems(word: string, object: KubeObject, more: Partial<ProblemInput> = {}): string[] {
  return problemsOf({ type: typeOf(word), object, related: {}, owned: [], events: [], now, ...more }).map(
    ({ object: name, part, reason }) => [name, part, reason].filter((text) => text !== '').join(' | '),
  );
}

const condition = (type: string, status: string, reason = ''): Record<string, string> => ({
  ...{ type, status, reason, message: '', lastTransitionTime: recent },
});

function pod(container: Record<string, unknown>, status: Record<string, unknown> = {}): KubeObject {
  return make('pods', {
    spec: { nodeName: 'n1', containers: [{ name: 'app', image: 'x' }] },
    status: { phase: 'Running', containerStatuses: [{ name: 'app', image: 'x', ...container }], ...status },
  });
}

describe('problems of a pod', () => {
  it('name the container before the conditions that follow from it', () => {
    const object = pod(
      { state: { waiting: { reason: 'ImagePullBackOff', message: 'no such image' } } },
      {
        phase: 'Pending',
        conditions: [condition('Ready', 'False'), condition('ContainersReady', 'False')],
      },
    );
    expect(problems('pods', object)).toEqual([
      'pod/web | container app | ImagePullBackOff',
      'pod/web | condition Ready is False',
      'pod/web | condition ContainersReady is False',
      'pod/web | phase | Pending',
    ]);
  });

  it('say how a crashing container exited', () => {
    const object = pod({
      restartCount: 7,
      state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
      lastState: {
        terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: recent, message: 'boom\nx' },
      },
    });
    const [first] = problemsOf({ type: typeOf('pods'), object, related: {}, owned: [], events: [], now });
    expect(first?.message).toBe(
      'last ended with exit code 137 (SIGKILL), OOMKilled; 7 restarts; boom; back-off',
    );
  });

  it('are empty while containers are created and once the pod has succeeded', () => {
    const creating = pod({ state: { waiting: { reason: 'ContainerCreating' } } });
    expect(problems('pods', creating)).toEqual([]);
    const done = pod(
      { state: { terminated: { exitCode: 0, reason: 'Completed' } } },
      { phase: 'Succeeded', conditions: [condition('Ready', 'False', 'PodCompleted')] },
    );
    expect(problems('pods', done)).toEqual([]);
  });

  it.each([
    ['a restart an hour ago or less', recent, ['pod/web | container app | Error']],
    ['an older restart', old, []],
  ])('count %s', (_, finishedAt, expected) => {
    const object = pod({
      ...{ restartCount: 1, ready: true, state: { running: { startedAt: recent } } },
      lastState: { terminated: { exitCode: 1, reason: 'Error', finishedAt } },
    });
    expect(problems('pods', object)).toEqual(expected);
  });

  it('report a missing claim before the scheduler that waits for it', () => {
    const object = make('pods', {
      spec: { containers: [] },
      status: { phase: 'Pending', conditions: [condition('PodScheduled', 'False', 'Unschedulable')] },
    });
    const claims = new Map([['data', 'missing' as const]]);
    expect(problems('pods', object, { related: { claims } })[0]).toBe('pod/web | claim data | NotFound');
  });

  it('say that a deletion waits for finalizers', () => {
    const object = { ...pod({ ready: true, state: { running: {} } }) };
    const metadata = { ...object.metadata, deletionTimestamp: recent, finalizers: ['example.com/hold'] };
    const [first] = problemsOf({
      ...{ type: typeOf('pods'), object: { ...object, metadata }, related: {}, owned: [], events: [], now },
    });
    expect(first).toMatchObject({ reason: 'WaitsForFinalizers' });
    expect(first?.message).toContain('example.com/hold');
  });
});

describe('problems of workloads', () => {
  const deployment = make('deployments.apps', {
    spec: { replicas: 2 },
    status: {
      readyReplicas: 0,
      conditions: [
        condition('Available', 'False', 'MinimumReplicasUnavailable'),
        condition('Progressing', 'False', 'ProgressDeadlineExceeded'),
      ],
    },
  });
  const ownedPod = (name: string): ProblemInput['owned'][number] => ({
    ...{ type: typeOf('pods'), namespace: 'dev', name, uid: name, ownerUids: ['r1'], note: '', owned: [] },
    object: {
      ...pod({ state: { waiting: { reason: 'ImagePullBackOff' } } }),
      metadata: { name, namespace: 'dev' },
    },
  });

  it('begin with the containers of the pods, one line for those with the same failure', () => {
    const owned = [ownedPod('web-1'), ownedPod('web-2'), ownedPod('web-3')];
    const found = problemsOf({
      ...{ type: typeOf('deployments.apps'), object: deployment, related: {}, owned, events: [], now },
    });
    expect(found[0]).toMatchObject({ object: 'pod/web-1', reason: 'ImagePullBackOff' });
    expect(found[0]?.message).toBe('the same in 2 more objects');
    expect(found.filter(({ object }) => object.startsWith('pod/'))).toHaveLength(1);
    expect(found.at(-1)).toMatchObject({ part: 'pods', message: '0 of 2 are ready' });
  });

  it('report an exceeded quota before its consequences', () => {
    const object = {
      ...deployment,
      status: {
        conditions: [condition('Available', 'False'), condition('ReplicaFailure', 'True', 'FailedCreate')],
      },
    };
    expect(problems('deployments.apps', object)[0]).toBe(
      'deployment/web | condition ReplicaFailure is True | FailedCreate',
    );
  });

  it('are empty for a paused or complete one', () => {
    const object = make('deployments.apps', {
      spec: { replicas: 1 },
      status: {
        readyReplicas: 1,
        conditions: [condition('Available', 'True'), condition('Progressing', 'Unknown', 'DeploymentPaused')],
      },
    });
    expect(problems('deployments.apps', object)).toEqual([]);
  });
});

describe('problems of other types', () => {
  it.each([
    [
      'jobs',
      { status: { conditions: [condition('Failed', 'True', 'BackoffLimitExceeded')] } },
      /Failed is True/,
    ],
    ['persistentvolumeclaims', { status: { phase: 'Pending' } }, /phase \| Pending/],
    ['nodes', { status: { conditions: [condition('MemoryPressure', 'True')] } }, /MemoryPressure is True/],
    ['nodes', { status: { conditions: [condition('Ready', 'Unknown')] } }, /Ready is Unknown/],
    [
      'resourcequotas',
      { status: { hard: { pods: '2', 'requests.cpu': '1' }, used: { pods: '2', 'requests.cpu': '500m' } } },
      /^resourcequota\/web \| pods \| QuotaUsedUp$/,
    ],
    [
      'namespaces',
      { status: { conditions: [condition('NamespaceContentRemaining', 'True')] } },
      /ContentRemaining/,
    ],
    ['services', { spec: { type: 'LoadBalancer' }, status: { loadBalancer: {} } }, /load balancer/],
  ])('%s: %j', (word, content, expected) => {
    const found = problems(word, make(word, content));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  it('include warnings that explain them, and no warnings while the conditions are good', () => {
    const event = (reason: string, lastTimestamp: string): ReturnType<typeof eventOf> =>
      eventOf({
        ...{
          apiVersion: 'v1',
          kind: 'Event',
          metadata: { name: reason },
          type: 'Warning',
          reason,
          lastTimestamp,
        },
        ...{ message: `it is ${reason}`, involvedObject: { kind: 'PersistentVolumeClaim', name: 'web' } },
      });
    const events = [event('ProvisioningFailed', recent), event('Forgotten', old)];
    const claim = make('persistentvolumeclaims', { status: { phase: 'Pending' } });
    expect(problems('persistentvolumeclaims', claim, { events })).toEqual([
      'persistentvolumeclaim/web | event | ProvisioningFailed',
      'persistentvolumeclaim/web | phase | Pending',
    ]);
    const ready = pod(
      { ready: true, state: { running: { startedAt: recent } } },
      { conditions: [condition('Ready', 'True')] },
    );
    expect(problems('pods', ready, { events })).toEqual([]);
  });

  it('tolerate objects with fields that are missing or of another type', () => {
    for (const word of [
      'pods',
      'nodes',
      'deployments.apps',
      'jobs',
      'resourcequotas',
      'services',
      'namespaces',
    ]) {
      for (const content of [{}, { status: null, spec: null }, { status: { conditions: 'x' }, spec: [] }]) {
        expect(() => problems(word, make(word, content))).not.toThrow();
      }
    }
  });
});

describe('conditionsOf', () => {
  const custom = (conditions: readonly Record<string, string>[]): KubeObject => ({
    ...{ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' } },
    status: { conditions },
  });

  it('puts bad ones first and judges only known types', () => {
    const object = custom([
      condition('Ready', 'True'),
      condition('Synced', 'False'),
      condition('Stalled', 'True'),
      condition('Progressing', 'False'),
    ]);
    expect(conditionsOf(object).map(({ type, judgement }) => [type, judgement])).toEqual([
      ['Stalled', 'bad'],
      ['Synced', 'unknown'],
      ['Progressing', 'unknown'],
      ['Ready', 'good'],
    ]);
  });

  it('does not read the table of a built-in kind for a custom kind of the same name', () => {
    const object = { ...custom([condition('Progressing', 'False')]), kind: 'Deployment' };
    expect(conditionsOf(object)[0]?.judgement).toBe('unknown');
  });
});

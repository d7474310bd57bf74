// What kapi watch waits for: the syntax of goals, their result for an object, and the end of a
// wait.
import { describe, expect, it } from 'vitest';
import { parseGoal } from '../../../src/commands/watch/goal-text.ts';
import type { Finding } from '../../../src/commands/watch/finding.ts';
import { checkGoals, openGoal } from '../../../src/commands/watch/goal.ts';
import { openKubectlWait } from '../../../src/commands/watch/kubectl-wait.ts';
import { openWait, type DeletionKind, type Subject, type Wait } from '../../../src/commands/watch/wait.ts';
import { UsageError } from '../../../src/errors.ts';
import type { Change, ChangeType } from '../../../src/model/change.ts';
import type { JsonObject } from '../../../src/model/object.ts';
import type { ResourceType } from '../../../src/model/resource.ts';
import { deployments, pods } from '../output/things.ts';

const found = (goal: string, object: JsonObject, type: ResourceType = deployments): Finding =>
  openGoal(parseGoal(goal), false).judge(object, type);

describe('parseGoal', () => {
  it.each([
    ['condition=Ready', { kind: 'condition', type: 'Ready', status: 'true' }],
    ['condition=Ready=False', { kind: 'condition', type: 'Ready', status: 'False' }],
    ['jsonpath={.a}', { kind: 'jsonpath', path: '{.a}', value: undefined }],
    ['jsonpath={.a}=b', { kind: 'jsonpath', path: '{.a}', value: 'b' }],
    ['jsonpath={.a}=b=c', { kind: 'jsonpath', path: '{.a}', value: 'b=c' }],
    ['jsonpath={.a}="b"', { kind: 'jsonpath', path: '{.a}', value: 'b' }],
    ['jsonpath=.a.b=c', { kind: 'jsonpath', path: '.a.b', value: 'c' }],
    [
      'jsonpath={.c[?(@.type=="A")].status}=True',
      { kind: 'jsonpath', path: '{.c[?(@.type=="A")].status}', value: 'True' },
    ],
    ['jsonpath=.c[?(@.n>=2)].x=y', { kind: 'jsonpath', path: '.c[?(@.n>=2)].x', value: 'y' }],
    ['create', { kind: 'create' }],
    ['delete', { kind: 'delete' }],
    ['Delete', { kind: 'delete' }],
    ['rollout', { kind: 'rollout' }],
  ])('%s', (text, goal) => {
    expect(parseGoal(text)).toEqual(goal);
  });

  it.each(['', 'condition', 'condition=A=B=C', 'jsonpath', 'jsonpath={.a}=', '=', 'x y', '%'])(
    '%j is invalid',
    (text) => {
      expect(() => parseGoal(text)).toThrow(UsageError);
    },
  );

  it.each([
    ['Ready', 'condition=Ready'],
    ['ready', 'condition=Ready'],
    ['Available', 'condition=Available'],
    ['Ready=False', 'condition=Ready=False'],
    ['ready=true', 'condition=Ready=true'],
    ['conditions=Ready', 'condition=Ready'],
    ['cond=Ready=False', 'condition=Ready=False'],
    ['conditon=Ready', 'condition=Ready'],
    ['condition:Ready', 'condition=Ready'],
    ['phase=Running', "'jsonpath={.status.phase}=Running'"],
    ['readyReplicas=3', "'jsonpath={.status.readyReplicas}=3'"],
    ['replicas=3', "'jsonpath={.spec.replicas}=3'"],
    ['Running', "'jsonpath={.status.phase}=Running'"],
    ['succeeded', "'jsonpath={.status.phase}=Succeeded'"],
    ['{.spec.replicas}=2', "'jsonpath={.spec.replicas}=2'"],
    ['{.status.phase}', "'jsonpath={.status.phase}'"],
    ['.status.phase=Running', "'jsonpath={.status.phase}=Running'"],
    ['$.status.phase=Running', "'jsonpath={.status.phase}=Running'"],
    ['status.phase=Running', "'jsonpath={.status.phase}=Running'"],
    ['json-path={.a}=b', "'jsonpath={.a}=b'"],
    ['jsonpaht={.a}=b', "'jsonpath={.a}=b'"],
    ['deleted', 'delete'],
    ['delete=true', 'delete'],
    ['gone', 'delete'],
    ['created', 'create'],
    ['exists', 'create'],
    ['rolledout', 'rollout'],
    [' condition=Ready', 'condition=Ready'],
  ])('%j: did you mean %s?', (text, meant) => {
    const hint = `did you mean ${meant}?`;
    expect(() => parseGoal(text)).toThrow(
      expect.objectContaining({ code: 'BadFlagValue', hint: expect.stringContaining(hint) as string }),
    );
    // The suggestion is a goal.
    expect(parseGoal(meant.replaceAll("'", ''))).toHaveProperty('kind');
  });
});

describe('condition', () => {
  const status = (value: string, more: JsonObject = {}): JsonObject => ({
    status: {
      conditions: [
        { type: 'Other', status: 'True' },
        { type: 'Available', status: value, ...more },
      ],
    },
  });

  it.each([
    ['condition=Available', 'True', 'met'],
    ['condition=available=TRUE', 'True', 'met'],
    ['condition=Available', 'False', 'unmet'],
    ['condition=Available=False', 'False', 'met'],
    ['condition=Available=Unknown', 'Unknown', 'met'],
  ])('%s of %s: %s', (goal, value, verdict) => {
    expect(found(goal, status(value)).verdict).toBe(verdict);
  });

  it('names the existing conditions', () => {
    const why = { reason: 'ContainersNotReady', message: 'containers with\n  unready status: [c]' };
    expect(found('condition=Available', status('False', why))).toMatchObject({
      saw: 'Available is False (ContainersNotReady: containers with unready status: [c])',
      facts: { condition: 'Available', status: 'False', reason: 'ContainersNotReady' },
    });
    expect(found('condition=Redy', status('True'))).toMatchObject({
      verdict: 'unmet',
      saw: 'no condition Redy; there are Other, Available',
      facts: { conditions: ['Other', 'Available'] },
    });
    for (const object of [{}, { status: { conditions: 'none' } }]) {
      expect(found('condition=Ready', object).saw).toBe('no condition Ready; the object has no conditions');
    }
  });

  it('does not count if it is for an older generation', () => {
    const metadata = { generation: 5 };
    expect(
      found('condition=Available', { metadata, ...status('True', { observedGeneration: 1 }) }),
    ).toMatchObject({
      verdict: 'unmet',
      saw: 'Available is True, but the condition is for generation 1 of 5',
      facts: { generation: 5, observedGeneration: 1 },
    });
    expect(
      found('condition=Available', { metadata, ...status('True', { observedGeneration: 5 }) }).verdict,
    ).toBe('met');
    const { status: parts } = status('True');
    const behind = { metadata, status: { ...(parts as JsonObject), observedGeneration: 1 } };
    expect(found('condition=Available', behind).verdict).toBe('unmet');
  });
});

describe('jsonpath', () => {
  const object = {
    status: { phase: 'Running', ready: 3, ok: true, list: ['a', 'b'], one: ['a'], nothing: null },
  };

  it.each<[goal: string, verdict: string, saw?: string]>([
    ['jsonpath={.status.phase}=Running', 'met'],
    ['jsonpath={.status.phase}= Running ', 'met'],
    ['jsonpath={.status.phase}=Pending', 'unmet', 'value is Running'],
    ['jsonpath={.status.ready}=3', 'met'],
    ['jsonpath={.status.ok}=true', 'met'],
    ['jsonpath={.status.nothing}=<nil>', 'met'],
    ['jsonpath={.status.one[*]}=a', 'met'],
    ['jsonpath={.status.nope}=x', 'unmet', 'no value at {.status.nope}'],
    ['jsonpath={.status.phase}', 'met'],
    ['jsonpath={.status.list}', 'met'],
    ['jsonpath={.status.nope}', 'unmet', 'no value at {.status.nope}'],
    ['jsonpath={.status.list[*]}=a', 'failed'],
    ['jsonpath={.status.list[*]}', 'failed'],
    ['jsonpath={.status.list}=a', 'failed'],
  ])('%s: %s', (goal, verdict, saw) => {
    expect(found(goal, object)).toMatchObject({ verdict, ...(saw === undefined ? {} : { saw }) });
  });
});

describe('rollout', () => {
  const statefulSets: ResourceType = { ...deployments, resource: 'statefulsets', kind: 'StatefulSet' };
  const daemonSets: ResourceType = { ...deployments, resource: 'daemonsets', kind: 'DaemonSet' };
  const rolling = { type: 'RollingUpdate' };
  const of = (type: ResourceType, spec: JsonObject, status: JsonObject, generation = 2): Finding =>
    found('rollout', { metadata: { generation }, spec, status: { observedGeneration: 2, ...status } }, type);
  const full = { replicas: 3, updatedReplicas: 3, availableReplicas: 3 };

  // The cases of rollout_status.go.
  it.each([
    ['met', { replicas: 3 }, full, ''],
    ['met', {}, full, ''],
    ['unmet', { replicas: 3 }, { ...full, updatedReplicas: 1 }, '1 of 3 new replicas are updated'],
    ['unmet', { replicas: 3 }, { ...full, replicas: 5 }, '2 old replicas are pending termination'],
    ['unmet', { replicas: 3 }, { ...full, availableReplicas: 2 }, '2 of 3 updated replicas are available'],
    [
      'failed',
      { replicas: 3 },
      { ...full, conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }] },
      'the rollout exceeded its progress deadline',
    ],
  ])('of a Deployment: %s', (verdict, spec, status, saw) => {
    const finding = of(deployments, spec, status);
    expect(finding.verdict).toBe(verdict);
    expect(finding.saw).toContain(saw);
  });

  it.each([
    ['met', { desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 }],
    ['unmet', { desiredNumberScheduled: 2, updatedNumberScheduled: 1, numberAvailable: 2 }],
    ['unmet', { desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 1 }],
  ])('of a DaemonSet: %s of %j', (verdict, status) => {
    expect(of(daemonSets, { updateStrategy: rolling }, status).verdict).toBe(verdict);
  });

  it.each([
    ['met', 3, undefined, { readyReplicas: 3, updateRevision: 'a', currentRevision: 'a' }],
    ['unmet', 3, undefined, { readyReplicas: 2, updateRevision: 'a', currentRevision: 'a' }],
    ['unmet', 3, undefined, { readyReplicas: 3, updateRevision: 'b', currentRevision: 'a' }],
    ['met', 3, { partition: 1 }, { readyReplicas: 3, updatedReplicas: 2 }],
    ['unmet', 3, { partition: 1 }, { readyReplicas: 3, updatedReplicas: 1 }],
    ['unmet', 3, {}, { readyReplicas: 3, observedGeneration: 0 }],
  ])('of a StatefulSet: %s of %i replicas with %j and %j', (verdict, replicas, rollingUpdate, status) => {
    const updateStrategy = { ...rolling, ...(rollingUpdate === undefined ? {} : { rollingUpdate }) };
    expect(of(statefulSets, { replicas, updateStrategy }, status).verdict).toBe(verdict);
  });

  it('waits until the controller has observed the change', () => {
    expect(of(deployments, { replicas: 3 }, full, 3)).toMatchObject({
      verdict: 'unmet',
      saw: 'the controller has not seen the change yet: status is for generation 2 of 3',
    });
  });

  it.each([statefulSets, daemonSets])('fails if the strategy is OnDelete', (type) => {
    expect(of(type, { updateStrategy: { type: 'OnDelete' } }, {}).verdict).toBe('failed');
  });

  it('is a goal of these types only', () => {
    expect(() => checkGoals([{ kind: 'rollout' }], [deployments, pods])).toThrow('pods have no rollout');
    expect(() => checkGoals([{ kind: 'rollout' }], [deployments, statefulSets, daemonSets])).not.toThrow();
  });
});

type Step = readonly [kind: ChangeType | 'LEFT', name: string, object?: JsonObject, uid?: string];

function change([kind, name, object = {}, uid = name]: Step): Change {
  return {
    change: kind === 'LEFT' ? 'DELETED' : kind,
    type: pods,
    ...{ namespace: 'dev', name, uid, resourceVersion: '1' },
    entry: { kind: 'object', object: { apiVersion: 'v1', kind: 'Pod', metadata: {}, ...object } },
  };
}

function play(wait: Wait, initial: boolean, ...steps: readonly Step[]): Wait {
  for (const step of steps) {
    const deletion: DeletionKind | undefined = step[0] === 'LEFT' ? 'left' : undefined;
    wait.take(change(step), initial, deletion);
  }
  return wait;
}

const named = (...names: readonly string[]): Subject[] =>
  names.map((name) => ({ type: pods, namespace: 'dev', name }));

interface Goals {
  readonly until?: readonly string[];
  readonly any?: readonly string[];
  readonly failOn?: readonly string[];
}

function waitFor({ until = [], any = [], failOn = [] }: Goals, ...names: readonly string[]): Wait {
  const open = (texts: readonly string[]) => texts.map((text) => openGoal(parseGoal(text), false));
  return openWait({ all: open(until), any: open(any), failOn: open(failOn) }, named(...names));
}

const conditions = (values: Readonly<Record<string, string>>): JsonObject => ({
  status: { conditions: Object.entries(values).map(([type, status]) => ({ type, status })) },
});
const ready = conditions({ Ready: 'True' });
const unready = conditions({ Ready: 'False' });

/** `reached`, `failed: why`, or the unmet goals. */
function outcome(wait: Wait): string {
  const isReached = wait.reached();
  if (wait.failure !== undefined) return `failed: ${wait.failure.reason}`;
  if (isReached) return 'reached';
  return wait
    .unmet()
    .map(({ subject, goals }) => `${subject.name}: ${goals.map(({ saw }) => saw).join('; ')}`)
    .join(', ');
}

describe('a wait for names', () => {
  const until = ['condition=Ready'];

  it.each<[string, Goals, Step[], Step[], string]>([
    ['a missing name', { until }, [['ADDED', 'a', ready]], [], 'b: it does not exist'],
    ['a missing name, create', { until: ['create'] }, [['ADDED', 'a']], [], 'b: it does not exist'],
    [
      'all there',
      { until },
      [
        ['ADDED', 'a', ready],
        ['ADDED', 'b', ready],
      ],
      [],
      'reached',
    ],
    [
      'one that comes later',
      { until },
      [['ADDED', 'a', ready]],
      [
        ['ADDED', 'b', unready],
        ['MODIFIED', 'b', ready],
      ],
      'reached',
    ],
    [
      'one that goes away',
      { until },
      [
        ['ADDED', 'a', ready],
        ['ADDED', 'b', ready],
      ],
      [['DELETED', 'b', ready]],
      'b: it was deleted',
    ],
    [
      'one that goes away unready',
      { until },
      [
        ['ADDED', 'a', ready],
        ['ADDED', 'b', unready],
      ],
      [['DELETED', 'b', unready]],
      'b: it was deleted',
    ],
    [
      'one that is made anew',
      { until },
      [
        ['ADDED', 'a', ready],
        ['ADDED', 'b', unready],
      ],
      [
        ['DELETED', 'b', unready],
        ['ADDED', 'b', ready, 'other'],
      ],
      'reached',
    ],
    [
      'one that is ready no more',
      { until },
      [
        ['ADDED', 'a', ready],
        ['ADDED', 'b', unready],
      ],
      [
        ['MODIFIED', 'a', unready],
        ['MODIFIED', 'b', ready],
      ],
      'a: Ready is False',
    ],
    ['delete of what never was', { until: ['delete'] }, [], [], 'reached'],
    [
      'delete, one still there',
      { until: ['delete'] },
      [
        ['ADDED', 'a'],
        ['ADDED', 'b'],
      ],
      [['DELETED', 'a']],
      'b: it is still there',
    ],
    [
      'delete, one made anew',
      { until: ['delete'] },
      [
        ['ADDED', 'a', {}, 'old'],
        ['ADDED', 'b'],
      ],
      [
        ['DELETED', 'a', {}, 'old'],
        ['ADDED', 'a', {}, 'new'],
        ['DELETED', 'b'],
      ],
      'reached',
    ],
    [
      'delete, and what holds it',
      { until: ['delete'] },
      [['ADDED', 'a', { metadata: { deletionTimestamp: 'T', finalizers: ['x/y'] } }]],
      [],
      'a: it is being deleted since T; finalizers: x/y',
    ],
  ])('%s', (_, goals, start, later, result) => {
    const wait = play(waitFor(goals, 'a', 'b'), true, ...start);
    expect(outcome(play(wait, false, ...later))).toBe(result);
  });
});

describe('a wait for a selection', () => {
  const until = ['condition=Ready'];

  it.each<[string, Goals, Step[], Step[], string]>([
    ['nothing there', { until }, [], [], ''],
    ['create, nothing there', { until: ['create'] }, [], [], ''],
    ['create, one comes', { until: ['create'] }, [], [['ADDED', 'a']], 'reached'],
    ['delete, nothing there', { until: ['delete'] }, [], [], 'reached'],
    ['one joins', { until }, [['ADDED', 'a', ready]], [['ADDED', 'b', unready]], 'b: Ready is False'],
    [
      'an unmet one is deleted',
      { until },
      [
        ['ADDED', 'a', ready],
        ['ADDED', 'b', unready],
      ],
      [['DELETED', 'b']],
      'b: it was deleted',
    ],
    [
      'a met one is deleted',
      { until },
      [
        ['ADDED', 'a', ready],
        ['ADDED', 'b', unready],
      ],
      [
        ['DELETED', 'a'],
        ['MODIFIED', 'b', ready],
      ],
      'reached',
    ],
    [
      'an unmet one leaves',
      { until },
      [
        ['ADDED', 'a', ready],
        ['ADDED', 'b', unready],
      ],
      [['LEFT', 'b', unready]],
      'b: Ready is False',
    ],
    [
      'an unmet one leaves and is met later',
      { until },
      [
        ['ADDED', 'a', ready],
        ['ADDED', 'b', unready],
      ],
      [
        ['LEFT', 'b', unready],
        ['MODIFIED', 'b', ready],
      ],
      'reached',
    ],
    ['delete: one leaves', { until: ['delete'] }, [['ADDED', 'a']], [['LEFT', 'a']], 'a: it is still there'],
    [
      'delete: one leaves and is deleted then',
      { until: ['delete'] },
      [['ADDED', 'a']],
      [
        ['LEFT', 'a'],
        ['DELETED', 'a'],
      ],
      'reached',
    ],
    [
      'delete: what joins later does not count',
      { until: ['delete'] },
      [['ADDED', 'a']],
      [
        ['ADDED', 'b'],
        ['DELETED', 'a'],
      ],
      'reached',
    ],
  ])('%s', (_, goals, start, later, result) => {
    const wait = play(waitFor(goals), true, ...start);
    expect(outcome(play(wait, false, ...later))).toBe(result);
  });
});

describe('several goals', () => {
  const both = ['condition=Ready', 'condition=Initialized'];

  it.each<[string, Goals, Step[], string]>([
    [
      'have to hold at one version',
      { until: both },
      [
        ['ADDED', 'a', conditions({ Ready: 'True', Initialized: 'False' })],
        ['MODIFIED', 'a', conditions({ Ready: 'False', Initialized: 'True' })],
      ],
      'a: Ready is False',
    ],
    [
      'are reached together',
      { until: both },
      [['ADDED', 'a', conditions({ Ready: 'True', Initialized: 'True' })]],
      'reached',
    ],
    [
      'are named one by one',
      { until: both },
      [['ADDED', 'a', conditions({ Ready: 'False', Initialized: 'False' })]],
      'a: Ready is False; Initialized is False',
    ],
    [
      'are alternatives with --until-any',
      { any: both },
      [['ADDED', 'a', conditions({ Ready: 'False', Initialized: 'True' })]],
      'reached',
    ],
    [
      'of both kinds: all of one and one of the others',
      { until: ['condition=Ready'], any: ['condition=A', 'condition=B'] },
      [['ADDED', 'a', conditions({ Ready: 'True', A: 'False', B: 'False' })]],
      'a: A is False; B is False',
    ],
    [
      'with delete: the last state counts',
      { until: ['condition=Ready', 'delete'] },
      [
        ['ADDED', 'a', ready],
        ['DELETED', 'a', ready],
      ],
      'reached',
    ],
    [
      'with delete: gone, but not ready in the end',
      { until: ['condition=Ready', 'delete'] },
      [
        ['ADDED', 'a', ready],
        ['DELETED', 'a', unready],
      ],
      'a: Ready is False',
    ],
    [
      'with delete as an alternative: gone is enough',
      { any: ['condition=Ready', 'delete'] },
      [
        ['ADDED', 'a', unready],
        ['DELETED', 'a', unready],
      ],
      'reached',
    ],
    [
      'with delete as an alternative: what never was is not gone',
      { any: ['condition=Ready', 'delete'] },
      [],
      'a: it does not exist; it does not exist',
    ],
  ])('%s', (_, goals, steps, result) => {
    expect(outcome(play(waitFor(goals, 'a'), false, ...steps))).toBe(result);
  });
});

describe('--fail-on', () => {
  const until = ['condition=Complete'];
  const failed = {
    status: {
      conditions: [
        { type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', message: 'Job has reached it' },
        { type: 'Complete', status: 'True' },
      ],
    },
  };

  it.each<[string, Goals, Step[], string]>([
    [
      'says why',
      { until, failOn: ['condition=Failed'] },
      [['ADDED', 'a', failed]],
      'failed: condition Failed: BackoffLimitExceeded: Job has reached it',
    ],
    [
      'is decided first where one version has failed and come so far',
      { any: ['condition=Complete', 'condition=Failed'], failOn: ['condition=Failed'] },
      [['ADDED', 'a', failed]],
      'failed: condition Failed: BackoffLimitExceeded: Job has reached it',
    ],
    [
      'a deletion',
      { until, failOn: ['delete'] },
      [
        ['ADDED', 'a'],
        ['DELETED', 'a'],
      ],
      'failed: it was deleted',
    ],
    [
      'a value',
      { until, failOn: ['jsonpath={.status.phase}=Failed'] },
      [['ADDED', 'a', { status: { phase: 'Failed' } }]],
      'failed: value of {.status.phase} is Failed',
    ],
    [
      'another status',
      { until, failOn: ['condition=Ready=False'] },
      [['ADDED', 'a', unready]],
      'failed: condition Ready is False',
    ],
    [
      'nothing of it',
      { until, failOn: ['condition=Failed'] },
      [['ADDED', 'a', conditions({ Complete: 'True' })]],
      'reached',
    ],
    [
      'a goal that cannot be judged',
      { until: ['jsonpath={.status.list[*]}=x'] },
      [['ADDED', 'a', { status: { list: ['x', 'y'] } }]],
      'failed: given jsonpath expression matches more than one value: {.status.list[*]}',
    ],
  ])('%s', (_, goals, steps, result) => {
    expect(outcome(play(waitFor(goals, 'a'), false, ...steps))).toBe(result);
  });

  it('alone never ends a wait', () => {
    expect(play(waitFor({ failOn: ['delete'] }, 'a'), true, ['ADDED', 'a']).reached()).toBe(false);
  });
});

describe('several --for of kubectl wait', () => {
  const wait = (goals: readonly string[], ...names: readonly string[]): Wait =>
    openKubectlWait(
      goals.map((text) => openGoal(parseGoal(text), false)),
      named(...names),
    );
  const two = ['condition=Initialized', 'condition=Ready'];
  const state = (Initialized: string, Ready: string): JsonObject => conditions({ Initialized, Ready });

  it('are checked in order: a met goal is not checked again', () => {
    const waiting = play(wait(two, 'a'), true, ['ADDED', 'a', state('True', 'False')]);
    expect(outcome(waiting)).toBe('a: Ready is False');
    expect(outcome(play(waiting, false, ['MODIFIED', 'a', state('False', 'True')]))).toBe('reached');
  });

  it('go through the objects in order', () => {
    const waiting = play(
      wait(two, 'a', 'b'),
      true,
      ['ADDED', 'a', state('True', 'False')],
      ['ADDED', 'b', state('True', 'True')],
    );
    expect(outcome(waiting)).toBe('a: Ready is False');
    play(waiting, false, ['MODIFIED', 'b', state('True', 'False')], ['MODIFIED', 'a', state('True', 'True')]);
    expect(outcome(waiting)).toBe('b: Ready is False');
  });

  it('end at once if a name is missing, or nothing matches', () => {
    expect(outcome(play(wait(two, 'a', 'b'), true, ['ADDED', 'a', state('True', 'True')]))).toBe(
      'failed: pods "b" not found',
    );
    expect(outcome(wait(two))).toBe('failed: no matching resources found');
  });

  it('wait for all names first if one goal is create', () => {
    const waiting = play(wait(['condition=Ready', 'create'], 'a', 'b'), true, ['ADDED', 'a', ready]);
    expect(outcome(waiting)).toBe('b: it does not exist');
    expect(outcome(play(waiting, false, ['ADDED', 'b', unready]))).toBe('b: Ready is False');
    expect(outcome(play(waiting, false, ['MODIFIED', 'b', ready]))).toBe('reached');
  });

  it('treat missing objects as deleted if one goal is delete', () => {
    expect(outcome(wait(['condition=Ready', 'delete'], 'a'))).toBe('reached');
    const waiting = play(wait(['condition=Ready', 'delete'], 'a'), true, ['ADDED', 'a', ready]);
    expect(outcome(waiting)).toBe('a: it is still there');
    expect(outcome(play(waiting, false, ['DELETED', 'a']))).toBe('reached');
  });

  it('continue after a deletion: the name can come back', () => {
    const waiting = play(wait(two, 'a'), true, ['ADDED', 'a', state('True', 'False')]);
    outcome(waiting);
    expect(outcome(play(waiting, false, ['DELETED', 'a']))).toBe('a: it was deleted');
    expect(outcome(play(waiting, false, ['ADDED', 'a', state('True', 'True')]))).toBe('reached');
  });
});

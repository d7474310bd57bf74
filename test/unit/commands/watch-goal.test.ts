// What `--until` waits for: how it is written, and when it is reached.
import { describe, expect, it } from 'vitest';
import { openGoal } from '../../../src/commands/watch/goal.ts';
import { parseGoal } from '../../../src/commands/watch/options.ts';
import { UsageError } from '../../../src/errors.ts';
import type { Change, ChangeType } from '../../../src/model/change.ts';
import type { JsonObject } from '../../../src/model/object.ts';
import { deployments } from '../output/things.ts';

function change(kind: ChangeType, name: string, object: JsonObject = {}, uid = name): Change {
  return {
    change: kind,
    type: deployments,
    ...{ namespace: 'dev', name, uid, resourceVersion: '1' },
    entry: { kind: 'object', object: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: {}, ...object } },
  };
}

/** Whether one object is as wanted. */
function isMet(goal: string, object: JsonObject): boolean {
  const tracker = openGoal(parseGoal(goal));
  tracker.take(change('ADDED', 'web', object), true);
  return tracker.reached();
}

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
  ])('%s', (text, goal) => {
    expect(parseGoal(text)).toEqual(goal);
  });

  it.each(['', 'ready', 'condition', 'condition=A=B=C', 'jsonpath', 'jsonpath={.a}=', 'delete=x'])(
    '%j is none',
    (text) => {
      expect(() => parseGoal(text)).toThrow(UsageError);
    },
  );
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
    ['condition=Available', 'True', true],
    ['condition=available=TRUE', 'True', true],
    ['condition=Available', 'False', false],
    ['condition=Available=False', 'False', true],
    ['condition=Available=Unknown', 'Unknown', true],
  ])('%s of %s: %s', (goal, value, met) => {
    expect(isMet(goal, status(value))).toBe(met);
  });

  it('is not met by an object without conditions', () => {
    expect(isMet('condition=Available', {})).toBe(false);
    expect(isMet('condition=Available', { status: { conditions: 'none' } })).toBe(false);
  });

  it('does not count when it was made for an older generation', () => {
    const metadata = { generation: 2 };
    expect(isMet('condition=Available', { metadata, ...status('True', { observedGeneration: 1 }) })).toBe(
      false,
    );
    expect(isMet('condition=Available', { metadata, ...status('True', { observedGeneration: 2 }) })).toBe(
      true,
    );
    const { status: parts } = status('True');
    const behind = { metadata, status: { ...(parts as JsonObject), observedGeneration: 1 } };
    expect(isMet('condition=Available', behind)).toBe(false);
  });
});

describe('jsonpath', () => {
  const object = {
    status: { phase: 'Running', ready: 3, ok: true, list: ['a', 'b'], one: ['a'], nothing: null },
  };

  it.each([
    ['jsonpath={.status.phase}=Running', true],
    ['jsonpath={.status.phase}= Running ', true],
    ['jsonpath={.status.phase}=Pending', false],
    ['jsonpath={.status.ready}=3', true],
    ['jsonpath={.status.ok}=true', true],
    ['jsonpath={.status.one[*]}=a', true],
    ['jsonpath={.status.nope}=x', false],
    ['jsonpath={.status.phase}', true],
    ['jsonpath={.status.list}', true],
    ['jsonpath={.status.nope}', false],
  ])('%s: %s', (goal, met) => {
    expect(isMet(goal, object)).toBe(met);
  });

  it.each([
    ['jsonpath={.status.list[*]}=a', 'given jsonpath expression matches more than one value'],
    ['jsonpath={.status.list}=a', 'jsonpath leads to a nested object or list which is not supported'],
  ])('%s cannot be compared', (goal, message) => {
    expect(() => isMet(goal, object)).toThrow(message);
  });
});

describe('all objects watched', () => {
  const ready = (value: string): JsonObject => ({
    status: { conditions: [{ type: 'Ready', status: value }] },
  });

  it('have to be as wanted, and at least one has to be there', () => {
    const goal = openGoal(parseGoal('condition=Ready'));
    expect([goal.reached(), goal.missing()]).toEqual([false, []]);
    goal.take(change('ADDED', 'a', ready('True')), true);
    goal.take(change('ADDED', 'b', ready('False')), true);
    expect([goal.reached(), goal.missing()]).toEqual([false, ['deployments.apps/b']]);
    goal.take(change('MODIFIED', 'b', ready('True')), false);
    expect([goal.reached(), goal.met()]).toEqual([true, ['deployment.apps/a', 'deployment.apps/b']]);
    goal.take(change('MODIFIED', 'a', ready('False')), false);
    expect(goal.reached()).toBe(false);
    goal.take(change('DELETED', 'a'), false);
    expect(goal.reached()).toBe(true);
    goal.take(change('DELETED', 'b'), false);
    expect(goal.reached()).toBe(false);
  });

  it('are gone when those of the start are gone', () => {
    const goal = openGoal(parseGoal('delete'));
    expect(goal.reached()).toBe(true);
    goal.take(change('ADDED', 'a', {}, 'old'), true);
    goal.take(change('ADDED', 'later'), false);
    expect([goal.reached(), goal.missing()]).toEqual([false, ['deployments.apps/a']]);
    goal.take(change('DELETED', 'a', {}, 'old'), false);
    goal.take(change('ADDED', 'a', {}, 'new'), false);
    expect([goal.reached(), goal.met()]).toEqual([true, ['deployment.apps/a']]);
  });
});

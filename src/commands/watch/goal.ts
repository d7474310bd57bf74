// Judges an object by a goal: whether it is met, and the actual state. Entry point: openGoal().
// Pure. goal-text.ts has the syntax of goals, wait.ts the objects.

import { UsageError } from '../../errors.ts';
import { arrayAt, isJsonObject, objectAt, stringAt, type Json, type JsonObject } from '../../model/object.ts';
import { groupResourceOf, type ResourceType } from '../../model/resource.ts';
import { isSecretType } from '../../model/secret-values.ts';
import { findJsonPath, parseRelaxedJsonPath, printFound } from '../../output/jsonpath.ts';
import type { Condition } from '../where.ts';
import type { Finding } from './finding.ts';
import { goalText, type Goal } from './goal-text.ts';
import { rolloutOf, rolloutTypes } from './rollout.ts';

/** A goal that can be evaluated. */
export interface OpenGoal {
  readonly goal: Goal;
  /** The goal as typed. */
  readonly text: string;
  /** Judges a version of an existing object. `create` is met, `delete` is not. */
  readonly judge: (object: JsonObject, type: ResourceType) => Finding;
}

/**
 * Compiles a goal.
 * @param showSecrets true to show what a goal found in a Secret
 * @param conditions conditions of `cel=` goals, by their text
 * @throws UsageError for an invalid path
 */
export function openGoal(
  goal: Goal,
  showSecrets: boolean,
  conditions: ReadonlyMap<string, Condition> = new Map(),
): OpenGoal {
  const judge = judgeOf(goal, conditions);
  if (goal.kind !== 'jsonpath' || showSecrets) return { goal, text: goalText(goal), judge };
  return {
    goal,
    text: goalText(goal),
    judge: (object, type) =>
      isSecretType(type) ? hideFoundValue(judge(object, type), goal.path) : judge(object, type),
  };
}

/** Returns the finding of a path in a Secret, without its value. */
function hideFoundValue(finding: Finding, path: string): Finding {
  const { verdict, facts } = finding;
  if (facts === undefined || !('value' in facts)) return finding;
  const hidden = 'not shown; --show-secrets shows it';
  return { verdict, saw: `value is ${hidden}`, facts: { path }, asFailure: `value of ${path} is ${hidden}` };
}

/** True if a goal reads the object, so that table rows must include it. */
export function needsObject({ kind }: Goal): boolean {
  return kind !== 'create' && kind !== 'delete';
}

/** Checks that goals fit the types. @throws UsageError */
export function checkGoals(goals: readonly Goal[], types: readonly ResourceType[]): void {
  if (!goals.some(({ kind }) => kind === 'rollout')) return;
  const other = types.find((type) => !rolloutTypes.has(groupResourceOf(type)));
  if (other === undefined) return;
  throw new UsageError(`${groupResourceOf(other)} have no rollout`, {
    code: 'BadFlagValue',
    hint: 'the goal rollout is for Deployments, StatefulSets and DaemonSets; condition=TYPE is for all types with conditions',
  });
}

function judgeOf(goal: Goal, conditions: ReadonlyMap<string, Condition>): OpenGoal['judge'] {
  switch (goal.kind) {
    case 'condition':
      return (object) => judgeCondition(object, goal.type, goal.status);
    case 'jsonpath':
      return judgeOfPath(goal);
    case 'cel':
      return (object) => judgeCel(object, goal.expression, conditions.get(goal.expression));
    case 'create':
      return () => ({ verdict: 'met', saw: 'it exists' });
    case 'delete':
      return judgePresence;
    case 'rollout':
      return rolloutOf;
  }
}

/** Judges a CEL condition. A missing field is not an error, because it can still appear. */
function judgeCel(object: JsonObject, expression: string, condition: Condition | undefined): Finding {
  const judgement = condition?.judge(object) ?? { kind: 'false' };
  const facts: JsonObject = { expression };
  if (judgement.kind === 'missing') {
    return { verdict: 'unmet', saw: `${judgement.why} in ${expression}`, facts };
  }
  const isMet = judgement.kind === 'true';
  return {
    verdict: isMet ? 'met' : 'unmet',
    saw: `${oneLine(expression)} is ${isMet ? 'true' : 'false'}`,
    facts,
  };
}

/**
 * Judges a condition. As in kubectl, a condition for an older generation of the object does not
 * count.
 */
function judgeCondition(object: JsonObject, type: string, status: string): Finding {
  const conditions = arrayAt(objectAt(object, 'status'), 'conditions').filter(isJsonObject);
  const wanted = type.toLowerCase();
  const condition = conditions.find(
    (one) => stringAt(one, 'type').toLowerCase() === wanted && typeof one['status'] === 'string',
  );
  if (condition === undefined) return withoutCondition(type, conditions);
  const [name, is, reason] = ['type', 'status', 'reason'].map((key) => stringAt(condition, key));
  const message = oneLine(stringAt(condition, 'message'));
  const why = [reason, message].filter((text) => text !== '').join(': ');
  const said = `${name ?? ''} is ${is ?? ''}${why === '' ? '' : ` (${why})`}`;
  const facts: JsonObject = {
    condition: name ?? '',
    status: is ?? '',
    ...(reason === '' ? {} : { reason: reason ?? '' }),
    ...(message === '' ? {} : { message }),
  };
  const generation = objectAt(object, 'metadata')?.['generation'];
  const observed = condition['observedGeneration'] ?? objectAt(object, 'status')?.['observedGeneration'];
  if (typeof generation === 'number' && typeof observed === 'number' && observed < generation) {
    return {
      verdict: 'unmet',
      saw: `${said}, but the condition is for generation ${observed} of ${generation}`,
      facts: { ...facts, generation, observedGeneration: observed },
    };
  }
  const isMet = is?.toLowerCase() === status.toLowerCase();
  const isTrue = is?.toLowerCase() === 'true';
  return {
    verdict: isMet ? 'met' : 'unmet',
    saw: said,
    facts,
    asFailure: `condition ${name ?? ''}${isTrue ? '' : ` is ${is ?? ''}`}${why === '' ? '' : `: ${why}`}`,
  };
}

function withoutCondition(type: string, conditions: readonly JsonObject[]): Finding {
  const there = conditions.map((one) => stringAt(one, 'type')).filter((name) => name !== '');
  const others = there.length === 0 ? 'the object has no conditions' : `there are ${there.join(', ')}`;
  return {
    verdict: 'unmet',
    saw: `no condition ${type}; ${others}`,
    facts: { condition: type, conditions: there },
  };
}

function judgeOfPath({
  path,
  value,
}: Extract<Goal, { readonly kind: 'jsonpath' }>): (object: JsonObject) => Finding {
  const template = parseRelaxedJsonPath(path);
  return (object) => {
    const found = findJsonPath(template, object).flat();
    const [only] = found;
    if (only === undefined) return { verdict: 'unmet', saw: `no value at ${path}`, facts: { path } };
    // kubectl's words. As in kubectl, it ends the wait.
    if (found.length > 1) return notComparable('given jsonpath expression matches more than one value', path);
    if (value === undefined) return { verdict: 'met', saw: `there is a value at ${path}`, facts: { path } };
    if (typeof only === 'object' && only !== null) {
      return notComparable('jsonpath leads to a nested object or list which is not supported', path);
    }
    const text = textOfValue(only);
    const saw = `value is ${text === '' ? 'empty' : oneLine(text)}`;
    const facts: JsonObject = { path, value: only };
    const asFailure = `value of ${path} is ${oneLine(text)}`;
    return { verdict: text.trim() === value.trim() ? 'met' : 'unmet', saw, facts, asFailure };
  };
}

function notComparable(message: string, path: string): Finding {
  return { verdict: 'failed', saw: `${message}: ${path}`, facts: { path } };
}

function textOfValue(value: Json): string {
  return value === null ? '<nil>' : printFound(value);
}

/** Says why an object that should be deleted still exists, for example its finalizers. */
function judgePresence(object: JsonObject): Finding {
  const metadata = objectAt(object, 'metadata');
  const since = stringAt(metadata, 'deletionTimestamp');
  const finalizers = arrayAt(metadata, 'finalizers').filter((one) => typeof one === 'string');
  const held = finalizers.length === 0 ? '' : `; finalizers: ${finalizers.join(', ')}`;
  return {
    verdict: 'unmet',
    saw: since === '' ? `it is still there${held}` : `it is being deleted since ${since}${held}`,
    facts: {
      ...(since === '' ? {} : { deletionTimestamp: since }),
      ...(finalizers.length === 0 ? {} : { finalizers }),
    },
  };
}

function oneLine(text: string): string {
  return text.replaceAll(/(?<!\s)\s*\n\s*/g, ' ').trim();
}

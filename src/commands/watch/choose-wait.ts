// Makes the wait for the goals of the flags. Entry point: chooseWait().

import type { WatchQuery } from '../../api/watch-event.ts';
import type { ResourceType } from '../../model/resource.ts';
import type { Deps } from '../deps.ts';
import type { Condition } from '../where.ts';
import type { OpenGoal } from './goal.ts';
import { goalText, type Goal } from './goal-text.ts';
import type { WatchOptions } from './options.ts';
import { subjectsOf } from './plan.ts';
import type { Wait } from './wait.ts';

/**
 * Returns undefined if there is no goal.
 * @throws UsageError for invalid goals, or goals that the types do not support
 */
export async function chooseWait(
  { all, any, failOn, inTurn }: WatchOptions['goals'],
  queries: readonly WatchQuery[],
  deps: Pick<Deps, 'now' | 'openApi' | 'globals'>,
): Promise<Wait | undefined> {
  const every = [...all, ...any, ...failOn, ...inTurn];
  if (every.length === 0) return undefined;
  const { checkGoals, openGoal } = await import('./goal.ts');
  checkGoals(
    every,
    queries.map(({ type }) => type),
  );
  const types = queries.map(({ type }) => type);
  const asked = subjectsOf(queries);
  const conditions = await openConditions(every, types, deps);
  const open = (goal: Goal): OpenGoal => openGoal(goal, deps.globals.showSecrets, conditions);
  if (inTurn.length > 0) {
    const { openKubectlWait } = await import('./kubectl-wait.ts');
    return openKubectlWait(inTurn.map(open), asked);
  }
  const { openWait } = await import('./wait.ts');
  return openWait({ all: all.map(open), any: any.map(open), failOn: failOn.map(open) }, asked);
}

/** Compiles and checks the conditions of `cel=` goals. */
async function openConditions(
  goals: readonly Goal[],
  types: readonly ResourceType[],
  deps: Pick<Deps, 'now' | 'openApi' | 'globals'>,
): Promise<ReadonlyMap<string, Condition>> {
  const conditions = new Map<string, Condition>();
  const written = goals.filter((goal) => goal.kind === 'cel');
  if (written.length === 0) return conditions;
  const { openCondition } = await import('../where.ts');
  for (const goal of written) {
    const condition = openCondition(goal.expression, goalText({ ...goal, expression: '' }), deps.now);
    if (!deps.globals.curl) await condition.checkFields(types, deps);
    conditions.set(goal.expression, condition);
  }
  return conditions;
}

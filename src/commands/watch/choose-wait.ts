// Goals of the flags as the wait that judges them. Entry point: chooseWait().

import type { WatchQuery } from '../../api/watch-event.ts';
import type { WatchOptions } from './options.ts';
import { subjectsOf } from './plan.ts';
import type { Wait } from './wait.ts';

/**
 * Returns undefined if there is no goal.
 * @throws UsageError for goals that cannot be understood, or that the types do not have
 */
export async function chooseWait(
  { all, any, failOn, inTurn }: WatchOptions['goals'],
  queries: readonly WatchQuery[],
): Promise<Wait | undefined> {
  const every = [...all, ...any, ...failOn, ...inTurn];
  if (every.length === 0) return undefined;
  const { checkGoals, openGoal } = await import('./goal.ts');
  checkGoals(
    every,
    queries.map(({ type }) => type),
  );
  const asked = subjectsOf(queries);
  if (inTurn.length > 0) {
    const { openKubectlWait } = await import('./kubectl-wait.ts');
    return openKubectlWait(inTurn.map(openGoal), asked);
  }
  const { openWait } = await import('./wait.ts');
  return openWait({ all: all.map(openGoal), any: any.map(openGoal), failOn: failOn.map(openGoal) }, asked);
}

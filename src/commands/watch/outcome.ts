// The end of a wait of kapi watch as messages and errors. Entry points: printMet(), timedOut(),
// waitFailed(), notAnswered().

import { suggested } from '../../model/suggestion.ts';
import type { WatchQuery } from '../../api/watch-event.ts';
import { ConnectionError, NegativeAnswer } from '../../errors.ts';
import type { JsonObject } from '../../model/object.ts';
import { groupResourceOf } from '../../model/resource.ts';
import type { Deps } from '../deps.ts';
import type { Follower } from './follower.ts';
import type { WatchOptions } from './options.ts';
import { kindName, resourceName, type Subject, type Unmet, type Wait, type WaitFailure } from './wait.ts';

/** Max names in a message. Further ones are only counted. */
const maxNames = 10;

/** A negative answer with additional facts in `--error-format json`. */
class WaitAnswer extends NegativeAnswer {
  readonly facts: JsonObject;
  constructor(message: string, details: ConstructorParameters<typeof NegativeAnswer>[1], facts: JsonObject) {
    super(message, details);
    this.facts = facts;
  }
}

/** Prints kubectl's words for each object. */
export function printMet(wait: Wait, deps: Deps): void {
  const names = wait.met().map(kindName);
  if (names.length > maxNames) deps.warn(`${names.length} objects: condition met`);
  else for (const name of names) deps.warn(`${name} condition met`);
}

/** Makes the error for a time limit, or for a single check, before the goals were met. */
export function timedOut(
  wait: Wait | undefined,
  follower: Follower,
  { forCount }: WatchOptions,
): NegativeAnswer {
  const code = 'NotReached';
  const lost = follower.isTroubled ? ['the connection to the server was lost at that moment'] : [];
  if (wait === undefined || forCount !== undefined) {
    return new NegativeAnswer(`timed out waiting for ${forCount ?? 0} events`, { code, causes: lost });
  }
  const unmet = wait.unmet();
  const facts = { unmet: unmet.map(factsOf) };
  if (unmet.length === 0) {
    const message = 'timed out waiting for the condition: no matching object is there';
    return new WaitAnswer(message, { code, causes: lost }, facts);
  }
  const more = unmet.length - maxNames;
  const shown = unmet.slice(0, maxNames);
  const names = shown.map(({ subject }) => resourceName(subject)).join(', ');
  return new WaitAnswer(
    `timed out waiting for the condition on ${names}${more > 0 ? ` and ${more} more` : ''}`,
    { code, causes: [...shown.flatMap(lines), ...lost] },
    facts,
  );
}

/** Returns one line for each goal that is not met. Names the goal if there are several. */
function lines({ subject, goals }: Unmet): readonly string[] {
  return goals.map(
    ({ goal, saw }) => `${resourceName(subject)}: ${goals.length > 1 ? `${goal}: ` : ''}${saw}`,
  );
}

function factsOf({ subject, goals }: Unmet): JsonObject {
  return {
    ...placeOf(subject),
    goals: goals.map(({ goal, saw, facts }) => ({ goal, saw, ...facts })),
  };
}

function placeOf({ type, namespace, name }: Subject): JsonObject {
  return { resource: groupResourceOf(type), ...(namespace === '' ? {} : { namespace }), name };
}

/** Makes `job.batch/migrate failed: condition Failed: BackoffLimitExceeded: …`. */
export function waitFailed({ subject, goal, reason, facts }: WaitFailure): NegativeAnswer {
  const code = 'WaitFailed';
  if (subject === undefined || goal === '') return new NegativeAnswer(reason, { code });
  return new WaitAnswer(
    `${kindName(subject)} failed: ${reason}`,
    { code, prefix: '' },
    { failed: { ...placeOf(subject), goal, saw: reason, ...facts } },
  );
}

/** Makes the error for a time limit without any state to judge. */
export function notAnswered(
  seconds: number,
  unanswered: readonly WatchQuery[],
  hasListedSome: boolean,
): ConnectionError {
  const [first] = unanswered;
  const what =
    first === undefined
      ? 'the server had not answered yet'
      : `the server had not ${hasListedSome ? 'sent the whole list' : 'answered the list'} yet`;
  const names = [...new Set(unanswered.map(({ type }) => groupResourceOf(type)))].join(', ');
  return new ConnectionError(`timed out after ${seconds}s: ${what}${names === '' ? '' : ` (${names})`}`, {
    code: 'NotAnswered',
    hint: `a longer --timeout gives the server more time; ${suggested('doctor')} checks the way to it`,
  });
}

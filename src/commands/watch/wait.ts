// Waiting for goals over the objects of a watch. Entry point: openWait(); kubectl's own order of several --for is
// kubectl-wait.ts. No I/O. What is judged:
// - names: each of them, whether it exists or not. Whichever object has the name counts, but for `delete`: there it is the
//   object of the start, and a later one of the same name is another.
// - selections: what matched at the start and what joins later. An object that leaves the selection is judged on by its name.
//   One that is deleted is unmet for good, unless the goals were met before or want the deletion.
// All goals of --until have to hold at one version of an object, and one of --until-any, for all objects at the same time.
// A failure is decided first: a version that has failed and come so far has failed.

import { objectOf, type Change } from '../../model/change.ts';
import type { JsonObject } from '../../model/object.ts';
import { groupResourceOf, type ResourceType } from '../../model/resource.ts';
import { kindPrefix } from '../../output/name.ts';
import type { Finding } from './finding.ts';
import type { OpenGoal } from './goal.ts';

/** The place of an object. */
export interface Subject {
  readonly type: ResourceType;
  /** Empty for cluster-scoped types. */
  readonly namespace: string;
  readonly name: string;
}

/** A goal that is not met, and what there is instead. */
export interface UnmetGoal {
  readonly goal: string;
  readonly saw: string;
  readonly facts?: JsonObject | undefined;
}

export interface Unmet {
  readonly subject: Subject;
  readonly goals: readonly UnmetGoal[];
}

/** Why a wait has failed: of an object, or of all of it where there is none. */
export interface WaitFailure {
  readonly subject?: Subject;
  readonly goal: string;
  readonly reason: string;
  readonly facts?: JsonObject | undefined;
}

/** What became of an object that a watch says is deleted: its selection may only have lost it. */
export type Fate = 'deleted' | 'left';

export interface Wait {
  /** @param initial the object was there at the start */
  take(change: Change, initial: boolean, fate?: Fate): void;
  /** Why it has failed; undefined: it has not. */
  readonly failure: WaitFailure | undefined;
  /** Whether all is as wanted; to be asked when every object of the start was taken. */
  reached(): boolean;
  /** What is not as wanted. */
  unmet(): readonly Unmet[];
  /** What is as wanted. */
  met(): readonly Subject[];
}

export interface WaitGoals {
  readonly all: readonly OpenGoal[];
  readonly any: readonly OpenGoal[];
  readonly failOn: readonly OpenGoal[];
}

/** @param asked the objects that were named; empty for selections */
export function openWait(goals: WaitGoals, asked: readonly Subject[]): Wait {
  return new GoalWait(goals, asked);
}

/** kubectl's name of an object in messages about what is missing: `deployments.apps/web`. */
export function resourceName({ type, name }: Subject): string {
  return `${groupResourceOf(type)}/${name}`;
}

/** kubectl's name of an object in messages about what is done: `deployment.apps/web`. */
export function kindName({ type, name }: Subject): string {
  return `${kindPrefix(type)}/${name}`;
}

export function subjectKey({ type, namespace, name }: Subject): string {
  return `${groupResourceOf(type)}/${namespace}/${name}`;
}

/** A version of an object, its deletion included. */
type Version =
  | { readonly kind: 'present'; readonly object: JsonObject }
  /** `object`: the last state, as far as the server told it. */
  | { readonly kind: 'deleted'; readonly object: JsonObject };

interface Judged {
  readonly subject: Subject;
  readonly isAsked: boolean;
  /** Of the object of the start; undefined: there was none. */
  readonly startUid: string | undefined;
  /** Empty: it is as wanted. */
  unmet: readonly UnmetGoal[];
  /** Its deletion was wanted and has come: what has the name later is another object. */
  isFinal: boolean;
}

class GoalWait implements Wait {
  readonly #goals: WaitGoals;
  readonly #judged = new Map<string, Judged>();
  /**
   * All goals are `delete`: names that are not there are as wanted, selections need no object, and objects that join later
   * do not count.
   */
  readonly #wantsAbsence: boolean;
  #unmetCount = 0;
  #failure: WaitFailure | undefined;

  constructor(goals: WaitGoals, asked: readonly Subject[]) {
    this.#goals = goals;
    const positive = [...goals.all, ...goals.any];
    this.#wantsAbsence = positive.length > 0 && positive.every(({ goal }) => goal.kind === 'delete');
    const missing = positive.map(({ text }) => ({ goal: text, saw: none.saw, facts: none.facts }));
    for (const subject of asked) {
      const unmet = this.#wantsAbsence ? [] : missing;
      this.#set({ subject, isAsked: true, startUid: undefined, unmet: [], isFinal: false }, unmet);
    }
  }

  get failure(): WaitFailure | undefined {
    return this.#failure;
  }

  take(change: Change, initial: boolean, fate: Fate = 'deleted'): void {
    const isDeletion = change.change === 'DELETED';
    if (this.#failure !== undefined || (isDeletion && fate === 'left')) return;
    const object = objectOf(change) ?? {};
    const version: Version = { kind: isDeletion ? 'deleted' : 'present', object };
    this.#judgeFailOn(change, version);
    const judged = this.#judged.get(subjectKey(change)) ?? this.#join(change, initial);
    if (judged === undefined || judged.isFinal) return;
    const { startUid } = judged;
    // Of an object that came under the name after the start nobody wanted the deletion alone.
    const isOther = isDeletion && this.#wantsAbsence && isAnotherUid(startUid, change.uid);
    if (isOther) return;
    const unmet = this.#unmetAt(version, change);
    if (isDeletion && unmet.length === 0) judged.isFinal = true;
    if (isDeletion && !judged.isAsked && !judged.isFinal && judged.unmet.length === 0) {
      this.#judged.delete(subjectKey(change));
      return;
    }
    this.#set(initial ? { ...judged, startUid: change.uid } : judged, unmet);
  }

  reached(): boolean {
    if (this.#goals.all.length === 0 && this.#goals.any.length === 0) return false;
    return this.#unmetCount === 0 && (this.#judged.size > 0 || this.#wantsAbsence);
  }

  unmet(): readonly Unmet[] {
    return [...this.#judged.values()].flatMap(({ subject, unmet: goals }) =>
      goals.length === 0 ? [] : [{ subject, goals }],
    );
  }

  met(): readonly Subject[] {
    // A name that was not there when its absence was wanted is nothing to tell of.
    return [...this.#judged.values()].flatMap(({ subject, unmet, startUid, isFinal }) =>
      unmet.length > 0 || (this.#wantsAbsence && startUid === undefined && !isFinal) ? [] : [subject],
    );
  }

  #join(change: Change, initial: boolean): Judged | undefined {
    // Of what was never there a deletion says nothing.
    if (change.change === 'DELETED' || (this.#wantsAbsence && !initial)) return undefined;
    const { type, namespace, name, uid } = change;
    return {
      subject: { type, namespace, name },
      isAsked: false,
      startUid: initial ? uid : undefined,
      unmet: [],
      isFinal: false,
    };
  }

  #set(judged: Judged, unmet: readonly UnmetGoal[]): void {
    const key = subjectKey(judged.subject);
    const before = this.#judged.get(key);
    if (before !== undefined && before.unmet.length > 0) this.#unmetCount--;
    if (unmet.length > 0) this.#unmetCount++;
    this.#judged.set(key, { ...judged, unmet });
  }

  #judgeFailOn(change: Change, version: Version): void {
    for (const open of this.#goals.failOn) {
      const finding = findingAt(open, version, change.type, [open]);
      if (finding.verdict !== 'unmet') this.#fail(open, change, finding);
    }
  }

  #fail({ text }: OpenGoal, { type, namespace, name }: Subject, { saw, asFailure, facts }: Finding): void {
    this.#failure ??= { subject: { type, namespace, name }, goal: text, reason: asFailure ?? saw, facts };
  }

  /** The goals that are not met at a version; a goal that has failed ends the wait. */
  #unmetAt(version: Version, subject: Subject): readonly UnmetGoal[] {
    const { all, any } = this.#goals;
    const judge = (open: OpenGoal): readonly UnmetGoal[] => {
      const finding = findingAt(open, version, subject.type, all);
      if (finding.verdict === 'failed' && !any.includes(open)) this.#fail(open, subject, finding);
      return finding.verdict === 'met' ? [] : [{ goal: open.text, saw: finding.saw, facts: finding.facts }];
    };
    const ofAny = any.map(judge);
    return [...all.flatMap(judge), ...(ofAny.some((unmet) => unmet.length === 0) ? [] : ofAny.flat())];
  }
}

/**
 * What a goal finds at a version. After a deletion the last state counts where the deletion is one of the goals that have to
 * hold together; elsewhere a deleted object is as none.
 * @param together the goals that have to hold at the same version
 */
function findingAt(
  { goal, judge }: OpenGoal,
  version: Version,
  type: ResourceType,
  together: readonly OpenGoal[],
): Finding {
  if (version.kind === 'present') return judge(version.object, type);
  if (goal.kind === 'delete') return { verdict: 'met', saw: 'it was deleted' };
  const isWanted = together.some((other) => other.goal.kind === 'delete');
  return isWanted ? judge(version.object, type) : gone;
}

export const none: Finding = { verdict: 'unmet', saw: 'it does not exist', facts: { exists: false } };
export const gone: Finding = { verdict: 'unmet', saw: 'it was deleted', facts: { exists: false } };

function isAnotherUid(startUid: string | undefined, uid: string): boolean {
  return startUid !== undefined && startUid !== '' && uid !== '' && startUid !== uid;
}

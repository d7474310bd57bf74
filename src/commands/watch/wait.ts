// Waits for goals over the objects of a watch. Entry point: openWait(). kubectl-wait.ts has
// kubectl's own order of several --for. No I/O. Judges these objects:
// - Named objects: each of them, also if it does not exist. An object that is created later under
//   the name counts too. Only `delete` applies to the object that existed at the start.
// - Selected objects: those that matched at the start or begin to match later. If an object leaves
//   the selection, it is still judged, by its name. If it is deleted, its goals can no longer be
//   met, unless they were met before or ask for the deletion.
//
// The wait ends when every object meets the goals at the same time: all goals of --until at one
// version of the object, and at least one goal of --until-any. Failures are checked first: a
// version that fails one goal has failed, even if it meets the others.

import { objectOf, type Change } from '../../model/change.ts';
import type { JsonObject } from '../../model/object.ts';
import { groupResourceOf, type ResourceType } from '../../model/resource.ts';
import { kindPrefix } from '../../output/name.ts';
import type { Finding } from './finding.ts';
import type { OpenGoal } from './goal.ts';

/** Identifies an object. */
export interface Subject {
  readonly type: ResourceType;
  /** Empty for cluster-scoped types. */
  readonly namespace: string;
  readonly name: string;
}

/** A goal that is not met, and the actual state. */
export interface UnmetGoal {
  readonly goal: string;
  readonly saw: string;
  readonly facts?: JsonObject | undefined;
}

export interface Unmet {
  readonly subject: Subject;
  readonly goals: readonly UnmetGoal[];
}

/** The reason why a wait failed: for one object, or for the whole wait without a subject. */
export interface WaitFailure {
  readonly subject?: Subject;
  readonly goal: string;
  readonly reason: string;
  readonly facts?: JsonObject | undefined;
}

/** Whether an object that a watch reports as deleted was deleted, or only left the selection. */
export type DeletionKind = 'deleted' | 'left';

export interface Wait {
  /**
   * Processes a change.
   * @param initial true if the object existed at the start
   */
  take(change: Change, initial: boolean, deletion?: DeletionKind): void;
  /** The failure of the wait. Undefined: it has not failed. */
  readonly failure: WaitFailure | undefined;
  /** True if all goals are met. Valid after every object of the start was processed. */
  reached(): boolean;
  /** Returns the objects that do not meet the goals. */
  unmet(): readonly Unmet[];
  /** Returns the objects that meet the goals. */
  met(): readonly Subject[];
}

export interface WaitGoals {
  readonly all: readonly OpenGoal[];
  readonly any: readonly OpenGoal[];
  readonly failOn: readonly OpenGoal[];
}

/**
 * Opens the wait.
 * @param asked the named objects; empty for selections
 */
export function openWait(goals: WaitGoals, asked: readonly Subject[]): Wait {
  return new GoalWait(goals, asked);
}

/** Returns kubectl's name of an object in messages about missing goals: `deployments.apps/web`. */
export function resourceName({ type, name }: Subject): string {
  return `${groupResourceOf(type)}/${name}`;
}

/** Returns kubectl's name of an object in messages about met goals: `deployment.apps/web`. */
export function kindName({ type, name }: Subject): string {
  return `${kindPrefix(type)}/${name}`;
}

/** Returns a key that identifies an object. */
export function subjectKey({ type, namespace, name }: Subject): string {
  return `${groupResourceOf(type)}/${namespace}/${name}`;
}

/** A version of an object, including its deletion. */
type Version =
  | { readonly kind: 'present'; readonly object: JsonObject }
  /** `object`: the last state, as far as the server sent it. */
  | { readonly kind: 'deleted'; readonly object: JsonObject };

interface Judged {
  readonly subject: Subject;
  readonly isAsked: boolean;
  /** UID of the object of the start. Undefined: it did not exist. */
  readonly startUid: string | undefined;
  /** Empty: all goals are met. */
  unmet: readonly UnmetGoal[];
  /** True if the requested deletion has happened: a later object of the name is another one. */
  isFinal: boolean;
}

class GoalWait implements Wait {
  readonly #goals: WaitGoals;
  readonly #judged = new Map<string, Judged>();
  /**
   * True if all goals are `delete`: names that do not exist meet them, selections need no object,
   * and objects that appear later do not count.
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

  take(change: Change, initial: boolean, deletion: DeletionKind = 'deleted'): void {
    const isDeletion = change.change === 'DELETED';
    if (this.#failure !== undefined || (isDeletion && deletion === 'left')) return;
    const object = objectOf(change) ?? {};
    const version: Version = { kind: isDeletion ? 'deleted' : 'present', object };
    this.#judgeFailOn(change, version);
    const judged = this.#judged.get(subjectKey(change)) ?? this.#join(change, initial);
    if (judged === undefined || judged.isFinal) return;
    const { startUid } = judged;
    // The deletion goal does not apply to an object that appeared under the name after the start.
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
    // A name that did not exist when its absence was the goal is not reported.
    return [...this.#judged.values()].flatMap(({ subject, unmet, startUid, isFinal }) =>
      unmet.length > 0 || (this.#wantsAbsence && startUid === undefined && !isFinal) ? [] : [subject],
    );
  }

  #join(change: Change, initial: boolean): Judged | undefined {
    // The deletion of an unknown object has no meaning.
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

  /** Returns the goals that are not met at a version. A failed goal ends the wait. */
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
 * Returns the finding of a goal at a version. After a deletion the last state counts if the
 * deletion is one of the goals that must be met together; otherwise a deleted object counts as
 * absent.
 * @param together the goals that must be met at the same version
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

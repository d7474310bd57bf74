// Several --for of `kubectl wait`, with the behaviour of kubectl 1.36. Entry point:
// openKubectlWait(). No I/O. `create` comes first: all names must exist, or one object of the
// selection. The objects that exist then are visited one after the other, and for each of them one
// goal after the other; a goal that was met once is not evaluated again. Without `create` a missing
// name ends the wait, unless `delete` is one of the goals. See k8s.io/kubectl/pkg/cmd/wait.

import { objectOf, type Change } from '../../model/change.ts';
import type { JsonObject } from '../../model/object.ts';
import { groupResourceOf } from '../../model/resource.ts';
import type { OpenGoal } from './goal.ts';
import {
  gone,
  none,
  subjectKey,
  type DeletionKind,
  type Subject,
  type Unmet,
  type Wait,
  type WaitFailure,
} from './wait.ts';

interface Visited {
  readonly subject: Subject;
  /** The last state. Undefined: it does not exist. */
  object: JsonObject | undefined;
}

/**
 * Opens the wait.
 * @param asked the named objects; empty for selections
 */
export function openKubectlWait(goals: readonly OpenGoal[], asked: readonly Subject[]): Wait {
  return new KubectlWait(goals, asked);
}

class KubectlWait implements Wait {
  readonly #goals: readonly OpenGoal[];
  readonly #asked: readonly Subject[];
  readonly #known = new Map<string, Visited>();
  readonly #waitsForCreation: boolean;
  readonly #waitsForDeletion: boolean;
  /** The objects to visit. Undefined: not known yet. */
  #visits: readonly Visited[] | undefined;
  #at = { visit: 0, goal: 0, hasEntered: false };
  #failure: WaitFailure | undefined;

  constructor(goals: readonly OpenGoal[], asked: readonly Subject[]) {
    this.#goals = goals;
    this.#asked = asked;
    this.#waitsForCreation = goals.some(({ goal }) => goal.kind === 'create');
    this.#waitsForDeletion = goals.some(({ goal }) => goal.kind === 'delete');
    for (const subject of asked) this.#known.set(subjectKey(subject), { subject, object: undefined });
  }

  get failure(): WaitFailure | undefined {
    return this.#failure;
  }

  take(change: Change, _initial: boolean, deletion: DeletionKind = 'deleted'): void {
    const isDeletion = change.change === 'DELETED';
    if (isDeletion && deletion === 'left') return;
    const key = subjectKey(change);
    const { type, namespace, name } = change;
    const known = this.#known.get(key) ?? { subject: { type, namespace, name }, object: undefined };
    this.#known.set(key, known);
    known.object = isDeletion ? undefined : (objectOf(change) ?? {});
    // Each state separately, so that one which exists only within one batch counts.
    if (this.#visits !== undefined) this.#advance();
  }

  reached(): boolean {
    this.#visits ??= this.#begin();
    if (this.#visits === undefined) return false;
    this.#advance();
    return this.#failure === undefined && this.#at.visit >= this.#visits.length;
  }

  unmet(): readonly Unmet[] {
    if (this.#visits === undefined) {
      return this.#missing().map(({ subject }) => ({ subject, goals: [{ goal: 'create', saw: none.saw }] }));
    }
    const visited = this.#visits[this.#at.visit];
    const open = this.#goals[this.#at.goal];
    if (visited === undefined || open === undefined) return [];
    const { saw, facts } =
      visited.object === undefined ? gone : open.judge(visited.object, visited.subject.type);
    return [{ subject: visited.subject, goals: [{ goal: open.text, saw, facts }] }];
  }

  met(): readonly Subject[] {
    return (this.#visits ?? []).slice(0, this.#at.visit).map(({ subject }) => subject);
  }

  #missing(): readonly Visited[] {
    return [...this.#known.values()].filter(({ object }) => object === undefined);
  }

  /** Returns the objects to visit, once that is decided. */
  #begin(): readonly Visited[] | undefined {
    const there = [...this.#known.values()].filter(({ object }) => object !== undefined);
    const [missing] = this.#missing();
    if (this.#waitsForCreation && (there.length === 0 || (this.#asked.length > 0 && missing !== undefined))) {
      return undefined;
    }
    if (this.#waitsForDeletion || this.#failure !== undefined) return there;
    if (this.#asked.length > 0 && missing !== undefined) this.#fail(missing.subject, '', none.saw);
    else if (there.length === 0) this.#failure = { goal: '', reason: 'no matching resources found' };
    return there;
  }

  #advance(): void {
    const visits = this.#visits ?? [];
    for (;;) {
      const visited = visits[this.#at.visit];
      if (visited === undefined || this.#failure !== undefined) return;
      const open = this.#goals[this.#at.goal];
      if (open === undefined) this.#at = { visit: this.#at.visit + 1, goal: 0, hasEntered: false };
      else if (!this.#isPassed(visited, open)) return;
      else this.#at = { ...this.#at, goal: this.#at.goal + 1, hasEntered: false };
    }
  }

  #isPassed({ subject, object }: Visited, open: OpenGoal): boolean {
    const isFirstLook = !this.#at.hasEntered;
    this.#at.hasEntered = true;
    const { kind } = open.goal;
    if (kind === 'create') return true;
    if (kind === 'delete') return object === undefined;
    if (object === undefined) {
      // In kubectl it is an error if an object is gone when its turn comes; later it can come back.
      if (isFirstLook) this.#fail(subject, open.text, none.saw);
      return false;
    }
    const { verdict, saw, facts } = open.judge(object, subject.type);
    if (verdict === 'failed') this.#failure = { subject, goal: open.text, reason: saw, facts };
    return verdict === 'met';
  }

  #fail(subject: Subject, goal: string, reason: string): void {
    const { type, namespace, name } = subject;
    this.#failure = {
      subject: { type, namespace, name },
      goal,
      reason: reason === none.saw ? `${groupResourceOf(type)} "${name}" not found` : reason,
    };
  }
}

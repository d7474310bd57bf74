// --where on a history: selects the changes whose state meets the condition, and the changes by
// which an object stops meeting it. Entry point: WhereChanges.

import { stringAt, type KubeObject } from '../../model/object.ts';
import type { PastChange } from '../../model/past-change.ts';
import type { ResourceType } from '../../model/resource.ts';
import { withKind } from '../where-filter.ts';
import type { Condition, MissingNote } from '../where.ts';

/** A selected change. */
export interface SelectedChange {
  readonly past: PastChange;
  /** True if the object met the condition before this change and no longer does. */
  readonly hasLeft: boolean;
}

/** Selects the changes of one query. Remembers for each object whether it met the condition. */
export class WhereChanges {
  readonly #condition: Condition;
  readonly #note: MissingNote;
  readonly #isMet = new Map<string, boolean>();

  /** @param note counts the states of all queries */
  constructor(condition: Condition, note: MissingNote) {
    this.#condition = condition;
    this.#note = note;
  }

  /** Notes the state of an object before the first remembered change. */
  takeBase(object: KubeObject, type: ResourceType): void {
    this.#isMet.set(identityOf(object), this.#condition.judge(withKind(object, type)).kind === 'true');
  }

  /**
   * Selects changes. For a deletion the last state of the object decides.
   * @throws UsageError if the condition cannot be evaluated
   */
  take(changes: readonly PastChange[]): readonly SelectedChange[] {
    return changes.flatMap((past): readonly SelectedChange[] => {
      const { entry, change, type } = past.change;
      if (entry.kind !== 'object') return [];
      const identity = identityOf(entry.object);
      const wasMet = this.#isMet.get(identity) === true;
      const isMet = this.#note.take(this.#condition.judge(withKind(entry.object, type)));
      if (change === 'DELETED') this.#isMet.delete(identity);
      else this.#isMet.set(identity, isMet);
      if (isMet) return [{ past, hasLeft: false }];
      return wasMet && change === 'MODIFIED' ? [{ past, hasLeft: true }] : [];
    });
  }
}

/** Returns the UID, or namespace and name of an object without one. */
function identityOf({ metadata }: KubeObject): string {
  return stringAt(metadata, 'uid') || `${stringAt(metadata, 'namespace')}/${stringAt(metadata, 'name')}`;
}

// --where on a watch: selects the changes of objects that meet the condition, and detects objects
// that leave it. Entry point: WhereWatch.

import type { WatchItem } from '../../api/watch.ts';
import { objectOf, type Change } from '../../model/change.ts';
import { MissingNote, type Condition } from '../where.ts';
import { subjectKey, type DeletionKind } from './wait.ts';

type ChangeItem = Extract<WatchItem, { readonly kind: 'change' }>;

export interface WhereStep {
  readonly items: readonly WatchItem[];
  /** Changes at which an object stops meeting the condition. */
  readonly left: ReadonlySet<Change>;
}

/** Keeps the keys of the objects that meet the condition, or did. */
export class WhereWatch {
  readonly #condition: Condition;
  readonly #note = new MissingNote();
  /** For each object that met the condition, whether it still does. */
  readonly #isMet = new Map<string, boolean>();
  #isNoted = false;

  constructor(condition: Condition) {
    this.#condition = condition;
  }

  /**
   * Removes objects that never met the condition. Keeps later changes of objects that left it, for
   * goals, marked as departed.
   * @throws UsageError if the condition cannot be evaluated
   */
  take(items: readonly WatchItem[]): WhereStep {
    const left = new Set<Change>();
    const kept = items.flatMap((item): readonly WatchItem[] => {
      if (item.kind === 'synced') return [{ ...item, count: this.#countMet() }];
      return item.kind === 'change' ? this.#change(item, left) : [item];
    });
    return { items: kept, left };
  }

  /** Returns one note about missing fields, when the first list is complete. */
  noteOf(items: readonly WatchItem[]): string | undefined {
    if (this.#isNoted || !items.some(({ kind }) => kind === 'synced')) return undefined;
    this.#isNoted = true;
    return this.#note.text();
  }

  #countMet(): number {
    return [...this.#isMet.values()].filter(Boolean).length;
  }

  #change(item: ChangeItem, left: Set<Change>): readonly WatchItem[] {
    const { change } = item;
    const key = subjectKey(change);
    const before = this.#isMet.get(key);
    if (change.change === 'DELETED') {
      this.#isMet.delete(key);
      if (before === undefined) return [];
      return [before ? item : { ...item, isDeparted: true }];
    }
    const isMet = this.#note.take(this.#condition.judge(objectOf(change) ?? {}));
    if (!isMet && before === undefined) return [];
    this.#isMet.set(key, isMet);
    if (isMet) return [before === true ? item : { ...item, change: { ...change, change: 'ADDED' } }];
    if (before !== true) return [{ ...item, isDeparted: true }];
    left.add(change);
    return [item];
  }
}

/** Returns the kinds of deletion of a batch, including those that left the condition. */
export function withLeft(
  deletions: ReadonlyMap<Change, DeletionKind>,
  left: ReadonlySet<Change>,
): ReadonlyMap<Change, DeletionKind> {
  return left.size === 0
    ? deletions
    : new Map([...deletions, ...[...left].map((change) => [change, 'left'] as const)]);
}

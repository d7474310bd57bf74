// One change of the past, as the memory of an API server tells it.

import type { Change } from './change.ts';
import type { FieldChange } from './object-diff.ts';

/** When something happened. Milliseconds since 1970; undefined: nothing bounds it on that side. */
export interface TimeRange {
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** Who made a change. */
export interface Author {
  /** The name of the field manager. */
  readonly manager: string;
  /** Milliseconds since 1970; undefined: the manager's entry does not say. */
  readonly at: number | undefined;
}

export interface PastChange {
  /** With the whole object; of a deletion it is the last state before. */
  readonly change: Change;
  /** Undefined: the object does not say. */
  readonly author: Author | undefined;
  /** What changed; undefined: the state before is not known, or there is none. */
  readonly fields: readonly FieldChange[] | undefined;
}

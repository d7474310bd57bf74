// One change in the past, from the history of an API server.

import type { Change } from './change.ts';
import type { FieldChange } from './object-diff.ts';

/** A time range in milliseconds since 1970. Undefined: no bound on that side. */
export interface TimeRange {
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** The author of a change. */
export interface Author {
  /** The name of the field manager. */
  readonly manager: string;
  /** Milliseconds since 1970. Undefined if the manager's entry has no time. */
  readonly at: number | undefined;
}

export interface PastChange {
  /** The change with the whole object. For a deletion, the last state before it. */
  readonly change: Change;
  /** Undefined if the object does not show it. */
  readonly author: Author | undefined;
  /**
   * The fields that changed. Undefined if the state before is not known, if there is none, or if
   * the caller did not ask for them.
   */
  readonly fields: readonly FieldChange[] | undefined;
}

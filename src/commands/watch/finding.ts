// The result of judging an object by a goal. goal.ts and rollout.ts judge.

import type { JsonObject } from '../../model/object.ts';

/** The result for one version of an object. */
export interface Finding {
  /** `failed`: the goal can no longer be reached, or cannot be judged at all. */
  readonly verdict: 'met' | 'unmet' | 'failed';
  /** The state on one line: `Ready is False (ContainersNotReady: …)`. */
  readonly saw: string;
  /** The same state as fields of the JSON error. */
  readonly facts?: JsonObject;
  /** The text for a failure (`--fail-on`), if `saw` is not suitable. */
  readonly asFailure?: string;
}

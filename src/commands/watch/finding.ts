// What a goal finds at an object. goal.ts and rollout.ts judge.

import type { JsonObject } from '../../model/object.ts';

/** What a goal found at one version of an object. */
export interface Finding {
  /** `failed`: the goal cannot be reached any more, or cannot be judged at all. */
  readonly verdict: 'met' | 'unmet' | 'failed';
  /** The state on one line: `Ready is False (ContainersNotReady: …)`. */
  readonly saw: string;
  /** The same as fields of the JSON error. */
  readonly facts?: JsonObject;
  /** What to say of it where it is a failure (`--fail-on`), where `saw` would not do. */
  readonly asFailure?: string;
}

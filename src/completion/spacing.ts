// Whether a space may follow what is completed.

import type { Candidate } from './candidates.ts';

/** Of a single candidate what it says itself; of several the shell completes only the common beginning. */
export function isSpaceFollowing(candidates: readonly Candidate[]): boolean {
  return !candidates.every(({ goesOn }) => goesOn === true);
}

// Decides whether the shell adds a space after a completed word.

import type { Candidate } from './candidates.ts';

/**
 * True if a space follows. A single candidate says so itself; of several the shell completes only
 * the common prefix.
 */
export function isSpaceFollowing(candidates: readonly Candidate[]): boolean {
  return !candidates.every(({ isPartial }) => isPartial === true);
}

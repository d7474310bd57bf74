// Checks for hints whether a word is the name of a type that every server has.

import { wellKnownType } from '../api/well-known.ts';

/** True for names of built-in types: `pods`, `po`, `deploy`. */
export function isTypeName(word: string): boolean {
  return wellKnownType(word) !== undefined;
}

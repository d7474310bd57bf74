// Whether a word is the name of a type that every server has, for hints.

import { wellKnownType } from '../api/well-known.ts';

/** `pods`, `po`, `deploy`: names of built-in types. */
export function isTypeName(word: string): boolean {
  return wellKnownType(word) !== undefined;
}

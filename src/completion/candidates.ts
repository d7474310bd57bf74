// Candidates for the word at the cursor, and what the shell itself offers there. Entry points: the
// types, matching().

import { escapeLine } from '../output/escape.ts';

/** One completion of the word at the cursor. */
export interface Candidate {
  /** The whole word, unquoted. */
  readonly value: string;
  readonly description?: string | undefined;
  /** True if the word continues after it (`jsonpath=`, `/api/`): no space follows. */
  readonly isPartial?: boolean | undefined;
}

/** The answer to one TAB. */
export interface Offer {
  readonly candidates: readonly Candidate[];
  /** Lets the shell offer files itself: it knows its own ways of writing paths (`~`). */
  readonly shell?: 'files' | 'directories' | undefined;
  /**
   * Number of characters at the start of the word that are not part of the path, such as those of
   * `--kubeconfig=`.
   */
  readonly before?: number | undefined;
  /** True if the order has a meaning: shells must not sort. */
  readonly ordered?: boolean | undefined;
}

export const nothing: Offer = { candidates: [] };

/** Max number of candidates. A longer list is unreadable, and shells handle it slowly. */
export const maxCandidates = 1_000;

/**
 * Max characters of a candidate. No name of a type, an object or a file of the API is longer, but a
 * faulty server can send anything.
 */
const maxValueLength = 400;
const maxDescriptionLength = 72;

/**
 * Control characters, and characters that reorder text: users cannot type them, and a terminal can
 * act on them.
 */
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\p{Bidi_Control}\p{Surrogate}]/u;

/**
 * Returns the candidates that begin with the text, without duplicates and without those that a
 * shell cannot show or accept.
 */
export function matching(candidates: readonly Candidate[], text: string): Candidate[] {
  const found = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const { value, description } = candidate;
    if (!value.startsWith(text) || found.has(value) || value.length > maxValueLength) continue;
    if (unprintable.test(value)) continue;
    found.set(
      value,
      description === undefined ? candidate : { ...candidate, description: tidy(description) },
    );
    if (found.size === maxCandidates) break;
  }
  return [...found.values()];
}

/**
 * True if a value from a server or a file can be a candidate: one with a leading dash would be read
 * as a flag.
 */
export function isValue(name: string): boolean {
  return name !== '' && !name.startsWith('-');
}

function tidy(description: string): string {
  const line = escapeLine(description.replaceAll(/\s+/g, ' ').trim());
  const letters = Array.from(line);
  return letters.length <= maxDescriptionLength
    ? line
    : `${letters.slice(0, maxDescriptionLength - 1).join('')}…`;
}

// What may stand at the cursor: candidates, and what the shell itself shall offer there. Entry points: the types, matching().

import { escapeLine } from '../output/escape.ts';

/** One way to go on with the word at the cursor. */
export interface Candidate {
  /** The whole word, unquoted. */
  readonly value: string;
  readonly description?: string | undefined;
  /** The word goes on after it (`jsonpath=`, `/api/`): no space follows. */
  readonly goesOn?: boolean | undefined;
}

/** The answer to one TAB. */
export interface Offer {
  readonly candidates: readonly Candidate[];
  /** What the shell offers by itself: it knows its own ways of writing paths (`~`). */
  readonly shell?: 'files' | 'directories' | undefined;
  /** Characters at the start of the word that are no part of the path: those of `--kubeconfig=`. */
  readonly before?: number | undefined;
  /** The order says something: shells shall not sort. */
  readonly ordered?: boolean | undefined;
}

export const nothing: Offer = { candidates: [] };

/** More than this no list of candidates is read, and no shell is quick with. */
export const maxCandidates = 1_000;

/** No name of a type, an object or a file of the API is longer; a server that lies may send anything. */
const maxValueLength = 400;
const maxDescriptionLength = 72;

/** Control characters, and those that reorder text: nobody can type them, and a terminal may obey them. */
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\p{Bidi_Control}\p{Surrogate}]/u;

/** Candidates that begin with the text, each once, without those that no shell could show or take. */
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

/** A value that came from a server or a file: one with a dash in front would be taken for a flag. */
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

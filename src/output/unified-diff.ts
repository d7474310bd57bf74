// Formats the difference of two texts as `diff -u` does. Entry point: unifiedDiff().

import { structuredPatch, type StructuredPatchHunk } from 'diff';

/** One of the two texts. */
export interface DiffSide {
  /** The name in the header, on one line. */
  readonly label: string;
  /** Undefined: it does not exist, shown as `/dev/null`. */
  readonly text: string | undefined;
}

/**
 * Max lines that are added or removed. Beyond them the time grows with the square, and the whole
 * text is shown as replaced.
 */
const maxEdits = 1_000;

/** Lines around a change. */
const contextLines = 3;

/** A line, and what it is: the first character of a line of code can be anything. */
export interface DiffLine {
  readonly text: string;
  readonly kind: 'header' | 'hunk' | 'added' | 'removed' | 'same';
}

/** Returns the lines of the difference, none for equal texts. */
export function unifiedDiff(before: DiffSide, after: DiffSide): readonly DiffLine[] {
  const [old = '', now = ''] = [before.text, after.text];
  if (before.text === after.text) return [];
  const hunks =
    structuredPatch('', '', old, now, '', '', { context: contextLines, maxEditLength: maxEdits })?.hunks ??
    replaced(old, now);
  const nameOf = ({ label, text }: DiffSide): string => (text === undefined ? '/dev/null' : label);
  return [
    { kind: 'header', text: `--- ${nameOf(before)}` },
    { kind: 'header', text: `+++ ${nameOf(after)}` },
    ...hunks.flatMap((hunk): DiffLine[] => [
      {
        kind: 'hunk',
        text: `@@ -${rangeOf(hunk.oldStart, hunk.oldLines)} +${rangeOf(hunk.newStart, hunk.newLines)} @@`,
      },
      ...hunk.lines.map((text): DiffLine => ({ text, kind: kinds[text.charAt(0)] ?? 'same' })),
    ]),
  ];
}

const kinds: Readonly<Record<string, DiffLine['kind']>> = { '+': 'added', '-': 'removed' };

/** GNU diff leaves out a length of 1. */
function rangeOf(start: number, lines: number): string {
  return lines === 1 ? String(start) : `${lines === 0 ? Math.max(0, start - 1) : start},${lines}`;
}

function replaced(before: string, after: string): StructuredPatchHunk[] {
  const [old, now] = [before, after].map((text) => text.replace(/\n$/, '').split('\n'));
  return [
    {
      ...{ oldStart: 1, oldLines: old?.length ?? 0, newStart: 1, newLines: now?.length ?? 0 },
      lines: [...(old ?? []).map((line) => `-${line}`), ...(now ?? []).map((line) => `+${line}`)],
    },
  ];
}

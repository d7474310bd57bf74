// Formats changed fields: `status.phase: Pending -> Running`. Entry point: fieldChangeText().

import type { Json } from '../model/object.ts';
import type { FieldChange } from '../model/object-diff.ts';
import { escapeLine } from './escape.ts';
import { compactJson } from './json.ts';

/** Max characters of a value. Longer values are truncated; `-o ndjson` prints them in full. */
const maxValueLength = 160;

/** Formats a change as one line without a line feed. Escapes control characters. */
export function fieldChangeText({ path, before, after, isHidden }: FieldChange): string {
  if (isHidden === true) {
    const what = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
    return `${escapeLine(path)}: ${what} (hidden, --show-secrets shows it)`;
  }
  return `${escapeLine(path)}: ${valueText(before)} -> ${valueText(after)}`;
}

function valueText(value: Json | undefined): string {
  if (value === undefined) return '<none>';
  // A string is quoted only if it is empty, begins or ends with white space or `"`, or has several
  // lines, because a reader could not tell where such a value begins and ends.
  const text = typeof value === 'string' && /^[^\s"](.*[^\s"])?$/.test(value) ? value : compactJson(value);
  const shown = escapeLine(text);
  return shown.length <= maxValueLength ? shown : `${shown.slice(0, maxValueLength)}…`;
}

// Formats changed fields: `status.phase: Pending -> Running`. Entry point: fieldChangeText().

import type { Json } from '../model/object.ts';
import type { FieldChange } from '../model/object-diff.ts';
import { escapeLine } from './escape.ts';
import { compactJson } from './json.ts';

/** Max characters of a value. Longer values are cut; `-o ndjson` has all of them. */
const maxValueLength = 160;

/** Formats a change as one line without a line end. Escapes control characters. */
export function fieldChangeText({ path, before, after, isHidden }: FieldChange): string {
  if (isHidden === true) {
    const what = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
    return `${escapeLine(path)}: ${what} (hidden, --show-secrets shows it)`;
  }
  return `${escapeLine(path)}: ${valueText(before)} -> ${valueText(after)}`;
}

function valueText(value: Json | undefined): string {
  if (value === undefined) return '<none>';
  // Words are printed unquoted. Text that would not look like one value is quoted.
  const text = typeof value === 'string' && /^[^\s"](.*[^\s"])?$/.test(value) ? value : compactJson(value);
  const shown = escapeLine(text);
  return shown.length <= maxValueLength ? shown : `${shown.slice(0, maxValueLength)}…`;
}

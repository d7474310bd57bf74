// Fields that changed, as text: `status.phase: Pending -> Running`. Entry point: fieldChangeText().

import type { Json } from '../model/object.ts';
import type { FieldChange } from '../model/object-diff.ts';
import { escapeLine } from './escape.ts';
import { compactJson } from './json.ts';

/** Longer values are cut: a line is for the eye, `-o ndjson` has all of it. Characters. */
const maxValueLength = 160;

/** One line without its end. Control characters are made visible. */
export function fieldChangeText({ path, before, after, isHidden }: FieldChange): string {
  if (isHidden === true) {
    const what = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
    return `${escapeLine(path)}: ${what} (hidden, --show-secrets shows it)`;
  }
  return `${escapeLine(path)}: ${valueText(before)} -> ${valueText(after)}`;
}

function valueText(value: Json | undefined): string {
  if (value === undefined) return '<none>';
  // Words stand as they are; what would not be seen as one value is quoted.
  const text = typeof value === 'string' && /^[^\s"](.*[^\s"])?$/.test(value) ? value : compactJson(value);
  const shown = escapeLine(text);
  return shown.length <= maxValueLength ? shown : `${shown.slice(0, maxValueLength)}…`;
}

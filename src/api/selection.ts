// Whether an object is one that a query selects, as far as the object itself says so: for servers that ignore selectors.
// Entry point: exclusionOf(). Pure.

import { FieldSelectorError, parseFieldTerms, type FieldTerm } from '../model/field-selector.ts';
import { LabelSelectorError, parseLabelSelector, type LabelMatcher } from '../model/label-selector.ts';
import { isJsonObject, objectAt, type Json, type JsonObject } from '../model/object.ts';

/** Whether a query cannot have selected an object; false where the object does not say enough. */
export type Exclusion = (object: JsonObject) => boolean;

/**
 * Judges the labels, and the fields that the object has under their own names. The server alone knows fields that it
 * computes, such as `status.successful` of a Job, and what it takes for a missing one.
 * @returns undefined where there is nothing to judge: no selector, or one that only the server can read
 */
export function exclusionOf(
  labelSelector: string | undefined,
  fieldSelector: string | undefined,
): Exclusion | undefined {
  const labels = labelsOf(labelSelector ?? '');
  const terms = termsOf(fieldSelector ?? '');
  if (labels === undefined && terms.length === 0) return undefined;
  return (object) => {
    const metadata = objectAt(object, 'metadata');
    if (metadata === undefined) return false;
    if (labels !== undefined && !labels(objectAt(metadata, 'labels'))) return true;
    return terms.some((term) => isExcluded(object, term));
  };
}

function labelsOf(selector: string): LabelMatcher | undefined {
  try {
    return selector.trim() === '' ? undefined : parseLabelSelector(selector);
  } catch (error) {
    if (error instanceof LabelSelectorError) return undefined;
    throw error;
  }
}

function termsOf(selector: string): readonly FieldTerm[] {
  try {
    return parseFieldTerms(selector);
  } catch (error) {
    if (error instanceof FieldSelectorError) return [];
    throw error;
  }
}

function isExcluded(object: JsonObject, { field, equal, value }: FieldTerm): boolean {
  let found: Json | undefined = object;
  for (const key of field.split('.')) {
    found = isJsonObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  }
  if (typeof found !== 'string' && typeof found !== 'boolean' && typeof found !== 'number') return false;
  return (String(found) === value) !== equal;
}

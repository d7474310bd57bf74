// Tells whether a query selects an object, as far as the object itself shows it. For servers that
// ignore selectors. Entry point: exclusionOf(). Pure.

import { FieldSelectorError, parseFieldTerms, type FieldTerm } from '../model/field-selector.ts';
import { LabelSelectorError, parseLabelSelector, type LabelMatcher } from '../model/label-selector.ts';
import { isJsonObject, objectAt, type Json, type JsonObject } from '../model/object.ts';

/** True if a query cannot have selected the object. False if the object does not tell. */
export type Exclusion = (object: JsonObject) => boolean;

/**
 * Returns the exclusion for the selectors of a query. It checks labels, and the fields that exist
 * in the object under the name in the selector. Only the server knows computed fields, such as
 * `status.successful` of a Job, and the value of a missing field.
 * @returns undefined if there is nothing to check: no selector, or one that only the server can
 * parse
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

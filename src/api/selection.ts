// Finds objects that the selectors of a query exclude, because some servers ignore selectors and
// send all objects. Checks only what the object itself contains. Entry point: compileExclusion().
// Pure.

import { FieldSelectorError, parseFieldTerms, type FieldTerm } from '../model/field-selector.ts';
import { LabelSelectorError, parseLabelSelector, type LabelMatcher } from '../model/label-selector.ts';
import { isJsonObject, objectAt, type Json, type JsonObject } from '../model/object.ts';
import type { Page } from '../model/page.ts';
import type { IncludeObject } from './object-request.ts';

/**
 * Returns true if the selectors of a query exclude the object. Returns false if they select it, or
 * if the object does not contain what they check.
 */
export type Exclusion = (object: JsonObject) => boolean;

/**
 * Returns the exclusion for the selectors of a query. It checks labels, and the fields of the
 * selector that the object contains at the same path. Only the server knows computed fields, such
 * as `status.successful` of a Job, and the value of a missing field.
 * @returns undefined if there is nothing to check: no selectors, or only selectors that kapi cannot
 * parse
 */
export function compileExclusion(
  labelSelector: string | undefined,
  fieldSelector: string | undefined,
): Exclusion | undefined {
  const labels = parseLabels(labelSelector ?? '');
  const terms = parseTerms(fieldSelector ?? '');
  if (labels === undefined && terms.length === 0) return undefined;
  return (object) => {
    const metadata = objectAt(object, 'metadata');
    if (metadata === undefined) return false;
    if (labels !== undefined && !labels(objectAt(metadata, 'labels'))) return true;
    return terms.some((term) => isExcluded(object, term));
  };
}

/**
 * Returns the `includeObject` of a table request whose rows contain what {@link compileExclusion}
 * checks: `Metadata` for labels and fields of the metadata, `Object` for all other fields, `None`
 * without selectors.
 */
export function includeObjectFor(
  labelSelector: string | undefined,
  fieldSelector: string | undefined,
): IncludeObject {
  const terms = parseTerms(fieldSelector ?? '');
  if (terms.some(({ field }) => !field.startsWith('metadata.'))) return 'Object';
  return terms.length > 0 || (labelSelector ?? '').trim() !== '' ? 'Metadata' : 'None';
}

/** Returns the page without the excluded objects. */
export function removeExcluded(page: Page, excludes: Exclusion): Page {
  if (page.kind === 'objects') {
    const objects = page.objects.filter((object) => !excludes(object));
    return objects.length === page.objects.length ? page : { ...page, objects };
  }
  const { table } = page;
  const rows = table.rows.filter(({ object }) => object === undefined || !excludes(object));
  return rows.length === table.rows.length ? page : { ...page, table: { ...table, rows } };
}

/** Notice on stderr about a server that ignores a selector. */
export const ignoredSelector =
  'the server sends objects that the selector does not select; kapi leaves them out';

function parseLabels(selector: string): LabelMatcher | undefined {
  try {
    return selector.trim() === '' ? undefined : parseLabelSelector(selector);
  } catch (error) {
    if (error instanceof LabelSelectorError) return undefined;
    throw error;
  }
}

function parseTerms(selector: string): readonly FieldTerm[] {
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

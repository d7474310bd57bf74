// Parses field selectors as in a list's `fieldSelector`, for the fields that a type supports. Entry
// point: parseFieldSelector. The messages are those of the API server. Label selectors:
// label-selector.ts of model.

import { FieldSelectorError, parseFieldTerms, type FieldTerm } from '../../model/field-selector.ts';
import { isJsonObject, type Json, type KubeObject } from '../../model/object.ts';
import { badRequest } from './status.ts';
import type { ServedType } from '../types/types.ts';

/** A parsed field selector. */
export interface FieldSelector {
  readonly matches: (object: KubeObject) => boolean;
  /** The single name that `metadata.name=` selects. */
  readonly name?: string | undefined;
  /** The single namespace that `metadata.namespace=` selects. */
  readonly namespace?: string | undefined;
}

/** Selects everything. */
export const anyField: FieldSelector = { matches: () => true };

/**
 * Parses `spec.nodeName=a,status.phase!=Running` for the fields of the type.
 * @throws StatusError 400 with the server's message, also for a field that the type does not have
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/
 */
export function parseFieldSelector(text: string, type: ServedType): FieldSelector {
  const terms = termsOf(text);
  for (const { field } of terms) {
    if (field !== 'metadata.name' && field !== 'metadata.namespace' && !type.fieldSelectors.includes(field)) {
      throw badRequest(unsupportedField(type, field));
    }
  }
  const exact = (field: string): string | undefined =>
    terms.find((term) => term.field === field && term.equal)?.value;
  return {
    matches: (object) =>
      terms.every(({ field, equal, value }) => (fieldValue(type, object, field) === value) === equal),
    name: exact('metadata.name'),
    namespace: exact('metadata.namespace'),
  };
}

function unsupportedField(type: ServedType, field: string): string {
  // Types without fields of their own share one conversion function, which has another message.
  return type.fieldSelectors.length > 0 || type.custom !== undefined
    ? `field label not supported: ${field}`
    : `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`;
}

function termsOf(text: string): FieldTerm[] {
  try {
    return parseFieldTerms(text);
  } catch (error) {
    throw error instanceof FieldSelectorError ? badRequest(error.message) : error;
  }
}

/**
 * Returns the value of a field as text. A missing field is the empty string, and booleans and
 * numbers are compared as written.
 */
function fieldValue(type: ServedType, object: KubeObject, field: string): string {
  const fallback = defaultFieldValues[`${type.resource} ${field}`] ?? '';
  let value: Json | undefined = object;
  for (const step of storedPath(type, field).split('.')) {
    value = isJsonObject(value) ? value[step] : undefined;
    if (value === undefined) return fallback;
  }
  return value === null || typeof value === 'object' ? fallback : String(value);
}

const defaultFieldValues: Readonly<Record<string, string>> = {
  'nodes spec.unschedulable': 'false',
  'pods spec.hostNetwork': 'false',
  'jobs status.successful': '0',
  'replicationcontrollers status.replicas': '0',
  'replicasets status.replicas': '0',
};

/** Returns the path in the object if the selector has another name for it. */
function storedPath(type: ServedType, field: string): string {
  if (type.resource === 'jobs' && field === 'status.successful') return 'status.succeeded';
  if (type.storedAs === 'events' && type.group === 'events.k8s.io') {
    return field.replace(/^regarding\./, 'involvedObject.');
  }
  return field;
}

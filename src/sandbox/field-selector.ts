// Field selectors as a list's `fieldSelector` has them: parseFieldSelector, with the fields that a type supports.
// The messages are those of the API server. Label selectors: label-selector.ts.

import { isJsonObject, stringAt, type Json, type KubeObject } from '../model/object.ts';
import { badRequest } from './status.ts';
import type { ServedType } from './types.ts';

/** A field selector taken apart. */
export interface FieldSelector {
  readonly matches: (object: KubeObject) => boolean;
  /** The one name that `metadata.name=` asks for. */
  readonly name?: string | undefined;
  /** The one namespace that `metadata.namespace=` asks for. */
  readonly namespace?: string | undefined;
}

interface Term {
  readonly field: string;
  readonly equal: boolean;
  readonly value: string;
}

/** Selects everything. */
export const anyField: FieldSelector = { matches: () => true };

/**
 * `spec.nodeName=a,status.phase!=Running` for the fields that the type lists.
 * @throws StatusError 400 with the server's words, also for a field the type does not have
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/
 */
export function parseFieldSelector(text: string, type: ServedType): FieldSelector {
  const terms = splitTerms(text)
    .filter((part) => part !== '')
    .sort()
    .map((part) => parseTerm(text, part));
  for (const { field } of terms) {
    if (field !== 'metadata.name' && field !== 'metadata.namespace' && !type.fieldSelectors.includes(field)) {
      throw badRequest(unsupported(type, field));
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

/** Name that `metadata.name=` in a selector asks for; what the authorizer is told for lists and watches. */
export function nameInFieldSelector(text: string): string {
  try {
    const terms = splitTerms(text)
      .filter((part) => part !== '')
      .map((part) => parseTerm(text, part));
    return terms.find((term) => term.field === 'metadata.name' && term.equal)?.value ?? '';
  } catch {
    // A selector that cannot be parsed names nothing; the handler says what is wrong with it after authorization.
    return '';
  }
}

function unsupported(type: ServedType, field: string): string {
  // Types without fields of their own share one conversion, which words it differently.
  return type.fieldSelectors.length > 0 || type.custom !== undefined
    ? `field label not supported: ${field}`
    : `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`;
}

function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let term = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\\') {
      term += character + text.charAt(at + 1);
      at += 1;
    } else if (character === ',') {
      terms.push(term);
      term = '';
    } else {
      term += character;
    }
  }
  terms.push(term);
  return terms;
}

function parseTerm(selector: string, part: string): Term {
  const found = /!=|==|=/.exec(part);
  if (found === null) throw badRequest(`invalid selector: '${selector}'; can't understand '${part}'`);
  return {
    field: part.slice(0, found.index),
    equal: found[0] !== '!=',
    value: unescapeValue(part.slice(found.index + found[0].length)),
  };
}

function unescapeValue(text: string): string {
  let value = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\\') {
      at += 1;
      const escaped = text.charAt(at);
      if (escaped !== '\\' && escaped !== ',' && escaped !== '=') {
        throw badRequest(`invalid field selector: invalid escape sequence: \\${escaped}`);
      }
      value += escaped;
    } else if (character === '=') {
      // Go prints the rune as a number.
      throw badRequest('invalid field selector: unescaped character in value: 61');
    } else {
      value += character;
    }
  }
  return value;
}

/** A missing field counts as the empty string, and booleans and numbers are compared as they are written. */
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

/** Where the selector's name differs from the path in the object. */
function storedPath(type: ServedType, field: string): string {
  if (type.resource === 'jobs' && field === 'status.successful') return 'status.succeeded';
  if (type.storedAs === 'events' && type.group === 'events.k8s.io') {
    return field.replace(/^regarding\./, 'involvedObject.');
  }
  return field;
}

/** The object's own name and namespace, as selectors and keys use them. */
export function nameAndNamespace(object: KubeObject): { readonly name: string; readonly namespace: string } {
  return {
    name: stringAt(object.metadata, 'name'),
    namespace: stringAt(object.metadata, 'namespace'),
  };
}

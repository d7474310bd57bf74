// The rules for names and labels that the checks share, in the API server's words. Entry points:
// the functions that return the problems of a text. Keys and values of labels:
// model/label-names.ts.

import type { JsonObject } from '../../model/object.ts';
import { stringEntries } from '../../model/fields.ts';
import { labelValueProblems, qualifiedNameProblems, subdomainPattern } from '../../model/label-names.ts';
import { invalidFor } from '../types/field-errors.ts';
import type { FieldError } from '../types/types.ts';

const labelMessage =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const label1035Message =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const configKeyMessage =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

const labelPattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const label1035Pattern = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

/** Returns the problems of a DNS label. */
export function labelProblems(text: string): readonly string[] {
  const problems = text.length > 63 ? ['must be no more than 63 characters'] : [];
  if (labelPattern.test(text)) return problems;
  return [...problems, subdomainPattern.test(text) ? 'must not contain dots' : labelMessage];
}

/** Returns the problems of a label that must begin with a letter. */
export function label1035Problems(text: string): readonly string[] {
  const problems = text.length > 63 ? ['must be no more than 63 characters'] : [];
  return label1035Pattern.test(text) ? problems : [...problems, label1035Message];
}

/** Returns the problems of a path segment: the form of names of roles and bindings. */
export function pathSegmentProblems(text: string): readonly string[] {
  if (text === '.' || text === '..') return [`may not be '${text}'`];
  return ['/', '%'].filter((part) => text.includes(part)).map((part) => `may not contain '${part}'`);
}

/** Returns the problems of a key of a ConfigMap or Secret. */
export function configKeyProblems(key: string): readonly string[] {
  const problems = key.length > 253 ? ['must be no more than 253 characters'] : [];
  if (!/^[-._a-zA-Z0-9]+$/.test(key)) problems.push(configKeyMessage);
  if (key === '.') problems.push("must not be '.'");
  else if (key === '..') problems.push("must not be '..'");
  else if (key.startsWith('..')) problems.push("must not start with '..'");
  return problems;
}

/** Returns the problems of a port name. */
export function portNameProblems(name: string): readonly string[] {
  const problems: string[] = [];
  if (name.length > 15) problems.push('must be no more than 15 characters');
  if (!/^[-a-z0-9]+$/.test(name)) {
    problems.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  }
  if (!/[a-z]/.test(name)) problems.push('must contain at least one letter (a-z)');
  if (name.includes('--')) problems.push('must not contain consecutive hyphens');
  if (name.startsWith('-') || name.endsWith('-')) problems.push('must not begin or end with a hyphen');
  return problems;
}

/** Returns the errors of a map of labels: keys and values. */
export function labelErrors(labels: JsonObject | undefined, field: string): readonly FieldError[] {
  return stringEntries(labels).flatMap(([key, value]) => [
    ...invalidFor(field, key, qualifiedNameProblems(key)),
    ...invalidFor(field, value, labelValueProblems(value)),
  ]);
}

export const portRange = 'must be between 1 and 65535, inclusive';
export const notNegative = 'must be greater than or equal to 0';

/** True for a valid port number. */
export function isPort(value: number): boolean {
  return value >= 1 && value <= 65_535;
}

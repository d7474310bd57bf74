// Field errors in the API server's words, and the common rules for names and labels. Entry points:
// the functions that make an error, and the checks that return the problems of a text.

import type { Json, JsonObject } from '../../model/object.ts';
import { stringEntries } from '../../model/fields.ts';
import type { FieldError } from '../types/types.ts';

/** Makes the error for a missing value. */
export function requiredValue(field: string, detail = ''): FieldError {
  return {
    reason: 'FieldValueRequired',
    message: detail === '' ? 'Required value' : `Required value: ${detail}`,
    field,
  };
}

/** Makes the error for an invalid value. */
export function invalidValue(field: string, value: Json | undefined, detail: string): FieldError {
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${formatValue(value)}: ${detail}`, field };
}

/** Makes the error for an unsupported value. The allowed values are listed in the given order. */
export function unsupportedValue(
  field: string,
  value: Json | undefined,
  allowed: readonly string[],
): FieldError {
  const list = allowed.map((entry) => JSON.stringify(entry)).join(', ');
  const message = `Unsupported value: ${formatValue(value)}: supported values: ${list}`;
  return { reason: 'FieldValueNotSupported', message, field };
}

/** Makes the error for a duplicate value. */
export function duplicateValue(field: string, value: Json): FieldError {
  return { reason: 'FieldValueDuplicate', message: `Duplicate value: ${formatValue(value)}`, field };
}

/** Makes the error for a reference to something that does not exist. */
export function missingReference(field: string, value: string): FieldError {
  return { reason: 'FieldValueNotFound', message: `Not found: ${formatValue(value)}`, field };
}

/** Makes the error for a forbidden field. */
export function forbiddenField(field: string, detail: string): FieldError {
  return { reason: 'FieldValueForbidden', message: `Forbidden: ${detail}`, field };
}

/** Makes one error for each problem of a text. */
export function invalidFor(field: string, value: string, problems: readonly string[]): readonly FieldError[] {
  return problems.map((problem) => invalidValue(field, value, problem));
}

/** Formats a value for messages. An absent value is `null`. */
function formatValue(value: Json | undefined): string {
  return value === undefined ? 'null' : JSON.stringify(value);
}

const labelMessage =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const subdomainMessage =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const label1035Message =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const qualifiedNameMessage =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const labelValueMessage =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const configKeyMessage =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

const labelPattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomainPattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const label1035Pattern = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const qualifiedNamePattern = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const labelValuePattern = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

/** Returns the problems of a DNS label. */
export function labelProblems(text: string): readonly string[] {
  const problems = text.length > 63 ? ['must be no more than 63 characters'] : [];
  if (labelPattern.test(text)) return problems;
  return [...problems, subdomainPattern.test(text) ? 'must not contain dots' : labelMessage];
}

/** Returns the problems of a DNS name, the form of most object names. */
export function subdomainProblems(text: string): readonly string[] {
  const problems = text.length > 253 ? ['must be no more than 253 characters'] : [];
  return subdomainPattern.test(text) ? problems : [...problems, subdomainMessage];
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

/** Returns the problems of the key of a label or annotation. */
export function qualifiedNameProblems(key: string): readonly string[] {
  const parts = key.split('/');
  if (parts.length > 2) {
    return [
      `a valid label key ${qualifiedNameMessage} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const problems: string[] = [];
  const name = parts.at(-1) ?? '';
  if (parts.length === 2) {
    const prefix = parts[0] ?? '';
    if (prefix === '') problems.push('prefix part must be non-empty');
    else problems.push(...subdomainProblems(prefix).map((problem) => `prefix part ${problem}`));
  }
  if (name === '') problems.push('name part must be non-empty');
  else if (name.length > 63) problems.push('name part must be no more than 63 bytes');
  if (!qualifiedNamePattern.test(name)) problems.push(`name part ${qualifiedNameMessage}`);
  return problems;
}

/** Returns the problems of a label value. */
export function labelValueProblems(value: string): readonly string[] {
  const problems = value.length > 63 ? ['must be no more than 63 bytes'] : [];
  return labelValuePattern.test(value) ? problems : [...problems, labelValueMessage];
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

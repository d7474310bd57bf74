// Makes field errors in the API server's words.

import type { Json } from '../../model/object.ts';
import type { FieldError } from './types.ts';

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
  allowed: readonly Json[],
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

/** Makes the error for a text that is too long. `max` is in bytes. */
export function tooLong(field: string, max: number): FieldError {
  const message = `Too long: may not be more than ${max} bytes`;
  return { reason: 'FieldValueTooLong', message, field };
}

/** Makes one error for each problem of a text. */
export function invalidFor(field: string, value: string, problems: readonly string[]): readonly FieldError[] {
  return problems.map((problem) => invalidValue(field, value, problem));
}

/** Formats a value for messages. An absent value is `null`. */
function formatValue(value: Json | undefined): string {
  return value === undefined ? 'null' : JSON.stringify(value);
}

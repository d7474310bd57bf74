// Validates custom objects against the schema of their CRD. Entry point: `customErrors`.

import { deepEqual } from '../../model/json.ts';
import { compileGoRegExp, GoRegExpError, type GoRegExp } from '../../model/go-regexp.ts';
import { isJsonObject, objectAt, stringAt, stringsAt } from '../../model/object.ts';
import type { Json, JsonObject, KubeObject } from '../../model/object.ts';
import {
  duplicateValue,
  invalidValue,
  requiredValue,
  tooLong,
  unsupportedValue,
} from '../types/field-errors.ts';
import { booleanAt, contentOf, objectsAt } from '../../model/fields.ts';
import type { FieldError } from '../types/types.ts';

/**
 * Returns the errors of a custom object against the structural schema of its version. Does not
 * evaluate CEL rules (`x-kubernetes-validations`).
 * @see
 *   https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation
 */
export function customErrors(schema: JsonObject | undefined, object: KubeObject): readonly FieldError[] {
  if (schema === undefined) return [];
  const properties = {
    ...objectAt(schema, 'properties'),
    apiVersion: undefined,
    kind: undefined,
    metadata: undefined,
  };
  return valueErrors({ ...schema, properties }, contentOf(object), '');
}

function valueErrors(schema: JsonObject, value: Json, path: string): readonly FieldError[] {
  if (value === null && booleanAt(schema, 'nullable')) return [];
  const typeError = wrongType(schema, value, path);
  if (typeError !== undefined) return [typeError, ...enumErrors(schema, value, path)];
  const errors: FieldError[] = [...enumErrors(schema, value, path)];
  if (typeof value === 'number') errors.push(...numberErrors(schema, value, path));
  if (typeof value === 'string') errors.push(...stringErrors(schema, value, path));
  if (Array.isArray(value)) errors.push(...listErrors(schema, value, path));
  else if (isJsonObject(value)) errors.push(...objectErrors(schema, value, path));
  return [...errors, ...combinationErrors(schema, value, path)];
}

function wrongType(schema: JsonObject, value: Json, path: string): FieldError | undefined {
  const isEither = booleanAt(schema, 'x-kubernetes-int-or-string');
  const wanted = isEither ? 'integer,string' : stringAt(schema, 'type');
  const actual = typeOf(value);
  const fits =
    wanted === '' ||
    wanted.split(',').includes(actual) ||
    (wanted === 'number' && actual === 'integer') ||
    (wanted === 'integer' && typeof value === 'bigint');
  if (fits) return undefined;
  const message = `Invalid value: "${actual}": ${path} in body must be of type ${wanted}: "${actual}"`;
  return { reason: 'FieldValueTypeInvalid', message, field: path };
}

function typeOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'bigint') return 'integer';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function enumErrors(schema: JsonObject, value: Json, path: string): readonly FieldError[] {
  const allowed = schema.enum;
  if (!Array.isArray(allowed)) return [];
  return allowed.some((entry: Json) => deepEqual(entry, value))
    ? []
    : [unsupportedValue(path, value, allowed)];
}

function numberErrors(schema: JsonObject, value: number, path: string): readonly FieldError[] {
  const { minimum, maximum, multipleOf } = schema;
  const errors: FieldError[] = [];
  const complain = (what: string): void => {
    errors.push(invalidValue(path, value, `${path} in body should be ${what}`));
  };
  if (typeof minimum === 'number') {
    if (booleanAt(schema, 'exclusiveMinimum')) {
      if (value <= minimum) complain(`greater than ${minimum}`);
    } else if (value < minimum) complain(`greater than or equal to ${minimum}`);
  }
  if (typeof maximum === 'number') {
    if (booleanAt(schema, 'exclusiveMaximum')) {
      if (value >= maximum) complain(`less than ${maximum}`);
    } else if (value > maximum) complain(`less than or equal to ${maximum}`);
  }
  if (typeof multipleOf === 'number' && !Number.isInteger(value / multipleOf)) {
    complain(`a multiple of ${multipleOf}`);
  }
  return errors;
}

/** Returns the first error of a text. */
function stringErrors(schema: JsonObject, value: string, path: string): readonly FieldError[] {
  const { minLength, maxLength, pattern, format } = schema;
  const length = Array.from(value).length;
  if (typeof maxLength === 'number' && length > maxLength) {
    return [tooLong(path, maxLength)];
  }
  if (typeof minLength === 'number' && length < minLength) {
    return [invalidValue(path, value, `${path} in body should be at least ${minLength} chars long`)];
  }
  if (typeof pattern === 'string' && compile(pattern)?.test(value) === false) {
    return [invalidValue(path, value, `${path} in body should match '${pattern}'`)];
  }
  if (format === 'date-time' && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(value)) {
    const detail = `${path} in body must be of type date-time: ${JSON.stringify(value)}`;
    return [{ ...invalidValue(path, value, detail), reason: 'FieldValueTypeInvalid' }];
  }
  return [];
}

/**
 * Compiles an expression of the schema in Go's dialect. An expression that Go refuses is not
 * checked.
 */
const compile = (() => {
  const known = new Map<string, GoRegExp | undefined>();
  return (pattern: string): GoRegExp | undefined => {
    if (!known.has(pattern)) {
      if (known.size > 1_000) known.clear();
      known.set(pattern, compilePattern(pattern));
    }
    return known.get(pattern);
  };
})();

function compilePattern(pattern: string): GoRegExp | undefined {
  try {
    return compileGoRegExp(pattern);
  } catch (error) {
    if (error instanceof GoRegExpError) return undefined;
    throw error;
  }
}

function listErrors(schema: JsonObject, list: readonly Json[], path: string): readonly FieldError[] {
  const { minItems, maxItems } = schema;
  const items = objectAt(schema, 'items');
  const errors: FieldError[] = [];
  if (items !== undefined) {
    for (const [index, item] of list.entries()) errors.push(...valueErrors(items, item, `${path}[${index}]`));
  }
  if (typeof minItems === 'number' && list.length < minItems) {
    errors.push(invalidValue(path, list.length, `${path} in body should have at least ${minItems} items`));
  }
  if (typeof maxItems === 'number' && list.length > maxItems)
    errors.push(tooMany(path, list.length, maxItems));
  return [...errors, ...duplicateErrors(schema, list, path)];
}

function tooMany(path: string, count: number, max: number): FieldError {
  const message = `Too many: ${count}: must have at most ${max} ${max === 1 ? 'item' : 'items'}`;
  return { reason: 'FieldValueTooMany', message, field: path };
}

/** Returns duplicates: a set has each value once, a list with keys each combination of keys. */
function duplicateErrors(schema: JsonObject, list: readonly Json[], path: string): readonly FieldError[] {
  const listType = schema['x-kubernetes-list-type'];
  if (listType !== 'set' && listType !== 'map') return [];
  const keys = stringsAt(schema, 'x-kubernetes-list-map-keys');
  const seen = new Set<string>();
  return list.flatMap((item, index) => {
    const identity: Json =
      listType === 'map' && isJsonObject(item)
        ? Object.fromEntries(keys.map((key) => [key, item[key]]))
        : item;
    const text = JSON.stringify(identity);
    const isDuplicate = seen.has(text);
    seen.add(text);
    return isDuplicate ? [duplicateValue(`${path}[${index}]`, identity)] : [];
  });
}

function objectErrors(schema: JsonObject, object: JsonObject, path: string): readonly FieldError[] {
  const { minProperties, maxProperties } = schema;
  const properties = objectAt(schema, 'properties');
  const additional = objectAt(schema, 'additionalProperties');
  const count = Object.keys(object).length;
  const at = (key: string): string => (path === '' ? key : `${path}.${key}`);
  const errors: FieldError[] = stringsAt(schema, 'required')
    .filter((key) => object[key] === undefined || object[key] === null)
    .map((key) => requiredValue(at(key)));
  if (typeof minProperties === 'number' && count < minProperties) {
    errors.push(
      invalidValue(path, count, `${path} in body should have at least ${minProperties} properties`),
    );
  }
  if (typeof maxProperties === 'number' && count > maxProperties)
    errors.push(tooMany(path, count, maxProperties));
  for (const [key, value] of Object.entries(object)) {
    const property = objectAt(properties, key) ?? additional;
    // A null that the schema does not allow counts as absent.
    if (property !== undefined && value !== undefined && value !== null) {
      errors.push(...valueErrors(property, value, at(key)));
    }
  }
  return errors;
}

function combinationErrors(schema: JsonObject, value: Json, path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  const alternatives = (key: string): readonly JsonObject[] => objectsAt(schema, key);
  for (const part of alternatives('allOf')) errors.push(...valueErrors(part, value, path));
  const fits = (part: JsonObject): boolean => valueErrors(part, value, path).length === 0;
  const anyOf = alternatives('anyOf');
  if (anyOf.length > 0 && !anyOf.some(fits)) {
    errors.push(invalidValue(path, '', `${path} in body must validate at least one schema (anyOf)`));
  }
  const oneOf = alternatives('oneOf');
  if (oneOf.length > 0 && oneOf.filter(fits).length !== 1) {
    errors.push(invalidValue(path, '', `${path} in body must validate one and only one schema (oneOf)`));
  }
  const not = objectAt(schema, 'not');
  if (not !== undefined && fits(not)) {
    errors.push(invalidValue(path, '', `${path} in body must not validate the schema (not)`));
  }
  return errors;
}

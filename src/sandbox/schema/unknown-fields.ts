// Finds fields that a type does not have, and values of the wrong JSON type. Entry points:
// `unknownFields` and `decodingProblem`.

import { isJsonObject, objectAt } from '../../model/object.ts';
import type { Json, JsonObject, KubeObject } from '../../model/object.ts';
import { contentOf } from '../../model/fields.ts';
import { canonicalQuantity } from '../../model/canonical-quantity.ts';
import { structNamed, structOfType } from './schema.ts';
import type { FieldType, ScalarName } from './schema.ts';
import type { ServedType } from '../types/types.ts';

const objectMeta = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/**
 * Returns the fields of an object that its type does not have, as `unknown field "spec.nope"`. For
 * built-in types in the order of the object, for custom types metadata first and the others sorted,
 * as in the real server.
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation
 */
export function unknownFields(type: ServedType, object: KubeObject): readonly string[] {
  const found: string[] = [];
  const report = (path: string): void => {
    found.push(`unknown field ${JSON.stringify(path)}`);
  };
  if (type.custom === undefined) {
    const struct = structOfType(type);
    if (struct !== undefined) visit({ kind: 'struct', name: struct.name }, object, '', report);
    return found;
  }
  visit({ kind: 'struct', name: objectMeta }, object.metadata, 'metadata', report);
  const inContent: string[] = [];
  if (type.custom.schema !== undefined) {
    visitCustom(type.custom.schema, contentOf(object), '', (path) => inContent.push(path));
  }
  inContent.sort().forEach(report);
  return found;
}

/**
 * Describes the first value of a JSON type that its field cannot have, in Go's words. Undefined if
 * there is none. Checks only the metadata of custom objects: their schema checks the rest.
 */
export function decodingProblem(type: ServedType, object: KubeObject): string | undefined {
  const struct = structOfType(type);
  return struct === undefined
    ? mismatchIn({ kind: 'struct', name: objectMeta }, object.metadata, object.kind, 'metadata')
    : mismatchIn({ kind: 'struct', name: struct.name }, object, '', '');
}

function visit(type: FieldType, value: Json | undefined, path: string, report: (path: string) => void): void {
  switch (type.kind) {
    case 'list':
      if (Array.isArray(value)) {
        value.forEach((item: Json, index) => {
          visit(type.of, item, `${path}[${index}]`, report);
        });
      }
      return;
    case 'map':
      if (!isJsonObject(value) || type.of.kind === 'scalar') return;
      for (const [key, entry] of Object.entries(value)) visit(type.of, entry, `${path}.${key}`, report);
      return;
    case 'struct': {
      const struct = structNamed(type.name);
      if (struct?.takes !== 'fields' || !isJsonObject(value)) return;
      for (const [key, entry] of Object.entries(value)) {
        const field = struct.fields.get(key);
        const at = path === '' ? key : `${path}.${key}`;
        if (field === undefined) report(at);
        else visit(field.type, entry, at, report);
      }
      return;
    }
    default:
  }
}

function visitCustom(
  schema: JsonObject,
  value: Json | undefined,
  path: string,
  report: (path: string) => void,
): void {
  if (Array.isArray(value)) {
    const items = objectAt(schema, 'items');
    if (items === undefined) return;
    value.forEach((item: Json, index) => {
      visitCustom(items, item, `${path}[${index}]`, report);
    });
    return;
  }
  if (!isJsonObject(value)) return;
  const properties = objectAt(schema, 'properties');
  const additional = schema.additionalProperties;
  const keepsUnknown =
    schema['x-kubernetes-preserve-unknown-fields'] === true ||
    schema['x-kubernetes-embedded-resource'] === true ||
    additional === true;
  for (const [key, entry] of Object.entries(value)) {
    const at = path === '' ? key : `${path}.${key}`;
    const property = objectAt(properties, key) ?? (isJsonObject(additional) ? additional : undefined);
    if (property !== undefined) visitCustom(property, entry, at, report);
    else if (!keepsUnknown) report(at);
  }
}

/** Go's names of the scalar types, and the JSON types that they accept. */
const goTypes: Readonly<Partial<Record<ScalarName, readonly [name: string, ...jsonTypes: string[]]>>> = {
  string: ['string', 'string'],
  bytes: ['[]uint8', 'string'],
  int: ['int32', 'number'],
  long: ['int64', 'number'],
  double: ['float64', 'number'],
  bool: ['bool', 'bool'],
};

/**
 * Describes the first mismatch in a value.
 * @param owner name of the struct that contains the value, without its package
 */
function mismatchIn(
  type: FieldType,
  value: Json | undefined,
  owner: string,
  path: string,
): string | undefined {
  if (value === undefined || value === null) return undefined;
  const actual = jsonTypeOf(value);
  const complain = (goType: string, what = actual): string =>
    `json: cannot unmarshal ${what} into Go struct field ${owner}.${path} of type ${goType}`;
  switch (type.kind) {
    case 'scalar':
      return scalarProblem(type.name, value, actual, complain);
    case 'enum':
      return actual === 'string' ? undefined : complain('string');
    case 'list':
      if (!Array.isArray(value)) return complain(goTypeOf(type));
      return firstOf(value, (item: Json) => mismatchIn(type.of, item, owner, path));
    case 'map':
      if (!isJsonObject(value)) return complain(goTypeOf(type));
      return firstOf(Object.values(value), (entry) => mismatchIn(type.of, entry, owner, path));
    case 'struct': {
      const struct = structNamed(type.name);
      if (struct?.takes !== 'fields') return undefined;
      if (!isJsonObject(value)) return complain(goTypeOf(type));
      const name = shortName(type.name);
      return firstOf(Object.entries(value), ([key, entry]) => {
        const field = struct.fields.get(key);
        return field === undefined
          ? undefined
          : mismatchIn(field.type, entry, name, path === '' ? key : `${path}.${key}`);
      });
    }
  }
}

function scalarProblem(
  name: ScalarName,
  value: Json,
  actual: string,
  complain: (goType: string, what?: string) => string,
): string | undefined {
  if (name === 'Quantity') {
    const isValid =
      actual === 'number' || (typeof value === 'string' && canonicalQuantity(value) !== undefined);
    return isValid
      ? undefined
      : "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  }
  if (name === 'IntOrString') {
    return actual === 'number' || actual === 'string' ? undefined : complain('int32');
  }
  const [goType, ...allowed] = goTypes[name] ?? [''];
  if (goType === '') return undefined;
  if (!allowed.includes(actual)) return complain(goType);
  if ((name === 'int' || name === 'long') && typeof value === 'number' && !Number.isInteger(value)) {
    return complain(goType, `number ${value}`);
  }
  return name === 'bytes' && typeof value === 'string' ? base64Problem(value) : undefined;
}

/**
 * Describes invalid base64. Go names the byte where decoding stopped; if only the length is wrong,
 * that is the start of the last four bytes.
 */
function base64Problem(text: string): string | undefined {
  const bare = text.replaceAll(/[\r\n]/g, '');
  const illegal = bare.search(/[^A-Za-z0-9+/=]|=(?!=?$)/);
  const offset = illegal >= 0 ? illegal : bare.length % 4 === 0 ? -1 : bare.length - (bare.length % 4);
  return offset < 0 ? undefined : `illegal base64 data at input byte ${offset}`;
}

function firstOf<T>(items: Iterable<T>, find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function jsonTypeOf(value: Json): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'bigint' ? 'number' : typeof value;
}

function goTypeOf(type: FieldType): string {
  switch (type.kind) {
    case 'scalar':
      return goTypes[type.name]?.[0] ?? type.name;
    case 'enum':
      return 'string';
    case 'list':
      return `[]${goTypeOf(type.of)}`;
    case 'map':
      return `map[string]${goTypeOf(type.of)}`;
    case 'struct':
      return `${type.name.split('.').at(-2) ?? ''}.${shortName(type.name)}`;
  }
}

function shortName(qualified: string): string {
  return qualified.slice(qualified.lastIndexOf('.') + 1);
}

// The types of CEL for the type checker. Entry points: parseType(), accepts(). Pure.

/**
 * A type. `param` is a type parameter in the signature of a function. `opaque` is a type that only
 * functions can inspect.
 */
export interface Type {
  readonly kind: TypeKind;
  /** `list`, `quantity`, `A`, ... */
  readonly name: string;
  readonly arguments: readonly Type[];
}

type TypeKind = 'dyn' | 'simple' | 'list' | 'map' | 'optional' | 'type' | 'param' | 'opaque';

const simpleNames = ['null_type', 'bool', 'int', 'uint', 'double', 'string', 'bytes'];
const knownNames = new Map<string, Type>([
  ...simpleNames.map((name): [string, Type] => [name, { kind: 'simple', name, arguments: [] }]),
  ['timestamp', { kind: 'opaque', name: 'google.protobuf.Timestamp', arguments: [] }],
  ['duration', { kind: 'opaque', name: 'google.protobuf.Duration', arguments: [] }],
  ['quantity', { kind: 'opaque', name: 'kubernetes.Quantity', arguments: [] }],
  ['url', { kind: 'opaque', name: 'kubernetes.URL', arguments: [] }],
  ['ip', { kind: 'opaque', name: 'net.IP', arguments: [] }],
  ['cidr', { kind: 'opaque', name: 'net.CIDR', arguments: [] }],
  ['semver', { kind: 'opaque', name: 'kubernetes.Semver', arguments: [] }],
  ['format', { kind: 'opaque', name: 'kubernetes.NamedFormat', arguments: [] }],
]);

export const dyn: Type = { kind: 'dyn', name: 'dyn', arguments: [] };
export const typeType: Type = { kind: 'type', name: 'type', arguments: [] };
knownNames.set('dyn', dyn);
knownNames.set('type', typeType);

/** Parses the notation of signatures: `string`, `list(A)`, `map(K, V)`, `optional(A)`. */
export function parseType(text: string): Type {
  const match = /^(\w+)(?:\((.*)\))?$/s.exec(text.trim());
  const [, name = '', inner] = match ?? [];
  if (inner !== undefined && (name === 'list' || name === 'map' || name === 'optional')) {
    return { kind: name, name, arguments: splitTypes(inner).map(parseType) };
  }
  return knownNames.get(name) ?? { kind: 'param', name, arguments: [] };
}

/** Splits at commas outside parentheses. */
export function splitTypes(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '(') depth++;
    else if (character === ')') depth--;
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  const last = text.slice(start);
  return last.trim() === '' ? parts : [...parts, last];
}

/** Returns the type of a name. */
export function named(name: string): Type {
  return parseType(name);
}

/** Returns the type of a list. */
export function listOf(element: Type): Type {
  return { kind: 'list', name: 'list', arguments: [element] };
}

/** Returns the type of a map. */
export function mapOf(key: Type, value: Type): Type {
  return { kind: 'map', name: 'map', arguments: [key, value] };
}

/** Returns the type of an optional. */
export function optionalOf(value: Type): Type {
  return { kind: 'optional', name: 'optional_type', arguments: [value] };
}

/** The types that the type parameters of one call stand for. */
export type Bindings = Map<string, Type>;

/**
 * True if a value of a type fits a declared type. `dyn` fits everywhere, and is checked at run
 * time.
 * @param bindings receives the types of the type parameters
 */
export function accepts(declared: Type, given: Type, bindings: Bindings): boolean {
  if (declared.kind === 'param') {
    const bound = bindings.get(declared.name);
    if (bound === undefined || bound.kind === 'dyn') {
      bindings.set(declared.name, given);
      return true;
    }
    if (given.kind === 'dyn' || given.kind === 'param') {
      if (given.kind === 'dyn') bindings.set(declared.name, dyn);
      return true;
    }
    if (accepts(bound, given, bindings)) {
      if (given.kind !== 'simple' || given.name !== 'null_type') bindings.set(declared.name, given);
      return true;
    }
    // A null can come before the value of another type that determines the parameter.
    if (isNull(bound) && canBeNull(given)) {
      bindings.set(declared.name, given);
      return true;
    }
    return false;
  }
  if (declared.kind === 'dyn' || given.kind === 'dyn' || given.kind === 'param') return true;
  if (isNull(given) && canBeNull(declared)) return true;
  if (declared.kind !== given.kind) return false;
  if (declared.kind === 'list' || declared.kind === 'map' || declared.kind === 'optional') {
    return declared.arguments.every((one, at) => accepts(one, given.arguments[at] ?? dyn, bindings));
  }
  return declared.name === given.name;
}

function isNull(type: Type): boolean {
  return type.kind === 'simple' && type.name === 'null_type';
}

function canBeNull(type: Type): boolean {
  return type.kind === 'opaque' || isNull(type);
}

/** Replaces type parameters by their types. Unbound parameters become dyn. */
export function resolve(type: Type, bindings: Bindings): Type {
  if (type.kind === 'param') return bindings.get(type.name) ?? dyn;
  if (type.arguments.length === 0) return type;
  return { ...type, arguments: type.arguments.map((one) => resolve(one, bindings)) };
}

/** Formats a type as cel-go does: `list(int)`, `map(string, dyn)`. */
export function typeText(type: Type): string {
  const name = type.kind === 'optional' ? 'optional_type' : type.kind === 'param' ? 'dyn' : type.name;
  return type.arguments.length === 0 ? name : `${name}(${type.arguments.map(typeText).join(', ')})`;
}

/** True if both types are equal, so that a list of them has one element type. */
export function isSameType(a: Type, b: Type): boolean {
  return (
    a.kind === b.kind &&
    (a.kind === 'param' || a.name === b.name) &&
    a.arguments.every((one, at) => isSameType(one, b.arguments[at] ?? dyn))
  );
}

/** True if nothing about the type has to be checked at run time. */
export function isStatic(type: Type): boolean {
  return type.kind !== 'dyn' && type.kind !== 'param' && type.arguments.every(isStatic);
}

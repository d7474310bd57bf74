// The values of CEL at run time, their equality and order. Pure.
//
// Objects of the API are used directly: normal() converts a JSON integer to an int when it is read,
// so nothing is copied. Doubles are boxed for that reason: a plain number always comes from JSON.

import { compareQuantities, type Quantity } from '../model/quantity.ts';
import type { Ip } from '../model/ip-address.ts';
import type { JsonObject } from '../model/object.ts';

export type Value =
  | null
  | boolean
  | bigint
  | string
  | Uint
  | Double
  | Uint8Array
  | List
  | JsonObject
  | CelMap
  | Timestamp
  | Duration
  | TypeValue
  | Optional
  | Opaque;

/** An element of a list: a value, or a JSON number. normal() converts it to a value. */
export type Element = unknown;

export type List = readonly Element[];

/** A uint. */
export class Uint {
  readonly value: bigint;
  constructor(value: bigint) {
    this.value = value;
  }
}

/** A double. */
export class Double {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** A timestamp. */
export class Timestamp {
  /** Nanoseconds since 1970. */
  readonly nanos: bigint;
  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

/** A duration in nanoseconds. */
export class Duration {
  readonly nanos: bigint;
  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

/** A type as a value. */
export class TypeValue {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** An optional. */
export class Optional {
  /** Undefined: empty. */
  readonly value: Value | undefined;
  constructor(value: Value | undefined) {
    this.value = value;
  }
}

export const none = new Optional(undefined);

/** A map that an expression creates. Numerically equal keys are the same key. */
export class CelMap {
  readonly entries = new Map<string, readonly [key: Value, value: Value]>();

  /**
   * Adds an entry.
   * @returns false if the key exists
   */
  add(key: Value, value: Value): boolean {
    const text = keyText(key);
    return text !== undefined && !this.entries.has(text) && this.set(key, value);
  }

  /**
   * Sets an entry; the last one of a key wins.
   * @returns false if the value cannot be a key
   */
  set(key: Value, value: Value): boolean {
    const text = keyText(key);
    if (text === undefined) return false;
    this.entries.set(text, [key, value]);
    return true;
  }
}

/** Values of Kubernetes' own types. */
export type Opaque = QuantityValue | UrlValue | IpValue | CidrValue | SemverValue | FormatValue;

/** A quantity. */
export class QuantityValue {
  readonly quantity: Quantity;
  constructor(quantity: Quantity) {
    this.quantity = quantity;
  }
}

/** The parts of a URL, as in Go's net/url. */
export class UrlValue {
  readonly text: string;
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  constructor(text: string, parts: Pick<UrlValue, 'scheme' | 'host' | 'path' | 'query'>) {
    this.text = text;
    this.scheme = parts.scheme;
    this.host = parts.host;
    this.path = parts.path;
    this.query = parts.query;
  }
}

/** An IP address. */
export class IpValue {
  readonly ip: Ip;
  constructor(ip: Ip) {
    this.ip = ip;
  }
}

/** A CIDR block. */
export class CidrValue {
  /** The address as written: it can have bits after the prefix. */
  readonly ip: Ip;
  readonly prefix: number;
  constructor(ip: Ip, prefix: number) {
    this.ip = ip;
    this.prefix = prefix;
  }
}

/** A semantic version. */
export class SemverValue {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly prerelease: readonly string[];
  constructor(major: bigint, minor: bigint, patch: bigint, prerelease: readonly string[]) {
    this.major = major;
    this.minor = minor;
    this.patch = patch;
    this.prerelease = prerelease;
  }
}

/** A named format. */
export class FormatValue {
  readonly name: string;
  readonly validate: (text: string) => readonly string[];
  constructor(name: string, validate: (text: string) => readonly string[]) {
    this.name = name;
    this.validate = validate;
  }
}

/** The reason why an expression has no value. */
export class Fault {
  readonly message: string;
  /** `missing`: a key or an index does not exist. `cost`: the expression exceeds the budget. */
  readonly reason: 'missing' | 'failed' | 'cost';
  /**
   * Number of UTF-16 units before the position in the expression. Undefined until a call sets its
   * position.
   */
  readonly at: number | undefined;
  constructor(message: string, reason: Fault['reason'] = 'failed', at?: number) {
    this.message = message;
    this.reason = reason;
    this.at = at;
  }

  located(at: number): Fault {
    return this.at === undefined ? new Fault(this.message, this.reason, at) : this;
  }
}

export const noOverload = new Fault('no such overload');

/** Converts an element to a value: JSON integers become ints, other numbers doubles. */
export function normal(element: Element): Value {
  // Lists contain values and JSON only.
  if (typeof element !== 'number') return (element ?? null) as Value;
  return Number.isInteger(element) ? BigInt(element) : new Double(element);
}

/** True for a list. */
export function isList(value: Value): value is List {
  return Array.isArray(value);
}

/** True for a JSON object, which counts as a map. */
export function isPlainObject(value: Value): value is JsonObject {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Returns the name of a value's type as in `type()` and in errors. */
export function typeName(value: Value): string {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'bigint':
      return 'int';
    case 'boolean':
      return 'bool';
    default:
      if (value === null) return 'null_type';
      if (isList(value)) return 'list';
      for (const [constructor, name] of classNames) if (value instanceof constructor) return name;
      return 'map';
  }
}

const classNames: readonly (readonly [new (...parts: never[]) => object, string])[] = [
  [Uint, 'uint'],
  [Double, 'double'],
  [Uint8Array, 'bytes'],
  [CelMap, 'map'],
  [Timestamp, 'google.protobuf.Timestamp'],
  [Duration, 'google.protobuf.Duration'],
  [TypeValue, 'type'],
  [Optional, 'optional_type'],
  [QuantityValue, 'kubernetes.Quantity'],
  [UrlValue, 'kubernetes.URL'],
  [IpValue, 'net.IP'],
  [CidrValue, 'net.CIDR'],
  [SemverValue, 'kubernetes.Semver'],
  [FormatValue, 'kubernetes.NamedFormat'],
];

/** Returns a text that identifies a key. Undefined if the value cannot be a key. */
export function keyText(key: Value): string | undefined {
  if (typeof key === 'string') return `s${key}`;
  if (typeof key === 'bigint') return `n${key}`;
  if (typeof key === 'boolean') return `b${key}`;
  if (key instanceof Uint) return `n${key.value}`;
  if (key instanceof Double && Number.isInteger(key.value)) return `n${BigInt(key.value)}`;
  return undefined;
}

export type MapValue = JsonObject | CelMap;

/**
 * Looks up a key.
 * @returns undefined if the key does not exist
 */
export function lookUp(map: MapValue, key: Value): Value | undefined {
  if (map instanceof CelMap) return map.entries.get(keyText(key) ?? '')?.[1];
  if (typeof key !== 'string' || !Object.hasOwn(map, key)) return undefined;
  const element = map[key];
  return element === undefined ? undefined : normal(element);
}

/** Returns the keys of a map. */
export function keysOf(map: MapValue): readonly Value[] {
  return map instanceof CelMap ? [...map.entries.values()].map(([key]) => key) : Object.keys(map);
}

/** Returns the number of elements. */
export function sizeOf(value: List | MapValue): number {
  if (isList(value)) return value.length;
  return value instanceof CelMap ? value.entries.size : Object.keys(value).length;
}

function numberOf(value: Value): bigint | number | undefined {
  if (typeof value === 'bigint') return value;
  if (value instanceof Uint || value instanceof Double) return value.value;
  return undefined;
}

/**
 * Compares like CEL's `==`: numbers are equal across types, other values only within their type.
 */
export function isEqual(left: Value, right: Value): boolean {
  if (left === right) return true;
  const number = numberOf(left);
  if (number !== undefined) {
    const other = numberOf(right);
    // JavaScript compares bigint with number exactly, as CEL does.
    return other !== undefined && number <= other && number >= other;
  }
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (isList(left)) {
    if (!isList(right) || left.length !== right.length) return false;
    return left.every((element, at) => isEqual(normal(element), normal(right[at])));
  }
  if (left instanceof CelMap || isPlainObject(left)) {
    if (isList(right) || !(right instanceof CelMap || isPlainObject(right))) return false;
    if (sizeOf(left) !== sizeOf(right)) return false;
    return keysOf(left).every((key) => {
      const [one, other] = [lookUp(left, key), lookUp(right, key)];
      return one !== undefined && other !== undefined && isEqual(one, other);
    });
  }
  return isEqualInstance(left, right);
}

function isEqualInstance(left: Value, right: Value): boolean {
  if (left instanceof Timestamp && right instanceof Timestamp) return left.nanos === right.nanos;
  if (left instanceof Duration && right instanceof Duration) return left.nanos === right.nanos;
  if (left instanceof TypeValue && right instanceof TypeValue) return left.name === right.name;
  if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right) === 0;
  if (left instanceof Optional && right instanceof Optional) {
    if (left.value === undefined || right.value === undefined) return left.value === right.value;
    return isEqual(left.value, right.value);
  }
  if (left instanceof QuantityValue && right instanceof QuantityValue) {
    return compareQuantities(left.quantity, right.quantity) === 0;
  }
  if (left instanceof UrlValue && right instanceof UrlValue) return left.text === right.text;
  if (left instanceof IpValue && right instanceof IpValue) {
    return left.ip.bits === right.ip.bits && left.ip.value === right.ip.value;
  }
  if (left instanceof CidrValue && right instanceof CidrValue) {
    return left.prefix === right.prefix && left.ip.bits === right.ip.bits && left.ip.value === right.ip.value;
  }
  if (left instanceof SemverValue && right instanceof SemverValue) return compareSemver(left, right) === 0;
  if (left instanceof FormatValue && right instanceof FormatValue) return left.name === right.name;
  return false;
}

/** Compares two values: negative, zero or positive. A fault if they have no order, as NaN. */
export function compare(left: Value, right: Value): number | Fault {
  const number = numberOf(left);
  if (number !== undefined) {
    const other = numberOf(right);
    if (other === undefined) return noOverload;
    if (Number.isNaN(number) || Number.isNaN(other)) return new Fault('NaN values cannot be ordered');
    return number < other ? -1 : number > other ? 1 : 0;
  }
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right);
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  if (left instanceof Timestamp && right instanceof Timestamp) return sign(left.nanos - right.nanos);
  if (left instanceof Duration && right instanceof Duration) return sign(left.nanos - right.nanos);
  if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right);
  return noOverload;
}

function sign(difference: bigint): number {
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Compares by code points, which is the byte order of Go. JavaScript compares UTF-16 units. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  if (!/[\ud800-\uffff]/.test(left + right)) return left < right ? -1 : 1;
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

/** Compares versions. See https://semver.org/#spec-item-11 */
export function compareSemver(left: SemverValue, right: SemverValue): number {
  for (const part of ['major', 'minor', 'patch'] as const) {
    if (left[part] !== right[part]) return left[part] < right[part] ? -1 : 1;
  }
  const [a, b] = [left.prerelease, right.prerelease];
  if (a.length === 0 || b.length === 0) return Math.sign(b.length - a.length);
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const order = comparePrerelease(a[at] ?? '', b[at] ?? '');
    if (order !== 0) return order;
  }
  return Math.sign(a.length - b.length);
}

function comparePrerelease(a: string, b: string): number {
  const [isNumber, isOther] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (isNumber !== isOther) return isNumber ? -1 : 1;
  if (isNumber) return sign(BigInt(a) - BigInt(b));
  return a === b ? 0 : a < b ? -1 : 1;
}

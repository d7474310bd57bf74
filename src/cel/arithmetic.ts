// Evaluates operators and conversions of numbers, times and strings. Entry points: operate(),
// conversions. Pure.

import { globalFunction, type CallContext, type Overload } from './overload.ts';
import { parseTimestamp } from '../model/timestamp.ts';
import { doubleText, durationText, parseGoDuration, timestampText } from './time.ts';
import type { BinaryOperator } from './syntax.ts';
import {
  CelMap,
  compare,
  Double,
  Duration,
  Fault,
  isEqual,
  isList,
  isPlainObject,
  lookUp,
  noOverload,
  normal,
  Timestamp,
  TypeValue,
  typeName,
  Uint,
  type Value,
} from './values.ts';

const minInt = -(2n ** 63n);
const maxInt = 2n ** 63n - 1n;
const maxUint = 2n ** 64n - 1n;

/** Returns an int, or a fault if the value does not fit in 64 bits. */
export function intOf(value: bigint): Value | Fault {
  return value < minInt || value > maxInt ? new Fault('integer overflow') : value;
}

function uintOf(value: bigint): Value | Fault {
  return value < 0n || value > maxUint ? new Fault('unsigned integer overflow') : new Uint(value);
}

function durationOf(nanos: bigint): Value | Fault {
  return nanos < minInt || nanos > maxInt ? new Fault('duration overflow') : new Duration(nanos);
}

// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999999999Z
const minTimestamp = -62135596800n * 1_000_000_000n;
const maxTimestamp = 253402300800n * 1_000_000_000n - 1n;

/** Returns a timestamp, or a fault if it is outside the years 1 to 9999. */
export function timestampOf(nanos: bigint): Value | Fault {
  return nanos < minTimestamp || nanos > maxTimestamp
    ? new Fault('timestamp overflow')
    : new Timestamp(nanos);
}

/**
 * Evaluates an operator on two values. Excludes `||` and `&&`, which do not always evaluate both
 * sides.
 */
export function operate(
  operator: Exclude<BinaryOperator, '||' | '&&'>,
  left: Value,
  right: Value,
  context: CallContext,
): Value | Fault {
  switch (operator) {
    case '==':
    case '!=':
      if (!isCheap(left) && !context.budget.spend(weightOf(left, 10))) return tooCostly;
      return isEqual(left, right) === (operator === '==');
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compareValues(operator, left, right);
    case 'in':
      return contains(right, left, context);
    case '+':
      return add(left, right, context);
    case '-':
    case '*':
    case '/':
    case '%':
      return calculate(operator, left, right);
  }
}

export const tooCostly = new Fault('the expression costs too much on this object', 'cost');

function isCheap(value: Value): boolean {
  return typeof value !== 'object' || value === null;
}

/** Returns the approximate number of values that a comparison looks at. */
function weightOf(value: Value, depth: number): number {
  if (depth === 0 || typeof value !== 'object' || value === null) return 1;
  if (isList(value)) return value.reduce<number>((sum, one) => sum + weightOf(normal(one), depth - 1), 1);
  if (value instanceof CelMap) {
    return [...value.entries.values()].reduce((sum, [, one]) => sum + weightOf(one, depth - 1), 1);
  }
  if (!isPlainObject(value)) return 1;
  return Object.values(value).reduce<number>((sum, one) => sum + weightOf(normal(one), depth - 1), 1);
}

function compareValues(operator: '<' | '<=' | '>' | '>=', left: Value, right: Value): Value | Fault {
  const order = compare(left, right);
  if (order instanceof Fault) return order;
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}

function contains(container: Value, value: Value, { budget }: CallContext): Value | Fault {
  if (isList(container)) {
    if (!budget.spend(container.length)) return tooCostly;
    return container.some((one) => isEqual(normal(one), value));
  }
  if (container instanceof CelMap || isPlainObject(container)) return lookUp(container, value) !== undefined;
  return noOverload;
}

function add(left: Value, right: Value, { budget }: CallContext): Value | Fault {
  if (typeof left === 'string' && typeof right === 'string') {
    return budget.spendText(left.length + right.length) ? left + right : tooCostly;
  }
  if (isList(left) && isList(right)) {
    return budget.spend(left.length + right.length) ? [...left, ...right] : tooCostly;
  }
  if (left instanceof Uint8Array && right instanceof Uint8Array) {
    return budget.spendText(left.length + right.length) ? Buffer.concat([left, right]) : tooCostly;
  }
  if (left instanceof Timestamp && right instanceof Duration) return timestampOf(left.nanos + right.nanos);
  if (left instanceof Duration && right instanceof Timestamp) return timestampOf(left.nanos + right.nanos);
  if (left instanceof Duration && right instanceof Duration) return durationOf(left.nanos + right.nanos);
  return calculate('+', left, right);
}

function calculate(operator: '+' | '-' | '*' | '/' | '%', left: Value, right: Value): Value | Fault {
  if (typeof left === 'bigint' && typeof right === 'bigint') return whole(operator, left, right, intOf);
  if (left instanceof Uint && right instanceof Uint) return whole(operator, left.value, right.value, uintOf);
  if (left instanceof Double && right instanceof Double && operator !== '%') {
    const [a, b] = [left.value, right.value];
    if (operator === '+') return new Double(a + b);
    if (operator === '-') return new Double(a - b);
    return new Double(operator === '*' ? a * b : a / b);
  }
  if (operator === '-') {
    if (left instanceof Timestamp && right instanceof Timestamp) return durationOf(left.nanos - right.nanos);
    if (left instanceof Timestamp && right instanceof Duration) return timestampOf(left.nanos - right.nanos);
    if (left instanceof Duration && right instanceof Duration) return durationOf(left.nanos - right.nanos);
  }
  return noOverload;
}

function whole(
  operator: '+' | '-' | '*' | '/' | '%',
  left: bigint,
  right: bigint,
  make: (value: bigint) => Value | Fault,
): Value | Fault {
  switch (operator) {
    case '+':
      return make(left + right);
    case '-':
      return make(left - right);
    case '*':
      return make(left * right);
    case '/':
      return right === 0n ? new Fault('division by zero') : make(left / right);
    case '%':
      return right === 0n ? new Fault('modulus by zero') : make(left % right);
  }
}

/** Negates an int or a double. */
export function negate(value: Value): Value | Fault {
  if (typeof value === 'bigint') return intOf(-value);
  return value instanceof Double ? new Double(-value.value) : noOverload;
}

function conversionError(value: Value, type: string): Fault {
  return new Fault(`type conversion error from '${typeName(value)}' to '${type}'`);
}

function toInt(value: Value): Value | Fault {
  if (typeof value === 'bigint') return value;
  if (value instanceof Uint) return intOf(value.value);
  if (value instanceof Double) {
    // Both limits are excluded: near them a double has no fraction digits.
    const isInside = value.value > -(2 ** 63) && value.value < 2 ** 63;
    return isInside ? BigInt(Math.trunc(value.value)) : new Fault('integer overflow');
  }
  if (value instanceof Timestamp) return floorDivide(value.nanos, 1_000_000_000n);
  if (value instanceof Duration) return value.nanos;
  if (typeof value !== 'string') return conversionError(value, 'int');
  if (!/^[+-]?\d+$/.test(value)) return new Fault(`cannot convert ${JSON.stringify(value)} to int`);
  const int = intOf(BigInt(value.replace(/^\+/, '')));
  return int instanceof Fault ? new Fault(`cannot convert ${JSON.stringify(value)} to int`) : int;
}

/** Divides and rounds towards negative infinity. */
export function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

function toUint(value: Value): Value | Fault {
  if (value instanceof Uint) return value;
  if (typeof value === 'bigint') return uintOf(value);
  if (value instanceof Double) {
    const isInside = value.value >= 0 && value.value < 2 ** 64;
    return isInside ? new Uint(BigInt(Math.trunc(value.value))) : new Fault('unsigned integer overflow');
  }
  if (typeof value !== 'string') return conversionError(value, 'uint');
  const uint = /^\d+$/.test(value) ? uintOf(BigInt(value)) : noOverload;
  return uint instanceof Fault ? new Fault(`cannot convert ${JSON.stringify(value)} to uint`) : uint;
}

const floatText = /^[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|inf(?:inity)?|nan)$/i;

function toDouble(value: Value): Value | Fault {
  if (value instanceof Double) return value;
  if (typeof value === 'bigint') return new Double(Number(value));
  if (value instanceof Uint) return new Double(Number(value.value));
  if (typeof value !== 'string') return conversionError(value, 'double');
  if (!floatText.test(value)) return new Fault(`cannot convert ${JSON.stringify(value)} to double`);
  if (/nan/i.test(value)) return new Double(Number.NaN);
  if (/inf/i.test(value)) return new Double(value.startsWith('-') ? -Infinity : Infinity);
  const number = Number(value);
  return Number.isFinite(number)
    ? new Double(number)
    : new Fault(`cannot convert ${JSON.stringify(value)} to double`);
}

/** Converts a value as `string()` does, and `%s` of format(). */
export function toText(value: Value): string | Fault {
  switch (typeof value) {
    case 'string':
      return value;
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      break;
  }
  if (value instanceof Uint) return String(value.value);
  if (value instanceof Double) return doubleText(value.value);
  if (value instanceof Timestamp) return timestampText(value.nanos);
  if (value instanceof Duration) return durationText(value.nanos);
  if (value instanceof Uint8Array) {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
    } catch {
      return new Fault('invalid UTF-8 in bytes, cannot convert to string');
    }
  }
  if (value instanceof TypeValue) return value.name;
  return conversionError(value, 'string');
}

const trueTexts = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const falseTexts = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);

function toBool(value: Value): Value | Fault {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return conversionError(value, 'bool');
  if (trueTexts.has(value)) return true;
  return falseTexts.has(value) ? false : new Fault(`cannot convert ${JSON.stringify(value)} to bool`);
}

function toTimestamp(value: Value): Value | Fault {
  if (value instanceof Timestamp) return value;
  if (typeof value === 'bigint') return timestampOf(value * 1_000_000_000n);
  if (typeof value !== 'string') return conversionError(value, 'google.protobuf.Timestamp');
  const nanos = parseTimestamp(value);
  return nanos === undefined
    ? new Fault(`${JSON.stringify(value)} is not a timestamp such as 2026-01-31T12:00:00Z`)
    : timestampOf(nanos);
}

function toDuration(value: Value): Value | Fault {
  if (value instanceof Duration) return value;
  if (typeof value === 'bigint') return durationOf(value);
  if (typeof value !== 'string') return conversionError(value, 'google.protobuf.Duration');
  const nanos = parseGoDuration(value);
  return nanos === undefined
    ? new Fault(`${JSON.stringify(value)} is not a duration such as 1h30m`)
    : durationOf(nanos);
}

function toBytes(value: Value): Value | Fault {
  if (value instanceof Uint8Array) return value;
  return typeof value === 'string' ? Buffer.from(value, 'utf8') : conversionError(value, 'bytes');
}

function conversion(name: string, from: readonly string[], run: (value: Value) => Value | Fault): Overload[] {
  const result = name;
  return from.map((type) => globalFunction(`${name}(${type}): ${result}`, ([value = null]) => run(value)));
}

/** Functions that convert one type to another. */
export const conversions: readonly Overload[] = [
  ...conversion('int', ['int', 'uint', 'double', 'string', 'timestamp', 'duration'], toInt),
  ...conversion('uint', ['uint', 'int', 'double', 'string'], toUint),
  ...conversion('double', ['double', 'int', 'uint', 'string'], toDouble),
  ...conversion('bool', ['bool', 'string'], toBool),
  ...conversion('bytes', ['bytes', 'string'], toBytes),
  ...conversion(
    'string',
    ['string', 'bool', 'int', 'uint', 'double', 'bytes', 'timestamp', 'duration'],
    toText,
  ),
  ...conversion('timestamp', ['timestamp', 'string', 'int'], toTimestamp),
  ...conversion('duration', ['duration', 'string', 'int'], toDuration),
  globalFunction('dyn(A): dyn', ([value = null]) => value),
  globalFunction('type(A): type', ([value = null]) => new TypeValue(typeName(value))),
];

// Formats values as Go's fmt does, where kubectl's output or messages depend on it. Entry points:
// goNumber, goValue, goTypeName. Quoted strings: model/go-quote.ts. JSON: json.ts.

import { isJsonArray } from '../model/object.ts';
import type { Json } from '../model/object.ts';
import { compareBytes } from './key-order.ts';

/**
 * The type of a JSON number in Go's decoder of Kubernetes objects: an int64 if it fits, otherwise a
 * float64.
 */
export type GoNumberKind = 'int' | 'float';

/**
 * Returns whether Go stores a number as int64 or float64. `1.0` and `1e3` can no longer be
 * distinguished from `1` and `1000`. The API server does not preserve that difference either: it
 * writes whole floats below 1e21 without point and exponent.
 */
export function goNumberKind(value: number | bigint): GoNumberKind {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'int' : 'float';
  return BigInt.asIntN(64, value) === value ? 'int' : 'float';
}

/**
 * Formats a number like Go's `%v`: integers in full, floats with the shortest digits, and exponents
 * below -4 and from 6 on.
 */
export function goNumber(value: number | bigint): string {
  if (goNumberKind(value) === 'int') return String(value);
  const float = Number(value);
  if (!Number.isFinite(float)) return float < 0 ? '-Inf' : '+Inf';
  const [mantissa = '', exponent = ''] = float.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(float);
  const digits = String(Math.abs(power)).padStart(2, '0');
  return `${mantissa}e${power < 0 ? '-' : '+'}${digits}`;
}

/** Formats a decoded JSON value like Go's `%v`: `map[a:1 b:[x y]]`, `<nil>`, strings unquoted. */
export function goValue(value: Json): string {
  if (value === null) return '<nil>';
  if (typeof value === 'string' || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint') return goNumber(value);
  if (isJsonArray(value)) return `[${value.map(goValue).join(' ')}]`;
  const entries = Object.entries(value).sort(([a], [b]) => compareBytes(a, b));
  return `map[${entries.map(([key, item]) => `${key}:${goValue(item ?? null)}`).join(' ')}]`;
}

/** Returns the Go type of a value of a decoded object. */
export function goTypeName(value: Json): string {
  if (value === null) return '<nil>';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number' || typeof value === 'bigint') {
    return goNumberKind(value) === 'int' ? 'int64' : 'float64';
  }
  return isJsonArray(value) ? '[]interface {}' : 'map[string]interface {}';
}

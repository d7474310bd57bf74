// Values as Go's fmt writes them, where kubectl's output or messages depend on it. Entry points: goNumber, goValue,
// goTypeName. Quoted strings are model/go-quote.ts, JSON is json.ts.

import { isJsonArray } from '../model/object.ts';
import type { Json } from '../model/object.ts';
import { compareBytes } from './key-order.ts';

/** What a JSON number is to Go's decoder of Kubernetes objects: an int64 where it fits, otherwise a float64. */
export type GoNumberKind = 'int' | 'float';

/**
 * Whether Go holds a number as int64 or as float64. `1.0` and `1e3` cannot be told from `1` and `1000` any more, nor can
 * they after the API server has written them: it writes integral floats below 1e21 without point and exponent.
 */
export function goNumberKind(value: number | bigint): GoNumberKind {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'int' : 'float';
  return BigInt.asIntN(64, value) === value ? 'int' : 'float';
}

/** A number as Go's `%v`: integers in full, floats with the shortest digits and exponents below -4 and from 6 on. */
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

/** A decoded JSON value as Go's `%v` shows it: `map[a:1 b:[x y]]`, `<nil>`, strings bare. */
export function goValue(value: Json): string {
  if (value === null) return '<nil>';
  if (typeof value === 'string' || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint') return goNumber(value);
  if (isJsonArray(value)) return `[${value.map(goValue).join(' ')}]`;
  const entries = Object.entries(value).sort(([a], [b]) => compareBytes(a, b));
  return `map[${entries.map(([key, item]) => `${key}:${goValue(item ?? null)}`).join(' ')}]`;
}

/** The Go type that a value of a decoded object has. */
export function goTypeName(value: Json): string {
  if (value === null) return '<nil>';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number' || typeof value === 'bigint') {
    return goNumberKind(value) === 'int' ? 'int64' : 'float64';
  }
  return isJsonArray(value) ? '[]interface {}' : 'map[string]interface {}';
}

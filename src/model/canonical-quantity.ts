// Formats quantities in the canonical form of the API server: `1024Mi` becomes `1Gi`, `0.5` becomes
// `500m`. Entry points: `canonicalQuantity`, `exactQuantity`. model/quantity.ts parses and compares
// them.

import { compareQuantities, parseQuantity, type Quantity } from './quantity.ts';

const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const nano = 1_000_000_000n;

/**
 * Returns the canonical form of a quantity: no fraction, and the largest suffix that avoids one,
 * from the family of suffixes in the text. Rounds what is finer than a billionth up, away from
 * zero.
 * @returns undefined if the text is not a quantity, or is larger than anything a cluster has
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function canonicalQuantity(text: string): string | undefined {
  const quantity = parseQuantity(text);
  // A larger exponent would only build a huge integer.
  if (quantity === undefined || quantity.exponent > 30) return undefined;
  const nanos = quantity.digits * 10n ** BigInt(quantity.exponent + 9);
  const minus = quantity.sign < 0 ? '-' : '';
  if (text.endsWith('i') && nanos >= 1024n * nano) return minus + binaryForm((nanos + nano - 1n) / nano);
  return minus + decimalForm(nanos, /\d[eE][+-]?\d/.test(text));
}

/** The family of suffixes. */
export type QuantityForm = 'binary' | 'decimal' | 'exponent';

/**
 * Formats a quantity with the largest suffix that avoids a fraction. Unlike the API's canonical
 * form it rounds nothing: a number of bytes that is not whole is written with decimal suffixes.
 * @returns undefined for a quantity larger than anything a cluster has
 */
export function exactQuantity({ sign, digits, exponent }: Quantity, form: QuantityForm): string | undefined {
  if (exponent > 30) return undefined;
  const nanos = digits * 10n ** BigInt(exponent + 9);
  const minus = sign < 0 ? '-' : '';
  const isBinary = form === 'binary' && nanos >= 1024n * nano && nanos % nano === 0n;
  return minus + (isBinary ? binaryForm(nanos / nano) : decimalForm(nanos, form === 'exponent'));
}

/**
 * True if the first quantity is greater than the second. False if one of them is not a quantity.
 */
export function isMore(a: string, b: string): boolean {
  const [first, second] = [parseQuantity(a), parseQuantity(b)];
  return first !== undefined && second !== undefined && compareQuantities(first, second) > 0;
}

function binaryForm(value: bigint): string {
  let index = 0;
  let mantissa = value;
  while (mantissa % 1024n === 0n && index < binarySuffixes.length - 1) {
    mantissa /= 1024n;
    index += 1;
  }
  return `${mantissa}${binarySuffixes[index] ?? ''}`;
}

function decimalForm(nanos: bigint, asExponent: boolean): string {
  if (nanos === 0n) return '0';
  let index = 0;
  let mantissa = nanos;
  while (mantissa % 1000n === 0n && index < decimalSuffixes.length - 1) {
    mantissa /= 1000n;
    index += 1;
  }
  if (!asExponent) return `${mantissa}${decimalSuffixes[index] ?? ''}`;
  const power = 3 * (index - 3);
  return power === 0 ? `${mantissa}` : `${mantissa}e${power}`;
}

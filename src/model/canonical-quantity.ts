// Quantities in the canonical form in which the server hands them out: `1024Mi` becomes `1Gi`, `0.5` becomes `500m`.
// Entry points: `canonicalQuantity`, `exactQuantity`. Reading and comparing them is model/quantity.ts's.

import { compareQuantities, parseQuantity, type Quantity } from './quantity.ts';

const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const nano = 1_000_000_000n;

/**
 * The canonical spelling of a quantity: no fraction, the largest suffix that leaves none, the family of suffixes it
 * was written in. Finer than a billionth is rounded up, away from zero.
 * @returns undefined where the text is no quantity, or one beyond anything that a cluster has
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function canonicalQuantity(text: string): string | undefined {
  const quantity = parseQuantity(text);
  // A power beyond any representable quantity would only build a huge integer.
  if (quantity === undefined || quantity.exponent > 30) return undefined;
  const nanos = quantity.digits * 10n ** BigInt(quantity.exponent + 9);
  const minus = quantity.sign < 0 ? '-' : '';
  if (text.endsWith('i') && nanos >= 1024n * nano) return minus + binaryForm((nanos + nano - 1n) / nano);
  return minus + decimalForm(nanos, /\d[eE][+-]?\d/.test(text));
}

/** The family of suffixes. */
export type QuantityForm = 'binary' | 'decimal' | 'exponent';

/**
 * A quantity in the largest suffix that leaves no fraction. Unlike the API's own form nothing is rounded: what is no whole number of
 * bytes is written with decimal suffixes.
 * @returns undefined beyond anything that a cluster has
 */
export function exactQuantity({ sign, digits, exponent }: Quantity, form: QuantityForm): string | undefined {
  if (exponent > 30) return undefined;
  const nanos = digits * 10n ** BigInt(exponent + 9);
  const minus = sign < 0 ? '-' : '';
  const isBinary = form === 'binary' && nanos >= 1024n * nano && nanos % nano === 0n;
  return minus + (isBinary ? binaryForm(nanos / nano) : decimalForm(nanos, form === 'exponent'));
}

/** Whether the first quantity is more than the second; no where one of them is none. */
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

// Quantities of resources (`500m`, `1Gi`, `2e3`) as values that can be compared. Entry points:
// parseQuantity, compareQuantities.

/**
 * The exact value `sign * digits * 10^exponent`. Kept in this form because the exponent can be
 * anything: `1e999999999` is a quantity and must not be multiplied out.
 */
export interface Quantity {
  readonly sign: -1 | 0 | 1;
  /** Not negative. 0 only if `sign` is 0. */
  readonly digits: bigint;
  readonly exponent: number;
}

const pattern = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?[0-9]+))?$/;
const decimalExponents: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const binaryShifts: Readonly<Record<string, bigint>> = {
  Ki: 10n,
  Mi: 20n,
  Gi: 30n,
  Ti: 40n,
  Pi: 50n,
  Ei: 60n,
};
const minExponent = -9;
const maxBinaryDigits = 2n ** 63n - 1n;

/**
 * Parses a quantity. Rounds anything finer than a billionth away from zero, as the API does.
 * @returns undefined if the text is not a quantity. Go's parser reads a suffix or a sign without
 *   any digit (`k`, `-`) as zero; here that is not a quantity.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function parseQuantity(text: string): Quantity | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', suffix = '', written = ''] = match;
  if (whole === '' && fraction === '') return undefined;
  const shift = binaryShifts[suffix];
  let digits = BigInt(whole + fraction) << (shift ?? 0n);
  if (digits === 0n) return { sign: 0, digits, exponent: 0 };
  let exponent = (decimalExponents[suffix] ?? Number(written)) - fraction.length;
  if (exponent < minExponent) {
    digits = divideUp(digits, minExponent - exponent);
    exponent = minExponent;
  }
  const quantity: Quantity = { sign: sign === '-' ? -1 : 1, digits, exponent };
  if (shift === undefined) return quantity;
  const maxQuantity: Quantity = { sign: quantity.sign, digits: maxBinaryDigits, exponent: 0 };
  return compareSizes(quantity, maxQuantity) > 0 ? maxQuantity : quantity;
}

/**
 * Returns a negative number, zero or a positive number if `a` is less than, equal to or greater
 * than `b`.
 */
export function compareQuantities(a: Quantity, b: Quantity): number {
  if (a.sign !== b.sign || a.sign === 0) return a.sign - b.sign;
  return a.sign > 0 ? compareSizes(a, b) : compareSizes(b, a);
}

function compareSizes(a: Quantity, b: Quantity): number {
  const magnitude = magnitudeOf(a) - magnitudeOf(b);
  if (magnitude !== 0) return magnitude;
  // At the same magnitude, the exponents differ by at most the difference of the digits' lengths.
  const exponent = Math.min(a.exponent, b.exponent);
  const left = a.digits * 10n ** BigInt(a.exponent - exponent);
  const right = b.digits * 10n ** BigInt(b.exponent - exponent);
  return left < right ? -1 : left > right ? 1 : 0;
}

function magnitudeOf(quantity: Quantity): number {
  return String(quantity.digits).length + quantity.exponent;
}

/** Returns `digits / 10^power`, rounded up. */
function divideUp(digits: bigint, power: number): bigint {
  if (power >= String(digits).length) return 1n;
  const divisor = 10n ** BigInt(power);
  return (digits + divisor - 1n) / divisor;
}

/**
 * Max difference of the exponents of two summands. Quantities of a cluster are closer, and the sum
 * is written out.
 */
const maxDistance = 100;

/**
 * Adds two quantities exactly.
 * @returns undefined if one is so much larger than the other that the sum would need hundreds of
 *   digits
 */
export function addQuantities(a: Quantity, b: Quantity): Quantity | undefined {
  if (a.sign === 0) return b;
  if (b.sign === 0) return a;
  if (Math.abs(a.exponent - b.exponent) > maxDistance) return undefined;
  const exponent = Math.min(a.exponent, b.exponent);
  const [left, right] = [a, b].map(
    ({ sign, digits, exponent: own }) => BigInt(sign) * digits * 10n ** BigInt(own - exponent),
  );
  const sum = (left ?? 0n) + (right ?? 0n);
  if (sum === 0n) return { sign: 0, digits: 0n, exponent: 0 };
  return { sign: sum < 0n ? -1 : 1, digits: sum < 0n ? -sum : sum, exponent };
}

/** Returns the quantity as an integer. Undefined if it has a fraction or exceeds any int by far. */
export function wholeQuantity({ sign, digits, exponent }: Quantity): bigint | undefined {
  if (exponent > maxDistance) return undefined;
  if (exponent >= 0) return BigInt(sign) * digits * 10n ** BigInt(exponent);
  const divisor = 10n ** BigInt(-exponent);
  return digits % divisor === 0n ? (BigInt(sign) * digits) / divisor : undefined;
}

// Quantities of resources (`500m`, `1Gi`, `2e3`) as values that can be compared. Entry points: parseQuantity,
// compareQuantities.

/**
 * `sign * digits * 10^exponent`, exactly. Kept in this form because the exponent is the writer's choice: `1e999999999` is
 * a quantity, and multiplying it out is not an option.
 */
export interface Quantity {
  readonly sign: -1 | 0 | 1;
  /** Not negative; 0 only where `sign` is. */
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
const smallestExponent = -9;
const maxBinaryDigits = 2n ** 63n - 1n;

/**
 * Reads a quantity. Anything finer than a billionth is rounded away from zero, as the API does.
 * @returns undefined where the text is none. Go's parser takes a suffix or a sign without any digit (`k`, `-`) for
 *   zero; here that is text.
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
  if (exponent < smallestExponent) {
    digits = divideUp(digits, smallestExponent - exponent);
    exponent = smallestExponent;
  }
  const quantity: Quantity = { sign: sign === '-' ? -1 : 1, digits, exponent };
  if (shift === undefined) return quantity;
  const maxQuantity: Quantity = { sign: quantity.sign, digits: maxBinaryDigits, exponent: 0 };
  return compareSizes(quantity, maxQuantity) > 0 ? maxQuantity : quantity;
}

/** Negative, zero or positive as `a` is less than, equal to or greater than `b`. */
export function compareQuantities(a: Quantity, b: Quantity): number {
  if (a.sign !== b.sign || a.sign === 0) return a.sign - b.sign;
  return a.sign > 0 ? compareSizes(a, b) : compareSizes(b, a);
}

function compareSizes(a: Quantity, b: Quantity): number {
  const magnitude = magnitudeOf(a) - magnitudeOf(b);
  if (magnitude !== 0) return magnitude;
  // Of the same magnitude, the exponents differ by no more than the digits' lengths do.
  const exponent = Math.min(a.exponent, b.exponent);
  const left = a.digits * 10n ** BigInt(a.exponent - exponent);
  const right = b.digits * 10n ** BigInt(b.exponent - exponent);
  return left < right ? -1 : left > right ? 1 : 0;
}

function magnitudeOf(quantity: Quantity): number {
  return String(quantity.digits).length + quantity.exponent;
}

/** `digits / 10^power`, rounded up. */
function divideUp(digits: bigint, power: number): bigint {
  if (power >= String(digits).length) return 1n;
  const divisor = 10n ** BigInt(power);
  return (digits + divisor - 1n) / divisor;
}

/** Decimal places that two summands may be apart: no cluster has more, and the sum is written out. */
const maxDistance = 100;

/**
 * Adds two quantities, exactly.
 * @returns undefined where one is so much larger than the other that the sum would need hundreds of digits
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

/** The quantity as an integer; undefined where it has a fraction or is far beyond any int. */
export function wholeQuantity({ sign, digits, exponent }: Quantity): bigint | undefined {
  if (exponent > maxDistance) return undefined;
  if (exponent >= 0) return BigInt(sign) * digits * 10n ** BigInt(exponent);
  const divisor = 10n ** BigInt(-exponent);
  return digits % divisor === 0n ? (BigInt(sign) * digits) / divisor : undefined;
}

// Quantities in the canonical form in which the server hands them out: `1024Mi` becomes `1Gi`, `0.5` becomes `500m`.
// Entry points: `canonicalQuantity`, `compareQuantities`.

const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const nano = 1_000_000_000n;

/**
 * The canonical spelling of a quantity: no fraction, the largest suffix that leaves none, the family of suffixes it
 * was written in. Finer than a billionth is rounded up, away from zero.
 * @returns undefined where the text is no quantity
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function canonicalQuantity(text: string): string | undefined {
  const quantity = parseQuantity(text);
  if (quantity === undefined) return undefined;
  const { nanos, family } = quantity;
  const minus = nanos < 0n ? '-' : '';
  const size = nanos < 0n ? -nanos : nanos;
  if (family === 'binary' && size >= 1024n * nano) return minus + binaryForm(ceilDiv(size, nano));
  return minus + decimalForm(size, family === 'exponent');
}

/**
 * Below, at or above zero as `a` is less than, equal to or more than `b`; what is no quantity counts as zero.
 */
export function compareQuantities(a: string, b: string): number {
  const difference = (parseQuantity(a)?.nanos ?? 0n) - (parseQuantity(b)?.nanos ?? 0n);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

interface Quantity {
  /** In billionths. */
  readonly nanos: bigint;
  readonly family: 'binary' | 'decimal' | 'exponent';
}

function parseQuantity(text: string): Quantity | undefined {
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d+))?$/.exec(text);
  if (parts === null) return undefined;
  const [, sign = '', whole = '', fraction = '', suffix = '', exponent] = parts;
  if (whole === '' && fraction === '') return undefined;
  const isBinary = suffix.endsWith('i');
  const digits = BigInt(`${whole}${fraction}`);
  const decimalPower =
    exponent !== undefined ? Number(exponent) : isBinary ? 0 : 3 * (decimalSuffixes.indexOf(suffix) - 3);
  const scale = 9 + decimalPower - fraction.length;
  // A power beyond any representable quantity would only build a huge integer.
  if (Math.abs(scale) > 60) return undefined;
  const factor = isBinary ? 1024n ** BigInt(binarySuffixes.indexOf(suffix)) : 1n;
  const size =
    scale >= 0 ? digits * factor * 10n ** BigInt(scale) : ceilDiv(digits * factor, 10n ** BigInt(-scale));
  return {
    nanos: sign === '-' ? -size : size,
    family: exponent !== undefined ? 'exponent' : isBinary ? 'binary' : 'decimal',
  };
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

function ceilDiv(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}

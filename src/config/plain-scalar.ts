// Resolves an unquoted YAML scalar as kubectl does: YAML 1.1 with the exceptions of the Go library.
// Entry point: resolvePlainScalar.

const words: ReadonlyMap<string, null | boolean | number> = new Map<string, null | boolean | number>([
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(
    (word) => [word, true] as const,
  ),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(
    (word) => [word, false] as const,
  ),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word) => [word, Infinity] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, -Infinity] as const),
]);

const maxWordLength = 5;

const maxInt64 = 2n ** 63n - 1n;
const maxUint64 = 2n ** 64n - 1n;

/**
 * Returns the value of a plain scalar. `yes` and `on` are booleans; `0x10`, `0o7`, `010` and
 * `1_000` are integers. Dates, base-60 numbers (`1:30`) and numbers too large for Go (`5e1234567`)
 * are text, because the library that kubectl uses reads them as text.
 * @returns a bigint for integers of 64 bits beyond 2^53
 * @see https://yaml.org/type/
 */
export function resolvePlainScalar(text: string): null | boolean | number | bigint | string {
  if (text.length <= maxWordLength) {
    const word = words.get(text);
    if (word !== undefined) return word;
  }
  return /^[-+.0-9]/.test(text) ? (numberOf(text) ?? text) : text;
}

/** True if go-yaml reads a text as a date, with a time or without one. */
export function isTimestamp(text: string): boolean {
  const date =
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?:Z|[-+]\d\d:\d\d))| \d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?)?$/.exec(
      text,
    );
  if (date === null) return false;
  const [year, month, day] = date.slice(1, 4).map(Number);
  return new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day)).getUTCMonth() === (month ?? 0) - 1;
}

function numberOf(text: string): number | bigint | undefined {
  // A leading dot can only start a float, and underscores must be between digits.
  if (text.startsWith('.')) {
    const isFloat = /^\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?$/.test(text);
    return isFloat ? floatOf(text.replaceAll('_', '')) : undefined;
  }
  const digits = text.replaceAll('_', '');
  const integer = integerOf(digits);
  if (integer !== undefined) return integer;
  // A decimal that is too long for an integer is a float, even with leading zeros.
  return /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/.test(digits)
    ? floatOf(digits)
    : undefined;
}

/** Parses an integer in Go's notations that fits in 64 bits, with a sign or without one. */
function integerOf(digits: string): number | bigint | undefined {
  const parts = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/.exec(digits);
  if (parts === null) return undefined;
  const [, sign, magnitude = ''] = parts;
  const value = BigInt(magnitude.replace(/^0[oO]?(?=[0-7])/, '0o'));
  if (sign === '-' ? value > maxInt64 + 1n : value > (sign === '' ? maxUint64 : maxInt64)) return undefined;
  const near = Number(value);
  if (Number.isSafeInteger(near)) return sign === '-' && near !== 0 ? -near : near;
  return sign === '-' ? -value : value;
}

function floatOf(text: string): number | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

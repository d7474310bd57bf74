// What an unquoted YAML scalar means to kubectl: YAML 1.1 with the Go library's exceptions. Entry: resolvePlainScalar.

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

const longestWord = 5;

/**
 * The value of a plain scalar. `yes` and `on` are booleans, `0x10`, `0o7`, `010` and `1_000` integers; dates and
 * base-60 numbers (`1:30`) stay text, because the library below kubectl keeps them so.
 * @see https://yaml.org/type/
 */
export function resolvePlainScalar(text: string): null | boolean | number | string {
  if (text.length <= longestWord) {
    const word = words.get(text);
    if (word !== undefined) return word;
  }
  return /^[-+.0-9]/.test(text) ? (numberOf(text) ?? text) : text;
}

function numberOf(text: string): number | undefined {
  // A leading dot may start a float only, and no underscores there.
  if (text.startsWith('.')) return /^\.[0-9]+(?:[eE][-+]?[0-9]+)?$/.test(text) ? Number(text) : undefined;
  const digits = text.replaceAll('_', '');
  const based = /^([-+]?)0(?:[xX]([0-9a-fA-F]+)|[oO]?([0-7]+)|[bB]([01]+))$/.exec(digits);
  if (based !== null) {
    const [, sign, hex, octal, binary] = based;
    const value = Number.parseInt(
      hex ?? octal ?? binary ?? '',
      hex !== undefined ? 16 : octal !== undefined ? 8 : 2,
    );
    return sign === '-' && value !== 0 ? -value : value;
  }
  return /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/.test(digits)
    ? Number(digits)
    : undefined;
}

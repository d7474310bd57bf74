// Quotes strings as Go's strconv does, for kubectl's messages and the kubelet's files. Entry
// points: goQuote, isPrintable.

const shortEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** Quotes a string as Go's `%q` does. */
export function goQuote(text: string): string {
  let quoted = '"';
  for (const character of text) {
    const short = shortEscapes[character];
    if (short !== undefined) quoted += short;
    else if (isPrintable(character)) quoted += character;
    else quoted += numericEscape(character);
  }
  return `${quoted}"`;
}

/**
 * True for the characters that Go's IsPrint accepts: letters, marks, numbers, punctuation, symbols
 * and the ASCII space.
 */
export function isPrintable(character: string): boolean {
  return character === ' ' || /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character);
}

function numericEscape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code < 0x80) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

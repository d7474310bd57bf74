// The keys of impersonated extra attributes, as header names carry them.

/**
 * An extra key as part of a header name: lower case, and every byte that may not stand in a header name (the percent
 * sign too) percent-encoded.
 */
export function encodeExtraKey(key: string): string {
  let encoded = '';
  for (const byte of Buffer.from(key.toLowerCase())) {
    const char = String.fromCharCode(byte);
    encoded += /[!#$&'*+.^_`|~\w-]/.test(char)
      ? char
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

// Encodes the keys of impersonated extra attributes for header names.

/**
 * Encodes an extra key as part of a header name: lower case, and every byte that a header name
 * cannot contain (including the percent sign) percent-encoded.
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

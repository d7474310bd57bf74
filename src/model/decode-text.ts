// Decodes bytes to text by their byte order mark. Entry point: decodeText. Pure.

import { isUtf8 } from 'node:buffer';

/**
 * Stands for bytes that are not UTF-8. Not U+FFFD, which a text can contain: another program can
 * have written it for a character that it could not read.
 */
export const undecodable = '\udfff';

/** Decodes bytes. Drops a byte order mark, which selects the encoding. Default: UTF-8. */
export function decodeText(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le', 2);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    const even = bytes.subarray(2, bytes.length - (bytes.length % 2));
    return Buffer.from(even).swap16().toString('utf16le');
  }
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const text = bytes.toString('utf8', hasMark ? 3 : 0);
  return text.includes('\ufffd') && !isUtf8(bytes) ? text.replaceAll('\ufffd', undecodable) : text;
}

// Checks PEM before kapi passes it to OpenSSL: which certificates of a bundle are valid, and
// whether there is a private key. Rewrites PEM that Go accepts and OpenSSL does not. Opens no files
// and does not throw for invalid text.

import { X509Certificate } from 'node:crypto';

/** The valid certificates of a text. */
export interface CertificateBundle {
  /**
   * The valid certificates as PEM: the text itself if it contains nothing else and OpenSSL accepts
   * it, otherwise rewritten. Empty if there are no valid certificates.
   */
  readonly pem: string;
  /** Number of valid certificates. */
  readonly certificates: number;
  /** Number of `CERTIFICATE` blocks that are not certificates and were omitted. */
  readonly skipped: number;
}

interface Block {
  readonly label: string;
  /** Base64 without white space. Undefined if it is not valid: Go drops such a block. */
  readonly body: string | undefined;
  /** RFC 1421 headers, such as `Proc-Type: 4,ENCRYPTED` of a traditional encrypted key. */
  readonly headers: readonly string[];
}

interface Pem {
  readonly blocks: readonly Block[];
  /** True if every parser finds these blocks, and nothing else that it tries to read. */
  readonly isStrict: boolean;
}

/**
 * Reads the certificates of a text. Skips invalid certificates, as Go's `AppendCertsFromPEM` does.
 * OpenSSL stops at the first invalid certificate and silently ignores the valid ones after it.
 */
export function readCertificateBundle(text: string): CertificateBundle {
  const { blocks, isStrict } = parsePem(text);
  const good: { readonly label: string; readonly body: string }[] = [];
  let skipped = 0;
  for (const { label, body, headers } of blocks) {
    if (label !== 'CERTIFICATE') continue;
    if (headers.length === 0 && body !== undefined && isCertificate(body)) good.push({ label, body });
    else skipped += 1;
  }
  // OpenSSL does not accept everything that Go accepts, such as blank lines and white space at the
  // ends of lines.
  const untouched = isStrict && good.length > 0 && good.length === blocks.length;
  return {
    pem: untouched ? text : good.map(writeBlock).join(''),
    certificates: good.length,
    skipped,
  };
}

export type PrivateKeyText =
  | { readonly kind: 'absent' | 'encrypted' }
  | {
      readonly kind: 'present';
      /** In a form that OpenSSL accepts. */
      readonly pem: string;
    };

/**
 * Finds the first private key in a text, as Go's tls.X509KeyPair does: the label need not match the
 * content, and blank lines are ignored.
 */
export function readPrivateKey(text: string): PrivateKeyText {
  const { blocks, isStrict } = parsePem(text);
  for (const { label, body, headers } of blocks) {
    if (body === undefined) continue;
    if (label !== 'PRIVATE KEY' && !label.endsWith(' PRIVATE KEY')) continue;
    const encrypted =
      label === 'ENCRYPTED PRIVATE KEY' || headers.some((header) => /^Proc-Type:.*ENCRYPTED/.test(header));
    if (encrypted) return { kind: 'encrypted' };
    const fitting = keyLabel(Buffer.from(body, 'base64')) ?? label;
    const untouched = fitting === label && isStrict;
    return { kind: 'present', pem: untouched ? text : writeBlock({ label: fitting, body }) };
  }
  return { kind: 'absent' };
}

/**
 * Returns the label that fits a key: PKCS#8, PKCS#1 or SEC1. Undefined for anything else. The forms
 * differ in the first elements of their SEQUENCE: the version (an INTEGER, `2, 1, n`), and then a
 * SEQUENCE (0x30) in PKCS#8, an INTEGER (2) in PKCS#1, and an OCTET STRING (4) in SEC1.
 * @see https://www.rfc-editor.org/rfc/rfc5958#section-2 PKCS#8
 * @see https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1.2 PKCS#1
 * @see https://www.rfc-editor.org/rfc/rfc5915#section-3 SEC1
 */
function keyLabel(der: Buffer): string | undefined {
  const [, length = 0] = der;
  const start = der.subarray(length > 0x80 ? 2 + (length & 0x7f) : 2);
  const begins = (...bytes: number[]): boolean => start.subarray(0, bytes.length).equals(Buffer.from(bytes));
  if (begins(2, 1, 0, 0x30) || begins(2, 1, 1, 0x30)) return 'PRIVATE KEY';
  if (begins(2, 1, 0, 2)) return 'RSA PRIVATE KEY';
  return begins(2, 1, 1, 4) ? 'EC PRIVATE KEY' : undefined;
}

const begin = '-----BEGIN ';
const end = '\n-----END ';
const dashes = '-----';

/**
 * Finds blocks as Go's `pem.Decode` does: the BEGIN line of a block is the last one before an END
 * line, both begin at the start of a line, and a malformed block is skipped.
 * @see https://pkg.go.dev/encoding/pem
 */
function parsePem(text: string): Pem {
  const blocks: Block[] = [];
  let isStrict = true;
  /** The end of the last block. */
  let blockEnd = 0;
  let from = 0;
  for (let endAt = text.indexOf(end); endAt >= 0; endAt = text.indexOf(end, from)) {
    const beginAt = from + text.slice(from, endAt).lastIndexOf(begin);
    const hasBegin = beginAt >= from && (beginAt === from || text[beginAt - 1] === '\n');
    from = endAt + end.length;
    const first = lineAt(text, beginAt + begin.length);
    if (!hasBegin || !first.line.endsWith(dashes)) continue;
    const label = first.line.slice(0, -dashes.length);
    const headers: string[] = [];
    let bodyAt = first.next;
    for (let header = lineAt(text, bodyAt); header.line.includes(':'); header = lineAt(text, bodyAt)) {
      headers.push(header.line);
      bodyAt = header.next;
    }
    // Go finds nothing more if the headers go on after the END line.
    if (bodyAt > from || bodyAt === text.length) break;
    const last = lineAt(text, from);
    if ((headers.length > 0 && bodyAt > endAt) || last.line !== `${label}${dashes}`) continue;
    const body = text.slice(bodyAt, Math.max(bodyAt, endAt)).replaceAll(/[ \t\r\n]/g, '');
    const isBase64 = body.length % 4 === 0 && base64.test(body);
    isStrict &&=
      headers.length === 0 &&
      isStrictBlock(text.slice(beginAt, last.next)) &&
      !text.slice(blockEnd, beginAt).includes(dashes);
    blocks.push({ label, body: isBase64 ? body : undefined, headers });
    blockEnd = last.next;
    if (isBase64) from = blockEnd;
  }
  return { blocks, isStrict: isStrict && !text.slice(blockEnd).includes(dashes) };
}

/** Returns a line without the white space at its end, and where the next line begins. */
function lineAt(text: string, at: number): { readonly line: string; readonly next: number } {
  const feed = text.indexOf('\n', at);
  let stop = feed < 0 ? text.length : feed;
  if (feed > at && text[feed - 1] === '\r') stop -= 1;
  while (stop > at && (text[stop - 1] === ' ' || text[stop - 1] === '\t')) stop -= 1;
  return { line: text.slice(at, stop), next: feed < 0 ? text.length : feed + 1 };
}

/**
 * True if every parser accepts a block without headers: lines of at most 76 characters of base64,
 * and no blank lines or white space at the ends of lines. RFC 7468 writes lines of 64 characters.
 */
function isStrictBlock(block: string): boolean {
  const lines = block.replace(/\n$/, '').split('\n');
  return lines.every((line, at) =>
    (at === 0 || at === lines.length - 1 ? /-----\r?$/ : /^[A-Za-z0-9+/]{1,76}={0,2}\r?$/).test(line),
  );
}

const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

function isCertificate(body: string): boolean {
  return readCertificate(Buffer.from(body, 'base64')) !== undefined;
}

/** Parses a certificate in PEM or DER. Undefined if the data is not a certificate. */
export function readCertificate(data: string | Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(data);
  } catch (error) {
    // Node throws an Error for data that is not a certificate.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

function writeBlock({ label, body }: { readonly label: string; readonly body: string }): string {
  const lines = body.match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

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
  /** Base64 without white space. */
  readonly body: string;
  /** RFC 1421 headers, such as `Proc-Type: 4,ENCRYPTED` of a traditional encrypted key. */
  readonly headers: readonly string[];
  /**
   * True if every parser accepts the block: lines of at most {@link maxLineLength} characters of
   * base64, and no headers, blank lines or white space at the ends of lines.
   */
  readonly isStrict: boolean;
}

/**
 * Reads the certificates of a text. Skips invalid certificates, as Go's `AppendCertsFromPEM` does.
 * OpenSSL stops at the first invalid certificate and silently ignores the valid ones after it.
 */
export function readCertificateBundle(text: string): CertificateBundle {
  const blocks = pemBlocks(text);
  const good: Block[] = [];
  let skipped = 0;
  for (const block of blocks) {
    if (block.label !== 'CERTIFICATE') continue;
    if (block.headers.length === 0 && isCertificate(block.body)) good.push(block);
    else skipped += 1;
  }
  // OpenSSL does not accept everything that Go accepts, such as blank lines and white space at the
  // ends of lines.
  const untouched =
    good.length === blocks.length && good.length > 0 && good.every(({ isStrict }) => isStrict);
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
  const blocks = pemBlocks(text);
  for (const block of blocks) {
    const { label, headers } = block;
    if (label !== 'PRIVATE KEY' && !label.endsWith(' PRIVATE KEY')) continue;
    const encrypted =
      label === 'ENCRYPTED PRIVATE KEY' || headers.some((header) => /^Proc-Type:.*ENCRYPTED/.test(header));
    if (encrypted) return { kind: 'encrypted' };
    const fitting = keyLabel(Buffer.from(block.body, 'base64')) ?? label;
    const untouched = fitting === label && blocks.every(({ isStrict }) => isStrict);
    return { kind: 'present', pem: untouched ? text : writeBlock({ ...block, label: fitting }) };
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

/**
 * Finds blocks as Go's encoding/pem does. The BEGIN and END lines are not indented, and only white
 * space can follow them. White space between the two lines is ignored.
 */
function pemBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let label: string | undefined;
  let lines: string[] = [];
  let headers: string[] = [];
  let isStrict = false;
  for (const raw of text.split('\n')) {
    const line = raw.trimEnd();
    const isWhole = raw.length === line.length || raw === `${line}\r`;
    if (line.startsWith('-----BEGIN ') && line.endsWith('-----')) {
      // A BEGIN line before the END line of the block: Go skips the unfinished block, OpenSSL does
      // not.
      isStrict = isWhole && label === undefined;
      label = line.slice(11, -5);
      lines = [];
      headers = [];
      continue;
    }
    if (label === undefined) continue;
    isStrict &&= isWhole && line !== '' && line.length <= maxLineLength;
    if (line === `-----END ${label}-----`) {
      const joined = lines.join('');
      const isPlain = base64.test(joined);
      const body = isPlain ? joined : joined.replaceAll(/\s/g, '');
      blocks.push({ label, body, headers, isStrict: isStrict && isPlain && headers.length === 0 });
      label = undefined;
    } else if (line.includes(':') && lines.length === 0) {
      headers.push(line);
    } else if (line !== '') {
      lines.push(line);
    }
  }
  return blocks;
}

/** Max characters of a line of base64 in a strict block. RFC 7468 writes 64; OpenSSL reads more. */
const maxLineLength = 76;
const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

function isCertificate(body: string): boolean {
  if (body.length % 4 !== 0 || !base64.test(body)) return false;
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

function writeBlock(block: Pick<Block, 'label' | 'body'>): string {
  const lines = block.body.match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${block.label}-----\n${lines.join('\n')}\n-----END ${block.label}-----\n`;
}

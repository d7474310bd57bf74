// Parses PEM as far as kapi needs before a TLS library sees it: which certificates of a bundle are
// valid, and whether there is a private key. Opens no files and never throws.

import { X509Certificate } from 'node:crypto';

/** The certificates of a text. */
export interface CertificateBundle {
  /**
   * The valid certificates: the text itself if it contains nothing else, otherwise rewritten.
   * Empty: no certificates.
   */
  readonly pem: string;
  readonly certificates: number;
  /** Number of `CERTIFICATE` blocks that are not certificates and were omitted. */
  readonly skipped: number;
}

interface Block {
  readonly label: string;
  /** Base64 without white space. */
  readonly body: string;
  /** RFC 1421 headers, which encrypted keys of the old form have. */
  readonly headers: readonly string[];
  /**
   * True for the form that every parser accepts: full lines of base64 with nothing else between
   * them.
   */
  readonly isStrict: boolean;
}

/**
 * Reads the certificates of a text. Skips invalid ones, as Go's `AppendCertsFromPEM` does: OpenSSL
 * would stop at the first invalid one and silently ignore the valid ones after it.
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
 * Returns the label for a key by the beginning of its DER: PKCS#8, PKCS#1 or SEC1. Undefined for
 * anything else.
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
 * Finds blocks as Go's encoding/pem does: the first and last line of a block have nothing before
 * them and only white space after them, and white space between them is ignored. An indented block
 * is not a block.
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
      // OpenSSL does not skip a block that another one interrupts.
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

/** Max characters of a line of base64. RFC 7468 writes 64; OpenSSL reads more. */
const maxLineLength = 76;
const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

function isCertificate(body: string): boolean {
  if (body.length % 4 !== 0 || !base64.test(body)) return false;
  return readCertificate(Buffer.from(body, 'base64')) !== undefined;
}

/** Parses a PEM block or DER. Undefined if it is not a certificate. */
export function readCertificate(data: string | Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(data);
  } catch (error) {
    // Node has no other way to report it. Anything that is not an Error would be a bug.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

function writeBlock(block: Pick<Block, 'label' | 'body'>): string {
  const lines = block.body.match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${block.label}-----\n${lines.join('\n')}\n-----END ${block.label}-----\n`;
}

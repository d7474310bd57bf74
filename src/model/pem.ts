// Reading PEM as far as it must be understood before a TLS library sees it: which certificates of a bundle are
// good, whether there is a private key. Nothing here opens files or throws.

import { X509Certificate } from 'node:crypto';

/** What a text held in the way of certificates. */
export interface CertificateBundle {
  /** The good certificates: the text itself where it holds nothing else, otherwise written anew. Empty: none. */
  readonly pem: string;
  readonly certificates: number;
  /** `CERTIFICATE` blocks that are no certificates and were left out. */
  readonly skipped: number;
}

interface Block {
  readonly label: string;
  /** Base64 without white space. */
  readonly body: string;
  /** RFC 1421 headers, as encrypted keys of the old form have. */
  readonly headers: readonly string[];
}

/**
 * The certificates in a text. Bad ones beside good ones are skipped, as Go's `AppendCertsFromPEM` does: OpenSSL
 * would stop at the first bad one and silently forget the good ones behind it.
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
  const untouched = good.length === blocks.length && good.length > 0;
  return {
    pem: untouched ? text : good.map(writeBlock).join(''),
    certificates: good.length,
    skipped,
  };
}

/** Whether a text has a private key that can be used without a passphrase. */
export function privateKeyIn(text: string): 'present' | 'encrypted' | 'absent' {
  for (const { label, headers } of pemBlocks(text)) {
    if (label !== 'PRIVATE KEY' && !label.endsWith(' PRIVATE KEY')) continue;
    const encrypted =
      label === 'ENCRYPTED PRIVATE KEY' || headers.some((header) => /^Proc-Type:.*ENCRYPTED/.test(header));
    return encrypted ? 'encrypted' : 'present';
  }
  return 'absent';
}

function pemBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let label: string | undefined;
  let body: string[] = [];
  let headers: string[] = [];
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line.startsWith('-----BEGIN ') && line.endsWith('-----')) {
      label = line.slice(11, -5);
      body = [];
      headers = [];
    } else if (label === undefined) {
      continue;
    } else if (line === `-----END ${label}-----`) {
      blocks.push({ label, body: body.join('').replaceAll(/\s/g, ''), headers });
      label = undefined;
    } else if (line.includes(':')) {
      headers.push(line);
    } else {
      body.push(line);
    }
  }
  return blocks;
}

function isCertificate(base64: string): boolean {
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return false;
  try {
    new X509Certificate(Buffer.from(base64, 'base64'));
    return true;
  } catch (error) {
    // The parser's only way to say no; anything that is not an Error would be a fault of its own.
    if (error instanceof Error) return false;
    throw error;
  }
}

function writeBlock(block: Block): string {
  const lines = block.body.match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${block.label}-----\n${lines.join('\n')}\n-----END ${block.label}-----\n`;
}

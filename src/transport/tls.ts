// What TLS with a party must look like: which authorities count, which name is checked, which name is sent.
// Decisions and the check of names are pure; system-roots.ts reads the system's authorities, connect.ts shakes hands.

import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { CaSource } from '../config/cluster-config.ts';
import { ConfigError } from '../errors.ts';

/** Whom to believe. */
export type Trust =
  /** `insecure-skip-tls-verify`: neither chain nor name is looked at. */
  | { readonly kind: 'anyone' }
  /** Every certificate is an anchor, intermediates and the server's own leaf included, as in Go. */
  | { readonly kind: 'bundle'; readonly certificates: readonly string[]; readonly from: string }
  | { readonly kind: 'system' };

export type TlsDecision =
  | { readonly kind: 'plain' }
  | {
      readonly kind: 'tls';
      readonly trust: Trust;
      /** Name or address that the certificate must be valid for. */
      readonly name: string;
      /** Server name indication; undefined for addresses, which RFC 6066 section 3 forbids there. */
      readonly sni: string | undefined;
    };

export interface TlsFacts {
  /** Host that is connected to, without brackets. */
  readonly host: string;
  readonly secure: boolean;
  readonly ca: CaSource | undefined;
  readonly insecure: boolean;
  readonly tlsServerName: string | undefined;
}

/**
 * Decides TLS with the server or with an https proxy (which kubectl checks by the same rules).
 * @throws ConfigError `CaInvalid` when a CA is given that holds no certificate
 */
export function decideTls({ host, secure, ca, insecure, tlsServerName }: TlsFacts): TlsDecision {
  if (!secure) return { kind: 'plain' };
  const name = (tlsServerName ?? host).replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  return {
    kind: 'tls',
    trust: insecure ? { kind: 'anyone' } : decideTrust(ca),
    name,
    sni: isIP(name) === 0 ? name : undefined,
  };
}

function decideTrust(ca: CaSource | undefined): Trust {
  // kubectl takes an empty file for no file.
  if (ca === undefined || ca.pem.trim() === '') return { kind: 'system' };
  const from = ca.path ?? ca.origin.text;
  const certificates = splitPem(ca.pem);
  // Bad certificates beside good ones are skipped, by OpenSSL too: each block is handed over on its own.
  if (certificates.some(isCertificate)) return { kind: 'bundle', certificates, from };
  throw new ConfigError(`${from} holds no certificate that can be read`, {
    code: 'CaInvalid',
    hint: 'the certificate authority must be one or several PEM blocks "BEGIN CERTIFICATE"',
  });
}

/** The `CERTIFICATE` blocks of a PEM text; other blocks and the text between are passed over. */
export function splitPem(pem: string): string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
}

function isCertificate(pem: string): boolean {
  return readCertificate(pem) !== undefined;
}

/** A PEM block or DER as a certificate; undefined where it is none. */
export function readCertificate(data: string | Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(data);
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/**
 * Whether a name stands among the alternative names letter for letter, as it mostly does: that can be told without taking the certificate
 * apart again. Other spellings and wildcards are for {@link nameMismatch}.
 */
export function namesExactly(subjectAltName: string | undefined, name: string): boolean {
  const type = isIP(name) === 0 ? 'DNS' : 'IP Address';
  return namesIn(subjectAltName ?? '').some((entry) => entry.type === type && entry.value === name);
}

/** Why a certificate does not stand for a name, in the words of Go's x509 package; undefined when it does. */
export function nameMismatch(certificate: X509Certificate, name: string): string | undefined {
  const wanted = isIP(name) === 0 ? 'DNS' : 'IP Address';
  const matched =
    wanted === 'DNS'
      ? // The common name never counts, even where there is no SAN: Go and browsers have dropped it.
        certificate.checkHost(name, { subject: 'never', partialWildcards: false })
      : certificate.checkIP(name);
  if (matched !== undefined) return undefined;
  const names = alternativeNames(certificate);
  const offered = names.filter((entry) => entry.type === wanted).map((entry) => entry.value);
  if (wanted === 'IP Address') {
    return offered.length === 0
      ? `x509: cannot validate certificate for ${name} because it doesn't contain any IP SANs`
      : `x509: certificate is valid for ${offered.join(', ')}, not ${name}`;
  }
  if (names.length === 0 && /^CN=/m.test(certificate.subject)) {
    return 'x509: certificate relies on legacy Common Name field, use SANs instead';
  }
  return offered.length === 0
    ? `x509: certificate is not valid for any names, but wanted to match ${name}`
    : `x509: certificate is valid for ${offered.join(', ')}, not ${name}`;
}

/** Subject alternative names for display; values that OpenSSL had to quote keep their quotes. */
export function alternativeNames(certificate: X509Certificate): { type: string; value: string }[] {
  return namesIn(certificate.subjectAltName ?? '');
}

function namesIn(text: string): { type: string; value: string }[] {
  return [...text.matchAll(/(?:^|, )([A-Za-z][A-Za-z ]*):("(?:[^"\\]|\\.)*"|[^,]*)/g)].map(
    ([, type = '', value = '']) => ({ type, value }),
  );
}

/** A distinguished name on one line, most specific part first as kubectl and OpenSSL's one-line form print it. */
export function oneLineName(name: string): string {
  return name.split('\n').filter(Boolean).join(', ');
}

// What TLS with a party must look like: which authorities count, which name is checked, which name is sent.
// Pure; system-roots.ts reads the system's authorities, connect.ts shakes hands, verify-chain.ts judges.

import { isIP } from 'node:net';
import type { CaSource } from '../config/cluster-config.ts';
import { ConfigError } from '../errors.ts';
import { readCertificate } from '../model/pem.ts';
import { parseCertificate } from './certificate.ts';
import { ipText } from './host-names.ts';

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
  const name = (tlsServerName ?? host).replace(/^\[(.*)\]$/, '$1');
  return {
    kind: 'tls',
    trust: insecure ? { kind: 'anyone' } : decideTrust(ca),
    name,
    sni: isIP(name) === 0 ? name.replace(/\.$/, '') : undefined,
  };
}

function decideTrust(ca: CaSource | undefined): Trust {
  // kubectl takes an empty file for no file.
  if (ca === undefined || ca.pem.trim() === '') return { kind: 'system' };
  const from = ca.path ?? ca.origin.text;
  const certificates = splitPem(ca.pem);
  // Bad certificates beside good ones are skipped, by OpenSSL too: each block is handed over on its own.
  if (certificates.some((pem) => readCertificate(pem) !== undefined))
    return { kind: 'bundle', certificates, from };
  throw new ConfigError(`${from} holds no certificate that can be read`, {
    code: 'CaInvalid',
    hint: 'the certificate authority must be one or several PEM blocks "BEGIN CERTIFICATE"',
  });
}

/** The `CERTIFICATE` blocks of a PEM text; other blocks and the text between are passed over. */
export function splitPem(pem: string): string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
}

/** Whether the other side must show certificates that are trusted. */
export function isVerified(decision: TlsDecision): boolean {
  return decision.kind === 'tls' && decision.trust.kind !== 'anyone';
}

/** The bytes of a PEM block. */
export function derOf(block: string): Buffer {
  return Buffer.from(block.replaceAll(/-----[^-]+-----/g, ''), 'base64');
}

/** The names and addresses that a certificate is valid for; empty where it cannot be read. */
export function namesOf(raw: Buffer | undefined): {
  readonly dns: readonly string[];
  readonly ips: readonly string[];
} {
  const certificate = raw === undefined ? '' : parseCertificate(raw);
  if (typeof certificate === 'string') return { dns: [], ips: [] };
  return { dns: certificate.names.dns, ips: certificate.names.ips.map(ipText) };
}

/** A distinguished name on one line, most specific part first as kubectl and OpenSSL's one-line form print it. */
export function oneLineName(name: string): string {
  return name.split('\n').filter(Boolean).join(', ');
}

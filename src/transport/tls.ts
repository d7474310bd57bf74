// Decides TLS with a party: which authorities to trust, which name to verify and which name to
// send. Entry point: decideTls(). Pure.
// system-roots.ts reads the system's authorities, connect.ts runs the handshake, verify-chain.ts
// verifies the chain.

import { isIP } from 'node:net';
import type { CaSource } from '../config/cluster-config.ts';
import { ConfigError } from '../errors.ts';
import { readCertificate } from '../model/pem.ts';
import { parseCertificate } from './certificate.ts';
import { ipText } from './host-names.ts';

/** Which certificates to trust. */
export type Trust =
  /** `insecure-skip-tls-verify`: neither chain nor name is verified. */
  | { readonly kind: 'anyone' }
  /** Every certificate is an anchor, including intermediates and server certificates, as in Go. */
  | { readonly kind: 'bundle'; readonly certificates: readonly string[]; readonly from: string }
  | { readonly kind: 'system' };

/** How to speak to a party: without TLS, or with which checks. */
export type TlsDecision =
  | { readonly kind: 'plain' }
  | {
      readonly kind: 'tls';
      readonly trust: Trust;
      /** Name or address that the certificate must be valid for. */
      readonly name: string;
      /**
       * Server name indication. Undefined for addresses, which RFC 6066 section 3 does not permit.
       */
      readonly sni: string | undefined;
    };

/** What decides TLS with a party. */
export interface TlsFacts {
  /** Host to connect to, without brackets. */
  readonly host: string;
  readonly secure: boolean;
  readonly ca: CaSource | undefined;
  readonly insecure: boolean;
  readonly tlsServerName: string | undefined;
}

/**
 * Decides TLS with the server or with an https proxy. kubectl applies the same rules to both.
 * @throws ConfigError `CaInvalid` for a CA without a readable certificate
 */
export function decideTls({ host, secure, ca, insecure, tlsServerName }: TlsFacts): TlsDecision {
  if (!secure) return { kind: 'plain' };
  const name = (tlsServerName ?? host).replace(/^\[(.*)\]$/, '$1');
  return {
    kind: 'tls',
    trust: insecure ? { kind: 'anyone' } : decideTrust(ca),
    name,
    sni: sniOf(name),
  };
}

/**
 * Returns the name without the dots at its end, as Go does. Undefined for an address, also for one
 * with a dot at its end: newer Node lines refuse to send it.
 */
function sniOf(name: string): string | undefined {
  const bare = name.replace(/\.+$/, '');
  return isIP(name) === 0 && isIP(bare) === 0 ? bare : undefined;
}

function decideTrust(ca: CaSource | undefined): Trust {
  // kubectl ignores an empty file.
  if (ca === undefined || ca.pem.trim() === '') return { kind: 'system' };
  const from = ca.path ?? ca.origin.text;
  const certificates = splitPem(ca.pem);
  // verifyChain() skips unreadable certificates next to readable ones.
  if (certificates.some((pem) => readCertificate(pem) !== undefined))
    return { kind: 'bundle', certificates, from };
  throw new ConfigError(`${from} contains no certificate that can be read`, {
    code: 'CaInvalid',
    hint: 'the certificate authority must be one or several PEM blocks "BEGIN CERTIFICATE"',
  });
}

/** Returns the `CERTIFICATE` blocks of a PEM text. Ignores other blocks and text between blocks. */
export function splitPem(pem: string): string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
}

/** Returns true if the peer must send trusted certificates. */
export function isVerified(decision: TlsDecision): boolean {
  return decision.kind === 'tls' && decision.trust.kind !== 'anyone';
}

/** Decodes a PEM block to DER. */
export function derOf(block: string): Buffer {
  return Buffer.from(block.replaceAll(/-----[^-]+-----/g, ''), 'base64');
}

/** Returns the names and addresses that a certificate is valid for. Empty if it cannot be read. */
export function namesOf(raw: Buffer | undefined): {
  readonly dns: readonly string[];
  readonly ips: readonly string[];
} {
  const certificate = raw === undefined ? '' : parseCertificate(raw);
  if (typeof certificate === 'string') return { dns: [], ips: [] };
  return { dns: certificate.names.dns, ips: certificate.names.ips.map(ipText) };
}

/**
 * Formats a distinguished name on one line, in the order of its attributes in the certificate.
 * @param name one attribute per line, as Node formats it
 */
export function oneLineName(name: string): string {
  return name.split('\n').filter(Boolean).join(', ');
}

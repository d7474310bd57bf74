// Reads the facts in a client certificate. Entry points: readCertificateFacts, certificateHash.
// Pure; does not use the key.

import { readCertificate } from '../model/pem.ts';

/**
 * The content of a client certificate. The API server uses the common name as the user and the
 * organizations as the groups.
 */
export interface CertificateFacts {
  /** Empty if the subject has no common name. */
  readonly commonName: string;
  readonly organizations: readonly string[];
  /** The issuer's distinguished name on one line. */
  readonly issuer: string;
  readonly notBefore: Date;
  readonly expires: Date;
}

/**
 * Reads the facts of a certificate.
 * @param pem one or more certificates; the first is the client's own
 * @returns undefined if it is not a certificate
 * @see
 *   https://kubernetes.io/docs/reference/access-authn-authz/authentication/#x509-client-certificates
 */
export function readCertificateFacts(pem: string): CertificateFacts | undefined {
  const certificate = readCertificate(pem);
  if (certificate === undefined) return undefined;
  const { subject } = certificate;
  return {
    commonName: partsOf(subject, 'CN').join(', '),
    organizations: partsOf(subject, 'O'),
    issuer: certificate.issuer.split('\n').filter(Boolean).join(', '),
    notBefore: new Date(certificate.validFrom),
    expires: new Date(certificate.validTo),
  };
}

/**
 * Returns the SHA-256 of a certificate in lower-case hexadecimal. API servers call it the
 * credential id.
 */
export function certificateHash(pem: string): string | undefined {
  return readCertificate(pem)?.fingerprint256.replaceAll(':', '').toLowerCase();
}

/**
 * Returns the values of one attribute (there can be several) in a distinguished name as Node prints
 * it: one attribute a line, those of one RDN joined by ` + `, escaped by RFC 2253.
 * `toLegacyObject()` is not an option: on Node 20 it leaves node:tls half loaded if it is called
 * first.
 */
function partsOf(name: string, key: string): string[] {
  return name
    .split('\n')
    .flatMap((line) => line.split(/(?<!\\) \+ /))
    .filter((part) => part.startsWith(`${key}=`))
    .map((part) => unescapeAttributeValue(part.slice(key.length + 1)));
}

/**
 * Undoes the escapes of an attribute value.
 * @see https://www.rfc-editor.org/rfc/rfc2253#section-2.4
 */
function unescapeAttributeValue(value: string): string {
  return value.replaceAll(/\\(?:([0-9A-Fa-f]{2})|(.))/gs, (_, hex: string | undefined, character: string) =>
    hex === undefined ? character : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

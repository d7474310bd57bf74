// What a client certificate says of itself. Entry: readCertificateFacts, certificateHash. Pure; the key is not looked at.

import { readCertificate } from '../model/pem.ts';

/** The API server takes the common name for the user and the organizations for the groups. */
export interface CertificateFacts {
  /** Empty where the subject has none. */
  readonly commonName: string;
  readonly organizations: readonly string[];
  /** The issuer's distinguished name on one line. */
  readonly issuer: string;
  readonly notBefore: Date;
  readonly expires: Date;
}

/**
 * @param pem one or several certificates; the first is the client's own
 * @returns undefined where it is no certificate
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#x509-client-certificates
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

/** SHA-256 of a certificate in lower-case hexadecimal digits: what API servers call its credential id. */
export function certificateHash(pem: string): string | undefined {
  return readCertificate(pem)?.fingerprint256.replaceAll(':', '').toLowerCase();
}

/**
 * Values of one attribute, of which there may be several, in a name as Node prints it: an attribute a line, those of one
 * step joined by ` + `, escaped by RFC 2253. Not `toLegacyObject()`: on Node 20 that leaves node:tls half loaded where
 * it is called first.
 */
function partsOf(name: string, key: string): string[] {
  return name
    .split('\n')
    .flatMap((line) => line.split(/(?<!\\) \+ /))
    .filter((part) => part.startsWith(`${key}=`))
    .map((part) => unescaped(part.slice(key.length + 1)));
}

/** @see https://www.rfc-editor.org/rfc/rfc2253#section-2.4 */
function unescaped(value: string): string {
  return value.replaceAll(/\\(?:([0-9A-Fa-f]{2})|(.))/gs, (_, hex: string | undefined, character: string) =>
    hex === undefined ? character : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

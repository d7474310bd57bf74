// The certificate authority of the sandbox: one CA, one server certificate, and client certificates
// for its users. Entry point: createAuthority. node:crypto makes the keys, the ASN.1 packages the
// X.509 structures.

import { createPublicKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_kp_clientAuth,
  id_kp_serverAuth,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';

/** A certificate and its private key, both as PEM. */
export interface CertifiedKey {
  readonly certificate: string;
  readonly key: string;
}

/** Signs certificates until the process ends. Never returns its own key. */
export interface Authority {
  /** Certificate of the authority, PEM. */
  readonly certificate: string;
  /** Makes a server certificate. `names` are DNS names and IP addresses. */
  serverCertificate(names: readonly string[]): CertifiedKey;
  /** Makes a client certificate: the common name is the user, each organization a group. */
  clientCertificate(user: string, groups: readonly string[], validMs?: number): CertifiedKey;
}

const commonName = '2.5.4.3';
const organization = '2.5.4.10';
const ecdsaWithSha256 = '1.2.840.10045.4.3.2';
const yearMs = 365 * 24 * 3600 * 1000;

/**
 * Creates an authority with a new P-256 key.
 * @param now start of every validity, minus five minutes for clocks that are behind; all
 *   certificates are valid for a year
 * @see
 *   https://kubernetes.io/docs/reference/access-authn-authz/authentication/#x509-client-certificates
 */
export function createAuthority(now: Date): Authority {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const authorityName = nameOf('kapi-sandbox-ca', []);

  const issue = (
    subject: Name,
    publicKey: KeyObject,
    extensions: readonly Extension[],
    validMs: number,
  ): string => {
    const algorithm = new AlgorithmIdentifier({ algorithm: ecdsaWithSha256 });
    const tbs = new TBSCertificate({
      version: Version.v3,
      serialNumber: serialNumber(),
      signature: algorithm,
      issuer: authorityName,
      subject,
      validity: new Validity({
        notBefore: new Date(now.getTime() - 5 * 60_000),
        notAfter: new Date(now.getTime() + validMs),
      }),
      subjectPublicKeyInfo: AsnConvert.parse(
        publicKey.export({ format: 'der', type: 'spki' }),
        SubjectPublicKeyInfo,
      ),
      extensions: new Extensions([...extensions]),
    });
    const certificate = new Certificate({
      tbsCertificate: tbs,
      signatureAlgorithm: algorithm,
      signatureValue: bufferOf(sign('sha256', new Uint8Array(AsnConvert.serialize(tbs)), keys.privateKey)),
    });
    return pem('CERTIFICATE', Buffer.from(AsnConvert.serialize(certificate)));
  };

  const leaf = (subject: Name, extensions: readonly Extension[], validMs: number): CertifiedKey => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return {
      certificate: issue(subject, createPublicKey(pair.privateKey), extensions, validMs),
      key: pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    };
  };

  const certificate = issue(
    authorityName,
    keys.publicKey,
    [
      extension(id_ce_basicConstraints, new BasicConstraints({ cA: true }), true),
      extension(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign), true),
    ],
    yearMs,
  );
  const usage = extension(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.digitalSignature), true);

  return {
    certificate,
    serverCertificate: (names) =>
      leaf(
        nameOf('kapi-sandbox', []),
        [
          usage,
          extension(id_ce_extKeyUsage, new ExtendedKeyUsage([id_kp_serverAuth])),
          extension(id_ce_subjectAltName, new SubjectAlternativeName(names.map(generalName))),
        ],
        yearMs,
      ),
    clientCertificate: (user, groups, validMs = yearMs) =>
      leaf(
        nameOf(user, groups),
        [usage, extension(id_ce_extKeyUsage, new ExtendedKeyUsage([id_kp_clientAuth]))],
        validMs,
      ),
  };
}

function generalName(name: string): GeneralName {
  return isIP(name) === 0 ? new GeneralName({ dNSName: name }) : new GeneralName({ iPAddress: name });
}

/** Makes a distinguished name. Organizations precede the common name, as in kubeadm. */
function nameOf(common: string, organizations: readonly string[]): Name {
  const part = (type: string, text: string): RelativeDistinguishedName =>
    new RelativeDistinguishedName([
      new AttributeTypeAndValue({ type, value: new AttributeValue({ utf8String: text }) }),
    ]);
  return new Name([...organizations.map((name) => part(organization, name)), part(commonName, common)]);
}

function extension(id: string, value: object, critical = false): Extension {
  return new Extension({
    extnID: id,
    critical,
    extnValue: new OctetString(AsnConvert.serialize(value)),
  });
}

/** Makes a random serial number: positive and without a leading zero byte, as RFC 5280 requires. */
function serialNumber(): ArrayBuffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bufferOf(bytes);
}

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.byteLength);
  new Uint8Array(copy).set(bytes);
  return copy;
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

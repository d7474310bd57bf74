// Parses a certificate as Go's crypto/x509 does (go1.26, parser.go). Entry point:
// parseCertificate(). Pure.
// If Go rejects a certificate, kapi rejects it with the same message. So kubectl and kapi trust the
// same servers.

import { isAscii, isUtf8 } from 'node:buffer';
import { createPublicKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { readCertificate as readByOpenssl } from '../model/pem.ts';
import { contextTag, DerError, DerReader, isNegative, Tag } from './der.ts';
import { isIpAddress } from './host-names.ts';
import { hostOfUri } from './uri.ts';

/** The public key of a certificate, as far as verification needs it. */
export type PublicKey =
  | { readonly kind: 'rsa'; readonly bits: number; readonly exponentIsUsable: boolean }
  | { readonly kind: 'ecdsa'; readonly object: KeyObject }
  | { readonly kind: 'ed25519' | 'x25519' | 'dsa' }
  /** An algorithm that Go does not know. */
  | { readonly kind: 'unknown' };

/** The algorithm of a signature; `hash` is undefined for Ed25519. */
export interface SignatureAlgorithm {
  readonly kind: 'rsa' | 'rsa-pss' | 'ecdsa' | 'ed25519' | 'dsa';
  readonly hash: 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512' | undefined;
  /** Go's name for the algorithm. */
  readonly name: string;
}

/** The names that name constraints permit, or those that they exclude. */
export interface Subtrees {
  readonly dns: readonly string[];
  readonly emails: readonly string[];
  /** Domains of URIs. */
  readonly uris: readonly string[];
  /** Address, then mask: 8 bytes for IPv4 or 32 bytes for IPv6. */
  readonly ips: readonly Buffer[];
}

/** Subject alternative names. */
export interface AlternativeNames {
  readonly dns: readonly string[];
  readonly emails: readonly string[];
  readonly ips: readonly Buffer[];
  readonly uris: readonly Uri[];
}

/** A URI among the alternative names. */
export interface Uri {
  readonly text: string;
  /** Host and port as written. Empty if the URI has none. */
  readonly host: string;
}

/** A parsed certificate. */
export interface Certificate {
  readonly raw: Buffer;
  /** The same certificate as OpenSSL reads it. Undefined if OpenSSL rejects it. */
  readonly openssl: X509Certificate | undefined;
  /** The part that the signature covers. */
  readonly tbs: Buffer;
  readonly version: number;
  /** Names as DER, since Go compares them byte by byte. */
  readonly rawIssuer: Buffer;
  readonly rawSubject: Buffer;
  /**
   * Go's name for a candidate authority: the common name, else the organization, else the serial
   * number.
   */
  readonly shortName: string;
  readonly commonName: string;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** SubjectPublicKeyInfo as DER. */
  readonly spki: Buffer;
  readonly key: PublicKey;
  /** Undefined for an algorithm that Go does not know. */
  readonly signatureAlgorithm: SignatureAlgorithm | undefined;
  readonly signature: Buffer;
  readonly basicConstraints:
    { readonly isCa: boolean; readonly maxPathLength: number | undefined } | undefined;
  /** Undefined if the extension is absent or has no bit set. */
  readonly keyUsage: { readonly certSign: boolean } | undefined;
  /** Object identifiers. Empty: no restriction. */
  readonly extendedKeyUsages: readonly string[];
  readonly subjectKeyId: Buffer | undefined;
  readonly authorityKeyId: Buffer | undefined;
  /** The content of the extension. Undefined if it is absent. */
  readonly rawAlternativeNames: Buffer | undefined;
  readonly names: AlternativeNames;
  readonly nameConstraints: { readonly permitted: Subtrees; readonly excluded: Subtrees } | undefined;
  readonly policies: readonly string[];
  readonly policyMappings: readonly { readonly issuer: string; readonly subject: string }[];
  readonly requireExplicitPolicy: number | undefined;
  readonly inhibitPolicyMapping: number | undefined;
  readonly inhibitAnyPolicy: number | undefined;
  /** OIDs of critical extensions that Go does not handle. */
  readonly unhandledCritical: readonly string[];
}

/**
 * Parses one certificate.
 * @returns Go's message if Go rejects the certificate
 */
export function parseCertificate(der: Buffer): Certificate | string {
  try {
    return readCertificate(der);
  } catch (error) {
    if (error instanceof DerError) return error.message;
    throw error;
  }
}

function readCertificate(der: Buffer): Certificate {
  const outer = new DerReader(der);
  const { whole: raw, content } = outer.element(Tag.sequence, 'x509: malformed certificate');
  if (!outer.isEmpty) throw new DerError('x509: trailing data');
  const input = new DerReader(content);
  const { whole: tbsWhole, content: tbsContent } = input.element(
    Tag.sequence,
    'x509: malformed tbs certificate',
  );
  const tbs = new DerReader(tbsContent);
  const version = readVersion(tbs);
  const serial = tbs.integer('x509: malformed serial number');
  if (isNegative(serial)) throw new DerError('x509: negative serial number');
  const inner = tbs.element(Tag.sequence, 'x509: malformed signature algorithm identifier').content;
  const outerAlgorithm = input.element(Tag.sequence, 'x509: malformed algorithm identifier').content;
  if (!inner.equals(outerAlgorithm)) {
    throw new DerError("x509: inner and outer signature algorithm identifiers don't match");
  }
  const signatureAlgorithm = readSignatureAlgorithm(inner);
  const rawIssuer = tbs.element(Tag.sequence, 'x509: malformed issuer').whole;
  readName(rawIssuer);
  const validity = tbs.inside(Tag.sequence, 'x509: malformed validity');
  const notBefore = readTime(validity);
  const notAfter = readTime(validity);
  const rawSubject = tbs.element(Tag.sequence, 'x509: malformed issuer').whole;
  const { commonName, organization } = readName(rawSubject);
  const spki = tbs.element(Tag.sequence, 'x509: malformed spki').whole;
  const openssl = readByOpenssl(raw);
  const key = readPublicKey(spki, openssl);
  const extensions = version > 1 ? readExtensions(tbs, version) : [];
  const signature = input.bitString('x509: malformed signature');
  return {
    raw,
    openssl,
    tbs: tbsWhole,
    version,
    rawIssuer,
    rawSubject,
    shortName: commonName || organization || `serial:${BigInt(`0x${serial.toString('hex')}`)}`,
    commonName,
    notBefore,
    notAfter,
    spki,
    key,
    signatureAlgorithm,
    signature: rightAligned(signature),
    ...processExtensions(extensions),
  };
}

function readVersion(tbs: DerReader): number {
  const field = tbs.optional(contextTag(0, true), 'x509: malformed version');
  if (field === undefined) return 1;
  const reader = new DerReader(field.content);
  const version = reader.smallInteger('x509: malformed version') + 1;
  if (!reader.isEmpty) throw new DerError('x509: malformed version');
  if (version > 3) throw new DerError('x509: invalid version');
  return version;
}

/** Reads a distinguished name. As in Go, the last common name and the first organization count. */
function readName(raw: Buffer): { commonName: string; organization: string } {
  const problem = 'x509: invalid RDNSequence';
  const sequence = new DerReader(raw).inside(Tag.sequence, problem);
  let commonName = '';
  let organization: string | undefined;
  while (!sequence.isEmpty) {
    const set = sequence.inside(Tag.set, problem);
    while (!set.isEmpty) {
      const attribute = set.inside(Tag.sequence, `${problem}: invalid attribute`);
      const type = attribute.oid(`${problem}: invalid attribute type`);
      const { tag, content } = attribute.any(`${problem}: invalid attribute value`);
      const value = readString(tag, content, `${problem}: invalid attribute value`);
      if (type === '2.5.4.3') commonName = value;
      if (type === '2.5.4.10') organization ??= value;
    }
  }
  return { commonName, organization: organization ?? '' };
}

function readString(tag: number, content: Buffer, problem: string): string {
  const latin1 = content.toString('latin1');
  switch (tag) {
    case Tag.t61String:
      return latin1;
    case Tag.printableString:
      // `*` and `&` are not valid here, but real certificates contain them.
      if (!/^[A-Za-z0-9'()+,\-./ :=?*&]*$/.test(latin1))
        throw new DerError(`${problem}: invalid PrintableString`);
      return latin1;
    case Tag.utf8String:
      if (!isUtf8(content)) throw new DerError(`${problem}: invalid UTF-8 string`);
      return content.toString('utf8');
    case Tag.bmpString:
      return readBmpString(content, `${problem}: invalid BMPString`);
    case Tag.ia5String:
      if (!isAscii(content)) throw new DerError(`${problem}: invalid IA5String`);
      return latin1;
    case Tag.numericString:
      if (!/^[0-9 ]*$/.test(latin1)) throw new DerError(`${problem}: invalid NumericString`);
      return latin1;
    default:
      throw new DerError(`${problem}: unsupported string type: ${tag}`);
  }
}

function readBmpString(content: Buffer, problem: string): string {
  if (content.length % 2 !== 0) throw new DerError(problem);
  let text = '';
  for (let at = 0; at < content.length; at += 2) {
    const point = content.readUInt16BE(at);
    if (point === 0 && at === content.length - 2) break;
    const isSurrogate = point >= 0xd800 && point <= 0xdfff;
    if (point >= 0xfffe || (point >= 0xfdd0 && point <= 0xfdef) || isSurrogate) throw new DerError(problem);
    text += String.fromCharCode(point);
  }
  return text;
}

function readTime(reader: DerReader): number {
  const { tag, content } = reader.any('x509: unsupported time format');
  const text = content.toString('latin1');
  if (tag === Tag.utcTime) {
    const match = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(Z|[+-]\d{4})$/.exec(text);
    const year = Number(match?.[1]);
    return timeOf(match?.slice(2), year < 50 ? 2000 + year : 1900 + year, 'x509: malformed UTCTime');
  }
  if (tag === Tag.generalizedTime) {
    const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(Z|[+-]\d{4})$/.exec(text);
    return timeOf(match?.slice(2), Number(match?.[1]), 'x509: malformed GeneralizedTime');
  }
  throw new DerError('x509: unsupported time format');
}

/**
 * Returns a time in milliseconds since 1970.
 * @param parts month, day, hour, minute, second (can be undefined), zone
 */
function timeOf(parts: readonly (string | undefined)[] | undefined, year: number, problem: string): number {
  if (parts === undefined) throw new DerError(problem);
  const [month = 0, day = 0, hour = 0, minute = 0] = parts.slice(0, 4).map(Number);
  const second = Number(parts[4] ?? 0);
  const zone = parts[5] ?? 'Z';
  // Date.UTC maps the years 0 to 99 to 1900 to 1999.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const isReal =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  if (!isReal) throw new DerError(problem);
  if (zone === 'Z') return date.getTime();
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3));
  // A zero offset must be written as "Z".
  if (hours > 23 || minutes > 59 || hours + minutes === 0) throw new DerError(problem);
  const offset = (hours * 60 + minutes) * 60_000;
  return zone.startsWith('-') ? date.getTime() + offset : date.getTime() - offset;
}

const nullElement = Buffer.from([5, 0]);

const rsaKey = '1.2.840.113549.1.1.1';
const ecKey = '1.2.840.10045.2.1';

/** The curves that Go knows, and the bytes of their uncompressed points. */
const curves: Readonly<Record<string, { readonly name: string; readonly pointBytes: number }>> = {
  '1.3.132.0.33': { name: 'P224', pointBytes: 57 },
  '1.2.840.10045.3.1.7': { name: 'P256', pointBytes: 65 },
  '1.3.132.0.34': { name: 'P384', pointBytes: 97 },
  '1.3.132.0.35': { name: 'P521', pointBytes: 133 },
};

function readPublicKey(spki: Buffer, openssl: X509Certificate | undefined): PublicKey {
  const info = new DerReader(spki).inside(Tag.sequence, 'x509: malformed spki');
  const algorithm = info.inside(Tag.sequence, 'x509: malformed public key algorithm identifier');
  const { oid, parameters } = readAlgorithm(algorithm);
  const data = rightAligned(info.bitString('x509: malformed subjectPublicKey'));
  switch (oid) {
    case rsaKey:
      return readRsaKey(parameters, data);
    case ecKey: {
      if (parameters === undefined) throw new DerError('x509: invalid ECDSA parameters');
      const curve = curves[new DerReader(parameters).oid('x509: invalid ECDSA parameters')];
      if (curve === undefined) throw new DerError('x509: unsupported elliptic curve');
      const isPoint = data.length === curve.pointBytes && data[0] === 4;
      const object = isPoint ? publicKeyOf(spki, openssl) : undefined;
      if (object === undefined) throw new DerError(`${curve.name} point not on curve`);
      return { kind: 'ecdsa', object };
    }
    case '1.3.101.112':
      if (parameters !== undefined) throw new DerError('x509: Ed25519 key encoded with illegal parameters');
      if (data.length !== 32) throw new DerError('x509: wrong Ed25519 public key size');
      return { kind: 'ed25519' };
    case '1.3.101.110':
      if (parameters !== undefined) throw new DerError('x509: X25519 key encoded with illegal parameters');
      return { kind: 'x25519' };
    case '1.2.840.10040.4.1':
      return { kind: 'dsa' };
    default:
      return { kind: 'unknown' };
  }
}

/**
 * Returns the public key, or undefined if OpenSSL rejects it. OpenSSL checks that a point is on its
 * curve.
 * @param openssl the certificate of the key, if OpenSSL can read it: it contains the parsed key,
 *   which is six times as fast as `createPublicKey()`
 */
export function publicKeyOf(spki: Buffer, openssl: X509Certificate | undefined): KeyObject | undefined {
  try {
    return openssl?.publicKey ?? createPublicKey({ key: spki, format: 'der', type: 'spki' });
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

function readRsaKey(parameters: Buffer | undefined, data: Buffer): PublicKey {
  if (parameters?.equals(nullElement) !== true) throw new DerError('x509: RSA key missing NULL parameters');
  const key = new DerReader(data).inside(Tag.sequence, 'x509: invalid RSA public key');
  const modulus = key.integer('x509: invalid RSA modulus');
  const exponent = key.integer('x509: invalid RSA public exponent');
  const first = modulus.findIndex((byte) => byte !== 0);
  if (isNegative(modulus) || first === -1) {
    throw new DerError('x509: RSA modulus is not a positive number');
  }
  const isZero = exponent.length === 1 && exponent[0] === 0;
  if (exponent.length > 8) throw new DerError('x509: invalid RSA public exponent');
  if (isNegative(exponent) || isZero) {
    throw new DerError('x509: RSA public exponent is not a positive number');
  }
  const bits = (modulus.length - first) * 8 - Math.clz32(modulus[first] ?? 0) + 24;
  const value = exponent.length > 4 ? Number.POSITIVE_INFINITY : exponent.readUIntBE(0, exponent.length);
  const isOdd = (value & 1) === 1 && ((modulus.at(-1) ?? 0) & 1) === 1;
  return { kind: 'rsa', bits, exponentIsUsable: isOdd && value >= 2 && value < 2 ** 31 };
}

function readAlgorithm(reader: DerReader): { oid: string; parameters: Buffer | undefined } {
  const oid = reader.oid('x509: malformed OID');
  return { oid, parameters: reader.isEmpty ? undefined : reader.any('x509: malformed parameters').whole };
}

const signatureAlgorithms: Readonly<Record<string, SignatureAlgorithm>> = {
  '1.2.840.113549.1.1.4': { kind: 'rsa', hash: 'md5', name: 'MD5-RSA' },
  '1.2.840.113549.1.1.5': { kind: 'rsa', hash: 'sha1', name: 'SHA1-RSA' },
  '1.3.14.3.2.29': { kind: 'rsa', hash: 'sha1', name: 'SHA1-RSA' },
  '1.2.840.113549.1.1.11': { kind: 'rsa', hash: 'sha256', name: 'SHA256-RSA' },
  '1.2.840.113549.1.1.12': { kind: 'rsa', hash: 'sha384', name: 'SHA384-RSA' },
  '1.2.840.113549.1.1.13': { kind: 'rsa', hash: 'sha512', name: 'SHA512-RSA' },
  '1.2.840.10040.4.3': { kind: 'dsa', hash: 'sha1', name: 'DSA-SHA1' },
  '2.16.840.1.101.3.4.3.2': { kind: 'dsa', hash: 'sha256', name: 'DSA-SHA256' },
  '1.2.840.10045.4.1': { kind: 'ecdsa', hash: 'sha1', name: 'ECDSA-SHA1' },
  '1.2.840.10045.4.3.2': { kind: 'ecdsa', hash: 'sha256', name: 'ECDSA-SHA256' },
  '1.2.840.10045.4.3.3': { kind: 'ecdsa', hash: 'sha384', name: 'ECDSA-SHA384' },
  '1.2.840.10045.4.3.4': { kind: 'ecdsa', hash: 'sha512', name: 'ECDSA-SHA512' },
};

function readSignatureAlgorithm(content: Buffer): SignatureAlgorithm | undefined {
  const { oid, parameters } = readAlgorithm(new DerReader(content));
  if (oid === '1.3.101.112') {
    return parameters === undefined ? { kind: 'ed25519', hash: undefined, name: 'Ed25519' } : undefined;
  }
  return oid === '1.2.840.113549.1.1.10' ? readPss(parameters) : signatureAlgorithms[oid];
}

const pssHashes: Readonly<Record<string, { hash: 'sha256' | 'sha384' | 'sha512'; salt: number }>> = {
  '2.16.840.1.101.3.4.2.1': { hash: 'sha256', salt: 32 },
  '2.16.840.1.101.3.4.2.2': { hash: 'sha384', salt: 48 },
  '2.16.840.1.101.3.4.2.3': { hash: 'sha512', salt: 64 },
};

/**
 * Returns the RSA-PSS algorithm, if the mask uses the hash of the message and the salt is as long
 * as the hash (RFC 3447 section 8.1). Otherwise undefined.
 */
function readPss(parameters: Buffer | undefined): SignatureAlgorithm | undefined {
  const problem = 'x509: malformed parameters';
  try {
    const fields = new DerReader(parameters ?? Buffer.alloc(0)).inside(Tag.sequence, problem);
    const hash = hashIn(fields.inside(contextTag(0, true), problem));
    const mask = fields.inside(contextTag(1, true), problem).inside(Tag.sequence, problem);
    const isMgf1 = mask.oid(problem) === '1.2.840.113549.1.1.8';
    const maskHash = hashIn(mask);
    const salt = fields.inside(contextTag(2, true), problem).smallInteger(problem);
    const trailer = fields.optional(contextTag(3, true), problem);
    const trailerField = trailer === undefined ? 1 : new DerReader(trailer.content).smallInteger(problem);
    const known = hash === undefined || hash !== maskHash || !isMgf1 ? undefined : pssHashes[hash];
    return known?.salt !== salt || trailerField !== 1
      ? undefined
      : { kind: 'rsa-pss', hash: known.hash, name: `${known.hash.toUpperCase()}-RSAPSS` };
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

function hashIn(reader: DerReader): string | undefined {
  const problem = 'x509: malformed parameters';
  const { oid, parameters } = readAlgorithm(reader.inside(Tag.sequence, problem));
  return parameters === undefined || parameters.equals(nullElement) ? oid : undefined;
}

/** Shifts the used bits to the end of the bytes, as Go's asn1.BitString.RightAlign. */
function rightAligned({ bytes, unused }: { bytes: Buffer; unused: number }): Buffer {
  if (unused === 0) return bytes;
  return Buffer.from(
    bytes.map((byte, at) => (byte >> unused) | (((bytes[at - 1] ?? 0) << (8 - unused)) & 0xff)),
  );
}

interface Extension {
  readonly id: string;
  readonly critical: boolean;
  readonly value: Buffer;
}

function readExtensions(tbs: DerReader, version: number): Extension[] {
  tbs.optional(contextTag(1, false), 'x509: malformed issuerUniqueID');
  tbs.optional(contextTag(2, false), 'x509: malformed subjectUniqueID');
  const field = version === 3 ? tbs.optional(contextTag(3, true), 'x509: malformed extensions') : undefined;
  if (field === undefined) return [];
  const list = new DerReader(field.content).inside(Tag.sequence, 'x509: malformed extensions');
  const extensions: Extension[] = [];
  const seen = new Set<string>();
  while (!list.isEmpty) {
    const extension = list.inside(Tag.sequence, 'x509: malformed extension');
    const id = extension.oid('x509: malformed extension OID field');
    const critical = extension.optionalBoolean('x509: malformed extension critical field') ?? false;
    const value = extension.element(Tag.octetString, 'x509: malformed extension value field').content;
    if (seen.has(id)) throw new DerError(`x509: certificate contains duplicate extension with OID "${id}"`);
    seen.add(id);
    extensions.push({ id, critical, value });
  }
  return extensions;
}

/** The fields of a certificate that come from extensions, while they are being collected. */
type FromExtensions = {
  -readonly [
    Key in
      | 'basicConstraints'
      | 'keyUsage'
      | 'extendedKeyUsages'
      | 'subjectKeyId'
      | 'authorityKeyId'
      | 'rawAlternativeNames'
      | 'names'
      | 'nameConstraints'
      | 'policies'
      | 'policyMappings'
      | 'requireExplicitPolicy'
      | 'inhibitPolicyMapping'
      | 'inhibitAnyPolicy'
  ]: Certificate[Key];
};

const noNames: AlternativeNames = { dns: [], emails: [], ips: [], uris: [] };

function processExtensions(
  extensions: readonly Extension[],
): FromExtensions & { unhandledCritical: readonly string[] } {
  const fields: FromExtensions = {
    basicConstraints: undefined,
    keyUsage: undefined,
    extendedKeyUsages: [],
    subjectKeyId: undefined,
    authorityKeyId: undefined,
    rawAlternativeNames: undefined,
    names: noNames,
    nameConstraints: undefined,
    policies: [],
    policyMappings: [],
    requireExplicitPolicy: undefined,
    inhibitPolicyMapping: undefined,
    inhibitAnyPolicy: undefined,
  };
  const unhandledCritical: string[] = [];
  for (const extension of extensions) {
    const isHandled = processExtension(extension, fields);
    if (!isHandled && extension.critical) unhandledCritical.push(extension.id);
  }
  return { ...fields, unhandledCritical };
}

/**
 * Stores the content of an extension in `fields`.
 * @returns true if Go handles the extension
 */
function processExtension({ id, critical, value }: Extension, fields: FromExtensions): boolean {
  const reader = new DerReader(value);
  switch (id) {
    case '2.5.29.14':
      if (critical) throw new DerError('x509: subject key identifier incorrectly marked critical');
      fields.subjectKeyId = reader.element(Tag.octetString, 'x509: invalid subject key identifier').content;
      return true;
    case '2.5.29.15': {
      const { bytes } = reader.bitString('x509: invalid key usage');
      const isAnySet = (bytes[0] ?? 0) !== 0 || ((bytes[1] ?? 0) & 0x80) !== 0;
      fields.keyUsage = isAnySet ? { certSign: ((bytes[0] ?? 0) & 0x04) !== 0 } : undefined;
      return true;
    }
    case '2.5.29.17':
      fields.rawAlternativeNames = value;
      fields.names = readAlternativeNames(reader);
      return Object.values(fields.names).some((names: readonly unknown[]) => names.length > 0);
    case '2.5.29.19':
      fields.basicConstraints = readBasicConstraints(reader);
      return true;
    case '2.5.29.30': {
      const { permitted, excluded, isWhole } = readNameConstraints(reader);
      fields.nameConstraints = { permitted, excluded };
      return isWhole;
    }
    case '2.5.29.31':
      checkDistributionPoints(reader);
      return true;
    case '2.5.29.32':
      fields.policies = readPolicies(reader);
      return true;
    case '2.5.29.33':
      fields.policyMappings = readPolicyMappings(reader);
      return true;
    case '2.5.29.35':
      if (critical) throw new DerError('x509: authority key identifier incorrectly marked critical');
      fields.authorityKeyId = reader
        .inside(Tag.sequence, 'x509: invalid authority key identifier')
        .optional(contextTag(0, false), 'x509: invalid authority key identifier')?.content;
      return true;
    case '2.5.29.36': {
      const problem = 'x509: invalid policy constraints extension';
      const constraints = reader.inside(Tag.sequence, problem);
      if (constraints.peek(contextTag(0, false))) {
        fields.requireExplicitPolicy = skippedCertificates(constraints, problem, contextTag(0, false));
      }
      if (constraints.peek(contextTag(1, false))) {
        fields.inhibitPolicyMapping = skippedCertificates(constraints, problem, contextTag(1, false));
      }
      return true;
    }
    case '2.5.29.37':
      fields.extendedKeyUsages = readOids(reader, 'x509: invalid extended key usages');
      return true;
    case '2.5.29.54':
      fields.inhibitAnyPolicy = skippedCertificates(reader, 'x509: invalid inhibit any policy extension');
      return true;
    case '1.3.6.1.5.5.7.1.1':
      if (critical) throw new DerError('x509: authority info access incorrectly marked critical');
      checkAuthorityInfo(reader);
      return true;
    default:
      return false;
  }
}

/**
 * Reads after how many certificates a policy constraint begins. Undefined for a negative number,
 * which Go ignores.
 */
function skippedCertificates(
  reader: DerReader,
  problem: string,
  tag: number = Tag.integer,
): number | undefined {
  const count = reader.signedInteger(problem, tag);
  return count < 0 ? undefined : count;
}

function readBasicConstraints(reader: DerReader): NonNullable<Certificate['basicConstraints']> {
  const problem = 'x509: invalid basic constraints';
  const fields = reader.inside(Tag.sequence, problem);
  const isCa = fields.optionalBoolean(problem) ?? false;
  const maxPathLength = fields.peek(Tag.integer) ? fields.smallInteger(problem) : undefined;
  return { isCa, maxPathLength };
}

function readOids(reader: DerReader, problem: string): string[] {
  const list = reader.inside(Tag.sequence, problem);
  const found: string[] = [];
  while (!list.isEmpty) found.push(list.oid(problem));
  return found;
}

function readAlternativeNames(reader: DerReader): AlternativeNames {
  const list = reader.inside(Tag.sequence, 'x509: invalid subject alternative names');
  const dns: string[] = [];
  const emails: string[] = [];
  const ips: Buffer[] = [];
  const uris: Uri[] = [];
  while (!list.isEmpty) {
    const { tag, content } = list.any('x509: invalid subject alternative name');
    switch (tag) {
      case contextTag(1, false):
        emails.push(asciiOf(content, 'x509: SAN rfc822Name is malformed'));
        break;
      case contextTag(2, false):
        dns.push(asciiOf(content, 'x509: SAN dNSName is malformed'));
        break;
      case contextTag(6, false): {
        const text = asciiOf(content, 'x509: SAN uniformResourceIdentifier is malformed');
        const host = hostOfUri(text);
        if (host === undefined || (host !== '' && !isDomainName(host))) {
          throw new DerError(`x509: cannot parse URI ${JSON.stringify(text)}`);
        }
        uris.push({ text, host });
        break;
      }
      case contextTag(7, false):
        if (content.length !== 4 && content.length !== 16) {
          throw new DerError(`x509: cannot parse IP address of length ${content.length}`);
        }
        ips.push(content);
        break;
    }
  }
  return { dns, emails, ips, uris };
}

function asciiOf(content: Buffer, problem: string): string {
  if (!isAscii(content)) throw new DerError(problem);
  return content.toString('latin1');
}

function readNameConstraints(reader: DerReader): {
  permitted: Subtrees;
  excluded: Subtrees;
  /** True if Go knows the kind of every subtree. */
  isWhole: boolean;
} {
  const problem = 'x509: invalid NameConstraints extension';
  const fields = reader.inside(Tag.sequence, problem);
  const permitted = fields.optional(contextTag(0, true), problem)?.content ?? Buffer.alloc(0);
  const excluded = fields.optional(contextTag(1, true), problem)?.content ?? Buffer.alloc(0);
  if (!reader.isEmpty || !fields.isEmpty) throw new DerError(problem);
  if (permitted.length + excluded.length === 0) {
    throw new DerError('x509: empty name constraints extension');
  }
  const first = readSubtrees(permitted);
  const second = readSubtrees(excluded);
  return {
    permitted: first.subtrees,
    excluded: second.subtrees,
    isWhole: first.isWhole && second.isWhole,
  };
}

function readSubtrees(content: Buffer): { subtrees: Subtrees; isWhole: boolean } {
  const problem = 'x509: invalid NameConstraints extension';
  const list = new DerReader(content);
  const dns: string[] = [];
  const emails: string[] = [];
  const uris: string[] = [];
  const ips: Buffer[] = [];
  let isWhole = true;
  const domainOf = (value: Buffer, kind: string): string => {
    const domain = asciiOf(value, 'x509: invalid constraint value');
    if (!isDomainName(domain.replace(/^\./, '')) || domain === '.') {
      throw new DerError(`x509: failed to parse ${kind} constraint ${JSON.stringify(domain)}`);
    }
    return domain;
  };
  while (!list.isEmpty) {
    const { tag, content: value } = list.inside(Tag.sequence, problem).any(problem);
    switch (tag) {
      case contextTag(1, false): {
        const text = asciiOf(value, 'x509: invalid constraint value');
        emails.push(text.includes('@') ? text : domainOf(value, 'rfc822Name'));
        break;
      }
      case contextTag(2, false):
        dns.push(domainOf(value, 'dnsName'));
        break;
      case contextTag(6, false): {
        const domain = domainOf(value, 'URI');
        if (isIpAddress(domain)) throw new DerError(`x509: failed to parse URI constraint "${domain}"`);
        uris.push(domain);
        break;
      }
      case contextTag(7, false):
        if (value.length !== 8 && value.length !== 32) {
          throw new DerError(`x509: IP constraint contained value of length ${value.length}`);
        }
        if (!isMask(value.subarray(value.length / 2))) {
          throw new DerError(
            `x509: IP constraint contained invalid mask ${value.toString('hex', value.length / 2)}`,
          );
        }
        ips.push(value);
        break;
      default:
        isWhole = false;
    }
  }
  return { subtrees: { dns, emails, uris, ips }, isWhole };
}

/** Returns true if all one bits come before all zero bits. */
function isMask(mask: Buffer): boolean {
  return /^1*0*$/.test([...mask].map((byte) => byte.toString(2).padStart(8, '0')).join(''));
}

/**
 * Returns true for dot-separated labels of printable ASCII without an empty label. The empty text
 * is valid, as in Go.
 */
export function isDomainName(text: string): boolean {
  return text === '' || (/^[!-~]+$/.test(text) && text.split('.').every((label) => label !== ''));
}

function checkDistributionPoints(reader: DerReader): void {
  const problem = 'x509: invalid CRL distribution point';
  const list = reader.inside(Tag.sequence, `${problem}s`);
  while (!list.isEmpty) {
    const point = list.inside(Tag.sequence, problem);
    const name = point.optional(contextTag(0, true), problem);
    if (name === undefined) continue;
    const full = new DerReader(name.content).inside(contextTag(0, true), problem);
    while (full.peek(contextTag(6, false))) full.any(problem);
  }
}

function checkAuthorityInfo(reader: DerReader): void {
  const problem = 'x509: invalid authority info access';
  const list = reader.inside(Tag.sequence, problem);
  while (!list.isEmpty) {
    const access = list.inside(Tag.sequence, problem);
    access.oid(problem);
    access.optional(contextTag(6, false), problem);
  }
}

function readPolicies(reader: DerReader): string[] {
  const problem = 'x509: invalid certificate policies';
  const list = reader.inside(Tag.sequence, problem);
  const found = new Set<string>();
  while (!list.isEmpty) {
    const oid = list.inside(Tag.sequence, problem).oid(problem);
    if (found.has(oid)) throw new DerError(problem);
    found.add(oid);
  }
  return [...found];
}

function readPolicyMappings(reader: DerReader): { issuer: string; subject: string }[] {
  const problem = 'x509: invalid policy mappings extension';
  const list = reader.inside(Tag.sequence, problem);
  const found: { issuer: string; subject: string }[] = [];
  while (!list.isEmpty) {
    const mapping = list.inside(Tag.sequence, problem);
    found.push({ issuer: mapping.oid(problem), subject: mapping.oid(problem) });
  }
  return found;
}

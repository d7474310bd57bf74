// Checks whether a private key belongs to a certificate, and whether API servers can verify it.
// Entry points: checkPair, areOfOneKind. Pure.

import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';

import { ConfigError } from '../errors.ts';

/**
 * Checks that a key belongs to a certificate and has a kind that Go knows.
 * @param from the origin of the certificate, for the message
 * @throws ConfigError `ClientCertificateInvalid` for a key that belongs to another certificate, or
 *   of a kind that no API server verifies
 */
export function checkPair(certificate: string, key: string, from: string): void {
  const problem =
    isPair(certificate, key) === false ? 'its private key belongs to another certificate' : kindProblem(key);
  if (problem === undefined) return;
  throw new ConfigError(`the client certificate from ${from} cannot be used: ${problem}`, {
    code: 'ClientCertificateInvalid',
  });
}

/** OpenSSL's names of the curves P-256, P-384 and P-521. */
const curvesOfGo = ['prime256v1', 'secp384r1', 'secp521r1'];

/**
 * Explains why API servers cannot verify a key. They do not list its kind in the handshake, and
 * OpenSSL would then silently send no certificate: the request would be anonymous.
 * @returns undefined if they can, or if the key cannot be parsed
 * @see the function signatureSchemesForCertificate of Go's crypto/tls
 */
function kindProblem(key: string): string | undefined {
  let parsed: KeyObject;
  try {
    parsed = createPrivateKey(key);
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
  const { asymmetricKeyType: type = '', asymmetricKeyDetails: { namedCurve = '' } = {} } = parsed;
  if (type === 'rsa' || type === 'ed25519' || (type === 'ec' && curvesOfGo.includes(namedCurve))) {
    return undefined;
  }
  const kind =
    type === 'ec' ? `the curve ${namedCurve === '' ? 'of its key' : namedCurve}` : `a key of kind ${type}`;
  return `API servers do not support ${kind}; RSA, P-256, P-384, P-521 and Ed25519 work`;
}

/**
 * Compares the public key of the first certificate with that of the private key. OpenSSL's context
 * does not check this: it keeps one key for each kind, accepts an EC key with an RSA certificate,
 * and then silently sends no certificate.
 * @returns undefined if one of the two cannot be parsed; the TLS library reports the error
 */
function isPair(certificate: string, key: string): boolean | undefined {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/**
 * The DER object identifiers of RSA and EC keys (rsaEncryption, id-ecPublicKey) and of Go's curves.
 */
const rsaKey = Buffer.from('06092a864886f70d010101', 'hex');
const ecKey = Buffer.from('06072a8648ce3d0201', 'hex');
const curves = ['06082a8648ce3d030107', '06052b81040022', '06052b81040023'].map((id) =>
  Buffer.from(id, 'hex'),
);

/**
 * True if certificate and key are both RSA, or both EC with a curve of Go. OpenSSL's context
 * compares such a pair itself, so {@link checkPair} would only cost time: several milliseconds for
 * the first key that a process parses.
 * @returns false if that is not certain
 */
export function areOfOneKind(certificate: string, key: string): boolean {
  const [, certificateBody = ''] = /-----BEGIN CERTIFICATE-----([^-]+)/.exec(certificate) ?? [];
  const [, label, keyBody = ''] = /-----BEGIN (RSA |EC |)PRIVATE KEY-----([^-]+)/.exec(key) ?? [];
  const kind = kindIn(certificateBody);
  const keyKind = label === 'RSA ' ? 'rsa' : label === 'EC ' ? 'ec' : kindIn(keyBody);
  return kind !== undefined && kind === keyKind;
}

function kindIn(base64: string): 'rsa' | 'ec' | undefined {
  const der = Buffer.from(base64, 'base64');
  const isRsa = der.includes(rsaKey);
  if (isRsa === der.includes(ecKey)) return undefined;
  if (isRsa) return 'rsa';
  return curves.some((curve) => der.includes(curve)) ? 'ec' : undefined;
}

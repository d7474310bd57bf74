// Checks whether a private key belongs to a certificate. Entry points: checkPair, areOfOneKind.
// Pure.

import { createPrivateKey, X509Certificate } from 'node:crypto';

import { ConfigError } from '../errors.ts';

/**
 * Checks that a key belongs to a certificate.
 * @param from the origin of the certificate, for the message
 * @throws ConfigError `ClientCertificateInvalid` for a key that belongs to another certificate
 */
export function checkPair(certificate: string, key: string, from: string): void {
  if (isPair(certificate, key) !== false) return;
  throw new ConfigError(
    `the client certificate from ${from} cannot be used: its private key belongs to another certificate`,
    { code: 'ClientCertificateInvalid' },
  );
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

/** The DER object identifiers of RSA and EC keys: rsaEncryption and id-ecPublicKey. */
const rsaKey = Buffer.from('06092a864886f70d010101', 'hex');
const ecKey = Buffer.from('06072a8648ce3d0201', 'hex');

/**
 * True if certificate and key are both RSA or both EC. OpenSSL's context compares such a pair
 * itself, so {@link checkPair} would only cost time: several milliseconds for the first key that a
 * process parses.
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
  return isRsa ? 'rsa' : 'ec';
}

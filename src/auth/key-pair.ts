// Whether a private key belongs to a certificate. Entries: checkPair, areOfOneKind. Pure.

import { createPrivateKey, X509Certificate } from 'node:crypto';

import { ConfigError } from '../errors.ts';

/**
 * @param from where the certificate comes from, for the message
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
 * Compares the public key of the first certificate with that of the private key. Not left to OpenSSL's context: it keeps
 * one key for each kind, and takes an EC key beside an RSA certificate without a word and then sends no certificate.
 * @returns undefined where one of the two cannot be read: what is wrong with it is for the TLS library to say
 */
function isPair(certificate: string, key: string): boolean | undefined {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** The identifiers of RSA and EC keys in DER: rsaEncryption and id-ecPublicKey. */
const rsaKey = Buffer.from('06092a864886f70d010101', 'hex');
const ecKey = Buffer.from('06072a8648ce3d0201', 'hex');

/**
 * Whether certificate and key are both RSA or both EC. OpenSSL's context then compares them by itself, and {@link checkPair}
 * would only take time, several milliseconds for the first key that a process reads.
 * @returns false where that is not certain
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

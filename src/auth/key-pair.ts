// Whether a private key belongs to a certificate. Entry: checkPair. Pure.

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

// What may be left to OpenSSL when a client certificate and its key are compared.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { areOfOneKind } from '../../../src/auth/key-pair.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
const ec = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const ed = generateKeyPairSync('ed25519');

/** Of a certificate only the public key counts here. */
function certificateWith(key: KeyObject): string {
  const der = key.export({ type: 'spki', format: 'der' });
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
}

const certificates = {
  rsa: certificateWith(rsa.publicKey),
  ec: certificateWith(ec.publicKey),
  other: certificateWith(ed.publicKey),
};
const keys = [
  ['rsa', rsa.privateKey.export({ type: 'pkcs1', format: 'pem' })],
  ['rsa', rsa.privateKey.export({ type: 'pkcs8', format: 'pem' })],
  ['ec', ec.privateKey.export({ type: 'sec1', format: 'pem' })],
  ['ec', ec.privateKey.export({ type: 'pkcs8', format: 'pem' })],
  ['other', ed.privateKey.export({ type: 'pkcs8', format: 'pem' })],
] as const;

describe('areOfOneKind', () => {
  it.each(keys)('a key that is %s is of one kind with such a certificate alone', (kind, pem) => {
    for (const [other, certificate] of Object.entries(certificates)) {
      expect(areOfOneKind(certificate, pem.toString())).toBe(kind === other && kind !== 'other');
    }
  });

  it('is false where there is nothing to compare', () => {
    expect(areOfOneKind('', '')).toBe(false);
    expect(areOfOneKind(certificates.rsa, 'no key')).toBe(false);
  });
});

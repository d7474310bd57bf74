// Which comparisons of a client certificate and its key can be left to OpenSSL.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { areOfOneKind, checkPair } from '../../../src/auth/key-pair.ts';
import { ConfigError } from '../../../src/errors.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
const ec = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const ed = generateKeyPairSync('ed25519');

/** Only the public key of a certificate matters here. */
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
  it.each(keys)('a key that is %s is of the same kind only as such a certificate', (kind, pem) => {
    for (const [other, certificate] of Object.entries(certificates)) {
      expect(areOfOneKind(certificate, pem.toString())).toBe(kind === other && kind !== 'other');
    }
  });

  it.each(['secp224r1', 'secp256k1', 'brainpoolP256r1'])('is false for the curve %s', (namedCurve) => {
    const pair = generateKeyPairSync('ec', { namedCurve });
    const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(areOfOneKind(certificateWith(pair.publicKey), pem)).toBe(false);
  });

  it('is false if there is nothing to compare', () => {
    expect(areOfOneKind('', '')).toBe(false);
    expect(areOfOneKind(certificates.rsa, 'no key')).toBe(false);
  });
});

describe('checkPair', () => {
  const pems = (pair: {
    readonly publicKey: KeyObject;
    readonly privateKey: KeyObject;
  }): [string, string] => [
    certificateWith(pair.publicKey),
    pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  ];

  it.each(['secp224r1', 'secp256k1', 'brainpoolP256r1', 'secp521r1', 'secp384r1', 'prime256v1'])(
    'refuses a curve that Go does not have: %s',
    (namedCurve) => {
      const check = (): void => checkPair(...pems(generateKeyPairSync('ec', { namedCurve })), '/x.crt');
      if (/^(secp(384|521)r1|prime256v1)$/.test(namedCurve)) expect(check).not.toThrow();
      else expect(check).toThrow(`API servers do not support the curve ${namedCurve}`);
    },
  );

  it('refuses other kinds of keys that Go does not have', () => {
    expect(() => checkPair(...pems(generateKeyPairSync('ed448')), '/x.crt')).toThrow(ConfigError);
    const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 });
    expect(() => checkPair(...pems(pss), '/x.crt')).toThrow('a key of kind rsa-pss');
    for (const pair of [ed, rsa]) expect(() => checkPair(...pems(pair), '/x.crt')).not.toThrow();
  });
});

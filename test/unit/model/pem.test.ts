import { describe, expect, it } from 'vitest';

import { privateKeyIn, readCertificateBundle } from '../../../src/model/pem.ts';
import { badCertificate, certificate, encryptedKey, privateKey } from '../config/memory-files.ts';

describe('readCertificateBundle', () => {
  it('leaves a good bundle as it is', () => {
    const text = `# one\n${certificate}${certificate}`;
    expect(readCertificateBundle(text)).toEqual({ pem: text, certificates: 2, skipped: 0 });
  });

  it('skips bad certificates beside good ones', () => {
    expect(readCertificateBundle(badCertificate + certificate + badCertificate)).toEqual({
      pem: certificate,
      certificates: 1,
      skipped: 2,
    });
  });

  it('leaves out what is no certificate', () => {
    expect(readCertificateBundle(privateKey + certificate)).toEqual({
      pem: certificate,
      certificates: 1,
      skipped: 0,
    });
  });

  it('takes carriage returns and one long line', () => {
    const body = certificate.replaceAll(/-----.*-----|\n/g, '');
    const text = `-----BEGIN CERTIFICATE-----\r\n${body}\r\n-----END CERTIFICATE-----\r\n`;
    expect(readCertificateBundle(text)).toEqual({ pem: text, certificates: 1, skipped: 0 });
  });

  it.each([
    ['nothing', '', 0],
    ['garbage', 'garbage', 0],
    ['a block without end', certificate.replace('-----END CERTIFICATE-----', ''), 0],
    ['a block with headers', certificate.replace('-----\nMII', '-----\nA: b\n\nMII'), 1],
    [
      'a truncated certificate',
      certificate.replace('RAIgOlONss6z7H4+yFiJ12a7wUqr2IhH0gOr5uujGQa7w1A=\n', ''),
      1,
    ],
  ])('finds no certificate in %s', (_, text, skipped) => {
    expect(readCertificateBundle(text)).toEqual({ pem: '', certificates: 0, skipped });
  });

  it('is done quickly with a text of openings only', () => {
    const started = performance.now();
    readCertificateBundle('-----BEGIN CERTIFICATE-----\n'.repeat(100_000));
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('privateKeyIn', () => {
  it.each([
    ['a key', privateKey, 'present'],
    ['a key behind a certificate', certificate + privateKey, 'present'],
    ['an old key', '-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n', 'present'],
    ['an encrypted key', encryptedKey, 'encrypted'],
    [
      'an old encrypted key',
      '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: x\n\nAAAA\n-----END RSA PRIVATE KEY-----\n',
      'encrypted',
    ],
    ['a public key', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n', 'absent'],
    ['a certificate', certificate, 'absent'],
    ['nothing', '', 'absent'],
  ])('%s', (_, text, found) => {
    expect(privateKeyIn(text)).toBe(found);
  });
});

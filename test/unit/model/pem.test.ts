import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import { readCertificateBundle, readPrivateKey } from '../../../src/model/pem.ts';
import { badCertificate, certificate, encryptedKey, privateKey } from '../config/memory-files.ts';

describe('readCertificateBundle', () => {
  it('does not change a good bundle', () => {
    const text = `# one\n${certificate}${certificate}`;
    expect(readCertificateBundle(text)).toEqual({ pem: text, certificates: 2, skipped: 0 });
  });

  it('skips bad certificates next to good ones', () => {
    expect(readCertificateBundle(badCertificate + certificate + badCertificate)).toEqual({
      pem: certificate,
      certificates: 1,
      skipped: 2,
    });
  });

  it('leaves out everything that is not a certificate', () => {
    expect(readCertificateBundle(privateKey + certificate)).toEqual({
      pem: certificate,
      certificates: 1,
      skipped: 0,
    });
  });

  it('accepts carriage returns and one long line', () => {
    const body = certificate.replaceAll(/-----.*-----|\n/g, '');
    const text = `-----BEGIN CERTIFICATE-----\r\n${body}\r\n-----END CERTIFICATE-----\r\n`;
    expect(readCertificateBundle(text)).toEqual({ pem: certificate, certificates: 1, skipped: 0 });
  });

  it.each([
    ['blank lines', certificate.replaceAll('\n', '\n\n')],
    ['blanks at the ends of lines', certificate.replaceAll('\n', '  \n')],
    ['tabs before the lines between', certificate.replaceAll(/\n(?!-)/g, '\n\t')],
    ['blank lines with carriage returns', certificate.replaceAll('\n', '\r\n\r\n')],
  ])('writes a certificate with %s in the form that OpenSSL reads, as Go accepts it', (_, text) => {
    expect(readCertificateBundle(text)).toEqual({ pem: certificate, certificates: 1, skipped: 0 });
  });

  it('finds no certificate in an indented block, as Go', () => {
    expect(readCertificateBundle(certificate.replaceAll(/^/gm, '  ')).certificates).toBe(0);
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

  // The numbers are those of Go's pem.Decode.
  it.each([
    ['a block whose END line is a header', '-----BEGIN X-----\nk: v\n-----END X-----: w\n', 0],
    ['a block with another label at its end', '-----BEGIN X-----\nAAAA\n-----END Y-----\n', 1],
    ['a block with text after its END line', '-----BEGIN X-----\nAAAA\n-----END X----- text\n', 1],
    ['an unfinished block', '-----BEGIN CERTIFICATE-----\nAAAA\n', 1],
    ['an END line without a block', '\n-----END CERTIFICATE-----\n', 1],
    ['a block without END line and line feed', '-----BEGIN CERTIFICATE-----\nAAAA', 0],
    ['an empty block', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n', 1],
    ['headers and no body', '-----BEGIN X-----\nk: v\n-----END X-----\n', 1],
    ['text without a line feed', 'text', 0],
  ])('after %s, finds the certificates that Go finds', (_, before, certificates) => {
    const bundle = readCertificateBundle(before + certificate);
    expect(bundle.certificates).toBe(certificates);
    expect(bundle.pem).toBe(certificate.repeat(certificates));
  });

  it('ends quickly for a text of BEGIN lines only', () => {
    const started = performance.now();
    readCertificateBundle('-----BEGIN CERTIFICATE-----\n'.repeat(100_000));
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('readPrivateKey', () => {
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
    expect(readPrivateKey(text).kind).toBe(found);
  });

  it.each(['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY', 'ANY PRIVATE KEY'])(
    'a key of every form under the label %s can be used',
    (label) => {
      const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
      const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
      const forms = [
        ec.export({ type: 'pkcs8', format: 'pem' }),
        ec.export({ type: 'sec1', format: 'pem' }),
        rsa.export({ type: 'pkcs8', format: 'pem' }),
        rsa.export({ type: 'pkcs1', format: 'pem' }),
      ];
      for (const form of forms) {
        const text = String(form).replaceAll(/(?<=BEGIN |END )[A-Z ]*PRIVATE KEY/g, label);
        for (const odd of [text, text.replaceAll('\n', '\n\n'), text.replaceAll('\n', ' \r\n')]) {
          const found = readPrivateKey(odd);
          if (found.kind !== 'present') throw new Error(`${label}: ${found.kind}`);
          const key = createPrivateKey(found.pem);
          const whole = String(key.export({ type: 'pkcs8', format: 'pem' }));
          expect([String(forms[0]), String(forms[2])]).toContain(whole);
        }
      }
    },
  );
});

import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { CaSource } from '../../../src/config/cluster-config.ts';
import {
  alternativeNames,
  decideTls,
  nameMismatch,
  namesExactly,
  splitPem,
} from '../../../src/transport/tls.ts';
import { makeIdentity } from '../../transport/certificates.ts';

const ca = makeIdentity({ subject: [['CN', 'ca']], ca: true });

function caSource(pem: string): CaSource {
  return { pem, path: '/ca.crt', origin: { kind: 'flag', text: '--certificate-authority' } };
}

const facts = {
  host: '10.0.0.1',
  secure: true,
  ca: caSource(ca.certificate),
  insecure: false,
  tlsServerName: undefined,
};

describe('decideTls', () => {
  test('http: none', () => {
    expect(decideTls({ ...facts, secure: false })).toEqual({ kind: 'plain' });
  });

  test.each([
    ['10.0.0.1', undefined, '10.0.0.1', undefined],
    ['::1', undefined, '::1', undefined],
    ['api.example', undefined, 'api.example', 'api.example'],
    ['api.example.', undefined, 'api.example', 'api.example'],
    ['10.0.0.1', 'kubernetes', 'kubernetes', 'kubernetes'],
    ['api.example', '10.9.9.9', '10.9.9.9', undefined],
    ['api.example', '[::1]', '::1', undefined],
  ])('host %s with tls-server-name %s checks %s and sends %s', (host, tlsServerName, name, sni) => {
    expect(decideTls({ ...facts, host, tlsServerName })).toMatchObject({ kind: 'tls', name, sni });
  });

  test('whom to trust: the bundle, the system, anyone', () => {
    const trust = (more: Partial<typeof facts> | { ca: undefined }): unknown => {
      const decision = decideTls({ ...facts, ...more });
      return decision.kind === 'tls' ? decision.trust : undefined;
    };
    expect(trust({})).toEqual({ kind: 'bundle', certificates: [ca.certificate.trim()], from: '/ca.crt' });
    expect(trust({ ca: undefined })).toEqual({ kind: 'system' });
    expect(trust({ ca: caSource(' \n') })).toEqual({ kind: 'system' });
    expect(trust({ insecure: true })).toEqual({ kind: 'anyone' });
  });

  test('a bundle without one readable certificate is an error that names it', () => {
    const bad = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';
    for (const pem of ['garbage', bad, ca.key]) {
      expect(() => decideTls({ ...facts, ca: caSource(pem) })).toThrow(
        '/ca.crt holds no certificate that can be read',
      );
    }
    expect(decideTls({ ...facts, ca: caSource(`${bad}\n${ca.certificate}`) }).kind).toBe('tls');
  });
});

test('splitPem takes certificates only', () => {
  expect(splitPem(`text\n${ca.certificate}between${ca.key}${ca.certificate}`)).toEqual([
    ca.certificate.trim(),
    ca.certificate.trim(),
  ]);
});

describe('nameMismatch, in the words of Go', () => {
  const certificate = (names: string[] | undefined): X509Certificate =>
    new X509Certificate(
      makeIdentity({ subject: [['CN', 'cn.example']], ...(names === undefined ? {} : { names }) })
        .certificate,
    );

  test.each([
    ['a.example', ['a.example'], undefined],
    ['A.EXAMPLE', ['a.example'], undefined],
    ['x.b.example', ['*.b.example'], undefined],
    ['10.0.0.1', ['10.0.0.1'], undefined],
    ['::1', ['::1'], undefined],
    ['x.y.b.example', ['*.b.example'], 'x509: certificate is valid for *.b.example, not x.y.b.example'],
    ['foo.example', ['f*.example'], 'x509: certificate is valid for f*.example, not foo.example'],
    ['c', ['a', 'b', '10.0.0.1'], 'x509: certificate is valid for a, b, not c'],
    [
      '10.0.0.2',
      ['a', '10.0.0.1', '127.0.0.1'],
      'x509: certificate is valid for 10.0.0.1, 127.0.0.1, not 10.0.0.2',
    ],
    [
      '10.0.0.2',
      ['a'],
      "x509: cannot validate certificate for 10.0.0.2 because it doesn't contain any IP SANs",
    ],
    ['a', ['10.0.0.1'], 'x509: certificate is not valid for any names, but wanted to match a'],
    ['cn.example', undefined, 'x509: certificate relies on legacy Common Name field, use SANs instead'],
  ])('%s against %j', (name, names, words) => {
    expect(nameMismatch(certificate(names), name)).toBe(words);
    // The short cut never says yes where the long way says no.
    const isExact = namesExactly(certificate(names).subjectAltName, name);
    expect(isExact).toBe(names?.includes(name) === true && words === undefined && name !== '::1');
  });

  test.each([
    ['one name within another', 'DNS:aa.example', 'a.example'],
    ['a name of another type', 'URI:a.example, DNS:10.0.0.1', '10.0.0.1'],
    ['a wildcard by itself', 'DNS:*.example', 'a.example'],
    // As Node writes a name with a comma in it (CVE-2021-44532).
    ['a name that pretends to be two', 'URI:"http://x/, DNS:a.example"', 'a.example'],
    ['no names', undefined, 'a.example'],
  ])('is not cut short by %s', (_, names, name) => {
    expect(namesExactly(names, name)).toBe(false);
  });

  test('alternativeNames', () => {
    expect(alternativeNames(certificate(['a', '10.0.0.1']))).toEqual([
      { type: 'DNS', value: 'a' },
      { type: 'IP Address', value: '10.0.0.1' },
    ]);
    expect(alternativeNames(certificate(undefined))).toEqual([]);
  });
});

import { describe, expect, test } from 'vitest';
import type { CaSource } from '../../../src/config/cluster-config.ts';
import { decideTls, splitPem } from '../../../src/transport/tls.ts';
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
    ['api.example.', undefined, 'api.example.', 'api.example'],
    ['api.example', 'k8s..', 'k8s..', 'k8s'],
    ['api.example', '10.9.9.9.', '10.9.9.9.', undefined],
    ['10.0.0.1', 'kubernetes', 'kubernetes', 'kubernetes'],
    ['api.example', '10.9.9.9', '10.9.9.9', undefined],
    ['api.example', '[::1]', '::1', undefined],
  ])('host %s with tls-server-name %s checks %s and sends %s', (host, tlsServerName, name, sni) => {
    expect(decideTls({ ...facts, host, tlsServerName })).toMatchObject({ kind: 'tls', name, sni });
  });

  test('trust: the bundle, the system, anyone', () => {
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
        '/ca.crt contains no certificate that can be read',
      );
    }
    expect(decideTls({ ...facts, ca: caSource(`${bad}\n${ca.certificate}`) }).kind).toBe('tls');
  });
});

test('splitPem returns certificates only', () => {
  expect(splitPem(`text\n${ca.certificate}between${ca.key}${ca.certificate}`)).toEqual([
    ca.certificate.trim(),
    ca.certificate.trim(),
  ]);
});

import { describe, expect, it } from 'vitest';
import { readCertificateFacts } from '../../../src/auth/certificate-facts.ts';
import { makeIdentity } from '../../transport/certificates.ts';

describe('readCertificateFacts', () => {
  const ca = makeIdentity({
    subject: [
      ['O', 'Kapi'],
      ['CN', 'test ca'],
    ],
    ca: true,
  });
  const dates = { notBefore: new Date('2024-01-01T00:00:00Z'), notAfter: new Date('2024-02-01T00:00:00Z') };

  it('reads name, groups, issuer and dates', () => {
    const { certificate } = makeIdentity({
      subject: [
        ['O', 'readers'],
        ['O', 'team-a'],
        ['CN', 'jane'],
      ],
      issuer: ca,
      ...dates,
    });
    expect(readCertificateFacts(`${certificate}${ca.certificate}`)).toEqual({
      commonName: 'jane',
      organizations: ['readers', 'team-a'],
      issuer: 'O=Kapi, CN=test ca',
      notBefore: dates.notBefore,
      expires: dates.notAfter,
    });
  });

  it.each(['a, b', 'a + b', 'größe', 'a"b\\c', 'system:node:x', 'O=not a group'])(
    'keeps the name %s',
    (name) => {
      const { certificate } = makeIdentity({ subject: [['CN', name]] });
      expect(readCertificateFacts(certificate)).toMatchObject({ commonName: name, organizations: [] });
    },
  );

  it.each(['', 'nonsense', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'])(
    'reads nothing from %j',
    (pem) => {
      expect(readCertificateFacts(pem)).toBeUndefined();
    },
  );
});

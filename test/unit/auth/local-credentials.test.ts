import { describe, expect, it } from 'vitest';
import type { Authenticator } from '../../../src/auth/authenticator.ts';
import { openLocalCredentials } from '../../../src/auth/local-credentials.ts';
import type { Authorization, ClusterConfig } from '../../../src/config/cluster-config.ts';
import { Secret } from '../../../src/model/secret.ts';
import { testConfig } from '../../commands/run-kapi.ts';
import { jwtOf } from '../../jwt.ts';
import { makeIdentity } from '../../transport/certificates.ts';

const origin = { kind: 'kubeconfig', text: '/home/jane/.kube/config, user "jane"' } as const;
const pair = makeIdentity({ subject: [['CN', 'jane']] });

function authenticator(header?: string, withCertificate = false): Authenticator {
  return {
    authorization: () => Promise.resolve(header),
    clientCertificate: () =>
      Promise.resolve(withCertificate ? { certificate: pair.certificate, key: pair.key } : undefined),
    renew: () => Promise.resolve(false),
  };
}

function config(authorization: Authorization, more: Partial<ClusterConfig> = {}): ClusterConfig {
  return { ...testConfig, authorization, ...more };
}

const secret = new Secret('s3cret');
const token = jwtOf({ sub: 'jane' });
const plugin = {
  kind: 'exec',
  origin,
  exec: {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: 'get-token',
    args: [],
    env: [],
    interactiveMode: 'Never',
    provideClusterInfo: false,
    origin,
  },
} as const;

describe('openLocalCredentials', () => {
  it('returns the facts of a token and a certificate', async () => {
    const both = config(
      { kind: 'token', token: secret, origin },
      {
        clientCertificate: {
          certificate: { pem: pair.certificate, path: '/c.crt', origin },
          key: { pem: new Secret(pair.key), path: '/c.key', origin },
        },
      },
    );
    const found = await openLocalCredentials(both, authenticator(`Bearer ${token}`, true)).inspect();
    expect(found).toMatchObject([
      { kind: 'token', token: { claims: { subject: 'jane' } }, renewable: false },
      { kind: 'client certificate', detail: '/c.crt', certificate: { commonName: 'jane' }, renewable: false },
    ]);
    expect(JSON.stringify(found)).not.toContain(token.split('.')[2]);
  });

  it.each([
    ['an opaque token', 'Bearer abc', false, { token: { claims: undefined } }],
    ['a certificate', undefined, true, { token: undefined, certificate: { commonName: 'jane' } }],
  ])('shows %s of a plugin', async (_, header, withCertificate, expected) => {
    const local = openLocalCredentials(config(plugin), authenticator(header, withCertificate));
    expect(await local.inspect()).toMatchObject([
      { kind: 'exec plugin', detail: 'get-token', renewable: true, ...expected },
    ]);
  });

  it('returns raw values only as secrets, and no password as a token', async () => {
    const basic = config({ kind: 'basic', username: 'jane', password: secret, origin });
    const local = openLocalCredentials(basic, authenticator('Basic amFuZTpzM2NyZXQ=', true));
    expect(await local.token()).toBeUndefined();
    const found = await local.certificate();
    expect(String(found?.key)).toBe('(redacted)');
    expect(found?.key.expose()).toBe(pair.key);
    expect((await openLocalCredentials(basic, authenticator('Bearer abc')).token())?.expose()).toBe('abc');
  });

  it('reports that there is no credential', async () => {
    const found = await openLocalCredentials(config({ kind: 'none' }), authenticator()).inspect();
    expect(found).toMatchObject([{ kind: 'anonymous', renewable: false }]);
  });
});

// whoami with a scripted server: the server's answer, claims of credentials, and the output if
// neither is known.
import { describe, expect, it } from 'vitest';
import type { Authorization, ClusterConfig } from '../../src/config/cluster-config.ts';
import { ConnectionError } from '../../src/errors.ts';
import { Secret } from '../../src/model/secret.ts';
import { jwtOf } from '../jwt.ts';
import { exchangeOf, replyOf } from '../recorded.ts';
import type { Exchange } from '../scripted-send.ts';
import { makeIdentity } from '../transport/certificates.ts';
import { runKapi } from './run-kapi.ts';

const origin = { kind: 'kubeconfig', text: '/home/jane/.kube/config, user "jane"' } as const;
const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const signature = 'bm9ib2R5LW1heS1zZWUtdGhpcw';

/** The clock of runKapi is fixed at 2026-01-02T03:04:05Z. */
function token(exp: string, iat = '2026-01-02T03:00:00Z'): Authorization {
  const claims = {
    iss: 'https://kubernetes.default.svc',
    sub: 'system:serviceaccount:dev:robot',
    aud: ['https://kubernetes.default.svc'],
    iat: Date.parse(iat) / 1000,
    exp: Date.parse(exp) / 1000,
  };
  return { kind: 'token', token: new Secret(jwtOf(claims, signature)), origin };
}

function certificate(notAfter: string): Partial<ClusterConfig> {
  const { certificate: pem, key } = makeIdentity({
    subject: [
      ['O', 'readers'],
      ['CN', 'jane'],
    ],
    notBefore: new Date('2025-01-02T00:00:00Z'),
    notAfter: new Date(notAfter),
  });
  return {
    clientCertificate: {
      certificate: { pem, path: '/home/jane/jane.crt', origin },
      key: { pem: new Secret(key), path: '/home/jane/jane.key', origin },
    },
  };
}

const notServed = (version: string): Exchange => ({
  request: `POST ${path.replace('v1', version)}`,
  reply: { status: 404, headers: { 'content-type': 'text/plain' }, body: '404 page not found\n' },
});

describe('whoami', () => {
  it('prints kubectl’s rows, then the local facts', async () => {
    const run = await runKapi('whoami', {
      replies: [exchangeOf('access/whoami-jane')],
      config: { ...certificate('2026-07-01T00:00:00Z'), context: { value: 'prod', origin } },
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toBe(
      [
        'ATTRIBUTE                                           VALUE',
        'Username                                            jane',
        'Groups                                              [dev system:authenticated]',
        'Extra: authentication.kubernetes.io/credential-id   [X509SHA256=23eb73ae702def6ce2407058199e2d2963d8aa84fa3b00cf19d3ef5ece67a94b]',
        'Server                                              https://api.test:6443 (from /home/jane/.kube/config)',
        'Context                                             prod (from /home/jane/.kube/config, user "jane")',
        'Namespace                                           default (from /home/jane/.kube/config)',
        'Credential                                          client certificate /home/jane/jane.crt (from /home/jane/.kube/config, user "jane")',
        'Certificate CN                                      jane',
        'Certificate O                                       readers',
        'Certificate issuer                                  O=readers, CN=jane',
        'Certificate expires                                 2026-07-01T00:00:00Z, in 179d',
        '',
      ].join('\n'),
    );
  });

  it('never prints a token, only its claims', async () => {
    for (const format of ['table', 'json', 'yaml', 'name']) {
      const run = await runKapi(`whoami -o ${format} -vv --show-secrets`, {
        replies: [exchangeOf('access/whoami-serviceaccount')],
        config: { authorization: token('2026-01-02T04:00:00Z') },
      });
      expect(run).toMatchObject({ code: 0 });
      expect(run.stdout).toContain('system:serviceaccount:');
      expect(run.stdout + run.stderr).not.toContain(signature);
      expect(run.stdout + run.stderr).not.toContain('eyJ');
    }
  });

  it('prints a SelfSubjectReview with the local facts next to it', async () => {
    const run = await runKapi('whoami -o json', {
      replies: [exchangeOf('access/whoami-serviceaccount')],
      config: { authorization: token('2026-01-02T04:00:00Z') },
    });
    expect(JSON.parse(run.stdout)).toMatchObject({
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'SelfSubjectReview',
      status: { userInfo: { username: 'system:serviceaccount:default:default' } },
      local: {
        identityFrom: 'server',
        server: { value: 'https://api.test:6443', from: '/home/jane/.kube/config' },
        credentials: [
          {
            kind: 'token',
            from: '/home/jane/.kube/config, user "jane"',
            expires: '2026-01-02T04:00:00Z',
            secondsLeft: 3355,
            state: 'valid',
            token: {
              subject: 'system:serviceaccount:dev:robot',
              audiences: ['https://kubernetes.default.svc'],
            },
          },
        ],
      },
    });
  });

  it.each([
    ['expired', certificate('2026-01-01T03:04:05Z'), 'expired 2026-01-01T03:04:05Z, 24h ago'],
    ['ending', certificate('2026-01-09T03:04:05Z'), 'expires 2026-01-09T03:04:05Z, in 7d'],
  ])('warns about an %s certificate', async (_, config, words) => {
    const run = await runKapi('whoami -o name', { replies: [exchangeOf('access/whoami-jane')], config });
    expect(run).toMatchObject({
      code: 0,
      stdout: 'jane\n',
      stderr: `Warning: the client certificate in /home/jane/jane.crt ${words}\n`,
    });
  });

  it('prints the claims of an expired token, then the 401 with its dates', async () => {
    const run = await runKapi('whoami', {
      replies: [{ request: `POST ${path}`, reply: replyOf('error/unauthorized-401') }],
      config: { authorization: token('2026-01-02T03:00:05Z', '2026-01-02T02:00:05Z') },
    });
    expect(run.code).toBe(4);
    expect(run.stdout).toContain(
      'Username         system:serviceaccount:dev:robot (claimed by the token; the server did not confirm it)\n',
    );
    expect(run.stderr).toBe(
      [
        'Warning: the token expired 2026-01-02T03:00:05Z, 4m ago',
        'error: You must be logged in to the server (Unauthorized)',
        'the token is for the audience https://kubernetes.default.svc, from the issuer https://kubernetes.default.svc: the server must accept both',
        'the token expired 2026-01-02T03:00:05Z, 4m ago (from /home/jane/.kube/config, user "jane")',
        'hint: get new credentials from whoever issued them',
        '',
      ].join('\n'),
    );
  });

  it('prints the local facts if the server is unreachable', async () => {
    const run = await runKapi('whoami', {
      replies: [
        { request: `POST ${path}`, reply: new ConnectionError('refused', { code: 'ConnectionRefused' }) },
      ],
      config: certificate('2026-07-01T00:00:00Z'),
    });
    expect(run).toMatchObject({ code: 6, stderr: 'error: refused\n' });
    expect(run.stdout).toContain('jane (claimed by the client certificate; the server could not be asked)');
  });

  it('reads the name of the anonymous user from the refusal, and says so', async () => {
    const run = await runKapi('whoami', { replies: [exchangeOf('access/whoami-anonymous')] });
    expect(run).toMatchObject({
      code: 0,
      stderr: 'the server does not let this user ask for its own name; the name is from the refusal\n',
    });
    expect(run.stdout).toContain('Username     system:anonymous (the name in the refusal of the server)\n');
    expect(run.stdout).toContain('Credential   anonymous\n');
  });

  it('does not blame the credentials for the identity of --as', async () => {
    const config = {
      authorization: token('2026-01-03T00:00:00Z'),
      impersonation: { user: 'system:anonymous', groups: [], extra: {}, origin },
    };
    const run = await runKapi('whoami', { replies: [exchangeOf('access/whoami-anonymous')], config });
    expect(run.stdout).toMatch(/^Username +system:anonymous /m);
    expect(run.stderr).not.toContain('although kapi sent credentials');
    const sent = await runKapi('whoami', {
      replies: [exchangeOf('access/whoami-anonymous')],
      config: { authorization: token('2026-01-03T00:00:00Z') },
    });
    expect(sent.stderr).toContain('although kapi sent credentials');
  });

  it('provokes a refusal if the API is missing', async () => {
    const nowhere = '/kapi-asks-for-its-name';
    const run = await runKapi('whoami', {
      replies: [
        ...['v1', 'v1beta1', 'v1alpha1'].map(notServed),
        {
          request: `GET ${nowhere}`,
          reply: {
            status: 403,
            body: {
              kind: 'Status',
              status: 'Failure',
              reason: 'Forbidden',
              message: `forbidden: User "jane" cannot get path "${nowhere}"`,
              code: 403,
            },
          },
        },
      ],
    });
    expect(run).toMatchObject({
      code: 0,
      stderr: 'the selfsubjectreviews API is not enabled in the cluster\n',
    });
    expect(run.stdout).toContain('jane (the name in a refusal of the server)');
  });

  it('shows the claims of the certificate if the server refuses nothing', async () => {
    const run = await runKapi('whoami -o json', {
      replies: [
        ...['v1', 'v1beta1', 'v1alpha1'].map(notServed),
        { request: 'GET /kapi-asks-for-its-name', reply: { status: 404, body: '404 page not found\n' } },
      ],
      config: certificate('2026-07-01T00:00:00Z'),
    });
    expect(JSON.parse(run.stdout)).toMatchObject({
      status: { userInfo: { username: 'jane' } },
      local: { identityFrom: 'claimed by the client certificate; the server did not tell' },
    });
  });

  it.each([
    ['nothing', {}, ''],
    ['what a certificate claims', certificate('2026-07-01T00:00:00Z'), 'jane\n'],
    ['what an opaque token claims', { authorization: { kind: 'token', token: new Secret('x'), origin } }, ''],
  ] as const)(
    '-o name does not end with 0 if the server does not return the name: %s',
    async (_, config, stdout) => {
      const run = await runKapi('whoami -o name', {
        replies: [
          ...['v1', 'v1beta1', 'v1alpha1'].map(notServed),
          { request: 'GET /kapi-asks-for-its-name', reply: { status: 404, body: '404 page not found\n' } },
        ],
        config,
      });
      expect([run.code, run.stdout]).toEqual([4, stdout]);
      expect(run.stderr).toContain('the selfsubjectreviews API is not enabled in the cluster\n');
    },
  );

  it('-o name if the server refuses without a name', async () => {
    const body = { kind: 'Status', status: 'Failure', reason: 'Forbidden', message: 'no', code: 403 };
    const run = await runKapi('whoami -o name', {
      replies: [{ request: `POST ${path}`, reply: { status: 403, body } }],
    });
    expect([run.code, run.stdout]).toEqual([4, '']);
  });

  it('does not mistake a refused impersonation for an identity', async () => {
    const message =
      'selfsubjectreviews.authentication.k8s.io is forbidden: User "bob" cannot impersonate-on:user-info:create resource "selfsubjectreviews" in API group "authentication.k8s.io" at the cluster scope';
    const run = await runKapi('whoami', {
      replies: [
        {
          request: `POST ${path}`,
          reply: {
            status: 403,
            body: {
              kind: 'Status',
              status: 'Failure',
              reason: 'Forbidden',
              message,
              details: { group: 'authentication.k8s.io', kind: 'selfsubjectreviews' },
              code: 403,
            },
          },
        },
      ],
      config: { impersonation: { user: 'jane', groups: [], extra: {}, origin } },
    });
    expect(run.code).toBe(4);
    expect(run.stdout).toContain('Impersonating   jane');
    expect(run.stderr).toBe(
      `Error from server (Forbidden): ${message}\n` +
        'hint: the missing right is one for "bob" to act as someone else (--as, --as-group, --as-uid): verb "impersonate" on that user and each of the groups\n',
    );
  });
});

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// doctor with scripted steps: what each finds, what is skipped, the code it ends with.
import { describe, expect, it } from 'vitest';
import { ConfigError, ConnectionError } from '../../src/errors.ts';
import { Secret } from '../../src/model/secret.ts';
import type { ConnectionReport, Probe } from '../../src/transport/probe.ts';
import { exchangeOf, recorded, replyOf } from '../recorded.ts';
import type { Exchange } from '../scripted-send.ts';
import { runKapi, type RunOptions, type RunResult } from './run-kapi.ts';

const origin = { kind: 'kubeconfig', text: '/home/jane/.kube/config, user "jane"' } as const;
const date = 'Fri, 02 Jan 2026 03:04:05 GMT';

function report(more: Partial<ConnectionReport> = {}): ConnectionReport {
  return {
    host: 'api.test',
    port: 6443,
    isName: true,
    via: undefined,
    address: '10.0.0.1:6443',
    times: { resolvedMs: 2, connectedMs: 5, securedMs: 25 },
    secure: true,
    tls: {
      protocol: 'TLSv1.3',
      cipher: 'TLS_AES_128_GCM_SHA256',
      verified: true,
      names: ['api.test', '10.0.0.1'],
      chain: [
        {
          subject: 'CN=kube-apiserver',
          issuer: 'CN=kubernetes',
          notBefore: new Date('2025-06-01T00:00:00Z'),
          notAfter: new Date('2026-06-01T00:00:00Z'),
        },
      ],
    },
    failure: undefined,
    ...more,
  };
}

function probe(found: ConnectionReport, addresses: readonly string[] | null = ['10.0.0.1']): Probe {
  return {
    connect: () => Promise.resolve(found),
    resolve: () => Promise.resolve(addresses === null ? { code: 'ENOTFOUND' } : { addresses }),
  };
}

const version = (when = date): Exchange => {
  const { status, headers, body } = recorded('root/version').response;
  return { request: 'GET /version', reply: { status, headers: { ...headers, date: when }, body } };
};
const ready: Exchange = {
  request: 'GET /readyz?verbose',
  reply: { headers: { 'content-type': 'text/plain' }, body: '[+]ping ok\n[+]etcd ok\nreadyz check passed\n' },
};
const healthy: readonly Exchange[] = [
  version(),
  ready,
  exchangeOf('access/whoami-jane'),
  exchangeOf('access/rules-jane-dev'),
  exchangeOf('discovery/aggregated-api'),
  exchangeOf('discovery/aggregated-apis'),
];
const withToken = {
  authorization: { kind: 'token', token: new Secret('m4rked-token'), origin },
} as const;

async function doctor(options: RunOptions, line = 'doctor'): Promise<RunResult & { states: string[] }> {
  const run = await runKapi(line, { config: withToken, ...options });
  const states = run.stdout
    .split('\n')
    .filter((each) => /^\S/.test(each))
    .map((each) => each.replace(/^(\S+)\s+(\S+).*$/, '$2 $1'));
  return { ...run, states };
}

describe('doctor', () => {
  it('finds nothing wrong', async () => {
    const run = await doctor({ replies: healthy, probe: probe(report()) });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toBe(
      [
        'ok    configuration   https://api.test:6443 (from /home/jane/.kube/config)',
        '                      namespace default (from /home/jane/.kube/config)',
        'ok    credentials     token (from /home/jane/.kube/config, user "jane")',
        'ok    name            api.test is 10.0.0.1',
        'ok    tcp             connected to 10.0.0.1:6443 in 3.0 ms',
        'ok    tls             TLSv1.3, certificate verified',
        "                      the server's certificate: CN=kube-apiserver; issued by CN=kubernetes; expires 2026-06-01T00:00:00Z, in 149d",
        '                      valid for api.test, 10.0.0.1',
        'ok    server          v1.36.2, ready (2 checks)',
        "ok    clock           within 1s of the server's",
        'ok    authentication  the server authenticates you as jane',
        '                      groups: dev, system:authenticated',
        'ok    authorization   3 rules on resources in namespace default',
        'ok    discovery       22 groups, 23 versions',
        '',
      ].join('\n'),
    );
  });

  it.each([
    ['resolve', 'HostNotFound', 'name fail', 'tcp skip'],
    ['connect', 'ConnectionRefused', 'tcp fail', 'tls skip'],
    ['proxy', 'ProxyRefused', 'tcp fail', 'tls skip'],
    ['tls', 'UnknownAuthority', 'tls fail', 'server skip'],
  ] as const)('skips what needs the connection when %s fails', async (phase, code, failed, skipped) => {
    const error = new ConnectionError('it went wrong', { code, hint: 'do this' });
    const run = await doctor({ probe: probe(report({ failure: { phase, error }, tls: undefined })) });
    expect(run.code).toBe(6);
    expect(run.states).toEqual(expect.arrayContaining([failed, skipped, 'discovery skip']));
    expect(run.stdout).toContain('it went wrong\n                      hint: do this\n');
    expect(run.stdout).toContain(`needs ${failed.split(' ')[0]}, which failed`);
  });

  it('skips all other steps in one line without a configuration', async () => {
    const run = await runKapi('doctor', { directory: mkdtempSync(join(tmpdir(), 'kapi-doctor-')) });
    expect(run.stdout.match(/needs configuration/g)).toHaveLength(1);
    expect(run.stdout).toMatch(/^skip +9 steps +needs configuration, which failed$/m);
  });

  it('ends with 3 when there is no configuration, and says so in JSON', async () => {
    const broken: Probe = {
      connect: () => Promise.reject(new ConfigError('never asked', { code: 'x' })),
      resolve: () => Promise.reject(new Error('never asked')),
    };
    const run = await runKapi('doctor -o json', {
      probe: broken,
      config: {
        authorization: { kind: 'token', token: new Secret('m4rked\ntoken'), origin },
      },
    });
    expect(run.code).toBe(3);
    const { ok, exitCode, steps } = JSON.parse(run.stdout);
    expect([ok, exitCode]).toEqual([false, 3]);
    expect(steps[1]).toEqual({
      name: 'credentials',
      state: 'fail',
      message: 'the token from /home/jane/.kube/config, user "jane" contains a line end',
      hint: 'a token is one line without control characters; that of a file is trimmed, others are not',
      code: 'TokenInvalid',
      exitCode: 3,
    });
    expect(run.stdout + run.stderr).not.toContain('m4rked');
  });

  it('shows who is refused, and whether the clock is the cause', async () => {
    const unauthorized = replyOf('error/unauthorized-401');
    const late = {
      ...unauthorized,
      headers: { ...unauthorized.headers, date: 'Fri, 02 Jan 2026 02:04:05 GMT' },
    };
    const run = await doctor({
      replies: [
        { request: 'GET /version', reply: late },
        { request: 'GET /readyz?verbose', reply: unauthorized },
        { request: 'POST /apis/authentication.k8s.io/v1/selfsubjectreviews', reply: unauthorized },
      ],
      probe: probe(report()),
    });
    expect(run.states.slice(5)).toEqual([
      'server ok',
      'clock fail',
      'authentication fail',
      'authorization skip',
      'discovery skip',
    ]);
    expect(run.stdout).toContain("this machine's clock is 59m ahead of the server's (2026-01-02T02:04:05Z)");
    expect(run.code).toBe(3);
  });

  it('warns about anonymous access, and about refused reads', async () => {
    const forbidden = replyOf('access/whoami-anonymous');
    const run = await doctor({
      config: { authorization: { kind: 'none' } },
      replies: [
        version(),
        ready,
        exchangeOf('access/whoami-anonymous'),
        { request: 'POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews', reply: forbidden },
        { request: 'GET /api', reply: forbidden },
        { request: 'GET /apis', reply: forbidden },
      ],
      probe: probe(report()),
    });
    expect(run.code).toBe(0);
    expect(run.states).toEqual(
      expect.arrayContaining([
        'credentials warn',
        'authentication warn',
        'authorization warn',
        'discovery warn',
      ]),
    );
  });

  it('fails when the server is not ready', async () => {
    const body = '[+]ping ok\n[-]etcd failed: reason withheld\nreadyz check failed\n';
    const run = await doctor({
      replies: [
        ...healthy.filter(({ request }) => request !== ready.request),
        { request: ready.request, reply: { status: 500, headers: { 'content-type': 'text/plain' }, body } },
      ],
      probe: probe(report()),
    });
    expect(run.code).toBe(5);
    expect(run.stdout).toContain(
      'fail  server          v1.36.2 is not ready\n                      failing: etcd\n',
    );
  });

  it('warns about a certificate that expires soon, plain http and unverified TLS', async () => {
    const [leaf] = report().tls?.chain ?? [];
    const soon = { ...report().tls!, chain: [{ ...leaf!, notAfter: new Date('2026-01-05T00:00:00Z') }] };
    const ending = await doctor({ replies: healthy, probe: probe(report({ tls: soon })) });
    expect(ending.stdout).toContain(
      'TLSv1.3, certificate verified, but CN=kube-apiserver expires 2026-01-05T00:00:00Z, in 2d20h',
    );
    const plain = await doctor({ replies: healthy, probe: probe(report({ secure: false, tls: undefined })) });
    expect(plain.states[4]).toBe('tls warn');
    const insecure = await doctor({
      config: {
        ...withToken,
        insecureSkipTlsVerify: { value: true, origin: { kind: 'flag', text: '--insecure-skip-tls-verify' } },
      },
      replies: healthy,
      probe: probe(report({ tls: { ...report().tls!, verified: false } })),
    });
    expect(insecure.states).toEqual(expect.arrayContaining(['configuration warn', 'tls warn']));
    expect([ending.code, plain.code, insecure.code]).toEqual([0, 0, 0]);
  });

  it('looks up kubernetes.default.svc in a pod, and does not need it', async () => {
    const run = await doctor({
      config: { ...withToken, inPod: true },
      replies: healthy,
      probe: probe(report({ host: '10.96.0.1', isName: false }), null),
    });
    expect(run.code).toBe(0);
    expect(run.stdout).toContain(
      'warn  name            kubernetes.default.svc does not resolve: ENOTFOUND\n',
    );
  });
});

describe('--curl', () => {
  const untouched: Probe = {
    connect: () => Promise.reject(new Error('a connection was opened')),
    resolve: () => Promise.reject(new Error('a name was resolved')),
  };

  it('prints what it would ask, and opens nothing', async () => {
    const run = await runKapi('doctor --curl', { config: withToken, probe: untouched });
    expect(run).toMatchObject({ code: 0, requests: [] });
    expect(run.stdout.match(/https:\/\/api\.test:6443[^\s']*/g)).toEqual([
      'https://api.test:6443/version',
      'https://api.test:6443/readyz?verbose',
      'https://api.test:6443/apis/authentication.k8s.io/v1/selfsubjectreviews',
      'https://api.test:6443/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
      'https://api.test:6443/api',
      'https://api.test:6443/apis',
    ]);
    for (const line of run.stdout.trimEnd().split('\n')) expect(line).toMatch(/^(.*\| )?curl /);
  });
});

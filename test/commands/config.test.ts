// config: raw values for scripts, secrets kept from terminals, contexts of a real file.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterConfig } from '../../src/config/cluster-config.ts';
import { Secret } from '../../src/model/secret.ts';
import { makeIdentity } from '../transport/certificates.ts';
import { runKapi } from './run-kapi.ts';

const origin = { kind: 'kubeconfig', text: '/home/jane/.kube/config, user "jane"' } as const;
const pair = makeIdentity({ subject: [['CN', 'jane']] });
const withToken: Partial<ClusterConfig> = {
  userName: 'jane',
  authorization: { kind: 'token', token: new Secret('m4rked-token'), origin },
};
const withCertificate: Partial<ClusterConfig> = {
  ca: { pem: pair.certificate, origin },
  clientCertificate: {
    certificate: { pem: pair.certificate, origin },
    key: { pem: new Secret(pair.key), origin },
  },
};

describe('config server, ca, cert, key, token', () => {
  it.each([
    ['server', {}, 'https://api.test:6443\n'],
    ['token', withToken, 'm4rked-token\n'],
    ['ca', withCertificate, pair.certificate],
    ['cert', withCertificate, pair.certificate],
    ['key', withCertificate, pair.key],
  ])('%s is the value and nothing else', async (view, config, stdout) => {
    expect(await runKapi(`config ${view}`, { config })).toEqual({
      code: 0,
      stdout,
      stderr: '',
      requests: [],
    });
  });

  it.each([
    ['token', withToken],
    ['key', withCertificate],
  ])('keeps a %s from a terminal', async (view, config) => {
    const run = await runKapi(`config ${view}`, { config, tty: true, columns: 200 });
    expect(run).toMatchObject({
      code: 2,
      stdout: '',
      stderr:
        `error: kapi config ${view} would write a secret to the terminal\n` +
        `hint: it is made for $(…) and <(…), as in "$(kapi config ${view})"; to see it: \`kapi config ${view} --show-secrets\`\n`,
    });
    expect(await runKapi(`config ${view} --show-secrets`, { config, tty: true })).toMatchObject({ code: 0 });
  });

  it('prints a certificate on a terminal, because it is not a secret', async () => {
    expect(await runKapi('config cert', { config: withCertificate, tty: true })).toMatchObject({ code: 0 });
  });

  it.each([
    ['token', withCertificate, 'the configuration has no bearer token'],
    ['cert', withToken, 'user "jane" has no client certificate: it has a token'],
    ['ca', {}, "no certificate authority is configured: the system's are used"],
    [
      'token',
      { withheld: origin, userName: 'jane' },
      'no bearer token is sent to a plain http server (the credentials come from /home/jane/.kube/config, user "jane")',
    ],
  ])('%s: says what exists instead', async (view, config, message) => {
    const run = await runKapi(`config ${view}`, { config });
    expect(run).toMatchObject({ code: 3, stdout: '' });
    expect(run.stderr.split('\n')[0]).toBe(`error: ${message}`);
  });

  it('accepts no format', async () => {
    expect(await runKapi('config token -o json', { config: withToken })).toMatchObject({
      code: 2,
      stdout: '',
    });
  });
});

describe('config contexts', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kapi-'));
    writeFileSync(
      join(folder, 'config'),
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'dev',
        clusters: [{ name: 'one', cluster: { server: 'https://one.test' } }],
        users: [{ name: 'jane', user: { token: 'm4rked-token' } }],
        contexts: [
          { name: 'prod', context: { cluster: 'one', user: 'jane', namespace: 'web' } },
          { name: 'dev', context: { cluster: 'gone', user: 'bob' } },
        ],
      }),
    );
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const env = (): Record<string, string> => ({ KUBECONFIG: join(folder, 'config') });

  it('prints a table that marks the current context and names missing entries', async () => {
    const run = await runKapi('config contexts', { env: env() });
    expect(run).toEqual({
      code: 0,
      stderr: '',
      requests: [],
      stdout: [
        'CURRENT   NAME   CLUSTER          USER            NAMESPACE',
        '*         dev    gone (missing)   bob (missing)   ',
        '          prod   one              jane            web',
        '',
      ].join('\n'),
    });
  });

  it('marks the one that --context chooses', async () => {
    const run = await runKapi('config contexts -o json --context prod', { env: env() });
    expect(JSON.parse(run.stdout)).toMatchObject([
      { name: 'dev', current: false, cluster: 'gone', clusterMissing: true, userMissing: true },
      { name: 'prod', current: true, cluster: 'one', user: 'jane', namespace: 'web' },
    ]);
  });

  it('prints names for scripts', async () => {
    expect(await runKapi('config contexts -o name', { env: env() })).toMatchObject({ stdout: 'dev\nprod\n' });
  });

  it('says that there are no contexts', async () => {
    const run = await runKapi('config contexts', { env: { KUBECONFIG: join(folder, 'nope') } });
    expect(run).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'There is no context: no kubeconfig has one.\n',
    });
  });
});

describe('config show', () => {
  it('shows every origin and no secret', async () => {
    const run = await runKapi('config show', { config: { ...withToken, ...withCertificate } });
    expect(run.stdout).toBe(
      [
        'SETTING                 VALUE                   FROM',
        'server                  https://api.test:6443   /home/jane/.kube/config',
        'certificate-authority   inline data             /home/jane/.kube/config, user "jane"',
        'credential              token (redacted)        /home/jane/.kube/config, user "jane"',
        'client-certificate      inline data             /home/jane/.kube/config, user "jane"',
        'client-key              inline data             /home/jane/.kube/config, user "jane"',
        'namespace               default                 /home/jane/.kube/config',
        '',
      ].join('\n'),
    );
  });

  it('on a narrow terminal puts the origin into a line of its own', async () => {
    const run = await runKapi('config show', {
      config: withToken,
      tty: true,
      columns: 60,
      env: { NO_COLOR: '1' },
    });
    expect(run.stdout).toBe(
      [
        'SETTING                 VALUE',
        'server                  https://api.test:6443',
        '                        from /home/jane/.kube/config',
        "certificate-authority   the system's",
        'credential              token (redacted)',
        '                        from /home/jane/.kube/config, user',
        '                        "jane"',
        'namespace               default',
        '                        from /home/jane/.kube/config',
        '',
      ].join('\n'),
    );
    const wide = await runKapi('config show', {
      config: withToken,
      tty: true,
      columns: 120,
      env: { NO_COLOR: '1' },
    });
    expect(wide.stdout).toMatch(/SETTING .* VALUE .* FROM/);
  });

  it('refuses an unknown view', async () => {
    expect(await runKapi('config views')).toMatchObject({
      code: 2,
      stderr:
        'error: kapi config has no view "views"\nhint: it has show, server, ca, cert, key, token, contexts\n',
    });
  });
});

describe('a name that is in two files of KUBECONFIG', () => {
  let folder = '';
  let env: Record<string, string> = {};
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kapi-config-'));
    for (const [file, server] of [
      ['a', 'https://a.test'],
      ['b', 'https://b.test'],
    ] as const) {
      const config = {
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'prod',
        clusters: [{ name: 'one', cluster: { server } }],
        contexts: [{ name: 'prod', context: { cluster: 'one', user: file } }],
        users: [
          { name: 'a', user: { token: file } },
          { name: 'b', user: { token: file } },
        ],
      };
      writeFileSync(join(folder, file), JSON.stringify(config));
    }
    env = { KUBECONFIG: `${join(folder, 'a')}:${join(folder, 'b')}` };
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const local = (): { directory: string; env: Record<string, string> } => ({ directory: folder, env });

  it('is the one of the first file, as in kubectl, and config show names what is not used', async () => {
    const run = await runKapi('config show -o json', local());
    const shown = JSON.parse(run.stdout) as Record<string, { value: string; from: string }>;
    expect(shown['server']?.value).toBe('https://a.test');
    // The user "b" is not used at all.
    expect(shown['not-used']).toEqual({
      value: ['context "prod"', 'cluster "one"', 'user "a"']
        .map((entry) => `${join(folder, 'b')}, ${entry}`)
        .sort()
        .join('; '),
      from: 'KUBECONFIG: the first file with a name counts',
    });
  });

  it('is told by -v, and not without it', async () => {
    const loud = await runKapi('can-i list pods --curl -v', local());
    expect(loud.stderr).toContain(
      `* not used: ${join(folder, 'b')}, cluster "one" (the first one counts: ${join(folder, 'a')}, cluster "one")\n`,
    );
    const quiet = await runKapi('can-i list pods --curl', local());
    expect(quiet.stderr).not.toContain('not used');
  });
});

// The rules of the design's credentials page, one describe each, as far as they are decided before
// a request.

import { describe, expect, it } from 'vitest';

import type { ClusterConfig } from '../../../src/config/cluster-config.ts';
import type { Overrides } from '../../../src/config/input.ts';
import {
  badCertificate,
  base64,
  certificate,
  encryptedKey,
  failureOf,
  fileError,
  filesWith,
  kubeconfig,
  load,
  privateKey,
} from './memory-files.ts';

const place = '/home/jane/.kube/config';
const http = { server: 'http://k.example:8080' };
const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'plugin', interactiveMode: 'Never' };
const certificateFiles = { 'client-certificate': 'client.pem', 'client-key': 'client.key' };

type Parts = Parameters<typeof kubeconfig>[0];

function resolve(parts: Parts, overrides: Overrides = {}): Promise<ClusterConfig> {
  return load(filesWith(kubeconfig(parts)), overrides);
}

function failure(parts: Parts, overrides: Overrides = {}): Promise<string> {
  return failureOf(resolve(parts, overrides));
}

/** Authorization in one line, secrets shown. */
function shown({ authorization }: ClusterConfig): string {
  switch (authorization.kind) {
    case 'none':
      return 'none';
    case 'token':
      return `token ${authorization.token.expose()}, ${authorization.origin.text}`;
    case 'token-file':
      return `file ${authorization.path}, else ${authorization.fallback?.expose() ?? 'nothing'}, ${authorization.origin.text}`;
    case 'basic':
      return `basic ${authorization.username}:${authorization.password.expose()}, ${authorization.origin.text}`;
    case 'header':
      return `header ${authorization.value.expose()}, ${authorization.origin.text}`;
    case 'exec':
      return `exec ${authorization.exec.command}, ${authorization.origin.text}`;
  }
}

describe('the whole value', () => {
  it('carries the origin of every part', async () => {
    const config = await resolve({
      cluster: {
        server: 'https://k.example:6443/prefix/',
        'certificate-authority': 'ca.pem',
        'tls-server-name': 'kubernetes',
        'proxy-url': 'http://jane:pw@proxy:3128',
        'disable-compression': true,
      },
      user: { token: 't', as: 'bob' },
      context: { namespace: 'team' },
    });
    const cluster = { kind: 'kubeconfig', text: `${place}, cluster "k"` };
    const user = { kind: 'kubeconfig', text: `${place}, user "u"` };
    expect(JSON.parse(JSON.stringify(config))).toEqual({
      server: { value: 'https://k.example:6443/prefix', origin: cluster },
      ca: { pem: certificate, path: '/home/jane/.kube/ca.pem', origin: cluster },
      insecureSkipTlsVerify: { value: false, origin: { kind: 'default', text: "kapi's default" } },
      tlsServerName: { value: 'kubernetes', origin: cluster },
      proxy: { value: '(redacted)', origin: cluster },
      disableCompression: true,
      shadowed: [],
      authorization: { kind: 'token', token: '(redacted)', origin: user },
      impersonation: { user: 'bob', groups: [], extra: {}, origin: user },
      namespace: { value: 'team', origin: { kind: 'kubeconfig', text: `${place}, context "c"` } },
      requestTimeoutMs: 0,
      context: { value: 'c', origin: { kind: 'kubeconfig', text: `${place}, current-context` } },
      clusterName: 'k',
      userName: 'u',
      inPod: false,
    });
  });

  it('is frozen all the way down', async () => {
    const config = await resolve({ user: { exec: { ...exec, args: ['a'] } } });
    const parts = [config, config.server, config.server.origin, config.authorization, config.namespace];
    expect(parts.map((part) => Object.isFrozen(part))).toEqual(parts.map(() => true));
    expect(config.authorization.kind === 'exec' && Object.isFrozen(config.authorization.exec.args)).toBe(
      true,
    );
  });

  it('passes --request-timeout and --disable-compression on', async () => {
    const config = await resolve({}, { requestTimeoutMs: 1500, disableCompression: true });
    expect([config.requestTimeoutMs, config.disableCompression]).toEqual([1500, true]);
  });
});

describe('A server without scheme is plain http. For http servers token, basic, client certificate and exec are dropped', () => {
  it.each([
    ['token', { token: 't' }],
    ['token file, which is not read', { tokenFile: 'missing' }],
    ['basic', { username: 'a', password: 'b' }],
    ['certificate', certificateFiles],
    ['exec', { exec }],
    ['auth provider', { 'auth-provider': { name: 'gcp' } }],
  ])('%s', async (_, user) => {
    const config = await resolve({ cluster: { server: 'k.example:8080' }, user });
    expect(config.server.value).toBe('http://k.example:8080');
    expect([config.authorization, config.clientCertificate]).toEqual([{ kind: 'none' }, undefined]);
    expect(config.withheld?.text).toBe(`${place}, user "u"`);
  });

  it('credentials from flags too', async () => {
    const config = await resolve({ cluster: http }, { token: 't' });
    expect([shown(config), config.withheld?.text]).toEqual(['none', '--token']);
    const byCertificate = await resolve(
      { cluster: http },
      { clientCertificate: 'client.pem', clientKey: 'client.key' },
    );
    expect([byCertificate.clientCertificate, byCertificate.withheld?.text]).toEqual([
      undefined,
      '--client-certificate',
    ]);
  });

  it('nothing is withheld if there is no credential, or over https', async () => {
    expect((await resolve({ cluster: http })).withheld).toBeUndefined();
    expect((await resolve({ user: { token: 't' } })).withheld).toBeUndefined();
  });

  it('impersonation headers are sent', async () => {
    const config = await resolve({ cluster: http, user: { as: 'x', 'as-groups': ['g'] } });
    expect(config.impersonation).toMatchObject({ user: 'x', groups: ['g'] });
  });

  it.each([
    [
      { user: { exec: { ...exec, interactiveMode: '' } } },
      '3 ExecInvalid: interactiveMode must be specified for u',
    ],
    [{ user: { 'as-groups': ['g'] } }, '3 ImpersonationInvalid: requesting uid, groups or user-extra for u'],
    [
      { user: { token: 't', username: 'a' } },
      '3 AuthenticationConflict: more than one authentication method found for u',
    ],
    [
      { user: { 'client-certificate': 'missing', 'client-key': 'missing' } },
      '3 ClientCertificateUnreadable: unable to read client-cert /home/jane/.kube/missing for u: no such file or directory',
    ],
    [
      { cluster: { 'certificate-authority': 'missing' } },
      '3 CaUnreadable: unable to read certificate-authority /home/jane/.kube/missing for the server: no such file or directory',
    ],
  ])(
    'the user entry is still validated: %j',
    async ({ user, cluster }: Exclude<Parts, undefined>, message) => {
      expect(await failure({ user: { ...user }, cluster: { ...cluster, ...http } })).toContain(message);
    },
  );

  it('the content of the files does not matter then', async () => {
    const files = filesWith(kubeconfig({ cluster: { ...http, 'certificate-authority': 'bad' } }), {
      '/home/jane/.kube/bad': 'garbage',
    });
    expect((await load(files)).ca).toBeUndefined();
  });
});

describe('`user:pw@` in the URL takes precedence over a token', () => {
  it.each([
    [{ server: 'https://jane:p%40@h' }, { token: 't' }],
    [{ server: 'https://jane:p%40@h' }, { exec }],
    [{ server: 'http://jane:p%40@h' }, { token: 't' }],
  ])('%j over %j', async (cluster, user) => {
    const config = await resolve({ cluster, user });
    expect(shown(config)).toBe(`basic jane:p@, ${place}, cluster "k"`);
    expect(config.server.value).toMatch(/^https?:\/\/h$/);
  });
});

describe('Unknown `--context`, `--cluster`, `--user` fail; an unknown current-context fails even with `--server` and `--token`', () => {
  it.each([
    [{ context: 'zz' }, '3 ContextNotFound: context "zz" does not exist (named by --context)'],
    [{ cluster: 'zz' }, '3 ClusterNotFound: cluster "zz" does not exist (named by --cluster)'],
    [{ user: 'zz' }, '3 UserNotFound: user "zz" does not exist (named by --user)'],
    [{ user: 'zz', token: 't' }, '3 UserNotFound: user "zz" does not exist (named by --user)'],
  ])('%j', async (overrides, message) => {
    expect(await failure({}, overrides)).toBe(message);
  });

  it('current-context', async () => {
    const overrides = { server: 'https://s', token: 't' };
    expect(await failure({ root: { 'current-context': 'zz' } }, overrides)).toBe(
      `3 ContextNotFound: context "zz" does not exist (named by ${place}, current-context)`,
    );
  });

  it('lists the existing names in a hint', async () => {
    await expect(resolve({}, { context: 'zz' })).rejects.toMatchObject({
      hint: `contexts in ${place}: c; choose one with --context`,
    });
    await expect(load({}, { context: 'zz' })).rejects.toMatchObject({
      hint: `there is no kubeconfig: ${place} does not exist; choose one with --context`,
    });
    const contexts = Array.from({ length: 12 }, (_, at) => ({ name: `c${at}` }));
    await expect(resolve({ root: { contexts } })).rejects.toMatchObject({
      hint: `contexts in ${place}: c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, and 2 more; choose one with --context`,
    });
  });

  it('known ones are used', async () => {
    const root = {
      clusters: [
        { name: 'k', cluster: { server: 'https://one' } },
        { name: 'l', cluster: { server: 'https://two' } },
      ],
      users: [{ name: 'u' }, { name: 'v', user: { token: 'v' } }],
      contexts: [
        { name: 'c', context: { cluster: 'k' } },
        { name: 'd', context: { cluster: 'k', user: 'u', namespace: 'n' } },
      ],
    };
    const config = await resolve({ root }, { context: 'd', cluster: 'l', user: 'v' });
    expect(config).toMatchObject({
      server: { value: 'https://two' },
      context: { value: 'd', origin: { text: '--context' } },
      namespace: { value: 'n' },
      clusterName: 'l',
      userName: 'v',
    });
    expect(shown(config)).toBe(`token v, ${place}, user "v"`);
  });
});

describe("`--server` drops the file's tls-server-name and keeps CA, insecure and proxy-url", () => {
  it('with a CA', async () => {
    const cluster = { 'certificate-authority': 'ca.pem', 'tls-server-name': 'n', 'proxy-url': 'http://p' };
    const config = await resolve({ cluster }, { server: 'https://s' });
    expect([config.server, config.tlsServerName]).toEqual([
      { value: 'https://s', origin: { kind: 'flag', text: '--server' } },
      undefined,
    ]);
    expect([config.ca?.pem, config.proxy?.value.expose()]).toEqual([certificate, 'http://p/']);
  });

  it('with insecure, and its own name', async () => {
    const cluster = { 'insecure-skip-tls-verify': true, 'tls-server-name': 'n' };
    const config = await resolve({ cluster }, { server: 'https://s', tlsServerName: 'm' });
    expect([config.insecureSkipTlsVerify, config.tlsServerName]).toEqual([
      { value: true, origin: { kind: 'kubeconfig', text: `${place}, cluster "k"` } },
      { value: 'm', origin: { kind: 'flag', text: '--tls-server-name' } },
    ]);
  });
});

describe("`--insecure-skip-tls-verify` clears the file's CA; `--certificate-authority` clears the file's insecure", () => {
  it('insecure', async () => {
    const config = await resolve(
      { cluster: { 'certificate-authority': 'missing' } },
      { insecureSkipTlsVerify: true },
    );
    expect([config.ca, config.insecureSkipTlsVerify]).toEqual([
      undefined,
      { value: true, origin: { kind: 'flag', text: '--insecure-skip-tls-verify' } },
    ]);
  });

  it('certificate authority, relative to the working directory', async () => {
    const config = await resolve(
      { cluster: { 'insecure-skip-tls-verify': true } },
      { certificateAuthority: 'ca.pem' },
    );
    expect([config.ca, config.insecureSkipTlsVerify.value]).toEqual([
      { path: '/cwd/ca.pem', pem: certificate, origin: { kind: 'flag', text: '--certificate-authority' } },
      false,
    ]);
  });

  it('both flags together, or both in the file, are an error', async () => {
    const words = 'specifying a root certificates file with the insecure flag is not allowed';
    expect(await failure({}, { certificateAuthority: 'ca.pem', insecureSkipTlsVerify: true })).toBe(
      `2 CaWithInsecure: ${words}`,
    );
    const cluster = { 'certificate-authority': 'ca.pem', 'insecure-skip-tls-verify': true };
    expect(await failure({ cluster })).toBe(
      `3 CaWithInsecure: ${words}: both stand in ${place}, cluster "k"`,
    );
    expect(await failure({ cluster }, { server: 'https://s' })).toContain(words);
  });
});

describe('Empty flags and `--insecure-skip-tls-verify=false` count as absent', () => {
  it('all such flags', async () => {
    const config = await resolve(
      { cluster: { 'certificate-authority': 'ca.pem' }, user: { token: 't', as: 'x', 'as-groups': ['g'] } },
      {
        token: '',
        as: '',
        asGroup: [''],
        server: '',
        context: '',
        cluster: '',
        user: '',
        username: '',
        certificateAuthority: '',
        clientCertificate: '',
        namespace: '',
        tlsServerName: '',
        serviceAccountDir: '',
        insecureSkipTlsVerify: false,
        inCluster: false,
      },
    );
    expect(shown(config)).toBe(`token t, ${place}, user "u"`);
    expect(config).toMatchObject({
      server: { value: 'https://k.example:6443' },
      ca: { pem: certificate },
      insecureSkipTlsVerify: { value: false },
      impersonation: { user: 'x', groups: ['g'] },
      namespace: { value: 'default' },
    });
  });
});

describe('which Authorization is made', () => {
  const from = `${place}, user "u"`;

  it.each<[string, Record<string, unknown>, Overrides, string]>([
    ['a token field', { token: 't' }, {}, `token t, ${from}`],
    ['a token field is not trimmed', { token: ' t\n' }, {}, `token  t\n, ${from}`],
    ['tokenFile beats token', { token: 't', tokenFile: 'f' }, {}, `file /home/jane/.kube/f, else t, ${from}`],
    [
      'a flag beats the file: --token beats tokenFile',
      { tokenFile: 'f' },
      { token: 'x' },
      'token x, --token',
    ],
    [
      '--token-file, relative to cwd',
      { token: 't' },
      { tokenFile: 'f' },
      'file /cwd/f, else nothing, --token-file',
    ],
    ['basic', { username: 'a', password: 'b' }, {}, `basic a:b, ${from}`],
    ['basic without password', { username: 'a' }, {}, `basic a:, ${from}`],
    [
      '--username with the password of the file',
      { username: 'a', password: 'b' },
      { username: 'c' },
      'basic c:b, --username',
    ],
    ['--password with the name of the file', { username: 'a' }, { password: 'p' }, `basic a:p, ${from}`],
    ['a password alone is no credential', { password: 'b' }, {}, 'none'],
    ['exec', { exec }, {}, `exec plugin, ${from}`],
    ['with a token the exec plugin is not run', { exec, token: 't' }, {}, `token t, ${from}`],
    [
      'with a token file neither',
      { exec, tokenFile: 'f' },
      {},
      `file /home/jane/.kube/f, else nothing, ${from}`,
    ],
    ['with basic neither', { exec, username: 'a' }, {}, `basic a:, ${from}`],
    ['with a certificate neither', { exec, ...certificateFiles }, {}, 'none'],
    ['with --token neither', { exec }, { token: 'x' }, 'token x, --token'],
    ['nothing: https without credentials goes out anonymous', {}, {}, 'none'],
  ])('%s', async (_, user, overrides, expected) => {
    expect(shown(await resolve({ user }, overrides))).toBe(expected);
  });

  it.each([{ token: 't' }, { username: 'a', password: 'b' }])(
    'A token and a client certificate are both sent, as are basic and a certificate: %j',
    async (user) => {
      const config = await resolve({ user: { ...user, ...certificateFiles } });
      expect(config.authorization.kind).not.toBe('none');
      expect(config.clientCertificate?.certificate.pem).toBe(certificate);
    },
  );
});

describe('Token and basic together are an error if both are in one entry or both are flags', () => {
  const words =
    'more than one authentication method found for u; found [token basicAuth], only one is allowed';
  const from = `${place}, user "u"`;

  it.each<[Record<string, unknown>, Overrides, string]>([
    [{ token: 'SECRET', username: 'a' }, {}, `3 AuthenticationConflict: ${words}: the two from ${from}`],
    [{ tokenFile: 'f', username: 'a' }, {}, `3 AuthenticationConflict: ${words}: the two from ${from}`],
    [{ token: 'SECRET', password: 'SECRET' }, {}, `3 AuthenticationConflict: ${words}: the two from ${from}`],
    [
      {},
      { token: 'SECRET', password: 'SECRET' },
      '2 AuthenticationConflict: more than one authentication method found in the flags: a token and a user name or password, only one is allowed',
    ],
    [
      {},
      { token: 'SECRET', tokenFile: 'f' },
      '2 AuthenticationConflict: --token and --token-file are both given, only one is allowed',
    ],
  ])('%j with %j', async (user, overrides, message) => {
    expect(await failure({ user }, overrides)).toBe(message);
  });
});

describe('data and file for the same field: data takes precedence inside a file, a flag over both', () => {
  it('CA', async () => {
    const cluster = { 'certificate-authority': 'missing', 'certificate-authority-data': base64(certificate) };
    expect((await resolve({ cluster })).ca).toEqual({
      pem: certificate,
      origin: { kind: 'kubeconfig', text: `${place}, cluster "k"` },
    });
    const bad = { 'certificate-authority-data': base64('garbage') };
    expect((await resolve({ cluster: bad }, { certificateAuthority: 'ca.pem' })).ca?.path).toBe(
      '/cwd/ca.pem',
    );
  });

  it('certificate and key', async () => {
    const user = {
      'client-certificate': 'missing',
      'client-certificate-data': base64(certificate),
      'client-key': 'missing',
      'client-key-data': base64(privateKey),
    };
    const pair = (await resolve({ user })).clientCertificate;
    expect([pair?.certificate.pem, pair?.key.pem.expose(), pair?.certificate.path]).toEqual([
      certificate,
      privateKey,
      undefined,
    ]);
    const flags = { clientCertificate: 'client.pem', clientKey: 'client.key' };
    const byFlag = (await resolve({ user }, flags)).clientCertificate;
    expect([byFlag?.certificate.path, byFlag?.key.path, byFlag?.key.origin.text]).toEqual([
      '/cwd/client.pem',
      '/cwd/client.key',
      '--client-key',
    ]);
  });

  it('--client-certificate takes the key of the file, unless its own file has one, as with curl', async () => {
    const user = { 'client-key': 'client.key' };
    const files = filesWith(kubeconfig({ user }), { '/cwd/both.pem': certificate + privateKey });
    const apart = (await load(files, { clientCertificate: 'client.pem' })).clientCertificate;
    expect(apart?.key.path).toBe('/home/jane/.kube/client.key');
    const both = (await load(files, { clientCertificate: 'both.pem' })).clientCertificate;
    expect([both?.key.path, both?.certificate.pem, both?.key.origin.text]).toEqual([
      '/cwd/both.pem',
      certificate,
      '--client-certificate',
    ]);
  });
});

describe('certificate files that cannot be used', () => {
  const named = `(named by ${place}, user "u")`;

  it.each<[string, Record<string, unknown>, Overrides, string]>([
    [
      'missing certificate',
      { 'client-certificate': 'missing', 'client-key': 'client.key' },
      {},
      `3 ClientCertificateUnreadable: unable to read client-cert /home/jane/.kube/missing for u: no such file or directory ${named}`,
    ],
    [
      'missing key',
      { 'client-certificate': 'client.pem', 'client-key': 'missing' },
      {},
      `3 ClientKeyUnreadable: unable to read client-key /home/jane/.kube/missing for u: no such file or directory ${named}`,
    ],
    [
      'no key',
      { 'client-certificate': 'client.pem' },
      {},
      `3 ClientKeyMissing: client-key-data or client-key must be specified for u to use the clientCert authentication method (certificate from ${place}, user "u")`,
    ],
    [
      'garbage certificate',
      { 'client-certificate': 'garbage', 'client-key': 'client.key' },
      {},
      `3 ClientCertificateInvalid: the client certificate in /home/jane/.kube/garbage ${named} cannot be used: there is no PEM certificate in it`,
    ],
    [
      'bad certificate',
      { 'client-certificate-data': base64(badCertificate), 'client-key': 'client.key' },
      {},
      `3 ClientCertificateInvalid: the client certificate in ${place}, user "u" cannot be used: the certificate in it is not valid`,
    ],
    [
      'garbage key',
      { 'client-certificate': 'client.pem', 'client-key': 'garbage' },
      {},
      `3 ClientKeyInvalid: the client key in /home/jane/.kube/garbage ${named} cannot be used: there is no private key in it`,
    ],
    [
      'encrypted key',
      { 'client-certificate': 'client.pem', 'client-key': 'encrypted' },
      {},
      `3 ClientKeyInvalid: the client key in /home/jane/.kube/encrypted ${named} is encrypted`,
    ],
    [
      'key without a certificate',
      { 'client-key': 'client.key' },
      {},
      `3 ClientCertificateMissing: there is a client key for u and no client certificate (key from ${place}, user "u")`,
    ],
    [
      'key without a certificate, beside a token',
      { 'client-key-data': base64(privateKey), token: 't' },
      {},
      `3 ClientCertificateMissing: there is a client key for u and no client certificate (key from ${place}, user "u")`,
    ],
    [
      'key without a certificate by flag',
      { token: 't' },
      { clientKey: 'client.key' },
      '3 ClientCertificateMissing: there is a client key for u and no client certificate (key from --client-key)',
    ],
    [
      'missing certificate by flag',
      {},
      { clientCertificate: 'missing', clientKey: 'client.key' },
      '3 ClientCertificateUnreadable: unable to read client-cert /cwd/missing for u: no such file or directory (named by --client-certificate)',
    ],
  ])('%s', async (_, user, overrides, message) => {
    const files = filesWith(kubeconfig({ user }), {
      '/home/jane/.kube/garbage': 'SECRET garbage',
      '/home/jane/.kube/encrypted': encryptedKey,
    });
    expect(await failureOf(load(files, overrides))).toBe(message);
  });
});

describe('the CA bundle', () => {
  function withCa(content: string | Error): Promise<ClusterConfig> {
    const files = filesWith(kubeconfig({ cluster: { 'certificate-authority': 'bundle' } }), {
      '/home/jane/.kube/bundle': content,
    });
    return load(files);
  }

  it('Bad certificates next to good ones are skipped', async () => {
    expect((await withCa(badCertificate + certificate)).ca?.pem).toBe(certificate);
  });

  it("An empty CA file means the system's", async () => {
    expect((await withCa('')).ca).toBeUndefined();
  });

  it.each([
    ['garbage', 'there is no PEM certificate in it'],
    [badCertificate, 'the certificate in it is not valid'],
    [privateKey, 'there is no PEM certificate in it'],
  ])('unreadable content is an error', async (content, problem) => {
    expect(await failureOf(withCa(content))).toBe(
      `3 CaInvalid: unable to load root certificates from /home/jane/.kube/bundle (named by ${place}, cluster "k"): ${problem}`,
    );
  });

  it('a file that cannot be read is an error', async () => {
    expect(await failureOf(withCa(fileError('EACCES')))).toBe(
      `3 CaUnreadable: unable to read certificate-authority /home/jane/.kube/bundle for the server: permission denied (named by ${place}, cluster "k")`,
    );
  });
});

describe('`--as` keeps uid, groups and extra of the file; `--as-group` replaces the groups', () => {
  const user = { as: 'x', 'as-uid': '7', 'as-groups': ['g', 'h'], 'as-user-extra': { k: ['v'], l: ['w'] } };

  it.each<[Overrides, unknown]>([
    [{}, { user: 'x', uid: '7', groups: ['g', 'h'], extra: { k: ['v'], l: ['w'] } }],
    [{ as: 'y' }, { user: 'y', uid: '7', groups: ['g', 'h'], extra: { k: ['v'], l: ['w'] } }],
    [{ asGroup: ['i', 'j'] }, { user: 'x', uid: '7', groups: ['i', 'j'], extra: { k: ['v'], l: ['w'] } }],
    [{ asUid: '8' }, { user: 'x', uid: '8', groups: ['g', 'h'], extra: { k: ['v'], l: ['w'] } }],
    [
      { asUserExtra: ['k=1', 'm=a=b', 'k=2'] },
      { user: 'x', uid: '7', groups: ['g', 'h'], extra: { k: ['1', '2'], l: ['w'], m: ['a=b'] } },
    ],
  ])('%j', async (overrides, impersonation) => {
    expect((await resolve({ user }, overrides)).impersonation).toMatchObject(impersonation as object);
  });

  it('commas do not split groups', async () => {
    const config = await resolve({}, { as: 'x', asGroup: ['a,b', 'c'] });
    expect(config.impersonation).toEqual({
      user: 'x',
      uid: undefined,
      groups: ['a,b', 'c'],
      extra: {},
      origin: { kind: 'flag', text: '--as' },
    });
  });

  it('groups or uid without a user are an error', async () => {
    const words = 'requesting uid, groups or user-extra';
    expect(await failure({}, { asGroup: ['g'] })).toBe(
      `2 ImpersonationInvalid: ${words} without impersonating a user`,
    );
    expect(await failure({}, { asUid: '1' })).toContain('2 ImpersonationInvalid');
    expect(await failure({}, { asUserExtra: ['a=b'] })).toContain('2 ImpersonationInvalid');
    expect(await failure({ user: { 'as-uid': '7' } })).toBe(
      `3 ImpersonationInvalid: ${words} for u without impersonating a user (from ${place}, user "u")`,
    );
  });

  it('--as-user-extra without = is a usage error', async () => {
    expect(await failure({}, { as: 'x', asUserExtra: ['SECRET'] })).toBe(
      '2 ImpersonationInvalid: --as-user-extra wants key=value',
    );
  });
});

describe('auth-provider is refused with a clear message that names the exec replacement', () => {
  it.each([
    ['gcp', 'gke-gcloud-auth-plugin'],
    ['azure', 'kubelogin convert-kubeconfig'],
    ['oidc', 'kubectl oidc-login'],
    ['own', 'the one your provider has'],
  ])('%s', async (name, replacement) => {
    const user = { 'auth-provider': { name, config: { 'id-token': 'SECRET' } } };
    expect(await failure({ user })).toBe(
      `3 AuthProviderUnsupported: auth-provider "${name}" is not supported (from ${place}, user "u")`,
    );
    await expect(resolve({ user })).rejects.toMatchObject({
      hint: expect.stringContaining(replacement) as unknown,
    });
  });

  it('but credentials by flag replace it', async () => {
    const user = { 'auth-provider': { name: 'gcp' } };
    expect(shown(await resolve({ user }, { token: 'x' }))).toBe('token x, --token');
  });
});

describe('Exec plugins', () => {
  it('v1 needs interactiveMode, v1beta1 defaults to IfAvailable, v1alpha1 is refused', async () => {
    const from = `(from ${place}, user "u")`;
    const group = 'client.authentication.k8s.io';
    const bare = { command: 'p' };
    expect(await failure({ user: { exec: { ...bare, apiVersion: `${group}/v1` } } })).toBe(
      `3 ExecInvalid: interactiveMode must be specified for u to use exec authentication plugin ${from}`,
    );
    const beta = await resolve({ user: { exec: { ...bare, apiVersion: `${group}/v1beta1` } } });
    expect(beta.authorization).toMatchObject({ exec: { interactiveMode: 'IfAvailable' } });
    expect(await failure({ user: { exec: { ...bare, apiVersion: `${group}/v1alpha1` } } })).toBe(
      `3 ExecInvalid: exec plugin: invalid apiVersion "${group}/v1alpha1" ${from}`,
    );
  });

  it.each([
    [{ command: '' }, 'command must be specified for u to use exec authentication plugin'],
    [{ apiVersion: '' }, 'apiVersion must be specified for u to use exec authentication plugin'],
    [
      { env: [{ value: 'SECRET' }] },
      'env variable name must be specified for u to use exec authentication plugin',
    ],
    [{ interactiveMode: 'Sometimes' }, 'invalid interactiveMode for u: "Sometimes"'],
  ])('%j is an error, also if a token makes the plugin unnecessary', async (change, message) => {
    const expected = `3 ExecInvalid: ${message} (from ${place}, user "u")`;
    expect(await failure({ user: { exec: { ...exec, ...change } } })).toBe(expected);
    expect(await failure({ user: { exec: { ...exec, ...change }, token: 't' } })).toBe(expected);
  });

  it('has everything that the plugin needs', async () => {
    const extension = { audience: 'x', port: 8443 };
    const config = await resolve({
      cluster: {
        extensions: [
          { name: 'other', extension: 1 },
          { name: 'client.authentication.k8s.io/exec', extension },
        ],
      },
      user: {
        exec: {
          ...exec,
          command: 'bin/plugin',
          args: ['a', ''],
          env: [{ name: 'A', value: 'b' }, { name: 'C' }],
          provideClusterInfo: true,
          installHint: 'install it',
        },
      },
    });
    expect(config.authorization).toEqual({
      kind: 'exec',
      origin: { kind: 'kubeconfig', text: `${place}, user "u"` },
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: '/home/jane/.kube/bin/plugin',
        args: ['a', ''],
        env: [
          { name: 'A', value: 'b' },
          { name: 'C', value: '' },
        ],
        interactiveMode: 'Never',
        provideClusterInfo: true,
        installHint: 'install it',
        clusterExtension: extension,
        origin: { kind: 'kubeconfig', text: `${place}, user "u"` },
      },
    });
  });
});

describe('Missing cluster, missing user, no configuration at all: exit 3 with the source named; never localhost:8080', () => {
  const context = `${place}, context "c"`;

  it.each<[string, Parts, Overrides, string]>([
    [
      'missing cluster',
      { context: { cluster: 'zz' } },
      {},
      `3 ClusterNotFound: no server found for cluster "zz": it does not exist, but is named in ${context}`,
    ],
    [
      'no cluster in the context',
      { context: { cluster: '' } },
      {},
      `3 ClusterNotFound: no cluster is named in ${context}`,
    ],
    [
      'missing user',
      { context: { user: 'zz' } },
      {},
      `3 UserNotFound: user "zz" does not exist (named by ${context})`,
    ],
    [
      'a cluster without server',
      { cluster: { server: '' } },
      {},
      `3 NoServer: no server found for cluster "k" (from ${place}, cluster "k")`,
    ],
    [
      'no current-context',
      { root: { 'current-context': '' } },
      {},
      `3 NoContext: no context is selected: there is no current-context in ${place}`,
    ],
  ])('%s', async (_, parts, overrides, message) => {
    expect(await failure(parts, overrides)).toBe(message);
  });

  it('no configuration at all', async () => {
    const nothing = load({});
    expect(await failureOf(nothing)).toBe(
      '3 NoConfiguration: no configuration has been provided: no flag, file or variable names a server',
    );
    await expect(nothing).rejects.toMatchObject({
      causes: [
        `${place} does not exist (kapi's default)`,
        'not in a pod: KUBERNETES_SERVICE_HOST is not set',
      ],
      hint: 'name a kubeconfig with --kubeconfig or KUBECONFIG, or a server with --server; `kapi sandbox -- bash` starts a practice server',
    });
  });

  it('an empty file is no configuration', async () => {
    await expect(load({ [place]: '' })).rejects.toMatchObject({
      code: 'NoConfiguration',
      causes: [`${place} has no contexts`, 'not in a pod: KUBERNETES_SERVICE_HOST is not set'],
    });
  });

  it.each<[string, Parts, Overrides]>([
    ['--server for a missing cluster', { context: { cluster: 'zz' } }, { server: 'https://s' }],
    ['--server and no context', { root: { 'current-context': '' } }, { server: 'https://s' }],
    [
      '--cluster for a missing cluster',
      { context: { cluster: 'zz' }, cluster: { server: 'https://s' } },
      { cluster: 'k' },
    ],
    [
      '--token for a missing user',
      { context: { user: 'zz' }, cluster: { server: 'https://s' } },
      { token: 't' },
    ],
    ['a context without user', { context: { user: '' }, cluster: { server: 'https://s' } }, {}],
  ])('flags can replace what is missing: %s', async (_, parts, overrides) => {
    expect((await resolve(parts, overrides)).server.value).toBe('https://s');
  });

  it('--server without any file', async () => {
    const config = await load({}, { server: 'https://s', token: 't' });
    expect([config.server.value, shown(config)]).toEqual(['https://s', 'token t, --token']);
  });

  it('KUBERNETES_MASTER counts as a server', async () => {
    const config = await load({}, {}, { KUBERNETES_MASTER: 'localhost:8080' });
    expect(config.server).toEqual({
      value: 'http://localhost:8080',
      origin: { kind: 'env', text: 'KUBERNETES_MASTER' },
    });
    const entry = await load(
      { [place]: kubeconfig({ cluster: { server: '' } }) },
      {},
      { KUBERNETES_MASTER: 'https://m' },
    );
    expect(entry.server.value).toBe('https://m');
    const dangling = load(
      { [place]: kubeconfig({ context: { cluster: 'zz' } }) },
      {},
      { KUBERNETES_MASTER: 'https://m' },
    );
    expect(await failureOf(dangling)).toContain('ClusterNotFound');
  });
});

describe('In a pod', () => {
  const directory = '/var/run/secrets/kubernetes.io/serviceaccount';
  const env = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' };
  const files = {
    [`${directory}/token`]: 'pod-token\n',
    [`${directory}/ca.crt`]: certificate,
    [`${directory}/namespace`]: 'pod-namespace\n',
    '/cwd/ca.pem': certificate,
    '/cwd/client.pem': certificate,
    '/cwd/client.key': privateKey,
  };
  const podFile = `file ${directory}/token, else nothing, the service account's files in ${directory}`;

  it('uses the service account if no kubeconfig has a cluster', async () => {
    const config = await load(files, {}, env);
    const origin = { kind: 'pod', text: `the service account's files in ${directory}` };
    expect(config).toMatchObject({
      server: { value: 'https://10.96.0.1', origin: { kind: 'pod', text: 'KUBERNETES_SERVICE_HOST' } },
      ca: { path: `${directory}/ca.crt`, pem: certificate, origin },
      authorization: { kind: 'token-file', path: `${directory}/token`, origin },
      namespace: { value: 'pod-namespace', origin: { kind: 'pod', text: `${directory}/namespace` } },
      inPod: true,
    });
  });

  it('writes an IPv6 host in brackets', async () => {
    const config = await load(
      files,
      {},
      { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' },
    );
    expect(config.server.value).toBe('https://[fd00::1]:6443');
  });

  it.each([
    [
      'KUBERNETES_SERVICE_HOST',
      { ...env, KUBERNETES_SERVICE_HOST: '' },
      files,
      'not in a pod: KUBERNETES_SERVICE_HOST is not set',
    ],
    [
      'KUBERNETES_SERVICE_PORT',
      { ...env, KUBERNETES_SERVICE_PORT: '' },
      files,
      'not in a pod: KUBERNETES_SERVICE_PORT is not set',
    ],
    [
      'the token file',
      env,
      { ...files, [`${directory}/token`]: fileError('ENOENT') },
      `not in a pod: ${directory}/token: no such file or directory`,
    ],
    [
      'the token file (a directory)',
      env,
      { ...files, [`${directory}/token`]: fileError('EISDIR') },
      `not in a pod: ${directory}/token: it is a directory`,
    ],
  ])('Needs %s', async (_, variables, some, cause) => {
    await expect(load(some, {}, variables)).rejects.toMatchObject({
      code: 'NoConfiguration',
      causes: [`${place} does not exist (kapi's default)`, cause],
    });
  });

  it("a missing ca.crt means the system's authorities", async () => {
    const config = await load({ ...files, [`${directory}/ca.crt`]: fileError('ENOENT') }, {}, env);
    expect([config.ca, config.inPod]).toEqual([undefined, true]);
  });

  it('a kubeconfig with a cluster takes precedence', async () => {
    const config = await load({ ...files, [place]: kubeconfig() }, {}, env);
    expect([config.server.value, config.inPod]).toEqual(['https://k.example:6443', false]);
  });

  it('one without current-context does not, and KUBERNETES_MASTER is last', async () => {
    const some = { ...files, [place]: kubeconfig({ root: { 'current-context': '' } }) };
    const config = await load(some, {}, { ...env, KUBERNETES_MASTER: 'http://m' });
    expect([config.server.value, config.inPod]).toEqual(['https://10.96.0.1', true]);
  });

  it('`--token` and `--certificate-authority` are honoured', async () => {
    const config = await load(files, { token: 't', certificateAuthority: 'ca.pem' }, env);
    expect([config.server.value, shown(config), config.ca?.path, config.inPod]).toEqual([
      'https://10.96.0.1',
      'token t, --token',
      '/cwd/ca.pem',
      false,
    ]);
  });

  it.each<[Overrides, string]>([
    [{ username: 'a', password: 'b' }, 'basic a:b, --username'],
    [{ tokenFile: 'f' }, 'file /cwd/f, else nothing, --token-file'],
    [{ clientCertificate: 'client.pem', clientKey: 'client.key' }, 'none'],
  ])('other credentials by flag replace the service account: %j', async (overrides, expected) => {
    const config = await load(files, overrides, env);
    expect([shown(config), config.inPod, config.ca?.path]).toEqual([expected, false, `${directory}/ca.crt`]);
  });

  it('so does --user', async () => {
    const some = { ...files, [place]: kubeconfig({ user: { token: 'u' }, root: { 'current-context': '' } }) };
    const config = await load(some, { user: 'u' }, env);
    expect([config.server.value, shown(config)]).toEqual([
      'https://10.96.0.1',
      `token u, ${place}, user "u"`,
    ]);
  });

  it('--as, --request-timeout, --disable-compression, --insecure-skip-tls-verify, --tls-server-name keep the identity and are used', async () => {
    const config = await load(
      files,
      {
        as: 'x',
        requestTimeoutMs: 5,
        disableCompression: true,
        insecureSkipTlsVerify: true,
        tlsServerName: 'n',
      },
      env,
    );
    expect(config).toMatchObject({
      impersonation: { user: 'x' },
      requestTimeoutMs: 5,
      disableCompression: true,
      insecureSkipTlsVerify: { value: true },
      tlsServerName: { value: 'n' },
      inPod: true,
    });
    expect([config.ca, shown(config)]).toEqual([undefined, podFile]);
  });

  it.each([
    ['https://10.96.0.1:443/prefix', podFile, true],
    ['https://other', 'none', false],
    ['https://10.96.0.1:6443', 'none', false],
    ['http://10.96.0.1:443', 'none', false],
  ])(
    '`--server` to another origin drops it; the token is never sent over plain http: %s',
    async (server, expected, inPod) => {
      const config = await load(files, { server }, env);
      expect([shown(config), config.inPod, config.ca === undefined]).toEqual([expected, inPod, !inPod]);
    },
  );

  it.each<[Overrides, Record<string, string>, string, string | undefined]>([
    [{ namespace: 'n' }, { POD_NAMESPACE: 'p' }, 'n', undefined],
    [{}, { POD_NAMESPACE: 'p' }, 'p', undefined],
    [{}, {}, 'pod-namespace', undefined],
    [{}, { POD_NAMESPACE: 'p' }, 'c', 'c'],
    [{}, { POD_NAMESPACE: 'p' }, 'p', ''],
  ])(
    'Namespace: -n, context, POD_NAMESPACE, the file, default: %j %j gives %s',
    async (overrides, more, namespace, ofContext) => {
      const some =
        ofContext === undefined
          ? files
          : { ...files, [place]: kubeconfig({ context: { namespace: ofContext } }) };
      expect((await load(some, overrides, { ...env, ...more })).namespace.value).toBe(namespace);
    },
  );

  it('POD_NAMESPACE counts in a pod only, and without its file the namespace is default', async () => {
    const outside = await load({ [place]: kubeconfig() }, {}, { POD_NAMESPACE: 'p' });
    expect(outside.namespace).toEqual({
      value: 'default',
      origin: { kind: 'default', text: "kapi's default" },
    });
    const noFile = await load({ ...files, [`${directory}/namespace`]: fileError('ENOENT') }, {}, env);
    expect(noFile.namespace.value).toBe('default');
  });

  it('--in-cluster before any kubeconfig; --service-account-dir sets the directory and implies it', async () => {
    const some = { ...files, [place]: kubeconfig(), '/cwd/sa/token': 't', '/cwd/sa/ca.crt': certificate };
    expect((await load(some, { inCluster: true }, env)).inPod).toBe(true);
    const other = await load(some, { serviceAccountDir: 'sa' }, env);
    expect([other.inPod, other.authorization.kind === 'token-file' && other.authorization.path]).toEqual([
      true,
      '/cwd/sa/token',
    ]);
  });

  it.each<[Overrides, string]>([
    [{ inCluster: true, context: 'c' }, '2 FlagConflict: --context and --in-cluster exclude each other'],
    [
      { serviceAccountDir: directory, kubeconfig: '/c' },
      '2 FlagConflict: --kubeconfig and --service-account-dir exclude each other',
    ],
    [
      { inCluster: true, server: 'https://other' },
      '2 FlagConflict: --in-cluster and --server exclude each other, unless both mean the same server',
    ],
  ])('%j is a contradiction', async (overrides, message) => {
    expect(await failureOf(load(files, overrides, env))).toBe(message);
  });

  it('--in-cluster outside a pod is an error', async () => {
    expect(await failureOf(load({ [place]: kubeconfig() }, { inCluster: true }))).toBe(
      '3 NotInPod: not in a pod: KUBERNETES_SERVICE_HOST is not set',
    );
  });
});

describe('A path prefix in `server` is kept', () => {
  it('without the slash at its end', async () => {
    expect((await resolve({ cluster: { server: 'https://rancher/k8s/c-1/' } })).server.value).toBe(
      'https://rancher/k8s/c-1',
    );
  });
});

describe('the environment provides a proxy if the kubeconfig does not', () => {
  it('HTTPS_PROXY', async () => {
    const config = await load(filesWith(kubeconfig()), {}, { HTTPS_PROXY: 'http://p:1' });
    expect([config.proxy?.value.expose(), config.proxy?.origin]).toEqual([
      'http://p:1/',
      { kind: 'env', text: 'HTTPS_PROXY' },
    ]);
  });
});

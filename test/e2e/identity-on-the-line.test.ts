// The identity on a real server: credentials of the command line replace the configured ones; names
// beyond ASCII; service accounts by --as-sa; keys that do not belong to their certificate; the
// policy of a kuberc.
import { spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';

import {
  cleanEnvironment,
  describeAgainstKubectl,
  describeOnServer,
  kapi,
  kapiFile,
  kubectl,
  makeFolder,
  run,
  testServer,
  until,
  type RunOptions,
} from './kapi.ts';
import { kubeconfigText } from './server/kubeconfigs.ts';

function cluster(more: Record<string, unknown> = {}): Record<string, unknown> {
  return { server: testServer().url, 'certificate-authority': testServer().caFile, ...more };
}

function kubeconfigOf(user: Record<string, unknown>, more: Record<string, unknown> = {}): string {
  const file = join(makeFolder(), 'config');
  writeFileSync(file, kubeconfigText(cluster(more), user, 'dev'));
  return file;
}

/** Writes an executable plugin that returns this credential and records each run. */
function writePlugin(status: Record<string, unknown>, name = 'plugin'): string {
  const path = join(makeFolder(), name);
  const answer = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status };
  writeFileSync(path, `#!/bin/sh\necho plugin-ran >&2\ncat <<'END'\n${JSON.stringify(answer)}\nEND\n`);
  chmodSync(path, 0o755);
  return path;
}

function pluginUser(command: string): Record<string, unknown> {
  return { exec: { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'Never' } };
}

/** Returns the user name that the server sees, and how the command ended. */
async function whoIs(options: RunOptions, ...flags: readonly string[]): Promise<string> {
  const { stdout, code } = await kapi(['whoami', '-o', 'name', ...flags], options);
  return `${stdout.trim()} ${code ?? ''}`;
}

const account = 'system:serviceaccount:default:default';

function janeFlags(): string[] {
  const { certificateFile, keyFile } = testServer().janeCertificate;
  return ['--client-certificate', certificateFile, '--client-key', keyFile];
}

describeOnServer('identity named on the command line', () => {
  const lines = (): [readonly string[], string][] => [
    [['--token', testServer().tokens.bob], 'bob 0'],
    [['--token', testServer().serviceAccountToken], `${account} 0`],
    [['--token-file', testServer().serviceAccountTokenFile], `${account} 0`],
    [janeFlags(), 'jane 0'],
    [['--anonymous'], 'system:anonymous 0'],
    [['--token', 'garbage'], ' 4'],
    [['--username', 'jane', '--password', 'x'], 'system:anonymous 0'],
  ];

  it('is the identity, whatever the kubeconfig has', async () => {
    const { kubeconfigs, tokens } = testServer();
    const admin = JSON.parse(readFileSync(kubeconfigs.admin, 'utf8')) as {
      users: { user: Record<string, unknown> }[];
    };
    const both = kubeconfigOf({ ...admin.users[0]?.user, token: tokens.admin });
    const plugin = kubeconfigOf(pluginUser(writePlugin({ token: tokens.admin })));
    const provider = kubeconfigOf({ 'auth-provider': { name: 'gcp' } });
    const configured = [both, plugin, provider];
    await Promise.all(
      lines().map(async ([flags, expected]) => {
        for (const kubeconfig of configured) {
          const { stdout, stderr, code } = await kapi(['whoami', '-o', 'name', ...flags], { kubeconfig });
          expect(`${stdout.trim()} ${code ?? ''}`, `${flags.join(' ')} with ${kubeconfig}`).toBe(expected);
          expect(stderr).not.toContain('plugin-ran');
        }
      }),
    );
  });

  it.concurrent('answers can-i for the token, not for the certificate of the kubeconfig', async () => {
    const { serviceAccountToken } = testServer();
    const { stdout, code } = await kapi(['can-i', 'list', 'secrets', '-A', '--token', serviceAccountToken]);
    expect([stdout, code]).toEqual(['no\n', 1]);
  });

  it.concurrent.for([
    ['-H', 'Authorization:'],
    ['-H', 'authorization;'],
    ['-H', 'AUTHORIZATION: Bearer of nothing', '--anonymous'],
    ['-u', 'nobody:x'],
    ['--anonymous'],
  ])('kapi curl %j does not use the administrator’s credentials', async (flags) => {
    const line = ['curl', '-s', ...flags, '-o', '/dev/null', '-w', '%{http_code}', '/api/v1/secrets'];
    const { stdout, code } = await kapi(line);
    expect(code === 2 ? 'refused' : stdout).toBe(flags.length === 3 ? 'refused' : '403');
  });

  it.concurrent('kapi curl with the token of a service account is refused as the account', async () => {
    const header = `Authorization: Bearer ${testServer().serviceAccountToken}`;
    const folder = makeFolder();
    writeFileSync(join(folder, 'headers'), `# of the lesson\n${header}\n`);
    for (const value of [header, header.replace('A', 'a'), `@${join(folder, 'headers')}`]) {
      const { stdout, code } = await kapi(['curl', '-H', value, '/']);
      expect(stdout).toContain(`\\"${account}\\" cannot get path \\"/\\"`);
      expect(code).toBe(4);
    }
  });

  it.concurrent('says what is not sent, and why', async () => {
    const { kubeconfigs, tokens } = testServer();
    const flags = ['--token', tokens.bob];
    const sentence = `not sent because of --token: client certificate (from ${kubeconfigs.admin}, user "me")`;
    const [verbose, who, config, doctor, curl, refused] = await Promise.all([
      kapi(['get', '/version', '-v', ...flags]),
      kapi(['whoami', ...flags]),
      kapi(['config', 'show', ...flags]),
      kapi(['doctor', ...flags]),
      kapi(['list', 'pods', '--curl', ...flags]),
      kapi(['list', 'pods', '--token', 'garbage']),
    ]);
    expect(verbose.stderr).toContain(`* ${sentence}\n`);
    expect(who.stdout).toMatch(/^Not sent +client certificate \(from .*user "me"\), because of --token$/m);
    expect(config.stdout).toMatch(/^not-sent +client certificate, because of --token +\/.*, user "me"$/m);
    expect(doctor.stdout).toContain(sentence);
    expect(curl.stderr).toContain(`note: ${sentence}\n`);
    expect(curl.stdout).not.toContain('--cert');
    expect(refused.stderr).toContain(sentence);
  });

  it.concurrent('flags that name two identities, or none, are refused', async () => {
    for (const flags of [
      ['--anonymous', '--token', 'x'],
      ['--anonymous', ...janeFlags()],
      ['--anonymous', '--user', 'me'],
      ['--token', 'x', '--username', 'y'],
      ['--token', 'x', '-s', testServer().url.replace('//', '//a:b@')],
      ['--as', 'x', '--as-sa', 'y'],
      ['--password', 'x'],
      // As from a shell without the variable: kubectl would use the user of the kubeconfig.
      ...['--token', '--token-file', '--as', '--as-sa', '--username', '--user'].map((flag) => [flag, '']),
    ]) {
      expect((await kapi(['whoami', ...flags])).code, flags.join(' ')).toBe(2);
    }
  });

  it.concurrent('of two credentials of one user, whoami says which one the server used', async () => {
    const { kubeconfigs, tokens, serviceAccountToken } = testServer();
    const user = (file: string): Record<string, unknown> | undefined =>
      (JSON.parse(readFileSync(file, 'utf8')) as { users: { user: Record<string, unknown> }[] }).users[0]
        ?.user;
    const takenOf = async (entry: Record<string, unknown>, ...flags: string[]): Promise<unknown> => {
      const { stdout } = await kapi(['whoami', '-o', 'json', ...flags], { kubeconfig: kubeconfigOf(entry) });
      const { status, local } = JSON.parse(stdout) as {
        status: { userInfo: { username: string } };
        local: { credentialTaken?: { kind: string | null } };
      };
      return [status.userInfo.username, local.credentialTaken?.kind];
    };
    const [jane, expired] = [user(kubeconfigs.jane), user(kubeconfigs.expired)];
    expect(await takenOf({ ...jane, token: serviceAccountToken })).toEqual(['jane', 'client certificate']);
    expect(await takenOf({ ...expired, token: serviceAccountToken })).toEqual([account, 'token']);
    expect(await takenOf({ ...expired, token: tokens.bob })).toEqual(['bob', 'token']);
    expect(await takenOf({ ...jane })).toEqual(['jane', undefined]);
    const admin = user(kubeconfigs.admin);
    expect(await takenOf({ ...admin, token: tokens.admin }, '--as', 'joe')).toEqual(['joe', null]);
  });

  it.concurrent('config show calls a client certificate a credential', async () => {
    const { stdout } = await kapi(['config', 'show'], { kubeconfig: testServer().kubeconfigs.jane });
    expect(stdout).toMatch(/^credential +client certificate +/m);
  });

  it.concurrent("curl's line of the lesson: -k with --cacert", async () => {
    const { certificateFile, keyFile } = testServer().janeCertificate;
    const files = ['-k', '--key', keyFile, '--cert', certificateFile, '--cacert', testServer().caFile];
    const { stdout, stderr, code } = await kapi(['curl', `${testServer().url}/version`, ...files]);
    expect(stdout).toContain('"gitVersion"');
    expect([stderr, code]).toEqual([
      "note: -k: the server's certificate is not checked, the authorities from --certificate-authority are not used\n",
      0,
    ]);
    expect((await kapi(['list', 'pods', '-k', '--cacert', testServer().caFile])).code).toBe(2);
  });

  it('kapi proxy uses the identity of its command line', async () => {
    const args = [kapiFile, 'proxy', '--port', '0', '--token', testServer().serviceAccountToken];
    const child = spawn(process.execPath, args, {
      env: { ...cleanEnvironment(), KUBECONFIG: testServer().kubeconfigs.admin },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const closed = new Promise((resolve) => child.once('close', resolve));
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await closed;
    });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    await until('the proxy serves', () => Promise.resolve(stdout.endsWith('\n')));
    const url = /127\.0\.0\.1:\d+/.exec(stdout)?.[0] ?? '';
    const { stdout: answer } = await run('curl', ['-sS', `http://${url}/api/v1/secrets`]);
    expect(answer).toContain(`User \\"${account}\\" cannot list resource`);
  });
});

describeAgainstKubectl('--as and --as-sa', () => {
  const namespace = 'who-asks';
  const people = ['jörg', '김철수', 'zoë@example.org', 'a b'];
  beforeAll(async () => {
    await kubectl(['create', 'namespace', namespace]);
    await kubectl(['create', 'role', 'reader', '--verb=list', '--resource=pods', '-n', namespace]);
    const users = people.map((name) => `--user=${name}`);
    await kubectl([
      'create',
      'rolebinding',
      'people',
      '--role=reader',
      ...users,
      '--group=개발팀',
      '-n',
      namespace,
    ]);
  });
  afterAll(async () => {
    await kubectl(['delete', 'namespace', namespace, '--wait=false']);
  });

  it.for(people)('names beyond ASCII are the same on every method: %s', async (name) => {
    const [who, can, list, theirs] = await Promise.all([
      whoIs({}, '--as', name),
      kapi(['can-i', 'list', 'pods', '-n', namespace, '--as', name]),
      kapi(['list', 'pods', '-n', namespace, '--as', name]),
      kubectl(['auth', 'can-i', 'list', 'pods', '-n', namespace, '--as', name]),
    ]);
    expect([who, can.stdout, list.code, theirs.stdout]).toEqual([`${name} 0`, 'yes\n', 0, 'yes\n']);
  });

  it('groups, extra attributes, and the kubeconfig', async () => {
    const asGroup = ['--as', 'bob', '--as-group', '개발팀'];
    expect((await kapi(['can-i', 'list', 'pods', '-n', namespace, ...asGroup])).stdout).toBe('yes\n');
    const { stdout } = await kapi(['whoami', '-o', 'json', ...asGroup, '--as-user-extra', 'team=개발']);
    expect(JSON.parse(stdout)).toMatchObject({
      status: { userInfo: { username: 'bob', extra: { team: ['개발'] } } },
    });
    const admin = { token: testServer().tokens.admin, as: 'jörg', 'as-groups': ['팀'] };
    expect(await whoIs({ kubeconfig: kubeconfigOf(admin) })).toBe('jörg 0');
  });

  it('through an HTTP proxy', async () => {
    const proxy = createServer();
    proxy.on('connect', (_request, socket) => {
      const { host, port } = testServer();
      const outgoing = connect(port, host, () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        outgoing.pipe(socket).pipe(outgoing);
      });
      socket.once('error', () => outgoing.destroy());
      outgoing.once('error', () => socket.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      proxy.close();
    });
    const address = proxy.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    const kubeconfig = kubeconfigOf({ token: testServer().tokens.admin }, { 'proxy-url': url });
    expect(await whoIs({ kubeconfig }, '--as', 'jörg')).toBe('jörg 0');
  });

  it('--as-sa is the service account with the groups that the server assigns', async () => {
    const userOf = async (...flags: string[]): Promise<unknown> => {
      const { stdout } = await kapi(['whoami', '-o', 'json', ...flags]);
      return (JSON.parse(stdout) as { status: unknown }).status;
    };
    const { stdout } = await kubectl([
      'auth',
      'whoami',
      '-o',
      'json',
      '--as',
      'system:serviceaccount:dev:robot',
    ]);
    const theirs = (JSON.parse(stdout) as { status: unknown }).status;
    expect(await userOf('--as-sa', 'dev/robot')).toEqual(theirs);
    expect(await userOf('--as-sa', 'robot', '-n', 'dev')).toEqual(theirs);
    // The groups of another impersonation do not apply to the account.
    const admin = { token: testServer().tokens.admin, as: 'joe', 'as-groups': ['team-a'], 'as-uid': '1' };
    const file = kubeconfigOf(admin);
    const own = await kapi(['whoami', '-o', 'json', '--as-sa', 'robot'], { kubeconfig: file });
    expect((JSON.parse(own.stdout) as { status: unknown }).status).toEqual(theirs);
  });
});

describeAgainstKubectl('a certificate and the key of another', () => {
  const keyOf = (kind: 'rsa' | 'ec' | 'ed25519'): string => {
    const format = { type: 'pkcs8', format: 'pem' } as const;
    if (kind === 'rsa')
      return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export(format).toString();
    if (kind === 'ec')
      return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export(format).toString();
    return generateKeyPairSync('ed25519').privateKey.export(format).toString();
  };

  it.for(['rsa', 'ec', 'ed25519'] as const)('%s: exit 3, as kubectl fails', async (kind) => {
    const key = join(makeFolder(), 'key.pem');
    writeFileSync(key, keyOf(kind));
    const { certificateFile } = testServer().janeCertificate;
    const user = { 'client-certificate': certificateFile, 'client-key': key };
    const certificate = readFileSync(certificateFile, 'utf8');
    const plugin = writePlugin({
      clientCertificateData: certificate,
      clientKeyData: readFileSync(key, 'utf8'),
    });
    const files = [kubeconfigOf(user), kubeconfigOf(pluginUser(plugin))];
    await Promise.all(
      files.map(async (kubeconfig) => {
        const theirs = await kubectl(['get', 'pods'], { kubeconfig });
        expect(theirs.stderr).toMatch(/private key (type )?does not match public key/);
        const others = kind === 'ec' ? ['whoami', 'doctor', 'curl /version', 'can-i list pods'] : [];
        for (const line of ['list pods', ...others]) {
          const { stdout, stderr, code } = await kapi(line.split(' '), { kubeconfig });
          expect(code, line).toBe(3);
          expect(stdout + stderr).toContain('its private key belongs to another certificate');
        }
      }),
    );
    const flags = ['--client-certificate', certificateFile, '--client-key', key];
    expect((await kapi(['list', 'pods', ...flags])).code).toBe(3);
  });

  it.for(['secp224r1', 'secp256k1', 'ed448'])('%s: exit 3, as kubectl fails', async (kind) => {
    const folder = makeFolder();
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
    const make =
      kind === 'ed448' ? ['-newkey', 'ed448'] : ['-newkey', 'ec', '-pkeyopt', `ec_paramgen_curve:${kind}`];
    const openssl = [
      'req',
      '-x509',
      ...make,
      '-nodes',
      '-subj',
      '/CN=jane',
      '-keyout',
      key,
      '-out',
      certificate,
    ];
    expect(spawnSync('openssl', openssl).status).toBe(0);
    const kubeconfig = kubeconfigOf({ 'client-certificate': certificate, 'client-key': key });
    const theirs = await kubectl(['get', 'pods'], { kubeconfig });
    expect(theirs).toMatchObject({ stdout: '', code: 1 });
    for (const line of ['list pods', 'whoami', 'doctor']) {
      const { stdout, stderr, code } = await kapi(line.split(' '), { kubeconfig });
      expect([line, code]).toEqual([line, 3]);
      expect(stdout + stderr).toContain('API servers do not support');
    }
  });

  it('one without the other: exit 3', async () => {
    const { certificateFile, keyFile } = testServer().janeCertificate;
    for (const user of [{ 'client-key': keyFile }, { 'client-certificate': certificateFile }]) {
      expect((await kapi(['list', 'pods'], { kubeconfig: kubeconfigOf(user) })).code).toBe(3);
    }
    const { bob } = testServer().kubeconfigs;
    expect((await kapi(['list', 'pods', '--client-key', keyFile], { kubeconfig: bob })).code).toBe(3);
    expect(
      (await kapi(['list', 'pods', '--client-certificate', certificateFile], { kubeconfig: bob })).code,
    ).toBe(3);
  });
});

/** The first minor version with a policy in kuberc. */
const policySince = 35;

describeAgainstKubectl('credentialPluginPolicy of the kuberc', () => {
  const head = 'apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n';
  const allow = (entry: string): string =>
    `${head}credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist:\n- ${entry}\n`;

  it('lets the plugins run that kubectl runs', async ({ skip }) => {
    const version = await kubectl(['version', '--client', '-o', 'json']);
    const { minor } = (JSON.parse(version.stdout) as { clientVersion: { minor: string } }).clientVersion;
    const isOld = Number.parseInt(minor, 10) < policySince;
    if (isOld)
      console.error(`SKIPPED: kubectl 1.${minor} has no policy about plugins; 1.${policySince} has one`);
    skip(isOld);
    const plugin = writePlugin({ token: testServer().tokens.bob }, 'plug');
    const other = writePlugin({ token: testServer().tokens.bob }, 'plug');
    const env = { PATH: `${dirname(plugin)}:${process.env['PATH'] ?? ''}` };
    const cases: [string, string][] = [
      ['plug', `${head}credentialPluginPolicy: DenyAll\n`],
      ['plug', `${head}credentialPluginPolicy: AllowAll\n`],
      ['plug', head],
      ['plug', `${head}credentialPluginPolicy: nonsense\n`],
      ['plug', `${head}credentialPluginPolicy: Allowlist\n`],
      ['plug', allow('command: plug')],
      ['plug', allow('name: plug')],
      ['plug', allow(`command: ${plugin}`)],
      ['plug', allow(`command: ${other}`)],
      ['plug', allow('command: plu')],
      [plugin, allow('command: plug')],
      [plugin, allow(`command: ${plugin}`)],
      [other, allow('command: plug')],
      [other, allow(`command: ${dirname(other)}/../plug`)],
    ];
    await Promise.all(
      cases.map(async ([command, text]) => {
        const kuberc = join(makeFolder(), 'kuberc');
        writeFileSync(kuberc, text);
        const kubeconfig = kubeconfigOf(pluginUser(command));
        const options = { kubeconfig, env: { ...env, KUBERC: kuberc } };
        const [ours, theirs] = await Promise.all([
          kapi(['get', '/version'], options),
          kubectl(['get', '--raw', '/version'], options),
        ]);
        const ran = ({ stderr }: { stderr: string }): boolean => stderr.includes('plugin-ran');
        expect(ran(ours), `${command}: ${text}`).toBe(ran(theirs));
        expect(ours.code).toBe(ran(theirs) ? 0 : 3);
        if (!ran(ours)) expect(ours.stderr).toContain(kuberc);
      }),
    );
  });

  it('--kuberc names the file; a credential on the line needs no plugin; KUBERC=off turns it off', async () => {
    const kuberc = join(makeFolder(), 'kuberc');
    writeFileSync(kuberc, `${head}credentialPluginPolicy: DenyAll\n`);
    const kubeconfig = kubeconfigOf(pluginUser(writePlugin({ token: testServer().tokens.bob })));
    const env = { KUBERC: kuberc };
    const [refused, byFlag, named, off] = await Promise.all([
      kapi(['list', 'pods'], { kubeconfig, env }),
      kapi(['list', 'pods', '--kuberc', kuberc], { kubeconfig }),
      whoIs({ kubeconfig, env }, '--token', testServer().tokens.bob),
      whoIs({ kubeconfig, env: { KUBERC: 'off' } }),
    ]);
    expect([refused.code, byFlag.code, named, off]).toEqual([3, 3, 'bob 0', 'bob 0']);
    expect(refused.stderr).toContain(`credentialPluginPolicy is DenyAll (from ${kuberc})`);
  });
});

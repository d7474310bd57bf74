// Every kind of credential lists the same pods, and the server sees the right user.
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

import { describeOnServer, kapi, makeFolder, testServer, type RunOptions } from './kapi.ts';
import { kubeconfigText } from './server/kubeconfigs.ts';

/** The result with the names of the pods in `dev`. */
const devPods = { stdout: 'pod/api-0\npod/api-1\npod/worker\n', stderr: '', code: 0, signal: undefined };

function listPods(options: RunOptions, ...flags: readonly string[]): ReturnType<typeof kapi> {
  return kapi(['list', 'pods', '-n', 'dev', '-o', 'name', ...flags], options);
}

function cluster(): Record<string, unknown> {
  return { server: testServer().url, 'certificate-authority': testServer().caFile };
}

/** Writes a kubeconfig with this user to a new directory. */
function kubeconfigOf(user: Record<string, unknown>, more: Record<string, unknown> = {}): string {
  const file = join(makeFolder(), 'config');
  writeFileSync(file, kubeconfigText({ ...cluster(), ...more }, user, 'dev'));
  return file;
}

/** Returns the user in the server's refusal of a request that only the administrator can make. */
async function refusedAs(options: RunOptions, ...flags: readonly string[]): Promise<string | undefined> {
  const { stderr } = await kapi(['list', 'nodes', ...flags], options);
  return /User "([^"]+)"/.exec(stderr)?.[1];
}

describeOnServer('credentials', () => {
  it('of every kubeconfig of the server', async () => {
    const { admin, adminFiles, jane, bob } = testServer().kubeconfigs;
    for (const kubeconfig of [admin, adminFiles, jane, bob])
      expect(await listPods({ kubeconfig })).toEqual(devPods);
    expect(await refusedAs({ kubeconfig: jane })).toBe('jane');
    expect(await refusedAs({ kubeconfig: bob })).toBe('bob');
  });

  it('of flags alone', async () => {
    const { url, caFile, tokens } = testServer();
    const server = ['--server', url, '--certificate-authority', caFile];
    expect(await listPods({ kubeconfig: null }, ...server, '--token', tokens.bob)).toEqual(devPods);
    expect(
      await listPods({ kubeconfig: null }, '-s', url, '--cacert', caFile, '--token', tokens.bob),
    ).toEqual(devPods);
    expect(await listPods({ kubeconfig: null }, '-s', url, '-k', '--token', tokens.bob)).toEqual(devPods);
    expect(await refusedAs({ kubeconfig: null }, ...server)).toBe('system:anonymous');
  });

  it('a flag takes precedence over the kubeconfig', async () => {
    const { kubeconfigs, tokens } = testServer();
    expect(await refusedAs({ kubeconfig: kubeconfigs.serviceAccount }, '--token', tokens.bob)).toBe('bob');
    expect(await refusedAs({ kubeconfig: kubeconfigs.bob }, '--context', 'e2e', '--as', 'joe')).toBe('bob');
    expect(await refusedAs({ kubeconfig: kubeconfigs.admin }, '--as', 'joe')).toBe('joe');
  });

  it('several kubeconfigs become one', async () => {
    const folder = makeFolder();
    const write = (name: string, content: Record<string, unknown>): string => {
      const file = join(folder, name);
      writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'Config', ...content }));
      return file;
    };
    const files = [
      join(folder, 'missing'),
      write('one', {
        'current-context': 'c',
        contexts: [{ name: 'c', context: { cluster: 'k', user: 'u', namespace: 'dev' } }],
      }),
      write('two', { clusters: [{ name: 'k', cluster: cluster() }], 'current-context': 'other' }),
      write('three', { users: [{ name: 'u', user: { token: testServer().tokens.bob } }] }),
    ];
    expect(await kapi(['list', 'pods', '-o', 'name'], { kubeconfig: files.join(':') })).toEqual(devPods);
  });

  it('~/.kube/config', async () => {
    const home = makeFolder();
    const { mkdirSync, copyFileSync } = await import('node:fs');
    mkdirSync(join(home, '.kube'));
    copyFileSync(testServer().kubeconfigs.bob, join(home, '.kube', 'config'));
    expect(await listPods({ kubeconfig: null, env: { HOME: home } })).toEqual(devPods);
  });

  it('YAML as kubectl writes it', async () => {
    const file = join(makeFolder(), 'config');
    const data = readFileSync(testServer().caFile).toString('base64');
    writeFileSync(
      file,
      [
        'apiVersion: v1',
        'clusters:',
        '- cluster:',
        `    certificate-authority-data: ${data}`,
        `    server: ${testServer().url}`,
        '  name: e2e',
        'contexts:',
        '- context:',
        '    cluster: e2e',
        '    namespace: dev',
        '    user: bob',
        '  name: e2e',
        'current-context: e2e',
        'kind: Config',
        'preferences: {}',
        'users:',
        '- name: bob',
        '  user:',
        `    token: ${testServer().tokens.bob}`,
        '',
      ].join('\n'),
    );
    expect(await listPods({ kubeconfig: file })).toEqual(devPods);
  });

  it('a token file relative to the kubeconfig', async () => {
    const file = kubeconfigOf({ tokenFile: 'token' });
    writeFileSync(join(file, '..', 'token'), `${testServer().tokens.bob}\n`);
    expect(await listPods({ kubeconfig: file })).toEqual(devPods);
    expect(
      await listPods(
        { kubeconfig: testServer().kubeconfigs.anonymous },
        '--token-file',
        join(file, '..', 'token'),
      ),
    ).toEqual(devPods);
  });

  it('an exec plugin with its input', async () => {
    const folder = makeFolder();
    const plugin = join(folder, 'plugin');
    writeFileSync(
      plugin,
      [
        '#!/bin/sh',
        `printf '%s' "$KUBERNETES_EXEC_INFO" > "${folder}/info"`,
        'printf \'{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}\' "$TOKEN"',
        '',
      ].join('\n'),
    );
    chmodSync(plugin, 0o755);
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: plugin,
      env: [{ name: 'TOKEN', value: testServer().tokens.bob }],
      interactiveMode: 'Never',
      provideClusterInfo: true,
    };
    expect(await listPods({ kubeconfig: kubeconfigOf({ exec }) })).toEqual(devPods);
    expect(JSON.parse(readFileSync(join(folder, 'info'), 'utf8'))).toMatchObject({
      kind: 'ExecCredential',
      apiVersion: 'client.authentication.k8s.io/v1',
      spec: { interactive: false, cluster: { server: testServer().url } },
    });
  });

  it('an exec plugin that returns a certificate', async () => {
    const { certificateFile, keyFile } = testServer().janeCertificate;
    const status = {
      clientCertificateData: readFileSync(certificateFile, 'utf8'),
      clientKeyData: readFileSync(keyFile, 'utf8'),
    };
    const answer = JSON.stringify({
      apiVersion: 'client.authentication.k8s.io/v1beta1',
      kind: 'ExecCredential',
      status,
    });
    const file = kubeconfigOf({
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1beta1',
        command: 'sh',
        args: ['-c', `cat <<'END'\n${answer}\nEND`],
      },
    });
    expect(await listPods({ kubeconfig: file })).toEqual(devPods);
    expect(await refusedAs({ kubeconfig: file })).toBe('jane');
  });

  it('impersonation from the kubeconfig', async () => {
    const admin = { token: testServer().tokens.admin, as: 'joe', 'as-groups': ['team-a'] };
    const file = kubeconfigOf(admin);
    expect(await listPods({ kubeconfig: file })).toEqual(devPods);
    expect(await refusedAs({ kubeconfig: file })).toBe('joe');
  });

  it('through an HTTP proxy', async () => {
    const targets: string[] = [];
    const proxy = createServer((_, response) => response.writeHead(400).end());
    proxy.on('connect', (request, socket) => {
      targets.push(request.url ?? '');
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
    const port = typeof address === 'object' ? address?.port : undefined;
    const file = kubeconfigOf(
      { token: testServer().tokens.bob },
      { 'proxy-url': `http://127.0.0.1:${port}` },
    );
    expect(await listPods({ kubeconfig: file })).toEqual(devPods);
    expect(targets).toContain(`${testServer().host}:${testServer().port}`);
  });

  it('works with a home that is not writable', async () => {
    expect(
      await kapi(['list', 'widgets', '-n', 'default', '-o', 'name'], { env: { HOME: '/dev/null/home' } }),
    ).toMatchObject({
      stdout: 'widget.kapi.test/alpha\nwidget.kapi.test/bare\nwidget.kapi.test/numbers\n',
      stderr: '',
      code: 0,
    });
  });
});

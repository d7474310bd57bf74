// The same program in a "pod": no kubeconfig, an empty HOME, and the service account's files.
import { createServer, connect, type Server } from 'node:net';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

import { describeOnServer, kapi, makeFolder, testServer, type Result } from './kapi.ts';
import {
  mountNamespace,
  podEnvironment,
  runInPod,
  runProgramInPod,
  writeServiceAccount,
  type ServiceAccountFiles,
} from './pod.ts';

const mounting = mountNamespace();
if (mounting === undefined) {
  console.error(
    'NO MOUNT NAMESPACES here (no root, no user namespaces): pods are tested by --service-account-dir alone.',
  );
}

/** Runs kapi as in a container, with a flag for the service account's files. */
async function kapiWithFlag(
  args: readonly string[],
  files: ServiceAccountFiles = {},
  host?: string,
): Promise<Result> {
  const { host: address, port } = testServer();
  const folder = await writeServiceAccount(files);
  const env = await podEnvironment(host ?? address, port);
  return kapi([...args, '--service-account-dir', folder], { kubeconfig: null, env });
}

/** Runs kapi with the files where a kubelet mounts them. */
async function kapiInPod(args: readonly string[], files: ServiceAccountFiles = {}): Promise<Result> {
  const { host, port } = testServer();
  const folder = await writeServiceAccount(files);
  return runInPod(mounting ?? [], folder, args, { env: await podEnvironment(host, port) });
}

const variants = [
  { name: 'with --service-account-dir', run: kapiWithFlag, possible: true },
  {
    name: 'with the files mounted where a kubelet puts them',
    run: kapiInPod,
    possible: mounting !== undefined,
  },
];

describeOnServer('in a pod', () => {
  describe.each(variants.filter(({ possible }) => possible))('$name', ({ run }) => {
    it('lists the pods of its own namespace without a flag', async () => {
      const { stdout, stderr, code } = await run(['list', 'pods', '-o', 'name']);
      expect(stderr).toBe('');
      expect(stdout).toContain('pod/completed\n');
      expect(stdout).not.toContain('api-0');
      expect(code).toBe(0);
    });

    it('prints tables, paths and custom resources', async () => {
      expect((await run(['list', 'deploy', '--no-headers'])).stdout).toMatch(/^web +2\/3 +3 +2 +\S+\n$/);
      expect((await run(['get', '/version'])).stdout).toContain('"gitVersion": "v1.');
      expect((await run(['get', 'wg/alpha', '-o', 'jsonpath={.spec.size}'])).stdout).toBe('3');
    });

    it('names the refused user', async () => {
      const { stdout, stderr, code } = await run(['list', 'secrets']);
      expect(stdout).toBe('');
      expect(stderr).toContain(
        'Error from server (Forbidden): secrets is forbidden: User "system:serviceaccount:default:default" cannot list ' +
          'resource "secrets" in API group "" in the namespace "default"\n',
      );
      expect(code).toBe(4);
    });

    it('takes the namespace from its files', async () => {
      const { stderr, code } = await run(['list', 'pods'], { namespace: 'dev\n' });
      expect(stderr).toContain('in the namespace "dev"');
      expect(code).toBe(4);
    });

    it('shows where its configuration comes from, and no secret', async () => {
      const { stdout, code } = await run(['config', 'show']);
      expect(stdout).toContain(testServer().url);
      expect(stdout).toContain('KUBERNETES_SERVICE_HOST');
      expect(stdout).not.toContain(testServer().serviceAccountToken);
      expect(code).toBe(0);
    });

    it('an empty token is a separate error', async () => {
      const { stderr, code } = await run(['list', 'pods'], { token: '' });
      expect(stderr).toMatch(
        /^error: read empty token from file ".*\/token" \(named by the service account's files in .*\)\n$/,
      );
      expect(code).toBe(3);
    });

    it('without a token there is no cluster', async () => {
      const { stdout, stderr, code } = await run(['list', 'pods'], { token: null });
      expect(stdout).toBe('');
      expect(stderr).toMatch(/^error: .*\n/);
      expect(stderr).toContain('/token');
      expect(code).toBe(3);
    });

    it('an unknown token is 401', async () => {
      const { stderr, code } = await run(['list', 'pods'], { token: 'nonsense' });
      expect(stderr).toMatch(
        /^error: You must be logged in to the server \(Unauthorized\)\ntoken file \S+\/token was sent \(from the service account's files in \S+\)\nhint: /,
      );
      expect(code).toBe(4);
    });
  });

  it.skipIf(mounting === undefined)(
    'a kubeconfig takes precedence over the pod, and a flag for the pod over that',
    async () => {
      const folder = await writeServiceAccount();
      const { host, port, kubeconfigs } = testServer();
      const env = { ...(await podEnvironment(host, port)), KUBECONFIG: kubeconfigs.jane };
      const words = ['list', 'pods', '-o', 'name'];
      expect((await runInPod(mounting ?? [], folder, words, { env })).stdout).toContain('pod/api-0\n');
      const inPod = await runInPod(mounting ?? [], folder, [...words, '--in-cluster'], { env });
      expect(inPod.stdout).toContain('pod/completed\n');
    },
  );

  it.skipIf(mounting === undefined)(
    'a context that names only a namespace: the pod with that namespace, as kubectl does',
    async () => {
      const { host, port, kubectl } = testServer();
      const folder = await writeServiceAccount();
      const kubeconfig = join(makeFolder(), 'config');
      const text = 'contexts: [{name: c, context: {namespace: dev}}]\ncurrent-context: c\n';
      writeFileSync(kubeconfig, `apiVersion: v1\nkind: Config\n${text}`);
      const env = { ...(await podEnvironment(host, port)), KUBECONFIG: kubeconfig };
      const ours = await runInPod(mounting ?? [], folder, ['list', 'pods'], { env });
      const [said] = ours.stderr.split('\n');
      expect(said).toContain('User "system:serviceaccount:default:default" cannot list resource "pods"');
      expect(said).toContain('in the namespace "dev"');
      expect(ours.code).toBe(4);
      if ('missing' in kubectl) return;
      const theirs = await runProgramInPod(mounting ?? [], folder, [kubectl.path, 'get', 'pods'], { env });
      expect(theirs.stderr.split('\n')[0]).toBe(said);
    },
  );

  it('an address that no kubelet sets is reported with its variable', async () => {
    const folder = await writeServiceAccount();
    const { host, port } = testServer();
    const words = ['list', 'pods', '-o', 'name', '--service-account-dir', folder];
    const withAddress = async (address: Record<string, string>): Promise<Result> =>
      kapi(words, { kubeconfig: null, env: { ...(await podEnvironment(host, port)), ...address } });
    const linked = await withAddress({ KUBERNETES_SERVICE_PORT: `tcp://${host}:${port}` });
    expect([linked.code, linked.stderr]).toEqual([
      3,
      expect.stringContaining('KUBERNETES_SERVICE_PORT is a URL, not a port number\nhint: a Service with'),
    ]);
    const odd = await withAddress({ KUBERNETES_SERVICE_HOST: `https://${host}` });
    expect([odd.code, odd.stderr]).toEqual([3, expect.stringContaining('KUBERNETES_SERVICE_HOST is not a')]);
  });

  it('POD_NAMESPACE takes precedence over the file', async () => {
    const folder = await writeServiceAccount();
    const { host, port } = testServer();
    const env = { ...(await podEnvironment(host, port)), POD_NAMESPACE: 'dev' };
    const { stderr } = await kapi(['list', 'pods', '--service-account-dir', folder], {
      kubeconfig: null,
      env,
    });
    expect(stderr).toContain('in the namespace "dev"');
  });

  it('a rotated token is read again by the next run', async () => {
    const folder = await writeServiceAccount({ token: 'old' });
    const { host, port, serviceAccountToken } = testServer();
    const options = { kubeconfig: null, env: await podEnvironment(host, port) };
    const args = ['list', 'pods', '-o', 'name', '--service-account-dir', folder];
    expect((await kapi(args, options)).code).toBe(4);
    writeFileSync(join(folder, 'token'), `${serviceAccountToken}\n`);
    expect((await kapi(args, options)).code).toBe(0);
  });

  it('an authority that did not sign the server is a TLS error', async () => {
    const { stderr, code } = await kapiWithFlag(['list', 'pods'], { ca: otherAuthority() });
    expect(stderr).toMatch(
      /^Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority\n/,
    );
    expect(stderr).toContain(`the server address ${testServer().url} comes from KUBERNETES_SERVICE_HOST`);
    expect(code).toBe(6);
  });

  const forwarder = forwardFromIpv6();
  it('an IPv6 host gets its brackets', async ({ skip }) => {
    const port = await forwarder;
    if (port === undefined) return skip('this machine has no ::1');
    const folder = await writeServiceAccount();
    for (const host of ['::1', '[::1]']) {
      const { stdout, stderr, code } = await kapi(
        ['list', 'pods', '-o', 'name', '--service-account-dir', folder],
        { kubeconfig: null, env: await podEnvironment(host, port) },
      );
      expect(stderr, host).toBe('');
      expect(stdout).toContain('pod/completed\n');
      expect(code).toBe(0);
    }
  });
});

/** Returns the certificate of a wrong authority. */
function otherAuthority(): string {
  return readFileSync(testServer().otherAuthority.certificateFile, 'utf8');
}

/** Opens a port on ::1 that forwards to the server. Undefined if there is no such address. */
function forwardFromIpv6(): Promise<number | undefined> {
  const { host, port } = testServer();
  const server: Server = createServer((incoming) => {
    const outgoing = connect(port, host);
    incoming.pipe(outgoing).pipe(incoming);
    incoming.once('error', () => outgoing.destroy());
    outgoing.once('error', () => incoming.destroy());
  });
  afterAll(() => {
    server.close();
  });
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen(0, '::1', () => {
      const address = server.address();
      resolve(address === null || typeof address === 'string' ? undefined : address.port);
    });
  });
}

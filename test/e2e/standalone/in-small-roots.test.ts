// The standalone kapi in minimal roots: busybox only, musl only, and the image's own, as the user
// `nobody` and with a read-only root.
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import {
  cleanEnvironment,
  describeOnServer,
  makeFolder,
  run,
  testServer,
  until,
  type Result,
} from '../kapi.ts';
import { isCi } from '../server/ci.ts';
import { builtStandalone, type Standalone } from './build.ts';
import {
  containerUser,
  furnish,
  inRoot,
  makeRoot,
  nameServerOf,
  whyNoRoots,
  type Entry,
} from './small-root.ts';

const obstacle = whyNoRoots();
if (obstacle !== undefined) {
  if (isCi(process.env)) throw new Error(`the standalone kapi cannot be tested: ${obstacle}`);
  console.error(`NO SMALL ROOTS: the standalone kapi in containers is SKIPPED: ${obstacle}.`);
}

/** A root and how to start kapi in it. */
interface Container {
  readonly root: string;
  readonly kapi: readonly string[];
  readonly entry: Omit<Entry, 'command'>;
}

function enter({ root, kapi, entry }: Container, words: readonly string[]): Promise<Result> {
  const { program, args } = inRoot(root, { ...entry, command: [...kapi, ...words] });
  return run(program, args, { kubeconfig: null });
}

const fromTheFile = { user: containerUser, env: { KAPI_STANDALONE_DIR: '/scratch/a place of its own' } };

async function withTheFile(kind: 'busybox' | 'musl', built: Standalone): Promise<Container> {
  const root = await makeRoot(kind);
  await mkdir(join(root, 'usr/local/bin'), { recursive: true });
  await copyFile(built.file, join(root, 'usr/local/bin/kapi'));
  return { root, kapi: ['kapi'], entry: fromTheFile };
}

const containers: Record<string, (built: Standalone) => Promise<Container>> = {
  'the file, in a root with busybox only': (built) => withTheFile('busybox', built),
  'the file, in a root with busybox and musl': (built) => withTheFile('musl', built),
  'the directory, with everything read-only': async (built) => {
    const root = await makeRoot('busybox');
    await cp(built.directory, join(root, 'opt/kapi'), { recursive: true, verbatimSymlinks: true });
    return { root, kapi: ['/opt/kapi/kapi'], entry: { user: containerUser, scratch: 'read-only' } };
  },
  'the image, with everything read-only': async (built) => {
    const root = join(makeFolder(), 'root');
    await cp(built.image, root, { recursive: true, verbatimSymlinks: true });
    for (const folder of ['proc', 'dev']) await mkdir(join(root, folder));
    await furnish(root);
    return { root, kapi: ['/usr/bin/kapi'], entry: { user: containerUser, scratch: 'read-only' } };
  },
};

describeOnServer('the standalone kapi', () => {
  if (obstacle !== undefined) {
    it.skipIf(true)(`in containers: ${obstacle}`, () => undefined);
    return;
  }

  let built: Standalone;
  beforeAll(async () => {
    built = await builtStandalone((line) => console.error(`e2e: ${line}`));
  }, 400_000);

  describe.each(Object.entries(containers))('%s', (name, prepare) => {
    let container: Container;
    beforeAll(async () => {
      container = await prepare(built);
    });

    it('has no other libc to run with', async () => {
      if (name.includes('image')) return;
      expect(existsSync(join(container.root, 'lib64'))).toBe(false);
      expect(existsSync(join(container.root, 'lib/x86_64-linux-gnu'))).toBe(false);
      await cp(join(built.directory, 'program'), join(container.root, 'scratch/program'));
      const alone = await enter({ ...container, kapi: ['/scratch/program'] }, ['--version']);
      expect(alone.code).toBe(127);
      expect(alone.stderr).toContain('No such file or directory');
    });

    it('lists pods', async () => {
      const { stdout, stderr, code } = await enter(container, ['list', 'pods']);
      expect(stderr).toBe('');
      expect(stdout).toMatch(/^NAME +READY +STATUS +RESTARTS +AGE\n/);
      expect(stdout).toMatch(/^completed +/m);
      expect(code).toBe(0);
    });

    it('prints its identity', async () => {
      const { stdout, code } = await enter(container, ['whoami']);
      expect(stdout).toContain('system:serviceaccount:default:default');
      expect(code).toBe(0);
    });

    it('watches', async () => {
      const { stdout, stderr, code } = await enter(container, [
        'watch',
        'pods',
        '--timeout',
        '2s',
        '--for-count',
        '1',
      ]);
      expect(stderr).toBe('');
      expect(stdout).toMatch(/^EVENT +NAME/);
      expect(stdout).toContain('completed');
      expect(code).toBe(0);
    });

    it('serves as a proxy until SIGTERM', async () => {
      const { program, args } = inRoot(container.root, {
        ...container.entry,
        command: [...container.kapi, 'proxy', '--port', '0'],
      });
      const child = spawn(program, args, { env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'inherit'] });
      onTestFinished(() => void child.kill('SIGKILL'));
      let stdout = '';
      child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
      const closed = new Promise((resolve) => {
        child.once('close', (code, signal) => resolve(code ?? signal));
      });
      await until('the proxy serves', () =>
        Promise.resolve(stdout.endsWith('\n') || child.exitCode !== null),
      );
      const address = /127\.0\.0\.1:\d+/.exec(stdout)?.[0] ?? 'nowhere';
      const answer = await run('curl', ['-sS', `http://${address}/api/v1/namespaces/default/pods`]);
      expect(answer.stdout).toContain('"PodList"');
      child.kill('SIGTERM');
      // kapi sends itself the signal if its event loop does not end in time.
      expect([143, 'SIGTERM']).toContain(await closed);
    });

    it('keeps the exit codes', async () => {
      const refused = await enter(container, ['list', 'secrets']);
      expect(refused.stderr).toContain('secrets is forbidden');
      expect(refused.code).toBe(4);
      expect((await enter(container, ['frobnicate'])).code).toBe(2);
    });

    it('does not claim that a server refuses if there is no route to it', async () => {
      const words = ['list', 'pods', '-s', 'https://192.0.2.1:6443', '--token', 'x'];
      const { program, args } = inRoot(container.root, {
        ...container.entry,
        command: [...container.kapi, ...words],
      });
      const { stderr, code } = await run('unshare', ['--net', program, ...args], { kubeconfig: null });
      expect(stderr).toContain('\nor there is no route to 192.0.2.1: ');
      expect(code).toBe(6);
    });

    it('resolves the server with DNS, as in a pod', async () => {
      const address = await startNameServer();
      await nameServerOf(container.root, address);
      const named = {
        ...container,
        entry: {
          ...container.entry,
          env: { ...container.entry.env, KUBERNETES_SERVICE_HOST: 'kubernetes.default.svc' },
        },
      };
      const { stdout, stderr, code } = await enter(named, [
        'list',
        'pods',
        '-o',
        'name',
        '--tls-server-name',
        'localhost',
      ]);
      expect(stderr).toBe('');
      expect(stdout).toContain('pod/completed\n');
      expect(code).toBe(0);
    });

    it('trusts the authorities that SSL_CERT_FILE names', async () => {
      const words = ['list', 'pods', '-s', testServer().url, '--token', testServer().serviceAccountToken];
      const trusting = (file: string): Container => ({
        ...container,
        entry: {
          ...container.entry,
          env: { ...container.entry.env, SSL_CERT_FILE: file, KUBERNETES_SERVICE_HOST: '' },
        },
      });
      const known = await enter(trusting('/var/run/secrets/kubernetes.io/serviceaccount/ca.crt'), words);
      expect(known.stderr).toBe('');
      expect(known.code).toBe(0);
      const unknown = await enter(trusting('/nowhere'), words);
      expect(unknown.stderr).toContain('certificate');
      expect(unknown.code).toBe(6);
    });
  });
});

let nameServers = 0;

/**
 * Starts a DNS server that knows kubernetes.default.svc.cluster.local.
 * @returns its address, if it could listen on the DNS port
 */
async function startNameServer(): Promise<string> {
  const address = `127.53.53.${++nameServers}`;
  const socket = createSocket('udp4');
  socket.on('message', (question, { port, address: from }) => {
    const end = question.indexOf(0, 12);
    const type = question.readUInt16BE(end + 1);
    const name = question.toString('latin1', 12, end).replaceAll(/[^a-z]/g, '.');
    const isKnown = name === '.kubernetes.default.svc.cluster.local';
    const answers =
      isKnown && type === 1 ? Buffer.from('c00c00010001000000050004' + '7f000001', 'hex') : Buffer.alloc(0);
    const head = Buffer.from(question.subarray(0, end + 5));
    head.writeUInt16BE(isKnown ? 0x8180 : 0x8183, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(answers.length === 0 ? 0 : 1, 6);
    head.writeUInt32BE(0, 8);
    socket.send(Buffer.concat([head, answers]), port, from);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(53, address, resolve);
  });
  onTestFinished(() => void socket.close());
  return address;
}

// Starts etcd and kube-apiserver on free loopback ports, with a new authority, users and keys, and
// waits until the server is ready. Entry point: startControlPlane. seed.ts creates the objects.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { ServerBinaries } from './binaries.ts';
import { createAuthority, createSigningKey, issueCertificate, type KeyPair } from './certificates.ts';
import { createAdminClient, type AdminClient } from './admin-client.ts';

/** A running API server of either kind, with its credentials. */
export interface RunningServer {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** `https://127.0.0.1:<port>`, without a trailing slash. */
  readonly url: string;
  /** Directory of keys, logs and data. Removed with the server. */
  readonly directory: string;
  /** Certificate of the authority of the server. */
  readonly caFile: string;
  /** Client certificate in `system:masters`. */
  readonly adminCertificate: KeyPair;
  /** Client certificate of the user jane in the group readers. */
  readonly janeCertificate: KeyPair;
  /** An expired client certificate of jane. */
  readonly expiredCertificate: KeyPair;
  /** Static bearer tokens by user name. */
  readonly tokens: Readonly<Record<'admin' | 'bob', string>>;
  readonly admin: AdminClient;
  /** Stops it and removes the directory. */
  stop(): Promise<void>;
}

/** A kube-apiserver with its etcd, and functions that disturb them. */
export interface ControlPlane extends RunningServer {
  /** The command line of the API server, to start another one on the same store. */
  readonly apiServerArgv: readonly string[];
  /**
   * Sends a signal to the API server: SIGKILL and SIGTERM end it, SIGSTOP and SIGCONT pause and
   * continue it.
   */
  signal(signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): void;
  /** Starts the API server again on its old port after it has ended. Resolves when it is ready. */
  start(): Promise<void>;
  /** Restarts both with an empty store, on their old ports and with their old keys. */
  wipe(): Promise<void>;
  /** Copies the store and restarts both. */
  save(): Promise<void>;
  /** Restarts both with the store of {@link save}. */
  restore(): Promise<void>;
  /**
   * Compacts etcd.
   * @param revision states before it are removed. Default: the current revision
   */
  compact(revision?: string): Promise<void>;
}

/** Validity of the certificate of {@link RunningServer.expiredCertificate}. */
export const longAgo = { from: '20240101000000Z', to: '20240201000000Z' } as const;

/** The static tokens of every test server. */
export const staticTokens = {
  admin: 'admin-static-token-of-this-run',
  bob: 'bob-static-token-of-this-run',
} as const;

/** Max milliseconds until a server is ready, on a busy machine. */
const readyWithinMs = 120_000;

/**
 * Starts a control plane.
 * @param binaries the programs
 * @param directory directory of keys, logs and data. Default: a new temporary one
 * @throws Error with the end of the server's log if it does not become ready
 */
export async function startControlPlane(binaries: ServerBinaries, directory?: string): Promise<ControlPlane> {
  const home = directory ?? (await mkdtemp(join(tmpdir(), 'kapi-e2e-')));
  const [port, etcdPort, etcdPeerPort] = await findFreePorts();
  const authority = await createAuthority(home, 'ca', 'kapi-e2e-ca');
  const serverCertificate = await issueCertificate(home, authority, {
    name: 'server',
    commonName: 'kube-apiserver',
    alternativeNames: [
      ...['DNS:localhost', 'DNS:kubernetes', 'DNS:kubernetes.default', 'DNS:kubernetes.default.svc'],
      ...['IP:127.0.0.1', 'IP:::1', 'IP:10.0.0.1'],
    ],
  });
  const adminCertificate = await issueCertificate(home, authority, {
    name: 'admin',
    commonName: 'admin',
    organizations: ['system:masters'],
  });
  const jane = { commonName: 'jane', organizations: ['readers'] };
  const janeCertificate = await issueCertificate(home, authority, { name: 'jane', ...jane });
  const expiredCertificate = await issueCertificate(home, authority, {
    name: 'expired',
    ...jane,
    validity: longAgo,
  });
  const signingKey = join(home, 'service-accounts.key');
  await createSigningKey(signingKey);
  const tokens = staticTokens;
  const tokenFile = join(home, 'tokens.csv');
  await writeFile(
    tokenFile,
    [
      `${tokens.admin},admin,uid-admin,"system:masters"`,
      `${tokens.bob},bob,uid-bob,"team-a,team-b"`,
      '',
    ].join('\n'),
  );

  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const etcdPeerUrl = `http://127.0.0.1:${etcdPeerPort}`;
  const apiServerLog = join(home, 'kube-apiserver.log');
  const etcdLog = join(home, 'etcd.log');
  const apiServerArgv = [
    binaries.apiServer,
    `--etcd-servers=${etcdUrl}`,
    ...['--bind-address=127.0.0.1', '--advertise-address=127.0.0.1', `--secure-port=${port}`],
    `--tls-cert-file=${serverCertificate.certificateFile}`,
    `--tls-private-key-file=${serverCertificate.keyFile}`,
    `--client-ca-file=${authority.certificateFile}`,
    `--token-auth-file=${tokenFile}`,
    ...['--anonymous-auth=true', '--authorization-mode=RBAC'],
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${signingKey}`,
    `--service-account-signing-key-file=${signingKey}`,
    '--service-cluster-ip-range=10.0.0.0/24',
    // The server runs for minutes and needs no endpoints; the reconciler also refuses
    // loopback addresses.
    '--endpoint-reconciler-type=none',
    '--allow-privileged=true',
    // Keeps the events of the seed until the end of a long session.
    '--event-ttl=168h',
    // Nodes have no kubelet: the not-ready taint would never be removed from seeded ones.
    '--disable-admission-plugins=TaintNodesByCondition',
  ];
  const keeper = spawn(
    process.execPath,
    [
      fileURLToPath(new URL('keeper.mjs', import.meta.url)),
      JSON.stringify({
        directory: home,
        commands: [
          {
            name: 'etcd',
            log: etcdLog,
            argv: [
              binaries.etcd,
              ...[
                '--name',
                'kapi',
                '--data-dir',
                join(home, 'etcd'),
                '--logger',
                'zap',
                '--log-level',
                'warn',
              ],
              ...['--listen-client-urls', etcdUrl, '--advertise-client-urls', etcdUrl],
              ...['--listen-peer-urls', etcdPeerUrl, '--initial-advertise-peer-urls', etcdPeerUrl],
              ...['--initial-cluster', `kapi=${etcdPeerUrl}`],
            ],
          },
          {
            name: 'kube-apiserver',
            log: apiServerLog,
            argv: apiServerArgv,
          },
        ],
      }),
    ],
    { stdio: ['pipe', 'ignore', 'pipe'], detached: true },
  );
  let keeperSays = '';
  keeper.stderr.setEncoding('utf8').on('data', (text: string) => (keeperSays += text));
  const keeperEnded = new Promise<void>((resolve) => keeper.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    keeper.stdin.end();
    await keeperEnded;
  };

  const url = `https://127.0.0.1:${port}`;
  const admin = createAdminClient(url, await readFile(authority.certificateFile, 'utf8'), tokens.admin);
  const waitUntilReady = async (): Promise<void> => {
    const deadline = Date.now() + readyWithinMs;
    while (!(await admin.isReady())) {
      if (keeperSays === '' && Date.now() <= deadline) {
        await sleep(100);
        continue;
      }
      const logs = await Promise.all([lastLines(etcdLog), lastLines(apiServerLog)]);
      await stop();
      const what = keeperSays === '' ? `not ready after ${readyWithinMs / 1000} s` : keeperSays.trim();
      throw new Error(
        `the test API server did not start: ${what}\n--- etcd\n${logs[0]}\n--- kube-apiserver\n${logs[1]}`,
      );
    }
  };
  const waitUntilGone = async (): Promise<void> => {
    while (await admin.isReady()) await sleep(50);
  };
  /** Changes the store while the API server is down, because a running one would not notice. */
  const changeStore = async (verb: 'wipe' | 'save' | 'restore'): Promise<void> => {
    keeper.stdin.write(`signal kube-apiserver SIGKILL\n${verb} etcd\n`);
    // A response of the old process does not mean that the new one is ready.
    await waitUntilGone();
    keeper.stdin.write('start kube-apiserver\n');
    await waitUntilReady();
  };
  await waitUntilReady();
  return {
    host: '127.0.0.1',
    port,
    url,
    directory: home,
    caFile: authority.certificateFile,
    adminCertificate,
    janeCertificate,
    expiredCertificate,
    tokens,
    admin,
    apiServerArgv,
    stop,
    signal: (signal) => keeper.stdin.write(`signal kube-apiserver ${signal}\n`),
    start: async () => {
      keeper.stdin.write('start kube-apiserver\n');
      await waitUntilReady();
    },
    wipe: () => changeStore('wipe'),
    save: () => changeStore('save'),
    restore: () => changeStore('restore'),
    compact: (revision) => compact(etcdUrl, revision),
  };
}

/** Compacts etcd. @see https://etcd.io/docs/v3.5/dev-guide/api_grpc_gateway/ */
async function compact(etcdUrl: string, revision?: string): Promise<void> {
  const post = async (path: string, body: object): Promise<unknown> => {
    const answer = await fetch(`${etcdUrl}/v3/kv/${path}`, { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`etcd: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const newest = async (): Promise<string | undefined> => {
    const found = await post('range', { key: Buffer.from('/').toString('base64') });
    return /"revision":"(\d+)"/.exec(JSON.stringify(found))?.[1];
  };
  await post('compaction', { revision: revision ?? (await newest()), physical: true });
}

async function lastLines(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => String(error));
  return text.trimEnd().split('\n').slice(-15).join('\n');
}

/** Returns three free ports. Opens them at the same time, so that they differ. */
async function findFreePorts(): Promise<[number, number, number]> {
  const servers = [createServer(), createServer(), createServer()] as const;
  const portOf = (server: (typeof servers)[number]): Promise<number> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        if (address === null || typeof address === 'string') reject(new Error('a TCP server without a port'));
        else resolve(address.port);
      });
    });
  const ports = await Promise.all([portOf(servers[0]), portOf(servers[1]), portOf(servers[2])]);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

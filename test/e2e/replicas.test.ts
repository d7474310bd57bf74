// `kapi history` with several API servers on one store, and with one without a watch cache: each
// returns its own history, and the note says that other servers can differ.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { describeOnServer, kapi, makeFolder, testServer, until } from './kapi.ts';
import { createAdminClient, type AdminClient } from './server/admin-client.ts';
import { findServerBinaries } from './server/binaries.ts';
import { startControlPlane, type ControlPlane } from './server/control-plane.ts';
import { writeKubeconfigs } from './server/kubeconfigs.ts';

const maps = '/api/v1/namespaces/default/configmaps';
const merge = 'application/merge-patch+json';

/** Another API server on the store of a control plane. */
interface Replica {
  readonly port: number;
  readonly kubeconfig: string;
  readonly admin: AdminClient;
  readonly process: ChildProcess;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * Starts an API server with a host name of its own, because the name of its lease comes from it.
 */
async function startReplica(plane: ControlPlane, name: string, flags: readonly string[]): Promise<Replica> {
  const port = await freePort();
  const argv = plane.apiServerArgv.map((word) => word.replace(/^--secure-port=.*$/, `--secure-port=${port}`));
  const child = spawn(
    'unshare',
    ['--map-root-user', '--uts', 'sh', '-c', 'hostname "$0" && exec "$@"', name, ...argv, ...flags],
    { stdio: 'ignore' },
  );
  const url = `https://127.0.0.1:${port}`;
  const admin = createAdminClient(url, readFileSync(plane.caFile, 'utf8'), plane.tokens.admin);
  await until(`${name} is ready`, () => admin.isReady());
  return { port, kubeconfig: kubeconfigAt(plane, port), admin, process: child };
}

function kubeconfigAt({ url, caFile, tokens }: ControlPlane, port: number): string {
  const server = url.replace(/\d+$/, String(port));
  const path = join(makeFolder(), 'kubeconfig');
  const config = {
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster: { server, 'certificate-authority': caFile } }],
    users: [{ name: 'u', user: { token: tokens.admin } }],
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}

/** One address in front of several ports; each connection goes to the next port. */
async function startFront(ports: readonly number[]): Promise<Server> {
  let turn = 0;
  const front = createServer((inside) => {
    const outside = connect(ports[turn++ % ports.length] ?? 0, '127.0.0.1');
    const end = (): void => {
      inside.destroy();
      outside.destroy();
    };
    inside.pipe(outside).pipe(inside);
    for (const socket of [inside, outside]) socket.once('error', end).once('close', end);
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  return front;
}

function toldIn(stdout: string): string[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { type, object } = JSON.parse(line) as { type: string; object: { data?: { n?: string } } };
      return type === 'DELETED' ? type : `${type} ${object.data?.n ?? ''}`;
    });
}

describeOnServer('kapi history of several API servers', () => {
  // The sandbox is one process with one memory.
  describe.skipIf(testServer().kind !== 'kube-apiserver')('on one store (kube-apiserver only)', () => {
    let plane: ControlPlane;
    let first: string;
    let replicas: readonly Replica[] = [];
    let front: Server | undefined;
    const history = ['history', 'cm', 'shared', '-n', 'default', '-o', 'ndjson'];

    beforeAll(async () => {
      plane = await startControlPlane(await findServerBinaries(() => undefined));
      ({ admin: first } = await writeKubeconfigs(plane, ''));
      await plane.admin.must('POST', maps, { metadata: { name: 'shared' }, data: { n: '0' } });
      await plane.admin.must('PATCH', `${maps}/shared`, { data: { n: '1' } }, merge);
      replicas = await Promise.all([
        startReplica(plane, 'kapi-second', []),
        startReplica(plane, 'kapi-uncached', ['--watch-cache=false']),
      ]);
      const [second] = replicas;
      if (second === undefined) throw new Error('no second API server');
      front = await startFront([plane.port, second.port]);
      await plane.admin.must('PATCH', `${maps}/shared`, { data: { n: '2' } }, merge);
    });

    afterAll(async () => {
      front?.close();
      for (const { process } of replicas) {
        process.kill('SIGKILL');
        if (process.exitCode === null && process.signalCode === null) await once(process, 'exit');
      }
      await plane.stop();
    });

    it('each returns its own history, and the note says that other servers can differ', async () => {
      const [old, young] = await Promise.all([
        kapi(history, { kubeconfig: first }),
        kapi(history, { kubeconfig: replicas[0]?.kubeconfig ?? '' }),
      ]);
      expect(toldIn(old.stdout)).toEqual(['ADDED 0', 'MODIFIED 1', 'MODIFIED 2']);
      expect(toldIn(young.stdout)).toEqual(['MODIFIED 2']);
      for (const { code, stderr } of [old, young]) {
        expect(code).toBe(0);
        expect(stderr).toMatch(
          /[23] API servers serve this cluster \(.*\), and each remembers other changes/,
        );
      }
    });

    it('behind one address, nothing is invented and everything is in order', async () => {
      const { port } = front?.address() as AddressInfo;
      const kubeconfig = kubeconfigAt(plane, port);
      const whole = ['ADDED 0', 'MODIFIED 1', 'MODIFIED 2'];
      for (let n = 0; n < 4; n++) {
        const { stdout, stderr, code } = await kapi(history, { kubeconfig });
        expect(code, stderr).toBe(0);
        const told = toldIn(stdout);
        expect(whole.slice(whole.length - told.length)).toEqual(told);
        expect(stderr).toMatch(/API servers serve this cluster/);
      }
    });

    it('without a watch cache reaches back to the last compaction', async () => {
      const kubeconfig = replicas[1]?.kubeconfig ?? '';
      // A second attempt of this test begins after the compaction of the first one.
      const name = `compacted-${Date.now()}`;
      const ofIt = ['history', 'cm', name, '-n', 'default', '-o', 'ndjson'];
      await plane.admin.must('POST', maps, { metadata: { name }, data: { n: '0' } });
      const write = async (n: string): Promise<string> => {
        const body = await plane.admin.must('PATCH', `${maps}/${name}`, { data: { n } }, merge);
        return (body as { metadata: { resourceVersion: string } }).metadata.resourceVersion;
      };
      const compacted = await write('1');
      const before = await kapi(ofIt, { kubeconfig });
      expect(toldIn(before.stdout), before.stderr).toEqual(['ADDED 0', 'MODIFIED 1']);
      // A watch from the version before is granted and then fails with an InternalError.
      await plane.compact(compacted);
      await write('2');
      const after = await kapi(ofIt, { kubeconfig });
      expect(after.code, after.stderr).toBe(0);
      expect(toldIn(after.stdout), after.stderr).toEqual(['MODIFIED 2']);
      const cached = await kapi(ofIt, { kubeconfig: first });
      expect(toldIn(cached.stdout)).toEqual(['ADDED 0', 'MODIFIED 1', 'MODIFIED 2']);
    });
  });
});

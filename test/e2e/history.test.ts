// `kapi history`, `--at` and `kapi watch --replay`: known changes are reported as they were made,
// only from the memory of the API server. Restart, compaction, and a second API server run on a
// separate control plane.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { cleanEnvironment, describeOnServer, kapi, kapiFile, testServer, until } from './kapi.ts';
import { createAdminClient, type AdminClient } from './server/admin-client.ts';
import { findServerBinaries } from './server/binaries.ts';
import { startControlPlane, type ControlPlane } from './server/control-plane.ts';
import { writeKubeconfigs } from './server/kubeconfigs.ts';

const namespace = 'history-e2e';
const merge = 'application/merge-patch+json';

interface Told {
  readonly type: string;
  readonly manager?: string;
  readonly changes?: readonly {
    readonly path: string;
    readonly before?: unknown;
    readonly after?: unknown;
  }[];
  readonly object: { readonly metadata: Readonly<Record<string, string>>; readonly data?: unknown };
}

function toldIn(stdout: string): readonly Told[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Told);
}

interface Seeded {
  readonly type: string;
  readonly path: string;
  readonly object: Readonly<Record<string, unknown>>;
  /** Returns the n-th change. `field` is the changed field. */
  readonly change: (n: number) => unknown;
  readonly field: string;
}

const core = `/api/v1/namespaces/${namespace}`;
const container = { name: 'c', image: 'x' };
const seeds: readonly Seeded[] = [
  {
    ...{ type: 'configmap', path: `${core}/configmaps`, field: 'data.n', object: { data: { n: '0' } } },
    change: (n) => ({ data: { n: String(n) } }),
  },
  {
    ...{ type: 'serviceaccount', path: `${core}/serviceaccounts`, field: 'metadata.annotations.n' },
    object: { metadata: { annotations: { n: '0' } } },
    change: (n) => ({ metadata: { annotations: { n: String(n) } } }),
  },
  {
    ...{ type: 'service', path: `${core}/services`, field: 'spec.ports[80].targetPort' },
    object: { spec: { ports: [{ port: 80, targetPort: 8000 }], selector: { app: 'x' } } },
    change: (n) => ({ spec: { ports: [{ port: 80, protocol: 'TCP', targetPort: 8000 + n }] } }),
  },
  {
    ...{ type: 'cronjob', path: `/apis/batch/v1/namespaces/${namespace}/cronjobs`, field: 'spec.schedule' },
    object: {
      spec: {
        schedule: '0 * * * *',
        jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [container] } } } },
      },
    },
    change: (n) => ({ spec: { schedule: `${n} * * * *` } }),
  },
];

const count = 6;

describeOnServer('kapi history', () => {
  let admin: AdminClient;

  beforeAll(async () => {
    const { url, caFile, tokens } = testServer();
    admin = createAdminClient(url, readFileSync(caFile, 'utf8'), tokens.admin);
    await admin.must('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  });

  afterAll(async () => {
    await admin.send('DELETE', `/api/v1/namespaces/${namespace}`);
  });

  it.concurrent.each(seeds)(
    'prints $type changes in order, each with its manager and its difference',
    async ({ type, path, object, change, field }) => {
      const metadata = { ...(object['metadata'] as object | undefined), name: 'seeded' };
      await admin.must('POST', `${path}?fieldManager=maker`, { ...object, metadata });
      for (let n = 1; n <= count; n++) {
        await admin.must('PATCH', `${path}/seeded?fieldManager=writer-${n % 3}`, change(n), merge);
      }
      await admin.must('DELETE', `${path}/seeded`);
      const run = await kapi(['history', type, 'seeded', '-n', namespace, '-o', 'ndjson']);
      const told = toldIn(run.stdout);
      expect(told.map((one) => one.type)).toEqual([
        'ADDED',
        ...Array<string>(count).fill('MODIFIED'),
        'DELETED',
      ]);
      const managers = told.map(({ manager }) => manager);
      expect(managers[0]).toBe('maker');
      expect(managers.at(-1)).toBeUndefined();
      // Changes within one second leave the managedFields entries unchanged: kapi then names no
      // author, and never a wrong one.
      managers.slice(1, -1).forEach((manager, index) => {
        expect([undefined, `writer-${(index + 1) % 3}`]).toContain(manager);
      });
      expect(managers.slice(1, 4)).toEqual(['writer-1', 'writer-2', 'writer-0']);
      told.slice(1, -1).forEach(({ changes = [] }) => {
        expect(changes.map((one) => one.path)).toContain(field);
      });
      expect(run.code).toBe(0);
    },
  );

  it.concurrent(
    'restores a deleted ConfigMap from --at, equal except for fields that the server owns',
    async () => {
      const path = `${core}/configmaps`;
      const original = {
        ...{ data: { a: '1', 'b.txt': 'two\nlines\n' }, binaryData: { c: 'AAEC' } },
        metadata: { name: 'lost', labels: { app: 'x' }, annotations: { 'e.g/x': 'y' } },
      };
      await admin.must('POST', path, original);
      await admin.must('DELETE', `${path}/lost`);
      const gone = toldIn((await kapi(['history', 'cm/lost', '-n', namespace, '-o', 'ndjson'])).stdout);
      const version = String(Number(gone.at(-1)?.object.metadata['resourceVersion']) - 1);
      for (const command of ['get', 'history']) {
        const run = await kapi([command, 'cm', 'lost', '-n', namespace, '--at', version, '-o', 'json']);
        const { apiVersion, kind, metadata, ...content } = JSON.parse(run.stdout) as Record<string, unknown>;
        const owned = ['uid', 'creationTimestamp', 'resourceVersion'];
        const given = Object.entries(metadata as object).filter(([key]) => !owned.includes(key));
        expect({ apiVersion, kind, metadata: Object.fromEntries(given), ...content }).toEqual({
          ...{ apiVersion: 'v1', kind: 'ConfigMap' },
          ...{ ...original, metadata: { ...original.metadata, namespace } },
        });
      }
      const later = await kapi(['get', 'cm', 'lost', '-n', namespace, '--at', String(Number(version) + 1)]);
      expect(later).toMatchObject({ code: 4, stdout: '' });
      const future = await kapi(['get', 'cm', 'lost', '-n', namespace, '--at', '99999999999']);
      expect(future).toMatchObject({ code: 2, stdout: '' });
    },
  );

  it.concurrent('needs the permission watch and nothing else', async () => {
    const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
    await admin.must('POST', `${rbac}/roles`, {
      metadata: { name: 'watcher' },
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['watch'] }],
    });
    await admin.must('POST', `${rbac}/rolebindings`, {
      metadata: { name: 'watcher' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'watcher' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'history-watcher' }],
    });
    await admin.must('POST', `${core}/secrets?fieldManager=maker`, {
      ...{ metadata: { name: 'watched' }, stringData: { password: 'hunter2' } },
    });
    await admin.must(
      'PATCH',
      `${core}/secrets/watched?fieldManager=x`,
      { stringData: { password: 'hunter-four' } },
      merge,
    );
    const run = await kapi(['history', 'secret', 'watched', '-n', namespace, '--as', 'history-watcher']);
    expect(run.stdout).toMatch(/ADDED {6}maker[^]*MODIFIED {3}x +data\.password: 7 bytes -> 11 bytes\n/);
    const list = await kapi(['history', 'cm', '-n', namespace, '--as', 'history-watcher']);
    expect(list).toMatchObject({ code: 4, stdout: '' });
  });

  it.concurrent('kapi watch --replay prints the past, then new events, and nothing twice', async () => {
    const path = `${core}/configmaps`;
    await admin.must('POST', path, { metadata: { name: 'replayed' }, data: { n: '0' } });
    await admin.must('PATCH', `${path}/replayed`, { data: { n: '1' } }, merge);
    const args = ['watch', 'cm', 'replayed', '-n', namespace, '--replay', '--for-count', '4', '-o', 'ndjson'];
    const child = spawn(process.execPath, [kapiFile, ...args], {
      env: { ...cleanEnvironment(), KUBECONFIG: testServer().kubeconfigs.admin },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let stdout = '';
    const ended = once(child, 'close');
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    await once(child.stdout, 'data');
    await admin.must('PATCH', `${path}/replayed`, { data: { n: '2' } }, merge);
    await admin.must('DELETE', `${path}/replayed`);
    expect(await ended).toEqual([0, null]);
    expect(toldIn(stdout).map(({ type, object }) => [type, object.data])).toEqual([
      ['ADDED', { n: '0' }],
      ['MODIFIED', { n: '1' }],
      ['MODIFIED', { n: '2' }],
      ['DELETED', { n: '2' }],
    ]);
  });
});

describeOnServer('kapi history of a server that forgets', () => {
  // The sandbox has no etcd to compact, and is empty after a restart.
  describe.skipIf(testServer().kind !== 'kube-apiserver')(
    'restart and compaction (kube-apiserver only)',
    () => {
      let plane: ControlPlane;
      let kubeconfig: string;
      const maps = '/api/v1/namespaces/default/configmaps';

      beforeAll(async () => {
        plane = await startControlPlane(await findServerBinaries(() => undefined));
        ({ admin: kubeconfig } = await writeKubeconfigs(plane, ''));
      }, 60_000);
      afterAll(() => plane.stop());

      it(
        'replays after a compaction, if the store refuses, and invents nothing after a restart',
        { timeout: 120_000 },
        async () => {
          const { admin } = plane;
          await admin.must('POST', `${maps}?fieldManager=maker`, {
            metadata: { name: 'kept' },
            data: { n: '0' },
          });
          await admin.must('PATCH', `${maps}/kept?fieldManager=writer`, { data: { n: '1' } }, merge);
          await plane.compact();
          const args = ['history', 'cm', 'kept', '-n', 'default'];
          const run = await kapi([...args, '-o', 'ndjson'], { kubeconfig });
          expect(toldIn(run.stdout).map(({ type, manager }) => [type, manager])).toEqual([
            ['ADDED', 'maker'],
            ['MODIFIED', 'writer'],
          ]);
          const first = toldIn(run.stdout)[0]?.object.metadata['resourceVersion'] ?? '';
          const past = await kapi([...args, '--at', first, '-o', 'json'], { kubeconfig });
          expect(JSON.parse(past.stdout)).toMatchObject({ data: { n: '0' } });

          plane.signal('SIGKILL');
          // A response of the killed process would look like one of the new process.
          await until('the API server has ended', async () => !(await admin.isReady()));
          await plane.start();
          const after = await kapi(args, { kubeconfig });
          expect(after).toMatchObject({ code: 0, stdout: '' });
          expect(after.stderr).toMatch(
            /No changes of configmaps "kept" in namespace default are remembered\./,
          );
          expect(after.stderr).toMatch(
            /note: this API server remembers changes of configmaps since .*\(resourceVersion \d+\), none from before its start/,
          );
          await admin.must('PATCH', `${maps}/kept?fieldManager=writer`, { data: { n: '2' } }, merge);
          const again = await kapi([...args, '-o', 'ndjson'], { kubeconfig });
          expect(toldIn(again.stdout).map(({ type, changes }) => [type, changes])).toEqual([
            ['MODIFIED', [{ path: 'data.n', before: '1', after: '2' }]],
          ]);
          const forgotten = await kapi([...args, '--at', first], { kubeconfig });
          expect(forgotten).toMatchObject({ code: 4, stdout: '' });
        },
      );
    },
  );
});

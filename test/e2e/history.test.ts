// `kapi history`, `--at` and `kapi watch --replay`: known changes are reported as they were made,
// only from the memory of the API server. Restart, compaction, and a second API server run on a
// separate control plane.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { cleanEnvironment, describeOnServer, kapi, kapiFile, testServer, until } from './kapi.ts';
import { createAdminClient, type AdminClient } from './server/admin-client.ts';
import { findServerBinaries } from './server/binaries.ts';
import { startFaultProxy, type WatchFault } from './server/fault-proxy.ts';
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

  it.concurrent('keeps the lives of two objects of the same name apart', async () => {
    const path = `${core}/configmaps`;
    const make = (n: string): Promise<unknown> =>
      admin.must('POST', path, { metadata: { name: 'twice' }, data: { n } });
    await make('first');
    await admin.must('DELETE', `${path}/twice`);
    await make('second');
    await admin.must('PATCH', `${path}/twice`, { data: { n: 'third' } }, merge);
    const told = toldIn((await kapi(['history', 'cm/twice', '-n', namespace, '-o', 'ndjson'])).stdout);
    expect(told.map(({ type, object, changes }) => [type, object.data, changes])).toEqual([
      ['ADDED', { n: 'first' }, undefined],
      ['DELETED', { n: 'first' }, undefined],
      ['ADDED', { n: 'second' }, undefined],
      ['MODIFIED', { n: 'third' }, [{ path: 'data.n', before: 'second', after: 'third' }]],
    ]);
    const [first, gone, second, changed] = told.map(({ object }) => object.metadata['uid']);
    expect([gone, changed]).toEqual([first, second]);
    expect(first).not.toBe(second);
    const version = told[0]?.object.metadata['resourceVersion'] ?? '';
    for (const command of ['get', 'history']) {
      const past = await kapi([command, 'cm', 'twice', '-n', namespace, '--at', version, '-o', 'json']);
      expect(JSON.parse(past.stdout)).toMatchObject({ metadata: { uid: first }, data: { n: 'first' } });
    }
  });

  it.concurrent('--where shows when an object began to match, and when it left', async () => {
    const path = `${core}/configmaps`;
    await admin.must('POST', path, { metadata: { name: 'scaled' }, data: { n: '1' } });
    for (const n of ['3', '4', '2', '5']) {
      await admin.must('PATCH', `${path}/scaled?fieldManager=w${n}`, { data: { n } }, merge);
    }
    await admin.must('DELETE', `${path}/scaled`);
    const args = ['-n', namespace, '--where', 'metadata.name == "scaled" && int(object.data.n) > 2'];
    for (const target of [['cm/scaled'], ['cm', '--diff']]) {
      const run = await kapi(['history', ...target, ...args, '-o', 'ndjson']);
      expect(run.code).toBe(0);
      expect(toldIn(run.stdout).map(({ type, changes }) => [type, changes?.[0]?.after])).toEqual([
        ['MODIFIED', '3'],
        ['MODIFIED', '4'],
        ['LEFT', '2'],
        ['MODIFIED', '5'],
        ['DELETED', undefined],
      ]);
    }
    const none = await kapi(['history', 'cm/scaled', '-n', namespace, '--where', 'object.data.n == "9"']);
    expect(none).toMatchObject({ code: 0, stdout: '' });
    expect(none.stderr).toContain('No change matches --where (6 were looked at)');
  });

  it.concurrent('shows objects of a custom type, and restores a deleted one', async () => {
    const [group, plural] = ['history.kapi.test', 'widgets'];
    const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    const schema = {
      openAPIV3Schema: {
        type: 'object',
        properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
      },
    };
    await admin.must('POST', crds, {
      ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
      metadata: { name: `${plural}.${group}` },
      spec: {
        ...{ group, scope: 'Namespaced', names: { plural, singular: 'widget', kind: 'Widget' } },
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
    });
    try {
      const path = `/apis/${group}/v1/namespaces/${namespace}/${plural}`;
      const widget = {
        apiVersion: `${group}/v1`,
        kind: 'Widget',
        metadata: { name: 'w' },
        spec: { size: 1 },
      };
      await until('the type is served', async () => (await admin.send('POST', path, widget)).status === 201);
      await admin.must('PATCH', `${path}/w?fieldManager=sizer`, { spec: { size: 2 } }, merge);
      await admin.must('DELETE', `${path}/w`);
      const run = await kapi(['history', `${plural}.${group}`, 'w', '-n', namespace, '-o', 'ndjson']);
      const told = toldIn(run.stdout);
      expect(told.map(({ type, changes }) => [type, changes?.map((one) => one.path)])).toEqual([
        ['ADDED', undefined],
        ['MODIFIED', ['metadata.generation', 'spec.size']],
        ['DELETED', undefined],
      ]);
      const version = told[1]?.object.metadata['resourceVersion'] ?? '';
      const back = await kapi([
        'get',
        `${plural}.${group}`,
        'w',
        '-n',
        namespace,
        '--at',
        version,
        '-o',
        'json',
      ]);
      expect(JSON.parse(back.stdout)).toMatchObject({ kind: 'Widget', spec: { size: 2 } });
    } finally {
      await admin.send('DELETE', `${crds}/${plural}.${group}`);
    }
  });

  it.concurrent('--at filters and counts the objects of a version', async () => {
    const path = `${core}/configmaps`;
    let version = '';
    for (const [name, app] of [
      ['a-1', 'a'],
      ['a-2', 'a'],
      ['b-1', 'b'],
    ] as const) {
      const made = await admin.must('POST', path, { metadata: { name, labels: { app, set: 'at' } } });
      version = (made as Told['object']).metadata['resourceVersion'] ?? '';
    }
    for (const name of ['a-1', 'a-2', 'b-1']) await admin.must('DELETE', `${path}/${name}`);
    const args = ['cm', '-n', namespace, '-l', 'set=at', '--at', version];
    const [counts, chosen, past, now] = await Promise.all([
      kapi(['list', ...args, '--count-by', 'metadata.labels.app', '-o', 'ndjson']),
      kapi(['list', ...args, '--where', 'metadata.labels.app == "a"', '-o', 'name']),
      kapi(['history', ...args, '--where', 'metadata.labels.app == "a"', '-o', 'name']),
      kapi(['list', 'cm', '-n', namespace, '-l', 'set=at', '-o', 'name']),
    ]);
    expect(toldIn(counts.stdout)).toEqual([
      { 'metadata.labels.app': 'a', count: 2 },
      { 'metadata.labels.app': 'b', count: 1 },
    ]);
    expect(chosen.stdout).toBe('configmap/a-1\nconfigmap/a-2\n');
    expect(past.stdout).toBe(chosen.stdout);
    expect(now.stdout).toBe('');
  });

  it.concurrent('--at and --since take a time', async () => {
    const path = `${core}/configmaps`;
    // A second attempt cannot create the same object.
    const name = `timed-${Date.now()}`;
    await admin.must('POST', path, { metadata: { name }, data: { n: '0' } });
    const madeAt = Date.now();
    // Times have seconds, and a process can take seconds to start on a busy machine.
    await sleep(20_000);
    await admin.must('PATCH', `${path}/${name}`, { data: { n: '1' } }, merge);
    const ago = (): string => `${Date.now() - madeAt - 1_500}ms`;
    const get = await kapi(['get', 'cm', name, '-n', namespace, '--at', ago(), '-o', 'jsonpath={.data.n}']);
    expect([get.stdout, get.code]).toEqual(['0', 0]);
    expect(get.stderr).toMatch(/note: \d+ms ago, .* is resourceVersion \d+: /);
    const args = ['-n', namespace, '--at', ago(), '-o', 'ndjson', '--where', `metadata.name == "${name}"`];
    expect(toldIn((await kapi(['list', 'cm', ...args])).stdout)).toMatchObject([{ data: { n: '0' } }]);
    const since = await kapi(['history', 'cm', name, '-n', namespace, '--since', ago(), '-o', 'ndjson']);
    expect(toldIn(since.stdout).map(({ type }) => type)).toEqual(['MODIFIED']);
    const all = await kapi(['history', 'cm', name, '-n', namespace, '--since', '1h', '-o', 'ndjson']);
    expect(toldIn(all.stdout).map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED']);
    const before = await kapi(['get', 'cm', name, '-n', namespace, '--at', '1000h']);
    expect(before).toMatchObject({ code: 4, stdout: '' });
  });

  it.concurrent('asks again if the server is too busy for the states before', async () => {
    const { url, caFile, tokens } = testServer();
    await admin.must('POST', `${core}/configmaps`, { metadata: { name: 'busy' } });
    await admin.must('DELETE', `${core}/configmaps/busy`);
    const refusals: readonly Extract<WatchFault, { readonly kind: 'status' }>[] = [
      { kind: 'status', status: 429, retryAfterSeconds: 1 },
      { kind: 'status', status: 503, retryAfterSeconds: 1 },
      { kind: 'status', status: 503 },
    ];
    const left = [...refusals];
    const proxy = await startFaultProxy(
      { url, ca: readFileSync(caFile, 'utf8'), token: tokens.admin },
      () => undefined,
      (path) => (path.includes('resourceVersionMatch=Exact') ? left.shift() : undefined),
    );
    const args = ['history', 'cm', 'busy', '-n', namespace, '-o', 'name', '-s', proxy.url];
    const run = await kapi(args, { kubeconfig: null });
    proxy.stop();
    // A server that remembers everything is not asked for the states before.
    const isWhole = run.stderr.includes('since its store was created');
    expect([run.code, left]).toEqual([0, isWhole ? refusals : []]);
    expect(run.stdout).toContain('configmap/busy');
  });

  it.concurrent('asks again if the server is too busy for a version of the past', async () => {
    const { url, caFile, tokens } = testServer();
    const made = await admin.must('POST', `${core}/configmaps`, { metadata: { name: 'busy-past' } });
    const version = (made as Told['object']).metadata['resourceVersion'] ?? '';
    const left: Extract<WatchFault, { readonly kind: 'status' }>[] = [
      { kind: 'status', status: 429, retryAfterSeconds: 1 },
      { kind: 'status', status: 503, retryAfterSeconds: 1 },
    ];
    const proxy = await startFaultProxy(
      { url, ca: readFileSync(caFile, 'utf8'), token: tokens.admin },
      () => undefined,
      (path) => (path.includes('resourceVersionMatch=Exact') ? left.shift() : undefined),
    );
    const args = ['get', 'cm', 'busy-past', '-n', namespace, '--at', version, '-o', 'name', '-s', proxy.url];
    const run = await kapi(args, { kubeconfig: null });
    proxy.stop();
    expect([run.code, run.stdout, left], run.stderr).toEqual([0, 'configmap/busy-past\n', []]);
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
      });
      afterAll(() => plane.stop());

      it(
        'replays after a compaction, if the store refuses, and invents nothing after a restart',
        { timeout: 600_000 },
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

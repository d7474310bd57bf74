// `kapi watch` as a process: what it prints, how it ends, and that a follower of its lines ends
// with the server's state whatever happens to the server meanwhile.
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it, onTestFinished } from 'vitest';

import { Follower } from './follower.ts';
import { cleanEnvironment, describeOnServer, kapi, kapiFile, patienceMs, run, testServer } from './kapi.ts';
import { createAdminClient, type AdminClient } from './server/admin-client.ts';
import { findServerBinaries } from './server/binaries.ts';
import { startControlPlane, type ControlPlane } from './server/control-plane.ts';
import { startFaultProxy, type WatchFault } from './server/fault-proxy.ts';
import { writeKubeconfigs } from './server/kubeconfigs.ts';

interface Watching {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Resolves when stdout contains it; fails after two minutes. */
  says(text: string): Promise<void>;
  ended(): Promise<number | null>;
}

function startWatch(args: readonly string[], kubeconfig: string, follower?: Follower): Watching {
  const child = spawn(process.execPath, [kapiFile, 'watch', ...args], {
    env: { ...cleanEnvironment(), KUBECONFIG: kubeconfig },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  if (follower === undefined) child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  else follower.follow(child.stdout);
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    says: (text) =>
      until(
        () => stdout.includes(text),
        () => `no ${text} in\n${stdout}\n${stderr}`,
      ),
    ended: () => closed,
  };
}

async function until(isSo: () => boolean | Promise<boolean>, why: () => string): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(why());
    await sleep(50);
  }
}

function adminOf(server: {
  readonly url: string;
  readonly caFile: string;
  readonly tokens: { readonly admin: string };
}): AdminClient {
  return createAdminClient(server.url, readFileSync(server.caFile, 'utf8'), server.tokens.admin);
}

function configMap(name: string, data?: Readonly<Record<string, string>>): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
}

describeOnServer('kapi watch', () => {
  const namespace = 'watched';
  const maps = `/api/v1/namespaces/${namespace}/configmaps`;
  let admin: AdminClient;

  beforeAll(async () => {
    admin = adminOf(testServer());
    await admin.must('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  });

  it('prints events, until Ctrl-C', async () => {
    await admin.must('POST', maps, configMap('first'));
    const watching = startWatch(
      ['configmaps', '-n', namespace, '--field-selector', 'metadata.name=first', '--diff'],
      testServer().kubeconfigs.admin,
    );
    await watching.says('ADDED');
    await admin.must('PATCH', `${maps}/first`, { data: { a: 'b' } }, 'application/merge-patch+json');
    await watching.says('data: <none>');
    await admin.must('DELETE', `${maps}/first`);
    await watching.says('DELETED');
    watching.child.kill('SIGINT');
    expect(await watching.ended()).toBe(130);
    expect(watching.stderr()).toBe('');
    expect(watching.stdout().replaceAll(/\d+s/g, 'Ns')).toBe(
      `EVENT      NAME    DATA   AGE
ADDED      first   0      Ns
MODIFIED   first   1      Ns
    data: <none> -> {"a":"b"}
DELETED    first   1      Ns
`,
    );
  });

  it('ends silently with 0 when its reader has gone and there is more to write', async () => {
    await admin.must('POST', maps, configMap('piped'));
    const line = `"$NODE" "$KAPI" watch configmaps -n ${namespace} --no-headers | head -n 2; echo "code \${PIPESTATUS[0]}"`;
    const ended = run('bash', ['-c', line], {
      env: { KAPI: kapiFile, NODE: process.execPath, KUBECONFIG: testServer().kubeconfigs.admin },
    });
    const over = new AbortController();
    void ended.then(() => over.abort());
    for (let n = 0; !over.signal.aborted; n++) {
      await admin.must('POST', maps, configMap(`piped-${n}`));
      await admin.must('DELETE', `${maps}/piped-${n}`);
      await sleep(100);
    }
    const { stdout, stderr } = await ended;
    expect(stderr).toBe('');
    expect(stdout.split('\n')).toHaveLength(4);
    expect(stdout).toMatch(/\ncode 0\n$/);
  });

  it('waits for an object that does not exist yet, for a condition, and for its deletion', async () => {
    const pods = `/api/v1/namespaces/${namespace}/pods`;
    // A server with controllers has made it.
    await admin.send('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, {
      metadata: { name: 'default' },
    });
    const args = ['pod', 'late', '-n', namespace, '-o', 'name', '--timeout', '120s', '--until'];
    const waits = ['create', 'condition=Ready', 'jsonpath={.status.phase}=Succeeded'].map((goal) =>
      startWatch([...args, goal], testServer().kubeconfigs.admin),
    );
    for (const wait of waits) {
      await until(
        () => wait.stderr().includes('is not there yet'),
        () => wait.stderr(),
      );
    }
    await admin.must('POST', pods, {
      metadata: { name: 'late' },
      spec: { containers: [{ name: 'c', image: 'i' }] },
    });
    const status = (phase: string, ready: string): Promise<unknown> =>
      admin.must(
        'PATCH',
        `${pods}/late/status`,
        { status: { phase, conditions: [{ type: 'Ready', status: ready }] } },
        'application/merge-patch+json',
      );
    await status('Running', 'True');
    await status('Succeeded', 'False');
    for (const wait of waits) {
      expect({ code: await wait.ended(), stderr: wait.stderr() }).toEqual({
        code: 0,
        stderr: 'pods "late" is not there yet\npod/late condition met\n',
      });
    }
    const gone = startWatch([...args, 'delete'], testServer().kubeconfigs.admin);
    await gone.says('ADDED pod/late');
    await admin.must('DELETE', `${pods}/late?gracePeriodSeconds=0`);
    expect(await gone.ended()).toBe(0);
  });

  it('ends with 1 if the goal is not met in time', async () => {
    const args = ['watch', 'pod', 'never', '-n', namespace, '--until', 'create', '--timeout', '3s'];
    const result = await kapi(args);
    expect(result).toEqual({
      code: 1,
      signal: undefined,
      stdout: '',
      stderr:
        'pods "never" is not there yet\nerror: timed out waiting for the condition on pods/never\npods/never: it does not exist\n',
    });
  });

  it('watches a category, and several types in one output', async () => {
    const result = await kapi(['watch', 'all,configmaps', '-n', 'default', '-o', 'name', '--timeout', '0']);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const listed = await kapi(['list', 'all,configmaps', '-n', 'default', '-o', 'name']);
    expect(result.stdout.replaceAll('ADDED ', '')).toBe(listed.stdout);
  });

  it('prints what list prints, in every format', async () => {
    for (const format of ['table', 'wide', 'custom-columns=NAME:.metadata.name,P:.status.phase']) {
      const args = ['pods', '-n', 'dev', '-o', format];
      const [watched, listed] = await Promise.all([
        kapi(['watch', ...args, '--no-events', '--timeout', '0']),
        kapi(['list', ...args]),
      ]);
      expect(withoutAges(watched.stdout)).toBe(withoutAges(listed.stdout));
    }
    const objects = ['pods', '-n', 'dev', '-o', 'ndjson'];
    const watched = await kapi(['watch', ...objects, '--no-events', '--timeout', '0']);
    expect(watched.stdout).toBe((await kapi(['list', ...objects])).stdout);
  });

  it('a follower ends with the state of the server through broken connections, garbage and refusals', async () => {
    const server = testServer();
    // Watches with events alternate with empty ones, so that the waits stay short.
    const faults: WatchFault[] = [
      { kind: 'cut', afterBytes: 900 },
      { kind: 'status', status: 429, retryAfterSeconds: 1 },
      { kind: 'garbage', afterBytes: 1_500 },
      { kind: 'end', afterMs: 0 },
      { kind: 'end', afterMs: 400 },
      { kind: 'status', status: 410 },
      { kind: 'cut', afterBytes: 4_000 },
      { kind: 'status', status: 503 },
      { kind: 'error-event', code: 410, afterMs: 300 },
      { kind: 'status', status: 401 },
      { kind: 'error-event', code: 500, afterMs: 300 },
      { kind: 'cut', afterBytes: 10 },
      { kind: 'garbage', afterBytes: 1 },
      { kind: 'status', status: 404 },
    ];
    const wanted = faults.map(({ kind }) => kind);
    const proxy = await startFaultProxy(
      { url: server.url, ca: readFileSync(server.caFile, 'utf8'), token: server.tokens.admin },
      () => faults.shift(),
    );
    onTestFinished(() => proxy.stop());
    const follower = new Follower();
    const watching = startWatch(
      ['configmaps', '-n', namespace, '-l', 'numbered=yes', '-o', 'ndjson', '--server', proxy.url],
      server.kubeconfigs.anonymous,
      follower,
    );
    const numbers = startNumbers(admin, maps);
    await until(
      () => faults.length === 0,
      () => `faults left: ${faults.length}\n${watching.stderr()}`,
    );
    await sleep(1_000);
    await numbers.stop();
    await agreement(follower, admin, `${maps}?labelSelector=numbered%3Dyes`, watching);
    expect(proxy.made).toEqual(wanted);
    expect(follower.counts.DELETED).toBeGreaterThan(0);
    watching.child.kill('SIGTERM');
    expect(await watching.ended()).toBe(143);
  });
});

/** Returns a table without ages and without the width of their column. */
function withoutAges(table: string): string {
  return table.replaceAll(/\b\d+[smhd]\w*/g, 'AGE').replaceAll(/ +/g, ' ');
}

/**
 * Creates, changes and deletes objects with growing numbers, one after the other, until it is
 * stopped.
 */
function startNumbers(
  admin: AdminClient,
  path: string,
  count = 20,
): { readonly written: () => number; stop(): Promise<void> } {
  let running = true;
  let n = 0;
  async function write(): Promise<void> {
    for (; running; n++) {
      const name = `numbered-${(n * 7) % count}`;
      const map = { ...configMap(name, { n: String(n), pad: 'ü'.repeat(n % 50) }) };
      const body = { ...map, metadata: { name, labels: { numbered: 'yes' } } };
      try {
        if (n % 11 === 10) {
          await admin.send('DELETE', `${path}/${name}`);
        } else {
          const changed = await admin.send('PUT', `${path}/${name}`, body);
          if (changed.status === 404) await admin.send('POST', path, body);
        }
      } catch {
        // The server is unavailable: the next number is written when it is back.
        await sleep(50);
      }
      await sleep(5);
    }
  }
  const done = write();
  return {
    written: () => n,
    stop: async () => {
      running = false;
      await done;
    },
  };
}

/**
 * The follower has the objects of the server and none other, to the last number, and nothing came
 * twice or in disorder.
 */
async function agreement(
  follower: Follower,
  admin: AdminClient,
  path: string,
  watching: Watching,
): Promise<void> {
  const { body } = await admin.send('GET', path);
  const { items }: { items: readonly unknown[] } = JSON.parse(JSON.stringify(body));
  let differences: readonly string[] = [];
  await until(
    () => (differences = follower.differencesTo(items)).length === 0,
    () => `${differences.join('\n')}\n${watching.stderr()}`,
  );
  expect(items.length).toBeGreaterThan(5);
  expect(follower.contradictions).toEqual([]);
}

describeOnServer('kapi watch while the API server is killed, stalled, compacted and restarted', () => {
  it.skipIf(testServer().kind !== 'kube-apiserver')(
    'a follower ends with the state of the server',
    { timeout: 600_000 },
    async () => {
      const plane = await startControlPlane(await findServerBinaries(() => undefined));
      onTestFinished(() => plane.stop());
      const { admin: kubeconfig } = await writeKubeconfigs(plane, '');
      const { admin } = plane;
      await admin.must('POST', '/api/v1/namespaces', { metadata: { name: 'soak' } });
      const maps = '/api/v1/namespaces/soak/configmaps';
      const follower = new Follower();
      const watching = startWatch(['configmaps', '-n', 'soak', '-o', 'ndjson'], kubeconfig, follower);
      const numbers = startNumbers(admin, maps, 40);
      const progress = async (): Promise<void> => {
        const from = follower.counts.MODIFIED;
        await until(
          () => follower.counts.MODIFIED > from + 20,
          () => `no progress\n${watching.stderr()}`,
        );
      };

      await progress();
      await killed(plane);
      await progress();
      await stalled(plane);
      await progress();
      await forgotten(plane, watching.child, numbers.written);
      await progress();
      plane.signal('SIGTERM');
      await sleep(2_000);
      plane.signal('SIGKILL');
      await plane.start();
      await progress();
      await numbers.stop();
      await agreement(follower, admin, maps, watching);

      expect(follower.counts.DELETED).toBeGreaterThan(0);
      expect(watching.stderr()).toContain('the list was read again');
      expect(watching.stderr()).toContain('connected again after');
      expect(watching.child.exitCode).toBeNull();
      watching.child.kill('SIGINT');
      expect(await watching.ended()).toBe(130);
    },
  );
});

/** Killed, and started again a little later. */
async function killed(plane: ControlPlane): Promise<void> {
  plane.signal('SIGKILL');
  await sleep(500);
  await plane.start();
}

/** Neither responds nor closes connections for a while. */
async function stalled(plane: ControlPlane): Promise<void> {
  plane.signal('SIGSTOP');
  await sleep(3_000);
  plane.signal('SIGCONT');
}

/**
 * While kapi is stopped the server changes, loses its history and restarts: no version is left to
 * resume from. Some changes happen after the restart, also unseen by kapi.
 */
async function forgotten(plane: ControlPlane, child: ChildProcess, written: () => number): Promise<void> {
  child.kill('SIGSTOP');
  const from = written();
  await until(
    () => written() > from + 50,
    () => 'nothing is written',
  );
  plane.signal('SIGKILL');
  await plane.compact();
  await plane.start();
  const later = written();
  await until(
    () => written() > later + 50,
    () => 'nothing is written',
  );
  child.kill('SIGCONT');
}

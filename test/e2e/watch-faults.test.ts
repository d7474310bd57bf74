// How `kapi watch` handles empty watches, streams with an unusual end, and a wiped store: its final
// state equals the server's.
import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterAll, expect, it } from 'vitest';

import { Follower } from './follower.ts';
import { cleanEnvironment, describeOnServer, kapiFile, testServer, until } from './kapi.ts';
import { findServerBinaries } from './server/binaries.ts';
import { startControlPlane } from './server/control-plane.ts';
import { writeKubeconfigs } from './server/kubeconfigs.ts';

/**
 * Parallel tests cannot use hooks of a single test to clean up: everything is removed at the end.
 */
const cleanups: (() => unknown)[] = [];

function atTheEnd(cleanup: () => unknown): void {
  cleanups.push(cleanup);
}

afterAll(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

interface Watching {
  readonly follower: Follower;
  readonly stderr: () => string;
  readonly isRunning: () => boolean;
}

function follow(args: readonly string[], kubeconfig = ''): Watching {
  const child = spawn(process.execPath, [kapiFile, 'watch', ...args, '-o', 'ndjson'], {
    env: { ...cleanEnvironment(), ...(kubeconfig === '' ? {} : { KUBECONFIG: kubeconfig }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  atTheEnd(() => void child.kill('SIGKILL'));
  const follower = new Follower();
  follower.follow(child.stdout);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return { follower, stderr: () => stderr, isRunning: () => child.exitCode === null };
}

const configMap = (n: number): object => ({
  metadata: { name: `cm-${n % 3}`, namespace: 'default', uid: `uid-${n % 3}`, resourceVersion: String(n) },
  data: { n: String(n) },
});

/**
 * A server with objects that change with every list, and with watches that a test controls.
 */
async function startServer(watch: (response: ServerResponse, request: IncomingMessage) => void): Promise<{
  readonly url: string;
  readonly items: () => readonly object[];
  readonly counts: Record<'lists' | 'watches', number>;
}> {
  const counts = { lists: 0, watches: 0 };
  let items: readonly object[] = [];
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const { searchParams } = new URL(request.url ?? '/', 'http://server');
    if (searchParams.get('watch') === 'true') {
      counts.watches++;
      response.flushHeaders();
      watch(response, request);
      return;
    }
    if (!searchParams.has('resourceVersionMatch')) {
      counts.lists++;
      items = [configMap(100 * counts.lists), configMap(100 * counts.lists + 1)];
    }
    const metadata = { resourceVersion: String(100 * counts.lists + 50) };
    response.end(JSON.stringify({ kind: 'ConfigMapList', apiVersion: 'v1', metadata, items }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atTheEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server without a port');
  return { url: `http://127.0.0.1:${address.port}`, items: () => items, counts };
}

const status = (code: number, reason: string): string =>
  JSON.stringify({
    type: 'ERROR',
    object: {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      message: 'made by the test',
      code,
      reason,
    },
  });

const bookmark = (resourceVersion: string): string =>
  JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion } } });

describeOnServer('a watch that the server grants and that brings nothing', () => {
  it.concurrent.each<[string, (response: ServerResponse, request: IncomingMessage) => void]>([
    ['is closed at once', (response) => response.end()],
    ['breaks at once', (response) => response.destroy()],
    ['ends with ERROR 500', (response) => response.end(`${status(500, 'InternalError')}\n`)],
    ['ends with ERROR 410 and no line end', (response) => response.end(status(410, 'Expired'))],
    ['ends with ERROR of the reason Expired', (response) => response.end(`${status(0, 'Expired')}\n`)],
    ['is an event of an unknown type', (response) => response.end('{"type":"PING"}\n')],
    ['is something unreadable', (response) => response.end('<html>\n')],
    ['is a bookmark without a version', (response) => response.end(`${bookmark('')}\n`)],
    [
      'is a bookmark of the version that it begins with',
      (response, request) => {
        const { searchParams } = new URL(request.url ?? '/', 'http://server');
        response.end(`${bookmark(searchParams.get('resourceVersion') ?? '')}\n`);
      },
    ],
    [
      'is an object without a name',
      (response) => response.end('{"type":"MODIFIED","object":{"kind":"ConfigMap"}}\n'),
    ],
  ])('and %s is not trusted: the list is read again', async (_, watch) => {
    const server = await startServer(watch);
    const watching = follow(['configmaps', '-n', 'default', '-s', server.url]);
    await until('another list', () => Promise.resolve(server.counts.lists >= 2));
    await until('the state of the server', () =>
      Promise.resolve(watching.follower.differencesTo(server.items()).length === 0),
    );
    expect(watching.follower.contradictions).toEqual([]);
    expect(watching.stderr()).toContain('the list was read again');
    expect(watching.isRunning()).toBe(true);
  });

  it.concurrent(
    'and continues after events of unknown types, and reads a last line without a line end',
    async () => {
      let n = 0;
      const server = await startServer((response) => {
        n++;
        const object = { apiVersion: 'v1', kind: 'ConfigMap', ...configMap(200 + 3 * n) };
        response.end(`{"type":"PING"}\n${JSON.stringify({ type: 'MODIFIED', object })}`);
      });
      const watching = follow(['configmaps', '-n', 'default', '-s', server.url]);
      await until('events', () => Promise.resolve(watching.follower.counts.MODIFIED >= 3));
      expect(server.counts.lists).toBe(1);
      expect(watching.follower.contradictions).toEqual([]);
    },
  );

  it.concurrent.each<[string, (events: readonly object[]) => string]>([
    ['share a line', (events) => `${events.map((event) => JSON.stringify(event)).join('')}\n`],
    ['have no line feed after them', (events) => events.map((event) => JSON.stringify(event)).join('')],
    ['take several lines', (events) => events.map((event) => JSON.stringify(event, null, 2)).join('\n')],
  ])('and follows events that %s, without a new list', async (_, write) => {
    const server = await startServer((response) => {
      const objects = [202, 203].map((n) => ({ apiVersion: 'v1', kind: 'ConfigMap', ...configMap(n) }));
      response.write(write(objects.map((object) => ({ type: 'MODIFIED', object }))));
    });
    const watching = follow(['configmaps', '-n', 'default', '-s', server.url]);
    await until('events', () => Promise.resolve(watching.follower.counts.MODIFIED >= 2));
    expect(server.counts).toEqual({ lists: 1, watches: 1 });
    expect(watching.follower.contradictions).toEqual([]);
    expect(watching.stderr()).toBe('');
  });

  it.concurrent('gets no further request while it is healthy', async () => {
    const asked: string[] = [];
    const server = await startServer((response, request) => {
      asked.push(request.url ?? '');
      const version = String(160 + asked.length);
      setTimeout(() => response.end(`${bookmark(version)}\n`), 100);
    });
    follow(['configmaps', '-n', 'default', '-s', server.url]);
    await until('three watches', () => Promise.resolve(server.counts.watches >= 3));
    expect(server.counts.lists).toBe(1);
  });
});

describeOnServer(
  'a watch while the store behind the same address is wiped, and restored from an older copy',
  () => {
    it.skipIf(testServer().kind !== 'kube-apiserver')(
      'lists again: removed objects are DELETED, new ones ADDED',
      { timeout: 600_000 },
      async () => {
        const plane = await startControlPlane(await findServerBinaries(() => undefined));
        atTheEnd(() => plane.stop());
        const { admin: kubeconfig } = await writeKubeconfigs(plane, '');
        const { admin } = plane;
        const maps = '/api/v1/namespaces/default/configmaps';
        const make = (name: string): Promise<unknown> =>
          admin.must('POST', maps, { metadata: { name, labels: { wiped: 'yes' } } });
        await until(
          'the namespace default',
          async () => (await admin.send('GET', '/api/v1/namespaces/default')).status === 200,
        );
        await make('old');
        // The next store must not reach this version soon.
        const changeOften = async (name: string): Promise<void> => {
          for (let n = 0; n < 300; n++) {
            const path = `${maps}/${name}`;
            await admin.must('PATCH', path, { data: { n: String(n) } }, 'application/merge-patch+json');
          }
        };
        await changeOften('old');
        const watching = follow(['configmaps', '-n', 'default', '-l', 'wiped=yes'], kubeconfig);
        await until('the old object', () => Promise.resolve(watching.follower.objects.has('old')));
        await plane.wipe();
        await until(
          'the namespace default',
          async () => (await admin.send('GET', '/api/v1/namespaces/default')).status === 200,
        );
        await make('new');
        await until('the state of the new store', () =>
          Promise.resolve(!watching.follower.objects.has('old') && watching.follower.objects.has('new')),
        );
        expect(watching.stderr()).toContain("the server's store does not have resourceVersion");
        await make('later');
        await until('later events', () => Promise.resolve(watching.follower.objects.has('later')));

        await plane.save();
        await make('lost');
        await changeOften('later');
        await until('the object that will be lost', () =>
          Promise.resolve(
            watching.follower.objects.has('lost') &&
              watching.follower.objects.get('later')?.data?.['n'] === '299',
          ),
        );
        await plane.restore();
        await make('newest');
        await until('the state of the restored store', async () => {
          const answer = await admin.send('GET', `${maps}?labelSelector=wiped`);
          const { items } = answer.body as { readonly items: readonly unknown[] };
          return items.length === 3 && watching.follower.differencesTo(items).length === 0;
        });
        expect(watching.follower.contradictions).toEqual([]);
      },
    );
  },
);

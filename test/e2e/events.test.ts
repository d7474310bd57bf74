// `kapi events`: kubectl's rows and order, both event APIs, one object, and following.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { beforeAll, describe, expect, it } from 'vitest';

import {
  cleanEnvironment,
  describeAgainstKubectl,
  describeOnServer,
  expectSame,
  kapi,
  kapiFile,
  kubectl,
  testServer,
  until,
} from './kapi.ts';

const namespace = 'events-e2e';
const core = `/api/v1/namespaces/${namespace}/events`;
const newer = `/apis/events.k8s.io/v1/namespaces/${namespace}/events`;

async function create(path: string, object: unknown): Promise<void> {
  const { code, stderr } = await kapi(['curl', '-s', '--json', JSON.stringify(object), path]);
  if (code !== 0) throw new Error(stderr);
}

/** Formats a time some minutes ago as old reporters do. */
const ago = (minutes: number): string =>
  `${new Date(Date.now() - minutes * 60_000).toISOString().slice(0, 19)}Z`;
/** Formats the same time as new reporters do. */
const preciselyAgo = (minutes: number): string => ago(minutes).replace('Z', '.000000Z');

const pod = { apiVersion: 'v1', kind: 'Pod', name: 'web', namespace };
const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace };

const reported = { reportingController: 'e2e', reportingInstance: 'e2e-0', action: 'Test' };

/** Creates events of reporters of both APIs, in an order other than that of their times. */
async function seedEvents(): Promise<void> {
  await create('/api/v1/namespaces', { metadata: { name: namespace } });
  await Promise.all([
    create(core, {
      metadata: { name: 'a-counted' },
      ...{ involvedObject: pod, type: 'Warning', reason: 'BackOff', message: 'counted' },
      ...{ firstTimestamp: ago(90), lastTimestamp: ago(15), count: 7 },
    }),
    create(core, {
      metadata: { name: 'b-old' },
      ...{ involvedObject: pod, type: 'Normal', reason: 'Pulled', message: 'old' },
      ...{ firstTimestamp: ago(60), lastTimestamp: ago(60), count: 1 },
    }),
    create(core, {
      metadata: { name: 'c-hostile' },
      ...{ involvedObject: deployment, type: 'Normal', reason: 'Scaled', message: '\u001b[31mred' },
      ...{ firstTimestamp: ago(50), lastTimestamp: ago(50), count: 1 },
    }),
    create(newer, {
      metadata: { name: 'd-once' },
      ...{ regarding: pod, type: 'Normal', reason: 'Scheduled', note: 'once', ...reported },
      eventTime: preciselyAgo(30),
    }),
    create(newer, {
      metadata: { name: 'e-series' },
      ...{ regarding: deployment, type: 'Warning', reason: 'Series', note: 'series', ...reported },
      eventTime: preciselyAgo(100),
      series: { count: 4, lastObservedTime: preciselyAgo(20) },
    }),
  ]);
}

describe('events', () => {
  describeOnServer('of both APIs', () => {
    beforeAll(seedEvents);

    describeAgainstKubectl('are the rows of kubectl events', () => {
      it.concurrent.each([
        '',
        '--for pod/web',
        '--for po/web',
        '--for deployments.apps/web',
        '--types Warning',
        '--types=normal,warning',
        '--for deploy/web --types Warning',
        '--no-headers',
        '--for pod/none',
      ])('events %s', async (flags) => {
        const words = ['events', '-n', namespace, ...flags.split(' ').filter((word) => word !== '')];
        const { ours, theirs } = await expectSame({ kapi: words, kubectl: words });
        expect(ours.stderr).toBe(theirs.stderr);
        expect(ours.code).toBe(0);
      });

      it('in all namespaces, each once', async () => {
        const words = ['events', '-A', '--no-headers'];
        const [ours, theirs] = await Promise.all([kapi(words), kubectl(words)]);
        const rows = (text: string): string[] =>
          text
            .split('\n')
            .filter((line) => line.startsWith(namespace))
            .map((line) => line.split(/ {2,}/).slice(2).join(' '));
        expect(rows(ours.stdout)).toEqual(rows(theirs.stdout));
        expect(rows(ours.stdout)).toHaveLength(5);
      });
    });

    it('come newest last in every format', async () => {
      const order = ['b-old', 'c-hostile', 'd-once', 'e-series', 'a-counted'];
      const [names, json, lines] = await Promise.all(
        ['name', 'json', 'ndjson'].map((format) => kapi(['events', '-n', namespace, '-o', format])),
      );
      expect(names!.stdout).toBe(order.map((name) => `event/${name}\n`).join(''));
      const nameIn = (object: unknown): string =>
        (object as { readonly metadata: { readonly name: string } }).metadata.name;
      expect((JSON.parse(json!.stdout) as { readonly items: unknown[] }).items.map(nameIn)).toEqual(order);
      expect(
        lines!.stdout
          .trim()
          .split('\n')
          .map((line) => nameIn(JSON.parse(line))),
      ).toEqual(order);
    });

    it('are refused with 4 for a user who may not list them', async () => {
      const { code, stdout, stderr } = await kapi(['events', '-n', namespace], {
        kubeconfig: testServer().kubeconfigs.bob,
      });
      expect([code, stdout]).toEqual([4, '']);
      expect(stderr).toContain('forbidden');
    });

    it('of a namespace that does not exist are empty, and stderr says why', async () => {
      const { code, stderr } = await kapi(['events', '-n', 'events-e2f']);
      expect(code).toBe(0);
      expect(stderr).toContain('No events found in events-e2f namespace.');
      expect(stderr).toContain('there is no namespace "events-e2f"; did you mean events-e2e?');
    });

    it('of a node are found without -n, as the kubelet writes them', async () => {
      await create('/api/v1/namespaces/default/events', {
        metadata: { name: 'events-e2e-node' },
        involvedObject: { kind: 'Node', name: 'events-e2e-node', uid: 'events-e2e-node' },
        ...{ type: 'Normal', reason: 'NodeReady', message: 'ready' },
        ...{ firstTimestamp: ago(1), lastTimestamp: ago(1), count: 1 },
      });
      const { stdout } = await kapi(['events', '--for', 'node/events-e2e-node'], {
        kubeconfig: testServer().kubeconfigs.admin,
      });
      expect(stdout).toContain('NodeReady');
    });

    it('-w prints what exists, then new and repeated ones, until Ctrl-C', async () => {
      const subject = { ...pod, name: 'followed' };
      const about = { involvedObject: subject, type: 'Normal', reason: 'R' };
      const times = { firstTimestamp: ago(10), lastTimestamp: ago(10), count: 1 };
      await create(core, { metadata: { name: 'followed-1' }, ...about, message: 'first', ...times });
      const child = spawn(
        process.execPath,
        [kapiFile, 'events', '-n', namespace, '--for', 'pod/followed', '-w', '--no-headers'],
        { env: { ...cleanEnvironment(), KUBECONFIG: testServer().kubeconfigs.admin } },
      );
      const closed = once(child, 'close');
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      const sees = (words: string): Promise<void> =>
        until(words, () => Promise.resolve(text.includes(words)));
      try {
        await sees('first');
        await create(core, { metadata: { name: 'followed-2' }, ...about, message: 'second', ...times });
        await create(core, {
          ...{ metadata: { name: 'other' }, ...about, message: 'unrelated', ...times },
          involvedObject: pod,
        });
        await sees('second');
        const again = JSON.stringify({ count: 5, lastTimestamp: ago(0), message: 'repeated' });
        await kapi(['curl', '-s', '--type', 'merge', '-d', again, `${core}/followed-1`]);
        await sees('(x5 over 10m)');
        await kapi(['curl', '-s', '-X', 'DELETE', `${core}/followed-2`]);
      } finally {
        child.kill('SIGINT');
      }
      const [code] = (await closed) as [number];
      expect(code).toBe(130);
      expect(text.match(/first|second|repeated|unrelated/g)).toEqual(['first', 'second', 'repeated']);
    });
  });
});

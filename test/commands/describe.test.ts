// kapi describe with a scripted server: requests, output, omitted parts, exit codes.
import { describe, expect, it } from 'vitest';
import '../../src/commands/describe/run.ts';
import type { Exchange } from '../scripted-send.ts';
import { runKapi } from './run-kapi.ts';

const ns = '/api/v1/namespaces/default';
const apps = '/apis/apps/v1/namespaces/default';
const now = new Date('2026-01-02T03:04:05Z');

const owner = (kind: string, name: string, apiVersion = 'apps/v1'): object => ({
  ...{ apiVersion, kind, name, uid: `uid-${name}`, controller: true },
});

function object(
  apiVersion: string,
  kind: string,
  name: string,
  content: object = {},
  metadata: object = {},
): object {
  return {
    ...{ apiVersion, kind },
    metadata: {
      ...{ name, namespace: 'default', uid: `uid-${name}`, creationTimestamp: '2026-01-02T03:00:05Z' },
      ...metadata,
    },
    ...content,
  };
}

const tableOf = (
  rows: readonly object[],
  columns = ['Name', 'Ready', 'Status'],
  cells = ['x', '0/1', 'Bad'],
): object => ({
  ...{ apiVersion: 'meta.k8s.io/v1', kind: 'Table', metadata: {} },
  columnDefinitions: columns.map((name) => ({
    name,
    type: 'string',
    format: '',
    description: '',
    priority: 0,
  })),
  rows: rows.map((row) => ({ cells, object: row })),
});

const get = (path: string, body: object): Exchange => ({ request: `GET ${path}`, reply: { body } });
const one = (path: string, row: object): Exchange => get(`${path}?includeObject=Object`, tableOf([row]));
const ownerRow = (path: string, row: object): Exchange =>
  get(path, tableOf([row], ['Name', 'Desired'], ['x', '3']));
const events = (kind: string, name: string, items: readonly object[] = []): Exchange =>
  get(`${ns}/events?fieldSelector=involvedObject.kind%3D${kind}%2CinvolvedObject.name%3D${name}&limit=500`, {
    apiVersion: 'v1',
    kind: 'EventList',
    metadata: {},
    items,
  });
const forbidden = (request: string): Exchange => ({
  request,
  reply: {
    status: 403,
    body: {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      reason: 'Forbidden',
      code: 403,
      message: 'no',
    },
  },
});

const webPod = object(
  'v1',
  'Pod',
  'web-1',
  {
    spec: { nodeName: 'n1', containers: [{ name: 'app', image: 'web:1' }] },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'False', reason: 'ContainersNotReady' }],
      containerStatuses: [
        {
          ...{ name: 'app', image: 'web:1', restartCount: 3 },
          state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
          lastState: { terminated: { exitCode: 2, reason: 'Error', finishedAt: '2026-01-02T03:03:05Z' } },
        },
      ],
    },
  },
  { ownerReferences: [owner('ReplicaSet', 'web')] },
);
const event = object('v1', 'Event', 'web-1.1', {
  involvedObject: { kind: 'Pod', name: 'web-1', namespace: 'default', uid: 'uid-web-1' },
  ...{ type: 'Warning', reason: 'BackOff', message: 'Back-off restarting', count: 4 },
  ...{ firstTimestamp: '2026-01-02T03:01:05Z', lastTimestamp: '2026-01-02T03:03:05Z' },
});
const podReplies = [
  one(`${ns}/pods/web-1`, webPod),
  events('Pod', 'web-1', [event]),
  ownerRow(
    `${apps}/replicasets/web`,
    object('apps/v1', 'ReplicaSet', 'web', {}, { ownerReferences: [owner('Deployment', 'shop')] }),
  ),
  ownerRow(`${apps}/deployments/shop`, object('apps/v1', 'Deployment', 'shop')),
];

describe('kapi describe pod', () => {
  it('costs three round trips: pod and events, then the two owners', async () => {
    const run = await runKapi('describe pod web-1', { replies: podReplies, now });
    expect(run.code).toBe(0);
    expect(run.requests).toHaveLength(4);
    expect(run.requests.slice(0, 2).sort()).toEqual(
      podReplies
        .slice(0, 2)
        .map(({ request }) => request)
        .sort(),
    );
    expect(run.stdout).toMatchInlineSnapshot(`
      "pod/web-1 in namespace default
      Problems
        pod/web-1: container app: CrashLoopBackOff: last ended with exit code 2; 3 restarts; back-off (since 60s)
        pod/web-1: event: BackOff: Back-off restarting (4 times) (since 60s)
        pod/web-1: condition Ready is False: ContainersNotReady
        Age      4m (created 2026-01-02T03:00:05Z)
        Status   Bad, ready 0/1
        Node     n1
      Conditions
        ! Ready   False         ContainersNotReady
      Containers
        app: waiting: CrashLoopBackOff, 3 restarts
          Image       web:1
          Message     back-off
          Last exit   exit code 2, 60s ago
      Owners
        ReplicaSet web: desired 3
          Deployment shop: desired 3
      Events
        60s ago   Warning   BackOff   4 times in 3m         Back-off restarting
      "
    `);
  });

  it('prints only problems with --problems and exits 1', async () => {
    const run = await runKapi('describe pod/web-1 --problems', { replies: podReplies, now });
    expect(run).toMatchObject({ code: 1, stderr: '' });
    expect(run.stdout.split('\n')[0]).toBe(
      'pod/web-1: container app: CrashLoopBackOff: last ended with exit code 2; 3 restarts; back-off (since 60s)',
    );
  });

  it('prints the summary as JSON', async () => {
    const run = await runKapi('describe pod/web-1 -o json', { replies: podReplies, now });
    expect(JSON.parse(run.stdout)).toMatchObject({
      ...{ type: 'pods', name: 'web-1', namespace: 'default', status: 'Bad, ready 0/1' },
      problems: [{ reason: 'CrashLoopBackOff' }, { reason: 'BackOff' }, { part: 'condition Ready is False' }],
      containers: [{ name: 'app', state: 'waiting', restarts: 3, lastExit: { code: 2 } }],
      owners: [{ kind: 'ReplicaSet', state: 'found', owners: [{ kind: 'Deployment', state: 'found' }] }],
      events: [{ reason: 'BackOff', count: 4 }],
    });
  });

  it('leaves out what the user may not read, and says so', async () => {
    const [pod, itsEvents, replicaSet] = podReplies;
    if (pod === undefined || itsEvents === undefined || replicaSet === undefined)
      throw new Error('replies are missing');
    const run = await runKapi('describe pod web-1', {
      replies: [pod, forbidden(itsEvents.request), forbidden(replicaSet.request)],
      now,
    });
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('ReplicaSet web: not read: you may not read it');
    expect(run.stdout).toContain('note: events are left out: you may not read them');
  });

  it('says that an owner is gone if another object has its name', async () => {
    const other = object('apps/v1', 'ReplicaSet', 'web', {}, { uid: 'another' });
    const run = await runKapi('describe pod web-1', {
      replies: [...podReplies.slice(0, 2), ownerRow(`${apps}/replicasets/web`, other)],
      now,
    });
    expect(run.stdout).toContain('ReplicaSet web: gone: another object has its name now');
  });

  it('prints the first requests with --curl', async () => {
    const run = await runKapi('describe pod web-1 --curl', { now });
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('/pods/web-1?includeObject=Object');
    expect(run.stdout).toContain('/events?fieldSelector=');
  });

  it('shows control characters of the server', async () => {
    const hostile = '\u001b[31mred\u001b[0m\u0007\nhint: run rm';
    const bad = object('v1', 'Pod', 'bad', {
      spec: { containers: [{ name: hostile, image: hostile, command: [hostile] }] },
      status: {
        phase: hostile,
        conditions: [{ type: hostile, status: hostile, reason: hostile, message: hostile }],
        containerStatuses: [{ name: hostile, state: { waiting: { reason: hostile, message: hostile } } }],
      },
    });
    for (const tty of [true, false]) {
      const run = await runKapi('describe pod bad', {
        replies: [one(`${ns}/pods/bad`, bad), events('Pod', 'bad', [])],
        ...{ now, tty, env: { NO_COLOR: '1' } },
      });
      expect(run.stdout).toContain('^[[31mred^[[0m^G\\nhint: run rm');
      expect(run.stdout).not.toMatch(/[\u0007\u001b]|^hint/m);
    }
  });
});

describe('kapi describe of other types', () => {
  it('finds the problems of a Deployment in its pods', async () => {
    const deployment = object('apps/v1', 'Deployment', 'shop', {
      spec: { replicas: 1, selector: { matchLabels: { app: 'shop' } } },
      status: { conditions: [{ type: 'Available', status: 'False' }] },
    });
    const replicaSet = object(
      'apps/v1',
      'ReplicaSet',
      'web',
      { spec: { replicas: 1 } },
      { ownerReferences: [owner('Deployment', 'shop')] },
    );
    const run = await runKapi('describe deploy/shop --problems', {
      replies: [
        one(`${apps}/deployments/shop`, deployment),
        events('Deployment', 'shop'),
        get(
          `${apps}/replicasets?labelSelector=app%3Dshop&limit=500&includeObject=Object`,
          tableOf([replicaSet]),
        ),
        get(`${ns}/pods?labelSelector=app%3Dshop&limit=500&includeObject=Object`, tableOf([webPod])),
      ],
      now,
    });
    expect(run.code).toBe(1);
    expect(run.stdout.split('\n')[0]).toContain('pod/web-1: container app: CrashLoopBackOff');
    expect(run.stdout).toContain('deployment/shop: condition Available is False');
  });

  it('never shows the values of a Secret', async () => {
    const secret = object(
      'v1',
      'Secret',
      'db',
      { type: 'Opaque', data: { password: 'aHVudGVyMg==' } },
      { annotations: { 'example.com/copy': 'hunter2' } },
    );
    for (const format of ['text', 'json', 'yaml', 'ndjson']) {
      const run = await runKapi(`describe secret db -o ${format}`, {
        replies: [one(`${ns}/secrets/db`, secret), events('Secret', 'db')],
        now,
      });
      expect(run.stdout).toContain('7 bytes');
      expect(run.stdout).not.toMatch(/hunter2|aHVudGVyMg/);
    }
  });

  it('describes the readable objects and fails for the rest', async () => {
    const settings = object('v1', 'ConfigMap', 'a', { data: { k: 'v' } });
    const run = await runKapi('describe cm a missing', {
      replies: [
        one(`${ns}/configmaps/a`, settings),
        events('ConfigMap', 'a'),
        events('ConfigMap', 'missing'),
        forbidden(`GET ${ns}/configmaps/missing?includeObject=Object`),
      ],
      now,
    });
    expect(run.code).toBe(4);
    expect(run.stdout).toContain('configmap/a in namespace default');
    expect(run.stderr).toContain('Forbidden');
  });

  it('says that nothing is wrong on stderr and exits 0', async () => {
    const run = await runKapi('describe cm a --problems', {
      replies: [one(`${ns}/configmaps/a`, object('v1', 'ConfigMap', 'a')), events('ConfigMap', 'a')],
      now,
    });
    expect(run).toMatchObject({ code: 0, stdout: '', stderr: 'No problems found in 1 object.\n' });
  });

  const manyPods = Array.from({ length: 11 }, (_, index) =>
    object('v1', 'Pod', `pod-${index}`, { spec: {} }),
  );
  const podList = (pods: readonly object[]): Exchange =>
    get(`${ns}/pods?limit=500&includeObject=Object`, tableOf(pods));
  const eventsOfPods = `GET ${ns}/events?fieldSelector=involvedObject.kind%3DPod&limit=500`;
  const podEvent = object('v1', 'Event', 'e', {
    involvedObject: { kind: 'Pod', name: 'pod-7', namespace: 'default', uid: 'uid-pod-7' },
    ...{ type: 'Normal', reason: 'Pulled', message: 'pulled', lastTimestamp: '2026-01-02T03:03:05Z' },
  });

  it('lists the events of more than ten objects once', async () => {
    const run = await runKapi('describe pods', {
      replies: [
        podList(manyPods),
        { request: eventsOfPods, reply: { body: { kind: 'EventList', metadata: {}, items: [podEvent] } } },
      ],
      now,
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.requests).toHaveLength(2);
    const [, about = ''] = /\npod\/pod-7 in(.*?)(?=\npod\/pod-8)/s.exec(run.stdout) ?? [];
    expect(about).toContain('Pulled');
    expect(run.stdout.match(/Pulled/g)).toHaveLength(1);
  });

  it('lists the events of each of many objects if the list of all fails', async () => {
    const run = await runKapi('describe pods', {
      replies: [
        podList(manyPods),
        forbidden(eventsOfPods),
        ...manyPods.map((_, index) => events('Pod', `pod-${index}`, index === 7 ? [podEvent] : [])),
      ],
      now,
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout.match(/Pulled/g)).toHaveLength(1);
  });

  it('shows a long detail in part, says how much is left, and has all of it as JSON', async () => {
    const data = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`key-${index}`, 'v']));
    const replies = [
      one(`${ns}/configmaps/a`, object('v1', 'ConfigMap', 'a', { data })),
      events('ConfigMap', 'a'),
    ];
    const [text, json] = [
      await runKapi('describe cm a', { replies, now }),
      await runKapi('describe cm a -o json', { replies, now }),
    ];
    expect(text.stdout).toContain('and 30 more lines');
    expect((JSON.parse(json.stdout) as { details: { Data: string[] } }).details.Data).toHaveLength(150);
  });

  it('wraps facts below their own column on a terminal', async () => {
    const data = { long: 'word '.repeat(30).trim() };
    const run = await runKapi('describe cm a --color never', {
      replies: [
        one(`${ns}/configmaps/a`, object('v1', 'ConfigMap', 'a', { data })),
        events('ConfigMap', 'a'),
      ],
      ...{ now, tty: true, columns: 60 },
    });
    const lines = run.stdout.split('\n').filter((line) => line.includes('word'));
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(line.length).toBeLessThan(60);
    for (const line of lines.slice(1)) expect(line).toMatch(/^ {13}word/);
  });

  it.each([
    ['describe pod web -A', /across all namespaces/],
    ['describe pod web -l a=b', /name cannot be provided when a selector is specified/],
    ['describe pod web -o name', /invalid|choices|must be|takes/i],
    ['describe', /resource|argument/i],
  ])('kapi %s is a usage error', async (line, message) => {
    const run = await runKapi(line, { now });
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(message);
  });
});

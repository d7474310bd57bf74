// kapi events over a scripted server: order, selection, both event APIs, formats, refusals.
import { describe, expect, it } from 'vitest';
import '../../src/commands/events/run.ts';
import '../../src/output/documents.ts';
import '../../src/output/object-events-table.ts';
import { Interrupted } from '../../src/errors.ts';
import type { Exchange } from '../scripted-send.ts';
import { frozenTime, whenIdle } from '../virtual-time.ts';
import { runKapi } from './run-kapi.ts';

const now = new Date('2026-01-02T03:10:00Z');
const path = '/api/v1/namespaces/default/events';

interface Told {
  readonly name: string;
  readonly lastSeen?: string;
  readonly type?: string;
  readonly message?: string;
  readonly about?: object;
  readonly more?: object;
}

function event({ name, lastSeen, type = 'Normal', message = name, about = {}, more = {} }: Told): object {
  return {
    metadata: { name, namespace: 'default', creationTimestamp: '2026-01-02T03:00:00Z' },
    involvedObject: { apiVersion: 'v1', kind: 'Pod', name: 'web', namespace: 'default', ...about },
    ...{ type, reason: 'Reason', message },
    ...(lastSeen === undefined ? {} : { firstTimestamp: lastSeen, lastTimestamp: lastSeen, count: 1 }),
    ...more,
  };
}

const list = (items: readonly object[], query = 'limit=500', at = path): Exchange => ({
  request: `GET ${at}?${query}`,
  reply: { body: { apiVersion: 'v1', kind: 'EventList', metadata: { resourceVersion: '9' }, items } },
});
const selector = (kind: string, name: string, more = ''): string =>
  `fieldSelector=involvedObject.kind%3D${kind}%2CinvolvedObject.name%3D${name}${more}&limit=500`;

const notFound: Exchange['reply'] = {
  status: 404,
  body: '404 page not found\n',
  headers: { 'content-type': 'text/plain' },
};

describe('kapi events', () => {
  it('sorts by the time last seen, whichever field has it, newest last', async () => {
    const { stdout, code } = await runKapi('events', {
      now,
      replies: [
        list([
          event({
            name: 'series',
            more: {
              eventTime: '2026-01-02T03:00:00.000001Z',
              series: { count: 3, lastObservedTime: '2026-01-02T03:09:00.000001Z' },
            },
          }),
          event({ name: 'old', lastSeen: '2026-01-02T03:05:00Z' }),
          event({ name: 'once', more: { eventTime: '2026-01-02T03:08:00.000000Z', lastTimestamp: null } }),
          event({
            name: 'counted',
            type: 'Warning',
            more: { count: 7, firstTimestamp: '2026-01-02T03:00:00Z', lastTimestamp: '2026-01-02T03:09:30Z' },
          }),
          event({ name: 'created', more: { lastTimestamp: '0001-01-01T00:00:00Z' } }),
        ]),
      ],
    });
    expect(code).toBe(0);
    expect(stdout).toBe(`LAST SEEN           TYPE      REASON   OBJECT    MESSAGE
10m                 Normal    Reason   Pod/web   created
5m                  Normal    Reason   Pod/web   old
2m                  Normal    Reason   Pod/web   once
60s (x3 over 10m)   Normal    Reason   Pod/web   series
30s (x7 over 10m)   Warning   Reason   Pod/web   counted
`);
  });

  it('keeps hostile text on its line', async () => {
    const { stdout } = await runKapi('events --no-headers', {
      now,
      replies: [
        list([event({ name: 'e', lastSeen: '2026-01-02T03:09:50Z', message: ' a\n\u001b[31mb\r\u202ec ' })]),
      ],
    });
    expect(stdout).toBe('10s   Normal   Reason   Pod/web   a\\n^[[31mb\\r\\u202ec\n');
  });

  it.each([
    ['--for pod/web', selector('Pod', 'web')],
    ['--for po/web', selector('Pod', 'web')],
    ['--for deploy.apps/web', selector('Deployment', 'web')],
    ['--types Warning', 'fieldSelector=type%3DWarning&limit=500'],
    ['--types warning,WARNING', 'fieldSelector=type%3DWarning&limit=500'],
    ['--types normal,Warning', 'limit=500'],
    ['--for pod/web --types Normal', selector('Pod', 'web', '%2Ctype%3DNormal')],
  ])('%s has the server select what it can', async (flags, query) => {
    const { code, requests } = await runKapi(`events ${flags}`, { now, replies: [list([], query)] });
    expect([code, requests.length]).toEqual([0, 1]);
  });

  it('takes events of any version of the group, of no version, and of no other group', async () => {
    const { stdout } = await runKapi('events --for deploy/web -o name', {
      now,
      replies: [
        list(
          [
            event({ name: 'v1', about: { apiVersion: 'apps/v1', kind: 'Deployment' } }),
            event({ name: 'old', about: { apiVersion: 'apps/v1beta1', kind: 'Deployment' } }),
            event({ name: 'none', about: { apiVersion: undefined, kind: 'Deployment' } }),
            event({ name: 'other', about: { apiVersion: 'example.com/v1', kind: 'Deployment' } }),
          ],
          selector('Deployment', 'web'),
        ),
      ],
    });
    expect(stdout.trim().split('\n').sort()).toEqual(['event/none', 'event/old', 'event/v1']);
  });

  it.each([
    ['--for node/n1', 'default'],
    ['--for node/n1 -n kube-system', 'kube-system'],
  ])('%s looks in the namespace %s', async (flags, namespace) => {
    const at = `/api/v1/namespaces/${namespace}/events`;
    const { code, stderr } = await runKapi(`events ${flags}`, {
      now,
      config: {
        namespace: {
          value: flags.includes('-n') ? namespace : 'dev',
          origin: { kind: 'default', text: 'x' },
        },
      },
      replies: [list([], selector('Node', 'n1'), at)],
    });
    expect([code, stderr]).toEqual([0, `No events found in ${namespace} namespace.\n`]);
  });

  it('asks events.k8s.io, with its names of fields, where the core API has no events', async () => {
    const group = { name: 'events.k8s.io', versions: [{ groupVersion: 'events.k8s.io/v1', version: 'v1' }] };
    const { stdout, code } = await runKapi('events --for pod/web', {
      now,
      replies: [
        { request: `GET ${path}?${selector('Pod', 'web')}`, reply: notFound },
        { request: 'GET /api', reply: { body: { kind: 'APIVersions', versions: [] } } },
        {
          request: 'GET /apis',
          reply: {
            body: { kind: 'APIGroupList', groups: [{ ...group, preferredVersion: group.versions[0] }] },
          },
        },
        {
          request: 'GET /apis/events.k8s.io/v1',
          reply: {
            body: {
              kind: 'APIResourceList',
              groupVersion: 'events.k8s.io/v1',
              resources: [
                {
                  ...{ name: 'events', singularName: 'event', namespaced: true, kind: 'Event' },
                  verbs: ['list', 'watch'],
                },
              ],
            },
          },
        },
        {
          request: `GET /apis/events.k8s.io/v1/namespaces/default/events?${selector('Pod', 'web').replaceAll('involvedObject', 'regarding')}`,
          reply: {
            body: {
              ...{ kind: 'EventList', apiVersion: 'events.k8s.io/v1', metadata: {} },
              items: [
                {
                  metadata: { name: 'n', namespace: 'default' },
                  regarding: { kind: 'Pod', name: 'web' },
                  ...{ type: 'Normal', reason: 'R', note: 'from the new API' },
                  eventTime: '2026-01-02T03:09:00.000000Z',
                },
              ],
            },
          },
        },
      ],
    });
    expect(code).toBe(0);
    expect(stdout).toContain('60s         Normal   R        Pod/web   from the new API');
  });

  it('is exit 4 where the server refuses, and prints nothing', async () => {
    const { code, stdout, stderr } = await runKapi('events', {
      replies: [
        {
          request: `GET ${path}?limit=500`,
          reply: {
            status: 403,
            body: {
              ...{ kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Forbidden', code: 403 },
              message: 'events is forbidden: User "jane" cannot list resource "events"',
            },
          },
        },
      ],
    });
    expect([code, stdout]).toEqual([4, '']);
    expect(stderr).toContain('events is forbidden');
  });

  it('prints an empty list as JSON, and says so on stderr', async () => {
    const { stdout, stderr } = await runKapi('events -A -o json', {
      replies: [list([], 'limit=500', '/api/v1/events')],
    });
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'List', items: [] });
    expect(stderr).toBe('No events found.\n');
  });

  it.each([
    ['events pod/web', '--for pod/web'],
    ['events web', '--for TYPE/NAME'],
    ['events --for pod', 'resource/name'],
    ['events --for pod/', 'resource'],
    ['events --for a/b/c', 'slash'],
    ['events --for pods,deploy/web', 'single resource'],
    ['events --types Error', 'Normal or Warning'],
    ['events --chunk-size x', 'whole number'],
    ['events -o nothing', 'nothing'],
  ])('%s is exit 2', async (line, words) => {
    const { code, stdout, stderr } = await runKapi(line);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
  });
});

describe('kapi events -w', () => {
  it('says that it waits if there are no events yet', async () => {
    const path = '/api/v1/events';
    const stop = new AbortController();
    const noChanges = (async function* (): AsyncGenerator<string> {
      await new Promise(() => undefined);
      yield '';
    })();
    void whenIdle().then(() => {
      stop.abort(new Interrupted('SIGINT'));
    });
    const { stdout, stderr, code } = await runKapi('events -A -w', {
      ...{ signal: stop.signal, time: frozenTime() },
      replies: [
        list([], 'limit=500', path),
        {
          request: `GET ${path}?resourceVersion=9&watch=true&allowWatchBookmarks=true`,
          reply: { body: noChanges },
        },
      ],
    });
    expect([code, stdout]).toEqual([130, '']);
    expect(stderr).toBe('No events found.\nnote: kapi waits for new events; Ctrl-C ends it\n');
  });

  it('prints what exists in order of time, then new and repeated events, and no deletions', async () => {
    const line = (type: string, object: object): string =>
      `${JSON.stringify({ type, object: { apiVersion: 'v1', kind: 'Event', ...object } })}\n`;
    const at = (name: string, seconds: number, rv: string): object => {
      const made = event({ name, lastSeen: `2026-01-02T03:09:${seconds}Z` }) as { readonly metadata: object };
      return { ...made, metadata: { ...made.metadata, uid: name, resourceVersion: rv } };
    };
    const stop = new AbortController();
    const changes = (async function* (): AsyncGenerator<string> {
      yield line('ADDED', at('new', 50, '11'));
      yield line('DELETED', at('late', 40, '12'));
      yield line('MODIFIED', { ...at('early', 55, '13'), count: 4 });
      await new Promise(() => undefined);
    })();
    void whenIdle().then(() => {
      stop.abort(new Interrupted('SIGINT'));
    });
    const { stdout, code } = await runKapi('events -w', {
      now,
      ...{ signal: stop.signal, time: frozenTime() },
      replies: [
        list([at('late', 40, '5'), at('early', 30, '4')]),
        {
          request: `GET ${path}?resourceVersion=9&watch=true&allowWatchBookmarks=true`,
          reply: { body: changes },
        },
      ],
    });
    expect(code).toBe(130);
    expect(stdout.split('\n').flatMap((row) => /\S+$/.exec(row)?.[0] ?? [])).toEqual([
      ...['MESSAGE', 'early', 'late', 'new', 'early'],
    ]);
    const [header = '', ...rows] = stdout.trimEnd().split('\n');
    for (const row of rows) expect(row.indexOf('Pod/web')).toBe(header.indexOf('OBJECT'));
  });
});

// kapi history over a scripted server: how it finds the floor, what it prints, and what it says of
// the limits.
import { describe, expect, it } from 'vitest';
import '../../src/commands/diff/run.ts';
import '../../src/commands/history/run.ts';
import '../../src/output/event-documents.ts';
import '../../src/output/history-table.ts';
import { ConnectionError } from '../../src/errors.ts';
import type { Exchange } from '../scripted-send.ts';
import { runKapi } from './run-kapi.ts';

const path = '/api/v1/namespaces/default/configmaps';
const byName = 'fieldSelector=metadata.name%3Dsettings';
const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases';
const now = new Date('2026-11-30T03:30:00Z');

function configMap(
  rv: number,
  a: string | undefined,
  managers: readonly (readonly [string, string])[],
): object {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'settings',
      namespace: 'default',
      uid: 'u1',
      resourceVersion: String(rv),
      creationTimestamp: '2026-11-30T03:21:13Z',
      managedFields: managers.map(([manager, time]) => ({
        manager,
        operation: 'Update',
        apiVersion: 'v1',
        time,
      })),
    },
    ...(a === undefined ? {} : { data: { a } }),
  };
}

const create = ['kubectl-create', '2026-11-30T03:21:13Z'] as const;
const patch = (time: string): readonly [string, string] => ['kubectl-patch', time];
const line = (type: string, object: object): string => `${JSON.stringify({ type, object })}\n`;
const past = [
  line('ADDED', configMap(230, '1', [create])),
  line('MODIFIED', configMap(231, '2', [create, patch('2026-11-30T03:21:15Z')])),
  line('DELETED', configMap(240, '2', [create, patch('2026-11-30T03:21:15Z')])),
].join('');

const expired = (message: string): string =>
  line('ERROR', {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    message,
    reason: 'Expired',
    code: 410,
  });

const watch = (rv: string | number, body: string, at = `${path}?${byName}&`): Exchange => ({
  request: `GET ${at}resourceVersion=${rv}&watch=true&allowWatchBookmarks=true&timeoutSeconds=1`,
  reply: { body },
});

/** The same watch when it waits for a bookmark, because the end is known. */
const replay = (...given: Parameters<typeof watch>): Exchange => {
  const { request, ...exchange } = watch(...given);
  return { ...exchange, request: request.replace(/timeoutSeconds=1$/, 'timeoutSeconds=3') };
};

function list(query: string, items: readonly object[], rv = 300): Exchange {
  return {
    request: `GET ${path}?${query}`,
    reply: {
      body: { apiVersion: 'v1', kind: 'ConfigMapList', metadata: { resourceVersion: String(rv) }, items },
    },
  };
}

function lease(rv: number, time: string): object {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name: 'apiserver-x',
      namespace: 'kube-system',
      resourceVersion: String(rv),
      labels: { 'apiserver.kubernetes.io/identity': 'kube-apiserver' },
      managedFields: [{ manager: 'kube-apiserver', time }],
    },
    spec: { holderIdentity: 'apiserver-x_1' },
  };
}

const leaseClock: readonly Exchange[] = [
  {
    request: `GET ${leases}?limit=500`,
    reply: {
      body: {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'LeaseList',
        metadata: { resourceVersion: '300' },
        items: [],
      },
    },
  },
  watch(1, expired('too old resource version: 1 (220)'), `${leases}?`),
  watch(
    220,
    [
      line('MODIFIED', lease(229, '2026-11-30T03:21:00Z')),
      line('MODIFIED', lease(235, '2026-11-30T03:21:22Z')),
      line('MODIFIED', lease(245, '2026-11-30T03:21:32Z')),
    ].join(''),
    `${leases}?`,
  ),
];

const noLeases: readonly Exchange[] = [
  { request: `GET ${leases}?limit=500`, reply: { status: 403, body: {} } },
  { ...watch(1, '', `${leases}?`), reply: { status: 403, body: {} } },
];

const told: readonly Exchange[] = [
  list(`${byName}&limit=1`, []),
  watch(1, expired('too old resource version: 1 (229)')),
  list(`${byName}&resourceVersion=229&resourceVersionMatch=Exact&limit=500`, [], 229),
  replay(229, past),
  replay(240, ''),
];

describe('kapi history', () => {
  it('replays from the version that the refusal names, with managers, differences, and the bounds of a deletion', async () => {
    const run = await runKapi('history cm settings', { replies: [...told, ...leaseClock], now });
    expect(run.stdout).toBe(
      [
        'TIME                 EVENT      BY               CHANGE',
        '03:21:13             ADDED      kubectl-create',
        '03:21:15             MODIFIED   kubectl-patch    data.a: 1 -> 2',
        '03:21:22..03:21:32   DELETED',
        '',
      ].join('\n'),
    );
    expect(run.stderr).toContain('remembers changes of configmaps since 03:21:00 (resourceVersion 229)');
    expect(run.stderr).toContain('it is the only API server (apiserver-x)');
    expect(run.stderr).toContain('`kapi get configmaps settings -n default --at 239 -o yaml`');
    expect(run.code).toBe(0);
  });

  it('takes the shorter memory where two API servers behind one address take turns', async () => {
    const run = await runKapi('history cm settings -o ndjson', {
      replies: [
        list(`${byName}&limit=1`, []),
        watch(1, line('ADDED', lease(2, '2026-11-30T03:20:00Z'))),
        replay(1, expired('too old resource version: 1 (229)')),
        list(`${byName}&resourceVersion=229&resourceVersionMatch=Exact&limit=500`, [], 229),
        replay(229, past),
        replay(240, ''),
        ...noLeases,
      ],
      now,
    });
    expect(run.stdout.match(/"type":"(\w+)"/g)).toEqual([
      '"type":"ADDED"',
      '"type":"MODIFIED"',
      '"type":"DELETED"',
    ]);
    expect(run.stderr).toContain('(resourceVersion 229)');
    expect(run.stderr).toContain('an earlier response began before that: another replica remembers more');
    expect(run.code).toBe(0);
  });

  it('needs neither the list nor leases', async () => {
    const forbidden = { status: 403, body: {} };
    const run = await runKapi('history cm settings -o ndjson', {
      replies: [
        { request: `GET ${path}?${byName}&limit=1`, reply: forbidden },
        watch(1, expired('too old resource version: 1 (229)')),
        {
          request: `GET ${path}?${byName}&resourceVersion=229&resourceVersionMatch=Exact&limit=500`,
          reply: forbidden,
        },
        watch(229, past),
        watch(240, ''),
        ...noLeases,
      ],
      now,
    });
    const events = run.stdout
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(events.map(({ type, manager, time, notBefore }) => [type, manager, time, notBefore])).toEqual([
      ['ADDED', 'kubectl-create', '2026-11-30T03:21:13Z', undefined],
      ['MODIFIED', 'kubectl-patch', '2026-11-30T03:21:15Z', undefined],
      ['DELETED', undefined, undefined, '2026-11-30T03:21:15Z'],
    ]);
    expect(run.stderr).toContain('another replica can remember less');
  });

  describe('knows the end', () => {
    const bookmark = (rv: number): string =>
      line('BOOKMARK', { kind: 'ConfigMap', apiVersion: 'v1', metadata: { resourceVersion: String(rv) } });
    const start = [...told.slice(0, 3), ...noLeases];
    async function* waiting(...chunks: readonly string[]): AsyncGenerator<string> {
      yield* chunks;
      await new Promise(() => undefined);
    }
    const eventsOf = async (...replies: readonly Exchange[]): Promise<readonly unknown[]> => {
      const run = await runKapi('history cm settings -o ndjson', { replies: [...start, ...replies], now });
      expect(run.code).toBe(0);
      return run.stdout
        .trim()
        .split('\n')
        .map((text) => (JSON.parse(text) as { type: string }).type);
    };
    const all = ['ADDED', 'MODIFIED', 'DELETED'];

    it('by a bookmark of the newest version, on a watch that stays open', async () => {
      const body = waiting(past, bookmark(300));
      expect(await eventsOf({ ...replay(229, ''), reply: { body } })).toEqual(all);
    });

    it('by a watch that brings nothing, after a silence and a bookmark of an older version', async () => {
      const body = waiting(past, bookmark(250));
      expect(await eventsOf({ ...replay(229, ''), reply: { body } }, watch(250, ''))).toEqual(all);
    });

    it.each(['100', ''])(
      'and repeats and skips nothing after a bookmark of version "%s"',
      async (version) => {
        const metadata = { resourceVersion: version };
        const odd = line('BOOKMARK', { kind: 'ConfigMap', apiVersion: 'v1', metadata });
        const body = waiting(past + odd);
        expect(await eventsOf({ ...replay(229, ''), reply: { body } }, watch(240, ''))).toEqual(all);
      },
    );

    it('by a watch that brings nothing, where the first watch is silent from the start', async () => {
      const silent = { ...replay(229, ''), reply: { body: waiting() } };
      expect(await eventsOf(silent, watch(229, past), replay(240, ''))).toEqual(all);
    });
  });

  it('prints the changes before an answer that breaks off', async () => {
    const [added = '', ...rest] = past.split(/(?<=\n)/);
    const breaksWith = new ConnectionError('broke', { code: 'TruncatedBody' });
    const broken = { ...replay(229, ''), reply: { body: [added], breaksWith } };
    const run = await runKapi('history cm settings', {
      replies: [...told.slice(0, 3), broken, replay(230, rest.join('')), replay(240, ''), ...leaseClock],
      now,
    });
    expect(run.stdout.match(/ADDED|MODIFIED|DELETED/g)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
  });

  it('reads the states at the floor only until it keeps no more of them', async () => {
    const large = 'x'.repeat(9 * 1024 * 1024);
    const page = [configMap(201, large, [create]), configMap(202, large, [create])].map((object, index) => ({
      ...object,
      metadata: { name: `large-${index}`, namespace: 'default', resourceVersion: '201' },
    }));
    const anyName = `${path}?`;
    const base = (query: string, next: string): Exchange => ({
      request: `GET ${path}?${query}`,
      reply: {
        body: {
          ...{ apiVersion: 'v1', kind: 'ConfigMapList', items: page },
          metadata: { resourceVersion: '229', continue: next },
        },
      },
    });
    const run = await runKapi('history cm', {
      replies: [
        list('limit=1', []),
        watch(1, expired('too old resource version: 1 (229)'), anyName),
        base('resourceVersion=229&resourceVersionMatch=Exact&limit=500', 'second'),
        // One page is fetched ahead.
        base('limit=500&continue=second', 'third'),
        replay(229, past, anyName),
        replay(240, '', anyName),
        ...noLeases,
      ],
      now,
    });
    expect(run.stdout).toContain('DELETED');
    expect(run.code).toBe(0);
  });

  it('searches for the floor where the refusal does not name it, with a bounded number of requests', async () => {
    const replies = [
      list(`${byName}&limit=1`, [], 240),
      watch(1, expired('The resourceVersion for the provided watch is too old.')),
      ...noLeases,
      watch(120, expired('too old')),
      watch(180, expired('too old')),
      watch(210, expired('too old')),
      watch(225, expired('too old')),
      watch(232, past),
      watch(228, expired('too old')),
      watch(230, past),
      watch(229, past),
      list(`${byName}&resourceVersion=229&resourceVersionMatch=Exact&limit=500`, [], 229),
      replay(229, past),
    ];
    const run = await runKapi('history cm settings', { replies, now });
    expect(run.stderr).toContain('(resourceVersion 229)');
    expect(run.stdout).toContain('DELETED');
  });

  it('takes a change whose state before is compacted for a version that is too old', async () => {
    const tooOld = 'The resourceVersion for the provided watch is too old.';
    const lost = line('ERROR', {
      ...{ kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'InternalError', code: 500 },
      message:
        'Internal error occurred: etcd event received with PrevKv=nil (key="/registry/configmaps/default/settings", modRevision=231, type=PUT)',
    });
    const replies = [
      list(`${byName}&limit=1`, [], 240),
      watch(1, expired(tooOld)),
      ...noLeases,
      ...[120, 180, 210, 225].map((version) => watch(version, expired(tooOld))),
      watch(232, ''),
      watch(228, expired(tooOld)),
      watch(230, lost),
      watch(231, ''),
      list(`${byName}&resourceVersion=231&resourceVersionMatch=Exact&limit=500`, [], 231),
      replay(231, line('DELETED', configMap(240, '2', [create]))),
    ];
    const run = await runKapi('history cm settings', { replies, now });
    expect(run.code, run.stderr).toBe(0);
    expect(run.stderr).toContain('(resourceVersion 231)');
    expect(run.stdout).toContain('DELETED');
  });

  it('never shows the values of Secrets, only their lengths', async () => {
    const secret = (rv: number, value: string): object => ({
      ...configMap(rv, undefined, [create]),
      kind: 'Secret',
      data: { password: Buffer.from(value).toString('base64') },
    });
    const at = '/api/v1/namespaces/default/secrets';
    const item = {
      apiVersion: 'v1',
      kind: 'SecretList',
      metadata: { resourceVersion: '240' },
      items: [secret(231, 'hunter-four')],
    };
    const replies = (): Exchange[] => [
      { request: `GET ${at}?${byName}&limit=1`, reply: { body: item } },
      watch(1, line('ADDED', secret(230, 'abc')), `${at}?${byName}&`),
      replay(
        1,
        line('ADDED', secret(230, 'abc')) + line('MODIFIED', secret(231, 'hunter-four')),
        `${at}?${byName}&`,
      ),
      ...noLeases,
    ];
    const run = await runKapi('history secret settings', { replies: replies(), now });
    expect(run.stdout).toContain('data.password: 3 bytes -> 11 bytes');
    const json = await runKapi('history secret settings -o json', { replies: replies(), now });
    expect(json.stdout).toContain('11 bytes');
    const ofState = replies().slice(0, -noLeases.length);
    const past = await runKapi('history secret settings --at 231 -o json', { replies: ofState, now });
    expect(past.stdout).toContain('11 bytes');
    for (const { stdout } of [run, json, past]) expect(stdout).not.toMatch(/YWJj|aHVudGVy/);
  });

  it('never shows the values of Secrets in a difference of two versions', async () => {
    const path = '/api/v1/namespaces/default/secrets';
    const at = (rv: number, password: string): Exchange => {
      const secret = { ...configMap(rv, undefined, [create]), kind: 'Secret', data: { password } };
      return {
        request: `GET ${path}?${byName}&resourceVersion=${rv}&resourceVersionMatch=Exact`,
        reply: {
          body: {
            apiVersion: 'v1',
            kind: 'SecretList',
            metadata: { resourceVersion: '231' },
            items: [secret],
          },
        },
      };
    };
    const replies = [at(230, 'YWJj'), at(231, 'aHVudGVyMg==')];
    for (const format of ['', ' -o json', ' -o yaml', ' -o ndjson']) {
      const run = await runKapi(`diff secret settings --at 230 --at 231${format}`, { replies, now });
      expect(run.code, run.stderr).toBe(1);
      expect(run.stdout).toContain('settings');
      expect(run.stdout).not.toMatch(/YWJj|aHVudGVy/);
    }
  });

  describe('--where', () => {
    const changes = [
      line('MODIFIED', configMap(231, '2', [create, patch('2026-11-30T03:21:15Z')])),
      line('MODIFIED', configMap(232, '3', [create, patch('2026-11-30T03:21:16Z')])),
      line('MODIFIED', configMap(233, '4', [create, patch('2026-11-30T03:21:17Z')])),
      line('MODIFIED', configMap(234, undefined, [create, patch('2026-11-30T03:21:18Z')])),
      line('DELETED', configMap(240, undefined, [create, patch('2026-11-30T03:21:18Z')])),
    ].join('');
    const replies: readonly Exchange[] = [
      list(`${byName}&limit=1`, []),
      watch(1, expired('too old resource version: 1 (229)')),
      list(
        `${byName}&resourceVersion=229&resourceVersionMatch=Exact&limit=500`,
        [configMap(229, '1', [create])],
        229,
      ),
      replay(229, changes),
      replay(240, ''),
      ...leaseClock,
    ];

    it('shows the changes after which an object matches, and as LEFT the one after which it no longer does', async () => {
      const run = await runKapi(`history cm settings --where=object.data.a>"1"&&object.data.a<"4"`, {
        replies,
        now,
      });
      expect(run.stdout.split('\n').map((text) => text.replaceAll(/ +/g, ' '))).toEqual([
        'TIME EVENT BY CHANGE',
        '03:21:15 MODIFIED kubectl-patch data.a: 1 -> 2',
        '03:21:16 MODIFIED kubectl-patch data.a: 2 -> 3',
        '03:21:17 LEFT kubectl-patch data.a: 3 -> 4',
        '',
      ]);
      expect(run.stderr).toContain('note: 2 states do not match --where because a field is missing');
      expect(run.code).toBe(0);
    });

    it('knows from the state before the first change that an object has left', async () => {
      const run = await runKapi(`history cm settings -o ndjson --where=object.data.a=="1"`, { replies, now });
      expect(run.stdout.match(/"type":"(\w+)"/g)).toEqual(['"type":"LEFT"']);
      expect(run.stdout).toContain('"changes":[{"after":"2","before":"1","path":"data.a"}]');
      expect(
        (await runKapi(`history cm settings -o name --where=object.data.a=="1"`, { replies, now })).stdout,
      ).toBe('LEFT configmap/settings\n    data.a: 1 -> 2\n');
    });

    it('judges a deletion by the last state, and says that nothing matches', async () => {
      const gone = await runKapi('history cm settings --where=!has(object.data)', { replies, now });
      expect(gone.stdout).toMatch(/MODIFIED .* data: \{"a":"4"\} -> \n?[^]*DELETED/);
      const none = await runKapi('history cm settings --where=kind=="Pod"', { replies, now });
      expect(none.stdout).toBe('');
      expect(none.stderr).toContain('No change matches --where (5 were looked at)');
    });

    it('sends a name and a namespace to the server, and no node: a pod gets its node by a change', async () => {
      const where = `metadata.name=="p"&&metadata.namespace=="n"&&spec.nodeName=="x"`;
      const { stdout } = await runKapi(`history pods -A --curl --where=${where}`, { now });
      expect(stdout).toContain('/api/v1/namespaces/n/pods?fieldSelector=metadata.name%3Dp&');
      expect(stdout).not.toContain('nodeName');
    });

    it('points at what is wrong in the expression, and asks nothing', async () => {
      const run = await runKapi('history cm settings --where=data.a=', { now });
      expect([run.code, run.requests]).toEqual([2, []]);
    });
  });

  it('says how many servers answer under one address', async () => {
    const second = (rv: number): object => {
      const object = lease(rv, '2026-11-30T03:21:30Z') as { metadata: object };
      return {
        ...object,
        metadata: { ...object.metadata, name: 'apiserver-y' },
        spec: { holderIdentity: 'apiserver-y_2' },
      };
    };
    const replies = [
      ...told,
      leaseClock[0]!,
      leaseClock[1]!,
      watch(
        220,
        line('MODIFIED', second(230)) + line('MODIFIED', lease(235, '2026-11-30T03:21:22Z')),
        `${leases}?`,
      ),
    ];
    const { stderr } = await runKapi('history cm settings', { replies, now });
    expect(stderr).toContain(
      '2 API servers serve this cluster (apiserver-y_2, apiserver-x_1), and each remembers other changes',
    );
  });

  it('refuses types that cannot be watched, and values that are none', async () => {
    expect((await runKapi('history cm a --since soon')).code).toBe(2);
    expect((await runKapi('history cm a --at 0')).code).toBe(2);
    expect((await runKapi('history cm a --at 5 --since 1m')).code).toBe(2);
    expect((await runKapi('history cm a -A')).code).toBe(2);
  });

  it('--at of a version makes the object of the changes, as the bare object', async () => {
    const replies = told.map((exchange) => exchange);
    const run = await runKapi('history cm settings --at 230 -o json', { replies, now });
    expect(JSON.parse(run.stdout)).toMatchObject({ kind: 'ConfigMap', data: { a: '1' } });
    const gone = await runKapi('history cm settings --at 250', { replies, now });
    expect([gone.code, gone.stdout]).toEqual([4, '']);
    expect(gone.stderr).toContain('did not exist at resourceVersion 250');
    const future = await runKapi('history cm settings --at 999', { replies: replies.slice(0, 2), now });
    expect(future.code).toBe(2);
    const old = await runKapi('history cm settings --at 5', { replies: replies.slice(0, 2), now });
    expect(old.code).toBe(4);
    expect(old.stderr).toContain('it begins with 229');
  });

  it('--curl prints the whole procedure and asks nothing', async () => {
    const run = await runKapi('history cm settings --curl', { now });
    expect(run.stdout).toContain('floor=$(curl');
    expect(run.stdout).toContain(`resourceVersion='"\${floor:-1}"'`);
    expect(run.requests).toEqual([]);
  });
});

describe('--at of get and list', () => {
  const exact = (rv: number): string => `${byName}&resourceVersion=${rv}&resourceVersionMatch=Exact`;

  it('reads one past object, without a list, through a list of one', async () => {
    const run = await runKapi('get cm settings --at 231 -o json', {
      replies: [list(exact(231), [configMap(231, '2', [create])], 231)],
    });
    expect(JSON.parse(run.stdout)).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1', data: { a: '2' } });
    expect(run.code).toBe(0);
  });

  it('says that it did not exist', async () => {
    const run = await runKapi('get cm settings --at 200', { replies: [list(exact(200), [], 200)] });
    expect([run.code, run.stdout]).toEqual([4, '']);
    expect(run.stderr).toContain('configmaps "settings" did not exist at resourceVersion 200');
  });

  it('says that the store has removed the version, and never shows another one', async () => {
    const status = {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      message: 'too old',
      reason: 'Expired',
      code: 410,
    };
    const run = await runKapi('get cm settings --at 3', {
      replies: [{ request: `GET ${path}?${exact(3)}`, reply: { status: 410, body: status } }],
    });
    expect([run.code, run.stdout]).toEqual([4, '']);
    expect(run.stderr).toContain('kapi history configmaps settings --at 3');
  });

  it('says that a version does not exist yet, after one request', async () => {
    const message = 'Timeout: Too large resource version: 999, current: 416';
    const status = {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      message,
      reason: 'Timeout',
      code: 504,
    };
    const run = await runKapi('get cm settings --at 999', {
      replies: [{ request: `GET ${path}?${exact(999)}`, reply: { status: 504, body: status } }],
    });
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toContain('resourceVersion 999 does not exist yet: the newest one is 416');
  });

  it('lists past objects of a type', async () => {
    const run = await runKapi('list cm --at 231 -o name', {
      replies: [
        {
          request: `GET ${path}?resourceVersion=231&resourceVersionMatch=Exact&limit=1000&includeObject=None`,
          reply: {
            body: { kind: 'ConfigMapList', apiVersion: 'v1', metadata: {}, items: [configMap(231, '2', [])] },
          },
        },
      ],
    });
    expect(run.stdout).toBe('configmap/settings\n');
  });

  it('finds the version for a time among the changes, and says how exact it is', async () => {
    const run = await runKapi('get cm settings --at 8m44s -o json', {
      replies: [...told, ...leaseClock, list(exact(234), [configMap(231, '2', [create])], 234)],
      now,
    });
    // 03:21:16: after the patch of 03:21:15, before the lease of 03:21:22 at 235.
    expect(run.stderr).toContain('is resourceVersion 234');
    expect(run.stderr).toContain(
      'the last change with a known time before it was at 03:21:15, the next one at 03:21:22',
    );
    expect(JSON.parse(run.stdout)).toMatchObject({ data: { a: '2' } });
  });

  it('refuses a time before the history', async () => {
    const run = await runKapi('get cm settings --at 2h', { replies: [...told, ...leaseClock], now });
    expect(run.code).toBe(4);
    expect(run.stderr).toContain('does not remember');
  });

  it('is refused with paths and subresources', async () => {
    expect((await runKapi('get /api --at 5')).code).toBe(2);
    expect((await runKapi('get deploy web --subresource scale --at 5')).code).toBe(2);
  });
});

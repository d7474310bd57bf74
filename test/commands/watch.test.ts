// kapi watch with a scripted server: requests, output, end and exit codes.
import { describe, expect, it } from 'vitest';
import '../../src/commands/watch/goal.ts';
import '../../src/commands/watch/run.ts';
import { Interrupted } from '../../src/errors.ts';
import '../../src/output/event-documents.ts';
import '../../src/output/event-table.ts';
import type { Exchange, Reply } from '../scripted-send.ts';
import { frozenTime, virtualTime, whenIdle, type VirtualTime } from '../virtual-time.ts';
import { runKapi } from './run-kapi.ts';

const path = '/api/v1/namespaces/default/pods';

/** A body that sends nothing. */
async function* neverBody(): AsyncGenerator<string> {
  yield* [];
  await new Promise(() => undefined);
}

interface Thing {
  readonly name: string;
  readonly rv: number;
  readonly phase?: string;
  readonly ready?: boolean;
  readonly uid?: string;
}

function pod({ name, rv, phase = 'Running', ready = true, uid = `uid-${name}` }: Thing): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'default',
      uid,
      resourceVersion: String(rv),
      // The objects that -l app=x selects.
      labels: { app: 'x' },
      managedFields: [{ manager: 'x' }],
    },
    status: { phase, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  };
}

const columns = ['Name', 'Status'].map((name) => ({
  name,
  type: 'string',
  format: name === 'Name' ? 'name' : '',
}));

function tableOf(rv: number, ...things: readonly Thing[]): object {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion: String(rv) },
    columnDefinitions: columns,
    rows: things.map((thing) => ({ cells: [thing.name, thing.phase ?? 'Running'], object: pod(thing) })),
  };
}

const event = (type: string, object: object): string => `${JSON.stringify({ type, object })}\n`;
const rowEvent = (type: string, thing: Thing): string => event(type, tableOf(thing.rv, thing));

function open(...chunks: readonly string[]): Reply {
  async function* body(): AsyncGenerator<string> {
    yield* chunks;
    await new Promise(() => undefined);
  }
  return { body: body() };
}

/** Ctrl-C once everything is idle. */
function stopsSoon(name: 'SIGINT' | 'SIGTERM'): AbortSignal {
  const stop = new AbortController();
  void whenIdle().then(() => {
    stop.abort(new Interrupted(name));
  });
  return stop.signal;
}

interface Ask {
  readonly at?: string;
  /** Parameters before `limit`, without `includeObject`. */
  readonly parameters?: string;
  readonly includeObject?: string;
  /** `includeObject` of the watch, if it is not that of the list. */
  readonly inEvents?: string;
}

function list(body: object, { at = path, parameters = '', includeObject = '' }: Ask = {}): Exchange {
  return { request: `GET ${at}?${parameters}limit=500${includeObject}`, reply: { body } };
}

function watch(
  rv: number,
  reply: Reply,
  { at = path, parameters = '', includeObject, inEvents = includeObject ?? '&includeObject=None' }: Ask = {},
): Exchange {
  return {
    request: `GET ${at}?${parameters}resourceVersion=${rv}${inEvents}&watch=true&allowWatchBookmarks=true`,
    reply,
  };
}

const a: Thing = { name: 'a', rv: 1 };
const whole: Ask = { includeObject: '&includeObject=Object' };
const byName = 'fieldSelector=metadata.name%3Dweb&';
const named: Ask = { parameters: byName, inEvents: '' };
const wholeByName: Ask = { ...whole, parameters: byName };

describe('kapi watch', () => {
  it('prints the list and then the events', async () => {
    const run = await runKapi('watch pods --for-count 4', {
      replies: [
        list(tableOf(7, a)),
        watch(
          7,
          open(
            rowEvent('ADDED', { name: 'b', rv: 8, phase: 'Pending' }) +
              rowEvent('MODIFIED', { name: 'b', rv: 9 }),
            rowEvent('DELETED', { name: 'a', rv: 10 }),
          ),
        ),
      ],
    });
    expect(run).toMatchObject({
      code: 0,
      stderr: '',
      stdout:
        'EVENT      NAME   STATUS\nADDED      a      Running\nADDED      b      Pending\nMODIFIED   b      Running\nDELETED    a      Running\n',
    });
  });

  it('prints changes only with --watch-only', async () => {
    const run = await runKapi('watch pods --watch-only --for-count 1 --no-headers', {
      replies: [list(tableOf(7, a)), watch(7, open(rowEvent('ADDED', { name: 'b', rv: 8 })))],
    });
    expect(run).toMatchObject({ code: 0, stdout: 'ADDED      b     Running\n' });
  });

  it('reports reconnects on stderr and continues', async () => {
    const run = await runKapi('watch pods -o name --for-count 2', {
      replies: [
        list(tableOf(7, a)),
        watch(7, { body: '' }),
        watch(7, open(rowEvent('ADDED', { name: 'b', rv: 8 }))),
      ],
    });
    expect(run).toMatchObject({
      code: 0,
      stdout: 'ADDED pod/a\nADDED pod/b\n',
      stderr: 'watch of pods: the server closed the connection; continuing from resourceVersion 7 in 0.2 s\n',
    });
  });

  it('follows rows without metadata and compares them with a new list', async () => {
    const bare = (type: string, { name, rv, phase = 'Running' }: Thing): string =>
      event(type, {
        ...tableOf(rv),
        columnDefinitions: null,
        rows: [{ cells: [name, phase], object: null }],
      });
    const gone = {
      type: 'ERROR',
      object: { kind: 'Status', status: 'Failure', reason: 'Expired', code: 410 },
    };
    const run = await runKapi('watch pods --for-count 7', {
      time: virtualTime(),
      replies: [
        list(tableOf(7, a, { name: 'b', rv: 2 })),
        watch(7, {
          body: `${bare('MODIFIED', { ...a, rv: 8, phase: 'Failed' })}${bare('ADDED', { name: 'c', rv: 9 })}${JSON.stringify(gone)}\n`,
        }),
        // a was recreated, b is gone, c is unchanged, d is new.
        list(tableOf(20, { ...a, rv: 15, uid: 'other' }, { name: 'c', rv: 9 }, { name: 'd', rv: 16 })),
      ],
    });
    expect(run.stdout).toBe(
      'EVENT      NAME   STATUS\n' +
        'ADDED      a      Running\n' +
        'ADDED      b      Running\n' +
        'MODIFIED   a      Failed\n' +
        'ADDED      c      Running\n' +
        'DELETED    a      Failed\n' +
        'ADDED      a      Running\n' +
        'ADDED      d      Running\n',
    );
  });

  it('requests metadata if rows without it have no version', async () => {
    const silent = event('MODIFIED', { ...tableOf(8), metadata: {}, rows: [{ cells: ['a', 'Failed'] }] });
    const run = await runKapi('watch pods --for-count 2', {
      time: virtualTime(),
      replies: [
        list(tableOf(7, a)),
        watch(7, { body: silent }),
        watch(7, open(rowEvent('MODIFIED', { ...a, rv: 8, phase: 'Failed' })), { inEvents: '' }),
      ],
    });
    expect(run).toMatchObject({ code: 0 });
    expect(run.stdout).toContain('MODIFIED   a      Failed\n');
  });

  it('requests whole objects if the format needs them', async () => {
    const items = { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '7' }, items: [pod(a)] };
    const run = await runKapi('watch pods -o ndjson --for-count 2', {
      replies: [list(items), watch(7, open(event('DELETED', pod({ ...a, rv: 8 }))), { inEvents: '' })],
    });
    const lines = run.stdout
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(lines).toMatchObject([
      { type: 'ADDED', object: { kind: 'Pod', metadata: { name: 'a', resourceVersion: '1' } } },
      { type: 'DELETED', object: { metadata: { name: 'a', resourceVersion: '8' } } },
    ]);
    expect(run.stdout).not.toContain('managedFields');
  });

  it('shows the fields that changed', async () => {
    const run = await runKapi('watch pods --diff --for-count 2', {
      replies: [
        list(tableOf(7, { ...a, phase: 'Pending', ready: false }), whole),
        watch(7, open(rowEvent('MODIFIED', { ...a, rv: 8 })), whole),
      ],
    });
    expect(run.stdout).toBe(`EVENT      NAME   STATUS
ADDED      a      Pending
MODIFIED   a      Running
    status.phase: Pending -> Running
    status.conditions[Ready].status: False -> True
`);
  });

  it('watches several types, one connection each', async () => {
    const services = '/api/v1/namespaces/default/services';
    const run = await runKapi('watch pods,svc --for-count 3 --no-headers', {
      replies: [
        list(tableOf(7, a)),
        list(tableOf(8, { name: 's', rv: 2 }), { at: services }),
        watch(7, open()),
        watch(8, open(rowEvent('DELETED', { name: 's', rv: 9 })), { at: services }),
      ],
    });
    expect(run).toMatchObject({
      code: 0,
      stdout: 'ADDED      pod/a   Running\nADDED      service/s   Running\nDELETED    service/s   Running\n',
    });
  });

  it('continues without a refused type, and says so', async () => {
    const forbidden = {
      kind: 'Status',
      status: 'Failure',
      reason: 'Forbidden',
      code: 403,
      message: 'no secrets',
    };
    const run = await runKapi('watch secrets,pods --for-count 1 --no-headers', {
      replies: [
        {
          request: 'GET /api/v1/namespaces/default/secrets?limit=500',
          reply: { status: 403, body: forbidden },
        },
        list(tableOf(7, a)),
      ],
    });
    expect(run).toMatchObject({
      code: 0,
      stdout: 'ADDED      pod/a   Running\n',
      stderr: 'Warning: secrets cannot be watched: Error from server (Forbidden): no secrets\n',
    });
  });

  it.each(['get pods -w', 'list po --watch', 'get pods --output-watch-events -w', 'watch pods -w'])(
    'is the same as %s',
    async (line) => {
      const run = await runKapi(`${line} -o name`, {
        replies: [list(tableOf(7, a)), watch(7, open())],
        signal: stopsSoon('SIGINT'),
        time: frozenTime(),
      });
      expect(run).toMatchObject({ code: 130, stdout: 'ADDED pod/a\n' });
    },
  );

  it('is the same as get --watch-only, without the list', async () => {
    const run = await runKapi('get pods --watch-only -o name', {
      replies: [list(tableOf(7, a)), watch(7, open(rowEvent('DELETED', { ...a, rv: 8 })))],
      signal: stopsSoon('SIGINT'),
      time: frozenTime(),
    });
    expect(run).toMatchObject({ code: 130, stdout: 'DELETED pod/a\n' });
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends on %s with %i and without a message', async (name, code) => {
    const run = await runKapi('watch pods -o name', {
      replies: [list(tableOf(7, a)), watch(7, open())],
      signal: stopsSoon(name),
      time: frozenTime(),
    });
    expect(run).toMatchObject({ code, stdout: 'ADDED pod/a\n', stderr: '' });
  });

  it('ends silently with 0 when its reader is gone', async () => {
    const run = await runKapi('watch pods', {
      replies: [list(tableOf(7, a)), watch(7, open(rowEvent('ADDED', { name: 'b', rv: 8 })))],
      closeAfterWrites: 1,
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
  });

  it('says that nothing was found yet', async () => {
    const run = await runKapi('watch pods --timeout 1s', { replies: [list(tableOf(7)), watch(7, open())] });
    expect(run).toMatchObject({ code: 0, stdout: '', stderr: 'No resources found in default namespace.\n' });
  });

  it('says that a named object does not exist yet', async () => {
    const run = await runKapi('watch pod web --timeout 1s', {
      replies: [list(tableOf(7), named), watch(7, open(), { parameters: byName })],
    });
    expect(run).toMatchObject({ code: 0, stderr: 'pods "web" is not there yet\n' });
  });

  it('warns about a template for lists', async () => {
    const items = { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '7' }, items: [pod(a)] };
    const run = await runKapi(
      ['watch', 'pods', '-o', 'jsonpath={.items[*].metadata.name}', '--timeout', '0'],
      {
        replies: [list(items)],
      },
    );
    expect(run.stderr).toBe(
      'Warning: in a watch the template is given one object after the other, not a list: leave .items out\n',
    );
  });
});

describe('Secrets', () => {
  const secrets = '/api/v1/namespaces/default/secrets';
  const value = (text: string): string => Buffer.from(text).toString('base64');
  const secret = (rv: number, data: object, annotations?: object): object => ({
    ...{ apiVersion: 'v1', kind: 'Secret', type: 'Opaque' },
    metadata: { name: 's', namespace: 'default', uid: 'u', resourceVersion: String(rv), annotations },
    data,
  });
  const table = (rv: number, object: object): object => ({
    ...tableOf(rv),
    rows: [{ cells: ['s', 'Opaque'], object }],
  });
  const copy = (text: string): object => ({
    'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ data: { pw: value(text) } }),
    'objectset.rio.cattle.io/applied': `copy of ${value(text)}`,
  });
  const before = secret(1, { pw: value('hunter2'), old: value('hunter0') }, copy('hunter2'));
  const after = secret(8, { pw: value('hunter3'), 'new.key': value('hunter4') }, copy('hunter3'));
  const first = secret(9, { pw: value('hunter3') });
  const replies = (one: object, other: object): Exchange[] => [
    list(table(7, one), { at: secrets, ...whole }),
    watch(7, open(event('MODIFIED', table(8, other))), { at: secrets, ...whole }),
  ];

  it.each([
    ['values that changed', before, after],
    ['all values at once', { ...before, data: undefined }, after],
    ['no values any more', after, { ...first, data: undefined }],
  ])('show with --diff which keys changed, not their values: %s', async (_, one, other) => {
    const run = await runKapi('watch secrets --diff --for-count 2', { replies: replies(one, other) });
    expect(run.stdout).toContain('(hidden, --show-secrets shows it)');
    for (const text of ['hunter0', 'hunter2', 'hunter3', 'hunter4']) {
      expect(run.stdout).not.toContain(value(text).slice(0, 8));
    }
    expect(run.stdout).toMatch(/data\.pw: (changed|added|removed) /);
  });

  it('names the keys', async () => {
    const run = await runKapi('watch secrets --diff --for-count 2', { replies: replies(before, after) });
    const hidden = '(hidden, --show-secrets shows it)';
    expect(run.stdout.split('\n').slice(3, -1)).toEqual([
      `    metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"]: changed ${hidden}`,
      `    metadata.annotations["objectset.rio.cattle.io/applied"]: changed ${hidden}`,
      `    data.pw: changed ${hidden}`,
      `    data["new.key"]: added ${hidden}`,
      `    data.old: removed ${hidden}`,
    ]);
  });

  it('show their values with --show-secrets', async () => {
    const run = await runKapi('watch secrets --diff --show-secrets --for-count 2', {
      replies: replies(before, after),
    });
    expect(run.stdout).toContain(`data.pw: ${value('hunter2')} -> ${value('hunter3')}`);
  });
});

describe('objects that leave a selection', () => {
  const selector = 'labelSelector=app%3Dx&';
  const ask: Ask = { parameters: selector, inEvents: '' };
  const one: Thing = { name: 'a', rv: 1 };
  const getOf = (reply: Reply): Exchange => ({ request: `GET ${path}/a`, reply });
  const notFound: Reply = {
    status: 404,
    body: {
      ...{ kind: 'Status', status: 'Failure', reason: 'NotFound', code: 404, message: 'no' },
      details: { name: 'a', kind: 'pods' },
    },
  };
  const forbidden: Reply = {
    status: 403,
    body: { kind: 'Status', status: 'Failure', reason: 'Forbidden', code: 403, message: 'no' },
  };
  const there = (uid = 'uid-a'): Reply => ({ body: tableOf(8, { ...one, rv: 8, uid }) });

  it.each([
    ['exists', there(), 'LEFT'],
    ['is gone', notFound, 'DELETED'],
    ['was made anew', there('other'), 'DELETED'],
    ['cannot be read', forbidden, 'LEFT'],
  ])('are looked up by name and UID: one that %s', async (_, reply, word) => {
    const run = await runKapi('watch pods -l app=x --for-count 2 -o name', {
      replies: [
        list(tableOf(7, one), ask),
        watch(7, open(rowEvent('DELETED', { ...one, rv: 8 })), ask),
        getOf(reply),
      ],
    });
    expect(run).toMatchObject({ code: 0, stdout: `ADDED pod/a\n${word} pod/a\n` });
  });

  it('keep the event type of the server in ndjson', async () => {
    const items = {
      kind: 'PodList',
      apiVersion: 'v1',
      metadata: { resourceVersion: '7' },
      items: [pod(one)],
    };
    const run = await runKapi('watch pods -l app=x --for-count 2 -o ndjson', {
      replies: [
        list(items, ask),
        watch(7, open(event('DELETED', pod({ ...one, rv: 8 }))), ask),
        getOf(there()),
      ],
    });
    expect(run.stdout.split('\n')[1]).toMatch(/^\{"type":"DELETED"/);
  });

  it('are not looked up if the selector is a name, which cannot change', async () => {
    const byField: Ask = { parameters: 'fieldSelector=metadata.name%3Da&', inEvents: '' };
    const run = await runKapi('watch pods --field-selector metadata.name=a --for-count 2 -o name', {
      replies: [
        list(tableOf(7, one), byField),
        watch(7, open(rowEvent('DELETED', { ...one, rv: 8 })), byField),
      ],
    });
    expect(run.stdout).toBe('ADDED pod/a\nDELETED pod/a\n');
  });

  const named = 'fieldSelector=metadata.name%3Da&';
  const followed = (body: object, reply: Reply): Exchange[] => [
    list(body, { parameters: named, inEvents: '' }),
    watch(9, reply, { parameters: named, inEvents: '' }),
  ];
  const leaves = (): Exchange[] => [
    list(tableOf(7, one), ask),
    watch(7, open(rowEvent('DELETED', { ...one, rv: 8 })), ask),
    getOf(there()),
  ];

  it('do not count as deleted: --until delete continues with their name', async () => {
    const run = await runKapi('watch pods -l app=x --until delete -o name --timeout 5s', {
      replies: [...leaves(), ...followed(tableOf(9, { ...one, rv: 8 }), open())],
      time: virtualTime(),
    });
    expect(run).toMatchObject({
      code: 1,
      stdout: 'ADDED pod/a\nLEFT pod/a\n',
      stderr: 'error: timed out waiting for the condition on pods/a\npods/a: it is still there\n',
    });
  });

  it.each([
    ['later', tableOf(9, { ...one, rv: 8 }), open(rowEvent('DELETED', { ...one, rv: 10 }))],
    ['before anybody looked', tableOf(9), open()],
    ['and made anew', tableOf(9, { ...one, rv: 9, uid: 'other' }), open()],
  ])('are gone when they are deleted %s', async (_, body, reply) => {
    const [first, second] = followed(body, reply);
    const isOpened = JSON.stringify(body).includes('"rows":[{') && !JSON.stringify(body).includes('other');
    const run = await runKapi('watch pods -l app=x --until delete -o name', {
      replies: [...leaves(), first, ...(isOpened ? [second] : [])].filter((one) => one !== undefined),
    });
    expect(run).toMatchObject({ code: 0, stderr: 'pod/a condition met\n' });
  });
});

describe('a time limit before the first response', () => {
  const silent: Exchange = { request: `GET ${path}?limit=500`, reply: { body: neverBody() } };
  const ask = [
    'watch pods --timeout 3s',
    'watch pods --timeout 3s -o name',
    'watch pods --timeout 3s --for-count 1',
  ];

  it.each(ask)('is not an answer: %s ends with 6', async (line) => {
    const run = await runKapi(line, { replies: [silent], time: virtualTime() });
    expect(run).toMatchObject({ code: 6, stdout: '' });
    expect(run.stderr.split('\n')[0]).toBe(
      'error: timed out after 3s: the server had not answered the list yet (pods)',
    );
  });

  it('nor with a goal', async () => {
    const run = await runKapi('watch pod web --timeout 3s --until delete --error-format json', {
      replies: [{ request: `GET ${path}?${byName}limit=500`, reply: { body: neverBody() } }],
      time: virtualTime(),
    });
    expect(run).toMatchObject({ code: 6, stdout: '' });
    expect(JSON.parse(run.stderr)).toMatchObject({ error: { code: 'NotAnswered', exitCode: 6 } });
  });
});

describe('--until', () => {
  const web = (more: Partial<Thing> = {}): Thing => ({ name: 'web', rv: 1, ...more });

  it.each([
    ['condition=Ready', 'MODIFIED', { ready: true }],
    ['condition=ready=true', 'MODIFIED', { ready: true }],
    ['jsonpath={.status.phase}=Succeeded', 'MODIFIED', { phase: 'Succeeded' }],
    ['jsonpath=.status.phase=Succeeded', 'MODIFIED', { phase: 'Succeeded' }],
    ['delete', 'DELETED', {}],
  ] as const)('%s ends with 0 when it is met', async (goal, type, more) => {
    const ask = goal === 'delete' ? named : wholeByName;
    const run = await runKapi(['watch', 'pod', 'web', '--until', goal, '-o', 'name', '--timeout', '60s'], {
      replies: [
        list(tableOf(7, web({ ready: false, phase: 'Pending' })), ask),
        watch(7, open(rowEvent(type, web({ rv: 8, ready: false, phase: 'Pending', ...more }))), ask),
      ],
    });
    expect(run).toMatchObject({
      code: 0,
      stdout: `ADDED pod/web\n${type} pod/web\n`,
      stderr: 'pod/web condition met\n',
    });
  });

  it.each(['condition=Ready', 'jsonpath={.status.phase}', 'create'])(
    '%s ends with the list if it is already met',
    async (goal) => {
      const run = await runKapi(['watch', 'pod', 'web', '--until', goal, '-o', 'name'], {
        replies: [list(tableOf(7, web()), goal === 'create' ? named : wholeByName)],
      });
      expect(run).toMatchObject({ code: 0, stdout: 'ADDED pod/web\n', stderr: 'pod/web condition met\n' });
    },
  );

  it('create waits for an object that does not exist', async () => {
    const run = await runKapi('watch pod web --until create -o name', {
      replies: [list(tableOf(7), named), watch(7, open(rowEvent('ADDED', web({ rv: 8 }))), named)],
    });
    expect(run).toMatchObject({
      code: 0,
      stdout: 'ADDED pod/web\n',
      stderr: 'pods "web" is not there yet\npod/web condition met\n',
    });
  });

  it('delete is met if the object does not exist', async () => {
    const run = await runKapi('watch pod web --until delete', { replies: [list(tableOf(7), named)] });
    expect(run).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  it('delete does not mistake a recreated object for the old one', async () => {
    const run = await runKapi('watch pod web --until delete -o name', {
      replies: [
        list(tableOf(7, web()), named),
        watch(
          7,
          { status: 410, body: { kind: 'Status', status: 'Failure', code: 410, reason: 'Expired' } },
          named,
        ),
        list(tableOf(9, web({ rv: 8, uid: 'other' })), named),
      ],
    });
    expect(run).toMatchObject({ code: 0, stdout: 'ADDED pod/web\nDELETED pod/web\n' });
  });

  it('waits for all watched objects', async () => {
    const two = [web({ ready: false }), { name: 'api', rv: 2, ready: false }] as const;
    const run = await runKapi('watch pods --until condition=Ready -o name', {
      replies: [
        list(tableOf(7, ...two), whole),
        watch(
          7,
          open(
            rowEvent('MODIFIED', web({ rv: 8 })),
            rowEvent('MODIFIED', { name: 'api', rv: 9, ready: true }),
            rowEvent('MODIFIED', web({ rv: 10, ready: false })),
          ),
          whole,
        ),
      ],
    });
    expect(run).toMatchObject({ code: 0, stderr: 'pod/web condition met\npod/api condition met\n' });
    expect(run.stdout.trimEnd().split('\n')).toHaveLength(4);
  });

  it('ends with 1 after the time limit, and names what is missing', async () => {
    const run = await runKapi('watch pods --until condition=Ready --timeout 10s -o name', {
      replies: [
        list(tableOf(7, web(), { name: 'api', rv: 2, ready: false }), whole),
        watch(7, open(), whole),
      ],
    });
    expect(run).toMatchObject({
      code: 1,
      stderr: 'error: timed out waiting for the condition on pods/api\npods/api: Ready is False\n',
    });
  });

  it('ends with 1 if there was never an object', async () => {
    const run = await runKapi('watch pods --until condition=Ready --timeout 1s -o name', {
      replies: [list(tableOf(7), whole), watch(7, open(), whole)],
    });
    expect(run).toMatchObject({
      code: 1,
      stderr:
        'No resources found in default namespace.\nerror: timed out waiting for the condition: no matching object is there\n',
    });
  });

  it('names what is missing and the last observed value, as text and as fields', async () => {
    const replies = (): Exchange[] => [
      list(tableOf(7, web({ ready: false, phase: 'Pending' })), wholeByName),
      list(tableOf(7), { ...wholeByName, parameters: 'fieldSelector=metadata.name%3Dapi&' }),
      watch(7, open(), wholeByName),
      watch(7, open(), { ...wholeByName, parameters: 'fieldSelector=metadata.name%3Dapi&' }),
    ];
    const words = ['watch', 'pod', 'web', 'api', '-o', 'name', '--timeout', '5s'];
    const goals = ['--until', 'condition=Ready', '--until', 'jsonpath={.status.phase}=Running'];
    const time = (): VirtualTime => virtualTime();
    const text = await runKapi([...words, ...goals], { replies: replies(), time: time() });
    expect(text).toMatchObject({
      code: 1,
      stderr: `pods "api" is not there yet
error: timed out waiting for the condition on pods/web, pods/api
pods/web: condition=Ready: Ready is False
pods/web: jsonpath={.status.phase}=Running: value is Pending
pods/api: condition=Ready: it does not exist
pods/api: jsonpath={.status.phase}=Running: it does not exist
`,
    });
    const json = await runKapi([...words, ...goals, '--error-format', 'json'], {
      replies: replies(),
      time: time(),
    });
    expect(JSON.parse(json.stderr.split('\n')[1] ?? '')).toMatchObject({
      error: {
        code: 'NotReached',
        exitCode: 1,
        unmet: [
          {
            ...{ resource: 'pods', namespace: 'default', name: 'web' },
            goals: [
              { goal: 'condition=Ready', saw: 'Ready is False', condition: 'Ready', status: 'False' },
              { goal: 'jsonpath={.status.phase}=Running', saw: 'value is Pending', value: 'Pending' },
            ],
          },
          { name: 'api', goals: [{ saw: 'it does not exist', exists: false }, { exists: false }] },
        ],
      },
    });
  });

  it('--fail-on ends with 1 at once and explains why, before --until is checked', async () => {
    const line = 'watch pod web --until condition=Ready --fail-on condition=Ready -o name --timeout 60s';
    const run = await runKapi(line, { replies: [list(tableOf(7, web()), wholeByName)] });
    expect(run).toMatchObject({ code: 1, stderr: 'pod/web failed: condition Ready\n' });
    const json = await runKapi(`${line} --error-format json`, {
      replies: [list(tableOf(7, web()), wholeByName)],
    });
    expect(JSON.parse(json.stderr)).toMatchObject({
      error: { code: 'WaitFailed', failed: { resource: 'pods', name: 'web', goal: 'condition=Ready' } },
    });
  });

  it('--fail-on alone ends with 0 after the time limit', async () => {
    const run = await runKapi('watch pod web --fail-on delete -o name --timeout 5s', {
      replies: [list(tableOf(7, web()), named), watch(7, open(), named)],
      time: virtualTime(),
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
  });

  it.each(['--until rollout', '--fail-on rollout'])('%s is refused for pods', async (goal) => {
    const run = await runKapi(`watch pods ${goal}`);
    expect(run).toMatchObject({ code: 2 });
    expect(run.stderr).toContain('error: pods have no rollout\n');
  });

  it('checks once with --timeout 0', async () => {
    const run = await runKapi('watch pod web --until condition=Ready --timeout 0 -o name', {
      replies: [list(tableOf(7, web({ ready: false })), wholeByName)],
    });
    expect(run).toMatchObject({ code: 1, stdout: 'ADDED pod/web\n' });
  });

  it('ends with 1 after fewer events than --for-count', async () => {
    const run = await runKapi('watch pods --for-count 3 --timeout 1s -o name', {
      replies: [list(tableOf(7, a)), watch(7, open())],
    });
    expect(run).toMatchObject({ code: 1, stderr: 'error: timed out waiting for 3 events\n' });
  });

  it('ends with the refusal if one of the types is refused', async () => {
    const forbidden = { kind: 'Status', status: 'Failure', reason: 'Forbidden', code: 403, message: 'no' };
    const run = await runKapi('watch secrets,pods --until create', {
      replies: [
        {
          request: 'GET /api/v1/namespaces/default/secrets?limit=500',
          reply: { status: 403, body: forbidden },
        },
        list(tableOf(7, a)),
      ],
    });
    expect(run.code).toBe(4);
  });

  it('ends with 6 if the server stays unreachable', async () => {
    const away = Array.from({ length: 33 }, () => watch(7, { status: 503, body: 'no' }, whole));
    const run = await runKapi('watch pods --until condition=Nope -o name', {
      time: virtualTime(),
      replies: [list(tableOf(7, a), whole), ...away],
    });
    expect(run.code).toBe(6);
    expect(run.stderr).toContain('error: the watch of pods is lost: refused: ');
  });

  it.each([
    ['--until nope', 'unrecognized condition: "nope"'],
    ['--until condition=', 'unrecognized condition: "condition="'],
    ['--until create=x', 'unrecognized condition: "create=x"'],
    [
      '--until jsonpath={.a}=',
      "jsonpath wait has to have a value after equal sign, like --until 'jsonpath={.status.readyReplicas}=3'",
    ],
    ['--until jsonpath={.a', 'no jsonpath with a value: "{.a"'],
    ['--until jsonpath={.a[}=x', 'error parsing jsonpath {.a[}, unterminated array'],
    ['--until create --for-count 2', '--until and --for-count are two ends: name one of them'],
    ['--for-count 0', 'invalid value "0" of --for-count: it takes a number from 1 on'],
    ['--for-count x', 'invalid value "x" of --for-count: it takes a whole number'],
    ['--timeout soon', 'invalid value "soon" of --timeout: it takes a time such as 30s, 5m or 1h30m'],
    ['-o jsonpath={.a} --diff', '--diff has no place in the text of -o jsonpath'],
    ['web -l app=web', 'name cannot be provided when a selector is specified'],
    ['--sort-by .metadata.name', 'unknown flag: --sort-by'],
  ])('%s is a usage error', async (flags, message) => {
    const run = await runKapi(`watch pods ${flags}`);
    expect(run.code).toBe(2);
    expect(run.stderr.split('\n')[0]).toBe(`error: ${message}`);
  });
});

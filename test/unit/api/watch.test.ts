// The whole watch with a scripted server and a fake clock: its requests, its items, its end.
import { describe, expect, it } from 'vitest';
import { ConfigError, ConnectionError, Interrupted, KapiError, ServerError } from '../../../src/errors.ts';
import type { ListQuery } from '../../../src/api/object-request.ts';
import { watchType, type WatchItem, type WatchOptions } from '../../../src/api/watch.ts';
import { scriptedSend, type Exchange, type Reply } from '../../scripted-send.ts';
import { virtualTime, whenIdle, type VirtualTime } from '../../virtual-time.ts';
import { column, pods } from '../output/things.ts';

const path = '/api/v1/namespaces/dev/pods';
const query: ListQuery = { type: pods, namespace: 'dev', as: 'objects' };

const pod = (name: string, rv: number | string, more: object = {}): object => ({
  metadata: { name, namespace: 'dev', uid: `uid-${name}`, resourceVersion: String(rv) },
  ...more,
});

const event = (type: string, object: object): string => `${JSON.stringify({ type, object })}\n`;
const bookmark = (rv: number): string => event('BOOKMARK', { metadata: { resourceVersion: String(rv) } });

const expired = {
  kind: 'Status',
  status: 'Failure',
  reason: 'Expired',
  code: 410,
  message: 'too old resource version: 7 (9)',
};

function status(code: number, reason: string, headers: Record<string, string> = {}): Reply {
  return {
    status: code,
    headers,
    body: { kind: 'Status', status: 'Failure', reason, code, message: reason },
  };
}

/** A list in one page. */
function list(rv: number, ...items: readonly object[]): Exchange {
  return listPage('limit=500', rv, '', ...items);
}

function listPage(parameters: string, rv: number, token: string, ...items: readonly object[]): Exchange {
  const metadata = { resourceVersion: String(rv), continue: token };
  return {
    request: `GET ${path}${parameters === '' ? '' : `?${parameters}`}`,
    reply: { body: { kind: 'PodList', apiVersion: 'v1', metadata, items } },
  };
}

function watch(rv: number | string, reply: Reply | Error): Exchange {
  return { request: `GET ${path}?resourceVersion=${rv}&watch=true&allowWatchBookmarks=true`, reply };
}

/**
 * The check whether the store has the version, answered with its own version and its first object.
 */
function check(rv: number, listed: number | Reply = rv, ...items: readonly object[]): Exchange {
  const metadata = { resourceVersion: typeof listed === 'number' ? String(listed) : '' };
  const table = { kind: 'Table', metadata, rows: items.map((object) => ({ cells: [''], object })) };
  return {
    request: `GET ${path}?resourceVersion=${rv}&resourceVersionMatch=NotOlderThan&limit=1`,
    reply: typeof listed === 'number' ? { body: table } : listed,
  };
}

/** A body that never ends after its text. */
function open(...chunks: readonly (string | Uint8Array)[]): Reply {
  async function* body(): AsyncGenerator<string | Uint8Array> {
    yield* chunks;
    await new Promise(() => undefined);
  }
  return { body: body() };
}

const broken = (...chunks: readonly string[]): Reply => ({
  body: chunks,
  breaksWith: new ConnectionError('unexpected EOF', { code: 'TruncatedBody' }),
});

interface Told {
  /** `ADDED a 1`, `synced 1`, `bookmark 9`, and the text of notices. */
  readonly lines: readonly string[];
  readonly items: readonly WatchItem[];
  readonly thrown: unknown;
  readonly waits: readonly number[];
  readonly requests: readonly string[];
  readonly batches: number;
}

interface Run extends Partial<WatchOptions> {
  readonly query?: ListQuery;
  /** Stops after this number of lines. Default: runs until the watch throws. */
  readonly lines?: number;
  readonly time?: VirtualTime;
}

async function told(exchanges: readonly Exchange[], run: Run = {}): Promise<Told> {
  const time = run.time ?? virtualTime();
  const script = scriptedSend(exchanges, { order: 'strict' });
  const lines: string[] = [];
  const items: WatchItem[] = [];
  let thrown: unknown;
  let batches = 0;
  try {
    const batchesOf = watchType(script.send, run.query ?? query, {
      signal: new AbortController().signal,
      now: () => new Date('2026-01-01T00:00:00Z'),
      warn: (text) => lines.push(text),
      random: () => 0.5,
      ...time,
      ...run,
    });
    for await (const batch of batchesOf) {
      batches++;
      for (const item of batch) {
        items.push(item);
        const line = lineOf(item);
        if (line !== undefined) lines.push(line);
      }
      if (lines.length >= (run.lines ?? Infinity)) break;
    }
  } catch (error) {
    thrown = error;
  }
  script.verify();
  return { lines, items, thrown, waits: time.waits, requests: script.lines(), batches };
}

function lineOf(item: WatchItem): string | undefined {
  switch (item.kind) {
    case 'change':
      return `${item.change.change} ${item.change.name} ${item.change.resourceVersion}${item.initial ? ' initial' : ''}`;
    case 'synced':
      return `synced ${item.resourceVersion} ${item.count}`;
    case 'bookmark':
      return `bookmark ${item.resourceVersion}`;
    case 'notice':
      return item.text;
    case 'state':
      return undefined;
  }
}

const ofPods = 'watch of pods: ';

describe('a watch', () => {
  it('lists, reports that it is in sync, and follows', async () => {
    const run = await told(
      [
        list(7, pod('a', 1), pod('b', 2)),
        watch(7, open(event('MODIFIED', pod('a', 8)) + event('DELETED', pod('b', 9)), bookmark(12))),
      ],
      { lines: 6 },
    );
    expect(run.lines).toEqual([
      'ADDED a 1 initial',
      'ADDED b 2 initial',
      'synced 7 2',
      'MODIFIED a 8',
      'DELETED b 9',
      'bookmark 12',
    ]);
  });

  it('returns events that arrive in one piece as one batch', async () => {
    const burst = Array.from({ length: 500 }, (_, n) => event('ADDED', pod(`p${n}`, 8 + n))).join('');
    const run = await told([list(7), watch(7, open(burst))], { lines: 501 });
    expect(run.lines).toHaveLength(501);
    // State, synced, state, state, burst.
    expect(run.batches).toBeLessThanOrEqual(5);
  });

  it('reports its connection state', async () => {
    const run = await told([list(7), watch(7, { body: '' })], { lines: 2 });
    const phases = run.items.flatMap((item) => (item.kind === 'state' ? [item.state.phase] : []));
    expect(phases).toEqual(['listing', 'watching', 'watching', 'waiting']);
  });

  it('reads a list of several pages and follows from the version of its first page', async () => {
    const run = await told(
      [
        listPage('limit=500', 7, 'more', pod('a', 1)),
        listPage('limit=2000&continue=more', 7, '', pod('b', 2)),
        watch(7, open(event('ADDED', pod('c', 8)))),
      ],
      { lines: 4 },
    );
    expect(run.lines).toEqual(['ADDED a 1 initial', 'ADDED b 2 initial', 'synced 7 2', 'ADDED c 8']);
  });

  it('follows one object that does not exist yet', async () => {
    const parameters = 'fieldSelector=metadata.name%3Dweb';
    const run = await told(
      [
        listPage(`${parameters}&limit=500`, 7, ''),
        {
          request: `GET ${path}?${parameters}&resourceVersion=7&watch=true&allowWatchBookmarks=true`,
          reply: open(event('ADDED', pod('web', 8))),
        },
      ],
      { lines: 2, query: { ...query, name: 'web' } },
    );
    expect(run.lines).toEqual(['synced 7 0', 'ADDED web 8']);
  });

  it('reads rows with columns that come only once', async () => {
    const row = (name: string, rv: number, columns: unknown): object => ({
      kind: 'Table',
      metadata: { resourceVersion: String(rv) },
      columnDefinitions: columns,
      rows: [{ cells: [name], object: pod(name, rv) }],
    });
    const columns = [column('Name')];
    const run = await told(
      [
        { request: `GET ${path}?limit=500`, reply: { body: row('a', 7, columns) } },
        watch(7, open(event('MODIFIED', row('a', 8, columns)), event('MODIFIED', row('a', 9, null)))),
      ],
      { lines: 4, query: { ...query, as: 'table' } },
    );
    const entries = run.items.flatMap((item) => (item.kind === 'change' ? [item.change.entry] : []));
    const layouts = entries.map((entry) => (entry.kind === 'row' ? entry.columns : []));
    expect(layouts.map(({ length }) => length)).toEqual([1, 1, 1]);
    expect(layouts[2]).toBe(layouts[0]);
  });
});

describe('when the connection is lost', () => {
  it('resumes from the last event after a clean end', async () => {
    const run = await told(
      [
        list(7),
        watch(7, { body: [event('ADDED', pod('a', 8))] }),
        watch(8, open(event('MODIFIED', pod('a', 9)))),
      ],
      { lines: 4 },
    );
    expect(run.lines).toEqual([
      'synced 7 0',
      'ADDED a 8',
      `${ofPods}the server closed the connection; continuing from resourceVersion 8 in 0.2 s`,
      'MODIFIED a 9',
    ]);
  });

  it('resumes from a bookmark', async () => {
    const run = await told(
      [list(7), watch(7, { body: [bookmark(50)] }), watch(50, open(event('ADDED', pod('a', 51))))],
      {
        lines: 4,
      },
    );
    expect(run.requests.at(-1)).toContain('resourceVersion=50');
  });

  it('resumes after a break in the middle of a line, and reports it exactly once', async () => {
    const whole = event('ADDED', pod('b', 9));
    const run = await told(
      [
        list(7),
        watch(7, broken(event('ADDED', pod('a', 8)), whole.slice(0, 20))),
        watch(8, open(whole)),
        check(8, 9, pod('a', 8)),
      ],
      { lines: 4 },
    );
    expect(run.lines).toEqual([
      'synced 7 0',
      'ADDED a 8',
      `${ofPods}the connection broke; continuing from resourceVersion 8 in 0.2 s`,
      'ADDED b 9',
    ]);
  });

  it('treats a clean end in the middle of a line as a break', async () => {
    const run = await told(
      [
        list(7),
        watch(7, { body: '{"type":"ADDED","obj' }),
        watch(7, open(event('ADDED', pod('a', 8)))),
        check(7),
      ],
      { lines: 3 },
    );
    expect(run.lines[1]).toBe(
      `${ofPods}the connection broke in the middle of an event; continuing from resourceVersion 7 in 0.2 s`,
    );
  });

  it.each([
    ['<html>sign in</html>', 'a line that is not JSON (unexpected "<" at character 1)'],
    ['null null', 'a line that is not JSON (unexpected "n" at character 6)'],
    ['{"kind":"PodList","items":[]}', 'a line without type and object'],
  ])('does not call a last line cut off that is something else: %s', async (body, what) => {
    const run = await told([list(7), watch(7, { body }), watch(7, open(event('ADDED', pod('a', 8))))], {
      lines: 3,
    });
    expect(run.lines[1]).toContain('something unreadable came: ');
    expect(run.lines[1]).toContain(what);
  });

  it.each([
    ['that ends in good order', (text: string): Reply => ({ body: text })],
    ['that breaks', (text: string): Reply => broken(text)],
  ])('reads the last line of a stream %s as an event, with or without a line end', async (_, reply) => {
    const run = await told(
      [
        list(7),
        watch(7, reply(event('ADDED', pod('a', 8)) + event('ADDED', pod('b', 9)).trimEnd())),
        watch(9, open(bookmark(10))),
        check(9, 9, pod('a', 8)),
      ].slice(0, reply('').breaksWith === undefined ? 3 : 4),
      { lines: 5 },
    );
    expect(run.lines.slice(1, 3)).toEqual(['ADDED a 8', 'ADDED b 9']);
    expect(run.lines.at(-1)).toBe('bookmark 10');
  });

  it.each([
    ['410', expired],
    ['the reason Expired alone', { ...expired, code: 0 }],
    ['the reason Gone and another code', { ...expired, reason: 'Gone', code: 500 }],
  ])('reads an ERROR event with %s and without a line end', async (_, object) => {
    const run = await told(
      [
        list(7),
        watch(7, { body: event('ERROR', object).trimEnd() }),
        list(9, pod('a', 9)),
        watch(9, open(bookmark(10))),
      ],
      { lines: 5 },
    );
    expect(run.lines.slice(1)).toEqual([
      `${ofPods}the server has forgotten this moment (410); reading the list again`,
      'ADDED a 9',
      `${ofPods}the list was read again, with 1 change in the meantime`,
      'bookmark 10',
    ]);
  });

  it('skips events of unknown types, and reports it once', async () => {
    const ping = '{"type":"PING"}\n';
    const run = await told(
      [list(7), watch(7, open(ping + event('ADDED', pod('a', 8)) + ping, event('ADDED', pod('b', 9))))],
      { lines: 4 },
    );
    expect(run.lines).toEqual([
      'synced 7 0',
      `${ofPods}events of the unknown type "PING" are skipped`,
      'ADDED a 8',
      'ADDED b 9',
    ]);
  });

  it('reads characters that the network has cut in two', async () => {
    const bytes = Buffer.from(event('ADDED', pod('a', 8, { note: 'grüße 🎉' })));
    const chunks = [...bytes].map((byte) => Uint8Array.of(byte));
    const run = await told([list(7), watch(7, open(...chunks))], { lines: 2 });
    const change = run.items.find((item) => item.kind === 'change');
    expect(change?.kind === 'change' && change.change.entry).toMatchObject({ object: { note: 'grüße 🎉' } });
  });

  it('reads a line of 10 MB', async () => {
    const bytes = Buffer.from(event('ADDED', pod('a', 8, { note: 'x'.repeat(10_000_000) })));
    const chunks = Array.from({ length: 160 }, (_, n) => bytes.subarray(n * 65_536, (n + 1) * 65_536));
    const run = await told([list(7), watch(7, open(...chunks))], { lines: 2 });
    expect(run.lines[1]).toBe('ADDED a 8');
  });

  it('does not report again what a server repeats', async () => {
    const again = [event('ADDED', pod('a', 8)), event('MODIFIED', pod('a', 9))];
    const run = await told(
      [list(7), watch(7, { body: again }), watch(9, open(...again.slice(1), event('DELETED', pod('a', 10))))],
      { lines: 5 },
    );
    expect(run.lines.filter((line) => !line.startsWith('watch of'))).toEqual([
      'synced 7 0',
      'ADDED a 8',
      'MODIFIED a 9',
      'DELETED a 10',
    ]);
  });

  it('backs off when the server answers 200 and closes at once, and lists again after every third time', async () => {
    const closed = (): Exchange[] => Array.from({ length: 3 }, () => watch(7, { body: '' }));
    const run = await told(
      [list(7), ...closed(), list(7), ...closed(), list(9, pod('a', 8)), watch(9, open(bookmark(10)))],
      { lines: 6 },
    );
    expect(run.lines).toEqual([
      'synced 7 0',
      `${ofPods}the server closed the connection; continuing from resourceVersion 7 in 0.2 s`,
      `${ofPods}the list was read again, with 0 changes in the meantime`,
      'ADDED a 8',
      `${ofPods}the list was read again, with 1 change in the meantime`,
      'bookmark 10',
    ]);
    expect(run.waits.filter((ms) => ms < 30_000)).toEqual([188, 375, 750, 1_500, 3_000, 6_000]);
  });

  it('replaces a connection that had bookmarks and is silent for two and a half minutes', async () => {
    const run = await told(
      [list(7), watch(7, open(bookmark(8))), watch(8, open(event('ADDED', pod('b', 9)))), check(8)],
      { lines: 4 },
    );
    expect(run.lines.slice(2)).toEqual([
      `${ofPods}nothing came for too long, not even a bookmark; continuing from resourceVersion 8 in 0.2 s`,
      'ADDED b 9',
    ]);
    // The first timer fires when the response is due, the second when the whole limit has passed.
    expect(run.waits.slice(0, 2)).toEqual([30_000, 120_000]);
  });

  it('replaces it silently, without limit, if no bookmarks come and the server reports no change', async () => {
    const quiet = Array.from({ length: 10 }, () => [watch(7, open()), check(7)]);
    const run = await told(
      [
        ...[list(7), watch(7, open())],
        ...quiet.flat(),
        ...[watch(7, open(event('ADDED', pod('a', 8)))), check(7)],
      ],
      { lines: 2 },
    );
    expect(run.lines).toEqual(['synced 7 0', 'ADDED a 8']);
    // Each connection was healthy: the wait does not grow.
    expect(new Set(run.waits.filter((ms) => ms < 10_000))).toEqual(new Set([188]));
  });

  it('lists again after three silent ones if the server has moved on', async () => {
    const run = await told(
      [
        ...[list(7), watch(7, open())],
        ...[watch(7, open()), check(7, 20)],
        ...[watch(7, open()), check(7, 30)],
        ...[watch(7, open()), check(7, 31)],
        ...[list(31, pod('a', 15)), watch(31, open(bookmark(32)))],
      ],
      { lines: 4 },
    );
    expect(run.lines).toEqual([
      'synced 7 0',
      'ADDED a 15',
      `${ofPods}the list was read again, with 1 change in the meantime`,
      'bookmark 32',
    ]);
  });

  it('keeps a connection with bookmarks', async () => {
    const time = virtualTime();
    async function* body(): AsyncGenerator<string> {
      for (let rv = 8; rv < 13; rv++) {
        await time.sleep(100_000, new AbortController().signal);
        yield bookmark(rv);
      }
      await new Promise(() => undefined);
    }
    const run = await told([list(7), watch(7, { body: body() })], { lines: 6, time });
    expect(run.lines.slice(1)).toEqual([8, 9, 10, 11, 12].map((rv) => `bookmark ${rv}`));
  });

  it('does not count the time of its reader', async () => {
    const time = virtualTime();
    const { signal } = new AbortController();
    const script = scriptedSend([
      list(7),
      watch(7, open(event('ADDED', pod('a', 8)), event('ADDED', pod('b', 9)))),
    ]);
    const seen: string[] = [];
    for await (const batch of watchType(script.send, query, {
      ...{ signal, now: () => new Date(), warn: () => undefined, random: () => 0.5 },
      ...time,
    })) {
      seen.push(...batch.flatMap((item) => lineOf(item) ?? []));
      if (seen.at(-1) === 'ADDED a 8') await time.sleep(1_000_000, signal);
      if (seen.at(-1) === 'ADDED b 9') break;
    }
    expect(seen).toEqual(['synced 7 0', 'ADDED a 8', 'ADDED b 9']);
  });

  it('does not wait forever for the response to a watch', async () => {
    const script = scriptedSend([list(7), check(7), watch(7, open(event('ADDED', pod('a', 8))))]);
    let hung = false;
    const time = virtualTime();
    const lines: string[] = [];
    for await (const batch of watchType(
      async (request, options) => {
        if (!request.path.includes('watch') || hung) return script.send(request, options);
        hung = true;
        return new Promise((_, reject) => {
          options?.signal?.addEventListener('abort', () => reject(options.signal?.reason as Error));
        });
      },
      query,
      {
        ...{ signal: new AbortController().signal, now: () => new Date(), warn: () => undefined },
        ...{ random: () => 0.5, ...time },
      },
    )) {
      lines.push(...batch.flatMap((item) => lineOf(item) ?? []));
      if (lines.at(-1) === 'ADDED a 8') break;
    }
    expect(lines[1]).toBe(`${ofPods}the server does not answer; continuing from resourceVersion 7 in 0.2 s`);
    expect(time.waits).toContain(30_000);
  });

  it('reports when the connection is restored, if it took a while', async () => {
    const refusedConnection = new ConnectionError('connection refused', { code: 'ConnectionRefused' });
    const attempts = Array.from({ length: 4 }, () => watch(8, refusedConnection));
    const run = await told(
      [
        list(7),
        watch(7, broken(event('ADDED', pod('a', 8)))),
        ...attempts,
        watch(8, open(bookmark(9))),
        check(8, 8, pod('a', 8)),
      ],
      { lines: 6 },
    );
    expect(run.lines).toEqual([
      'synced 7 0',
      'ADDED a 8',
      `${ofPods}the connection broke; continuing from resourceVersion 8 in 0.2 s`,
      `${ofPods}the connection broke: connection refused; continuing from resourceVersion 8 in 0.4 s`,
      `${ofPods}connected again after 5 seconds`,
      'bookmark 9',
    ]);
  });
});

describe('when the version has expired', () => {
  const before = (): Exchange[] => [list(7, pod('same', 1), pod('changed', 2), pod('gone', 3))];
  const after = (): Exchange[] => [
    list(20, pod('changed', 15), pod('new', 16), pod('same', 1)),
    watch(20, open(event('MODIFIED', pod('new', 21)))),
  ];
  const difference = [
    'MODIFIED changed 15',
    'ADDED new 16',
    'DELETED gone 3',
    `${ofPods}the list was read again, with 3 changes in the meantime`,
    'MODIFIED new 21',
  ];

  it('lists again after 410 as a response and reports the differences as events', async () => {
    const run = await told([...before(), watch(7, { status: 410, body: expired }), ...after()], {
      lines: 10,
    });
    expect(run.lines.slice(4)).toEqual([
      `${ofPods}the server has forgotten this moment (410); reading the list again`,
      ...difference,
    ]);
  });

  it('does the same after 410 as an ERROR event', async () => {
    const run = await told([...before(), watch(7, { body: event('ERROR', expired) }), ...after()], {
      lines: 10,
    });
    expect(run.lines.slice(5)).toEqual(difference);
  });

  it('does the same after 504 of a store that has not reached the version', async () => {
    const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }];
    const tooLarge = { ...expired, reason: 'Timeout', code: 504, message: 'Too large', details: { causes } };
    const run = await told([...before(), watch(7, { status: 504, body: tooLarge }), ...after()], {
      lines: 10,
    });
    expect(run.lines.slice(5)).toEqual(difference);
  });

  it('skips bookmarks without a version, which bring nothing', async () => {
    const nothing = { body: event('BOOKMARK', { kind: 'Pod', metadata: {} }) };
    const run = await told(
      [
        list(7),
        watch(7, nothing),
        watch(7, nothing),
        watch(7, nothing),
        list(9, pod('a', 8)),
        watch(9, open(event('MODIFIED', pod('a', 10)))),
      ],
      { lines: 5 },
    );
    expect(run.lines).toContain('ADDED a 8');
    expect(run.lines.filter((line) => line.startsWith('bookmark'))).toEqual([]);
  });

  it('counts the events before the ERROR event of one piece', async () => {
    const piece = event('MODIFIED', pod('changed', 15)) + event('ERROR', expired) + 'and garbage\n';
    const run = await told([...before(), watch(7, { body: piece }), ...after()], { lines: 10 });
    expect(run.lines.slice(6)).toEqual([
      'ADDED new 16',
      'DELETED gone 3',
      `${ofPods}the list was read again, with 2 changes in the meantime`,
      'MODIFIED new 21',
    ]);
  });

  it('waits before the next list when 410 comes again and again', async () => {
    const run = await told(
      [
        list(7),
        ...[1, 2, 3].flatMap(() => [watch(7, { body: event('ERROR', expired) }), list(7)]),
        watch(7, open(bookmark(8))),
      ],
      { lines: 6 },
    );
    expect(run.waits.filter((ms) => ms < 30_000)).toEqual([375, 750]);
  });

  it('requests everything in one page when the list itself expires between two pages', async () => {
    const run = await told(
      [
        listPage('limit=500', 7, 'more', pod('a', 1)),
        {
          request: `GET ${path}?limit=2000&continue=more`,
          reply: {
            status: 410,
            // A token for a later version: a watch would miss the changes between the two.
            body: { ...expired, metadata: { continue: 'inconsistent' } },
          },
        },
        listPage('', 9, '', pod('a', 1), pod('b', 8)),
        watch(9, open(bookmark(10))),
      ],
      { lines: 5 },
    );
    expect(run.lines).toEqual([
      'ADDED a 1 initial',
      `${ofPods}the server has forgotten this moment (410); reading the list again`,
      'ADDED b 8 initial',
      'synced 9 2',
      'bookmark 10',
    ]);
  });

  it('waits and lists again when the second list fails too', async () => {
    const run = await told(
      [
        ...before(),
        watch(7, { status: 410, body: expired }),
        { request: `GET ${path}?limit=500`, reply: status(500, 'InternalError') },
        ...after(),
      ],
      { lines: 11 },
    );
    expect(run.lines.slice(6)).toEqual(difference);
  });
});

describe('when the server has another store', () => {
  const tooLarge: Reply = {
    status: 504,
    body: {
      ...{ kind: 'Status', status: 'Failure', reason: 'Timeout', code: 504 },
      message: 'Timeout: Too large resource version: 634, current: 300',
      details: { causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }] },
    },
  };
  const oldTooLarge: Reply = {
    status: 504,
    body: {
      ...{ kind: 'Status', status: 'Failure', reason: 'Timeout', code: 504 },
      message: 'Timeout: Too large resource version: 634, current: 300',
    },
  };
  const forbidden = status(403, 'Forbidden');
  const before = (): Exchange[] => [
    list(634, pod('a', 5), pod('b', 6)),
    watch(634, broken()),
    watch(634, open()),
  ];
  const again = (): Exchange[] => [
    list(300, pod('b', 6), pod('c', 290)),
    watch(300, open(event('MODIFIED', pod('c', 301)))),
  ];

  it.each([
    ['504 ResourceVersionTooLarge', check(634, tooLarge)],
    ['504 in the words of older servers', check(634, oldTooLarge)],
    ['a smaller version', check(634, 300)],
    ['an object that cannot have been missed', check(634, 700, pod('other', 600))],
    ['another state of an object that was told', check(634, 700, pod('a', 4))],
    ['nothing at the same version', check(634, 634)],
  ])('lists again after a lost connection when the check says %s', async (_, answer) => {
    const run = await told([...before(), answer, ...again()], { lines: 9 });
    expect(run.lines.slice(3)).toEqual([
      `${ofPods}the connection broke; continuing from resourceVersion 634 in 0.2 s`,
      `${ofPods}the server's store does not have resourceVersion 634, as after a restore; reading the list again`,
      'ADDED c 290',
      'DELETED a 5',
      `${ofPods}the list was read again, with 2 changes in the meantime`,
      'MODIFIED c 301',
    ]);
  });

  it.each([
    ['the same version and object', check(634, 634, pod('a', 5))],
    ['a later version and a later object', check(634, 700, pod('new', 690))],
    ['a version without an order', check(634, { body: { kind: 'Table', rows: [], metadata: {} } })],
    ['a refusal', check(634, forbidden)],
    ['something that is no list', check(634, { body: '<html>' })],
    ['503', check(634, status(503, 'ServiceUnavailable'))],
  ])('continues at its version when the check says %s', async (_, exchange) => {
    const run = await told(
      [...before().slice(0, 2), watch(634, open(event('MODIFIED', pod('a', 701)))), exchange],
      { lines: 5 },
    );
    expect(run.lines.at(-1)).toBe('MODIFIED a 701');
  });

  it('sends no check while it is healthy: a stream that the server ends is resumed without one', async () => {
    const run = await told(
      [
        list(7),
        watch(7, { body: [bookmark(8)] }),
        watch(8, { body: [event('ADDED', pod('a', 9))] }),
        watch(9, open(bookmark(10))),
      ],
      { lines: 6 },
    );
    expect(run.requests).toHaveLength(4);
  });
});

describe('a named object whose list is forbidden', () => {
  const byName = 'fieldSelector=metadata.name%3Dweb';
  const listOfOne = (reply: Reply): Exchange => ({ request: `GET ${path}?${byName}&limit=500`, reply });
  const watchOfOne = (reply: Reply): Exchange => ({
    request: `GET ${path}?${byName}&watch=true&allowWatchBookmarks=true`,
    reply,
  });
  const get = (reply: Reply): Exchange => ({ request: `GET ${path}/web`, reply });
  const there = (rv: number): Reply => ({ body: { kind: 'Pod', apiVersion: 'v1', ...pod('web', rv) } });
  const forbidden = listOfOne(status(403, 'Forbidden'));
  const missing = status(404, 'NotFound');
  const one: ListQuery = { ...query, name: 'web' };

  it('is read with get, once the watch is open, and followed', async () => {
    const run = await told(
      [
        ...[forbidden, get(there(5))],
        // The server begins with the existing objects.
        watchOfOne(open(event('ADDED', pod('web', 5)), event('MODIFIED', pod('web', 9)))),
        get(there(5)),
      ],
      { lines: 3, query: one },
    );
    expect(run.lines).toEqual(['ADDED web 5 initial', 'synced  1', 'MODIFIED web 9']);
  });

  it('can be missing at the start', async () => {
    const run = await told(
      [forbidden, get(missing), watchOfOne(open(event('ADDED', pod('web', 9)))), get(missing)],
      { lines: 2, query: one },
    );
    expect(run.lines).toEqual(['synced  0', 'ADDED web 9']);
  });

  it('is read again after the connection was lost: changes in between are reported', async () => {
    const run = await told(
      [
        ...[forbidden, get(there(5)), watchOfOne(broken()), get(there(5))],
        ...[watchOfOne(broken()), get(there(8)), watchOfOne(open()), get(missing)],
      ],
      { lines: 5, query: one },
    );
    expect(run.lines).toEqual([
      'ADDED web 5 initial',
      'synced  1',
      'watch of pods/web: the connection broke; watching again in 0.2 s',
      'MODIFIED web 8',
      'DELETED web 8',
    ]);
  });

  it.each([
    ['get', [forbidden, get(status(403, 'Forbidden'))]],
    ['watch', [forbidden, get(there(5)), watchOfOne(status(403, 'Forbidden'))]],
  ])('is refused when %s is forbidden too', async (_, exchanges) => {
    const run = await told(exchanges, { query: one });
    expect(run.thrown).toMatchObject({ exitCode: 4, code: 'Forbidden' });
  });
});

describe('a server that ignores the field selector', () => {
  it('shows only the object with the name', async () => {
    const parameters = 'fieldSelector=metadata.name%3Dweb';
    const run = await told(
      [
        listPage(`${parameters}&limit=500`, 7, '', pod('a', 1), pod('web', 2), pod('z', 3)),
        {
          request: `GET ${path}?${parameters}&resourceVersion=7&watch=true&allowWatchBookmarks=true`,
          reply: open(
            event('MODIFIED', pod('a', 8)),
            event('DELETED', pod('z', 9)),
            event('MODIFIED', pod('web', 10)),
          ),
        },
      ],
      { lines: 3, query: { ...query, name: 'web' } },
    );
    expect(run.lines).toEqual(['ADDED web 2 initial', 'synced 7 1', 'MODIFIED web 10']);
  });
});

describe('when the server refuses', () => {
  it.each([
    [401, 'Unauthorized', 4],
    [403, 'Forbidden', 4],
    [404, 'NotFound', 4],
    [500, 'InternalError', 5],
    [503, 'ServiceUnavailable', 5],
  ])('the first list with %i, the refusal is final', async (code, reason, exitCode) => {
    const run = await told([{ request: `GET ${path}?limit=500`, reply: status(code, reason) }]);
    expect(run.thrown).toMatchObject({ exitCode, code: reason });
    expect(run.lines).toEqual([]);
  });

  it('the first watch with 403, the refusal is final too', async () => {
    const run = await told([list(7, pod('a', 1)), watch(7, status(403, 'Forbidden'))]);
    expect(run.thrown).toMatchObject({ exitCode: 4, code: 'Forbidden' });
    expect(run.lines).toEqual(['ADDED a 1 initial', 'synced 7 1']);
  });

  it.each([
    [401, 'Unauthorized'],
    [403, 'Forbidden'],
  ])('with %i for a moment, continues at its version', async (code, reason) => {
    const run = await told(
      [
        list(7),
        watch(7, { body: [bookmark(8)] }),
        watch(8, status(code, reason)),
        watch(8, open(event('ADDED', pod('a', 9)))),
        ...(code === 401 ? [check(8)] : []),
      ],
      { lines: 5 },
    );
    expect(run.lines.at(-1)).toBe('ADDED a 9');
  });

  it('waits as long as a 429 says', async () => {
    const busy = status(429, 'TooManyRequests', { 'retry-after': '12' });
    const run = await told([list(7), watch(7, busy), watch(7, open(bookmark(8)))], { lines: 4 });
    expect(run.waits).toContain(12_000);
    expect(run.lines[1]).toBe(
      `${ofPods}refused: Error from server (TooManyRequests): TooManyRequests; continuing from resourceVersion 7 in 12.0 s`,
    );
  });

  it('continues after 5xx as a response and as an ERROR event', async () => {
    const failure = {
      kind: 'Status',
      status: 'Failure',
      reason: 'InternalError',
      code: 500,
      message: 'etcd',
    };
    const run = await told(
      [
        list(7),
        watch(7, status(503, 'ServiceUnavailable')),
        watch(7, { body: event('ADDED', pod('a', 8)) + event('ERROR', failure) }),
        check(7),
        list(9, pod('a', 8)),
        watch(9, open(event('ADDED', pod('b', 10)))),
      ],
      { lines: 6 },
    );
    expect(run.lines).toEqual([
      'synced 7 0',
      `${ofPods}refused: Error from server (ServiceUnavailable): ServiceUnavailable; continuing from resourceVersion 7 in 0.2 s`,
      'ADDED a 8',
      `${ofPods}the server ended the watch: Error from server (InternalError): etcd; reading the list again in 0.4 s`,
      `${ofPods}the list was read again, with 0 changes in the meantime`,
      'ADDED b 10',
    ]);
  });

  it('lists under another version when the type is served there', async () => {
    const moved = { ...pods, version: 'v2' };
    const movedPath = '/api/v2/namespaces/dev/pods';
    const run = await told(
      [
        list(7, pod('a', 1)),
        watch(7, { body: [bookmark(8)] }),
        watch(8, { status: 404, body: '404 page not found' }),
        { request: `GET ${path}?limit=500`, reply: { status: 404, body: '404 page not found' } },
        {
          request: `GET ${movedPath}?limit=500`,
          reply: { body: { kind: 'PodList', metadata: { resourceVersion: '9' }, items: [pod('a', 1)] } },
        },
        {
          request: `GET ${movedPath}?resourceVersion=9&watch=true&allowWatchBookmarks=true`,
          reply: open(bookmark(10)),
        },
      ],
      { lines: 7, rediscover: () => Promise.resolve(moved) },
    );
    expect(run.lines.at(-1)).toBe('bookmark 10');
  });
});

describe('when events are not one per line', () => {
  it.each([
    ['on one line', (text: string) => text.replaceAll('\n', '')],
    [
      'over several lines',
      (text: string) => text.replaceAll(/.+/g, (line) => JSON.stringify(JSON.parse(line), null, 1)),
    ],
  ])('follows them without a new list: %s', async (_, form) => {
    const stream = form(event('ADDED', pod('a', 8)) + event('MODIFIED', pod('a', 9)) + bookmark(10));
    const run = await told([list(7), watch(7, open(stream))], { lines: 4 });
    expect(run.lines).toEqual(['synced 7 0', 'ADDED a 8', 'MODIFIED a 9', 'bookmark 10']);
  });
});

describe('when the stream is unreadable', () => {
  it('keeps the events before it and opens the stream again', async () => {
    const run = await told(
      [
        list(7),
        watch(7, open(`${event('ADDED', pod('a', 8))}<html>\n${event('ADDED', pod('never', 9))}`)),
        watch(8, open(event('ADDED', pod('b', 9)))),
      ],
      { lines: 4 },
    );
    expect(run.lines).toEqual([
      'synced 7 0',
      'ADDED a 8',
      `${ofPods}something unreadable came: a line that is not JSON (unexpected "<" at character 1); continuing from resourceVersion 8 in 0.2 s`,
      'ADDED b 9',
    ]);
  });

  it('lists again when the same position cannot be read three times', async () => {
    const bad = Array.from({ length: 3 }, () =>
      watch(7, open('{"type":"ADDED","object":{"rows":1,"kind":"Table"}}\n')),
    );
    const run = await told([list(7), ...bad, list(9, pod('a', 9)), watch(9, open(bookmark(10)))], {
      lines: 5,
    });
    expect(run.lines.slice(2)).toEqual([
      'ADDED a 9',
      `${ofPods}the list was read again, with 1 change in the meantime`,
      'bookmark 10',
    ]);
  });
});

describe('the end', () => {
  const away = (): Exchange =>
    watch(7, new ConnectionError('connection refused', { code: 'ConnectionRefused' }));

  it('comes after five minutes without the server, as exit 6', async () => {
    const run = await told([list(7), watch(7, { body: '' }), ...Array.from({ length: 32 }, away)]);
    expect(run.thrown).toBeInstanceOf(ConnectionError);
    expect(run.thrown).toMatchObject({
      code: 'WatchLost',
      exitCode: 6,
      message: 'the watch of pods is lost: the connection broke: connection refused',
      causes: ['tried again for 300 seconds'],
    });
    // Reported once for each cause, not for each attempt.
    expect(run.lines).toHaveLength(3);
  });

  it('comes after half a minute of refusals, as exit 6 with the refusal', async () => {
    const refusals = Array.from({ length: 8 }, () => watch(8, status(403, 'Forbidden')));
    const run = await told([list(7), watch(7, { body: [bookmark(8)] }), ...refusals]);
    expect(run.thrown).toMatchObject({
      code: 'WatchLost',
      exitCode: 6,
      message: 'the watch of pods is lost: refused: Error from server (Forbidden): Forbidden',
      causes: ['tried again for 30 seconds'],
    });
  });

  it('is immediate when the server cannot be reached at the start', async () => {
    const failure = new ConnectionError('connection refused', { code: 'ConnectionRefused' });
    const run = await told([{ request: `GET ${path}?limit=500`, reply: failure }]);
    expect(run.thrown).toBe(failure);
  });

  it('is not caused by a plugin that fails once during a renewal', async () => {
    const failed = new ConfigError('the exec plugin failed', { code: 'ExecPluginFailed' });
    const run = await told(
      [list(7), watch(7, { body: [bookmark(8)] }), watch(8, failed), watch(8, open(bookmark(9))), check(8)],
      {
        lines: 5,
      },
    );
    expect(run.lines.at(-1)).toBe('bookmark 9');
  });

  it('is caused by a plugin that fails repeatedly, after four runs', async () => {
    const failed = new ConfigError('the exec plugin failed', { code: 'ExecFailed' });
    const run = await told([
      list(7),
      watch(7, { body: [bookmark(8)] }),
      ...[1, 2, 3, 4].map(() => watch(8, failed)),
    ]);
    expect(run.thrown).toBe(failed);
  });

  it.each(['list', 'wait', 'watch'])('comes with the reason of the signal in a %s', async (where) => {
    const stop = new AbortController();
    const reason = new Interrupted('SIGINT');
    const time = virtualTime();
    const hangs: Exchange = { request: `GET ${path}?limit=500`, reply: open() };
    const script = where === 'list' ? [hangs] : [list(7), watch(7, where === 'wait' ? { body: '' } : open())];
    const promise = told(script, {
      time: {
        ...time,
        sleep: async (ms, signal) => {
          if (where === 'wait' && ms < 1_000) stop.abort(reason);
          return time.sleep(ms, signal);
        },
      },
      signal: stop.signal,
    });
    if (where !== 'wait') void whenIdle().then(() => stop.abort(reason));
    expect((await promise).thrown).toBe(reason);
  });

  it('comes when the caller stops reading, with nothing left open', async () => {
    const run = await told([list(7, pod('a', 1)), watch(7, open(event('ADDED', pod('b', 8))))], { lines: 3 });
    expect(run.thrown).toBeUndefined();
  });

  it('does not hide a bug', async () => {
    const bug = new TypeError('no function');
    const run = await told([list(7), watch(7, bug)]);
    expect(run.thrown).toBe(bug);
    expect(run.thrown).not.toBeInstanceOf(KapiError);
  });

  it('reports an unusable response at the start as it is', async () => {
    const run = await told([{ request: `GET ${path}?limit=500`, reply: { body: '<html>login</html>' } }]);
    expect(run.thrown).toBeInstanceOf(ServerError);
  });
});

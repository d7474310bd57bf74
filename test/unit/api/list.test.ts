import { describe, expect, it } from 'vitest';
import { listPages, type ListOptions, type ListPagesQuery } from '../../../src/api/list.ts';
import { wellKnownType } from '../../../src/api/well-known.ts';
import { ConnectionError, RefusedError, ServerError, UsageError } from '../../../src/errors.ts';
import { objectAt, stringAt } from '../../../src/model/object.ts';
import type { Page } from '../../../src/model/page.ts';
import type { Send } from '../../../src/model/request.ts';
import type { ResourceType } from '../../../src/model/resource.ts';
import { replyOf } from '../../recorded.ts';
import { gatedBody, scriptedSend, type Exchange } from '../../scripted-send.ts';
import { whenIdle } from '../../virtual-time.ts';

function typeOf(name: string): ResourceType {
  const type = wellKnownType(name);
  if (type === undefined) throw new Error(`${name} is not well-known`);
  return type;
}

const pods = typeOf('pods');
const now = (): Date => new Date('2026-11-22T04:00:00Z');

/** A page of pods named by numbers. */
function podList(from: number, to: number, token = ''): Record<string, unknown> {
  const items = Array.from({ length: to - from }, (_, at) => ({ metadata: { name: `p${from + at}` } }));
  return { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '9', continue: token }, items };
}

function podTable(from: number, to: number, token = ''): unknown {
  const rows = Array.from({ length: to - from }, (_, at) => ({ cells: [`p${from + at}`] }));
  const metadata = { resourceVersion: '9', continue: token };
  return { kind: 'Table', metadata, columnDefinitions: [{ name: 'Name' }], rows };
}

const expired = (token = ''): unknown => ({
  kind: 'Status',
  status: 'Failure',
  reason: 'Expired',
  code: 410,
  message: 'The provided continue parameter is too old.',
  metadata: token === '' ? {} : { continue: token },
});

function namesOf(page: Page): string[] {
  return page.kind === 'table'
    ? page.table.rows.map(({ cells: [name] }) => (typeof name === 'string' ? name : '?'))
    : page.objects.map(({ metadata }) => stringAt(metadata, 'name'));
}

interface Outcome {
  readonly pages: Page[];
  readonly names: string;
  readonly warnings: string[];
  readonly error: unknown;
}

async function list(
  exchanges: readonly Exchange[],
  query: Partial<ListPagesQuery> = {},
  options: Partial<ListOptions> = {},
): Promise<Outcome> {
  const script = scriptedSend(exchanges, { order: 'strict' });
  const warnings: string[] = [];
  const pages: Page[] = [];
  let error: unknown;
  try {
    const all: ListOptions = { now, warn: (text) => warnings.push(text), ...options };
    for await (const page of listPages(script.send, { type: pods, as: 'objects', ...query }, all))
      pages.push(page);
  } catch (thrown) {
    error = thrown;
  }
  script.verify();
  return { pages, names: pages.map((page) => namesOf(page).join(' ')).join(' | '), warnings, error };
}

describe('paging', () => {
  it('starts with small pages and continues with large ones if objects are small', async () => {
    const outcome = await list([
      {
        request: 'GET /api/v1/pods?limit=500',
        headers: { accept: 'application/json' },
        reply: { body: podList(0, 2, 't1') },
      },
      { request: 'GET /api/v1/pods?limit=2000&continue=t1', reply: { body: podList(2, 4, 't2') } },
      { request: 'GET /api/v1/pods?limit=2000&continue=t2', reply: { body: podList(4, 5) } },
    ]);
    expect(outcome.names).toBe('p0 p1 | p2 p3 | p4');
    expect(outcome.error).toBeUndefined();
    expect(outcome.pages[0]).toMatchObject({ kind: 'objects', type: pods, resourceVersion: '9' });
  });

  it.each([
    [{ chunkSize: 2 }, ['limit=2', 'limit=2&continue=t1']],
    [{ chunkSize: 2, limit: 3 }, ['limit=2', 'limit=1&continue=t1']],
    [{ limit: 600 }, ['limit=500', 'limit=598&continue=t1']],
    [{ chunkSize: 0, limit: 7 }, ['limit=7', 'limit=5&continue=t1']],
  ])('sizes the pages of %j', async (query, lines) => {
    const outcome = await list(
      lines.map((line, at) => ({
        request: `GET /api/v1/pods?${line}`,
        reply: { body: at === 0 ? podList(0, 2, 't1') : podList(2, 3) },
      })),
      query,
    );
    expect(outcome.names).toBe('p0 p1 | p2');
  });

  it('begins with twice as many if rows come without metadata', async () => {
    const first = 'GET /api/v1/pods?limit=1000&includeObject=None';
    const table = {
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: {},
      columnDefinitions: [],
      rows: [],
    };
    const outcome = await list([{ request: first, reply: { body: table } }], {
      as: 'table',
      includeObject: 'None',
    });
    expect(outcome.pages).toHaveLength(1);
  });

  it('requests everything in one page with --chunk-size=0', async () => {
    const outcome = await list([{ request: 'GET /api/v1/pods', reply: { body: podList(0, 3) } }], {
      chunkSize: 0,
    });
    expect(outcome.names).toBe('p0 p1 p2');
  });

  it.each([
    [300, 2_000],
    [3_000, 1_000],
    [5_500, 500],
    [100_000, 500],
  ])('requests pages of a few megabytes: objects of %i characters come by %i', async (size, next) => {
    const spec = 'x'.repeat(size - 40);
    const items = Array.from({ length: 100 }, (_, at) => ({ metadata: { name: `p${at}` }, spec }));
    const body = { kind: 'PodList', apiVersion: 'v1', metadata: { continue: 't1' }, items };
    const outcome = await list([
      { request: 'GET /api/v1/pods?limit=500', reply: { body } },
      { request: `GET /api/v1/pods?limit=${next}&continue=t1`, reply: { body: podList(0, 1) } },
    ]);
    expect(outcome.error).toBeUndefined();
  });

  it('stops at the limit without requesting more', async () => {
    const outcome = await list(
      [{ request: 'GET /api/v1/pods?limit=2', reply: { body: podList(0, 2, 't1') } }],
      {
        limit: 2,
      },
    );
    expect(outcome.names).toBe('p0 p1');
  });

  it.each(['objects', 'table'] as const)('drops what a server sends beyond the limit (%s)', async (as) => {
    const body = as === 'table' ? podTable(0, 5) : podList(0, 5);
    const outcome = await list([{ request: 'GET /api/v1/pods?limit=2', reply: { body } }], { limit: 2, as });
    expect(outcome.names).toBe('p0 p1');
  });

  it.each([
    ['the number that the server tells', podList(0, 2, 't1'), 8, [8]],
    ['unknown if the server does not tell it', podList(0, 2, 't1'), undefined, [undefined]],
    ['the surplus of the page', podList(0, 5), undefined, [3]],
    ['both together', podList(0, 5, 't1'), 10, [13]],
    ['nothing at the end of the list', podList(0, 2), undefined, []],
    ['nothing after fewer objects', podList(0, 1), undefined, []],
  ])('reports how many objects the limit left: %s', async (_, body, remainingItemCount, left) => {
    const reported: (number | undefined)[] = [];
    await list(
      [
        {
          request: 'GET /api/v1/pods?limit=2',
          reply: { body: { ...body, metadata: { ...Object(body.metadata), remainingItemCount } } },
        },
      ],
      { limit: 2 },
      { more: (remaining) => reported.push(remaining) },
    );
    expect(reported).toEqual(left);
  });

  it('returns an empty list as one empty page, also from pages without objects', async () => {
    const empty = await list([{ request: 'GET /api/v1/secrets?limit=500', reply: replyOf('list/secrets') }], {
      type: typeOf('secrets'),
    });
    expect(empty.pages).toEqual([
      { kind: 'objects', type: typeOf('secrets'), objects: [], resourceVersion: '396' },
    ]);
    const filtered = await list([
      { request: 'GET /api/v1/pods?limit=500', reply: { body: podList(0, 0, 't1') } },
      { request: 'GET /api/v1/pods?limit=2000&continue=t1', reply: { body: podList(0, 1) } },
    ]);
    expect(filtered.names).toBe(' | p0');
  });

  // The server makes rows of the entries of a top-level field `items` of custom resources.
  it('makes the table from objects if the rows of the server have no names', async () => {
    const column = { name: 'Name', type: 'string', format: 'name' };
    const rows = [{ cells: [''] }, { cells: [''], object: { metadata: {} } }];
    const table = { kind: 'Table', metadata: { resourceVersion: '9' }, columnDefinitions: [column], rows };
    const outcome = await list(
      [
        { request: 'GET /api/v1/pods?limit=500', reply: { body: table } },
        { request: 'GET /api/v1/pods?limit=500', reply: { body: podList(0, 3, 't1') } },
        { request: 'GET /api/v1/pods?limit=2000&continue=t1', reply: { body: podList(3, 4) } },
      ],
      { as: 'table' },
    );
    expect(outcome.pages.map(({ kind }) => kind)).toEqual(['table', 'table']);
    expect(outcome.names).toBe('p0 p1 p2 | p3');
  });

  it('does not loop', async () => {
    const outcome = await list([
      { request: 'GET /api/v1/pods?limit=500', reply: { body: podList(0, 1, 't1') } },
      { request: 'GET /api/v1/pods?limit=2000&continue=t1', reply: { body: podList(1, 2, 't1') } },
    ]);
    expect(outcome.error).toBeInstanceOf(ServerError);
    expect(outcome.error).toMatchObject({
      message: 'the list of pods does not end: after 2 objects the server named the same next page again',
    });
  });
});

it('keeps rows without a name in their cells if their metadata has it', async () => {
  const column = { name: 'Name', type: 'string', format: 'name' };
  const rows = [{ cells: [''], object: { metadata: { name: 'p0' } } }];
  const table = { kind: 'Table', metadata: {}, columnDefinitions: [column], rows };
  const outcome = await list([{ request: 'GET /api/v1/pods?limit=500', reply: { body: table } }], {
    as: 'table',
  });
  expect(outcome.pages).toHaveLength(1);
  expect(outcome.error).toBeUndefined();
});

describe('prefetching', () => {
  const many = Array.from({ length: 6 }, (_, at): Exchange => ({
    request: at === 0 ? 'GET /api/v1/pods?limit=1' : `GET /api/v1/pods?limit=1&continue=t${at}`,
    reply: { body: podList(at, at + 1, at === 5 ? '' : `t${at + 1}`) },
  }));

  it('is exactly one page ahead and loses no page', async () => {
    const script = scriptedSend(many);
    const seen: string[] = [];
    for await (const page of listPages(
      script.send,
      { type: pods, as: 'objects', chunkSize: 1 },
      { now, warn: fail },
    )) {
      // Waits until every expected request has been sent.
      await whenIdle();
      seen.push(...namesOf(page));
      expect(script.requests.length).toBe(Math.min(6, seen.length + 1));
    }
    expect(seen).toEqual(['p0', 'p1', 'p2', 'p3', 'p4', 'p5']);
    script.verify();
  });

  it('requests the next page when its token has arrived, and returns the parts of this one meanwhile', async () => {
    const spec = 'x'.repeat(900);
    const items = Array.from({ length: 300 }, (_, at) => ({ metadata: { name: `p${at + 1}` }, spec }));
    const second = Buffer.from(JSON.stringify({ kind: 'PodList', metadata: { continue: 't2' }, items }));
    const { body, open } = gatedBody(second, 100_000);
    const script = scriptedSend(
      [
        { request: 'GET /api/v1/pods?limit=500', reply: { body: podList(0, 1, 't1') } },
        { request: 'GET /api/v1/pods?limit=2000&continue=t1', reply: { body } },
        { request: 'GET /api/v1/pods?limit=2000&continue=t2', reply: { body: podList(301, 303) } },
      ],
      { order: 'strict' },
    );
    const sizes: number[] = [];
    const names: string[] = [];
    for await (const page of listPages(script.send, { type: pods, as: 'objects' }, { now, warn: fail })) {
      names.push(...namesOf(page));
      sizes.push(namesOf(page).length);
      if (sizes.length === 2) {
        expect(script.requests).toHaveLength(3);
        open();
      }
    }
    expect(sizes.length).toBeGreaterThan(4);
    expect(names).toEqual(Array.from({ length: 303 }, (_, at) => `p${at}`));
    script.verify();
  });

  it('reads the next page into memory of its own, as long as this one is worked on', async () => {
    const spec = 'x'.repeat(900);
    const pageOf = (at: number): string => {
      const items = Array.from({ length: 300 }, (_, each) => ({
        metadata: { name: `p${at * 300 + each}` },
        spec,
      }));
      return JSON.stringify({ kind: 'PodList', metadata: { continue: at === 3 ? '' : `t${at + 1}` }, items });
    };
    const gates = [1, 2].map((at) => gatedBody(Buffer.from(pageOf(at)), 100_000));
    const script = scriptedSend([
      { request: 'GET /api/v1/pods?limit=500', reply: { body: pageOf(0) } },
      ...gates.map(({ body }, at) => ({
        request: `GET /api/v1/pods?limit=2000&continue=t${at + 1}`,
        reply: { body },
      })),
      { request: 'GET /api/v1/pods?limit=2000&continue=t3', reply: { body: pageOf(3) } },
    ]);
    const names: string[] = [];
    for await (const page of listPages(script.send, { type: pods, as: 'objects' }, { now, warn: fail })) {
      names.push(...namesOf(page));
      // The page after this one arrives in full, before the rest of this one does.
      if (names.length > 300) gates[1]?.open();
      await whenIdle();
      if (names.length > 300) gates[0]?.open();
    }
    expect(names).toEqual(Array.from({ length: 1_200 }, (_, at) => `p${at}`));
  });

  it('waits for the whole page if a limit determines how many are still needed', async () => {
    const spec = 'x'.repeat(900);
    const items = Array.from({ length: 300 }, (_, at) => ({ metadata: { name: `p${at + 1}` }, spec }));
    const body = { kind: 'PodList', metadata: { continue: 't2' }, items };
    const outcome = await list(
      [
        { request: 'GET /api/v1/pods?limit=350', reply: { body: podList(0, 1, 't1') } },
        { request: 'GET /api/v1/pods?limit=349&continue=t1', reply: { body } },
        { request: 'GET /api/v1/pods?limit=49&continue=t2', reply: { body: podList(301, 360, 't3') } },
      ],
      { limit: 350 },
    );
    expect(outcome.error).toBeUndefined();
    expect(outcome.pages.flatMap(namesOf)).toEqual(Array.from({ length: 350 }, (_, at) => `p${at}`));
  });

  it('ends with the loop that reads', async () => {
    const script = scriptedSend(many.slice(0, 2));
    const signals: (AbortSignal | undefined)[] = [];
    const send: Send = (request, options) => {
      signals.push(options?.signal);
      return script.send(request, options);
    };
    for await (const page of listPages(
      send,
      { type: pods, as: 'objects', chunkSize: 1 },
      { now, warn: fail },
    )) {
      expect(namesOf(page)).toEqual(['p0']);
      break;
    }
    expect(signals.map((signal) => signal?.aborted)).toEqual([true, true]);
    await new Promise((resolve) => setImmediate(resolve));
    script.verify();
  });

  it('returns the page before the one that failed', async () => {
    const broken = new ConnectionError('reset', { code: 'Reset' });
    const outcome = await list([
      { request: 'GET /api/v1/pods?limit=500', reply: { body: podList(0, 2, 't1') } },
      { request: 'GET /api/v1/pods?limit=2000&continue=t1', reply: broken },
    ]);
    expect(outcome.names).toBe('p0 p1');
    expect(outcome.error).toBe(broken);
  });

  it('obeys the caller’s signal', async () => {
    const controller = new AbortController();
    const script = scriptedSend([{ request: 'GET /api/v1/pods?limit=500', reply: { body: podList(0, 1) } }]);
    const pages = listPages(
      script.send,
      { type: pods, as: 'objects' },
      { now, warn: fail, signal: controller.signal },
    );
    const first = pages.next();
    const reason = new ConnectionError('stopped', { code: 'Stopped' });
    controller.abort(reason);
    await expect(first).rejects.toBe(reason);
  });
});

describe('a list that expires', () => {
  const first: Exchange = { request: 'GET /api/v1/pods?limit=500', reply: { body: podList(0, 2, 't1') } };

  it('continues from the token that the server offers, with a warning', async () => {
    const outcome = await list([
      first,
      { request: 'GET /api/v1/pods?limit=2000&continue=t1', reply: { status: 410, body: expired('t9') } },
      { request: 'GET /api/v1/pods?limit=2000&continue=t9', reply: { body: podList(2, 3) } },
    ]);
    expect(outcome.names).toBe('p0 p1 | p2');
    expect(outcome.warnings).toEqual([
      'Warning: the list of pods expired on the server after 2 objects; the rest comes from a later moment, so the whole is not of one moment',
    ]);
  });

  it('is an error when objects were returned and no token is offered', async () => {
    const outcome = await list([
      first,
      { request: 'GET /api/v1/pods?limit=2000&continue=t1', reply: { status: 410, body: expired() } },
    ]);
    expect(outcome.names).toBe('p0 p1');
    expect(outcome.error).toBeInstanceOf(RefusedError);
    expect(outcome.error).toMatchObject({
      message: 'Error from server (Expired): The provided continue parameter is too old.',
      hint: 'the server forgot the list after 2 objects, so what was printed is not all: ask again, with --chunk-size=0 to get everything in one answer',
      facts: { httpStatus: 410, reason: 'Expired' },
    });
  });

  it('starts again when nothing was returned', async () => {
    const outcome = await list(
      [
        { request: 'GET /api/v1/pods?resourceVersion=5&limit=500', reply: { status: 410, body: expired() } },
        { request: 'GET /api/v1/pods?limit=500', reply: { body: podList(0, 0, 't1') } },
        { request: 'GET /api/v1/pods?limit=2000&continue=t1', reply: { status: 410, body: expired() } },
        { request: 'GET /api/v1/pods?limit=500', reply: { body: podList(0, 1) } },
      ],
      { resourceVersion: '5' },
    );
    expect(outcome.names).toBe(' | p0');
  });

  it('does not continue at a newer version if the caller needs one snapshot', async () => {
    const outcome = await list(
      [
        first,
        { request: 'GET /api/v1/pods?limit=2000&continue=t1', reply: { status: 410, body: expired('t9') } },
      ],
      {},
      { requireSingleSnapshot: true },
    );
    expect(outcome.names).toBe('p0 p1');
    expect(outcome.error).toMatchObject({ facts: { httpStatus: 410 } });
  });

  it('does not start again at another version than exactly the requested one', async () => {
    const outcome = await list(
      [
        {
          request: 'GET /api/v1/pods?resourceVersion=5&resourceVersionMatch=Exact&limit=500',
          reply: { status: 410, body: expired() },
        },
      ],
      { resourceVersion: '5', resourceVersionMatch: 'Exact' },
    );
    expect(outcome.error).toMatchObject({ facts: { httpStatus: 410 } });
  });

  it('is reported after a few attempts', async () => {
    const outcome = await list(
      Array.from({ length: 4 }, () => ({
        request: 'GET /api/v1/pods?limit=500',
        reply: { status: 410, body: expired() },
      })),
    );
    expect(outcome.error).toMatchObject({ code: 'Expired' });
  });
});

describe('tables', () => {
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

  it('have the columns of the server', async () => {
    const outcome = await list(
      [
        {
          request: 'GET /apis/stable.example.com/v1/crontabs?limit=500',
          headers: { accept },
          reply: replyOf('table/crontabs'),
        },
      ],
      { type: { ...pods, group: 'stable.example.com', resource: 'crontabs', kind: 'CronTab' }, as: 'table' },
    );
    expect(outcome.names).toBe('my-new-cron-object');
    const [page] = outcome.pages;
    expect(page?.kind === 'table' && page.table.columns.map(({ name }) => name)).toEqual([
      'Name',
      'Spec',
      'Replicas',
      'Age',
    ]);
  });

  it('have NAME and AGE if the server sends no table', async () => {
    const [one, two] = ['2026-11-22T03:42:22Z', undefined].map((creationTimestamp, at) => ({
      metadata: { name: `c${at}`, ...(creationTimestamp === undefined ? {} : { creationTimestamp }) },
    }));
    const body = { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '3' }, items: [one, two] };
    const outcome = await list([{ request: 'GET /api/v1/pods?limit=500', reply: { body } }], { as: 'table' });
    const [page] = outcome.pages;
    if (page?.kind !== 'table') throw new Error('no table');
    expect(page.table.columns.map(({ name }) => name)).toEqual(['Name', 'Age']);
    expect(page.table.rows.map(({ cells }) => cells)).toEqual([
      ['c0', '17m'],
      ['c1', '<unknown>'],
    ]);
    expect(page.table.rows[0]?.object?.kind).toBe('Pod');
  });
});

describe('managedFields', () => {
  const metadata = { name: 'p0', managedFields: [{ manager: 'kubectl' }] };
  const objects = { kind: 'PodList', apiVersion: 'v1', metadata: {}, items: [{ metadata }] };
  const table = {
    kind: 'Table',
    metadata: {},
    columnDefinitions: [{ name: 'Name' }],
    rows: [{ cells: ['p0'], object: { metadata } }],
  };

  it.each<[string, boolean, string, object, Partial<ListPagesQuery>]>([
    ['objects have them', true, '', objects, {}],
    ['objects lose them on request', false, '', objects, { withoutManagedFields: true }],
    ['rows with metadata lose them', false, '', table, { as: 'table' }],
    [
      'rows with objects have them',
      true,
      '&includeObject=Object',
      table,
      { as: 'table', includeObject: 'Object' },
    ],
  ])('%s', async (_, expected, parameters, body, query) => {
    const request = `GET /api/v1/pods?limit=500${parameters}`;
    const outcome = await list([{ request, reply: { body } }], query);
    const [page] = outcome.pages;
    const object = page?.kind === 'table' ? page.table.rows[0]?.object : page?.objects[0];
    const listed = objectAt(object, 'metadata') ?? {};
    expect(listed['name']).toBe('p0');
    expect('managedFields' in listed).toBe(expected);
  });
});

describe('refusals', () => {
  it('are not usage errors without a selector in the request', async () => {
    const body = { kind: 'Status', code: 400, reason: 'BadRequest', message: 'odd' };
    const outcome = await list([{ request: 'GET /api/v1/pods?limit=500', reply: { status: 400, body } }]);
    expect(outcome.error).toBeInstanceOf(RefusedError);
  });

  it('of a selector are usage errors, in the words of the server', async () => {
    const outcome = await list(
      [
        {
          request: 'GET /api/v1/pods?fieldSelector=spec.nope%3D1&limit=500',
          reply: replyOf('error/bad-field-selector'),
        },
      ],
      { fieldSelector: 'spec.nope=1' },
    );
    expect(outcome.error).toMatchObject({
      message:
        'Error from server (BadRequest): Unable to find "/v1, Resource=pods" that match label selector "", field selector "spec.nope=1": field label not supported: spec.nope',
      hint: 'field selectors: every type knows metadata.name and metadata.namespace, few know more',
    });
    expect(outcome.error).toBeInstanceOf(UsageError);
  });

  it('of a later page are not usage errors', async () => {
    const outcome = await list(
      [
        { request: 'GET /api/v1/pods?labelSelector=a%3Db&limit=500', reply: { body: podList(0, 2, 'next') } },
        {
          request: 'GET /api/v1/pods?labelSelector=a%3Db&limit=500&continue=next',
          reply: {
            status: 400,
            body: { kind: 'Status', code: 400, reason: 'BadRequest', message: 'bad token' },
          },
        },
      ],
      { labelSelector: 'a=b', chunkSize: 500 },
    );
    expect(outcome.names).toBe('p0 p1');
    expect(outcome.error).toBeInstanceOf(RefusedError);
  });

  it('can come with status 200', async () => {
    const outcome = await list([
      {
        request: 'GET /api/v1/pods?limit=500',
        reply: { body: { kind: 'Status', code: 500, message: 'oops' } },
      },
    ]);
    expect(outcome.error).toBeInstanceOf(ServerError);
    expect(outcome.error).toMatchObject({ message: 'Error from server: oops' });
  });

  it.each([
    ['a Status of success', { kind: 'Status', status: 'Success' }],
    ['a Table', podTable(0, 1)],
  ])('are the answer to %s instead of a list', async (what, body) => {
    const outcome = await list([{ request: 'GET /api/v1/pods?limit=500', reply: { body } }]);
    expect(String(outcome.error)).toContain(`${what} instead of a list`);
  });

  it('of the type lead to the version that the server has now', async () => {
    const pdb = typeOf('pdb');
    const asked: string[] = [];
    const outcome = await list(
      [
        {
          request: 'GET /apis/policy/v1/namespaces/dev/poddisruptionbudgets?limit=500',
          reply: replyOf('error/notfound-group'),
        },
        {
          request: 'GET /apis/policy/v1beta1/namespaces/dev/poddisruptionbudgets?limit=500',
          reply: { body: { kind: 'PodDisruptionBudgetList', apiVersion: 'policy/v1beta1', items: [{}] } },
        },
      ],
      { type: pdb, namespace: 'dev' },
      {
        rediscover: (type) => {
          asked.push(type.resource);
          return Promise.resolve({ ...type, version: 'v1beta1' });
        },
      },
    );
    expect(asked).toEqual(['poddisruptionbudgets']);
    expect(outcome.pages[0]).toMatchObject({
      type: { version: 'v1beta1' },
      objects: [{ apiVersion: 'policy/v1beta1', kind: 'PodDisruptionBudget' }],
    });
  });

  it('of the type are kept when there is nothing better', async () => {
    const outcome = await list(
      [{ request: 'GET /api/v1/pods?limit=500', reply: replyOf('error/notfound-resource') }],
      {},
      { rediscover: () => Promise.resolve(undefined) },
    );
    expect(outcome.error).toMatchObject({
      message:
        'Error from server (NotFound): Unable to list "/v1, Resource=pods": the server could not find the requested resource',
    });
  });
});

describe('a type that is cached as cluster-scoped', () => {
  const kept: ResourceType = { ...pods, namespaced: false };
  const row = (name: string): object => ({ cells: [name], object: { metadata: { name, namespace: 'dev' } } });
  const both = {
    kind: 'Table',
    metadata: {},
    columnDefinitions: [{ name: 'Name' }],
    rows: [row('a'), row('b')],
  };
  const query: Partial<ListPagesQuery> = { type: kept, namespace: 'dev' };
  const everywhere: Exchange = { request: 'GET /api/v1/pods?limit=500', reply: { body: both } };

  it('is read again when its objects have a namespace, and the list is that of the right namespace', async () => {
    const outcome = await list(
      [everywhere, { request: 'GET /api/v1/namespaces/dev/pods?limit=500', reply: { body: podTable(0, 1) } }],
      { ...query, as: 'table' },
      { rediscover: () => Promise.resolve(pods) },
    );
    expect(outcome.names).toBe('p0');
  });

  it.each([
    ['its objects have no namespace', kept, podTable(0, 1)],
    ['it is cached as namespaced', pods, { ...both, rows: [row('p0')] }],
  ])('is not read again if %s', async (_, type, body) => {
    const asked: string[] = [];
    const outcome = await list(
      [{ request: 'GET /api/v1/pods?limit=500', reply: { body } }],
      { type, as: 'table' },
      {
        rediscover: ({ resource }) => {
          asked.push(resource);
          return Promise.resolve(undefined);
        },
      },
    );
    expect(outcome.names).toBe('p0');
    expect(asked).toEqual([]);
  });

  it('is kept if the server confirms it', async () => {
    for (const found of [undefined, { ...kept, kind: 'Other' }]) {
      const outcome = await list(
        [everywhere],
        { ...query, as: 'table' },
        { rediscover: () => Promise.resolve(found) },
      );
      expect(outcome.names).toBe('a b');
    }
  });
});

function fail(text: string): never {
  throw new Error(`unexpected warning: ${text}`);
}

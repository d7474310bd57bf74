// Lists and watches over the wire: paging that is one snapshot, selectors, forms, resourceVersion,
// events, bookmarks, 410.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { arrayAt, isJsonObject, objectAt, stringAt, type JsonObject } from '../../../../src/model/object.ts';
import { openWire, type Wire } from '../wire.ts';

const table = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const maps = '/api/v1/namespaces/default/configmaps';

let wire: Wire;
beforeAll(async () => {
  wire = await openWire();
});
afterAll(() => wire.close());

async function create(name: string, labels: JsonObject = {}): Promise<void> {
  const answer = await wire.ask(maps, { method: 'POST', body: { metadata: { name, labels } } });
  expect(answer.status).toBe(201);
}

function namesOf(body: JsonObject): readonly string[] {
  return arrayAt(body, 'items')
    .filter(isJsonObject)
    .map((item) => stringAt(objectAt(item, 'metadata'), 'name'));
}

describe('lists', () => {
  beforeEach(async () => {
    await wire.ask(`${maps}?labelSelector=set`, { method: 'DELETE' });
    for (const name of ['a', 'b', 'c', 'd', 'e']) await create(name, { set: name });
  });

  test('pages are one snapshot, whatever changes in between', async () => {
    const first = await wire.ask(`${maps}?limit=2`);
    expect(namesOf(first.body)).toEqual(['a', 'b']);
    const metadata = objectAt(first.body, 'metadata');
    expect(metadata?.['remainingItemCount']).toBe(4);
    await wire.ask(`${maps}/c`, { method: 'DELETE' });
    await create('bb', { set: 'late' });
    const token = encodeURIComponent(stringAt(metadata, 'continue'));
    const second = await wire.ask(`${maps}?limit=10&continue=${token}`);
    expect(namesOf(second.body)).toEqual(['c', 'd', 'e', 'kube-root-ca.crt']);
    expect(objectAt(second.body, 'metadata')?.['resourceVersion']).toBe(metadata?.['resourceVersion']);
  });

  test('an expired token returns a token to continue with', async () => {
    const first = await wire.ask(`${maps}?limit=2`);
    wire.sandbox.state.store.compact();
    const old = encodeURIComponent(stringAt(objectAt(first.body, 'metadata'), 'continue'));
    const gone = await wire.ask(`${maps}?limit=2&continue=${old}`);
    expect([gone.status, gone.body['reason']]).toEqual([410, 'Expired']);
    const token = encodeURIComponent(stringAt(objectAt(gone.body, 'metadata'), 'continue'));
    const rest = await wire.ask(`${maps}?limit=2&continue=${token}`);
    expect(namesOf(rest.body)).toEqual(['c', 'd']);
  });

  test('selectors select, and a truncated list with a selector has no count', async () => {
    const chosen = await wire.ask(
      `${maps}?limit=1&labelSelector=${encodeURIComponent('set in (b,d),set!=b')}`,
    );
    expect(namesOf(chosen.body)).toEqual(['d']);
    expect(objectAt(chosen.body, 'metadata')).not.toHaveProperty('remainingItemCount');
    const named = await wire.ask(`${maps}?fieldSelector=metadata.name%3Db`);
    expect(namesOf(named.body)).toEqual(['b']);
  });

  test('items of built-in lists have no kind and apiVersion, items of custom lists do', async () => {
    const typed = await wire.ask(maps);
    expect(Object.keys(typed.body)).toEqual(['kind', 'apiVersion', 'metadata', 'items']);
    expect(arrayAt(typed.body, 'items')[0]).not.toHaveProperty('kind');
    const custom = await wire.ask('/apis/stable.example.com/v1/crontabs');
    expect(Object.keys(custom.body)).toEqual(['apiVersion', 'items', 'kind', 'metadata']);
    expect(arrayAt(custom.body, 'items')[0]).toHaveProperty('kind', 'CronTab');
  });

  test('tables include no object, its metadata or all of it', async () => {
    const rowsOf = async (include: string): Promise<unknown> => {
      const answer = await wire.ask(`${maps}?fieldSelector=metadata.name%3Da&includeObject=${include}`, {
        accept: table,
      });
      const [row] = arrayAt(answer.body, 'rows');
      return isJsonObject(row) && isJsonObject(row['object']) ? row['object']['kind'] : row;
    };
    expect(await rowsOf('None')).toEqual({ cells: ['a', 0, expect.any(String)], object: null });
    expect(await rowsOf('Metadata')).toBe('PartialObjectMetadata');
    expect(await rowsOf('Object')).toBe('ConfigMap');
  });

  test('YAML, and indentation for people', async () => {
    const yaml = await wire.ask(`${maps}/a`, { accept: 'application/yaml' });
    expect(yaml.headers['content-type']).toBe('application/yaml');
    expect(yaml.text.split('\n')[0]).toBe('apiVersion: v1');
    const pretty = await wire.ask(`${maps}/a`, { headers: { 'user-agent': 'curl/8' } });
    expect(pretty.text.split('\n')[1]).toBe('  "kind": "ConfigMap",');
  });

  test('a future revision is a timeout', async () => {
    const answer = await wire.ask(`${maps}?resourceVersion=99999999`);
    expect([answer.status, answer.headers['retry-after'], answer.body['message']]).toEqual([
      504,
      '1',
      expect.stringMatching(/^Timeout: Too large resource version: 99999999, current: \d+$/),
    ]);
  });
});

describe('watches', () => {
  beforeEach(() => wire.ask(`${maps}?labelSelector=set`, { method: 'DELETE' }));

  const eventOf = (event: JsonObject | undefined): readonly unknown[] => [
    event?.['type'],
    stringAt(objectAt(objectAt(event, 'object'), 'metadata'), 'name'),
  ];

  test('begin with the existing objects, then follow', async () => {
    await create('a', { set: '1' });
    const watch = await wire.watch(`${maps}?watch=true&labelSelector=set%3D1`);
    expect(eventOf(await watch.next())).toEqual(['ADDED', 'a']);
    await create('b', { set: '2' });
    const patch = { method: 'PATCH', contentType: 'application/merge-patch+json' };
    await wire.ask(`${maps}/b`, { ...patch, body: { metadata: { labels: { set: '1' } } } });
    expect(eventOf(await watch.next())).toEqual(['ADDED', 'b']);
    await wire.ask(`${maps}/b`, { ...patch, body: { data: { a: '1' } } });
    expect(eventOf(await watch.next())).toEqual(['MODIFIED', 'b']);
    await wire.ask(`${maps}/b`, { ...patch, body: { metadata: { labels: { set: '3' } } } });
    expect(eventOf(await watch.next())).toEqual(['DELETED', 'b']);
    await wire.ask(`${maps}/a`, { method: 'DELETE' });
    expect(eventOf(await watch.next())).toEqual(['DELETED', 'a']);
    watch.stop();
  });

  test('a streaming list ends with a marked bookmark', async () => {
    await create('a', { set: '1' });
    const watch = await wire.watch(
      `${maps}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&labelSelector=set&timeoutSeconds=1`,
    );
    expect(eventOf(await watch.next())).toEqual(['ADDED', 'a']);
    expect(await watch.next()).toMatchObject({
      type: 'BOOKMARK',
      object: { kind: 'ConfigMap', metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
    });
    expect(await watch.next()).toMatchObject({ type: 'BOOKMARK' });
    expect(await watch.next()).toBeUndefined();
  });

  test('from an expired revision: one ERROR event', async () => {
    wire.sandbox.state.store.forget();
    const watch = await wire.watch(`${maps}?watch=1&resourceVersion=1`);
    expect(await watch.next()).toEqual({
      type: 'ERROR',
      object: {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: expect.stringMatching(/^too old resource version: 1 \(\d+\)$/) as string,
        reason: 'Expired',
        code: 410,
      },
    });
    expect(await watch.next()).toBeUndefined();
  });

  test('tables have columns in their first event only', async () => {
    await create('a', { set: '1' });
    await create('b', { set: '1' });
    const watch = await wire.watch(`${maps}?watch=1&labelSelector=set`, { accept: table });
    const columnsOf = (event: JsonObject | undefined): unknown =>
      objectAt(event, 'object')?.['columnDefinitions'];
    expect(columnsOf(await watch.next())).toHaveLength(3);
    expect(columnsOf(await watch.next())).toBeNull();
    watch.stop();
  });
});

describe('paths', () => {
  // Found by test/fuzz/requests.fuzz.ts: a path that is a property of every JavaScript object.
  test.each(['/__proto__/api', '/constructor', '/api/v1/__proto__', '/apis/toString/v1', '/toString/x'])(
    '%s is 404',
    async (path) => {
      expect((await wire.ask(path)).status).toBe(404);
    },
  );
});

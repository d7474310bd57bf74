// Discovery that fails partly, outdated caches, and odd types: fake servers for the faults, the
// server of the run for the rest, and kubectl as the oracle where it is right.
import { cpSync, mkdtempSync } from 'node:fs';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { expect, it } from 'vitest';

import { requestInfoOf } from '../../src/model/request-info.ts';
import {
  curl,
  describeAgainstKubectl,
  describeOnServer,
  expectSame,
  kapi,
  kubectl,
  makeFolder,
  run,
  testServer,
  until,
  type Result,
} from './kapi.ts';
import { startServer } from './loopback.ts';

type Fault = (response: ServerResponse, request: IncomingMessage) => void;

function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function refusal(code: number, reason: string): Fault {
  return (response) => {
    sendJson(
      response,
      { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: reason, reason, code },
      code,
    );
  };
}

/** Faulty responses of a group version instead of its types. */
const faults: Readonly<Record<string, Fault>> = {
  'is forbidden': refusal(403, 'Forbidden'),
  'is unauthorized': refusal(401, 'Unauthorized'),
  'is not found': refusal(404, 'NotFound'),
  'is unavailable': refusal(503, 'ServiceUnavailable'),
  'is broken in the middle': (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"kind":"APIResourceList","resources":[');
    response.destroy();
  },
  'is cut off before an answer': (response) => {
    response.destroy();
  },
  'is HTML': (response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>sign in</html>');
  },
  'is no gzip though it says so': (response) => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    response.writeHead(200, headers).end('this is no gzip');
  },
  'is empty': (response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end();
  },
  'never answers': () => undefined,
  'never ends': (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"kind":');
  },
};

const foos = {
  name: 'foos',
  singularName: 'foo',
  kind: 'Foo',
  namespaced: true,
  shortNames: ['fo'],
  verbs: ['get', 'list', 'watch'],
};

const foo = {
  apiVersion: 'ok.example.com/v1',
  kind: 'Foo',
  metadata: { name: 'a', namespace: 'default', resourceVersion: '1', uid: '1' },
};

/** A 1.25 server: no aggregated discovery, one healthy group and one that returns the fault. */
function oldServer(fault: Fault): RequestListener {
  const groups = ['x.example.com', 'ok.example.com'].map((name) => ({
    name,
    versions: [{ groupVersion: `${name}/v1`, version: 'v1' }],
    preferredVersion: { groupVersion: `${name}/v1`, version: 'v1' },
  }));
  const answers: Readonly<Record<string, unknown>> = {
    '/api': { kind: 'APIVersions', versions: ['v1'] },
    '/api/v1': { kind: 'APIResourceList', groupVersion: 'v1', resources: [] },
    '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups },
    '/apis/ok.example.com/v1': {
      kind: 'APIResourceList',
      groupVersion: 'ok.example.com/v1',
      resources: [foos],
    },
    '/apis/ok.example.com/v1/namespaces/default/foos': {
      kind: 'FooList',
      apiVersion: 'ok.example.com/v1',
      metadata: { resourceVersion: '1' },
      items: [foo],
    },
    '/apis/ok.example.com/v1/namespaces/default/foos/a': foo,
  };
  return (request, response) => {
    const path = new URL(request.url ?? '', 'http://x').pathname;
    if (path === '/apis/x.example.com/v1') fault(response, request);
    else if (path in answers) sendJson(response, answers[path]);
    else refusal(404, 'NotFound')(response, request);
  };
}

/** Runs a program on a server without credentials and without a cache. */
async function fresh(program: typeof kapi, server: string, words: readonly string[]): Promise<Result> {
  const home = mkdtempSync(join(makeFolder(), 'home-'));
  return program([...words, '--server', server], {
    kubeconfig: null,
    env: { HOME: home },
  });
}

describeOnServer('one group version that cannot be read', () => {
  it.each(Object.entries(faults))(
    'affects no other type: it %s',
    async (what, fault) => {
      const server = await startServer(oldServer(fault));
      const problem = /the types of x\.example\.com\/v1 could not be read: .+/;
      const ok = (stdout: string): object => ({ stdout, stderr: '', code: 0 });
      const lines: readonly (readonly [string, object])[] = [
        ['list foos -o name', ok('foo.ok.example.com/a\n')],
        ['get fo a -o name', ok('foo.ok.example.com/a\n')],
        ['resources ok.example.com -o name', ok('foos.ok.example.com\n')],
        ['groups -o name', ok('ok.example.com/v1\nv1\nx.example.com/v1\n')],
        [
          'resources -o name',
          { ...ok('foos.ok.example.com\n'), stderr: expect.stringMatching(problem) as string },
        ],
        ['list xs.x.example.com', { code: 5, stderr: expect.stringMatching(problem) as string }],
        ['list nosuchtype', { code: 5, stderr: expect.stringMatching(problem) as string }],
        ['list bars.ok.example.com', { code: 2, stderr: expect.stringMatching(/doesn't have a/) as string }],
      ];
      const flags = what.startsWith('never') ? ['--request-timeout=8s'] : [];
      const runs = await Promise.all(
        lines.map(([line]) => fresh(kapi, server, [...line.split(' '), ...flags])),
      );
      for (const [index, [line, expected]] of lines.entries()) {
        expect(runs[index], line).toMatchObject(expected);
      }
    },
    300_000,
  );
});

describeAgainstKubectl('one group version that cannot be read, for kubectl', () => {
  it.each(['is forbidden', 'is unavailable', 'is HTML', 'never answers'])(
    'does not prevent the list of another type either: it %s',
    async (what) => {
      const server = await startServer(oldServer(faults[what] ?? refusal(500, 'InternalError')));
      const [ours, theirs] = await Promise.all([
        fresh(kapi, server, ['list', 'foos', '-o', 'name', '--request-timeout=8s']),
        fresh(kubectl, server, ['get', 'foos', '-o', 'name', '--request-timeout=8s']),
      ]);
      expect(theirs.code).toBe(0);
      expect(ours.stdout).toBe(theirs.stdout);
      expect(ours.code).toBe(0);
    },
    300_000,
  );
});

const crdPath = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

interface Crd {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
  readonly scope?: 'Namespaced' | 'Cluster';
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

/** Creates a definition and waits until the type is served. */
async function createCrd({ group, plural, kind, scope = 'Namespaced', ...names }: Crd): Promise<void> {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  const body = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: { plural, singular: kind.toLowerCase(), kind, ...names },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
  await post(crdPath, body);
  await until(`${plural}.${group} is served`, async () => {
    const { stdout } = await curl(`/apis/${group}/v1/${plural}`);
    const discovered = await curl(
      '/apis',
      '-H',
      'Accept: application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
    );
    return stdout.includes('"items"') && discovered.stdout.includes(`"${plural}"`);
  });
}

async function deleteCrd({ group, plural }: Crd): Promise<void> {
  await curl(`${crdPath}/${plural}.${group}`, '-X', 'DELETE');
  await until(`${plural}.${group} is gone`, async () => {
    const listed = await curl(`/apis/${group}/v1/${plural}`);
    const discovered = await curl(
      '/apis',
      '-H',
      'Accept: application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
    );
    return !listed.stdout.includes('"items"') && !discovered.stdout.includes(`"${plural}"`);
  });
}

async function post(path: string, body: unknown): Promise<void> {
  const { stdout } = await curl(
    path,
    '-X',
    'POST',
    '-H',
    'Content-Type: application/json',
    '-d',
    JSON.stringify(body),
  );
  if (/"status": *"Failure"/.test(stdout)) throw new Error(stdout);
}

async function createObject(
  { group, plural, kind }: Crd,
  name: string,
  namespace: string | undefined,
  more: object = {},
): Promise<void> {
  const place = namespace === undefined ? '' : `/namespaces/${namespace}`;
  await post(`/apis/${group}/v1${place}/${plural}`, {
    apiVersion: `${group}/v1`,
    kind,
    metadata: { name },
    ...more,
  });
}

describeOnServer('a type that was kept and is another one today', () => {
  it('has another scope, another plural or is gone: found by the typed name, with one exit code', async () => {
    const env = { HOME: makeFolder() };
    const group = 'kept.kapi.test';
    const cluster: Crd = { group, plural: 'tds', kind: 'Td', scope: 'Cluster', shortNames: ['td'] };
    const namespaced: Crd = { ...cluster, scope: 'Namespaced' };
    const renamed: Crd = { ...namespaced, plural: 'tests', kind: 'Td' };

    await createCrd(cluster);
    await createObject(cluster, 'one', undefined);
    expect((await kapi(['list', 'td', '-o', 'name'], { env })).stdout).toBe('td.kept.kapi.test/one\n');
    await deleteCrd(cluster);

    await createCrd(namespaced);
    await createObject(namespaced, 'x', 'default');
    await createObject(namespaced, 'y', 'kube-system');
    const [listed, counted, got] = await Promise.all([
      kapi(['list', 'td', '-n', 'default', '-o', 'name'], { env }),
      kapi(['list', 'tds', '-n', 'default', '--expect-count', '1'], { env }),
      kapi(['get', 'td', 'x', '-o', 'name'], { env }),
    ]);
    expect(listed).toMatchObject({ stdout: 'td.kept.kapi.test/x\n', stderr: '', code: 0 });
    expect(counted).toMatchObject({ code: 0 });
    expect(got).toMatchObject({ stdout: 'td.kept.kapi.test/x\n', code: 0 });
    await deleteCrd(namespaced);

    await createCrd(renamed);
    await createObject(renamed, 'ren', 'default');
    expect(await kapi(['get', 'td', 'ren', '-o', 'name'], { env })).toMatchObject({
      stdout: 'td.kept.kapi.test/ren\n',
      code: 0,
    });
    await deleteCrd(renamed);

    const warm = await kapi(['list', 'td'], { env });
    const cold = await kapi(['list', 'td'], { env: { HOME: makeFolder() } });
    expect(warm).toEqual(cold);
    expect(warm.stderr).toMatch(/^error: the server doesn't have a resource type "td"\n/);
    expect(warm.code).toBe(2);
  });

  it('was namespaced, or had the short name that another type has today', async () => {
    const env = { HOME: makeFolder() };
    const group = 'moved.kapi.test';
    const before: readonly Crd[] = [
      { group, plural: 'moves', kind: 'Move' },
      { group, plural: 'oldthings', kind: 'Oldthing', shortNames: ['rn'] },
      { group, plural: 'words', kind: 'Word' },
    ];
    const after: readonly Crd[] = [
      { group, plural: 'moves', kind: 'Move', scope: 'Cluster' },
      { group, plural: 'newthings', kind: 'Newthing', shortNames: ['rn'] },
      { group, plural: 'words', kind: 'Phrase' },
    ];
    const objects = async (types: readonly Crd[]): Promise<void> => {
      await Promise.all(types.map(createCrd));
      await Promise.all(
        types.map((type) => createObject(type, 'one', type.scope === 'Cluster' ? undefined : 'default')),
      );
    };
    const lines = ['moves.moved.kapi.test', 'rn', 'words.moved.kapi.test'].flatMap((word) => [
      ['get', word, 'one', '-o', 'name'],
      ['list', word, '-o', 'name'],
    ]);
    const run = async (home: string): Promise<readonly Result[]> =>
      Promise.all(lines.map((words) => kapi(words, { env: { HOME: home } })));
    await objects(before);
    try {
      // One run fills the cache.
      await kapi(['resources', group], { env });
      const first = await run(env.HOME);
      expect(first.map(({ code }) => code)).toEqual(lines.map(() => 0));
      await Promise.all(before.map(deleteCrd));
      await objects(after);
      // Each line with a copy of the outdated cache, because the first one corrects it.
      const homes = lines.map(() => makeFolder());
      for (const home of homes) cpSync(env.HOME, home, { recursive: true });
      const warm = await Promise.all(
        lines.map((words, at) => kapi(words, { env: { HOME: homes[at] ?? '' } })),
      );
      expect(warm).toEqual(await run(makeFolder()));
      expect(warm.map(({ stdout }) => stdout)).toEqual(
        ['move', 'newthing', 'phrase'].flatMap((kind) => {
          const name = `${kind}.${group}/one\n`;
          return [name, name];
        }),
      );
    } finally {
      await Promise.all([...before, ...after].map(deleteCrd));
    }
  });

  it('has a category that gets a new member', async () => {
    const env = { HOME: makeFolder() };
    const group = 'category.kapi.test';
    const first: Crd = { group, plural: 'ones', kind: 'One', categories: ['testcat'] };
    const second: Crd = { ...first, plural: 'twos', kind: 'Two' };
    await createCrd(first);
    await createObject(first, 'a', 'default');
    expect((await kapi(['list', 'testcat', '-o', 'name'], { env })).stdout).toBe(
      'one.category.kapi.test/a\n',
    );
    await createCrd(second);
    await createObject(second, 'b', 'default');
    const { stdout } = await kapi(['list', 'testcat', '-o', 'name'], { env });
    expect(stdout.split('\n').sort()).toEqual(['', 'one.category.kapi.test/a', 'two.category.kapi.test/b']);
    await Promise.all([deleteCrd(first), deleteCrd(second)]);
  });
});

describeAgainstKubectl('an object of a custom type whose kind is Table', () => {
  it('is read like any other, in every format', async () => {
    const type: Crd = { group: 'odd.kapi.test', plural: 'tables', kind: 'Table' };
    await createCrd(type);
    await createObject(type, 't1', 'default', { rows: [{ cells: [1] }], columnDefinitions: [{ name: 'A' }] });
    await createObject(type, 't2', 'default', { spec: { x: 1 } });
    const formats = [
      'json',
      'yaml',
      'name',
      'jsonpath={.spec.x}',
      'custom-columns=N:.metadata.name,X:.spec.x',
    ];
    for (const format of formats) {
      for (const name of ['t1', 't2']) {
        const words = ['get', 'tables.odd.kapi.test', name, '-o', format];
        const { ours } = await expectSame({ kapi: words, kubectl: words });
        expect(ours).toMatchObject({ stderr: '', code: 0 });
      }
    }
    const watching = kapi([
      ...['watch', 'tables.odd.kapi.test', 't2', '-n', 'default', '-o', 'ndjson'],
      ...['--watch-only', '--for-count', '3', '--timeout', '60s'],
    ]);
    const state = { isOver: false };
    void watching.then(() => (state.isOver = true));
    for (let n = 0; !state.isOver; n++) {
      await curl(
        '/apis/odd.kapi.test/v1/namespaces/default/tables/t2',
        ...['-X', 'PATCH', '-H', 'Content-Type: application/merge-patch+json'],
        ...['-d', JSON.stringify({ spec: { n } })],
      );
    }
    const { stdout, stderr, code } = await watching;
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.match(/"type":"MODIFIED"/g)).toHaveLength(3);
    const byPath = await kapi(['get', '/apis/odd.kapi.test/v1/namespaces/default/tables/t1', '-o', 'name']);
    expect(byPath).toMatchObject({ stdout: 'table.odd.kapi.test/t1\n', code: 0 });
    await deleteCrd(type);
  });
});

describeOnServer('a custom type with a top-level field items', () => {
  it('is listed object by object, also if the server makes its table from the entries', async () => {
    const type: Crd = { group: 'items.kapi.test', plural: 'crates', kind: 'Crate' };
    await createCrd(type);
    try {
      // The server stores the object, but its response is an error.
      const create = (name: string, items: readonly object[]): Promise<unknown> =>
        createObject(type, name, 'default', { items }).catch(() => undefined);
      await create('full', [{ a: 1 }, { a: 2 }, { a: 3 }]);
      await create('empty', []);
      const words = ['list', 'crates.items.kapi.test', '-n', 'default'];
      const names = await kapi([...words, '-o', 'name', '--expect-count', '2']);
      expect(names).toMatchObject({
        stdout: 'crate.items.kapi.test/empty\ncrate.items.kapi.test/full\n',
        code: 0,
      });
      const table = await kapi([...words, '--no-headers']);
      expect(table.stdout.split('\n').map((line) => line.split(' ')[0])).toEqual(['empty', 'full', '']);
    } finally {
      await deleteCrd(type);
    }
  });
});

/** Starts a server with aggregated discovery that has these answers, and 404 for other paths. */
async function startApi(
  groups: readonly object[],
  answers: Readonly<Record<string, unknown>>,
  seen: string[] = [],
): Promise<string> {
  const all: Readonly<Record<string, unknown>> = {
    '/api': { kind: 'APIGroupDiscoveryList', items: null },
    '/apis': { kind: 'APIGroupDiscoveryList', items: groups },
    ...answers,
  };
  return startServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://x').pathname;
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (body !== '') seen.push(body);
      const answer = all[path];
      if (typeof answer === 'string') {
        response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
      } else if (answer === undefined) refusal(404, 'NotFound')(response, request);
      else sendJson(response, answer);
    });
  });
}

const group = (name: string, ...resources: readonly object[]): object => ({
  metadata: { name },
  versions: [{ version: 'v1', resources }],
});

describeOnServer('null for an empty list, as Go writes it', () => {
  it('is read in discovery, lists, tables and OpenAPI', async () => {
    const old = await startServer((request, response) => {
      const path = new URL(request.url ?? '', 'http://x').pathname;
      const answers: Readonly<Record<string, unknown>> = {
        '/api': { kind: 'APIVersions', versions: null },
        '/apis': {
          kind: 'APIGroupList',
          groups: [
            { name: 'ok.example.com', versions: [{ groupVersion: 'ok.example.com/v1', version: 'v1' }] },
          ],
        },
        '/apis/ok.example.com/v1': { kind: 'APIResourceList', resources: null },
        '/openapi/v3': { paths: null },
      };
      if (path in answers) sendJson(response, answers[path]);
      else refusal(404, 'NotFound')(response, request);
    });
    const empty = await startServer((request, response) => {
      const path = new URL(request.url ?? '', 'http://x').pathname;
      if (path === '/apis') sendJson(response, { kind: 'APIGroupList', groups: null });
      else if (path === '/api') sendJson(response, { kind: 'APIVersions', versions: null });
      else if (path.endsWith('/pods')) {
        const wantsTable = request.headers.accept?.includes('as=Table') === true;
        sendJson(
          response,
          wantsTable
            ? { kind: 'Table', apiVersion: 'meta.k8s.io/v1', columnDefinitions: null, rows: null }
            : { kind: 'PodList', apiVersion: 'v1', metadata: {}, items: null },
        );
      } else refusal(404, 'NotFound')(response, request);
    });
    const ok = (stdout: string): object => ({ stdout, stderr: '', code: 0 });
    expect(await fresh(kapi, old, ['resources', '-o', 'name'])).toMatchObject(ok(''));
    expect(await fresh(kapi, old, ['groups', '-o', 'name'])).toMatchObject(ok('ok.example.com/v1\n'));
    expect(await fresh(kapi, old, ['list', 'foos.ok.example.com'])).toMatchObject({ code: 2 });
    expect(await fresh(kapi, empty, ['groups', '-o', 'name'])).toMatchObject(ok(''));
    expect(await fresh(kapi, empty, ['list', 'pods', '-o', 'name'])).toMatchObject(ok(''));
    expect(await fresh(kapi, empty, ['list', 'pods'])).toMatchObject({
      stdout: '',
      stderr: 'No resources found in default namespace.\n',
      code: 0,
    });
    const list = await fresh(kapi, empty, ['list', 'pods', '-o', 'json']);
    expect([list.code, JSON.parse(list.stdout)]).toEqual([0, expect.objectContaining({ items: [] })]);
  });
});

describeOnServer('a parent that has subresources only', () => {
  it('is kept for --subresources and can-i, and is not a type to list', async () => {
    const seen: string[] = [];
    const console_ = { subresource: 'console', responseKind: { kind: 'VM' }, verbs: ['get'] };
    const aggregated = await startApi(
      [
        group('sub.example.com', {
          ...{ resource: 'vms', scope: 'Namespaced', responseKind: { kind: '' } },
          subresources: [console_],
        }),
      ],
      { '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews': { status: { allowed: true } } },
      seen,
    );
    const old = await startServer((request, response) => {
      const path = new URL(request.url ?? '', 'http://x').pathname;
      const answers: Readonly<Record<string, unknown>> = {
        '/api': { kind: 'APIVersions', versions: null },
        '/apis': {
          kind: 'APIGroupList',
          groups: [{ name: 'sub.example.com', versions: [{ version: 'v1' }] }],
        },
        '/apis/sub.example.com/v1': {
          kind: 'APIResourceList',
          resources: [{ name: 'vms/console', namespaced: true, kind: 'VM', verbs: ['get'] }],
        },
        '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews': { status: { allowed: true } },
      };
      request.on('data', (chunk: Buffer) => seen.push(chunk.toString()));
      request.on('end', () => {
        if (path in answers) sendJson(response, answers[path]);
        else refusal(404, 'NotFound')(response, request);
      });
    });
    for (const server of [aggregated, old]) {
      const types = await fresh(kapi, server, ['resources', '--subresources', '-o', 'name']);
      expect(types).toMatchObject({ stdout: 'vms/console.sub.example.com\n', stderr: '', code: 0 });
      const plain = await fresh(kapi, server, ['resources', '-o', 'name']);
      expect(plain).toMatchObject({ stdout: '', code: 0 });
      for (const words of [
        ['can-i', 'get', 'vms.sub.example.com/console'],
        ['can-i', 'get', 'vms.sub.example.com', '--subresource', 'console'],
      ]) {
        seen.length = 0;
        const asked = await fresh(kapi, server, [...words, '--strict']);
        expect([asked.stdout, asked.code], asked.stderr).toEqual(['yes\n', 0]);
        expect(asked.stderr).not.toContain("doesn't have");
        expect(JSON.parse(seen[0] ?? '')).toMatchObject({
          spec: {
            resourceAttributes: {
              group: 'sub.example.com',
              resource: 'vms',
              subresource: 'console',
              verb: 'get',
            },
          },
        });
      }
      expect(await fresh(kapi, server, ['list', 'vms.sub.example.com'])).toMatchObject({ code: 2 });
    }
  });
});

describeOnServer('values that few servers send', () => {
  const odd = {
    resource: 'odds',
    scope: 'Namespaced',
    responseKind: { kind: 'Odd' },
    verbs: ['get', 'list'],
  };
  const place = '/apis/odd.example.com/v1/namespaces/default/odds';
  const head = '"apiVersion":"odd.example.com/v1","kind":"Odd"';

  it('are printed: numbers beyond a double, objects without a time, deep objects', async () => {
    const deep = `${'{"a":['.repeat(3_000)}1${']}'.repeat(3_000)}`;
    const times = [undefined, '0001-01-01T00:00:00Z', 'garbage'];
    const items = times.map((creationTimestamp, at) => ({ metadata: { name: `o${at}`, creationTimestamp } }));
    const server = await startApi([group('odd.example.com', odd)], {
      [place]: { kind: 'OddList', apiVersion: 'odd.example.com/v1', metadata: {}, items },
      [`${place}/big`]: `{${head},"metadata":{"name":"big"},"spec":{"n":1e400}}`,
      [`${place}/deep`]: `{${head},"metadata":{"name":"deep"},"spec":${deep}}`,
    });
    const list = await fresh(kapi, server, ['list', 'odds']);
    expect(list).toMatchObject({
      stdout: 'NAME   AGE\no0     <unknown>\no1     <unknown>\no2     <unknown>\n',
      code: 0,
    });
    for (const format of ['json', 'ndjson', 'jsonpath={.spec}', 'custom-columns=N:.spec']) {
      for (const name of ['big', 'deep']) {
        const got = await fresh(kapi, server, ['get', 'odds', name, '-o', format]);
        expect([got.code, got.stderr], `${name} ${format}`).toEqual([0, '']);
        if (format.endsWith('json')) expect(() => void JSON.parse(got.stdout)).not.toThrow();
      }
    }
    const words = ['get', 'odds', 'deep', '-o', 'yaml'];
    expect(await fresh(kapi, server, words)).toMatchObject({ code: 0, stderr: '' });
  });

  it('end a broken list with a line end, without closing it', async () => {
    let asked = 0;
    const server = await startServer((request, response) => {
      asked += 1;
      if (asked > 1) refusal(500, 'InternalError')(response, request);
      else {
        const items = [{ metadata: { name: 'a' } }];
        sendJson(response, { kind: 'PodList', apiVersion: 'v1', metadata: { continue: 'x' }, items });
      }
    });
    const { stdout, code } = await fresh(kapi, server, ['list', 'pods', '-o', 'json']);
    expect(code).toBe(5);
    expect(stdout).toMatch(/"name": "a"[^]*\n$/);
    expect(() => void JSON.parse(stdout)).toThrow();
  });
});

describeOnServer('a type whose conversion webhook is down', () => {
  it('fails with a hint about the webhook; the stored version can be read', async () => {
    const name = 'convs.conv.kapi.test';
    const schema = {
      openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    };
    const type: Crd = { group: 'conv.kapi.test', plural: 'convs', kind: 'Conv' };
    await createCrd(type);
    try {
      await createObject(type, 'one', 'default');
      const spec = {
        versions: ['v1', 'v2'].map((each) => ({ name: each, served: true, storage: each === 'v1', schema })),
        conversion: {
          strategy: 'Webhook',
          webhook: { conversionReviewVersions: ['v1'], clientConfig: { url: 'https://127.0.0.1:1/convert' } },
        },
      };
      await curl(
        `${crdPath}/${name}`,
        ...[
          '-X',
          'PATCH',
          '-H',
          'Content-Type: application/merge-patch+json',
          '-d',
          JSON.stringify({ spec }),
        ],
      );
      await until('v2 is served', async () =>
        (await curl('/apis/conv.kapi.test/v2/namespaces/default/convs')).stdout.includes(
          'conversion webhook',
        ),
      );
      const broken = await kapi(['list', 'convs.v2.conv.kapi.test', '-n', 'default']);
      expect(broken).toMatchObject({ stdout: '', code: 5 });
      expect(broken.stderr).toContain(`\`kapi get crd ${name} -o 'jsonpath={.spec.conversion}'`);
      expect(broken.stderr).not.toContain('apiservice');
      const stored = await kapi(['list', 'convs.v1.conv.kapi.test', '-n', 'default', '-o', 'name']);
      expect(stored).toMatchObject({ stdout: 'conv.conv.kapi.test/one\n', code: 0 });
    } finally {
      await deleteCrd(type);
    }
  });
});

describeOnServer('what a request asks for', () => {
  const paths = [
    '/api/v1/pods',
    '/api/v1/pods?watch=1',
    '/api/v1/watch/pods',
    '/api/v1/watch/namespaces/dev/pods',
    '/api/v1/watch/namespaces/dev/pods/p',
    '/api/v1/watch/namespaces',
    '/api/v1/watch/namespaces/dev',
    '/apis/apps/v1/watch/deployments',
    '/api/v1/namespaces/dev',
    '/api/v1/namespaces/dev/status',
    '/api/v1/namespaces/dev/pods/p/log',
    '/api/v1/namespaces/dev/pods/a%2Flog',
    '/api/v1/nodes/n/proxy/metrics',
    '/api/v1/proxy/nodes/n',
    '/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode',
    '/api/v1/pods?fieldSelector=metadata.name%3Da%5C%2Cb',
    '/api/v1/namespaces/dev/pods/p?watch=1',
  ];

  it.concurrent.each(['GET', 'DELETE', 'POST'])('is read as the server reads it: %s', async (method) => {
    const server = testServer();
    // A user without permissions gets the name of the missing permission.
    const flags = [
      ...['-sS', '-m', '30', '--path-as-is', '--cacert', server.caFile, '-X', method],
      ...['-H', `Authorization: Bearer ${server.tokens.admin}`, '-H', 'Impersonate-User: nobody', '-w', '\n'],
    ];
    const urls = paths.map((path) => `${server.url}${path}`);
    const { stdout } = await run('curl', [...flags, '-H', 'Accept: application/json;pretty=0', ...urls], {
      kubeconfig: null,
    });
    const messages = [...stdout.matchAll(/"message": ?"((?:[^"\\]|\\.)*)"/g)].map(
      ([, text = '']) => JSON.parse(`"${text}"`) as string,
    );
    expect(messages.length).toBe(paths.length);
    for (const [index, path] of paths.entries()) {
      const info = requestInfoOf({ method, path });
      if (info.kind === 'path') throw new Error(`${path} is read as no resource`);
      const { verb, resource, subresource, group, namespace } = info;
      const what = subresource === '' ? resource : `${resource}/${subresource}`;
      expect(messages[index], path).toContain(
        `User "nobody" cannot ${verb} resource "${what}" in API group "${group}" ` +
          (namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`),
      );
    }
  });
});

describeOnServer('two types of one name', () => {
  it('are reported if nothing was found, and by explain', async () => {
    const first: Crd = {
      group: 'a.kapi.test',
      plural: 'twins',
      kind: 'Twin',
      scope: 'Namespaced',
      shortNames: [],
    };
    const second: Crd = { ...first, group: 'b.kapi.test' };
    const hint = 'hint: twins means twins.a.kapi.test here; there is also twins.b.kapi.test\n';
    await createCrd(first);
    await createCrd(second);
    try {
      await createObject(second, 'only-in-b', 'default');
      const env = { HOME: makeFolder() };
      for (const words of [
        ['list', 'twins', '-n', 'default'],
        ['get', 'twin', 'only-in-b', '-n', 'default'],
        ['explain', 'twins'],
        ['explain', 'twin.metadata'],
      ]) {
        expect((await kapi(words, { env })).stderr, words.join(' ')).toContain(hint);
      }
      // The hint is requested in parallel with the watch.
      const waits = ['watch', 'twin', 'only-in-b', '-n', 'default', '--until', 'create', '--timeout', '3s'];
      const wait = await kapi(waits, { env });
      expect(wait.stderr).toContain(hint);
      expect(wait.code).toBe(1);
      for (const words of [
        ['explain', 'twins.b.kapi.test'],
        ['list', 'twins.b.kapi.test', '-n', 'default'],
        ['explain', 'pods'],
      ]) {
        expect(await kapi(words, { env }), words.join(' ')).toMatchObject({ stderr: '', code: 0 });
      }
    } finally {
      // In parallel: each waits until the name is gone from discovery.
      await Promise.all([deleteCrd(first), deleteCrd(second)]);
    }
  });
});

describeOnServer('what objects lack', () => {
  it.concurrent('do not fail --sort-by and custom columns', async () => {
    const list = ['list', 'namespaces', '-o', 'name'];
    const plain = await kapi(list);
    const sorted = await kapi([...list, '--sort-by', '.status.nosuchfield']);
    expect(sorted).toEqual({
      ...plain,
      stderr:
        "Warning: --sort-by {.status.nosuchfield}: no object has this field, so the order is the server's\n",
    });
    const columns = await kapi([
      'list',
      'ns',
      '-o',
      'custom-columns=N:.metadata.name,F:.spec.finalizers[7]',
      '--no-headers',
    ]);
    expect(columns.stdout).toMatch(/^(\S+ +<none>\n)+$/);
    expect(columns).toMatchObject({ stderr: '', code: 0 });
  });

  it.concurrent('can be a namespace: an empty list says so', async () => {
    expect(await kapi(['list', 'pods', '-n', 'defualt'])).toEqual({
      stdout: '',
      stderr:
        'No resources found in defualt namespace.\nhint: there is no namespace "defualt"; did you mean default?\n',
      code: 0,
      signal: undefined,
    });
    const counted = await kapi(['list', 'pods,svc', '-n', 'defualt', '--require-nonempty', '-o', 'json']);
    expect(counted.code).toBe(1);
    expect(counted.stderr).toContain('hint: there is no namespace "defualt"');
  });

  it.concurrent('can be a namespace: an object that is not found, and a watch, say so', async () => {
    const hint = 'hint: there is no namespace "defualt"; did you mean default?\n';
    const got = await kapi(['get', 'pod', 'web', '-n', 'defualt']);
    expect(got.stderr).toMatch(/^Error from server \(NotFound\): pods "web" not found\n/);
    expect(got.stderr).toContain(hint);
    expect(got.code).toBe(4);
    // The hint is requested in parallel with the watch.
    for (const words of [['pods'], ['pod', 'web', '--until', 'create']]) {
      const watched = await kapi(['watch', ...words, '-n', 'defualt', '--timeout', '8s']);
      expect(watched.stderr, words.join(' ')).toContain(hint);
    }
    const there = await kapi(['get', 'pod', 'nosuchpod', '-n', 'dev']);
    expect(there.stderr).not.toContain('there is no namespace');
  });

  it.concurrent('can be in what --limit left out', async () => {
    const { stderr, code } = await kapi(['list', 'clusterroles', '--limit', '5']);
    expect(stderr).toMatch(/^5 of \d+ are shown \(--limit 5\)\n$/);
    expect(code).toBe(0);
  });
});

describeAgainstKubectl('a name that cannot be a segment of a path', () => {
  it.concurrent.each([
    [['get', 'configmap', '..']],
    [['get', 'configmap', 'a%b']],
    [['get', 'configmaps', '-n', '..']],
    [['get', 'configmaps', '-n', 'a/b']],
    [['get', 'configmaps', '-n', 'a%2fb']],
    [['get', 'configmap', '.']],
  ])('is refused in the words of kubectl: %j', async (words) => {
    const [ours, theirs] = await Promise.all([kapi(words), kubectl(words)]);
    expect(ours.stdout).toBe('');
    expect(ours.stderr.split('\n')[0]).toBe(`error: ${theirs.stderr.trimEnd().replace(/^error: /, '')}`);
    expect(ours.code).toBe(2);
  });
});

// Hints after a 404 for a named object: similar names in the same place, and where else to look.
import { describe, expect, it } from 'vitest';
import type { Exchange } from '../scripted-send.ts';
import { runKapi } from './run-kapi.ts';

const pods = '/api/v1/namespaces/default/pods';
const review = 'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

const absent = (path: string, name: string, kind = 'pods'): Exchange => ({
  request: `GET ${path}/${encodeURIComponent(name)}?includeObject=None`,
  reply: {
    status: 404,
    body: {
      ...{ kind: 'Status', status: 'Failure', reason: 'NotFound', code: 404 },
      message: `${kind} "${name}" not found`,
      details: { name, kind },
    },
  },
});

const names = (path: string, ...all: readonly string[]): Exchange => ({
  request: `GET ${path}?limit=500`,
  // Values are never read, not even from servers without metadata-only lists.
  headers: { accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' },
  reply: { body: { items: all.map((name) => ({ metadata: { name } })) } },
});

const allowed = (isAllowed: boolean): Exchange => ({
  request: review,
  reply: {
    status: 201,
    body: {
      kind: 'SelfSubjectAccessReview',
      apiVersion: 'authorization.k8s.io/v1',
      status: { allowed: isAllowed },
    },
  },
});

const hintsOf = (stderr: string): string[] => stderr.split('\n').filter((line) => line.startsWith('hint: '));

describe('a name that does not exist', () => {
  it.each([
    ['get pod crul -o name', 'crul', ['curl', 'web'], '`kapi get pod curl -o name`'],
    ['get pod/crul --context jane -o name', 'crul', ['curl'], '`kapi get pod/curl --context jane -o name`'],
    ['--context jane get pods -oname crul', 'crul', ['curl'], '`kapi --context jane get pods -oname curl`'],
    [
      'get pod wbe -o=name',
      'wbe',
      ['web', 'wbx'],
      '`kapi get pod wbx -o=name` or `kapi get pod web -o=name`',
    ],
    ['get pod CURL -o name', 'CURL', ['curl'], '`kapi get pod curl -o name`'],
    ['get pod pods -o name', 'pods', ['pods2'], '`kapi get pod pods2 -o name`'],
    ['get pods podz -o name', 'podz', ['pods'], '`kapi get pods pods -o name`'],
    ['get|pod|a b|-o|name', 'a b', ["a'b"], "`kapi get pod 'a'\\''b' -o name`"],
    ['get|pod|$(id)|-o|name', '$(id)', ['$(ip)'], "`kapi get pod '$(ip)' -o name`"],
    ['get|pod|`id`|-o|name', '`id`', ['`ip`'], "`kapi get pod '`ip`' -o name`"],
  ])('%s: the nearest name, on the same line', async (line, name, there, commands) => {
    const words = line.split(line.includes('|') ? '|' : ' ');
    const run = await runKapi(words, { replies: [absent(pods, name), names(pods, ...there)] });
    expect(run.code).toBe(4);
    expect(hintsOf(run.stderr)).toEqual([`hint: did you mean ${commands}?`]);
  });

  it('without a namespace: as well', async () => {
    const run = await runKapi('get node nod-1 -o name', {
      replies: [absent('/api/v1/nodes', 'nod-1', 'nodes'), names('/api/v1/nodes', 'node-1')],
    });
    expect(hintsOf(run.stderr)).toEqual(['hint: did you mean `kapi get node node-1 -o name`?']);
  });

  it('without a similar name: where else to look, if the user may', async () => {
    const run = await runKapi('get pod nothing -o name', {
      replies: [absent(pods, 'nothing'), names(pods, 'web'), allowed(true)],
    });
    expect(run.stderr).toContain('`kapi list pods -A --field-selector metadata.name=nothing`');
    const refused = await runKapi('get pod nothing -o name', {
      replies: [absent(pods, 'nothing'), names(pods, 'web'), allowed(false)],
    });
    expect(hintsOf(refused.stderr)).toEqual(['hint: looked in namespace "default" alone']);
  });

  it('in a namespace that does not exist: the namespace', async () => {
    const path = '/api/v1/namespaces/defualt/pods';
    const run = await runKapi('get pod web -o name -n defualt', {
      replies: [
        absent(path, 'web'),
        absent('/api/v1/namespaces', 'defualt', 'namespaces'),
        {
          request: 'GET /api/v1/namespaces?limit=500&includeObject=None',
          reply: {
            body: {
              ...{ kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata: {} },
              columnDefinitions: [{ name: 'Name', type: 'string', format: 'name' }],
              rows: [{ cells: ['default'] }],
            },
          },
        },
      ],
      config: { namespace: { value: 'defualt', origin: { kind: 'flag', text: '--namespace' } } },
    });
    expect(hintsOf(run.stderr)).toEqual(['hint: there is no namespace "defualt"; did you mean default?']);
  });

  it('sends one request for several names in one place', async () => {
    const run = await runKapi('get pods crul wbe -o name', {
      replies: [absent(pods, 'crul'), absent(pods, 'wbe'), names(pods, 'curl', 'web')],
    });
    expect(hintsOf(run.stderr)).toEqual([
      'hint: did you mean `kapi get pods curl wbe -o name`?',
      'hint: did you mean `kapi get pods crul web -o name`?',
    ]);
  });

  it.each([
    ['does not list', { status: 403 }],
    ['knows no metadata alone', { status: 406 }],
    ['answers with something else', { body: '<html>' }],
    ['fails', { status: 500 }],
  ])('keeps the usual hint if the server %s', async (_, reply) => {
    const run = await runKapi('get pod crul -o name', {
      replies: [absent(pods, 'crul'), { request: `GET ${pods}?limit=500`, reply }, allowed(true)],
    });
    expect(run.code).toBe(4);
    expect(hintsOf(run.stderr)).toEqual([
      'hint: looked in namespace "default"; `kapi list pods -A --field-selector metadata.name=crul` looks in all of them',
    ]);
  });

  it.each(['get pod crul -o name --error-format json', 'get pod crul -o name --ignore-not-found'])(
    'sends no further request: %s',
    async (line) => {
      const run = await runKapi(line, { replies: [absent(pods, 'crul')] });
      expect(run.requests).toHaveLength(1);
    },
  );
});

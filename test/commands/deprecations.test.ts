// kapi deprecations with a recording server: requests, findings, exit codes.
import { describe, expect, it } from 'vitest';
import '../../src/commands/deprecations/run.ts';
import type { Exchange, Reply } from '../scripted-send.ts';
import { runKapi, type RunResult } from './run-kapi.ts';

const verbs = ['get', 'list'];

function group(name: string, versions: readonly string[]): object {
  const of = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: of, preferredVersion: of[0] };
}

function resources(
  groupVersion: string,
  types: readonly (readonly [name: string, kind: string])[],
): Exchange {
  return {
    request: `GET ${groupVersion.includes('/') ? '/apis' : '/api'}/${groupVersion}`,
    reply: {
      body: {
        ...{ kind: 'APIResourceList', groupVersion },
        resources: types.map(([name, kind]) => ({ name, kind, singularName: '', namespaced: true, verbs })),
      },
    },
  };
}

const metadata = (path: string, items: readonly object[]): Exchange => ({
  request: `GET ${path}?limit=500`,
  headers: { accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' },
  reply: { body: { kind: 'PartialObjectMetadataList', metadata: {}, items } },
});

const written = (name: string, apiVersion: string): object => ({
  metadata: {
    name,
    namespace: 'dev',
    managedFields: [{ manager: 'tool', apiVersion, time: '2026-01-02T03:00:05Z' }],
  },
});

const forbidden: Reply = {
  status: 403,
  body: { kind: 'Status', status: 'Failure', reason: 'Forbidden', message: 'no', code: 403 },
};

const custom = (deprecated: boolean): Exchange => ({
  request: 'GET /apis/apiextensions.k8s.io/v1/customresourcedefinitions?limit=50',
  reply: {
    body: {
      items: [
        {
          spec: {
            ...{ group: 'example.com', names: { plural: 'things' } },
            versions: [{ name: 'v1', deprecated }, { name: 'v2' }],
          },
        },
      ],
    },
  },
});

/** A server with two old types, one with a newer version and one without. */
function server(metrics: Reply, lists: readonly Exchange[], isDeprecated = false): readonly Exchange[] {
  return [
    { request: 'GET /api', reply: { body: { kind: 'APIVersions', versions: ['v1'] } } },
    {
      request: 'GET /apis',
      reply: {
        body: {
          kind: 'APIGroupList',
          groups: [
            group('apps', ['v1', 'v1beta2']),
            group('resource.k8s.io', ['v1beta1']),
            group('example.com', ['v1', 'v2']),
          ],
        },
      },
    },
    resources('v1', [
      ['configmaps', 'ConfigMap'],
      ['endpoints', 'Endpoints'],
      ['events', 'Event'],
    ]),
    resources('apps/v1', [['deployments', 'Deployment']]),
    resources('apps/v1beta2', [['deployments', 'Deployment']]),
    resources('resource.k8s.io/v1beta1', [['resourceclaims', 'ResourceClaim']]),
    resources('example.com/v1', [['things', 'Thing']]),
    resources('example.com/v2', [['things', 'Thing']]),
    { request: 'GET /version', reply: { body: { gitVersion: 'v1.36.0', major: '1', minor: '36' } } },
    { request: 'GET /metrics', reply: metrics },
    custom(isDeprecated),
    ...lists,
  ];
}

const lists = (
  deployments: readonly object[],
  things = '/apis/example.com/v1/things',
): readonly Exchange[] => [
  metadata('/api/v1/configmaps', []),
  metadata('/apis/apps/v1/deployments', deployments),
  metadata(things, []),
];

const run = (flags: string, replies: readonly Exchange[]): Promise<RunResult> =>
  runKapi(`deprecations ${flags}`, { replies, now: new Date('2026-01-02T03:00:15Z') });

describe('kapi deprecations', () => {
  it('asks for metadata in versions that are not deprecated, and for nothing else', async () => {
    const { requests, stderr } = await run('', server({ body: '' }, lists([])));
    expect(requests.filter((line) => line.includes('limit=500'))).toHaveLength(3);
    expect(stderr).toContain(
      'note: objects of endpoints, resourceclaims.resource.k8s.io were not read: all their versions are deprecated',
    );
  });

  it('reads a custom type in its next version if the preferred one is deprecated', async () => {
    const { requests } = await run('', server({ body: '' }, lists([], '/apis/example.com/v2/things'), true));
    expect(requests).toContain('GET /apis/example.com/v2/things?limit=500');
  });

  it('names source, writer and time of each finding', async () => {
    const metric =
      'apiserver_requested_deprecated_apis{group="policy",removed_release="1.40",resource="x",subresource="",version="v1beta1"} 1\n';
    const { stdout, code } = await run('', server({ body: metric }, lists([written('web', 'apps/v1beta2')])));
    expect(code).toBe(1);
    expect(stdout)
      .toBe(`TYPE                             SERVED AS                 WRITTEN AS     BY     WHEN   SOURCE          GONE IN
x.policy                         policy/v1beta1            -              -      -      metric          1.40
deployments.apps                 apps/v1beta2              -              -      -      served          1.16
resourceclaims.resource.k8s.io   resource.k8s.io/v1beta1   -              -      -      served          1.38
things.example.com               example.com/v2            -              -      -      served          -
deployments.apps/web (dev)       apps/v1                   apps/v1beta2   tool   10s    managedFields   1.16
`);
  });

  it.each([
    ['--to 1.15', 0],
    ['--to 1.16', 1],
    ['--to v1.38.2', 1],
    ['', 1],
  ])('%s ends with %i', async (flags, code) => {
    expect((await run(flags, server({ body: '' }, lists([])))).code).toBe(code);
  });

  it('ends with 4 if a read is refused, and prints the rest', async () => {
    const { stdout, stderr, code } = await run('-o json', server(forbidden, lists([])));
    expect(code).toBe(4);
    expect((JSON.parse(stdout) as { findings: unknown[] }).findings).toHaveLength(3);
    expect(stderr).toContain('Warning: /metrics could not be read: ');
  });

  it('escapes names from the server', async () => {
    const { stdout } = await run('', server({ body: '' }, lists([written('a\u001b[31m', 'x\n/v1')])));
    expect(stdout).toContain('deployments.apps/a^[[31m (dev)');
    expect(stdout).toContain('x\\n/v1');
  });

  it.each([
    ['deprecations pods', 'no arguments'],
    ['deprecations --to 2', '--to'],
    ['deprecations --to 1.x', '--to'],
    ['deprecations -o wide', 'wide'],
  ])('%s is exit 2', async (line, words) => {
    const { code, stdout, stderr } = await runKapi(line);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
  });
});

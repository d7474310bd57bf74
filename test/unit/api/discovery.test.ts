import { describe, expect, it } from 'vitest';
import { fetchSurface } from '../../../src/api/discovery.ts';
import { decodeCache, encodeCache } from '../../../src/api/discovery-cache.ts';
import { typesByPriority } from '../../../src/api/groups.ts';
import { ConfigError, ConnectionError, RefusedError } from '../../../src/errors.ts';
import { recorded, replyOf } from '../../recorded.ts';
import { scriptedSend, type Exchange, type Reply } from '../../scripted-send.ts';

const accept =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,' +
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';

const aggregated: Exchange[] = [
  { request: 'GET /api', headers: { accept }, reply: replyOf('discovery/aggregated-api') },
  { request: 'GET /apis', headers: { accept }, reply: replyOf('discovery/aggregated-apis') },
];

describe('aggregated discovery', () => {
  it('takes two requests', async () => {
    const script = scriptedSend(aggregated);
    const { surface, complete, parts } = await fetchSurface(script.send);
    script.verify();
    expect(complete).toBe(true);
    expect(surface.problems).toEqual([]);
    expect(surface.groups.map(({ name }) => name)).toEqual([
      '',
      'apiregistration.k8s.io',
      'apps',
      'events.k8s.io',
      'authentication.k8s.io',
      'authorization.k8s.io',
      'autoscaling',
      'batch',
      'certificates.k8s.io',
      'networking.k8s.io',
      'policy',
      'rbac.authorization.k8s.io',
      'storage.k8s.io',
      'admissionregistration.k8s.io',
      'apiextensions.k8s.io',
      'scheduling.k8s.io',
      'coordination.k8s.io',
      'node.k8s.io',
      'discovery.k8s.io',
      'resource.k8s.io',
      'flowcontrol.apiserver.k8s.io',
      'stable.example.com',
    ]);
    const autoscaling = surface.groups.find(({ name }) => name === 'autoscaling');
    expect(autoscaling?.preferredVersion).toBe('v2');
    expect(autoscaling?.versions.map(({ version }) => version)).toEqual(['v2', 'v1']);
    expect(parts.api.etag).toMatch(/^"4D7E1BED/);
    const scale = typesByPriority(surface.groups)
      .find(({ resource }) => resource === 'deployments')
      ?.subresources.find(({ name }) => name === 'scale');
    expect(scale).toEqual({
      name: 'scale',
      group: 'autoscaling',
      version: 'v1',
      kind: 'Scale',
      verbs: ['get', 'patch', 'update'],
    });
  });

  it('asks again by ETag and keeps what is unchanged', async () => {
    const first = await fetchSurface(scriptedSend(aggregated).send);
    const etagOf = (name: string): string => recorded(name).response.headers['etag'] ?? '';
    const script = scriptedSend([
      {
        request: 'GET /api',
        headers: { 'if-none-match': etagOf('discovery/aggregated-api') },
        reply: { status: 304 },
      },
      {
        request: 'GET /apis',
        headers: { 'if-none-match': etagOf('discovery/aggregated-apis') },
        reply: {
          headers: { etag: '"new"' },
          body: {
            kind: 'APIGroupDiscoveryList',
            items: [{ metadata: { name: 'apps' }, versions: [{ version: 'v2' }] }],
          },
        },
      },
    ]);
    const second = await fetchSurface(script.send, first.parts);
    script.verify();
    expect(second.parts.api).toBe(first.parts.api);
    expect(second.parts.apis.etag).toBe('"new"');
    expect(second.surface.groups.map(({ name }) => name)).toEqual(['', 'apps']);
  });

  it('reports a stale version as a problem, not as a failure', async () => {
    const script = scriptedSend([
      { request: 'GET /api', reply: replyOf('discovery/aggregated-api') },
      {
        request: 'GET /apis',
        reply: {
          body: {
            kind: 'APIGroupDiscoveryList',
            apiVersion: 'apidiscovery.k8s.io/v2beta1',
            items: [
              {
                metadata: { name: 'metrics.k8s.io' },
                versions: [
                  { version: 'v1beta1', freshness: 'Stale' },
                  { version: 'v1alpha1', freshness: 'Current', resources: [] },
                ],
              },
            ],
          },
        },
      },
    ]);
    const { surface, complete } = await fetchSurface(script.send);
    expect(surface.problems).toEqual([
      {
        groupVersion: 'metrics.k8s.io/v1beta1',
        reason: 'the server calls its description stale, so the API behind it does not answer',
      },
    ]);
    expect(surface.groups.at(-1)?.preferredVersion).toBe('v1alpha1');
    expect(complete).toBe(true);
  });

  it('leaves out entries that cannot be a type', async () => {
    const script = scriptedSend([
      { request: 'GET /api', reply: { status: 404, body: '404 page not found' } },
      {
        request: 'GET /apis',
        reply: {
          body: {
            kind: 'APIGroupDiscoveryList',
            items: [
              7,
              { metadata: { name: 'empty' }, versions: [] },
              {
                metadata: { name: 'x.io' },
                versions: [
                  {
                    version: 'v1',
                    resources: [
                      null,
                      { resource: 'nokind', scope: 'Cluster' },
                      {
                        resource: 'xs',
                        responseKind: { kind: 'X' },
                        scope: 'Cluster',
                        verbs: ['list', 5],
                        shortNames: 'x',
                      },
                    ],
                  },
                ],
              },
            ],
          },
        },
      },
    ]);
    const { surface } = await fetchSurface(script.send);
    script.verify();
    expect(typesByPriority(surface.groups)).toEqual([
      {
        group: 'x.io',
        version: 'v1',
        resource: 'xs',
        kind: 'X',
        singular: '',
        shortNames: [],
        categories: [],
        namespaced: false,
        verbs: ['list'],
        subresources: [],
      },
    ]);
  });

  it.each([
    ['error/unauthorized-401', RefusedError, 'You must be logged in to the server (Unauthorized)'],
    [
      'error/forbidden-anonymous-root',
      RefusedError,
      'Error from server (Forbidden): forbidden: User "system:anonymous" cannot get path "/"',
    ],
  ])('passes on %s', async (name, type, message) => {
    const script = scriptedSend([
      { request: 'GET /api', reply: replyOf(name) },
      { request: 'GET /apis', reply: replyOf(name) },
    ]);
    const error: unknown = await fetchSurface(script.send).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ message });
  });

  it('passes on a broken connection', async () => {
    const refused = new ConnectionError('refused', { code: 'Refused' });
    const broken = scriptedSend([
      { request: 'GET /api', reply: refused },
      { request: 'GET /apis', reply: refused },
    ]);
    await expect(fetchSurface(broken.send)).rejects.toBe(refused);
  });

  it.each(['/api', '/apis'])('continues without %s if the other one was read', async (path) => {
    const script = scriptedSend(
      aggregated.map((exchange) =>
        exchange.request === `GET ${path}` ? { ...exchange, reply: { body: { kind: 'Pod' } } } : exchange,
      ),
    );
    const { surface, complete } = await fetchSurface(script.send);
    expect(surface.groups.length).toBe(path === '/api' ? 21 : 1);
    expect(surface.problems).toMatchObject([
      {
        groupVersion: path,
        reason: `unexpected answer of https://api.test:6443 to GET ${path}: no API${path === '/api' ? 'Versions' : 'GroupList'}`,
      },
    ]);
    expect(complete).toBe(false);
  });

  it('gives a hanging document its own time limit', async () => {
    const script = scriptedSend([
      { request: 'GET /api', reply: replyOf('discovery/aggregated-api') },
      { request: 'GET /apis', reply: { body: hanging() } },
    ]);
    const { surface } = await fetchSurface(script.send, undefined, { limitMs: 20, awaitsLogin: true });
    expect(surface.problems).toMatchObject([
      { groupVersion: '/apis', reason: 'GET /apis had no complete answer within 0.02 s' },
    ]);
  });

  it('ends when nothing is answered in time', async () => {
    const script = scriptedSend([
      { request: 'GET /api', reply: { body: hanging() } },
      { request: 'GET /apis', reply: { body: hanging() } },
    ]);
    await expect(fetchSurface(script.send, undefined, { limitMs: 20 })).rejects.toMatchObject({
      exitCode: 6,
      code: 'Timeout',
    });
  });

  it('throws errors that concern more than one document', async () => {
    const broken = new ConfigError('the plugin failed', { code: 'ExecFailed' });
    const script = scriptedSend([
      { request: 'GET /api', reply: broken },
      { request: 'GET /apis', reply: replyOf('discovery/aggregated-apis') },
    ]);
    await expect(fetchSurface(script.send)).rejects.toBe(broken);
  });
});

function connectionLost(): ConnectionError {
  return new ConnectionError('read ECONNRESET', { code: 'ConnectionReset' });
}

/** A body that never ends. */
async function* hanging(): AsyncGenerator<string> {
  yield '{"kind"';
  await new Promise(() => undefined);
}

describe('older servers', () => {
  /** The recorded group list, cut down to the groups whose documents are recorded too. */
  function groupList(names: readonly string[]): unknown {
    const { body } = recorded('root/apis').response;
    const groups =
      typeof body === 'object' && body !== null && 'groups' in body && Array.isArray(body.groups)
        ? body.groups
        : [];
    return {
      kind: 'APIGroupList',
      groups: groups.filter((group: { name: string }) => names.includes(group.name)),
    };
  }

  const names = ['apps', 'autoscaling', 'batch', 'stable.example.com'];
  const perVersion = ['apps_v1', 'autoscaling_v1', 'autoscaling_v2', 'batch_v1', 'stable.example.com_v1'].map(
    (name): Exchange => ({
      request: `GET /apis/${name.replace('_', '/')}`,
      reply: replyOf(`discovery/apis_${name}`),
    }),
  );
  const start: Exchange[] = [
    { request: 'GET /api', reply: replyOf('root/api') },
    { request: 'GET /apis', reply: { body: groupList(names) } },
    { request: 'GET /api/v1', reply: replyOf('discovery/api_v1') },
  ];

  it('give the same types document by document', async () => {
    const script = scriptedSend([...start, ...perVersion]);
    const old = await fetchSurface(script.send);
    script.verify();
    const fresh = await fetchSurface(scriptedSend(aggregated).send);
    const wanted = ['', ...names];
    const simple = (type: ReturnType<typeof typesByPriority>[number]): unknown => ({
      ...type,
      verbs: [...type.verbs].sort(),
      subresources: type.subresources.map((sub) => ({ ...sub, verbs: [...sub.verbs].sort() })),
    });
    expect(typesByPriority(old.surface.groups).map(simple)).toEqual(
      typesByPriority(fresh.surface.groups)
        .filter(({ group }) => wanted.includes(group))
        .map(simple),
    );
    expect(old.parts.apis.etag).toBe('');
  });

  it('can have a group version that fails', async () => {
    const script = scriptedSend([
      ...start,
      ...perVersion.slice(0, -1),
      { request: 'GET /apis/stable.example.com/v1', reply: { status: 503, body: 'service unavailable' } },
    ]);
    const { surface, complete } = await fetchSurface(script.send);
    script.verify();
    expect(surface.problems).toMatchObject([
      {
        groupVersion: 'stable.example.com/v1',
        reason:
          'Error from server (ServiceUnavailable): the server is currently unable to handle the request',
      },
    ]);
    expect(complete).toBe(false);
    expect(surface.groups.map(({ name }) => name)).toEqual(['', ...names]);
  });

  const faults: readonly (readonly [string, Reply | Error])[] = [
    ...[400, 401, 403, 404, 406, 410, 429, 500, 502, 503, 504].map(
      (status) => [`status ${status}`, { status }] as const,
    ),
    ['a redirect', { status: 302, headers: { location: 'https://login.test' } }],
    ['HTML', { headers: { 'content-type': 'text/html' }, body: '<html>log in</html>' }],
    ['nothing', {}],
    ['bytes that are no text', { body: Uint8Array.of(0x1f, 0x8b, 0, 255, 254) }],
    ['half of a document', { body: '{"resources": [' }],
    ['another document', { body: { kind: 'Status', status: 'Success' } }],
    ['null', { body: 'null' }],
    ['a list instead of a document', { body: '[]' }],
    ['types that are none', { body: { resources: { a: 1 } } }],
    ['a connection that breaks in the middle', { body: '{"resou', breaksWith: connectionLost() }],
    ['a connection that cannot be opened', connectionLost()],
    ['silence', { body: hanging() }],
  ];

  it.each(faults)(
    'can have a group version that answers with %s, and all others are read',
    async (_what, reply) => {
      const groups = ['a.io', 'bad.io', 'c.io'].map((name) => ({ name, versions: [{ version: 'v1' }] }));
      const resources = [{ name: 'foos', kind: 'Foo', namespaced: true, verbs: ['list'] }];
      const script = scriptedSend([
        { request: 'GET /api', reply: { body: { kind: 'APIVersions', versions: ['v1'] } } },
        { request: 'GET /api/v1', reply: replyOf('discovery/api_v1') },
        { request: 'GET /apis', reply: { body: { kind: 'APIGroupList', groups } } },
        { request: 'GET /apis/a.io/v1', reply: { body: { resources } } },
        { request: 'GET /apis/bad.io/v1', reply },
        { request: 'GET /apis/c.io/v1', reply: { body: { resources } } },
      ]);
      const { surface, complete } = await fetchSurface(script.send, undefined, { limitMs: 200 });
      expect(surface.problems.map(({ groupVersion }) => groupVersion)).toEqual(['bad.io/v1']);
      expect(surface.problems[0]?.reason).not.toBe('');
      expect(complete).toBe(false);
      const found = typesByPriority(surface.groups);
      expect(found.filter(({ resource }) => resource === 'foos').map(({ group }) => group)).toEqual([
        'a.io',
        'c.io',
      ]);
      expect(found.some(({ resource }) => resource === 'pods')).toBe(true);
    },
  );

  it('can have more hanging group versions than parallel requests', async () => {
    const groups = Array.from({ length: 12 }, (_, at) => ({
      name: `g${at}.io`,
      versions: [{ version: 'v1' }],
    }));
    const script = scriptedSend([
      { request: 'GET /api', reply: { body: { kind: 'APIVersions', versions: [] } } },
      { request: 'GET /apis', reply: { body: { kind: 'APIGroupList', groups } } },
      ...groups.map(({ name }, at) => ({
        request: `GET /apis/${name}/v1`,
        reply: at < 11 ? { body: hanging() } : { body: { resources: [{ name: 'foos', kind: 'Foo' }] } },
      })),
    ]);
    const { surface } = await fetchSurface(script.send, undefined, { limitMs: 2_500 });
    expect(surface.problems.length).toBe(11);
    expect(typesByPriority(surface.groups).map(({ group }) => group)).toEqual(['g11.io']);
  });

  it('never get more than ten parallel requests', async () => {
    let open = 0;
    let most = 0;
    const groups = Array.from({ length: 40 }, (_, at) => ({
      name: `g${at}.io`,
      versions: [{ version: 'v1' }],
    }));
    const script = scriptedSend([
      { request: 'GET /api', reply: { body: { kind: 'APIVersions', versions: [] } } },
      { request: 'GET /apis', reply: { body: { kind: 'APIGroupList', groups } } },
      ...groups.map(({ name }) => ({ request: `GET /apis/${name}/v1`, reply: { body: { resources: [] } } })),
    ]);
    await fetchSurface(async (request, options) => {
      most = Math.max(most, ++open);
      const response = await script.send(request, options);
      open--;
      return response;
    });
    script.verify();
    expect(most).toBe(10);
  });
});

describe('parents that only have subresources', () => {
  const consoles = { kind: 'Console', verbs: ['get'] };
  const old = { resources: [{ name: 'vms/console', namespaced: true, ...consoles }] };
  const invented = {
    resources: [{ name: 'vms', kind: '', namespaced: true, verbs: null }, ...old.resources],
  };
  const subresources = [{ subresource: 'console', responseKind: { kind: 'Console' }, verbs: ['get'] }];
  const types = [
    { resource: 'vms', responseKind: { kind: '' }, scope: 'Namespaced', verbs: null, subresources },
  ];
  const fresh = {
    kind: 'APIGroupDiscoveryList',
    items: [{ metadata: { name: 'x.io' }, versions: [{ version: 'v1', resources: types }] }],
  };
  const listing = { kind: 'APIGroupList', groups: [{ name: 'x.io', versions: [{ version: 'v1' }] }] };

  it.each<[string, readonly unknown[]]>([
    ['listed by their children alone', [listing, old]],
    ['invented by the aggregator', [listing, invented]],
    ['in the aggregated document', [fresh]],
  ])('are kept apart from types: %s', async (_what, [apis, version]) => {
    const script = scriptedSend([
      { request: 'GET /api', reply: { status: 404 } },
      { request: 'GET /apis', reply: { body: apis } },
      ...(version === undefined ? [] : [{ request: 'GET /apis/x.io/v1', reply: { body: version } }]),
    ]);
    const { surface, parts } = await fetchSurface(script.send);
    const found = surface.groups[0]?.versions[0];
    expect(found?.types).toEqual([]);
    expect(found?.parents).toMatchObject([
      {
        ...{ group: 'x.io', version: 'v1', resource: 'vms', kind: '', namespaced: true, verbs: [] },
        subresources: [{ name: 'console', kind: 'Console', verbs: ['get'] }],
      },
    ]);
    const kept = decodeCache(encodeCache({ parts, savedAtMs: 0 }));
    expect(kept?.parts).toEqual(parts);
  });
});

describe("Go's null for an empty list", () => {
  it.each<[string, unknown, unknown, unknown]>([
    ['in the old documents', { versions: null }, { kind: 'APIGroupList', groups: null }, undefined],
    [
      'in a list of types',
      { versions: null },
      {
        groups: [
          { name: 'x.io', versions: [{ version: 'v1' }] },
          { name: 'y.io', versions: null },
        ],
      },
      { resources: null },
    ],
    [
      'in the aggregated documents',
      { kind: 'APIGroupDiscoveryList', items: null },
      {
        kind: 'APIGroupDiscoveryList',
        items: [{ metadata: { name: 'x.io' }, versions: [{ version: 'v1', resources: null }] }],
      },
      undefined,
    ],
  ])('causes no problem: %s', async (_what, api, apis, version) => {
    const script = scriptedSend([
      { request: 'GET /api', reply: { body: api } },
      { request: 'GET /apis', reply: { body: apis } },
      ...(version === undefined ? [] : [{ request: 'GET /apis/x.io/v1', reply: { body: version } }]),
    ]);
    const { surface, complete } = await fetchSurface(script.send);
    script.verify();
    expect(surface.problems).toEqual([]);
    expect(complete).toBe(true);
    expect(typesByPriority(surface.groups)).toEqual([]);
  });
});

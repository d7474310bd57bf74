import { describe, expect, it } from 'vitest';
import { fetchSurface } from '../../../src/api/discovery.ts';
import { typesByPriority } from '../../../src/api/groups.ts';
import { ConnectionError, RefusedError, ServerError } from '../../../src/errors.ts';
import { recorded, replyOf } from '../../recorded.ts';
import { scriptedSend, type Exchange } from '../../scripted-send.ts';

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

  it('takes a stale version for a problem, not for a failure', async () => {
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

  it('leaves out what cannot be a type', async () => {
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

  it('passes on a broken connection and an answer that is no discovery', async () => {
    const refused = new ConnectionError('refused', { code: 'Refused' });
    const broken = scriptedSend([
      { request: 'GET /api', reply: refused },
      { request: 'GET /apis', reply: refused },
    ]);
    await expect(fetchSurface(broken.send)).rejects.toBe(refused);
    const wrong = scriptedSend([
      { request: 'GET /api', reply: { body: { kind: 'Pod' } } },
      { request: 'GET /apis', reply: replyOf('discovery/aggregated-apis') },
    ]);
    const error: unknown = await fetchSurface(wrong.send).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ServerError);
    expect(error).toMatchObject({
      message: 'unexpected answer of https://api.test:6443 to GET /api: no APIVersions',
      code: 'UnexpectedAnswer',
    });
  });
});

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

  it('may have a group version that fails', async () => {
    const script = scriptedSend([
      ...start,
      ...perVersion.slice(0, -1),
      { request: 'GET /apis/stable.example.com/v1', reply: { status: 503, body: 'service unavailable' } },
    ]);
    const { surface, complete } = await fetchSurface(script.send);
    script.verify();
    expect(surface.problems).toEqual([
      {
        groupVersion: 'stable.example.com/v1',
        reason:
          'Error from server (ServiceUnavailable): the server is currently unable to handle the request',
      },
    ]);
    expect(complete).toBe(false);
    expect(surface.groups.map(({ name }) => name)).toEqual(['', ...names]);
  });

  it('never get more than ten requests at a time', async () => {
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

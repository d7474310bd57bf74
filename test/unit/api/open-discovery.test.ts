import { describe, expect, it } from 'vitest';
import {
  cacheLifetimeMs,
  type CachedDiscovery,
  type DiscoveryCache,
} from '../../../src/api/discovery-cache.ts';
import { openDiscovery, type Discovery } from '../../../src/api/open-discovery.ts';
import { typesByPriority } from '../../../src/api/groups.ts';
import { UsageError } from '../../../src/errors.ts';
import { groupResourceOf } from '../../../src/model/resource.ts';
import { recorded, replyOf } from '../../recorded.ts';
import { scriptedSend, type Exchange, type Reply, type ScriptedSend } from '../../scripted-send.ts';

const full: Exchange[] = [
  { request: 'GET /api', reply: replyOf('discovery/aggregated-api') },
  { request: 'GET /apis', reply: replyOf('discovery/aggregated-apis') },
];
const unchanged: Exchange[] = ['api', 'apis'].map((name) => ({
  request: `GET /${name}`,
  headers: { 'if-none-match': recorded(`discovery/aggregated-${name}`).response.headers['etag'] ?? '' },
  reply: { status: 304 },
}));

function memoryCache(): DiscoveryCache & { kept: CachedDiscovery | undefined } {
  return {
    kept: undefined,
    read() {
      return Promise.resolve(this.kept);
    },
    write(parts, savedAtMs) {
      this.kept = { parts, savedAtMs };
      return Promise.resolve();
    },
  };
}

interface Run {
  readonly script: ScriptedSend;
  readonly discovery: Discovery;
  readonly warnings: string[];
}

function open(exchanges: readonly Exchange[], cache: DiscoveryCache = memoryCache(), atMs = 0): Run {
  const script = scriptedSend(exchanges);
  const warnings: string[] = [];
  const discovery = openDiscovery({
    send: script.send,
    cache,
    now: () => new Date(atMs),
    warn: (text) => warnings.push(text),
  });
  return { script, discovery, warnings };
}

async function warmCache(): Promise<ReturnType<typeof memoryCache>> {
  const cache = memoryCache();
  await open(full, cache).discovery.surface();
  return cache;
}

async function names(discovery: Discovery, words: string): Promise<string> {
  return (await discovery.resolve(words)).map(groupResourceOf).join(' ');
}

describe('resolve', () => {
  it('sends no request for well-known types', async () => {
    const { script, discovery } = open([]);
    expect(await names(discovery, 'po,deploy,pods,svc')).toBe('pods deployments.apps services');
    script.verify();
  });

  it('asks once for everything else, and then whether the answer is the same', async () => {
    const cache = memoryCache();
    const first = open(full, cache);
    expect(await names(first.discovery, 'ct,validatingadmissionpolicies')).toBe(
      'crontabs.stable.example.com validatingadmissionpolicies.admissionregistration.k8s.io',
    );
    first.script.verify();
    const second = open(unchanged, cache, cacheLifetimeMs - 1);
    expect(await names(second.discovery, 'crontabs.stable.example.com,crontabs.v1.stable.example.com')).toBe(
      'crontabs.stable.example.com',
    );
    second.script.verify();
  });

  it.each([
    'ct',
    'crontab',
    'CronTab',
    'crontabs',
    'ct.stable.example.com',
    'crontabs.v1.stable.example.com',
  ])('has the meaning of a name confirmed: %s', async (name) => {
    const { script, discovery } = open(unchanged, await warmCache());
    expect(await names(discovery, name)).toBe('crontabs.stable.example.com');
    script.verify();
  });

  it.each([
    ['too old', cacheLifetimeMs],
    ['of the future', -1],
  ])('asks by ETag when the cache is %s', async (_name, atMs) => {
    const cache = await warmCache();
    const { script, discovery } = open(unchanged, cache, atMs);
    expect(await names(discovery, 'ct')).toBe('crontabs.stable.example.com');
    script.verify();
    expect(cache.kept?.savedAtMs).toBe(atMs);
  });

  it('puts the types of a category in place and each type once', async () => {
    const { discovery } = open(unchanged, await warmCache());
    expect(await names(discovery, 'deploy,all,po')).toBe(
      'deployments.apps pods replicationcontrollers services daemonsets.apps replicasets.apps statefulsets.apps ' +
        'horizontalpodautoscalers.autoscaling cronjobs.batch jobs.batch crontabs.stable.example.com',
    );
  });

  it('refreshes the cache once before a name is unknown', async () => {
    const { script, discovery } = open(unchanged, await warmCache());
    const error: unknown = await discovery.resolve('crontap,foo').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({
      message: `the server doesn't have a resource type "crontap"`,
      code: 'UnknownResourceType',
      hint: 'did you mean `kapi … type crontap => crontabs`?\n`kapi resources` lists what the server has',
    });
    await expect(discovery.resolve('foo')).rejects.toThrow('the server doesn\'t have a resource type "foo"');
    script.verify();
  });

  it('finds a type that is newer than the cache', async () => {
    const [api] = unchanged;
    if (api === undefined) throw new Error('no exchange');
    const item = {
      metadata: { name: 'new.example.com' },
      versions: [
        { version: 'v1', resources: [{ resource: 'news', responseKind: { kind: 'New' }, scope: 'Cluster' }] },
      ],
    };
    const apis = { request: 'GET /apis', reply: { body: { kind: 'APIGroupDiscoveryList', items: [item] } } };
    const { script, discovery } = open([api, apis], await warmCache());
    expect(await names(discovery, 'news')).toBe('news.new.example.com');
    script.verify();
  });
});

describe('rediscover', () => {
  it('finds where an old server has the type, that there is nothing better, or no such type', async () => {
    const old = {
      metadata: { name: 'policy' },
      versions: [
        {
          version: 'v1beta1',
          resources: [
            {
              resource: 'poddisruptionbudgets',
              responseKind: { kind: 'PodDisruptionBudget' },
              scope: 'Namespaced',
            },
          ],
        },
      ],
    };
    const { script, discovery } = open([
      { request: 'GET /api', reply: replyOf('discovery/aggregated-api') },
      { request: 'GET /apis', reply: { body: { kind: 'APIGroupDiscoveryList', items: [old] } } },
    ]);
    const [pdb, leases, pods] = await discovery.resolve('pdb,leases,pods');
    if (pdb === undefined || leases === undefined || pods === undefined) throw new Error('unresolved');
    expect(pdb.version).toBe('v1');
    expect((await discovery.rediscover(pdb))?.version).toBe('v1beta1');
    await expect(discovery.rediscover(leases)).rejects.toMatchObject({
      message: expect.stringMatching(/^the server doesn't have a resource type "leases"/) as string,
      code: 'UnknownResourceType',
    });
    expect(await discovery.rediscover(pods)).toBeUndefined();
    script.verify();
  });
});

describe('surface', () => {
  it('asks in this run unless a cached answer will do', async () => {
    const cache = await warmCache();
    const lazy = open([], cache);
    expect((await lazy.discovery.groups('cached')).length).toBe(22);
    lazy.script.verify();
    const eager = open(unchanged, cache);
    expect(typesByPriority(await eager.discovery.groups()).length).toBeGreaterThan(60);
    await eager.discovery.groups('cached');
    eager.script.verify();
  });

  it('tells of versions that could not be read without a warning, and does not keep holes', async () => {
    const cache = memoryCache();
    const { discovery, warnings } = open(oldServer({ status: 503 }), cache);
    const { problems } = await discovery.surface();
    expect(problems).toMatchObject([
      {
        groupVersion: 'dead.io/v1',
        reason:
          'Error from server (ServiceUnavailable): the server is currently unable to handle the request',
      },
    ]);
    expect(warnings).toEqual([]);
    expect(cache.kept).toBeUndefined();
  });
});

describe('listing', () => {
  it('needs no types where the server does not send them along', async () => {
    const { script, discovery } = open(oldServer({ status: 503 }).slice(0, 2));
    const { groups, problems } = await discovery.listing();
    expect(groups.map(({ name }) => name)).toEqual(['', 'dead.io', 'ok.io']);
    expect(problems).toEqual([]);
    script.verify();
  });
});

describe('a type whose group cannot be read', () => {
  it.each(['foos', 'foos.dead.io', 'foos.v1.dead.io'])('is not said to be absent: %s', async (name) => {
    const { discovery } = open(oldServer({ status: 403 }));
    await expect(discovery.resolve(name)).rejects.toMatchObject({ exitCode: 5, code: 'TypesUnavailable' });
  });

  it('takes no other type with it', async () => {
    const { discovery } = open(oldServer({ status: 401 }));
    expect(await names(discovery, 'oks,deploy')).toBe('oks.ok.io deployments.apps');
  });
});

/** A server without aggregated discovery and with two groups, of which one answers as given. */
function oldServer(reply: Reply | Error): Exchange[] {
  const groups = ['dead.io', 'ok.io'].map((name) => ({ name, versions: [{ version: 'v1' }] }));
  const oks = { name: 'oks', kind: 'Ok', namespaced: true, verbs: ['list'] };
  return [
    { request: 'GET /api', reply: { body: { kind: 'APIVersions', versions: ['v1'] } } },
    { request: 'GET /apis', reply: { body: { kind: 'APIGroupList', groups } } },
    { request: 'GET /api/v1', reply: replyOf('discovery/api_v1') },
    { request: 'GET /apis/dead.io/v1', reply },
    { request: 'GET /apis/ok.io/v1', reply: { body: { resources: [oks] } } },
  ];
}

/** The documents of a server with aggregated discovery and one custom type. */
function newServer(type: object, version = 'v1'): Exchange[] {
  const item = { metadata: { name: 'test.io' }, versions: [{ version, resources: [type] }] };
  return [
    { request: 'GET /api', reply: replyOf('discovery/aggregated-api') },
    {
      request: 'GET /apis',
      reply: { headers: { etag: '"1"' }, body: { kind: 'APIGroupDiscoveryList', items: [item] } },
    },
  ];
}

describe('a kept type that the server has otherwise today', () => {
  const td = {
    resource: 'tds',
    responseKind: { kind: 'Td' },
    scope: 'Namespaced',
    shortNames: ['td'],
    verbs: ['list'],
  };

  it.each<[string, string, object, string?]>([
    ['td', 'another scope', { ...td, scope: 'Cluster' }],
    ['td', 'another plural', { ...td, resource: 'tests' }],
    ['td', 'another kind', { ...td, responseKind: { kind: 'Test' } }],
    ['td', 'another version', td, 'v2'],
    ['tds.test.io', 'another scope', { ...td, scope: 'Cluster' }],
    ['tds.test.io', 'another kind', { ...td, responseKind: { kind: 'Test' } }],
    ['tds.test.io', 'another version', td, 'v2'],
  ])('is found by what was typed: %s, %s', async (word, _what, now, version) => {
    const cache = memoryCache();
    await open(newServer(td), cache).discovery.surface();
    const cold = await open(newServer(now, version)).discovery.resolve(word);
    const { discovery, script } = open(newServer(now, version), cache);
    const warm = await discovery.resolve(word);
    expect(warm).toEqual(cold);
    expect(warm).toMatchObject([{ group: 'test.io', shortNames: ['td'] }]);
    script.verify();
  });

  it.each(['td', 'tds.test.io'])('is unknown when it was removed, as without a cache: %s', async (word) => {
    const cache = memoryCache();
    await open(newServer(td), cache).discovery.surface();
    const cold: unknown = await open(newServer({}))
      .discovery.resolve(word)
      .catch((thrown: unknown) => thrown);
    await expect(open(newServer({}), cache).discovery.resolve(word)).rejects.toEqual(cold);
  });

  it('does not keep its short name for the type that had it', async () => {
    const cache = memoryCache();
    await open(newServer(td), cache).discovery.surface();
    const other = { ...td, resource: 'tests', responseKind: { kind: 'Test' } };
    const types = [{ ...td, responseKind: { kind: 'Definition' }, shortNames: [] }, other];
    const item = { metadata: { name: 'test.io' }, versions: [{ version: 'v1', resources: types }] };
    const { discovery } = open(
      [
        { request: 'GET /api', reply: replyOf('discovery/aggregated-api') },
        { request: 'GET /apis', reply: { body: { kind: 'APIGroupDiscoveryList', items: [item] } } },
      ],
      cache,
    );
    expect(await names(discovery, 'td')).toBe('tests.test.io');
  });

  it('is kept if the server does not say', async () => {
    const cache = memoryCache();
    await open(newServer(td), cache).discovery.surface();
    const { discovery } = open(
      ['GET /api', 'GET /apis'].map((request) => ({ request, reply: { status: 403 } })),
      cache,
    );
    const [type] = await discovery.resolve('td');
    if (type === undefined) throw new Error('unresolved');
    expect(await discovery.rediscover(type)).toBeUndefined();
  });
});

describe('a kept category', () => {
  it('is confirmed by the server, because a missing member causes no error', async () => {
    const one = { resource: 'ones', responseKind: { kind: 'One' }, categories: ['cat'], verbs: ['list'] };
    const cache = memoryCache();
    await open(newServer(one), cache).discovery.surface();
    const item = (resource: string): object => ({ ...one, resource, responseKind: { kind: resource } });
    const { discovery } = open(
      [
        { request: 'GET /api', reply: { status: 304 } },
        {
          request: 'GET /apis',
          reply: {
            body: {
              kind: 'APIGroupDiscoveryList',
              items: [
                {
                  metadata: { name: 'test.io' },
                  versions: [{ version: 'v1', resources: [item('ones'), item('twos')] }],
                },
              ],
            },
          },
        },
      ],
      cache,
    );
    expect(await names(discovery, 'cat')).toBe('ones.test.io twos.test.io');
  });
});

describe('the cache', () => {
  it('is used however old it is, without a request', async () => {
    const old = open([], await warmCache(), 10 * cacheLifetimeMs);
    expect((await old.discovery.groups('kept')).some(({ name }) => name === 'apps')).toBe(true);
    expect(await open([]).discovery.groups('kept')).toEqual([]);
    old.script.verify();
  });
});

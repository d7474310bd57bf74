import { describe, expect, it } from 'vitest';
import {
  cacheLifetimeMs,
  type CachedDiscovery,
  type DiscoveryCache,
} from '../../../src/api/discovery-cache.ts';
import { openDiscovery, type Discovery } from '../../../src/api/open-discovery.ts';
import { UsageError } from '../../../src/errors.ts';
import { groupResourceOf } from '../../../src/model/resource.ts';
import { recorded, replyOf } from '../../recorded.ts';
import { scriptedSend, type Exchange, type ScriptedSend } from '../../scripted-send.ts';

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
  it('asks nobody for well-known types', async () => {
    const { script, discovery } = open([]);
    expect(await names(discovery, 'po,deploy,pods,svc')).toBe('pods deployments.apps services');
    script.verify();
  });

  it('asks once for everything else and keeps the answer', async () => {
    const cache = memoryCache();
    const first = open(full, cache);
    expect(await names(first.discovery, 'ct,validatingadmissionpolicies')).toBe(
      'crontabs.stable.example.com validatingadmissionpolicies.admissionregistration.k8s.io',
    );
    first.script.verify();
    const second = open([], cache, cacheLifetimeMs - 1);
    expect(await names(second.discovery, 'ct')).toBe('crontabs.stable.example.com');
    second.script.verify();
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
    const { discovery } = open([], await warmCache());
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
      hint: 'did you mean "crontabs"?\n`kapi resources` lists what the server has',
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
  it('finds where an old server has the type, or that there is nothing better', async () => {
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
    expect(await discovery.rediscover(leases)).toBeUndefined();
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
    expect((await eager.discovery.types()).length).toBeGreaterThan(60);
    await eager.discovery.groups('cached');
    eager.script.verify();
  });

  it('warns once of versions that could not be read, and does not keep holes', async () => {
    const cache = memoryCache();
    const { discovery, warnings } = open(
      [
        { request: 'GET /api', reply: { body: { kind: 'APIVersions', versions: ['v1'] } } },
        { request: 'GET /api/v1', reply: replyOf('discovery/api_v1') },
        {
          request: 'GET /apis',
          reply: {
            body: { kind: 'APIGroupList', groups: [{ name: 'dead.io', versions: [{ version: 'v1' }] }] },
          },
        },
        { request: 'GET /apis/dead.io/v1', reply: { status: 503 } },
      ],
      cache,
    );
    await discovery.surface();
    await discovery.types();
    expect(warnings).toEqual([
      'Warning: the types of dead.io/v1 could not be read: Error from server (ServiceUnavailable): the server is currently unable to handle the request',
    ]);
    expect(cache.kept).toBeUndefined();
  });
});

describe('what was kept', () => {
  it('is given however old it is, and nobody is asked', async () => {
    const old = open([], await warmCache(), 10 * cacheLifetimeMs);
    expect((await old.discovery.groups('kept')).some(({ name }) => name === 'apps')).toBe(true);
    expect(await open([]).discovery.types('kept')).toEqual([]);
    old.script.verify();
  });
});

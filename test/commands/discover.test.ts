// paths, groups, resources, version, config show with a scripted server.
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { exchangeOf, recorded, replyOf } from '../recorded.ts';
import type { Exchange } from '../scripted-send.ts';
import { runKapi } from './run-kapi.ts';

const discovery: readonly Exchange[] = [
  { request: 'GET /api', reply: replyOf('discovery/aggregated-api') },
  { request: 'GET /apis', reply: replyOf('discovery/aggregated-apis') },
];

describe('paths', () => {
  it('prints one path per line in a pipe', async () => {
    const run = await runKapi('paths', { replies: [exchangeOf('root/paths')] });
    const { body } = recorded('root/paths').response as { body: { paths: string[] } };
    expect(run).toMatchObject({ code: 0, stderr: '', stdout: `${body.paths.join('\n')}\n` });
  });

  it('prints a tree on a terminal', async () => {
    const run = await runKapi('paths /apis/batch', { tty: true, replies: [exchangeOf('root/paths')] });
    expect(run.stdout).toBe('/apis/batch\n└── v1\n');
  });

  it('matches a prefix by whole segments of a path', async () => {
    const replies = [
      { request: 'GET /', reply: { body: { paths: ['/apis/batch', '/apis/batch/v1', '/apis/batcher'] } } },
    ];
    expect((await runKapi('paths apis/batch', { replies })).stdout).toBe('/apis/batch\n/apis/batch/v1\n');
  });

  it('assembles a list if / is forbidden, and says so', async () => {
    const forbidden = { request: 'GET /', reply: replyOf('error/forbidden-anonymous-root') };
    const run = await runKapi('paths', { replies: [forbidden, ...discovery] });
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('/apis/batch/v1\n');
    expect(run.stderr).toMatch(/^Warning: you may not read \/, so this list is made of discovery/);
  });

  it('says which part is missing if discovery is forbidden too', async () => {
    const reply = replyOf('error/forbidden-anonymous-root');
    const replies = ['/', '/api', '/apis'].map((path) => ({ request: `GET ${path}`, reply }));
    const run = await runKapi('paths', { replies });
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('/version\n');
    expect(run.stderr).toContain('you may not read the API groups either');
  });
});

describe('groups', () => {
  it('shows the stage of each version', async () => {
    const run = await runKapi('groups autoscaling', { replies: discovery });
    expect(run.stdout).toBe(
      'GROUP         PREFERRED   VERSIONS                   PATH\n' +
        'autoscaling   v2          v2 (stable), v1 (stable)   /apis/autoscaling\n',
    );
  });

  it('suggests similar groups', async () => {
    expect(await runKapi('groups rbac', { replies: discovery })).toMatchObject({
      code: 2,
      stderr: 'error: the server has no API group "rbac"\nhint: did you mean rbac.authorization.k8s.io?\n',
    });
  });

  it('prints one group per line as ndjson', async () => {
    const run = await runKapi('groups batch -o ndjson', { replies: discovery });
    expect(JSON.parse(run.stdout)).toMatchObject({
      name: 'batch',
      versions: [{ version: 'v1', stage: 'stable' }],
    });
  });
});

describe('resources', () => {
  it('lists one version of a group', async () => {
    const run = await runKapi('resources batch/v1', { replies: discovery });
    expect(run.stdout).toBe(
      'NAME       SHORTNAMES   APIVERSION   NAMESPACED   KIND\n' +
        'cronjobs   cj           batch/v1     true         CronJob\n' +
        'jobs                    batch/v1     true         Job\n',
    );
  });

  it('shows subresources after their type', async () => {
    const run = await runKapi('resources batch --subresources -o name', { replies: discovery });
    expect(run.stdout).toBe('cronjobs.batch\ncronjobs/status.batch\njobs.batch\njobs/status.batch\n');
  });

  it.each([
    [
      '--namespaced=false --api-group= -o name',
      ['componentstatuses', 'namespaces', 'nodes', 'persistentvolumes'],
    ],
    [
      '--verbs list,deletecollection --categories all --api-group batch -o name',
      ['cronjobs.batch', 'jobs.batch'],
    ],
    ['v1 --sort-by kind --verbs bogus -o name', []],
  ])('%s', async (flags, names) => {
    const run = await runKapi(`resources ${flags}`, { replies: discovery });
    expect(run.stdout.split('\n').filter((line) => line !== '')).toEqual(names);
  });

  it('refuses two groups', async () => {
    expect(await runKapi('resources batch --api-group apps')).toMatchObject({ code: 2 });
  });

  it('warns about an aggregated API that is down and shows the rest', async () => {
    const apis = structuredClone(recorded('discovery/aggregated-apis').response.body) as {
      items: { metadata: { name: string }; versions: { freshness: string; resources: unknown[] }[] }[];
    };
    const batch = apis.items.find((item) => item.metadata.name === 'batch')!;
    batch.versions[0]!.freshness = 'Stale';
    batch.versions[0]!.resources = [];
    const stale = { request: 'GET /apis', reply: { ...replyOf('discovery/aggregated-apis'), body: apis } };
    const run = await runKapi('resources --verbs patch -o name', { replies: [discovery[0]!, stale] });
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('deployments.apps\n');
    expect(run.stderr).toContain(
      'Warning: the types of batch/v1 could not be read: the server calls its description stale',
    );
  });
});

describe('version', () => {
  const reply = { request: 'GET /version', reply: replyOf('root/version') };

  it('shows both', async () => {
    const run = await runKapi('version', { replies: [reply] });
    expect(run.stdout).toMatch(/^kapi: \S+ \(Kubernetes 1\.36\)\nServer: v1\.36\.2\n$/);
    expect(run.stderr).toBe('');
  });

  it('sends no request with --client', async () => {
    expect(await runKapi('version --client')).toMatchObject({ code: 0, requests: [] });
  });

  it('warns about a large version skew', async () => {
    const old = {
      request: 'GET /version',
      reply: { body: { gitVersion: 'v1.30.1', major: '1', minor: '30+' } },
    };
    const run = await runKapi('version -o json', { replies: [old] });
    expect(JSON.parse(run.stdout)).toMatchObject({ serverVersion: { gitVersion: 'v1.30.1' } });
    expect(run.stderr).toContain('WARNING: version difference between client (1.36) and server (1.30)');
  });
});

describe('config show', () => {
  const origin = { kind: 'kubeconfig', text: '/home/jane/.kube/config, user "jane"' } as const;

  it('names the origin of each part and shows no secret', async () => {
    const run = await runKapi('config show', {
      config: {
        authorization: { kind: 'token', token: new Secret('s3cret-token'), origin },
        proxy: { value: new Secret('http://me:s3cret-proxy@proxy:3128'), origin },
        impersonation: { user: 'bob', groups: ['a', 'b'], extra: { scopes: ['view'] }, origin },
      },
    });
    expect(run).toMatchObject({ code: 0, requests: [] });
    expect(run.stdout).toContain('credential              token (redacted)');
    expect(run.stdout).toContain('http://me:(redacted)@proxy:3128');
    expect(run.stdout).toContain('as-groups               a, b');
    expect(run.stdout).not.toContain('s3cret');
  });

  it('says so if the server certificate is not verified', async () => {
    const run = await runKapi('config show -o json', {
      config: {
        insecureSkipTlsVerify: { value: true, origin: { kind: 'flag', text: '--insecure-skip-tls-verify' } },
      },
    });
    expect(JSON.parse(run.stdout)['certificate-authority']).toEqual({
      value: 'not checked: whoever answers gets the credentials',
      from: '--insecure-skip-tls-verify',
    });
  });
});

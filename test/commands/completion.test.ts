// The requests at a TAB, and the candidates if the server is silent, refuses or returns wrong data.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConnectionError } from '../../src/errors.ts';
import { replyOf } from '../recorded.ts';
import type { Exchange, Reply } from '../scripted-send.ts';
import { frozenTime, virtualTime } from '../virtual-time.ts';
import { runKapi, type RunOptions, type RunResult } from './run-kapi.ts';

const directory = mkdtempSync(join(tmpdir(), 'kapi-completion-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Presses TAB at the end of the words, without a time limit. */
function tab(words: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return runKapi(['__complete', 'kubectl', ...words], { time: frozenTime(), ...options });
}

/** Candidates alone. */
function values({ stdout, stderr, code }: RunResult): string[] {
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  return stdout
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith(':'))
    .map((line) => line.split('\t')[0] ?? '');
}

const discovery: readonly Exchange[] = [
  { request: 'GET /api', reply: replyOf('discovery/aggregated-api') },
  { request: 'GET /apis', reply: replyOf('discovery/aggregated-apis') },
];

function table(...names: readonly unknown[]): Reply {
  return {
    body: {
      ...{ kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata: { resourceVersion: '1' } },
      columnDefinitions: [{ name: 'Name', type: 'string', format: 'name', description: '', priority: 0 }],
      rows: names.map((name) => ({ cells: [name] })),
    },
  };
}

const pods = 'GET /api/v1/namespaces/default/pods?limit=1000&includeObject=None';
const namespaces = 'GET /api/v1/namespaces?limit=1000&includeObject=None';

describe('aliases and defaults of kubectl', () => {
  const kuberc = (text: string): RunOptions => {
    const path = join(mkdtempSync(join(directory, 'kuberc-')), 'kuberc');
    writeFileSync(path, `apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n${text}\n`);
    return { env: { KUBERC: path } };
  };
  const aliases = `aliases:
- {name: getp, command: get, prependArgs: [pods], appendArgs: [--quiet], options: [{name: output, default: name}]}
- {name: watch, command: get}
- {name: broken, command: get, options: [{name: nothing, default: x}]}`;

  it('are offered with the commands, except those that a command of kapi replaces', async () => {
    const { stdout } = await tab([''], kuberc(aliases));
    expect(stdout).toMatch(/^getp\talias for get pods --quiet$/m);
    expect(stdout.match(/^watch\t/gm)).toHaveLength(1);
    expect(values(await tab(['getp'], kuberc(aliases)))).toEqual(['getp']);
    expect((await runKapi(['__complete', 'zsh', 'getp'], kuberc(aliases))).stdout).not.toContain('alias');
  });

  it('complete as their command does, with their flags', async () => {
    const names = { request: pods, reply: table('web') };
    expect(values(await tab(['getp', ''], { ...kuberc(aliases), replies: [names] }))).toEqual(['web']);
    expect(values(await tab(['getp', '--namesp'], kuberc(aliases)))).toEqual(['--namespace']);
    expect(values(await tab(['getp', '--outp'], kuberc(aliases)))).toEqual(['--output']);
    const text = 'defaults: [{command: get, options: [{name: filename, default: x}]}]';
    expect(values(await tab(['get', 'pods', ''], { ...kuberc(text), replies: [names] }))).toEqual(['web']);
  });

  it('are left out silently if they are wrong', async () => {
    expect(values(await tab(['broken', ''], kuberc(aliases)))).toEqual([]);
    expect(values(await tab(['wat'], kuberc('aliases: 3')))).toEqual(['watch']);
  });
});

describe('names', () => {
  it('come from one request for the smallest possible table', async () => {
    const run = await tab(['get', 'pods', 'web', ''], {
      replies: [{ request: pods, reply: table('web', 'web-2', 'api') }],
    });
    expect(values(run)).toEqual(['api', 'web-2']);
  });

  it('have the namespace and type of the line', async () => {
    const run = await tab(['get', 'deploy/w', '-n', 'dev', '--as', 'jane', 'deploy/a'], {
      replies: [
        {
          request: 'GET /apis/apps/v1/namespaces/default/deployments?limit=1000&includeObject=None',
          reply: table('a1', 'b'),
        },
      ],
    });
    // The scripted configuration already includes the flags.
    expect(values(run)).toEqual(['deploy/a1']);
  });

  it('are not requested if no name is needed', async () => {
    expect(values(await tab(['list', 'pods', '']))).toEqual([]);
    expect(values(await tab(['list', '--na']))).toEqual(['--namespace']);
  });

  it('that look like shell code are offered unchanged, those that cannot be typed are not', async () => {
    const run = await tab(['get', 'pods', ''], {
      replies: [{ request: pods, reply: table('$(touch x)', 'a b', '-rf', 'c\u001b[31m', 'd\ne', 7, 'é') }],
    });
    expect(values(run)).toEqual(['$(touch x)', 'a b', 'é']);
  });
});

describe('service accounts', () => {
  const accounts = (namespace: string): string =>
    `GET /api/v1/namespaces/${namespace}/serviceaccounts?limit=1000&includeObject=None`;

  it('come from the namespace of the request, and after NAMESPACE/ from that namespace', async () => {
    const own = await tab(['whoami', '--as-sa', ''], {
      replies: [
        { request: accounts('default'), reply: table('default', 'robot') },
        { request: namespaces, reply: table('default', 'dev') },
      ],
    });
    expect(values(own)).toEqual(['default', 'default/', 'dev/', 'robot']);
    const other = await tab(['whoami', '--as-sa', 'dev/r'], {
      replies: [{ request: accounts('dev'), reply: table('default', 'robot') }],
    });
    expect(values(other)).toEqual(['dev/robot']);
  });
});

describe('namespaces', () => {
  it('are listed, or come from contexts if the user may not list them', async () => {
    const listed = await tab(['list', 'pods', '-n', 'd'], {
      replies: [{ request: namespaces, reply: table('default', 'dev', 'other') }],
    });
    expect(values(listed)).toEqual(['default', 'dev']);
    const file = join(directory, 'contexts');
    const context = (name: string, namespace: string): unknown => ({
      name,
      context: { cluster: 'c', namespace },
    });
    writeFileSync(file, JSON.stringify({ contexts: [context('one', 'mine'), context('two', '')] }));
    const refused = await tab(['list', 'pods', '-n', ''], {
      replies: [{ request: namespaces, reply: replyOf('error/forbidden-anonymous-pods') }],
      env: { KUBECONFIG: file },
    });
    expect(values(refused)).toEqual(['default', 'mine']);
  });
});

describe('types', () => {
  it('are all types of the server', async () => {
    expect(values(await tab(['list', 'cront'], { replies: discovery }))).toEqual(['crontabs']);
    expect(values(await tab(['list', 'pods,po'], { replies: discovery }))).toEqual([
      'pods,poddisruptionbudgets',
      'pods,podtemplates',
    ]);
    expect(values(await tab(['list', 'cm'], { replies: discovery }))).toEqual(['cm']);
    expect(values(await tab(['list', 'events.'], { replies: discovery }))).toEqual(['events.events.k8s.io']);
    expect(values(await tab(['can-i', 'get', 'pods/e'], {}))).toEqual([
      'pods/ephemeralcontainers',
      'pods/eviction',
      'pods/exec',
    ]);
  });

  it.each<readonly [string, readonly Exchange[]]>([
    [
      'cannot be reached',
      [
        { request: 'GET /api', reply: new ConnectionError('no', { code: 'X' }) },
        { request: 'GET /apis', reply: new ConnectionError('no', { code: 'X' }) },
      ],
    ],
    [
      'refuses',
      [
        { request: 'GET /api', reply: replyOf('error/unauthorized-401') },
        { request: 'GET /apis', reply: replyOf('error/unauthorized-401') },
      ],
    ],
    [
      'lies',
      [
        { request: 'GET /api', reply: { body: ['<html>'] } },
        { request: 'GET /apis', reply: { body: { kind: 'APIGroupDiscoveryList', items: 7 } } },
      ],
    ],
  ])('are the well-known ones if the server %s', async (_, replies) => {
    expect(values(await tab(['list', 'po'], { replies }))).toEqual([
      'poddisruptionbudgets',
      'pods',
      'podtemplates',
    ]);
  });

  it('are the well-known ones after the time limit', async () => {
    const never: Reply = { body: forEver() };
    const run = await tab(['list', 'podt'], {
      replies: [
        { request: 'GET /api', reply: never },
        { request: 'GET /apis', reply: never },
      ],
      time: virtualTime(),
    });
    expect(values(run)).toEqual(['podtemplates']);
  });
});

async function* forEver(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('{');
  await new Promise(() => undefined);
}

describe('paths', () => {
  it.each<readonly [string, string, readonly Exchange[], readonly string[]]>([
    ['get', '/a', discovery, ['/api', '/apis']],
    [
      'get',
      '/apis/ap',
      discovery,
      ['/apis/apiextensions.k8s.io', '/apis/apiregistration.k8s.io', '/apis/apps'],
    ],
    ['get', '/apis/apps', discovery, ['/apis/apps/v1']],
    ['curl', '/api/v1/pod', discovery, ['/api/v1/pods', '/api/v1/podtemplates']],
    [
      'curl',
      '/api/v1/namespaces/d',
      [...discovery, { request: namespaces, reply: table('dev') }],
      ['/api/v1/namespaces/dev'],
    ],
    [
      'curl',
      '/api/v1/namespaces/default/pods/',
      [...discovery, { request: pods, reply: table('a/b', 'system:x') }],
      ['/api/v1/namespaces/default/pods/a%2Fb', '/api/v1/namespaces/default/pods/system:x'],
    ],
    ['curl', '/api/v1/namespaces/default/pods/web/l', discovery, ['/api/v1/namespaces/default/pods/web/log']],
    ['curl', '/api/v1/pods?limit=5&la', [], ['/api/v1/pods?limit=5&labelSelector=']],
    ['paths', '/apis/batch/', discovery, ['/apis/batch/v1']],
    ['curl', 'pods/web/l', [], ['pods/web/log']],
  ])('kapi %s %s', async (command, text, replies, expected) => {
    expect(values(await tab([command, text], { replies }))).toEqual(expected);
  });
});

describe('fields', () => {
  const index = { paths: { 'api/v1': { serverRelativeURL: '/openapi/v3/api/v1?hash=A' } } };
  const gvk = { group: '', version: 'v1', kind: 'Pod' };
  const document = {
    paths: { '/api/v1/namespaces/{namespace}/pods': { get: { 'x-kubernetes-group-version-kind': gvk } } },
    components: {
      schemas: {
        Pod: {
          'x-kubernetes-group-version-kind': [gvk],
          type: 'object',
          properties: {
            metadata: {
              type: 'object',
              properties: { name: { type: 'string' }, namespace: { type: 'string' } },
            },
            spec: {
              type: 'object',
              properties: {
                containers: {
                  type: 'array',
                  items: { type: 'object', properties: { image: { type: 'string' } } },
                },
                nodeName: { type: 'string' },
              },
            },
          },
        },
      },
    },
  };
  const schemas: readonly Exchange[] = [
    { request: 'GET /openapi/v3', reply: { body: index } },
    { request: 'GET /openapi/v3/api/v1?hash=A', reply: { body: document } },
  ];

  it.each<readonly [readonly string[], readonly string[]]>([
    [
      ['list', 'pods', '-o', 'jsonpath='],
      ['jsonpath={.apiVersion}', 'jsonpath={.items[*]', 'jsonpath={.kind}', 'jsonpath={.metadata}'],
    ],
    [
      ['list', 'pods', '-o', 'jsonpath={.items'],
      ['jsonpath={.items[*].metadata', 'jsonpath={.items[*].spec'],
    ],
    [['list', 'pods', '-ojsonpath={.items[0].spec.c'], ['-ojsonpath={.items[0].spec.containers[*]']],
    [
      ['list', 'pods', '-o', 'jsonpath={.items[*].spec.containers[*]'],
      ['jsonpath={.items[*].spec.containers[*].image}'],
    ],
    [
      ['list', 'pods', '-o', 'jsonpath={range .items[*]}{.metadata.n'],
      ['jsonpath={range .items[*]}{.metadata.name}', 'jsonpath={range .items[*]}{.metadata.namespace}'],
    ],
    [
      ['list', 'pods', '-o', 'jsonpath={range .items[*]}x{end}{.k'],
      ['jsonpath={range .items[*]}x{end}{.kind}'],
    ],
    [['get', 'pod', 'x', '-o', 'jsonpath={.sp'], ['jsonpath={.spec']],
    [['get', 'pod/x', '-o', 'jsonpath={.spec.node'], ['jsonpath={.spec.nodeName}']],
    [
      ['watch', 'pods', '-o', 'custom-columns=N:.metadata.name,I:spec.con'],
      ['custom-columns=N:.metadata.name,I:spec.containers[*]'],
    ],
    [['list', 'pods', '--sort-by', '.spec.n'], ['.spec.nodeName']],
    [['list', 'pods', '--sort-by={.spec.n'], ['--sort-by={.spec.nodeName}']],
    [
      ['list', 'pods', '--sort-by', ''],
      ['.metadata', '.spec'],
    ],
  ])('%j', async (words, expected) => {
    const replies = schemas.map((one) => ({ ...one }));
    expect(values(await tab(words, { replies })).sort()).toEqual([...expected].sort());
  });

  it('of anything but a plain path are not guessed, and no request is sent', async () => {
    expect(values(await tab(['list', 'pods', '-o', 'jsonpath={.items[*].metadata.name}']))).toEqual([]);
    expect(values(await tab(['list', 'pods', '-o', 'jsonpath=x']))).toEqual([]);
  });

  it('come from an object if the server has no schemas', async () => {
    const one = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' }, spec: { nodeName: 'n' } };
    const run = await tab(['list', 'pods', '--sort-by', '.spec.n'], {
      replies: [
        { request: 'GET /openapi/v3', reply: replyOf('error/forbidden-anonymous-root') },
        {
          request: 'GET /api/v1/namespaces/default/pods?limit=1',
          reply: { body: { apiVersion: 'v1', kind: 'PodList', metadata: {}, items: [one] } },
        },
      ],
    });
    expect(values(run)).toEqual(['.spec.nodeName']);
  });

  it('are paths that kapi explain accepts', async () => {
    const run = await tab(['explain', 'pods.spec.'], { replies: [...discovery, ...schemas] });
    expect(values(run)).toEqual(['pods.spec.containers', 'pods.spec.nodeName']);
  });
});

describe('selectors', () => {
  it('have the labels of the listed objects', async () => {
    const rows = [{ app: 'web', tier: 'front' }, { app: 'api' }].map((labels) => ({
      cells: ['x'],
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: { labels } },
    }));
    const reply: Reply = {
      body: {
        ...{ kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata: {} },
        ...{ columnDefinitions: [{ name: 'Name', type: 'string', format: 'name' }], rows },
      },
    };
    const all = 'GET /api/v1/pods?limit=1000';
    expect(
      values(await tab(['list', 'pods', '-A', '-l', ''], { replies: [{ request: all, reply }] })),
    ).toEqual(['app', 'tier']);
    expect(
      values(
        await tab(['list', 'pods', '-A', '-l', 'tier=front,app!='], { replies: [{ request: all, reply }] }),
      ),
    ).toEqual(['tier=front,app!=api', 'tier=front,app!=web']);
    expect(
      values(await tab(['list', 'pods', '-A', '-L', 'app,'], { replies: [{ request: all, reply }] })),
    ).toEqual(['app,tier']);
  });

  it('have the fields of the type', async () => {
    expect(values(await tab(['list', 'pods', '--field-selector', 'status.ph']))).toEqual(['status.phase=']);
    expect(values(await tab(['list', 'po', '--field-selector', 'metadata.name=a,status.phase=R']))).toEqual([
      'metadata.name=a,status.phase=Running',
    ]);
  });
});

describe('goals of a watch', () => {
  it('are the conditions of an object, or fields', async () => {
    const conditions = [{ type: 'Ready' }, { type: 'PodScheduled' }, { type: 7 }];
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, status: { conditions } };
    const run = await tab(['watch', 'pod', 'web', '--until', 'condition='], {
      replies: [
        {
          request: 'GET /api/v1/namespaces/default/pods?fieldSelector=metadata.name%3Dweb&limit=1',
          reply: { body: { apiVersion: 'v1', kind: 'PodList', metadata: {}, items: [pod] } },
        },
      ],
    });
    expect(values(run)).toEqual(['condition=PodScheduled', 'condition=Ready']);
    expect(values(await tab(['watch', 'pods', '--until', 'c']))).toEqual(['cel=', 'condition=', 'create']);
  });
});

describe('the configuration', () => {
  it('provides names, and no secrets', async () => {
    const file = join(directory, 'kubeconfig');
    writeFileSync(
      file,
      JSON.stringify({
        'current-context': 'a',
        clusters: [
          { name: 'used', cluster: { server: 'https://x' } },
          { name: 'unused', cluster: {} },
        ],
        users: [
          { name: 'me', user: { token: 'SECRET' } },
          { name: '--rf', user: {} },
        ],
        contexts: [
          { name: 'a', context: { cluster: 'used', user: 'me' } },
          { name: 'b c', context: {} },
        ],
      }),
    );
    const env = { KUBECONFIG: file };
    expect((await tab(['--context', ''], { env })).stdout).toBe(
      'a\tcurrent, cluster used, user me\nb c\n:4\n',
    );
    expect(values(await tab(['--cluster='], { env }))).toEqual(['--cluster=unused', '--cluster=used']);
    expect(values(await tab(['--user', ''], { env }))).toEqual(['me']);
  });

  it('that cannot be read is skipped', async () => {
    const file = join(directory, 'broken');
    writeFileSync(file, 'clusters: [SECRET');
    expect(values(await tab(['--context', ''], { env: { KUBECONFIG: file } }))).toEqual([]);
  });
});

describe('words', () => {
  it.each<readonly [readonly string[], readonly string[]]>([
    [['w'], ['watch', 'whoami', 'who-can']],
    [['raw'], ['raw']],
    [['help', 'exit'], ['exit-codes']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish', 'powershell'],
    ],
    [['can-i', 'get,l'], ['get,list']],
    [['resources', '--verbs', 'list,wa'], []],
    [
      ['version', '-o', ''],
      ['json', 'yaml'],
    ],
    [['list', '--kubeconfig', '/e'], []],
    [['list', 'pods', '--no-headers', '--no-h'], []],
  ])('%j', async (words, expected) => {
    const replies = words.includes('--verbs')
      ? [
          { request: 'GET /api', reply: replyOf('error/unauthorized-401') },
          { request: 'GET /apis', reply: replyOf('error/unauthorized-401') },
        ]
      : [];
    const found = values(await tab(words, { replies }));
    expect(found).toEqual(words.includes('--verbs') ? ['list,watch'] : expected);
  });

  it('of a shell without a script are an error', async () => {
    const run = await runKapi(['__complete', 'tcsh', '']);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    const other = await runKapi('completion tcsh');
    expect(other.code).toBe(2);
    expect(other.stderr).toContain('shells: bash, zsh, fish');
  });

  it('stay out of the help', async () => {
    expect((await runKapi('help')).stdout).not.toContain('__complete');
  });
});

import { describe, expect, it } from 'vitest';
import { questionText, readQuestions, type QuestionWords } from '../../../src/api/access-question.ts';
import { openDiscoveryCache } from '../../../src/api/discovery-cache.ts';
import { openDiscovery, type Discovery } from '../../../src/api/open-discovery.ts';
import { UsageError } from '../../../src/errors.ts';
import { exchangeOf } from '../../recorded.ts';
import { scriptedSend, type Exchange } from '../../scripted-send.ts';

const surface = [exchangeOf('discovery/aggregated-api'), exchangeOf('discovery/aggregated-apis')];

interface Asked {
  readonly texts: string[];
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
}

/** @param exchanges what discovery costs; none for well-known types */
async function read(
  line: string,
  more: Partial<QuestionWords> & {
    strict?: boolean;
    refusesUnknown?: boolean;
    exchanges?: readonly Exchange[];
  } = {},
): Promise<Asked> {
  const { strict = false, refusesUnknown, exchanges = [], ...words } = more;
  const [verb = '', target = '', name] = line.split(' ');
  const script = scriptedSend(exchanges);
  const discovery = (): Promise<Discovery> =>
    Promise.resolve(
      openDiscovery({
        send: script.send,
        cache: openDiscoveryCache(undefined),
        now: () => new Date(0),
        warn: (text) => {
          throw new Error(text);
        },
      }),
    );
  const opened = discovery();
  const found = await readQuestions(
    { verb, target, name, namespace: 'dev', namespaceGiven: false, ...words },
    () => opened,
    { strict, refusesUnknown: refusesUnknown ?? strict },
  );
  script.verify();
  const { questions, warnings, notes } = found;
  return { texts: questions.map(({ question }) => questionText(question)), warnings, notes };
}

describe('readQuestions', () => {
  it.each([
    ['get pods', 'get pods in namespace "dev"'],
    ['get po', 'get pods in namespace "dev"'],
    ['list deploy', 'list deployments.apps in namespace "dev"'],
    ['get pods web-0', 'get pods "web-0" in namespace "dev"'],
    ['get /metrics', 'get /metrics'],
    ['* *', '* * in namespace "dev"'],
    ['impersonate users', 'impersonate users in the whole cluster'],
    ['get nodes', 'get nodes in the whole cluster'],
    ['list namespaces', 'list namespaces in the whole cluster'],
    // The server judges it as a request within that namespace.
    ['get ns dev', 'get namespaces "dev" in namespace "dev"'],
  ])('%s', async (line, text) => {
    expect(await read(line)).toEqual({ texts: [text], warnings: [], notes: [] });
  });

  it('reads pods/exec as the subresource, and says so', async () => {
    expect(await read('create pods/exec')).toEqual({
      texts: ['create pods/exec in namespace "dev"'],
      warnings: [],
      notes: ['note: checked the subresource pods/exec; for one named "exec": `kapi can-i create pods exec`'],
    });
  });

  it('asks discovery for a subresource that is not well known', async () => {
    expect((await read('patch pods/resize', { exchanges: surface })).texts).toEqual([
      'patch pods/resize in namespace "dev"',
    ]);
  });

  it('reads an unknown subresource as a name, and says so', async () => {
    expect(await read('get pods/web-0', { exchanges: surface })).toEqual({
      texts: ['get pods "web-0" in namespace "dev"'],
      warnings: [],
      notes: ['note: checked pods named "web-0"; for a subresource: --subresource web-0'],
    });
  });

  it('reads TYPE/NAME as kubectl does with --subresource', async () => {
    expect(await read('get pods/web-0', { subresource: 'log' })).toEqual({
      texts: ['get pods/log "web-0" in namespace "dev"'],
      warnings: [],
      notes: [],
    });
  });

  it('understands the form that resources --subresources -o name prints', async () => {
    expect((await read('update deployments/scale.apps', { exchanges: surface })).texts).toEqual([
      'update deployments.apps/scale in namespace "dev"',
    ]);
  });

  it('asks about every type with every verb', async () => {
    expect((await read('get,list pods,nodes', { namespace: '' })).texts).toEqual([
      'get pods in the whole cluster',
      'list pods in the whole cluster',
      'get nodes in the whole cluster',
      'list nodes in the whole cluster',
    ]);
  });

  it('warns in kubectl’s words and asks anyway', async () => {
    expect(await read('frob foo.bar', { exchanges: surface })).toEqual({
      texts: ['frob foo.bar in namespace "dev"'],
      warnings: [
        "verb 'frob' is not a known verb",
        "the server doesn't have a resource type 'foo' in group 'bar'",
      ],
      notes: [],
    });
    expect(await read('get nodes', { namespaceGiven: true })).toEqual({
      texts: ['get nodes in the whole cluster'],
      warnings: ["resource 'nodes' is not namespace scoped"],
      notes: [],
    });
  });

  it('warns of a subresource that the type does not have', async () => {
    expect(await read('get pods', { subresource: 'nope', exchanges: surface })).toMatchObject({
      texts: ['get pods/nope in namespace "dev"'],
      warnings: ["the server doesn't have a subresource 'nope' of 'pods'"],
    });
  });

  it('asks although discovery is closed', async () => {
    const closed = ['/api', '/apis'].map((path) => ({
      request: `GET ${path}`,
      reply: {
        status: 403,
        body: { kind: 'Status', status: 'Failure', message: 'no', reason: 'Forbidden', code: 403 },
      },
    }));
    expect(await read('get widgets.kapi.test', { exchanges: closed })).toMatchObject({
      texts: ['get widgets.kapi.test in namespace "dev"'],
      warnings: ['types are not known: Error from server (Forbidden): no'],
    });
  });

  it.each([
    ['frob pods', 'UnknownVerb', []],
    ['get foo', 'UnknownResourceType', surface],
  ] as const)('with --strict refuses %s', async (line, code, exchanges) => {
    await expect(read(line, { strict: true, exchanges })).rejects.toMatchObject({ exitCode: 2, code });
  });

  it.each([
    ['get pods/', {}],
    ['get ,', {}],
    ['get /metrics x', {}],
    ['get /metrics', { subresource: 'log' }],
    ['get pods/a b', { subresource: 'log' }],
  ])('refuses %s', async (line, more) => {
    await expect(read(line, more)).rejects.toThrow(UsageError);
  });
});

describe('a path that names objects', () => {
  it.each([
    ['get /api/v1/namespaces/dev/secrets', 'list secrets in namespace "dev"'],
    ['get /api/v1/nodes', 'list nodes in the whole cluster'],
    ['get /apis/apps/v1/deployments', 'list deployments.apps in the whole cluster'],
    ['head /api/v1/namespaces/dev/pods/web/', 'get pods "web" in namespace "dev"'],
    ['get /api/v1/namespaces/dev/pods/web?pretty=1', 'get pods "web" in namespace "dev"'],
    ['get /api/v1/namespaces/dev/pods?watch=1', 'watch pods in namespace "dev"'],
    ['get /api/v1/watch/namespaces/dev/pods', 'watch pods in namespace "dev"'],
    ['watch /api/v1/namespaces/dev/pods', 'watch pods in namespace "dev"'],
    ['list /api/v1/pods', 'list pods in the whole cluster'],
    ['get /api/v1/pods?fieldSelector=metadata.name%3Dweb', 'list pods "web" in the whole cluster'],
    ['delete /api/v1/namespaces/dev/pods', 'deletecollection pods in namespace "dev"'],
    ['delete /api/v1/namespaces/dev/pods/web', 'delete pods "web" in namespace "dev"'],
    ['post /api/v1/namespaces/dev/pods', 'create pods in namespace "dev"'],
    ['create /api/v1/namespaces/dev/pods/web/exec', 'create pods/exec "web" in namespace "dev"'],
    ['put /api/v1/namespaces/dev/pods/web', 'update pods "web" in namespace "dev"'],
    ['patch /api/v1/namespaces/dev', 'patch namespaces "dev" in namespace "dev"'],
    ['get /api/v1/namespaces/dev/pods/%77eb', 'get pods "web" in namespace "dev"'],
    ['* /api/v1/namespaces/dev/pods', '* pods in namespace "dev"'],
  ])('%s', async (line, text) => {
    const { texts, warnings, notes } = await read(line);
    expect({ texts, warnings }).toEqual({ texts: [text], warnings: [] });
    expect(notes.join('\n')).toContain(`note: checked "${text}", which is what the server checks for `);
  });

  it.each([
    ['get /metrics?x=1', 'get /metrics'],
    ['get /readyz?verbose', 'get /readyz'],
    ['get /version#a', 'get /version'],
  ])('%s drops the parts that a rule cannot have', async (line, text) => {
    expect((await read(line)).texts).toEqual([text]);
  });

  it.each(['get /api', 'get /api/v1', 'get /apis/apps', 'get /apis/apps/v1', 'get /apis/'])(
    '%s stays a path',
    async (line) => {
      expect(await read(line)).toEqual({ texts: [line], warnings: [], notes: [] });
    },
  );

  it('keeps commas of a query together', async () => {
    const { texts } = await read('get /api/v1/pods?labelSelector=a,b,/version');
    expect(texts).toEqual(['list pods in the whole cluster', 'get /version']);
  });

  it('with a type that is not served gets a warning, or is refused', async () => {
    const line = 'get /api/v1/namespaces/dev/podz';
    expect((await read(line, { exchanges: surface })).warnings).toEqual([
      "the server doesn't have a resource type 'podz'",
    ]);
    await expect(read(line, { refusesUnknown: true, exchanges: surface })).rejects.toThrow(UsageError);
    // A rule has no version, but a request does.
    for (const [path, version] of [
      ['/apis/apps/v9/deployments', '"apps/v9"'],
      ['/api/v2/pods', '"v2"'],
      ['/apis/autoscaling/v2beta1/namespaces/dev/horizontalpodautoscalers', '"autoscaling/v2beta1"'],
    ]) {
      const { warnings } = await read(`get ${path}`, { exchanges: surface });
      expect(warnings.join(), path).toContain(`in version ${version}, and a right has no version`);
      const refused = read(`get ${path}`, { refusesUnknown: true, exchanges: surface });
      await expect(refused, path).rejects.toThrow(UsageError);
    }
    for (const path of ['/apis/apps/v1/deployments', '/apis/autoscaling/v1/horizontalpodautoscalers']) {
      const exchanges = path.includes('autoscaling') ? surface : [];
      expect((await read(`get ${path}`, { exchanges })).warnings, path).toEqual([]);
    }
    // A path has no short names.
    expect((await read('get /api/v1/po')).warnings).toEqual([
      "the server doesn't have a resource type 'po' at /api/v1/po",
    ]);
    await expect(read('frob /api/v1/pods', { refusesUnknown: true })).rejects.toThrow(UsageError);
  });
});

describe('a name that the server does not check', () => {
  it.each([
    ['create secrets one', 'create secrets in namespace "dev"'],
    ['deletecollection secrets one', 'deletecollection secrets in namespace "dev"'],
    ['create namespaces x', 'create namespaces in the whole cluster'],
  ])('%s is asked without it', async (line, text) => {
    const { texts, notes } = await read(line);
    expect(texts).toEqual([text]);
    expect(notes.join()).toContain('without the name');
    await expect(read(line, { strict: true })).rejects.toThrow(/without a name/);
  });

  it('keeps a subresource', async () => {
    expect((await read('create pods/exec web')).texts).toEqual(['create pods/exec "web" in namespace "dev"']);
    expect((await read('create serviceaccounts x', { subresource: 'token' })).texts).toEqual([
      'create serviceaccounts/token "x" in namespace "dev"',
    ]);
  });
});

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
  more: Partial<QuestionWords> & { strict?: boolean; exchanges?: readonly Exchange[] } = {},
): Promise<Asked> {
  const { strict = false, exchanges = [], ...words } = more;
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
    { strict },
  );
  script.verify();
  const { questions, warnings, notes } = found;
  return { texts: questions.map(questionText), warnings, notes };
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

  it('takes pods/exec for the subresource, and says so', async () => {
    expect(await read('create pods/exec')).toEqual({
      texts: ['create pods/exec in namespace "dev"'],
      warnings: [],
      notes: ['asked about the subresource pods/exec; about one named "exec": kapi can-i create pods exec'],
    });
  });

  it('asks discovery for a subresource that is not well known', async () => {
    expect((await read('patch pods/resize', { exchanges: surface })).texts).toEqual([
      'patch pods/resize in namespace "dev"',
    ]);
  });

  it('takes what is no subresource for a name, and says so', async () => {
    expect(await read('get pods/web-0', { exchanges: surface })).toEqual({
      texts: ['get pods "web-0" in namespace "dev"'],
      warnings: [],
      notes: ['asked about pods named "web-0"; about a subresource: --subresource web-0'],
    });
  });

  it('takes TYPE/NAME as kubectl does beside --subresource', async () => {
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

  it('warns in kubectl’s words and asks all the same', async () => {
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

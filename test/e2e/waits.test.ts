// Waits of `kapi watch` as a process: they judge the requested objects, have the results of
// `kubectl wait`, and report unmet goals.
import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';

import {
  cleanEnvironment,
  describeAgainstKubectl,
  describeOnServer,
  kapi,
  kapiFile,
  kubectl,
  patienceMs,
  testServer,
  type Result,
} from './kapi.ts';
import { createAdminClient, type AdminClient } from './server/admin-client.ts';

/**
 * Parallel tests cannot use hooks of a single test to clean up: everything is removed at the end.
 */
const cleanups: (() => unknown)[] = [];

function atTheEnd(cleanup: () => unknown): void {
  cleanups.push(cleanup);
}

afterAll(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const namespace = 'waits';
const pods = `/api/v1/namespaces/${namespace}/pods`;
const merge = 'application/merge-patch+json';

function adminOfServer(): AdminClient {
  const server = testServer();
  return createAdminClient(server.url, readFileSync(server.caFile, 'utf8'), server.tokens.admin);
}

async function makeNamespace(admin: AdminClient): Promise<void> {
  await admin.send('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  await admin.send('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, {
    metadata: { name: 'default' },
  });
}

async function makePod(
  admin: AdminClient,
  name: string,
  conditions: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>> = {},
): Promise<void> {
  await admin.must('POST', pods, {
    metadata: { name, labels },
    spec: { containers: [{ name: 'c', image: 'i' }] },
  });
  await setStatus(admin, name, conditions);
}

async function setStatus(
  admin: AdminClient,
  name: string,
  conditions: Readonly<Record<string, string>>,
): Promise<void> {
  const status = {
    phase: 'Running',
    conditions: Object.entries(conditions).map(([type, value]) => ({
      ...{ type, status: value },
      ...(value === 'False' ? { reason: 'NotYet', message: `${type} takes time` } : {}),
    })),
  };
  await admin.must('PATCH', `${pods}/${name}/status`, { status }, merge);
}

/** A running `kapi watch` whose output a test reads. */
function startWait(args: readonly string[]): { says(text: string): Promise<void>; ended(): Promise<Result> } {
  const child = spawn(process.execPath, [kapiFile, 'watch', ...args, '-n', namespace, '-o', 'name'], {
    env: { ...cleanEnvironment(), KUBECONFIG: testServer().kubeconfigs.admin },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  atTheEnd(() => void child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const closed = new Promise<Result>((resolve) =>
    child.once('close', (code) => {
      resolve({ stdout, stderr, code: code ?? undefined, signal: undefined });
    }),
  );
  return {
    says: async (text) => {
      const deadline = Date.now() + patienceMs;
      while (!stdout.includes(text)) {
        if (Date.now() > deadline) throw new Error(`no ${text} in\n${stdout}\n${stderr}`);
        await sleep(50);
      }
    },
    ended: () => closed,
  };
}

describeOnServer('a wait', () => {
  let admin: AdminClient;

  beforeAll(async () => {
    admin = adminOfServer();
    await makeNamespace(admin);
    await makePod(admin, 'a', { Ready: 'True', Initialized: 'False' });
  });

  it.concurrent.each([
    ['condition=Ready', 'pods/nothere: it does not exist'],
    ['create', 'pods/nothere: it does not exist'],
    ['jsonpath={.status.phase}=Running', 'pods/nothere: it does not exist'],
  ])('counts names that are missing: %s', async (goal, saw) => {
    const run = await kapi([
      'watch',
      'pod',
      'a',
      'nothere',
      '-n',
      namespace,
      '--until',
      goal,
      '--timeout',
      '0',
    ]);
    expect(run).toMatchObject({ code: 1 });
    expect(run.stderr).toContain(`error: timed out waiting for the condition on pods/nothere\n${saw}\n`);
  });

  it.concurrent('prints the last observed value, as text and as fields', async () => {
    const args = ['watch', 'pod', 'a', '-n', namespace, '--timeout', '0', '--until', 'condition=Initialized'];
    const [text, json] = await Promise.all([
      kapi([...args, '--until', 'condition=Redy']),
      kapi([...args, '--error-format', 'json']),
    ]);
    expect(text).toMatchObject({
      code: 1,
      stderr: `error: timed out waiting for the condition on pods/a
pods/a: condition=Initialized: Initialized is False (NotYet: Initialized takes time)
pods/a: condition=Redy: no condition Redy; there are Ready, Initialized
`,
    });
    expect(JSON.parse(json.stderr)).toMatchObject({
      error: {
        code: 'NotReached',
        unmet: [{ name: 'a', goals: [{ goal: 'condition=Initialized', status: 'False', reason: 'NotYet' }] }],
      },
    });
  });

  it.concurrent('needs all goals at once, or one of --until-any', async () => {
    const args = ['watch', 'pod', 'a', '-n', namespace, '--timeout', '0'];
    const goals = ['condition=Initialized', 'condition=Ready'];
    const [all, any] = await Promise.all([
      kapi([...args, ...goals.flatMap((goal) => ['--until', goal])]),
      kapi([...args, ...goals.flatMap((goal) => ['--until-any', goal])]),
    ]);
    expect([all.code, any.code]).toEqual([1, 0]);
  });

  it.concurrent('is unmet when an object is deleted', async () => {
    await makePod(admin, 'c1', { Ready: 'True' });
    await makePod(admin, 'c2', { Ready: 'False' });
    const wait = startWait(['pod', 'c1', 'c2', '--until', 'condition=Ready', '--timeout', '20s']);
    await wait.says('ADDED pod/c2');
    await admin.must('DELETE', `${pods}/c2?gracePeriodSeconds=0`);
    const result = await wait.ended();
    expect(result).toMatchObject({ code: 1 });
    expect(result.stderr).toContain('pods/c2: it was deleted\n');
  });

  it.concurrent('does not treat objects that leave a selection as deleted', async () => {
    for (const name of ['r1', 'r2']) await makePod(admin, name, {}, { app: 'relab' });
    const wait = startWait(['pods', '-l', 'app=relab', '--until', 'delete', '--timeout', '45s']);
    await wait.says('ADDED pod/r2');
    for (const name of ['r1', 'r2']) {
      await admin.must('PATCH', `${pods}/${name}`, { metadata: { labels: { app: 'other' } } }, merge);
    }
    await wait.says('LEFT pod/r1\nLEFT pod/r2\n');
    // They are followed by their names: the wait ends when both are gone.
    for (const name of ['r1', 'r2']) await admin.must('DELETE', `${pods}/${name}?gracePeriodSeconds=0`);
    expect(await wait.ended()).toMatchObject({
      code: 0,
      stderr: 'pod/r1 condition met\npod/r2 condition met\n',
    });
  });

  it.concurrent(
    'ends with 1 at once when it failed, also if it failed and was met in one event',
    async () => {
      await makePod(admin, 'job', { Complete: 'False' });
      const goals = ['--until', 'condition=Complete', '--fail-on', 'condition=Failed', '--timeout', '45s'];
      const wait = startWait(['pod', 'job', ...goals]);
      await wait.says('ADDED pod/job');
      await setStatus(admin, 'job', { Complete: 'True', Failed: 'True' });
      expect(await wait.ended()).toMatchObject({ code: 1, stderr: 'pod/job failed: condition Failed\n' });
    },
  );

  it.concurrent('for delete ends although the name was used again', async () => {
    await makePod(admin, 'again', {});
    const wait = startWait(['pod', 'again', '--until', 'delete', '--timeout', '45s']);
    await wait.says('ADDED pod/again');
    await admin.must('DELETE', `${pods}/again?gracePeriodSeconds=0`);
    await makePod(admin, 'again', {});
    expect(await wait.ended()).toMatchObject({ code: 0, stderr: 'pod/again condition met\n' });
  });

  it.concurrent('for a named object needs get and watch, and no list', async () => {
    await admin.must('POST', `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles`, {
      metadata: { name: 'one' },
      rules: [{ apiGroups: [''], resources: ['pods'], resourceNames: ['a'], verbs: ['get', 'watch'] }],
    });
    await admin.must('POST', `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`, {
      metadata: { name: 'one' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'one' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'waiter' }],
    });
    const args = ['watch', 'pod', 'a', '-n', namespace, '--as', 'waiter', '--timeout', '20s', '-o', 'name'];
    const run = await kapi([...args, '--until', 'condition=Ready']);
    expect(run).toEqual({
      ...{ code: 0, signal: undefined },
      stdout: 'ADDED pod/a\n',
      stderr: 'pod/a condition met\n',
    });
    const other = await kapi(['watch', 'pod', 'b', '-n', namespace, '--as', 'waiter', '--timeout', '20s']);
    expect(other).toMatchObject({ code: 4, stdout: '' });
  });

  it.concurrent('finds an object whose name a field selector must escape', async () => {
    const roles = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
    for (const name of ['cn=admins,ou=groups', String.raw`back\slash`, 'a b']) {
      await admin.must('POST', roles, { metadata: { name }, rules: [] });
      const path = `${roles}/${encodeURIComponent(name)}`;
      try {
        const there = await kapi(['watch', 'clusterrole', name, '--until', 'create', '--timeout', '20s']);
        expect(there, name).toMatchObject({
          code: 0,
          stderr: expect.stringContaining('condition met') as string,
        });
        const listed = await kapi([
          'list',
          'clusterroles',
          '-o',
          'name',
          '--field-selector',
          `metadata.name=${name.replaceAll(/[\\,=]/g, String.raw`\$&`)}`,
        ]);
        expect(listed).toMatchObject({ code: 0, stdout: `clusterrole.rbac.authorization.k8s.io/${name}\n` });
      } finally {
        await admin.must('DELETE', path);
      }
      const gone = await kapi(['watch', 'clusterrole', name, '--until', 'delete', '--timeout', '20s']);
      expect(gone, name).toMatchObject({ code: 0 });
    }
  });

  it.concurrent.each([
    ['Ready', 'did you mean condition=Ready?'],
    ['phase=Running', "did you mean 'jsonpath={.status.phase}=Running'?"],
    ['{.spec.replicas}=2', "did you mean 'jsonpath={.spec.replicas}=2'?"],
  ])('answers the goal %s with its right form', async (goal, hint) => {
    const run = await kapi(['watch', 'pods', '--until', goal]);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(hint);
  });
});

describeAgainstKubectl('kapi wait and kubectl wait', () => {
  const oracle = 'oracle';
  const here = ['-n', namespace, '--timeout=10s'];

  beforeAll(async () => {
    const admin = adminOfServer();
    await makeNamespace(admin);
    await makePod(admin, oracle, { Ready: 'True', Initialized: 'False' }, { app: oracle });
    await makePod(admin, `${oracle}-2`, { Ready: 'True', Initialized: 'True' }, { app: oracle });
  });

  it.concurrent.each([
    [`pod/${oracle} --for=condition=Ready`],
    [`pod/${oracle} --for=condition=ready=TRUE`],
    [`pod/${oracle} --for=condition=Initialized`],
    [`pod/${oracle} --for=condition=Initialized=False`],
    [`pod/${oracle} --for=condition=Nope`],
    [`pod/${oracle} --for=jsonpath={.status.phase}=Running`],
    [`pod/${oracle} --for=jsonpath={.status.phase}=Pending`],
    [`pod/${oracle} --for=jsonpath={.status.phase}`],
    [`pod/${oracle} --for=jsonpath={.status.nope}`],
    [`pod/${oracle} --for=jsonpath={.status.conditions[*].type}`],
    [`pod/${oracle} --for=create`],
    [`pod/${oracle} --for=delete`],
    ['pod/nothere --for=delete'],
    ['pod/nothere --for=create'],
    ['pod/nothere --for=condition=Ready'],
    [`pod/${oracle} pod/nothere --for=condition=Ready`],
    [`pod/${oracle} --for=condition=Ready --for=condition=Initialized`],
    [`pod/${oracle} --for=condition=Initialized --for=condition=Ready`],
    [`pod/${oracle}-2 --for=condition=Initialized --for=condition=Ready`],
    [`pod/${oracle}-2 --for=condition=Ready --for=create`],
    ['pod/nothere --for=condition=Ready --for=create'],
    ['pod/nothere --for=condition=Ready --for=delete'],
    [`pod/${oracle}-2 --for=condition=Ready --for=delete`],
    [`pods -l app=${oracle} --for=condition=Ready --for=create`],
    [`pods -l app=${oracle} --for=condition=Ready --for=condition=Initialized`],
    ['pods -l app=nothing --for=condition=Ready --for=condition=Initialized'],
    ['pods -l app=nothing --for=condition=Ready --for=delete'],
  ])('answer alike: wait %s', async (line) => {
    const words = ['wait', ...line.split(' '), ...here];
    const [ours, theirs] = await Promise.all([kapi(words), kubectl(words)]);
    expect({ line, code: ours.code }).toEqual({ line, code: theirs.code });
  });
});

describeOnServer('a wait on a server that is not as it should be', () => {
  async function startServer(answer: Parameters<typeof createServer>[1]): Promise<string> {
    const server: Server = createServer(answer ?? (() => undefined));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    atTheEnd(() => {
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('a TCP server without a port');
    return `http://127.0.0.1:${address.port}`;
  }

  const from = (url: string): readonly string[] => ['-s', url, '-n', 'default'];

  it.concurrent('that does not respond in time: exit 6, never an empty result', async () => {
    const url = await startServer(() => undefined);
    const lines = [
      ['pods'],
      ['pod', 'x', '--until', 'delete'],
      ['pods', '--until', 'create'],
      ['pods', '--for-count', '1'],
    ];
    const runs = await Promise.all(
      lines.map((line) => kapi(['watch', ...line, '--timeout', '2s', ...from(url)], { kubeconfig: null })),
    );
    for (const run of runs) {
      expect(run).toMatchObject({ code: 6, stdout: '' });
      expect(run.stderr).toContain('the server had not answered the list yet');
    }
  });

  it.concurrent('that ignores the field selector: other objects meet no goal', async () => {
    const items = ['a', 'b'].map((name) => ({
      metadata: { name, namespace: 'default', uid: name, resourceVersion: '1' },
    }));
    const url = await startServer((request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      if (request.url?.includes('watch=true') === true) {
        response.flushHeaders();
        return;
      }
      const list = { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '5' }, items };
      response.end(JSON.stringify(list));
    });
    const wait = (goal: string): Promise<Result> =>
      kapi(['watch', 'pod', 'zzz', '--until', goal, '--timeout', '0', '-o', 'name', ...from(url)], {
        kubeconfig: null,
      });
    const [create, gone] = await Promise.all([wait('create'), wait('delete')]);
    expect(create).toMatchObject({ code: 1, stdout: '' });
    expect(create.stderr).toContain('pods/zzz: it does not exist');
    expect(gone).toMatchObject({ code: 0, stdout: '' });
  });

  it.concurrent('that ignores selectors: objects that do not match meet no goal', async () => {
    const object = (name: string, app: string): object => ({
      metadata: { name, namespace: 'default', uid: name, resourceVersion: '1', labels: { app } },
      status: { phase: 'Running' },
    });
    const event = JSON.stringify({ type: 'ADDED', object: object('late', 'other') });
    const url = await startServer((request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const items = [object('a', 'other'), object('b', 'other')];
      const list = { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '5' }, items };
      if (request.url?.includes('watch=true') === true) response.write(`${event}\n`);
      else response.end(JSON.stringify(list));
    });
    const wait = (...words: readonly string[]): Promise<Result> =>
      kapi(['watch', 'pods', ...words, '--timeout', '3s', '-o', 'name', ...from(url)], { kubeconfig: null });
    const running = ['--until', 'jsonpath={.status.phase}=Running'];
    const missed = await Promise.all([
      wait('-l', 'app=x', '--until', 'create'),
      wait('-l', 'app in (x)', '--until-any', 'create'),
      wait('-l', '!app', ...running),
      wait('--field-selector', 'metadata.name=x', ...running),
      wait('--field-selector', 'metadata.namespace=dev', '--until', 'create'),
      wait('--field-selector', 'status.phase!=Running', ...running),
      wait('-l', 'app=x', '--for-count', '1'),
    ]);
    for (const run of missed) {
      expect(run).toMatchObject({ code: 1, stdout: '' });
      expect(run.stderr).toContain('the server sends objects that the selector does not select');
    }
    expect(await wait('-l', 'app=x', '--until', 'delete')).toMatchObject({ code: 0, stdout: '' });
    expect(await wait('-l', 'app=other', ...running)).toMatchObject({ code: 0 });
  });

  it.concurrent('which ignores selectors: lists do not count what they do not select', async () => {
    const object = (name: string, app: string): object => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default', uid: name, resourceVersion: '1', labels: { app } },
      status: { phase: 'Running' },
    });
    const pods = [object('a', 'other'), object('b', 'other'), object('c', 'x')];
    // Rows have the objects that the query asks for, as those of a real server.
    const url = await startServer((request, response) => {
      const isTable = request.headers.accept?.includes('as=Table') === true;
      const { searchParams } = new URL(request.url ?? '', 'http://server');
      const include = searchParams.get('includeObject');
      const seen = (pod: object): object =>
        include === 'Object' ? pod : { ...pod, kind: 'PartialObjectMetadata', status: undefined };
      const rows = pods.map((pod) => ({
        cells: ['pod'],
        ...(include === 'None' ? {} : { object: seen(pod) }),
      }));
      const columnDefinitions = [{ name: 'Name', type: 'string', format: 'name', priority: 0 }];
      const metadata = { resourceVersion: '5' };
      const table = { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, columnDefinitions, rows };
      const list = { kind: 'PodList', apiVersion: 'v1', metadata, items: pods };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(isTable ? table : list));
    });
    const list = (...words: readonly string[]): Promise<Result> =>
      kapi([...words, ...from(url)], { kubeconfig: null });
    const nothing = [
      ['-l', 'app=none'],
      ['-l', '!app'],
      ['--field-selector', 'metadata.name=none'],
      ['--field-selector', 'metadata.namespace!=default'],
      ['--field-selector', 'status.phase=Pending'],
    ];
    const goals = [['--require-nonempty'], ['--expect-count', '3']];
    const formats = [[], ['-o', 'wide'], ['-o', 'name'], ['-o', 'json']];
    const lines = nothing.flatMap((selector) =>
      goals.flatMap((goal, at) => [
        ['list', 'pods', ...selector, ...goal, ...(formats[at] ?? [])],
        ['get', 'pods', ...selector, ...goal, ...(formats[at + 2] ?? [])],
      ]),
    );
    const path = '/api/v1/namespaces/default/pods?labelSelector=app%3Dnone';
    lines.push(['get', path, '-o', 'name', '--require-nonempty']);
    for (let from = 0; from < lines.length; from += 4) {
      const runs = await Promise.all(lines.slice(from, from + 4).map((line) => list(...line)));
      for (const run of runs) {
        expect(run).toMatchObject({ code: 1 });
        expect(run.stderr).toContain('the server sends objects that the selector does not select');
      }
    }
    const one = await list('list', 'pods', '-l', 'app=x', '-o', 'name', '--expect-count', '1');
    expect(one).toMatchObject({ code: 0, stdout: 'pod/pod\n' });
  });
});

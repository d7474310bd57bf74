// --contexts: one command reads several sandboxes in one kubeconfig.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';

import { openSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import type { VirtualTime } from '../virtual-time.ts';
import { runKapi, type RunOptions, type RunResult } from './run-kapi.ts';

const directory = mkdtempSync(join(tmpdir(), 'kapi-contexts-'));
const sandboxes: Sandbox[] = [];
/** Accepts connections and never answers. */
let silent: { readonly server: Server; readonly port: number; readonly sockets: Set<Socket> };

async function sandbox(pods: readonly string[], faults: readonly string[] = []): Promise<Sandbox> {
  const { parseFault } = await import('../../src/sandbox/faults.ts');
  const opened = await openSandbox({
    port: 0,
    faults: faults.map(parseFault),
    pods: 0,
    lively: false,
    tokens: {},
    now: () => new Date('2026-01-02T03:04:05Z'),
    objects: [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'fleet' } },
      ...pods.map((name, at) => ({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: 'fleet', labels: { app: at % 2 === 0 ? 'web' : 'db' } },
        spec: { nodeName: `node-${at}`, containers: [{ name: 'main', image: 'busybox' }] },
      })),
    ],
  });
  sandboxes.push(opened);
  return opened;
}

beforeAll(async () => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  silent = { server, sockets, port: typeof address === 'object' && address !== null ? address.port : 0 };
  const eu = await sandbox(['alpha', 'bravo-with-a-long-name']);
  const us = await sandbox(['zulu']);
  const slow = await sandbox(['tango'], ['latency=400ms']);
  const entry = (name: string, url: string, ca: string): object => ({
    name,
    cluster: { server: url, 'certificate-authority-data': Buffer.from(ca).toString('base64') },
  });
  const servers: Record<string, Sandbox> = { 'prod-eu': eu, 'prod-us': us, slow };
  const user = (one: Sandbox): object => ({
    'client-certificate-data': Buffer.from(one.admin.certificate).toString('base64'),
    'client-key-data': Buffer.from(one.admin.key).toString('base64'),
  });
  writeFileSync(
    join(directory, 'config'),
    stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'prod-eu',
      clusters: [
        ...Object.entries(servers).map(([name, one]) => entry(name, one.url, one.caCertificate)),
        { name: 'dead', cluster: { server: 'https://127.0.0.1:1' } },
        { name: 'silent', cluster: { server: `https://127.0.0.1:${silent.port}` } },
      ],
      users: Object.entries(servers).map(([name, one]) => ({ name, user: user(one) })),
      contexts: [...Object.keys(servers), 'dead', 'silent'].map((name) => ({
        name,
        context: { cluster: name, namespace: 'fleet', ...(name in servers ? { user: name } : {}) },
      })),
    }),
  );
});

afterAll(async () => {
  for (const socket of silent.sockets) socket.destroy();
  silent.server.close();
  await Promise.all(sandboxes.map((one) => one.close()));
  rmSync(directory, { recursive: true, force: true });
});

function kapi(line: string | readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return runKapi(line, {
    directory,
    env: { KUBECONFIG: join(directory, 'config') },
    now: new Date('2026-01-02T03:04:05Z'),
    // Waits are real, because the servers are.
    time: realTime,
    ...options,
  });
}

const realTime: VirtualTime = {
  waits: [],
  clock: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      });
    }),
};

/** The first rows wait long enough for those of the other contexts, even on a busy machine. */
const patientTime: VirtualTime = {
  ...realTime,
  sleep: (ms, signal) => realTime.sleep(ms * 20, signal),
};

describe('tables', () => {
  it('have the column CONTEXT first and are aligned together, in the order of the contexts', async () => {
    const { stdout, stderr, code } = await kapi('list pods --contexts prod-us,prod-eu', {
      time: patientTime,
    });
    expect(stdout).toBe(
      [
        'CONTEXT   NAME                     READY   STATUS    RESTARTS   AGE',
        'prod-us   zulu                     0/1     Pending   0          0s',
        'prod-eu   alpha                    0/1     Pending   0          0s',
        'prod-eu   bravo-with-a-long-name   0/1     Pending   0          0s',
        '',
      ].join('\n'),
    );
    expect([stderr, code]).toEqual(['', 0]);
  });

  it('of several types are one table for each type', async () => {
    const { stdout } = await kapi(
      'list pods,namespaces --contexts prod-* --field-selector metadata.name!=default',
    );
    const headers = stdout.split('\n').filter((line) => line.startsWith('CONTEXT'));
    expect(headers).toHaveLength(2);
    expect(stdout.split('\n\n')[1]).toMatch(/^CONTEXT {3}NAME .*\nprod-eu {3}namespace\/(.|\n)*\nprod-us /);
  });

  it('come before those of a slow context that is later, and after those of one that is earlier', async () => {
    const names = (stdout: string): string[] =>
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[0] ?? '');
    const [first, last, any] = await Promise.all([
      kapi('list pods --no-headers --contexts slow,prod-us'),
      kapi('list pods --no-headers --contexts prod-us,slow'),
      kapi('list pods --no-headers --contexts slow,prod-us --unordered'),
    ]);
    expect(names(first.stdout)).toEqual(['slow', 'prod-us']);
    expect(names(last.stdout)).toEqual(['prod-us', 'slow']);
    expect(names(any.stdout)).toEqual(['prod-us', 'slow']);
  });

  it('do not wait for a context that never answers', async () => {
    const stop = new AbortController();
    const running = kapi('list pods --no-headers --contexts silent,prod-us --unordered', {
      signal: stop.signal,
    });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    stop.abort();
    expect((await running).stdout).toMatch(/^prod-us {3}zulu /);
  });
});

describe('a context that fails', () => {
  it('does not stop the others; its lines on stderr have its name and the exit code is its own', async () => {
    const { stdout, stderr, code } = await kapi('list pods --contexts dead,prod-us');
    expect(stdout).toMatch(/\nprod-us {3}zulu /);
    expect(
      stderr
        .trim()
        .split('\n')
        .every((line) => line.startsWith('dead: ')),
    ).toBe(true);
    expect(code).toBe(6);
  });

  it('is an entry with an error in documents, and a field in JSON errors', async () => {
    for (const output of ['json', 'yaml'] as const) {
      const read = (text: string): unknown => (output === 'json' ? JSON.parse(text) : parse(text));
      const { stdout, stderr, code } = await kapi(
        `list pods --contexts dead,prod-us,prod-eu -o ${output} --error-format json`,
      );
      const { contexts } = read(stdout) as { contexts: Record<string, unknown>[] };
      expect(contexts.map(({ context }) => context)).toEqual(['dead', 'prod-us', 'prod-eu']);
      expect(contexts[0]).toEqual({
        context: 'dead',
        error: {
          code: 'ConnectionRefused',
          exitCode: 6,
          message: expect.stringContaining('127.0.0.1:1') as unknown,
        },
      });
      const single = await kapi(`list pods --context prod-us -o ${output}`);
      expect(contexts[1]?.['document']).toEqual(read(single.stdout));
      expect(JSON.parse(stderr)).toMatchObject({ error: { context: 'dead', code: 'ConnectionRefused' } });
      expect(code).toBe(6);
    }
  });

  it('is counted as the first failure by the order of the contexts, and before a negative answer', async () => {
    const both = await kapi(['list', 'pods', '--contexts', 'prod-us,dead', '--expect-count', '7']);
    expect(both.code).toBe(6);
    expect(both.stderr).toContain('prod-us: error: expected 7 objects, found 1');
  });

  it('is printed once without a name if all contexts have the same error in the command line', async () => {
    const { stderr, code } = await kapi('list gizmos --contexts prod-*');
    expect(stderr).toMatch(/^error: the server doesn't have a resource type "gizmos"\nhint: /);
    expect(stderr.match(/gizmos"/g)).toHaveLength(1);
    expect(code).toBe(2);
  });
});

describe('formats', () => {
  it.concurrent.each([
    ['-o name', 'prod-eu\tpod/alpha\nprod-eu\tpod/bravo-with-a-long-name\nprod-us\tpod/zulu\n'],
    ['-o csv --no-headers -l app=web', 'prod-eu,alpha,0/1,Pending,0,0s\r\nprod-us,zulu,0/1,Pending,0,0s\r\n'],
    ['-o custom-columns=N:.metadata.name -l app=web', 'CONTEXT   N\nprod-eu   alpha\nprod-us   zulu\n'],
    ['-o jsonpath={.items[*].metadata.name}', 'prod-eu\talpha bravo-with-a-long-name\nprod-us\tzulu\n'],
    ['--count-by context', 'CONTEXT   COUNT\nprod-eu   2\nprod-us   1\n'],
    [
      '--count-by metadata.labels.app',
      'METADATA.LABELS.APP   COUNT\nweb                   2\ndb                    1\n',
    ],
    ['-o name --limit 1', 'prod-eu\tpod/alpha\nprod-us\tpod/zulu\n'],
    ['-o name --sort-by .spec.nodeName --limit 2', 'prod-eu\tpod/alpha\nprod-us\tpod/zulu\n'],
    ["-o name --where metadata.name.startsWith('z')", 'prod-us\tpod/zulu\n'],
    ['-q', ''],
  ])('list pods %s', async (flags, expected) => {
    expect((await kapi(`list pods --contexts prod-* ${flags}`)).stdout).toBe(expected);
  });

  it('ndjson has the field context in every line', async () => {
    const { stdout } = await kapi('list pods --contexts prod-* -o ndjson');
    const found = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { context: string; kind: string });
    expect(found.map(({ context, kind }) => `${context} ${kind}`)).toEqual([
      'prod-eu Pod',
      'prod-eu Pod',
      'prod-us Pod',
    ]);
  });

  it('watch prints the context of each event', async () => {
    const { stdout, code } = await kapi('watch pods --contexts prod-us,slow --timeout 1500ms --no-headers');
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(/ +/).slice(0, 3).join(' '))
        .sort(),
    ).toEqual(['prod-us ADDED zulu', 'slow ADDED tango']);
    expect(code).toBe(0);
    const lines = await kapi('watch pods --contexts prod-us --timeout 300ms -o ndjson');
    expect(JSON.parse(lines.stdout)).toMatchObject({
      context: 'prod-us',
      type: 'ADDED',
      object: { kind: 'Pod' },
    });
  });

  it.concurrent.each([
    [
      'version --contexts prod-*',
      /^CONTEXT {3}KAPI +SERVER\nprod-eu +\S+ +v1\.\S+\nprod-us +\S+ +v1\.\S+\n$/,
    ],
    ['can-i list pods --contexts prod-*', /^CONTEXT {3}ANSWER\nprod-eu {3}yes\nprod-us {3}yes\n$/],
    [
      'can-i get,list pods --contexts prod-us',
      /^CONTEXT {3}RESOURCE {3}GET {3}LIST\nprod-us {3}pods {7}yes {3}yes\n$/,
    ],
    ['whoami --contexts prod-* -o name', /^prod-eu\tadmin\nprod-us\tadmin\n$/],
    ['whoami --contexts prod-us', /^CONTEXT {3}ATTRIBUTE +VALUE\nprod-us {3}Username +admin\n/],
    [
      'resources batch/v1 --contexts prod-* --no-headers',
      /^prod-eu {3}cronjobs .*\nprod-eu {3}jobs .*\nprod-us {3}cronjobs /,
    ],
    ['resources batch --contexts prod-us -o name', /^prod-us\tcronjobs\.batch\nprod-us\tjobs\.batch\n$/],
    ['get /readyz --contexts prod-*', /^prod-eu {3}ok\nprod-us {3}ok\n$/],
    ['list pods --contexts prod-* --curl', /^# context prod-eu\ncurl .*\n# context prod-us\ncurl .*\n$/],
  ])('%s', async (line, expected) => {
    const { stdout, code } = await kapi(line);
    expect(stdout).toMatch(expected);
    expect(code).toBe(0);
  });

  it('doctor prints the steps of each context', async () => {
    const { stdout } = await kapi('doctor --contexts prod-us,prod-eu');
    expect(stdout).toMatch(
      /^prod-us {3}ok {4}configuration {3}https(.|\n)*\nprod-eu {3}ok {4}configuration /,
    );
  });

  it('get PATH is a document for each context if the response is JSON', async () => {
    const { stdout } = await kapi('get /version --contexts prod-*');
    expect(JSON.parse(stdout)).toMatchObject({
      contexts: [
        { context: 'prod-eu', document: { major: '1' } },
        { context: 'prod-us', document: { major: '1' } },
      ],
    });
  });
});

describe('expectations', () => {
  it.concurrent.each([
    ['--expect-total 3', 0, ''],
    ['--expect-total 4..', 1, 'error: expected 4 or more objects in all 2 contexts together, found 3\n'],
    ['--expect-count 1', 1, 'prod-eu: error: expected 1 object, found 2\n'],
  ])('%s', async (flags, code, stderr) => {
    expect(await kapi(`list pods --contexts prod-* -q ${flags}`)).toMatchObject({ code, stderr });
  });
});

describe('the choice of contexts', () => {
  it.concurrent.each([
    ['prod-us,prod-us,*-us', ['prod-us']],
    ['prod-?u', ['prod-eu']],
    ['prod-us, prod-*', ['prod-us', 'prod-eu']],
  ])('%s', async (globs, expected) => {
    const { stdout } = await kapi(['whoami', '-o', 'name', '--contexts', globs]);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split('\t')[0]),
    ).toEqual(expected);
  });

  it.concurrent.each([
    [
      '--contexts nope',
      3,
      'error: there is no context "nope" of --contexts\nhint: the contexts are dead, prod-eu, prod-us, silent, slow',
    ],
    ['--contexts prod-us,x*', 3, 'error: no context matches "x*" of --contexts'],
    ['--contexts prod-us --context prod-us', 2, 'error: --context and --contexts exclude each other'],
    ['--contexts prod-us -s https://x', 2, 'error: --server and --contexts exclude each other'],
    ['--contexts prod-us --token x', 2, 'error: --token and --contexts exclude each other'],
    ['--contexts ,', 2, 'error: --contexts is empty'],
    ['--unordered', 2, 'error: --unordered is about several contexts'],
    ['--expect-total 1', 2, 'error: --expect-total is about several contexts'],
  ])('list pods %s ends with %i', async (flags, code, message) => {
    const result = await kapi(`list pods ${flags}`);
    expect(result.stderr).toContain(message);
    expect([result.code, result.stdout]).toEqual([code, '']);
  });
});

describe('hostile servers and names', () => {
  it('a warning of one server fails the run with --warnings-as-errors', async () => {
    const { stdout, stderr, code } = await withServer({ warning: '299 - "it is old"' }, (file) =>
      kapi(['get', '/version', '--contexts', 'bad*,prod-us', '--warnings-as-errors', '--kubeconfig', file]),
    );
    expect(stderr).toContain('bad^[[2Jname: Warning: it is old\n');
    expect(JSON.parse(stdout)).toMatchObject({
      contexts: [{ document: { major: '1' } }, { context: 'prod-us' }],
    });
    expect(code).toBe(1);
  });

  it('control characters of the name of a context never reach the output', async () => {
    const { stdout } = await withServer({}, (file) =>
      kapi(['version', '--contexts', '*name', '--kubeconfig', file]),
    );
    expect(stdout).toMatch(/^CONTEXT +KAPI +SERVER\nbad\^\[\[2Jname +\S+ +v1\.36\.0\n$/);
  });
});

/**
 * Runs kapi with a kubeconfig that has a further context with a strange name, for a server of two
 * answers.
 */
async function withServer(
  headers: Readonly<Record<string, string>>,
  work: (kubeconfig: string) => Promise<RunResult>,
): Promise<RunResult> {
  const server = createHttpServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ major: '1', minor: '36', gitVersion: 'v1.36.0' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const config = parse(readFileSync(join(directory, 'config'), 'utf8')) as Record<
    'clusters' | 'contexts',
    object[]
  >;
  const file = join(directory, `with-server-${port}`);
  const added = {
    clusters: [...config.clusters, { name: 'bad', cluster: { server: `http://127.0.0.1:${port}` } }],
    contexts: [...config.contexts, { name: 'bad\u001b[2Jname', context: { cluster: 'bad' } }],
  };
  writeFileSync(file, stringify({ ...config, ...added }));
  try {
    return await work(file);
  } finally {
    server.close();
  }
}

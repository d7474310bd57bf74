// The program as a process: closed pipes, signals, terminals, long lists.
import { spawn } from 'node:child_process';
import { beforeAll, expect, it } from 'vitest';

import {
  cleanEnvironment,
  curl,
  describeOnServer,
  kapi,
  kapiFile,
  run,
  testServer,
  type Result,
} from './kapi.ts';
import { startServer } from './loopback.ts';

/** Runs a shell script with the program as `$KAPI`. */
function shell(script: string): Promise<Result> {
  return run('bash', ['-o', 'pipefail', '-c', script], {
    kubeconfig: null,
    env: { KUBECONFIG: testServer().kubeconfigs.admin, KAPI: kapiFile, NODE: process.execPath },
  });
}

/** Runs kapi on a pseudo terminal of 100 columns, with util-linux' script. */
function onTerminal(args: string): Promise<Result> {
  return shell(`stty cols 100 2>/dev/null; script -qec 'stty cols 100; "$NODE" "$KAPI" ${args}' /dev/null`);
}

describeOnServer('as a process', () => {
  it('ends quietly with 0 when the reader goes', async () => {
    for (const line of [
      'list clusterroles',
      'list clusterroles -o json',
      'list clusterroles -o yaml',
      'get /metrics',
      'resources',
    ]) {
      expect(await shell(`"$NODE" "$KAPI" ${line} | head -n 1 | wc -l`)).toEqual({
        stdout: '1\n',
        stderr: '',
        code: 0,
        signal: undefined,
      });
    }
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s while it waits: exit %i and no message', async (signal, expected) => {
    let asked: () => void = () => undefined;
    const request = new Promise<void>((resolve) => (asked = resolve));
    const server = await startServer(() => asked());
    const child = spawn(process.execPath, [kapiFile, 'list', 'pods', '--server', server], {
      env: cleanEnvironment(),
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await request;
    child.kill(signal);
    expect(await ended).toBe(expected);
    expect(output).toBe('');
  });

  it('colours on a terminal, none in a pipe, none with NO_COLOR or --color=never', async () => {
    const escape = '\u001b[';
    expect((await onTerminal('get pod completed')).stdout).toContain(escape);
    expect((await onTerminal('list pods')).stdout).toContain(escape);
    expect((await onTerminal('get pod completed --color=never')).stdout).not.toContain(escape);
    expect((await kapi(['get', 'pod', 'completed'])).stdout).not.toContain(escape);
    expect((await kapi(['get', 'pod', 'completed', '--color=always'])).stdout).toContain(escape);
    expect(
      (await kapi(['get', 'pod', 'completed'], { env: { NO_COLOR: '1', FORCE_COLOR: '' } })).stdout,
    ).not.toContain(escape);
  });

  it.concurrent.each([
    ['', '', true, false],
    ['NO_COLOR=1', '', false, false],
    ['NO_COLOR=', '', true, false],
    ['FORCE_COLOR=1', '', true, true],
    ['FORCE_COLOR=0', '', false, false],
    ['FORCE_COLOR=3 NO_COLOR=1', '', false, false],
    ['TERM=dumb', '', false, false],
    ['TERM=dumb FORCE_COLOR=1', '', true, true],
    ['', '--color auto', true, false],
    ['FORCE_COLOR=1', '--color=auto', true, true],
    ['NO_COLOR=1 TERM=dumb', '--color always', true, true],
    ['NO_COLOR=1', '--color=always', true, true],
    ['FORCE_COLOR=3', '--color never', false, false],
    ['FORCE_COLOR=3', '--color=never', false, false],
  ])('env %s kapi get %s: colours on a terminal %s, in a pipe %s', async (env, flag, onPty, inPipe) => {
    const line = `env ${env} "$NODE" "$KAPI" get pod completed ${flag}`;
    const [onTerminal, piped] = await Promise.all([
      shell(`script -qec '${line}' /dev/null`),
      shell(`${line} | cat`),
    ]);
    expect([onTerminal.stdout, piped.stdout].map((text) => text.includes('completed'))).toEqual([true, true]);
    expect([onTerminal.stdout, piped.stdout].map((text) => text.includes('\u001b['))).toEqual([
      onPty,
      inPipe,
    ]);
  });

  it('no control character of the server reaches a terminal', async () => {
    for (const line of [
      'get configmap characters -n odd',
      'get configmap controls -n odd -o yaml',
      'get configmap characters controls -n odd -o yaml',
      'get configmap characters -n odd -o "jsonpath={.data}"',
      'list configmaps -n odd -o "custom-columns=N:.metadata.name,D:.data"',
      'get /api/v1/namespaces/odd/configmaps/characters',
    ]) {
      const { stdout } = await onTerminal(line);
      expect(stdout.length).toBeGreaterThan(100);
      // Removes kapi's own colours; any other escape sequence came from the server.
      const left = stdout.replaceAll(/\u001b\[[\d;]*m/g, '').replaceAll('\r\n', '\n');
      expect(left, line).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    }
  });

  it('a machine format in a pipe has them unchanged', async () => {
    const { stdout } = await kapi([
      'get',
      'configmap',
      'characters',
      '-n',
      'odd',
      '-o',
      'jsonpath={.data.escape-sequence}',
    ]);
    expect(stdout).toBe('\u001b[31mred\u001b[0m\u001b]0;title\u0007');
  });
});

const many = 1_300;

describeOnServer('a long list', () => {
  beforeAll(async () => {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'many' } };
    const post = (path: string, body: string): ReturnType<typeof curl> =>
      curl(path, '-o', '/dev/null', '-X', 'POST', '-H', 'Content-Type: application/json', '-d', body);
    await post('/api/v1/namespaces', JSON.stringify(namespace));
    // One curl for all: it reads its requests from standard input and reuses its connection.
    const url = `${testServer().url}/api/v1/namespaces/many/secrets`;
    const requests = Array.from({ length: many }, (_, index) => {
      const name = `item-${String(index).padStart(4, '0')}`;
      const body = JSON.stringify({ metadata: { name }, stringData: { index: String(index) } });
      return [
        `url = "${url}"`,
        `cacert = "${testServer().caFile}"`,
        `header = "Authorization: Bearer ${testServer().tokens.admin}"`,
        'header = "Content-Type: application/json"',
        'output = "/dev/null"',

        `data = ${JSON.stringify(body)}`,
      ].join('\n');
    });
    // It always prints a progress bar to stderr, so only the code counts.
    const { code } = await run('curl', ['--fail', '--parallel', '--config', '-'], {
      kubeconfig: null,
      input: requests.join('\nnext\n'),
    });
    expect(code).toBe(0);
  });

  it('is complete and in order, in every format', async () => {
    const names = Array.from({ length: many }, (_, index) => `item-${String(index).padStart(4, '0')}`);
    const words = ['list', 'secrets', '-n', 'many'];
    const byName = await kapi([...words, '-o', 'name']);
    expect(byName.stdout).toBe(names.map((name) => `secret/${name}\n`).join(''));
    const rows = await kapi([...words, '--no-headers']);
    expect(
      rows.stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual(names);
    const json = JSON.parse((await kapi([...words, '-o', 'json'])).stdout) as {
      items: { metadata: { name: string } }[];
    };
    expect(json.items.map(({ metadata }) => metadata.name)).toEqual(names);
    const path = await kapi([...words, '-o', 'jsonpath={.items[*].metadata.name}']);
    expect(path.stdout).toBe(names.join(' '));
    const one = await kapi([...words, '-o', 'jsonpath={.items[1299].data.index}']);
    expect(Buffer.from(one.stdout, 'base64').toString()).toBe('1299');
    const lines = await kapi([...words, '-o', 'ndjson', '--limit', '1001']);
    expect(lines.stdout.trimEnd().split('\n')).toHaveLength(1001);
  });

  it('starts to print before the list is complete', async () => {
    const { stdout } = await shell('"$NODE" "$KAPI" list secrets -n many --chunk-size=100 -v 2>&1');
    const positions = [...stdout.matchAll(/^> GET \S*continue=/gm)].map(({ index }) => index);
    expect(positions).toHaveLength(12);
    // At most one page is requested while another one is printed.
    expect(stdout.indexOf('\nitem-0000')).toBeGreaterThan(0);
    expect(stdout.indexOf('\nitem-0000')).toBeLessThan(positions[2] ?? 0);
  });
});

// Exec plugins of typical users: how often they run, what kapi prints when they fail, and their
// input.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

import {
  cleanEnvironment,
  curl,
  describeAgainstKubectl,
  describeOnServer,
  kapi,
  kapiFile,
  kubectl,
  makeFolder,
  patienceMs,
  testServer,
  until,
} from './kapi.ts';
import { kubeconfigText } from './server/kubeconfigs.ts';

interface Plugin {
  readonly kubeconfig: string;
  /** Returns the number of runs: the script writes a line at each. */
  readonly runs: () => number;
  readonly folder: string;
}

/**
 * Writes a kubeconfig whose user is a shell script that first records its run. `$dir` is its
 * directory.
 */
function pluginOf(
  script: string,
  { exec = {}, cluster = {} }: { exec?: Record<string, unknown>; cluster?: Record<string, unknown> } = {},
): Plugin {
  const folder = makeFolder();
  const command = join(folder, 'plugin');
  const log = join(folder, 'runs');
  writeFileSync(log, '');
  writeFileSync(command, `#!/bin/sh\ndir=${folder}\necho run >> ${log}\n${script}\n`, { mode: 0o755 });
  const kubeconfig = join(folder, 'config');
  const { url, caFile } = testServer();
  const entry = { apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never', command, ...exec };
  writeFileSync(
    kubeconfig,
    kubeconfigText({ server: url, 'certificate-authority': caFile, ...cluster }, { exec: entry }, 'dev'),
  );
  return { kubeconfig, folder, runs: () => readFileSync(log, 'utf8').split('\n').length - 1 };
}

function answer(status: Record<string, unknown>, apiVersion = 'client.authentication.k8s.io/v1'): string {
  return `cat <<'EOF'\n${JSON.stringify({ apiVersion, kind: 'ExecCredential', status })}\nEOF`;
}

describeOnServer('exec plugins', () => {
  it.each(['0001-01-01T00:00:00Z', '2020-01-01T00:00:00Z', undefined])(
    'run once per process: expiry %s',
    async (expirationTimestamp) => {
      const { kubeconfig, runs } = pluginOf(
        answer({ token: testServer().tokens.admin, expirationTimestamp }),
      );
      const lines = [['list', 'pods,configmaps', '-o', 'name'], ['whoami'], ['doctor']];
      for (const [at, line] of lines.entries()) {
        expect(await kapi(line, { kubeconfig })).toMatchObject({ code: 0 });
        expect(runs(), line.join(' ')).toBe(at + 1);
      }
    },
  );

  it('can answer in UTF-16, as PowerShell writes it', async () => {
    const { tokens } = testServer();
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: tokens.admin },
    };
    const text = Buffer.from(`\ufeff${JSON.stringify(credential)}\r\n`, 'utf16le');
    const { kubeconfig } = pluginOf(`echo ${text.toString('base64')} | base64 -d`);
    expect(await kapi(['list', 'pods', '-o', 'name'], { kubeconfig })).toMatchObject({ code: 0, stderr: '' });
    if ('missing' in testServer().kubectl) return;
    const theirs = await kubectl(['get', 'pods', '-o', 'name'], { kubeconfig });
    expect(theirs.code, theirs.stderr).toBe(0);
  });

  it.each([
    ['echo s3cret-out; exit 1', 'and nothing to standard error'],
    ['exit 1', 'it wrote nothing, neither to standard output nor to standard error'],
    ['echo the reason >&2; exit 1', 'the reason'],
    ['echo Logged in.; echo "{}"', 'it wrote 11 bytes of other text before the JSON'],
    [':', 'it wrote nothing to standard output'],
    [answer({ token: 'x' }, 'client.authentication.k8s.io/v1alpha1'), 'a newer version of it does'],
  ])('the output of a failed plugin: %s', async (script, words) => {
    const { kubeconfig, runs } = pluginOf(script);
    const { stdout, stderr, code } = await kapi(['list', 'pods'], { kubeconfig });
    expect([code, stdout, stderr]).toEqual([3, '', expect.stringContaining(words)]);
    expect(stderr).not.toMatch(/s3cret|v1alpha1"/);
    expect(runs()).toBe(1);
  });

  it('a command with arguments in it: they belong in args, and are not shown', async () => {
    const { kubeconfig } = pluginOf(':', { exec: { command: 'aws eks get-token --token s3cret' } });
    const { stderr, code } = await kapi(['list', 'pods'], { kubeconfig });
    expect([code, stderr]).toEqual([3, expect.stringContaining('its arguments belong in args')]);
    expect(stderr).not.toContain('s3cret');
  });

  it('a plugin is stopped when the request times out', async () => {
    const { kubeconfig, folder } = pluginOf('echo $$ > "$dir/pid"; exec sleep 50');
    const { code } = await kapi(['list', 'pods', '--request-timeout', '4s'], { kubeconfig });
    expect(code).toBe(6);
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    // A zombie counts as ended: whether an orphan is reaped depends on the machine.
    const lives = (): boolean => {
      try {
        return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
      } catch {
        return false;
      }
    };
    await expect.poll(lives, { timeout: patienceMs }).toBe(false);
  });
});

/** Starts a relay to the server of the run. `cut` closes all connections. */
async function startRelay(): Promise<{ readonly url: string; readonly cut: () => void }> {
  const { hostname, port } = new URL(testServer().url);
  const open = new Set<Socket>();
  const relay = createServer((socket) => {
    const upstream = connect(Number(port), hostname);
    open.add(socket);
    for (const each of [socket, upstream]) {
      each.on('error', () => undefined);
      each.on('close', () => {
        socket.destroy();
        upstream.destroy();
        open.delete(socket);
      });
    }
    socket.pipe(upstream).pipe(socket);
  });
  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };
  onTestFinished(() => {
    cut();
    relay.close();
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  const address = relay.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server without a port');
  return { url: `https://127.0.0.1:${address.port}`, cut };
}

describeOnServer('an exec plugin that begins to fail while a watch runs', () => {
  it('ends the watch with exit code 3, after a few runs and with its own words', async () => {
    const relay = await startRelay();
    const lifeMs = 3_000;
    const good = answer({ token: testServer().tokens.admin, expirationTimestamp: 'LATER' });
    const { kubeconfig, folder, runs } = pluginOf(
      `if [ -e "$dir/over" ]; then echo the session is over >&2; exit 1; fi
      later=$(date -u -d '+${lifeMs / 1_000} seconds' +%Y-%m-%dT%H:%M:%SZ)
      sed "s/LATER/$later/" ${good.slice('cat '.length)}`,
      { cluster: { server: relay.url } },
    );
    const maps = '/api/v1/namespaces/default/configmaps';
    const send = (method: string, path: string, body: object, type = 'application/json'): Promise<unknown> =>
      curl(path, '-X', method, '-H', `Content-Type: ${type}`, '-d', JSON.stringify(body));
    await send('POST', maps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'session' } });
    onTestFinished(async () => {
      await curl(`${maps}/session`, '-X', 'DELETE');
    });

    const child = spawn(
      process.execPath,
      [kapiFile, 'watch', 'configmap', 'session', '-n', 'default', '-o', 'ndjson'],
      { env: { ...cleanEnvironment(), KUBECONFIG: kubeconfig }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    onTestFinished(() => void child.kill('SIGKILL'));
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    let n = 0;
    await until('an event', async () => {
      await send('PATCH', `${maps}/session`, { data: { n: String(n++) } }, 'application/merge-patch+json');
      return stdout.includes('MODIFIED');
    });

    const before = runs();
    // The last credential is used until it expires.
    await new Promise((resolve) => setTimeout(resolve, lifeMs));
    writeFileSync(join(folder, 'over'), '');
    relay.cut();
    await until('the end of the watch', () => Promise.resolve(child.exitCode !== null));
    expect(child.exitCode).toBe(3);
    expect(stderr).toContain('the session is over');
    expect(stderr).not.toContain('the connection broke: exec');
    expect(runs() - before).toBeLessThanOrEqual(5);
  });
});

describeAgainstKubectl('what an exec plugin is told', () => {
  it.each<[string, Record<string, unknown>]>([
    ['the usual', {}],
    ['a slash at the end', { slash: '/' }],
    ['a scheme in capitals', { scheme: 'HTTPS' }],
    ['a proxy without a slash', { 'proxy-url': 'http://127.0.0.1:1' }],
    [
      'an extension with long integers',
      {
        extensions: [
          {
            name: 'client.authentication.k8s.io/exec',
            extension: {
              big: 12345678901234567890n,
              near: 9007199254740993n,
              small: 1,
              text: '<&>',
              list: [1.5, null],
            },
          },
        ],
      },
    ],
  ])('equals what kubectl says: %s', async (_, { slash = '', scheme = 'https', ...cluster }) => {
    const { url } = testServer();
    const { kubeconfig, folder } = pluginOf('printf %s "$KUBERNETES_EXEC_INFO" > "$dir/info"; exit 1', {
      exec: { provideClusterInfo: true },
      cluster: {
        server: `${String(scheme)}${url.slice('https'.length)}${String(slash)}`,
        ...withoutBigints(cluster),
      },
    });
    writeFileSync(kubeconfig, readFileSync(kubeconfig, 'utf8').replaceAll(/"big:(\d+)"/g, '$1'));
    const told = async (run: typeof kapi): Promise<unknown> => {
      await run(['get', '--raw', '/version'], { kubeconfig });
      const text = readFileSync(join(folder, 'info'), 'utf8');
      // Integers beyond 2^53 are compared as text.
      return JSON.parse(text.replaceAll(/([:[,])(\d{16,})/g, '$1"$2"'));
    };
    expect(await told(kapi)).toEqual(await told(kubectl));
  });
});

function withoutBigints(value: Record<string, unknown>): Record<string, unknown> {
  const text = JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? `big:${each}` : each));
  return JSON.parse(text) as Record<string, unknown>;
}

// kapi proxy as a process: requests of kubectl, curl and a browser, its memory and its end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';

import {
  cleanEnvironment,
  curl,
  describeAgainstKubectl,
  describeOnServer,
  kapiFile,
  kubectl,
  makeFolder,
  run,
  testServer,
  until,
  type Result,
} from './kapi.ts';
import { startServer } from './loopback.ts';

const isStandalone = (process.env['KAPI_E2E_STANDALONE'] ?? '') !== '';

interface Proxy {
  readonly url: string;
  readonly pid: number;
  readonly log: () => string;
  /** Sends a signal. @returns the result of the process */
  readonly end: (signal: NodeJS.Signals) => Promise<{ code: number | null; stdout: string }>;
}

async function startProxy(
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = { KUBECONFIG: testServer().kubeconfigs.admin },
): Promise<Proxy> {
  const child = spawn(process.execPath, [kapiFile, 'proxy', '--port', '0', ...args], {
    env: { ...cleanEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await closed;
  });
  await until('the proxy serves', () => {
    if (child.exitCode !== null) throw new Error(stderr);
    return Promise.resolve(stdout.endsWith('\n'));
  });
  const address = /^Starting to serve on (127\.0\.0\.1:\d+)\n$/.exec(stdout)?.[1];
  if (address === undefined) throw new Error(stdout);
  return {
    url: `http://${address}`,
    pid: child.pid ?? 0,
    log: () => stderr,
    end: async (signal) => {
      child.kill(signal);
      return { code: await closed, stdout };
    },
  };
}

/** Sends a request through the proxy with curl. */
function ask(proxy: Proxy, path: string, ...args: readonly string[]): Promise<Result> {
  return run('curl', ['-sS', '--path-as-is', ...args, `${proxy.url}${path}`]);
}

async function statusOf(proxy: Proxy, path: string, ...args: readonly string[]): Promise<string> {
  return (await ask(proxy, path, '-o', '/dev/null', '-w', '%{http_code}', ...args)).stdout;
}

describeAgainstKubectl('kubectl through kapi proxy', () => {
  const through = (proxy: Proxy, ...args: string[]): Promise<Result> =>
    kubectl(['-s', proxy.url, ...args], { kubeconfig: null });

  it('lists the same as without it', async () => {
    const proxy = await startProxy();
    const [ours, theirs] = await Promise.all([
      through(proxy, 'get', 'pods', '-n', 'dev', '-o', 'name'),
      kubectl(['get', 'pods', '-n', 'dev', '-o', 'name']),
    ]);
    expect(theirs.stdout).toContain('pod/');
    expect(ours).toMatchObject({ stdout: theirs.stdout, code: 0 });
    expect(proxy.log()).toMatch(/^GET \/api\/v1\/namespaces\/dev\/pods \(list pods in dev\) 200 \d+ ms$/m);
  });

  it('watches until the proxy ends', async () => {
    const proxy = await startProxy(['-v']);
    const watching = through(proxy, 'get', 'configmaps', '-n', 'kube-system', '-w', '-o', 'name');
    await until('the watch has begun', () =>
      Promise.resolve(/> GET \S*watch=true[^]*< HTTP\S* 200/.test(proxy.log())),
    );
    expect(await proxy.end('SIGTERM')).toMatchObject({ code: 143 });
    expect((await watching).stdout).toContain('configmap/');
    expect(proxy.log()).toMatch(/\(watch configmaps in kube-system\) 200 \d+ ms, stopped$/m);
  });

  it('gets an error that exec is rejected, and the server’s own response if it is allowed', async () => {
    const pod = (await kubectl(['get', 'pods', '-n', 'dev', '-o', 'name'])).stdout.split('\n')[0] ?? '';
    const exec = ['exec', '-n', 'dev', pod, '--', 'ls'];
    const shut = await startProxy();
    const refused = await through(shut, ...exec);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('start kapi proxy with --allow-writes');
    const open = await startProxy(['--allow-writes', '--reject-paths', '^$']);
    const [ours, theirs] = await Promise.all([through(open, ...exec), kubectl(exec)]);
    expect(ours.stderr).toBe(theirs.stderr);
    await until('it is in the log', () => Promise.resolve(open.log().includes('exec')));
    expect(open.log()).toMatch(/pods\/exec \S+ in dev\) [1-5]\d\d \d+ ms$/m);
    expect(open.log()).not.toContain('refused');
  });

  it('can ask about identity and permissions, and writes only if allowed', async () => {
    const proxy = await startProxy();
    expect((await through(proxy, 'auth', 'can-i', 'get', 'pods')).stdout).toBe('yes\n');
    const create = ['create', 'configmap', 'through-the-proxy', '--dry-run=server', '-o', 'name'];
    expect((await through(proxy, ...create)).stderr).toContain('kapi proxy: POST is a write');
    const open = await startProxy(['--allow-writes']);
    expect((await through(open, ...create)).stdout).toBe('configmap/through-the-proxy\n');
  });
});

describeOnServer('kapi proxy', () => {
  it('answers curl as the server does', async () => {
    const proxy = await startProxy();
    const [ours, theirs] = await Promise.all([ask(proxy, '/version'), curl('/version')]);
    expect(ours.stdout).toBe(theirs.stdout);
    expect(await statusOf(proxy, '/api/v1/namespaces/none/pods/none')).toBe('404');
    // The status of the server itself: a real one does not support HEAD here.
    const head = await curl('/version', '-I', '-o', '/dev/null', '-w', '%{http_code}');
    expect(await statusOf(proxy, '/version', '-I')).toBe(head.stdout);
    expect(await statusOf(proxy, '/api/v1/namespaces/dev/pods', '-XDELETE')).toBe('403');
  });

  it('answers a client that has closed its side, and ends its watch', async () => {
    const proxy = await startProxy();
    const { port } = new URL(proxy.url);
    const say = async (path: string, end: 'at once' | 'after the first bytes'): Promise<string> => {
      const socket = net.connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
      socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
      if (end === 'at once') socket.end();
      else socket.once('data', () => socket.end());
      await once(socket, 'close');
      return text;
    };
    const [version, list, watch] = await Promise.all([
      say('/version', 'at once'),
      say('/api/v1/namespaces', 'at once'),
      say('/api/v1/namespaces?watch=1&resourceVersion=0', 'after the first bytes'),
    ]);
    if (isStandalone) {
      // src/proxy/half-closed.ts
      expect([version, list]).toEqual(['', '']);
    } else {
      expect(version).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*"gitVersion"/);
      expect(list).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*"NamespaceList"/);
    }
    expect(watch).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    await until('the log tells of the watch', () => Promise.resolve(proxy.log().includes('client gone')));
  });

  it('rejects other origins, other host names and ambiguous paths', async () => {
    const proxy = await startProxy(['--reject-paths', '^/api/.*/secrets']);
    const page = await ask(proxy, '/version', '-i', '-H', 'Origin: https://evil.example');
    expect(page.stdout).toMatch(/^HTTP\/1\.1 403 Forbidden\r\ncontent-type: text\/plain/);
    expect(page.stdout).not.toContain('access-control');
    const preflight = ['-XOPTIONS', '-H', 'Origin: null', '-H', 'Access-Control-Request-Method: GET'];
    expect(await statusOf(proxy, '/api', ...preflight)).toBe('403');
    expect(await statusOf(proxy, '/version', '-H', 'Sec-Fetch-Site: cross-site')).toBe('403');
    expect(await statusOf(proxy, '/version', '-H', `Origin: ${proxy.url}`)).toBe('200');
    expect(await statusOf(proxy, '/version', '-H', 'Host: rebound.example')).toBe('403');
    const secrets = '/api/v1/namespaces/default/secrets';
    for (const path of [
      secrets,
      secrets.replace('secrets', 's%65crets'),
      secrets.replace('secrets', 'Secrets'),
    ])
      expect([path, await statusOf(proxy, path)]).toEqual([path, '403']);
    for (const trick of [
      '/./secrets',
      '/x/../secrets',
      '/%2e%2e/secrets',
      '//secrets',
      '%2fsecrets',
      '/secrets;a=b',
    ])
      expect([trick, await statusOf(proxy, `/api/v1/namespaces/default${trick}`)]).toEqual([trick, '400']);
  });

  it('holds twenty watches at a time', async () => {
    const proxy = await startProxy();
    const path = '/api/v1/namespaces/dev/pods?watch=1&resourceVersion=0&timeoutSeconds=3';
    const watches = Array.from({ length: 20 }, () => ask(proxy, path));
    const answers = await Promise.all(watches);
    for (const { stdout, code } of answers) {
      expect(code).toBe(0);
      expect(stdout).toMatch(/^\{"type":"ADDED"/);
    }
    await until('all are in the log', () => Promise.resolve(proxy.log().split('\n').length === 21));
    expect(proxy.log().match(/\(watch pods in dev\) 200 \d+ ms$/gm)).toHaveLength(20);
  });

  it('answers every request of 300 clients', async () => {
    const proxy = await startProxy();
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    const statusOfNext = (): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        get(`${proxy.url}/version`, { agent }, (response) => {
          response.resume();
          response.once('end', () => resolve(response.statusCode));
          response.once('error', reject);
        }).once('error', reject);
      });
    const statuses = await Promise.all(
      Array.from({ length: 300 }, async () => [
        await statusOfNext(),
        await statusOfNext(),
        await statusOfNext(),
      ]),
    );
    // Connections that are opened too late for their time limit are a 504.
    expect(new Set(statuses.flat()), proxy.log().slice(-2_000)).toEqual(new Set([200]));
  });

  it('uses the new token when the file is rewritten', async () => {
    const { url, caFile, tokens } = testServer();
    const file = join(makeFolder(), 'token');
    writeFileSync(file, 'no-token-of-this-server');
    const proxy = await startProxy(['-s', url, '--cacert', caFile, '--token-file', file], { KUBECONFIG: '' });
    expect(await statusOf(proxy, '/api/v1/namespaces')).toBe('401');
    writeFileSync(file, tokens.admin);
    // After a 401 it reads the file again, even if it read it shortly before.
    await until('the new token is used', async () => (await statusOf(proxy, '/api/v1/namespaces')) === '200');
    const answer = await ask(proxy, '/api/v1/namespaces', '-v', '-H', 'Authorization: Bearer nonsense');
    expect(answer.stderr).toContain('HTTP/1.1 200');
    expect(answer.stderr + answer.stdout + proxy.log()).not.toContain(tokens.admin);
  });

  it('passes 100 MB in little memory, to a slow reader too', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    const server = await startServer((_request, response) => {
      let left = 100;
      const more = (): void => {
        while (left > 0) {
          left -= 1;
          if (!response.write(chunk)) {
            response.once('drain', more);
            return;
          }
        }
        response.end();
      };
      more();
    });
    const proxy = await startProxy(['-s', server], { KUBECONFIG: '' });
    await statusOf(proxy, '/warm', '--max-time', '0.5', '--limit-rate', '1000');
    const before = residentMegabytes(proxy.pid, 'VmRSS');
    const sizes = await Promise.all(
      [[], ['--limit-rate', '60M']].map((args) =>
        ask(proxy, '/api/v1/pods', '-o', '/dev/null', '-w', '%{size_download}', ...args),
      ),
    );
    expect(sizes.map(({ stdout }) => stdout)).toEqual(['104857600', '104857600']);
    expect(residentMegabytes(proxy.pid, 'VmHWM') - before).toBeLessThan(80);
  });

  it('serves on a socket for its owner only', async () => {
    const file = join(makeFolder(), 'kapi.sock');
    const child = spawn(process.execPath, [kapiFile, 'proxy', '--unix-socket', file], {
      env: { ...cleanEnvironment(), KUBECONFIG: testServer().kubeconfigs.admin },
    });
    let stdout = '';
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    await until('it serves', () => Promise.resolve(stdout === `Starting to serve on ${file}\n`));
    const answer = await run('curl', ['-sS', '--unix-socket', file, 'http://localhost/version']);
    const mode = await run('stat', ['-c', '%a', file]);
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGINT');
    expect(await closed).toBe(130);
    expect(answer.stdout).toContain('gitVersion');
    expect(mode.stdout).toBe('600\n');
  });

  it('refuses a socket in use and a path that cannot be a socket', async () => {
    const folder = makeFolder();
    const file = join(folder, 'kapi.sock');
    const env = { ...cleanEnvironment(), KUBECONFIG: testServer().kubeconfigs.admin };
    const start = (): { child: ReturnType<typeof spawn>; said: () => string } => {
      const words = `umask 000; exec '${process.execPath}' '${kapiFile}' proxy --unix-socket '${file}'`;
      const child = spawn('sh', ['-c', words], { env, stdio: ['ignore', 'pipe', 'ignore'] });
      let stdout = '';
      child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
      onTestFinished(() => void child.kill('SIGKILL'));
      return { child, said: () => stdout };
    };
    const first = start();
    await until('it serves', () => Promise.resolve(first.said() !== ''));
    expect((await run('stat', ['-c', '%a', file])).stdout).toBe('600\n');
    writeFileSync(join(folder, 'file'), '');
    const refused = await Promise.all(
      [file, join(folder, 'file'), join(folder, 'none/s'), join(folder, 'x'.repeat(110)), folder].map(
        (path) => run(process.execPath, [kapiFile, 'proxy', '--unix-socket', path], { env }),
      ),
    );
    expect(refused.map(({ code, stderr }) => [code, /: ([^:\n]*)\n/.exec(stderr)?.[1]])).toEqual([
      [3, 'it is in use'],
      [3, 'it is a file that is not a socket'],
      [3, 'no such file or directory'],
      [3, expect.stringMatching(/^the path of a socket has \d+ bytes at most, and this one has \d+$/)],
      [3, 'it is a directory'],
    ]);
    const answer = (): Promise<Result> =>
      run('curl', ['-sS', '--unix-socket', file, 'http://localhost/version']);
    expect((await answer()).stdout).toContain('gitVersion');
    const closed = new Promise((resolve) => first.child.once('close', resolve));
    first.child.kill('SIGKILL');
    await closed;
    const second = start();
    await until('it serves in the place of the killed one', () => Promise.resolve(second.said() !== ''));
    expect((await answer()).stdout).toContain('gitVersion');
  });

  it('reads an upgrade and a path as the server does', async () => {
    const secrets = '^/api/v1/(namespaces/[^/]+/)?secrets(/[^/]+)?$';
    const proxy = await startProxy([
      '--reject-paths',
      secrets,
      '--reject-paths',
      '^/apis/[a-z]{1,4}/v1/namespaces/[^/]{1,3}/',
    ]);
    const rejected = [
      '/api/v1/namespaces/default/secrets',
      '/api/v1/namespaces/default/secrets/',
      '/api/v1/namespaces/default/secrets/x/',
      '/api/v1/watch/secrets',
      '/api/v1/watch/namespaces/default/secrets/',
      '/apis/apps/v1/namespaces/dev/deployments',
    ];
    const upgrade = ['-H', 'Connection: Upgrade', '-H', 'Upgrade: websocket', '--max-time', '5'];
    const writes = ['portforward', 'exec', 'attach', 'proxy', 'log/exec'].flatMap((subresource) =>
      ['?watch=1', '?watch=', '?command=id&watch=true'].map(
        (query) => `/api/v1/namespaces/default/pods/curl/${subresource}${query}`,
      ),
    );
    const statuses = await Promise.all([
      ...rejected.map((path) => statusOf(proxy, path)),
      ...writes.map((path) => statusOf(proxy, path, ...upgrade)),
    ]);
    expect(statuses).toEqual([...rejected, ...writes].map(() => '403'));
    expect(await statusOf(proxy, '/api/v1/namespaces/default/pods/')).toBe('200');
  });

  it('does not start with a filter that is misleading', async () => {
    const env = { KUBECONFIG: testServer().kubeconfigs.admin };
    const filters = [
      ['--reject-paths', '^/api/v1/namespaces/[^/]{1'],
      ['--reject-paths', '^api/v1/secrets'],
      ['--reject-paths', '(?!x)'],
      ['--reject-paths', '^/version', '--reject-paths', '('],
      ['--accept-paths', '^/a,'],
      ['--accept-hosts', '\\1'],
      ['--reject-methods', 'GET /'],
    ];
    const ends = await Promise.all(
      filters.map((args) => run(process.execPath, [kapiFile, 'proxy', '--port', '0', ...args], { env })),
    );
    expect(ends.map(({ code, stdout, stderr }) => [code, stdout, stderr.split(' ').slice(0, 3)])).toEqual(
      filters.map(() => [2, '', ['error:', 'invalid', 'expression']]),
    );
  });

  it('survives a hangup without a terminal', async () => {
    const proxy = await startProxy();
    process.kill(proxy.pid, 'SIGHUP');
    await sleep(100);
    expect(await statusOf(proxy, '/version')).toBe('200');
    expect(await proxy.end('SIGTERM')).toMatchObject({ code: 143 });
  });

  it('ends with 130 after Ctrl-C and says where it served', async () => {
    const proxy = await startProxy();
    const { code, stdout } = await proxy.end('SIGINT');
    expect(code).toBe(130);
    expect(stdout).toBe(`Starting to serve on ${proxy.url.replace('http://', '')}\n`);
    expect(proxy.log()).toBe('');
  });

  it('reports what blocks the address', async () => {
    const proxy = await startProxy();
    const port = new URL(proxy.url).port;
    const second = await run(process.execPath, [kapiFile, 'proxy', '--port', port], {
      env: { KUBECONFIG: testServer().kubeconfigs.admin },
    });
    expect(second).toMatchObject({
      code: 3,
      stdout: '',
      stderr: `error: cannot listen on port ${port} of 127.0.0.1: it is in use\nhint: --port 0 takes a free port\n`,
    });
  });
});

/**
 * Returns a line of /proc/PID/status in megabytes: `VmRSS` for current memory, `VmHWM` for its
 * peak.
 */
function residentMegabytes(pid: number, line: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${line}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024;
}

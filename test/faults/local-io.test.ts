// The built program when the system refuses operations: full devices, limits, closed pipes, deleted
// directories.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

const kapiFile = fileURLToPath(new URL('../../bin/kapi.js', import.meta.url));
const isStandalone = (process.env['KAPI_E2E_STANDALONE'] ?? '') !== '';
if (isStandalone)
  console.error(
    'SKIPPED: a deleted directory and a missing build (need Node instead of the standalone file)',
  );
let folder = '';
let url = '';
let server: Server;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kapi-local-io-'));
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://server');
    response.setHeader('content-type', 'application/json');
    if (!pathname.endsWith('/pods')) {
      response.statusCode = 404;
      response.end('{"kind":"Status","apiVersion":"v1","message":"no","reason":"NotFound","code":404}');
      return;
    }
    // Two warnings and one pod a page.
    const page = Number(searchParams.get('continue') ?? 0);
    response.setHeader('warning', [`299 - "a${page}"`, `299 - "b${page}"`]);
    const metadata = { resourceVersion: '7', ...(page < 6 ? { continue: String(page + 1) } : {}) };
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `p${page}`, namespace: 'default', annotations: { long: 'x'.repeat(4_000) } },
    };
    response.end(JSON.stringify({ apiVersion: 'v1', kind: 'PodList', metadata, items: [pod] }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a bash script in which `kapi` is the built program with the test's server. */
async function shell(script: string): Promise<Result> {
  const kapi = `kapi() { "$NODE" "$KAPI" --server "$SERVER" "$@"; }`;
  const child = spawn('bash', ['-c', `${kapi}\n${script}`], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      NODE: process.execPath,
      KAPI: kapiFile,
      SERVER: url,
    },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

describe('standard output', () => {
  it.each(['', ' -o name', ' -o json', ' -o yaml', ' -o ndjson', " -o jsonpath='{.items}'"])(
    'on a full device is an error with 3: list pods%s',
    async (format) => {
      const { code, stderr } = await shell(`kapi list pods${format} >/dev/full`);
      expect(stderr).toMatch(/error: cannot write to standard output: no space left on device\n/);
      expect(code).toBe(3);
    },
  );

  it('beyond the limit of the shell is an error with 3, and the file has what fits', async () => {
    // One short write: the system only reports how many bytes it accepted.
    const { code, stderr } = await shell('ulimit -f 2; kapi list pods --chunk-size 0 -o json >out');
    expect(stderr).toMatch(/error: cannot write to standard output: the file would be larger than the limit/);
    expect(code).toBe(3);
    expect(readFileSync(join(folder, 'out')).length).toBe(2 * 1024);
  });

  it('whose reader is gone ends the command silently with 0', async () => {
    const { stdout, stderr } = await shell(
      'kapi list pods -o json 2>/dev/null | head -1; echo "${PIPESTATUS[0]}"',
    );
    expect([stdout, stderr]).toEqual(['{\n0\n', '']);
  });
});

describe('standard error', () => {
  it.each([
    ['closed by its reader', '2> >(true)'],
    ['closed by its reader after a line', '2> >(head -1 >/dev/null)'],
    ['a full device', '2>/dev/full'],
    ['closed', '2>&-'],
  ])('%s: the list is complete and ends with 0', async (_, redirection) => {
    for (const verbose of ['', ' -v', ' -vv']) {
      const { code, stdout } = await shell(`kapi list pods --chunk-size 1 -o name${verbose} ${redirection}`);
      expect([verbose, code, stdout.split('\n').length]).toEqual([verbose, 0, 8]);
    }
  });

  it.each([
    ['list --nosuch', 2],
    ['list pods --kubeconfig /nonexistent/k', 3],
    ['get pod/nosuch', 4],
    ['list pods', 6],
  ])('full: kapi %s keeps its exit code', async (line, expected) => {
    const server = expected === 6 ? 'SERVER=http://127.0.0.1:1 ' : '';
    expect((await shell(`${server}kapi ${line} 2>/dev/full`)).code).toBe(expected);
  });

  it.each(['', '-v', '-vv'])('closed leaves a watch running: watch pods %s', async (verbose) => {
    let watches = 0;
    const warns = { 'content-type': 'application/json', warning: '299 - "a warning"' };
    const pod = (name: string, version: number): object => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default', resourceVersion: String(version) },
    });
    const watched = createServer((request, response) => {
      const { searchParams } = new URL(request.url ?? '', 'http://server');
      response.writeHead(200, warns);
      if (!searchParams.has('watch')) {
        const list = { apiVersion: 'v1', kind: 'PodList', metadata: { resourceVersion: '7' }, items: [] };
        response.end(JSON.stringify(list));
        return;
      }
      // Each watch ends after an event, which kapi writes about with -v.
      watches += 1;
      response.end(`${JSON.stringify({ type: 'ADDED', object: pod(`p${watches}`, 7 + watches) })}\n`);
    });
    await once(watched.listen(0, '127.0.0.1'), 'listening');
    const address = watched.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const words = ['--server', `http://127.0.0.1:${port}`, 'watch', 'pods', '-o', 'json'];
    const child = spawn(process.execPath, [kapiFile, ...words, ...(verbose === '' ? [] : [verbose])], {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => {
      child.kill('SIGKILL');
      watched.closeAllConnections();
      watched.close();
    });
    child.stderr.destroy();
    let stdout = '';
    const closed = once(child, 'close');
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      stdout += chunk.toString();
      if (stdout.includes('"p4"')) break;
    }
    expect(stdout).toContain('"p4"');
    // The break has closed standard output as well: the end of the other stream ends a watch.
    expect(await closed).toEqual([0, null]);
  });

  it('closed leaves a proxy running', async () => {
    const { stdout } = await shell(`
      exec 3< <("$NODE" "$KAPI" proxy --port 0 --server "$SERVER" 2> >(true) & echo "pid $!"; wait)
      read -r _ pid <&3
      read -r _ _ _ _ address <&3
      for each in 1 2 3; do "$NODE" -e 'fetch(process.argv[1]).then((r) => console.log(r.status))' "http://$address/api/v1/pods"; done
      kill "$pid"
    `);
    expect(stdout).toBe('200\n200\n200\n');
  });
});

describe('a hangup', () => {
  it('leaves a proxy without a terminal running, as nohup promises', async () => {
    const { stdout } = await shell(`
      nohup "$NODE" "$KAPI" proxy --port 0 --server "$SERVER" >nohup.out 2>&1 </dev/null & pid=$!
      until grep -q Starting nohup.out; do sleep 0.1; done
      kill -HUP "$pid"; sleep 0.3
      read -r _ _ _ _ address < <(grep Starting nohup.out)
      "$NODE" -e 'fetch(process.argv[1]).then((r) => console.log(r.status))' "http://$address/api/v1/pods"
      kill "$pid"; wait "$pid"; echo "code $?"
    `);
    expect(stdout).toBe('200\ncode 143\n');
  });
});

describe('what a process needs', () => {
  // Bun does not start there: test/e2e/standalone.
  it.skipIf(isStandalone)('works in a deleted working directory', async () => {
    const run = await shell('mkdir gone; cd gone; rmdir ../gone; kapi list pods -o name 2>/dev/null | wc -l');
    expect(run).toEqual({ code: 0, stdout: '7\n', stderr: '' });
    const relative = await shell('mkdir gone; cd gone; rmdir ../gone; kapi list pods --kubeconfig here');
    expect([relative.code, relative.stderr]).toEqual([
      3,
      expect.stringContaining('no such file or directory'),
    ]);
  });

  it('too few file descriptors are an error with 3, not a bug', async () => {
    const codes = new Set<number | null>();
    for (const limit of [19, 20, 21, 22, 23, 24]) {
      const { code, stderr } = await shell(`ulimit -n ${limit}; kapi doctor >/dev/null`);
      codes.add(code);
      expect(stderr).not.toMatch(/a bug in kapi|^node:/m);
    }
    expect([...codes].every((code) => code !== 70 && code !== 1)).toBe(true);
  });

  it.skipIf(isStandalone)('a checkout without a build says so in one line', async () => {
    cpSync(join(kapiFile, '..'), join(folder, 'tree/bin'), { recursive: true });
    const run = await shell('"$NODE" tree/bin/kapi.js list pods');
    expect(run).toEqual({ code: 3, stdout: '', stderr: 'error: kapi is not built yet: npm run build\n' });
  });
});

// `kapi curl` compared with curl: the same flags give the same bytes.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

import {
  cleanEnvironment,
  curl,
  describeOnServer,
  kapi,
  kapiFile,
  makeFolder,
  run,
  testServer,
  until,
} from './kapi.ts';
import { startServer } from './loopback.ts';
import { wordsOf } from './words.ts';

/** The checked part of a response. */
interface Answer {
  readonly metadata?: { readonly managedFields?: unknown };
  readonly status?: { readonly userInfo?: { readonly username?: string } };
}

/** Flags and a path for both programs. */
const transfers: readonly (readonly [flags: string, path: string])[] = [
  ['', '/version'],
  ['', '/apis/apps/v1'],
  ['', '/api/v1/namespaces/default/pods/completed'],
  ['', '/api/v1/namespaces/odd/configmaps'],
  ['', '/api/v1/namespaces/default/pods/nope'],
  ['', '/nope'],
  ['', '/readyz'],
  ['-X GET', '/version'],
  ['-X OPTIONS', '/version'],
  ['-X DELETE', '/version'],
  ['-X POST', '/version'],
  ['-f', '/version'],
  ["-H 'Accept: application/yaml'", '/api/v1/namespaces/default/pods/completed'],
  ["-H 'Accept: application/json;as=Table;g=meta.k8s.io;v=v1'", '/api/v1/namespaces/default/services'],
  ["-H 'Accept: application/nonsense'", '/api/v1/namespaces/default/pods'],
  ["-G -d limit=1 --data-urlencode 'labelSelector=app in (web)'", '/api/v1/namespaces/default/services'],
  ["-G --data-urlencode '=fieldManager=a b&c' -d '@EMPTY' -d x=y", '/version'],
  ["-H 'Impersonate-User: joe' -H 'Impersonate-Group: a' -H 'Impersonate-Group: b'", '/api/v1/nodes'],
  ["-H 'Impersonate-User: joe' -H 'Impersonate-Group: team-a'", '/api/v1/namespaces/dev/pods/api-0'],
  [
    '--json \'{"kind":"SelfSubjectReview","apiVersion":"authentication.k8s.io/v1"}\' -H \'Impersonate-User: joe\' -H \'Impersonate-Extra-a%2fb: x\'',
    '/apis/authentication.k8s.io/v1/selfsubjectreviews?dryRun=All',
  ],
  ["--json '{' --json '}'", '/api/v1/namespaces/empty/configmaps?dryRun=All'],
  ['--json \'{"metadata":{}}\'', '/api/v1/namespaces/empty/configmaps?dryRun=All'],
  ["-d '{}' -H 'Content-Type: text/plain'", '/api/v1/namespaces/empty/configmaps?dryRun=All'],
  [
    "-X PUT -d x=y -H 'Content-Type: application/json'",
    '/api/v1/namespaces/default/configmaps/settings?dryRun=All',
  ],
  [
    "-X PATCH -H 'Content-Type: application/merge-patch+json' -d @PATCH",
    '/apis/apps/v1/namespaces/default/deployments/web?dryRun=All',
  ],
  [
    "-T PATCH -H 'Content-Type: application/json'",
    '/apis/apps/v1/namespaces/default/deployments/web?dryRun=All',
  ],
  [
    "-w '\\n%{http_code} %{response_code} %{content_type} %{num_redirects} %{size_download} %{method} %{scheme}%%\\t%{url_effective}\\n'",
    '/version',
  ],
  [
    "-o /dev/null -w '%{http_code} %{size_upload} %header{content-type}' -d '{\"a\":1}' -H 'Content-Type: application/json'",
    '/version',
  ],
  ["-s -S -i -o BODY -w '%{filename_effective}'", '/healthz'],
];

describeOnServer('kapi curl sends and shows what curl does', () => {
  it.concurrent.each(transfers)('%s %s', async (line, path) => {
    const cwd = makeFolder();
    writeFileSync(join(cwd, 'EMPTY'), '');
    writeFileSync(join(cwd, 'PATCH'), '{"metadata":{"labels":{"it\'s":null,"patched":"yes"}}}');
    const flags = ['-A', 'kapi-e2e', ...wordsOf(line)];
    const { url, caFile, tokens } = testServer();
    const ours = await kapi(['curl', '-s', ...flags, path], { cwd });
    const connection = ['--http1.1', '--cacert', caFile, '-H', `Authorization: Bearer ${tokens.admin}`];
    const theirs = await run('curl', ['-s', ...connection, ...flags, `${url}${path}`], {
      kubeconfig: null,
      cwd,
    });
    expect(settled(ours.stdout)).toBe(settled(theirs.stdout));
    expect(theirs.code).toBe(0);
  });

  it('headers: the same names and values, in the order of the server', async () => {
    const ours = await kapi(['curl', '-s', '-i', '/version']);
    const theirs = await curl('/version', '-i', '--http1.1', '-A', 'kapi');
    const headers = ({ stdout }: { stdout: string }): string[] =>
      stdout
        .split('\r\n\r\n')[0]
        ?.split('\r\n')
        .map((text) => text.replace(/^((?:audit-id|date|x-kubernetes-pf-\S+): ).*$/i, '$1')) ?? [];
    expect(headers(ours)).toEqual(headers(theirs));
    expect(headers(ours)[0]).toBe('HTTP/1.1 200 OK');
    const head = await kapi(['curl', '-I', '/healthz']);
    expect(head).toMatchObject({ code: 0, stderr: '' });
    expect(head.stdout).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n$/);
  });

  it.each([
    ['/version', [], 0],
    ['/api/v1/namespaces/default/pods/nope', [], 4],
    ['/api/v1/namespaces/default/pods/nope', ['-f'], 4],
    ['/api/v1/nodes', ['-H', 'Impersonate-User: joe'], 4],
    ['/api/v1/nodes', ['-H', 'Authorization: Bearer nonsense'], 4],
    ['/version', ['--connect-timeout', '2', '--server', 'https://127.0.0.1:1'], 6],
  ])('%s %j ends with %i, with -s without a message', async (path, flags, code) => {
    const options = { kubeconfig: testServer().kubeconfigs.bob };
    const loud = await kapi(['curl', ...flags, path], options);
    expect(loud.code).toBe(code);
    expect(loud.stderr === '').toBe(code === 0);
    expect(await kapi(['curl', '-s', ...flags, path], options)).toMatchObject({ code, stderr: '' });
  });

  it("prints the body of a refusal, kubectl's words and the code", async () => {
    const { stdout, stderr, code } = await kapi(['curl', 'pods/nope']);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'Status', reason: 'NotFound', code: 404 });
    expect(stderr).toMatch(/^Error from server \(NotFound\): pods "nope" not found\n/);
    expect(code).toBe(4);
    expect(await kapi(['curl', '-f', '-s', 'pods/nope'])).toEqual({
      stdout: '',
      stderr: '',
      code: 4,
      signal: undefined,
    });
  });

  it('accepts absolute and relative paths, and URLs of the server only', async () => {
    const { url } = testServer();
    const whole = await kapi(['curl', '/api/v1/namespaces/dev/pods/api-0']);
    for (const words of [
      ['pods/api-0', '-n', 'dev'],
      ['po/api-0', '-n', 'dev'],
      [`${url}/api/v1/namespaces/dev/pods/api-0`],
    ])
      expect((await kapi(['curl', ...words])).stdout).toBe(whole.stdout);
    expect(JSON.parse((await kapi(['curl', 'wg/alpha'])).stdout)).toMatchObject({ kind: 'Widget' });
    let asked = 0;
    const elsewhere = await startServer((_, response) => {
      asked += 1;
      response.end();
    });
    expect(await kapi(['curl', `${elsewhere}/version`])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("is not the cluster's server"),
    });
    expect(asked).toBe(0);
  });

  it('anonymously, as another user, with another name', async () => {
    const review = [
      '--json',
      '{"kind":"SelfSubjectReview","apiVersion":"authentication.k8s.io/v1"}',
      '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    ];
    const as = async (...words: readonly string[]): Promise<string> => {
      const { stdout } = await kapi(['curl', ...words, ...review], {
        kubeconfig: testServer().kubeconfigs.bob,
      });
      const answer: Answer = JSON.parse(stdout);
      return answer.status?.userInfo?.username ?? '';
    };
    expect(await as()).toBe('bob');
    expect(await as('-H', `Authorization: Bearer ${testServer().serviceAccountToken}`)).toBe(
      'system:serviceaccount:default:default',
    );
    const nobody = await kapi(['curl', '-H', 'Authorization:', '/api/v1/nodes'], {
      kubeconfig: testServer().kubeconfigs.bob,
    });
    expect(nobody.stdout).toContain('system:anonymous');
  });
});

describeOnServer('kapi curl writes objects', () => {
  const name = (): string => `curl-${Math.random().toString(36).slice(2, 10)}`;
  const yaml = (of: string): string =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${of}\ndata:\n  a: 'it''s'\n  b: |\n    two\n    lines\n`;

  it('in YAML and JSON, patched in every way, scaled, applied and deleted', async () => {
    const map = name();
    const ask = async (...words: readonly string[]): Promise<Answer> => {
      const { stdout, stderr, code } = await kapi(['curl', ...words, '-n', 'empty']);
      expect(code, stderr).toBe(0);
      const answer: Answer = JSON.parse(stdout);
      return answer;
    };
    const file = join(makeFolder(), 'map.yaml');
    writeFileSync(file, yaml(map));
    expect(await ask('-d', `@${file}`, 'cm')).toMatchObject({ data: { a: "it's", b: 'two\nlines\n' } });
    expect(await ask('-X', 'PUT', '--data-binary', `@${file}`, `cm/${map}`)).toMatchObject({
      data: { a: "it's" },
    });
    expect(await ask('-T', file, `cm/${map}`)).toMatchObject({ data: { a: "it's" } });
    expect(await ask('--type', 'merge', '-d', 'data: {c: x}', `cm/${map}`)).toMatchObject({
      data: { a: "it's", c: 'x' },
    });
    expect(await ask('-X', 'PATCH', '-d', '{"data":{"c":null}}', `cm/${map}`)).toMatchObject({
      data: { b: 'two\nlines\n' },
    });
    expect(await ask('--type', 'strategic', '-d', 'metadata: {labels: {l: m}}', `cm/${map}`)).toMatchObject({
      metadata: { labels: { l: 'm' } },
    });
    expect(await ask('--type', 'json', '-d', '- {op: remove, path: /data/b}', `cm/${map}`)).toMatchObject({
      data: { a: "it's" },
    });
    const applied = await ask('--type', 'apply', '-d', `${yaml(map)}  d: applied\n`, `cm/${map}?force=true`);
    expect(applied).toMatchObject({ data: { d: 'applied' } });
    expect(JSON.stringify(applied.metadata?.managedFields)).toContain('"manager":"kapi","operation":"Apply"');
    expect(await ask('-X', 'DELETE', `cm/${map}`)).toMatchObject({ kind: 'Status', status: 'Success' });
    expect(await kapi(['get', 'cm', map, '-n', 'empty'])).toMatchObject({ code: 4 });
  });

  it('without effect, with --dry-run', async () => {
    const map = name();
    const file = join(makeFolder(), 'map.yaml');
    writeFileSync(file, yaml(map));
    const tried = await kapi(['curl', '--dry-run', '-d', `@${file}`, 'cm', '-n', 'empty']);
    expect(JSON.parse(tried.stdout)).toMatchObject({ metadata: { name: map } });
    expect(await kapi(['get', 'cm', map, '-n', 'empty'])).toMatchObject({ code: 4 });
    const before = await kapi([
      'get',
      'deploy/web',
      '-o',
      'jsonpath={.spec.replicas} {.metadata.resourceVersion}',
    ]);
    for (const words of [
      ['--type', 'merge', '-d', '{"spec":{"replicas":9}}', 'deploy/web'],
      ['--type', 'merge', '-d', '{"spec":{"replicas":9}}', 'deploy/web/scale'],
      ['-X', 'DELETE', 'deploy/web'],
    ]) {
      expect(await kapi(['curl', '-s', '--dry-run', ...words])).toMatchObject({ code: 0 });
    }
    expect(
      await kapi(['get', 'deploy/web', '-o', 'jsonpath={.spec.replicas} {.metadata.resourceVersion}']),
    ).toEqual(before);
    expect(await kapi(['curl', '--dry-run', 'pods'])).toMatchObject({ code: 2, stdout: '' });
  });
});

describeOnServer('kapi curl passes bytes on', () => {
  it('binary and large ones, to a file and to a pipe', async () => {
    const folder = makeFolder();
    const protobuf = ['-H', 'Accept: application/vnd.kubernetes.protobuf'];
    for (const [path, ...flags] of [
      // The sandbox has no protobuf.
      ...(testServer().kind === 'sandbox'
        ? []
        : [['/api/v1/namespaces/default/pods/completed', ...protobuf] as const]),
      ['/openapi/v2'],
    ] as const) {
      const [ours, theirs, piped] = ['ours', 'theirs', 'piped'].map((file) => join(folder, file));
      expect(await kapi(['curl', '-s', '-A', 'e2e', ...flags, '-o', ours ?? '', path])).toMatchObject({
        code: 0,
        stdout: '',
      });
      await curl(path, '-A', 'e2e', ...flags, '-o', theirs ?? '');
      const shell = `'${process.execPath}' '${kapiFile}' curl -s -A e2e "$@" | cat > '${piped ?? ''}'`;
      await run('sh', ['-c', shell, 'sh', ...flags, path], {
        env: { KUBECONFIG: testServer().kubeconfigs.admin },
      });
      const sums = [ours, theirs, piped].map((file) =>
        createHash('sha256')
          .update(readFileSync(file ?? ''))
          .digest('hex'),
      );
      expect(new Set(sums).size, path).toBe(1);
    }
    expect(readFileSync(join(folder, 'ours')).length).toBeGreaterThan(100_000);
  });

  it('into a file named like the path', async () => {
    const cwd = makeFolder();
    expect(await kapi(['curl', '-s', '-O', '/version?x=y'], { cwd })).toMatchObject({ code: 0, stdout: '' });
    expect(JSON.parse(readFileSync(join(cwd, 'version'), 'utf8'))).toMatchObject({ major: '1' });
    expect(await kapi(['curl', '-f', '-s', '-o', 'none', '/nope'], { cwd })).toMatchObject({ code: 4 });
    expect(existsSync(join(cwd, 'none'))).toBe(false);
  });

  it('ends silently when the reader is gone', async () => {
    const shell = `'${process.execPath}' '${kapiFile}' curl /openapi/v2 | head -c 10; echo " \${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await run('bash', ['-c', shell], {
      env: { KUBECONFIG: testServer().kubeconfigs.admin },
    });
    expect(stdout).toMatch(/^.{10} 0\n$/s);
    expect(stderr).toBe('');
  });

  it('of a stream as they arrive, until it is stopped', async () => {
    const child = spawn(
      process.execPath,
      [kapiFile, 'curl', '-N', '/api/v1/namespaces/empty/configmaps?watch=1&resourceVersion=0'],
      {
        env: { ...cleanEnvironment(), KUBECONFIG: testServer().kubeconfigs.admin },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    let seen = '';
    child.stdout.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
    });
    const map = `stream-${Math.random().toString(36).slice(2, 10)}`;
    const body = JSON.stringify({ kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: map } });
    await kapi(['curl', '-s', '-o', '/dev/null', '--json', body, 'cm', '-n', 'empty']);
    await until('the event has come', () => Promise.resolve(seen.includes(`"name":"${map}"`)));
    await kapi(['curl', '-s', '-o', '/dev/null', '-X', 'DELETE', `cm/${map}`, '-n', 'empty']);
    await until('the deletion has come', () => Promise.resolve(seen.includes('"DELETED"')));
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGINT');
    expect(await ended).toBe(130);
  });
});

describeOnServer('kapi curl meets other servers', () => {
  it('without a handshake, or with a late response', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      silent.close();
    });
    const address = silent.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const late = await startServer((_, response) => {
      setTimeout(() => response.end('late'), 1_500);
    });
    const ask = (server: string, ...words: readonly string[]): ReturnType<typeof kapi> =>
      kapi(['curl', '-k', '--server', server, ...words, '/'], { kubeconfig: null });
    expect(await ask(`https://127.0.0.1:${port}`, '--connect-timeout', '0.5')).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('no connection within --connect-timeout 0.5 s'),
    });
    expect(await ask(late, '--connect-timeout', '1')).toMatchObject({ code: 0, stdout: 'late' });
    expect(await ask(late, '-m', '0.7')).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('the transfer is not complete after --max-time 0.7 s'),
    });
  });

  it('a redirect is shown, and followed within the origin with -L', async () => {
    const server = await startServer((request, response) => {
      if (request.url === '/old') response.writeHead(302, { location: '/new' }).end('moved');
      else if (request.url === '/away')
        response.writeHead(302, { location: 'http://localhost:1/' }).end('moved');
      else response.end(`here: ${request.headers.host ?? ''}`);
    });
    const ask = (...words: readonly string[]): ReturnType<typeof kapi> =>
      kapi(['curl', '--server', server, ...words], { kubeconfig: null, cwd: '/' });
    expect(await ask('-w', ' %{http_code} %{redirect_url}', '/old')).toMatchObject({
      code: 0,
      stdout: `moved 302 ${server}/new`,
    });
    expect(await ask('-L', '-w', ' %{http_code} %{num_redirects} %{url_effective}', '/old')).toMatchObject({
      code: 0,
      stdout: `here: ${server.replace('http://', '')} 200 1 ${server}/new`,
    });
    expect(await ask('-L', '/away')).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('another origin'),
    });
  });
});

/** Replaces what differs between two responses to one request. */
function settled(text: string): string {
  return (
    text
      .replaceAll(/"uid": ?"[^"]*"/g, '"uid":…')
      .replaceAll(/"(?:time|creationTimestamp)": ?"[^"]*"/g, '"time":…')
      .replaceAll(/"\d+[smhd](?:\d+[sm])?"/g, '"age"')
      .replaceAll(/"manager": ?"[^"]*"/g, '"manager":…')
      // The resourceVersion of a list changes with every write elsewhere; a continue token contains
      // it too.
      .replaceAll(/"metadata":\{"resourceVersion":"\d+"/g, '"metadata":{"resourceVersion":…')
      .replaceAll(/"continue":"[^"]*"/g, '"continue":…')
      .replaceAll(/(uid|time|creationTimestamp): .*/g, '$1: …')
  );
}

// kapi curl and --curl with a scripted server.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConnectionError } from '../../src/errors.ts';
import { Secret } from '../../src/model/secret.ts';
import type { Exchange } from '../scripted-send.ts';
import { virtualTime } from '../virtual-time.ts';
import { runKapi, type RunOptions, type RunResult } from './run-kapi.ts';

const folder = mkdtempSync(join(tmpdir(), 'kapi-curl-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function fileWith(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const curl = (words: readonly string[], options?: RunOptions): Promise<RunResult> =>
  runKapi(['curl', ...words], options);

const origin = { kind: 'kubeconfig', text: '/home/jane/.kube/config' } as const;
const notFound = {
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  message: 'pods "nope" not found',
  reason: 'NotFound',
  details: { name: 'nope', kind: 'pods' },
  code: 404,
};

describe('the answer', () => {
  it('is unchanged in a pipe', async () => {
    const body = '{"b":1,"a":[1,2]}';
    const reply = { headers: { 'content-type': 'application/json' }, body };
    expect(
      await curl(['/version'], {
        replies: [{ request: 'GET /version', headers: { accept: '*/*' }, reply }],
      }),
    ).toEqual({ stdout: body, stderr: '', code: 0, requests: ['GET /version'] });
  });

  it('is indented and escaped on a terminal', async () => {
    const reply = { headers: { 'content-type': 'application/json' }, body: '{"b":1,"a":"\u009b"}' };
    const { stdout } = await curl(['/version', '--color', 'never'], {
      tty: true,
      replies: [{ request: 'GET /version', reply }],
    });
    expect(stdout).toBe('{\n  "b": 1,\n  "a": "\\u009b"\n}\n');
    const raw = await curl(['/version', '-o', '-'], {
      tty: true,
      replies: [{ request: 'GET /version', reply }],
    });
    expect(raw.stdout).toBe(reply.body);
  });

  it('keeps the lines of a stream on a terminal', async () => {
    const lines = ['{"type":"ADDED","object":{}}\n', '{"type":"DELETED","object":{}}\n'];
    const { stdout } = await curl(['/api/v1/pods?watch=1', '--color', 'never'], {
      tty: true,
      replies: [
        {
          request: 'GET /api/v1/pods?watch=1',
          reply: { headers: { 'content-type': 'application/json' }, body: lines },
        },
      ],
    });
    expect(stdout).toBe(lines.join(''));
  });

  it('goes to a file, byte for byte', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const path = join(folder, 'out.bin');
    const replies = [{ request: 'GET /x/y.bin?a=b', reply: { body: bytes } }];
    expect(await curl(['/x/y.bin?a=b', '-o', path], { replies })).toMatchObject({ stdout: '', code: 0 });
    expect(Uint8Array.from(readFileSync(path))).toEqual(bytes);
    expect(
      await curl(['/x', '-o', join(folder, 'no/such/file')], { replies: [{ request: 'GET /x', reply: {} }] }),
    ).toMatchObject({
      code: 3,
      stderr: `error: the file ${join(folder, 'no/such/file')} cannot be written: no such file or directory\n`,
    });
  });

  it('shows headers with -i, -I and -D', async () => {
    const reply = {
      status: 200,
      statusText: 'OK',
      headers: { 'content-type': 'text/plain', 'x-a': 'ü' },
      body: 'ok',
    };
    const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nx-a: \xfc\r\n\r\n';
    const latin1 = Buffer.from(head, 'latin1').toString();
    expect((await curl(['-i', '/a'], { replies: [{ request: 'GET /a', reply }] })).stdout).toBe(
      `${latin1}ok`,
    );
    expect(
      (await curl(['-I', '/a'], { replies: [{ request: 'HEAD /a', reply: { ...reply, body: undefined } }] }))
        .stdout,
    ).toBe(latin1);
    const dump = join(folder, 'headers');
    const both = await curl(['-D', dump, '/a'], { replies: [{ request: 'GET /a', reply }] });
    expect(both.stdout).toBe('ok');
    expect(readFileSync(dump, 'latin1')).toBe(head);
    const out = join(folder, 'with-headers');
    await curl(['-i', '-o', out, '/a'], { replies: [{ request: 'GET /a', reply }] });
    expect(readFileSync(out, 'latin1')).toBe(`${head}ok`);
  });

  it.each([
    [[], 4, JSON.stringify(notFound), 'Error from server (NotFound): pods "nope" not found\n'],
    [['-f'], 4, '', 'Error from server (NotFound): pods "nope" not found\n'],
    [
      ['--fail-with-body'],
      4,
      JSON.stringify(notFound),
      'Error from server (NotFound): pods "nope" not found\n',
    ],
    [['-s'], 4, JSON.stringify(notFound), ''],
    [['-sf'], 4, '', ''],
    [['-sS'], 4, JSON.stringify(notFound), 'Error from server (NotFound): pods "nope" not found\n'],
  ])('of an error with %j: exit %i', async (flags, code, stdout, stderr) => {
    const names = { items: [{ metadata: { name: 'note' } }] };
    const run = await curl([...flags, '/api/v1/namespaces/a/pods/nope'], {
      replies: [
        { request: 'GET /api/v1/namespaces/a/pods/nope', reply: { status: 404, body: notFound } },
        // With -s there is no hint.
        ...(stderr === ''
          ? []
          : [{ request: 'GET /api/v1/namespaces/a/pods?limit=500', reply: { body: names } }]),
      ],
    });
    const near = 'hint: did you mean `kapi curl ';
    expect(run.stderr.includes(near)).toBe(stderr !== '');
    expect(run.stderr.includes('/api/v1/namespaces/a/pods/note`?')).toBe(stderr !== '');
    expect({ ...run, stderr: run.stderr.replace(/^hint: .*\n/m, '') }).toMatchObject({
      code,
      stdout,
      stderr,
    });
  });

  it.each([
    [500, 5],
    [503, 5],
    [429, 5],
    [403, 4],
    [301, 0],
    [204, 0],
  ])('of status %i ends with %i, after one request', async (status, code) => {
    expect(await curl(['-s', '/x'], { replies: [{ request: 'GET /x', reply: { status } }] })).toMatchObject({
      code,
    });
  });

  it('that does not arrive is a connection error, silent with -s', async () => {
    const reply = new ConnectionError('The connection was refused', { code: 'ConnectionRefused' });
    const replies = [{ request: 'GET /x', reply }];
    expect(await curl(['/x'], { replies })).toMatchObject({
      code: 6,
      stderr: 'error: The connection was refused\n',
    });
    expect(await curl(['-s', '/x'], { replies })).toMatchObject({ code: 6, stderr: '' });
  });
});

describe('the request', () => {
  it.each<[readonly string[], string, Record<string, string>, string | undefined]>([
    [['-X', 'delete', '/x'], 'DELETE /x', {}, undefined],
    [['-XOPTIONS', '/x'], 'OPTIONS /x', {}, undefined],
    [
      ['-d', '{"a":1}', '/api/v1/namespaces/a/pods'],
      'POST /api/v1/namespaces/a/pods',
      { 'content-type': 'application/json' },
      '{"a":1}',
    ],
    [
      ['-d', 'a: 1', '/api/v1/namespaces/a/pods'],
      'POST /api/v1/namespaces/a/pods',
      { 'content-type': 'application/yaml' },
      'a: 1',
    ],
    [
      ['-d', 'a=1', '-d', 'b=2', '/x'],
      'POST /x',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'a=1&b=2',
    ],
    [['-d', 'a=1', '--data-urlencode', 'b=ü &', '-d', 'c=@x', '/x'], 'POST /x', {}, 'a=1&b=%C3%BC+%26&c=@x'],
    [['--data-raw', '@x', '/x'], 'POST /x', {}, '@x'],
    [
      ['--json', '{"a":', '--json', '1}', '/x'],
      'POST /x',
      { 'content-type': 'application/json', accept: 'application/json' },
      '{"a":1}',
    ],
    [
      ['-G', '-d', 'limit=1', '--data-urlencode', 'labelSelector=app in (a,b)', '/api/v1/pods?x=y'],
      'GET /api/v1/pods?x=y&limit=1&labelSelector=app+in+%28a%2Cb%29',
      {},
      undefined,
    ],
    [['-IG', '-d', 'a=1', '/x'], 'HEAD /x?a=1', {}, undefined],
    [
      ['-X', 'PUT', '-d', '{}', '-H', 'Content-Type: text/x', '/x'],
      'PUT /x',
      { 'content-type': 'text/x' },
      '{}',
    ],
    [
      ['-A', 'me/1', '-u', 'jane:pw', '/x'],
      'GET /x',
      { 'user-agent': 'me/1', authorization: 'Basic amFuZTpwdw==' },
      undefined,
    ],
    [['-H', 'X-A;', '-H', 'x-b:  c d ', '/x'], 'GET /x', { 'x-a': '', 'x-b': 'c d' }, undefined],
    [
      ['--type', 'merge', '-d', 'spec:\n  replicas: 3\n', 'deploy/web'],
      'PATCH /apis/apps/v1/namespaces/default/deployments/web',
      { 'content-type': 'application/merge-patch+json' },
      '{"spec":{"replicas":3}}',
    ],
    // Integers keep their digits in the conversion from YAML to JSON.
    [
      ['--type', 'strategic', '-d', 'a: [9007199254740993, 12345678901234567890]', 'cm/a'],
      'PATCH /api/v1/namespaces/default/configmaps/a',
      { 'content-type': 'application/strategic-merge-patch+json' },
      '{"a":[9007199254740993,12345678901234567890]}',
    ],
    [
      ['-X', 'PATCH', '-d', '[{"op":"remove","path":"/a"}]', 'cm/a'],
      'PATCH /api/v1/namespaces/default/configmaps/a',
      { 'content-type': 'application/json-patch+json' },
      '[{"op":"remove","path":"/a"}]',
    ],
    [
      ['-X', 'PATCH', '-d', '{"a":1}', 'cm/a'],
      'PATCH /api/v1/namespaces/default/configmaps/a',
      { 'content-type': 'application/merge-patch+json' },
      '{"a":1}',
    ],
    [
      ['--type', 'apply', '-d', 'kind: ConfigMap', 'cm/a'],
      'PATCH /api/v1/namespaces/default/configmaps/a?fieldManager=kapi',
      { 'content-type': 'application/apply-patch+yaml' },
      'kind: ConfigMap',
    ],
    [
      ['--type', 'apply', '-d', '{}', 'cm/a?fieldManager=me&force=true'],
      'PATCH /api/v1/namespaces/default/configmaps/a?fieldManager=me&force=true',
      {},
      '{}',
    ],
    [
      ['pods/web/log?tailLines=1', '-n', 'dev'],
      'GET /api/v1/namespaces/default/pods/web/log?tailLines=1',
      {},
      undefined,
    ],
    [['nodes'], 'GET /api/v1/nodes', {}, undefined],
    [
      ['svc/web:80/proxy/a/../b'],
      'GET /api/v1/namespaces/default/services/web:80/proxy/a/../b',
      {},
      undefined,
    ],
    [['https://api.test:6443/api/v1/pods?limit=1#top'], 'GET /api/v1/pods?limit=1', {}, undefined],
    [['HTTPS://API.test:6443'], 'GET /', {}, undefined],
    [
      ['--dry-run', '-X', 'DELETE', 'pods/web?gracePeriodSeconds=0'],
      'DELETE /api/v1/namespaces/default/pods/web?gracePeriodSeconds=0&dryRun=All',
      {},
      undefined,
    ],
    [
      ['--dry-run', '-d', '{}', 'pods?dryRun=All'],
      'POST /api/v1/namespaces/default/pods?dryRun=All',
      {},
      '{}',
    ],
  ])('%j', async (words, request, headers, body) => {
    const reply = { body: 'ok' };
    const run = await curl(words, {
      replies: [{ request, headers, ...(body === undefined ? {} : { body }), reply }],
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toMatch(words.includes('-IG') ? /^HTTP/ : /^ok$/);
  });

  it('reads bodies from files, several parts and uploads', async () => {
    const yaml = fileWith('pod.yaml', 'kind: Pod\nmetadata:\n  name: a\n');
    const pods = 'POST /api/v1/namespaces/default/pods';
    for (const flag of ['-d', '--data-binary']) {
      const replies = [
        {
          request: pods,
          headers: { 'content-type': 'application/yaml' },
          body: 'kind: Pod\nmetadata:\n  name: a\n',
          reply: {},
        },
      ];
      expect(await curl([flag, `@${yaml}`, 'pods'], { replies })).toMatchObject({ code: 0 });
    }
    const put = 'PUT /api/v1/namespaces/default/pods/a';
    expect(
      await curl(['-T', yaml, 'pods/a'], {
        replies: [
          {
            request: put,
            headers: { 'content-type': 'application/yaml' },
            body: 'kind: Pod\nmetadata:\n  name: a\n',
            reply: {},
          },
        ],
      }),
    ).toMatchObject({ code: 0 });
    // An upload is sent as a stream, with its file name after a slash.
    const upload = 'PUT /api/v1/namespaces/default/pods/a/proxy/up/pod.yaml';
    expect(
      await curl(['-T', yaml, 'pods/a/proxy/up/'], {
        replies: [{ request: upload, body: readFileSync(yaml, 'utf8'), reply: {} }],
      }),
    ).toMatchObject({ code: 0 });
    const names = fileWith('names', 'a b\n');
    expect(
      await curl(['-G', '--data-urlencode', `n@${names}`, '/x'], {
        replies: [{ request: 'GET /x?n=a+b%0A', reply: {} }],
      }),
    ).toMatchObject({ code: 0 });
    const headers = fileWith('headers.txt', 'X-A: 1\r\nX-B: 2\n\n');
    expect(
      await curl(['-H', `@${headers}`, '/x'], {
        replies: [{ request: 'GET /x', headers: { 'x-a': '1', 'x-b': '2' }, reply: {} }],
      }),
    ).toMatchObject({ code: 0 });
  });

  it.each<[readonly string[], string]>([
    [
      [],
      "error: PATH is missing: a path that begins with /, a path relative to the namespace, or a URL of the cluster's server\nhint: usage: kapi curl PATH [flags]\n",
    ],
    [[''], 'error: PATH is empty\n'],
    [
      ['-H', 'Authorization:', 'Bearer', 'geheim', '/a'],
      "error: one path at a time, and these are 3 words\nhint: a value with blanks needs quotes: -H 'Name: value'\n",
    ],
    [
      ['https://evil.test/api'],
      `error: "https://evil.test/api" is not the cluster's server\nhint: the server is https://api.test:6443, and kapi sends credentials only there; a path is enough: \`kapi curl /api\`\n`,
    ],
    [
      ['http://api.test:6443/api'],
      `error: "http://api.test:6443/api" is not the cluster's server\nhint: the server is https://api.test:6443, and kapi sends credentials only there; a path is enough: \`kapi curl /api\`\n`,
    ],
    [
      ['https://api.test:6443@evil.test/'],
      `error: "https://evil.test/" contains a login: give it with -u\nhint: the server is https://api.test:6443, and kapi sends credentials only there; a path is enough: \`kapi curl /\`\n`,
    ],
    [
      ['/a b'],
      `error: "/a b" contains characters that must be percent-encoded\nhint: -G --data-urlencode 'labelSelector=app in (web,api)' encodes a query\n`,
    ],
    [
      ['--dry-run', '/api/v1/pods'],
      'error: --dry-run is for POST, PUT, PATCH and DELETE: a GET changes nothing\n',
    ],
    [
      ['--dry-run', '-X', 'POST', 'pods/a/proxy/x'],
      'error: --dry-run has no meaning for /api/v1/namespaces/default/pods/a/proxy/x: the server would carry out the request\n',
    ],
    [
      ['--dry-run', '-X', 'POST', 'pods/a/exec?command=rm'],
      'error: --dry-run has no meaning for /api/v1/namespaces/default/pods/a/exec: the server would carry out the request\n',
    ],
    [
      ['--dry-run', '-X', 'POST', '/metrics'],
      'error: --dry-run has no meaning for /metrics: the server would carry out the request\n',
    ],
    [
      ['--dry-run', '-X', 'DELETE', 'pods/a?dryRun='],
      'error: the path says dryRun=, which is not --dry-run\n',
    ],
    [
      ['-I', '-d', 'x', '/x'],
      'error: -I (HEAD) and data (POST) are different requests: choose one, or put the data into the query with -G\n',
    ],
    [['--type', 'merge', '-X', 'PUT', '/x'], 'error: --type is for patches, and the method is PUT\n'],
    [
      ['--type', 'merge', '-H', 'Content-Type: a/b', '-d', '{}', 'cm/a'],
      'error: --type and a Content-Type header both name the kind of patch\n',
    ],
    [
      ['--type', 'json', '-d', '{}', 'cm/a'],
      'error: a json patch is a list of operations in JSON or YAML, and the body is not\n',
    ],
    [
      ['--type', 'merge', '-d', '[]', 'cm/a'],
      'error: a merge patch is an object in JSON or YAML, and the body is not\nhint: a list of operations goes with --type json\n',
    ],
    [
      ['-d', 'a: 1\n---\nb: 2\n', 'cm'],
      'error: the body contains 2 YAML documents, and one request takes one object\nhint: send them one by one\n',
    ],
    [['-H', 'nonsense', '/x'], "error: a header is written 'Name: value', 'Name:' or 'Name;'\n"],
    [
      ['-H', 'Content-Length: 3', '/x'],
      'error: the header Content-Length belongs to the connection: kapi writes it itself\n',
    ],
    [['-u', 'jane', '/x'], 'error: -u takes USER:PASSWORD: kapi never asks for a password\n'],
    [['-X', 'CONNECT', '/x'], 'error: "CONNECT" is not a method that kapi can send\n'],
    [['-o', 'a', '-O', '/x'], 'error: -o and -O both name a file\n'],
    [['-m', 'soon', '/x'], 'error: invalid value "soon" of --max-time: it takes seconds, such as 2 or 0.5\n'],
    [
      ['-w', '%{http_cod}', '/x'],
      'error: -w has no variable %{http_cod}\nhint: did you mean %{http_code}?\n',
    ],
    [['-b', 'a=b', '/x'], "error: unknown shorthand flag: 'b' in -b\nhint: see `kapi curl --help`\n"],
    [
      ['pods,svc'],
      'error: "pods,svc" means several types, and one request asks for one\nhint: pods, services\n',
    ],
  ])('%j is refused before anything is sent', async (words, stderr) => {
    expect(await curl(words)).toEqual({ code: 2, stdout: '', stderr, requests: [] });
  });

  it.each([
    ['-d', '@/no/such/file', '/x'],
    ['-T', '/no/such/file', '/x'],
  ])('%j %s: a missing file is found before anything is sent', async (...words) => {
    const stderr = 'error: the file /no/such/file cannot be read: no such file or directory\n';
    expect(await curl(words)).toEqual({ code: 3, stdout: '', stderr, requests: [] });
  });

  it('keeps the path prefix of the server, and refuses a URL outside of it', async () => {
    const config = { server: { value: 'https://r.test/k8s/c-1', origin } };
    expect(
      await curl(['https://r.test/k8s/c-1/version'], {
        config,
        replies: [{ request: 'GET /version', reply: {} }],
      }),
    ).toMatchObject({ code: 0 });
    for (const url of ['https://r.test/version', 'https://r.test/k8s/c-12/version']) {
      expect(await curl([url], { config })).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(`"${url}" is outside the server's path prefix\n`),
      });
    }
  });

  it('says that a path begins with a slash', async () => {
    const groups = {
      body: { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', items: [] },
    };
    const run = await curl(['version'], {
      replies: [
        { request: 'GET /api', reply: groups },
        { request: 'GET /apis', reply: groups },
      ],
    });
    expect(run).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('hint: a path of the API begins with a slash: /version\n'),
    });
  });
});

describe('-w', () => {
  it('writes the variables after the body', async () => {
    const reply = { status: 201, headers: { 'content-type': 'text/plain', 'x-a': 'b' }, body: 'created' };
    const format =
      '\\n%{http_code} %{response_code} %{content_type} %{size_download} %{size_upload} %{method} %{num_redirects} %{exitcode} %header{X-A} %% %{url_effective} %{scheme}\\t\\n';
    expect(
      (await curl(['-d', 'a=1', '-w', format, '/x'], { replies: [{ request: 'POST /x', reply }] })).stdout,
    ).toBe('created\n201 201 text/plain 7 3 POST 0 0 b % https://api.test:6443/x HTTPS\t\n');
  });

  it('reads its format from a file, switches to stderr and back, and reports failures', async () => {
    const format = fileWith('format', '%{stderr}e%{stdout}o%{onerror}%{exitcode}');
    const ok = await curl(['-s', '-w', `@${format}`, '/x'], { replies: [{ request: 'GET /x', reply: {} }] });
    expect(ok).toMatchObject({ stdout: 'o', stderr: 'e', code: 0 });
    const bad = await curl(['-s', '-w', `@${format}`, '/x'], {
      replies: [{ request: 'GET /x', reply: { status: 500 } }],
    });
    expect(bad).toMatchObject({ stdout: 'o5', stderr: 'e', code: 5 });
    const none = await curl(['-s', '-w', '%{http_code} %{time_total}', '/x'], {
      replies: [{ request: 'GET /x', reply: new ConnectionError('refused', { code: 'ConnectionRefused' }) }],
    });
    expect(none).toMatchObject({ stdout: '000 0.000000', code: 6 });
  });
});

describe('--retry and time limits', () => {
  const busy = { status: 503, headers: { 'retry-after': '7' }, body: 'busy' };

  it('retries transient failures, and says so', async () => {
    const time = virtualTime();
    const run = await curl(['--retry', '3', '/x'], {
      time,
      replies: [
        { request: 'GET /x', reply: { status: 500, body: 'oops' } },
        { request: 'GET /x', reply: busy },
        { request: 'GET /x', reply: { body: 'ok' } },
      ],
    });
    expect(run).toEqual({
      code: 0,
      stdout: 'ok',
      stderr:
        'note: the server answered 500; repeating in 1 s, 2 more after that\n' +
        'note: the server answered 503; repeating in 7 s, 1 more after that\n',
      requests: ['GET /x', 'GET /x', 'GET /x'],
    });
    expect(time.waits).toEqual([1000, 7000]);
  });

  it('shows the last response if all attempts fail', async () => {
    const replies = [1, 2].map(() => ({ request: 'GET /x', reply: busy }));
    expect(await curl(['-s', '--retry', '1', '--retry-delay', '0.5', '/x'], { replies })).toMatchObject({
      code: 5,
      stdout: 'busy',
      stderr: '',
    });
  });

  it('does not retry final errors, nor a refused connection without the flag', async () => {
    const refused = new ConnectionError('refused', { code: 'ConnectionRefused' });
    expect(
      await curl(['--retry', '3', '/x'], { replies: [{ request: 'GET /x', reply: refused }] }),
    ).toMatchObject({ code: 6 });
    const replies = [
      { request: 'GET /x', reply: refused },
      { request: 'GET /x', reply: { body: 'ok' } },
    ];
    expect(await curl(['--retry', '3', '--retry-connrefused', '/x'], { replies })).toMatchObject({
      code: 0,
      stdout: 'ok',
    });
    expect(
      await curl(['-s', '--retry', '3', '/x'], { replies: [{ request: 'GET /x', reply: { status: 404 } }] }),
    ).toMatchObject({ code: 4 });
  });

  it('-m ends an endless response', async () => {
    async function* endless(): AsyncGenerator<string> {
      yield 'begun';
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        yield '.';
      }
    }
    const run = await curl(['-m', '0.05', '/x'], {
      replies: [{ request: 'GET /x', reply: { body: endless() } }],
      time: { clock: () => performance.now(), sleep: realSleep, waits: [] },
    });
    expect(run.stdout).toMatch(/^begun/);
    expect(run).toMatchObject({
      code: 6,
      stderr:
        'error: the transfer is not complete after --max-time 0.05 s\nhint: give it more time, or none of these flags\n',
    });
  });
});

function realSleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new Error('stopped'));
    });
  });
}

describe('--curl', () => {
  const token = { kind: 'token', token: new Secret('geheim'), origin } as const;

  it('prints the requests of every command, and sends none', async () => {
    const lines: readonly (readonly [string, string])[] = [
      ['get /version', '/version'],
      ['version', '/version'],
      ['get pod web', '/api/v1/namespaces/default/pods/web'],
      [
        'list pods -n dev',
        "-H 'Accept: application/json;as=Table;v=v1;g=meta.k8s.io,application/json' 'URL/api/v1/namespaces/default/pods?includeObject=None'",
      ],
      ['list nodes -o json', '/api/v1/nodes'],
      [
        'list pods --limit 3 -o name',
        "-H 'Accept: application/json;as=Table;v=v1;g=meta.k8s.io,application/json' 'URL/api/v1/namespaces/default/pods?limit=3&includeObject=None'",
      ],
      ['paths', '/'],
      ['watch nodes -o json', "'URL/api/v1/nodes?resourceVersion=0&watch=true'"],
    ];
    for (const [words, rest] of lines) {
      const run = await runKapi(`${words} --curl`);
      const url = 'https://api.test:6443';
      const stream = words.startsWith('watch') ? ' -N' : '';
      expect(run.stdout, words).toBe(
        `curl${stream} ${rest.startsWith('/') ? url + rest : rest.replace('URL', url)}\n`,
      );
      expect(run).toMatchObject({ code: 0, stderr: '', requests: [] });
    }
  });

  it('prints several requests on several lines, in order', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
    const { stdout, code } = await runKapi(`get pods ${names.join(' ')} --curl`);
    expect(code).toBe(0);
    expect(stdout).toBe(
      names.map((name) => `curl https://api.test:6443/api/v1/namespaces/default/pods/${name}\n`).join(''),
    );
  });

  it('sends only discovery requests, and says so', async () => {
    const items = [
      {
        metadata: { name: 'kapi.test' },
        versions: [
          {
            version: 'v1',
            resources: [
              {
                resource: 'widgets',
                responseKind: { group: 'kapi.test', version: 'v1', kind: 'Widget' },
                scope: 'Namespaced',
                singularResource: 'widget',
                verbs: ['get', 'list'],
                shortNames: ['wg'],
              },
            ],
          },
        ],
      },
    ];
    const list = (of: unknown) => ({
      body: { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', items: of },
      headers: { 'content-type': 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' },
    });
    expect(
      await runKapi('get wg/a --curl', {
        replies: [
          { request: 'GET /api', reply: list([]) },
          { request: 'GET /apis', reply: list(items) },
        ],
      }),
    ).toEqual({
      code: 0,
      stdout: 'curl https://api.test:6443/apis/kapi.test/v1/namespaces/default/widgets/a\n',
      stderr: 'note: the server is asked which types it has (GET only); nothing else is sent\n',
      requests: ['GET /api', 'GET /apis'],
    });
  });

  it('prints discovery requests for commands that show discovery', async () => {
    const accept =
      'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';
    expect(await runKapi('groups --curl')).toMatchObject({
      code: 0,
      stdout: ['/api', '/apis']
        .map((path) => `curl -H 'Accept: ${accept}' https://api.test:6443${path}\n`)
        .join(''),
      requests: [],
    });
  });

  it('never sends writes of kapi curl', async () => {
    const yaml = fileWith('my pod.yaml', 'kind: Pod\n');
    const config = { authorization: token };
    const bearer = '-H "Authorization: Bearer $(kapi config token)"';
    const url = 'https://api.test:6443/api/v1/namespaces/default/pods';
    expect(await curl(['--curl', '-i', '--dry-run', '-d', `@${yaml}`, 'pods'], { config })).toEqual({
      code: 0,
      stdout: `curl -i ${bearer} -H 'Content-Type: application/yaml' --data-binary '@${yaml}' '${url}?dryRun=All'\n`,
      stderr: '',
      requests: [],
    });
    expect(
      (
        await curl(['--curl', '-X', 'DELETE', '-s', '-o', '/dev/null', '-w', '%{http_code}\\n', 'pods/a'], {
          config,
        })
      ).stdout,
    ).toBe(`curl -s -o /dev/null -w '%{http_code}\\n' -X DELETE ${bearer} ${url}/a\n`);
    expect((await curl(['--curl', '--type', 'merge', '-d', 'a: 1', 'pods/a'], { config })).stdout).toBe(
      `curl -X PATCH ${bearer} -H 'Content-Type: application/merge-patch+json' -d '{"a":1}' ${url}/a\n`,
    );
    expect((await curl(['--curl', '-T', yaml, 'pods/a/proxy/'], { config })).stdout).toBe(
      `curl ${bearer} -T '${yaml}' ${url}/a/proxy/my%20pod.yaml\n`,
    );
    expect(
      (
        await curl(['--curl', '-L', '-N', '-k', '/x'], {
          config: { ...config, insecureSkipTlsVerify: { value: true, origin } },
        })
      ).stdout,
    ).toBe(`curl -L -N -k ${bearer} https://api.test:6443/x\n`);
  });

  it('wraps a long command on a terminal so that it can still be pasted', async () => {
    const config = { authorization: token, ca: { pem: 'x', path: '/etc/kubernetes/pki/ca.crt', origin } };
    const { stdout } = await runKapi('get /version --curl', { config, tty: true, columns: 80 });
    expect(stdout).toBe(
      'curl \\\n  --cacert /etc/kubernetes/pki/ca.crt \\\n  -H "Authorization: Bearer $(kapi config token)" \\\n  https://api.test:6443/version\n',
    );
  });

  it('passes on the flags that select the configuration, and no secrets', async () => {
    const config = { authorization: token };
    const run = await runKapi(
      ['get', '/version', '--curl', '--context', 'my dev', '--kubeconfig', 'kc', '--user', 'u', '-n', 'x'],
      { config },
    );
    expect(run.stdout).toBe(
      `curl -H "Authorization: Bearer $(kapi config token --kubeconfig kc --context 'my dev' --user u)" https://api.test:6443/version\n`,
    );
  });

  it('shows secrets with --show-secrets', async () => {
    expect(
      (await runKapi('get /version --curl --show-secrets', { config: { authorization: token } })).stdout,
    ).toBe("curl -H 'Authorization: Bearer geheim' https://api.test:6443/version\n");
  });

  it('reports a real failure after printed requests', async () => {
    const run = await runKapi('get pod/a nosuchtype/b --curl', {
      replies: ['/api', '/apis'].map((path) => ({
        request: `GET ${path}`,
        reply: { body: { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', items: [] } },
      })),
    });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('error: the server doesn\'t have a resource type "nosuchtype"\n');
  });
});

describe('a body that --json gives', () => {
  const sent = (body: string): Exchange => ({
    request: 'POST /api/v1/namespaces/default/pods',
    headers: { 'content-type': 'application/json' },
    body,
    reply: { status: 400, body: 'no' },
  });

  it('that is not JSON gets a warning before it is sent', async () => {
    const run = await runKapi(['curl', '--json', 'kind: Pod', 'pods'], { replies: [sent('kind: Pod')] });
    expect(run.stderr).toContain(
      'note: --json says that the body is JSON, and it is not; -d takes JSON and YAML\n',
    );
  });

  it('that is JSON is sent without a warning', async () => {
    const run = await runKapi(['curl', '--json', '{"a":1}', 'pods'], { replies: [sent('{"a":1}')] });
    expect(run.stderr).not.toContain('note:');
  });
});

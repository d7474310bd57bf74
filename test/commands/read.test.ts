// list and get with a scripted server: requests, output, exit codes.
import { describe, expect, it } from 'vitest';
import { ConnectionError } from '../../src/errors.ts';
import type { Exchange } from '../scripted-send.ts';
import { runKapi } from './run-kapi.ts';

const pods = '/api/v1/namespaces/default/pods';

function table(names: readonly string[], more: { continue?: string } = {}): object {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion: '7', ...more },
    columnDefinitions: [
      { name: 'Name', type: 'string', format: 'name', description: '', priority: 0 },
      { name: 'Status', type: 'string', format: '', description: '', priority: 0 },
    ],
    rows: names.map((name) => ({ cells: [name, 'Running'] })),
  };
}

function status(code: number, reason: string, message: string): Exchange['reply'] {
  return {
    status: code,
    body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, code },
  };
}

const notFound = (name: string): Exchange['reply'] => ({
  status: 404,
  body: {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    message: `pods "${name}" not found`,
    reason: 'NotFound',
    details: { name, kind: 'pods' },
    code: 404,
  },
});

const pod = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, managedFields: [{}] },
});

describe('a path whose JSON ends too early', () => {
  it.each([
    ['as one line', '{"a":[1,{"b":"x'],
    ['indented by the server', '{\n  "a": [\n    1,'],
  ])('%s: prints what arrived, reports the error and ends with 5', async (_, body) => {
    for (const tty of [false, true]) {
      const run = await runKapi('get /version --color=never', {
        tty,
        columns: 200,
        replies: [
          { request: 'GET /version', reply: { headers: { 'content-type': 'application/json' }, body } },
        ],
      });
      expect(run.code).toBe(5);
      expect(run.stdout.replaceAll(/\s/g, '')).toBe(body.replaceAll(/\s/g, ''));
      expect(run.stderr).toBe(
        `error: the JSON of https://api.test:6443 to GET /version breaks off after ${body.length} bytes\n` +
          'hint: the answer was cut on its way, often by a proxy in between: try again\n',
      );
    }
  });

  it('brackets and quotes inside of strings do not count', async () => {
    const run = await runKapi('get /version', {
      replies: [{ request: 'GET /version', reply: { body: { a: '[{"\\' } } }],
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
  });

  it('a watch and other text can end anywhere', async () => {
    const run = await runKapi('get /metrics', {
      replies: [
        { request: 'GET /metrics', reply: { headers: { 'content-type': 'text/plain' }, body: 'a{b="c' } },
      ],
    });
    expect(run).toMatchObject({ code: 0, stdout: 'a{b="c', stderr: '' });
  });
});

describe('a 403 that is not from the API server', () => {
  const page = '<html><h1>403 Forbidden</h1><hr>nginx</html>';
  const replies = (headers: Record<string, string>): readonly Exchange[] => [
    { request: `GET ${pods}?limit=1000&includeObject=None`, reply: { status: 403, headers, body: page } },
  ];

  it('gets no hint about roles, and says who answered', async () => {
    const run = await runKapi('list pods', {
      replies: replies({ server: 'nginx/1.25', 'content-type': 'text/html' }),
    });
    expect(run).toMatchObject({ code: 4, stdout: '' });
    expect(run.stderr).toBe(
      'Error from server (Forbidden): 403 Forbidden nginx (get pods)\n' +
        'hint: the answer ("nginx/1.25", text/html) is not a Kubernetes Status: a load balancer, gateway or proxy may have ' +
        'answered instead of the API server; `kapi config show` names the server and where it was set, -v shows the exchange\n',
    );
  });

  it('gets no suggested role', async () => {
    const run = await runKapi('list pods --suggest-rbac', { replies: replies({}) });
    expect(run).toMatchObject({ code: 4, stdout: '' });
    expect(run.stderr).toContain(
      'kapi cannot suggest a role: the refusal does not come from the API server\n',
    );
    expect(run.stderr).toContain('hint: the answer (without a content type) is not a Kubernetes Status');
  });
});

describe('list', () => {
  it('requests rows without metadata, and needs no discovery for a well-known type', async () => {
    const run = await runKapi('list po', {
      replies: [
        { request: `GET ${pods}?limit=1000&includeObject=None`, reply: { body: table(['a', 'bcd']) } },
      ],
    });
    expect(run).toMatchObject({
      code: 0,
      stdout: 'NAME   STATUS\na      Running\nbcd    Running\n',
      stderr: '',
    });
  });

  it('prints a page while the next one is requested', async () => {
    const run = await runKapi('list pods --chunk-size 1', {
      replies: [
        {
          request: `GET ${pods}?limit=1&includeObject=None`,
          reply: { body: table(['a'], { continue: 'next' }) },
        },
        { request: `GET ${pods}?limit=1&continue=next&includeObject=None`, reply: { body: table(['b']) } },
      ],
    });
    expect(run).toMatchObject({ code: 0, stdout: 'NAME   STATUS\na      Running\nb      Running\n' });
  });

  it('says on stderr that nothing was found, and ends with 0', async () => {
    const empty = { request: `GET ${pods}?limit=1000&includeObject=None`, reply: { body: table([]) } };
    expect(await runKapi('list pods', { replies: [empty] })).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'No resources found in default namespace.\n',
    });
  });

  it('ends with 1 with --require-nonempty if nothing was found', async () => {
    const empty = { request: `GET ${pods}?limit=1000&includeObject=None`, reply: { body: table([]) } };
    expect(await runKapi('list pods --require-nonempty', { replies: [empty] })).toMatchObject({
      code: 1,
      stderr: 'No resources found in default namespace.\nerror: expected 1 or more objects, found 0\n',
    });
  });

  it.each([
    ['2', 0],
    ['1', 1],
    ['1..3', 0],
    ['3..', 1],
    ['..2', 0],
    ['..1', 1],
  ])('with --expect-count %s of two objects ends with %i', async (range, code) => {
    const two = { request: `GET ${pods}?limit=1000&includeObject=None`, reply: { body: table(['a', 'b']) } };
    expect(await runKapi(`list pods --expect-count ${range}`, { replies: [two] })).toMatchObject({ code });
  });

  it('continues with other types if one is refused, and reports the refusal last', async () => {
    const run = await runKapi('list pods,secrets', {
      replies: [
        { request: `GET ${pods}?limit=1000&includeObject=None`, reply: { body: table(['a']) } },
        {
          request: 'GET /api/v1/namespaces/default/secrets?limit=1000&includeObject=None',
          reply: status(403, 'Forbidden', 'secrets is forbidden: User "jane" cannot list resource "secrets"'),
        },
      ],
    });
    expect(run.stdout).toBe('NAME    STATUS\npod/a   Running\n');
    expect(run.stderr).toContain(
      'Error from server (Forbidden): secrets is forbidden: User "jane" cannot list',
    );
    expect(run.code).toBe(4);
  });

  it('prints no empty List if the list was refused', async () => {
    const run = await runKapi('list pods -o json', {
      replies: [{ request: `GET ${pods}?limit=500`, reply: status(403, 'Forbidden', 'pods is forbidden') }],
    });
    expect(run).toMatchObject({ code: 4, stdout: '' });
  });

  it('leaves a truncated List unfinished', async () => {
    const run = await runKapi('list pods -o json --chunk-size 1', {
      replies: [
        {
          request: `GET ${pods}?limit=1`,
          reply: {
            body: { kind: 'PodList', apiVersion: 'v1', metadata: { continue: 'x' }, items: [pod('a')] },
          },
        },
        {
          request: `GET ${pods}?limit=1&continue=x`,
          reply: new ConnectionError('the connection broke', { code: 'ConnectionReset' }),
        },
      ],
    });
    expect(run.code).toBe(6);
    expect(run.stdout).toContain('"name": "a"');
    expect(() => JSON.parse(run.stdout) as unknown).toThrow();
  });

  it('sorts names of several types together', async () => {
    const named = (kind: string, names: readonly string[]): object => ({
      kind: `${kind}List`,
      apiVersion: 'v1',
      metadata: {},
      items: names.map((name) => ({ metadata: { name } })),
    });
    const run = await runKapi('list po,svc --sort-by=.metadata.name -o name', {
      replies: [
        { request: `GET ${pods}?limit=500`, reply: { body: named('Pod', ['b', 'd']) } },
        {
          request: 'GET /api/v1/namespaces/default/services?limit=500',
          reply: { body: named('Service', ['a', 'c']) },
        },
      ],
    });
    expect(run).toMatchObject({ code: 0, stdout: 'service/a\npod/b\nservice/c\npod/d\n' });
  });

  it('refuses label columns for formats without columns', async () => {
    const run = await runKapi('list pods -o json --show-labels', { replies: [] });
    expect(run).toMatchObject({
      code: 2,
      stdout: '',
      stderr:
        'error: --show-labels option cannot be used with json printer\n' +
        'hint: --show-labels adds columns to a table: -o table or -o wide\n',
    });
  });

  it('stops after --limit objects without requesting more', async () => {
    const run = await runKapi('list pods --limit 2', {
      replies: [
        {
          request: `GET ${pods}?limit=2&includeObject=None`,
          reply: { body: table(['a', 'b'], { continue: 'x' }) },
        },
      ],
    });
    expect(run).toMatchObject({ code: 0, stdout: 'NAME   STATUS\na      Running\nb      Running\n' });
  });

  it('ends silently with 0 when the reader is gone', async () => {
    const run = await runKapi('list pods --chunk-size 1', {
      closeAfterWrites: 1,
      replies: [
        {
          request: `GET ${pods}?limit=1&includeObject=None`,
          reply: { body: table(['a'], { continue: 'x' }) },
        },
        {
          request: `GET ${pods}?limit=1&continue=x&includeObject=None`,
          reply: { body: table(['b'], { continue: 'y' }) },
        },
        { request: `GET ${pods}?limit=1&continue=y&includeObject=None`, reply: { body: table(['c']) } },
      ],
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
  });

  it('suggests get if names are given', async () => {
    expect(await runKapi('list pods web')).toMatchObject({
      code: 2,
      stderr: 'error: list takes types, not names of objects\nhint: `kapi get pods web -o table`\n',
    });
  });
});

describe('get', () => {
  it('prints an object as JSON, without a list and without managedFields', async () => {
    const run = await runKapi('get pod a', {
      replies: [{ request: `GET ${pods}/a`, reply: { body: pod('a') } }],
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toBe(
      '{\n    "apiVersion": "v1",\n    "kind": "Pod",\n    "metadata": {\n        "name": "a"\n    }\n}\n',
    );
  });

  it('prints the existing objects, then reports the missing ones', async () => {
    const run = await runKapi('get pods a nope b -o name', {
      replies: [
        { request: `GET ${pods}/a?includeObject=None`, reply: { body: table(['a']) } },
        { request: `GET ${pods}/nope?includeObject=None`, reply: notFound('nope') },
        { request: `GET ${pods}/b?includeObject=None`, reply: { body: table(['b']) } },
        { request: `GET ${pods}?limit=500`, reply: { status: 406 } },
        { request: 'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews', reply: { status: 403 } },
      ],
    });
    expect(run).toMatchObject({ code: 4, stdout: 'pod/a\npod/b\n' });
    expect(run.stderr).toContain('Error from server (NotFound): pods "nope" not found\n');
  });

  it('ignores a missing object with --ignore-not-found', async () => {
    const run = await runKapi('get pod nope --ignore-not-found', {
      replies: [{ request: `GET ${pods}/nope`, reply: notFound('nope') }],
    });
    expect(run).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  it('indents the JSON of a path and changes nothing else', async () => {
    const run = await runKapi('get /apis/batch/v1', {
      replies: [
        { request: 'GET /apis/batch/v1', reply: { body: { b: 9007199254740991, a: { managedFields: [] } } } },
      ],
    });
    expect(run.stdout).toBe('{\n  "b": 9007199254740991,\n  "a": {\n    "managedFields": []\n  }\n}\n');
  });

  it('does not change JSON that the server indented, nor text', async () => {
    const json = { 'content-type': 'application/json' };
    const text = { 'content-type': 'text/plain; charset=utf-8' };
    const version = await runKapi('get /version', {
      replies: [{ request: 'GET /version', reply: { headers: json, body: '{\n "major": "1"\n}' } }],
    });
    expect(version.stdout).toBe('{\n "major": "1"\n}');
    const health = await runKapi('get /healthz', {
      replies: [{ request: 'GET /healthz', reply: { headers: text, body: 'ok' } }],
    });
    expect(health.stdout).toBe('ok');
  });

  it('ends the last line on a terminal and shows control characters', async () => {
    const run = await runKapi('get /logs/x', {
      tty: true,
      env: { NO_COLOR: '1' },
      replies: [
        {
          request: 'GET /logs/x',
          reply: { headers: { 'content-type': 'text/plain' }, body: 'a\u001b[31mb' },
        },
      ],
    });
    expect(run.stdout).toBe('a^[[31mb\n');
  });

  it('evaluates a jsonpath over the response of a path', async () => {
    const run = await runKapi(['get', '/version', '-o', 'jsonpath={.gitVersion}'], {
      replies: [{ request: 'GET /version', reply: { body: { gitVersion: 'v1.36.3' } } }],
    });
    expect(run).toMatchObject({ code: 0, stdout: 'v1.36.3' });
  });

  it.each([
    [
      'get',
      'error: PATH|TYPE[/NAME] is missing: a path that begins with /, or a resource type, or TYPE/NAME',
    ],
    ['get pods a -A', 'error: a resource cannot be retrieved by name across all namespaces'],
    ['get pods a -l app=x', 'error: name cannot be provided when a selector is specified'],
    ['get pods --subresource status', 'error: subresource cannot be used when bulk resources are specified'],
    [
      'get pods a -o foo',
      'error: unable to match a printer suitable for the output format "foo", allowed formats are:',
    ],
    ['get pods a --limit x', 'error: invalid value "x" of --limit: it takes a whole number'],
    ['get /version pods', 'error: give a path alone: "pods" is too much'],
    [
      'get /version -l a=b',
      'error: --selector has no meaning with a path: put it into the path or its query',
    ],
    ['get pods a --foo', 'error: unknown flag: --foo\nhint: see `kapi get --help`'],
    [
      'get pods --namspace x',
      'error: unknown flag: --namspace\nhint: did you mean --namespace? see `kapi get --help`',
    ],
    ['gett pods', 'error: unknown command "gett" for "kapi"\nhint: did you mean `kapi get pods`?'],
  ])('%s is refused before anything is sent', async (line, words) => {
    const run = await runKapi(line);
    expect(run).toMatchObject({ code: 2, stdout: '', requests: [] });
    expect(run.stderr).toContain(words);
  });

  it('prints the error as one line of JSON with --error-format json', async () => {
    const run = await runKapi('get pod nope --error-format json', {
      replies: [{ request: `GET ${pods}/nope`, reply: notFound('nope') }],
    });
    expect(JSON.parse(run.stderr)).toMatchObject({
      error: { code: 'NotFound', exitCode: 4, httpStatus: 404, method: 'GET', path: `${pods}/nope` },
    });
  });
});

describe('managedFields that are not shown', () => {
  const plain = 'application/json';
  const unmanaged = 'application/json;drop=metadata.managedFields,application/json';

  it.each([
    ['get pod a', unmanaged],
    ['get pod a -o yaml', unmanaged],
    ['get pod a -o json --show-managed-fields', plain],
    ['get pod a -o jsonpath={.metadata.managedFields}', plain],
    ['get pod a -o custom-columns=A:.metadata.managedFields', plain],
  ])('%s requests %s', async (line, accept) => {
    const run = await runKapi(line, {
      replies: [{ request: `GET ${pods}/a`, headers: { accept }, reply: { body: pod('a') } }],
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
  });

  it.each([
    ['list pods -o ndjson', unmanaged],
    ['list pods -o kyaml', unmanaged],
    ["list pods -o json --where metadata.name=='a'", unmanaged],
    ['list pods -o json --where metadata.managedFields.size()==1', plain],
    ['list pods -o json --sort-by .metadata.managedFields[0].time', plain],
    ['list pods -o json --count-by metadata.managedFields', plain],
  ])('%s requests %s', async (line, accept) => {
    const list = { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '7' }, items: [pod('a')] };
    const query = line.includes('metadata.name==')
      ? '?fieldSelector=metadata.name%3Da&limit=500'
      : '?limit=500';
    const run = await runKapi(line, {
      replies: [{ request: `GET ${pods}${query}`, headers: { accept }, reply: { body: list } }],
    });
    expect(run).toMatchObject({ code: 0 });
  });
});

// What get and list make of odd types, names, namespaces and values, with a scripted server.
import { describe, expect, it } from 'vitest';
import type { Exchange } from '../scripted-send.ts';
import { runKapi } from './run-kapi.ts';

/** A Status that refuses. */
function refusal(code: number, reason: string, name = ''): Exchange['reply'] {
  const details = { name, kind: 'namespaces' };
  return {
    status: code,
    body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: reason, reason, details, code },
  };
}

function table(names: readonly string[], metadata: object = {}): object {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion: '7', ...metadata },
    columnDefinitions: [{ name: 'Name', type: 'string', format: 'name', description: '', priority: 0 }],
    rows: names.map((name) => ({ cells: [name] })),
  };
}

/** Discovery of a server with some types in groups of their own. */
function discovery(...types: readonly (readonly [string, string, string, string?])[]): Exchange[] {
  const items = types.map(([group, resource, kind, scope = 'Namespaced']) => ({
    metadata: { name: group },
    versions: [
      {
        version: 'v1',
        resources: [{ resource, responseKind: { kind }, scope, verbs: ['get', 'list', 'watch'] }],
      },
    ],
  }));
  return [
    { request: 'GET /api', reply: { status: 404 } },
    { request: 'GET /apis', reply: { body: { kind: 'APIGroupDiscoveryList', items } } },
  ];
}

describe('an object with a kind of the API machinery', () => {
  const kinds = ['Table', 'Status', 'List', 'APIGroupDiscoveryList', 'ShoppingList', 'WatchEvent'];
  const formats = ['json', 'yaml', 'ndjson', 'name', 'jsonpath={.spec.x}', 'custom-columns=N:.metadata.name'];

  it.each(kinds.flatMap((kind) => formats.map((format) => [kind, format] as const)))(
    'is an object like any other: %s with -o %s',
    async (kind, format) => {
      const object = {
        apiVersion: 'odd.example.com/v1',
        kind,
        metadata: { name: 'a', namespace: 'default' },
        spec: { x: 1 },
        rows: [{ cells: [1] }],
        columnDefinitions: [],
        items: [{ b: 1 }],
        status: 'Failure',
        code: 404,
      };
      const path = '/apis/odd.example.com/v1/namespaces/default/odds/a';
      const byType = await runKapi(['get', 'odds', 'a', '-o', format], {
        replies: [
          ...discovery(['odd.example.com', 'odds', kind]),
          {
            request: `GET ${path}${format === 'name' ? '?includeObject=None' : ''}`,
            reply: { body: format === 'name' ? table(['a']) : object },
          },
        ],
      });
      expect(byType).toMatchObject({ code: 0, stderr: '' });
      const byPath = await runKapi(['get', path, '-o', format], {
        replies: [{ request: `GET ${path}`, reply: { body: object } }],
      });
      expect(byPath).toMatchObject({ code: 0, stderr: '', stdout: byType.stdout });
      if (format === 'json') expect(JSON.parse(byType.stdout)).toEqual(object);
      if (format === 'name') expect(byType.stdout).toBe(`${kind.toLowerCase()}.odd.example.com/a\n`);
    },
    // The first one loads the program.
    60_000,
  );

  it.each(['name', 'table', 'wide', 'csv'])(
    'is listed by its name if it has a field items, of which the server makes rows: -o %s',
    async (format) => {
      const path = '/apis/odd.example.com/v1/namespaces/default/odds';
      const items = ['a', 'b'].map((name) => ({
        apiVersion: 'odd.example.com/v1',
        kind: 'Odd',
        metadata: { name, namespace: 'default' },
        items: [{ x: 1 }, { x: 2 }, 3],
      }));
      // What kube-apiserver sends: a row for each element of the field, without a name.
      const rows = table(['', '', '', '']);
      const run = await runKapi(['list', 'odds', ...(format === 'table' ? [] : ['-o', format])], {
        replies: [
          ...discovery(['odd.example.com', 'odds', 'Odd']),
          { request: `GET ${path}?limit=1000&includeObject=None`, reply: { body: rows } },
          {
            request: `GET ${path}?limit=1000`,
            reply: {
              body: {
                apiVersion: 'odd.example.com/v1',
                kind: 'OddList',
                metadata: { resourceVersion: '7' },
                items,
              },
            },
          },
        ],
      });
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(run.stdout.match(/\b[ab]\b/g)).toEqual(['a', 'b']);
      if (format === 'name') expect(run.stdout).toBe('odd.odd.example.com/a\nodd.odd.example.com/b\n');
    },
  );

  it.each(['json', 'yaml', 'ndjson'])(
    'or has items that are not objects: a MetricValueList is printed as it is with -o %s',
    async (format) => {
      const list = {
        kind: 'MetricValueList',
        apiVersion: 'custom.metrics.k8s.io/v1beta1',
        metadata: {},
        items: [{ describedObject: { kind: 'Pod', name: 'a' }, metricName: 'http_requests', value: '3' }],
      };
      const path = '/apis/custom.metrics.k8s.io/v1beta1/namespaces/default/pods/*/http_requests';
      const run = await runKapi(['get', path, '-o', format], {
        replies: [{ request: `GET ${path}`, reply: { body: list } }],
      });
      expect(run).toMatchObject({ code: 0, stderr: '' });
      if (format === 'yaml') expect(run.stdout).not.toMatch(/kind: (?:List|MetricValue)$/m);
      else expect(JSON.parse(run.stdout)).toEqual(list);
    },
  );

  it('a Table in response to -o json is an unusable response', async () => {
    const run = await runKapi('get pod a -o json', {
      replies: [{ request: 'GET /api/v1/namespaces/default/pods/a', reply: { body: table(['a']) } }],
    });
    expect(run).toMatchObject({ code: 5, stdout: '' });
    expect(run.stderr).toContain('a Table instead of an object');
  });
});

describe('an empty list of a namespace', () => {
  const empty = (path: string): Exchange => ({ request: `GET ${path}`, reply: { body: table([]) } });
  const bare = '?includeObject=None';
  const pods = empty('/api/v1/namespaces/defualt/pods?limit=1000&includeObject=None');
  const gone: Exchange = {
    request: `GET /api/v1/namespaces/defualt${bare}`,
    reply: refusal(404, 'NotFound', 'defualt'),
  };
  const all: Exchange = {
    request: `GET /api/v1/namespaces?limit=500&includeObject=None`,
    reply: { body: table(['default', 'dev']) },
  };

  it('that does not exist says so, with the nearest name', async () => {
    const run = await runKapi('list pods -n defualt', { config: inNamespace, replies: [pods, gone, all] });
    expect(run).toMatchObject({
      code: 0,
      stdout: '',
      stderr:
        'No resources found in defualt namespace.\nhint: there is no namespace "defualt"; did you mean default?\n',
    });
  });

  it('sends one request for several types, and keeps the exit code of --require-nonempty', async () => {
    const run = await runKapi('list pods,services -n defualt --require-nonempty', {
      config: inNamespace,
      replies: [
        pods,
        empty('/api/v1/namespaces/defualt/services?limit=1000&includeObject=None'),
        gone,
        { ...all, reply: refusal(403, 'Forbidden') },
      ],
    });
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('hint: there is no namespace "defualt"\n');
  });

  it.each([
    ['exists', { body: table(['defualt']) }],
    ['may not be read', refusal(403, 'Forbidden')],
    ['cannot be asked for', refusal(500, 'InternalError')],
    ['is no type of this server', { status: 404, body: '404 page not found' }],
  ])('that %s does not matter', async (_what, reply) => {
    const run = await runKapi('list pods -n defualt', {
      config: inNamespace,
      replies: [pods, { ...gone, reply }],
    });
    expect(run).toMatchObject({ code: 0, stderr: 'No resources found in defualt namespace.\n' });
  });

  it('sends no request about namespaces that every server has, all namespaces, or a list that is not empty', async () => {
    const path = '/api/v1/namespaces/defualt/pods?limit=1000&includeObject=None';
    await runKapi('list pods', {
      replies: [empty('/api/v1/namespaces/default/pods?limit=1000&includeObject=None')],
    });
    await runKapi('list pods -A', { replies: [empty('/api/v1/pods?limit=500')] });
    await runKapi('list nodes', { replies: [empty('/api/v1/nodes?limit=1000&includeObject=None')] });
    await runKapi('list pods -n defualt', {
      config: inNamespace,
      replies: [{ request: `GET ${path}`, reply: { body: table(['a']) } }],
    });
  });
});

/** The configuration with `-n defualt`; the scripted one does not read flags. */
const inNamespace = {
  namespace: { value: 'defualt', origin: { kind: 'flag', text: '-n' } },
} as const;

describe('--limit', () => {
  const path = 'GET /api/v1/nodes?limit=2&includeObject=None';

  it.each([
    [
      'the server counts the rest',
      { continue: 't', remainingItemCount: 5 },
      '2 of 7 are shown (--limit 2)\n',
    ],
    ['the server only has more', { continue: 't' }, 'there are more than these 2 (--limit 2)\n'],
    ['that is all', {}, ''],
  ])('reports what it left out: %s', async (_what, metadata, stderr) => {
    const run = await runKapi('list nodes --limit 2', {
      replies: [{ request: path, reply: { body: table(['a', 'b'], metadata) } }],
    });
    expect(run).toMatchObject({ code: 0, stderr });
  });

  it('counts the extra objects of an old server, and is silent for programs', async () => {
    const replies = [{ request: path, reply: { body: table(['a', 'b', 'c']) } }];
    expect((await runKapi('list nodes --limit 2', { replies })).stderr).toBe(
      '2 of 3 are shown (--limit 2)\n',
    );
    expect((await runKapi('list nodes --limit 2 -o name', { replies })).stderr).toBe('');
  });

  it('reports types that were not requested', async () => {
    const run = await runKapi('list nodes,persistentvolumes --limit 2', {
      replies: [{ request: path, reply: { body: table(['a', 'b']) } }],
    });
    expect(run.stderr).toBe('there are more than these 2 (--limit 2)\n');
  });
});

describe('a name that several groups have', () => {
  const both = discovery(['a.example.com', 'gateways', 'Gateway'], ['b.example.com', 'gateways', 'Gateway']);
  const also = 'gateways means gateways.a.example.com here; there is also gateways.b.example.com';

  it('is reported if the list is empty', async () => {
    const list = '/apis/a.example.com/v1/namespaces/default/gateways?limit=1000&includeObject=None';
    const run = await runKapi('list gateways', {
      replies: [...both, { request: `GET ${list}`, reply: { body: table([]) } }],
    });
    expect(run).toMatchObject({
      code: 0,
      stderr: `No resources found in default namespace.\nhint: ${also}\n`,
    });
  });

  it('is reported first if the object is not found', async () => {
    const run = await runKapi('get gateway gb', {
      replies: [
        ...both,
        {
          request: 'GET /apis/a.example.com/v1/namespaces/default/gateways/gb',
          reply: refusal(404, 'NotFound', 'gb'),
        },
      ],
    });
    expect(run.code).toBe(4);
    expect(run.stderr).toContain(`hint: ${also}\n`);
  });

  it('is not reported if there are objects', async () => {
    const list = '/apis/a.example.com/v1/namespaces/default/gateways?limit=1000&includeObject=None';
    const run = await runKapi('list gateways', {
      replies: [...both, { request: `GET ${list}`, reply: { body: table(['g']) } }],
    });
    expect(run.stderr).toBe('');
  });
});

describe('-A', () => {
  it('is allowed with the name of a cluster-scoped object', async () => {
    const run = await runKapi('get node a -A -o name', {
      replies: [{ request: 'GET /api/v1/nodes/a?includeObject=None', reply: { body: table(['a']) } }],
    });
    expect(run).toMatchObject({ code: 0, stdout: 'node/a\n' });
  });
});

describe('the name of a subresource', () => {
  it('is read in the kind of the subresource', async () => {
    const run = await runKapi('get deploy web --subresource scale -o name', {
      replies: [
        {
          request: 'GET /apis/apps/v1/namespaces/default/deployments/web/scale',
          reply: { body: { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'web' } } },
        },
      ],
    });
    expect(run).toMatchObject({ code: 0, stdout: 'scale.autoscaling/web\n' });
  });
});

describe('a field that no object has', () => {
  const pod = (name: string, spec: object = {}): object => ({ metadata: { name }, spec });
  const list = (path: string, kind: string, ...items: readonly object[]): Exchange => ({
    request: `GET ${path}?limit=500`,
    reply: { body: { kind, apiVersion: 'v1', metadata: {}, items } },
  });
  const pods = '/api/v1/namespaces/default/pods';
  const services = '/api/v1/namespaces/default/services';

  it('keeps the order with --sort-by, with one warning', async () => {
    const run = await runKapi('list pods --sort-by .status.startTime -o name', {
      replies: [list(pods, 'PodList', pod('b'), pod('a'))],
    });
    expect(run).toMatchObject({ code: 0, stdout: 'pod/b\npod/a\n' });
    expect(run.stderr).toBe(
      "Warning: --sort-by {.status.startTime}: no object has this field, so the order is the server's\n",
    );
  });

  it('is judged over all types', async () => {
    const run = await runKapi('list pods,services --sort-by .spec.clusterIP -o name', {
      replies: [
        list(pods, 'PodList', pod('b')),
        list(
          services,
          'ServiceList',
          pod('t', { clusterIP: '10.0.0.2' }),
          pod('s', { clusterIP: '10.0.0.1' }),
        ),
      ],
    });
    expect(run).toMatchObject({ code: 0, stderr: '', stdout: 'pod/b\nservice/s\nservice/t\n' });
  });

  it('is <none> in custom columns, which are aligned over all types', async () => {
    const run = await runKapi(
      ['list', 'pods,services', '-o', 'custom-columns=N:.metadata.name,P:.spec.ports[1].port'],
      {
        replies: [
          list(pods, 'PodList', pod('b')),
          list(services, 'ServiceList', pod('a-longer-name', { ports: [{ port: 1 }, { port: 2 }] })),
        ],
      },
    );
    expect(run).toMatchObject({
      code: 0,
      stderr: '',
      stdout: 'N               P\nb               <none>\na-longer-name   2\n',
    });
  });
});

describe('a name that cannot be a segment of a path', () => {
  it.each([
    ['get', 'pod', '..'],
    ['get', 'pod', 'a%2Fb'],
    ['get', 'pod/..'],
    ['watch', 'pod', '..'],
    ['curl', 'pods/..'],
    ['curl', '-X', 'DELETE', 'pods/%2e%2e'],
    ['curl', 'pods/a/..'],
    ['can-i', 'get', 'pods', '..'],
    ['downward', '..'],
  ])('is refused before anything is sent: %s %s %s', async (...words) => {
    const run = await runKapi(words);
    expect(run).toMatchObject({ code: 2, stdout: '', requests: [] });
    expect(run.stderr).toMatch(/^error: invalid (resource name|subresource) ".*": \[may not /);
  });

  it.each(['list pods', 'watch pods', 'get pod a', 'curl pods', 'downward a', 'can-i get pods'])(
    'nor can a namespace be one: %s',
    async (line) => {
      const run = await runKapi(line, {
        config: { namespace: { value: '..', origin: { kind: 'flag', text: '-n' } } },
      });
      expect(run).toMatchObject({ code: 2, stdout: '', requests: [] });
      expect(run.stderr).toMatch(/^error: invalid namespace "\.\.": \[may not be '\.\.'\]/);
    },
  );
});

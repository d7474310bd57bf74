// kapi explore in a real terminal: tmux sends the keys and reads the screen.
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanEnvironment, describeOnServer, kapi, kapiFile, makeFolder, testServer, until } from './kapi.ts';
import { createAdminClient, type AdminClient } from './server/admin-client.ts';
import { missingOf, openPrompt, openTerminal, type Terminal } from './terminal.ts';

const missing = await missingOf(['tmux']);
if (missing.length > 0) {
  const reason = 'no tmux on PATH: kapi explore is not tried in a terminal (apt-get install tmux)';
  if ((process.env['CI'] ?? '') !== '') throw new Error(reason);
  console.error(`SKIPPED: ${reason}`);
}

const namespace = 'explore-e2e';
const evil = '\u001b]0;PWN\u0007\u202eevil';

interface RunIn {
  readonly kubeconfig: string;
  readonly env: Readonly<Record<string, string>>;
  /** Before kapi in the line. */
  readonly before: string;
}

/** Runs kapi in a terminal, and then a program that keeps the screen. */
async function runIn(
  words: string,
  use: (terminal: Terminal) => Promise<void>,
  { kubeconfig = '', env = {}, before = '' }: Partial<RunIn>,
): Promise<void> {
  const line = `${before}${process.execPath} ${kapiFile} ${words}; echo "code $?"; exec cat`;
  const terminal = await openTerminal(line, { ...cleanEnvironment(), KUBECONFIG: kubeconfig, ...env });
  try {
    await use(terminal);
  } finally {
    await terminal.close();
  }
}

describeOnServer('kapi explore in a terminal', () => {
  if (missing.length > 0) {
    it.skipIf(true)('no tmux', () => undefined);
    return;
  }

  beforeAll(async () => {
    const create = (path: string, object: object): Promise<unknown> =>
      kapi(['curl', '-s', '-X', 'POST', '-d', JSON.stringify(object), path]);
    await create('/api/v1/namespaces', { metadata: { name: namespace } });
    for (const [name, data] of [
      ['hostile', { [`key`]: evil }],
      ['settings', { color: 'blue', 'file.txt': 'one\ntwo' }],
    ] as const) {
      await create(`/api/v1/namespaces/${namespace}/configmaps`, { metadata: { name }, data });
    }
  });

  function explore(
    words: string,
    use: (terminal: Terminal) => Promise<void>,
    options: Partial<RunIn> = {},
  ): Promise<void> {
    return runIn(`explore ${words}`, use, { kubeconfig: testServer().kubeconfigs.admin, ...options });
  }

  it.concurrent(
    'walks from the paths to the field of an object, and prints its command at the end',
    async () => {
      await explore(`-n ${namespace}`, async (terminal) => {
        await terminal.screenWith(/all types[^]*\/api\/v1/);
        await terminal.type('/types');
        await terminal.press('Enter', 'Enter');
        await terminal.screenWith(/NAME +YOU MAY[^]*configmaps/);
        await terminal.type('/configmaps');
        await terminal.press('Enter', 'Enter');
        await terminal.screenWith(/configmaps in explore-e2e[^]*settings/);
        await terminal.type('/settings');
        await terminal.press('Enter', 'Enter');
        await terminal.screenWith(/color: blue/);
        await terminal.type('/blue');
        await terminal.press('Enter');
        await terminal.screenWith(/\{\.data\.color\}[^]*type string/);
        await terminal.type('y');
        await terminal.screenWith(/object\.data\.color[^]*\/data\/color/);
        await terminal.type('p');
        await terminal.screenWith(/^\d\d:\d\d:\d\dZ copied, if the terminal allows it: \/data\/color/m);
        await terminal.type('c');
        await terminal.screenWith(/namespaces\/explore-e2e\/configmaps\/settings/);
        await terminal.type('qq');
        const screen = await terminal.screenWith(/^code 0$/m);
        expect(screen).toContain(`kapi get configmaps settings -n ${namespace} -o 'jsonpath={.data.color}'`);
        expect(await terminal.state()).toEqual({ alternate: false, cursor: true });
      });
    },
  );

  it.concurrent.each([
    [80, 24],
    [140, 40],
    [40, 12],
  ])('shows hostile bytes as text at %i x %i, and after a resize', async (columns, rows) => {
    await explore(
      `configmap/hostile -n ${namespace}`,
      async (terminal) => {
        await terminal.resize(columns, rows);
        await terminal.screenWith(/kind: ConfigMap/);
        await terminal.type('/evil');
        await terminal.press('Enter');
        const screen = await terminal.screenWith(/^> +key: .*\^\[\]0;PWN\^G/m);
        expect(screen).not.toMatch(/\u202e/);
        expect(await terminal.styled()).not.toContain('\u001b[3');
        // At 30x6 the position is further left than in the frame before.
        await terminal.resize(30, 6);
        await terminal.screenWith(/^> +key: .*\n(?:.*\n)?.* \d+\/\d+$/m);
      },
      { env: { NO_COLOR: '1' } },
    );
  });

  it.concurrent('shows a refusal where it happened, with the missing right', async () => {
    await explore(
      `secrets -n ${namespace}`,
      async (terminal) => {
        await terminal.screenWith(/forbidden[^]*you need verb "list" on[^]*r reads it again/);
        await terminal.type('q');
        await terminal.screenWith(/^code 0$/m);
      },
      { kubeconfig: testServer().kubeconfigs.jane },
    );
  });

  it.concurrent('shows 10 MB from standard input, and takes its keys from the terminal', async () => {
    const file = join(makeFolder(), 'large.json');
    const items = Array.from({ length: 40_000 }, (_, at) => ({ name: `item-${at}`, text: 'x'.repeat(220) }));
    writeFileSync(file, JSON.stringify({ kind: 'Large', items }));
    await explore(
      '-',
      async (terminal) => {
        await terminal.screenWith(/items: 40000 items/);
        await terminal.type('/item-39999');
        await terminal.press('Enter');
        await terminal.screenWith(/\{\.items\[39999\]\.name\}/);
        await terminal.type('q');
        await terminal.screenWith(/^code 0$/m);
      },
      { before: `cat ${file} | ` },
    );
  });

  it.concurrent('asks about an object of a list, follows the list, and comes back to it', async () => {
    await explore(`configmaps -n ${namespace}`, async (terminal) => {
      await terminal.screenWith(/^ {2}NAME +DATA +AGE$[^]*settings/m);
      await terminal.type('w');
      await terminal.screenWith(/watching \d objects?/);
      await terminal.type('q');
      await terminal.screenWith(/^(?!.*watching)kapi configmaps in explore-e2e[^]*settings[^]*\? keys/);
      await terminal.type('/settings');
      await terminal.press('Enter');
      await terminal.screenWith(/filter: settings/);
      for (const [key, title] of [
        ['e', /› events/],
        ['h', /› history/],
        ['k', /kapi list configmaps -n explore-e2e/],
        ['c', /namespaces\/explore-e2e\/configmaps\?limit=500/],
      ] as const) {
        await terminal.type(key);
        await terminal.screenWith(title);
        await terminal.press('Escape');
        await terminal.screenWith(/filter: settings/);
      }
      await terminal.type('q');
      await terminal.screenWith(/^kapi list configmaps -n explore-e2e$/m);
    });
  });

  it.concurrent('shows with --view what get and curl read', async () => {
    const options = { kubeconfig: testServer().kubeconfigs.admin };
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    await Promise.all([
      runIn(
        `get configmap settings -n ${namespace} --view`,
        async (terminal) => {
          await terminal.screenWith(/configmaps\/settings in explore-e2e[^]*color: blue[^]*e events/);
          await terminal.type('/blue');
          await terminal.press('Enter');
          await terminal.screenWith(/\{\.data\.color\}[^]*set by/);
          await terminal.type('q');
          await terminal.screenWith(
            new RegExp(`get configmaps settings -n ${namespace} -o 'jsonpath=\\{.data.color\\}'`),
          );
        },
        options,
      ),
      runIn(
        `get cm/settings cm/gone cm/hostile -n ${namespace} --view`,
        async (terminal) => {
          await terminal.screenWith(/items:[^]*\[1\]/);
          await terminal.type('q');
          await terminal.screenWith(/configmaps "gone" not found[^]*^code 4$/m);
        },
        options,
      ),
      runIn(
        `curl '${path}?fieldSelector=metadata.name=settings' --view`,
        async (terminal) => {
          await terminal.screenWith(/kind: ConfigMapList/);
          await terminal.type('/blue');
          await terminal.press('Enter');
          await terminal.screenWith(/\{\.items\[0\]\.data\.color\}[^]*type string[^]*set by kapi/);
          await terminal.type('q');
          await terminal.screenWith(/^code 0$/m);
        },
        options,
      ),
      runIn(
        `curl ${path}/gone --view`,
        async (terminal) => {
          await terminal.screenWith(/"reason": "NotFound"[^]*not found[^]*^code 4$/m);
        },
        options,
      ),
      runIn(
        'get - --view',
        async (terminal) => {
          await terminal.screenWith(/\[0\][^]*a: 1[^]*\[1\][^]*b: 2/);
          await terminal.type('q');
          await terminal.screenWith(/^code 0$/m);
        },
        { before: `printf 'a: 1\\n---\\nb: 2\\n' | ` },
      ),
    ]);
  });

  it.concurrent('says that a server is gone, and reads again when it is back', async () => {
    const line = await forwarder(testServer().port);
    try {
      await explore(
        `configmap/settings -n ${namespace} --server https://127.0.0.1:${line.port}`,
        async (terminal) => {
          await terminal.screenWith(/color: blue/);
          line.cut();
          await terminal.type('r');
          await terminal.screenWith(/refused[^]*r reads it again/);
          await terminal.type('?');
          await terminal.screenWith(/Filter a list, search an object/);
          await terminal.press('Escape');
          await terminal.screenWith(/refused[^]*r reads it again/);
          await line.restore();
          await terminal.type('r');
          await terminal.screenWith(/color: blue/);
          await terminal.type('q');
          await terminal.screenWith(/^code 0$/m);
        },
      );
    } finally {
      line.cut();
    }
  });

  it.concurrent.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ] as const)('leaves the terminal as it was after %s', async (signal, code) => {
    const pidFile = join(makeFolder(), 'pid');
    const line = `sh -c 'echo $$ >${pidFile}; exec ${process.execPath} ${kapiFile} explore'; echo "code $?"; stty -a | grep -o ".icanon"; exec cat`;
    const terminal = await openTerminal(line, {
      ...cleanEnvironment(),
      KUBECONFIG: testServer().kubeconfigs.admin,
    });
    try {
      await terminal.screenWith(/all types/);
      expect(await terminal.state()).toEqual({ alternate: true, cursor: false });
      process.kill(Number(readFileSync(pidFile, 'utf8')), signal);
      await terminal.screenWith(new RegExp(`code ${code}\\n icanon`));
      expect(await terminal.state()).toEqual({ alternate: false, cursor: true });
    } finally {
      await terminal.close();
    }
  });

  it.concurrent('restores the terminal while it is stopped, and reads keys when it continues', async () => {
    const terminal = await openPrompt({
      ...cleanEnvironment(),
      KUBECONFIG: testServer().kubeconfigs.admin,
    });
    try {
      await terminal.type(`clear; ${process.execPath} ${kapiFile} explore\n`);
      await terminal.screenWith(/all types[^]* 1\/\d+$/m);
      await terminal.press('C-z');
      await terminal.screenWith(/Stopped[^]*^code 148>$/m);
      expect(await terminal.state()).toEqual({ alternate: false, cursor: true });
      await terminal.type('fg\n');
      await terminal.screenWith(/all types[^]* 1\/\d+$/m);
      await terminal.press('Down');
      await terminal.screenWith(/ 2\/\d+$/m);
      await terminal.type('q');
      await terminal.screenWith(/^code 0>$/m);
    } finally {
      await terminal.close();
    }
  });

  it.concurrent('needs a terminal, and names what prints the same without one', async () => {
    for (const [words, instead] of [
      [[], 'kapi paths'],
      [['/version'], 'kapi get /version'],
      [['deploy'], 'kapi list deploy'],
      [['pod/web'], 'kapi get pod/web -o yaml'],
    ] as const) {
      const result = await kapi(['explore', ...words]);
      expect(result).toMatchObject({ code: 2, stdout: '' });
      expect(result.stderr).toContain(`hint: \`${instead}\` prints the same`);
    }
  });
});

/** Number of custom types, as in a large cluster. */
const typeCount = 200;

describeOnServer('kapi explore with 200 custom types', () => {
  if (missing.length > 0) {
    it.skipIf(true)('no tmux', () => undefined);
    return;
  }

  const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const names = Array.from({ length: typeCount }, (_, at) => ({
    group: `group${Math.floor(at / 10)}.many.example.com`,
    plural: `crowd${at}s`,
  }));
  let admin: AdminClient;

  /** Numbers of types that the server names in its discovery. */
  async function servedCount(): Promise<number> {
    const { stdout } = await kapi(['resources', '-o', 'name']);
    return stdout.split('\n').filter((line) => line.endsWith('.many.example.com')).length;
  }

  beforeAll(async () => {
    const { url, caFile, tokens } = testServer();
    admin = createAdminClient(url, readFileSync(caFile, 'utf8'), tokens.admin);
    await Promise.all(
      names.map(({ group, plural }, at) =>
        admin.must('POST', definitions, {
          apiVersion: 'apiextensions.k8s.io/v1',
          kind: 'CustomResourceDefinition',
          metadata: { name: `${plural}.${group}`, labels: { 'kapi-e2e': 'many' } },
          spec: {
            ...{ group, scope: 'Cluster', names: { plural, kind: `Crowd${at}` } },
            versions: [
              { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } },
            ],
          },
        }),
      ),
    );
    await until('all types are served', async () => (await servedCount()) === typeCount);
  });

  // Other files count the types of the server.
  afterAll(async () => {
    await admin.must('DELETE', `${definitions}?labelSelector=kapi-e2e%3Dmany`);
    await until('no type is left', async () => (await servedCount()) === 0);
  });

  it('filters them, and lists the objects of one', async () => {
    const { group = '', plural = '' } = names.at(-1) ?? {};
    await admin.must('POST', `/apis/${group}/v1/${plural}`, {
      ...{ apiVersion: `${group}/v1`, kind: `Crowd${typeCount - 1}`, metadata: { name: 'lonely' } },
    });
    await runIn(
      'explore',
      async (terminal) => {
        await terminal.resize(80, 24);
        await terminal.screenWith(/all types[^]* 1\/\d+$/m);
        await terminal.type('/all types');
        await terminal.press('Enter', 'Enter');
        await terminal.screenWith(/NAME +YOU MAY[^]* 1\/\d{3}$/m);
        await terminal.type('/many.example');
        await terminal.press('Enter');
        await terminal.screenWith(/^> crowd0s\.group0\.many\.example\.com[^]* 1\/200 of \d+$/m);
        await terminal.press('End');
        await terminal.screenWith(/^> crowd\d+s\.group\d+\.many\.example\.com[^]* 200\/200 of \d+$/m);
        await terminal.press('Escape');
        await terminal.screenWith(/^(?![^]*filter:)[^]* \d+\/\d{3}$/m);
        await terminal.type(`/${plural}`);
        await terminal.press('Enter');
        await terminal.screenWith(new RegExp(`^> ${plural}[^]* 1/1 of \\d+$`, 'm'));
        await terminal.press('Enter');
        await terminal.screenWith(/^> lonely [^]* 1\/1$/m);
        await terminal.type('q');
        await terminal.screenWith(new RegExp(`^kapi list ${plural}\\S*$`, 'm'));
      },
      { kubeconfig: testServer().kubeconfigs.admin, env: { NO_COLOR: '1' } },
    );
  });
});

/** Passes connections on to a port of this machine until it is cut. */
async function forwarder(
  to: number,
): Promise<{ readonly port: number; readonly cut: () => void; readonly restore: () => Promise<void> }> {
  const open = new Set<Socket>();
  const start = async (port: number): Promise<ReturnType<typeof createServer>> => {
    const server = createServer((client) => {
      const upstream = connect(to, '127.0.0.1');
      for (const socket of [client, upstream]) {
        open.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          client.destroy();
          upstream.destroy();
        });
      }
      client.pipe(upstream).pipe(client);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    return server;
  };
  let server = await start(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    cut: () => {
      server.close();
      for (const socket of open) socket.destroy();
      open.clear();
    },
    // Another program can have the port for a moment, for a connection of its own.
    restore: () =>
      until('the port is free', () =>
        start(port).then(
          (started) => {
            server = started;
            return true;
          },
          () => false,
        ),
      ),
  };
}

/** Rows of the list of the made-up server. */
const rowCount = 5_000;

describe.skipIf(missing.length > 0)('kapi explore against a large made-up server', () => {
  let server: Server;
  let kubeconfig = '';

  beforeAll(async () => {
    server = createHttpServer((request, response) => {
      const { status = 200, body } = answerTo(request.method ?? '', request.url ?? '');
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    kubeconfig = join(makeFolder(), 'kubeconfig');
    writeFileSync(
      kubeconfig,
      JSON.stringify({
        ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'a' },
        clusters: [{ name: 'a', cluster: { server: `http://127.0.0.1:${port}` } }],
        users: [{ name: 'a', user: {} }],
        contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
      }),
    );
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  /** The position at the right edge of the last line: it is drawn last. */
  const positionOf = (screen: string): string =>
    /(?<= )\d+\/\d+(?: of \d+)?$/.exec(screen.trimEnd())?.[0] ?? '';

  /** The lines below the header, which has a port. */
  const body = (screen: string): string[] =>
    screen
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.trimEnd());

  it.concurrent.each([
    [80, 24],
    [140, 40],
    [40, 12],
  ])('goes to both ends of 5,000 rows with hostile names at %i x %i', async (columns, rows) => {
    await runIn(
      'explore configmaps',
      async (terminal) => {
        const height = rows - 5;
        const window = (screen: string): string[] => [
          ...body(screen).slice(1, height + 2),
          positionOf(screen),
        ];
        await terminal.resize(columns, rows);
        await terminal.shows(window, [...tableText(0, height, 0), '1/5000']);
        await terminal.press('End');
        const end = rowCount - 1;
        await terminal.shows(window, [...tableText(rowCount - height, height, end), '5000/5000']);
        await terminal.type('/row-4999');
        await terminal.press('Enter');
        await terminal.screenWith(/^> row-4999 [^]*^filter: row-4999/m);
        await terminal.resize(60, 8);
        await terminal.shows(
          (screen) => [...body(screen).slice(0, 5), positionOf(screen)],
          ['', '  NAME       DATA   AGE', '> row-4999   3      5d', '', '', '1/1 of 5000'],
        );
        expect(await terminal.styled()).not.toContain('\u001b[3');
        await terminal.type('q');
        await terminal.screenWith(/^code 0$/m);
      },
      { kubeconfig, env: { NO_COLOR: '1' } },
    );
  });

  it.concurrent('shows the types of 200 groups, and which group may not be read', async () => {
    await runIn(
      'explore',
      async (terminal) => {
        await terminal.screenWith(/all types/);
        await terminal.type('/all types');
        await terminal.press('Enter', 'Enter');
        await terminal.screenWith(
          /^\d\d:\d\d:\d\dZ .*(?:group7\.example\.com|you may do).*\n +NAME +YOU MAY/m,
        );
        await terminal.screenWith(/ 1\/200$/m);
        await terminal.type('/group199');
        await terminal.press('Enter');
        await terminal.screenWith(/things\.group199\.example\.com +-\?[^]* 1\/1 of 200$/m);
        await terminal.type('q');
        await terminal.screenWith(/^kapi resources$/m);
      },
      { kubeconfig, env: { NO_COLOR: '1' } },
    );
  });
});

const rowName = (at: number): string => (at % 10 === 3 ? `row-${at}\u001b[2J` : `row-${at}`);

/** The header and the rows of a screen, as wide as the widest name on it. */
function tableText(from: number, count: number, selected: number): string[] {
  const numbers = Array.from({ length: count }, (_, at) => from + at);
  const names = numbers.map((at) => rowName(at).replace('\u001b', '^['));
  const width = Math.max(...names.map(({ length }) => length));
  return [
    `  ${'NAME'.padEnd(width)}   DATA   AGE`,
    ...names.map((name, at) => `${numbers[at] === selected ? '> ' : '  '}${name.padEnd(width)}   3      5d`),
  ];
}

/** What a server with 200 groups and 5,000 ConfigMaps says; one group may not be read. */
function answerTo(method: string, url: string): { readonly status?: number; readonly body: unknown } {
  const path = url.replace(/\?.*/, '');
  const refused = (message: string): { readonly status: number; readonly body: unknown } => ({
    status: 403,
    body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Forbidden', code: 403, message },
  });
  const resource = (name: string, kind: string): object => ({
    ...{ name, singularName: '', namespaced: true, kind, verbs: ['get', 'list'] },
  });
  if (method !== 'GET') return refused('you may not ask');
  if (path === '/') return { body: { paths: ['/api', '/api/v1', '/apis', '/version'] } };
  if (path === '/api') return { body: { kind: 'APIVersions', versions: ['v1'] } };
  if (path === '/api/v1') {
    return {
      body: { kind: 'APIResourceList', groupVersion: 'v1', resources: [resource('configmaps', 'ConfigMap')] },
    };
  }
  if (path === '/apis') {
    const groups = Array.from({ length: 200 }, (_, at) => {
      const version = { groupVersion: `group${at}.example.com/v1`, version: 'v1' };
      return { name: `group${at}.example.com`, versions: [version], preferredVersion: version };
    });
    return { body: { kind: 'APIGroupList', apiVersion: 'v1', groups } };
  }
  const group = /^\/apis\/(group(\d+)\.example\.com)\/v1$/.exec(path);
  if (group?.[2] === '7') return refused('groups is forbidden');
  if (group !== null) {
    const groupVersion = `${group[1] ?? ''}/v1`;
    return { body: { kind: 'APIResourceList', groupVersion, resources: [resource('things', 'Thing')] } };
  }
  return {
    body: {
      ...{ kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata: { resourceVersion: '1' } },
      columnDefinitions: ['Name', 'Data', 'Age'].map((name) => ({ name, type: 'string', priority: 0 })),
      rows: Array.from({ length: rowCount }, (_, at) => ({
        cells: [rowName(at), 3, '5d'],
        object: { kind: 'PartialObjectMetadata', metadata: { name: rowName(at), namespace: 'default' } },
      })),
    },
  };
}

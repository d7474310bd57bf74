// Marked tokens, passwords and keys go through every command, format and failure, at -vv, over a
// real connection to a loopback server; none may be in kapi's output. Secrets of the API are data:
// they may be in stdout, but only where the format prints whole objects. A command that sends no
// request fails its test, so that none passes without effect. `npm run test:secrecy-mutations`
// removes the redactions one by one, to see that a test fails. With KAPI_E2E_STANDALONE=FILE the
// commands run as processes of that file.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/command-list.ts';
import { Interrupted } from '../../src/errors.ts';
import { main } from '../../src/main.ts';
import type { Terminal } from '../../src/io/terminal.ts';
import type { Change } from '../../src/model/change.ts';
import { ExploreModel } from '../../src/tui/explore-model.ts';
import type { Place } from '../../src/tui/place.ts';
import type { World } from '../../src/world.ts';
import { objectFormats } from '../../src/output/output-format.ts';
import { wordsOf } from '../e2e/words.ts';
import { jwtOf } from '../jwt.ts';
import { recorded } from '../recorded.ts';
import { makeCast, serve, serveHttpProxy, type Handler, type Served } from '../transport/harness.ts';
import { whenIdle } from '../virtual-time.ts';
import { programUnderTest, runProgram, type Step } from './program.ts';

const cast = makeCast();

/** Each is unlike any other text that can be printed. */
const marks = {
  token: 'm4rked-Token-in-kubeconfig',
  flagToken: 'm4rked-Token-by-flag',
  fileToken: 'm4rked-Token-in-file',
  pluginToken: jwtOf({ sub: 'jane', exp: 4_000_000_000 }, 'm4rkedSignatureOfThePlugin'),
  password: 'm4rked-Passw0rd',
  proxyPassword: 'm4rked-Proxy-Passw0rd',
  urlPassword: 'm4rked-Url-Passw0rd',
  secretData: 'm4rked-Data-of-a-Secret',
  argument: 'm4rked-Argument-of-the-plugin',
} as const;

/**
 * Texts to search for: each mark, also as base64 and as basic credentials; lines of private keys.
 */
const needles: readonly string[] = [
  ...Object.values(marks).flatMap((mark) => [mark, Buffer.from(mark).toString('base64').replace(/=+$/, '')]),
  ...['password', 'proxyPassword', 'urlPassword'].map((name) =>
    Buffer.from(`jane:${marks[name as keyof typeof marks]}`).toString('base64'),
  ),
  'm4rkedSignatureOfThePlugin',
  ...cast.client.key
    .split('\n')
    .filter((line) => line.length > 20 && !line.startsWith('-----'))
    .map((line) => line.slice(0, 24)),
];

const secretData = Buffer.from(marks.secretData).toString('base64');
const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'db', namespace: 'default', resourceVersion: '1', uid: 'u' },
  data: { password: secretData },
};
const documents: Readonly<Record<string, unknown>> = {
  '/api': recorded('discovery/aggregated-api').response.body,
  '/apis': recorded('discovery/aggregated-apis').response.body,
  '/version': recorded('root/version').response.body,
  '/apis/authentication.k8s.io/v1/selfsubjectreviews': recorded('access/whoami-jane').response.body,
  '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews': recorded('access/can-i-no').response.body,
  '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews': recorded('access/rules-jane-dev').response.body,
};

/** Answers every request with a Secret. */
const generous: Handler = (request, response) => {
  const path = new URL(request.url ?? '/', 'http://x').pathname;
  const accept = request.headers.accept ?? '';
  const aggregated = path === '/api' || path === '/apis';
  response.setHeader(
    'content-type',
    aggregated ? (accept.split(',')[0] ?? 'application/json') : 'application/json',
  );
  response.setHeader('set-cookie', `session=${marks.secretData}`);
  const isList = path.endsWith('s') && !path.endsWith('reviews');
  const list = { apiVersion: 'v1', kind: 'SecretList', metadata: { resourceVersion: '1' }, items: [secret] };
  response.end(JSON.stringify(documents[path] ?? (isList ? list : secret)));
};

function refusing(status: number, reason: string): Handler {
  return (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        kind: 'Status',
        apiVersion: 'v1',
        status: 'Failure',
        message: reason,
        reason,
        code: status,
      }),
    );
  };
}

const folder = mkdtempSync(join(tmpdir(), 'kapi-'));
let server: Served | undefined;
let behave: Handler = generous;
let proxy: { host: string };

beforeAll(() => {
  writeFileSync(join(folder, 'pod.yaml'), 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n');
  writeFileSync(join(folder, 'web.yaml'), 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n');
  writeFileSync(
    join(folder, 'secret.yaml'),
    JSON.stringify({ ...secret, data: { password: '', token: secretData } }),
  );
  writeFileSync(join(folder, 'rights.txt'), 'get pods\nlist secrets\n');
  writeFileSync(join(folder, 'ca.crt'), cast.ca.certificate);
  writeFileSync(join(folder, 'token'), marks.fileToken);
  writeFileSync(join(folder, 'template'), '{.metadata.name}');
  writeFileSync(join(folder, 'columns'), 'NAME\n.metadata.name\n');
  writeFileSync(join(folder, 'client.crt'), cast.client.certificate);
  writeFileSync(join(folder, 'client.key'), cast.client.key);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function asked(): Served {
  if (server === undefined) throw new Error('no server was opened');
  return server;
}

/** Starts the servers, which stop with the test. */
async function openServers(behaviour: Handler): Promise<void> {
  behave = behaviour;
  server = await serve((...call) => behave(...call), {
    identity: cast.server,
    requestCert: true,
    rejectUnauthorized: false,
  });
  proxy = await serveHttpProxy({ credentials: `jane:${marks.proxyPassword}` });
}

function plugin(status: Record<string, unknown>): Record<string, unknown> {
  const file = join(folder, `plugin-${Object.keys(status).join('-')}`);
  const answer = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status };
  writeFileSync(file, `#!/bin/sh\ncat <<'END'\n${JSON.stringify(answer)}\nEND\n`);
  chmodSync(file, 0o755);
  return {
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: file,
      args: [marks.argument],
      env: [{ name: 'PLUGIN_SECRET', value: marks.argument }],
      interactiveMode: 'Never',
    },
  };
}

const b64 = (text: string): string => Buffer.from(text).toString('base64');

/** Users, with their part of the cluster entry. */
const users: Readonly<Record<string, () => { user: unknown; cluster?: unknown }>> = {
  'a token': () => ({ user: { token: marks.token } }),
  'a token file beside a token': () => ({
    user: { tokenFile: join(folder, 'token'), token: marks.token },
  }),
  'a password': () => ({ user: { username: 'jane', password: marks.password } }),
  'a certificate': () => ({
    user: {
      'client-certificate-data': b64(cast.client.certificate),
      'client-key-data': b64(cast.client.key),
    },
  }),
  'a plugin with a token': () => ({ user: plugin({ token: marks.pluginToken }) }),
  'a plugin with a certificate': () => ({
    user: plugin({ clientCertificateData: cast.client.certificate, clientKeyData: cast.client.key }),
  }),
  'a token through a proxy with a password': () => ({
    user: { token: marks.token },
    cluster: { 'proxy-url': `http://jane:${marks.proxyPassword}@${proxy.host}` },
  }),
  'a password in the URL': () => ({
    user: {},
    cluster: { server: asked().url.replace('//', `//jane:${marks.urlPassword}@`) },
  }),
};

function kubeconfig(user: unknown, cluster: unknown = {}): string {
  const file = join(folder, 'config');
  writeFileSync(
    file,
    JSON.stringify({
      'current-context': 'c',
      contexts: ['c', 'staging', 'production'].map((name) => ({
        name,
        context: { cluster: 'k', user: 'u' },
      })),
      clusters: [
        {
          name: 'k',
          cluster: {
            server: asked().url,
            'certificate-authority': 'ca.crt',
            ...(cluster as Record<string, unknown>),
          },
        },
      ],
      users: [{ name: 'u', user }],
    }),
  );
  return file;
}

/** Files of examples are in the folder: kapi reads them from the working directory. */
function inFolder(word: string): string {
  return /^@?[a-z]+\.(yaml|txt)$/.test(word) ? word.replace(/[a-z]/, (first) => join(folder, first)) : word;
}

interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
  /** Number of requests that reached the server. */
  readonly asked: number;
}

/** Number of requests after which endless commands are interrupted, once they are idle. */
const lastRequest = 6;

/**
 * Runs a command to its end. Interrupts an endless one after enough requests, once it is idle.
 * @param meanwhile called while it runs; it is interrupted afterwards
 * @param screen what replaces the live table in this process, and the keys on the terminal of a
 *   program; without it stdout is not a terminal
 */
async function run(
  words: readonly string[],
  env: Record<string, string>,
  meanwhile?: (stdout: () => string) => Promise<void>,
  screen?: { readonly live?: World['liveTable']; readonly steps: readonly Step[] },
): Promise<Output> {
  if (programUnderTest !== undefined) {
    const before = server?.seen.length ?? 0;
    const asked = (): number => (server?.seen.length ?? 0) - before;
    const steps = screen?.steps;
    const ended = await runProgram({
      program: programUnderTest,
      words,
      env,
      folder,
      asked,
      meanwhile,
      steps,
    });
    return { ...ended, asked: asked() };
  }
  const text = { out: '', err: '' };
  const stop = new AbortController();
  const interrupt = (): void => {
    stop.abort(new Interrupted('SIGINT'));
  };
  let hasEnded = false;
  const before = server?.seen.length ?? 0;
  const busy = meanwhile?.(() => text.out).finally(interrupt);
  const watched = async (): Promise<void> => {
    let idleRounds = 0;
    while (!hasEnded) {
      await whenIdle();
      const asked = (server?.seen.length ?? 0) - before;
      idleRounds = asked === 0 ? 0 : idleRounds + 1;
      // A command that waits before it retries is idle in every round.
      if (asked >= lastRequest || idleRounds > 40) break;
    }
    interrupt();
  };
  if (meanwhile === undefined && !words.includes('500ms')) void watched();
  const sink = (to: 'out' | 'err', isTTY: boolean) => ({
    write: (chunk: string | Uint8Array) => {
      text[to] += Buffer.from(chunk).toString();
    },
    isTTY,
    columns: undefined,
    color: 0 as const,
  });
  const hasScreen = words.includes('explore') || words.includes('--view');
  const screens = screen?.live ?? (hasScreen ? () => Promise.resolve(oneScreen(text)) : undefined);
  const world: World = {
    // A terminal for stdout, so that `config token` refuses to print its secret.
    io: () => ({
      in: Object.assign(Readable.from([]), { isTTY: false }),
      out: sink('out', words.includes('config') || screens !== undefined),
      err: sink('err', false),
    }),
    env: { PATH: process.env['PATH'] ?? '', ...env },
    home: folder,
    cwd: folder,
    platform: 'linux',
    nodeVersion: process.versions.node,
    now: () => new Date(),
    clock: () => performance.now(),
    random: () => 0,
    signal: stop.signal,
    terminal: () => Promise.resolve(screens === undefined ? undefined : ({} as Terminal)),
    liveTable: screens ?? (() => Promise.reject(new Error('these tests have no terminal'))),
  };
  try {
    const code = await main(words.map(inFolder), world);
    await busy;
    return { stdout: text.out, stderr: text.err, code, asked: (server?.seen.length ?? 0) - before };
  } finally {
    hasEnded = true;
  }
}

/** Replaces the screen of `kapi explore`: reads the first page, writes its text and quits. */
function oneScreen(text: { out: string }): Awaited<ReturnType<World['liveTable']>> {
  const nothing = (): void => undefined;
  return {
    openLiveTable: () => {
      throw new Error('not asked for');
    },
    openExplorer: (_terminal, options, outside) => {
      const model = new ExploreModel(options);
      const read = async (place: Place): Promise<void> => {
        await outside.read(model.open(place), new AbortController().signal);
        text.out += JSON.stringify(model.frame(200, 100, outside.nowMs()));
        outside.end('quit');
      };
      return { model, open: (place) => void read(place), refresh: nothing, close: nothing };
    },
  };
}

/** Waits for a pattern on stdout. @returns the first group */
async function found(stdout: () => string, pattern: RegExp): Promise<string> {
  for (let attempt = 0; attempt < 1_000; attempt++) {
    const [, group] = pattern.exec(stdout()) ?? [];
    if (group !== undefined) return group;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`never saw ${String(pattern)} in:\n${stdout()}`);
}

/** Commands that need no server. */
const offline = /^(config|completion|help)\b|^version --client/;

/**
 * Asserts that the server got a request: a command without one proves nothing. `--curl` sends none.
 */
function expectExchange(output: Output, line: string): void {
  if (offline.test(line) || line.includes('--curl')) return;
  // Without a terminal it refuses before it asks.
  if (programUnderTest !== undefined && /\bexplore\b|--view/.test(line)) return;
  expect(output.asked, `${line} asked nothing\n${output.stderr}`).toBeGreaterThan(0);
}

/** True if the words ask for whole objects, whose Secret data may be printed. */
function printsObjects(words: readonly string[]): boolean {
  if (words.includes('--curl') || words.includes('diff')) return false;
  const format = /^(?:-o|--output)=?(.*)$/;
  const at = words.findIndex((word) => format.test(word));
  const value = (format.exec(words[at] ?? '')?.[1] ?? '') || (words[at + 1] ?? '');
  if (words.includes('curl') || words.includes('raw')) return true;
  if (at < 0) return words.includes('get');
  return /^(json|yaml|kyaml|ndjson|jsonpath|custom-columns|go-template)/.test(value);
}

/**
 * Asserts that the output contains no secret.
 * @param dataOnStdout true if the command prints Secrets of the API, whose data is not a credential
 *   of kapi
 */
function expectNoSecret({ stdout, stderr }: Output, what: string, dataOnStdout = true): void {
  for (const needle of needles) {
    const isData =
      needle === secretData || needle === secretData.replace(/=+$/, '') || needle === marks.secretData;
    expect(stderr.includes(needle), `${what}: ${needle} on stderr\n${stderr}`).toBe(false);
    if (isData && dataOnStdout) continue;
    expect(stdout.includes(needle), `${what}: ${needle} on stdout\n${stdout}`).toBe(false);
  }
}

/**
 * Lines with every command at least once: its examples, except those that write files, need a fixed
 * port or run programs. proxy and sandbox have their own tests.
 */
const lines: readonly string[] = [
  ...commands
    .filter(({ name }) => name !== 'sandbox' && name !== 'proxy')
    .flatMap(({ examples }) => examples.map(({ command }) => command))
    .filter((command) => command.startsWith('kapi ') && !/--write|kapi curl -N|\$\(/.test(command))
    .map((command) => command.replace(/^kapi /, '').replace(/ \| .*$/, ''))
    // Only inside a pod: it has its own tests.
    .filter((command) => command !== 'downward'),
  'config token',
  'config key',
  'get secret db -o yaml',
  'list secrets -o json',
  'curl -i /api/v1/namespaces/default/secrets/db',
  `curl -X POST -d ${marks.secretData} secrets`,
  'get secret db --curl',
  `curl -X POST -d ${marks.secretData} secrets --curl`,
  `curl -X PUT --json {"data":{"a":"${secretData}"}} secrets/db --curl`,
  'can-i get pods -o json',
  'doctor -o json',
  'diff -f secret.yaml -n default',
  'diff -f secret.yaml -n default -o json',
  'diff -f secret.yaml -n default --curl',
  'diff secrets -A --at 4711 -o yaml --all-fields',
];

/** A value of each kind of `-o`. */
const objectTemplates: readonly string[] = [
  'table',
  'wide',
  'name',
  'json',
  'yaml',
  'kyaml',
  'ndjson',
  'csv',
  'jsonpath={.items[*].metadata.name}',
  'jsonpath-as-json={.metadata.name}',
  `jsonpath-file=${join(folder, 'template')}`,
  'custom-columns=NAME:.metadata.name',
  `custom-columns-file=${join(folder, 'columns')}`,
];

describe('no secret is written', () => {
  it('finds what it searches for: the server gets the credentials, and a leak would be found', async () => {
    await openServers(generous);
    const before = asked().seen.length;
    await run(['get', '/version'], { KUBECONFIG: kubeconfig({ token: marks.token }) });
    expect(
      asked()
        .seen.slice(before)
        .map(({ headers }) => headers.authorization),
    ).toContain(`Bearer ${marks.token}`);
    const shown = await run(['config', 'token', '--show-secrets'], {
      KUBECONFIG: kubeconfig({ token: marks.token }),
    });
    expect(() => {
      expectNoSecret(shown, 'config token --show-secrets');
    }).toThrow();
  });

  it.each(lines)('by kapi %s', { timeout: 30_000 }, async (line) => {
    await openServers(generous);
    const both = {
      ...(users['a certificate']?.().user as Record<string, unknown>),
      token: marks.token,
    };
    const file = kubeconfig(both, { 'proxy-url': `http://jane:${marks.proxyPassword}@${proxy.host}` });
    const words = wordsOf(line);
    // curl has its own flags; -vv precedes its name.
    const output = await run(['-vv', ...words], { KUBECONFIG: file });
    expectExchange(output, line);
    expectNoSecret(output, `kapi -vv ${line}`, printsObjects(words));
  });

  it('by kapi proxy, whatever it forwards', { timeout: 90_000 }, async () => {
    await openServers(generous);
    const file = kubeconfig(
      { token: marks.token },
      { 'proxy-url': `http://jane:${marks.proxyPassword}@${proxy.host}` },
    );
    const answers: number[] = [];
    const words = ['proxy', '--port', '0', '--allow-writes', '-vv'];
    const output = await run(words, { KUBECONFIG: file }, async (stdout) => {
      const address = await found(stdout, /Starting to serve on (\S+)\n/);
      const ask = async (path: string, init?: RequestInit): Promise<void> => {
        const response = await fetch(`http://${address}${path}`, init);
        answers.push(response.status);
        await response.text();
      };
      const secrets = '/api/v1/namespaces/default/secrets';
      await ask(`${secrets}/db`, { headers: { authorization: `Bearer ${marks.flagToken}` } });
      await ask(secrets, { method: 'POST', body: JSON.stringify(secret) });
      await ask(`${secrets}/db`, { headers: { cookie: marks.argument, 'x-remote-user': marks.argument } });
      behave = refusing(403, 'Forbidden');
      await ask(secrets);
      await ask(`${secrets}/..%2f`);
    });
    expect(answers).toEqual([200, 200, 200, 403, 400]);
    expect(asked().seen.map(({ headers }) => headers.authorization)).toEqual(
      Array.from({ length: 4 }, () => `Bearer ${marks.token}`),
    );
    expect(output).toMatchObject({ code: 130 });
    expectNoSecret(output, 'kapi proxy -vv', false);
  });

  it('by kapi sandbox, with credentials that stay in its files', { timeout: 90_000 }, async () => {
    let own: readonly string[] = [];
    const output = await run(['sandbox', '-vv'], {}, async (stdout) => {
      const tokenFile = await found(stdout, /^admin's token +(\S+)\n/m);
      const config = readFileSync(await found(stdout, /^kubeconfig +(\S+) /m), 'utf8');
      own = [
        readFileSync(tokenFile, 'utf8').trim(),
        ...[...config.matchAll(/(?:token|client-key-data|password)["']?: *["']?([\w.=+/-]{8,})/g)].map(
          ([, value = '']) => value,
        ),
      ];
    });
    expect(output).toMatchObject({ code: 130 });
    expect(own.length, 'the sandbox has secrets to keep').toBeGreaterThan(2);
    for (const needle of own) expect(`${output.stdout}${output.stderr}`).not.toContain(needle);
  });

  const few = [
    'whoami',
    'whoami -o json',
    'doctor',
    'config show',
    'config token',
    'config key',
    'list pods',
    'get secret db --curl',
  ];

  it.each(Object.keys(users))('with %s', async (name) => {
    await openServers(generous);
    const { user, cluster } = users[name]?.() ?? { user: {} };
    const file = kubeconfig(user, cluster);
    for (const line of few) {
      expectNoSecret(await run([...wordsOf(line), '-vv'], { KUBECONFIG: file }), `${name}: ${line}`);
    }
  });

  it('with secrets in flags and in the environment', async () => {
    await openServers(generous);
    const { url } = asked();
    const ca = join(folder, 'ca.crt');
    for (const line of few) {
      for (const flags of [
        ['-s', url, '--cacert', ca, '--token', marks.flagToken],
        ['-s', url, '--cacert', ca, '--username', 'jane', '--password', marks.password],
        [
          '-s',
          url,
          '--cacert',
          ca,
          '--cert',
          join(folder, 'client.crt'),
          '--key',
          join(folder, 'client.key'),
        ],
        ['-s', `https://jane:${marks.urlPassword}@127.0.0.1:${asked().port}`, '--cacert', ca],
      ]) {
        const env = { HTTPS_PROXY: `http://jane:${marks.proxyPassword}@${proxy.host}` };
        expectNoSecret(await run([...wordsOf(line), '-vv', ...flags], env), `${line} ${flags.join(' ')}`);
      }
    }
  });

  it.each([
    [401, 'Unauthorized'],
    [403, 'Forbidden'],
    [404, 'NotFound'],
    [500, 'InternalError'],
  ])('when the server answers %i', { timeout: 60_000 }, async (status, reason) => {
    await openServers(refusing(status, reason));
    for (const [name, make] of Object.entries(users)) {
      const { user, cluster } = make();
      const file = kubeconfig(user, cluster);
      for (const line of ['whoami --error-format json', 'list pods --suggest-rbac', 'doctor']) {
        const words = [...wordsOf(line), '-vv'];
        expectNoSecret(await run(words, { KUBECONFIG: file }), `${status}, ${name}: ${line}`, false);
      }
    }
  });

  it('when there is no connection', { timeout: 60_000 }, async () => {
    await openServers(generous);
    for (const name of ['a token', 'a password', 'a plugin with a certificate']) {
      const { user } = users[name]?.() ?? {};
      for (const broken of [
        { server: 'https://127.0.0.1:1' },
        { server: `https://jane:${marks.urlPassword}@127.0.0.1:1` },
        { 'certificate-authority': undefined, 'certificate-authority-data': b64(cast.otherCa.certificate) },
        { 'tls-server-name': 'other.test' },
        { 'proxy-url': `http://jane:wrong-${marks.proxyPassword}@${proxy.host}` },
        { 'proxy-url': `socks5://jane:${marks.proxyPassword}@127.0.0.1:1` },
      ]) {
        const file = kubeconfig(user, broken);
        for (const line of ['list pods --error-format json', 'doctor']) {
          const words = [...wordsOf(line), '-vv'];
          expectNoSecret(
            await run(words, { KUBECONFIG: file }),
            `${name}: ${line} ${JSON.stringify(broken)}`,
          );
        }
      }
    }
  });

  it('by malformed kubeconfigs with secrets', { timeout: 60_000 }, async () => {
    await openServers(generous);
    const entry = (user: unknown, cluster?: unknown): string => {
      kubeconfig(user, cluster);
      return '';
    };
    const texts: (() => string)[] = [
      () => `users:\n- name: u\n  user:\n    token: "${marks.token}\n`,
      () => `users: [{name: u, user: {token: ${marks.token}]`,
      () => `${marks.token}\n`,
      () => `\t${marks.token}: {\n`,
      () => `{"users": [{"name": "u", "user": {"token": "${marks.token}"`,
      () => `users:\n- name: u\n  user: ${marks.token}\n`,
      () => `users:\n  u: ${marks.token}\n`,
      () => entry({ token: [marks.token] }),
      () => entry({ token: `${marks.token}\n` }),
      () => entry({ token: `${marks.token}é` }),
      () => entry({ password: { [marks.password]: marks.password } }),
      () => entry({ username: 'jane', password: marks.password, token: marks.token }),
      () =>
        entry({ 'client-key-data': marks.password, 'client-certificate-data': b64(cast.client.certificate) }),
      () =>
        entry({
          'client-key-data': b64(marks.password),
          'client-certificate-data': b64(cast.client.certificate),
        }),
      () =>
        entry({ 'client-key-data': b64(cast.client.key), 'client-certificate-data': b64(marks.password) }),
      () =>
        entry({
          'client-key-data': b64(cast.client.key),
          'client-certificate-data': b64(cast.ca.certificate),
        }),
      () =>
        entry({
          token: marks.token,
          'auth-provider': { name: 'gcp', config: { 'access-token': marks.password } },
        }),
      () => entry({ token: marks.token }, { server: `https://jane:${marks.urlPassword}@[bad` }),
      () => entry({ token: marks.token }, { server: `ftp://jane:${marks.urlPassword}@host` }),
      () => entry({ token: marks.token }, { 'proxy-url': `gopher://jane:${marks.proxyPassword}@host` }),
      () => entry({ token: marks.token }, { 'proxy-url': `http://jane:${marks.proxyPassword}@[bad` }),
      () => entry({ token: marks.token }, { 'proxy-url': `http://jane:%zz${marks.proxyPassword}@host:1` }),
      () => entry(plugin({ token: `${marks.pluginToken}\n` })),
      () => entry(plugin({ token: [marks.pluginToken] })),
      () => entry(plugin({ clientKeyData: cast.client.key })),
      () => entry(plugin({ clientKeyData: marks.password, clientCertificateData: cast.client.certificate })),
      () => entry(plugin({ token: marks.pluginToken, expirationTimestamp: marks.password })),
    ];
    for (const [at, make] of texts.entries()) {
      const text = make();
      const file = join(folder, 'config');
      if (text !== '') writeFileSync(file, text);
      for (const line of ['list pods', 'config token --error-format json', 'config contexts', 'doctor']) {
        const words = [...wordsOf(line), '-vv'];
        expectNoSecret(await run(words, { KUBECONFIG: file }), `malformed ${at}: ${line}`);
      }
    }
  });

  /** Each command once, with arguments that make it send a request. */
  const bases: readonly string[] = commands
    .filter(({ name }) => !['sandbox', 'proxy', 'config', 'completion'].includes(name))
    .map(({ name }) => lines.find((line) => line.split(' ')[0] === name) ?? name);

  const formatted = commands
    .filter(({ name }) => !['sandbox', 'proxy', 'curl'].includes(name))
    .flatMap(({ name, flags }) => {
      const base =
        bases.find((line) => line.split(' ')[0] === name && !/ -o\b| --output\b/.test(line)) ?? name;
      const output = flags.find((flag) => flag.name === 'output');
      return output === undefined
        ? []
        : (output.choices ?? objectTemplates)
            // Events have no CSV: the commands refuse it before they send a request.
            .filter((format) => format !== 'csv' || !['watch', 'history'].includes(name))
            .map((format) => [...wordsOf(base), '-o', format]);
    });

  it('covers every command and format', () => {
    expect(new Set(bases.map((line) => line.split(' ')[0])).size).toBe(commands.length - 4);
    expect(formatted.length).toBeGreaterThan(40);
    for (const name of objectFormats) {
      expect(
        objectTemplates.some((template) => template.startsWith(name)),
        name,
      ).toBe(true);
    }
  });

  it.each(formatted.map((words) => [words.join(' '), words] as const))('by kapi %s', async (line, words) => {
    await openServers(generous);
    const output = await run([...words, '-vv'], { KUBECONFIG: kubeconfig({ token: marks.token }) });
    expectExchange(output, line);
    expectNoSecret(output, line, printsObjects(words));
  });

  /** Responses that contain a Secret and are invalid. */
  const brokenAnswers: Readonly<Record<string, Handler>> = {
    'cuts a Secret off': (_, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(secret).slice(0, -4));
    },
    'breaks the connection off': (_, response) => {
      response.setHeader('content-type', 'application/json');
      response.write(JSON.stringify(secret).slice(0, -4), () => response.destroy());
    },
    'adds text after a Secret': (_, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(`${JSON.stringify(secret)} ${marks.secretData}`);
    },
    'writes a Secret that is no JSON': (_, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(`{"kind":"Secret","data":{"password":${marks.secretData}}}`);
    },
    'answers with a page': (_, response) => {
      response.setHeader('content-type', 'text/html');
      response.setHeader('set-cookie', `session=${marks.secretData}`);
      response.end('<html><title>Login</title>Please log in</html>');
    },
    'refuses with a page': (_, response) => {
      response.writeHead(502, { 'content-type': 'text/html', 'x-api-key': marks.secretData });
      response.end('<html><title>Bad Gateway</title></html>');
    },
    'redirects to a URL with a login': (_, response) => {
      response.writeHead(302, { location: `https://jane:${marks.urlPassword}@127.0.0.1:1/` });
      response.end();
    },
    'closes at once': (_, response) => {
      response.destroy();
    },
  };

  it.each(
    Object.entries(brokenAnswers).flatMap(([how, answer]) =>
      bases.map((line) => [line, how, answer] as const),
    ),
  )('by kapi %s, when the server %s', { timeout: 30_000 }, async (line, how, answer) => {
    await openServers(answer);
    const words = ['-vv', ...wordsOf(line)];
    const output = await run(words, { KUBECONFIG: kubeconfig({ token: marks.token }) });
    expectExchange(output, line);
    // With curl, stdout contains the bytes and, with -i, the headers of the server.
    const shown = words.includes('curl') ? { ...output, stdout: '' } : output;
    expectNoSecret(shown, `${line}, ${how}`, printsObjects(words));
  });

  const changed = {
    ...secret,
    metadata: {
      ...secret.metadata,
      resourceVersion: '2',
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(secret) },
    },
    data: { password: Buffer.from(`${marks.secretData}-2`).toString('base64') },
    stringData: { more: marks.secretData },
  };

  /** Sends a Secret, and then a change of it. The watch stays open. */
  const changing: Handler = (request, response, seen) => {
    if (!(request.url ?? '').includes('watch=')) {
      generous(request, response, seen);
      return;
    }
    response.setHeader('content-type', 'application/json');
    response.write(`${JSON.stringify({ type: 'MODIFIED', object: changed })}\n`);
  };

  const ofData = "'jsonpath={.data.password}=other'";
  it.each([
    'watch secrets --diff',
    'watch secret db --diff',
    `watch secret db --until ${ofData} --timeout 500ms`,
    `watch secret db --until ${ofData} --timeout 500ms --error-format json`,
    `watch secret db --until-any ${ofData} --timeout 500ms`,
    "watch secret db --fail-on 'jsonpath={.data.password}' --until delete --timeout 500ms",
    `wait secret db --for ${ofData} --timeout 500ms`,
  ])('by kapi %s, when a Secret changes', { timeout: 30_000 }, async (line) => {
    await openServers(changing);
    const words = [...wordsOf(line), '-vv'];
    const output = await run(words, { KUBECONFIG: kubeconfig({ token: marks.token }) });
    expect(asked().seen.some(({ url }) => url.includes('secrets'))).toBe(true);
    expectNoSecret(output, line, false);
    if (line.includes('--diff')) expect(output.stdout).toContain('data.password: changed (hidden');
    if (line.includes('=other')) expect(output.stderr).toContain('--show-secrets shows it');
  });

  /** The object is drawn with its data. `get TYPE/NAME` sorts the fields, the others do not. */
  const drawn = /kind: Secret[^]*password: |password: [^]*kind: Secret/;

  it.each([
    'explore secret/db',
    'get secret/db --view',
    'get /api/v1/namespaces/default/secrets/db --view',
    'curl /api/v1/namespaces/default/secrets/db --view',
  ])('on the screen of kapi %s, and with --show-secrets there it is', async (line) => {
    for (const shows of [false, true]) {
      await openServers(changing);
      const words = [...line.split(' '), ...(shows ? ['--show-secrets'] : [])];
      const env = { KUBECONFIG: kubeconfig({ token: marks.token }), TERM: 'xterm', NO_COLOR: '1' };
      const output = await run(words, env, undefined, { steps: [[drawn, 'q']] });
      expect(output).toMatchObject({ stdout: expect.stringContaining('Secret') as string, code: 0 });
      expect(output.stdout.includes(secretData)).toBe(shows);
      if (!shows) expectNoSecret(output, line, false);
    }
  });

  it('in the YAML of the live table, and with --show-secrets there it is', async () => {
    for (const shows of [false, true]) {
      await openServers(changing);
      let yaml = '';
      const live: World['liveTable'] = () =>
        Promise.resolve({
          openExplorer: () => {
            throw new Error('not asked for');
          },
          openLiveTable: (_terminal, _options, outside) => {
            const show = async (change: Change): Promise<void> => {
              yaml = (await outside.answer('yaml', change, [], new AbortController().signal)).text;
              outside.end('quit');
            };
            const nothing = (): void => undefined;
            const model = {
              change: (change: Change) => void show(change),
              position: nothing,
              notice: nothing,
            };
            return {
              model: { ...model, connection: nothing },
              refresh: nothing,
              close: nothing,
            };
          },
        });
      const words = ['watch', 'secret', 'db', ...(shows ? ['--show-secrets'] : [])];
      const env = { KUBECONFIG: kubeconfig({ token: marks.token }), TERM: 'xterm', NO_COLOR: '1' };
      const steps: Step[] = [
        [/watching 1 object/, '\r'],
        [drawn, 'q'],
        [/watching 1 object/, 'q'],
      ];
      const output = await run(words, env, undefined, { live, steps });
      if (programUnderTest !== undefined) yaml = output.stdout;
      expect(yaml).toContain('kind: Secret');
      expect(yaml.includes(secretData)).toBe(shows);
    }
  });
});

// Credentials on the command line against every other source of credentials, for several commands,
// with a server that records requests. Only the credentials of the command line are sent, and no
// plugin runs.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/main.ts';
import type { World } from '../../src/world.ts';
import { recorded } from '../recorded.ts';
import { makeIdentity } from '../transport/certificates.ts';
import { makeCast, serve, type Handler, type Served } from '../transport/harness.ts';

const cast = makeCast();
const bob = makeIdentity({ subject: [['CN', 'bob']], issuer: cast.ca, usage: 'client' });
const basic = (user: string): string => `Basic ${Buffer.from(user).toString('base64')}`;

let folder = '';
const file = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kapi-identity-'));
  const texts: Readonly<Record<string, string>> = {
    'ca.crt': cast.ca.certificate,
    token: 'pod-token',
    namespace: 'default',
    'jane.crt': cast.client.certificate,
    'jane.key': cast.client.key,
    'jane.token': 'jane-file-token',
    'bob.crt': bob.certificate,
    'bob.key': bob.key,
    'bob.token': 'bob-file-token\n',
    'bob.header': '# none\nX-Other: 1\nauthorization: Bearer bob-header-file\n',
  };
  for (const [name, text] of Object.entries(texts)) writeFileSync(file(name), text);
  writeFileSync(
    file('plugin'),
    `#!/bin/sh\necho run >> ${file('ran')}\necho '${JSON.stringify({
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 'plugin-token' },
    })}'\n`,
    { mode: 0o755 },
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What the server received: Authorization, and the name in the client certificate. */
interface Sent {
  readonly authorization?: string;
  readonly client?: string;
}

interface Source {
  readonly user?: () => Record<string, unknown>;
  /** Before the host of the server. */
  readonly login?: string;
  readonly inPod?: boolean;
  /** The expected identity without a flag; undefined: an error. */
  readonly sends: Sent | undefined;
}

const janeCertificate = (): Record<string, unknown> => ({
  'client-certificate': file('jane.crt'),
  'client-key': file('jane.key'),
});
const plugin = (): Record<string, unknown> => ({
  exec: {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: file('plugin'),
    interactiveMode: 'Never',
  },
});
const sources: Readonly<Record<string, Source>> = {
  nothing: { sends: {} },
  'a certificate': { user: janeCertificate, sends: { client: 'jane' } },
  'a token': { user: () => ({ token: 'jane-token' }), sends: { authorization: 'Bearer jane-token' } },
  'a token file': {
    user: () => ({ tokenFile: file('jane.token') }),
    sends: { authorization: 'Bearer jane-file-token' },
  },
  'a user name': {
    user: () => ({ username: 'jane', password: 'pw' }),
    sends: { authorization: basic('jane:pw') },
  },
  'a plugin': { user: plugin, sends: { authorization: 'Bearer plugin-token' } },
  'a plugin that cannot be used': { user: () => ({ exec: { command: 'x' } }), sends: undefined },
  'an auth provider': { user: () => ({ 'auth-provider': { name: 'gcp' } }), sends: undefined },
  'a certificate and a token': {
    user: () => ({ ...janeCertificate(), token: 'jane-token' }),
    sends: { client: 'jane', authorization: 'Bearer jane-token' },
  },
  'a certificate that is missing': {
    user: () => ({ 'client-certificate': '/missing', 'client-key': '/missing' }),
    sends: undefined,
  },
  'a key without a certificate': { user: () => ({ 'client-key': file('jane.key') }), sends: undefined },
  'a login in the URL': {
    login: 'jane:pw@',
    user: janeCertificate,
    sends: { client: 'jane', authorization: basic('jane:pw') },
  },
  'a pod': { inPod: true, sends: { authorization: 'Bearer pod-token' } },
};

interface Line {
  readonly words: () => readonly string[];
  readonly sends: Sent;
}

const pair = (): readonly string[] => [
  '--client-certificate',
  file('bob.crt'),
  '--client-key',
  file('bob.key'),
];
/** On every command. */
const lines: Readonly<Record<string, Line>> = {
  '--token': { words: () => ['--token', 'bob-token'], sends: { authorization: 'Bearer bob-token' } },
  '--token-file': {
    words: () => ['--token-file', file('bob.token')],
    sends: { authorization: 'Bearer bob-file-token' },
  },
  '--username': {
    words: () => ['--username', 'bob', '--password', 'secret'],
    sends: { authorization: basic('bob:secret') },
  },
  '--client-certificate': { words: pair, sends: { client: 'bob' } },
  '--cert': { words: () => ['--cert', file('bob.crt'), '--key', file('bob.key')], sends: { client: 'bob' } },
  '--token and --client-certificate': {
    words: () => [...pair(), '--token=bob-token'],
    sends: { client: 'bob', authorization: 'Bearer bob-token' },
  },
  '--anonymous': { words: () => ['--anonymous'], sends: {} },
};
/** On kapi curl. */
const curlLines: Readonly<Record<string, Line>> = {
  '-u': { words: () => ['-u', 'bob:secret'], sends: { authorization: basic('bob:secret') } },
  '-u and --cert': {
    words: () => ['-u', 'bob:secret', ...pair()],
    sends: { client: 'bob', authorization: basic('bob:secret') },
  },
  ...Object.fromEntries(
    ['Authorization: Bearer bob', 'authorization:Bearer bob', 'AUTHORIZATION:   Bearer bob  '].map(
      (header): [string, Line] => [
        `-H '${header}'`,
        { words: () => ['-H', header], sends: { authorization: 'Bearer bob' } },
      ],
    ),
  ),
  '-H before -u': {
    words: () => ['-H', 'Authorization: Own bob', '-u', 'bob:secret'],
    sends: { authorization: 'Own bob' },
  },
  "-H 'Authorization:'": { words: () => ['-H', 'Authorization:'], sends: {} },
  "-H 'aUTHORIZATION:  '": { words: () => ['-H', 'aUTHORIZATION:  '], sends: {} },
  "-H 'Authorization:' and -u": { words: () => ['-H', 'Authorization:', '-u', 'bob:x'], sends: {} },
  "-H 'Authorization:' and --cert": {
    words: () => ['-H', 'Authorization:', ...pair()],
    sends: { client: 'bob' },
  },
  "-H 'authorization;'": { words: () => ['-H', 'authorization;'], sends: { authorization: '' } },
  '-H @FILE': {
    words: () => ['-H', `@${file('bob.header')}`],
    sends: { authorization: 'Bearer bob-header-file' },
  },
};

const answers: Readonly<Record<string, unknown>> = {
  '/api': recorded('discovery/aggregated-api').response.body,
  '/apis': recorded('discovery/aggregated-apis').response.body,
  '/version': recorded('root/version').response.body,
  '/apis/authentication.k8s.io/v1/selfsubjectreviews': recorded('access/whoami-jane').response.body,
  '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews': recorded('access/can-i-no').response.body,
};
const answer: Handler = (request, response) => {
  const path = new URL(request.url ?? '/', 'http://x').pathname;
  const isAggregated = path === '/api' || path === '/apis';
  response.setHeader(
    'content-type',
    isAggregated ? ((request.headers.accept ?? '').split(',')[0] ?? '') : 'application/json',
  );
  const list = { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '1' }, items: [] };
  response.end(JSON.stringify(answers[path] ?? list));
};

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly pluginRuns: number;
}

async function run(words: readonly string[], source: Source, server: Served): Promise<Ran> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  rmSync(file('ran'), { force: true });
  const begun = performance.now();
  const config = {
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
    clusters: [
      {
        name: 'k',
        cluster: {
          server: server.url.replace('//', `//${source.login ?? ''}`),
          'certificate-authority': file('ca.crt'),
        },
      },
    ],
    users: [{ name: 'u', user: source.user?.() ?? {} }],
  };
  writeFileSync(file('config'), JSON.stringify(config));
  const inPod = {
    KUBECONFIG: '/missing',
    KUBERNETES_SERVICE_HOST: '127.0.0.1',
    KUBERNETES_SERVICE_PORT: String(server.port),
  };
  const terminal = { isTTY: false, columns: undefined, color: 0 } as const;
  const world: World = {
    io: () => ({
      in: Object.assign(Readable.from([]), { isTTY: false }),
      out: { ...terminal, write: (chunk) => void out.push(Buffer.from(chunk)) },
      err: { ...terminal, write: (chunk) => void err.push(Buffer.from(chunk)) },
    }),
    env: {
      PATH: process.env['PATH'],
      KAPI_COMPLETION_TIMEOUT_MS: '20000',
      ...(source.inPod === true ? inPod : { KUBECONFIG: file('config') }),
    },
    home: join(folder, 'home'),
    cwd: folder,
    platform: process.platform,
    nodeVersion: process.versions.node,
    now: () => new Date(),
    clock: () => performance.now() - begun,
    random: Math.random,
    signal: new AbortController().signal,
    terminal: () => Promise.resolve(undefined),
    liveTable: () => Promise.reject(new Error('no terminal')),
  };
  const [name = '', ...more] = words;
  const where = source.inPod === true ? ['--service-account-dir', folder] : [];
  const nothingCached = ['--cache-dir', mkdtempSync(join(folder, 'cache-'))];
  const argv =
    name === '__complete'
      ? [name, more[0] ?? '', more[1] ?? '', ...where, ...nothingCached, ...more.slice(2)]
      : [name, ...where, ...nothingCached, ...more];
  const code = await main(argv, world);
  const text = (chunks: Buffer[]): string => Buffer.concat(chunks).toString();
  const pluginRuns = existsSync(file('ran')) ? readFileSync(file('ran'), 'utf8').split('\n').length - 1 : 0;
  return { code, stdout: text(out), stderr: text(err), pluginRuns };
}

function openServer(): Promise<Served> {
  return serve(answer, { identity: cast.server, requestCert: true, rejectUnauthorized: false });
}

/** Each distinct identity of the requests. */
function sentTo(server: Served): Sent[] {
  const ways = server.seen.map(({ headers: { authorization }, client }) =>
    JSON.stringify({
      ...(authorization === undefined ? {} : { authorization }),
      ...(client === undefined ? {} : { client }),
    }),
  );
  return [...new Set(ways)].map((way) => JSON.parse(way) as Sent);
}

interface Command {
  readonly words: readonly string[];
  /** Default: all. */
  readonly sources?: readonly string[];
}

/** All commands send their requests in the same way, so most need only some of the sources. */
const hardest = ['a certificate and a token', 'a plugin', 'an auth provider', 'a pod'];
const commands: readonly Command[] = [
  { words: ['get', '/version'] },
  { words: ['can-i', 'list', 'pods', '-q'], sources: hardest },
  { words: ['list', 'pods'], sources: hardest },
  { words: ['whoami'], sources: hardest },
  { words: ['resources', '-o', 'name'], sources: hardest },
  { words: ['__complete', 'zsh', 'list'], sources: hardest },
  { words: ['curl', '/version'] },
  // The type is looked up on the server first.
  { words: ['curl', 'flowschemas'], sources: hardest },
  { words: ['__complete', 'zsh', 'curl'], sources: hardest },
];

/** The cursor is at a type, so that a request is sent. */
function completed(command: readonly string[], words: readonly string[]): readonly string[] {
  return command[0] === '__complete' ? [...command, ...words, 'flows'] : [...command, ...words];
}

describe.each(commands.map((command) => ({ ...command, name: command.words.join(' ') })))(
  '$name',
  ({ words, sources: names }) => {
    const asked = Object.entries(sources).filter(([name]) => names?.includes(name) ?? true);

    it('uses the identity of its source without a flag', async () => {
      const server = await openServer();
      for (const [name, source] of asked) {
        server.seen.length = 0;
        const { stderr, pluginRuns } = await run(completed(words, []), source, server);
        expect(sentTo(server), `${name}: ${stderr}`).toEqual(
          source.sends === undefined ? [] : [source.sends],
        );
        expect(pluginRuns, name).toBe(name === 'a plugin' ? 1 : 0);
      }
    });

    it.each(Object.entries({ ...lines, ...(words.includes('curl') ? curlLines : {}) }))(
      'uses the identity of %s, whatever the source',
      async (_, line) => {
        const server = await openServer();
        const isCompletion = words.includes('__complete');
        for (const [name, source] of asked) {
          server.seen.length = 0;
          const { stderr, pluginRuns } = await run(completed(words, line.words()), source, server);
          // A header file is not read for a TAB: no request is sent then.
          const isUnknown = isCompletion && line.words().some((word) => word.startsWith('@'));
          expect(sentTo(server), `${name}: ${stderr}`).toEqual([isUnknown ? {} : line.sends]);
          expect(pluginRuns, name).toBe(0);
        }
      },
    );
  },
);

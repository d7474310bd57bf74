// Content in place of a path is never printed: every setting that names a file or program, every
// kind of content, every command and format that shows configuration or its errors.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

import { runKapi, type RunOptions } from './run-kapi.ts';

const folder = mkdtempSync(join(tmpdir(), 'kapi-paths-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Text that only the secret contains, in a form that no message has by chance. */
const words = Array.from({ length: 24 }, (_, at) => `Zq${at}wJx${(at * 7919) % 9973}Kv`);
const pem = `-----BEGIN PRIVATE KEY-----\n${words.join('').replaceAll(/(.{64})/g, '$1\n')}\n-----END PRIVATE KEY-----\n`;
const kubeconfig = `apiVersion: v1
kind: Config
users:
- name: ${words[0] ?? ''}
  user: {token: "${words[1] ?? ''}${words[2] ?? ''}"}
`;
const json = JSON.stringify({ users: [{ name: words[3], user: { token: words.join('/') } }] });
const encode = (text: string): string => Buffer.from(text).toString('base64');
const jwt = [{ alg: 'RS256' }, { sub: words[4] }, words]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .join('.');

const contents: Readonly<Record<string, string>> = {
  pem,
  'PEM on one line': pem.replaceAll('\n', ' '),
  'PEM with escaped line ends': pem.replaceAll('\n', '\\n'),
  'base64 of PEM': encode(pem),
  'base64 of PEM in lines': encode(pem).replaceAll(/(.{76})/g, '$1\n'),
  kubeconfig,
  'kubeconfig with CRLF': kubeconfig.replaceAll('\n', '\r\n'),
  'kubeconfig on one line': kubeconfig.replaceAll('\n', ' '),
  'base64 of a kubeconfig': encode(kubeconfig),
  json,
  'indented JSON': JSON.stringify(JSON.parse(json), null, 2),
  'base64 of JSON': encode(json),
  jwt,
  'a URL with a password': `https://${words[5] ?? ''}:${words[6] ?? ''}@${words[7] ?? ''}/${words[8] ?? ''}`,
  'a very long text': words.join('').repeat(20),
};

const exec = (command: string): object => ({
  exec: { apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never', command },
});

/** A kubeconfig with that user and cluster; returns its path. */
function fileWith(user: object, cluster: object = {}): string {
  const file = join(folder, 'config.json');
  writeFileSync(
    file,
    JSON.stringify({
      'current-context': 'c',
      contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
      clusters: [{ name: 'k', cluster: { server: 'https://127.0.0.1:1', ...cluster } }],
      users: [{ name: 'u', user }],
    }),
  );
  return file;
}

interface Given {
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const pod = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: '1' };
const byFlag =
  (flag: string, user: object = {}) =>
  (value: string): Given => ({ words: [flag, value], env: { KUBECONFIG: fileWith(user) } });
const byFile =
  (user: (value: string) => object, cluster: (value: string) => object = () => ({})) =>
  (value: string): Given => ({ env: { KUBECONFIG: fileWith(user(value), cluster(value)) } });

const settings: Readonly<Record<string, (value: string) => Given>> = {
  KUBECONFIG: (value) => ({ env: { KUBECONFIG: value } }),
  'KUBECONFIG after a file': (value) => ({ env: { KUBECONFIG: `${fileWith({})}:${value}` } }),
  'KUBECONFIG in a pod': (value) => ({ env: { KUBECONFIG: value, ...pod } }),
  '--kubeconfig': (value) => ({ words: ['--kubeconfig', value] }),
  '--kubeconfig=': (value) => ({ words: [`--kubeconfig=${value}`] }),
  '--cacert': byFlag('--cacert'),
  '--certificate-authority': byFlag('--certificate-authority'),
  '--cert': byFlag('--cert'),
  '--key': byFlag('--key', { 'client-certificate': 'ca.pem' }),
  '--token-file': byFlag('--token-file'),
  '--service-account-dir': (value) => ({ words: ['--service-account-dir', value], env: pod }),
  'certificate-authority': byFile(
    () => ({}),
    (value) => ({ 'certificate-authority': value }),
  ),
  'client-certificate': byFile((value) => ({ 'client-certificate': value, 'client-key': 'x' })),
  'client-key': byFile((value) => ({ 'client-certificate': 'ca.pem', 'client-key': value })),
  tokenFile: byFile((value) => ({ tokenFile: value })),
  'exec.command': byFile(exec),
  'exec.command with a slash': byFile((value) => exec(`./${value}`)),
  'exec.command with arguments': byFile((value) => exec(`plugin --token=${value}`)),
};

writeFileSync(join(folder, 'ca.pem'), 'not looked at before the key is read');

const commands: readonly (readonly string[])[] = [
  ['list', 'pods'],
  ['get', '/version', '-v'],
  ['list', 'pods', '-vv'],
  ['config', 'show'],
  ['config', 'show', '-o', 'json'],
  ['config', 'contexts'],
  ['config', 'token'],
  ['whoami'],
  ['whoami', '-o', 'yaml'],
  ['doctor'],
  ['doctor', '--error-format', 'json'],
  ['list', 'pods', '--error-format', 'json'],
  ['list', 'pods', '--curl'],
  ['can-i', 'get', 'pods', '--curl'],
  ['api-resources'],
  ['delete', 'pod', 'x'],
];

/** Returns the part of the secret in the output. */
function shownOf(content: string, output: string): string[] {
  const pieces = new Set([...words, ...(content.match(/[\w+-]{10,}/g) ?? [])]);
  // Fields and labels that messages name themselves.
  for (const own of ['PRIVATE', 'apiVersion']) pieces.delete(own);
  return [...pieces].filter((piece) => output.includes(piece.slice(0, 10)));
}

/** The token goes to the server, so few commands are enough. */
const withToken = byFile((value) => ({ tokenFile: value, token: 't' }));

const noServer: RunOptions = { directory: folder };

async function expectHidden(content: string, given: Given, asked: typeof commands): Promise<void> {
  const ask = async (command: readonly string[]): Promise<void> => {
    const { stdout, stderr, code } = await runKapi([...command, ...(given.words ?? [])], {
      ...noServer,
      env: given.env ?? {},
    });
    const about = `kapi ${command.join(' ')}\n${stderr}`;
    expect(shownOf(content, stdout + stderr), about).toEqual([]);
    expect(code, about).not.toBe(70);
  };
  await Promise.all(asked.map(ask));
}

describe.each(Object.entries(settings))('%s', (_, given) => {
  it.each(Object.entries(contents))('shows nothing of %s', async (_kind, content) => {
    await expectHidden(content, given(content), commands);
  });
});

it.each(Object.entries(contents))('tokenFile with a token shows nothing of %s', async (_, content) => {
  await expectHidden(content, withToken(content), [
    ['config', 'show'],
    ['list', 'pods', '-vv'],
    ['list', 'pods', '--curl'],
  ]);
});

/** Words that name a file other than a setting of the connection. */
const fileWords: Readonly<Record<string, (value: string) => readonly string[]>> = {
  'curl -d @FILE': (value) => ['curl', '-d', `@${value}`, '/x'],
  'curl --json @FILE': (value) => ['curl', '--json', `@${value}`, '/x'],
  'curl --data-binary @FILE': (value) => ['curl', '--data-binary', `@${value}`, '/x'],
  'curl --data-urlencode x@FILE': (value) => ['curl', '--data-urlencode', `x@${value}`, '/x'],
  'curl -H @FILE': (value) => ['curl', '-H', `@${value}`, '/x'],
  'curl -T FILE': (value) => ['curl', '-T', value, '/x'],
  'can-i -f FILE': (value) => ['can-i', '-f', value],
  '-o jsonpath-file=FILE': (value) => ['list', 'pods', '-o', `jsonpath-file=${value}`],
  '-o custom-columns-file=FILE': (value) => ['list', 'pods', '-o', `custom-columns-file=${value}`],
  '-o go-template-file=FILE': (value) => ['list', 'pods', '-o', `go-template-file=${value}`],
  'sandbox --load FILE': (value) => ['sandbox', '--load', value, '--', 'true'],
  'proxy --unix-socket FILE': (value) => ['proxy', '--unix-socket', `${value}/x/y`],
};

describe.each(Object.entries(fileWords))('%s', (_, line) => {
  it.each(Object.entries(contents))('shows nothing of %s', async (_kind, content) => {
    const env = { KUBECONFIG: fileWith({}) };
    await expectHidden(content, { env }, [line(content), [...line(content), '--error-format', 'json']]);
  });

  it('shows a path', async () => {
    const words = line(join(folder, 'nope', 'questions.yaml'));
    const { stderr, code } = await runKapi(words, { ...noServer, env: { KUBECONFIG: fileWith({}) } });
    expect([2, 3]).toContain(code);
    expect(stderr).toContain('questions.yaml');
  });
});

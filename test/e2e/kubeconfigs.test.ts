// kubeconfigs as users and programs write them, read as kubectl reads them: a table of texts with
// kubectl as the oracle, and requests with the odd ones.
import { execFileSync } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';

import type { ConfigInput } from '../../src/config/input.ts';
import { loadKubeconfig } from '../../src/config/kubeconfig.ts';
import { ConfigError } from '../../src/errors.ts';
import {
  describeAgainstKubectl,
  describeOnServer,
  kapi,
  kapiFile,
  kubectl,
  makeFolder,
  testServer,
  type Result,
} from './kapi.ts';
import { kubeconfigText } from './server/kubeconfigs.ts';

/** Returns a kubeconfig of one context with the given unquoted or quoted scalars. */
function scalarText(namespace: string, name = 'c', token = 't'): string {
  return `apiVersion: v1
kind: Config
current-context: ${name}
contexts:
- name: ${name}
  context:
    cluster: k
    user: u
    namespace: ${namespace}
clusters:
- name: k
  cluster: {server: "https://127.0.0.1:1"}
users:
- name: u
  user:
    token: ${token}
`;
}

/** Unquoted and quoted scalars: some are strings for go-yaml, some are not. */
const scalars = [
  ...[
    '5e1234567',
    '12e4567',
    '1e309',
    '-5e9999',
    '.5e400',
    '0x1FFFFFFFFFFFFFFFF',
    '1e5',
    '12',
    '+1',
    '-0',
    '0o7',
    '0O7',
  ],
  ...[
    '0b1',
    '0b2',
    '08',
    '1_000',
    '1__0',
    '_1',
    '.5',
    '.5_0',
    '1.',
    '1.2.3',
    '0x',
    '0xg',
    '1e',
    '.',
    '-',
    '+',
    '.inf',
    '.nan',
  ],
  ...[
    '~',
    'null',
    'Null',
    'nULL',
    'yes',
    'no',
    'on',
    'off',
    'y',
    'N',
    'true',
    'TRUE',
    'tRUE',
    '',
    '2001-01-01',
    '1:30',
  ],
  ...[
    '2001-12-14t21:59:43.10-05:00',
    '18446744073709551615',
    '18446744073709551616',
    'a#b',
    'a #b',
    '"a"#b',
    "'it''s'",
  ],
  ...[
    '"\\x41\\u00e9"',
    '"\\q"',
    '"\\ud800"',
    '"a\\\n      b"',
    'a\n      b',
    '|\n      a\n',
    '>-\n      a\n      b\n',
    '!!str 12',
    '!!int "1"',
  ],
  ...[
    '!foo 12',
    '! 12',
    '!!binary aGk=',
    '!!float 1',
    '&x a',
    '*x',
    '@a',
    '`a`',
    '%a',
    '-a',
    '?a',
    ':a',
    'a: b',
    '[a',
    '{a: b}',
    '[]',
  ],
  ...[
    '"open',
    "'open",
    'é',
    '"é"',
    'a\tb',
    '\ta',
    '<<',
    '=',
    'a,b',
    'a]b',
    '"a" b',
    'https://x:1',
    'x:',
    '!!null ""',
    '!!bool yes',
    '!x!y z',
  ],
];

const head = 'apiVersion: v1\nkind: Config\n';
const many = (count: number, each: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => each(at)).join('');

/** Whole files. */
const texts: Readonly<Record<string, string>> = {
  empty: '',
  'a comment': '# nothing\n',
  'only ---': '---\n',
  'two documents': `${scalarText('one')}---\n${scalarText('two')}`,
  'garbage behind the first document': `${scalarText('one')}---\n]: [\n`,
  'garbage behind ...': `${scalarText('one')}...\n}\n`,
  '--- with a comment': `--- # first\n${scalarText('one')}`,
  '%YAML 1.1': `%YAML 1.1\n---\n${scalarText('one')}`,
  '%YAML 1.2': `%YAML 1.2\n---\n${scalarText('one')}`,
  '%TAG': `%TAG !y! tag:yaml.org,2002:\n---\n${scalarText('!y!str one')}`,
  'a list': '- a\n',
  text: 'just text\n',
  'another kind': 'apiVersion: v1\nkind: Pod\n',
  'another version': 'apiVersion: v2\nkind: Config\n',
  'no kind': scalarText('one').replace('kind: Config\n', ''),
  'an empty kind': scalarText('one').replace('kind: Config', 'kind: ""'),
  'a key twice': `${scalarText('one')}current-context: d\n`,
  'a field twice': scalarText('one\n    namespace: two'),
  'a name twice': `${head}contexts:\n- name: c\n  context: {namespace: a}\n- name: c\n  context: {namespace: b}\n`,
  'unknown fields': `${scalarText('one')}fancy: [1, {a: b}]\n`,
  'fields in another case': `${head}Contexts:\n- name: c\n`,
  'null lists': `${head}contexts: null\nclusters:\nusers: ~\n`,
  'a null entry': `${head}contexts: [null]\n`,
  'two null entries': `${head}contexts: [null, null]\n`,
  'an entry without a context': `${head}contexts:\n- name: c\n`,
  'a null context': `${head}contexts:\n- name: c\n  context: null\n`,
  'an empty name': `${head}contexts:\n- name: ""\n  context: {namespace: a}\n`,
  'no name': `${head}contexts:\n- context: {namespace: a}\n`,
  'a name of two words': `${head}contexts:\n- name: a b\n  context: {namespace: a}\n`,
  'a mapping for a list': `${head}contexts: {a: b}\n`,
  'text for a list': `${head}contexts: a\n`,
  'text for an entry': `${head}contexts: [a]\n`,
  'a number as a name': `${head}contexts:\n- name: 12\n`,
  'a number in a list of texts': `${head}users:\n- name: u\n  user: {as-groups: [a, 1]}\n`,
  'text for a flag': `${head}clusters:\n- name: k\n  cluster: {insecure-skip-tls-verify: "true"}\n`,
  'yes for a flag': `${head}clusters:\n- name: k\n  cluster: {insecure-skip-tls-verify: yes}\n`,
  'bad base64': `${head}clusters:\n- name: k\n  cluster: {certificate-authority-data: "a!"}\n`,
  'base64 without padding': `${head}clusters:\n- name: k\n  cluster: {certificate-authority-data: YQ}\n`,
  'base64 in lines': `${head}clusters:\n- name: k\n  cluster:\n    certificate-authority-data: |\n      YWJj\n      ZGVm\n`,
  'DATA+OMITTED': `${head}clusters:\n- name: k\n  cluster: {certificate-authority-data: DATA+OMITTED}\n`,
  'PEM as data': `${head}clusters:\n- name: k\n  cluster: {certificate-authority-data: "-----BEGIN CERTIFICATE-----"}\n`,
  JSON: JSON.stringify({ contexts: [{ name: 'c', context: { namespace: 'a' } }] }),
  'indented JSON with tabs': JSON.stringify(
    { contexts: [{ name: 'c', context: { namespace: 'a' } }] },
    null,
    '\t',
  ),
  'two JSON documents': '{"contexts":[{"name":"c","context":{"namespace":"a"}}]}\n{"contexts":[]}\n',
  'JSON without quotes': '{contexts: [{name: c, context: {namespace: a}}]}',
  'JSON with a comma too many': '{"contexts":[{"name":"c","context":{"namespace":"a"}},],}',
  'JSON with half of a character': '{"contexts":[{"name":"c","context":{"namespace":"\\ud800"}}]}',
  'JSON that breaks off': '{"contexts":[{"name":"c"',
  'braces that are not indented': `${head}contexts:\n- name: c\n  context: {\nnamespace: a\n}\n`,
  'a list in brackets over lines': `${head}contexts: [\n  {name: c,\n context: {namespace: a}}\n]\n`,
  'a tab as indentation': `${head}contexts:\n-\tname: c\n`,
  'tabs between': `${head}contexts:\n- name:\tc\n  context:\t{namespace:\ta}\n`,
  'wrong indentation': `${head}contexts:\n- name: c\n   context: {namespace: a}\n`,
  'question marks': `${head}? contexts\n: - name: c\n    context: {? namespace : a}\n`,
  'a list as deep as its key': `${head}contexts:\n- context:\n    namespace: a\n  name: c\n`,
  'a deep list': `${head}contexts:\n        - context:\n                namespace: a\n          name: c\n`,
  'keys that are no text': `1: a\ntrue: b\n1.5: c\n${scalarText('one')}`,
  'a null key': `~: a\n${scalarText('one')}`,
  'a list as a key': `? [a]\n: b\n${scalarText('one')}`,
  'an infinite number in an unknown field': `x: .inf\n${scalarText('one')}`,
  'comments everywhere': `# a\n${head}# b\ncontexts: # c\n# d\n- name: c # e\n  # f\n  context: # g\n    namespace: a # h\n`,
  'an alias': `x: &a one\n${scalarText('*a')}`,
  'an alias before its anchor': `${scalarText('*a')}x: &a one\n`,
  'an anchor twice': `x: &a one\ny: &a two\n${scalarText('*a')}`,
  'an alias of itself': `x: &a [*a]\n${scalarText('one')}`,
  'a merge': `x: &m {namespace: one, user: u}\n${head}contexts:\n- name: c\n  context:\n    <<: *m\n    user: v\n`,
  'a merge behind the keys': `x: &m {namespace: one, user: u}\n${head}contexts:\n- name: c\n  context:\n    user: v\n    <<: *m\n`,
  'a list of merges': `${head}contexts:\n- name: c\n  context:\n    <<: [{namespace: a}, {namespace: b, user: u}]\n`,
  'two merges': `${head}contexts:\n- name: c\n  context:\n    <<: {namespace: a, user: u}\n    <<: {namespace: b}\n`,
  'a merge of text': `${head}contexts:\n- name: c\n  context:\n    <<: a\n`,
  'a quoted merge key': `${head}contexts:\n- name: c\n  context:\n    "<<": {namespace: a}\n    namespace: b\n`,
  'merged entries': `x: &m {context: {namespace: a}}\n${head}contexts:\n${many(150, (at) => `- {<<: *m, name: c${at}}\n`)}`,
  'one context, many aliases': `x: &m {namespace: a}\n${head}contexts:\n${many(2_000, (at) => `- {context: *m, name: c${at}}\n`)}`,
  'many clusters of one authority': `x: &ca YWJj\n${head}clusters:\n${many(300, (at) => `- {cluster: {certificate-authority-data: *ca}, name: k${at}}\n`)}`,
  'aliases that multiply': `a: &a [${'x,'.repeat(999)}x]\nb: &b [${'*a,'.repeat(99)}*a]\nc: [${'*b,'.repeat(9)}*b]\n${scalarText('one')}`,
  'names as kubectl writes them': `${head}contexts:\n- context:\n    cluster: 5e1234567\n    user: 12e4567\n  name: 5e1234567\ncurrent-context: 5e1234567\n`,
};

/** The same file in other encodings and with other line ends. */
const encoded: Readonly<Record<string, Buffer>> = (() => {
  const text = scalarText('"é😀"');
  const le = Buffer.from(text, 'utf16le');
  const be = Buffer.from(le).swap16();
  const bytes = (...parts: (string | Buffer | number[])[]): Buffer =>
    Buffer.concat(
      parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part as Buffer))),
    );
  return {
    'UTF-8 with a byte order mark': bytes([0xef, 0xbb, 0xbf], text),
    'UTF-16LE with a byte order mark': bytes([0xff, 0xfe], le),
    'UTF-16BE with a byte order mark': bytes([0xfe, 0xff], be),
    'UTF-16LE without one': le,
    'UTF-16BE without one': be,
    'the replacement character in a comment': bytes(`# Z\ufffdrich\n${text}`),
    'the replacement character as a value': bytes(scalarText('"\ufffd"')),
    'Latin-1 in a comment': Buffer.from(`# Z\u00fcrich\n${scalarText('one')}`, 'latin1'),
    'Latin-1': Buffer.from(scalarText('é'), 'latin1'),
    CRLF: bytes(text.replaceAll('\n', '\r\n')),
    CR: bytes(text.replaceAll('\n', '\r')),
    'CR CR LF': bytes(text.replaceAll('\n', '\r\r\n')),
    NEL: bytes(text.replaceAll('\n', '\u0085')),
    'a control character': bytes(text.replace('apiVersion', 'x: "\x07"\napiVersion')),
    gzip: Buffer.from('1f8b0800000000000003', 'hex'),
    HTML: bytes('<!DOCTYPE html><html><body>Please sign in</body></html>\n'),
    'no line end at the end': bytes(text.trimEnd()),
  };
})();

const cases: (readonly [name: string, content: string | Buffer])[] = [
  ...scalars.map((scalar) => [`namespace: ${JSON.stringify(scalar)}`, scalarText(scalar)] as const),
  ...scalars
    .slice(0, 30)
    .map((scalar) => [`name: ${JSON.stringify(scalar)}`, scalarText('n', scalar)] as const),
  ...scalars
    .slice(0, 20)
    .map((scalar) => [`token: ${JSON.stringify(scalar)}`, scalarText('n', 'c', scalar)] as const),
  ...Object.entries(texts),
  ...Object.entries(encoded),
];

interface Seen {
  readonly current: string;
  readonly contexts: readonly string[];
}

interface View {
  readonly 'current-context'?: string;
  readonly contexts?:
    | readonly { readonly name: string; readonly context: Readonly<Record<string, string | undefined>> }[]
    | null;
}

/** Returns what kubectl reads from a file. Undefined if it refuses the file. */
async function seenByKubectl(kubeconfig: string): Promise<Seen | undefined> {
  const { stdout, code } = await kubectl(['config', 'view', '--raw', '-o', 'json'], { kubeconfig });
  if (code !== 0) return undefined;
  const view = JSON.parse(stdout) as View;
  return {
    current: view['current-context'] ?? '',
    contexts: (view.contexts ?? [])
      .map(({ name, context }) => [name, context['cluster'], context['user'], context['namespace']].join('|'))
      .sort(),
  };
}

/**
 * Reads a file with kapi's reader in this process: starting the program hundreds of times would
 * take long.
 */
async function seenByKapi(kubeconfig: string): Promise<Seen | undefined> {
  const input: ConfigInput = { overrides: { kubeconfig }, env: {}, home: undefined, cwd: '/' };
  try {
    const { contexts, currentContext } = await loadKubeconfig(input);
    return {
      current: currentContext?.value ?? '',
      contexts: [...contexts.values()]
        .map(({ name, cluster, user, namespace }) => [name, cluster, user, namespace].join('|'))
        .sort(),
    };
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

describeAgainstKubectl('kubeconfigs as kubectl reads them', () => {
  it('the table has its 150 texts', () => {
    expect(cases.length).toBeGreaterThanOrEqual(150);
  });

  const lanes = 4;
  it.concurrent.each(Array.from({ length: lanes }, (_, at) => at))(
    'each text, part %d',
    async (lane) => {
      const folder = makeFolder();
      for (const [at, [name, content]] of cases.entries()) {
        if (at % lanes !== lane) continue;
        const file = join(folder, `config-${at}`);
        writeFileSync(file, content);
        expect(await seenByKapi(file), name).toEqual(await seenByKubectl(file));
      }
    },
    300_000,
  );
});

const devPods = 'pod/api-0\npod/api-1\npod/worker\n';

describeOnServer('requests with odd kubeconfigs', () => {
  /** Returns the administrator's kubeconfig as block YAML, with an anchor for the authority. */
  function adminText(): string {
    const { url, caFile, tokens } = testServer();
    const data = readFileSync(caFile).toString('base64');
    return `x-ca: &ca ${data}
x-user: &user {token: "${tokens.admin}"}
apiVersion: v1
kind: Config
current-context: 5e1234567
clusters:
${many(150, (at) => `- name: k${at}\n  cluster: {server: "${url}", certificate-authority-data: *ca}\n`)}users:
${many(150, (at) => `- name: u${at}\n  user:\n    <<: *user\n`)}contexts:
- name: 5e1234567
  context: {cluster: k149, user: u149, namespace: dev}
`;
  }

  it.concurrent.each<[string, (text: string) => Buffer]>([
    ['150 aliases and merges', (text) => Buffer.from(text)],
    [
      'UTF-16LE, as PowerShell writes it',
      (text) => Buffer.from(`\ufeff${text.replaceAll('\n', '\r\n')}`, 'utf16le'),
    ],
    ['UTF-16BE', (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['CR', (text) => Buffer.from(text.replaceAll('\n', '\r'))],
    ['a second document behind it', (text) => Buffer.from(`${text}---\n]`)],
  ])('%s', async (_, encode) => {
    const kubeconfig = join(makeFolder(), 'config');
    writeFileSync(kubeconfig, encode(adminText()));
    expect(await kapi(['list', 'pods', '-o', 'name'], { kubeconfig })).toMatchObject({
      stdout: devPods,
      code: 0,
    });
  });

  it('from standard input and from a pipe', () => {
    const kubeconfig = join(makeFolder(), 'config');
    writeFileSync(kubeconfig, adminText());
    const script = (line: string): string =>
      execFileSync('bash', ['-c', line, process.execPath, kapiFile, kubeconfig, testServer().caFile], {
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], HOME: testServer().home },
      });
    const list = '"$0" "$1" list pods -o name --kubeconfig';
    expect(script(`cat "$2" | ${list} /dev/stdin`)).toBe(devPods);
    const fromPipe = script(`${list} <(cat "$2") --cacert <(cat "$3")`);
    expect(fromPipe).toBe(devPods);
  });

  it('an endless device is a configuration error', async () => {
    const { url } = testServer();
    for (const flags of [
      ['--kubeconfig', '/dev/zero'],
      ['-s', url, '--cacert', '/dev/zero'],
      ['-s', url, '-k', '--token-file', '/dev/zero'],
    ]) {
      const { stderr, code } = await kapi(['list', 'pods', ...flags], { kubeconfig: null });
      expect([code, stderr]).toEqual([3, expect.stringContaining('the file is too large')]);
    }
  });

  it.concurrent.each<[string, Buffer, string]>([
    ['gzip', Buffer.from('1f8b0800000000000003', 'hex'), 'it is compressed (gzip)'],
    ['HTML', Buffer.from('<!DOCTYPE html><html></html>\n'), 'it is HTML or XML'],
    ['UTF-16 without a mark', Buffer.from(scalarText('one'), 'utf16le'), 'it looks like UTF-16'],
    ['Latin-1', Buffer.from(scalarText('\xe9'), 'latin1'), 'it is not UTF-8 text'],
    [
      'base64',
      Buffer.from(Buffer.from(scalarText('one')).toString('base64')),
      'must be decoded first: base64 -d',
    ],
    ['PEM', Buffer.from('-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'), 'it contains PEM'],
    ['a list of pods', Buffer.from('{"kind":"PodList","apiVersion":"v1","items":[]}'), 'kind "PodList"'],
  ])('a file that is not a kubeconfig is called what it is: %s', async (_, content, words) => {
    const kubeconfig = join(makeFolder(), 'config');
    writeFileSync(kubeconfig, content);
    const { stdout, stderr, code } = await kapi(['list', 'pods'], { kubeconfig });
    expect([code, stdout, stderr]).toEqual([3, '', expect.stringContaining(words)]);
    if (!words.includes('base64')) expect(stderr).not.toContain('base64 -d');
  });

  it.concurrent.each<[string, Record<string, unknown>, Record<string, unknown>, string]>([
    [
      'PEM as data',
      { 'certificate-authority-data': '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----' },
      {},
      'is PEM, not the base64 of it',
    ],
    [
      'data that config view left out',
      { 'certificate-authority-data': 'DATA+OMITTED' },
      {},
      'kubectl config view writes it without --raw',
    ],
    ['a token that config view hid', {}, { token: 'REDACTED' }, 'is the word REDACTED, not a secret'],
  ])('%s gets its own words', async (_, cluster, user, words) => {
    const kubeconfig = join(makeFolder(), 'config');
    writeFileSync(kubeconfig, kubeconfigText({ server: 'https://127.0.0.1:1', ...cluster }, user));
    const { stderr, code } = await kapi(['list', 'pods'], { kubeconfig });
    expect([code, stderr]).toEqual([3, expect.stringContaining(words)]);
  });

  it('an entry that another file of KUBECONFIG has first is reported', async () => {
    const files = ['one', 'two'].map((name) => {
      const file = join(makeFolder(), name);
      writeFileSync(file, kubeconfigText({ server: `https://${name}.test` }, { token: name }));
      return file;
    });
    const { stdout, code } = await kapi(['config', 'show'], {
      kubeconfig: null,
      env: { KUBECONFIG: files.join(':') },
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^not-used /m);
    expect(stdout).toContain(`${files[1] ?? ''}, user "me"`);
  });

  it('content in place of a path is not shown, and is exit code 3', async () => {
    const text = adminText();
    const { url, tokens, janeCertificate } = testServer();
    const key = Buffer.from(`-----BEGIN PRIVATE KEY-----\n${tokens.admin}`).toString('base64');
    const pasted = (
      user: Record<string, unknown>,
      cluster: Record<string, unknown> = {},
    ): Promise<Result> => {
      const kubeconfig = join(makeFolder(), 'config');
      writeFileSync(kubeconfig, kubeconfigText({ server: url, ...cluster }, user));
      return kapi(['list', 'pods', '-vv'], { kubeconfig });
    };
    const pem = `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`;
    const certificate = {
      'client-certificate-data': readFileSync(janeCertificate.certificateFile).toString('base64'),
    };
    const runs = await Promise.all([
      pasted({ ...certificate, 'client-key': pem }),
      pasted({ ...certificate, 'client-key': key }),
      pasted({ ...certificate, 'client-key': JSON.stringify({ key }) }),
      pasted({ tokenFile: `eyJhbGciOiJSUzI1NiJ9.${Buffer.from(key).toString('base64url')}.c2ln` }),
      pasted({ tokenFile: key.repeat(100) }),
      pasted({ token: 'x' }, { 'certificate-authority': key }),
      kapi(['list', 'pods'], {
        kubeconfig: null,
        env: { KUBECONFIG: JSON.stringify({ users: [{ name: 'u', user: { token: tokens.admin } }] }) },
      }),
      kapi(['list', 'pods', '-vv'], { kubeconfig: null, env: { KUBECONFIG: text } }),
      kapi(['doctor'], { kubeconfig: null, env: { KUBECONFIG: Buffer.from(text).toString('base64') } }),
      kapi(['config', 'show', '--kubeconfig', text], { kubeconfig: null }),
      kapi(['whoami', '-s', url, '-k', '--token-file', tokens.admin], { kubeconfig: null }),
      kapi(['list', 'pods', '-s', url, '-k', '--cert', key, '--error-format', 'json'], { kubeconfig: null }),
    ]);
    for (const { stdout, stderr, code } of runs) {
      expect([code, stdout + stderr]).toEqual([
        3,
        expect.stringContaining('looks like the content of a file'),
      ]);
      for (const secret of [tokens.admin, key.slice(0, 20), 'x-user', 'eC11c2Vy']) {
        expect(stdout + stderr).not.toContain(secret);
      }
    }
  });
});

describeAgainstKubectl('keys and certificates as Go reads them', () => {
  const blankLines = (text: string): string => text.replaceAll('\n', '\n\n');
  const relabelled = (text: string, label: string): string =>
    text.replaceAll(/-----(BEGIN|END) [A-Z ]+-----/g, `-----$1 ${label}-----`);
  const keyAs =
    (type: 'pkcs8' | 'sec1') =>
    (text: string): string =>
      createPrivateKey(text).export({ type, format: 'pem' }).toString();
  const same = (text: string): string => text;
  type Change = (text: string) => string;
  const all = (change: Change): [Change, Change, Change] => [change, change, change];

  it.concurrent.each<[string, Change, Change, Change]>([
    ['as they are', same, same, same],
    ['blank lines', blankLines, blankLines, blankLines],
    ['CRLF', ...all((text) => text.replaceAll('\n', '\r\n'))],
    ['text around', ...all((text) => `subject=x\n${text}\nmore\n`)],
    ['blanks at the ends of lines', ...all((text) => text.replaceAll('\n', '  \n'))],
    ['indented', ...all((text) => text.replaceAll(/^/gm, '  '))],
    ['no line end at the end', ...all((text) => text.trimEnd())],
    ['SEC1 in its own label', same, same, keyAs('sec1')],
    ['SEC1 under PRIVATE KEY', same, same, (text) => relabelled(keyAs('sec1')(text), 'PRIVATE KEY')],
    ['SEC1 under RSA PRIVATE KEY', same, same, (text) => relabelled(keyAs('sec1')(text), 'RSA PRIVATE KEY')],
    ['PKCS#8 under EC PRIVATE KEY', same, same, (text) => relabelled(keyAs('pkcs8')(text), 'EC PRIVATE KEY')],
    [
      'the certificate before the key',
      same,
      same,
      (text) => `${readFileSync(testServer().janeCertificate.certificateFile, 'utf8')}${text}`,
    ],
    [
      'a key of another pair',
      same,
      same,
      () =>
        generateKeyPairSync('ec', {
          namedCurve: 'P-256',
          privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
          publicKeyEncoding: { type: 'spki', format: 'pem' },
        }).privateKey,
    ],
    [
      'a key of another kind',
      same,
      same,
      () =>
        generateKeyPairSync('rsa', {
          modulusLength: 2048,
          privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
          publicKeyEncoding: { type: 'spki', format: 'pem' },
        }).privateKey,
    ],
    [
      'a certificate under TRUSTED CERTIFICATE',
      (text) => relabelled(text, 'TRUSTED CERTIFICATE'),
      same,
      same,
    ],
    [
      'a client certificate under X509 CERTIFICATE',
      same,
      (text) => relabelled(text, 'X509 CERTIFICATE'),
      same,
    ],
    ['a certificate with headers', (text) => text.replace('-----\n', '-----\nComment: x\n\n'), same, same],
  ])('%s', async (_, ca, certificate, key) => {
    const { url, caFile, janeCertificate } = testServer();
    const data = (file: string, change: Change): string =>
      Buffer.from(change(readFileSync(file, 'utf8'))).toString('base64');
    const kubeconfig = join(makeFolder(), 'config');
    const cluster = { server: url, 'certificate-authority-data': data(caFile, ca) };
    const user = {
      'client-certificate-data': data(janeCertificate.certificateFile, certificate),
      'client-key-data': data(janeCertificate.keyFile, key),
    };
    writeFileSync(kubeconfig, kubeconfigText(cluster, user, 'dev'));
    const [ours, theirs] = await Promise.all([
      kapi(['list', 'pods', '-o', 'name'], { kubeconfig }),
      kubectl(['get', 'pods', '-o', 'name'], { kubeconfig }),
    ]);
    const told = `${ours.stderr}\n${theirs.stderr}`;
    expect(ours.stdout, told).toBe(theirs.stdout);
    expect(ours.code === 0, told).toBe(theirs.code === 0);
    if (ours.code !== 0) expect([3, 6], told).toContain(ours.code);
  });

  it('a client key of 1024 bits is sent, on Node lines whose OpenSSL refuses it by default too', async () => {
    const folder = makeFolder();
    const make = (name: string, ...how: readonly string[]): { cert: string; key: string } => {
      const files = { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
      const request = ['req', '-x509', '-nodes', '-days', '2', '-keyout', files.key, '-out', files.cert];
      execFileSync('openssl', [...request, ...how], { stdio: 'ignore' });
      return files;
    };
    const client = make('client', '-newkey', 'rsa:1024', '-subj', '/CN=small');
    const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const own = make('server', '-newkey', 'rsa:2048', ...names);
    const options = {
      cert: readFileSync(own.cert),
      key: readFileSync(own.key),
      requestCert: true,
      rejectUnauthorized: false,
      ciphers: 'DEFAULT:@SECLEVEL=0',
    };
    const server = createTlsServer(options, ({ socket }, response) => {
      const bits = socket instanceof TLSSocket ? socket.getPeerCertificate().bits : undefined;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ bits }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const kubeconfig = join(folder, 'config');
    const { port } = server.address() as AddressInfo;
    const cluster = { server: `https://127.0.0.1:${port}`, 'certificate-authority': own.cert };
    const user = { 'client-certificate': client.cert, 'client-key': client.key };
    writeFileSync(kubeconfig, kubeconfigText(cluster, user));
    const [ours, theirs] = await Promise.all([
      kapi(['get', '/version', '-o', 'jsonpath={.bits}'], { kubeconfig }),
      kubectl(['get', '--raw', '/version'], { kubeconfig }),
    ]);
    expect(theirs.stdout, theirs.stderr).toBe('{"bits":1024}');
    expect([ours.code, ours.stdout], ours.stderr).toEqual([0, '1024']);
  });
});

describeAgainstKubectl('server addresses as kubectl reads them', () => {
  it.concurrent.each([
    '//10.0.0.1:6443',
    'https:/127.0.0.1:1',
    'https://',
    'https://[::1',
    'https://127.0.0.1:1 ',
    'unix:///x',
    'https://127.0.0.1:-1',
  ])('%j is refused by both', async (server) => {
    const kubeconfig = join(makeFolder(), 'config');
    writeFileSync(kubeconfig, kubeconfigText({ server }, { token: 'x' }));
    const [ours, theirs] = await Promise.all([
      kapi(['list', 'pods'], { kubeconfig }),
      kubectl(['get', 'pods'], { kubeconfig }),
    ]);
    expect(theirs.stderr).toContain('host must be a URL or a host:port pair');
    expect([ours.code, ours.stdout]).toEqual([3, '']);
    expect(ours.stderr).toMatch(/^error: invalid server from /);
  });

  it.concurrent.each([
    'https://[fe80::1%25lo]:1',
    '127.0.0.1:1',
    'HTTPS://127.0.0.1:1',
    'https://127.0.0.1:1?x=1',
  ])('%j is an address for both', async (server) => {
    const kubeconfig = join(makeFolder(), 'config');
    writeFileSync(kubeconfig, kubeconfigText({ server }, { token: 'x' }));
    const [ours, theirs] = await Promise.all([
      kapi(['get', '/version', '--request-timeout', '5s'], { kubeconfig }),
      kubectl(['get', '--raw', '/version', '--request-timeout', '5s'], { kubeconfig }),
    ]);
    expect(theirs.stderr).not.toContain('host must be a URL');
    expect(ours.code, ours.stderr).toBe(6);
  });

  it('a port beyond 65535 is refused with its own words', async () => {
    const kubeconfig = join(makeFolder(), 'config');
    writeFileSync(kubeconfig, kubeconfigText({ server: 'https://127.0.0.1:99999' }, { token: 'x' }));
    const { stderr, code } = await kapi(['list', 'pods'], { kubeconfig });
    expect([code, stderr]).toEqual([3, expect.stringContaining('99999 is not a port: the max is 65535')]);
  });
});

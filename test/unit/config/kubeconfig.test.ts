import { describe, expect, it } from 'vitest';

import { currentContextOf, loadKubeconfig } from '../../../src/config/kubeconfig.ts';
import {
  base64,
  certificate,
  failureOf,
  fileError,
  filesWith,
  inputOf,
  kubeconfig,
  load,
} from './memory-files.ts';

const home = '/home/jane/.kube/config';

/** A file with a user `red` with that token and another user. */
function fileOf(token: string, own: string, current?: string): string {
  return JSON.stringify({
    ...(current === undefined ? {} : { 'current-context': current }),
    users: [
      { name: 'red', user: { token } },
      { name: own, user: { token } },
    ],
  });
}

describe('which files are read', () => {
  it('the home file without flag and variable', async () => {
    const read = await loadKubeconfig(inputOf({ [home]: kubeconfig() }));
    expect(read).toMatchObject({ source: 'home', files: [home], missing: [] });
  });

  it('HOME unset: ./.kube/config', async () => {
    const input = { ...inputOf({ '/cwd/.kube/config': kubeconfig() }), home: undefined };
    expect((await loadKubeconfig(input)).files).toEqual(['/cwd/.kube/config']);
  });

  it('KUBECONFIG: a list, missing files and empty parts skipped, duplicates read once, relative ones from cwd', async () => {
    const files = { '/a': fileOf('a', 'x'), '/cwd/b': fileOf('b', 'y'), [home]: kubeconfig() };
    const read = await loadKubeconfig(inputOf(files, {}, { KUBECONFIG: '/a::/nope:b:/a' }));
    expect(read).toMatchObject({ source: 'KUBECONFIG', files: ['/a', '/cwd/b'], missing: ['/nope'] });
  });

  it('KUBECONFIG empty: the home file', async () => {
    const read = await loadKubeconfig(inputOf({ [home]: kubeconfig() }, {}, { KUBECONFIG: '' }));
    expect(read.files).toEqual([home]);
  });

  it('KUBECONFIG with only missing files means no configuration, the home file is not read', async () => {
    const files = filesWith(kubeconfig());
    expect(await failureOf(load(files, {}, { KUBECONFIG: '/nope:/neither' }))).toBe(
      '3 NoConfiguration: no configuration has been provided: no flag, file or variable names a server',
    );
  });

  it('--kubeconfig is one file, relative to cwd, and wins over KUBECONFIG', async () => {
    const files = { '/cwd/a:b': kubeconfig(), '/c': kubeconfig() };
    const read = await loadKubeconfig(inputOf(files, { kubeconfig: 'a:b' }, { KUBECONFIG: '/c' }));
    expect(read).toMatchObject({ source: '--kubeconfig', files: ['/cwd/a:b'] });
  });

  it('--kubeconfig must exist', async () => {
    expect(await failureOf(load({ [home]: kubeconfig() }, { kubeconfig: '/nope' }))).toBe(
      '3 KubeconfigNotFound: loading config file "/nope": no such file or directory',
    );
  });

  it('--kubeconfig= counts as absent', async () => {
    const read = await loadKubeconfig(inputOf({ [home]: kubeconfig() }, { kubeconfig: '' }));
    expect(read.files).toEqual([home]);
  });

  it.each([
    ['EACCES', 'permission denied'],
    ['EISDIR', 'it is a directory'],
    ['EIO', 'i/o error'],
  ])('a file of the list that cannot be read (%s) is an error', async (code, words) => {
    const files = { '/a': fileOf('a', 'x'), '/b': fileError(code) };
    expect(await failureOf(load(files, {}, { KUBECONFIG: '/a:/b' }))).toBe(
      `3 KubeconfigUnreadable: loading config file "/b": ${words}`,
    );
  });

  it('reads an empty file as an empty configuration', async () => {
    const read = await loadKubeconfig(inputOf({ [home]: '' }));
    expect([read.files, read.users.size, read.currentContext]).toEqual([[home], 0, undefined]);
  });
});

describe('the first file that has an entry provides the whole entry', () => {
  const files = {
    '/a': JSON.stringify({ users: [{ name: 'red', user: { token: 'a' } }] }),
    '/b': JSON.stringify({
      'current-context': 'from-b',
      users: [
        { name: 'red', user: { token: 'b', as: 'x' } },
        { name: 'blue', user: { token: 'b' } },
      ],
    }),
    '/c': JSON.stringify({ 'current-context': 'from-c' }),
  };

  it('entries and scalars', async () => {
    const read = await loadKubeconfig(inputOf(files, {}, { KUBECONFIG: '/a:/b:/c' }));
    expect([...read.users.values()].map((user) => [user.name, user.token?.expose(), user.as])).toEqual([
      ['red', 'a', undefined],
      ['blue', 'b', undefined],
    ]);
    expect(read.users.get('blue')?.origin).toEqual({ kind: 'kubeconfig', text: '/b, user "blue"' });
    expect(read.currentContext).toEqual({
      value: 'from-b',
      origin: { kind: 'kubeconfig', text: '/b, current-context' },
    });
  });

  it('--context before current-context', async () => {
    const read = await loadKubeconfig(inputOf(files, {}, { KUBECONFIG: '/b' }));
    expect(currentContextOf(read, { context: 'x' })).toEqual({
      value: 'x',
      origin: { kind: 'flag', text: '--context' },
    });
    expect(currentContextOf(read, { context: '' })?.value).toBe('from-b');
  });
});

describe('paths are relative to the file that contains them; ~ and $HOME are never expanded', () => {
  it('all paths', async () => {
    const files = {
      '/etc/k/a': JSON.stringify({
        clusters: [{ name: 'k', cluster: { 'certificate-authority': 'ca.pem' } }],
        users: [
          {
            name: 'u',
            user: {
              'client-certificate': '../c.pem',
              'client-key': '/abs/key',
              tokenFile: '~/token',
              exec: { command: './plugin' },
            },
          },
          { name: 'bare', user: { tokenFile: '$HOME/t', exec: { command: 'plugin' } } },
        ],
      }),
    };
    const read = await loadKubeconfig(inputOf(files, {}, { KUBECONFIG: '/etc/k/a' }));
    expect(read.clusters.get('k')?.certificateAuthority).toBe('/etc/k/ca.pem');
    expect(read.users.get('u')).toMatchObject({
      clientCertificate: '/etc/c.pem',
      clientKey: '/abs/key',
      tokenFile: '/etc/k/~/token',
      exec: { command: '/etc/k/plugin' },
    });
    expect(read.users.get('bare')).toMatchObject({
      tokenFile: '/etc/k/$HOME/t',
      exec: { command: 'plugin' },
    });
  });
});

describe('strict decoding', () => {
  const at = `3 KubeconfigInvalid: loading config file "${home}": `;

  it.each([
    [
      'a number for text',
      kubeconfig({ user: { token: 12 } }),
      'users[0].user.token (user "u") must be text, found a number',
    ],
    [
      'a mapping for text',
      kubeconfig({ user: { password: { SECRET: 1 } } }),
      'users[0].user.password (user "u") must be text, found a mapping',
    ],
    [
      'text for a boolean',
      kubeconfig({ cluster: { 'insecure-skip-tls-verify': 'SECRET' } }),
      'clusters[0].cluster.insecure-skip-tls-verify (cluster "k") must be true or false, found text',
    ],
    [
      'a list for text',
      kubeconfig({ context: { namespace: ['SECRET'] } }),
      'contexts[0].context.namespace (context "c") must be text, found a list',
    ],
    [
      'text for a list',
      kubeconfig({ user: { 'as-groups': 'SECRET' } }),
      'users[0].user.as-groups (user "u") must be a list, found text',
    ],
    [
      'a boolean in a list',
      kubeconfig({ user: { exec: { args: ['a', true] } } }),
      'users[0].user.exec.args[1] (user "u") must be text, found true or false',
    ],
    [
      'text for an entry',
      kubeconfig({ root: { users: ['SECRET'] } }),
      'users[0] must be a mapping, found text',
    ],
    [
      'a mapping for the list',
      kubeconfig({ root: { clusters: { SECRET: 1 } } }),
      'clusters must be a list, found a mapping',
    ],
    [
      'text for extra',
      kubeconfig({ user: { 'as-user-extra': { k: 'SECRET' } } }),
      'users[0].user.as-user-extra.k (user "u") must be a list, found text',
    ],
    [
      'a number in an auth provider',
      kubeconfig({ user: { 'auth-provider': { name: 'x', config: { a: 1 } } } }),
      'users[0].user.auth-provider.config.a (user "u") must be text, found a number',
    ],
    [
      'preferences',
      kubeconfig({ root: { preferences: { colors: 'SECRET' } } }),
      'preferences.colors must be true or false, found text',
    ],
    ['extensions', kubeconfig({ root: { extensions: {} } }), 'extensions must be a list, found a mapping'],
    [
      'another kind',
      kubeconfig({ root: { kind: 'Pod' } }),
      'not a kubeconfig: apiVersion "v1", kind "Pod" instead of v1, Config',
    ],
    [
      'another version',
      kubeconfig({ root: { apiVersion: 'v2' } }),
      'not a kubeconfig: apiVersion "v2", kind "Config" instead of v1, Config',
    ],
    ['a document that is text', 'SECRET', 'the document must be a mapping, found text'],
    ['a document that is a list', '- SECRET\n', 'the document must be a mapping, found a list'],
    [
      'bad base64',
      kubeconfig({ user: { 'client-key-data': 'SECRET!' } }),
      'users[0].user.client-key-data (user "u") is not base64',
    ],
    [
      'base64 without padding',
      kubeconfig({ cluster: { 'certificate-authority-data': 'YQ' } }),
      'clusters[0].cluster.certificate-authority-data (cluster "k") is not base64',
    ],
    [
      'base64 with spaces',
      kubeconfig({ cluster: { 'certificate-authority-data': 'YWJj ZGVm' } }),
      'clusters[0].cluster.certificate-authority-data (cluster "k") is not base64',
    ],
    ['YAML that is none', 'a: [SECRET', 'line 2, column 1: a list in brackets lacks a comma or its ]'],
    [
      'an unquoted name that YAML takes for a boolean',
      'contexts:\n- name: on\n',
      'contexts[0].name must be text, found true or false',
    ],
  ])('%s anywhere is an error that shows no value', async (_, text, problem) => {
    const failure = await failureOf(load({ [home]: text }));
    expect(failure).toBe(at + problem);
    expect(failure).not.toContain('SECRET');
  });

  it('a name twice in one file is an error, without the entries', async () => {
    const twice = {
      users: [
        { name: 'u', user: { token: 'SECRET' } },
        { name: 'u', user: { password: 'SECRET' } },
      ],
    };
    expect(await failureOf(load({ [home]: kubeconfig({ root: twice }) }))).toBe(
      `${at}users contains the name "u" twice`,
    );
  });

  it('One malformed file is an error, whatever the others contain', async () => {
    const files = { '/a': kubeconfig(), '/b': kubeconfig({ root: { users: 3 } }) };
    expect(await failureOf(load(files, {}, { KUBECONFIG: '/a:/b' }))).toBe(
      '3 KubeconfigInvalid: loading config file "/b": users must be a list, found a number',
    );
  });

  it('semantic faults in unused entries are not errors', async () => {
    const root = {
      users: [
        { name: 'u', user: {} },
        { name: 'v', user: { token: 't', username: 'n', exec: { apiVersion: 'x' } } },
      ],
      contexts: [
        { name: 'c', context: { cluster: 'k', user: 'u' } },
        { name: 'd', context: { cluster: 'nope', user: 'nope' } },
      ],
    };
    expect((await load({ [home]: kubeconfig({ root }) })).server.value).toBe('https://k.example:6443');
  });

  it('base64 may hold line ends', async () => {
    const data = base64(certificate).replaceAll(/(.{60})/g, '$1\r\n');
    const config = await load({ [home]: kubeconfig({ cluster: { 'certificate-authority-data': data } }) });
    expect(config.ca?.pem).toBe(certificate);
  });

  it('unknown fields are ignored; field names are case-sensitive; null counts as absent', async () => {
    const user = { Token: 'wrong', token: 'right', exec: null, 'as-groups': null, fancy: [1] };
    const config = await load({ [home]: kubeconfig({ user, root: { users: [null, { name: 'u', user }] } }) });
    expect(config.authorization).toMatchObject({ kind: 'token' });
    expect(config.authorization.kind === 'token' && config.authorization.token.expose()).toBe('right');
  });

  it('Duplicate keys: the last one counts; JSON is read as well as YAML', async () => {
    const yaml = [
      'current-context: wrong',
      'current-context: c',
      'contexts: [{name: c, context: {cluster: k}}]',
      'clusters:',
      '- name: k',
      '  cluster: {server: https://one, server: https://two}',
    ].join('\n');
    expect((await load({ [home]: yaml })).server.value).toBe('https://two');
  });
});

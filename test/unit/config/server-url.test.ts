import { describe, expect, it } from 'vitest';

import { parseServerUrl } from '../../../src/config/server-url.ts';
import { failureOf } from './memory-files.ts';

const entry = { kind: 'kubeconfig', text: '/kc, cluster "k"' } as const;

function parse(value: string): unknown {
  const { server, https, login } = parseServerUrl({ value, origin: entry });
  return login === undefined
    ? [server.value, https]
    : [server.value, https, login.username, login.password.expose()];
}

describe('parseServerUrl', () => {
  it.each([
    ['https://10.0.0.1:6443', ['https://10.0.0.1:6443', true]],
    ['HTTPS://Host.Example', ['https://host.example', true]],
    ['https://host:443/', ['https://host', true]],
    ['https://[fd00::1]:6443', ['https://[fd00::1]:6443', true]],
    ['https://rancher.example/k8s/c-1//', ['https://rancher.example/k8s/c-1', true]],
    ['https://host/p?q=1#f', ['https://host/p', true]],
    ['localhost:8080', ['http://localhost:8080', false]],
    ['127.0.0.1:8080', ['http://127.0.0.1:8080', false]],
    ['host', ['http://host', false]],
    ['https://jane:p%40ss@host', ['https://host', true, 'jane', 'p@ss']],
    ['https://jane@host', ['https://host', true, 'jane', '']],
    ['jane:pw@host:80', ['http://host', false, 'jane', 'pw']],
  ])('reads %s', (value, parts) => {
    expect(parse(value)).toEqual(parts);
  });

  it.each([
    ['ftp://host', 'its scheme "ftp" is neither https nor http'],
    ['https://', 'it is neither a URL nor host:port'],
    ['https://jane:SECRET@ho st', 'it is neither a URL nor host:port'],
    ['https:\\\\host', 'it is neither a URL nor host:port'],
    ['https://host:99999', '99999 is not a port: the max is 65535'],
    ['host:70000', '70000 is not a port: the max is 65535'],
    ['//10.0.0.1:6443', 'there is no scheme or no host in it: host must be a URL or a host:port pair'],
    ['https:///host', 'there is no scheme or no host in it: host must be a URL or a host:port pair'],
    ['https://host ', 'there is white space at its end'],
    ['host/path', 'a path needs a scheme before it: host must be a URL or a host:port pair'],
  ])('refuses %s without repeating it', async (value, problem) => {
    expect(await failureOf(Promise.resolve().then(() => parse(value)))).toBe(
      `3 ServerInvalid: invalid server from /kc, cluster "k": ${problem}`,
    );
  });

  it.each([
    ['https://[fe80::1%25eth0]:6443', 'https://[fe80::1]:6443', 'eth0'],
    ['https://[fe80::1%eth0]/p', 'https://[fe80::1]/p', 'eth0'],
    ['[fe80::1%25en%20x]:80', 'http://[fe80::1]', 'en x'],
  ])('reads the zone of %s', (value, server, zone) => {
    expect(parseServerUrl({ value, origin: entry })).toMatchObject({ server: { value: server }, zone });
  });

  it('reports a bad flag as a usage error', async () => {
    const flag = { value: 'ftp://h', origin: { kind: 'flag', text: '--server' } } as const;
    expect(await failureOf(Promise.resolve().then(() => parseServerUrl(flag)))).toBe(
      '2 ServerInvalid: invalid server from --server: its scheme "ftp" is neither https nor http',
    );
  });
});

import { describe, expect, it } from 'vitest';

import { decideProxy } from '../../../src/config/proxy.ts';
import { Secret } from '../../../src/model/secret.ts';
import { failureOf } from './memory-files.ts';

const entry = { kind: 'kubeconfig', text: '/kc, cluster "k"' } as const;

function decide(
  server: string,
  proxyUrl: string | undefined,
  env: Readonly<Record<string, string>> = {},
): string {
  const given = proxyUrl === undefined ? undefined : { value: new Secret(proxyUrl), origin: entry };
  const proxy = decideProxy(server, given, env);
  return proxy === undefined ? 'direct' : `${proxy.value.expose()} from ${proxy.origin.text}`;
}

describe('proxy-url: http, https, socks5; used for loopback too, ignores NO_PROXY', () => {
  it.each([
    ['http://p:3128', 'http://p:3128/'],
    ['https://jane:pw@p', 'https://jane:pw@p/'],
    ['socks5://p:1080', 'socks5://p:1080'],
  ])('%s', (proxyUrl, href) => {
    expect(decide('https://127.0.0.1:6443', proxyUrl, { NO_PROXY: '*', HTTPS_PROXY: 'http://other' })).toBe(
      `${href} from /kc, cluster "k"`,
    );
  });

  it.each([
    ['ftp://jane:SECRET@p', 'unsupported scheme "ftp", must be http, https, or socks5'],
    ['socks5h://p', 'unsupported scheme "socks5h", must be http, https, or socks5'],
    ['p:3128', 'unsupported scheme "p", must be http, https, or socks5'],
    ['http://jane:SECRET@p q', 'it is not a URL'],
    ['//SECRET', 'it is not a URL'],
  ])('refuses %s and does not repeat it', async (proxyUrl, problem) => {
    expect(await failureOf(Promise.resolve().then(() => decide('https://h', proxyUrl)))).toBe(
      `3 ProxyInvalid: invalid proxy URL from /kc, cluster "k": ${problem}`,
    );
  });
});

describe('HTTPS_PROXY and similar variables', () => {
  const proxy = { HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'http://q:2' };

  it.each([
    ['https://h:6443', proxy, 'http://p:1/ from HTTPS_PROXY'],
    ['http://h:8080', proxy, 'http://q:2/ from HTTP_PROXY'],
    ['http://h', { HTTPS_PROXY: 'http://p' }, 'direct'],
    ['https://h', { HTTP_PROXY: 'http://p' }, 'direct'],
    ['https://h', { https_proxy: 'http://low' }, 'http://low/ from https_proxy'],
    ['https://h', { HTTPS_PROXY: 'http://up', https_proxy: 'http://low' }, 'http://up/ from HTTPS_PROXY'],
    ['https://h', { HTTPS_PROXY: '', https_proxy: 'http://low' }, 'http://low/ from https_proxy'],
    ['https://h', { HTTPS_PROXY: 'p.example:3128' }, 'http://p.example:3128/ from HTTPS_PROXY'],
    ['https://h', { HTTPS_PROXY: 'socks5h://p:1080' }, 'socks5://p:1080 from HTTPS_PROXY'],
  ])('upper case takes precedence, the scheme decides: %s %j', (server, env, expected) => {
    expect(decide(server, undefined, env)).toBe(expected);
  });

  it('ALL_PROXY is not read', () => {
    expect(decide('https://h', undefined, { ALL_PROXY: 'http://p', all_proxy: 'http://p' })).toBe('direct');
  });

  it.each(['https://localhost:6443', 'https://127.0.0.1', 'https://127.8.9.1:1', 'https://[::1]:6443'])(
    'is never used for %s',
    (server) => {
      expect(decide(server, undefined, proxy)).toBe('direct');
    },
  );

  it.each([
    ['x.y', 'https://x.y', 'direct'],
    ['x.y', 'https://a.b.x.y', 'direct'],
    ['x.y', 'https://ax.y', 'proxy'],
    ['*.x.y', 'https://a.x.y', 'direct'],
    ['.x.y', 'https://a.x.y', 'direct'],
    ['.x.y', 'https://x.y', 'proxy'],
    ['X.Y', 'https://x.y', 'direct'],
    ['x.y:6443', 'https://x.y:6443', 'direct'],
    ['x.y:6443', 'https://x.y', 'proxy'],
    ['x.y:443', 'https://x.y', 'direct'],
    ['10.0.0.0/8', 'https://10.9.8.7:6443', 'direct'],
    ['10.0.0.0/8', 'https://11.9.8.7', 'proxy'],
    ['10.0.0.0/8', 'https://host', 'proxy'],
    ['10.0.0.1', 'https://10.0.0.1:6443', 'direct'],
    ['10.0.0.1:6443', 'https://10.0.0.1', 'proxy'],
    ['fd00::1', 'https://[fd00::1]:6443', 'direct'],
    ['[fd00::1]:6443', 'https://[fd00::1]:6443', 'direct'],
    ['[fd00::1]:1', 'https://[fd00::1]:6443', 'proxy'],
    ['0.0.1', 'https://10.0.0.1', 'proxy'],
    ['a, b ,x.y', 'https://x.y', 'direct'],
    ['a b x.y', 'https://x.y', 'proxy'],
    ['*', 'https://x.y', 'direct'],
    [',', 'https://x.y', 'proxy'],
    ['', 'https://x.y', 'proxy'],
  ])('NO_PROXY=%s and %s: %s', (noProxy, server, way) => {
    const decided = decide(server, undefined, { ...proxy, NO_PROXY: noProxy });
    expect(decided === 'direct' ? 'direct' : 'proxy').toBe(way);
    expect(decide(server, undefined, { ...proxy, no_proxy: noProxy }) === 'direct').toBe(way === 'direct');
  });

  it('names the wrong variable and not its value', async () => {
    const decided = Promise.resolve().then(() =>
      decide('https://h', undefined, { HTTPS_PROXY: 'gopher://a:SECRET@b' }),
    );
    expect(await failureOf(decided)).toBe(
      '3 ProxyInvalid: invalid proxy URL from HTTPS_PROXY: unsupported scheme "gopher", must be http, https, or socks5',
    );
  });
});

import { describe, expect, test } from 'vitest';
import { Secret } from '../../../src/model/secret.ts';
import { decideCarrier } from '../../../src/transport/carrier.ts';
import { decideRoute, describeRoute } from '../../../src/transport/route.ts';
import { parseServer } from '../../../src/transport/server-address.ts';

const https = parseServer('https://h:6443', '--server');
const http = parseServer('http://h:8080', '--server');

function proxy(url: string): { value: Secret; origin: { kind: 'env'; text: string } } {
  return { value: new Secret(url), origin: { kind: 'env', text: 'HTTPS_PROXY' } };
}

describe('decideRoute', () => {
  test('without a proxy: direct', () => {
    expect(decideRoute(https, undefined)).toEqual({ kind: 'direct' });
  });

  test('an http or https proxy tunnels https and forwards http', () => {
    const route = decideRoute(https, proxy('http://jane:p%40ss@proxy:3128'));
    expect(route).toMatchObject({ kind: 'tunnel', proxy: { host: 'proxy', port: 3128, secure: false } });
    expect(route.kind === 'tunnel' && route.proxy.authorization?.expose()).toBe('Basic amFuZTpwQHNz');
    expect(decideRoute(https, proxy('https://[::1]'))).toMatchObject({
      kind: 'tunnel',
      proxy: { host: '::1', port: 443, secure: true, authorization: undefined },
    });
    expect(decideRoute(http, proxy('http://proxy'))).toMatchObject({ kind: 'forward', proxy: { port: 80 } });
  });

  test('socks5 and socks5h, with and without user', () => {
    expect(decideRoute(http, proxy('socks5://s'))).toEqual({
      kind: 'socks5',
      proxy: { host: 's', port: 1080, username: undefined, password: undefined },
    });
    const route = decideRoute(https, proxy('socks5h://u%3A:p@s:9'));
    expect(route).toMatchObject({ kind: 'socks5', proxy: { host: 's', port: 9, username: 'u:' } });
    expect(route.kind === 'socks5' && route.proxy.password?.expose()).toBe('p');
  });

  test('others are refused without being repeated', () => {
    expect(() => decideRoute(https, proxy('socks4://u:s3cret@h'))).toThrow(
      /^the proxy from HTTPS_PROXY is not an http, https or socks5 URL$/,
    );
  });

  test('its description never contains the password', () => {
    expect(describeRoute(decideRoute(https, proxy('http://u:s3cret@h:1')))).toBe('http proxy h:1');
    expect(describeRoute(decideRoute(https, proxy('socks5://u:s3cret@h')))).toBe('socks5 proxy h:1080');
    expect(describeRoute({ kind: 'direct' })).toBeUndefined();
  });
});

test('decideCarrier: node for few direct requests, undici for proxies and pools, or as configured', () => {
  const direct = decideRoute(https, undefined);
  const tunnel = decideRoute(https, proxy('http://h'));
  expect(decideCarrier({ route: direct, load: 'few' })).toBe('node');
  expect(decideCarrier({ route: direct, load: 'many' })).toBe('undici');
  expect(decideCarrier({ route: tunnel, load: 'few' })).toBe('undici');
  expect(decideCarrier({ route: tunnel, load: 'few', wanted: 'node' })).toBe('node');
});

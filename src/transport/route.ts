// Decides how a connection reaches the server: directly, or through which kind of proxy. Entry
// point: decideRoute(). Pure.

import { ConfigError } from '../errors.ts';
import { Secret } from '../model/secret.ts';
import {
  basicAuthorization,
  endpointOf,
  hostPort,
  userInfoOf,
  type Endpoint,
  type ServerAddress,
} from './server-address.ts';
import type { Sourced } from '../config/cluster-config.ts';

/** An HTTP proxy, reached with or without TLS. */
export interface HttpProxy extends Endpoint {
  readonly secure: boolean;
  /** Value of the Proxy-Authorization header. */
  readonly authorization: Secret | undefined;
}

/** A SOCKS5 proxy. Its credentials are sent unencrypted, as RFC 1929 defines. */
export interface SocksProxy extends Endpoint {
  readonly username: string | undefined;
  readonly password: Secret | undefined;
}

export type Route =
  | { readonly kind: 'direct' }
  /** `CONNECT host:port`, then TLS with the server through the tunnel. */
  | { readonly kind: 'tunnel'; readonly proxy: HttpProxy }
  /**
   * For a plain-http server: the proxy gets whole URLs (RFC 9112 section 3.2.2), as from Go and
   * curl.
   */
  | { readonly kind: 'forward'; readonly proxy: HttpProxy }
  /** The proxy resolves names. */
  | { readonly kind: 'socks5'; readonly proxy: SocksProxy };

/**
 * Decides the route. config/ has already decided whether a proxy applies at all (NO_PROXY,
 * loopback).
 * @throws ConfigError `ProxyInvalid` for a URL that is not http, https, socks5 or socks5h;
 *   `UserInfoInvalid` for broken percent-encoding
 */
export function decideRoute(server: ServerAddress, proxy: Sourced<Secret> | undefined): Route {
  if (proxy === undefined) return { kind: 'direct' };
  const from = proxy.origin.text;
  const text = proxy.value.expose();
  const url = URL.canParse(text) ? new URL(text) : undefined;
  switch (url?.protocol) {
    case 'http:':
    case 'https:': {
      const secure = url.protocol === 'https:';
      const party: HttpProxy = {
        ...endpointOf(url, secure ? 443 : 80),
        secure,
        authorization: basicAuthorization(url, from),
      };
      return { kind: server.secure ? 'tunnel' : 'forward', proxy: party };
    }
    case 'socks5:':
    case 'socks5h:': {
      const user = userInfoOf(url, from);
      return {
        kind: 'socks5',
        proxy: {
          ...endpointOf(url, 1080),
          username: user?.username,
          password: user === undefined ? undefined : new Secret(user.password),
        },
      };
    }
    default:
      throw new ConfigError(`the proxy from ${from} is not an http, https or socks5 URL`, {
        code: 'ProxyInvalid',
        hint: 'write it as http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT',
      });
  }
}

/**
 * Describes the proxy of a route for a message, never with a password; undefined without a proxy.
 */
export function describeRoute(route: Route): string | undefined {
  switch (route.kind) {
    case 'direct':
      return undefined;
    case 'tunnel':
    case 'forward':
      return `${route.proxy.secure ? 'https' : 'http'} proxy ${hostPort(route.proxy)}`;
    case 'socks5':
      return `socks5 proxy ${hostPort(route.proxy)}`;
  }
}

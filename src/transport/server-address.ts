// The cluster's `server` taken apart once: where to connect, what to put before paths, how to name it in messages.

import { isIP } from 'node:net';
import { ConfigError } from '../errors.ts';
import { Secret } from '../model/secret.ts';

/** A host and port to open a connection to; IPv6 addresses without brackets. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface ServerAddress extends Endpoint {
  /** Whether the server speaks TLS. */
  readonly secure: boolean;
  /** `https://host:port`, never with user information. */
  readonly origin: string;
  /** Path before every API path, without a trailing slash; empty for most servers. */
  readonly prefix: string;
  /** What goes into the Host header: `host`, or `host:port` for a port that is not the scheme's own. */
  readonly authority: string;
  /** `Basic …` made of user information in the URL. */
  readonly authorization: Secret | undefined;
}

/**
 * Takes a server URL apart.
 * @param from where the URL came from, for the message
 * @throws ConfigError `ServerInvalid` when it is no http or https URL
 */
export function parseServer(server: string, from: string): ServerAddress {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    // The URL itself is not repeated: it may hold a password.
    throw new ConfigError(`the server address from ${from} is not an http or https URL`, {
      code: 'ServerInvalid',
      hint: 'write it as https://HOST:PORT',
    });
  }
  const secure = url.protocol === 'https:';
  return {
    secure,
    ...endpointOf(url, secure ? 443 : 80),
    origin: url.origin,
    prefix: url.pathname.replace(/\/+$/, ''),
    authority: url.host,
    authorization: basicAuthorization(url, from),
  };
}

/** Host without brackets, and the port or the scheme's own. */
export function endpointOf(url: URL, defaultPort: number): Endpoint {
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? defaultPort : Number(url.port),
  };
}

/** `host:port`, IPv6 in brackets. */
export function hostPort({ host, port }: Endpoint): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Whether a host is the machine itself: `localhost`, its subdomains (RFC 6761), 127/8 and `::1`. */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '::1' ||
    (isIP(host) === 4 && host.startsWith('127.'))
  );
}

/** User name and password of a URL, undefined where it has none. @throws ConfigError for broken percent-encoding */
export function userInfoOf(
  url: URL,
  from: string,
): { readonly username: string; readonly password: string } | undefined {
  if (url.username === '' && url.password === '') return undefined;
  try {
    return { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
  } catch (cause) {
    throw userInfoInvalid(from, cause);
  }
}

/**
 * A `Basic` header value of a URL's user information (RFC 7617), undefined where it has none. The bytes count: `%E9` is one
 * byte and need not be UTF-8.
 * @throws ConfigError `UserInfoInvalid` for broken percent-encoding
 */
export function basicAuthorization(url: URL, from: string): Secret | undefined {
  if (url.username === '' && url.password === '') return undefined;
  const text = `${url.username}:${url.password}`;
  if (/%(?![0-9a-f]{2})/i.test(text)) throw userInfoInvalid(from);
  const bytes = text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return new Secret(`Basic ${Buffer.from(bytes, 'latin1').toString('base64')}`);
}

function userInfoInvalid(from: string, cause?: unknown): ConfigError {
  return new ConfigError(`the user information of the URL from ${from} is not properly percent-encoded`, {
    code: 'UserInfoInvalid',
    cause,
  });
}

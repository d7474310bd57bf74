// Parses the server URL: where to connect, the prefix of all paths, and the name in messages. Entry
// point: parseServer().

import { isIP } from 'node:net';
import { ConfigError } from '../errors.ts';
import { Secret } from '../model/secret.ts';

/** Host and port of a connection. An IPv6 address has no brackets. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** A parsed server URL. */
export interface ServerAddress extends Endpoint {
  /** True if the server speaks TLS. */
  readonly secure: boolean;
  /**
   * Scheme, host, and the port if it is not the default of the scheme. Never contains user
   * information.
   */
  readonly origin: string;
  /** Path in front of every API path, without a trailing slash. Empty for most servers. */
  readonly prefix: string;
  /**
   * Value of the Host header: `host`, or `host:port` if the port is not the default of the scheme.
   */
  readonly authority: string;
  /** `Basic …` value from the user information of the URL. */
  readonly authorization: Secret | undefined;
}

/**
 * Parses a server URL.
 * @param from origin of the URL, for messages
 * @throws ConfigError `ServerInvalid` for a URL that is not http or https, `UserInfoInvalid` for
 *   broken percent-encoding
 */
export function parseServer(server: string, from: string): ServerAddress {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    // The message omits the URL, which can contain a password.
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

/** Returns the host without brackets, and the port or the default port. */
export function endpointOf(url: URL, defaultPort: number): Endpoint {
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? defaultPort : Number(url.port),
  };
}

/** Formats `host:port`, with brackets around an IPv6 address. */
export function hostPort({ host, port }: Endpoint): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * Returns true if a host is this machine: `localhost`, its subdomains (RFC 6761), 127/8 and `::1`.
 */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '::1' ||
    (isIP(host) === 4 && host.startsWith('127.'))
  );
}

/**
 * Returns user name and password of a URL; undefined if it has neither.
 * @param from origin of the URL, for messages
 * @throws ConfigError `UserInfoInvalid` for broken percent-encoding
 */
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
 * Returns the `Basic` header value for the user information of a URL (RFC 7617); undefined without
 * user information. Bytes are kept as they are: `%E9` is one byte and need not be UTF-8.
 * @param from origin of the URL, for messages
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

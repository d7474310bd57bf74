// Reads the address of a server as kubectl does. Entry point: parseServerUrl. Pure.

import { ConfigError, UsageError } from '../errors.ts';
import { Secret } from '../model/secret.ts';
import type { Origin, Sourced } from './cluster-config.ts';

export interface ServerUrl {
  /** Scheme, host, port and path prefix, without a trailing slash and without a password. */
  readonly server: Sourced<string>;
  readonly https: boolean;
  /** Zone of an IPv6 address, such as `eth0`: used to connect and never sent. */
  readonly zone?: string | undefined;
  /**
   * `user:password@` of the URL: sent as basic authentication instead of any token, over plain http
   * too.
   */
  readonly login?: { readonly username: string; readonly password: Secret } | undefined;
}

/**
 * Matches `[fe80::1%25eth0]` (RFC 6874). Go also accepts a bare `%` if no hexadecimal digits
 * follow.
 */
const zonePattern = /(\[[0-9A-Fa-f:.]+)%(?:25)?([\w.~%-]+)\]/;

/**
 * Parses `https://host:6443/prefix`, or `host:8080`, which is plain http. Drops a query and a
 * fragment.
 * @throws UsageError for a flag, ConfigError otherwise, `ServerInvalid`; the message does not
 *   repeat the URL because it can contain a password
 */
export function parseServerUrl(setting: Sourced<string>): ServerUrl {
  const { value, origin } = setting;
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(value)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'https' && scheme !== 'http') {
    throw invalid(origin, `its scheme ${JSON.stringify(scheme)} is neither https nor http`);
  }
  // URL ignores extra slashes. In Go the host is empty then.
  if (/^(?:[A-Za-z][A-Za-z0-9+.-]*:)?\/\/\/|^\/\//.test(value)) {
    throw invalid(origin, 'there is no scheme or no host in it: host must be a URL or a host:port pair');
  }
  if (/\s$/.test(value)) throw invalid(origin, 'there is white space at its end');
  const given = scheme === undefined ? `http://${value}` : value;
  const port = /^[A-Za-z]+:\/\/(?:[^/?#]*@)?(?:\[[^\]]*\]|[^:/?#]*):(\d+)(?:[/?#]|$)/.exec(given)?.[1];
  if (port !== undefined && Number(port) > 65_535) {
    throw invalid(origin, `${port.slice(0, 12)} is not a port: the max is 65535`);
  }
  // URL does not accept the zone of a link-local IPv6 address.
  const zone = zonePattern.exec(given)?.[2];
  const text = zone === undefined ? given : given.replace(zonePattern, '$1]');
  // URL follows the browsers: it reads a backslash as a slash and drops line ends and spaces.
  const url = /[\s\\]/.test(text) || !URL.canParse(text) ? undefined : new URL(text);
  if (url === undefined || url.hostname === '') throw invalid(origin, 'it is neither a URL nor host:port');
  if (scheme === undefined && url.pathname !== '/') {
    throw invalid(origin, 'a path needs a scheme before it: host must be a URL or a host:port pair');
  }
  const path = url.pathname.replace(/\/+$/, '');
  return {
    server: { value: `${url.protocol}//${url.host}${path}`, origin },
    https: url.protocol === 'https:',
    zone: zone === undefined ? undefined : decodePart(zone),
    login:
      url.username === '' && url.password === ''
        ? undefined
        : { username: decodePart(url.username), password: new Secret(decodePart(url.password)) },
  };
}

/** Returns scheme, host and port of a server, without its path prefix. */
export function originOf(server: string): string {
  return new URL(server).origin;
}

/**
 * Decodes percent encoding. decodeURIComponent throws if the bytes are not UTF-8, and passwords are
 * arbitrary bytes.
 */
function decodePart(text: string): string {
  const bytes = text.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function invalid(origin: Origin, problem: string): ConfigError | UsageError {
  const details = {
    code: 'ServerInvalid',
    hint: 'write it like https://10.0.0.1:6443 or https://host/prefix',
  };
  const message = `invalid server from ${origin.text}: ${problem}`;
  return origin.kind === 'flag' ? new UsageError(message, details) : new ConfigError(message, details);
}

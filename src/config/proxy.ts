// Decides which proxy kapi uses for the server. Entry point: decideProxy. Pure; the transport
// connects to the proxy.

import { ConfigError } from '../errors.ts';
import { cidrContains, isLoopback, isSameIp, parseCidr, parseIp, type Ip } from '../model/ip-address.ts';
import { Secret } from '../model/secret.ts';
import type { Origin, Sourced } from './cluster-config.ts';
import type { Env } from './input.ts';

/**
 * Decides the proxy.
 *
 * `proxy-url` of the kubeconfig applies to every server, including loopback, and NO_PROXY does not
 * affect it. Without proxy-url the environment decides as for every Go program: HTTPS_PROXY or
 * HTTP_PROXY by the scheme of the server, upper case before lower case, never for localhost,
 * loopback addresses and the hosts of NO_PROXY. kapi does not read ALL_PROXY.
 * @param server a URL; only scheme, host and port count
 * @returns a URL of scheme `http:`, `https:` or `socks5:` that can contain a password; undefined:
 *   connect directly
 * @throws ConfigError `ProxyInvalid`; never repeats the URL
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/http-proxy-access-api/
 * @see https://pkg.go.dev/golang.org/x/net/http/httpproxy
 */
export function decideProxy(
  server: string,
  proxyUrl: Sourced<Secret> | undefined,
  env: Env,
): Sourced<Secret> | undefined {
  if (proxyUrl !== undefined) {
    return { value: readProxyUrl(proxyUrl.value.expose(), proxyUrl.origin), origin: proxyUrl.origin };
  }
  const url = new URL(server);
  const named = firstSet(
    env,
    url.protocol === 'https:' ? ['HTTPS_PROXY', 'https_proxy'] : ['HTTP_PROXY', 'http_proxy'],
  );
  if (named === undefined || goesDirect(url, firstSet(env, ['NO_PROXY', 'no_proxy'])?.value ?? ''))
    return undefined;
  const origin: Origin = { kind: 'env', text: named.name };
  // Unlike proxy-url, an environment variable can omit the scheme.
  const text = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(named.value) ? named.value : `http://${named.value}`;
  // socks5h is the same as socks5 in kapi: the proxy resolves the name.
  return { value: readProxyUrl(text.replace(/^socks5h:/i, 'socks5:'), origin), origin };
}

function readProxyUrl(text: string, origin: Origin): Secret {
  const url = /[\s\\]/.test(text) || !URL.canParse(text) ? undefined : new URL(text);
  const problem = proxyProblem(url);
  if (url !== undefined && problem === undefined) return new Secret(url.href);
  throw new ConfigError(`invalid proxy URL from ${origin.text}: ${problem ?? 'it is not a URL'}`, {
    code: 'ProxyInvalid',
    hint:
      url === undefined && text.includes('@')
        ? 'write the characters / \\ # ? and blanks of a user name or password percent-encoded: %2F %5C %23 %3F %20'
        : 'write it like http://proxy.example:3128, https://… or socks5://…',
  });
}

function proxyProblem(url: URL | undefined): string | undefined {
  if (url === undefined) return 'it is not a URL';
  if (!['http:', 'https:', 'socks5:'].includes(url.protocol)) {
    return `unsupported scheme ${JSON.stringify(url.protocol.slice(0, -1))}, must be http, https, or socks5`;
  }
  return url.hostname === '' ? 'it names no host' : undefined;
}

function firstSet(env: Env, names: readonly string[]): { name: string; value: string } | undefined {
  for (const name of names) {
    const value = env[name];
    if (value !== undefined && value !== '') return { name, value };
  }
  return undefined;
}

function goesDirect(url: URL, noProxy: string): boolean {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  const ip = parseIp(host);
  if (host === 'localhost' || (ip !== undefined && isLoopback(ip))) return true;
  return noProxy.split(',').some((rule) => ruleCovers(rule.trim().toLowerCase(), host, port, ip));
}

function ruleCovers(rule: string, host: string, port: string, ip: Ip | undefined): boolean {
  if (rule === '*') return true;
  const cidr = parseCidr(rule);
  if (cidr !== undefined) return ip !== undefined && cidrContains(cidr, ip);
  const { ruleHost, rulePort } = splitPort(rule);
  if (ruleHost === '' || (rulePort !== undefined && rulePort !== port)) return false;
  const ruleIp = parseIp(ruleHost);
  if (ruleIp !== undefined) return ip !== undefined && isSameIp(ruleIp, ip);
  if (ip !== undefined) return false;
  // `x.y` covers itself and its subdomains, `.x.y` and `*.x.y` the subdomains only.
  const suffix = ruleHost.startsWith('*.') ? ruleHost.slice(1) : ruleHost;
  return suffix.startsWith('.') ? host.endsWith(suffix) : host === suffix || host.endsWith(`.${suffix}`);
}

function splitPort(rule: string): { ruleHost: string; rulePort: string | undefined } {
  const bracketed = /^\[([^\]]*)\](?::(\d+))?$/.exec(rule);
  if (bracketed !== null) return { ruleHost: bracketed[1] ?? '', rulePort: bracketed[2] };
  const named = /^([^:]*):(\d+)$/.exec(rule);
  return named === null
    ? { ruleHost: rule, rulePort: undefined }
    : { ruleHost: named[1] ?? '', rulePort: named[2] };
}

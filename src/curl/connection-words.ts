// The connection as arguments of a curl command: time limit, authorities, proxy, and the URL with
// the name to check.

import type { ClusterConfig } from '../config/cluster-config.ts';
import type { RequestSpec } from '../model/request.ts';
import { nestedKapi, type CurlFacts, type Warn } from './curl-facts.ts';
import { expandingWord, printfCommand, shellWord } from '../model/shell-words.ts';

/** Returns `-k` or `--cacert`: how curl trusts the server. */
export function trustWords(facts: CurlFacts): string[] {
  const { config } = facts;
  if (!config.server.value.startsWith('https:')) return [];
  if (config.insecureSkipTlsVerify.value) return ['-k'];
  const authorities = authoritiesWord(facts);
  return authorities === undefined ? [] : [`--cacert ${authorities}`];
}

function authoritiesWord(facts: CurlFacts): string | undefined {
  const { ca } = facts.config;
  if (ca === undefined) return undefined;
  if (ca.path !== undefined) return shellWord(ca.path);
  return `<(${facts.showSecrets ? printfCommand(ca.pem) : nestedKapi('ca', facts)})`;
}

/** Returns `-m`, the time limit. */
export function timeLimitWords(request: RequestSpec, { config }: CurlFacts, warn: Warn): string[] {
  if (config.requestTimeoutMs === 0) return [];
  if (request.streaming !== true) return [`-m ${config.requestTimeoutMs / 1_000}`];
  // A time limit for the whole response would end a stream.
  warn('--request-timeout is left out: curl has no time limit for the beginning of a stream alone');
  return [];
}

/**
 * Returns `-x` and `--noproxy`. kapi follows Go's rules for when a proxy of the environment
 * applies; curl has its own.
 */
export function proxyWords(facts: CurlFacts, warn: Warn): string[] {
  const { config, env } = facts;
  const isSet = (name: string): boolean => (env[name] ?? '') !== '';
  if (config.proxy === undefined) {
    const scheme = config.server.value.startsWith('https:') ? ['HTTPS_PROXY', 'https_proxy'] : ['http_proxy'];
    return [...scheme, 'ALL_PROXY', 'all_proxy'].some(isSet) ? ["--noproxy '*'"] : [];
  }
  const words = [`-x ${proxyWord(facts, config.proxy, warn)}`];
  if (isSet('NO_PROXY') || isSet('no_proxy')) words.push("--noproxy ''");
  if (!config.proxy.value.expose().startsWith('https:')) return words;
  const authorities = authoritiesWord(facts);
  if (config.insecureSkipTlsVerify.value) words.push('--proxy-insecure');
  else if (authorities !== undefined) words.push(`--proxy-cacert ${authorities}`);
  if (config.tlsServerName !== undefined)
    warn("curl checks the proxy's certificate against the proxy's own name, not against tls-server-name");
  return words;
}

const ports: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'socks5:': 1080 };

function proxyWord(
  { showSecrets }: CurlFacts,
  proxy: NonNullable<ClusterConfig['proxy']>,
  warn: Warn,
): string {
  const { protocol, host, port, username, password } = new URL(proxy.value.expose());
  // In kapi's socks5 the proxy resolves names, which curl calls socks5h.
  const scheme = protocol === 'socks5:' ? 'socks5h://' : `${protocol}//`;
  // Without a port curl uses 1080, whatever the scheme is.
  const place = port === '' ? `${host}:${ports[protocol] ?? 1080}` : host;
  if (username === '' && password === '') return shellWord(`${scheme}${place}`);
  if (showSecrets) return shellWord(`${scheme}${username}:${password}@${place}`);
  if (password === '') return shellWord(`${scheme}${username}@${place}`);
  if (proxy.origin.kind === 'env' && protocol !== 'socks5:')
    return expandingWord({ shell: `$${proxy.origin.text}` });
  warn(
    `set PROXY_PASSWORD before you run the command (percent-encoded, from ${proxy.origin.text}), or print it with --show-secrets`,
  );
  return expandingWord(`${scheme}${username}:`, { shell: '$PROXY_PASSWORD' }, `@${place}`);
}

export interface Target {
  readonly url: string;
  /** Arguments that the URL needs. */
  readonly words: readonly string[];
}

/**
 * Returns the URL. A tls-server-name replaces the host in it, because curl checks the certificate
 * against the host of the URL and sends it as SNI. --connect-to then selects the server, and the
 * Host header keeps its name.
 */
export function targetOf(request: RequestSpec, config: ClusterConfig): Target {
  const words: string[] = [];
  // curl would normalize dot segments, read brackets as patterns and drop a fragment.
  if (/\/\.{1,2}(?:[/?]|$)/.test(request.path)) words.push('--path-as-is');
  if (/[[\]{}]/.test(request.path)) words.push('-g');
  const path = request.path.replaceAll('#', '%23');
  const server = new URL(config.server.value);
  const name = config.tlsServerName?.value;
  if (name === undefined || server.protocol !== 'https:')
    return { url: `${config.server.value}${path}`, words };
  const port = server.port === '' ? '443' : server.port;
  const bare = name.replace(/^\[(.*)\]$/, '$1');
  const host = bare.includes(':') ? `[${bare}]` : bare;
  words.push(`--connect-to ${shellWord(`${host}:${port}:${server.hostname}:${port}`)}`);
  if (request.headers?.['host'] === undefined) words.push(`-H ${shellWord(`Host: ${server.host}`)}`);
  return { url: `https://${host}:${port}${server.pathname.replace(/\/$/, '')}${path}`, words };
}

// Decides which headers the proxy passes on, in both directions. Pure.

import { hopByHopHeaders } from '../model/connection-headers.ts';
import type { RequestHeaders } from '../model/request.ts';
import type { RawHeaders } from './rules.ts';
import { valuesOf } from './rules.ts';

/**
 * Headers that the client cannot set: the server, the framing of the body, and the identity. The
 * proxy makes requests as the user of kapi, so it drops Authorization, Impersonate-*, and the
 * headers with which front proxies and gateways assert a user. It also drops headers that would
 * make a gateway see another path, method or origin than the one that kapi checked.
 */
const notTheClients = new RegExp(
  `^(?:${[
    'host|content-length|expect|http2-settings',
    'authorization|impersonate-.*|x-remote-.*|remote-.*|x-forwarded(?:-.*)?|forwarded|x-real-ip',
    'x-auth-request-.*|x-authenticated-.*|x-auth-user|x-user|x-webauth-.*|x-client-cert.*|x-ssl-client-.*|ssl-client-.*',
    'x-original-.*|x-rewrite-.*|x-rewrite|x-envoy-.*|x-accel-.*|x-http-path.*|x-override-.*|x-http-method.*|x-method.*',
  ].join('|')})$`,
);

/**
 * Prefix of the WebSocket subprotocol that carries a token. Browsers cannot send it in another way.
 */
const bearerProtocol = 'base64url.bearer.authorization.k8s.io.';

/**
 * Returns the client's headers for the API server. Values keep their bytes (read as Latin-1).
 * @param upgrade the protocol to upgrade to, if the client asks for one
 */
export function headersToServer(lines: RawHeaders, upgrade: string | undefined): RequestHeaders {
  const headers = new Map<string, string[]>();
  const dropped = namedInConnection(lines);
  for (let index = 0; index + 1 < lines.length; index += 2) {
    const name = (lines[index] ?? '').toLowerCase();
    // Gateways that pass headers as environment variables do not distinguish X_Remote_User from
    // X-Remote-User.
    const plain = name.replaceAll('_', '-');
    if (hopByHopHeaders.has(plain) || dropped.has(name) || notTheClients.test(plain)) continue;
    headers.set(name, [...(headers.get(name) ?? []), lines[index + 1] ?? '']);
  }
  const protocols = headers.get('sec-websocket-protocol');
  if (protocols !== undefined) {
    const left = withoutToken(protocols);
    if (left === '') headers.delete('sec-websocket-protocol');
    else headers.set('sec-websocket-protocol', [left]);
  }
  // The proxy does not decode bodies, so the server must not compress unless the client asked for
  // it.
  if (upgrade === undefined && !headers.has('accept-encoding')) headers.set('accept-encoding', ['identity']);
  if (upgrade !== undefined) headers.set('connection', ['Upgrade']).set('upgrade', [upgrade]);
  return Object.fromEntries(
    [...headers].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  );
}

/**
 * Returns the server's headers for the client, as the flat list that Node accepts.
 * @param place rewrites the value of Location
 */
export function headersToClient(
  lines: readonly (readonly [name: string, value: string])[],
  place: (location: string) => string,
): string[] {
  const dropped = namedInConnection(lines.flat());
  return lines.flatMap(([rawName, value]) => {
    const name = rawName.toLowerCase();
    if (hopByHopHeaders.has(name) || dropped.has(name)) return [];
    return [rawName, name === 'location' ? place(value) : value];
  });
}

/**
 * Rewrites a redirect to the API server as a path of the proxy. Returns any other redirect
 * unchanged.
 * @param server scheme, host, port and path prefix of the API server
 * @param prefix segments of `--api-prefix`
 */
export function placeOf(location: string, server: string, prefix: readonly string[]): string {
  // A reference to a sibling is valid on both sides.
  if (!/^(?:\/|https?:)/i.test(location) || !URL.canParse(location, server)) return location;
  const to = new URL(location, server);
  const base = new URL(server);
  const below = base.pathname.replace(/\/$/, '');
  if (to.origin !== base.origin || !to.pathname.startsWith(`${below}/`)) return location;
  const own = prefix.map((part) => `/${encodeURIComponent(part)}`).join('');
  return `${own}${to.pathname.slice(below.length)}${to.search}`;
}

/**
 * True if two parsers could read different bodies from the headers. Node's parser refuses them too
 * (RFC 9112 section 6.1).
 */
export function isFramedTwice(lines: RawHeaders): boolean {
  const lengths = valuesOf(lines, 'content-length');
  const codings = valuesOf(lines, 'transfer-encoding');
  return (
    lengths.length > 1 ||
    codings.length > 1 ||
    (lengths.length > 0 && codings.length > 0) ||
    codings.some((coding) => coding.toLowerCase() !== 'chunked')
  );
}

function namedInConnection(lines: RawHeaders): ReadonlySet<string> {
  return new Set(
    valuesOf(lines, 'connection').flatMap((value) =>
      value.split(',').map((name) => name.trim().toLowerCase()),
    ),
  );
}

function withoutToken(protocols: readonly string[]): string {
  return protocols
    .flatMap((value) => value.split(',').map((protocol) => protocol.trim()))
    .filter((protocol) => !protocol.startsWith(bearerProtocol))
    .join(', ');
}

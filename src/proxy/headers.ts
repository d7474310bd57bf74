// Which header lines cross the proxy, in both directions. Pure.

import { hopByHopHeaders } from '../model/connection-headers.ts';
import type { RequestHeaders } from '../model/request.ts';
import type { RawHeaders } from './rules.ts';
import { valuesOf } from './rules.ts';

/**
 * Lines that the client does not decide: the server, the framing of the body, and who asks. Requests are made as the user
 * of kapi, so Authorization, Impersonate-*, and the names by which front proxies and gateways vouch for a user stay
 * behind. So do lines by which a gateway would see another path, method, or origin than the one that was judged.
 */
const notTheClients = new RegExp(
  `^(?:${[
    'host|content-length|expect|http2-settings',
    'authorization|impersonate-.*|x-remote-.*|remote-.*|x-forwarded(?:-.*)?|forwarded|x-real-ip',
    'x-auth-request-.*|x-authenticated-.*|x-auth-user|x-user|x-webauth-.*|x-client-cert.*|x-ssl-client-.*|ssl-client-.*',
    'x-original-.*|x-rewrite-.*|x-rewrite|x-envoy-.*|x-accel-.*|x-http-path.*|x-override-.*|x-http-method.*|x-method.*',
  ].join('|')})$`,
);

/** A token in a WebSocket's list of protocols, where browsers have to put it. */
const bearerProtocol = 'base64url.bearer.authorization.k8s.io.';

/**
 * The client's headers as they go to the API server, values as the bytes that came (read as Latin-1).
 * @param upgrade the protocol to upgrade to, where that is asked for
 */
export function headersToServer(lines: RawHeaders, upgrade: string | undefined): RequestHeaders {
  const headers = new Map<string, string[]>();
  const dropped = namedInConnection(lines);
  for (let index = 0; index + 1 < lines.length; index += 2) {
    const name = (lines[index] ?? '').toLowerCase();
    // Gateways that hand headers on as variables do not tell X_Remote_User from X-Remote-User.
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
  // Bodies pass as they are, so without a word of the client's nothing may be compressed.
  if (upgrade === undefined && !headers.has('accept-encoding')) headers.set('accept-encoding', ['identity']);
  if (upgrade !== undefined) headers.set('connection', ['Upgrade']).set('upgrade', [upgrade]);
  return Object.fromEntries(
    [...headers].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  );
}

/**
 * The server's header lines as they go to the client, flat as Node takes them.
 * @param place turns the value of Location
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
 * A redirect to the API server itself, as a path of the proxy; any other stays as it is.
 * @param server scheme, host, port and path prefix of the API server
 * @param prefix segments of `--api-prefix`
 */
export function placeOf(location: string, server: string, prefix: readonly string[]): string {
  // A reference to a sibling holds here as well as there.
  if (!/^(?:\/|https?:)/i.test(location) || !URL.canParse(location, server)) return location;
  const to = new URL(location, server);
  const base = new URL(server);
  const below = base.pathname.replace(/\/$/, '');
  if (to.origin !== base.origin || !to.pathname.startsWith(`${below}/`)) return location;
  const own = prefix.map((part) => `/${encodeURIComponent(part)}`).join('');
  return `${own}${to.pathname.slice(below.length)}${to.search}`;
}

/** Framing that two readers could take for different bodies, which Node's parser refuses too (RFC 9112 section 6.1). */
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

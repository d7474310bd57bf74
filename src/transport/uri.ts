// Parses URIs in certificates as Go's net/url does. Entry point: hostOfUri(). Pure.

import { isIPv6 } from 'node:net';

/**
 * Returns host and port of a URI as written. Empty if the URI has none.
 * @param uri ASCII text
 * @returns undefined if Go rejects the URI
 */
export function hostOfUri(uri: string): string | undefined {
  const [text, fragment] = splitAt(uri, '#');
  if (hasControl(uri) || !isEscapedWell(fragment)) return undefined;
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1];
  if (scheme === undefined && text.startsWith(':')) return undefined;
  const [rest] = splitAt(scheme === undefined ? text : text.slice(scheme.length + 1), '?');
  if (!rest.startsWith('/')) {
    if (scheme !== undefined) return '';
    return rest.split('/')[0]?.includes(':') === true || !isEscapedWell(rest) ? undefined : '';
  }
  const hasAuthority = rest.startsWith('//') && (scheme !== undefined || !rest.startsWith('///'));
  if (!hasAuthority) return isEscapedWell(rest) ? '' : undefined;
  const [authority, path] = splitAt(rest.slice(2), '/');
  if (!isEscapedWell(path)) return undefined;
  const at = authority.lastIndexOf('@');
  if (at !== -1 && !/^(?:[A-Za-z0-9\-._:~!$&'()*+,;=@]|%[0-9a-f]{2})*$/i.test(authority.slice(0, at))) {
    return undefined;
  }
  const host = authority.slice(at + 1);
  return isHost(host, scheme?.toLowerCase() ?? '') ? host : undefined;
}

function isHost(host: string, scheme: string): boolean {
  const [, address, afterAddress = ''] = /^\[(.*)\](.*)$/.exec(host) ?? [];
  if (address !== undefined) return isIPv6(address) && isPort(afterAddress);
  if (host.includes('[')) return false;
  const isStrict = scheme === 'http' || scheme === 'https';
  const colon = isStrict ? host.indexOf(':') : host.lastIndexOf(':');
  if (colon !== -1 && !isPort(host.slice(colon))) return false;
  // Go also accepts escaped bytes above 0x7f here, but no domain name can contain them.
  return /^[A-Za-z0-9\-_.~!$&'()*+,;=:\]<>"]*$/.test(host);
}

function isPort(text: string): boolean {
  return /^(?::\d*)?$/.test(text);
}

function hasControl(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

function isEscapedWell(text: string): boolean {
  return !/%(?![0-9a-f]{2})/i.test(text);
}

function splitAt(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

// Parses URLs as Go's net/url does, as far as CEL needs. Entry points: parseUrl(), isRequestUri().
// Pure.

import { UrlValue } from './values.ts';

/**
 * True if a text is an absolute URL or an absolute path, as Go's url.ParseRequestURI accepts.
 * @see https://pkg.go.dev/net/url#ParseRequestURI
 */
export function isRequestUri(text: string): boolean {
  return partsOf(text, true) !== undefined;
}

/**
 * Parses a URL.
 * @returns undefined for what {@link isRequestUri} refuses
 */
export function parseUrl(text: string): UrlValue | undefined {
  const [plain = ''] = text.split('#', 1);
  if (!isRequestUri(text)) return undefined;
  const parts = partsOf(plain, false);
  return parts === undefined ? undefined : new UrlValue(text, parts);
}

interface Parts {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
}

function partsOf(text: string, isRequest: boolean): Parts | undefined {
  // Refuses control characters and an empty text.
  if (text === '' || /[\u0000-\u001f\u007f]/.test(text)) return undefined;
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(text)?.[1] ?? '';
  if (scheme === '' && /^[^/]*:/.test(text.split('?', 1)[0] ?? '') && !text.startsWith('/')) return undefined;
  const rest = scheme === '' ? text : text.slice(scheme.length + 1);
  const mark = rest.indexOf('?');
  const [body, query] = mark < 0 ? [rest, ''] : [rest.slice(0, mark), rest.slice(mark + 1)];
  const lower = scheme.toLowerCase();
  if (!body.startsWith('/')) {
    // An opaque URL (`mailto:x`) has neither host nor path.
    if (scheme !== '') return { scheme: lower, host: '', path: '', query };
    return isRequest ? undefined : { scheme: '', host: '', path: body, query };
  }
  const hasHost = body.startsWith('//') && (scheme !== '' || (!isRequest && !body.startsWith('///')));
  const end = hasHost ? body.indexOf('/', 2) : 0;
  const authority = hasHost ? body.slice(2, end < 0 ? undefined : end) : '';
  const path = hasHost ? (end < 0 ? '' : body.slice(end)) : body;
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (!isHost(host) || hasBadEscape(path)) return undefined;
  return { scheme: lower, host: unescapeHost(host), path: escapePath(path), query };
}

function isHost(host: string): boolean {
  const match = /^(?:\[[0-9a-fA-F:.%]+(?:%25[^\]]*)?\]|[^[\]:\s"<>\\^`{|}]*)(?::(\d*))?$/.exec(host);
  return match !== null && !hasBadEscape(host);
}

function hasBadEscape(text: string): boolean {
  return /%(?![0-9a-fA-F]{2})/.test(text);
}

function unescapeHost(host: string): string {
  try {
    return host.startsWith('[') ? host : decodeURIComponent(host);
  } catch {
    return host;
  }
}

/** Keeps a valid encoding as written, and encodes what a path cannot contain, as Go does. */
function escapePath(path: string): string {
  const isValid = /^(?:[A-Za-z0-9\-_.~!$&'()*+,;=:@/[\]]|%[0-9a-fA-F]{2})*$/.test(path);
  return isValid ? path : encodeURI(path).replaceAll('%25', '%');
}

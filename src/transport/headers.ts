// Decides the headers of a request from the transport's own and the caller's. Entry point:
// decideHeaders(). Pure.

import type { Impersonation } from '../config/cluster-config.ts';
import { ConfigError, UsageError } from '../errors.ts';
import { transportHeaders } from '../model/connection-headers.ts';
import { encodeExtraKey } from '../model/extra-key.ts';
import type { RequestHeaders } from '../model/request.ts';
import type { Secret } from '../model/secret.ts';

/** Headers as they go on the wire: names in lower case, a list of values for a repeated header. */
export type WireHeaders = Readonly<Record<string, string | readonly string[]>>;

/** What decides the headers of a request. */
export interface HeaderFacts {
  /** Value of the Host header. */
  readonly authority: string;
  /**
   * The caller's headers. Its Authorization, User-Agent, Accept-Encoding and Impersonate-* headers
   * override the transport's.
   */
  readonly given: RequestHeaders;
  /**
   * True if the values of `given` are bytes, read as Latin-1. Default: false, the values are text.
   */
  readonly givenAsBytes?: boolean | undefined;
  /** Names of headers to leave out, wherever they come from. */
  readonly omitted?: readonly string[] | undefined;
  /** Whole value of Authorization. */
  readonly authorization: Secret | undefined;
  readonly impersonation: Impersonation | undefined;
  readonly userAgent: string;
  /** True to ask for gzip, unless the caller sets Accept-Encoding. */
  readonly compress: boolean;
  /**
   * True to keep the caller's `Connection` and `Upgrade` headers, which are otherwise the
   * transport's.
   */
  readonly upgrade: boolean;
}

/**
 * Returns the headers of a request. Values are bytes as they go on the wire (UTF-8 read as
 * Latin-1).
 * @throws ConfigError `HeaderInvalid` when a credential or an impersonation value is not valid in a
 *   header
 * @throws UsageError `HeaderInvalid` when a header of the caller is not valid
 */
export function decideHeaders(facts: HeaderFacts): WireHeaders {
  const headers: Record<string, string | readonly string[]> = { host: facts.authority };
  if (facts.authorization !== undefined && facts.given['authorization'] === undefined) {
    headers['authorization'] = wireValue('authorization', facts.authorization.expose(), 'config');
  }
  headers['user-agent'] = wireValue('user-agent', facts.userAgent, 'config');
  if (facts.compress) headers['accept-encoding'] = 'gzip';
  // A caller that sends its own impersonation headers (`kapi curl -H Impersonate-User:…`) replaces
  // the whole identity.
  const impersonates = Object.keys(facts.given).some((name) => name.startsWith('impersonate-'));
  if (facts.impersonation !== undefined && !impersonates) {
    Object.assign(headers, impersonationHeaders(facts.impersonation));
  }
  const wire = facts.givenAsBytes === true ? checkedBytes : wireText;
  for (const [name, value] of Object.entries(facts.given)) {
    const forUpgrade = facts.upgrade && (name === 'connection' || name === 'upgrade');
    if (transportHeaders.has(name) && !forUpgrade) continue;
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) {
      throw new UsageError(`${JSON.stringify(name)} cannot be the name of a header`, {
        code: 'HeaderInvalid',
      });
    }
    headers[name] = typeof value === 'string' ? wire(name, value) : value.map((line) => wire(name, line));
  }
  const omitted = new Set(facts.omitted);
  return omitted.size === 0
    ? headers
    : Object.fromEntries(Object.entries(headers).filter(([name]) => !omitted.has(name)));
}

/**
 * Returns the impersonation headers.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
 */
function impersonationHeaders({ user, uid, groups, extra }: Impersonation): WireHeaders {
  const headers: Record<string, string | readonly string[]> = {
    'impersonate-user': wireValue('impersonate-user', user, 'config'),
  };
  if (uid !== undefined) headers['impersonate-uid'] = wireValue('impersonate-uid', uid, 'config');
  if (groups.length > 0) {
    headers['impersonate-group'] = groups.map((group) => wireValue('impersonate-group', group, 'config'));
  }
  for (const [key, values] of Object.entries(extra)) {
    const name = `impersonate-extra-${encodeExtraKey(key)}`;
    headers[name] = values.map((value) => wireValue(name, value, 'config'));
  }
  return headers;
}

function wireText(name: string, value: string): string {
  return wireValue(name, value, 'usage');
}

function checkedBytes(name: string, value: string): string {
  // Node refuses these characters too.
  if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) return wireText(name, value);
  return value;
}

function wireValue(name: string, value: string, from: 'config' | 'usage'): string {
  // RFC 9110 section 5.5 allows tab and everything except control characters. The message omits the
  // value, which can be a secret.
  if (/[\0-\x08\x0a-\x1f\x7f]/.test(value)) {
    const message = `the value for the ${name} header contains a line end or another control character`;
    if (from === 'usage') throw new UsageError(message, { code: 'HeaderInvalid' });
    throw new ConfigError(message, { code: 'HeaderInvalid' });
  }
  return Buffer.from(value).toString('latin1');
}

/** Returns a copy with mutable arrays, which the types of Node and undici need. */
export function mutableHeaders(headers: WireHeaders): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  );
}

/**
 * Joins the header lines of an answer into one value per name, separated by `, `. Names become
 * lower case.
 */
export function joinHeaders(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  const headers = new Map<string, string>();
  for (const [rawName, rawValue] of pairs) {
    const name = rawName.toLowerCase();
    const value = readableValue(rawValue);
    const earlier = headers.get(name);
    headers.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  return Object.fromEntries(headers);
}

/**
 * Returns a header value as text: the API server writes UTF-8 into headers (warnings with names),
 * and Node reads it as Latin-1.
 */
export function readableValue(value: string): string {
  return /[\x80-\xff]/.test(value) ? Buffer.from(value, 'latin1').toString('utf8') : value;
}

// Which headers a request carries: the transport's own and the caller's. Pure.

import type { Impersonation } from '../config/cluster-config.ts';
import { ConfigError, UsageError } from '../errors.ts';
import { transportHeaders } from '../model/connection-headers.ts';
import { encodeExtraKey } from '../model/extra-key.ts';
import type { RequestHeaders } from '../model/request.ts';
import type { Secret } from '../model/secret.ts';

/** Headers on the wire: names in lower case, several values for a repeated header. */
export type WireHeaders = Readonly<Record<string, string | readonly string[]>>;

export interface HeaderFacts {
  /** Value of the Host header. */
  readonly authority: string;
  /** The caller's headers; Authorization, User-Agent, Accept-Encoding and Impersonate-* among them win. */
  readonly given: RequestHeaders;
  /** The values of `given` are bytes read as Latin-1 already. Default: text. */
  readonly givenAsBytes?: boolean | undefined;
  /** Names of headers that are left out, whoever would have added them. */
  readonly omitted?: readonly string[] | undefined;
  /** Whole value of Authorization. */
  readonly authorization: Secret | undefined;
  readonly impersonation: Impersonation | undefined;
  readonly userAgent: string;
  /** Ask for gzip, unless the caller asks for something itself. */
  readonly compress: boolean;
  /** Keep `Connection` and `Upgrade`, which belong to the connection otherwise. */
  readonly upgrade: boolean;
}

/**
 * Puts the headers of a request together, values as the bytes that go over the wire (UTF-8 read as Latin-1).
 * @throws ConfigError `HeaderInvalid` when a credential or impersonation value cannot stand in a header
 * @throws UsageError `HeaderInvalid` when one of the caller's cannot
 */
export function decideHeaders(facts: HeaderFacts): WireHeaders {
  const headers: Record<string, string | readonly string[]> = { host: facts.authority };
  if (facts.authorization !== undefined && facts.given['authorization'] === undefined) {
    headers['authorization'] = wireValue('authorization', facts.authorization.expose(), 'config');
  }
  headers['user-agent'] = wireValue('user-agent', facts.userAgent, 'config');
  if (facts.compress) headers['accept-encoding'] = 'gzip';
  // A caller that impersonates by itself (`kapi curl -H Impersonate-User:…`) replaces the whole identity.
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

/** @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation */
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
  // What a client cannot have said: Node refuses it too.
  if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) return wireText(name, value);
  return value;
}

function wireValue(name: string, value: string, from: 'config' | 'usage'): string {
  // Tab and everything but control characters (RFC 9110 section 5.5). The value is not repeated: it may be a secret.
  if (/[\0-\x08\x0a-\x1f\x7f]/.test(value)) {
    const message = `the value for the ${name} header holds a line end or another control character`;
    if (from === 'usage') throw new UsageError(message, { code: 'HeaderInvalid' });
    throw new ConfigError(message, { code: 'HeaderInvalid' });
  }
  return Buffer.from(value).toString('latin1');
}

/** The same for Node's and undici's types, which want arrays that could be written to. */
export function mutableHeaders(headers: WireHeaders): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  );
}

/** Headers of an answer as pairs of raw name and value, to one value a name: repeated ones joined by `, `. */
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

/** The API server writes UTF-8 into headers (warnings with names), Node reads Latin-1. */
export function readableValue(value: string): string {
  return /[\x80-\xff]/.test(value) ? Buffer.from(value, 'latin1').toString('utf8') : value;
}

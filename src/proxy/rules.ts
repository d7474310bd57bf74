// Who may ask what: callers by Host and Origin, requests by method and path. Entry points: judgeCaller(),
// judgeRequest(). Pure.

import { requestInfoOf } from '../model/request-info.ts';
import type { Refusal } from './refusal.ts';

/** An expression that matches anywhere in a text unless it is anchored, as in kubectl. */
export interface Pattern {
  readonly test: (text: string) => boolean;
}

/** What is let through. */
export interface Rules {
  /** Hosts without port, in lower case; IPv6 addresses in brackets. */
  readonly acceptHosts: readonly Pattern[];
  readonly acceptPaths: readonly Pattern[];
  /** Should ignore case: there are servers that do. */
  readonly rejectPaths: readonly Pattern[];
  readonly rejectMethods: readonly Pattern[];
  readonly allowWrites: boolean;
}

/** Header lines of a request as they came: flat list of names and values. */
export type RawHeaders = readonly string[];

const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * POSTs that change nothing: what a client asks about itself. `kubectl auth can-i` and `auth whoami` need them.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access
 */
const selfReviews =
  /^\/apis\/(?:authorization\.k8s\.io\/[^/]+\/selfsubject(?:access|rules)reviews|authentication\.k8s\.io\/[^/]+\/selfsubjectreviews)$/;

/** All values of a header, in order. */
export function valuesOf(headers: RawHeaders, name: string): readonly string[] {
  return headers.filter((_, index) => index % 2 === 1 && headers[index - 1]?.toLowerCase() === name);
}

/**
 * Judges who asks. A page of another origin that a browser has open must not use the proxy, neither directly (Origin,
 * Sec-Fetch-Site) nor by a name of its own that leads to this address (DNS rebinding, which shows in Host). kubectl checks
 * Host only.
 * @see https://www.w3.org/TR/fetch-metadata/ for Sec-Fetch-Site, which also comes with requests that have no Origin
 */
export function judgeCaller(headers: RawHeaders, { acceptHosts }: Rules): Refusal | undefined {
  const hosts = valuesOf(headers, 'host');
  const [authority = ''] = hosts;
  const host = authority.toLowerCase().replace(/:\d*$/, '');
  if (hosts.length !== 1 || !acceptHosts.some((pattern) => pattern.test(host))) {
    return forbidden('--accept-hosts', `the Host ${JSON.stringify(authority)} does not match --accept-hosts`);
  }
  const origins = valuesOf(headers, 'origin');
  // Port included: other pages of this machine are foreign too.
  if (origins.some((origin) => origin.toLowerCase() !== `http://${authority.toLowerCase()}`)) {
    return forbidden('foreign Origin', 'pages of another origin may not use this proxy');
  }
  const sites = valuesOf(headers, 'sec-fetch-site');
  if (sites.some((site) => site !== 'same-origin' && site !== 'none')) {
    return forbidden('foreign page', 'pages of another site may not use this proxy');
  }
  return undefined;
}

/** What {@link judgeRequest} looks at. */
export interface Question {
  readonly method: string;
  /** Decoded, as {@link ./target.ts} reads it. */
  readonly path: string;
  /** The path encoded and with its query, as it is sent on. */
  readonly wire: string;
  /** The protocol that the connection shall turn into; undefined for ordinary requests. */
  readonly upgrade: string | undefined;
}

/** Judges what is asked. */
export function judgeRequest(question: Question, rules: Rules): Refusal | undefined {
  const { method, path } = question;
  if (method === 'TRACE' || method === 'CONNECT') {
    // TRACE would show the credentials that were added to the request.
    return { status: 405, rule: method, message: `${method} is not sent on`, form: 'status' };
  }
  if (!rules.allowWrites) {
    const writes =
      question.upgrade === undefined
        ? !readingMethods.has(method) && !(method === 'POST' && selfReviews.test(path))
        : !isReadingUpgrade(question);
    if (writes) {
      const what = question.upgrade === undefined ? method : `${method} with Upgrade: ${question.upgrade}`;
      return refused('no --allow-writes', `${what} is a write: start kapi proxy with --allow-writes`);
    }
  }
  if (rules.rejectMethods.some((pattern) => pattern.test(method))) {
    return refused('--reject-methods', `the method ${method} is rejected by --reject-methods`);
  }
  const readings = readingsOf(path);
  if (rules.rejectPaths.some((pattern) => readings.some((reading) => pattern.test(reading)))) {
    return refused('--reject-paths', `the path ${path} is rejected by --reject-paths`);
  }
  const isAccepted = (reading: string): boolean => rules.acceptPaths.some((pattern) => pattern.test(reading));
  if (![path, withoutWatch(path)].every(isAccepted)) {
    return refused('--accept-paths', `the path ${path} does not match --accept-paths`);
  }
  return undefined;
}

/**
 * The paths under which the API server serves the same as under this one, itself included: it ignores a slash at the end,
 * and `/api/v1/watch/pods` is an old form of `/api/v1/pods?watch=1`.
 */
function readingsOf(path: string): readonly string[] {
  const paths = [path, withoutWatch(path)];
  return [...new Set([...paths, ...paths.map((one) => (one === '/' ? one : one.replace(/\/$/, '')))])];
}

function withoutWatch(path: string): string {
  return path.replace(/^(\/api\/[^/]+|\/apis\/[^/]+\/[^/]+)\/watch(?=\/.)/, '$1');
}

/**
 * A connection that is upgraded may act whatever its method is: exec, attach, port-forward, and through the proxy of a node
 * or a service anything at all. Only watches and logs of pods are known to read; a `watch` in the query makes no watch of
 * anything else. (The API server judges exec and its like as `create` since 1.35.)
 */
function isReadingUpgrade({ method, wire }: Question): boolean {
  const info = requestInfoOf({ method, path: wire });
  if (method !== 'GET' || info.kind === 'path') return false;
  const { verb, group, resource, subresource } = info;
  if (subresource === '') return verb === 'watch';
  return group === '' && resource === 'pods' && subresource === 'log' && info.rest === '';
}

function forbidden(rule: string, why: string): Refusal {
  return { status: 403, rule, message: `Forbidden: ${why}`, form: 'text' };
}

function refused(rule: string, message: string): Refusal {
  return { status: 403, rule, message, form: 'status' };
}

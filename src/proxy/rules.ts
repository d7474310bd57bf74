// Decides which callers (by Host and Origin) can make which requests (by method and path). Entry
// points: judgeCaller(), judgeRequest(). Pure.

import { requestInfoOf } from '../model/request-info.ts';
import type { Refusal } from './refusal.ts';

/** An expression that matches anywhere in a text unless it is anchored, as in kubectl. */
export interface Pattern {
  readonly test: (text: string) => boolean;
}

/** The filters of the proxy. */
export interface Rules {
  /** Hosts without port, in lower case; IPv6 addresses in brackets. */
  readonly acceptHosts: readonly Pattern[];
  readonly acceptPaths: readonly Pattern[];
  /** Patterns should ignore case: some servers do. */
  readonly rejectPaths: readonly Pattern[];
  readonly rejectMethods: readonly Pattern[];
  readonly allowWrites: boolean;
}

/** Headers of a request as received: a flat list of names and values. */
export type RawHeaders = readonly string[];

const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Matches POSTs that change nothing: reviews that a client asks for about itself. `kubectl auth
 * can-i` and `auth whoami` need them.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access
 */
const selfReviews =
  /^\/apis\/(?:authorization\.k8s\.io\/[^/]+\/selfsubject(?:access|rules)reviews|authentication\.k8s\.io\/[^/]+\/selfsubjectreviews)$/;

/** Returns all values of a header, in order. */
export function valuesOf(headers: RawHeaders, name: string): readonly string[] {
  return headers.filter((_, index) => index % 2 === 1 && headers[index - 1]?.toLowerCase() === name);
}

/**
 * Checks the caller. A page of another origin that is open in a browser must not use the proxy,
 * neither directly (Origin, Sec-Fetch-Site) nor through a host name that resolves to this address
 * (DNS rebinding, visible in Host). kubectl checks only Host.
 * @see https://www.w3.org/TR/fetch-metadata/ for Sec-Fetch-Site, which browsers also send with
 *   requests that have no Origin
 */
export function judgeCaller(headers: RawHeaders, { acceptHosts }: Rules): Refusal | undefined {
  const hosts = valuesOf(headers, 'host');
  const [authority = ''] = hosts;
  const host = authority.toLowerCase().replace(/:\d*$/, '');
  if (hosts.length !== 1 || !acceptHosts.some((pattern) => pattern.test(host))) {
    return refuseCaller(
      '--accept-hosts',
      `the Host ${JSON.stringify(authority)} does not match --accept-hosts`,
    );
  }
  const origins = valuesOf(headers, 'origin');
  // Includes the port: other web servers on this machine are other origins.
  if (origins.some((origin) => origin.toLowerCase() !== `http://${authority.toLowerCase()}`)) {
    return refuseCaller('foreign Origin', 'pages of another origin may not use this proxy');
  }
  const sites = valuesOf(headers, 'sec-fetch-site');
  if (sites.some((site) => site !== 'same-origin' && site !== 'none')) {
    return refuseCaller('foreign page', 'pages of another site may not use this proxy');
  }
  return undefined;
}

/** The input of {@link judgeRequest}. */
export interface Question {
  readonly method: string;
  /** The decoded path, as {@link ./target.ts} reads it. */
  readonly path: string;
  /** The encoded path with its query, as it is forwarded. */
  readonly wire: string;
  /** The protocol to upgrade the connection to. Undefined for ordinary requests. */
  readonly upgrade: string | undefined;
}

/** Checks a request against the filters. */
export function judgeRequest(question: Question, rules: Rules): Refusal | undefined {
  const { method, path } = question;
  if (method === 'TRACE' || method === 'CONNECT') {
    // TRACE would show the credentials that kapi adds to the request.
    return { status: 405, rule: method, message: `${method} is not sent on`, form: 'status' };
  }
  if (!rules.allowWrites) {
    const writes =
      question.upgrade === undefined
        ? !readingMethods.has(method) && !(method === 'POST' && selfReviews.test(path))
        : !isReadingUpgrade(question);
    if (writes) {
      const what = question.upgrade === undefined ? method : `${method} with Upgrade: ${question.upgrade}`;
      return refuseRequest('no --allow-writes', `${what} is a write: start kapi proxy with --allow-writes`);
    }
  }
  if (rules.rejectMethods.some((pattern) => pattern.test(method))) {
    return refuseRequest('--reject-methods', `the method ${method} is rejected by --reject-methods`);
  }
  const readings = readingsOf(path);
  if (rules.rejectPaths.some((pattern) => readings.some((reading) => pattern.test(reading)))) {
    return refuseRequest('--reject-paths', `the path ${path} is rejected by --reject-paths`);
  }
  const isAccepted = (reading: string): boolean => rules.acceptPaths.some((pattern) => pattern.test(reading));
  if (![path, withoutWatch(path)].every(isAccepted)) {
    return refuseRequest('--accept-paths', `the path ${path} does not match --accept-paths`);
  }
  return undefined;
}

/**
 * Returns the paths that mean the same to the API server as this one, including itself: it ignores
 * a trailing slash, and `/api/v1/watch/pods` is an old form of `/api/v1/pods?watch=1`.
 */
function readingsOf(path: string): readonly string[] {
  const paths = [path, withoutWatch(path)];
  return [...new Set([...paths, ...paths.map((one) => (one === '/' ? one : one.replace(/\/$/, '')))])];
}

function withoutWatch(path: string): string {
  return path.replace(/^(\/api\/[^/]+|\/apis\/[^/]+\/[^/]+)\/watch(?=\/.)/, '$1');
}

/**
 * True if an upgraded connection only reads. An upgraded connection can change anything whatever
 * its method is: exec, attach, port-forward, and the proxy of a node or a service. Only watches and
 * logs of pods are known to read. A `watch` in the query turns nothing else into a watch. (Since
 * 1.35 the API server authorizes exec, attach and port-forward as `create`.)
 */
function isReadingUpgrade({ method, wire }: Question): boolean {
  const info = requestInfoOf({ method, path: wire });
  if (method !== 'GET' || info.kind === 'path') return false;
  const { verb, group, resource, subresource } = info;
  if (subresource === '') return verb === 'watch';
  return group === '' && resource === 'pods' && subresource === 'log' && info.rest === '';
}

function refuseCaller(rule: string, why: string): Refusal {
  return { status: 403, rule, message: `Forbidden: ${why}`, form: 'text' };
}

function refuseRequest(rule: string, message: string): Refusal {
  return { status: 403, rule, message, form: 'status' };
}

// What a request asks for in the API's own terms: verb, type, namespace, name, or a path outside the API. Entry point:
// requestInfoOf(). Pure.

import { pathnameOf } from './answer.ts';

/** A request for objects, as authorization sees it. */
export interface ResourceRequest {
  readonly kind: 'resource';
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  /** Empty where none was asked for. */
  readonly subresource: string;
  /** Empty for cluster-scoped types and all namespaces. */
  readonly namespace: string;
  /** Empty for a collection. */
  readonly name: string;
}

/** A request for a path that is no resource (`/version`, `/apis`). */
export interface PathRequest {
  readonly kind: 'path';
  readonly verb: string;
  readonly path: string;
}

export type RequestInfo = ResourceRequest | PathRequest;

const verbs: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** Subresources of namespaces themselves; anything else below a namespace is a type in it. */
const namespaceSubresources = new Set(['status', 'finalize']);

/**
 * Takes a request apart as the API server does for authorization.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb
 */
export function requestInfoOf(request: { readonly method: string; readonly path: string }): RequestInfo {
  const path = pathnameOf(request.path);
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  const [root, ...rest] = parts;
  const core = root === 'api';
  const [group, version, ...below] = core ? ['', ...rest] : rest;
  if (!(core || root === 'apis') || group === undefined || version === undefined || below.length === 0) {
    return { kind: 'path', verb: request.method.toLowerCase(), path };
  }
  let namespace = '';
  let at = below;
  const [first, second, third] = below;
  if (first === 'namespaces' && second !== undefined) {
    namespace = second;
    if (third !== undefined && !namespaceSubresources.has(third)) at = below.slice(2);
  }
  // What follows a subresource (`nodes/n/proxy/metrics`) is a path for whoever it leads to, and no part of the right.
  const [resource = '', name = '', subresource = ''] = at;
  const verb = verbOf(request, name);
  return {
    kind: 'resource',
    verb,
    group,
    version,
    resource,
    subresource,
    namespace,
    name: name === '' && isOfCollection(verb) ? selectedName(request.path) : name,
  };
}

function verbOf(request: { readonly method: string; readonly path: string }, name: string): string {
  const verb = verbs[request.method] ?? request.method.toLowerCase();
  if (verb === 'get' && hasFlag(request.path, 'watch')) return 'watch';
  if (name !== '') return verb;
  return verb === 'get' ? 'list' : verb === 'delete' ? 'deletecollection' : verb;
}

function isOfCollection(verb: string): boolean {
  return verb === 'list' || verb === 'watch' || verb === 'deletecollection';
}

/** A list of the one object of a name may be allowed by a rule with that name. */
function selectedName(path: string): string {
  const query = path.indexOf('?');
  const selector = query < 0 ? null : new URLSearchParams(path.slice(query)).get('fieldSelector');
  const names = (selector ?? '')
    .split(',')
    .flatMap((term) => /^metadata\.name==?([^=]+)$/.exec(term)?.[1] ?? []);
  return names.length === 1 ? (names[0] ?? '') : '';
}

/** Whether a boolean query parameter is on, as the API server reads it: anything but `false` and `0`, nothing included. */
export function hasFlag(path: string, name: string): boolean {
  const query = path.indexOf('?');
  const value = query < 0 ? null : new URLSearchParams(path.slice(query)).get(name);
  return value !== null && value !== '0' && value.toLowerCase() !== 'false';
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A stray percent sign: the server would refuse it; for a message the raw text serves.
    return part;
  }
}

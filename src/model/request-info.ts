// Parses what a request means to the API: verb, type, namespace, name, or a path outside the
// resources. Entry point: requestInfoOf(). Pure. Used by messages of the client, by the proxy and
// by the authorizer of the sandbox.

import { nameInFieldSelector } from './field-selector.ts';
import { pathSegmentProblem } from './path-segment.ts';
import { pathnameOf } from './request.ts';

/** A request for objects, as authorization sees it. */
export interface ResourceRequest {
  readonly kind: 'resource';
  /**
   * `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`; empty for
   * unknown methods.
   */
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  /** Empty if the request names no subresource. */
  readonly subresource: string;
  /** Empty for cluster-scoped types and all namespaces. */
  readonly namespace: string;
  /** Empty for a collection. */
  readonly name: string;
  /** In a question about a right: only the objects that these selectors select. Absent: all. */
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** A request for objects, with parts of its path that authorization does not use. */
export interface ResourcePath extends ResourceRequest {
  /**
   * The name in the path. Lists with `fieldSelector=metadata.name=x` have a `name` and no
   * `pathName`.
   */
  readonly pathName: string;
  /**
   * The path after a subresource (`metrics` in `nodes/n/proxy/metrics`), without a leading slash.
   */
  readonly rest: string;
}

/** A request for a non-resource path (`/version`, `/apis`). */
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

/** Verbs that precede the resource in old paths: `/api/v1/watch/pods`. */
const pathVerbs = new Set(['proxy', 'watch']);

/** Subresources of namespaces. Any other segment below a namespace is a type in it. */
const namespaceSubresources = new Set(['status', 'finalize']);

/**
 * Parses a request as the API server does for authorization, segment by segment: decodes the path
 * before it splits it, so that `a%2Fb` is two segments, and drops only an outer slash.
 * @param request method in upper case, path with its query and still percent-encoded
 * @see https://pkg.go.dev/k8s.io/apiserver/pkg/endpoints/request#RequestInfoFactory.NewRequestInfo
 */
export function requestInfoOf(request: {
  readonly method: string;
  readonly path: string;
}): ResourcePath | PathRequest {
  const path = pathnameOf(request.path);
  const outside: PathRequest = { kind: 'path', verb: request.method.toLowerCase(), path };
  const [root, ...segments] = decode(path)
    .replace(/^\/+|(?<!\/)\/+$/g, '')
    .split('/');
  if (root !== 'api' && root !== 'apis') return outside;
  const [group = '', version = '', ...below] = root === 'api' ? ['', ...segments] : segments;
  const [first] = below;
  if (first === undefined) return outside;

  const verbInPath = pathVerbs.has(first) ? first : undefined;
  let parts = verbInPath === undefined ? below : below.slice(1);
  // The server answers `/api/v1/watch` with 500.
  if (parts.length === 0) return outside;

  let namespace = '';
  if (parts[0] === 'namespaces' && parts[1] !== undefined) {
    namespace = parts[1];
    if (parts[2] !== undefined && !namespaceSubresources.has(parts[2])) parts = parts.slice(2);
  }
  const [resource = '', pathName = ''] = parts;
  // Paths of the old proxy verb have the proxied path where others have subresources.
  const [subresource = '', ...rest] = verbInPath === 'proxy' ? [] : parts.slice(2);
  const target = { group, version, resource, subresource, namespace, pathName, rest: rest.join('/') };

  const verb = verbInPath ?? verbs[request.method] ?? '';
  if (pathName !== '' || (verb !== 'get' && verb !== 'delete')) {
    return { kind: 'resource', verb, ...target, name: pathName };
  }
  // Deleting a collection is never the deletion of a single object, whatever its selector is.
  if (verb === 'delete') return { kind: 'resource', verb: 'deletecollection', ...target, name: '' };
  return {
    kind: 'resource',
    verb: hasFlag(request.path, 'watch') ? 'watch' : 'list',
    ...target,
    name: selectedName(request.path),
  };
}

/** Returns the name in a list's field selector: a rule with that name can allow the request. */
function selectedName(path: string): string {
  const name = nameInFieldSelector(queryValue(path, 'fieldSelector') ?? '');
  return pathSegmentProblem(name) === undefined ? name : '';
}

/** True if the response continues until one side ends it: a watch, or a log that is followed. */
export function isEndless(request: { readonly method: string; readonly path: string }): boolean {
  const { path } = request;
  return hasFlag(path, 'watch') || hasFlag(path, 'follow') || requestInfoOf(request).verb === 'watch';
}

/**
 * True if a boolean query parameter is on, as the API server reads it: any value except `false` and
 * `0`, including the empty one.
 */
export function hasFlag(path: string, name: string): boolean {
  return isOn(queryValue(path, name));
}

/** True if the value of a boolean query parameter means true. Null is an absent parameter. */
export function isOn(value: string | null): boolean {
  return value !== null && value !== '0' && value.toLowerCase() !== 'false';
}

function queryValue(path: string, name: string): string | null {
  const query = path.indexOf('?');
  return query < 0 ? null : new URLSearchParams(path.slice(query)).get(name);
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // A stray percent sign: the server would refuse the path, and messages can use the raw text.
    return path;
  }
}

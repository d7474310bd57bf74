// What a request asks for in the API's own terms: verb, type, namespace, name, or a path outside the API. Entry point:
// requestInfoOf(). Pure. The client's messages, the proxy and the sandbox's authorizer read requests with it.

import { nameInFieldSelector } from './field-selector.ts';
import { pathSegmentProblem } from './path-segment.ts';
import { pathnameOf } from './request.ts';

/** A request for objects, as authorization sees it. */
export interface ResourceRequest {
  readonly kind: 'resource';
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`; empty for unknown methods. */
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

/** A request for objects with what its path says beyond the question of rights. */
export interface ResourcePath extends ResourceRequest {
  /** The name as the path has it; lists with `fieldSelector=metadata.name=x` have a `name` and no `pathName`. */
  readonly pathName: string;
  /** What follows a subresource in the path (`metrics` in `nodes/n/proxy/metrics`), without a slash before it. */
  readonly rest: string;
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

/** Verbs that stand before the resource in old paths: `/api/v1/watch/pods`. */
const pathVerbs = new Set(['proxy', 'watch']);

/** Subresources of namespaces themselves; anything else below a namespace is a type in it. */
const namespaceSubresources = new Set(['status', 'finalize']);

/**
 * Takes a request apart as the API server does for authorization, segment by segment: the path is decoded before it is
 * split, so that `a%2Fb` is two segments, and only an outer slash is dropped.
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
    .replace(/^\/+|\/+$/g, '')
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
  // The old proxy verb has paths where others have subresources.
  const [subresource = '', ...rest] = verbInPath === 'proxy' ? [] : parts.slice(2);
  const target = { group, version, resource, subresource, namespace, pathName, rest: rest.join('/') };

  const verb = verbInPath ?? verbs[request.method] ?? '';
  if (pathName !== '' || (verb !== 'get' && verb !== 'delete')) {
    return { kind: 'resource', verb, ...target, name: pathName };
  }
  // A deletion of a collection is never one of a single object, whatever its selector says.
  if (verb === 'delete') return { kind: 'resource', verb: 'deletecollection', ...target, name: '' };
  return {
    kind: 'resource',
    verb: hasFlag(request.path, 'watch') ? 'watch' : 'list',
    ...target,
    name: selectedName(request.path),
  };
}

/** Returns the name in a list's field selector: a rule with that name may allow it. */
function selectedName(path: string): string {
  const name = nameInFieldSelector(queryValue(path, 'fieldSelector') ?? '');
  return pathSegmentProblem(name) === undefined ? name : '';
}

/** Says whether the answer goes on until somebody ends it: a watch, or a log that is followed. */
export function isEndless(request: { readonly method: string; readonly path: string }): boolean {
  const { path } = request;
  return hasFlag(path, 'watch') || hasFlag(path, 'follow') || requestInfoOf(request).verb === 'watch';
}

/** Says whether a boolean query parameter is on, as the API server reads it: anything but `false` and `0`, nothing included. */
export function hasFlag(path: string, name: string): boolean {
  return isOn(queryValue(path, name));
}

/** Says whether the value of a boolean query parameter means true; null is an absent parameter. */
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
    // A stray percent sign: the server would refuse it; for a message the raw text serves.
    return path;
  }
}

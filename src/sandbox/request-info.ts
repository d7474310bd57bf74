// What a request asks for, read off method, path and query: readRequestInfo. The authorizer and the handlers share it.

import { nameInFieldSelector } from './field-selector.ts';
import type { AccessAttributes } from './types.ts';

/** A request to a resource type, or to a path that is none. */
export type RequestInfo =
  | {
      readonly kind: 'resource';
      /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`. */
      readonly verb: string;
      readonly group: string;
      readonly version: string;
      readonly resource: string;
      readonly subresource: string;
      /** What follows a subresource in the path (`proxy/metrics`), without a slash before it. */
      readonly rest: string;
      readonly namespace: string;
      readonly name: string;
      /** The name as the path has it; lists with `fieldSelector=metadata.name=x` have a `name` and no `pathName`. */
      readonly pathName: string;
    }
  | { readonly kind: 'path'; readonly verb: string; readonly path: string };

const verbs: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/**
 * Pure. Follows the server's own resolver: `/api/v1/namespaces/dev/pods/a/log`, `/apis/apps/v1/deployments`, and the
 * old `/api/v1/watch/pods`.
 * @param path without the query, still percent-encoded
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authorization/#request-attributes
 */
export function readRequestInfo(method: string, path: string, query: URLSearchParams): RequestInfo {
  const nonResource: RequestInfo = { kind: 'path', verb: method.toLowerCase(), path };
  const parts = path
    .replace(/^\/+|\/+$/g, '')
    .split('/')
    .map(decodePart);
  const [prefix] = parts;
  let at = 1;
  let group = '';
  if (prefix === 'apis') {
    group = parts[at] ?? '';
    at += 1;
  } else if (prefix !== 'api') {
    return nonResource;
  }
  const version = parts[at] ?? '';
  at += 1;
  let verb = verbs[method] ?? '';
  if (parts[at] === 'watch') {
    verb = 'watch';
    at += 1;
  }
  if (parts[at] === undefined || verb === '') return nonResource;

  let namespace = '';
  if (parts[at] === 'namespaces' && parts[at + 1] !== undefined) {
    namespace = parts[at + 1] ?? '';
    const beyond = parts[at + 2];
    // `/api/v1/namespaces/dev/status` is a subresource of the namespace and not a type called "status" in it.
    if (beyond !== undefined && beyond !== 'status' && beyond !== 'finalize') at += 2;
  }
  const resource = parts[at] ?? '';
  const pathName = parts[at + 1] ?? '';
  const subresource = parts[at + 2] ?? '';
  const rest = parts.slice(at + 3).join('/');

  let name = pathName;
  if (name === '' && verb === 'get') {
    verb = isTrue(query.get('watch')) ? 'watch' : 'list';
  }
  if (name === '' && verb === 'delete') verb = 'deletecollection';
  if (name === '' && (verb === 'list' || verb === 'watch' || verb === 'deletecollection')) {
    name = nameInFieldSelector(query.get('fieldSelector') ?? '');
  }
  return {
    kind: 'resource',
    verb,
    group,
    version,
    resource,
    subresource,
    rest,
    namespace,
    name,
    pathName,
  };
}

/** The authorizer's question about a request. */
export function accessAttributesOf(info: RequestInfo): AccessAttributes {
  if (info.kind === 'path') return info;
  const { verb, group, version, resource, subresource, namespace, name } = info;
  return { kind: 'resource', verb, group, version, resource, subresource, namespace, name };
}

/** The query values that Go's conversion takes for true: everything but an absent one, `false` and `0`. */
export function isTrue(value: string | null): boolean {
  return value !== null && value.toLowerCase() !== 'false' && value !== '0';
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A stray percent sign stays as it is and names nothing.
    return part;
  }
}

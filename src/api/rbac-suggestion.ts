// The least roles and bindings that would have made refused requests pass, as objects to apply. Entry point:
// suggestRbac(). Pure.

import { createHash } from 'node:crypto';
import type { JsonObject } from '../model/object.ts';
import type { RequestInfo, ResourceRequest } from '../model/request-info.ts';

const apiGroup = 'rbac.authorization.k8s.io';
const apiVersion = `${apiGroup}/v1`;

/**
 * A Role with its RoleBinding for each namespace, a ClusterRole with its ClusterRoleBinding for what has none; rights
 * that stand in one request only stand in one rule. Empty for no requests.
 * @param username the user as the server calls it; `system:serviceaccount:NS:NAME` becomes a ServiceAccount
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#api-overview
 */
export function suggestRbac(requests: readonly RequestInfo[], username: string): JsonObject[] {
  const scopes = new Map<string, RequestInfo[]>();
  for (const request of requests) {
    const namespace = request.kind === 'resource' ? request.namespace : '';
    scopes.set(namespace, [...(scopes.get(namespace) ?? []), request]);
  }
  return [...scopes].flatMap(([namespace, inScope]) => {
    const rules = rulesOf(inScope);
    const name = safeName(`kapi-${nameOf(inScope)}`);
    const inNamespace = namespace === '' ? {} : { namespace };
    const kind = namespace === '' ? 'ClusterRole' : 'Role';
    return [
      { apiVersion, kind, metadata: { name, ...inNamespace }, rules },
      {
        apiVersion,
        kind: `${kind}Binding`,
        metadata: { name: safeName(`${name}-${username}`), ...inNamespace },
        roleRef: { apiGroup, kind, name },
        subjects: [subjectOf(username)],
      },
    ];
  });
}

/** Verbs of one type, subresource and name, or of one path, in one rule. */
function rulesOf(requests: readonly RequestInfo[]): JsonObject[] {
  const joined = new Map<string, { readonly request: RequestInfo; readonly verbs: Set<string> }>();
  for (const request of requests) {
    const key =
      request.kind === 'path'
        ? `path ${request.path}`
        : JSON.stringify([request.group, resourceOf(request), request.name]);
    const known = joined.get(key) ?? { request, verbs: new Set() };
    known.verbs.add(request.verb);
    joined.set(key, known);
  }
  return [...joined.values()].map(({ request, verbs }): JsonObject => {
    if (request.kind === 'path') return { nonResourceURLs: [request.path], verbs: [...verbs] };
    return {
      apiGroups: [request.group],
      resources: [resourceOf(request)],
      ...(request.name === '' ? {} : { resourceNames: [request.name] }),
      verbs: [...verbs],
    };
  });
}

function resourceOf({ resource, subresource }: ResourceRequest): string {
  return subresource === '' ? resource : `${resource}/${subresource}`;
}

function subjectOf(username: string): JsonObject {
  const [system, kind, namespace, name, ...more] = username.split(':');
  if (system === 'system' && kind === 'serviceaccount' && name !== undefined && more.length === 0) {
    return { kind: 'ServiceAccount', name, namespace };
  }
  return { apiGroup, kind: 'User', name: username };
}

/** What tells one suggestion from another: `list-pods`, `get-secrets-db`, `get-path-metrics`. */
function nameOf(requests: readonly RequestInfo[]): string {
  const verbs = [...new Set(requests.map(({ verb }) => verb))].join('-');
  const targets = new Set(
    requests.map((request) =>
      request.kind === 'path'
        ? `path${request.path}`
        : [resourceOf(request), request.group, request.name].filter((part) => part !== '').join('-'),
    ),
  );
  if (targets.size === 1) return `${verbs}-${[...targets].join('')}`;
  // All targets would make a name of any length; two suggestions must not overwrite each other either.
  return `rights-${createHash('sha256').update(JSON.stringify(requests)).digest('hex').slice(0, 8)}`;
}

/** Names of roles are free but for what would break a path. @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#path-segment-names */
function safeName(text: string): string {
  return text
    .replaceAll('*', 'all')
    .replaceAll(/[/%\s\p{C}]+/gu, '-')
    .slice(0, 200);
}

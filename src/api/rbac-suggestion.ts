// Builds minimal roles and bindings that allow refused requests, as objects to apply. Entry point:
// suggestRbac(). Pure.

import { createHash } from 'node:crypto';
import type { JsonObject } from '../model/object.ts';
import type { RequestInfo, ResourceRequest } from '../model/request-info.ts';

const apiGroup = 'rbac.authorization.k8s.io';
const apiVersion = `${apiGroup}/v1`;

/**
 * Returns a Role and a RoleBinding for each namespace, and a ClusterRole and a ClusterRoleBinding
 * for requests without a namespace. Each type, subresource and name has one rule with all its
 * verbs. Empty if there are no requests.
 * @param username the user name as the server knows it; `system:serviceaccount:NS:NAME` becomes a
 * ServiceAccount
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

/** Joins the verbs for one type, subresource and name, or for one path, in one rule. */
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

/**
 * Returns a name that describes the requests: `list-pods`, `get-secrets-db`, `get-path-metrics`.
 */
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
  // A name with all targets could be of any length. The hash keeps two suggestions from overwriting
  // each other.
  return `rights-${createHash('sha256').update(JSON.stringify(requests)).digest('hex').slice(0, 8)}`;
}

/**
 * Replaces what is invalid in a path segment: names of roles can otherwise hold any characters.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#path-segment-names
 */
function safeName(text: string): string {
  return text
    .replaceAll('*', 'all')
    .replaceAll(/[/%\s\p{C}]+/gu, '-')
    .slice(0, 200);
}

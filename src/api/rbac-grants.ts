// Finds out why a request is allowed: the bindings, roles and rules that grant it, as far as the
// user can read them. Entry point: findGrants(). Covers RBAC only, because other authorizers do not
// publish their rules.

import { RefusedError } from '../errors.ts';
import { arrayAt, isJsonObject, objectAt, stringAt, type Json, type JsonObject } from '../model/object.ts';
import type { RequestSpec, Send, SendOptions } from '../model/request.ts';
import { resourcePath } from '../model/resource.ts';
import { decodeRule, type AccessRule } from './access-review.ts';
import { readJson } from './read.ts';
import type { RequestInfo } from '../model/request-info.ts';
import type { UserInfo } from './self-review.ts';
import { errorOf, isSuccess } from './status.ts';

/** A binding, role or subject. `namespace` is empty if it has none. */
export interface Reference {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** One way in which a permission is granted. */
export interface Grant {
  /** A RoleBinding or ClusterRoleBinding. */
  readonly binding: Reference;
  /** The subject of the binding that matches the user. */
  readonly subject: Reference;
  /** A Role or ClusterRole. */
  readonly role: Reference;
  readonly rule: AccessRule;
}

export interface Grants {
  readonly grants: readonly Grant[];
  /** What the user cannot read: `clusterrolebindings`, `Role dev/reader`. */
  readonly unreadable: readonly string[];
}

/** A RoleBinding or ClusterRoleBinding. */
export interface Binding {
  readonly reference: Reference;
  readonly subjects: readonly Reference[];
  readonly role: Reference;
}

const group = 'rbac.authorization.k8s.io';
const version = 'v1';

/**
 * Finds the bindings, roles and rules that allow a request of a user.
 * @throws RefusedError for a refusal other than 403 and 404
 * @throws ServerError, ConnectionError
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#rolebinding-and-clusterrolebinding
 */
export async function findGrants(
  send: Send,
  question: RequestInfo,
  user: UserInfo,
  options: SendOptions = {},
): Promise<Grants> {
  const unreadable: string[] = [];
  const read = async (path: string, what: string): Promise<Json> => {
    const request = readRequest(path);
    const response = await send(request, options);
    if (isSuccess(response)) return readJson(response, request);
    const error = await errorOf(request, response);
    if (!(error instanceof RefusedError)) throw error;
    // A binding can name a role that does not exist. Such a binding grants nothing.
    if (error.facts.httpStatus === 403) unreadable.push(what);
    else if (error.facts.httpStatus !== 404) throw error;
    return null;
  };
  const lists = await Promise.all(bindingLists(question).map(({ path, what }) => read(path, what)));
  const bindings = lists.flatMap((list, at) =>
    decodeBindings(list, at === 1 ? 'RoleBinding' : 'ClusterRoleBinding'),
  );
  const rules = new Map<string, Promise<readonly AccessRule[]>>();
  const rulesOf = (role: Reference): Promise<readonly AccessRule[]> => {
    const { kind, namespace: of, name } = role;
    const key = `${kind} ${of}/${name}`;
    const known = rules.get(key);
    if (known !== undefined) return known;
    const resource = kind === 'Role' ? 'roles' : 'clusterroles';
    const path = resourcePath({ group, version, resource }, { namespace: of === '' ? undefined : of, name });
    const reading = read(path, `${kind} ${of === '' ? '' : `${of}/`}${name}`).then(decodeRules);
    rules.set(key, reading);
    return reading;
  };
  const grants = await Promise.all(
    bindings.flatMap(({ reference, subjects, role }) => {
      const subject = subjects.find((each) => isSubject(each, user));
      if (subject === undefined) return [];
      return rulesOf(role).then((all) =>
        all
          .filter((rule) => allows(rule, question))
          .map((rule): Grant => ({ binding: reference, subject, role, rule })),
      );
    }),
  );
  return { grants: grants.flat(), unreadable };
}

/**
 * Builds the first requests of {@link findGrants}. The roles that it reads afterwards depend on the
 * responses.
 */
export function buildBindingLists(question: RequestInfo): readonly RequestSpec[] {
  return bindingLists(question).map(({ path }) => readRequest(path));
}

function bindingLists(question: RequestInfo): readonly { readonly path: string; readonly what: string }[] {
  const namespace = question.kind === 'resource' ? question.namespace : '';
  const everywhere = {
    path: resourcePath({ group, version, resource: 'clusterrolebindings' }),
    what: 'clusterrolebindings',
  };
  if (namespace === '') return [everywhere];
  return [
    everywhere,
    {
      path: resourcePath({ group, version, resource: 'rolebindings' }, { namespace }),
      what: `rolebindings in namespace ${namespace}`,
    },
  ];
}

/**
 * Builds a read with the caller's own rights: few users may read bindings, and it is the caller who
 * asks.
 */
function readRequest(path: string): RequestSpec {
  return { method: 'GET', path, headers: { accept: 'application/json' }, asCaller: true };
}

function decodeBindings(list: Json, kind: string): Binding[] {
  if (!isJsonObject(list)) return [];
  return arrayAt(list, 'items')
    .filter(isJsonObject)
    .map((item) => decodeBinding(item, kind));
}

/** Decodes a RoleBinding or ClusterRoleBinding, as `kind` says: items of lists do not say it. */
export function decodeBinding(item: JsonObject, kind: string): Binding {
  const metadata = objectAt(item, 'metadata');
  const namespace = stringAt(metadata, 'namespace');
  const roleRef = objectAt(item, 'roleRef');
  const roleKind = stringAt(roleRef, 'kind');
  return {
    reference: { kind, namespace, name: stringAt(metadata, 'name') },
    subjects: arrayAt(item, 'subjects')
      .filter(isJsonObject)
      .map((subject) => referenceOf(subject)),
    role: {
      kind: roleKind,
      namespace: roleKind === 'Role' ? namespace : '',
      name: stringAt(roleRef, 'name'),
    },
  };
}

function referenceOf(subject: JsonObject): Reference {
  return {
    kind: stringAt(subject, 'kind'),
    namespace: stringAt(subject, 'namespace'),
    name: stringAt(subject, 'name'),
  };
}

/** Decodes the rules of a Role or ClusterRole. */
export function decodeRules(role: Json): AccessRule[] {
  return isJsonObject(role) ? arrayAt(role, 'rules').filter(isJsonObject).map(decodeRule) : [];
}

/** True if the user is, or belongs to, the subject of a binding. */
export function isSubject({ kind, namespace, name }: Reference, user: UserInfo): boolean {
  switch (kind) {
    case 'User':
      return user.username === name;
    case 'Group':
      return user.groups.includes(name);
    case 'ServiceAccount':
      return user.username === `system:serviceaccount:${namespace}:${name}`;
    default:
      return false;
  }
}

/**
 * True if a rule grants a permission, by the rules of RBAC.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources
 */
export function allows(rule: AccessRule, question: RequestInfo): boolean {
  if (!matches(rule.verbs, question.verb)) return false;
  if (question.kind === 'path') {
    return rule.nonResourceURLs.some(
      (path) => path === question.path || (path.endsWith('*') && question.path.startsWith(path.slice(0, -1))),
    );
  }
  const { resource, subresource, name } = question;
  const whole = subresource === '' ? resource : `${resource}/${subresource}`;
  return (
    matches(rule.apiGroups, question.group) &&
    rule.resources.some(
      (each) => each === '*' || each === whole || (subresource !== '' && each === `*/${subresource}`),
    ) &&
    (rule.resourceNames.length === 0 || rule.resourceNames.includes(name))
  );
}

function matches(values: readonly string[], wanted: string): boolean {
  return values.includes('*') || values.includes(wanted);
}

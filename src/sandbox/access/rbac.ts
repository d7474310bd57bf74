// Role-based access control over the roles and bindings in the store. Entry points: `authorize` and
// `rulesFor`; whether somebody may grant rights stands in escalation.ts.

import { objectAt, stringAt, stringsAt } from '../../model/object.ts';
import type { JsonObject, KubeObject } from '../../model/object.ts';
import { metadataOf, nameOf, objectsAt, stringEntries } from '../../model/fields.ts';
import type {
  AccessAttributes,
  Decision,
  NonResourceRule,
  RbacReader,
  ResourceRule,
  SubjectRules,
  UserInfo,
} from '../types/types.ts';

/** A rule of a role, its lists never absent. */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

/** The rules that apply to a user, each with the binding it comes from, and what could not be resolved. */
interface AppliedRules {
  readonly granted: readonly { readonly source: string; readonly rule: PolicyRule }[];
  readonly errors: readonly string[];
}

/** Members may do everything, whatever the roles say; the real server does not even ask RBAC for them. */
export const privilegedGroup = 'system:masters';

const rbacGroup = 'rbac.authorization.k8s.io';

/**
 * Answers whether a user may do something. The reason names the binding that allows it, or the roles that bindings
 * refer to in vain; it is empty for a plain no and for `system:masters`.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 */
export function authorize(reader: RbacReader, user: UserInfo, attributes: AccessAttributes): Decision {
  if (user.groups.includes(privilegedGroup)) return { allowed: true, reason: '' };
  const namespace = attributes.kind === 'resource' ? attributes.namespace : '';
  const errors: string[] = [];
  for (const applied of appliedRules(reader, user, namespace)) {
    const grant = applied.granted.find(({ rule }) => allows(rule, attributes));
    if (grant !== undefined) return { allowed: true, reason: `RBAC: allowed by ${grant.source}` };
    errors.push(...applied.errors);
  }
  return { allowed: false, reason: errors.length === 0 ? '' : `RBAC: ${aggregate(errors)}` };
}

/**
 * Everything a user may do in a namespace, rule by rule, as SelfSubjectRulesReview lists it: the rules of cluster role
 * bindings first, then those of the namespace's role bindings.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/self-subject-rules-review-v1/
 */
export function rulesFor(reader: RbacReader, user: UserInfo, namespace: string): SubjectRules {
  const resourceRules: ResourceRule[] = [];
  const nonResourceRules: NonResourceRule[] = [];
  const errors: string[] = [];
  for (const applied of appliedRules(reader, user, namespace)) {
    errors.push(...applied.errors);
    for (const { rule } of applied.granted) {
      const { verbs, apiGroups, resources, resourceNames, nonResourceURLs } = rule;
      if (resources.length > 0) {
        resourceRules.push({
          verbs,
          apiGroups,
          resources,
          ...(resourceNames.length === 0 ? {} : { resourceNames }),
        });
      }
      if (nonResourceURLs.length > 0) nonResourceRules.push({ verbs, nonResourceURLs });
    }
  }
  const evaluationError = errors.length === 0 ? '' : aggregate(errors);
  return { resourceRules, nonResourceRules, incomplete: false, evaluationError };
}

/** All rules that a user has in a namespace (or at the cluster scope, where it is empty). */
export function policyRulesOf(reader: RbacReader, user: UserInfo, namespace: string): readonly PolicyRule[] {
  return [...appliedRules(reader, user, namespace)].flatMap(({ granted }) => granted.map(({ rule }) => rule));
}

/**
 * The rules a binding's `roleRef` stands for.
 * @returns the message of the failure as a string where the role does not exist or the reference is of an unknown kind
 */
export function rulesOfReference(
  reader: RbacReader,
  roleRef: JsonObject | undefined,
  namespace: string,
): readonly PolicyRule[] | string {
  const kind = stringAt(roleRef, 'kind');
  const name = stringAt(roleRef, 'name');
  if (kind === 'ClusterRole') {
    for (const role of reader.clusterRoles()) {
      if (nameOf(role) === name) return rulesOfClusterRole(reader, role);
    }
    return `clusterrole.${rbacGroup} ${quote(name)} not found`;
  }
  if (kind === 'Role') {
    for (const role of reader.roles(namespace)) {
      if (nameOf(role) === name) return rulesOf(role);
    }
    return `role.${rbacGroup} ${quote(name)} not found`;
  }
  return `unsupported role reference kind: ${quote(kind)}`;
}

/**
 * A cluster role with the rules its `aggregationRule` gathers from others; itself where it has none. In a cluster a
 * controller writes them into the object; here they are gathered whenever they are needed.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles
 */
export function withAggregatedRules(reader: RbacReader, role: KubeObject): KubeObject {
  if (objectAt(role, 'aggregationRule') === undefined) return role;
  const rules = new Map<string, JsonObject>();
  gatherRules(reader, role, rules, new Set([nameOf(role)]));
  return { ...role, rules: [...rules.values()] };
}

/** Gathered roles may gather in their turn (`admin` takes from `edit`, which takes from `view`); circles end. */
function gatherRules(
  reader: RbacReader,
  role: KubeObject,
  rules: Map<string, JsonObject>,
  visited: Set<string>,
): void {
  const selectors = objectsAt(objectAt(role, 'aggregationRule'), 'clusterRoleSelectors');
  for (const other of reader.clusterRoles()) {
    if (visited.has(nameOf(other)) || !selectors.some((selector) => selects(selector, other))) continue;
    visited.add(nameOf(other));
    if (objectAt(other, 'aggregationRule') !== undefined) gatherRules(reader, other, rules, visited);
    else for (const rule of objectsAt(other, 'rules')) rules.set(JSON.stringify(rule), rule);
  }
}

/** The rules of a role or cluster role as they stand in it. */
export function rulesOf(role: JsonObject): readonly PolicyRule[] {
  return objectsAt(role, 'rules').map((rule) => ({
    verbs: stringsAt(rule, 'verbs'),
    apiGroups: stringsAt(rule, 'apiGroups'),
    resources: stringsAt(rule, 'resources'),
    resourceNames: stringsAt(rule, 'resourceNames'),
    nonResourceURLs: stringsAt(rule, 'nonResourceURLs'),
  }));
}

function rulesOfClusterRole(reader: RbacReader, role: KubeObject): readonly PolicyRule[] {
  return rulesOf(withAggregatedRules(reader, role));
}

/** One entry for each binding that applies, so that a question is answered as soon as one allows it. */
function* appliedRules(reader: RbacReader, user: UserInfo, namespace: string): Generator<AppliedRules> {
  for (const binding of reader.clusterRoleBindings()) yield* rulesOfBinding(reader, user, binding, '');
  if (namespace === '') return;
  for (const binding of reader.roleBindings(namespace)) {
    yield* rulesOfBinding(reader, user, binding, namespace);
  }
}

function* rulesOfBinding(
  reader: RbacReader,
  user: UserInfo,
  binding: KubeObject,
  namespace: string,
): Generator<AppliedRules> {
  const subject = objectsAt(binding, 'subjects').find((candidate) => isMeant(candidate, user, namespace));
  if (subject === undefined) return;
  const roleRef = objectAt(binding, 'roleRef');
  const rules = rulesOfReference(reader, roleRef, namespace);
  if (typeof rules === 'string') {
    yield { granted: [], errors: [rules] };
    return;
  }
  const source = describeBinding(binding, subject, namespace);
  yield { granted: rules.map((rule) => ({ source, rule })), errors: [] };
}

function isMeant(subject: JsonObject, user: UserInfo, namespace: string): boolean {
  const name = stringAt(subject, 'name');
  switch (subject.kind) {
    case 'User':
      return name === user.username;
    case 'Group':
      return user.groups.includes(name);
    case 'ServiceAccount': {
      const where = stringAt(subject, 'namespace') || namespace;
      return where !== '' && user.username === `system:serviceaccount:${where}:${name}`;
    }
    default:
      return false;
  }
}

function describeBinding(binding: KubeObject, subject: JsonObject, namespace: string): string {
  const roleRef = objectAt(binding, 'roleRef');
  const role = `${stringAt(roleRef, 'kind')} ${quote(stringAt(roleRef, 'name'))}`;
  const kind = stringAt(subject, 'kind');
  let name = stringAt(subject, 'name');
  if (kind === 'ServiceAccount') name = `${name}/${stringAt(subject, 'namespace') || namespace}`;
  const bindingText =
    namespace === ''
      ? `ClusterRoleBinding ${quote(nameOf(binding))}`
      : `RoleBinding ${quote(`${nameOf(binding)}/${namespace}`)}`;
  return `${bindingText} of ${role} to ${kind} ${quote(name)}`;
}

function allows(rule: PolicyRule, attributes: AccessAttributes): boolean {
  if (!hasOrAll(rule.verbs, attributes.verb)) return false;
  if (attributes.kind === 'path') return rule.nonResourceURLs.some((url) => urlMatches(url, attributes.path));
  const { group, resource, subresource, name } = attributes;
  const combined = subresource === '' ? resource : `${resource}/${subresource}`;
  return (
    hasOrAll(rule.apiGroups, group) &&
    (hasOrAll(rule.resources, combined) ||
      (subresource !== '' && rule.resources.includes(`*/${subresource}`))) &&
    (rule.resourceNames.length === 0 || rule.resourceNames.includes(name))
  );
}

function hasOrAll(list: readonly string[], entry: string): boolean {
  return list.includes('*') || list.includes(entry);
}

/** A star counts only at the end of a rule's path. */
export function urlMatches(ruleUrl: string, path: string): boolean {
  return ruleUrl === path || (ruleUrl.endsWith('*') && path.startsWith(ruleUrl.replace(/\*+$/, '')));
}

function selects(selector: JsonObject, role: KubeObject): boolean {
  const labels = objectAt(metadataOf(role), 'labels');
  return (
    stringEntries(objectAt(selector, 'matchLabels')).every(([key, value]) => labels?.[key] === value) &&
    objectsAt(selector, 'matchExpressions').every((expression) => {
      const value = labels?.[stringAt(expression, 'key')];
      const isListed = typeof value === 'string' && stringsAt(expression, 'values').includes(value);
      switch (expression.operator) {
        case 'In':
          return isListed;
        case 'NotIn':
          return !isListed;
        case 'Exists':
          return value !== undefined;
        case 'DoesNotExist':
          return value === undefined;
        default:
          return false;
      }
    })
  );
}

/** Several errors in one line as Go's aggregate prints them. */
function aggregate(errors: readonly string[]): string {
  const different = [...new Set(errors)];
  return different.length === 1 ? (different[0] ?? '') : `[${different.join(', ')}]`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}

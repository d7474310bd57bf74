// Role-based access control with the roles and bindings in the store. Entry points: `authorize` and
// `rulesFor`. escalation.ts checks who can grant rights.

import { objectAt, stringAt, stringsAt } from '../../model/object.ts';
import type { JsonObject, KubeObject } from '../../model/object.ts';
import { metadataOf, nameOf, objectsAt } from '../../model/fields.ts';
import { selectorMatches } from '../types/selector.ts';
import type {
  AccessAttributes,
  Decision,
  NonResourceRule,
  RbacReader,
  ResourceRule,
  SubjectRules,
  UserInfo,
} from '../types/types.ts';

/** A rule of a role. Missing lists are empty. */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

/** The rules of a user, each with its binding, and the references that could not be resolved. */
interface AppliedRules {
  readonly granted: readonly { readonly source: string; readonly rule: PolicyRule }[];
  readonly errors: readonly string[];
}

/**
 * Members of this group can do everything, whatever the roles are: the real server does not ask
 * RBAC for them.
 */
export const privilegedGroup = 'system:masters';

const rbacGroup = 'rbac.authorization.k8s.io';

/**
 * Decides whether a user can do something. The reason names the binding that allows it, or the
 * missing roles that bindings refer to. It is empty for an ordinary denial and for
 * `system:masters`.
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
 * Lists everything that a user can do in a namespace, as SelfSubjectRulesReview does: first the
 * rules of cluster role bindings, then those of the namespace's role bindings.
 * @see
 *   https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/self-subject-rules-review-v1/
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

/** Returns all rules of a user in a namespace (empty: at the cluster scope). */
export function policyRulesOf(reader: RbacReader, user: UserInfo, namespace: string): readonly PolicyRule[] {
  return [...appliedRules(reader, user, namespace)].flatMap(({ granted }) => granted.map(({ rule }) => rule));
}

/**
 * Returns the rules of a binding's `roleRef`.
 * @returns an error message as a string if the role does not exist or the reference has an unknown
 *   kind
 */
export function rulesOfReference(
  reader: RbacReader,
  roleRef: JsonObject | undefined,
  namespace: string,
): readonly PolicyRule[] | string {
  const kind = stringAt(roleRef, 'kind');
  const name = stringAt(roleRef, 'name');
  if (kind !== 'ClusterRole' && kind !== 'Role') return `unsupported role reference kind: ${quote(kind)}`;
  for (const role of kind === 'Role' ? reader.roles(namespace) : reader.clusterRoles()) {
    if (nameOf(role) === name) return rulesOf(kind === 'Role' ? role : withAggregatedRules(reader, role));
  }
  return `${kind.toLowerCase()}.${rbacGroup} ${quote(name)} not found`;
}

type RoleReader = Pick<RbacReader, 'clusterRoles'>;

/**
 * Returns a cluster role with the rules that its `aggregationRule` selects, or the role itself if
 * it has none. In a cluster a controller writes the rules into the object; here they are computed
 * when needed.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles
 */
export function withAggregatedRules(reader: RoleReader, role: KubeObject): KubeObject {
  if (objectAt(role, 'aggregationRule') === undefined) return role;
  const rules = new Map<string, JsonObject>();
  collectRules(reader, role, rules, new Set([nameOf(role)]));
  return { ...role, rules: [...rules.values()] };
}

/**
 * Collects the rules of selected roles, which can select other roles (`admin` selects `edit`, which
 * selects `view`). Ends at cycles.
 */
function collectRules(
  reader: RoleReader,
  role: KubeObject,
  rules: Map<string, JsonObject>,
  visited: Set<string>,
): void {
  const selectors = objectsAt(objectAt(role, 'aggregationRule'), 'clusterRoleSelectors');
  for (const other of reader.clusterRoles()) {
    if (
      visited.has(nameOf(other)) ||
      !selectors.some((selector) => selectorMatches(selector, objectAt(metadataOf(other), 'labels')))
    )
      continue;
    visited.add(nameOf(other));
    if (objectAt(other, 'aggregationRule') !== undefined) collectRules(reader, other, rules, visited);
    else for (const rule of objectsAt(other, 'rules')) rules.set(JSON.stringify(rule), rule);
  }
}

/** Returns the rules in a role or cluster role, without aggregation. */
export function rulesOf(role: JsonObject): readonly PolicyRule[] {
  return objectsAt(role, 'rules').map((rule) => ({
    verbs: stringsAt(rule, 'verbs'),
    apiGroups: stringsAt(rule, 'apiGroups'),
    resources: stringsAt(rule, 'resources'),
    resourceNames: stringsAt(rule, 'resourceNames'),
    nonResourceURLs: stringsAt(rule, 'nonResourceURLs'),
  }));
}

/**
 * Yields an entry for each binding that applies, so that a check ends at the first one that allows
 * it.
 */
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
  const subject = objectsAt(binding, 'subjects').find((candidate) =>
    subjectMatches(candidate, user, namespace),
  );
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

function subjectMatches(subject: JsonObject, user: UserInfo, namespace: string): boolean {
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

/** True if a rule's path matches. A star counts only at the end. */
export function urlMatches(ruleUrl: string, path: string): boolean {
  return ruleUrl === path || (ruleUrl.endsWith('*') && path.startsWith(ruleUrl.replace(/\*+$/, '')));
}

/** Joins several errors on one line like Go's aggregate. */
function aggregate(errors: readonly string[]): string {
  const different = [...new Set(errors)];
  return different.length === 1 ? (different[0] ?? '') : `[${different.join(', ')}]`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}

// Privilege escalation prevention: users can write only roles and bindings whose rights they have
// themselves. Entry points: `missingRules` and `escalationError`.

import { objectAt, stringAt } from '../../model/object.ts';
import type { JsonObject, KubeObject } from '../../model/object.ts';
import { metadataOf, nameOf, objectsAt } from '../../model/fields.ts';
import { authorize, policyRulesOf, privilegedGroup, rulesOf, rulesOfReference, urlMatches } from './rbac.ts';
import type { PolicyRule } from './rbac.ts';
import { forbidden, goQuote, notFound, type StatusError } from '../http/status.ts';
import type { RbacReader, UserInfo } from '../types/types.ts';

const rbacGroup = 'rbac.authorization.k8s.io';

const fullAuthority: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: [], nonResourceURLs: [] },
  { verbs: ['*'], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: ['*'] },
];

/**
 * Returns the part of `rules` that the user does not have in the namespace (empty: at the cluster
 * scope): one rule for each resource, with the missing verbs.
 */
export function missingRules(
  reader: RbacReader,
  user: UserInfo,
  namespace: string,
  rules: readonly PolicyRule[],
): readonly PolicyRule[] {
  const held = policyRulesOf(reader, user, namespace);
  const missing = rules.flatMap(splitRule).filter((rule) => !held.some((owned) => covers(owned, rule)));
  return mergeVerbs(missing);
}

/**
 * Refuses a Role, ClusterRole, RoleBinding or ClusterRoleBinding that grants more rights than its
 * writer has, unless the writer has the verb `escalate` on the role or `bind` on it. Call it before
 * the object is created or replaced.
 * @param old the object before the change; undefined for a new one
 * @returns undefined if the write is allowed
 * @see
 *   https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping
 */
export function escalationError(
  reader: RbacReader,
  user: UserInfo,
  object: KubeObject,
  old?: KubeObject,
): StatusError | undefined {
  if (user.groups.includes(privilegedGroup)) return undefined;
  const namespace = stringAt(metadataOf(object), 'namespace');
  const isRole = object.kind === 'Role' || object.kind === 'ClusterRole';
  const resource = { group: rbacGroup, resource: `${object.kind.toLowerCase()}s` };
  const refuse = (why: string): StatusError => forbidden(resource, nameOf(object), why);
  const may = (verb: string, role: string, name: string): boolean =>
    authorize(reader, user, {
      kind: 'resource',
      verb,
      group: rbacGroup,
      version: '*',
      resource: role,
      subresource: '',
      namespace,
      name,
    }).allowed;

  if (isRole) {
    if (may('escalate', resource.resource, nameOf(object))) return undefined;
    const missing = missingRules(reader, user, namespace, rulesOf(object));
    if (missing.length > 0) return refuse(describeMissing(user, missing));
    const isAggregated = [object, old].some((role) => role !== undefined && hasAggregation(role));
    return isAggregated && missingRules(reader, user, namespace, fullAuthority).length > 0
      ? refuse('must have cluster-admin privileges to use the aggregationRule')
      : undefined;
  }

  const roleRef = objectAt(object, 'roleRef');
  const roleName = stringAt(roleRef, 'name');
  const roleResource = roleRef?.kind === 'Role' ? 'roles' : 'clusterroles';
  if (may('bind', roleResource, roleName)) return undefined;
  const rules = rulesOfReference(reader, roleRef, namespace);
  // The real server names the binding's type when the role does not exist.
  if (typeof rules === 'string') return notFound(resource, roleName);
  const missing = missingRules(reader, user, namespace, rules);
  return missing.length === 0 ? undefined : refuse(describeMissing(user, missing));
}

function describeMissing(user: UserInfo, missing: readonly PolicyRule[]): string {
  const lines = [...new Set(missing.map(ruleText))].sort();
  const who = `user ${goQuote(user.username)} (groups=${goList(user.groups)})`;
  return `${who} is attempting to grant RBAC permissions not currently held:\n${lines.join('\n')}`;
}

function ruleText(rule: PolicyRule): string {
  const parts: readonly (readonly [name: string, values: readonly string[]])[] = [
    ['APIGroups', rule.apiGroups],
    ['Resources', rule.resources],
    ['NonResourceURLs', rule.nonResourceURLs],
    ['ResourceNames', rule.resourceNames],
    ['Verbs', rule.verbs],
  ];
  const texts = parts
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => `${name}:${goList(values)}`);
  return `{${texts.join(', ')}}`;
}

function goList(values: readonly string[]): string {
  return `[${values.map(goQuote).join(' ')}]`;
}

function hasAggregation(role: JsonObject): boolean {
  return objectsAt(objectAt(role, 'aggregationRule'), 'clusterRoleSelectors').length > 0;
}

/**
 * Splits a rule into rules with at most one verb, resource and name each: a single other rule
 * covers such a rule, or none does.
 */
function splitRule(rule: PolicyRule): readonly PolicyRule[] {
  const none = { apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [] };
  const names = rule.resourceNames.length === 0 ? [[]] : rule.resourceNames.map((name) => [name]);
  const simple: PolicyRule[] = [];
  for (const group of rule.apiGroups) {
    for (const resource of rule.resources) {
      for (const verb of rule.verbs) {
        for (const resourceNames of names) {
          simple.push({ ...none, verbs: [verb], apiGroups: [group], resources: [resource], resourceNames });
        }
      }
    }
  }
  for (const url of rule.nonResourceURLs) {
    for (const verb of rule.verbs) simple.push({ ...none, verbs: [verb], nonResourceURLs: [url] });
  }
  return simple;
}

function covers(owned: PolicyRule, wanted: PolicyRule): boolean {
  const hasAll = (list: readonly string[], wantedList: readonly string[]): boolean =>
    list.includes('*') || wantedList.every((entry) => list.includes(entry));
  return (
    hasAll(owned.verbs, wanted.verbs) &&
    hasAll(owned.apiGroups, wanted.apiGroups) &&
    (owned.resources.includes('*') ||
      wanted.resources.every((resource) => coversResource(owned.resources, resource))) &&
    wanted.nonResourceURLs.every((url) =>
      owned.nonResourceURLs.some((ownedUrl) => urlMatches(ownedUrl, url)),
    ) &&
    (owned.resourceNames.length === 0 ||
      (wanted.resourceNames.length > 0 &&
        wanted.resourceNames.every((name) => owned.resourceNames.includes(name))))
  );
}

function coversResource(owned: readonly string[], resource: string): boolean {
  if (owned.includes(resource)) return true;
  const slash = resource.indexOf('/');
  return slash >= 0 && owned.includes(`*/${resource.slice(slash + 1)}`);
}

/** Joins the verbs of rules for the same resource. Rules for paths do not change. */
function mergeVerbs(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  const merged = new Map<string, PolicyRule>();
  for (const rule of rules) {
    const { verbs, ...rest } = rule;
    const key = rule.nonResourceURLs.length > 0 ? JSON.stringify(rule) : JSON.stringify(rest);
    const known = merged.get(key);
    merged.set(key, known === undefined ? rule : { ...rest, verbs: [...known.verbs, ...verbs] });
  }
  return [...merged.values()];
}

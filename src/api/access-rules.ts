// The rules that a user has, as `can-i --list` shows them: broken down, joined by type, sorted, each once. Entry point:
// accessRows(). Pure.

import type { AccessRule } from './access-review.ts';

/** One line: what, and which verbs. */
export interface AccessRow {
  /** `pods`, `deployments.apps/scale`, `*.*`; empty for a path. */
  readonly resource: string;
  readonly paths: readonly string[];
  readonly names: readonly string[];
  readonly verbs: readonly string[];
}

/**
 * kubectl's order and grouping. It repeats a line when several roles give the same right; here each stands once.
 * @see https://kubernetes.io/docs/reference/kubectl/generated/kubectl_auth/kubectl_auth_can-i/
 */
export function accessRows(rules: readonly AccessRule[]): AccessRow[] {
  const joined = new Map<string, AccessRule>();
  for (const rule of rules.flatMap(breakDown)) {
    const key = JSON.stringify([rule.apiGroups, rule.resources, rule.resourceNames, rule.nonResourceURLs]);
    const known = joined.get(key);
    // kubectl joins the verbs of types only; paths keep a line for each verb.
    if (rule.nonResourceURLs.length > 0) joined.set(`${key}${rule.verbs.join(',')}`, rule);
    else if (known === undefined) joined.set(key, rule);
    else joined.set(key, { ...known, verbs: [...new Set([...known.verbs, ...rule.verbs])] });
  }
  return [...joined.values()]
    .map((rule) => ({ rule, key: sortKey(rule) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ rule }) => ({
      resource: combine(rule.resources[0] ?? '', rule.apiGroups[0] ?? ''),
      paths: rule.nonResourceURLs,
      names: rule.resourceNames,
      verbs: rule.verbs,
    }));
}

/** Rules of one verb and one type, name or path each. */
function breakDown(rule: AccessRule): AccessRule[] {
  const names = rule.resourceNames.length > 0 ? rule.resourceNames.map((name) => [name]) : [[]];
  const nothing = { apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [] };
  return [
    ...rule.apiGroups.flatMap((group) =>
      rule.resources.flatMap((resource) =>
        rule.verbs.flatMap((verb) =>
          names.map((resourceNames) => ({
            ...nothing,
            verbs: [verb],
            apiGroups: [group],
            resources: [resource],
            resourceNames,
          })),
        ),
      ),
    ),
    ...rule.nonResourceURLs.flatMap((path) =>
      rule.verbs.map((verb) => ({ ...nothing, verbs: [verb], nonResourceURLs: [path] })),
    ),
  ];
}

/** kubectl sorts by Go's text of a PolicyRule, so by verbs first. */
function sortKey({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: AccessRule): string {
  const list = (values: readonly string[]): string => `[${values.join(' ')}]`;
  return (
    `Verbs:${list(verbs)},APIGroups:${list(apiGroups)},Resources:${list(resources)},` +
    `ResourceNames:${list(resourceNames)},NonResourceURLs:${list(nonResourceURLs)},`
  );
}

/** The group goes between type and subresource: `deployments.apps/scale`. */
function combine(resource: string, group: string): string {
  if (group === '') return resource;
  const slash = resource.indexOf('/');
  return slash < 0 ? `${resource}.${group}` : `${resource.slice(0, slash)}.${group}${resource.slice(slash)}`;
}

// Arranges the rules of a user as `can-i --list` shows them: split, joined by type, sorted, without
// duplicates. Entry point: accessRows(). Pure.

import type { AccessRule } from './access-review.ts';

/** One line of the list. */
export interface AccessRow {
  /** `pods`, `deployments.apps/scale`, `*.*`. Empty for a path. */
  readonly resource: string;
  readonly paths: readonly string[];
  readonly names: readonly string[];
  readonly verbs: readonly string[];
}

/**
 * Returns the lines in kubectl's order and grouping. kubectl repeats a line if several roles grant
 * the same permission; kapi lists it once.
 * @see https://kubernetes.io/docs/reference/kubectl/generated/kubectl_auth/kubectl_auth_can-i/
 */
export function accessRows(rules: readonly AccessRule[]): AccessRow[] {
  const joined = new Map<string, AccessRule>();
  for (const rule of rules.flatMap(breakDown)) {
    const key = JSON.stringify([rule.apiGroups, rule.resources, rule.resourceNames, rule.nonResourceURLs]);
    const known = joined.get(key);
    // kubectl joins verbs only for types. Paths have one line for each verb.
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

/** Splits a rule into rules with one verb and one type, name or path each. */
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

/** Returns the sort key. kubectl sorts by Go's text of a PolicyRule, so by verbs first. */
function sortKey({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: AccessRule): string {
  const list = (values: readonly string[]): string => `[${values.join(' ')}]`;
  return (
    `Verbs:${list(verbs)},APIGroups:${list(apiGroups)},Resources:${list(resources)},` +
    `ResourceNames:${list(resourceNames)},NonResourceURLs:${list(nonResourceURLs)},`
  );
}

/** Joins type and group. The group is between type and subresource: `deployments.apps/scale`. */
function combine(resource: string, group: string): string {
  if (group === '') return resource;
  const slash = resource.indexOf('/');
  return slash < 0 ? `${resource}.${group}` : `${resource.slice(0, slash)}.${group}${resource.slice(slash)}`;
}

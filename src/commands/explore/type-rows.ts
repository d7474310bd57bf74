// Resource types as rows, with the verbs that the user has. Entry points: typeRows(), typeTitles.
// Pure.

import type { AccessRules } from '../../api/access-review.ts';
import { versionsByPreference, type ApiGroup } from '../../api/groups.ts';
import { apiVersionOf, groupResourceOf, type ResourceType } from '../../model/resource.ts';
import type { RowTarget } from '../../tui/explore-model.ts';
import type { ListRow } from '../../tui/list-view.ts';
import type { Place } from '../../tui/place.ts';

export const typeTitles = ['NAME', 'YOU MAY', 'KIND', 'NAMESPACED', 'SHORT', 'VERSION', 'VERBS'] as const;

/** The types of a place: of one group version, or each type of the server once. */
export function typesOf(
  groups: readonly ApiGroup[],
  place: Place & { readonly kind: 'types' },
): ResourceType[] {
  const chosen = groups.filter(({ name }) => place.group === undefined || name === place.group);
  return chosen.flatMap((group) => {
    const versions = versionsByPreference(group);
    if (place.version !== undefined)
      return versions.filter(({ version }) => version === place.version).flatMap(({ types }) => types);
    const seen = new Set<string>();
    return versions
      .flatMap(({ types }) => types)
      .filter(({ resource }) => !seen.has(resource) && seen.add(resource));
  });
}

/**
 * @param rules undefined: not known yet
 * @param scope namespace in which lists begin; undefined: all
 */
export function typeRows(
  types: readonly ResourceType[],
  rules: AccessRules | undefined,
  scope: string | undefined,
): ListRow<RowTarget>[] {
  return types.map((type) => ({
    key: `${groupResourceOf(type)} ${type.version}`,
    cells: [
      groupResourceOf(type),
      rules === undefined ? '…' : verbsText(type, rules),
      type.kind,
      String(type.namespaced),
      type.shortNames.join(','),
      apiVersionOf(type),
      type.verbs.join(','),
    ],
    data: {
      place: type.verbs.includes('list')
        ? { kind: 'objects', type, namespace: type.namespaced ? scope : undefined }
        : undefined,
    },
  }));
}

/** `all`, the verbs, or `-`; with `?` where an authorizer does not tell what it allows. */
export function verbsText(type: ResourceType, { rules, incomplete }: AccessRules): string {
  const allowed = new Set(
    rules
      .filter(
        ({ apiGroups, resources, resourceNames }) =>
          resourceNames.length === 0 &&
          (apiGroups.includes('*') || apiGroups.includes(type.group)) &&
          (resources.includes('*') || resources.includes(type.resource)),
      )
      .flatMap(({ verbs }) => verbs),
  );
  const has = type.verbs.filter((verb) => allowed.has('*') || allowed.has(verb));
  const doubt = incomplete ? '?' : '';
  if (has.length === type.verbs.length && has.length > 0) return 'all';
  return has.length === 0 ? `-${doubt}` : `${has.join(',')}${doubt}`;
}

// What is said when an API group that was asked for is not there.

import { suggested } from '../model/suggestion.ts';
import type { ApiSurface } from '../api/groups.ts';
import { UsageError, type KapiError } from '../errors.ts';
import { nearest } from '../model/nearest.ts';

/** An error with the groups that may have been meant; what the list of groups failed with where it could not be read. */
export function unknownGroup(group: string, { groups, problems }: ApiSurface): KapiError {
  const missing = problems.find(({ groupVersion }) => groupVersion === (group === '' ? '/api' : '/apis'));
  if (missing?.error !== undefined) return missing.error;
  const near = nearest(
    group,
    groups.map(({ name }) => name).filter((name) => name !== ''),
  );
  // People write `rbac` for rbac.authorization.k8s.io.
  const beginning = groups
    .map(({ name }) => name)
    .filter((name) => group !== '' && name.startsWith(`${group}.`));
  const suggestions = [...new Set([...beginning, ...near])];
  return new UsageError(`the server has no API group "${group}"`, {
    code: 'UnknownGroup',
    hint:
      suggestions.length > 0
        ? `did you mean ${suggestions.join(' or ')}?`
        : `${suggested('groups')} lists them`,
  });
}

// The error for an API group that does not exist.

import { suggested } from '../model/suggestion.ts';
import type { ApiSurface } from '../api/groups.ts';
import { UsageError, type KapiError } from '../errors.ts';
import { nearest } from '../model/nearest.ts';

/** Makes an error with similar groups, or returns the error of reading the list of groups. */
export function unknownGroup(group: string, { groups, problems }: ApiSurface): KapiError {
  const missing = problems.find(({ groupVersion }) => groupVersion === (group === '' ? '/api' : '/apis'));
  if (missing?.error !== undefined) return missing.error;
  const near = nearest(
    group,
    groups.map(({ name }) => name).filter((name) => name !== ''),
  );
  // Users write `rbac` for rbac.authorization.k8s.io.
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

// The error for an API group that does not exist.

import { suggested } from '../model/suggestion.ts';
import type { ApiSurface } from '../api/groups.ts';
import { UsageError, type KapiError } from '../errors.ts';
import { nearest } from '../model/nearest.ts';

/**
 * Returns the error, with similar names in its hint. If the list of groups could not be read,
 * returns that error instead.
 */
export function unknownGroup(group: string, { groups, problems }: ApiSurface): KapiError {
  const missing = problems.find(({ groupVersion }) => groupVersion === (group === '' ? '/api' : '/apis'));
  if (missing?.error !== undefined) return missing.error;
  const near = nearest(
    group,
    groups.map(({ name }) => name).filter((name) => name !== ''),
  );
  // Users write `rbac` for rbac.authorization.k8s.io.
  const withPrefix = groups
    .map(({ name }) => name)
    .filter((name) => group !== '' && name.startsWith(`${group}.`));
  const suggestions = [...new Set([...withPrefix, ...near])];
  return new UsageError(`the server has no API group "${group}"`, {
    code: 'UnknownGroup',
    hint:
      suggestions.length > 0
        ? `did you mean ${suggestions.join(' or ')}?`
        : `${suggested('groups')} lists the groups`,
  });
}

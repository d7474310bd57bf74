// Finds the type in the first words of an argument: `deploy.apps.spec` is a type with its group and
// one field. Entry point: typeAtFront(), a pure function.

import { resolveName } from '../../api/resolve.ts';
import type { ApiGroup } from '../../api/groups.ts';
import type { ResourceType } from '../../model/resource.ts';

/** A type and the remaining words, which are fields. */
export interface TypeAndFields {
  readonly type: ResourceType;
  readonly fields: readonly string[];
}

/**
 * Finds the longest prefix that names a type: the group or version of a type is not a field of
 * another type.
 * @param find returns the type of a name, or undefined
 */
export function typeAtFront(
  words: readonly string[],
  find: (name: string) => ResourceType | undefined,
): TypeAndFields | undefined {
  for (let length = words.length; length > 0; length--) {
    const type = find(words.slice(0, length).join('.'));
    if (type !== undefined) return { type, fields: words.slice(length) };
  }
  return undefined;
}

/**
 * Resolves names like kubectl, but a group must be complete: `pods.s` does not mean pods of a group
 * that begins with s.
 */
export function findExactly(groups: readonly ApiGroup[]): (name: string) => ResourceType | undefined {
  return (name) => {
    const type = resolveName(name, groups)?.type;
    const [, ...rest] = name.toLowerCase().split('.');
    const suffix = rest.join('.');
    if (type === undefined || suffix === '') return type;
    return [type.group, `${type.version}.${type.group}`].includes(suffix) ? type : undefined;
  };
}

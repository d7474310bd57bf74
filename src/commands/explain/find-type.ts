// Which type the first words of an argument name: `deploy.apps.spec` is a type with its group and one field. Entry point:
// typeAtFront(), a pure function.

import { resolveName } from '../../api/resolve.ts';
import type { ApiGroup } from '../../api/groups.ts';
import type { ResourceType } from '../../model/resource.ts';

/** A type and the words that are left for fields. */
export interface TypeAndFields {
  readonly type: ResourceType;
  readonly fields: readonly string[];
}

/**
 * The longest beginning that names a type: a type's own group or version is no field of another type.
 * @param find what a name means, undefined where it means nothing
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

/** Like kubectl's names, but a group must stand in full: `pods.s` is not the pods of a group that begins with s. */
export function findExactly(groups: readonly ApiGroup[]): (name: string) => ResourceType | undefined {
  return (name) => {
    const type = resolveName(name, groups)?.type;
    const [, ...rest] = name.toLowerCase().split('.');
    const suffix = rest.join('.');
    if (type === undefined || suffix === '') return type;
    return [type.group, `${type.version}.${type.group}`].includes(suffix) ? type : undefined;
  };
}

// Messages about types of the same name in several groups. Pure.

import { groupResourceOf, type ResourceType } from '../model/resource.ts';

/**
 * Lists the other types that a name can refer to.
 * @returns undefined if there are none
 */
export function namesakesText(type: ResourceType, others: readonly ResourceType[]): string | undefined {
  return others.length === 0
    ? undefined
    : `${type.resource} means ${groupResourceOf(type)} here; there is also ${others.map(groupResourceOf).join(', ')}`;
}

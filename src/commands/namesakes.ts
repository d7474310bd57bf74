// Words for types of one name in several groups. Pure.

import { groupResourceOf, type ResourceType } from '../model/resource.ts';

/**
 * Names the other types that a name also means.
 * @returns undefined where there are none
 */
export function namesakesText(type: ResourceType, others: readonly ResourceType[]): string | undefined {
  return others.length === 0
    ? undefined
    : `${type.resource} means ${groupResourceOf(type)} here; there is also ${others.map(groupResourceOf).join(', ')}`;
}

// Finds functions by name. Entry points: overloadsOf(), nearestFunctions(). Pure.

import { nearest } from '../model/nearest.ts';
import { conversions } from './arithmetic.ts';
import { collectionFunctions } from './collections.ts';
import { kubernetesFunctions } from './kubernetes.ts';
import type { Overload } from './overload.ts';
import { textFunctions } from './text.ts';
import { timeFunctions } from './time.ts';

const byName = new Map<string, Overload[]>();
for (const overload of [
  ...conversions,
  ...textFunctions,
  ...timeFunctions,
  ...collectionFunctions,
  ...kubernetesFunctions,
]) {
  const known = byName.get(overload.name);
  if (known === undefined) byName.set(overload.name, [overload]);
  else known.push(overload);
}

/** Names of macros: calls whose arguments are not values. */
export const macroNames = [
  'has',
  'all',
  'exists',
  'existsOne',
  'exists_one',
  'map',
  'filter',
  'transformList',
  'transformMap',
  'transformMapEntry',
  'optMap',
  'optFlatMap',
  'sortBy',
];

/** Returns all functions of a name. */
export function overloadsOf(name: string): readonly Overload[] {
  return byName.get(name) ?? [];
}

/** Returns functions with names similar to a word. */
export function nearestFunctions(word: string): readonly string[] {
  return nearest(word, [...byName.keys(), ...macroNames]);
}

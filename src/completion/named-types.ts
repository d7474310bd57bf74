// Finds the types and objects that the arguments of a line name. Entry points: objectArguments(),
// typesOf(). Pure.

import type { Completes } from '../commands/spec.ts';
import type { Line } from './line.ts';

export interface NamedObjects {
  /** The types as typed. */
  readonly types: readonly string[];
  /** Objects that the line already names. The whole word for `TYPE/NAME`. */
  readonly names: readonly string[];
  /** True if objects are written `TYPE/NAME`. */
  readonly slashed: boolean;
}

const namesTypes: readonly (Completes | undefined)[] = ['type', 'target', 'path-or-target', 'right', 'field'];

/** Returns the named objects. Undefined if the line names no type yet, or a path instead. */
export function objectArguments({ spec, words }: Line): NamedObjects | undefined {
  const at = spec?.arguments.findIndex(({ completes }) => namesTypes.includes(completes)) ?? -1;
  const first = words[at];
  if (first === undefined || first.startsWith('/')) return undefined;
  const slashed = first.includes('/');
  const after = words.slice(at + 1);
  return slashed
    ? { types: [first.slice(0, first.indexOf('/'))], names: [first, ...after], slashed }
    : { types: first.split(','), names: after, slashed };
}

/** Returns the one type of the line's objects. `pods` for commands about pods. */
export function typeOf(line: Line): string | undefined {
  if (line.spec?.arguments.some(({ completes }) => completes === 'pod') === true) return 'pods';
  return objectArguments(line)?.types[0];
}

/** True if the output is one object and not a list. */
export function isOneObject(line: Line): boolean {
  const { types = [], names = [] } = objectArguments(line) ?? {};
  return line.spec?.name === 'watch' || (types.length === 1 && names.length === 1);
}

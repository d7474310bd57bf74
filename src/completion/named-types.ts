// Which types and objects the arguments of a line name, whatever the command. Entry points: objectArguments(), typesOf(). Pure.

import type { Completes } from '../commands/spec.ts';
import type { Line } from './line.ts';

export interface NamedObjects {
  /** As typed. */
  readonly types: readonly string[];
  /** Objects that are named already; of `TYPE/NAME` the whole word. */
  readonly names: readonly string[];
  /** Objects are written `TYPE/NAME`. */
  readonly slashed: boolean;
}

const namesTypes: readonly (Completes | undefined)[] = ['type', 'target', 'path-or-target', 'right', 'field'];

/** Undefined where no type is named yet, or a path instead. */
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

/** The one type whose objects a line is about; `pods` for commands about pods. */
export function typeOf(line: Line): string | undefined {
  if (line.spec?.arguments.some(({ completes }) => completes === 'pod') === true) return 'pods';
  return objectArguments(line)?.types[0];
}

/** Whether output is of one object, not of a list. */
export function isOneObject(line: Line): boolean {
  const { types = [], names = [] } = objectArguments(line) ?? {};
  return line.spec?.name === 'watch' || (types.length === 1 && names.length === 1);
}

// The declaration of a function: its signature and implementation. Entry points: globalFunction(),
// memberFunction(). Pure.

import { parseType, splitTypes, type Type } from './types.ts';
import type { Fault, Value } from './values.ts';
import type { Budget } from './budget.ts';

/** What a function can use in addition to its arguments. */
export interface CallContext {
  readonly budget: Budget;
  /** Clock for `now()`. */
  readonly now: () => Date;
}

export type Operation = (values: readonly Value[], context: CallContext) => Value | Fault;

export interface Overload {
  /** `size`, `sets.contains` */
  readonly name: string;
  /** True if the first parameter is the value before the dot. */
  readonly isMember: boolean;
  readonly parameters: readonly Type[];
  readonly result: Type;
  readonly run: Operation;
}

/**
 * Declares a global function.
 * @param signature `size(list(A)): int`, `sets.contains(list(A), list(A)): bool`
 */
export function globalFunction(signature: string, run: Operation): Overload {
  const match = /^([\w.]+)\((.*)\): (.+)$/.exec(signature);
  const [, name = '', parameters = '', result = ''] = match ?? [];
  return {
    name,
    isMember: false,
    parameters: splitTypes(parameters).map(parseType),
    result: parseType(result),
    run,
  };
}

/**
 * Declares a function that is called on a value.
 * @param target the type before the dot
 * @param signature `startsWith(string): bool`
 * @param run gets the value before the dot as its first argument
 */
export function memberFunction(target: string, signature: string, run: Operation): Overload {
  const declared = globalFunction(signature, run);
  return { ...declared, isMember: true, parameters: [parseType(target), ...declared.parameters] };
}

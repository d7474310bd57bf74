// Compiles a CEL expression to evaluate on objects. Entry point: compileCel(). Pure except for
// now(), which the caller passes.

import type { JsonObject } from '../model/object.ts';
import { Budget } from './budget.ts';
import { compileNode, type Frame } from './compile.ts';
import { parseCel } from './parser.ts';
import { CelSyntaxError, type Node } from './syntax.ts';
import { typeText } from './types.ts';
import type { Fault, Value } from './values.ts';

/** A field of the object that an expression names, and where it does so first. */
export interface FieldUse {
  readonly name: string;
  /** Number of UTF-16 units before the name. */
  readonly at: number;
}

export interface CelExpression {
  readonly text: string;
  readonly tree: Node;
  /** The type of the result as far as known: `bool`, `dyn`, `list(string)`. */
  readonly type: string;
  /** Top-level fields that the expression uses as variables, in the order of their first use. */
  readonly fields: readonly FieldUse[];
  /**
   * Evaluates the expression on one object. Never throws: a failure is a {@link Fault}. The fields
   * of the object are variables, and `self` and `object` are the whole object.
   */
  evaluate(object: JsonObject): Value | Fault;
}

/**
 * Compiles an expression.
 * @param options.now clock for `now()`
 * @param options.isCondition true if the result must be known to be a bool
 * @throws CelSyntaxError with the position if the expression is not valid
 * @see https://kubernetes.io/docs/reference/using-api/cel/
 */
export function compileCel(
  text: string,
  { now, isCondition }: { readonly now: () => Date; readonly isCondition: boolean },
): CelExpression {
  const tree = parseCel(text);
  const fields = new Map<string, FieldUse>();
  const { type, run } = compileNode(tree, {
    variables: new Map(),
    depth: 0,
    field: (name, at) => {
      if (!fields.has(name)) fields.set(name, { name, at });
    },
  });
  if (isCondition && typeText(type) !== 'bool') {
    const hint = type.kind === 'dyn' ? ': compare it with something, such as == true' : '';
    throw new CelSyntaxError(`must evaluate to bool but got ${typeText(type)}${hint}`, tree.at);
  }
  const frame: Frame = { object: {}, budget: new Budget(), now, slots: [] };
  return {
    text,
    tree,
    type: typeText(type),
    fields: [...fields.values()],
    evaluate(object) {
      frame.object = object;
      frame.budget.reset();
      return run(frame);
    },
  };
}

// CEL: results of expressions, and messages for those that fail.

import { describe, expect, it } from 'vitest';
import { compileCel } from '../../../src/cel/expression.ts';
import { CelSyntaxError, pointAt } from '../../../src/cel/syntax.ts';
import { Fault, type Value } from '../../../src/cel/values.ts';
import type { JsonObject } from '../../../src/model/object.ts';
import { celExpressions, celObject, type CelResult } from '../../cel-expressions.ts';

const now = (): Date => new Date('2026-02-01T00:00:00Z');

function evaluate(text: string, object: JsonObject = celObject, isCondition = false): Value | Fault {
  return compileCel(text, { now, isCondition }).evaluate(object);
}

function faultOf(text: string, object?: JsonObject): Fault {
  const value = evaluate(text, object);
  if (!(value instanceof Fault)) throw new Error(`${text} has a value`);
  return value;
}

function refusal(text: string): CelSyntaxError {
  try {
    compileCel(text, { now, isCondition: true });
  } catch (thrown) {
    if (thrown instanceof CelSyntaxError) return thrown;
    throw thrown;
  }
  throw new Error(`${text} is accepted`);
}

/** Names that only kapi reads as fields: `object` is the one variable of an admission policy. */
function resultOf(text: string): CelResult {
  try {
    const expression = compileCel(text, { now, isCondition: true });
    if (expression.fields.length > 0) return 'invalid';
    const value = expression.evaluate(celObject);
    if (typeof value === 'boolean') return value;
    if (!(value instanceof Fault)) throw new Error(`${text} is neither true nor false`);
    return value.reason === 'missing' ? 'missing' : 'failed';
  } catch (thrown) {
    if (thrown instanceof CelSyntaxError) return 'invalid';
    throw thrown;
  }
}

describe('literals', () => {
  it.each(['int("x") > 1', 'uint(-1) > 0u', 'true || bool("y")'])(
    'that cannot be converted are refused before an object is judged: %s',
    (text) => {
      expect(refusal(text)).toBeInstanceOf(CelSyntaxError);
    },
  );

  it('of several types are allowed in the arguments of format() only', () => {
    expect(evaluate('"%s %d".format(["a", 1])')).toBe('a 1');
    expect(refusal('["a", 1].size() == 2')).toBeInstanceOf(CelSyntaxError);
  });

  it('with equal keys make a map with the last value', () => {
    expect(evaluate('{"a": 1, "a": 2}.a == 2 && {"a": 1, "a": 2}.size() == 1')).toBe(true);
  });
});

describe('expressions have the result of the API server', () => {
  it.each(celExpressions)('%s: %s', (expected, text) => {
    expect(resultOf(text)).toBe(expected);
  });
});

describe('fields of the object are variables', () => {
  it('knows them with and without self and object', () => {
    for (const text of ['spec.replicas', 'self.spec.replicas', 'object.spec.replicas', '.spec.replicas']) {
      expect(evaluate(`${text} == 3`)).toBe(true);
    }
  });

  it('lists those that an expression uses, with the position of the first use', () => {
    const { fields } = compileCel('spec.a == 1 && status.phase == spec.b && [1].all(x, x > spec.c)', {
      now,
      isCondition: true,
    });
    expect(fields).toEqual([
      { name: 'spec', at: 0 },
      { name: 'status', at: 15 },
    ]);
  });

  it('prefers a variable of a macro to a field of the same name', () => {
    expect(evaluate('[1, 2].all(spec, spec < 3)')).toBe(true);
    expect(evaluate('[1].all(a, [2].all(b, [3].all(c, a < b && b < c)))')).toBe(true);
  });

  it('does not find properties that every JavaScript object inherits', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      expect(evaluate(`has(spec.${name})`)).toBe(false);
      expect(faultOf(`spec.${name} == 1`).reason).toBe('missing');
      expect(faultOf(`spec["${name}"] == 1`).reason).toBe('missing');
    }
  });

  it('has now() from the clock', () => {
    expect(evaluate('now() - timestamp(spec.since) > duration("11h")')).toBe(true);
    expect(evaluate('string(now())')).toBe('2026-02-01T00:00:00Z');
  });
});

describe('integers', () => {
  it('are exact beyond 2^53', () => {
    const object = { spec: { big: 9007199254740993n } };
    expect(evaluate('spec.big == 9007199254740993', object)).toBe(true);
    expect(evaluate('spec.big == 9007199254740992', object)).toBe(false);
  });
});

describe('errors point into the expression', () => {
  it.each([
    ['spec.replicas = 3', 14, 'unexpected "=": the operator is =='],
    ['spec.replicas == 3 & true', 19, 'unexpected "&": the operator is &&'],
    ['spec.name == "a', 13, 'the text is not closed: its quote is missing'],
    ['spec.', 5, 'the expression ends too early, a field name is expected'],
    ['spec.words.exist(w, true)', 11, "undeclared reference to 'exist': did you mean exists?"],
    [
      'contains(spec.image, "x")',
      0,
      "undeclared reference to 'contains': it is called on a value, as in x.contains()",
    ],
    ['spec.memory.quantity() == 1', 12, "undeclared reference to 'quantity': it is called as quantity(x)"],
    ['1 + "a" == 2', 2, "found no matching overload for '_+_' applied to '(int, string)'"],
    [
      'spec.image.matches("(")',
      19,
      'invalid regular expression: error parsing regexp: missing closing ): `(`',
    ],
    ['spec.paused', 5, 'must evaluate to bool but got dyn: compare it with something, such as == true'],
    ['size(spec.words)', 0, 'must evaluate to bool but got int'],
    ['', 0, 'the expression is empty'],
    ['has(spec)', 0, 'invalid argument to has() macro: it takes a field, as in has(spec.nodeName)'],
    ['namespace == "x"', 0, 'reserved identifier: namespace'],
  ])('%s', (text, at, message) => {
    const error = refusal(text);
    expect([error.message, error.at]).toEqual([message, at]);
  });

  it('reports where an evaluation failed', () => {
    expect(faultOf('true && spec.replicas < "x"')).toMatchObject({ message: 'no such overload', at: 22 });
    expect(faultOf('int(spec.image) == 1')).toMatchObject({ at: 0, reason: 'failed' });
    expect(faultOf('1 == 1 && spec.deep.er == 1')).toMatchObject({ at: 15, message: 'no such key: deep' });
  });

  it('shows the line with a caret', () => {
    expect(pointAt('a == 1 &&\n  b = 2', 14)).toBe('  b = 2\n    ^');
    expect(
      pointAt(`${'x'.repeat(200)}= 1`, 200)
        .split('\n')
        .map((line) => line.length),
    ).toEqual([67, 65]);
  });
});

describe('hostile expressions end', () => {
  it.each([
    'lists.range(1000000000).size() > 0',
    'lists.range(1000).all(a, lists.range(1000).all(b, lists.range(1000).all(c, true)))',
    '[1,2,3,4,5,6,7,8,9].all(a,[1,2,3,4,5,6,7,8,9].all(b,[1,2,3,4,5,6,7,8,9].all(c,[1,2,3,4,5,6,7,8,9].all(d,[1,2,3,4,5,6,7,8,9].all(e,[1,2,3,4,5,6,7,8,9].all(f,[1,2,3,4,5,6,7,8,9].all(g, true)))))))',
    `spec.image.replace("", "${'x'.repeat(1000)}")${'.replace("x", "xxxxxxxxxxxxxxxx")'.repeat(6)} == ""`,
    'lists.range(900).map(a, lists.range(900)).flatten().distinct().size() > 0',
  ])('%s', (text) => {
    expect(faultOf(text).reason).toBe('cost');
  });

  it('does not backtrack in regular expressions', () => {
    expect(evaluate(`"${'a'.repeat(5000)}!".matches("^(a+)+$")`)).toBe(false);
    expect(refusal('spec.image.matches("((a{100}){100}){100}")').message).toContain('large');
  });

  it('refuses expressions that are too deep or too long', () => {
    expect(refusal(`${'('.repeat(5000)}1`).message).toContain('nested more than 250 deep');
    expect(refusal(`${'!'.repeat(5000)}true`).message).toContain('nested');
    expect(refusal(`a${'.b'.repeat(5000)}`).message).toContain('nested');
    expect(refusal(`true${' || true'.repeat(5000)}`).message).toContain('too many terms');
    expect(refusal(`"${'a'.repeat(200_000)}" == ""`).message).toContain('longer than 100000');
  });
});

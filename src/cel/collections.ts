// Functions of lists, maps, sets and optionals. Entry point: collectionFunctions. Pure.

import { operate, tooCostly } from './arithmetic.ts';
import {
  globalFunction,
  memberFunction,
  type CallContext,
  type Operation,
  type Overload,
} from './overload.ts';
import {
  CelMap,
  compare,
  Double,
  Duration,
  Fault,
  isEqual,
  isList,
  isPlainObject,
  none,
  noOverload,
  normal,
  Optional,
  sizeOf,
  typeName,
  Uint,
  type Element,
  type List,
  type Value,
} from './values.ts';

const size: Operation = ([value = null]) => {
  if (typeof value === 'string') {
    return BigInt(/[\ud800-\udfff]/.test(value) ? Array.from(value).length : value.length);
  }
  if (value instanceof Uint8Array) return BigInt(value.length);
  if (isList(value) || value instanceof CelMap || isPlainObject(value)) return BigInt(sizeOf(value));
  return noOverload;
};

/** Declares a function of a list that spends a step for each element. */
function ofList(
  target: string,
  signature: string,
  run: (list: List, rest: readonly Value[], context: CallContext) => Value | Fault,
): Overload {
  return memberFunction(target, signature, ([list, ...rest], context) => {
    if (list === undefined || !isList(list)) return noOverload;
    if (!context.budget.spend(list.length)) return tooCostly;
    return run(list, rest, context);
  });
}

/** Element types with an order: each has its own signature. */
const comparable = ['int', 'uint', 'double', 'bool', 'duration', 'timestamp', 'string', 'bytes'];
const summable: Readonly<Record<string, Value>> = {
  int: 0n,
  uint: new Uint(0n),
  double: new Double(0),
  duration: new Duration(0n),
};

function isSorted(list: List): Value | Fault {
  for (let at = 1; at < list.length; at++) {
    const order = compare(normal(list[at - 1]), normal(list[at]));
    if (order instanceof Fault) return order;
    if (order > 0) return false;
  }
  return true;
}

function extreme(name: 'min' | 'max'): (list: List) => Value | Fault {
  return (list) => {
    if (list.length === 0) return new Fault(`${name} called on empty list`);
    let best = normal(list[0]);
    for (const element of list) {
      const value = normal(element);
      const order = compare(best, value);
      if (order instanceof Fault) return order;
      if (name === 'min' ? order > 0 : order < 0) best = value;
    }
    return best;
  };
}

function sum(zero: Value): (list: List, rest: readonly Value[], context: CallContext) => Value | Fault {
  return (list, _, context) => {
    let total: Value = zero;
    for (const element of list) {
      const next: Value | Fault = operate('+', total, normal(element), context);
      if (next instanceof Fault) return next;
      total = next;
    }
    return total;
  };
}

function flatten(list: List, depth: number): List {
  return list.flatMap((element) => {
    const value = normal(element);
    return isList(value) && depth > 0 ? flatten(value, depth - 1) : [element];
  });
}

function countNested(list: List, depth: number): number {
  return list.reduce<number>((total, element) => {
    const value = normal(element);
    return total + 1 + (isList(value) && depth > 0 ? countNested(value, depth - 1) : 0);
  }, 0);
}

function flattenCall(list: List, rest: readonly Value[], { budget }: CallContext): Value | Fault {
  const depth = typeof rest[0] === 'bigint' ? Number(rest[0]) : 1;
  if (depth < 0) return new Fault('level must be non-negative');
  return budget.spend(countNested(list, depth)) ? flatten(list, depth) : tooCostly;
}

function sliceCall(list: List, [start = 0n, end = 0n]: readonly Value[]): Value | Fault {
  const [from, to] = [Number(start), Number(end)];
  const call = `cannot slice(${from}, ${to})`;
  if (from < 0 || to < 0) return new Fault(`${call}, negative indexes not supported`);
  if (from > to) return new Fault(`${call}, start index must be less than or equal to end index`);
  return to > list.length ? new Fault(`${call}, list is length ${list.length}`) : list.slice(from, to);
}

function distinct(list: List, _: readonly Value[], { budget }: CallContext): Value | Fault {
  const kept: Element[] = [];
  for (const element of list) {
    if (!budget.spend(kept.length)) return tooCostly;
    const value = normal(element);
    if (!kept.some((one) => isEqual(normal(one), value))) kept.push(element);
  }
  return kept;
}

/**
 * Sorts a list by keys of the same length.
 * @param keys of one type that has an order
 */
export function sortByKeys(list: List, keys: List, { budget }: CallContext): Value | Fault {
  if (!budget.spend(list.length * Math.ceil(Math.log2(list.length + 2)))) return tooCostly;
  const [first] = keys;
  if (first === undefined) return list;
  const type = typeName(normal(first));
  let fault: Fault | undefined;
  if (compare(normal(first), normal(first)) instanceof Fault)
    return new Fault('list elements must be comparable');
  if (keys.some((key) => typeName(normal(key)) !== type)) {
    return new Fault('list elements must have the same type');
  }
  const order = list.map((_, at) => at);
  order.sort((a, b) => {
    const result = compare(normal(keys[a]), normal(keys[b]));
    if (typeof result === 'number') return result;
    fault ??= result;
    return 0;
  });
  return fault ?? order.map((at) => list[at]);
}

function inSet(list: List, value: Element): boolean {
  return list.some((one) => isEqual(normal(one), normal(value)));
}

function ofSets(name: string, run: (a: List, b: List) => boolean): Overload {
  return globalFunction(`sets.${name}(list(T), list(T)): bool`, ([a, b], { budget }) => {
    if (a === undefined || b === undefined || !isList(a) || !isList(b)) return noOverload;
    return budget.spend(2 * a.length * b.length) ? run(a, b) : tooCostly;
  });
}

function isZero(value: Value): boolean {
  if (value === null || value === false || value === 0n || value === '') return true;
  if (value instanceof Uint) return value.value === 0n;
  if (value instanceof Double) return value.value === 0;
  if (value instanceof Duration) return value.nanos === 0n;
  if (value instanceof Uint8Array) return value.length === 0;
  if (value instanceof Optional) return value.value === undefined;
  if (isList(value) || value instanceof CelMap || isPlainObject(value)) return sizeOf(value) === 0;
  return false;
}

const unwrap: Operation = ([list]) => {
  if (list === undefined || !isList(list)) return noOverload;
  const values: Value[] = [];
  for (const element of list) {
    if (!(element instanceof Optional)) return noOverload;
    if (element.value !== undefined) values.push(element.value);
  }
  return values;
};

function at(list: List, index: number): Optional {
  const element = list[index];
  return list.length === 0 || element === undefined ? none : new Optional(normal(element));
}

/** Functions of lists, maps, sets and optionals. */
export const collectionFunctions: readonly Overload[] = [
  ...['string', 'bytes', 'list(A)', 'map(A, B)'].flatMap((type) => [
    globalFunction(`size(${type}): int`, size),
    memberFunction(type, 'size(): int', size),
  ]),
  ...comparable.flatMap((type) => [
    ofList(`list(${type})`, 'isSorted(): bool', isSorted),
    ofList(`list(${type})`, `min(): ${type}`, extreme('min')),
    ofList(`list(${type})`, `max(): ${type}`, extreme('max')),
    ofList(`list(${type})`, `sort(): list(${type})`, (list, _, context) => sortByKeys(list, list, context)),
  ]),
  ...Object.entries(summable).map(([type, zero]) => ofList(`list(${type})`, `sum(): ${type}`, sum(zero))),
  ofList('list(A)', 'indexOf(A): int', (list, [value = null]) =>
    BigInt(list.findIndex((one) => isEqual(normal(one), value))),
  ),
  ofList('list(A)', 'lastIndexOf(A): int', (list, [value = null]) =>
    BigInt(list.findLastIndex((one) => isEqual(normal(one), value))),
  ),
  ofList('list(A)', 'distinct(): list(A)', distinct),
  ofList('list(A)', 'reverse(): list(A)', (list) => list.toReversed()),
  ofList('list(A)', 'slice(int, int): list(A)', sliceCall),
  ofList('list(list(A))', 'flatten(): list(A)', flattenCall),
  ofList('list(dyn)', 'flatten(int): list(dyn)', flattenCall),
  ofList('list(A)', 'first(): optional(A)', (list) => at(list, 0)),
  ofList('list(A)', 'last(): optional(A)', (list) => at(list, list.length - 1)),
  ofList('list(optional(A))', 'unwrapOpt(): list(A)', (list, _, context) => unwrap([list], context)),
  globalFunction('lists.range(int): list(int)', ([count], { budget }) => {
    if (typeof count !== 'bigint') return noOverload;
    const length = count < 0n ? 0 : Number(count);
    return budget.spend(length) ? Array.from({ length }, (_, index) => BigInt(index)) : tooCostly;
  }),
  ofSets('contains', (a, b) => b.every((value) => inSet(a, value))),
  ofSets('intersects', (a, b) => a.some((value) => inSet(b, value))),
  ofSets('equivalent', (a, b) => a.every((value) => inSet(b, value)) && b.every((value) => inSet(a, value))),
  globalFunction('optional.of(A): optional(A)', ([value = null]) => new Optional(value)),
  globalFunction('optional.ofNonZeroValue(A): optional(A)', ([value = null]) =>
    isZero(value) ? none : new Optional(value),
  ),
  globalFunction('optional.none(): optional(A)', () => none),
  globalFunction('optional.unwrap(list(optional(A))): list(A)', unwrap),
  memberFunction('optional(A)', 'hasValue(): bool', ([value]) =>
    value instanceof Optional ? value.value !== undefined : noOverload,
  ),
  memberFunction('optional(A)', 'value(): A', ([value]) => {
    if (!(value instanceof Optional)) return noOverload;
    return value.value ?? (value.value === null ? null : new Fault('optional.none() dereference'));
  }),
];

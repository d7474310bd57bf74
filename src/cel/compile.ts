// Compiles a syntax tree to a function, and checks it. Entry point: compileNode(). Pure.
//
// Types are known as far as literals and functions determine them. Fields of objects are `dyn`, as
// in the API server's admission policies. Everything else is checked at run time: a Run returns a
// value or a Fault, and never throws.

import { negate, operate, tooCostly } from './arithmetic.ts';
import { Budget } from './budget.ts';
import { sortByKeys } from './collections.ts';
import { nearestFunctions, overloadsOf } from './functions.ts';
import type { Overload } from './overload.ts';
import { CelSyntaxError, type BinaryOperator, type LiteralValue, type Node } from './syntax.ts';
import { regExpOf } from './text.ts';
import { parseTimestamp } from '../model/timestamp.ts';
import { parseGoDuration } from './time.ts';
import {
  accepts,
  dyn,
  isSameType,
  isStatic,
  listOf,
  mapOf,
  named,
  optionalOf,
  parseType,
  resolve,
  typeText,
  typeType,
  type Bindings,
  type Type,
} from './types.ts';
import {
  CelMap,
  Double,
  Fault,
  isList,
  isPlainObject,
  keysOf,
  lookUp,
  none,
  noOverload,
  normal,
  Optional,
  TypeValue,
  typeName,
  Uint,
  type Element,
  type List,
  type Value,
} from './values.ts';
import type { JsonObject } from '../model/object.ts';

/** The input of one evaluation. */
export interface Frame {
  object: JsonObject;
  readonly budget: Budget;
  readonly now: () => Date;
  /** Values of the macros' variables. */
  readonly slots: Value[];
}

export type Run = (frame: Frame) => Value | Fault;

export interface Compiled {
  readonly type: Type;
  readonly run: Run;
  /** True for a value that is known at compile time. */
  readonly isConstant?: boolean;
}

interface Variable {
  readonly slot: number;
  readonly type: Type;
}

/** The variables that are visible at a position. */
export interface Scope {
  readonly variables: ReadonlyMap<string, Variable>;
  readonly depth: number;
  /** Called for each variable that is a field of the object. */
  readonly field: (name: string, at: number) => void;
  /** True if lists and maps of mixed types are allowed. Default: false. */
  readonly allowsMixed?: boolean;
}

/** Names of types. They are also values. */
const typeValues: Readonly<Record<string, string>> = {
  bool: 'bool',
  int: 'int',
  uint: 'uint',
  double: 'double',
  string: 'string',
  bytes: 'bytes',
  list: 'list',
  map: 'map',
  null_type: 'null_type',
  type: 'type',
  optional_type: 'optional_type',
  'google.protobuf.Timestamp': 'google.protobuf.Timestamp',
  'google.protobuf.Duration': 'google.protobuf.Duration',
  'kubernetes.Quantity': 'kubernetes.Quantity',
  'kubernetes.URL': 'kubernetes.URL',
  'net.IP': 'net.IP',
  'net.CIDR': 'net.CIDR',
};

const bool = named('bool');
const int = named('int');
const nullType = named('null_type');

/**
 * Compiles a node and everything below it.
 * @throws CelSyntaxError for unknown functions and for types that do not fit
 */
export function compileNode(node: Node, scope: Scope): Compiled {
  switch (node.kind) {
    case 'literal':
      return compileLiteral(node.value);
    case 'identifier':
      return compileIdentifier(node.name, node.at, scope);
    case 'select':
      return compileSelect(node, scope);
    case 'index':
      return compileIndex(node, scope);
    case 'call':
      return compileCall(node, scope);
    case 'unary':
      return compileUnary(node, scope);
    case 'binary':
      return node.operator === '||' || node.operator === '&&'
        ? compileLogic(node, node.operator, scope)
        : compileBinary(node, node.operator, scope);
    case 'conditional':
      return compileConditional(node, scope);
    case 'list':
      return compileList(node, scope);
    case 'map':
      return compileMap(node, scope);
  }
}

type NodeOf<Kind extends Node['kind']> = Extract<Node, { readonly kind: Kind }>;

function constant(type: Type, value: Value): Compiled {
  return { type, run: () => value, isConstant: true };
}

function compileLiteral(literal: LiteralValue): Compiled {
  switch (literal.type) {
    case 'null':
      return constant(nullType, null);
    case 'uint':
      return constant(named('uint'), new Uint(literal.value));
    case 'double':
      return constant(named('double'), new Double(literal.value));
    case 'bool':
    case 'int':
    case 'string':
    case 'bytes':
      return constant(named(literal.type), literal.value);
  }
}

function compileIdentifier(name: string, at: number, scope: Scope): Compiled {
  const variable = scope.variables.get(name);
  if (variable !== undefined) {
    const { slot, type } = variable;
    return { type, run: ({ slots }) => slots[slot] ?? null };
  }
  if (name === 'self' || name === 'object') return { type: dyn, run: ({ object }) => object };
  const type = typeValues[name];
  // Fields with the name of a type are rare, except `type` of events and secrets.
  if (type !== undefined && name !== 'type') return constant(typeType, new TypeValue(type));
  scope.field(name, at);
  const fault = missingKey(name, at);
  return { type: dyn, run: ({ object }) => orFault(lookUp(object, name), fault) };
}

function missingKey(name: string, at: number): Fault {
  return new Fault(`no such key: ${name}`, 'missing', at);
}

/** Returns the value, or the fault if it is undefined. Null is a value. */
function orFault(value: Value | undefined, fault: Fault): Value | Fault {
  return value === undefined ? fault : value;
}

/** Returns a name of several words, such as `google.protobuf.Timestamp`. */
function qualifiedName(node: Node, scope: Scope): string | undefined {
  if (node.kind === 'identifier') return scope.variables.has(node.name) ? undefined : node.name;
  if (node.kind !== 'select' || node.isOptional) return undefined;
  const operand = qualifiedName(node.operand, scope);
  return operand === undefined ? undefined : `${operand}.${node.field}`;
}

function compileSelect(node: NodeOf<'select'>, scope: Scope): Compiled {
  const qualified = typeValues[qualifiedName(node, scope) ?? ''];
  if (qualified !== undefined) return constant(typeType, new TypeValue(qualified));
  const operand = compileNode(node.operand, scope);
  const { field, at, isOptional } = node;
  const type = typeOfSelect(operand.type, field, at);
  const { run } = operand;
  const fault = missingKey(field, at);
  if (isOptional || operand.type.kind === 'optional') {
    return { type: optionalOf(type), run: (frame) => selectOptional(run(frame), field, at) };
  }
  return {
    type,
    run: (frame) => {
      const value = run(frame);
      // The most common case first: a JSON object.
      if (typeof value === 'object' && value !== null) {
        if (value instanceof Fault) return value;
        if (value instanceof Optional) return selectOptional(value, field, at);
        if (isList(value)) return new Fault("unsupported index type 'string' in list", 'failed', at);
        if (value instanceof CelMap || isPlainObject(value)) return orFault(lookUp(value, field), fault);
      }
      return fault;
    },
  };
}

function typeOfSelect(operand: Type, field: string, at: number): Type {
  const type = operand.kind === 'optional' ? (operand.arguments[0] ?? dyn) : operand;
  if (type.kind === 'dyn' || type.kind === 'param') return dyn;
  if (type.kind === 'map') return type.arguments[1] ?? dyn;
  throw new CelSyntaxError(`type '${typeText(type)}' does not support field selection: ${field}`, at);
}

function selectOptional(value: Value | Fault, field: string, at: number): Value | Fault {
  if (value instanceof Fault) return value;
  const inner = value instanceof Optional ? value.value : value;
  if (inner === undefined) return none;
  if (isList(inner)) return new Fault("unsupported index type 'string' in list", 'failed', at);
  if (!(inner instanceof CelMap || isPlainObject(inner))) return none;
  const found = lookUp(inner, field);
  return found === undefined ? none : new Optional(found);
}

function compileIndex(node: NodeOf<'index'>, scope: Scope): Compiled {
  const operand = compileNode(node.operand, scope);
  const key = compileNode(node.key, scope);
  const { at } = node;
  const isOptional = node.isOptional || operand.type.kind === 'optional';
  const type = typeOfIndex(operand.type, key.type, at);
  return {
    type: isOptional ? optionalOf(type) : type,
    run: (frame) => {
      const container = operand.run(frame);
      if (container instanceof Fault) return container;
      const value = key.run(frame);
      if (value instanceof Fault) return value;
      const inner = container instanceof Optional ? container.value : container;
      if (inner === undefined) return none;
      const found = elementAt(inner, value, at);
      if (!isOptional && !(container instanceof Optional)) return found;
      if (!(found instanceof Fault)) return new Optional(found);
      return found.reason === 'missing' ? none : found;
    },
  };
}

function typeOfIndex(operand: Type, key: Type, at: number): Type {
  const type = operand.kind === 'optional' ? (operand.arguments[0] ?? dyn) : operand;
  if (type.kind === 'dyn' || type.kind === 'param') return dyn;
  const wanted = type.kind === 'list' ? int : type.kind === 'map' ? (type.arguments[0] ?? dyn) : undefined;
  if (wanted === undefined || !accepts(wanted, key, new Map())) throw noMatch('_[_]', [operand, key], at);
  return (type.kind === 'list' ? type.arguments[0] : type.arguments[1]) ?? dyn;
}

function elementAt(container: Value, key: Value, at: number): Value | Fault {
  if (container instanceof CelMap || isPlainObject(container)) {
    return orFault(lookUp(container, key), missingKey(keyName(key), at));
  }
  if (!isList(container)) return missingKey(keyName(key), at);
  const index = indexOf(key);
  if (index === undefined)
    return new Fault(`unsupported index type '${typeName(key)}' in list`, 'failed', at);
  const element = index < 0 ? undefined : container[index];
  return element === undefined ? new Fault(`index out of bounds: ${index}`, 'missing', at) : normal(element);
}

function indexOf(key: Value): number | undefined {
  if (typeof key === 'bigint') return Number(key);
  if (key instanceof Uint) return Number(key.value);
  return key instanceof Double && Number.isInteger(key.value) ? key.value : undefined;
}

function keyName(key: Value): string {
  if (typeof key === 'string' || typeof key === 'bigint' || typeof key === 'boolean') return String(key);
  return key instanceof Uint || key instanceof Double ? String(key.value) : typeName(key);
}

function noMatch(name: string, types: readonly Type[], at: number, isMember = false): CelSyntaxError {
  const texts = types.map(typeText);
  const applied = isMember ? `${texts[0] ?? ''}.(${texts.slice(1).join(', ')})` : `(${texts.join(', ')})`;
  return new CelSyntaxError(`found no matching overload for '${name}' applied to '${applied}'`, at);
}

function compileUnary(node: NodeOf<'unary'>, scope: Scope): Compiled {
  const operand = compileNode(node.operand, scope);
  const { run } = operand;
  const { at, operator } = node;
  if (operator === '!') {
    if (!accepts(bool, operand.type, new Map())) throw noMatch('!_', [operand.type], at);
    const fault = noOverload.located(at);
    return {
      type: bool,
      run: (frame) => {
        const value = run(frame);
        if (value instanceof Fault) return value;
        return typeof value === 'boolean' ? !value : fault;
      },
    };
  }
  const isNumber = [int, named('double')].some((type) => accepts(type, operand.type, new Map()));
  if (!isNumber) throw noMatch('-_', [operand.type], at);
  return {
    type: operand.type,
    run: (frame) => {
      const value = run(frame);
      if (value instanceof Fault) return value;
      const result = negate(value);
      return result instanceof Fault ? result.located(at) : result;
    },
  };
}

/** Compiles `||` and `&&`: an error on one side does not matter if the other side decides. */
function compileLogic(node: NodeOf<'binary'>, operator: '||' | '&&', scope: Scope): Compiled {
  const [left, right] = [compileNode(node.left, scope), compileNode(node.right, scope)];
  for (const side of [left, right]) {
    if (!accepts(bool, side.type, new Map()))
      throw noMatch(`_${operator}_`, [left.type, right.type], node.at);
  }
  const deciding = operator === '||';
  const fault = noOverload.located(node.at);
  return {
    type: bool,
    run: (frame) => {
      const first = left.run(frame);
      if (first === deciding) return deciding;
      const second = right.run(frame);
      if (second === deciding) return deciding;
      if (first instanceof Fault) return first;
      if (second instanceof Fault) return second;
      return typeof first === 'boolean' && typeof second === 'boolean' ? !deciding : fault;
    },
  };
}

const numbers = ['int', 'uint', 'double'];
const ordered = ['bool', 'string', 'bytes', 'timestamp', 'duration'];

/** Signatures of operators: the types of both sides and of the result. */
const operatorTypes: Readonly<Record<string, readonly (readonly [string, string, string])[]>> = {
  ...Object.fromEntries(['==', '!='].map((operator) => [operator, [['A', 'A', 'bool']]])),
  ...Object.fromEntries(
    ['<', '<=', '>', '>='].map((operator) => [
      operator,
      [
        ...ordered.map((type) => [type, type, 'bool'] as const),
        ...numbers.flatMap((left) => numbers.map((right) => [left, right, 'bool'] as const)),
      ],
    ]),
  ),
  in: [
    ['A', 'list(A)', 'bool'],
    ['A', 'map(A, B)', 'bool'],
  ],
  '+': [
    ...[...numbers, 'string', 'bytes', 'duration'].map((type) => [type, type, type] as const),
    ['list(A)', 'list(A)', 'list(A)'],
    ['timestamp', 'duration', 'timestamp'],
    ['duration', 'timestamp', 'timestamp'],
  ],
  '-': [
    ...[...numbers, 'duration'].map((type) => [type, type, type] as const),
    ['timestamp', 'timestamp', 'duration'],
    ['timestamp', 'duration', 'timestamp'],
  ],
  '*': numbers.map((type) => [type, type, type] as const),
  '/': numbers.map((type) => [type, type, type] as const),
  '%': [
    ['int', 'int', 'int'],
    ['uint', 'uint', 'uint'],
  ],
};

function compileBinary(
  node: NodeOf<'binary'>,
  operator: Exclude<BinaryOperator, '||' | '&&'>,
  scope: Scope,
): Compiled {
  const [left, right] = [compileNode(node.left, scope), compileNode(node.right, scope)];
  const results: Type[] = [];
  for (const [first, second, result] of operatorTypes[operator] ?? []) {
    const bindings: Bindings = new Map();
    const fits =
      accepts(parseType(first), left.type, bindings) && accepts(parseType(second), right.type, bindings);
    if (fits) results.push(resolve(parseType(result), bindings));
  }
  const { at } = node;
  if (results.length === 0) {
    throw noMatch(operator === 'in' ? '@in' : `_${operator}_`, [left.type, right.type], at);
  }
  return {
    type: oneOf(results),
    run: (frame) => {
      const first = left.run(frame);
      if (first instanceof Fault) return first;
      const second = right.run(frame);
      if (second instanceof Fault) return second;
      const result = operate(operator, first, second, frame);
      return result instanceof Fault ? result.located(at) : result;
    },
  };
}

/**
 * Returns the result type of several matching overloads: their type if it is the same, else dyn.
 */
function oneOf(types: readonly Type[]): Type {
  const [first, ...others] = types;
  return first !== undefined && others.every((type) => isSameType(first, type)) ? first : dyn;
}

function compileConditional(node: NodeOf<'conditional'>, scope: Scope): Compiled {
  const condition = compileNode(node.condition, scope);
  const whenTrue = compileNode(node.whenTrue, scope);
  const whenFalse = compileNode(node.whenFalse, scope);
  const bindings: Bindings = new Map();
  const fits =
    accepts(bool, condition.type, new Map()) &&
    accepts(parseType('A'), whenTrue.type, bindings) &&
    accepts(parseType('A'), whenFalse.type, bindings);
  if (!fits) throw noMatch('_?_:_', [condition.type, whenTrue.type, whenFalse.type], node.at);
  const fault = noOverload.located(node.at);
  return {
    type: resolve(parseType('A'), bindings),
    run: (frame) => {
      const value = condition.run(frame);
      if (value === true) return whenTrue.run(frame);
      if (value === false) return whenFalse.run(frame);
      return value instanceof Fault ? value : fault;
    },
  };
}

/**
 * Returns the common type of elements. The API server refuses lists and maps of mixed literals,
 * except in the arguments of format().
 */
function joinTypes(types: readonly Type[], places: readonly number[], { allowsMixed }: Scope): Type {
  let common: Type | undefined;
  for (const [index, type] of types.entries()) {
    if (common === undefined) common = type;
    else if (!isCompatible(common, type)) {
      if (allowsMixed === true) return dyn;
      throw new CelSyntaxError(
        `expected type '${typeText(common)}' but found '${typeText(type)}'`,
        places[index] ?? 0,
      );
    } else if (!isSameType(common, type)) common = isStatic(common) ? type : common;
  }
  return common ?? parseType('E');
}

function isCompatible(a: Type, b: Type): boolean {
  return accepts(a, b, new Map()) || accepts(b, a, new Map());
}

function compileList(node: NodeOf<'list'>, scope: Scope): Compiled {
  const elements = node.elements.map(({ value, isOptional }) => ({
    ...compileNode(value, scope),
    isOptional,
    at: value.at,
  }));
  const types = elements.map(({ type, isOptional, at }) => (isOptional ? insideOf(type, at) : type));
  const type = listOf(
    joinTypes(
      types,
      elements.map(({ at }) => at),
      scope,
    ),
  );
  return {
    type,
    run: (frame) => {
      const values: Value[] = [];
      for (const { run, isOptional, at } of elements) {
        const value = run(frame);
        if (value instanceof Fault) return value;
        if (!isOptional) values.push(value);
        else if (!(value instanceof Optional)) return noOverload.located(at);
        else if (value.value !== undefined) values.push(value.value);
      }
      return values;
    },
  };
}

/** Returns the type inside an optional. */
function insideOf(type: Type, at: number): Type {
  if (type.kind === 'optional') return type.arguments[0] ?? dyn;
  if (type.kind === 'dyn') return dyn;
  throw new CelSyntaxError(`expected type 'optional_type' but found '${typeText(type)}'`, at);
}

function compileMap(node: NodeOf<'map'>, scope: Scope): Compiled {
  const entries = node.entries.map(({ key, value, isOptional }) => ({
    key: compileNode(key, scope),
    value: compileNode(value, scope),
    isOptional,
    at: key.at,
    valueAt: value.at,
  }));
  const places = entries.map(({ at }) => at);
  const keys = joinTypes(
    entries.map(({ key }) => key.type),
    places,
    scope,
  );
  if (keys.kind !== 'dyn' && keys.kind !== 'param' && !keyTypes.has(keys.name)) {
    throw new CelSyntaxError(`unsupported key type: ${typeText(keys)}`, node.at);
  }
  const values = joinTypes(
    entries.map(({ value, isOptional, valueAt }) =>
      isOptional ? insideOf(value.type, valueAt) : value.type,
    ),
    entries.map(({ valueAt }) => valueAt),
    scope,
  );
  return {
    type: mapOf(keys, values),
    run: (frame) => {
      const map = new CelMap();
      for (const { key, value, isOptional, at } of entries) {
        const [name, content] = [key.run(frame), value.run(frame)];
        if (name instanceof Fault) return name;
        if (content instanceof Fault) return content;
        const inner = isOptional && content instanceof Optional ? content.value : content;
        if (inner === undefined) continue;
        if (!map.set(name, inner)) return insertFault(name, at);
      }
      return map;
    },
  };
}

const keyTypes = new Set(['string', 'int', 'uint', 'bool', 'dyn']);

function insertFault(key: Value, at: number): Fault {
  return new Fault(`insert failed: key ${keyName(key)} already exists or cannot be a key`, 'failed', at);
}

function compileCall(node: NodeOf<'call'>, scope: Scope): Compiled {
  const { name, target, at } = node;
  const macro =
    target === undefined
      ? compileHas(node, scope)
      : (compileMacro(node, target, scope) ?? compileAlternative(node, target, scope));
  if (macro !== undefined) return macro;
  const qualified = target === undefined ? undefined : qualifiedName(target, scope);
  const global = qualified === undefined ? name : `${qualified}.${name}`;
  const isMember = target !== undefined && (qualified === undefined || overloadsOf(global).length === 0);
  const candidates = overloadsOf(isMember ? name : global).filter(
    (overload) => overload.isMember === isMember,
  );
  if (candidates.length === 0) throw unknownFunction(name, target, at);
  const inside = isMember && name === 'format' ? { ...scope, allowsMixed: true } : scope;
  const args = [...(isMember ? [target] : []), ...node.arguments].map((one) => compileNode(one, inside));
  const types = args.map(({ type }) => type);
  const fitting = candidates.flatMap((overload) => {
    const bindings: Bindings = new Map();
    if (overload.parameters.length !== types.length) return [];
    const fits = overload.parameters.every((parameter, index) =>
      accepts(parameter, types[index] ?? dyn, bindings),
    );
    return fits ? [{ overload, result: resolve(overload.result, bindings) }] : [];
  });
  if (fitting.length === 0) throw noMatch(isMember ? name : global, types, at, isMember);
  checkLiterals(global, node);
  if (isMember && name === 'format') checkFormat(fitting[0]?.overload, args, node);
  const result = oneOf(fitting.map((one) => one.result));
  const overloads = fitting.map(({ overload }) => overload);
  const [only, ...others] = overloads;
  const isSure = only !== undefined && others.length === 0 && types.every(isStatic);
  if (isSure && conversions.has(global) && args.every(({ isConstant }) => isConstant === true)) {
    return convertConstant(only, result, args, at);
  }
  return {
    type: result,
    run: (frame) => {
      const values: Value[] = [];
      for (const arg of args) {
        const value = arg.run(frame);
        if (value instanceof Fault) return value;
        values.push(value);
      }
      if (!frame.budget.spend(1)) return tooCostly.located(at);
      const overload = isSure ? only : overloads.find((one) => takes(one, values));
      const made = overload === undefined ? noOverload : overload.run(values, frame);
      return made instanceof Fault ? made.located(at) : made;
    },
  };
}

function unknownFunction(name: string, target: Node | undefined, at: number): CelSyntaxError {
  const overloads = overloadsOf(name);
  const isMember = overloads.some((one) => one.isMember);
  if (target === undefined && isMember) {
    return new CelSyntaxError(
      `undeclared reference to '${name}': it is called on a value, as in x.${name}()`,
      at,
    );
  }
  if (target !== undefined && overloads.length > 0) {
    return new CelSyntaxError(`undeclared reference to '${name}': it is called as ${name}(x)`, at);
  }
  const near = nearestFunctions(name);
  const meant = near.length === 0 ? '' : `: did you mean ${near.join(' or ')}?`;
  return new CelSyntaxError(`undeclared reference to '${name}'${meant}`, at);
}

/** Functions that the API server evaluates at compile time if the argument is a literal. */
const conversions = new Set(['bool', 'bytes', 'double', 'duration', 'int', 'string', 'timestamp', 'uint']);

/** Converts a literal. @throws CelSyntaxError if it cannot be converted, as in the API server */
function convertConstant(overload: Overload, type: Type, args: readonly Compiled[], at: number): Compiled {
  const frame: Frame = { object: {}, budget: new Budget(), now: () => new Date(0), slots: [] };
  const values = args.map(({ run }) => run(frame)).filter(isValue);
  const made = overload.run(values, frame);
  if (made instanceof Fault) throw new CelSyntaxError(made.message, at);
  return constant(type, made);
}

/** Checks literal arguments at compile time, as the API server does. */
function checkLiterals(name: string, { arguments: args, at }: NodeOf<'call'>): void {
  const literal = args.at(name === 'matches' && args.length === 2 ? 1 : 0);
  if (literal?.kind !== 'literal' || literal.value.type !== 'string') return;
  const text = literal.value.value;
  const isRegExp = name === 'find' || name === 'findAll' || name.endsWith('matches');
  const fault = isRegExp ? regExpOf(text) : undefined;
  if (fault instanceof Fault) throw new CelSyntaxError(fault.message, literal.at);
  if (name === 'timestamp' && parseTimestamp(text) === undefined) {
    throw new CelSyntaxError(`invalid timestamp ${JSON.stringify(text)}`, literal.at);
  }
  if (name === 'duration' && parseGoDuration(text) === undefined) {
    throw new CelSyntaxError(`invalid duration ${JSON.stringify(text)}`, at);
  }
}

/**
 * Runs a format() whose parts are all literals, so that a wrong clause is an error at compile time.
 */
function checkFormat(overload: Overload | undefined, args: readonly Compiled[], node: NodeOf<'call'>): void {
  const [list] = node.arguments;
  const isLiteral =
    node.target?.kind === 'literal' &&
    list?.kind === 'list' &&
    list.elements.every(({ value }) => value.kind === 'literal');
  if (!isLiteral || overload === undefined) return;
  const frame: Frame = { object: {}, budget: new Budget(), now: () => new Date(0), slots: [] };
  const values = args.map(({ run }) => run(frame));
  const made = values.every(isValue) ? overload.run(values, frame) : undefined;
  if (made instanceof Fault) throw new CelSyntaxError(made.message, list.at);
}

function isValue(value: Value | Fault): value is Value {
  return !(value instanceof Fault);
}

/**
 * True if the values fit the parameters of an overload. As in cel-go, only the first element of a
 * list is checked.
 */
function takes({ parameters }: Overload, values: readonly Value[]): boolean {
  return parameters.every((parameter, index) => isOf(values[index] ?? null, parameter));
}

function isOf(value: Value, type: Type): boolean {
  switch (type.kind) {
    case 'dyn':
    case 'param':
      return true;
    case 'list': {
      if (!isList(value)) return false;
      const [element = dyn] = type.arguments;
      return value.length === 0 || isOf(normal(value[0]), element);
    }
    case 'map':
      return value instanceof CelMap || isPlainObject(value);
    case 'optional':
      return value instanceof Optional;
    case 'simple':
    case 'type':
    case 'opaque':
      return typeName(value) === type.name;
  }
}

function compileHas(node: NodeOf<'call'>, scope: Scope): Compiled | undefined {
  if (node.name !== 'has') return undefined;
  const [field, ...others] = node.arguments;
  if (others.length > 0 || field?.kind !== 'select') {
    throw new CelSyntaxError(
      'invalid argument to has() macro: it takes a field, as in has(spec.nodeName)',
      node.at,
    );
  }
  const operand = compileNode(field.operand, scope);
  typeOfSelect(operand.type, field.field, field.at);
  const { field: name, at } = field;
  return {
    type: bool,
    run: (frame) => {
      const value = operand.run(frame);
      if (value instanceof Fault) return value;
      const found = selectOptional(value, name, at);
      return found instanceof Fault ? found : found instanceof Optional && found.value !== undefined;
    },
  };
}

/** Compiles `or` and `orValue` of optionals, which evaluate their argument only if it is needed. */
function compileAlternative(
  { name, arguments: args, at }: NodeOf<'call'>,
  target: Node,
  scope: Scope,
): Compiled | undefined {
  const [argument, ...others] = args;
  if ((name !== 'or' && name !== 'orValue') || argument === undefined || others.length > 0) return undefined;
  const [first, second] = [compileNode(target, scope), compileNode(argument, scope)];
  const bindings: Bindings = new Map();
  const optional = parseType('optional(A)');
  const fits =
    accepts(optional, first.type, bindings) &&
    accepts(name === 'or' ? optional : parseType('A'), second.type, bindings);
  if (!fits) throw noMatch(name, [first.type, second.type], at, true);
  return {
    type: resolve(name === 'or' ? optional : parseType('A'), bindings),
    run: (frame) => {
      const value = first.run(frame);
      if (value instanceof Fault) return value;
      if (!(value instanceof Optional)) return noOverload.located(at);
      if (value.value !== undefined) return name === 'or' ? value : value.value;
      const alternative = second.run(frame);
      if (name === 'orValue' || alternative instanceof Fault || alternative instanceof Optional)
        return alternative;
      return noOverload.located(at);
    },
  };
}

/** A call of a macro whose first arguments are names of variables. */
interface MacroCall {
  readonly target: Compiled;
  readonly at: number;
  /** Slots of the variables. */
  readonly slots: readonly number[];
  /** The arguments after the variables, compiled in their scope. */
  readonly bodies: readonly Compiled[];
}

type Macro = (call: MacroCall) => Compiled;

function compileMacro(node: NodeOf<'call'>, target: Node, scope: Scope): Compiled | undefined {
  const macro = macros.get(`${node.name}/${node.arguments.length}`);
  if (macro === undefined) return undefined;
  const { names: count, types: typesOf, make } = macro;
  const compiled = compileNode(target, scope);
  const variables = new Map(scope.variables);
  const types = typesOf(compiled.type, target.at);
  const slots: number[] = [];
  for (const [index, name] of node.arguments.slice(0, count).entries()) {
    if (name.kind !== 'identifier') throw new CelSyntaxError('argument must be a simple name', name.at);
    const slot = scope.depth + index;
    slots.push(slot);
    variables.set(name.name, { slot, type: types[index] ?? dyn });
  }
  if (count === 2 && variables.size > 0) {
    const [first, second] = node.arguments;
    if (first?.kind === 'identifier' && second?.kind === 'identifier' && first.name === second.name) {
      throw new CelSyntaxError('the two variables need different names', second.at);
    }
  }
  const inner: Scope = { ...scope, variables, depth: scope.depth + count };
  const bodies = node.arguments.slice(count).map((body) => compileNode(body, inner));
  return make({ target: compiled, at: node.at, slots, bodies });
}

interface MacroSpec {
  readonly names: 1 | 2;
  readonly types: (target: Type, at: number) => readonly Type[];
  readonly make: Macro;
}

function rangeTypes(target: Type, at: number): { readonly key: Type; readonly value: Type } {
  if (target.kind === 'dyn' || target.kind === 'param') return { key: dyn, value: dyn };
  const [first = dyn, second = dyn] = target.arguments;
  if (target.kind === 'list') return { key: int, value: first };
  if (target.kind === 'map') return { key: first, value: second };
  throw new CelSyntaxError(
    `expression of type '${typeText(target)}' cannot be range of a comprehension (must be list, map, or dynamic)`,
    at,
  );
}

/** Returns the type of one variable: the elements of a list, or the keys of a map. */
function oneType(target: Type, at: number): readonly Type[] {
  const { key, value } = rangeTypes(target, at);
  return [target.kind === 'map' ? key : value];
}

function twoTypes(target: Type, at: number): readonly Type[] {
  const { key, value } = rangeTypes(target, at);
  return [key, value];
}

function optionalTypes(target: Type, at: number): readonly Type[] {
  return [insideOf(target, at)];
}

/** One iteration of a macro. Returning a value ends the loop. */
type Step = () => Value | Fault | undefined;

/** Iterates over a list or map: sets the variables and runs the step. */
function iterate({ target, slots, at }: MacroCall, frame: Frame, step: Step): Value | Fault | undefined {
  const range = target.run(frame);
  if (range instanceof Fault) return range;
  const [first = 0, second] = slots;
  const isMap = range instanceof CelMap || isPlainObject(range);
  if (!isMap && !isList(range)) return noOverload.located(at);
  const items: List = isMap ? keysOf(range) : range;
  for (let index = 0; index < items.length; index++) {
    if (!frame.budget.spend(1)) return tooCostly.located(at);
    const item = normal(items[index]);
    if (second === undefined) frame.slots[first] = item;
    else {
      frame.slots[first] = isMap ? item : BigInt(index);
      frame.slots[second] = isMap ? (lookUp(range, item) ?? null) : item;
    }
    const ended = step();
    if (ended !== undefined) return ended;
  }
  return undefined;
}

function isBoolean({ type }: Compiled, name: string, at: number): void {
  if (!accepts(bool, type, new Map())) {
    throw new CelSyntaxError(`the condition of ${name}() is '${typeText(type)}', not bool`, at);
  }
}

/** Makes `all` and `exists`: errors matter only if no element decides. */
function quantifier(name: 'all' | 'exists'): Macro {
  const deciding = name === 'exists';
  return (call) => {
    const [body] = call.bodies;
    if (body === undefined) return constant(bool, !deciding);
    isBoolean(body, name, call.at);
    return {
      type: bool,
      run: (frame) => {
        let fault: Fault | undefined;
        const ended = iterate(call, frame, () => {
          const value = body.run(frame);
          if (value === deciding) return value;
          if (value instanceof Fault && value.reason === 'cost') return value;
          if (typeof value !== 'boolean')
            fault ??= value instanceof Fault ? value : noOverload.located(call.at);
          return undefined;
        });
        return ended ?? fault ?? !deciding;
      },
    };
  };
}

function existsOne(call: MacroCall): Compiled {
  const [body] = call.bodies;
  if (body === undefined) return constant(bool, false);
  isBoolean(body, 'exists_one', call.at);
  return {
    type: bool,
    run: (frame) => {
      let count = 0;
      const ended = iterate(call, frame, () => {
        const value = body.run(frame);
        if (typeof value !== 'boolean') return value instanceof Fault ? value : noOverload.located(call.at);
        if (value) count++;
        return undefined;
      });
      return ended ?? count === 1;
    },
  };
}

/**
 * Runs the bodies of `map` and similar macros: the last one computes the element, the one before it
 * filters.
 */
function transform(
  call: MacroCall,
  frame: Frame,
  take: (value: Value, key: Value) => Fault | undefined,
): Value | Fault | undefined {
  const [condition, result] = call.bodies.length > 1 ? call.bodies : [undefined, call.bodies[0]];
  const [keySlot = 0] = call.slots;
  return iterate(call, frame, () => {
    const key = frame.slots[keySlot] ?? null;
    const chosen = condition?.run(frame) ?? true;
    if (chosen === false) return undefined;
    if (chosen !== true) return chosen instanceof Fault ? chosen : noOverload.located(call.at);
    const value = result?.run(frame) ?? null;
    return value instanceof Fault ? value : take(value, key);
  });
}

function toList(call: MacroCall): Compiled {
  const [first] = call.bodies;
  if (call.bodies.length > 1 && first !== undefined) isBoolean(first, 'map', call.at);
  return {
    type: listOf(call.bodies.at(-1)?.type ?? dyn),
    run: (frame) => {
      const values: Value[] = [];
      const ended = transform(call, frame, (value) => {
        values.push(value);
        return undefined;
      });
      return ended ?? values;
    },
  };
}

function filter(call: MacroCall): Compiled {
  const [body] = call.bodies;
  const { target } = call;
  if (body !== undefined) isBoolean(body, 'filter', call.at);
  const [slot = 0] = call.slots;
  return {
    type: target.type.kind === 'map' ? listOf(target.type.arguments[0] ?? dyn) : target.type,
    run: (frame) => {
      const kept: Element[] = [];
      const ended = iterate(call, frame, () => {
        const item = frame.slots[slot] ?? null;
        const value = body?.run(frame) ?? true;
        if (typeof value !== 'boolean') return value instanceof Fault ? value : noOverload.located(call.at);
        if (value) kept.push(item);
        return undefined;
      });
      return ended ?? kept;
    },
  };
}

function toMap(call: MacroCall): Compiled {
  const { at, target } = call;
  const key = rangeTypes(target.type, at).key;
  return {
    type: mapOf(key, call.bodies.at(-1)?.type ?? dyn),
    run: (frame) => {
      const map = new CelMap();
      const ended = transform(call, frame, (value, name) =>
        map.add(name, value) ? undefined : insertFault(name, at),
      );
      return ended ?? map;
    },
  };
}

function toMapEntries(call: MacroCall): Compiled {
  const { at } = call;
  const type = call.bodies.at(-1)?.type ?? dyn;
  if (type.kind !== 'map' && type.kind !== 'dyn') throw noMatch('cel.@mapInsert', [type], at);
  return {
    type,
    run: (frame) => {
      const map = new CelMap();
      const ended = transform(call, frame, (value) => {
        if (!(value instanceof CelMap || isPlainObject(value))) return noOverload.located(at);
        const duplicate = keysOf(value).find((key) => !map.add(key, lookUp(value, key) ?? null));
        return duplicate === undefined ? undefined : insertFault(duplicate, at);
      });
      return ended ?? map;
    },
  };
}

/**
 * Makes `optMap`, which wraps the result of the body, and `optFlatMap`, whose body returns an
 * optional.
 */
function mapOptional(isFlat: boolean): Macro {
  return ({ target, slots: [slot = 0], bodies: [body], at }) => {
    const type = body?.type ?? dyn;
    return {
      type: isFlat ? optionalOf(insideOf(type, at)) : optionalOf(type),
      run: (frame) => {
        const value = target.run(frame);
        if (value instanceof Fault) return value;
        if (!(value instanceof Optional)) return noOverload.located(at);
        if (value.value === undefined) return none;
        frame.slots[slot] = value.value;
        const made = body?.run(frame) ?? null;
        if (made instanceof Fault) return made;
        if (!isFlat) return new Optional(made);
        return made instanceof Optional ? made : noOverload.located(at);
      },
    };
  };
}

function sortBy(call: MacroCall): Compiled {
  const keys = toList(call);
  return {
    type: call.target.type,
    run: (frame) => {
      const values = call.target.run(frame);
      if (values instanceof Fault) return values;
      if (!isList(values)) return noOverload.located(call.at);
      const made = keys.run(frame);
      if (made instanceof Fault) return made;
      const sorted = isList(made) ? sortByKeys(values, made, frame) : noOverload;
      return sorted instanceof Fault ? sorted.located(call.at) : sorted;
    },
  };
}

function one(make: Macro): MacroSpec {
  return { names: 1, types: oneType, make };
}

function two(make: Macro): MacroSpec {
  return { names: 2, types: twoTypes, make };
}

/** Macros by name and number of arguments. */
const macros: ReadonlyMap<string, MacroSpec> = new Map([
  ['all/2', one(quantifier('all'))],
  ['exists/2', one(quantifier('exists'))],
  ['exists_one/2', one(existsOne)],
  ['map/2', one(toList)],
  ['map/3', one(toList)],
  ['filter/2', one(filter)],
  ['sortBy/2', one(sortBy)],
  ['all/3', two(quantifier('all'))],
  ['exists/3', two(quantifier('exists'))],
  ['exists_one/3', two(existsOne)],
  ['existsOne/3', two(existsOne)],
  ['transformList/3', two(toList)],
  ['transformList/4', two(toList)],
  ['transformMap/3', two(toMap)],
  ['transformMap/4', two(toMap)],
  ['transformMapEntry/3', two(toMapEntries)],
  ['transformMapEntry/4', two(toMapEntries)],
  ['optMap/2', { names: 1, types: optionalTypes, make: mapOptional(false) }],
  ['optFlatMap/2', { names: 1, types: optionalTypes, make: mapOptional(true) }],
] satisfies [string, MacroSpec][]);

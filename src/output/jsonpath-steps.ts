// Compiles the steps of a jsonpath template to closures, and runs templates with `range` and `end`.
// Entry points: compileTemplate, compileStep, execute. jsonpath-parser.ts has the grammar,
// jsonpath.ts the API. Go's reflect.Value has two kinds of nothing, which kubectl prints
// differently: a JSON null is `null` here, and a value that does not exist (a range over nothing, a
// null that a range went into) is `undefined`.

import type { Json } from '../model/object.ts';
import { isJsonObject } from '../model/object.ts';
import { utf8 } from './byte-text.ts';
import { goNumberKind, goTypeName, goValue } from './go-text.ts';
import type { ArrayNode, FilterNode, PathNode, StepNode, TemplateNode } from './jsonpath-parser.ts';
import { compareBytes } from './key-order.ts';

/** One result of a path. */
export type Found = Json | undefined;

/** Applies one step to all results of the step before it. @throws JsonPathFailure */
export type Step = (input: readonly Found[], run: Run) => readonly Found[];

/** The state of one evaluation of a template. */
export interface Run {
  readonly allowMissingKeys: boolean;
  /**
   * True if an index beyond the end of a list, and a step into a value that is not a list, find
   * nothing instead of failing.
   */
  readonly skipsMisfits: boolean;
  /** Number of `range` words that were evaluated and not yet processed. */
  begun: number;
  /** Number of open ranges. */
  depth: number;
  /** Number of `end` words that were evaluated and not yet processed. */
  ended: number;
  /** Index of the node with the last `end`. Evaluation continues after it. */
  lastEnd: number;
  /** Set by an array step at an empty slice: it ignores all further inputs then. */
  isCut: boolean;
}

/** A failed evaluation. The message is kubectl's. */
export class JsonPathFailure extends Error {
  override readonly name = 'JsonPathFailure';
  /** True if the step had results when it failed: `[?(@.a[5])]` counts that as existence. */
  readonly leavesValues: boolean;

  /** True if the template is wrong, whatever the document contains. */
  readonly isOfTemplate: boolean;

  constructor(message: string, leavesValues: boolean, isOfTemplate = false) {
    super(message);
    this.leavesValues = leavesValues;
    this.isOfTemplate = isOfTemplate;
  }
}

/** Makes the state for one evaluation. */
export function newRun(allowMissingKeys: boolean): Run {
  return { allowMissingKeys, skipsMisfits: false, begun: 0, depth: 0, ended: 0, lastEnd: -1, isCut: false };
}

/** Compiles one step for every node of a template. */
export function compileTemplate(nodes: readonly TemplateNode[]): readonly Step[] {
  return nodes.map((node) => (node.kind === 'text' ? compileStep(node) : compilePath(node)));
}

/**
 * Runs the nodes of a template from `start` to the `end` of the enclosing range, or to the last
 * node.
 * @param emit receives the results of each node, except `range` and `end`
 * @throws JsonPathFailure
 */
export function execute(
  program: readonly Step[],
  run: Run,
  start: number,
  value: Found,
  emit: (found: readonly Found[]) => void,
): void {
  const input = [value];
  for (let index = start; index < program.length; index++) {
    const found = program[index]?.(input, run) ?? [];
    if (run.ended > 0 && run.ended <= run.depth) {
      run.ended--;
      run.lastEnd = index;
      return;
    }
    if (run.begun === 0) {
      emit(found);
      continue;
    }
    run.begun--;
    run.depth++;
    for (const item of found) execute(program, run, index + 1, item ?? undefined, emit);
    // Runs the body of an empty range for its `end` and for its errors.
    if (found.length === 0) execute(program, run, index + 1, undefined, ignore);
    run.depth--;
    // The body of a range without `end` runs once more outside the range.
    if (run.lastEnd > index) index = run.lastEnd;
  }
}

function ignore(): void {
  // The results of an empty range are not printed.
}

/** Runs the steps of `{…}` one after another. Consecutive fields are one step. */
export function compilePath(path: PathNode): Step {
  const steps: Step[] = [];
  let rest = path.steps;
  while (rest.length > 0) {
    const [node, next] = rest;
    const names = leadingFields(rest);
    if (names.length > 0) {
      steps.push(fieldsStep(names));
      rest = rest.slice(names.length);
    } else if (node?.kind === 'recursive' && next?.kind === 'field') {
      steps.push(recursiveFieldStep(next.name));
      rest = rest.slice(2);
    } else {
      if (node !== undefined) steps.push(compileStep(node));
      rest = rest.slice(1);
    }
  }
  const [only] = steps;
  if (only !== undefined && steps.length === 1) return only;
  return (input, run) => steps.reduce((found, step) => step(found, run), input);
}

function leadingFields(steps: readonly StepNode[]): readonly string[] {
  const names: string[] = [];
  for (const step of steps) {
    if (step.kind !== 'field') break;
    names.push(step.name);
  }
  return names;
}

/** Compiles one step, for callers that follow a path step by step. */
export function compileStep(node: StepNode): Step {
  switch (node.kind) {
    case 'text': {
      const found = [node.text];
      return () => found;
    }
    case 'literal':
      return (input) => input.map(() => node.value);
    case 'field':
      return fieldsStep([node.name]);
    case 'array':
      return arrayStep(node);
    case 'wildcard':
      return (input) => input.flatMap(childrenOf);
    case 'recursive':
      return recursiveStep;
    case 'union':
      return unionStep(node.branches.map(compilePath));
    case 'filter':
      return filterStep(node);
    case 'identifier':
      return identifierStep(node.name);
  }
}

function fieldsStep(names: readonly string[]): Step {
  const steps = names.map(fieldReader);
  return (input, run) => {
    let found = input;
    for (let index = 0; index < steps.length; index++) {
      if (found.length === 0) return found;
      const next: Json[] = [];
      for (const value of found) {
        const item = steps[index]?.(value);
        if (item !== undefined) next.push(item);
      }
      if (next.length === 0 && !run.allowMissingKeys) {
        throw new JsonPathFailure(`${names[index] ?? ''} is not found`, false);
      }
      found = next;
    }
    return found;
  };
}

function fieldReader(name: string): (value: Found) => Json | undefined {
  // Only these names exist on the prototype of an object that does not have them.
  if (name in Object.prototype) {
    return (value) => (isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined);
  }
  return (value) => (isJsonObject(value) ? value[name] : undefined);
}

/**
 * Returns the elements of a list, the values of an object in the order of their keys (random in
 * kubectl), or the bytes of a string.
 */
function childrenOf(value: Found): readonly Json[] {
  if (typeof value === 'string') return [...utf8(value)];
  if (isArray(value)) return value;
  if (!isJsonObject(value)) return [];
  const keys = Object.keys(value).sort(compareBytes);
  return keys.map((key) => value[key]).filter((item) => item !== undefined);
}

/** Returns all values that contain something, including strings, each before its content. */
function recursiveStep(input: readonly Found[]): readonly Found[] {
  const found: Found[] = [];
  descend(input, true, (value) => found.push(value));
  return found;
}

/**
 * Evaluates `..name` without an intermediate list of everything, which would be longer than the
 * document for whole lists.
 */
function recursiveFieldStep(name: string): Step {
  const read = fieldReader(name);
  return (input, run) => {
    const found: Json[] = [];
    let visited = 0;
    descend(input, !run.allowMissingKeys, (value) => {
      visited++;
      const item = read(value);
      if (item !== undefined) found.push(item);
    });
    if (!run.allowMissingKeys && found.length === 0 && visited > 0) {
      throw new JsonPathFailure(`${name} is not found`, false);
    }
    return found;
  };
}

/** Visits lists, objects and optionally strings, except empty ones. */
function descend(input: readonly Found[], withStrings: boolean, visit: (value: Json) => void): void {
  const isWanted = (value: Found): boolean =>
    typeof value === 'object' || (withStrings && typeof value === 'string');
  // A stack instead of recursion, because a document can be arbitrarily deep.
  const waiting = input.filter(isWanted).reverse();
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (isArray(value)) {
      if (value.length > 0) visit(value);
      for (let index = value.length - 1; index >= 0; index--) {
        if (isWanted(value[index])) waiting.push(value[index]);
      }
    } else if (isJsonObject(value)) {
      const keys = Object.keys(value);
      if (keys.length > 0) visit(value);
      const inner = keys.filter((key) => isWanted(value[key])).sort(compareBytes);
      for (let index = inner.length - 1; index >= 0; index--) waiting.push(value[inner[index] ?? '']);
    } else if (typeof value === 'string' && value !== '') {
      visit(value);
    }
  }
}

function unionStep(branches: readonly Step[]): Step {
  return (input, run) => {
    try {
      return branches.flatMap((branch) => branch(input, run));
    } catch (error) {
      if (error instanceof JsonPathFailure) {
        throw new JsonPathFailure(error.message, input.length > 0, error.isOfTemplate);
      }
      throw error;
    }
  };
}

function identifierStep(name: string): Step {
  return (input, run) => {
    switch (name) {
      case 'range':
        run.begun++;
        return input;
      case 'end':
        if (run.depth === 0) throw new JsonPathFailure('not in range, nothing to end', false, true);
        run.ended++;
        return [];
      default:
        throw new JsonPathFailure(`unrecognized identifier ${name}`, input.length > 0, true);
    }
  };
}

function arrayStep(node: ArrayNode): Step {
  const stride = node.step ?? 1;
  return (input, run) => {
    const found: Json[] = [];
    for (const value of input) {
      // kubectl panics if a range over nothing leads here. Finding nothing is consistent with the
      // other steps.
      if (value === null || value === undefined) continue;
      if (!isArray(value)) {
        if (run.skipsMisfits) continue;
        throw new JsonPathFailure(`${goTypeName(value)} is not array or slice`, input.length > 0);
      }
      const bounds = sliceBounds(node, value.length);
      if (typeof bounds === 'string' && run.skipsMisfits) continue;
      if (typeof bounds === 'string') throw new JsonPathFailure(bounds, input.length > 0);
      if (bounds.start === bounds.end) {
        // kubectl stops at the first empty slice: `{.items[*].list[*]}` loses what comes after an
        // empty list.
        run.isCut = true;
        return found;
      }
      if (stride <= 0) throw new JsonPathFailure('step must be > 0', input.length > 0, true);
      for (let index = bounds.start; index < bounds.end; index += stride) found.push(value[index] ?? null);
    }
    return found;
  };
}

/** Returns start and end of a slice in a list of that length, or why it is out of range. */
function sliceBounds(
  node: ArrayNode,
  length: number,
): { readonly start: number; readonly end: number } | string {
  let start = node.start ?? 0;
  if (start < 0) start += length;
  let end = node.end ?? length;
  if (end < 0 || (end === 0 && node.isIndex)) end += length;
  if (start === end) return { start, end };
  if (start >= length || start < 0) return outOfBounds(start, length);
  if (end > length || end < 0) return outOfBounds(end - 1, length);
  if (start > end) return `starting index ${start} is greater than ending index ${end}`;
  return { start, end };
}

function outOfBounds(index: number, length: number): string {
  return `array index out of bounds: index ${index}, length ${length}`;
}

function filterStep(node: FilterNode): Step {
  const passes =
    node.comparison === undefined ? existence(node.left) : comparison(node.left, node.comparison);
  return (input, run) => {
    const found: Json[] = [];
    for (const value of input) {
      if (!isArray(value)) {
        const shown = value === undefined ? '<invalid reflect.Value>' : goValue(value);
        throw new JsonPathFailure(`${shown} is not array or slice and cannot be filtered`, input.length > 0);
      }
      for (const item of value) {
        if (passes(item, run, input, found)) found.push(item);
      }
    }
    return found;
  };
}

/**
 * Tests an item.
 * @param input the input of the filter
 * @param found the items that passed so far: kubectl's filter returns one or the other when it
 *   fails
 */
type Predicate = (item: Json, run: Run, input: readonly Found[], found: readonly Found[]) => boolean;

function existence(path: PathNode): Predicate {
  const step = compilePath(path);
  return (item, run) => {
    try {
      return step([item], run).length > 0;
    } catch (error) {
      if (error instanceof JsonPathFailure) return error.leavesValues;
      throw error;
    }
  };
}

function comparison(left: PathNode, { operator, right }: NonNullable<FilterNode['comparison']>): Predicate {
  const leftSide = compilePath(left);
  const rightSide = compilePath(right);
  const leftType = literalKind(left);
  const rightType = literalKind(right);
  return (item, run, input, found) => {
    const values = singleValue(leftSide, item, run, input);
    if (values === undefined) return false;
    const others = singleValue(rightSide, item, run, input);
    if (others === undefined) return false;
    const verdict = compare(
      values,
      leftType ?? kindOf(values),
      others,
      rightType ?? kindOf(others),
      operator,
    );
    if (typeof verdict === 'string') throw new JsonPathFailure(verdict, found.length > 0);
    return verdict;
  };
}

/** Returns the single value of one side of a comparison. Undefined if there is none. */
function singleValue(side: Step, item: Json, run: Run, input: readonly Found[]): Json | undefined {
  let values: readonly Found[];
  try {
    values = side([item], run);
  } catch (error) {
    if (error instanceof JsonPathFailure) throw new JsonPathFailure(error.message, input.length > 0);
    throw error;
  }
  if (values.length > 1)
    throw new JsonPathFailure('can only compare one element at a time', input.length > 0);
  return values[0];
}

type Kind = 'int' | 'float' | 'string' | 'bool';

function literalKind(path: PathNode): Kind | undefined {
  const last = path.steps.at(-1);
  if (last?.kind !== 'literal') return undefined;
  return last.type === 'float64' ? 'float' : last.type;
}

function kindOf(value: Json): Kind | undefined {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'number' || typeof value === 'bigint' ? goNumberKind(value) : undefined;
}

const badType = 'invalid type for comparison';
const badTypes = 'incompatible types for comparison';

/** Returns whether the comparison is true, or kubectl's error if the values cannot be compared. */
function compare(
  left: Json,
  leftKind: Kind | undefined,
  right: Json,
  rightKind: Kind | undefined,
  operator: string,
): boolean | string {
  if (!operators.has(operator)) return `unrecognized filter operator ${operator}`;
  if (leftKind === undefined || rightKind === undefined) return badType;
  if (leftKind !== rightKind) return badTypes;
  if (leftKind === 'bool') {
    if (operator === '==') return left === right;
    return operator === '!=' ? left !== right : badType;
  }
  const order = orderOf(left, right);
  switch (operator) {
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    default:
      return order >= 0;
  }
}

const operators: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);

function orderOf(left: Json, right: Json): number {
  if (typeof left === 'string' && typeof right === 'string') return compareBytes(left, right);
  if (!isNumber(left) || !isNumber(right)) return 0;
  return left < right ? -1 : left > right ? 1 : 0;
}

function isNumber(value: Json): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function isArray(value: Found): value is readonly Json[] {
  return Array.isArray(value);
}

// Decides how far a jsonpath template over a list can be evaluated while the list arrives. Entry
// point: planStream. Pure analysis of the parsed template; jsonpath-stream.ts executes the plan.

import type { ArrayNode, FilterNode, PathNode, StepNode, TemplateNode } from './jsonpath-parser.ts';

/**
 * Nodes `from` up to, but not including, `to` that belong together: one node, or a range with
 * everything up to its `end`.
 */
export interface PlanPart {
  readonly from: number;
  readonly to: number;
  /** True if the first node opens a range over what is read. */
  readonly isRange: boolean;
  readonly reads: Reading;
}

/** The part of `.items` that a path needs. */
export type Reading =
  | { readonly kind: 'nothing' }
  /** Every object separately, in one or more passes one after another (the branches of a union). */
  | { readonly kind: 'each'; readonly passes: readonly Pass[] }
  /** Only some objects at the start and at the end of the list. */
  | { readonly kind: 'window'; readonly first: number; readonly last: number };

/** The steps after `.items[*]`, or after `.items[?(…)]` if there is a filter. */
export interface Pass {
  readonly filter: FilterNode | undefined;
  readonly steps: readonly StepNode[];
}

export type StreamPlan =
  | { readonly kind: 'stream'; readonly parts: readonly PlanPart[] }
  /** The template needs the complete list. `reason` says why. */
  | { readonly kind: 'collect'; readonly reason: string };

/** Splits a template into parts that can be evaluated while pages of `.items` arrive. */
export function planStream(nodes: readonly TemplateNode[]): StreamPlan {
  const parts: PlanPart[] = [];
  for (let from = 0; from < nodes.length;) {
    const node = nodes[from];
    const role = roleOf(node);
    if (role === 'odd' || role === 'end')
      return collect('range or end stand where a stream cannot follow them');
    const to = role === 'range' ? endOfRange(nodes, from) : from + 1;
    if (to === undefined) return collect('a range has no end of its own');
    const steps = node?.kind === 'path' ? node.steps.slice(role === 'range' ? 1 : 0) : [];
    const reads: Reading | string = node?.kind === 'path' ? readingOf(steps) : { kind: 'nothing' };
    if (typeof reads === 'string') return collect(reads);
    parts.push({ from, to, isRange: role === 'range', reads });
    from = to;
  }
  return { kind: 'stream', parts };
}

function collect(reason: string): StreamPlan {
  return { kind: 'collect', reason };
}

/**
 * Returns the role of a node. `odd`: has `range`, `end` or an unknown word anywhere except alone at
 * its start.
 */
function roleOf(node: TemplateNode | undefined): 'plain' | 'range' | 'end' | 'odd' {
  if (node?.kind !== 'path') return 'plain';
  const [first, ...rest] = node.steps;
  if (rest.some(hasIdentifier)) return 'odd';
  if (first?.kind !== 'identifier') return first !== undefined && hasIdentifier(first) ? 'odd' : 'plain';
  if (first.name === 'range') return 'range';
  return first.name === 'end' && rest.length === 0 ? 'end' : 'odd';
}

function hasIdentifier(step: StepNode): boolean {
  switch (step.kind) {
    case 'identifier':
      return true;
    case 'union':
      return step.branches.some(pathHasIdentifier);
    case 'filter':
      return (
        pathHasIdentifier(step.left) ||
        (step.comparison !== undefined && pathHasIdentifier(step.comparison.right))
      );
    default:
      return false;
  }
}

function pathHasIdentifier(path: PathNode): boolean {
  return path.steps.some(hasIdentifier);
}

/** Returns the index after the `end` of a range. Undefined if there is none. */
function endOfRange(nodes: readonly TemplateNode[], range: number): number | undefined {
  let depth = 0;
  for (let index = range; index < nodes.length; index++) {
    const role = roleOf(nodes[index]);
    if (role === 'odd') return undefined;
    if (role === 'range') depth++;
    if (role === 'end' && --depth === 0) return index + 1;
  }
  return undefined;
}

/**
 * Returns what the steps of a path at the top level read, or why that is unknown before the list is
 * complete.
 */
function readingOf(steps: readonly StepNode[]): Reading | string {
  const [first, second] = steps;
  if (first?.kind === 'text' || first?.kind === 'literal') return { kind: 'nothing' };
  // The list around the objects has none of the other names.
  if (first?.kind === 'recursive' && second?.kind === 'field' && !namesOfList.has(second.name)) {
    return passesOver(undefined, steps);
  }
  if (first?.kind !== 'field') return 'it takes the list as a whole';
  // A list has no fields, so {.items.name} finds nothing in any list.
  if (first.name !== 'items' || second?.kind === 'field') return { kind: 'nothing' };
  const rest = steps.slice(2);
  switch (second?.kind) {
    case 'wildcard':
      return passesOver(undefined, rest);
    case 'filter':
      return passesOver(second, rest);
    case 'array':
      return isWhole(second) ? passesOver(undefined, rest) : windowOf(second);
    default:
      return 'it takes .items as a whole';
  }
}

/** The keys of the list around the objects and of its metadata. */
const namesOfList: ReadonlySet<string> = new Set([
  ...['apiVersion', 'items', 'kind', 'metadata', 'resourceVersion'],
]);

/** True for `[*]`, `[:]`, `[0:]`. */
function isWhole(array: ArrayNode): boolean {
  return (array.start ?? 0) === 0 && array.end === undefined && (array.step ?? 1) === 1;
}

function windowOf({ start = 0, end, isIndex }: ArrayNode): Reading | string {
  const toLast = end === undefined || end < 0 || (isIndex && end === 0);
  if (start >= 0 && !toLast) return { kind: 'window', first: end, last: 0 };
  if (start < 0 && toLast) return { kind: 'window', first: 0, last: -start };
  return 'it has a slice of .items that is open to one side';
}

function passesOver(filter: FilterNode | undefined, steps: readonly StepNode[]): Reading | string {
  const last = steps.at(-1);
  if (last?.kind !== 'union') {
    return isDistributive(steps) ? { kind: 'each', passes: [{ filter, steps }] } : mixesItems;
  }
  // A union evaluates its first branch on all objects before the second.
  const before = steps.slice(0, -1);
  const passes = last.branches.map((branch) => ({ filter, steps: [...before, ...branch.steps] }));
  return passes.every((pass) => isDistributive(pass.steps)) ? { kind: 'each', passes } : mixesItems;
}

const mixesItems =
  'it has a union or a text behind .items that puts the findings of all objects in another order';

/** True if applying the steps to several inputs is the same as applying them to each input. */
function isDistributive(steps: readonly StepNode[]): boolean {
  return steps.every((step) => step.kind !== 'union' && step.kind !== 'text');
}

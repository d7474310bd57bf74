// Finds the parts of a condition that the server can select by, so that it does not send other
// objects. Entry point: selectableTerms(). Pure.

import type { Node } from './syntax.ts';

/** Values of fields that a server can select objects by. */
export interface SelectableTerms {
  readonly name?: string;
  readonly namespace?: string;
  /** For pods. */
  readonly nodeName?: string;
}

const paths = new Map<string, keyof SelectableTerms>([
  ['metadata.name', 'name'],
  ['metadata.namespace', 'namespace'],
  ['spec.nodeName', 'nodeName'],
]);

/**
 * Finds `metadata.name == "x"`, `metadata.namespace == "y"` and `spec.nodeName == "z"` among the
 * conditions that must all be true. The caller must still evaluate the whole expression. The first
 * of two terms for one field counts.
 */
export function selectableTerms(tree: Node): SelectableTerms {
  const terms: { -readonly [Term in keyof SelectableTerms]: SelectableTerms[Term] } = {};
  for (const node of conjuncts(tree)) {
    const term = termOf(node);
    if (term !== undefined) terms[term.field] ??= term.value;
  }
  return terms;
}

function conjuncts(node: Node): readonly Node[] {
  return node.kind === 'binary' && node.operator === '&&'
    ? [...conjuncts(node.left), ...conjuncts(node.right)]
    : [node];
}

function termOf(node: Node): { readonly field: keyof SelectableTerms; readonly value: string } | undefined {
  if (node.kind !== 'binary' || node.operator !== '==') return undefined;
  for (const [path, literal] of [
    [node.left, node.right],
    [node.right, node.left],
  ] as const) {
    const field = paths.get(pathOf(path)?.replace(/^(?:self|object)\./, '') ?? '');
    const value = literal.kind === 'literal' && literal.value.type === 'string' ? literal.value.value : '';
    if (field !== undefined && value !== '') return { field, value };
  }
  return undefined;
}

/** Returns a path such as `spec.nodeName`. Undefined if the node is not a plain path. */
function pathOf(node: Node): string | undefined {
  if (node.kind === 'identifier') return node.name;
  if (node.kind !== 'select' || node.isOptional) return undefined;
  const operand = pathOf(node.operand);
  return operand === undefined ? undefined : `${operand}.${node.field}`;
}

/** True if an expression can read `metadata.managedFields`. */
export function canReadManagedFields(text: string): boolean {
  // The whole object, or metadata as a value, can be compared or iterated over.
  return /managedFields|\b(?:self|object)\b(?!\s*\.)|\bmetadata\b(?!\s*\.\??\s*\w)/.test(text);
}

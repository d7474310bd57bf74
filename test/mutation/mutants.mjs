// Lists the mutants of a TypeScript file. Entry point: mutantsOf(). Pure.
//
// A mutant is one small fault: a condition that is always true, a bound that is off by one, a
// call that is not made. Strings in the arguments of an error are not changed: they are
// messages.
import ts from 'typescript';

/**
 * @typedef {object} Mutant
 * @property {number} start The offset of the first replaced character.
 * @property {number} end The offset after the last one.
 * @property {string} text The replacement.
 * @property {number} line The line in the file, from 1.
 * @property {string} what A description of the fault: `a < b -> a <= b`.
 */

/** Operators that are easily confused with each one. */
const otherOperators = new Map(
  Object.entries({
    '<': '<=',
    '<=': '<',
    '>': '>=',
    '>=': '>',
    '===': '!==',
    '!==': '===',
    '&&': '||',
    '||': '&&',
    '??': '&&',
    '+': '-',
    '-': '+',
    '*': '/',
    '/': '*',
    '+=': '-=',
    '-=': '+=',
  }),
);

/**
 * Lists the mutants of a source file in order of position.
 *
 * @param {string} source
 * @returns {Mutant[]}
 */
export function mutantsOf(source) {
  const file = ts.createSourceFile('file.ts', source, ts.ScriptTarget.Latest, true);
  /** @type {Mutant[]} */
  const mutants = [];
  /** @type {(node: ts.Node, text: string) => void} */
  const add = (node, text) => {
    const [start, end] = [node.getStart(file), node.getEnd()];
    const before = oneLine(source.slice(start, end));
    mutants.push({
      start,
      end,
      text,
      line: file.getLineAndCharacterOfPosition(start).line + 1,
      what: `${before} -> ${text.trim() === '' ? '(nothing)' : oneLine(text)}`,
    });
  };
  /** @type {(node: ts.Node) => void} */
  const visit = (node) => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    mutate(node, add);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return mutants.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** @type {(node: ts.Node, add: (node: ts.Node, text: string) => void) => void} */
function mutate(node, add) {
  if (ts.isIfStatement(node) || ts.isConditionalExpression(node)) {
    const condition = ts.isIfStatement(node) ? node.expression : node.condition;
    for (const text of ['true', 'false']) if (condition.getText() !== text) add(condition, `(${text})`);
  } else if (ts.isWhileStatement(node) || ts.isDoStatement(node)) {
    // An endless loop only costs time: it always fails.
    if (node.expression.kind !== ts.SyntaxKind.TrueKeyword) add(node.expression, 'false');
  } else if (ts.isBinaryExpression(node)) {
    const other = otherOperators.get(node.operatorToken.getText());
    if (other !== undefined && !(other === '-' && isText(node))) {
      add(node, `(${node.left.getText()}) ${other} (${node.right.getText()})`);
    }
  } else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    add(node, `(${node.operand.getText()})`);
  } else if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) {
    if (!ts.isLiteralTypeNode(node.parent) && !isLoopCondition(node))
      add(node, node.kind === ts.SyntaxKind.TrueKeyword ? 'false' : 'true');
  } else if (ts.isNumericLiteral(node)) {
    add(node, String(Number(node.text.replaceAll('_', '')) + 1));
  } else if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
    if (!isInError(node) && !isDiscriminant(node)) add(node, node.text === '' ? "'mutant'" : "''");
  } else if (ts.isExpressionStatement(node)) {
    const inner = ts.isVoidExpression(node.expression) ? node.expression.expression : node.expression;
    const call = ts.isAwaitExpression(inner) ? inner.expression : inner;
    if (ts.isCallExpression(call) && call.expression.kind !== ts.SyntaxKind.SuperKeyword) add(node, ';');
  } else if (ts.isReturnStatement(node) && node.expression !== undefined) {
    if (node.expression.getText() !== 'undefined') add(node, 'return undefined;');
  }
}

/** True if an addition joins strings. @type {(node: ts.BinaryExpression) => boolean} */
function isText(node) {
  return [node.left, node.right].some(
    (side) => ts.isStringLiteralLike(side) || ts.isTemplateExpression(side),
  );
}

/** @type {(node: ts.Node) => boolean} */
function isLoopCondition(node) {
  return ts.isWhileStatement(node.parent) || ts.isDoStatement(node.parent) || ts.isForStatement(node.parent);
}

/**
 * True if a string is an import specifier or the name of a property. @type {(node: ts.Node) =>
 * boolean}
 */
function isDiscriminant(node) {
  return ts.isPropertyAssignment(node.parent) && node.parent.name === node;
}

/** True if a string is in the arguments of a new error. @type {(node: ts.Node) => boolean} */
function isInError(node) {
  for (let at = node.parent; at !== undefined && !ts.isStatement(at); at = at.parent) {
    if (ts.isNewExpression(at) && at.expression.getText().endsWith('Error')) return true;
  }
  return false;
}

/** @type {(text: string) => string} */
function oneLine(text) {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= 70 ? line : `${line.slice(0, 69)}…`;
}

// Parses CEL text to a syntax tree. Entry point: parseCel(). Pure. Macros stay calls; compile.ts
// expands them. See https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax

import { scan, type Token } from './scanner.ts';
import { CelSyntaxError, type BinaryOperator, type ListElement, type MapEntry, type Node } from './syntax.ts';

/** Max nesting depth, as in cel-go. */
const maxDepth = 250;

/** Max UTF-16 units of an expression, as in cel-go. */
const maxLength = 100_000;

/** Reserved words of CEL. They can be names of fields, but not of variables. */
const reserved = new Set(
  'as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

/** Binary operators, the lowest precedence first. All are left associative. */
const levels: readonly (readonly BinaryOperator[])[] = [
  ['||'],
  ['&&'],
  ['==', '!=', '<=', '<', '>=', '>', 'in'],
  ['+', '-'],
  ['*', '/', '%'],
];

/**
 * Parses an expression.
 * @throws CelSyntaxError
 */
export function parseCel(text: string): Node {
  if (text.trim() === '') throw new CelSyntaxError('the expression is empty', 0);
  if (text.length > maxLength) {
    throw new CelSyntaxError(`the expression is longer than ${maxLength} characters`, maxLength);
  }
  return new Parser(scan(text)).all();
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  all(): Node {
    const node = this.#expression();
    const rest = this.#peek();
    if (rest.kind !== 'end') throw this.#unexpected(rest);
    return node;
  }

  #expression(): Node {
    if (++this.#depth > maxDepth) {
      throw new CelSyntaxError(`the expression is nested more than ${maxDepth} deep`, this.#peek().at);
    }
    const condition = this.#binary(0);
    const question = this.#peek();
    let node = condition;
    if (this.#take('?')) {
      const whenTrue = this.#binary(0);
      this.#expect(':');
      node = { kind: 'conditional', condition, whenTrue, whenFalse: this.#expression(), at: question.at };
    }
    this.#depth--;
    return node;
  }

  #binary(level: number): Node {
    const operators = levels[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (let count = 0; ; count++) {
      const token = this.#peek();
      const operator = operators.find((one) => token.kind === 'symbol' && token.text === one);
      if (operator === undefined) return left;
      if (count > 4 * maxDepth) throw new CelSyntaxError('the expression has too many terms', token.at);
      this.#next++;
      left = { kind: 'binary', operator, left, right: this.#binary(level + 1), at: token.at };
    }
  }

  #unary(): Node {
    const signs: Token[] = [];
    const first = this.#peek();
    const sign =
      first.kind === 'symbol' && (first.text === '!' || first.text === '-') ? first.text : undefined;
    if (sign === undefined) return this.#member();
    for (let token = this.#peek(); this.#take(sign); token = this.#peek()) signs.push(token);
    if (signs.length > maxDepth) throw new CelSyntaxError('the expression is nested too deep', first.at);
    let node = this.#member();
    const literal = node.kind === 'literal' && sign === '-' ? node.value : undefined;
    const at = signs.at(-1)?.at ?? first.at;
    if (literal?.type === 'int') {
      node = { kind: 'literal', value: { type: 'int', value: -literal.value }, at };
      signs.pop();
    } else if (literal?.type === 'double') {
      node = { kind: 'literal', value: { type: 'double', value: -literal.value }, at };
      signs.pop();
    }
    return signs.reduceRight<Node>(
      (operand, token) => ({ kind: 'unary', operator: sign, operand, at: token.at }),
      node,
    );
  }

  #member(): Node {
    let node = this.#primary();
    for (let count = 0; ; count++) {
      const token = this.#peek();
      if (count > maxDepth) throw new CelSyntaxError('the expression is nested too deep', token.at);
      if (this.#take('.')) {
        const isOptional = this.#take('?');
        const name = this.#peek();
        if (name.kind !== 'identifier') throw this.#unexpected(name, 'a field name');
        this.#next++;
        const { text: field, at } = name;
        if (!isOptional && this.#take('(')) {
          node = { kind: 'call', name: field, target: node, arguments: this.#arguments(), at };
        } else node = { kind: 'select', operand: node, field, isOptional, at };
      } else if (this.#take('[')) {
        const isOptional = this.#take('?');
        const key = this.#expression();
        this.#expect(']');
        node = { kind: 'index', operand: node, key, isOptional, at: token.at };
      } else return node;
    }
  }

  #primary(): Node {
    const token = this.#peek();
    this.#next++;
    if (token.kind === 'literal') return { kind: 'literal', value: token.value, at: token.at };
    if (token.kind === 'symbol' && token.text === '(') {
      const node = this.#expression();
      this.#expect(')');
      return node;
    }
    if (token.kind === 'symbol' && token.text === '[') {
      return { kind: 'list', elements: this.#listElements(), at: token.at };
    }
    if (token.kind === 'symbol' && token.text === '{') {
      return { kind: 'map', entries: this.#mapEntries(), at: token.at };
    }
    // A leading dot names a variable of the outermost scope, and all variables are there.
    const name = token.kind === 'symbol' && token.text === '.' ? this.#peek() : token;
    if (name !== token) this.#next++;
    if (name.kind !== 'identifier') {
      this.#next--;
      throw this.#unexpected(name, 'a value');
    }
    const { text, at } = name;
    if (reserved.has(text)) throw new CelSyntaxError(`reserved identifier: ${text}`, at);
    if (this.#take('('))
      return { kind: 'call', name: text, target: undefined, arguments: this.#arguments(), at };
    return { kind: 'identifier', name: text, at };
  }

  #arguments(): readonly Node[] {
    const nodes: Node[] = [];
    if (this.#take(')')) return nodes;
    do nodes.push(this.#expression());
    while (this.#take(','));
    this.#expect(')');
    return nodes;
  }

  #listElements(): readonly ListElement[] {
    const elements: ListElement[] = [];
    while (!this.#take(']')) {
      const isOptional = this.#take('?');
      elements.push({ value: this.#expression(), isOptional });
      if (this.#take(',')) continue;
      this.#expect(']');
      break;
    }
    return elements;
  }

  #mapEntries(): readonly MapEntry[] {
    const entries: MapEntry[] = [];
    while (!this.#take('}')) {
      const isOptional = this.#take('?');
      const key = this.#expression();
      this.#expect(':');
      entries.push({ key, value: this.#expression(), isOptional });
      if (this.#take(',')) continue;
      this.#expect('}');
      break;
    }
    return entries;
  }

  #peek(): Token {
    const token = this.#tokens[this.#next] ?? this.#tokens.at(-1);
    if (token === undefined) throw new CelSyntaxError('the expression is empty', 0);
    return token;
  }

  #take(symbol: string): boolean {
    const token = this.#peek();
    if (token.kind !== 'symbol' || token.text !== symbol) return false;
    this.#next++;
    return true;
  }

  #expect(symbol: string): void {
    if (!this.#take(symbol)) throw this.#unexpected(this.#peek(), `"${symbol}"`);
  }

  #unexpected(token: Token, expected?: string): CelSyntaxError {
    const wanted = expected === undefined ? '' : `, ${expected} is expected`;
    if (token.kind === 'end') return new CelSyntaxError(`the expression ends too early${wanted}`, token.at);
    const shown = token.kind === 'literal' ? `a ${token.value.type} value` : JSON.stringify(token.text);
    return new CelSyntaxError(`unexpected ${shown}${wanted}`, token.at);
  }
}

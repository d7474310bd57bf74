// Parses kubectl's jsonpath templates to a tree. Entry point: parseTemplate. jsonpath-steps.ts
// evaluates the tree. Follows k8s.io/client-go/util/jsonpath including its quirks, which existing
// templates rely on.

import { isPrintable } from '../model/go-quote.ts';

/** `{…}`: steps, each applied to the results of the step before it. */
export interface PathNode {
  readonly kind: 'path';
  readonly steps: readonly StepNode[];
}

/** Text outside braces, or in quotes inside braces. */
export interface TextNode {
  readonly kind: 'text';
  readonly text: string;
}

/** `[start:end:step]`, `[index]` or `[*]`. */
export interface ArrayNode {
  readonly kind: 'array';
  readonly start: number | undefined;
  readonly end: number | undefined;
  /** True for an index: `end` is `start + 1`, and 0 therefore means the end of the list. */
  readonly isIndex: boolean;
  readonly step: number | undefined;
}

export interface FilterNode {
  readonly kind: 'filter';
  readonly left: PathNode;
  /** Absent in `[?(@.a)]`, which tests for existence. */
  readonly comparison: { readonly operator: string; readonly right: PathNode } | undefined;
}

/** A literal. `1.0` is a float, and Go does not compare floats with integers. */
export interface LiteralNode {
  readonly kind: 'literal';
  readonly value: number | bigint | boolean;
  readonly type: 'int' | 'float64' | 'bool';
}

export type StepNode =
  | TextNode
  | ArrayNode
  | FilterNode
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'recursive' }
  | { readonly kind: 'union'; readonly branches: readonly PathNode[] }
  | LiteralNode
  /** `range`, `end`, or an unknown word, which is an error only when it is evaluated. */
  | { readonly kind: 'identifier'; readonly name: string };

export type TemplateNode = TextNode | PathNode;

/** A syntax error in a template. The message is kubectl's. */
export class JsonPathSyntaxError extends Error {
  override readonly name = 'JsonPathSyntaxError';
}

/**
 * Parses a template: text and actions in order.
 * @throws JsonPathSyntaxError
 * @see https://kubernetes.io/docs/reference/kubectl/jsonpath/
 */
export function parseTemplate(template: string): readonly TemplateNode[] {
  const scanner = new Scanner(template);
  const nodes: TemplateNode[] = [];
  while (!scanner.atEnd()) {
    const text = scanner.textUntil('{');
    if (text !== '') nodes.push({ kind: 'text', text });
    if (scanner.take('{')) nodes.push(parseAction(scanner));
  }
  return nodes;
}

/** Parses the part of an action in brackets or quotes, as an action of its own. */
function parseInner(text: string): PathNode {
  const [first] = parseTemplate(`{${text}}`);
  // Text cannot come first. A brace inside `text` ends the action early, and the rest is ignored.
  return first?.kind === 'path' ? first : { kind: 'path', steps: [] };
}

function parseAction(scanner: Scanner): PathNode {
  const steps: StepNode[] = [];
  while (!scanner.take('}')) {
    if (scanner.take('[?(')) {
      steps.push(parseFilter(scanner));
      continue;
    }
    if (scanner.take('..')) {
      if (steps.at(-1)?.kind === 'recursive') throw syntaxError('invalid multiple recursive descent');
      steps.push({ kind: 'recursive' });
      if (isWordCharacter(scanner.peek())) steps.push(parseField(scanner));
      continue;
    }
    const character = scanner.next();
    switch (character) {
      case '':
      case '\r':
      case '\n':
        throw syntaxError('unclosed action');
      // `@` and `$` name the current value, which is the input anyway: `$` is not the root.
      case ' ':
      case '@':
      case '$':
        break;
      case '[':
        steps.push(...parseBrackets(scanner));
        break;
      case '"':
      case "'":
        steps.push(parseQuoted(scanner, character));
        break;
      case '.':
        steps.push(parseField(scanner));
        break;
      default:
        steps.push(parseWord(scanner, character));
    }
  }
  return { kind: 'path', steps };
}

function parseWord(scanner: Scanner, first: string): StepNode {
  if (first === '+' || first === '-' || isDigit(first)) {
    return parseNumber(first + scanner.textWhile((c) => c === '.' || isDigit(c)));
  }
  if (!isWordCharacter(first)) {
    throw syntaxError(`unrecognized character in action: ${nameCharacter(first)}`);
  }
  const word = first + scanner.textWhile((c) => !isTerminator(c));
  if (word === 'true' || word === 'false') return { kind: 'literal', value: word === 'true', type: 'bool' };
  return { kind: 'identifier', name: word };
}

function parseNumber(text: string): LiteralNode {
  if (/^[+-]?[0-9]+$/.test(text)) {
    const exact = BigInt(text.replace('+', ''));
    if (BigInt.asIntN(64, exact) === exact) {
      const near = Number(exact);
      return { kind: 'literal', value: Number.isSafeInteger(near) ? near : exact, type: 'int' };
    }
  }
  const float = /^[+-]?([0-9]+(?:\.[0-9]*)?|\.[0-9]+)$/.test(text) ? Number(text) : NaN;
  if (!Number.isFinite(float)) throw syntaxError(`cannot parse number ${text}`);
  return { kind: 'literal', value: float, type: 'float64' };
}

/**
 * Parses a name up to the next terminator. A backslash makes the character after it part of the
 * name.
 */
function parseField(scanner: Scanner): StepNode {
  let name = '';
  for (let character = scanner.peek(); !isTerminator(character); character = scanner.peek()) {
    scanner.next();
    name += character === '\\' ? escapedCharacter(scanner) : character;
  }
  return name === '*' ? { kind: 'wildcard' } : { kind: 'field', name };
}

/**
 * Returns the character after a backslash. Two backslashes do not make one: kubectl drops all of
 * them from the name.
 */
function escapedCharacter(scanner: Scanner): string {
  const character = scanner.next();
  return character === '\\' ? '' : character;
}

/**
 * Parses `[…]` without a filter, after its opening bracket. The first closing bracket ends it, even
 * inside quotes.
 */
function parseBrackets(scanner: Scanner): readonly StepNode[] {
  const text = scanner.textWhile((c) => c !== ']' && c !== '\n');
  if (!scanner.take(']')) throw syntaxError('unterminated array');
  const parts = text.split(',');
  if (parts.length > 1) {
    const branches = parts.map((part) => parseInner(`[${part.replace(/^ +| +$/g, '')}]`));
    return [{ kind: 'union', branches }];
  }
  const key = /^'([^']*)'$/.exec(text)?.[1];
  // `['a.b']` is the path .a.b, not the key "a.b", which is written ['a\.b'].
  if (key !== undefined) return parseInner(`.${key}`).steps;
  return [parseSlice(text === '*' ? ':' : text)];
}

function parseSlice(text: string): ArrayNode {
  const match = /^(-?[0-9]*)(:-?[0-9]*)?(:-?[0-9]*)?$/.exec(text);
  if (match === null) throw syntaxError(`invalid array index ${text}`);
  const start = parseIndex(match[1]);
  const end = match[2]?.slice(1);
  return {
    kind: 'array',
    start,
    end: end === undefined ? (start ?? 0) + 1 : parseIndex(end),
    isIndex: end === undefined,
    step: parseIndex(match[3]?.slice(1)),
  };
}

function parseIndex(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (text === '-' || BigInt.asIntN(64, BigInt(text)) !== BigInt(text)) {
    throw syntaxError(`array index ${text} is not a number`);
  }
  return Number(text);
}

/** Parses `[?(…)]`, after its opening. */
function parseFilter(scanner: Scanner): FilterNode {
  const text = filterText(scanner);
  const match = /^([^!<>=]+)([!<>=]+)([^\n]+?)$/.exec(text);
  const [, left, operator, right] = match ?? [];
  if (left === undefined || operator === undefined || right === undefined) {
    return { kind: 'filter', left: parseInner(text), comparison: undefined };
  }
  return { kind: 'filter', left: parseInner(left), comparison: { operator, right: parseInner(right) } };
}

/**
 * Returns the text up to the `)` that ends the filter: the first one outside the first quoted
 * string.
 */
function filterText(scanner: Scanner): string {
  let text = '';
  let quote = '';
  let isQuoteClosed = false;
  for (;;) {
    const character = scanner.next();
    if (character === '' || character === '\n') throw syntaxError('unterminated filter');
    if (character === ')' && (quote !== '') === isQuoteClosed) break;
    if (character === '"' || character === "'") {
      if (quote === '') quote = character;
      else if (character === quote && !text.endsWith('\\')) isQuoteClosed = true;
    }
    text += character;
  }
  if (scanner.next() !== ']') throw syntaxError('unclosed array expect ]');
  return text;
}

function parseQuoted(scanner: Scanner, quote: string): TextNode {
  let quoted = quote;
  for (;;) {
    const character = scanner.next();
    if (character === '' || character === '\n') throw syntaxError('unterminated quoted string');
    const isEscaped = quoted.endsWith('\\');
    quoted += character;
    if (character === quote && !isEscaped) break;
  }
  const text = unquote(quoted.slice(1, -1), quote);
  if (text === undefined) throw syntaxError(`unquote string ${quoted} error invalid syntax`);
  return { kind: 'text', text };
}

const simpleEscapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

/** Matches escapes. A run of \x and octal escapes means bytes: `\xc3\xa9` is é. */
const escapePattern = /(?:\\x[0-9a-fA-F]{2}|\\[0-7]{3})+|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\[^]?|["']/g;

/**
 * Decodes the escapes of a Go string literal. Undefined if one is invalid.
 * @see https://go.dev/ref/spec#Rune_literals
 */
function unquote(text: string, quote: string): string | undefined {
  if (!text.includes('\\')) return text;
  let unquoted = '';
  let done = 0;
  for (const { 0: escape, index } of text.matchAll(escapePattern)) {
    const character = decodeEscape(escape, quote);
    if (character === undefined) return undefined;
    unquoted += text.slice(done, index) + character;
    done = index + escape.length;
  }
  return unquoted + text.slice(done);
}

function decodeEscape(escape: string, quote: string): string | undefined {
  if (!escape.startsWith('\\')) return escape === quote ? undefined : escape;
  const letter = escape.charAt(1);
  if (escape.length === 2) return letter === quote ? quote : simpleEscapes[letter];
  if (letter === 'u' || letter === 'U') return characterOf(Number.parseInt(escape.slice(2), 16));
  return textOfBytes(escape);
}

function textOfBytes(escapes: string): string | undefined {
  const codes = [...escapes.matchAll(/\\x(..)|\\(...)/g)].map(([, hex, octal = '']) =>
    hex === undefined ? Number.parseInt(octal, 8) : Number.parseInt(hex, 16),
  );
  if (codes.some((code) => code > 0xff)) return undefined;
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(codes));
}

function characterOf(code: number): string | undefined {
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  return isSurrogate || code > 0x10ffff ? undefined : String.fromCodePoint(code);
}

/** Formats a character like Go's `%#U`. */
function nameCharacter(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return isPrintable(character) ? `U+${code} '${character}'` : `U+${code}`;
}

/** True for a character that ends a name, and for the end of the template (the empty string). */
function isTerminator(character: string): boolean {
  return character === '' || ' \t\r\n.,[]$@{}'.includes(character);
}

function isWordCharacter(character: string): boolean {
  return /^[\p{L}\p{Nd}_]$/u.test(character);
}

function isDigit(character: string): boolean {
  return /^\p{Nd}$/u.test(character);
}

function syntaxError(message: string): JsonPathSyntaxError {
  return new JsonPathSyntaxError(message);
}

/** A position in the template. Moves by code points, as kubectl's parser does. */
class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** Returns the next character. Empty at the end. */
  peek(): string {
    const code = this.#text.codePointAt(this.#at);
    return code === undefined ? '' : String.fromCodePoint(code);
  }

  next(): string {
    const character = this.peek();
    this.#at += character.length;
    return character;
  }

  /** Consumes `expected` if it comes next. */
  take(expected: string): boolean {
    const isNext = this.#text.startsWith(expected, this.#at);
    if (isNext) this.#at += expected.length;
    return isNext;
  }

  textUntil(stop: string): string {
    return this.textWhile((character) => character !== stop);
  }

  textWhile(holds: (character: string) => boolean): string {
    const start = this.#at;
    while (!this.atEnd() && holds(this.peek())) this.next();
    return this.#text.slice(start, this.#at);
  }
}

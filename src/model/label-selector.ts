// Parses label selectors as in a list's `labelSelector`, and matches labels. Entry point:
// parseLabelSelector. Pure. The messages are those of the API server, because clients print them.
// Field selectors: field-selector.ts.

import { labelValueProblems, qualifiedNameProblems } from './label-names.ts';
import { stringAt, type JsonObject } from './object.ts';

/** Thrown for a selector that the API server answers with 400. The message is the server's. */
export class LabelSelectorError extends Error {}

/** True if an object with these labels is selected. */
export type LabelMatcher = (labels: JsonObject | undefined) => boolean;

interface Token {
  readonly kind: 'end' | 'word' | 'operator' | 'bad';
  readonly text: string;
}

const operators = ['==', '=', '!=', '!', '>', '<', '(', ')', ','];
const binaryOperators = 'in, notin, =, ==, !=, gt, lt';

/**
 * Parses a selector. Supports the whole grammar: `a`, `!a`, `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a
 * notin (b)`, `a>1`, `a<1`.
 * @throws LabelSelectorError
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function parseLabelSelector(text: string): LabelMatcher {
  const tokens = tokenize(text);
  const matchers: LabelMatcher[] = [];
  let at = 0;
  const next = (): Token => tokens[at++] ?? end;
  const peek = (): Token => tokens[at] ?? end;
  const startsRequirement = (token: Token): boolean => token.kind === 'word' || token.text === '!';

  while (peek().kind !== 'end') {
    if (!startsRequirement(peek())) {
      throw new LabelSelectorError(`found '${peek().text}', expected: !, identifier, or 'end of string'`);
    }
    matchers.push(parseRequirement(next, peek));
    const separator = next();
    if (separator.kind === 'end') break;
    if (separator.text !== ',' || separator.kind !== 'operator') {
      throw new LabelSelectorError(`found '${separator.text}', expected: ',' or 'end of string'`);
    }
    if (!startsRequirement(peek())) {
      throw new LabelSelectorError(`found '${peek().text}', expected: identifier after ','`);
    }
  }
  return (labels) => matchers.every((matches) => matches(labels));
}

const end: Token = { kind: 'end', text: '' };

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text.charAt(at);
    if (/\s/.test(character)) {
      at += 1;
    } else if (/[=!(),<>]/.test(character)) {
      const operator = operators.find((candidate) => text.startsWith(candidate, at));
      tokens.push({ kind: operator === undefined ? 'bad' : 'operator', text: operator ?? character });
      at += operator?.length ?? 1;
    } else {
      const word = /^[^\s=!(),<>]+/.exec(text.slice(at))?.[0] ?? character;
      tokens.push({ kind: 'word', text: word });
      at += word.length;
    }
  }
  return tokens;
}

function parseRequirement(next: () => Token, peek: () => Token): LabelMatcher {
  const fail = (found: Token, expected: string): never => {
    throw new LabelSelectorError(`unable to parse requirement: found '${found.text}', expected: ${expected}`);
  };
  let token = next();
  const negated = token.text === '!';
  if (negated) token = next();
  if (token.kind !== 'word') fail(token, 'identifier');
  const key = token.text;
  checkKey(key);

  const follower = peek();
  if (follower.kind === 'end' || (follower.kind === 'operator' && follower.text === ',')) {
    return (labels) => (valueOf(labels, key) === undefined) === negated;
  }
  const operator = next();
  switch (operator.text) {
    case 'in':
    case 'notin': {
      const values = parseValues(next, peek, fail);
      values.forEach((value) => checkValue(key, value));
      const within = operator.text === 'in';
      return (labels) => {
        const value = valueOf(labels, key);
        return value === undefined ? !within : values.has(value) === within;
      };
    }
    case '=':
    case '==':
    case '!=': {
      const value = exactValue(next, peek, fail);
      checkValue(key, value);
      return operator.text === '!='
        ? (labels) => valueOf(labels, key) !== value
        : (labels) => valueOf(labels, key) === value;
    }
    case '>':
    case '<': {
      const limit = exactValue(next, peek, fail);
      if (!/^[+-]?\d+$/.test(limit)) {
        throw new LabelSelectorError(
          `unable to parse requirement: values[0]: Invalid value: ${JSON.stringify(limit)}: for 'Gt', 'Lt' operators, the value must be an integer`,
        );
      }
      const bound = BigInt(limit);
      return (labels) => {
        const value = valueOf(labels, key) ?? '';
        if (!/^[+-]?\d+$/.test(value)) return false;
        return operator.text === '>' ? BigInt(value) > bound : BigInt(value) < bound;
      };
    }
    default:
      return fail(operator, binaryOperators);
  }
}

/** Returns the value of a label. Own properties only, because of keys such as `constructor`. */
function valueOf(labels: JsonObject | undefined, key: string): string | undefined {
  return labels !== undefined && Object.hasOwn(labels, key) ? stringAt(labels, key) : undefined;
}

type Fail = (found: Token, expected: string) => never;

function exactValue(next: () => Token, peek: () => Token, fail: Fail): string {
  const token = peek();
  if (token.kind === 'end' || (token.kind === 'operator' && token.text === ',')) return '';
  next();
  return token.kind === 'word' ? token.text : fail(token, 'identifier');
}

/** Parses `(a,b)`. A missing word between commas is the empty value. */
function parseValues(next: () => Token, peek: () => Token, fail: Fail): ReadonlySet<string> {
  const open = next();
  if (open.text !== '(') {
    throw new LabelSelectorError(`unable to parse requirement: found '${open.text}' expected: '('`);
  }
  const values = new Set<string>();
  const first = peek();
  if (first.kind !== 'word' && first.text !== ')' && first.text !== ',')
    fail(first, "',', ')' or identifier");
  for (;;) {
    const token = next();
    if (token.kind === 'word') {
      values.add(token.text);
      const after = next();
      if (after.text === ')') return values;
      if (after.text !== ',') fail(after, "',' or ')'");
      if (peek().text === ')') values.add('');
    } else if (token.text === ',') {
      values.add('');
    } else if (token.text === ')') {
      values.add('');
      return values;
    } else {
      fail(token, "',', or identifier");
    }
  }
}

function checkKey(key: string): void {
  refuse(`<nil>: Invalid value: ${JSON.stringify(key)}`, qualifiedNameProblems(key));
}

function checkValue(key: string, value: string): void {
  refuse(`values[0][${key}]: Invalid value: ${JSON.stringify(value)}`, labelValueProblems(value));
}

function refuse(what: string, problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new LabelSelectorError(`unable to parse requirement: ${what}: ${problems.join('; ')}`);
}

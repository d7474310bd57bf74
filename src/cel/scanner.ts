// Splits CEL text into tokens. Entry point: scan(). Pure. See
// https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax

import { CelSyntaxError, type LiteralValue } from './syntax.ts';

export type Token = { readonly at: number; readonly end: number } & (
  | { readonly kind: 'literal'; readonly value: LiteralValue }
  | { readonly kind: 'identifier'; readonly text: string }
  | { readonly kind: 'symbol'; readonly text: string }
  | { readonly kind: 'end' }
);

const symbols = /(?:\|\||&&|==|!=|<=|>=|[-+*/%<>!?:.,()[\]{}])/y;
const identifier = /[_a-zA-Z][_a-zA-Z0-9]*/y;
const space = /(?:[\t\n\f\r ]+|\/\/[^\n]*)+/y;
const float = /(?:[0-9]+\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+|\.[0-9]+(?:[eE][+-]?[0-9]+)?)/y;
const integer = /(?:0[xX][0-9a-fA-F]+|[0-9]+)([uU])?/y;
const quote = /([rR]?[bB]|[bB][rR]|[rR])?("""|'''|"|')/y;

const maxInt = 2n ** 63n - 1n;
const maxUint = 2n ** 64n - 1n;

/**
 * Splits a text into tokens.
 * @throws CelSyntaxError
 */
export function scan(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  for (;;) {
    at += match(space)?.[0].length ?? 0;
    if (at >= text.length) {
      tokens.push({ kind: 'end', at, end: at });
      return tokens;
    }
    const opening = match(quote);
    if (opening !== null) {
      const { value, end } = scanText(text, at, opening);
      tokens.push({ kind: 'literal', value, at, end });
      at = end;
      continue;
    }
    const number = match(float);
    if (number !== null) {
      const end = at + number[0].length;
      tokens.push({ kind: 'literal', value: { type: 'double', value: Number(number[0]) }, at, end });
      at = end;
      continue;
    }
    const whole = match(integer);
    if (whole !== null) {
      const end = at + whole[0].length;
      tokens.push({ kind: 'literal', value: integerOf(whole, at, tokens.at(-1)), at, end });
      at = end;
      continue;
    }
    const word = match(identifier)?.[0];
    if (word !== undefined) {
      const end = at + word.length;
      tokens.push(wordToken(word, at, end));
      at = end;
      continue;
    }
    const symbol = match(symbols)?.[0];
    if (symbol === undefined) throw unexpectedCharacter(text, at);
    tokens.push({ kind: 'symbol', text: symbol, at, end: at + symbol.length });
    at += symbol.length;
  }
}

function unexpectedCharacter(text: string, at: number): CelSyntaxError {
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const single: Readonly<Record<string, string>> = { '=': '==', '&': '&&', '|': '||' };
  const meant = single[character];
  return new CelSyntaxError(
    `unexpected ${JSON.stringify(character)}${meant === undefined ? '' : `: the operator is ${meant}`}`,
    at,
  );
}

function wordToken(word: string, at: number, end: number): Token {
  switch (word) {
    case 'true':
    case 'false':
      return { kind: 'literal', value: { type: 'bool', value: word === 'true' }, at, end };
    case 'null':
      return { kind: 'literal', value: { type: 'null' }, at, end };
    case 'in':
      return { kind: 'symbol', text: 'in', at, end };
    default:
      return { kind: 'identifier', text: word, at, end };
  }
}

function integerOf(match: RegExpExecArray, at: number, before: Token | undefined): LiteralValue {
  const isUnsigned = match[1] !== undefined;
  const value = BigInt(isUnsigned ? match[0].slice(0, -1) : match[0]);
  // The smallest int has a sign, which is a separate token.
  const isNegated = before?.kind === 'symbol' && before.text === '-';
  const max = isUnsigned ? maxUint : isNegated ? maxInt + 1n : maxInt;
  if (value > max) throw new CelSyntaxError(`invalid ${isUnsigned ? 'uint' : 'int'} literal`, at);
  return { type: isUnsigned ? 'uint' : 'int', value };
}

/** Escapes of one character. */
const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '?': '?',
  '"': '"',
  "'": "'",
  '`': '`',
};

const escapeForm =
  /\\(?:([abfnrtv\\?"'`])|[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2}))/y;

function scanText(
  text: string,
  at: number,
  opening: RegExpExecArray,
): { readonly value: LiteralValue; readonly end: number } {
  const prefix = (opening[1] ?? '').toLowerCase();
  const mark = opening[2] ?? '"';
  const isRaw = prefix.includes('r');
  const isBytes = prefix.includes('b');
  let position = at + opening[0].length;
  let plain = '';
  const bytes: number[] = [];
  const add = (piece: string): void => {
    if (isBytes) bytes.push(...Buffer.from(piece, 'utf8'));
    else plain += piece;
  };
  while (!text.startsWith(mark, position)) {
    const character = text[position];
    if (character === undefined || (mark.length === 1 && (character === '\n' || character === '\r'))) {
      throw new CelSyntaxError('the text is not closed: its quote is missing', at);
    }
    if (character !== '\\' || isRaw) {
      // In a raw string, a quote after a backslash does not end the string.
      const isEscapedQuote = isRaw && character === '\\' && position + 1 < text.length;
      const piece = isEscapedQuote
        ? text.slice(position, position + 2)
        : String.fromCodePoint(text.codePointAt(position) ?? 0);
      add(piece);
      position += piece.length;
      continue;
    }
    escapeForm.lastIndex = position;
    const match = escapeForm.exec(text);
    if (match === null) throw new CelSyntaxError('invalid escape in a text', position);
    const [all, simple, hex, unicode, long, octal] = match;
    position += all.length;
    if (simple !== undefined) add(escapes[simple] ?? '');
    else {
      const code = octal === undefined ? parseInt(hex ?? unicode ?? long ?? '0', 16) : parseInt(octal, 8);
      const isCodePoint = unicode !== undefined || long !== undefined;
      if (isBytes && isCodePoint)
        throw new CelSyntaxError('bytes have no \\u escapes', position - all.length);
      if (isBytes) bytes.push(code);
      else if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
        throw new CelSyntaxError('invalid code point in an escape', position - all.length);
      } else plain += String.fromCodePoint(code);
    }
  }
  const end = position + mark.length;
  const value: LiteralValue = isBytes
    ? { type: 'bytes', value: Uint8Array.from(bytes) }
    : { type: 'string', value: plain };
  return { value, end };
}

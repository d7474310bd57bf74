// Parses JSON without losing digits of integers. Uses JSON.parse() if no integer is too long for
// it, otherwise the parser in this file. Entry point: parseJson(). read.ts reads responses.

import type { Json } from '../model/object.ts';

/** Thrown for text that is not JSON, with the position of the first error. */
export class JsonSyntaxError extends Error {
  /** Number of characters before the error. */
  readonly offset: number;
  /** True if the text ends before the JSON value is complete, so it was probably truncated. */
  readonly truncated: boolean;
  constructor(message: string, offset: number, truncated: boolean) {
    super(message);
    this.name = 'JsonSyntaxError';
    this.offset = offset;
    this.truncated = truncated;
  }
}

/** Max nesting depth, as in Go's decoder: no Kubernetes server stores deeper objects. */
const maxDepth = 10_000;

/**
 * Parses JSON like `JSON.parse`, but returns integers beyond ±(2^53-1) as bigint.
 *
 * Almost no document has such an integer. A reviver would make every parse ten times as slow, and
 * Node 20 does not pass the source text of a number to a reviver. So this function first searches
 * the text for long runs of digits, which takes a thirtieth of the parsing time. Only text with
 * such a run needs the exact parser.
 * @throws JsonSyntaxError
 */
export function parseJson(text: string): Json {
  if (canContainLongInteger(text)) return parseExactly(text);
  try {
    return JSON.parse(text) as Json;
  } catch {
    // The message of V8 has no stable format, so the position cannot be read from it. The exact
    // parser fails at the same position and reports it.
    return parseExactly(text);
  }
}

/** Min digits of an integer beyond 2^53-1 = 9007199254740991. */
const longDigits = 16;

/**
 * Number of scanned characters after which V8 has compiled the loop of canContainLongInteger().
 * Before that, the loop takes ten times as long as a regular expression, and after that a tenth.
 */
const warmUpLength = 1_000_000;
let scannedLength = 0;

/**
 * True if a run of 16 or more digits is at a position where a number can be. Also true for some
 * runs inside strings, which costs time but not correctness. Checks only every sixteenth character,
 * because every run of 16 digits contains one of the checked characters.
 */
export function canContainLongInteger(text: string): boolean {
  scannedLength += text.length;
  if (scannedLength < warmUpLength && !/[0-9]{16}/.test(text)) return false;
  for (let at = longDigits - 1; at < text.length; at += longDigits) {
    if (!isDigit(text.charCodeAt(at))) continue;
    let start = at;
    while (start > 0 && isDigit(text.charCodeAt(start - 1))) start--;
    let end = at + 1;
    while (end < text.length && isDigit(text.charCodeAt(end))) end++;
    if (end - start >= longDigits && beginsNumber(text, start)) return true;
    at = end - 1;
  }
  return false;
}

function beginsNumber(text: string, start: number): boolean {
  let before = start - 1;
  if (text[before] === '-') before--;
  while (before >= 0 && isSpace(text.charCodeAt(before))) before--;
  const char = text[before];
  return char === undefined || char === ':' || char === ',' || char === '[';
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** An object or array that is being parsed. */
class Open {
  readonly items: Json[] = [];
  /** Keys of the items. Undefined for an array. */
  readonly keys: string[] | undefined;
  constructor(isObject: boolean) {
    this.keys = isObject ? [] : undefined;
  }

  close(): Json {
    const { items, keys } = this;
    // fromEntries() creates `__proto__` as an own property; an assignment would change the
    // prototype.
    return keys === undefined ? items : Object.fromEntries(keys.map((key, at) => [key, items[at]]));
  }
}

function parseExactly(text: string): Json {
  let at = 0;
  const open: Open[] = [];
  const numberPattern = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;

  function fail(): never {
    if (at >= text.length) throw new JsonSyntaxError(`breaks off after ${text.length} characters`, at, true);
    const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
    throw new JsonSyntaxError(`unexpected ${JSON.stringify(char)} at character ${at + 1}`, at, false);
  }

  function skipSpace(): void {
    while (isSpace(text.charCodeAt(at))) at++;
  }

  /** Parses a scalar, or only the opening bracket of an object or array. */
  function beginning(): Json | Open {
    skipSpace();
    switch (text[at]) {
      case '{':
        return opened(true);
      case '[':
        return opened(false);
      case '"':
        return string();
      case 't':
        return word('true', true);
      case 'f':
        return word('false', false);
      case 'n':
        return word('null', null);
      default:
        return number();
    }
  }

  function opened(isObject: boolean): Open {
    if (open.length >= maxDepth) {
      throw new JsonSyntaxError(`nests deeper than ${maxDepth} levels at character ${at + 1}`, at, false);
    }
    at++;
    return new Open(isObject);
  }

  /**
   * Advances to the next value of an object or array, past its key. Returns false at the closing
   * bracket, and advances past it.
   */
  function hasNext({ items, keys }: Open): boolean {
    skipSpace();
    if (text[at] === (keys === undefined ? ']' : '}')) {
      at++;
      return false;
    }
    if (items.length > 0) {
      if (text[at] !== ',') fail();
      at++;
      skipSpace();
    }
    if (keys === undefined) return true;
    if (text[at] !== '"') fail();
    keys.push(string());
    skipSpace();
    if (text[at] !== ':') fail();
    at++;
    return true;
  }

  /**
   * Parses one value, including nested values. Not recursive, because {@link maxDepth} levels can
   * exceed the stack.
   */
  function value(): Json {
    let latest = beginning();
    for (;;) {
      if (latest instanceof Open) open.push(latest);
      else if (open.length === 0) return latest;
      else open.at(-1)?.items.push(latest);
      const collection = open.at(-1);
      if (collection === undefined || hasNext(collection)) {
        latest = beginning();
      } else {
        open.pop();
        latest = collection.close();
      }
    }
  }

  function string(): string {
    const start = at;
    for (at++; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 0x22) {
        at++;
        return unquote(start, at);
      }
      if (code === 0x5c) at++;
      else if (code < 0x20) fail();
    }
    at = text.length;
    return fail();
  }

  function unquote(start: number, end: number): string {
    const quoted = text.slice(start, end);
    if (!quoted.includes('\\')) return quoted.slice(1, -1);
    try {
      return String(JSON.parse(quoted));
    } catch {
      // Only an invalid escape can fail here.
      at = start + quoted.search(/\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})/);
      return fail();
    }
  }

  function number(): number | bigint {
    numberPattern.lastIndex = at;
    const match = numberPattern.exec(text);
    if (match === null) return fail();
    at += match[0].length;
    const near = Number(match[0]);
    const isInteger = match[1] === undefined && match[2] === undefined;
    return isInteger && !Number.isSafeInteger(near) ? BigInt(match[0]) : near;
  }

  function word<T extends boolean | null>(letters: string, meaning: T): T {
    for (const letter of letters) {
      if (text[at] !== letter) fail();
      at++;
    }
    return meaning;
  }

  const parsed = value();
  skipSpace();
  if (at < text.length) fail();
  return parsed;
}

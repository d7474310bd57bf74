// Formats JSON as `kubectl -o json` does, and on one line for ndjson and jsonpath. Entry points:
// writeJson for large values, prettyJson and compactJson for small ones. The caller removes
// managedFields.

import type { Json, JsonObject } from '../model/object.ts';
import { ByteText, utf8 } from './byte-text.ts';
import { checkDepth, maxUncheckedDepth } from './depth.ts';
import { compareBytes, KeyOrder, type OrderedKeys } from './key-order.ts';

/**
 * Matches characters that Go's encoding/json escapes in strings, including `<`, `>` and `&`, so
 * that JSON can be embedded in HTML.
 */
const special = /["\\<>&\u0000-\u001f\u2028\u2029]/;
const beyondJson = /[<>&\u2028\u2029]/;
const loneSurrogate = /\p{Surrogate}/gu;

/** 1 for every ASCII character that needs no escape in a JSON string. */
const plain = Uint8Array.from({ length: 128 }, (_, code) =>
  special.test(String.fromCharCode(code)) ? 0 : 1,
);

const prettyKeys = new KeyOrder(compareBytes, (key) => utf8(`${quoteJson(key)}: `));
const compactKeys = new KeyOrder(compareBytes, (key) => utf8(`${quoteJson(key)}:`));

/**
 * Writes a value with 4 spaces per level, keys in byte order, `<`, `>`, `&`, U+2028 and U+2029
 * escaped, numbers in Go's form, and integers of any size unchanged. Writes no newline at the end.
 * @param indent number of spaces before the lines after the first. Default: 0
 */
export function writeJson(out: ByteText, value: Json, indent = 0): void {
  switch (typeof value) {
    case 'string':
      writeString(out, value);
      return;
    case 'object':
      break;
    default:
      out.text(numberOrWord(value));
      return;
  }
  if (value === null) {
    out.text('null');
  } else if (indent > maxUncheckedDepth * indentStep) {
    writeDeep(out, value, indent);
  } else if (isArray(value)) {
    writeArray(out, value, indent);
  } else {
    writeObject(out, value, indent);
  }
}

/**
 * Writes a value on one line without spaces, otherwise like {@link writeJson}.
 * @param depth number of levels around the value. Default: 0
 */
export function writeCompactJson(out: ByteText, value: Json, depth = 0): void {
  if (typeof value === 'string') {
    writeString(out, value);
  } else if (typeof value !== 'object' || value === null) {
    out.text(numberOrWord(value));
  } else if (depth > maxUncheckedDepth) {
    writeDeep(out, value, undefined);
  } else if (isArray(value)) {
    out.byte(openBracket);
    for (let index = 0; index < value.length; index++) {
      if (index > 0) out.byte(comma);
      writeCompactJson(out, value[index] ?? null, depth + 1);
    }
    out.byte(closeBracket);
  } else {
    const { keys, labels } = compactKeys.of(value);
    let before = openBrace;
    for (let index = 0; index < keys.length; index++) {
      const item = value[keys[index] ?? ''];
      const label = labels[index];
      if (item === undefined || label === undefined) continue;
      out.byte(before);
      before = comma;
      out.append(label);
      writeCompactJson(out, item, depth + 1);
    }
    if (before === openBrace) out.byte(openBrace);
    out.byte(closeBrace);
  }
}

/** Returns the output of {@link writeJson} as a string. */
export function prettyJson(value: Json, indent = 0): string {
  const out = new ByteText();
  writeJson(out, value, indent);
  return out.toString();
}

/** Returns the output of {@link writeCompactJson} as a string. */
export function compactJson(value: Json): string {
  const out = new ByteText();
  writeCompactJson(out, value);
  return out.toString();
}

/** Quotes a string as Go's encoding/json does. Lone surrogates become U+FFFD, as in UTF-8. */
export function quoteJson(text: string): string {
  if (!special.test(text)) return `"${text.replace(loneSurrogate, '\ufffd')}"`;
  const json = JSON.stringify(text.replace(loneSurrogate, '\ufffd'));
  if (!beyondJson.test(json)) return json;
  // A function for each match is ten times slower.
  return json
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replaceAll('&', '\\u0026')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

/** Min bytes of a piece of {@link jsonPieces}. */
const pieceBytes = 64 * 1024;

/**
 * Returns the output of {@link writeJson} or {@link writeCompactJson} in pieces, so that the caller
 * can let the event loop run while a long list is formatted. Formats each value on the lowest of
 * the split levels at once.
 * @param indent number of spaces before the lines after the first. Undefined: all on one line
 * @param levels number of levels that are split: 1 splits between the elements of a list
 */
export function* jsonPieces(
  value: Json,
  indent: number | undefined,
  levels: number,
): Generator<string, void, undefined> {
  const out = new ByteText();
  yield* splitPieces(out, value, indent, levels);
  yield out.toString();
}

function* splitPieces(
  out: ByteText,
  value: Json,
  indent: number | undefined,
  levels: number,
): Generator<string, void, undefined> {
  if (levels > 0 && typeof value === 'object' && value !== null) {
    const level = openLevel(out, value, indent);
    const inner = indent === undefined ? undefined : indent + indentStep;
    for (let child = nextOf(out, level, inner); child !== undefined; child = nextOf(out, level, inner)) {
      yield* splitPieces(out, child, inner, levels - 1);
    }
    closeLevel(out, level);
    return;
  }
  if (indent === undefined) writeCompactJson(out, value);
  else writeJson(out, value, indent);
  if (out.length < pieceBytes) return;
  yield out.toString();
  out.length = 0;
}

const comma = 0x2c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const quote = 0x22;
const indentStep = 4;

function writeArray(out: ByteText, value: readonly Json[], indent: number): void {
  out.byte(openBracket);
  for (let index = 0; index < value.length; index++) {
    if (index > 0) out.byte(comma);
    out.newline(indent + indentStep);
    writeJson(out, value[index] ?? null, indent + indentStep);
  }
  if (value.length > 0) out.newline(indent);
  out.byte(closeBracket);
}

function writeObject(out: ByteText, value: JsonObject, indent: number): void {
  const { keys, labels } = prettyKeys.of(value);
  out.byte(openBrace);
  let empty = true;
  for (let index = 0; index < keys.length; index++) {
    const item = value[keys[index] ?? ''];
    const label = labels[index];
    if (item === undefined || label === undefined) continue;
    if (!empty) out.byte(comma);
    empty = false;
    out.newline(indent + indentStep);
    out.append(label);
    writeJson(out, item, indent + indentStep);
  }
  if (!empty) out.newline(indent);
  out.byte(closeBrace);
}

/** A partially written collection. */
interface Level {
  readonly value: readonly Json[] | JsonObject;
  readonly ordered: OrderedKeys | undefined;
  /** Spaces before the closing bracket. Undefined: all on one line. */
  readonly indent: number | undefined;
  next: number;
  isEmpty: boolean;
}

/**
 * Writes the same output as the functions above, without recursion. API servers store objects with
 * 10,000 levels, which exceeds the stack.
 * @param indent undefined: on one line
 */
function writeDeep(out: ByteText, root: readonly Json[] | JsonObject, indent: number | undefined): void {
  checkDepth(root);
  const levels = [openLevel(out, root, indent)];
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    const inner = level.indent === undefined ? undefined : level.indent + indentStep;
    const child = nextOf(out, level, inner);
    if (child === undefined) {
      closeLevel(out, level);
      levels.pop();
    } else if (typeof child === 'object' && child !== null) {
      levels.push(openLevel(out, child, inner));
    } else if (typeof child === 'string') {
      writeString(out, child);
    } else {
      out.text(numberOrWord(child));
    }
  }
}

function openLevel(out: ByteText, value: readonly Json[] | JsonObject, indent: number | undefined): Level {
  const order = indent === undefined ? compactKeys : prettyKeys;
  const ordered = isArray(value) ? undefined : order.of(value);
  out.byte(ordered === undefined ? openBracket : openBrace);
  return { value, ordered, indent, next: 0, isEmpty: true };
}

function closeLevel(out: ByteText, { ordered, indent, isEmpty }: Level): void {
  if (!isEmpty && indent !== undefined) out.newline(indent);
  out.byte(ordered === undefined ? closeBracket : closeBrace);
}

/**
 * Writes the text before the next value of a level, and returns the value. Undefined if there is
 * none.
 */
function nextOf(out: ByteText, level: Level, indent: number | undefined): Json | undefined {
  const { value, ordered } = level;
  let child: Json | undefined;
  let label: Uint8Array | undefined;
  if (isArray(value)) {
    if (level.next >= value.length) return undefined;
    child = value[level.next++] ?? null;
  } else {
    while (child === undefined) {
      const key = ordered?.keys[level.next];
      if (key === undefined) return undefined;
      label = ordered?.labels[level.next++];
      child = value[key];
    }
  }
  if (!level.isEmpty) out.byte(comma);
  level.isEmpty = false;
  if (indent !== undefined) out.newline(indent);
  if (label !== undefined) out.append(label);
  return child;
}

/**
 * Formats a number, true, false or null. JavaScript's and Go's forms of a float64 in JSON agree:
 * shortest digits, exponents from 1e21 and below 1e-6.
 */
function numberOrWord(value: number | bigint | boolean | null): string {
  // Beyond float64 (1e400): a parser reads the same value again.
  return typeof value === 'number' && !Number.isFinite(value)
    ? value < 0
      ? '-1e999'
      : '1e999'
    : String(value);
}

function writeString(out: ByteText, text: string): void {
  const size = text.length;
  out.reserve(size + 2);
  const bytes = out.bytes;
  let at = out.length;
  bytes[at++] = quote;
  for (let index = 0; index < size; index++) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f || plain[unit] === 0) {
      writeQuoted(out, text);
      return;
    }
    bytes[at++] = unit;
  }
  bytes[at++] = quote;
  out.length = at;
}

/** Max characters that are quoted at a time: the escapes of a long text need much memory. */
const maxQuoted = 65_536;

function writeQuoted(out: ByteText, text: string): void {
  if (text.length <= maxQuoted) {
    out.text(quoteJson(text));
    return;
  }
  out.byte(quote);
  for (let start = 0; start < text.length;) {
    const end = start + maxQuoted;
    const splitsPair = /[\ud800-\udbff]/.test(text.charAt(end - 1));
    out.text(quoteJson(text.slice(start, splitsPair ? end - 1 : end)).slice(1, -1));
    start = splitsPair ? end - 1 : end;
  }
  out.byte(quote);
}

function isArray(value: readonly Json[] | JsonObject): value is readonly Json[] {
  return Array.isArray(value);
}

// Formats KYAML as `kubectl -o kyaml` does: a strict subset of YAML with braces and quoted strings.
// Entry points: writeKyaml() for large values, kyamlText() and kyamlEntries(). Follows
// sigs.k8s.io/yaml/kyaml.

import { isJsonObject, type Json, type JsonObject } from '../model/object.ts';
import { isPrintable } from '../model/go-quote.ts';
import { ServerError } from '../errors.ts';
import { ByteText } from './byte-text.ts';
import { compactJson } from './json.ts';

/**
 * Writes a value without the `---` before it and without a newline at the end. Keys are in byte
 * order.
 * @param level indentation level of the value. Default: 0
 * @throws ServerError `TooDeep`
 */
export function writeKyaml(out: ByteText, value: Json, level = 0): void {
  if (level > maxLevel) {
    throw new ServerError(
      `the answer is nested deeper than ${maxLevel} levels: -o json and -o yaml print it`,
      {
        code: 'TooDeep',
      },
    );
  }
  if (typeof value === 'string') quote(out, value, level + 1);
  else if (value === null || typeof value === 'boolean') out.text(String(value));
  else if (typeof value === 'number' || typeof value === 'bigint') out.text(compactJson(value));
  else if (isJsonObject(value)) writeMapping(out, value, level);
  else writeSequence(out, value, level);
}

/** Returns the output of {@link writeKyaml} as a string. */
export function kyamlText(value: Json, level = 0): string {
  const out = new ByteText();
  writeKyaml(out, value, level);
  return out.toString();
}

/** Formats a mapping with its keys in the given order. */
export function kyamlEntries(entries: readonly (readonly [string, Json])[], level = 0): string {
  const out = new ByteText();
  writeEntries(out, entries, level);
  return out.toString();
}

/** Max levels of a document. Each needs a few stack frames. */
const maxLevel = 1_000;

function writeMapping(out: ByteText, object: JsonObject, level: number): void {
  const entries = Object.entries(object).flatMap(([key, value]): [string, Json][] =>
    value === undefined ? [] : [[key, value]],
  );
  writeEntries(out, entries.sort(compareKeys), level);
}

function writeEntries(out: ByteText, entries: readonly (readonly [string, Json])[], level: number): void {
  if (entries.length === 0) {
    out.text('{}');
    return;
  }
  out.text('{');
  for (const [key, value] of entries) {
    out.newline((level + 1) * indentStep);
    out.text(`${keyText(key)}: `);
    writeKyaml(out, value, level + 1);
    out.text(',');
  }
  out.newline(level * indentStep);
  out.text('}');
}

function compareKeys([a]: readonly [string, Json], [b]: readonly [string, Json]): number {
  if (a === b) return 0;
  if (!/[\ud800-\uffff]/.test(a + b)) return a < b ? -1 : 1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/**
 * Writes a list. If all elements are lists or mappings, their brackets are on the lines of the
 * list's brackets.
 */
function writeSequence(out: ByteText, items: readonly Json[], level: number): void {
  const isCuddled = items.every((item) => typeof item === 'object' && item !== null);
  out.text('[');
  for (const [at, item] of items.entries()) {
    if (isCuddled) {
      if (at > 0) out.text(', ');
      writeKyaml(out, item, level);
    } else {
      out.newline((level + 1) * indentStep);
      writeKyaml(out, item, level + 1);
      out.text(',');
    }
  }
  if (!isCuddled) out.newline(level * indentStep);
  out.text(']');
}

/** Spaces of a level. */
const indentStep = 2;

function keyText(key: string): string {
  if (!key.includes('\n') && !needsQuotes(key)) return key;
  const out = new ByteText();
  out.text('"');
  for (const [at, line] of key.split('\n').entries()) {
    if (at > 0) out.text('\\n');
    for (const [index, part] of line.split('\t').entries()) {
      if (index > 0) out.text('\\t');
      writeEscaped(out, part);
    }
  }
  out.text('"');
  return out.toString();
}

/**
 * Writes a text in quotes. Text of several lines is folded: each line starts on its own line, and
 * line ends are written as `\n`.
 */
function quote(out: ByteText, text: string, level: number): void {
  out.text('"');
  if (text.length <= maxShort && plain.test(text)) {
    out.text(text);
  } else if (!text.includes('\n')) {
    writeEscaped(out, text);
  } else {
    const lineStart = `\\\n${' '.repeat(level * indentStep)}`;
    for (let start = 0; start < text.length;) {
      out.text(lineStart);
      const end = text.indexOf('\n', start);
      const line = text.slice(start, end < 0 ? undefined : end);
      // A space at the start of a line would be lost, so it is escaped; otherwise a space keeps the
      // lines aligned.
      out.text(space.test(line.charAt(0)) ? '\\' : ' ');
      writeEscaped(out, line);
      if (end >= 0) out.text('\\n');
      start = end < 0 ? text.length : end + 1;
    }
    out.text(lineStart);
  }
  out.text('"');
}

/** Max characters of a text that is matched as a whole: a long match needs memory of its own. */
const maxShort = 1_000;
/** Matches text without escapes. */
const plain = /^[ !#-[\]-~]*$/;

/** True for the ASCII characters that need no escape. */
const isLiteralAscii: readonly boolean[] = Array.from(
  { length: 128 },
  (_, code) => code === 0x09 || (code >= 0x20 && code < 0x7f && !'"\\'.includes(String.fromCharCode(code))),
);

/** Writes text without line breaks, in runs: joining single characters needs much memory. */
function writeEscaped(out: ByteText, text: string): void {
  let start = 0;
  for (let index = 0; index < text.length;) {
    const point = text.codePointAt(index) ?? 0;
    const size = point > 0xffff ? 2 : 1;
    const isLiteral = isLiteralAscii[point] ?? isPrintable(String.fromCodePoint(point));
    if (!isLiteral) {
      if (index > start) out.text(text.slice(start, index));
      out.text(escapeCharacter(String.fromCodePoint(point)));
      start = index + size;
    }
    index += size;
  }
  if (text.length > start) out.text(text.slice(start));
}

/** Matches unicode.IsSpace of Go. */
const space = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

const named: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\r': '\\r',
  '\v': '\\v',
  '\0': '\\0',
  '\x1b': '\\e',
  '\x85': '\\N',
  '\xa0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

function escapeCharacter(character: string): string {
  const own = named[character];
  if (own !== undefined) return own;
  if (isPrintable(character)) return character;
  // UTF-8 cannot contain a lone surrogate.
  const point = /^[\ud800-\udfff]$/.test(character) ? 0xfffd : (character.codePointAt(0) ?? 0);
  if (point === 0xfffd) return '\ufffd';
  if (point < 0x20 || point === 0x7f) return `\\x${hex(point, 2)}`;
  return point < 0x10000 ? `\\u${hex(point, 4)}` : `\\U${hex(point, 8)}`;
}

function hex(point: number, digits: number): string {
  return point.toString(16).padStart(digits, '0');
}

function needsQuotes(key: string): boolean {
  if (key === '' || isAmbiguous(key)) return true;
  return !/^[\p{L}\p{N}_](?:[\p{L}\p{N}_\-./]*[\p{L}\p{N}_])?$/u.test(key);
}

const words = new Set([
  ...['null', '~', 'true', 'y', 'yes', 'on', 'false', 'n', 'no', 'off', 't', 'f'],
  ...['.inf', '-.inf', '+.inf', '.nan'],
]);
const integer = /^[+-]?(?:0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|0|[1-9][0-9]*)$/;
const decimal = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const hexFloat = /^[+-]?0[xX](?:[0-9a-fA-F]+(?:\.[0-9a-fA-F]*)?|\.[0-9a-fA-F]+)[pP][+-]?[0-9]+$/;
const infinity = /^(?:[+-]?inf(?:inity)?|nan)$/i;
const sexagesimal = /^[+-]?[1-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const largestInt = 2n ** 63n;

/** True if some YAML parser would not read the unquoted text as a string. */
function isAmbiguous(text: string): boolean {
  if (words.has(text.toLowerCase())) return true;
  const plain = text.replaceAll('_', '');
  if (integer.test(plain) && isInt64(plain)) return true;
  if (decimal.test(plain) && Number.isFinite(Number(plain))) return true;
  return hexFloat.test(plain) || infinity.test(plain) || sexagesimal.test(text) || isTimestamp(text);
}

function isInt64(text: string): boolean {
  const isNegative = text.startsWith('-');
  const digits = text.replace(/^[+-]/, '').replace(/^0(?=[0-7])/, '0o');
  const value = BigInt(digits);
  return isNegative ? value <= largestInt : value < largestInt;
}

const timestamp =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[+-]\d{2}:\d{2})| (\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?)?$/;

function isTimestamp(text: string): boolean {
  const match = timestamp.exec(text);
  if (match === null) return false;
  const [year = 0, month = 0, day = 0, ...clock] = match
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  const [hour = 0, minute = 0, second = 0, otherHour = 0, otherMinute = 0, otherSecond = 0] = clock;
  const date = new Date(Date.UTC(2000, 0, 1));
  date.setUTCFullYear(year, month - 1, day);
  const isDate = month > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isDate && Math.max(hour, otherHour) < 24 && Math.max(minute, otherMinute, second, otherSecond) < 60;
}

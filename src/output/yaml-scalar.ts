// Formats strings as YAML scalars in the style that kubectl's YAML library chooses: plain, single
// quoted, double quoted or literal, folded if a line exceeds 80 characters. Entry points:
// writeScalar, isSimpleKey. yaml.ts writes the document. Follows YAML 1.1
// (https://yaml.org/spec/1.1/) as sigs.k8s.io/yaml v1.4 over its goyaml.v2 prints it. Writes runs of
// characters, because joining single characters of a long text needs 30 times its memory.

import type { ByteText } from './byte-text.ts';

/** Max column: a line breaks at the first single space after it. */
const bestWidth = 80;

/**
 * Characters that libyaml does not print unescaped: controls, tab, everything beyond the basic
 * plane.
 */
const unprintable = /[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;
/**
 * In addition, the characters that escape.ts shows as numbers: they reorder text or are invisible.
 */
const unprintableOrBidi =
  /[^\n\x20-\x7e\xa0-\xac\xae-\u061b\u061d-\u180d\u180f-\u200a\u200c-\u200d\u2010-\u2027\u202f-\u205f\u2070-\ud7ff\ue000-\ufefe\uff00-\ufff8\ufffc\ufffd]/;

const loneSurrogate = /\p{Surrogate}/gu;
const spaceBeforeBreak = / [\n\u2028\u2029]/;
const spaceAfterBreak = /[\n\u2028\u2029] /;
const anyBreak = /[\n\u2028\u2029]/;
const notPlain = /^[#,[\]{}&*!|>'"%@` \u2028\u2029]|^[-?:](?: |$)|^---|^\.\.\.|: |:$| #| $|[\u2028\u2029]/;

/** The position and options of a scalar. */
export interface ScalarPlace {
  /** Column of the next character, after the space before the scalar. */
  readonly column: number;
  /** Number of spaces before the lines after the first. */
  readonly indent: number;
  /** True for a key on the line of its value, which must not be folded. */
  readonly key: boolean;
  /** True to escape bidirectional controls and invisible characters too, for a terminal. */
  readonly escapeBidi: boolean;
}

/**
 * Writes a string as a YAML scalar, without a line break after it unless it is a literal block
 * that ends with one. Control characters are escaped in double quotes; kubectl's library fails on
 * most of them, and turns U+0085 into a space.
 */
export function writeScalar(out: ByteText, text: string, place: ScalarPlace): void {
  const value = text.replace(loneSurrogate, '\ufffd');
  const special = (place.escapeBidi ? unprintableOrBidi : unprintable).test(value);
  if (special || spaceBeforeBreak.test(value)) {
    writeDoubleQuoted(out, value, place);
  } else if (value.includes('\n')) {
    if (place.key || value.endsWith(' ')) writeDoubleQuoted(out, value, place);
    else writeLiteral(out, value, place.indent);
  } else if (!isString(value)) {
    writeDoubleQuoted(out, value, place);
  } else if (!notPlain.test(value)) {
    writeFolded(out, value, place, false);
  } else if (spaceAfterBreak.test(value)) {
    writeDoubleQuoted(out, value, place);
  } else {
    out.byte(singleQuote);
    writeFolded(out, value, place, true);
    out.byte(singleQuote);
  }
}

/**
 * True if a key is written on the line of its value. Others are written as `? key` and `: value` on
 * separate lines.
 */
export function isSimpleKey(key: string): boolean {
  return Buffer.byteLength(key) <= 128 && !/[\n\r\x85\u2028\u2029]/.test(key);
}

/**
 * True if this text as a plain scalar would be parsed as a string, not as a number, boolean, null
 * or time.
 */
export function isString(text: string): boolean {
  if (text === '') return false;
  const first = text.charCodeAt(0);
  if (first > 0x7e || !(hints[first] ?? false)) return true;
  if (text.length <= maxWordLength && words.has(text)) return false;
  if (first === dot) return !(dottedFloat.test(text) && Number.isFinite(Number(text.replaceAll('_', ''))));
  if (first > nine || !maybeNumber.test(text)) return true;
  return !(isTimestamp(text) || isNumber(text.replaceAll('_', '')) || sexagesimal.test(text));
}

const maxWordLength = 'false'.length;
/**
 * Matches the characters of numbers in any base and of timestamps: a fast check that excludes
 * quantities, addresses and hashes.
 */
const maybeNumber = /^[-+]?[._0-9][0-9a-fA-FxXoO_.:+\-,TtZ ]*$/;
const dot = 0x2e;
const nine = 0x39;

/** First characters of texts that could be something else than a string. */
const hints: readonly boolean[] = Array.from({ length: 127 }, (_, code) =>
  '+-0123456789yYnNtTfFoO~.'.includes(String.fromCharCode(code)),
);

const words: ReadonlySet<string> = new Set([
  ...['y', 'yes', 'true', 'on', 'n', 'no', 'false', 'off', 'null', '.nan', '.inf', '+.inf', '-.inf'].flatMap(
    (word) => [word, word.toUpperCase(), word.replace(/[a-z]/, (letter) => letter.toUpperCase())],
  ),
  '.NaN',
  '~',
]);

/** Matches YAML 1.1's base 60 numbers, which are quoted for other parsers. */
const sexagesimal = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const integer = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/;
/** Matches Go's own syntax of a float: underscores only between digits. */
const dottedFloat = /^\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?$/;
const oddBinary = /^0b[-+][01]+$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

/** True if Go parses this as a 64-bit integer, signed or not, in any base, or as a finite float. */
function isNumber(plain: string): boolean {
  if (integer.test(plain)) {
    const signed = plain.startsWith('-') || plain.startsWith('+');
    const digits = (signed ? plain.slice(1) : plain).replace(/^0(?=[0-7])/, '0o');
    const size = BigInt(digits);
    const limit = plain.startsWith('-') ? 2n ** 63n : plain.startsWith('+') ? 2n ** 63n - 1n : 2n ** 64n - 1n;
    if (size <= limit) return true;
  }
  // `0b-1`: Go's parser retries the digits after the prefix with a sign.
  if (oddBinary.test(plain) && plain.length <= 66) return true;
  return float.test(plain) && Number.isFinite(Number(plain));
}

const timestamp =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:([Tt])| +)(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(Z|[-+](\d\d):(\d\d))?)?$/;

/** True if Go parses this as one of the four timestamp formats of its YAML library. */
function isTimestamp(text: string): boolean {
  const match = timestamp.exec(text);
  if (match === null) return false;
  const [year = 0, month = 0, day = 0] = match.slice(1, 4).map(Number);
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return false;
  if (match[5] === undefined) return true;
  const [hour = 0, minute = 0, second = 0] = match.slice(5, 8).map(Number);
  if (hour > 23 || minute > 59 || second > 59) return false;
  // A zone is required after a T and forbidden after a space.
  if ((match[4] === undefined) !== (match[8] === undefined)) return false;
  return Number(match[9] ?? 0) <= 24 && Number(match[10] ?? 0) <= 60;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

const lineFeed = 0x0a;
const space = 0x20;
const doubleQuote = 0x22;
const singleQuote = 0x27;

/** True for the characters that end a line in YAML 1.1 and that a scalar can contain. */
function isBreak(unit: number): boolean {
  return unit === lineFeed || unit === 0x2028 || unit === 0x2029;
}

/** Writes a plain or single quoted scalar, whose lines can break at single spaces. */
function writeFolded(out: ByteText, value: string, place: ScalarPlace, quoted: boolean): void {
  let column = place.column + (quoted ? 1 : 0);
  if ((place.key || value.length <= bestWidth) && !anyBreak.test(value)) {
    const text = quoted ? value.replaceAll("'", "''") : value;
    if (place.key || column + text.length <= bestWidth) {
      out.text(text);
      return;
    }
  }
  const pad = ' '.repeat(place.indent);
  let afterSpace = false;
  let afterBreak = false;
  const last = value.length - 1;
  for (let index = 0; index <= last;) {
    const unit = value.charCodeAt(index);
    if (unit === space) {
      const single = !afterSpace && value.charCodeAt(index + 1) !== space;
      if (single && !place.key && column > bestWidth && (!quoted || (index > 0 && index < last))) {
        out.newline(place.indent);
        column = place.indent;
      } else {
        out.byte(space);
        column += 1;
      }
      afterSpace = true;
      index += 1;
      continue;
    }
    const start = index;
    if (isBreak(unit)) {
      while (isBreak(value.charCodeAt(index))) index += 1;
      out.text(value.slice(start, index));
      column = 0;
      afterBreak = true;
      continue;
    }
    if (afterBreak) {
      out.text(pad.slice(Math.min(column, pad.length)));
      column = Math.max(column, place.indent);
    }
    for (; index <= last; index++) {
      const next = value.charCodeAt(index);
      if (next === space || isBreak(next)) break;
      if (quoted && next === singleQuote) column += 1;
    }
    const run = value.slice(start, index);
    out.text(quoted ? run.replaceAll("'", "''") : run);
    column += index - start;
    afterSpace = false;
    afterBreak = false;
  }
}

const shortEscapes: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\x85': '\\N',
  '\xa0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

/** 1 for the ASCII characters that double quotes contain unescaped, without the space. */
const literalAscii = Uint8Array.from({ length: 128 }, (_, code) =>
  code > space && code < 0x7f && !'"\\'.includes(String.fromCharCode(code)) ? 1 : 0,
);

function writeDoubleQuoted(out: ByteText, value: string, place: ScalarPlace): void {
  const toEscape = place.escapeBidi ? unprintableOrBidi : unprintable;
  // libyaml checks for a byte order mark at the start of the whole string when it checks any of its
  // characters.
  const everything = value.startsWith('\ufeff');
  const isLiteral = (unit: number): boolean => {
    if (everything) return false;
    if (unit < literalAscii.length) return literalAscii[unit] === 1;
    return !isBreak(unit) && !toEscape.test(String.fromCharCode(unit));
  };
  out.byte(doubleQuote);
  let column = place.column + 1;
  let afterSpace = false;
  const last = value.length - 1;
  for (let index = 0; index <= last;) {
    const start = index;
    while (index <= last && isLiteral(value.charCodeAt(index))) index += 1;
    if (index > start) {
      out.text(value.slice(start, index));
      column += index - start;
      afterSpace = false;
      continue;
    }
    const point = value.codePointAt(index) ?? 0;
    if (point !== space || everything) {
      const character = String.fromCodePoint(point);
      const escape = shortEscapes[character] ?? numericEscape(point);
      out.text(escape);
      column += escape.length;
      afterSpace = false;
      index += character.length;
      continue;
    }
    if (!place.key && !afterSpace && column > bestWidth && index > 0 && index < last) {
      out.newline(place.indent);
      column = place.indent;
      if (value.charCodeAt(index + 1) === space) {
        out.text('\\');
        column += 1;
      }
    } else {
      out.byte(space);
      column += 1;
    }
    afterSpace = true;
    index += 1;
  }
  out.byte(doubleQuote);
}

function numericEscape(point: number): string {
  const hex = point.toString(16).toUpperCase();
  if (point <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return point <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/**
 * Writes a block scalar `|` with indented lines, and an indentation hint if the text starts with a
 * space or a break.
 */
function writeLiteral(out: ByteText, value: string, indent: number): void {
  const hint = /^[ \n\u2028\u2029]/.test(value) ? '2' : '';
  out.text(`|${hint}${chompingIndicator(value)}\n`);
  const pad = ' '.repeat(indent);
  for (let index = 0; index < value.length;) {
    const start = index;
    while (index < value.length && !isBreak(value.charCodeAt(index))) index += 1;
    if (index > start) out.text(pad);
    while (index < value.length && isBreak(value.charCodeAt(index))) index += 1;
    out.text(value.slice(start, index));
  }
}

/**
 * Returns the chomping indicator: `-` if the text does not end with a break, `+` if it ends with
 * several or is only a break.
 */
function chompingIndicator(value: string): string {
  if (!anyBreak.test(value.slice(-1))) return '-';
  return value.length === 1 || anyBreak.test(value.slice(-2, -1)) ? '+' : '';
}

// Formats YAML as `kubectl -o yaml` does. Entry points: writeYaml for large values, yamlText for
// small ones. yaml-scalar.ts writes strings. The caller removes managedFields.

import type { Json, JsonObject } from '../model/object.ts';
import { ByteText } from './byte-text.ts';
import { checkDepth, maxUncheckedDepth } from './depth.ts';
import { KeyOrder, type OrderedKeys } from './key-order.ts';
import { isSimpleKey, isString, writeScalar } from './yaml-scalar.ts';

export interface YamlOptions {
  /** True to escape bidirectional controls, which YAML itself allows. For a terminal. */
  readonly escapeBidi?: boolean;
}

/**
 * Writes a document in block style, keys in the YAML library's natural order (`a2` before `a10`),
 * with a newline at the end.
 */
export function writeYaml(out: ByteText, value: Json, options: YamlOptions = {}): void {
  new YamlEmitter(out, options.escapeBidi ?? false).document(value);
}

/** Writes a value as an item of a sequence at the left margin: `- a: 1` and further lines. */
export function writeYamlItem(out: ByteText, value: Json, options: YamlOptions = {}): void {
  new YamlEmitter(out, options.escapeBidi ?? false).item(value, 0);
  endLine(out);
}

/** Returns the output of {@link writeYaml} as a string. */
export function yamlText(value: Json, options: YamlOptions = {}): string {
  const out = new ByteText();
  writeYaml(out, value, options);
  return out.toString();
}

/**
 * Compares in the order of the YAML library: letters after anything else, runs of digits by their
 * value, otherwise by code point.
 */
export function compareNatural(a: string, b: string): number {
  const left = Array.from(a);
  const right = Array.from(b);
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index++) {
    const l = left[index] ?? '';
    const r = right[index] ?? '';
    if (l === r) continue;
    const difference = pointOf(l) - pointOf(r);
    const leftIsLetter = letter.test(l);
    const rightIsLetter = letter.test(r);
    if (leftIsLetter && rightIsLetter) return difference;
    if (leftIsLetter || rightIsLetter) return rightIsLetter ? -1 : 1;
    // A zero after other digits continues a number and does not start one.
    const within = (l === '0' || r === '0') && followsNonZeroDigit(left, index) ? 1n : 0n;
    const leftRun = digitRun(left, index, within);
    const rightRun = digitRun(right, index, within);
    if (leftRun.value !== rightRun.value) return leftRun.value < rightRun.value ? -1 : 1;
    if (leftRun.length !== rightRun.length) return leftRun.length - rightRun.length;
    return difference;
  }
  return left.length - right.length;
}

const letter = /^\p{L}$/u;
const digit = /^\p{Nd}$/u;

function pointOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

function followsNonZeroDigit(characters: readonly string[], index: number): boolean {
  for (let at = index - 1; at >= 0; at--) {
    const character = characters[at] ?? '';
    if (!digit.test(character)) return false;
    if (character !== '0') return true;
  }
  return false;
}

function digitRun(
  characters: readonly string[],
  from: number,
  start: bigint,
): { value: bigint; length: number } {
  let value = start;
  let at = from;
  for (; at < characters.length && digit.test(characters[at] ?? ''); at++) {
    // Go counts in 64 bits and overflows silently.
    value = BigInt.asIntN(64, value * 10n + BigInt(pointOf(characters[at] ?? '') - 0x30));
  }
  return { value, length: at - from };
}

const keyOrders = { false: keyOrder(false), true: keyOrder(true) };

/** Makes the key order. Keys that need lines of their own have an empty label. */
function keyOrder(escapeBidi: boolean): KeyOrder {
  const label = new ByteText(256);
  return new KeyOrder(compareNatural, (key) => {
    if (isSimpleKey(key)) {
      writeScalar(label, key, { column: 0, indent: 0, key: true, escapeBidi });
      label.byte(colon);
    }
    return label.takeCopy();
  });
}

const dash = 0x2d;
const space = 0x20;
const lineFeed = 0x0a;
const colon = 0x3a;
const hash = 0x23;
/** A scalar that ends before this column is not folded. */
const shortLine = 78;
const questionMark = 0x3f;
const indentStep = 2;

/**
 * Classifies the first character of a plain scalar: 0 needs the slow check, 1 is not special, 2 may
 * not start a string.
 */
const firstCharacter = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (code <= space || code > 0x7e || '#,[]{}&*!|>\'"%@`-?:.'.includes(character)) return 0;
  return '+0123456789yYnNtTfFoO~'.includes(character) ? 2 : 1;
});

/**
 * Classifies a later character of a plain scalar: 0 is literal, 1 needs the slow check, 2 depends
 * on the next one.
 */
const laterCharacter = Uint8Array.from({ length: 128 }, (_, code) => {
  if (code === space || code === colon) return 2;
  return code < space || code > 0x7e ? 1 : 0;
});

type Collection = readonly Json[] | JsonObject;

/** A partially written collection. */
interface Level {
  readonly value: Collection;
  readonly indent: number;
  /** True if the first entry or item follows a dash. */
  onSameLine: boolean;
  /** Undefined for a list. */
  readonly keys: OrderedKeys | undefined;
  next: number;
}

class YamlEmitter {
  readonly #out: ByteText;
  readonly #escapeBidi: boolean;
  readonly #keys: KeyOrder;

  constructor(out: ByteText, escapeBidi: boolean) {
    this.#out = out;
    this.#escapeBidi = escapeBidi;
    this.#keys = escapeBidi ? keyOrders.true : keyOrders.false;
  }

  document(value: Json): void {
    if (isCollection(value) && !isEmpty(value)) this.#collection(value, 0, false);
    else this.#scalar(value, 0, true);
    endLine(this.#out);
  }

  /** Writes `- value` with its dash at the given column. */
  item(value: Json, indent: number): void {
    startLine(this.#out, indent);
    this.#out.byte(dash);
    const inner = this.#inline(value, indent);
    if (inner !== undefined) this.#collection(inner.value, inner.indent, inner.onSameLine);
  }

  /**
   * Writes a collection that is not empty. Without recursion, because API servers store objects
   * deeper than the stack allows.
   */
  #collection(value: Collection, indent: number, onSameLine: boolean): void {
    const levels = [this.#level(value, indent, onSameLine)];
    for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
      const inner = level.keys === undefined ? this.#items(level) : this.#entries(level, level.keys);
      if (inner === undefined) levels.pop();
      else if (levels.push(inner) === maxUncheckedDepth) checkDepth(inner.value);
    }
  }

  #level(value: Collection, indent: number, onSameLine: boolean): Level {
    return { value, indent, onSameLine, keys: isArray(value) ? undefined : this.#keys.of(value), next: 0 };
  }

  /**
   * Writes items up to a collection, which it returns and the caller writes next. Undefined: no
   * items are left.
   */
  #items(level: Level): Level | undefined {
    const { indent } = level;
    const items = level.value as readonly Json[];
    while (level.next < items.length) {
      if (level.next > 0 || !level.onSameLine) startLine(this.#out, indent);
      this.#out.byte(dash);
      const inner = this.#inline(items[level.next++] ?? null, indent);
      if (inner !== undefined) return inner;
    }
    return undefined;
  }

  /** Like #items, for the entries of an object. */
  #entries(level: Level, { keys, labels }: OrderedKeys): Level | undefined {
    const { indent } = level;
    const object = level.value as JsonObject;
    const out = this.#out;
    while (level.next < keys.length) {
      const key = keys[level.next] ?? '';
      const value = object[key];
      const label = labels[level.next++];
      if (value === undefined || label === undefined) continue;
      if (level.onSameLine) {
        level.onSameLine = false;
      } else {
        startLine(out, indent);
      }
      if (label.length === 0) {
        const inner = this.#complexEntry(key, value, indent);
        if (inner !== undefined) return inner;
        continue;
      }
      out.append(label);
      if (typeof value === 'string') {
        this.#string(value, indent);
      } else if (!isCollection(value) || isEmpty(value)) {
        out.byte(space);
        this.#scalar(value, indent, false);
      } else {
        return this.#level(value, isArray(value) ? indent : indent + indentStep, false);
      }
    }
    return undefined;
  }

  /** Writes a key of several lines or of more than 128 bytes. */
  #complexEntry(key: string, value: Json, indent: number): Level | undefined {
    this.#out.byte(questionMark);
    this.#string(key, indent);
    startLine(this.#out, indent);
    this.#out.byte(colon);
    return this.#inline(value, indent);
  }

  /**
   * Writes the value after `-`, `?` or `:` at the given column. Returns a collection, which starts
   * on the same line.
   */
  #inline(value: Json, indent: number): Level | undefined {
    if (typeof value === 'string') {
      this.#string(value, indent);
      return undefined;
    }
    this.#out.byte(space);
    if (isCollection(value) && !isEmpty(value)) return this.#level(value, indent + indentStep, true);
    this.#scalar(value, indent, false);
    return undefined;
  }

  #scalar(value: Json, indent: number, atMargin: boolean): void {
    if (typeof value === 'string') {
      this.#string(value, indent, atMargin);
    } else if (typeof value === 'number') {
      this.#out.text(yamlNumber(value));
    } else if (typeof value === 'bigint') {
      this.#out.text(yamlInteger(value));
    } else if (typeof value === 'object' && value !== null) {
      this.#out.text(isArray(value) ? '[]' : '{}');
    } else {
      this.#out.text(String(value));
    }
  }

  /** Writes a space and a string. */
  #string(text: string, indent: number, atMargin = false): void {
    const out = this.#out;
    const size = text.length;
    const first = text.charCodeAt(0);
    const kind = size === 0 || first > 0x7f ? 0 : (firstCharacter[first] ?? 0);
    if (kind > 0) {
      out.reserve(size + 1);
      const bytes = out.bytes;
      const start = out.length;
      let at = start;
      if (!atMargin) bytes[at++] = space;
      let spaces = 0;
      let index = 0;
      for (; index < size; index++) {
        const unit = text.charCodeAt(index);
        if (unit > 0x7e) break;
        const meaning = laterCharacter[unit];
        if (meaning !== 0) {
          if (meaning === 1 || index === size - 1) break;
          const next = text.charCodeAt(index + 1);
          // A space is harmless unless a `#` follows, and a colon unless a space follows.
          if (unit === space) {
            if (next === hash) break;
            spaces += 1;
          } else if (next <= space) {
            break;
          }
        }
        bytes[at++] = unit;
      }
      if (index === size) {
        const quoted = kind === 2 && !isString(text);
        if (spaces === 0 || columnOf(out) + size < shortLine) {
          if (quoted) {
            out.text(atMargin ? `"${text}"` : ` "${text}"`);
          } else {
            out.length = at;
          }
          return;
        }
      }
    }
    if (!atMargin) out.byte(space);
    writeScalar(out, text, {
      column: columnOf(out),
      indent: indent + indentStep,
      key: false,
      escapeBidi: this.#escapeBidi,
    });
  }
}

/**
 * Formats a number: integers up to 64 bits unchanged, anything else as a float, because kubectl
 * converts through JSON.
 */
function yamlNumber(value: number): string {
  return Number.isInteger(value) && value < 2 ** 64 && value >= -(2 ** 63)
    ? String(value)
    : shortestFloat(value);
}

/**
 * Formats an integer unchanged. kubectl converts those beyond 64 bits to floats; kapi does so only
 * if that loses nothing, so that both print the same.
 */
function yamlInteger(value: bigint): string {
  const text = value.toString();
  if (value < 2n ** 64n && value >= -(2n ** 63n)) return text;
  return String(Number(value)) === text ? shortestFloat(Number(value)) : text;
}

/**
 * Formats a float64 like Go's `'g', -1`: an exponent of at least two digits if it is below -4 or
 * from 6 on.
 */
function shortestFloat(value: number): string {
  // Beyond float64, such as 1e400.
  if (!Number.isFinite(value)) return value < 0 ? '-.inf' : '.inf';
  const [digits = '0', exponentText = '+0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 6) return String(value);
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** Returns the number of characters on the current line. */
function columnOf(out: ByteText): number {
  const bytes = out.bytes;
  let column = 0;
  for (let end = out.length; end > 0 && !endsLine(bytes, end); end--) {
    if (((bytes[end - 1] ?? 0) & 0xc0) !== 0x80) column += 1;
  }
  return column;
}

/** Starts a line, unless a literal block has just ended one. */
function startLine(out: ByteText, indent: number): void {
  if (out.length === 0 || endsLine(out.bytes, out.length)) {
    for (let column = 0; column < indent; column++) out.byte(space);
  } else {
    out.newline(indent);
  }
}

function endLine(out: ByteText): void {
  if (!endsLine(out.bytes, out.length)) out.byte(lineFeed);
}

/** True if the character before `end` is a break. In YAML 1.1 U+2028 and U+2029 are breaks. */
function endsLine(bytes: Uint8Array, end: number): boolean {
  const last = bytes[end - 1];
  if (last === lineFeed) return true;
  return (last === 0xa8 || last === 0xa9) && bytes[end - 2] === 0x80 && bytes[end - 3] === 0xe2;
}

function isCollection(value: Json): value is readonly Json[] | JsonObject {
  return typeof value === 'object' && value !== null;
}

function isArray(value: readonly Json[] | JsonObject): value is readonly Json[] {
  return Array.isArray(value);
}

function isEmpty(value: readonly Json[] | JsonObject): boolean {
  if (isArray(value)) return value.length === 0;
  for (const key in value) if (value[key] !== undefined) return false;
  return true;
}

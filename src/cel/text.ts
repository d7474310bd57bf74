// Functions of strings and bytes. Entry point: textFunctions. Positions in a string are code
// points, as in Go. Pure. See https://pkg.go.dev/github.com/google/cel-go/ext#Strings (version 2,
// which Kubernetes has)

import { compileGoRegExp, GoRegExpError, type GoRegExp } from '../model/go-regexp.ts';
import { goQuote } from '../model/go-quote.ts';
import { tooCostly, toText } from './arithmetic.ts';
import {
  globalFunction,
  memberFunction,
  type CallContext,
  type Operation,
  type Overload,
} from './overload.ts';
import { doubleText } from './time.ts';
import {
  CelMap,
  Double,
  Fault,
  isList,
  isPlainObject,
  keysOf,
  lookUp,
  noOverload,
  normal,
  TypeValue,
  typeName,
  Uint,
  type Value,
} from './values.ts';

/** Declares a function of a string that spends the cost of its result. */
function ofText(
  signature: string,
  run: (text: string, rest: readonly Value[], context: CallContext) => Value | Fault,
): Overload {
  return memberFunction('string', signature, ([text, ...rest], context) => {
    if (typeof text !== 'string') return noOverload;
    if (!context.budget.spendText(text.length)) return tooCostly;
    return run(text, rest, context);
  });
}

function textAt(values: readonly Value[], at: number): string {
  const value = values[at];
  return typeof value === 'string' ? value : '';
}

function intAt(values: readonly Value[], at: number): number {
  const value = values[at];
  return typeof value === 'bigint' ? Number(value) : 0;
}

/** Returns an array of code points if the text contains surrogates, else the text itself. */
function points(text: string): string | readonly string[] {
  return /[\ud800-\udfff]/.test(text) ? Array.from(text) : text;
}

function slice(text: string | readonly string[], start: number, end?: number): string {
  const part = text.slice(start, end);
  return typeof part === 'string' ? part : part.join('');
}

function outOfRange(index: number): Fault {
  return new Fault(`index out of range: ${index}`);
}

const indexOf: (text: string, rest: readonly Value[]) => Value | Fault = (text, rest) => {
  const [wanted, offset] = [textAt(rest, 0), intAt(rest, 1)];
  if (wanted === '') return BigInt(offset);
  if (offset < 0) return outOfRange(offset);
  const all = points(text);
  if (typeof all === 'string') return BigInt(all.indexOf(wanted, offset));
  const found = text.indexOf(wanted, slice(all, 0, offset).length);
  return found < 0 ? -1n : BigInt(Array.from(text.slice(0, found)).length);
};

const lastIndexOf: (text: string, rest: readonly Value[]) => Value | Fault = (text, rest) => {
  const wanted = textAt(rest, 0);
  const all = points(text);
  const offset = rest.length > 1 ? intAt(rest, 1) : undefined;
  if (wanted === '') return BigInt(offset ?? all.length);
  if (offset !== undefined && offset < 0) return outOfRange(offset);
  if (offset !== undefined && offset >= all.length) return -1n;
  if (typeof all === 'string') return BigInt(all.lastIndexOf(wanted, offset ?? Infinity));
  const found = text.lastIndexOf(wanted, offset === undefined ? Infinity : slice(all, 0, offset).length);
  return found < 0 ? -1n : BigInt(Array.from(text.slice(0, found)).length);
};

function replace(text: string, rest: readonly Value[], { budget }: CallContext): Value | Fault {
  const [old, fresh] = [textAt(rest, 0), textAt(rest, 1)];
  const limit = rest.length > 2 ? intAt(rest, 2) : -1;
  const parts = splitText(text, old, limit < 0 ? -1 : limit + 1);
  // If the old text is empty, Go also inserts the new text before the first and after the last
  // character.
  const pieces = old === '' ? withEdges(parts, text, limit) : parts;
  const length = text.length + (pieces.length - 1) * fresh.length;
  return budget.spendText(length) ? pieces.join(fresh) : tooCostly;
}

function withEdges(parts: readonly string[], text: string, limit: number): readonly string[] {
  if (limit === 0) return [text];
  const all = ['', ...Array.from(text), ''];
  if (limit < 0 || limit >= all.length - 1) return all;
  return [...all.slice(0, limit), all.slice(limit).join('')];
}

/**
 * Splits like Go's SplitN.
 * @param limit negative: all parts
 */
function splitText(text: string, separator: string, limit: number): readonly string[] {
  if (limit === 0) return [];
  const parts = separator === '' ? Array.from(text) : text.split(separator);
  if (limit < 0 || parts.length <= limit) return parts;
  return [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)];
}

function substring(text: string, rest: readonly Value[]): Value | Fault {
  const all = points(text);
  const start = intAt(rest, 0);
  const end = rest.length > 1 ? intAt(rest, 1) : all.length;
  if (rest.length > 1 && start > end) {
    return new Fault(`invalid substring range. start: ${start}, end: ${end}`);
  }
  if (start < 0 || start > all.length) return outOfRange(start);
  if (end < 0 || end > all.length) return outOfRange(end);
  return slice(all, start, end);
}

function charAt(text: string, rest: readonly Value[]): Value | Fault {
  const all = points(text);
  const index = intAt(rest, 0);
  return index < 0 || index > all.length ? outOfRange(index) : slice(all, index, index + 1);
}

/** Matches unicode.IsSpace of Go. JavaScript's trim() removes U+FEFF too and keeps U+0085. */
const space = '[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const trimmed = new RegExp(`^${space}+|(?<!${space})${space}+$`, 'g');

/** Cache of compiled regular expressions: most are the same for all objects. */
const compiled = new Map<string, GoRegExp | Fault>();
const maxCompiled = 32;

/** Compiles a regular expression. Returns a fault for what Go refuses. */
export function regExpOf(source: string): GoRegExp | Fault {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const made = compileOne(source);
  if (compiled.size >= maxCompiled) compiled.clear();
  compiled.set(source, made);
  return made;
}

function compileOne(source: string): GoRegExp | Fault {
  if (programSize(source) > maxProgram) return new Fault('the regular expression is too large');
  try {
    return compileGoRegExp(source);
  } catch (thrown) {
    if (!(thrown instanceof GoRegExpError)) throw thrown;
    return new Fault(`invalid regular expression: ${thrown.message}`);
  }
}

/**
 * Max instructions of a regular expression. Go refuses an expression that needs more than 128 MB.
 */
const maxProgram = 100_000;

/** Returns an upper bound of the program's size: nested repetitions multiply. */
function programSize(source: string): number {
  let product = 1;
  for (const [, low = '', high = ''] of source.matchAll(/\{(\d+)(?:,(\d*))?\}/g)) {
    product *= Math.max(1, Number(high === '' ? low : high));
  }
  return product === 1 ? 1 : product * source.length;
}

function matching(
  signature: string,
  run: (expression: GoRegExp, text: string, limit: number) => Value,
): Overload {
  return ofText(signature, (text, rest, { budget }) => {
    const source = textAt(rest, 0);
    if (!budget.spendText(text.length, Math.ceil(source.length / 4))) return tooCostly;
    const expression = regExpOf(source);
    if (expression instanceof Fault) return expression;
    return run(expression, text, rest.length > 1 ? intAt(rest, 1) : -1);
  });
}

const join: Operation = ([list, separator], { budget }) => {
  if (list === undefined || !isList(list)) return noOverload;
  const between = typeof separator === 'string' ? separator : '';
  const parts: string[] = [];
  let length = 0;
  for (const part of list) {
    if (typeof part !== 'string') return noOverload;
    parts.push(part);
    length += part.length + between.length;
  }
  return budget.spendText(length) && budget.spend(parts.length) ? parts.join(between) : tooCostly;
};

const quoted: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

/** Replaces `%s`, `%d`, `%.2f`, `%e`, `%b`, `%x`, `%X`, `%o` in a text. */
function format(text: string, rest: readonly Value[], { budget }: CallContext): Value | Fault {
  const [list = []] = rest;
  if (!isList(list)) return noOverload;
  let next = 0;
  let fault: Fault | undefined;
  const result = text.replace(/%(?:(%)|(?:\.(\d+))?(.?))/gsu, (_, percent, precision, clause: string) => {
    if (typeof percent === 'string') return '%';
    if (next >= list.length) {
      fault ??= new Fault(`index ${next} out of range`);
      return '';
    }
    const made = clauseText(
      clause,
      normal(list[next++]),
      precision === undefined ? undefined : Number(precision),
    );
    if (made instanceof Fault) fault ??= made;
    return made instanceof Fault ? '' : made;
  });
  if (fault !== undefined) return fault;
  return budget.spendText(result.length) ? result : tooCostly;
}

function clauseText(clause: string, value: Value, precision: number | undefined): string | Fault {
  const wrong = (wanted: string): Fault =>
    new Fault(`error during formatting: %${clause} takes ${wanted}, was given ${typeName(value)}`);
  const whole = typeof value === 'bigint' ? value : value instanceof Uint ? value.value : undefined;
  switch (clause) {
    case 's':
      return plainText(value);
    case 'd':
      return whole === undefined ? wrong('an int or uint') : String(whole);
    case 'f':
    case 'e':
      if (!(value instanceof Double)) return wrong('a double');
      if (precision !== undefined && precision > 100) return new Fault('precision is more than 100');
      return clause === 'f'
        ? fixedText(value.value, precision ?? 6)
        : scientificText(value.value, precision ?? 6);
    case 'b':
      if (typeof value === 'boolean') return value ? '1' : '0';
      return whole === undefined ? wrong('an int, uint or bool') : whole.toString(2);
    case 'o':
      return whole === undefined ? wrong('an int or uint') : whole.toString(8);
    case 'x':
    case 'X': {
      const bytes =
        typeof value === 'string' ? Buffer.from(value) : value instanceof Uint8Array ? value : undefined;
      const hex =
        whole?.toString(16) ?? (bytes === undefined ? undefined : Buffer.from(bytes).toString('hex'));
      if (hex === undefined) return wrong('an int, uint, string or bytes');
      return clause === 'x' ? hex : hex.toUpperCase();
    }
    default:
      return new Fault(`unrecognized formatting clause "${clause}"`);
  }
}

function fixedText(value: number, precision: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value < 0 ? '-∞' : '∞';
  return value.toFixed(precision);
}

function scientificText(value: number, precision: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value < 0 ? '-∞' : '∞';
  const [digits = '', exponent = '0'] = value.toExponential(precision).split('e');
  const size = Math.abs(Number(exponent));
  return `${digits}e${Number(exponent) < 0 ? '-' : '+'}${String(size).padStart(2, '0')}`;
}

function plainText(value: Value): string | Fault {
  if (value === null) return 'null';
  if (isList(value)) {
    const parts: string[] = [];
    for (const element of value) {
      const part = nestedText(normal(element));
      if (part instanceof Fault) return part;
      parts.push(part);
    }
    return `[${parts.join(', ')}]`;
  }
  if (value instanceof CelMap || isPlainObject(value)) {
    const pairs: string[] = [];
    for (const key of keysOf(value)) {
      const [name, content] = [nestedText(key), nestedText(lookUp(value, key) ?? null)];
      if (name instanceof Fault) return name;
      if (content instanceof Fault) return content;
      pairs.push(`${name}:${content}`);
    }
    return `{${pairs.sort().join(', ')}}`;
  }
  return toText(value);
}

function nestedText(value: Value): string | Fault {
  const text =
    value instanceof Double && Number.isFinite(value.value) ? value.value.toFixed(6) : plainText(value);
  if (text instanceof Fault) return text;
  if (value instanceof TypeValue) return `type(${text})`;
  if (value instanceof Double && !Number.isFinite(value.value)) return goQuote(doubleText(value.value));
  if (value instanceof Uint8Array) return `b${goQuote(text)}`;
  return typeof value === 'string' ? goQuote(text) : text;
}

/** Functions of strings and bytes. */
export const textFunctions: readonly Overload[] = [
  ofText('contains(string): bool', (text, rest) => text.includes(textAt(rest, 0))),
  ofText('startsWith(string): bool', (text, rest) => text.startsWith(textAt(rest, 0))),
  ofText('endsWith(string): bool', (text, rest) => text.endsWith(textAt(rest, 0))),
  ofText('charAt(int): string', charAt),
  ofText('indexOf(string): int', indexOf),
  ofText('indexOf(string, int): int', indexOf),
  ofText('lastIndexOf(string): int', lastIndexOf),
  ofText('lastIndexOf(string, int): int', lastIndexOf),
  ofText('lowerAscii(): string', (text) => text.replace(/[A-Z]+/g, (part) => part.toLowerCase())),
  ofText('upperAscii(): string', (text) => text.replace(/[a-z]+/g, (part) => part.toUpperCase())),
  ofText('replace(string, string): string', replace),
  ofText('replace(string, string, int): string', replace),
  ofText('split(string): list(string)', (text, rest) => splitText(text, textAt(rest, 0), -1)),
  ofText('split(string, int): list(string)', (text, rest) =>
    splitText(text, textAt(rest, 0), intAt(rest, 1)),
  ),
  ofText('substring(int): string', substring),
  ofText('substring(int, int): string', substring),
  ofText('trim(): string', (text) => text.replace(trimmed, '')),
  ofText('format(list(dyn)): string', format),
  globalFunction('strings.quote(string): string', ([text = '']) =>
    typeof text === 'string'
      ? `"${text.replace(/[\x07\b\f\n\r\t\v\\"]/g, (character) => quoted[character] ?? character)}"`
      : noOverload,
  ),
  memberFunction('list(string)', 'join(): string', join),
  memberFunction('list(string)', 'join(string): string', join),
  matching('matches(string): bool', (expression, text) => expression.test(text)),
  globalFunction('matches(string, string): bool', ([text, source], { budget }) => {
    if (typeof text !== 'string' || typeof source !== 'string') return noOverload;
    if (!budget.spendText(text.length, Math.ceil(source.length / 4))) return tooCostly;
    const expression = regExpOf(source);
    return expression instanceof Fault ? expression : expression.test(text);
  }),
  matching('find(string): string', (expression, text) => expression.find(text) ?? ''),
  matching('findAll(string): list(string)', (expression, text) => expression.findAll(text, -1)),
  matching('findAll(string, int): list(string)', (expression, text, limit) =>
    expression.findAll(text, limit),
  ),
];

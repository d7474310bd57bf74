// Escapes and colours the JSON and YAML of kapi's emitters for a terminal. Entry points: highlight
// for a whole text, highlightJson and YamlHighlighter for text in pieces.

import type { ColorLevel, Painted } from '../io/io.ts';
import { openPalette, withColours, type Palette } from './colour.ts';
import { escapeControl, escapeJsonControl } from './escape.ts';

/** Escapes control characters of a whole text, and colours it if the terminal has colours. */
export async function highlight(
  text: string,
  syntax: 'json' | 'yaml',
  level: ColorLevel,
): Promise<string | Painted> {
  const harmless = syntax === 'json' ? escapeJsonControl(text) : escapeControl(text);
  const palette = await openPalette(level);
  if (palette === undefined) return harmless;
  const painted =
    syntax === 'json' ? highlightJson(harmless, palette) : new YamlHighlighter(palette).lines(harmless);
  return withColours(palette, painted);
}

/** Matches the start of a string, a constant, or a number. */
const jsonToken = /"|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;

/**
 * Colours keys, strings, numbers and constants of JSON text. The text can start and end between two
 * tokens.
 */
export function highlightJson(text: string, palette: Palette): string {
  const parts: string[] = [];
  let done = 0;
  for (const { 0: token, index } of text.matchAll(jsonToken)) {
    // Inside a string that is already coloured.
    if (index < done) continue;
    const isString = token === '"';
    const end = isString ? endOfString(text, index) : index + token.length;
    if (end === undefined) break;
    const paint = isString
      ? text.startsWith(':', end)
        ? palette.key
        : palette.string
      : /^[tfn]/.test(token)
        ? palette.constant
        : palette.number;
    parts.push(text.slice(done, index), paint(text.slice(index, end)));
    done = end;
  }
  return parts.join('') + text.slice(done);
}

/**
 * Finds the end of a string. Not a regular expression, because V8 runs out of stack on strings of
 * some megabytes.
 * @returns the index after the closing quote
 */
function endOfString(text: string, start: number): number | undefined {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return at + 1;
  }
  return undefined;
}

const yamlLine =
  /^(?<lead> *(?:[-?:] )*)(?:(?<key>"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s'"].*?):(?= |$))?(?<rest>.*)$/s;
const blockHeader = /^ ?\|[0-9]?[-+]?$/;
const yamlNumber = /^-?(?:\d+(?:\.\d+)?(?:e[-+]\d+)?)$/;
const yamlConstant = /^(?:true|false|null)$/;

/** Colours YAML line by line, and keeps track of block scalars and quoted scalars. */
export class YamlHighlighter {
  readonly #palette: Palette;
  /** Indentation of the lines of the current block scalar. */
  #block: number | undefined;
  /** The quote that ends the current scalar. */
  #quote: "'" | '"' | undefined;

  constructor(palette: Palette) {
    this.#palette = palette;
  }

  /** @param text whole lines */
  lines(text: string): string {
    return text
      .split('\n')
      .map((line) => (line === '' ? line : this.#line(line)))
      .join('\n');
  }

  #line(line: string): string {
    if (this.#block !== undefined) {
      if (line.startsWith(' '.repeat(this.#block))) return this.#palette.string(line);
      this.#block = undefined;
    }
    if (this.#quote !== undefined) {
      if (endsQuoted(line, this.#quote)) this.#quote = undefined;
      return this.#palette.string(line);
    }
    if (line === '---') return this.#palette.faint(line);
    const groups = yamlLine.exec(line)?.groups;
    const lead = groups?.lead ?? '';
    const key = groups?.key;
    const rest = groups?.rest ?? line;
    const column = key === undefined ? Math.max(lead.length - 2, 0) : lead.length;
    return `${lead}${key === undefined ? '' : `${this.#palette.key(key)}:`}${this.#value(rest, column + 2)}`;
  }

  #value(rest: string, indent: number): string {
    if (blockHeader.test(rest)) {
      this.#block = indent;
      return rest;
    }
    const value = rest.trimStart();
    const before = rest.slice(0, rest.length - value.length);
    if (value === '' || value === '{}' || value === '[]') return rest;
    if (yamlNumber.test(value)) return before + this.#palette.number(value);
    if (yamlConstant.test(value)) return before + this.#palette.constant(value);
    const first = value.charAt(0);
    if ((first === '"' || first === "'") && (value.length === 1 || !endsQuoted(value.slice(1), first))) {
      this.#quote = first;
    }
    return before + this.#palette.string(value);
  }
}

/** True if a quoted scalar that began on an earlier line ends in this line. */
function endsQuoted(text: string, quote: "'" | '"'): boolean {
  return quote === "'" ? /(?:^|[^'])(?:'')*'$/.test(text) : /(?:^|[^\\])(?:\\\\)*"$/.test(text);
}

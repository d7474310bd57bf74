// Reads the plain block YAML of typical kubeconfigs, fifty times faster than the full library.
// Entry point: readPlainYaml. Declines everything that it does not know for sure; document.ts then
// uses go-yaml.ts.

import type { Json } from '../model/object.ts';
import { resolvePlainScalar } from './plain-scalar.ts';

interface Line {
  /** Number of spaces before the text. */
  readonly indent: number;
  /** The text without surrounding spaces. Never empty and never a comment. */
  readonly text: string;
  /** True if a blank line or a comment is directly before the line. */
  readonly afterGap: boolean;
}

/**
 * The position of the reader. `sure` becomes false for good at the first text outside the subset.
 */
interface Cursor {
  readonly lines: Line[];
  at: number;
  sure: boolean;
}

/** Max indentation in spaces. Declines deeper nesting, so that the recursion stays shallow. */
const maxIndent = 100;

/**
 * Reads block mappings and sequences of plain and simply quoted scalars, with comments, `{}`, `[]`
 * and folded plain scalars.
 * @returns undefined for anchors, tags, flow collections, block scalars, escapes, several
 *   documents, duplicate keys, tabs, anything but printable ASCII, and every error (go-yaml.ts has
 *   the better message)
 */
export function readPlainYaml(text: string): Json | undefined {
  if (/[^\n\x20-\x7e]/.test(text)) return undefined;
  const lines = significantLines(text);
  if (lines === undefined || lines.length === 0) return undefined;
  const cursor: Cursor = { lines, at: 0, sure: true };
  const value = readNode(cursor);
  return cursor.sure && cursor.at === lines.length ? value : undefined;
}

function significantLines(text: string): Line[] | undefined {
  const lines: Line[] = [];
  let gap = false;
  let started = false;
  for (let from = 0; from < text.length;) {
    const newline = text.indexOf('\n', from);
    const end = newline < 0 ? text.length : newline;
    let start = from;
    while (start < end && text[start] === ' ') start += 1;
    const indent = start - from;
    from = end + 1;
    if (start === end || text[start] === '#') {
      gap = true;
      continue;
    }
    const content = text.slice(start, end).trimEnd();
    if (indent === 0 && (content.startsWith('---') || content.startsWith('...'))) {
      // One `---` can open the file. Another one means several documents.
      if (started || content !== '---') return undefined;
      started = true;
      continue;
    }
    if (indent > maxIndent) return undefined;
    started = true;
    lines.push({ indent, text: content, afterGap: gap });
    gap = false;
  }
  return lines;
}

function decline(cursor: Cursor): null {
  cursor.sure = false;
  return null;
}

function readNode(cursor: Cursor): Json {
  const line = cursor.lines[cursor.at];
  if (line === undefined) return null;
  return isItem(line.text) ? readSequence(cursor, line.indent) : readMapping(cursor, line.indent);
}

function readMapping(cursor: Cursor, indent: number): Json {
  const mapping: Record<string, Json> = {};
  for (;;) {
    const line = cursor.lines[cursor.at];
    if (line === undefined || line.indent < indent) return mapping;
    if (line.indent > indent) return decline(cursor);
    // An item at this depth belongs to the sequence of a caller, or is an error. The caller
    // decides.
    if (isItem(line.text)) return mapping;
    const colon = keyEnd(line.text);
    const key = line.text.slice(0, Math.max(colon, 0));
    if (!isPlainKey(key) || Object.hasOwn(mapping, key)) return decline(cursor);
    const rest = line.text.slice(colon + 1).trimStart();
    cursor.at += 1;
    mapping[key] =
      rest === '' || rest.startsWith('#') ? readBelow(cursor, indent) : readScalar(cursor, indent, rest);
    if (!cursor.sure) return null;
  }
}

/** Reads the value of a key that has no value on its own line. */
function readBelow(cursor: Cursor, keyIndent: number): Json {
  const next = cursor.lines[cursor.at];
  if (next === undefined || next.indent < keyIndent) return null;
  // A sequence can have the indentation of its key; kubectl writes sequences like that.
  if (next.indent === keyIndent) return isItem(next.text) ? readSequence(cursor, keyIndent) : null;
  return readNode(cursor);
}

function readSequence(cursor: Cursor, indent: number): Json {
  const items: Json[] = [];
  for (;;) {
    const line = cursor.lines[cursor.at];
    if (line === undefined || line.indent < indent) return items;
    if (line.indent > indent) return decline(cursor);
    if (!isItem(line.text)) return items;
    const body = line.text.slice(1).trimStart();
    if (body === '' || body.startsWith('#') || isItem(body)) return decline(cursor);
    if (keyEnd(body) < 0) {
      cursor.at += 1;
      items.push(readScalar(cursor, indent, body));
    } else {
      // `- key: value` opens a mapping. Its other keys have the column of the first one.
      const keyIndent = indent + line.text.length - body.length;
      cursor.lines[cursor.at] = { ...line, indent: keyIndent, text: body };
      items.push(readMapping(cursor, keyIndent));
    }
    if (!cursor.sure) return null;
  }
}

/**
 * Reads a scalar that begins on the line just passed. Deeper lines after it continue a plain
 * scalar.
 */
function readScalar(cursor: Cursor, parentIndent: number, text: string): Json {
  if (text === '{}') return {};
  if (text === '[]') return [];
  if (text.startsWith('"') || text.startsWith("'")) return readQuoted(cursor, text);
  if (/^[&*!|>%@`{}[\],#?:]/.test(text) || isItem(text)) return decline(cursor);
  const comment = text.indexOf(' #');
  let plain = comment < 0 ? text : text.slice(0, comment).trimEnd();
  if (keyEnd(plain) >= 0) return decline(cursor);
  for (;;) {
    const next = cursor.lines[cursor.at];
    if (next === undefined || next.indent <= parentIndent) break;
    const folds =
      comment < 0 && !next.afterGap && /^[A-Za-z0-9/(]/.test(next.text) && !next.text.includes(' #');
    if (!folds || keyEnd(next.text) >= 0) return decline(cursor);
    plain += ` ${next.text}`;
    cursor.at += 1;
  }
  const value = resolvePlainScalar(plain);
  // .inf and .nan are an error, which the other reader reports.
  return typeof value === 'number' && !Number.isFinite(value) ? decline(cursor) : value;
}

function readQuoted(cursor: Cursor, text: string): Json {
  const quote = text.charAt(0);
  const end = text.indexOf(quote, 1);
  const inner = text.slice(1, Math.max(end, 1));
  // Two single quotes are an escaped quote. A backslash escapes in double quotes only.
  const simple = end > 0 && text[end + 1] !== quote && (quote === "'" || !inner.includes('\\'));
  return simple && /^(?: +#.*)?$/.test(text.slice(end + 1)) ? inner : decline(cursor);
}

function isItem(text: string): boolean {
  return text === '-' || text.startsWith('- ');
}

/** True for keys that need no quotes and that are text in every YAML version. */
function isPlainKey(key: string): boolean {
  return (
    key.length < 1000 && /^[A-Za-z][A-Za-z0-9_./-]*$/.test(key) && typeof resolvePlainScalar(key) === 'string'
  );
}

/** Returns the index of the colon that makes a text `key: value` or `key:`, or -1. */
function keyEnd(text: string): number {
  if (text.startsWith('"') || text.startsWith("'")) return -1;
  for (let colon = text.indexOf(':'); colon >= 0; colon = text.indexOf(':', colon + 1)) {
    if (colon + 1 === text.length || text[colon + 1] === ' ') return colon;
  }
  return -1;
}

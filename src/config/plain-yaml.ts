// A reader for the plain block YAML that kubeconfigs are written in, fifty times faster than the full library.
// Entry: readPlainYaml. It declines whatever it is not entirely sure of; document.ts then takes the library.

import type { Json } from '../model/object.ts';
import { resolvePlainScalar } from './plain-scalar.ts';

interface Line {
  /** Spaces before the text. */
  readonly indent: number;
  /** Without the spaces around it; never empty, never a comment. */
  readonly text: string;
  /** A blank line or a comment stands directly before it. */
  readonly afterGap: boolean;
}

/** Where the reader stands; `sure` turns false for good at the first thing outside the subset. */
interface Cursor {
  readonly lines: Line[];
  at: number;
  sure: boolean;
}

/** Deeper nesting than any kubeconfig has is left to the library, so that recursion stays shallow here. */
const maxIndent = 100;

/**
 * Reads block mappings and sequences of plain and simply quoted scalars, with comments, `{}`, `[]` and folded
 * plain scalars.
 * @returns undefined where it declines: anchors, tags, flow collections, block scalars, escapes, several documents,
 *   duplicate keys, tabs, anything but printable ASCII, and every error (the library words it better)
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
      // One document mark may open the file; any other means several documents.
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
    // An item at this depth belongs to whoever called, or to nobody: the caller sees.
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

/** The value of a key that has nothing on its own line. */
function readBelow(cursor: Cursor, keyIndent: number): Json {
  const next = cursor.lines[cursor.at];
  if (next === undefined || next.indent < keyIndent) return null;
  // A sequence may stand as deep as its key; kubectl writes it so.
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
      // `- key: value` opens a mapping whose other keys stand below its first one.
      const keyIndent = indent + line.text.length - body.length;
      cursor.lines[cursor.at] = { ...line, indent: keyIndent, text: body };
      items.push(readMapping(cursor, keyIndent));
    }
    if (!cursor.sure) return null;
  }
}

/** A scalar that begins on the line just passed; deeper lines that follow continue a plain one. */
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
  // .inf and .nan are an error, for the other reader to word.
  return typeof value === 'number' && !Number.isFinite(value) ? decline(cursor) : value;
}

function readQuoted(cursor: Cursor, text: string): Json {
  const quote = text.charAt(0);
  const end = text.indexOf(quote, 1);
  const inner = text.slice(1, Math.max(end, 1));
  // Two single quotes are an escaped one; a backslash escapes in double quotes only.
  const simple = end > 0 && text[end + 1] !== quote && (quote === "'" || !inner.includes('\\'));
  return simple && /^(?: +#.*)?$/.test(text.slice(end + 1)) ? inner : decline(cursor);
}

function isItem(text: string): boolean {
  return text === '-' || text.startsWith('- ');
}

/** Keys that need no quotes and that no YAML version takes for anything but text. */
function isPlainKey(key: string): boolean {
  return (
    key.length < 1000 && /^[A-Za-z][A-Za-z0-9_./-]*$/.test(key) && typeof resolvePlainScalar(key) === 'string'
  );
}

/** Index of the colon that makes `key: value` or `key:` of a text, or -1. */
function keyEnd(text: string): number {
  if (text.startsWith('"') || text.startsWith("'")) return -1;
  for (let colon = text.indexOf(':'); colon >= 0; colon = text.indexOf(':', colon + 1)) {
    if (colon + 1 === text.length || text[colon + 1] === ' ') return colon;
  }
  return -1;
}

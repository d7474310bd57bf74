// Parses the READMEs and the pages of docs/: fenced blocks with their marks, headings, links, table
// rows. Entry points: documents, blocksOf, outlineOf. Pure except for reading the files.
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The root directory of the checkout. */
export const root = resolve(import.meta.dirname, '..');

/** Paths of all documents whose blocks are checked, relative to the checkout. */
export const documents: readonly string[] = [
  'README.md',
  'README.ko.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `docs/${name}`),
  'docs/ko/cookbook.md',
];

/** Documents with a Korean translation: the same blocks, links and tables, with other prose. */
export const translations: readonly { readonly english: string; readonly korean: string }[] = [
  { english: 'README.md', korean: 'README.ko.md' },
  { english: 'docs/cookbook.md', korean: 'docs/ko/cookbook.md' },
];

/** A fenced block. */
export interface Block {
  readonly document: string;
  /** Line of its opening fence, from 1. */
  readonly line: number;
  /** The first word of the info string. */
  readonly language: string;
  /** The value of `run=` in the info string. */
  readonly run: string | undefined;
  /** The value of `not-run="…"`: the reason why no test runs it. */
  readonly notRun: string | undefined;
  readonly info: string;
  readonly text: string;
}

/** Reads the text of a document. */
export function readDocument(name: string): string {
  return readFileSync(join(root, name), 'utf8');
}

/** Returns the fenced blocks of a document, in order. */
export function blocksOf(document: string): Block[] {
  const blocks: Block[] = [];
  let open: { line: number; info: string; fence: string; lines: string[] } | undefined;
  for (const [index, line] of readDocument(document).split('\n').entries()) {
    const [, fence = '', info = ''] = /^(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (open === undefined) {
      if (fence !== '') open = { line: index + 1, info: info.trim(), fence, lines: [] };
    } else if (line.startsWith(open.fence) && info.trim() === '') {
      const [language = ''] = open.info.split(' ');
      const [, run] = / run=(\S+)/.exec(open.info) ?? [];
      const [, notRun] = / not-run="([^"]+)"/.exec(open.info) ?? [];
      const text = open.lines.join('\n');
      blocks.push({ document, line: open.line, language, run, notRun, info: open.info, text });
      open = undefined;
    } else {
      open.lines.push(line);
    }
  }
  if (open !== undefined) throw new Error(`${document}:${open.line}: the block has no end`);
  return blocks;
}

/** What both languages of a document have in common. */
export interface Outline {
  /** `2: Title`. */
  readonly headings: readonly { readonly line: number; readonly level: number; readonly title: string }[];
  /** Addresses of links, in order. */
  readonly links: readonly { readonly line: number; readonly target: string }[];
  /** Words in backticks of prose and tables, in order. */
  readonly code: readonly { readonly line: number; readonly text: string }[];
  /** For each table row the code of each cell. */
  readonly rows: readonly { readonly line: number; readonly cells: readonly (readonly string[])[] }[];
}

/** Returns the outline of everything outside fenced blocks. */
export function outlineOf(document: string): Outline {
  const headings: { line: number; level: number; title: string }[] = [];
  const links: { line: number; target: string }[] = [];
  const code: { line: number; text: string }[] = [];
  const rows: { line: number; cells: string[][] }[] = [];
  let inside = false;
  for (const [index, text] of readDocument(document).split('\n').entries()) {
    const line = index + 1;
    if (/^(`{3,}|~{3,})/.test(text)) {
      inside = !inside;
      continue;
    }
    if (inside) continue;
    const [, hashes, title = ''] = /^(#{1,6}) (.*)$/.exec(text) ?? [];
    if (hashes !== undefined) headings.push({ line, level: hashes.length, title });
    const codeOf = (part: string): string[] => [...part.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);
    for (const word of codeOf(text)) code.push({ line, text: word });
    for (const [, target = ''] of text.replaceAll(/`[^`]*`/g, '``').matchAll(/\]\(([^)\s]+)\)/g)) {
      links.push({ line, target });
    }
    if (text.startsWith('|')) rows.push({ line, cells: cellsOf(text).map(codeOf) });
  }
  return { headings, links, code, rows };
}

/** Splits a table row into cells. A `|` inside backticks does not separate cells. */
function cellsOf(row: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let inCode = false;
  for (const char of row.slice(1)) {
    if (char === '`') inCode = !inCode;
    if (char === '|' && !inCode) {
      cells.push(cell);
      cell = '';
    } else {
      cell += char;
    }
  }
  return cells;
}

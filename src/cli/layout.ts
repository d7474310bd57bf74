// Formats help pages for a terminal or a pipe. Entry point: layOutPage(). Pure: width and colours
// are arguments.

import type { Palette } from '../output/colour.ts';
import type { Block } from './markup.ts';
import type { Page, Section } from './page.ts';

/** Narrower lines are unreadable, and wider lines are hard to follow. */
const minColumns = 40;
const maxColumns = 100;

const indentation = 2;

/**
 * Formats a page.
 * @param palette undefined: no colours
 */
export function layOutPage(page: Page, columns: number, palette: Palette | undefined): string {
  const width = Math.min(maxColumns, Math.max(minColumns, columns));
  const bold = palette?.header ?? plain;
  const parts = [
    ...(page.usage === undefined ? [] : [`${bold('Usage:')} ${page.usage}\n`]),
    ...page.sections.map((section) => layOutSection(section, width, palette)),
    ...(page.seeAlso.length === 0 ? [] : [seeAlso(page.seeAlso, width, bold)]),
  ];
  return parts.join('\n');
}

function seeAlso(targets: readonly string[], width: number, bold: (text: string) => string): string {
  const text = `See also: ${targets.map((target) => `kapi ${target}`.replaceAll(' ', nonBreaking)).join(', ')}`;
  return `${fill(text, width, '  ').replace('See also:', bold('See also:'))}\n`;
}

function layOutSection({ heading, blocks }: Section, width: number, palette: Palette | undefined): string {
  const bold = palette?.header ?? plain;
  const lines = heading === undefined ? [] : [bold(`${heading}:`)];
  for (let at = 0; at < blocks.length;) {
    const block = blocks[at];
    if (block === undefined) break;
    if (lines.length > (heading === undefined ? 0 : 1) && !block.tight) lines.push('');
    if (block.kind === 'term') {
      const rows = termsFrom(blocks, at);
      lines.push(...layOutTerms(rows, width, palette));
      at += rows.length;
      continue;
    }
    lines.push(layOutBlock(block, width, palette));
    at++;
  }
  return `${lines.join('\n')}\n`;
}

function layOutBlock(
  block: Exclude<Block, { kind: 'term' }>,
  width: number,
  palette: Palette | undefined,
): string {
  const margin = ' '.repeat(indentation);
  switch (block.kind) {
    case 'text':
      return fill(block.text, width, '');
    case 'item':
      return fill(
        `${margin}${block.mark} ${block.text}`,
        width,
        ' '.repeat(indentation + block.mark.length + 1),
      );
    case 'code': {
      const paint = (block.line.startsWith('#') ? palette?.faint : undefined) ?? plain;
      return `${margin}${paint(block.line)}`;
    }
  }
}

type Term = Extract<Block, { kind: 'term' }>;

/** Returns the rows of one table: terms without a blank line between them. */
function termsFrom(blocks: readonly Block[], start: number): Term[] {
  const rows: Term[] = [];
  for (const block of blocks.slice(start)) {
    if (block.kind !== 'term' || (rows.length > 0 && !block.tight)) break;
    rows.push(block);
  }
  return rows;
}

/** Formats rows in two columns. A term that is too long for the first column has its text below. */
function layOutTerms(rows: readonly Term[], width: number, palette: Palette | undefined): string[] {
  const paint = palette?.key ?? plain;
  const margin = ' '.repeat(indentation);
  const maxTermLength = Math.max(...rows.map(({ term }) => term.length));
  const column =
    indentation + 2 + Math.min(maxTermLength, Math.max(8, Math.floor(width * 0.42) - indentation - 2));
  const hanging = ' '.repeat(column);
  return rows.map(({ term, text }) => {
    // A command line is not wrapped, so that it can be copied.
    const filled = text.startsWith('kapi ') ? hanging + text : fill(hanging + text, width, hanging);
    if (indentation + term.length + 2 > column) return `${margin}${paint(term)}\n${filled}`;
    return `${margin}${paint(term)}${filled.slice(indentation + term.length)}`;
  });
}

const nonBreaking = '\u00a0';

/**
 * Wraps text. A word that is longer than a line is not divided.
 * @param text keeps its leading blanks
 * @param hanging start of each further line
 */
export function fill(text: string, width: number, hanging: string): string {
  const [start = ''] = /^ */.exec(text) ?? [];
  const lines: string[] = [];
  let line = start;
  let isEmpty = true;
  for (const word of text.trim().split(/ +/)) {
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = hanging;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line].join('\n').replaceAll(nonBreaking, ' ');
}

function plain(text: string): string {
  return text;
}

// Formats help pages as manual pages, in the man macros that groff and mandoc read. Entry point:
// roff(). Pure.

import type { Block } from '../../src/cli/markup.ts';
import type { Page, Section } from '../../src/cli/page.ts';

/**
 * Date of the last review of the pages: mandoc requires a date, and the current one would change
 * the pages at each run.
 */
const date = '2026-11-28';

/**
 * Formats a page.
 * @param page its name is the name of the manual page, `kapi-list`
 * @param seeAlso other pages, `kapi-get(1)`
 */
export function roff(page: Page, section: 1 | 7, version: string, seeAlso: readonly string[]): string {
  const lines = [
    '.\\" Made by `npm run generate:man` from the same data as `kapi help`. Do not edit.',
    `.TH ${escapeText(page.name.toUpperCase())} ${section} ${date} "kapi ${version}" "kapi manual"`,
    // Words of a command line must not be hyphenated or spread.
    '.nh',
    '.ad l',
    '.SH NAME',
    `${escapeText(page.name)} \\- ${escapeText(page.summary)}`,
    ...(page.usage === undefined ? [] : ['.SH SYNOPSIS', synopsis(page.usage)]),
    ...page.sections.flatMap(sectionLines),
    '.SH SEE ALSO',
    [...new Set(seeAlso)].map(reference).join(',\n'),
  ];
  return `${lines.join('\n')}\n`;
}

function synopsis(usage: string): string {
  const [, command = '', rest = ''] = /^(kapi(?: [a-z-]+)?)(.*)$/.exec(usage) ?? [];
  return `\\fB${escapeText(command)}\\fR${escapeText(rest)}`;
}

function reference(page: string): string {
  const [, name = '', section = ''] = /^(.*)(\(\d\))$/.exec(page) ?? [];
  return `\\fB${escapeText(name)}\\fR${section}`;
}

function sectionLines({ heading, blocks }: Section): string[] {
  const title =
    heading === undefined ? 'DESCRIPTION' : heading === 'Flags' ? 'OPTIONS' : heading.toUpperCase();
  const lines = [`.SH ${escapeText(title)}`];
  for (let at = 0; at < blocks.length;) {
    const block = blocks[at];
    if (block === undefined) break;
    if (block.kind === 'code') {
      const codes = codesFrom(blocks, at);
      lines.push(...(at === 0 ? [] : ['.PP']), ...codeLines(codes));
      at += codes.length;
      continue;
    }
    lines.push(...blockLines(block, at === 0));
    at++;
  }
  return lines;
}

function blockLines(block: Exclude<Block, { kind: 'code' }>, isFirst: boolean): string[] {
  switch (block.kind) {
    case 'text':
      // A paragraph right after the heading is one by default.
      return [...(isFirst ? [] : ['.PP']), ...inputLines(escapeText(block.text))];
    case 'item':
      return [
        `.IP ${block.mark === '-' ? '\\(bu 2' : `${block.mark} 3`}`,
        ...inputLines(escapeText(block.text)),
      ];
    case 'term':
      return ['.TP', `\\fB${escapeText(block.term)}\\fR`, ...inputLines(escapeText(block.text))];
  }
}

type Code = Extract<Block, { kind: 'code' }>;

function codesFrom(blocks: readonly Block[], start: number): Code[] {
  const codes: Code[] = [];
  for (const block of blocks.slice(start)) {
    if (block.kind !== 'code') break;
    codes.push(block);
  }
  return codes;
}

function codeLines(codes: readonly Code[]): string[] {
  return [
    '.RS 2',
    '.nf',
    ...codes.flatMap(({ line, tight }, at) => [
      ...(at > 0 && !tight ? ['.sp'] : []),
      // A backslash at the end of an input line joins it with the next one.
      ...inputLines(escapeText(line)).map((part, index, parts) =>
        index < parts.length - 1 ? `${part} \\` : part,
      ),
    ]),
    '.fi',
    '.RE',
  ];
}

/**
 * Escapes for characters that roff would typeset: input for a shell or the API must be rendered
 * exactly.
 */
const characters: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  "'": '\\(aq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
};

/**
 * Wraps text to input lines of at most 80 bytes, at blanks. No line begins with a character that
 * starts a macro.
 */
function inputLines(escaped: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of escaped.split(' ')) {
    if (line !== '' && line.length + word.length > 76) {
      lines.push(line);
      line = word.startsWith('.') ? `\\&${word}` : word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function escapeText(text: string): string {
  const escaped = text
    .replaceAll(/[\\\-'`^~]/g, (character) => characters[character] ?? character)
    .replaceAll(
      /[^\n\x20-\x7e]/gu,
      (character) => `\\[u${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    );
  // A dot at the start of a line would start a macro.
  return escaped.startsWith('.') ? `\\&${escaped}` : escaped;
}

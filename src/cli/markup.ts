// Parses the simple markup of descriptions and topics into blocks. Entry point: parseMarkup().
// Pure.

/** A block of a help text. `tight`: without a blank line before it. */
export type Block =
  /** Words to wrap. */
  | { readonly kind: 'text'; readonly text: string; readonly tight: boolean }
  /** An item of a list. `mark` is `-` or `1.`. */
  | { readonly kind: 'item'; readonly mark: string; readonly text: string; readonly tight: boolean }
  /** A row of two columns: a term and its meaning. */
  | { readonly kind: 'term'; readonly term: string; readonly text: string; readonly tight: boolean }
  /** A line that is printed unchanged, such as a command line. */
  | { readonly kind: 'code'; readonly line: string; readonly tight: boolean };

/**
 * Parses text with these rules:
 * - lines at the margin are words to wrap, and a blank line ends a paragraph;
 * - an indented `- ` or `1. ` starts an item of a list;
 * - two or more blanks within an indented line separate a term from its meaning, and a deeper line
 *   continues the meaning;
 * - any other indented line is kept unchanged, also one that is indented by four and continues
 *   nothing.
 */
export function parseMarkup(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let tight = false;
  /** Indentation of the item or term that deeper lines continue. Undefined after anything else. */
  let open: number | undefined;
  const lines = text.split('\n');
  for (const [at, line] of lines.entries()) {
    const content = line.trim();
    if (content === '') {
      tight = false;
      open = undefined;
      continue;
    }
    const indent = line.length - line.trimStart().length;
    const last = blocks.at(-1);
    if (last !== undefined && isContinuation(last, indent, open, tight)) {
      blocks[blocks.length - 1] = withMore(last, content);
      continue;
    }
    const next = lines[at + 1] ?? '';
    const block = indent === 0 ? undefined : parseListed(content, tight, indentOf(next) > indent);
    open = block?.kind === 'item' || block?.kind === 'term' ? indent : undefined;
    blocks.push(
      block ??
        (indent === 0 ? { kind: 'text', text: content, tight } : { kind: 'code', line: content, tight }),
    );
    tight = true;
  }
  return blocks;
}

function isContinuation(last: Block, indent: number, open: number | undefined, tight: boolean): boolean {
  if (!tight) return false;
  if (last.kind === 'text') return indent === 0;
  return open !== undefined && indent > open;
}

function withMore(block: Block, more: string): Block {
  if (block.kind === 'code') return block;
  return { ...block, text: block.text === '' ? more : `${block.text} ${more}` };
}

function parseListed(content: string, tight: boolean, nextIsDeeper: boolean): Block | undefined {
  const [, mark, point] = /^(-|\d+\.) +(.*)$/.exec(content) ?? [];
  if (mark !== undefined && point !== undefined) return { kind: 'item', mark, text: point, tight };
  const [, term, text] = /^(\S.*?) {2,}(\S.*)$/.exec(content) ?? [];
  if (term !== undefined && text !== undefined) return { kind: 'term', term, text, tight };
  return nextIsDeeper ? { kind: 'term', term: content, text: '', tight } : undefined;
}

function indentOf(line: string): number {
  return line.trim() === '' ? 0 : line.length - line.trimStart().length;
}

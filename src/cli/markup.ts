// The few marks that descriptions and topics are written in, taken apart into blocks. Entry point: parseMarkup(). Pure.

/** A piece of a help text. `tight`: it follows the piece before without a blank line. */
export type Block =
  /** Words to be filled into lines. */
  | { readonly kind: 'text'; readonly text: string; readonly tight: boolean }
  /** One point of a list; `mark` is `-` or `1.`. */
  | { readonly kind: 'item'; readonly mark: string; readonly text: string; readonly tight: boolean }
  /** A row of two columns: what it is called, what it means. */
  | { readonly kind: 'term'; readonly term: string; readonly text: string; readonly tight: boolean }
  /** A line to be typed, or to be left as it is. */
  | { readonly kind: 'code'; readonly line: string; readonly tight: boolean };

/**
 * Reads text in which
 * - lines at the margin are words to be filled, and a blank line ends a paragraph;
 * - an indented `- ` or `1. ` begins a point of a list;
 * - two or more blanks within an indented line part a term from what it means, and a deeper line goes on with that;
 * - a line indented by four that goes on with nothing, and any other indented line, is kept as it is.
 */
export function parseMarkup(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let tight = false;
  /** Indentation of the point or term that deeper lines go on with; undefined after anything else. */
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
    if (last !== undefined && goesOn(last, indent, open, tight)) {
      blocks[blocks.length - 1] = withMore(last, content);
      continue;
    }
    const next = lines[at + 1] ?? '';
    const block = indent === 0 ? undefined : listed(content, tight, indentOf(next) > indent);
    open = block?.kind === 'item' || block?.kind === 'term' ? indent : undefined;
    blocks.push(
      block ??
        (indent === 0 ? { kind: 'text', text: content, tight } : { kind: 'code', line: content, tight }),
    );
    tight = true;
  }
  return blocks;
}

function goesOn(last: Block, indent: number, open: number | undefined, tight: boolean): boolean {
  if (!tight) return false;
  if (last.kind === 'text') return indent === 0;
  return open !== undefined && indent > open;
}

function withMore(block: Block, more: string): Block {
  if (block.kind === 'code') return block;
  return { ...block, text: block.text === '' ? more : `${block.text} ${more}` };
}

function listed(content: string, tight: boolean, nextIsDeeper: boolean): Block | undefined {
  const [, mark, point] = /^(-|\d+\.) +(.*)$/.exec(content) ?? [];
  if (mark !== undefined && point !== undefined) return { kind: 'item', mark, text: point, tight };
  const [, term, text] = /^(\S.*?) {2,}(\S.*)$/.exec(content) ?? [];
  if (term !== undefined && text !== undefined) return { kind: 'term', term, text, tight };
  return nextIsDeeper ? { kind: 'term', term: content, text: '', tight } : undefined;
}

function indentOf(line: string): number {
  return line.trim() === '' ? 0 : line.length - line.trimStart().length;
}

import { describe, expect, it } from 'vitest';
import { commands } from '../../../src/cli/command-list.ts';
import { fill, layOutPage } from '../../../src/cli/layout.ts';
import { commandPage, topicNames, topicPage, type Page } from '../../../src/cli/page.ts';
import { openPalette } from '../../../src/output/colour.ts';

const page: Page = {
  name: 'x',
  summary: 'a page',
  usage: 'kapi x [flags]',
  sections: [
    { blocks: [{ kind: 'text', text: 'Says something about many things.', tight: false }] },
    {
      heading: 'Flags',
      blocks: [
        { kind: 'term', term: '-a, --all', text: 'everything that there is, and more of it', tight: true },
        { kind: 'term', term: '--with-a-very-long-name VALUE', text: 'below', tight: true },
      ],
    },
    { heading: 'Examples', blocks: [{ kind: 'code', line: '# All', tight: false }] },
  ],
  seeAlso: ['list', 'help output'],
};

describe('layOutPage', () => {
  it('fits a narrow terminal', () => {
    expect(layOutPage(page, 40, undefined)).toBe(`Usage: kapi x [flags]

Says something about many things.

Flags:
  -a, --all     everything that there
                is, and more of it
  --with-a-very-long-name VALUE
                below

Examples:
  # All

See also: kapi list, kapi help output
`);
  });

  it('makes headings bold if there are colours, and moves nothing', async () => {
    const coloured = layOutPage(page, 60, await openPalette(1));
    expect(coloured).toContain('\u001b[1mFlags:\u001b[22m');
    expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(layOutPage(page, 60, undefined));
  });

  const pages = [...commands.map(commandPage), ...topicNames().flatMap((name) => topicPage(name) ?? [])];
  it.each(pages.map((one) => [one.name, one] as const))(
    '%s fits any width, except command lines',
    (_, one) => {
      for (const width of [40, 57, 80, 100]) {
        const long = layOutPage(one, width, undefined)
          .split('\n')
          .filter((line) => line.length > width && !isWhole(line, one));
        expect(long, `${width} columns`).toEqual([]);
      }
    },
  );
});

/** Returns what is never cut: usage, command lines, a term, a single word. */
function isWhole(line: string, { sections }: Page): boolean {
  const blocks = sections.flatMap((section) => section.blocks);
  return (
    line.startsWith('Usage: ') ||
    / {2}kapi /.test(line) ||
    /^ *(\S.* {2,})?\S+$/.test(line) ||
    blocks.some(
      (block) =>
        (block.kind === 'code' && line === `  ${block.line}`) ||
        (block.kind === 'term' && line === `  ${block.term}`),
    )
  );
}

describe('fill', () => {
  it.each([
    ['a bb ccc', 4, '', 'a bb\nccc'],
    ['a bb ccc', 100, '', 'a bb ccc'],
    ['unbreakable a', 4, '  ', 'unbreakable\n  a'],
    ['  a b', 4, '  ', '  a\n  b'],
  ])('%j in %i columns', (text, width, hanging, lines) => {
    expect(fill(text, width, hanging)).toBe(lines);
  });
});

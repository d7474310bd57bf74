// Checks documents without running them: marks of blocks, links, and README.ko.md against
// README.md. test/e2e/docs.test.ts runs the blocks that are marked as runnable.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { commands } from '../src/cli/command-list.ts';
import { globalFlags } from '../src/cli/global-flags.ts';
import { parseCommandLine } from '../src/cli/program.ts';
import { blocksOf, documents, outlineOf, readDocument, root, translations } from './markdown.ts';

const at = ({ document, line, info }: { document: string; line: number; info: string }): string =>
  `${document}:${line} (${info === '' ? 'no language' : info})`;

describe.each(documents)('%s', (document) => {
  const blocks = blocksOf(document);

  it('says of every shell block whether a test runs it, and why if none does', () => {
    const kinds: Record<string, RegExp> = {
      sh: /^(setup|ok|same|exit[1-9]\d*|checkout|ci)$/,
      console: /^sandbox$/,
    };
    const unmarked = blocks
      .filter(({ language }) => language in kinds)
      .filter(({ language, run, notRun }) =>
        run === undefined ? (notRun ?? '').length < 8 : notRun !== undefined || !kinds[language]!.test(run),
      );
    expect(
      unmarked.map(at),
      'wants run=… or not-run="the reason"; the kinds of run= are in test/e2e/docs.test.ts',
    ).toEqual([]);
  });

  it('has blocks of known languages only, so that no shell block hides', () => {
    const known = ['sh', 'console', 'yaml', 'json', 'text', 'dockerfile', 'powershell'];
    expect(blocks.filter(({ language }) => !known.includes(language)).map(at)).toEqual([]);
  });

  it('has YAML and JSON that can be read', () => {
    for (const block of blocks) {
      if (block.language === 'yaml') expect(() => parse(block.text) as unknown, at(block)).not.toThrow();
      if (block.language === 'json') expect(() => JSON.parse(block.text) as unknown, at(block)).not.toThrow();
    }
  });

  it('links to existing files and headings', () => {
    const dead = outlineOf(document)
      .links.filter(({ target }) => !/^https?:/.test(target))
      .filter(({ target }) => {
        const [path = '', anchor] = target.split('#');
        const file = path === '' ? document : normalize(join(dirname(document), path));
        if (!existsSync(join(root, file))) return true;
        return anchor !== undefined && !anchorsOf(file).includes(anchor);
      });
    expect(dead.map(({ line, target }) => `${document}:${line}: ${target}`)).toEqual([]);
  });
});

it.each(documents)('%s names existing commands and flags', (document) => {
  const flags = new Set(
    [...globalFlags, ...commands.flatMap((spec) => spec.flags)].flatMap(({ name, aliases = [] }) => [
      name,
      ...aliases,
    ]),
  );
  const wrong = outlineOf(document).code.flatMap(({ line, text }) => {
    const [first = ''] = text.split(/ \\?[|>] /);
    const words = [...first.matchAll(/(?:[^\s'"]+|'[^']*'|"[^"]*")+/g)].map(([word]) =>
      word.replaceAll(/['"]/g, ''),
    );
    // A fragment, or a word that is a placeholder.
    if (text.includes('…') || words.some((word) => /^[A-Z]{3,}$/.test(word))) return [];
    const [flag] = /^--[\w.-]+/.exec(text) ?? [];
    if (flag !== undefined) return flags.has(flag.slice(2)) ? [] : [`${document}:${line}: no flag ${flag}`];
    if (words[0] !== 'kapi') return [];
    try {
      // `kapi curl` alone is the name of a command, not a command line.
      parseCommandLine([...words.slice(1), ...(words.length === 2 ? ['--help'] : [])], commands);
      return [];
    } catch (error) {
      return [`${document}:${line}: ${text}: ${String(error)}`];
    }
  });
  expect(wrong).toEqual([]);
});

it('README.md has the two commands, and .ci/run finds the second as it reads them', () => {
  const commands = blocksOf('README.md').filter(({ run }) => run === 'checkout' || run === 'ci');
  expect(commands.map(({ text }) => text)).toEqual(['npm run demo', 'npm ci && npm test']);
  // The same pattern as the awk of .ci/run: the first line within a block that ends in "npm test".
  expect(readFileSync(join(root, '.ci/run'), 'utf8')).toContain('/npm test *$/');
  const [first] = blocksOf('README.md').flatMap(({ text }) =>
    text.split('\n').filter((line) => /npm test *$/.test(line)),
  );
  expect(first).toBe('npm ci && npm test');
});

it('every page of docs/ is reached from a README', () => {
  const linked = ['README.md', 'README.ko.md'].flatMap((name) =>
    outlineOf(name).links.map(({ target }) => target),
  );
  const pages = documents.filter((name) => name.startsWith('docs/'));
  expect(pages.filter((page) => !linked.includes(page))).toEqual([]);
});

describe.each(translations)('$korean matches $english', (names) => {
  const read = (name: string): Document => ({ name, blocks: blocksOf(name), outline: outlineOf(name) });
  const [english, korean] = [read(names.english), read(names.korean)];

  interface Document {
    readonly name: string;
    readonly blocks: ReturnType<typeof blocksOf>;
    readonly outline: ReturnType<typeof outlineOf>;
  }

  it('in its headings: as many, of the same levels, in the same order', () => {
    const level = (one: { level: number }): string => String(one.level);
    expectInStep('heading', english.outline.headings, korean.outline.headings, level, ({ title }) => title);
  });

  it('in its code blocks, byte for byte, marks included', () => {
    const whole = ({ info, text }: { info: string; text: string }): string => `${info}\n${text}`;
    expectInStep('code block', english.blocks, korean.blocks, whole, firstOfOwn);
  });

  it('in its links, in the same order; the two documents link to each other', () => {
    const inEnglish = new Map(translations.map(({ english, korean }) => [korean, english]));
    const targets = ({ name, outline }: Document): string[] =>
      outline.links.map(({ target }) => {
        const path = /^https?:/.test(target) ? target : normalize(join(dirname(name), target));
        return inEnglish.get(path) ?? path;
      });
    expect(targets(korean)).toEqual(targets(english));
  });

  it('in its tables: the same rows with the same words in backticks, cell by cell', () => {
    const codes = ({ cells }: { cells: readonly (readonly string[])[] }): string => JSON.stringify(cells);
    expectInStep('table row', english.outline.rows, korean.outline.rows, codes, codes);
  });

  it('in the words in backticks, section by section', () => {
    // Korean has another word order, so only the content of a section can be compared.
    const sections = ({ outline }: Document): string[] =>
      outline.headings.map(({ line }, index) => {
        const end = outline.headings[index + 1]?.line ?? Infinity;
        const inside = outline.code.filter((word) => word.line > line && word.line < end);
        return JSON.stringify(inside.map(({ text }) => text).sort());
      });
    for (const [index, words] of sections(english).entries()) {
      const { title = '' } = english.outline.headings[index] ?? {};
      expect(sections(korean)[index], `the words in backticks under "${title}"`).toBe(words);
    }
  });

  it('and is in Korean', () => {
    const prose = readDocument(names.korean)
      .replaceAll(/^```[\s\S]*?^```$/gm, '')
      .replaceAll(/`[^`]*`/g, '');
    const paragraphs = prose
      .split(/\n\s*\n/)
      .filter((text) => /\p{L}{4}/u.test(text) && !/^(\||#|\[English\])/.test(text.trim()));
    expect(paragraphs.filter((text) => !/\p{Script=Hangul}/u.test(text))).toEqual([]);
  });

  /**
   * Compares two lists.
   * @throws AssertionError that names the first entry that differs, and its lines
   */
  function expectInStep<T extends { readonly line: number }>(
    what: string,
    ours: readonly T[],
    theirs: readonly T[],
    compared: (one: T) => string,
    shown: (one: T, other: T | undefined) => string,
  ): void {
    const place = (name: string, one: T | undefined, other: T | undefined): string =>
      one === undefined ? `there is none in ${name}` : `${name}:${one.line} has ${shown(one, other)}`;
    for (let index = 0; index < Math.max(ours.length, theirs.length); index++) {
      const [our, their] = [ours[index], theirs[index]];
      if (our !== undefined && their !== undefined && compared(our) === compared(their)) continue;
      const number = `${what} ${index + 1}`;
      expect.fail(`${number}: ${place(names.english, our, their)}, ${place(names.korean, their, our)}`);
    }
  }

  /** Returns the first line of a block that the other one does not have. */
  function firstOfOwn({ info, text }: Text, other: Text | undefined): string {
    const [lines, others] = [{ info, text }, other].map((one) => [
      one?.info,
      ...(one?.text ?? '').split('\n'),
    ]);
    const at = lines!.findIndex((line, index) => line !== others![index]);
    return `${JSON.stringify(lines![Math.max(at, 0)])} in its line ${Math.max(at, 0)}`;
  }

  interface Text {
    readonly info: string;
    readonly text: string;
  }
});

/** Returns the anchors that GitHub makes of a document's headings. */
function anchorsOf(document: string): string[] {
  return outlineOf(document).headings.map(({ title }) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

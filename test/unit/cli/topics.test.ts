// Compares the topics with the code.
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../../src/cli/command-list.ts';
import { kubectlWords } from '../../../src/cli/kubectl-words.ts';
import { commandPage, topicNames, topicPage } from '../../../src/cli/page.ts';
import { parseCommandLine } from '../../../src/cli/program.ts';
import { topics } from '../../../src/cli/topics.ts';
import { ExitCode } from '../../../src/errors.ts';
import { objectFormats } from '../../../src/output/output-format.ts';
import { wordsOf } from '../../e2e/words.ts';

const src = resolve(import.meta.dirname, '../../../src');
const textOf = (name: string): string => topics[name]?.text ?? '';

describe('topics', () => {
  it('environment names every variable that is read, and no other', () => {
    const read = new Set<string>();
    for (const path of readdirSync(src, { recursive: true, encoding: 'utf8' })) {
      if (!/\.tsx?$/.test(path) || path.startsWith('sandbox')) continue;
      const text = readFileSync(join(src, path), 'utf8');
      for (const [, name = ''] of text.matchAll(/\benv\['([A-Z_]+)'\]/g)) read.add(name);
      // Variables of proxies are read from lists of names.
      for (const [, name = ''] of text.matchAll(/'((?:HTTPS?|NO|ALL)_PROXY)'/g))
        if (path.startsWith('config')) read.add(name);
    }
    // Passed from the completion script of PowerShell to kapi itself.
    read.delete('KAPI_COMPLETE_LINE');
    const told = new Set(textOf('environment').match(/\b[A-Z][A-Z_]{3,}\b/g));
    // These have shorter names.
    if (/\bENV\b/.test(textOf('environment'))) told.add('ENV');
    // Read by scripts/standalone/launcher.sh, before Node starts.
    const launcher = readFileSync(resolve(src, '../scripts/standalone/launcher.sh'), 'utf8');
    if (launcher.includes('"$KAPI_STANDALONE_DIR"')) read.add('KAPI_STANDALONE_DIR');
    const codeCache = readFileSync(resolve(src, '../bin/kapi.js'), 'utf8');
    for (const [name] of codeCache.matchAll(/\b(XDG|NODE)_[A-Z_]+\b/g)) read.add(name);
    // Set for child processes, or only mentioned.
    told.delete('COMMAND');
    expect([...read].filter((name) => !told.has(name))).toEqual([]);
    expect([...told].filter((name) => !read.has(name))).toEqual([]);
  });

  it('exit-codes names every code', () => {
    for (const code of Object.values(ExitCode))
      expect(textOf('exit-codes')).toMatch(new RegExp(`(^ {2}|for SIGTERM|; )?\\b${code}\\b`, 'm'));
  });

  it('output names every format', () => {
    for (const format of objectFormats)
      expect(textOf('output')).toMatch(new RegExp(`^ {2}${format}\\b|\\b${format}=`, 'm'));
  });

  const aliases = commands.flatMap((spec) => (spec.aliases ?? []).map((alias) => `kapi ${alias}`));
  const lines = topicNames()
    .flatMap((name) => topicPage(name)?.sections ?? [])
    .concat(commands.flatMap((spec) => commandPage(spec).sections))
    .flatMap(({ blocks }) => blocks)
    .flatMap((block) => (block.kind === 'code' ? [block.line] : block.kind === 'term' ? [block.term] : []))
    .filter((line) => line.startsWith('kapi ') && !line.startsWith('kapi help') && !aliases.includes(line));
  it.each([...new Set(lines)])('%s is a line that kapi accepts', (line) => {
    const words = wordsOf(line).slice(1);
    const end = words.findIndex((word) => word === '|' || word === '>');
    expect(parseCommandLine(end < 0 ? words : words.slice(0, end), commands)).toMatchObject({
      kind: 'command',
    });
  });

  const known = new Set([...commands.map(({ name }) => name), ...topicNames().map((name) => `help ${name}`)]);
  it.each([
    ...commands.map((spec) => [spec.name, spec.seeAlso ?? []] as const),
    ...Object.entries(topics).map(([name, topic]) => [name, topic.seeAlso ?? []] as const),
  ])('%s links to existing topics', (_, seeAlso) => {
    expect(seeAlso.length).toBeGreaterThan(0);
    expect(seeAlso.filter((target) => !known.has(target))).toEqual([]);
  });

  it('every `kapi help X` that is named anywhere exists', () => {
    const names = new Set([
      ...commands.map(({ name }) => name),
      ...topicNames(),
      'topics',
      'TOPIC',
      'COMMAND',
    ]);
    const texts = [
      ...Object.values(topics).map(({ text }) => text),
      ...commands.flatMap(({ description, flags, examples }) => [
        description,
        ...flags.map((flag) => flag.description),
        ...examples.map((example) => example.text),
      ]),
      ...kubectlWords.map(({ kapi, note = '' }) => `${kapi}\n${note}`),
    ].join('\n');
    const named = [...texts.matchAll(/kapi help ([A-Za-z-]+)/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !names.has(name))).toEqual([]);
  });
});

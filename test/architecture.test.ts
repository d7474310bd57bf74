// Checks the whole tree against the import table, and the conventions that no lint rule can check.
import { readFileSync, readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../src/cli/command-list.ts';
import { globalFlags } from '../src/cli/global-flags.ts';
import { parseCommandLine } from '../src/cli/program.ts';
import { rootFiles, folders, sandboxFolders, guardedBuiltins, type FolderRules } from '../import-table.mjs';

const src = resolve(import.meta.dirname, '../src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => join(src, path));

interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const found: Import[] = [];
  for (const [, type, clause = '', from = ''] of text.matchAll(
    /^(?:import|export)\s+(type\s+)?((?:[\w*{][^'";]*?)\s+from\s+)?'([^']+)';/gm,
  )) {
    const everyNameIsType = /^\{(\s*type\s+\w+(\s+as\s+\w+)?\s*,?)+\s*\}\s+from\s+$/.test(clause);
    found.push({ from, typeOnly: type !== undefined || everyNameIsType });
  }
  for (const [, from = ''] of text.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g))
    found.push({ from, typeOnly: false });
  return found;
}

function folderOf(file: string): string {
  const [first = ''] = relative(src, file).split('/');
  return first.replace(/\.tsx?$/, '');
}

const table: Readonly<Record<string, FolderRules>> = {
  ...folders,
  ...Object.fromEntries(Object.entries(rootFiles).map(([name, imports]) => [name, { imports }])),
};

/** Returns the violations of the import table in one file. */
function importOffences(file: string): string[] {
  const own = folderOf(file);
  const rules = table[own];
  if (rules === undefined) return [`src/${own} is missing in the import table`];
  return importsOf(file).flatMap(({ from, typeOnly }) => {
    if (from.startsWith('.')) return relativeOffences(file, own, rules, { from, typeOnly });
    if (from.startsWith('node:')) {
      const [builtin = ''] = from.slice('node:'.length).split('/');
      const isShut =
        !typeOnly && guardedBuiltins.includes(builtin) && rules.builtins?.includes(builtin) !== true;
      return isShut ? [`${own} may not use ${from}`] : [];
    }
    if (builtinModules.includes(from)) return [`${from} is written without node:`];
    const name = from.startsWith('@') ? from.split('/').slice(0, 2).join('/') : (from.split('/')[0] ?? '');
    return rules.packages?.includes(name) === true ? [] : [`${own} may not import ${name}`];
  });
}

function relativeOffences(
  file: string,
  own: string,
  rules: FolderRules,
  { from, typeOnly }: Import,
): string[] {
  const target = resolve(dirname(file), from);
  if (!target.startsWith(src)) {
    return basename(target) === 'package.json' ? [] : [`${from} is outside src`];
  }
  const name = folderOf(target);
  const isAllowed =
    name === own || rules.imports.includes(name) || (typeOnly && rules.types?.includes(name) === true);
  return [
    ...(/\.(tsx?|txt|yaml)$/.test(from) ? [] : [`${from} is imported without its ending`]),
    ...(isAllowed ? [] : [`${own} may not import ${name} (${from})`]),
    ...(own === 'commands' && name === 'commands' ? insidesOfOtherCommands(file, target) : []),
    ...(own === 'sandbox' && name === 'sandbox' ? closedFolders(file, target) : []),
  ];
}

function closedFolders(file: string, target: string): string[] {
  const [from = '', to = ''] = [file, target].map((path) => relative(join(src, 'sandbox'), dirname(path)));
  if (from === '' || from === to || sandboxFolders[from]?.includes(to) === true) return [];
  return [`sandbox/${from} may not import sandbox/${to}`];
}

function insidesOfOtherCommands(file: string, target: string): string[] {
  const [, ownCommand] = relative(src, file).split('/');
  const parts = relative(src, target).split('/');
  return parts.length === 3 && parts[1] !== ownCommand
    ? [`imports the insides of another command: ${parts.join('/')}`]
    : [];
}

/**
 * Returns violations that no lint rule can find: names of files, their first line, and forbidden
 * calls.
 */
function conventionOffences(file: string): string[] {
  const name = relative(src, file);
  const text = readFileSync(file, 'utf8');
  const rules: readonly (readonly [string, boolean])[] = [
    ['is more than two levels below src', !/^[^/]+(\/[^/]+){0,2}$/.test(name)],
    ['is not in kebab-case', !/^[a-z0-9/.-]+$/.test(name)],
    ['has a name that says nothing about its content', /(utils?|helpers?|common|misc)\b/.test(name)],
    ['does not begin with a comment about its content', !/^\/\/ \S/.test(text)],
    ['has a default export', /^export default/m.test(text)],
    ['sets a global dispatcher', text.includes('setGlobalDispatcher')],
    ['swallows failures', /catch\s*(\([^)]*\))?\s*\{\s*\}/.test(text)],
  ];
  return rules.flatMap(([offence, isBroken]) => (isBroken ? [offence] : []));
}

function offencesBy(offencesOf: (file: string) => readonly string[]): string[] {
  return files.flatMap((file) => offencesOf(file).map((offence) => `${relative(src, file)}: ${offence}`));
}

describe('the tree', () => {
  it('is read as a whole', () => {
    expect(files.length).toBeGreaterThan(300);
    expect(files.flatMap(importsOf).length).toBeGreaterThan(1_500);
  });

  it('follows the import table', () => {
    expect(offencesBy(importOffences)).toEqual([]);
  });

  it('follows the conventions that no lint rule checks', () => {
    expect(offencesBy(conventionOffences)).toEqual([]);
  });

  it('injects colours, clocks and terminals: no test mocks a module of src', () => {
    const tests = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.tsx?$/.test(path) && !path.startsWith('architecture'))
      .filter((path) =>
        /vi\.(do)?[mM]ock\(\s*'\.\.?\//.test(readFileSync(join(import.meta.dirname, path), 'utf8')),
      );
    expect(tests).toEqual([]);
  });
});

describe('every command', () => {
  it.each(commands.map((spec) => [spec.name, spec] as const))('%s has a complete spec', (_, spec) => {
    expect(spec.summary).toMatch(/^(?:[a-z]|[A-Z]{2}).*[^.]$/);
    expect(spec.description.length).toBeGreaterThan(spec.summary.length);
    expect(spec.examples.length).toBeGreaterThan(1);
    for (const argument of spec.arguments) expect(argument.name).toMatch(/^[A-Z]/);
    for (const flag of spec.flags) {
      expect(flag.name).toMatch(/^[a-z][a-z0-9.-]*$/);
      expect(flag.description, `--${flag.name}`).toMatch(/\S/);
      expect(flag.description, `--${flag.name}`).not.toMatch(/\.$/);
    }
    const names = spec.flags.flatMap((flag) => [flag.name, ...(flag.aliases ?? [])]);
    expect(new Set(names).size, 'no flag twice').toBe(names.length);
  });

  it.each(
    [{ name: 'kapi', flags: globalFlags, arguments: [] }, ...commands].map(
      (spec) => [spec.name, spec] as const,
    ),
  )('%s says what TAB offers for each value', (_, spec) => {
    const undecided = spec.flags
      .filter((flag) => flag.value !== undefined)
      .filter((flag) => flag.choices === undefined && flag.completes === undefined)
      .map((flag) => `--${flag.name}`);
    const unsaid = spec.arguments
      .filter((argument) => argument.completes === undefined)
      .map(({ name }) => name);
    expect([...undecided, ...unsaid]).toEqual([]);
  });

  it.each(commands.map((spec) => [spec.name, spec] as const))('%s has examples that parse', (name, spec) => {
    for (const { command } of spec.examples) {
      const lines = kapiLines(command);
      expect(lines, command).not.toEqual([]);
      for (const line of lines) {
        const invocation = parseCommandLine(shellWords(line).slice(1), commands);
        expect(invocation, command).toMatchObject({ kind: 'command', spec: { name } });
      }
    }
  });

  it('has flags of its own that do not hide global ones by accident', () => {
    const globals = new Set(globalFlags.flatMap((flag) => [flag.name, ...(flag.aliases ?? [])]));
    const hidden = commands
      .filter((spec) => spec.name !== 'curl')
      .flatMap((spec) =>
        spec.flags.filter((flag) => globals.has(flag.name)).map((flag) => `${spec.name} --${flag.name}`),
      );
    expect(hidden).toEqual([]);
  });
});

/**
 * Returns an example itself, or the kapi commands inside it: `curl --cacert <(kapi config ca) …`.
 */
function kapiLines(command: string): string[] {
  return command.startsWith('kapi ')
    ? [command]
    : [...command.matchAll(/[$<]\((kapi [^()]*)\)/g)].map(([, line = '']) => line);
}

/** Splits an example into words as a shell without expansions would. */
function shellWords(line: string): string[] {
  const beforePipe = line.split(/ [|>] /)[0] ?? '';
  return [...beforePipe.matchAll(/(?:[^\s'"]+|'[^']*'|"[^"]*")+/g)].map(([word]) =>
    word.replaceAll(/['"]/g, ''),
  );
}

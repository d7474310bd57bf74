// The import table held against the whole tree, and the conventions that no lint rule can see.
import { readFileSync, readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../src/cli/command-list.ts';
import { globalFlags } from '../src/cli/global-flags.ts';
import { parseCommandLine } from '../src/cli/program.ts';
import { rootFiles, rooms, worldlyBuiltins, type Room } from '../import-table.mjs';

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

function roomOf(file: string): string {
  const [first = ''] = relative(src, file).split('/');
  return first.replace(/\.tsx?$/, '');
}

const table: Readonly<Record<string, Room>> = {
  ...rooms,
  ...Object.fromEntries(Object.entries(rootFiles).map(([name, imports]) => [name, { imports }])),
};

describe('the import table', () => {
  it.each(files.map((file) => [relative(src, file), file]))('holds in %s', (_, file) => {
    const own = roomOf(file);
    const room = table[own];
    expect(room, `src/${own} is no room of the table`).toBeDefined();
    if (room === undefined) return;
    const offences: string[] = [];
    for (const { from, typeOnly } of importsOf(file)) {
      if (from.startsWith('.')) {
        const target = resolve(dirname(file), from);
        if (!target.startsWith(src)) {
          if (basename(target) !== 'package.json') offences.push(`${from} is outside src`);
          continue;
        }
        if (!/\.tsx?$/.test(from)) offences.push(`${from} is imported without its ending`);
        const name = roomOf(target);
        const allowed =
          name === own || room.imports.includes(name) || (typeOnly && room.types?.includes(name) === true);
        if (!allowed) offences.push(`${own} may not import ${name} (${from})`);
        if (own === 'commands' && name === 'commands') offences.push(...insidesOfOtherCommands(file, target));
      } else if (from.startsWith('node:')) {
        const [builtin = ''] = from.slice('node:'.length).split('/');
        if (!typeOnly && worldlyBuiltins.includes(builtin) && room.builtins?.includes(builtin) !== true) {
          offences.push(`${own} may not use ${from}`);
        }
      } else if (builtinModules.includes(from)) {
        offences.push(`${from} is written without node:`);
      } else {
        const name = from.startsWith('@')
          ? from.split('/').slice(0, 2).join('/')
          : (from.split('/')[0] ?? '');
        if (room.packages?.includes(name) !== true) offences.push(`${own} is no door of ${name}`);
      }
    }
    expect(offences).toEqual([]);
  });

  function insidesOfOtherCommands(file: string, target: string): string[] {
    const [, ownCommand] = relative(src, file).split('/');
    const parts = relative(src, target).split('/');
    return parts.length === 3 && parts[1] !== ownCommand
      ? [`imports the insides of another command: ${parts.join('/')}`]
      : [];
  }
});

describe('the tree', () => {
  it.each(files.map((file) => [relative(src, file), file]))('%s keeps the conventions', (name, file) => {
    const text = readFileSync(file, 'utf8');
    expect(name, 'two levels below src at the most').toMatch(/^[^/]+(\/[^/]+){0,2}$/);
    expect(name, 'kebab-case').toMatch(/^[a-z0-9/.-]+$/);
    expect(name, 'a function without a home is a missing name').not.toMatch(
      /(utils?|helpers?|common|misc)\b/,
    );
    expect(text, 'begins with what lives here').toMatch(/^\/\/ \S/);
    expect(text, 'named exports only').not.toMatch(/^export default/m);
    expect(text, 'no console').not.toMatch(/\bconsole\./);
    expect(text, 'no exit').not.toMatch(/process\.exit\(/);
    expect(text, 'no global dispatcher').not.toMatch(/setGlobalDispatcher/);
    expect(text, 'failures are not swallowed').not.toMatch(/catch\s*(\([^)]*\))?\s*\{\s*\}/);
    const code = text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/ .*/g, '');
    if (name !== 'main.ts')
      expect(code, 'process is an input').not.toMatch(/(?<![.\w/-])process\.(?!nextTick|hrtime)/);
  });

  it('has one source of colours, clocks and terminals: none of the tests mocks a module of ours', () => {
    const tests = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.tsx?$/.test(path) && !path.startsWith('architecture'))
      .filter((path) =>
        /vi\.(do)?[mM]ock\(\s*'\.\.?\//.test(readFileSync(join(import.meta.dirname, path), 'utf8')),
      );
    expect(tests).toEqual([]);
  });
});

describe('every command', () => {
  it.each(commands.map((spec) => [spec.name, spec] as const))('%s is told in full', (_, spec) => {
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

  it.each(commands.flatMap((spec) => spec.examples.map((example) => [example.command, spec] as const)))(
    '%s parses',
    (command, spec) => {
      const lines = kapiLines(command);
      expect(lines).not.toEqual([]);
      for (const line of lines) {
        const invocation = parseCommandLine(shellWords(line).slice(1), commands);
        expect(invocation).toMatchObject({ kind: 'command', spec: { name: spec.name } });
      }
    },
  );

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

/** An example itself, or the kapi commands within it: `curl --cacert <(kapi config ca) …`. */
function kapiLines(command: string): string[] {
  return command.startsWith('kapi ')
    ? [command]
    : [...command.matchAll(/[$<]\((kapi [^()]*)\)/g)].map(([, line = '']) => line);
}

/** Words of an example as a shell without expansions would see them. */
function shellWords(line: string): string[] {
  const beforePipe = line.split(/ [|>] /)[0] ?? '';
  return [...beforePipe.matchAll(/(?:[^\s'"]+|'[^']*'|"[^"]*")+/g)].map(([word]) =>
    word.replaceAll(/['"]/g, ''),
  );
}

// No module imports itself through others. Imports of types and import() count, because a cycle can
// only be read as a whole.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { preProcessFile } from 'typescript';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** Returns the modules of a folder, with the modules of the project that each imports. */
function importsIn(folder: string): Map<string, readonly string[]> {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(tsx?|mjs)$/.test(path) && !path.includes('node_modules'))
    .map((path) => join(root, folder, path));
  return new Map(
    files.map((file) => [
      file,
      preProcessFile(readFileSync(file, 'utf8'))
        .importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
        .map(({ fileName }) => resolve(dirname(file), fileName)),
    ]),
  );
}

/** Returns the first cycle that a walk from each module finds, as `a.ts > b.ts > a.ts`. */
function circleIn(imports: ReadonlyMap<string, readonly string[]>): string | undefined {
  const finished = new Set<string>();
  const path: string[] = [];
  function walk(file: string): string[] | undefined {
    const at = path.indexOf(file);
    if (at >= 0) return [...path.slice(at), file];
    if (finished.has(file)) return undefined;
    path.push(file);
    for (const target of imports.get(file) ?? []) {
      const circle = walk(target);
      if (circle !== undefined) return circle;
    }
    path.pop();
    finished.add(file);
    return undefined;
  }
  for (const file of imports.keys()) {
    const circle = walk(file);
    if (circle !== undefined) return circle.map((each) => relative(root, each)).join(' > ');
  }
  return undefined;
}

it.each([
  ['src', 300],
  ['bench', 10],
  ['scripts', 5],
  ['test', 100],
])('no import of %s is circular', (folder, minModules) => {
  const imports = importsIn(folder);
  expect(imports.size).toBeGreaterThan(minModules);
  expect([...imports.values()].flat().length).toBeGreaterThan(minModules / 2);
  expect(circleIn(imports)).toBeUndefined();
});

it('names every module of a cycle', () => {
  const imports = new Map([
    [join(root, 'a.ts'), [join(root, 'b.ts')]],
    [join(root, 'b.ts'), [join(root, 'c.ts'), join(root, 'd.ts')]],
    [join(root, 'c.ts'), []],
    [join(root, 'd.ts'), [join(root, 'b.ts')]],
  ]);
  expect(circleIn(imports)).toBe('b.ts > d.ts > b.ts');
});

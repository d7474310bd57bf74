// npm run generate:man: writes the manual pages, and their names into package.json. The pages are
// TypeScript that imports the command specs, so esbuild bundles them first.
import { build } from 'esbuild';
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const folder = join(here, '../man');
const packageFile = join(here, '../package.json');

/** A temporary file next to this one, so that Node resolves packages from here. */
const bundle = join(here, '.pages.mjs');
await build({
  stdin: {
    contents: `export { manualPages } from './man/pages.ts';
export { commands } from '../src/cli/command-list.ts';`,
    resolveDir: here,
    loader: 'ts',
  },
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  // Specs import the run function of a command with import(); this script runs none of them.
  plugins: [
    {
      name: 'specs-only',
      setup({ onResolve }) {
        onResolve({ filter: /./ }, ({ kind, path }) =>
          kind === 'dynamic-import' ? { path, external: true } : undefined,
        );
      },
    },
  ],
  logLevel: 'warning',
});
const { manualPages, commands } = await import(bundle).finally(() => rm(bundle));

const manifest = JSON.parse(await readFile(packageFile, 'utf8'));
const pages = manualPages(commands, manifest.version);
for (const file of await readdir(folder)) if (/\.\d$/.test(file)) await rm(join(folder, file));
for (const { file, text } of pages) await writeFile(join(folder, file), text);
manifest.man = pages.map(({ file }) => `man/${file}`);
await writeFile(packageFile, `${JSON.stringify(manifest, undefined, 2)}\n`);

// Bundles src/main.ts to dist/: CommonJS with lazy chunks.
//
// CommonJS because an ES module entry costs Node 20 some 4 ms at every start, and because V8's compile cache covers it on
// later versions. esbuild splits chunks for ES modules only, so each chunk is turned into CommonJS in a second step.
import { build, transform } from 'esbuild';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
const outdir = join(root, 'dist');

const result = await build({
  entryPoints: [join(root, 'src/main.ts')],
  outdir,
  bundle: true,
  splitting: true,
  write: false,
  format: 'esm',
  platform: 'node',
  target: 'node20.18',
  minifySyntax: true,
  minifyWhitespace: true,
  // Licence texts are shipped in a file of their own; in the code they would only be parsed.
  legalComments: 'none',
  chunkNames: '[name]-[hash]',
  outExtension: { '.js': '.cjs' },
  // undici's optional parts that kapi never takes a path to.
  logLevel: 'warning',
});

await rm(outdir, { recursive: true, force: true });
await mkdir(outdir, { recursive: true });
for (const file of result.outputFiles) {
  const { code } = await transform(file.text, {
    format: 'cjs',
    platform: 'node',
    target: 'node20.18',
    minifySyntax: true,
    minifyWhitespace: true,
    supported: { 'dynamic-import': false },
  });
  await writeFile(join(outdir, basename(file.path)), code);
}

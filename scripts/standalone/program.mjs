// Makes the standalone program: Bun with kapi's code, compiled to bytecode, in one executable.
// Entry point: makeProgram.
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { groups, inputs, isNamed, outputs } from '../bundle-parts.mjs';
import { bunModules } from './bun-modules.mjs';
import { run } from './tools.mjs';

/**
 * Threshold at which JavaScriptCore compiles a function to machine code, as a multiple of its
 * default.
 */
const compileThreshold = 100;

/**
 * Writes the program for an architecture to `target`. The same inputs give the same bytes.
 * @param builder a Bun for this machine
 * @param runtime the Bun that the program contains
 */
export async function makeProgram({ builder, runtime, work, target }) {
  const folder = join(work, 'bundle');
  await mkdir(folder);
  const bundle = await rolldown({
    ...inputs,
    plugins: [bunModules, ...inputs.plugins],
    input: { entry: fileURLToPath(new URL('entry.mjs', import.meta.url)) },
    transform: { jsx: { runtime: 'automatic' }, define: { 'process.env.NODE_ENV': '"production"' } },
    treeshake: { moduleSideEffects: (id) => id.endsWith('/entry.mjs') },
  });
  const { output } = await bundle.generate({
    ...outputs,
    format: 'esm',
    codeSplitting: { groups },
    entryFileNames: '[name].js',
    chunkFileNames: ({ name }) => (isNamed(name) ? '[name].js' : '[name]-[hash].js'),
  });
  for (const { fileName, code } of output) await writeFile(join(folder, fileName), code);
  const options = [
    '--compile',
    '--bytecode',
    '--splitting',
    '--format=esm',
    '--target=bun',
    `--compile-executable-path=${runtime}`,
    `--compile-jit-policy=${compileThreshold}`,
    // A file of the working directory must not change what kapi does.
    '--no-compile-autoload-dotenv',
    '--no-compile-autoload-bunfig',
  ];
  await run(builder, ['build', ...options, 'entry.js', '--outfile', target], { cwd: folder });
}

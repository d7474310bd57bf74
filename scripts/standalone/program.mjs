// Makes the standalone program: Bun with kapi's code, compiled to bytecode, in one executable.
// Entry point: makeProgram.
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { groups, inputs, isNamed, outputs } from '../bundle-parts.mjs';
import { bunModules } from './bun-modules.mjs';
import { run } from './tools.mjs';

/** Threshold at which JavaScriptCore compiles a function to machine code, as a multiple of its default. */
const compileThreshold = 100;

/**
 * Writes the program for an architecture to `target`. The same inputs give the same bytes.
 *
 * Compiles twice: first for this machine, to record which code `kapi list pods` of the sandbox runs, then with
 * this code side by side in the file, so that a short run reads fewer pages of it.
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
  const compile = (runtimeOfTarget, outfile, more = []) => {
    const options = [
      '--compile',
      '--bytecode',
      '--splitting',
      '--format=esm',
      '--target=bun',
      `--compile-executable-path=${runtimeOfTarget}`,
      `--compile-jit-policy=${compileThreshold}`,
      // A file of the working directory must not change what kapi does.
      '--no-compile-autoload-dotenv',
      '--no-compile-autoload-bunfig',
    ];
    return run(builder, ['build', ...options, ...more, 'entry.js', '--outfile', outfile], { cwd: folder });
  };
  const recorder = join(work, 'recorder');
  await compile(builder, recorder);
  const order = join(work, 'bytecode-order');
  const recorded = ['env', `BUN_BYTECODE_ORDER_OUT=${order}`, recorder, 'list', 'pods', '-n', 'dev'];
  await run(recorder, ['sandbox', '--', ...recorded], { env: { PATH: process.env.PATH, HOME: work } });
  await compile(runtime, target, [`--bytecode-order=${order}`]);
}

// Bundles src/ to dist/ with Rolldown. A plain list loads main.cjs and list.cjs; help and every
// other command load commands.cjs as well; everything else is a lazy chunk. tui.mjs is the live
// table.
//
// The program is CommonJS because an ES module entry costs Node 20 about 4 ms at every start. The
// live table is an ES module because Ink awaits at its top level. docs/decisions/001-build.md has
// the figures.
import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { rolldown } from 'rolldown';
import { writePackageList } from './bundled-packages.mjs';
import { groups, inputs, isNamed, outputs } from './bundle-parts.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: options } = parseArgs({
  options: { out: { type: 'string', default: `${root}dist` } },
});

const program = await rolldown({
  ...inputs,
  input: { main: `${root}src/main.ts` },
  transform: { target: 'node20.18' },
  treeshake: { moduleSideEffects: false },
  preserveEntrySignatures: 'allow-extension',
});
const { output } = await program.generate({
  ...outputs,
  format: 'cjs',
  // bin/kapi.js reads the files as Latin-1: V8 stores and scans one-byte texts faster.
  charset: 'ascii',
  esModule: false,
  dynamicImportInCjs: false,
  codeSplitting: { groups },
  entryFileNames: '[name].cjs',
  chunkFileNames: ({ name }) => (isNamed(name) ? '[name].cjs' : '[name]-[hash].cjs'),
});
const helpers = output.find(({ name }) => name === 'rolldown-runtime');
const chunks = output.filter((chunk) => chunk !== helpers).map(withHelpers);
for (const { fileName, imports } of chunks.filter(({ name }) => isNamed(name))) {
  const others = imports.filter(
    (name) => name.endsWith('.cjs') && name !== 'main.cjs' && name !== helpers?.fileName,
  );
  if (others.length > 0) throw new Error(`${fileName} loads ${others.join(', ')}: add their modules to main`);
}

/**
 * Moves the bundler's helpers into main.cjs, which is loaded first, as a property of the one
 * `require` of all files. The bundler puts them into a file of their own, which costs a list a
 * millisecond. The exports of the named files become plain properties: a getter is only useful for
 * variables that change, and src/ exports none.
 */
function withHelpers(chunk) {
  if (helpers === undefined) return chunk;
  let code = chunk.code.replaceAll(`require("./${helpers.fileName}")`, 'require.helpers');
  if (code.includes(helpers.fileName))
    throw new Error(`${chunk.fileName} asks for the helpers in another way`);
  if (isNamed(chunk.name)) {
    code = code.replaceAll(
      /Object\.defineProperty\(exports,"([\w$]+)",\{enumerable:!0,get:function\(\)\{return ([\w$]+)\}\}\)/g,
      'exports.$1=$2',
    );
  }
  const before =
    chunk.name === 'main' ? `require.helpers=(exports=>{${helpers.code}\nreturn exports})({});` : '';
  return { ...chunk, code: before + code };
}

const liveTable = await rolldown({
  ...inputs,
  input: `${root}src/tui/index.ts`,
  transform: {
    target: 'node20.18',
    jsx: { runtime: 'automatic' },
    define: { 'process.env.NODE_ENV': '"production"' },
  },
});
const { output: liveChunks } = await liveTable.generate({ ...outputs, format: 'esm', codeSplitting: false });

/**
 * Min length of a text that V8 does not move. V8 copies shorter ones at its first collections,
 * which costs 2 %.
 */
const unmovedLength = 129 * 1024;

await rm(options.out, { recursive: true, force: true });
await mkdir(options.out, { recursive: true });
for (const { fileName, code } of chunks) {
  // bin/kapi.js runs the file as a script whose value is this function.
  const text = `(exports,require,module)=>{${code}\n}`;
  if (Buffer.byteLength(text) !== text.length) throw new Error(`${fileName} is not ASCII`);
  // V8 accepts a code cache for any text of the same length: the digest says which text a cache
  // belongs to.
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 32);
  const whole = `/*${digest}*/${text}`;
  await writeFile(
    `${options.out}/${fileName}`,
    whole.length < unmovedLength / 2 ? whole : whole.padEnd(unmovedLength),
  );
}
await writeFile(`${options.out}/tui.mjs`, liveChunks[0].code);
await writePackageList(
  options.out,
  [...chunks, ...liveChunks].flatMap(({ modules }) => modules),
);

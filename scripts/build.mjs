// Bundles src/ to dist/ with Rolldown. A plain list loads main.cjs and list.cjs; help and every
// other command but describe load commands.cjs as well; everything else is a lazy chunk. tui.mjs is
// the live table.
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
  // The named files are entries, because Rolldown writes the exports of an entry as plain
  // properties and those of other shared files as getters.
  input: {
    main: `${root}src/main.ts`,
    list: `${root}src/commands/list/run.ts`,
    commands: `${root}src/cli/command-list.ts`,
  },
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
const isHelpers = ({ name }) => name === 'rolldown-runtime';
const helpers = output.find(isHelpers);
const chunks = output.filter((chunk) => !isHelpers(chunk));
for (const { fileName, imports } of chunks.filter(({ name }) => isNamed(name))) {
  const others = imports.filter(
    (name) => name.endsWith('.cjs') && name !== 'main.cjs' && name !== helpers.fileName,
  );
  if (others.length > 0) throw new Error(`${fileName} loads ${others.join(', ')}: add their modules to main`);
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
// Ink is a chunk of its own, which the screen loads after its first frame.
const { output: liveChunks } = await liveTable.generate({
  ...outputs,
  format: 'esm',
  entryFileNames: 'tui.mjs',
  chunkFileNames: 'tui-[name]-[hash].mjs',
});

/**
 * Min length of a text that V8 does not move. V8 copies shorter ones at its first collections,
 * which costs 2 %.
 */
const unmovedLength = 129 * 1024;

await rm(options.out, { recursive: true, force: true });
await mkdir(options.out, { recursive: true });
for (const { fileName, name, code } of chunks) {
  // Every run loads main.cjs first, and the helpers of the bundler with it: a file of their own
  // costs a list a millisecond.
  const before =
    name === 'main' ? `require.define("./${helpers.fileName}",exports=>{${helpers.code}\n});` : '';
  // bin/kapi.js runs the file as a script whose value is this function.
  const text = `(exports,require,module)=>{${before}${code}\n}`;
  if (Buffer.byteLength(text) !== text.length) throw new Error(`${fileName} is not ASCII`);
  // V8 accepts a code cache for any text of the same length: the digest says which text a cache
  // belongs to. The head is 40 bytes, because V8 copies cached data that is not 8-byte aligned.
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 36);
  const whole = `/*${digest}*/${text}`;
  await writeFile(
    `${options.out}/${fileName}`,
    whole.length < unmovedLength / 2 ? whole : whole.padEnd(unmovedLength),
  );
}
if (liveChunks[0].imports.some((name) => name.includes('ink')))
  throw new Error('tui.mjs loads Ink, which its first frame would wait for');
for (const { fileName, code } of liveChunks) await writeFile(`${options.out}/${fileName}`, code);
await writePackageList(
  options.out,
  [...chunks, ...liveChunks].flatMap(({ modules }) => modules),
);

// Bundles src/main.ts to dist/: CommonJS with lazy chunks, those of a plain list in two files.
//
// CommonJS because an ES module entry costs Node 20 some 4 ms at every start, and because V8's compile cache covers it on
// later versions. esbuild splits chunks for ES modules only, so each chunk is turned into CommonJS in a second step; and it
// makes a file of every set of shared modules, of which `kapi list pods` would load some thirty: those are joined again.
import { build, transform } from 'esbuild';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePackageList } from './bundled-packages.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));
const outdir = join(root, 'dist');

/** Modules that a plain `kapi list pods` loads with import(); with what they need they go into list.cjs. */
const onTheWayOfAList = [
  'src/api/discovery-cache.ts',
  'src/api/open-discovery.ts',
  'src/auth/open-authenticator.ts',
  'src/commands/list/run.ts',
  'src/config/document.ts',
  'src/config/load.ts',
  'src/output/printer.ts',
  'src/output/table.ts',
  'src/transport/node-carrier.ts',
  'src/transport/send.ts',
  'src/transport/sleep.ts',
];

const shared = {
  platform: 'node',
  target: 'node20.18',
  minifySyntax: true,
  minifyWhitespace: true,
};

/**
 * The live table is bundled apart: Ink awaits at the top level, which only ES modules can, and nothing else needs it. Types and
 * pure functions are all it shares with the rest, so that they stand in both does no harm.
 */
const liveTable = {
  name: 'live-table',
  setup({ onResolve }) {
    onResolve({ filter: /\/tui\/live-table\.tsx$/ }, () => ({ path: './tui.mjs', external: true }));
  },
};

/** Ink's tie to the developer tools of React, taken only with DEV=true: an empty module stands in for them. */
const noDevTools = {
  name: 'no-devtools',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^react-devtools-core$/ }, ({ path }) => ({ path, namespace: 'empty' }));
    onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'export default {}' }));
  },
};

const result = await build({
  ...shared,
  plugins: [liveTable],
  absWorkingDir: root,
  entryPoints: ['src/main.ts'],
  outdir,
  bundle: true,
  splitting: true,
  write: false,
  metafile: true,
  format: 'esm',
  // Licence texts are shipped in a file of their own; in the code they would only be parsed.
  legalComments: 'none',
  chunkNames: '[name]-[hash]',
  outExtension: { '.js': '.cjs' },
  logLevel: 'warning',
});

const outputs = new Map(
  Object.entries(result.metafile.outputs).map(([path, output]) => [basename(path), output]),
);

/** A chunk and every chunk it imports at once. */
function withStaticImports(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const { path, kind } of outputs.get(name)?.imports ?? []) {
    if (kind === 'import-statement' && outputs.has(basename(path))) withStaticImports(basename(path), found);
  }
  return found;
}

// Two files instead of thirty: what every run needs, and what a plain list needs besides.
const main = withStaticImports('main.cjs');
const list = new Set();
for (const [name, { entryPoint }] of outputs) {
  if (entryPoint === undefined || !onTheWayOfAList.includes(entryPoint)) continue;
  for (const chunk of withStaticImports(name)) if (!main.has(chunk)) list.add(chunk);
}

const chunks = new Map();
for (const file of result.outputFiles) {
  const { code } = await transform(file.text, {
    ...shared,
    format: 'cjs',
    supported: { 'dynamic-import': false },
  });
  // The one import() that has to stay one.
  const ofLiveTable = /Promise\.resolve\(\)\.then\(\(\)=>\w+\(require\("\.\/tui\.mjs"\)\)\)/g;
  chunks.set(basename(file.path), code.replaceAll(ofLiveTable, 'import("./tui.mjs")'));
}

/** Chunks as functions that run when they are first asked for. */
function functionsOf(names) {
  const functions = [...names].map(
    (name) => `${JSON.stringify(`./${name}`)}:function(module,exports,require){${chunks.get(name)}\n}`,
  );
  return `{${functions.join(',\n')}}`;
}

/** Chunks in files of their own find the joined ones through main.cjs, which is loaded whenever they are. */
function outsideOfMain(code) {
  return code.replaceAll(/require\("(\.\/[\w.-]+\.cjs)"\)/g, (call, path) =>
    main.has(basename(path)) || list.has(basename(path)) ? `require("./main.cjs").chunk("${path}")` : call,
  );
}

const loader = `"use strict";
const chunks=${functionsOf(main)};
const ofLists=new Set(${JSON.stringify([...list].map((name) => `./${name}`))});
const loaded=new Map();
function chunk(path){
const known=loaded.get(path);if(known!==undefined)return known.exports;
const make=chunks[path]??(ofLists.has(path)?require("./list.cjs")[path]:undefined);
if(make===undefined)return require(path);
const module={exports:{}};loaded.set(path,module);make(module,module.exports,chunk);return module.exports}
exports.chunk=chunk;
exports.start=(process)=>chunk("./main.cjs").start(process);
`;

await rm(outdir, { recursive: true, force: true });
await mkdir(outdir, { recursive: true });
for (const [name, code] of chunks) {
  if (!main.has(name) && !list.has(name)) await writeFile(join(outdir, name), outsideOfMain(code));
}
await writeFile(join(outdir, 'list.cjs'), `"use strict";\nmodule.exports=${functionsOf(list)};\n`);
await writeFile(join(outdir, 'main.cjs'), loader);

const { metafile: metafileOfLiveTable } = await build({
  ...shared,
  metafile: true,
  absWorkingDir: root,
  entryPoints: ['src/tui/live-table.tsx'],
  outfile: join(outdir, 'tui.mjs'),
  bundle: true,
  format: 'esm',
  legalComments: 'none',
  jsx: 'automatic',
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [noDevTools],
  // React and its friends are CommonJS and call require() for Node's own modules.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  logLevel: 'warning',
});
await writePackageList(outdir, result.metafile, metafileOfLiveTable);

// Bundles src/main.ts to dist/: CommonJS in two files for a plain list, main.cjs and list.cjs; commands.cjs with the words of all
// other commands; and lazy chunks besides.
//
// CommonJS because an ES module entry costs Node 20 some 4 ms at every start, and because V8's compile cache covers it on
// later versions. esbuild splits chunks for ES modules only, so each chunk is turned into CommonJS in a second step. Left
// alone it makes a chunk of every set of modules that the same entries share, of which `kapi list pods` would load some
// thirty; here every lazy part is made to depend on all of main, list and commands, so that each of the three is one chunk
// in which functions call each other directly.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePackageList } from './bundled-packages.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const outdir = join(root, 'dist');
const entry = join(root, 'src/main.ts');

/**
 * Modules that are loaded with import() and are one file with what they need: list.cjs is what a plain `kapi list pods` loads
 * besides main.cjs, commands.cjs what the help and every line about another command load, with small modules that several of these share.
 */
const groups = {
  list: [
    'src/api/atomic-file.ts',
    'src/api/discovery-cache.ts',
    'src/api/open-discovery.ts',
    'src/auth/open-authenticator.ts',
    'src/commands/list/run.ts',
    'src/config/document.ts',
    'src/config/load.ts',
    'src/output/printer.ts',
    'src/output/rows.ts',
    'src/output/table.ts',
    'src/transport/node-carrier.ts',
    'src/transport/send.ts',
    'src/transport/sleep.ts',
  ],
  commands: ['src/cli/command-list.ts', 'src/cli/help.ts'],
};

/** Of these two neither loads the other: what both need, and main.cjs does not, goes into main.cjs. */
const neededByBoth = [
  'src/commands/unknown-group.ts',
  'src/model/ip-address.ts',
  'src/model/nearest.ts',
  'src/model/resource.ts',
  'src/output/colour.ts',
  'src/output/structured.ts',
];

const shared = {
  platform: 'node',
  target: 'node20.18',
  minify: true,
  // Licence texts are shipped in a file of their own; in the code they would only be parsed.
  legalComments: 'none',
  logLevel: 'warning',
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

/**
 * commander loads node:child_process for commands that are programs of their own, which kapi has none of: it is loaded
 * when it is touched.
 */
const lazyChildProcess = {
  name: 'lazy-child-process',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ path, importer }) =>
      importer.includes('/node_modules/commander/') ? { path, namespace: 'when-touched' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'when-touched' }, ({ path }) => ({
      contents: `module.exports={get spawn(){return require(${JSON.stringify(path)}).spawn}}`,
      resolveDir: root,
    }));
    // That require() itself.
    onResolve({ filter: /^node:child_process$/, namespace: 'when-touched' }, ({ path }) => ({
      path,
      external: true,
    }));
  },
};

/** Where an import() of a source file leads to; undefined for what has a file of its own. */
function inGroup(path) {
  for (const [name, paths] of Object.entries(groups)) {
    const index = paths.findIndex((each) => join(root, each) === path);
    if (index >= 0) return { module: `kapi:group:${name}`, name: exportName(index) };
  }
  return undefined;
}

function exportName(index) {
  return `module${index}`;
}

/** Makes one chunk of each group's modules, and one of main's: see the head of this file. */
const fewFiles = {
  name: 'few-files',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^kapi:group:/ }, ({ path }) => ({
      path: path.slice('kapi:group:'.length),
      namespace: 'group',
      sideEffects: true,
    }));
    onLoad({ filter: /.*/, namespace: 'group' }, ({ path: name }) => ({
      // One export for each module, as the object of its exports.
      contents: [
        `import ${JSON.stringify(entry)};`,
        ...groups[name].map(
          (path, index) => `export * as ${exportName(index)} from ${JSON.stringify(join(root, path))};`,
        ),
      ].join('\n'),
      resolveDir: root,
    }));
    // package.json says that no module has side effects; an import for the sake of the chunk has to stay all the same.
    onResolve({ filter: /\/src\/main\.ts$/ }, () => ({ path: entry, sideEffects: true }));

    onLoad({ filter: /\/src\/.*\.tsx?$/, namespace: 'file' }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const contents = text.replaceAll(/\bimport\('(\.[^']+)'\)/g, (call, relative) => {
        const target = resolve(dirname(path), relative);
        const group = inGroup(target);
        if (group !== undefined) return `import('${group.module}').then((group) => group.${group.name})`;
        return /\/tui\//.test(target) ? call : `import('kapi:lazy:${target}')`;
      });
      const more =
        path === entry
          ? neededByBoth.map((each) => `import ${JSON.stringify(`kapi:main:${join(root, each)}`)};\n`)
          : [];
      return { contents: more.join('') + contents, loader: path.endsWith('x') ? 'tsx' : 'ts' };
    });
    onResolve({ filter: /^kapi:main:/ }, ({ path }) => ({
      path: path.slice('kapi:main:'.length),
      sideEffects: true,
    }));
    onResolve({ filter: /^kapi:lazy:/ }, ({ path }) => ({
      path: path.slice('kapi:lazy:'.length),
      namespace: 'lazy',
    }));
    onLoad({ filter: /.*/, namespace: 'lazy' }, ({ path }) => ({
      contents: [
        ...Object.keys(groups).map((name) => `import "kapi:group:${name}";`),
        `export * from ${JSON.stringify(path)};`,
      ].join('\n'),
      resolveDir: root,
    }));
  },
};

const result = await build({
  ...shared,
  plugins: [liveTable, lazyChildProcess, fewFiles],
  absWorkingDir: root,
  entryPoints: [entry],
  outdir,
  bundle: true,
  splitting: true,
  write: false,
  metafile: true,
  format: 'esm',
  chunkNames: '[name]-[hash]',
  outExtension: { '.js': '.cjs' },
});

const files = new Map(result.outputFiles.map(({ path, text }) => [`./${basename(path)}`, text]));
const outputs = Object.entries(result.metafile.outputs).map(([path, output]) => ({
  path: `./${basename(path)}`,
  inputs: Object.keys(output.inputs),
  isEntry: output.entryPoint !== undefined,
}));
const chunkWith = (input) => outputs.find(({ inputs, isEntry }) => !isEntry && inputs.includes(input)).path;
const mainChunk = chunkWith('src/main.ts');
/** esbuild's own functions; no module of ours. */
const runtimeChunk = outputs.find(({ inputs, isEntry }) => !isEntry && inputs.length === 0).path;
const groupFiles = Object.entries(groups).map(([name, [first]]) => ({
  name,
  chunk: chunkWith(first),
  entry: [...files.keys()].find((path) => new RegExp(`^\\./${name}-\\w+\\.cjs$`).test(path)),
}));

for (const { name, chunk } of groupFiles) {
  const { imports } = result.metafile.outputs[`dist/${basename(chunk)}`];
  const more = imports.filter(
    ({ kind, path, external }) =>
      kind === 'import-statement' && !external && ![mainChunk, runtimeChunk].includes(`./${basename(path)}`),
  );
  const modules = more.flatMap(({ path }) => Object.keys(result.metafile.outputs[path].inputs));
  if (modules.length > 0)
    throw new Error(`${name}.cjs needs another file: neededByBoth lacks ${modules.join(', ')}`);
}

/** Where the parts went that have no file of their own any more. */
const moved = new Map([
  [runtimeChunk, 'require("./main.cjs").runtime'],
  [mainChunk, 'require("./main.cjs").main'],
  ...groupFiles.flatMap(({ name, chunk, entry }) => [
    [chunk, `require("./${name}.cjs").${name}`],
    [entry, `require("./${name}.cjs")`],
  ]),
]);

/** CommonJS of a chunk, or of several in one. */
async function commonJs(text) {
  const own = {
    name: 'chunks',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.\/.*\.[cm]js$/ }, ({ path, with: how }) =>
        how.type === 'in-here' ? { path, namespace: 'chunk' } : { path, external: true },
      );
      onLoad({ filter: /.*/, namespace: 'chunk' }, ({ path }) => ({
        // Chunks that are joined find each other in the same file.
        contents: files
          .get(path)
          .replaceAll(/\b(?:from|import)"(\.\/[\w-]+\.cjs)"/g, (from, other) =>
            text.includes(`'${other}'`) ? `${from}with{type:"in-here"}` : from,
          ),
        loader: 'js',
      }));
    },
  };
  const joined = await build({
    ...shared,
    minify: false,
    minifySyntax: true,
    minifyWhitespace: true,
    stdin: { contents: text, resolveDir: root },
    plugins: [own],
    bundle: true,
    write: false,
    format: 'cjs',
    supported: { 'dynamic-import': false },
  });
  const code = joined.outputFiles[0].text
    // What is imported here is either a chunk, which is what it exports already, …
    .replaceAll(/__toESM\((require\("\.\/[\w-]+\.cjs"\))\)/g, '$1')
    // … or a module of Node's: no copy of all its properties for the sake of one named `default`.
    .replaceAll(/__toESM\((require\("[\w:/]+"\))(?:,1)?\)/g, '({__proto__:$1,default:$1})')
    .replaceAll(/require\("(\.\/[\w-]+\.cjs)"\)/g, (call, path) => moved.get(path) ?? call)
    // The one import() that has to stay one.
    .replaceAll(
      /Promise\.resolve\(\)\.then\(\(\)=>\w+\(require\("\.\/tui\.mjs"\)\)\)/g,
      'import("./tui.mjs")',
    );
  return plainExports(onlyWhatIsUsed(code));
}

/**
 * Every lazy part names all of main, list and commands, to make chunks of them; it loads those that it takes something of. None does anything
 * by being loaded.
 */
function onlyWhatIsUsed(text) {
  return text.replaceAll(/\b(import_chunk_\w+)=require\("\.\/[\w-]+\.cjs"\)\.\w+/g, (declared, name) =>
    text.split(name).length > 2 ? declared : name,
  );
}

/**
 * Exports as one object of values at the end, where all of them are there; esbuild gives every one a function that gets it, for cycles
 * and for what is assigned to later, which chunks have none of.
 */
function plainExports(text) {
  const getters = new Map();
  const rest = text
    .replaceAll(
      /var (\w+)=\{\};__export\(\1,\{((?:"?[\w$]+"?:\(\)=>[\w$.]+,?)+)\}\);/g,
      (declaration, name, list) => {
        getters.set(name, list);
        return '';
      },
    )
    .replace('module.exports=__toCommonJS(stdin_exports);', '')
    // What esbuild leaves for those who read the names of exports without running the file.
    .replace(/\b0&&\(module\.exports=\{[^}]*\}\);\s*$/, '');
  const valueOf = (name) =>
    getters.has(name)
      ? `{${getters.get(name).replaceAll(/:\(\)=>([\w$.]+)/g, (getter, value) => `:${valueOf(value)}`)}}`
      : name;
  if (!getters.has('stdin_exports')) throw new Error('esbuild writes exports in another way than it did');
  return `${rest}module.exports=${valueOf('stdin_exports')};`;
}

const inHere = "with { type: 'in-here' }";
const main = await commonJs(`
  export { start } from './main.cjs' ${inHere};
  export * as main from '${mainChunk}' ${inHere};
  export * as runtime from '${runtimeChunk}' ${inHere};`);
await rm(outdir, { recursive: true, force: true });
await mkdir(outdir, { recursive: true });
const leastUnmoved = 129 * 1024;
const worthPadding = leastUnmoved / 2;

/**
 * A file of dist/ can be required, and as a script it is the function that Node would make of it: bin/kapi.js takes it so,
 * without joining long texts. By the digest in front it knows for which text a cache was made.
 */
async function writeChunk(name, body) {
  // What esbuild leaves in regular expressions: of ASCII every byte is a character, whoever reads it.
  const ascii = body.replaceAll(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const text =
    '(f=>this===globalThis?f:f(exports,require,module,__filename,__dirname))' +
    `((exports,require,module,__filename,__dirname)=>{${ascii}\n})`;
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 32);
  const whole = `/*${digest}*/${text}`;
  // Spaces cost less than moving: V8 lets a text of more than 128 KiB lie where it is, and copies a shorter one at its first collections.
  await writeFile(join(outdir, name), whole.length < worthPadding ? whole : whole.padEnd(leastUnmoved));
}

await writeChunk('main.cjs', main);
for (const { name, chunk, entry } of groupFiles) {
  const text = `export * from '${entry}' ${inHere}; export * as ${name} from '${chunk}' ${inHere};`;
  await writeChunk(`${name}.cjs`, await commonJs(text));
}
for (const path of files.keys()) {
  if (path === './main.cjs' || moved.has(path)) continue;
  // `export *` leaves out a default export, which is all that a CommonJS package has: undici's pool.
  const hasDefault = /\bas default\b|\bexport default\b/.test(files.get(path));
  const ofDefault = hasDefault ? `export { default } from '${path}' ${inHere};` : '';
  await writeChunk(path, await commonJs(`export * from '${path}' ${inHere};${ofDefault}`));
}

const { metafile: metafileOfLiveTable } = await build({
  ...shared,
  metafile: true,
  absWorkingDir: root,
  entryPoints: ['src/tui/live-table.tsx'],
  outfile: join(outdir, 'tui.mjs'),
  bundle: true,
  format: 'esm',
  jsx: 'automatic',
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [noDevTools],
  // React and its friends are CommonJS and call require() for Node's own modules.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
});
await writePackageList(outdir, result.metafile, metafileOfLiveTable);

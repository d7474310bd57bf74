#!/usr/bin/env node
'use strict';
// Loads the built kapi and starts it. The compiled code of dist/ is kept between runs: a tenth of a short run. Node's own compile
// cache, which Node 20 lacks, keeps what the first run had compiled, mostly that of `--version`, and never learns; and it stands in a
// directory that everybody may write to. Node's own require() looks for a package.json and asks the disk anew for every file, so all that
// every run needs is in this one; keep-code.js writes the cache, which few runs do.
const fs = require('node:fs');
const vm = require('node:vm');

/** What build.mjs writes in front of its files: a digest of the rest, because V8 tells texts apart by their length only. */
const mark = /^\/\*[0-9a-f]{32}\*\//;
/**
 * After the mark, in four digits: how many files the run had loaded that left the cache behind. With these the head has 40 bytes: what
 * does not begin at a multiple of 8 V8 copies first.
 */
const countLength = 4;
const dist = `${__dirname.slice(0, -'bin'.length)}dist`;

let keepOnce = () => undefined;

/** Writes now what would be written at the end, and nothing then: for runs that go on with other flags, under which V8 makes other code. */
exports.keepCode = () => {
  keepOnce();
  keepOnce = () => undefined;
};

/**
 * Runs the command line of this process; dist/main.cjs sets its exit code. What of dist/ is loaded is loaded with V8's code cache. That is
 * written at the end of a run that had to do without one, or that went further than the run that wrote it; without a word it does without
 * where nothing can be kept. V8 itself refuses a cache of another version of V8 or with other flags.
 * @param {string} [directory] where the cache is; default: `kapi/code` in the user's cache directory
 * @see https://v8.dev/blog/code-caching
 */
exports.start = (directory = directoryOf(process.env)) => {
  let main;
  try {
    main = loadMain(directory);
  } catch (error) {
    if (!error?.syscall) throw error;
    const isBuilt = fs.existsSync(`${dist}/main.cjs`);
    const why = isBuilt
      ? `kapi cannot read its own files: ${error.message}`
      : 'kapi is not built yet: npm run build';
    // 3 of the exit codes: something on this machine cannot be used.
    process.exitCode = 3;
    process.stderr.write(`error: ${why}\n`);
    return;
  }
  main.start(process, exports.keepCode).then(exitOnceWritten);
};

/**
 * What the system has not taken yet is lost when the process exits, so that the loop has to come to its end then. There Node waits for
 * what V8 is still compiling (5 ms for a list of a thousand pods), and after it would take its heap apart.
 */
function exitOnceWritten(isOver) {
  if (isOver && process.stdout.writableLength + process.stderr.writableLength === 0) process.exit();
  process.once('beforeExit', () => process.exit());
}

function loadMain(directory) {
  const keeps = directory !== undefined && !process.env.NODE_DISABLE_COMPILE_CACHE;
  const loaded = [];
  // A symbol and no object: that one would be young, and V8 14 (Node 26) lets go of such at every small collection.
  const untilCollected = new WeakRef(Symbol('until a full collection'));
  const modules = new Map();

  function load(id) {
    const known = modules.get(id);
    if (known !== undefined) return known.exports;
    // Node's own modules: its require() takes its time again whenever one of the many parts of a file asks for the same one.
    if (!id.startsWith('./')) {
      modules.set(id, { exports: require(id) });
      return modules.get(id).exports;
    }
    const name = id.slice('./'.length);
    const filename = `${dist}/${name}`;
    // The build sees to it that there is nothing but ASCII in it.
    const text = readWhole(filename).latin1Slice();
    const module = { exports: {} };
    modules.set(id, module);
    // Of an import() in a script, which the way to the live table has, Node 20 would warn as of an experiment.
    const run = text.includes('import("./')
      ? asModule(filename, text)
      : compile(name, filename, text).runInThisContext();
    run(module.exports, load, module, filename, dist);
    return module.exports;
  }

  function compile(name, filename, text) {
    if (!keeps) return new vm.Script(text, { filename });
    const head = mark.exec(text)?.[0] ?? '';
    const file = `${directory}/${name}-${process.versions.node}-${process.arch}`;
    const { count, cachedData } = readTrusted(file, head);
    const script = new vm.Script(text, { filename, cachedData });
    loaded.push({ file, head, script, count: script.cachedDataRejected ? 0 : count });
    return script;
  }

  if (keeps) {
    keepOnce = () => {
      const unkept = loaded.filter(({ head, count }) => head !== '' && count < loaded.length);
      // A full collection may have taken code away that the start had needed and nothing after it.
      if (unkept.length === 0 || untilCollected.deref() === undefined) return;
      const digits = String(Math.min(loaded.length, 99)).padStart(countLength, '0');
      try {
        require('./keep-code.js').keep(unkept, digits, dist);
      } catch {
        // An update took this program away while it ran.
      }
    };
    // At the end, when the functions that such a run needs have been compiled.
    process.once('exit', exports.keepCode);
  }
  return load('./main.cjs');
}

/** What build.mjs begins a file with after the mark: as a script it is the function behind it. */
const opening = '(f=>this===globalThis?f:f(exports,require,module,__filename,__dirname))';

/** The function that a file is, compiled as a module of Node's, so that import() works in it. */
function asModule(filename, text) {
  const Module = require('node:module');
  const module = new Module(filename);
  module._compile(text.replace(opening, 'module.exports=(f=>f)'), filename);
  return module.exports;
}

function directoryOf({ XDG_CACHE_HOME: cache, HOME: home }) {
  const base = cache || (home ? `${home}/.cache` : '');
  return require('node:path').isAbsolute(base) ? `${base}/kapi/code` : undefined;
}

/** Nothing for what is not there, belongs to other code, or could have been written by others: it will be run. */
function readTrusted(file, head) {
  const nothing = { count: 0, cachedData: undefined };
  try {
    const bytes = readWhole(
      file,
      ({ uid, mode }) => (uid === 0 || uid === process.getuid?.()) && (mode & 0o022) === 0,
    );
    if (head === '' || bytes?.latin1Slice(0, head.length) !== head) return nothing;
    const start = head.length + countLength;
    return { count: Number(bytes.latin1Slice(head.length, start)), cachedData: bytes.subarray(start) };
  } catch {
    // The first run, or a cache that cannot be read: the code is compiled.
    return nothing;
  }
}

/** Bytes more than the file needs that is read first, for the next ones. */
const spare = 192 * 1024;

/** One piece of memory for all files, which are read and done with one after the other: fresh memory is dear. */
let room = Buffer.alloc(0);

/** The bytes, until the next file is read; nothing for a file that is not `good`. */
function readWhole(file, good = () => true) {
  const descriptor = fs.openSync(file, 'r');
  try {
    const stats = fs.fstatSync(descriptor);
    if (!good(stats)) return undefined;
    if (room.length < stats.size) room = Buffer.allocUnsafeSlow(stats.size + spare);
    let length = 0;
    while (length < stats.size) {
      const count = fs.readSync(descriptor, room, length, stats.size - length, length);
      if (count === 0) break;
      length += count;
    }
    return room.subarray(0, length);
  } finally {
    fs.closeSync(descriptor);
  }
}

if (require.main === module) exports.start();

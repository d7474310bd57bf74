'use strict';
// Loads the files of dist/ and keeps their compiled code between runs: a tenth of a short run. Entry point: loadMain. Node's own compile
// cache, which Node 20 lacks, keeps what the first run had compiled, mostly that of `--version`, and never learns; and it stands in a
// directory that everybody may write to. Node's own require() looks for a package.json and asks the disk anew for every file.
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const vm = require('node:vm');

/** What build.mjs writes in front of its files: a digest of the rest, because V8 tells texts apart by their length only. */
const mark = /^\/\*[0-9a-f]{32}\*\//;
/**
 * After the mark, in four digits: how many files the run had loaded that left the cache behind. With these the head has 40 bytes: what
 * does not begin at a multiple of 8 V8 copies first.
 */
const countLength = 4;
const dist = path.join(__dirname, '../dist');

let main;
let keepOnce = () => undefined;

/** Writes now what would be written at the end, and nothing then: for runs that go on with other flags, under which V8 makes other code. */
exports.keepCode = () => {
  keepOnce();
  keepOnce = () => undefined;
};

/**
 * Loads dist/main.cjs, and with V8's code cache whatever it loads of dist/. The cache is written at the end of a run that had to do
 * without one, or that went further than the run that wrote it; without a word it does without where nothing can be kept. V8 itself
 * refuses a cache of another version of V8 or with other flags.
 * @param {NodeJS.Process} process
 * @param {string} [directory] default: `kapi/code` in the user's cache directory; counts at the first call
 * @returns what dist/main.cjs exports
 * @see https://v8.dev/blog/code-caching
 */
exports.loadMain = (process, directory = directoryOf(process.env)) => (main ??= loadFrom(process, directory));

function loadFrom(process, directory) {
  const keeps = directory !== undefined && !process.env.NODE_DISABLE_COMPILE_CACHE;
  const loaded = [];
  const untilCollected = new WeakRef({});
  const modules = new Map();

  function load(id) {
    if (!id.startsWith('./')) return require(id);
    const known = modules.get(id);
    if (known !== undefined) return known.exports;
    const filename = path.join(dist, id);
    // The build sees to it that there is nothing but ASCII in it.
    const text = readWhole(filename).latin1Slice();
    const module = { exports: {} };
    modules.set(id, module);
    // Of an import() in a script, which the way to the live table has, Node 20 would warn as of an experiment.
    const run = text.includes('import("./')
      ? asModule(filename, text)
      : compile(filename, text).runInThisContext();
    run(module.exports, load, module, filename, dist);
    return module.exports;
  }

  function compile(filename, text) {
    if (!keeps) return new vm.Script(text, { filename });
    const head = mark.exec(text)?.[0] ?? '';
    const file = path.join(directory, `${path.basename(filename)}-${process.versions.node}-${process.arch}`);
    const { count, cachedData } = readTrusted(file, head, process);
    const script = new vm.Script(text, { filename, cachedData });
    loaded.push({ file, head, script, count: script.cachedDataRejected ? 0 : count });
    return script;
  }

  if (keeps) {
    keepOnce = () => keep(loaded, directory, process, untilCollected);
    // At the end, when the functions that such a run needs have been compiled.
    process.once('exit', exports.keepCode);
  }
  return load('./main.cjs');
}

/** What build.mjs begins a file with after the mark: as a script it is the function behind it. */
const opening = '(f=>this===globalThis?f:f(exports,require,module,__filename,__dirname))';

/** The function that a file is, compiled as a module of Node's, so that import() works in it. */
function asModule(filename, text) {
  const module = new Module(filename);
  module._compile(text.replace(opening, 'module.exports=(f=>f)'), filename);
  return module.exports;
}

function keep(loaded, directory, process, untilCollected) {
  // A full collection may have taken code away that the start had needed and nothing after it.
  if (untilCollected.deref() === undefined) return;
  for (const { file, head, script, count } of loaded) {
    if (head === '' || count >= loaded.length) continue;
    const digits = String(Math.min(loaded.length, 99)).padStart(countLength, '0');
    write(file, process, () => Buffer.concat([Buffer.from(head + digits), script.createCachedData()]));
    if (count === 0 && path.basename(file).startsWith('main.cjs-')) removeStale(directory);
  }
}

function directoryOf({ XDG_CACHE_HOME: cache, HOME: home }) {
  const base = cache || (home ? path.join(home, '.cache') : '');
  return path.isAbsolute(base) ? path.join(base, 'kapi', 'code') : undefined;
}

/** Nothing for what is not there, belongs to other code, or could have been written by others: it will be run. */
function readTrusted(file, head, process) {
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

function write(file, process, make) {
  const temporary = `${file}.${process.pid}`;
  try {
    makeDirectory(path.dirname(file));
    fs.writeFileSync(temporary, make(), { mode: 0o644, flag: 'wx' });
    fs.renameSync(temporary, file);
  } catch {
    // A read-only or full disk: the next run compiles again, which is all that is lost.
    forget(temporary);
  }
}

function forget(file) {
  try {
    fs.rmSync(file, { force: true });
  } catch {
    // Where not even its folder could be made.
  }
}

/** Not Node's own `recursive`, which goes round for ever where nothing can be made below an existing directory. */
function makeDirectory(directory, levels = 4) {
  if (fs.existsSync(directory) || levels === 0) return;
  makeDirectory(path.dirname(directory), levels - 1);
  fs.mkdirSync(directory, { mode: 0o700 });
}

/** What an earlier version of kapi left: its chunks had other names. */
function removeStale(directory) {
  try {
    for (const name of fs.readdirSync(directory)) {
      const [chunk] = /^[\w-]+\.cjs(?=-)/.exec(name) ?? [];
      if (chunk && !fs.existsSync(path.join(dist, chunk)))
        fs.rmSync(path.join(directory, name), { force: true });
    }
  } catch {
    // Somebody else's business by now: it only takes room.
  }
}

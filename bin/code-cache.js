'use strict';
// Keeps compiled code between runs: a tenth of a short run. Entry point: enableCodeCache. Without effect, and without a word,
// where nothing can be kept. Node's own compile cache, which Node 20 lacks, keeps what the first run had compiled, mostly that
// of `--version`, and never learns; and it stands in a directory that everybody may write to.
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

/** What build.mjs writes in front of its files: a digest of the rest, because V8 tells texts apart by their length only. */
const mark = /^\/\*[0-9a-f]{32}\*\//;
/** After the mark, in two digits: how many files the run had loaded that left the cache behind. */
const countLength = 2;
const dist = path.join(__dirname, '../dist');

let enabled = false;

/**
 * Compiles the files of dist/ with V8's code cache. It is written at the end of a run that had to do without one, or that went
 * further than the run that wrote it. V8 itself refuses a cache of another version of V8 or with other flags.
 * @param {NodeJS.Process} process
 * @param {string} [directory] default: `kapi/code` in the user's cache directory
 * @see https://v8.dev/blog/code-caching
 */
exports.enableCodeCache = (process, directory = directoryOf(process.env)) => {
  if (enabled || directory === undefined || process.env.NODE_DISABLE_COMPILE_CACHE) return;
  enabled = true;
  const loaded = [];
  const untilCollected = new WeakRef({});
  const plain = require.extensions['.js'];
  require.extensions['.cjs'] = (module, filename) => {
    const text = path.dirname(filename) === dist ? fs.readFileSync(filename, 'utf8') : '';
    // For an import(), which the way to the live table has, Node 20 would warn of an experiment.
    if (text === '' || text.includes('import("./')) {
      plain(module, filename);
      return;
    }
    const head = mark.exec(text)?.[0] ?? '';
    const file = path.join(directory, `${path.basename(filename)}-${process.versions.node}-${process.arch}`);
    const { count, cachedData } = readTrusted(file, head, process);
    const script = new vm.Script(text, { filename, cachedData });
    loaded.push({ file, head, script, count: script.cachedDataRejected ? 0 : count });
    const load = (id) => module.require(id);
    script.runInThisContext()(module.exports, load, module, filename, dist);
  };
  // At the end, when the functions that such a run needs have been compiled.
  process.once('exit', () => {
    // A full collection may have taken code away that the start had needed and nothing after it.
    if (untilCollected.deref() === undefined) return;
    for (const { file, head, script, count } of loaded) {
      if (head === '' || count >= loaded.length) continue;
      const digits = String(Math.min(loaded.length, 99)).padStart(countLength, '0');
      write(file, process, () => Buffer.concat([Buffer.from(head + digits), script.createCachedData()]));
      if (count === 0 && path.basename(file).startsWith('main.cjs-')) removeStale(directory);
    }
  });
};

function directoryOf({ XDG_CACHE_HOME: cache, HOME: home }) {
  const base = cache || (home ? path.join(home, '.cache') : '');
  return path.isAbsolute(base) ? path.join(base, 'kapi', 'code') : undefined;
}

/** Nothing for what is not there, belongs to other code, or could have been written by others: it will be run. */
function readTrusted(file, head, process) {
  const nothing = { count: 0, cachedData: undefined };
  let descriptor;
  try {
    descriptor = fs.openSync(file, 'r');
    const { uid, mode } = fs.fstatSync(descriptor);
    if ((uid !== 0 && uid !== process.getuid?.()) || (mode & 0o022) !== 0) return nothing;
    const bytes = fs.readFileSync(descriptor);
    if (head === '' || bytes.latin1Slice(0, head.length) !== head) return nothing;
    const start = head.length + countLength;
    return { count: Number(bytes.latin1Slice(head.length, start)), cachedData: bytes.subarray(start) };
  } catch {
    // The first run, or a cache that cannot be read: the code is compiled.
    return nothing;
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
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

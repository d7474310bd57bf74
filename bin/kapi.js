#!/usr/bin/env node
'use strict';
// Runs the built kapi with V8's code cache, which takes a tenth off a short run. Node's own compile
// cache does not exist in Node 20, keeps only what the first run compiled, and is in a folder that
// everyone may write to. https://v8.dev/blog/code-caching, docs/decisions/003-code-cache.md
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

const dist = path.join(__dirname, '../dist');
/** Bytes of the digest in front of each file of dist/ (scripts/build.mjs) and of its cache. */
const headLength = 40;

/**
 * Runs the command line of this process. A run that loads a file without a cache writes the caches
 * of all files that it loaded.
 * @param {string} [directory] of the cache; default: kapi/code in the user's cache directory
 * @param {boolean} [isKubectlPlugin] true to obey the aliases and defaults of kubectl's kuberc file
 */
exports.start = (directory = cacheDirectory(process.env), isKubectlPlugin = false) => {
  const { load, keepCode } = openProgram(process.env.NODE_DISABLE_COMPILE_CACHE ? undefined : directory);
  let main;
  try {
    main = load('./main.cjs');
  } catch (error) {
    return require('./keep-code.js').reportUnreadable(error, path.join(dist, 'main.cjs'));
  }
  process.once('exit', keepCode);
  const liveTable = () => import('../dist/tui.mjs');
  main.start(process, { liveTable, keepCode, isKubectlPlugin }).then(exitOnceWritten);
};

/**
 * Exits as soon as the system has all output. At the end of its loop Node waits for V8's compiler
 * threads (5 ms after a list of a thousand pods) and then frees its heap.
 */
function exitOnceWritten(mayExit) {
  if (mayExit && process.stdout.writableLength + process.stderr.writableLength === 0) process.exit();
  process.once('beforeExit', () => process.exit());
}

function openProgram(directory) {
  const modules = new Map();
  const loaded = [];
  let isKept = false;

  function define(id, run) {
    const module = { exports: {} };
    modules.set(id, module);
    run(module.exports, load, module);
    return module.exports;
  }

  function load(id) {
    const known = modules.get(id);
    if (known !== undefined) return known.exports;
    if (id.startsWith('./')) return define(id, compile(id.slice('./'.length)).runInThisContext());
    // Node's require() is slow when the many parts of a bundle ask for the same builtin again.
    const exports = require(id);
    modules.set(id, { exports });
    return exports;
  }
  load.define = define;

  function compile(name) {
    const filename = path.join(dist, name);
    const text = readText(filename);
    if (directory === undefined) return new vm.Script(text, { filename });
    const head = text.slice(0, headLength);
    // Two versions of kapi with the same home have a file each, and do not overwrite each other's
    // at every run.
    const version = `${head.slice(2, 18)}-${process.versions.node}-${process.arch}`;
    const file = path.join(directory, `${name}-${version}`);
    const cachedData = readCache(file, head);
    const script = new vm.Script(text, { filename, cachedData });
    loaded.push({ file, head, script, isNew: cachedData === undefined || script.cachedDataRejected });
    return script;
  }

  function keepCode() {
    const isDue = !isKept && loaded.some(({ isNew }) => isNew);
    isKept = true;
    if (!isDue) return;
    try {
      require('./keep-code.js').keep(loaded);
    } catch {
      // An update removed this program while it ran.
    }
  }

  return { load, keepCode };
}

function cacheDirectory({ XDG_CACHE_HOME: xdg, HOME: home, LOCALAPPDATA: local }) {
  const cache = xdg || (process.platform === 'win32' ? local : '');
  const base = cache || (home ? path.join(home, '.cache') : '');
  return path.isAbsolute(base) ? path.join(base, 'kapi/code') : undefined;
}

/** Bytes of a cache's second copy that are read and compared at a time. */
const pieceLength = 64 * 1024;

/**
 * Memory for all files, because they are used one after the other. Fresh memory for each file costs
 * a list 155 page faults.
 */
let room = Buffer.allocUnsafeSlow(1024 * 1024);

/** Returns a file of dist/. */
function readText(file) {
  return withOpenFile(file, 0, (descriptor, { size }) => room.latin1Slice(0, read(descriptor, 0, size, 0)));
}

/**
 * Returns no cached data if the cache is missing, damaged, of other code, or could have been
 * written by other users, because V8 runs its content. A cache contains its content twice: V8 does
 * not notice damaged code and crashes or loops in it, and comparing two copies is the cheapest
 * check here. It needs nothing that Node has not loaded yet, unlike node:zlib (crc32) and
 * node:crypto.
 * @returns bytes that are valid until the next file is read
 */
function readCache(file, head) {
  const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;
  try {
    // Opens no link, FIFO or device.
    return withOpenFile(file, O_NOFOLLOW | O_NONBLOCK, (descriptor, stats) => {
      const length = stats.size / 2;
      return isOwnFile(stats) && hasTwoCopies(descriptor, length) && room.latin1Slice(0, headLength) === head
        ? room.subarray(headLength, length)
        : undefined;
    });
  } catch {
    // The first run, or a cache that cannot be read: V8 compiles the text.
    return undefined;
  }
}

/** True for a file that only this user or root can have written. */
function isOwnFile(stats) {
  const isOwn = stats.uid === 0 || stats.uid === process.geteuid?.();
  return stats.isFile() && isOwn && (stats.mode & 0o022) === 0;
}

/** Reads `length` bytes to `room`. @returns true if the same bytes follow in the file */
function hasTwoCopies(descriptor, length) {
  if (!Number.isInteger(length) || read(descriptor, 0, length, 0) < length) return false;
  for (let at = 0; at < length; at += pieceLength) {
    const size = Math.min(pieceLength, length - at);
    const isSame =
      read(descriptor, length, size, length + at) === size &&
      room.compare(room, length, length + size, at, at + size) === 0;
    if (!isSame) return false;
  }
  return true;
}

/**
 * Reads bytes of a file to a place in `room`.
 * @returns the number of bytes; less than `length` at the end of the file
 */
function read(descriptor, to, length, position) {
  if (room.length < to + length) {
    const larger = Buffer.allocUnsafeSlow(to + length + pieceLength);
    room.copy(larger, 0, 0, to);
    room = larger;
  }
  let done = 0;
  while (done < length) {
    const count = fs.readSync(descriptor, room, to + done, length - done, position + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}

function withOpenFile(file, flags, use) {
  const descriptor = fs.openSync(file, fs.constants.O_RDONLY | flags);
  try {
    return use(descriptor, fs.fstatSync(descriptor));
  } finally {
    fs.closeSync(descriptor);
  }
}

if (require.main === module) exports.start();

#!/usr/bin/env node
'use strict';
// Runs the built kapi with V8's code cache, which takes a tenth off a short run. Node's own compile
// cache does not exist in Node 20, keeps only what the first run compiled, and is in a folder that
// everyone may write to. https://v8.dev/blog/code-caching
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

const dist = path.join(__dirname, '../dist');
/**
 * What scripts/build.mjs writes in front of each file: a digest of the rest. V8 compares only the
 * length of a text.
 */
const mark = /^\/\*[0-9a-f]{32}\*\//;
/**
 * Digits after the mark in a cache: how many files the run that wrote it had loaded. Mark and
 * digits are 40 bytes together, because V8 copies cached data that is not 8-byte aligned.
 */
const countLength = 4;

/**
 * Runs the command line of this process. A run writes the cache when it compiled more files than
 * the run that wrote it.
 * @param {string} [directory] of the cache; default: kapi/code in the user's cache directory
 * @param {boolean} [isKubectlPlugin] true to obey the aliases and defaults of kubectl's kuberc file
 */
exports.start = (directory = cacheDirectory(process.env), isKubectlPlugin = false) => {
  const program = openProgram(process.env.NODE_DISABLE_COMPILE_CACHE ? undefined : directory);
  const main = loadMain(program);
  if (main === undefined) return;
  process.once('exit', program.keepCode);
  const launcher = {
    liveTable: () => import('../dist/tui.mjs'),
    keepCode: program.keepCode,
    isKubectlPlugin,
  };
  main.start(process, launcher).then(exitOnceWritten);
};

/** Returns nothing, after it said why, where dist/ is missing or cannot be read. */
function loadMain(program) {
  try {
    return program.load('./main.cjs');
  } catch (error) {
    if (!error?.syscall) throw error;
    const isBuilt = fs.existsSync(path.join(dist, 'main.cjs'));
    const why = isBuilt
      ? `kapi cannot read its own files: ${error.message}`
      : 'kapi is not built yet: npm run build';
    // 3 of the exit codes: something on this machine cannot be used.
    process.exitCode = 3;
    process.stderr.write(`error: ${why}\n`);
    return undefined;
  }
}

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

  function load(id) {
    const known = modules.get(id);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    modules.set(id, module);
    // Node's require() is slow when the many parts of a bundle ask for the same builtin again.
    if (!id.startsWith('./')) return (module.exports = require(id));
    compile(id.slice('./'.length)).runInThisContext()(module.exports, load, module);
    return module.exports;
  }

  function compile(name) {
    const filename = path.join(dist, name);
    const text = readWhole(filename).latin1Slice();
    const head = mark.exec(text)?.[0];
    if (directory === undefined || head === undefined) return new vm.Script(text, { filename });
    // Two versions of kapi with the same home have a file each, and do not overwrite each other's
    // at every run.
    const file = path.join(
      directory,
      `${name}-${head.slice(2, 18)}-${process.versions.node}-${process.arch}`,
    );
    const { count, cachedData } = readCache(file, head);
    const script = new vm.Script(text, { filename, cachedData });
    loaded.push({ file, head, script, count: script.cachedDataRejected ? 0 : count });
    return script;
  }

  function keepCode() {
    const stale = isKept ? [] : loaded.filter(({ count }) => count < loaded.length);
    isKept = true;
    if (stale.length === 0) return;
    const digits = String(loaded.length).padStart(countLength, '0');
    try {
      require('./keep-code.js').keep(stale, digits);
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

/**
 * Returns no cached data if the cache is missing, damaged, of other code, or could have been
 * written by other users, because V8 runs its content. A cache contains its content twice: V8 does
 * not notice damaged code and crashes or loops in it, and comparing two copies is the cheapest
 * check here. It needs nothing that Node has not loaded yet, unlike node:zlib (crc32) and
 * node:crypto.
 */
function readCache(file, head) {
  try {
    const copy = readOwnFile(file);
    const start = head.length + countLength;
    if (copy.latin1Slice(0, head.length) === head)
      return { count: Number(copy.latin1Slice(head.length, start)), cachedData: copy.subarray(start) };
  } catch {
    // The first run, or a cache that cannot be read: V8 compiles the text.
  }
  return { count: 0, cachedData: undefined };
}

/**
 * Reads the first of the two copies in a file that only this user or root can have written, and
 * compares it with the second. Checks the open file, and opens no link, FIFO or device.
 */
function readOwnFile(file) {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;
  const descriptor = fs.openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const stats = fs.fstatSync(descriptor);
    const isOwn = stats.uid === 0 || stats.uid === process.geteuid?.();
    if (!stats.isFile() || !isOwn || (stats.mode & 0o022) !== 0 || stats.size % 2 !== 0)
      return Buffer.alloc(0);
    const length = stats.size / 2;
    const copy = readInto(descriptor, 0, length, 0);
    for (let at = 0; at < length; at += pieceLength) {
      const size = Math.min(pieceLength, length - at);
      const piece = readInto(descriptor, length, size, length + at);
      if (piece.length !== size || !piece.equals(copy.subarray(at, at + size))) return Buffer.alloc(0);
    }
    return copy;
  } finally {
    fs.closeSync(descriptor);
  }
}

function readWhole(file) {
  const descriptor = fs.openSync(file, 'r');
  try {
    return readInto(descriptor, 0, fs.fstatSync(descriptor).size, 0);
  } finally {
    fs.closeSync(descriptor);
  }
}

const pieceLength = 64 * 1024;
/** Bytes allocated in addition to the size of the first file, for the next files. */
const spareLength = 320 * 1024;
/**
 * Holds one file after another: the first access to new memory costs more than reading a file into
 * it.
 */
let room = Buffer.alloc(0);

/**
 * Reads `length` bytes of a file from `position` to offset `at` of the buffer. The result is valid
 * until the next call that overwrites it.
 */
function readInto(descriptor, at, length, position) {
  if (room.length < at + length) {
    const more = Buffer.allocUnsafeSlow(at + length + spareLength);
    room.copy(more, 0, 0, at);
    room = more;
  }
  let done = 0;
  while (done < length) {
    const count = fs.readSync(descriptor, room, at + done, length - done, position + done);
    if (count === 0) break;
    done += count;
  }
  return room.subarray(at, at + done);
}

if (require.main === module) exports.start();

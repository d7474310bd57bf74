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
    const text = fs.readFileSync(filename, 'latin1');
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

/** Memory for all caches, one after the other: fresh memory for each costs a list page faults. */
let room = Buffer.allocUnsafeSlow(1024 * 1024);
/** The second copy of a cache is read in pieces of this size, because it needs less memory so. */
const pieceLength = 64 * 1024;

/**
 * Returns no cached data if the cache is missing, damaged, of other code, or could have been
 * written by other users, because V8 runs its content. A cache contains its content twice: V8 does
 * not notice damaged code and crashes or loops in it, and comparing two copies is the cheapest
 * check here. It needs nothing that Node has not loaded yet, unlike node:zlib (crc32) and
 * node:crypto.
 * @returns bytes that are valid until the next cache is read
 */
function readCache(file, head) {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;
  let descriptor;
  try {
    // Checks the open file, and opens no link, FIFO or device.
    descriptor = fs.openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const content = readOwn(descriptor, fs.fstatSync(descriptor));
    if (content?.latin1Slice(0, headLength) === head) return content.subarray(headLength);
  } catch {
    // The first run, or a cache that cannot be read: V8 compiles the text.
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
  return undefined;
}

/** Returns the content of a cache if only this user or root can have written it and it is whole. */
function readOwn(descriptor, stats) {
  const isOwn = stats.uid === 0 || stats.uid === process.geteuid?.();
  if (!stats.isFile() || !isOwn || (stats.mode & 0o022) !== 0) return undefined;
  const length = stats.size / 2;
  if (room.length < length + pieceLength) room = Buffer.allocUnsafeSlow(length + pieceLength);
  const content = room.subarray(0, fs.readSync(descriptor, room, 0, length));
  for (let at = 0; at < length; at += pieceLength) {
    const read = fs.readSync(descriptor, room, length, Math.min(pieceLength, length - at));
    if (!room.subarray(length, length + read).equals(content.subarray(at, at + pieceLength)))
      return undefined;
  }
  return content;
}

if (require.main === module) exports.start();

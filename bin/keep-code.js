'use strict';
// Writes the compiled code that kapi.js reads. Silently does nothing if it cannot write. Entry
// point: keep.
const fs = require('node:fs');
const path = require('node:path');

/**
 * Writes the caches.
 * @param {{file: string, head: string, script: import('node:vm').Script, count: number}[]} unkept
 *   the files to write and the head of each; `count`: 0 if there was no cache
 * @param {string} digits the text after the head
 */
exports.keep = (unkept, digits) => {
  for (const { file, head, script, count } of unkept) {
    write(file, () => {
      const content = Buffer.concat([Buffer.from(head + digits), script.createCachedData()]);
      // Twice: see readCache of kapi.js.
      return Buffer.concat([content, content]);
    });
    if (count === 0 && path.basename(file).startsWith('main.cjs-')) removeStale(path.dirname(file));
  }
};

function write(file, make) {
  const temporary = `${file}.${process.pid}`;
  try {
    if (!isOwnPlace(path.dirname(file))) return;
    makeDirectory(path.dirname(file));
    fs.writeFileSync(temporary, make(), { mode: 0o644, flag: 'wx' });
    fs.renameSync(temporary, file);
  } catch {
    // A read-only or full disk: the next run only has to compile again.
    forget(temporary);
  }
}

function forget(file) {
  try {
    fs.rmSync(file, { force: true });
  } catch {
    // The directory does not exist either.
  }
}

/**
 * True if the directory, or the nearest existing one above it, belongs to this user or root: `sudo`
 * keeps the caller's HOME.
 */
function isOwnPlace(directory) {
  if (!fs.existsSync(directory)) return isOwnPlace(path.dirname(directory));
  const { uid } = fs.statSync(directory);
  return process.geteuid === undefined || uid === process.geteuid() || uid === 0;
}

/**
 * Creates a directory and its parents. Node's own `recursive` option loops forever if no directory
 * can be created below an existing one.
 */
function makeDirectory(directory, levels = 4) {
  if (fs.existsSync(directory) || levels === 0) return;
  makeDirectory(path.dirname(directory), levels - 1);
  fs.mkdirSync(directory, { mode: 0o700 });
}

/** Max versions of code (of kapi, Node and processor) that are kept. A version takes 2 to 10 MB. */
const maxVersions = 6;

/**
 * Removes unfinished files of killed runs, and everything written before the oldest `main.cjs` of
 * the newest versions. A removed version that is still in use compiles once more and is a new one
 * then.
 */
function removeStale(directory) {
  try {
    const caches = fs
      .readdirSync(directory)
      .filter((name) => /^[\w-]+\.cjs-/.test(name))
      .map((name) => {
        const file = path.join(directory, name);
        return { name, file, time: fs.lstatSync(file).mtimeMs };
      });
    const mains = caches.filter(({ name }) => isMain(name));
    const oldest = mains.map(({ time }) => time).sort((a, b) => b - a)[maxVersions - 1] ?? 0;
    for (const { name, file, time } of caches) {
      if (time < oldest || (isUnfinished(name) && time < Date.now() - 60_000))
        fs.rmSync(file, { force: true });
    }
  } catch {
    // Another run removes the same files at the same time: the next version tries again.
  }
}

function isMain(name) {
  return name.startsWith('main.cjs-') && !isUnfinished(name);
}

/** True for a temporary file of a run before it is renamed: its name ends with a process id. */
function isUnfinished(name) {
  return /\.\d+$/.test(name);
}

'use strict';
// Writes the compiled code that kapi.js reads; without a word it does without where nothing can be written. Entry point: keep.
const fs = require('node:fs');
const path = require('node:path');

/**
 * @param {{file: string, head: string, script: import('node:vm').Script, count: number}[]} unkept where to write, and what is written
 *   before the code; `count`: 0 where there was no cache
 * @param {string} digits what is written after the head
 */
exports.keep = (unkept, digits) => {
  for (const { file, head, script, count } of unkept) {
    write(file, () => {
      const content = Buffer.concat([Buffer.from(head + digits), script.createCachedData()]);
      // Twice: readCache of kapi.js says why.
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

/** Whether the folder, or the nearest one above it that exists, belongs to this user or root: `sudo` keeps the caller's HOME. */
function isOwnPlace(directory) {
  if (!fs.existsSync(directory)) return isOwnPlace(path.dirname(directory));
  const { uid } = fs.statSync(directory);
  return process.geteuid === undefined || uid === process.geteuid() || uid === 0;
}

/** Not Node's own `recursive`, which goes round for ever where nothing can be made below an existing directory. */
function makeDirectory(directory, levels = 4) {
  if (fs.existsSync(directory) || levels === 0) return;
  makeDirectory(path.dirname(directory), levels - 1);
  fs.mkdirSync(directory, { mode: 0o700 });
}

/** How many versions of kapi, of Node and of processors keep their code side by side. A version takes 2 to 10 MB. */
const maxVersions = 6;

/**
 * Removes what killed runs did not finish and what is older than the newest versions: everything written before the oldest
 * `main.cjs` that may stay. A version that is still in use compiles once more and is a new one then.
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
    // Another run removes the same at the same time: the next version tries again.
  }
}

function isMain(name) {
  return name.startsWith('main.cjs-') && !isUnfinished(name);
}

/** The file that a run writes before it is renamed: it ends with the number of a process. */
function isUnfinished(name) {
  return /\.\d+$/.test(name);
}

'use strict';
// Writes the compiled code that kapi.js reads; without a word it does without where nothing can be written. Entry point: keep.
const fs = require('node:fs');
const path = require('node:path');

/**
 * @param {{file: string, head: string, script: import('node:vm').Script, count: number}[]} unkept where to write, and what is written
 *   before the code; `count`: 0 where there was no cache
 * @param {string} digits what is written after the head
 * @param {string} dist the directory of the scripts; caches of others are removed
 */
exports.keep = (unkept, digits, dist) => {
  for (const { file, head, script, count } of unkept) {
    write(file, () => {
      const content = Buffer.concat([Buffer.from(head + digits), script.createCachedData()]);
      // Twice: readCache of kapi.js says why.
      return Buffer.concat([content, content]);
    });
    if (count === 0 && path.basename(file).startsWith('main.cjs-')) removeStale(path.dirname(file), dist);
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

/** What an earlier version of kapi left, whose chunks had other names, and what a killed run did not finish. */
function removeStale(directory, dist) {
  try {
    for (const name of fs.readdirSync(directory)) {
      const file = path.join(directory, name);
      const [chunk] = /^[\w-]+\.cjs(?=-)/.exec(name) ?? [];
      if (chunk && (!fs.existsSync(path.join(dist, chunk)) || isUnfinished(file)))
        fs.rmSync(file, { force: true });
    }
  } catch {
    // Somebody else's business by now: it only takes room.
  }
}

/** A temporary file that nobody can be writing any more. */
function isUnfinished(file) {
  return /\.\d+$/.test(file) && fs.lstatSync(file).mtimeMs < Date.now() - 60_000;
}

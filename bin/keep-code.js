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
    write(file, () => Buffer.concat([Buffer.from(head + digits), script.createCachedData()]));
    if (count === 0 && path.basename(file).startsWith('main.cjs-')) removeStale(path.dirname(file), dist);
  }
};

function write(file, make) {
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
function removeStale(directory, dist) {
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

'use strict';
// What kapi.js rarely needs: writing the compiled code that it reads, and the words for a program
// that cannot be read. Entry points: keep, reportUnreadable.
const fs = require('node:fs');
const path = require('node:path');

/**
 * Writes the caches. Silently does nothing if it cannot write.
 * @param {{file: string, head: string, script: import('node:vm').Script, isNew: boolean}[]} files
 *   the caches to write and the head of each; `isNew`: true if there was no cache
 */
exports.keep = (files) => {
  for (const { file, head, script, isNew } of files) {
    write(file, () => {
      const content = Buffer.concat([Buffer.from(head), script.createCachedData()]);
      // Twice: see readCache of kapi.js.
      return Buffer.concat([content, content]);
    });
    if (isNew && path.basename(file).startsWith('main.cjs-')) removeStale(path.dirname(file));
  }
};

/** Says why the program cannot be read. @throws the error if it is about something else */
exports.reportUnreadable = (error, main) => {
  if (!error?.syscall) throw error;
  const why = fs.existsSync(main)
    ? `kapi cannot read its own files: ${error.message}`
    : 'kapi is not built yet: npm run build';
  // 3 of the exit codes: something on this machine cannot be used.
  process.exitCode = 3;
  process.stderr.write(`error: ${why}\n`);
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
 * keeps the caller's HOME. False for a symlink of another user.
 */
function isOwnPlace(directory) {
  if (!fs.existsSync(directory)) return isOwnPlace(path.dirname(directory));
  const own = [0, process.geteuid?.()];
  const stats = [fs.lstatSync(directory), fs.statSync(directory)];
  return process.geteuid === undefined || stats.every(({ uid }) => own.includes(uid));
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

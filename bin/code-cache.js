'use strict';
// What Node 22.1 and later do by themselves: keeps compiled code between runs, some 10 % of a short run. Entry point:
// enableCodeCache. Without effect, and without a word, where nothing can be kept.
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

/** The files worth it: what every run loads, and what a list loads besides. */
const kept = new Set(['main.cjs', 'list.cjs']);
/** What build.mjs writes in front of them: a digest of the rest, because V8 tells texts apart by their length only. */
const mark = /^\/\*[0-9a-f]{32}\*\//;

/**
 * Compiles these files of dist/ with V8's code cache from `kapi/code` in the user's cache directory, and writes it at the end of
 * a run that had to do without. V8 itself refuses a cache of another version of V8 or with other flags.
 * @param {NodeJS.Process} process
 * @see https://v8.dev/blog/code-caching
 */
exports.enableCodeCache = (process) => {
  const { env, versions, arch } = process;
  const base = env.XDG_CACHE_HOME || (env.HOME ? path.join(env.HOME, '.cache') : '');
  if (!path.isAbsolute(base) || env.NODE_DISABLE_COMPILE_CACHE) return;
  const directory = path.join(base, 'kapi', 'code');
  const plain = require.extensions['.js'];
  require.extensions['.cjs'] = (module, filename) => {
    const name = path.basename(filename);
    if (!kept.has(name) || path.dirname(filename) !== path.join(__dirname, '../dist')) {
      plain(module, filename);
      return;
    }
    const file = path.join(directory, `${name}-${versions.node}-${arch}`);
    // esbuild writes ASCII.
    const text = fs.readFileSync(filename, 'latin1');
    const head = Buffer.from(mark.exec(text)?.[0] ?? '');
    const cachedData = readOwn(file, head, process);
    const script = new vm.Script(`(function(exports,require,module,__filename,__dirname){${text}\n})`, {
      filename,
      cachedData,
    });
    if (head.length > 0 && (cachedData === undefined || script.cachedDataRejected)) {
      // At the end, when the functions that such a run needs have been compiled.
      process.once('exit', () =>
        write(directory, file, () => Buffer.concat([head, script.createCachedData()])),
      );
    }
    const load = (id) => module.require(id);
    script
      .runInThisContext()
      .call(module.exports, module.exports, load, module, filename, path.dirname(filename));
  };
};

/** @returns undefined for what is not there, belongs to other code, or is not the user's own: it will be run */
function readOwn(file, head, process) {
  let descriptor;
  try {
    descriptor = fs.openSync(file, 'r');
    const { uid, mode } = fs.fstatSync(descriptor);
    if (uid !== process.getuid?.() || (mode & 0o022) !== 0) return undefined;
    const bytes = fs.readFileSync(descriptor);
    const { length } = head;
    return length > 0 && bytes.subarray(0, length).equals(head) ? bytes.subarray(length) : undefined;
  } catch {
    // The first run, or a cache that cannot be read: the code is compiled.
    return undefined;
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}

function write(directory, file, make) {
  const temporary = `${file}.${process.pid}`;
  try {
    for (const each of [path.dirname(path.dirname(directory)), path.dirname(directory), directory]) {
      // Not Node's own `recursive`, which goes round for ever where nothing can be made below an existing directory.
      if (!fs.existsSync(each)) fs.mkdirSync(each, { mode: 0o700 });
    }
    fs.writeFileSync(temporary, make(), { mode: 0o600, flag: 'wx' });
    fs.renameSync(temporary, file);
  } catch {
    // A read-only or full disk: the next run compiles again, which is all that is lost.
    fs.rmSync(temporary, { force: true });
  }
}

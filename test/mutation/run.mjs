// Inserts small faults into src and checks that a test fails for each.
//
// Usage:
//   npm run test:mutation -- [--sample N] [--seed N] [FILE…]
//     faults from the syntax tree
//   npm run test:secrecy-mutations [-- NUMBER…]
//     the redactions of secrets, one by one
//   npm run test:mutation -- --list test/mutation/survivors.json
//     faults that once survived all tests
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { clearTimeout, setTimeout } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { mutantsOf } from './mutants.mjs';

/** Milliseconds after which a run counts as failed: the fault caused an endless loop. */
const maxRunMs = 60_000;
/** Percent of the faults that a test must detect. */
const minScore = 85;
/** Runs per process: an old process has kept too many old modules. */
const maxRunsPerSession = 100;

const root = new URL('../../', import.meta.url);
const pathOf = (/** @type {string} */ file) => fileURLToPath(new URL(`src/${file}`, root));
const readJson = (/** @type {string} */ file) => JSON.parse(readFileSync(new URL(file, root), 'utf8'));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    list: { type: 'string' },
  },
});

const faults = values.list === undefined ? faultsOfSyntax() : faultsOfList(values.list);

/** Returns the mutants of the files in files.json, all or a sample that the seed selects. */
function faultsOfSyntax() {
  const files = Object.entries(readJson('test/mutation/files.json'));
  const chosen = files.filter(
    ([file]) => positionals.length === 0 || positionals.some((word) => file.includes(word)),
  );
  const all = chosen.flatMap(([file, tests]) =>
    mutantsOf(readFileSync(pathOf(file), 'utf8')).map((mutant) => ({
      ...mutant,
      name: `${file}:${mutant.line} ${mutant.what}`,
      group: file,
      file: pathOf(file),
      tests,
    })),
  );
  const size = Number(values.sample) || all.length;
  return shuffled(all, Number(values.seed))
    .slice(0, size)
    .sort((a, b) => a.file.localeCompare(b.file) || a.start - b.start);
}

/**
 * Returns the faults in a JSON file; words are the numbers of those to try.
 * @param {string} list
 */
function faultsOfList(list) {
  return readJson(list)
    .map((fault, at) => ({
      ...fault,
      name: `${at} ${fault.what}`,
      group: list,
      file: pathOf(fault.file),
      tests: fault.tests?.split(' ') ?? ['test/secrecy'],
    }))
    .filter((_, at) => positionals.length === 0 || positionals.includes(String(at)));
}

/** Returns a copy in an order that the seed determines (mulberry32). */
function shuffled(items, seed) {
  let state = seed;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

let session;
let runs = 0;

async function openSession() {
  session = fork(new URL('session.mjs', import.meta.url), {
    cwd: fileURLToPath(root),
    detached: true,
    silent: true,
  });
  runs = 0;
  await new Promise((resolve, reject) => {
    session.once('message', resolve);
    session.once('exit', (code) => reject(new Error(`vitest did not start (exit code ${code})`)));
  });
}

/** Ends the session with its workers. */
function closeSession() {
  if (session?.pid !== undefined) process.kill(-session.pid, 'SIGKILL');
  session = undefined;
}

async function tryFault({ file, tests, start, end, text, hides, shows }) {
  if (runs >= maxRunsPerSession) closeSession();
  if (session === undefined) await openSession();
  runs += 1;
  // A session that was killed reports its end while the next one starts.
  const own = session;
  return new Promise((resolve) => {
    const give = (answer) => {
      clearTimeout(timer);
      own.off('message', give).off('exit', died);
      resolve(answer);
    };
    const died = () => {
      session = undefined;
      give({ killed: true, how: 'ended the process' });
    };
    const timer = setTimeout(() => {
      closeSession();
      give({ killed: true, how: 'never ended' });
    }, maxRunMs);
    own.on('message', give).on('exit', died);
    own.send({ file, tests, start, end, text, hides, shows });
  });
}

const counts = new Map();
process.on('exit', closeSession);
for (const fault of faults) {
  const { killed, how, problem } = await tryFault(fault);
  if (problem !== undefined) throw new Error(`${fault.name}: ${problem}`);
  const count = counts.get(fault.group) ?? { killed: 0, all: 0 };
  counts.set(fault.group, { killed: count.killed + (killed ? 1 : 0), all: count.all + 1 });
  if (!killed || values.list !== undefined) console.log(`${killed ? 'killed  ' : 'SURVIVED'} ${fault.name}`);
  else if (how !== undefined) console.log(`killed   ${fault.name} (${how})`);
}
closeSession();

let [killed, all] = [0, 0];
for (const [group, count] of counts) {
  console.log(`${group}: ${count.killed} of ${count.all} killed`);
  killed += count.killed;
  all += count.all;
}
// A redaction that can be removed unnoticed is a leak, so each of them counts.
const needed = values.list === undefined ? (all * minScore) / 100 : all;
console.log(`${killed} of ${all} killed (${((killed / all) * 100).toFixed(1)} %)`);
process.exitCode = killed >= needed ? 0 : 1;

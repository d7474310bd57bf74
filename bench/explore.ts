// kapi explore by keys on a pseudo terminal, which script(1) opens: time to the first frame against
// `kapi paths`, time to the answer of a key, peak memory with an object of 10 MB. Entry point:
// measureExplore.
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { kapiBy, runnersOf, type Bench } from './bench.ts';
import { sizedNamespace } from './layout.ts';
import type { Runner } from './runner.ts';
import { judge, type CaseResult } from './result.ts';
import { median, medianRatio } from './statistics.ts';

const defaultRuns = 9;
const keysOfCase = 40;
const down = '\u001b[B';

/** Elements of the list that makes the object 10 MB large. */
const largeItems = 40_000;

/** Max milliseconds until a key is answered, at the 95th percentile. */
const maxKeyMs = 100;
const maxMemoryKb = 150 * 1024;
const maxFirstFrameRatio = 1.5;

/** Milliseconds in which a list that is still being read grows. */
const settleMs = 1_000;

/** Max milliseconds until something is on the screen. */
const patienceMs = 60_000;

/** A screen that keys can be sent to. */
interface Session {
  /** Milliseconds since the program began, when the pattern was in what it wrote since `from`. */
  readonly until: (pattern: RegExp, use?: (match: RegExpExecArray) => void) => Promise<number>;
  /** Sends keys. What was written before does not count for `until`. */
  readonly press: (keys: string) => void;
  readonly peakKb: () => Promise<number>;
  /** Milliseconds since the program began. */
  readonly ended: Promise<number>;
}

/** Runs a command on a terminal of 120x30. @param input file for its standard input */
function open(bench: Bench, argv: readonly string[], input?: string): Session {
  const pidFile = join(bench.home, 'explore-pid');
  const quoted = argv.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  const from = input === undefined ? '' : ` <'${input}'`;
  const line = `stty cols 120 rows 30; echo $$ >'${pidFile}'; echo begun; exec ${quoted}${from}`;
  const child = spawn('script', ['-qec', line, '/dev/null'], {
    env: { ...bench.environment, TERM: 'xterm', SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let written = '';
  let begunMs = Number.NaN;
  let seen: () => void = () => undefined;
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (chunk: string) => {
    if (Number.isNaN(begunMs)) begunMs = performance.now();
    written += chunk;
    seen();
  });
  return {
    until: (pattern, use) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          reject(new Error(`never saw ${String(pattern)} in ${JSON.stringify(written.slice(-500))}`));
        }, patienceMs);
        seen = () => {
          const match = pattern.exec(written);
          if (match === null) return;
          clearTimeout(late);
          seen = () => undefined;
          use?.(match);
          resolve(performance.now() - begunMs);
        };
        seen();
      }),
    press(keys) {
      written = '';
      child.stdin.write(keys);
    },
    async peakKb() {
      const pid = (await readFile(pidFile, 'utf8')).trim();
      return Number(/^VmHWM:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]);
    },
    ended: new Promise((resolve) => {
      child.once('close', () => {
        resolve(performance.now() - begunMs);
      });
    }),
  };
}

/** Sends keys one after the other, and returns the milliseconds until each is answered. */
async function timesOf(
  session: Session,
  keys: readonly (readonly [key: string, answer: RegExp])[],
): Promise<number[]> {
  const times: number[] = [];
  for (const [key, answer] of keys) {
    const before = performance.now();
    session.press(key);
    await session.until(answer);
    times.push(performance.now() - before);
  }
  return times;
}

/**
 * Cursor keys from the first row on, then to both ends. Each waits for the new position, which is
 * written last.
 */
function walk(rows: number): (readonly [string, RegExp])[] {
  const steps = Array.from(
    { length: keysOfCase },
    (_, at) => [down, new RegExp(`\\b${at + 2}/${rows}\\b`)] as const,
  );
  return [...steps, ['G', new RegExp(`\\b${rows}/${rows}\\b`)], ['g', new RegExp(`\\b1/${rows}\\b`)]];
}

/** Measures the first frame, keys and memory. */
export async function measureExplore(bench: Bench): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const runner of runnersOf(bench)) {
    const kapi = kapiBy(runner);
    results.push(await firstFrame(bench, runner, kapi));
    const types = await openTypes(bench, kapi);
    results.push(await keysOf('keys in the list of all types', runner, types));
    const pods = open(bench, [...kapi, 'explore', 'pods', '-n', sizedNamespace(5_000)]);
    await pods.until(/1\/5000\b/);
    results.push(await keysOf('keys in a list of 5,000', runner, { session: pods, rows: 5_000 }));
    results.push(await keysOf('keys in an object of 10 MB', runner, await openLarge(bench, kapi), true));
  }
  return results;
}

async function firstFrame(bench: Bench, runner: Runner, kapi: readonly string[]): Promise<CaseResult> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round <= (bench.runs ?? defaultRuns); round += 1) {
    const paths = await open(bench, [...kapi, 'paths']).ended;
    const session = open(bench, [...kapi, 'explore']);
    const frame = await session.until(/all types/);
    session.press('q');
    await session.ended;
    // The first round fills caches.
    if (round === 0) continue;
    ours.push(frame);
    theirs.push(paths);
  }
  const compared = { theirs: median(theirs), ratio: medianRatio(ours, theirs) };
  return {
    ...{ part: 'explore', title: 'first frame', by: runner.name, against: 'kapi paths', remarks: [] },
    findings: [judge('firstFrame', median(ours), compared, { ratio: maxFirstFrameRatio })],
  };
}

/** A screen with a list or a tree, at its first row. */
interface Opened {
  readonly session: Session;
  readonly rows: number;
}

async function openTypes(bench: Bench, kapi: readonly string[]): Promise<Opened> {
  const session = open(bench, [...kapi, 'explore']);
  await session.until(/all types/);
  session.press('\r');
  let rows = await rowsOf(session, /YOU MAY[^]*\b1\/(\d{2,})\b/);
  // The list grows while groups are read.
  for (let before = 0; before !== rows;) {
    before = rows;
    await sleep(settleMs);
    session.press('G');
    await session.until(/\b(\d{2,})\/\1\b/);
    session.press('g');
    rows = await rowsOf(session);
  }
  return { session, rows };
}

/** A document of 10 MB, with its long list unfolded. */
async function openLarge(bench: Bench, kapi: readonly string[]): Promise<Opened> {
  const file = join(bench.home, 'large.json');
  const items = Array.from({ length: largeItems }, (_, at) => ({
    name: `item-${at}`,
    text: 'x'.repeat(220),
  }));
  await writeFile(file, JSON.stringify({ items }));
  const session = open(bench, [...kapi, 'explore', '-'], file);
  await session.until(/\b1\/1\b/);
  session.press('\u001b[C');
  return { session, rows: await rowsOf(session) };
}

/** The number of rows, from the position at the first row. */
async function rowsOf(session: Session, position = /\b1\/(\d{2,})\b/): Promise<number> {
  let rows = 0;
  await session.until(position, (match) => {
    rows = Number(match[1]);
  });
  return rows;
}

async function keysOf(
  title: string,
  runner: Runner,
  { session, rows }: Opened,
  isLarge = false,
): Promise<CaseResult> {
  const times = (await timesOf(session, walk(rows))).sort((a, b) => a - b);
  const slow = times[Math.ceil(times.length * 0.95) - 1] ?? Number.NaN;
  const peakKb = await session.peakKb();
  session.press('q');
  await session.ended;
  return {
    ...{ part: 'explore', title, by: runner.name, remarks: [] },
    findings: [
      judge('key', slow, undefined, { value: maxKeyMs }),
      judge('memory', peakKb, undefined, isLarge ? { value: maxMemoryKb } : undefined),
    ],
  };
}

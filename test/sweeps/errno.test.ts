// Every call to the system that a command makes fails with every errno that Linux documents for it, in every command and format: an
// ordinary error that names the file, with the exit code of the table, or nothing at all where kapi can do without.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  connectErrors,
  goneErrors,
  listenErrors,
  openErrors,
  spawnErrors,
  systemError,
  writeErrors,
} from '../system-errors.ts';
import { sweepLines } from './lines.ts';
import { openStage, type Stage } from './stage.ts';
import { failCall, watchCalls, type Call } from './system-calls.ts';
import type { LineResult } from './run.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
}, 120_000);
afterAll(() => stage.close());

const lines = sweepLines().map((words) => [words.join(' '), words] as const);
const forgetCaches = (): void => rmSync(join(stage.directory, '.cache'), { recursive: true, force: true });

function errnosOf({ name }: Call): readonly string[] {
  if (name === 'connect') return connectErrors;
  if (name === 'listen') return listenErrors;
  if (name === 'spawn') return spawnErrors;
  return name.startsWith('write') ? [...openErrors, ...writeErrors] : openErrors;
}

/** What a failure of the call may end with besides what the line ends with when all is well. */
function codesOf({ name }: Call): readonly number[] {
  return name === 'connect' ? [6] : [3];
}

/** A call on files whose names change is one kind: the first line that makes it tries all errnos. */
function kindOf({ name, target }: Call): string {
  return `${name} ${target.replace(stage.directory, '').replace(/kapi-sandbox-\w+|\d+|[0-9a-f]{8,}/g, '*')}`;
}

it('whatever the system refuses, the exit code is one of the table and the message names what was refused', async () => {
  const faults: string[] = [];
  const tried = new Set<string>();
  let runs = 0;
  for (const [at, [line, words]] of lines.entries()) {
    const isCold = at % 2 === 0;
    const run = (): Promise<LineResult> => {
      if (isCold) forgetCaches();
      return stage.run(words);
    };
    const well = await run();
    const calls = await watchCalls(stage.directory, run);
    for (const [index, call] of calls.entries()) {
      const kind = kindOf(call);
      // Then one errno in every third line, to save time: which one goes round.
      if (tried.has(kind) && (at + index) % 3 !== 0) continue;
      const all = errnosOf(call);
      const errnos = tried.has(kind) ? [all[(at + index) % all.length] ?? 'EIO'] : all;
      tried.add(kind);
      for (const errno of errnos) {
        const { value, failed } = await failCall(stage.directory, call, errno, run);
        runs += 1;
        const { code, stderr, stdout } = value;
        const what = `${line}: ${call.name} ${call.target} ${errno}: exit ${code} (${well.code})`;
        if (/a bug in kapi|^ +at /m.test(stderr)) faults.push(`${what}: ${stderr}`);
        if (code !== well.code && !codesOf(call).includes(code)) faults.push(`${what}: ${stderr}`);
        // curl -s is asked to say nothing.
        const isSilent = words.includes('-s');
        if (failed > 0 && code !== well.code && !isSilent && !isNamed(call, stderr + stdout))
          faults.push(`${what}: not named: ${stderr}`);
      }
    }
  }
  expect(faults).toEqual([]);
  console.log(`errno sweep: ${lines.length} lines, ${tried.size} kinds of calls, ${runs} runs`);
  expect(tried.size).toBeGreaterThan(20);
}, 1_200_000);

/** Whether the message says which file, program or address it was; a folder of it will do. */
function isNamed({ name, target }: Call, text: string): boolean {
  if (name === 'connect') return text.includes('127.0.0.1');
  if (name === 'listen') return /127\.0\.0\.1|port|kapi\.sock|listen/.test(text);
  const [, last = ''] = /([^/]+)\/*$/.exec(target) ?? [];
  return text.includes(target) || text.includes(last) || text.includes(stage.directory);
}

it('a standard output that cannot be written ends every command with 3, a standard error nothing', async () => {
  const faults: string[] = [];
  for (const [at, [line, words]] of lines.entries()) {
    const well = await stage.run(words);
    const all = [...writeErrors, ...goneErrors];
    const errno = all[at % all.length] ?? 'EIO';
    const failing = (stream: 'stdout' | 'stderr'): Promise<LineResult> =>
      stage.run(words, {
        onWrite: (name) => {
          if (name === stream) throw systemError(errno);
        },
      });
    const isGone = goneErrors.some((each) => each === errno);
    const out = await failing('stdout');
    if (well.stdout !== '' && out.code !== (isGone ? 0 : 3))
      faults.push(`${line} >${errno}: ${out.code} ${out.stderr}`);
    if (well.stdout !== '' && !isGone && !out.stderr.includes('cannot write to standard output'))
      faults.push(`${line} >${errno}: ${out.stderr}`);
    const err = await failing('stderr');
    if (err.code !== well.code) faults.push(`${line} 2>${errno}: ${err.code} instead of ${well.code}`);
  }
  expect(faults).toEqual([]);
}, 600_000);

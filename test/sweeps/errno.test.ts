// Every system call of a command fails with every errno that Linux documents for it, for every
// command and format: an ordinary error that names the file, with the exit code of the table, or no
// error if kapi does not need the call.
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

/** The exit codes after a failure of the call, in addition to that of a success. */
function codesOf({ name }: Call): readonly number[] {
  return name === 'connect' ? [6] : [3];
}

/**
 * Calls on files with changing names are one kind: the first line with such a call tries all
 * errnos.
 */
function kindOf({ name, target }: Call): string {
  return `${name} ${target.replace(stage.directory, '').replace(/kapi-sandbox-\w+|\d+|[0-9a-f]{8,}/g, '*')}`;
}

it('whatever the system refuses, the exit code is in the table and the message names the file', async () => {
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
      // Then one errno in every third line, in turn, to save time.
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
        // curl -s prints no message.
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

/** True if the message names the file, program or address, or its directory. */
function isNamed({ name, target }: Call, text: string): boolean {
  if (name === 'connect') return text.includes('127.0.0.1');
  if (name === 'listen') return /127\.0\.0\.1|port|kapi\.sock|listen/.test(text);
  const [, last = ''] = /([^/]+)\/*$/.exec(target) ?? [];
  return text.includes(target) || text.includes(last) || text.includes(stage.directory);
}

it('an unwritable standard output ends every command with 3, an unwritable standard error has no effect', async () => {
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

// Many parallel first runs, and runs that are killed at any moment: what they leave in the caches
// and in TMPDIR breaks no later run.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { cleanEnvironment, describeOnServer, kapiFile, makeFolder, testServer } from './kapi.ts';

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Started {
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
}

function start(words: readonly string[], env: Readonly<Record<string, string>>): Started {
  const child = spawn(process.execPath, [kapiFile, ...words], {
    env: { ...cleanEnvironment(), KUBECONFIG: testServer().kubeconfigs.admin, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (texts.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (texts.stderr += chunk.toString()));
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, ...texts }));
  });
  return { ended, kill: (signal) => void child.kill(signal) };
}

/** Returns all files below a directory. */
function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
}

/**
 * Returns the damaged caches: compiled code must be there twice and equal, everything else must be
 * JSON.
 */
function brokenCaches(home: string): string[] {
  const folder = join(home, '.cache/kapi');
  if (!existsSync(folder)) return [];
  return filesOf(folder).filter((name) => {
    const bytes = readFileSync(join(folder, name));
    // A temporary file of a run that was killed before the rename.
    if (/\.\d+$/.test(name)) return false;
    if (!name.startsWith('code/')) {
      JSON.parse(bytes.toString());
      return false;
    }
    const half = bytes.length / 2;
    return bytes.length === 0 || !bytes.subarray(0, half).equals(bytes.subarray(half));
  });
}

describeOnServer('cold starts', () => {
  it('a hundred at once give the same answer and leave whole caches and nothing else', async () => {
    const HOME = makeFolder();
    const runs = Array.from({ length: 100 }, (_, at) =>
      start(at % 10 === 0 ? ['resources', '-o', 'name'] : ['list', 'namespaces', '-o', 'name'], { HOME }),
    );
    const ends = await Promise.all(runs.map(({ ended }) => ended));
    const kinds = new Set(ends.map(({ code, stderr }) => `${code} ${stderr}`));
    expect([...kinds]).toEqual(['0 ']);
    expect(new Set(ends.map(({ stdout }) => stdout)).size).toBe(2);
    expect(brokenCaches(HOME)).toEqual([]);
    expect(filesOf(HOME).filter((name) => /\.\d+$/.test(name))).toEqual([]);
    for (const name of filesOf(HOME)) expect(statSync(join(HOME, name)).mode & 0o022, name).toBe(0);
  }, 300_000);

  it('killed runs break no later run', async () => {
    const HOME = makeFolder();
    const wanted = (await start(['resources', '-o', 'name'], { HOME: makeFolder() }).ended).stdout;
    let killed = 0;
    for (let round = 0; round < 12; round++) {
      const runs = await Promise.all(
        Array.from({ length: 5 }, async (_, at) => {
          const run = start(['resources', '-o', 'name'], { HOME });
          // Moments spread over the life of a run; the exact moment does not matter.
          await sleep(20 + (((round * 5 + at) * 37) % 500));
          run.kill('SIGKILL');
          return run.ended;
        }),
      );
      killed += runs.filter(({ signal }) => signal === 'SIGKILL').length;
      expect(brokenCaches(HOME)).toEqual([]);
      const after = await start(['resources', '-o', 'name'], { HOME }).ended;
      expect(after).toEqual({ code: 0, signal: null, stdout: wanted, stderr: '' });
    }
    expect(killed).toBeGreaterThan(10);
  }, 300_000);

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)(
    'a sandbox that %s ends at any moment leaves no file',
    async (signal) => {
      const TMPDIR = makeFolder();
      await Promise.all(
        [0, 150, 300, 450, 600, 900, 1_500].map(async (after) => {
          const run = start(['sandbox'], { TMPDIR, HOME: makeFolder() });
          await sleep(after);
          run.kill(signal);
          const { stderr } = await run.ended;
          expect(stderr).not.toMatch(/a bug in kapi|^ +at /m);
        }),
      );
      expect(readdirSync(TMPDIR)).toEqual([]);
    },
  );

  it('a world-writable home gets files that only their owner can write', async () => {
    const HOME = join(makeFolder(), 'home');
    mkdirSync(HOME, { mode: 0o777 });
    const run = spawn('sh', ['-c', 'umask 000; exec "$@"', 'sh', process.execPath, kapiFile, 'resources'], {
      env: { ...cleanEnvironment(), KUBECONFIG: testServer().kubeconfigs.admin, HOME },
      stdio: 'ignore',
    });
    await new Promise((resolve) => run.once('close', resolve));
    const names = readdirSync(HOME, { recursive: true, encoding: 'utf8' });
    expect(names.filter((name) => name.endsWith('/discovery.json'))).toHaveLength(1);
    for (const name of names) {
      const { mode } = statSync(join(HOME, name));
      expect((mode & 0o022).toString(8), name).toBe('0');
    }
  });
});

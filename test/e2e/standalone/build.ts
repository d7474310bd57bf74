// Builds the standalone kapi under test if it is missing. Entry points: builtStandalone,
// buildStandalone.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const repository = fileURLToPath(new URL('../../../', import.meta.url));

/** The results of the build by form. */
export interface Standalone {
  readonly file: string;
  readonly directory: string;
  readonly image: string;
  /** The file for the other architecture. */
  readonly arm64: string;
}

/**
 * Builds one architecture into `out`, with `env` over the environment, from the sources in
 * `checkout`.
 */
export async function buildStandalone(
  out: string,
  arch: 'x64' | 'arm64',
  forms: readonly (keyof Standalone)[],
  env: Readonly<Record<string, string>> = {},
  checkout = repository,
): Promise<void> {
  const words = ['scripts/standalone/build.mjs', '--arch', arch, '--out', out];
  for (const form of forms) words.push('--form', form);
  await promisify(execFile)(process.execPath, words, { cwd: checkout, env: { ...process.env, ...env } });
}

/**
 * Returns all forms, from a directory outside the checkout if it was built from the same files
 * before. Removes older ones.
 * @param say prints a line of progress
 */
export async function builtStandalone(say: (line: string) => void): Promise<Standalone> {
  const base = process.env['XDG_CACHE_HOME'];
  const cache = join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'kapi-e2e');
  const name = `standalone-${await digestOfInputs()}`;
  const folder = join(cache, name);
  if (!(await stat(folder).catch(() => undefined))) {
    const startedAt = Date.now();
    say('building the standalone kapi: x64 and arm64');
    const unfinished = join(cache, `unfinished-${name}.${process.pid}`);
    await mkdir(unfinished, { recursive: true });
    await buildStandalone(unfinished, 'x64', ['file', 'directory', 'image']);
    await buildStandalone(unfinished, 'arm64', ['file']);
    for (const other of await readdir(cache)) {
      if (other.startsWith('standalone-')) await rm(join(cache, other), { recursive: true, force: true });
    }
    await rename(unfinished, folder);
    say(`built in ${Math.round((Date.now() - startedAt) / 1000)} s; kept in ${folder}`);
  }
  return {
    file: join(folder, 'kapi-linux-x64'),
    directory: join(folder, 'kapi-linux-x64.d'),
    image: join(folder, 'kapi-linux-x64.image'),
    arm64: join(folder, 'kapi-linux-arm64'),
  };
}

async function digestOfInputs(): Promise<string> {
  const digest = createHash('sha256');
  const files = ['LICENSE', 'package.json', 'package-lock.json'];
  for (const folder of ['src', 'scripts']) {
    const entries = await readdir(join(repository, folder), { recursive: true, withFileTypes: true });
    files.push(
      ...entries
        .filter((entry) => entry.isFile())
        .map((entry) => relative(repository, join(entry.parentPath, entry.name))),
    );
  }
  for (const file of files.sort()) digest.update(`${file}\0`).update(await readFile(join(repository, file)));
  return digest.digest('hex').slice(0, 16);
}

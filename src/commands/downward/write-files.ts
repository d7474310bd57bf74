// Writes the files of Downward API volumes below a directory. Entry point: writeFiles(). Names come
// from the server, so kapi checks that a path stays inside before it writes anything.

import { randomBytes } from 'node:crypto';
import { chmod, mkdir, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, sep } from 'node:path';
import { makeDirectory } from '../../api/make-directory.ts';
import { ConfigError, fileProblemOf, systemCodeOf, UsageError } from '../../errors.ts';
import type { Downward, DownwardFile } from '../../model/downward.ts';
import { describePath } from '../../model/path-value.ts';
import { escapeLine } from '../../output/escape.ts';
import type { Deps } from '../deps.ts';

/**
 * Writes every known value as `DIR/VOLUME/PATH` with its mode and prints the paths. Replaces
 * existing files as a whole. Warns about unknown values.
 * @throws UsageError `PathLeavesDirectory`, before anything is written, or if a link in the path
 *   leads outside
 * @throws ConfigError `UnwritableFile`
 */
export async function writeFiles({ volumes }: Downward, directory: string, deps: Deps): Promise<void> {
  const files = volumes.flatMap((volume) => volume.files);
  for (const file of files) checkInside(file);
  for (const file of files) {
    const { value } = file;
    const path = join(directory, file.volume, file.path);
    if (value.kind !== 'value') {
      deps.warn(`Warning: ${path} is not written: ${value.reason}`);
      continue;
    }
    await writeInside(directory, path, value.text, file.mode);
    await deps.io.out.write(`${escapeLine(path)}\n`);
  }
}

function checkInside({ volume, path }: DownwardFile): void {
  const steps = [volume, ...path.split('/')];
  const isPlain = !isAbsolute(path) && volume !== '' && !volume.includes('/');
  if (isPlain && steps.every((step) => step !== '..' && step !== '.' && !/[\0\\]/.test(step))) return;
  throw new UsageError(
    `the path ${JSON.stringify(path)} in volume ${JSON.stringify(volume)} would leave the directory`,
    {
      code: 'PathLeavesDirectory',
      hint: 'no API server lets such a path pass: nothing was written',
    },
  );
}

/**
 * Writes a temporary file and renames it: a link or a read-only file at the path is replaced, not
 * followed.
 */
async function writeInside(directory: string, path: string, text: string, mode: number): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    makeDirectory(directory, 0o777);
    await makeDirectories(await realpath(directory), directory, dirname(path));
    await writeFile(temporary, text, { flag: 'wx', mode: 0o600 });
    // The mode of writeFile would be restricted by the umask.
    await chmod(temporary, mode);
    await rename(temporary, path);
  } catch (error) {
    if (systemCodeOf(error) === undefined || error instanceof UsageError) throw error;
    // The file may not even have a directory. Only the original error matters.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new ConfigError(`unable to write ${describePath(path)}: ${fileProblemOf(error)}`, {
      code: 'UnwritableFile',
      cause: error,
    });
  }
}

/** Creates directories one by one, because a recursive mkdir follows links of other users. */
async function makeDirectories(root: string, directory: string, wanted: string): Promise<void> {
  let at = directory;
  for (const step of wanted
    .slice(join(directory).length)
    .split(sep)
    .filter((part) => part !== '')) {
    at = join(at, step);
    await mkdir(at).catch((error: unknown) => {
      if (systemCodeOf(error) !== 'EEXIST') throw error;
    });
    const real = await realpath(at);
    if (real !== root && !real.startsWith(root.endsWith(sep) ? root : `${root}${sep}`)) {
      throw new UsageError(`${at} is a link out of ${directory}`, {
        code: 'PathLeavesDirectory',
        hint: 'nothing is written through it: take another directory',
      });
    }
  }
}

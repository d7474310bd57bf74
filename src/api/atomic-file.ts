// Files of the caches are written as a whole or not at all. Entry point: writeAtomically().

import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCodeOf } from '../errors.ts';

/**
 * Concurrent runs see the old file or the new one, never a half: the rename is atomic, the temporary name its own.
 * Directories are made. Without effect and without an error where nothing can be written.
 */
export async function writeAtomically(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await makeDirectory(dirname(file));
    await writeFile(temporary, text, { mode: 0o600, flag: 'wx' });
    await rename(temporary, file);
  } catch {
    // A read-only or full disk, a missing home: the next run asks the server again, which is all that is lost.
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/**
 * Makes a directory with those above it. Not Node's own `recursive`: where a parent is there and still nothing can be made in
 * it (`/proc`), that goes round for ever, on one full processor.
 * @throws Error the system's own
 */
async function makeDirectory(directory: string): Promise<void> {
  if (await isMade(directory)) return;
  await makeDirectory(dirname(directory));
  await isMade(directory, true);
}

/** @returns false where a directory above it is missing, unless that is known not to be so */
async function isMade(directory: string, hasParent = dirname(directory) === directory): Promise<boolean> {
  try {
    await mkdir(directory, { mode: 0o700 });
    return true;
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'EEXIST') return true;
    if (code === 'ENOENT' && !hasParent) return false;
    throw error;
  }
}

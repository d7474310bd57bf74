// Makes a directory with those above it, step by step. Entry point: makeDirectory().

import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCodeOf } from '../errors.ts';

/**
 * Makes a directory with those above it where they are missing. Not Node's own `recursive`: where a parent is there and still
 * nothing can be made in it (`/proc`), that goes round for ever, on one full processor.
 * @param mode of what is made, narrowed by the umask
 * @throws Error the system's own
 */
export async function makeDirectory(directory: string, mode: number): Promise<void> {
  if (await isMade(directory, mode)) return;
  await makeDirectory(dirname(directory), mode);
  await isMade(directory, mode, true);
}

/** @returns false where a directory above it is missing, unless that is known not to be so */
async function isMade(
  directory: string,
  mode: number,
  hasParent = dirname(directory) === directory,
): Promise<boolean> {
  try {
    await mkdir(directory, { mode });
    return true;
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'EEXIST') return true;
    if (code === 'ENOENT' && !hasParent) return false;
    throw error;
  }
}

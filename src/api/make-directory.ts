// Creates a directory and its missing parents. Entry point: makeDirectory().

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemCodeOf } from '../errors.ts';

/**
 * Creates a directory and its missing parents. Does not use Node's `recursive` option: under a
 * parent that exists but accepts no directories (`/proc`), it loops forever at full CPU load.
 * @param mode mode of the created directories, restricted by the umask
 * @throws Error of the system
 */
export function makeDirectory(directory: string, mode: number): void {
  if (isMade(directory, mode)) return;
  makeDirectory(dirname(directory), mode);
  isMade(directory, mode, true);
}

/**
 * Creates one directory.
 * @param hasParent true if the parent is known to exist
 * @returns false if the parent is missing
 */
function isMade(directory: string, mode: number, hasParent = dirname(directory) === directory): boolean {
  try {
    mkdirSync(directory, { mode });
    return true;
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'EEXIST') return true;
    if (code === 'ENOENT' && !hasParent) return false;
    throw error;
  }
}

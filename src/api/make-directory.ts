// Makes a directory with those above it, step by step. Entry point: makeDirectory().

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemCodeOf } from '../errors.ts';

/**
 * Makes a directory with those above it where they are missing. Not Node's own `recursive`: where a parent is there and still
 * nothing can be made in it (`/proc`), that goes round for ever, on one full processor.
 * @param mode of what is made, narrowed by the umask
 * @throws Error the system's own
 */
export function makeDirectory(directory: string, mode: number): void {
  if (isMade(directory, mode)) return;
  makeDirectory(dirname(directory), mode);
  isMade(directory, mode, true);
}

/** @returns false where a directory above it is missing, unless that is known not to be so */
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

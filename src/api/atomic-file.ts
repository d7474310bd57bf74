// Files of the caches are written as a whole or not at all. Entry point: writeAtomically().

import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeDirectory } from './make-directory.ts';

/**
 * Concurrent runs see the old file or the new one, never a half: the rename is atomic, the temporary name its own.
 * Directories are made. Without effect and without an error where nothing can be written.
 */
export async function writeAtomically(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await makeDirectory(dirname(file), 0o700);
    await writeFile(temporary, text, { mode: 0o600, flag: 'wx' });
    await rename(temporary, file);
  } catch {
    // A read-only or full disk, a missing home: the next run asks the server again, which is all that is lost.
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

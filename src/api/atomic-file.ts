// Files of the caches are written as a whole or not at all. Entry point: writeAtomically().

import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeDirectory } from './make-directory.ts';
import { isOwnPlace } from './own-file.ts';

/**
 * Concurrent runs see the old file or the new one, never a half: the rename is atomic, the temporary name its own.
 * Directories are made. Without effect and without an error where nothing can be written. Synchronously: it is the last thing a run
 * does, and `fs/promises` takes longer to load than the file to write.
 * @param uid the user, who has to own the place; undefined: owners are not compared
 */
export function writeAtomically(file: string, text: string, uid: number | undefined): void {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    if (!isOwnPlace(dirname(file), uid)) return;
    makeDirectory(dirname(file), 0o700);
    writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' });
    renameSync(temporary, file);
  } catch {
    // A read-only or full disk, a missing home: the next run asks the server again, which is all that is lost.
    forget(temporary);
  }
}

function forget(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Where not even its folder could be made.
  }
}

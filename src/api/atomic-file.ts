// Writes cache files completely or not at all. Entry point: writeAtomically().

import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeDirectory } from './make-directory.ts';
import { isOwnPlace } from './own-file.ts';

/**
 * Writes a file and its missing directories. Concurrent runs see the old or the new content, never
 * a part: each run writes a temporary file of its own and renames it, which is atomic. Has no
 * effect, and does not fail, if the file cannot be written. Synchronous: it is the last step of a
 * run, and loading `fs/promises` takes longer than writing the file.
 * @param uid id of the user, who (or root) must own the directory; undefined: owners are not
 * compared
 */
export function writeAtomically(file: string, text: string, uid: number | undefined): void {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    if (!isOwnPlace(dirname(file), uid)) return;
    makeDirectory(dirname(file), 0o700);
    writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' });
    renameSync(temporary, file);
  } catch {
    // A read-only or full disk, or a missing home directory. The only consequence is that the next
    // run asks the server again.
    forget(temporary);
  }
}

function forget(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // The directory of the file does not exist or cannot be accessed.
  }
}

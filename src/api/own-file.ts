// Reads cache files that only this user or root can have written. Entry points: readOwnFile(),
// isOwnPlace().

import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Max bytes of a cache file. A cache of thousands of types has a hundredth of it. */
const maxBytes = 64 * 1024 * 1024;

/**
 * Reads a file as text. Returns undefined if the file does not exist, is not a regular file, is too
 * large, or can have been written by another user. Checks the open file, and does not open what
 * could block the process (a FIFO) or refer to another file (a symlink). Synchronous: a command has
 * nothing else to do meanwhile, and waking the thread pool costs more than reading the file.
 * @param uid id of the user; undefined: owners are not compared (Windows)
 */
export function readOwnFile(file: string, uid: number | undefined): string | undefined {
  let descriptor: number;
  try {
    // Windows has neither flag.
    const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants as Partial<typeof constants>;
    descriptor = openSync(file, constants.O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    const stats = fstatSync(descriptor);
    const isOwn = isOwner(stats.uid, uid) && (uid === undefined || (stats.mode & 0o022) === 0);
    return stats.isFile() && isOwn && stats.size <= maxBytes ? readFileSync(descriptor, 'utf8') : undefined;
  } catch {
    // The disk fails. The server is asked again.
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * True if a directory, or its nearest existing parent, belongs to the user or to root. False under
 * sudo with the HOME of the caller: files of root would block the caller, and the caller could
 * replace the directory by a symlink. False for a symlink of another user, who could choose where
 * root writes.
 * @throws Error of the system
 */
export function isOwnPlace(directory: string, uid: number | undefined): boolean {
  if (!existsSync(directory)) return isOwnPlace(dirname(directory), uid);
  return isOwner(lstatSync(directory).uid, uid) && isOwner(statSync(directory).uid, uid);
}

function isOwner(owner: number, uid: number | undefined): boolean {
  return uid === undefined || owner === uid || owner === 0;
}

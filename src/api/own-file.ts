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

/** Max bytes of a cache file, about a hundred times the size of a cache of thousands of types. */
const maxBytes = 64 * 1024 * 1024;

/**
 * Reads a file as text. Returns undefined if the file does not exist, is not a regular file, is too
 * large, or can have been written by another user. Checks the file after opening it, so that it
 * cannot be replaced in between. Does not follow a symlink, and does not wait for the writer of a
 * FIFO. Synchronous, because a command has nothing else to do until then, and the thread pool costs
 * more time than reading the file.
 * @param uid id of the user; undefined: owners and permissions are not checked (Windows)
 */
export function readOwnFile(file: string, uid: number | undefined): string | undefined {
  let descriptor: number;
  try {
    // Windows does not have these flags.
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
    // Reading failed. The caller then asks the server, as if there were no cache.
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * True if a directory, or its nearest existing parent, belongs to the user or to root. If it is a
 * symlink, both the symlink and its target must. False under sudo with the HOME of the user who
 * called sudo: that user could not write to the files and directories that root creates, and could
 * replace the directory by a symlink and so choose where root writes.
 * @param uid id of the user; undefined: owners are not checked (Windows)
 * @throws the error of the system if the owner cannot be read
 */
export function isOwnPlace(directory: string, uid: number | undefined): boolean {
  if (!existsSync(directory)) return isOwnPlace(dirname(directory), uid);
  return isOwner(lstatSync(directory).uid, uid) && isOwner(statSync(directory).uid, uid);
}

function isOwner(owner: number, uid: number | undefined): boolean {
  return uid === undefined || owner === uid || owner === 0;
}

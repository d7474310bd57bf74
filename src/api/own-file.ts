// Files of the caches, which only this user or root can have written. Entry points: readOwnFile(), isOwnPlace().

import { closeSync, constants, existsSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Bytes; a cache of thousands of types is a hundredth of it. */
const maxBytes = 64 * 1024 * 1024;

/**
 * Reads a file as text. Undefined where it is not there, is no regular file, or could have been written by somebody else. What
 * is checked is the open file, and nothing is opened that would make the process wait (a FIFO) or lead elsewhere (a link).
 * Synchronously: a command can do nothing else meanwhile, and waking the thread pool costs more than the reading.
 * @param uid the user; undefined: owners are not compared (Windows)
 */
export function readOwnFile(file: string, uid: number | undefined): string | undefined {
  let descriptor: number;
  try {
    // Windows has neither of the two.
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
    // A disk that fails: what it held is asked for again.
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Whether a folder, or the nearest one above it that exists, belongs to the user or to root. Under sudo with the caller's HOME
 * it does not: root's files would be in the caller's way, and the caller could make a link of the folder.
 * @throws Error the system's own
 */
export function isOwnPlace(directory: string, uid: number | undefined): boolean {
  return existsSync(directory) ? isOwner(statSync(directory).uid, uid) : isOwnPlace(dirname(directory), uid);
}

function isOwner(owner: number, uid: number | undefined): boolean {
  return uid === undefined || owner === uid || owner === 0;
}

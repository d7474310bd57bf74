// Limits the memory that V8 uses for new objects. Entry point: keepYoungGenerationSmall.

import { setFlagsFromString } from 'node:v8';

/** Versions of Node that were tested. V8 reports an unknown flag on standard error. */
const oldestTried = 20;
const newestTried = 26;

/**
 * Keeps V8's young generation at its initial size. By default it doubles, to 32 MB and more, while
 * objects survive a few collections. A program that parses a stream and discards the objects does
 * not need that. A list of everything and a watch use a sixth to a quarter less memory, at the same
 * processor time. A flag at start is not an option: it makes V8 discard the compiled code of Node's
 * own modules.
 * @param nodeVersion `process.versions.node`
 * @see https://nodejs.org/api/v8.html#v8setflagsfromstringflags
 */
export function keepYoungGenerationSmall(nodeVersion: string): void {
  const line = Number(nodeVersion.split('.')[0]);
  // The growth factor. V8 reads it at each growth, so it also affects an existing heap.
  if (line >= oldestTried && line <= newestTried) setFlagsFromString('--semi-space-growth-factor=1');
}

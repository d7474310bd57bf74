// V8's memory for what has just been made. Entry point: keepYoungGenerationSmall.

import { setFlagsFromString } from 'node:v8';

/** Of a flag that it does not know V8 complains on standard error: these lines of Node were tried. */
const oldestTried = 20;
const newestTried = 26;

/**
 * Lets V8's young generation stay as large as it is. Left alone it doubles while objects survive a few collections, to 32 MB and
 * more, in which a program that takes a stream apart and forgets it has nothing to keep. A list of everything and a watch take a sixth
 * to a quarter less so, at the same processor time. It cannot be said at start: that takes a flag before the program, with
 * which V8 would throw away the compiled code of Node's own modules.
 * @param nodeVersion `process.versions.node`
 * @see https://nodejs.org/api/v8.html#v8setflagsfromstringflags
 */
export function keepYoungGenerationSmall(nodeVersion: string): void {
  const line = Number(nodeVersion.split('.')[0]);
  // The factor by which it grows. V8 looks at it each time, so that it means something to a heap that is there.
  if (line >= oldestTried && line <= newestTried) setFlagsFromString('--semi-space-growth-factor=1');
}

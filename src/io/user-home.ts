// The home directory of the user who runs the process.

import { existsSync } from 'node:fs';
import { homeOf } from '../model/home.ts';

/** Returns the home directory. Looks for files on Windows only. */
export function userHome({ env, platform }: Pick<NodeJS.Process, 'env' | 'platform'>): string | undefined {
  return homeOf(env, platform, existsSync);
}

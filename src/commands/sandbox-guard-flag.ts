// The flag that allows writes to another server in the shell of a sandbox. sandbox-guard.ts
// implements the guard.

import type { FlagSpec } from './spec.ts';

/** For commands that can write. */
export const notTheSandboxFlag: FlagSpec = {
  name: 'yes-not-the-sandbox',
  description: 'in a sandbox shell, write to another server',
};

// The flag by which a shell of a sandbox writes elsewhere; what it overrides is in sandbox-guard.ts.

import type { FlagSpec } from './spec.ts';

/** For the commands that can write. */
export const notTheSandboxFlag: FlagSpec = {
  name: 'yes-not-the-sandbox',
  description: 'in a sandbox shell, write to another server',
};

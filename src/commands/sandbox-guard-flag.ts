// The flag by which a shell of a sandbox writes elsewhere; what it overrides is in sandbox-guard.ts.

import type { FlagSpec } from './spec.ts';

/** For the commands that can write. */
export const notTheSandboxFlag: FlagSpec = {
  name: 'yes-not-the-sandbox',
  description: 'in the shell of a sandbox: write to another server all the same',
};
